//! Single sign-on against a provider that says whatever a test wants it to; one that others wrote stands in the journeys.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    extract::{Form, State},
    http::{HeaderMap, StatusCode, header},
    routing::{get, post},
};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use chrono::TimeDelta;
use engine::Actor;
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use serde_json::{Value, json};
use server::settings::{Secret, Settings};
use sha2::{Digest as _, Sha256};
use tokio::net::TcpListener;

use crate::site::{Browser, Reply, Site};
use world::{PASSWORD, World, email, on_both};

on_both![
    who_came_from_their_organisation_signs_after_signing_in_there_anew,
    where_people_sign_in_with_nothing_else_a_link_still_lets_somebody_in,
    a_way_back_without_what_the_browser_kept_opens_nothing,
];

/// What it knows: for each code, what it says of somebody; and what it was asked.
#[derive(Default)]
struct Known {
    issuer: String,
    codes: BTreeMap<String, Value>,
    asked: Vec<(String, BTreeMap<String, String>)>,
}

#[derive(Clone)]
struct Provider {
    pair: Arc<EcdsaKeyPair>,
    known: Arc<Mutex<Known>>,
}

impl Provider {
    async fn begins() -> Self {
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let known = Known { issuer, ..Known::default() };
        let provider = Self { pair: Arc::new(pair), known: Arc::new(Mutex::new(known)) };
        let app = Router::new()
            .route("/.well-known/openid-configuration", get(says_who_it_is))
            .route("/keys", get(shows_its_keys))
            .route("/token", post(gives_a_token))
            .with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        provider
    }

    fn issuer(&self) -> String {
        self.known.lock().unwrap().issuer.clone()
    }

    fn settings(&self, oidc_only: bool) -> Settings {
        Settings {
            oidc_issuer: Some(self.issuer()),
            oidc_client_id: Some("induct".to_owned()),
            oidc_client_secret: Some(Secret("a secret: of ours".to_owned())),
            oidc_label: Some("your college account".to_owned()),
            oidc_only,
            ..Settings::default()
        }
    }

    fn token(&self, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(&json!({"alg": "ES256"})), part(claims));
        let signature = self.pair.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// Somebody signs in there who was sent there, so many seconds ago: the address at which they come back.
    fn lets(&self, world: &World, name: &str, sent: &Reply, seconds_ago: i64) -> String {
        let asked = query(sent.location());
        let now = world.engine.now().timestamp();
        let claims = json!({
            "iss": self.issuer(), "sub": name, "aud": "induct", "nonce": asked["nonce"], "iat": now, "exp": now + 60,
            "auth_time": now - seconds_ago, "email": email(name), "email_verified": true
        });
        let mut known = self.known.lock().unwrap();
        let code = format!("code-{}", known.codes.len());
        known.codes.insert(code.clone(), claims);
        format!("/sign-in/back?code={code}&state={}", asked["state"])
    }
}

fn query(address: &str) -> BTreeMap<String, String> {
    serde_html_form::from_str(address.split_once('?').unwrap().1).unwrap()
}

async fn says_who_it_is(State(provider): State<Provider>) -> Json<Value> {
    let issuer = provider.issuer();
    Json(json!({
        "issuer": issuer, "authorization_endpoint": format!("{issuer}/authorize?hint=1"),
        "token_endpoint": format!("{issuer}/token"), "jwks_uri": format!("{issuer}/keys"),
        "end_session_endpoint": format!("{issuer}/out")
    }))
}

async fn shows_its_keys(State(provider): State<Provider>) -> Json<Value> {
    let (x, y) = provider.pair.public_key().as_ref()[1..].split_at(32);
    let (x, y) = (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y));
    let of_another_kind = json!({"kty": "oct", "k": "abc"});
    Json(json!({"keys": [of_another_kind, {"kty": "EC", "crv": "P-256", "x": x, "y": y}]}))
}

async fn gives_a_token(
    State(provider): State<Provider>,
    headers: HeaderMap,
    Form(form): Form<BTreeMap<String, String>>,
) -> (StatusCode, Json<Value>) {
    let shown = headers.get(header::AUTHORIZATION).unwrap().to_str().unwrap().to_owned();
    let mut known = provider.known.lock().unwrap();
    known.asked.push((shown, form.clone()));
    match known.codes.remove(&form["code"]) {
        Some(claims) => (StatusCode::OK, Json(json!({"id_token": provider.token(&claims)}))),
        None => (StatusCode::BAD_REQUEST, Json(json!({"error": "invalid_grant"}))),
    }
}

/// Goes there and comes back.
async fn signs_in(world: &World, browser: &mut Browser, provider: &Provider, name: &str) -> Reply {
    let sent = browser.get("/sign-in/with?next=%2Faccount").await;
    let back = provider.lets(world, name, &sent, 3600);
    browser.get(&back).await
}

async fn who_came_from_their_organisation_signs_after_signing_in_there_anew(world: World) {
    world.learner("amy").passes("four-cs").await;
    let provider = Provider::begins().await;
    let site = Site::with(&world, provider.settings(false));
    let mut browser = site.browser();
    let sent = browser.get("/sign-in/with?next=%2Faccount").await;
    let asked = query(sent.location());
    assert!(sent.location().starts_with(&format!("{}/authorize?hint=1&response_type=code&", provider.issuer())));
    assert_eq!(asked["redirect_uri"], "http://127.0.0.1:3000/sign-in/back");
    assert!(!asked.contains_key("prompt"), "{asked:?}");
    let let_in = browser.get(&provider.lets(&world, "amy", &sent, 3600)).await;
    assert_eq!((let_in.status, let_in.location()), (StatusCode::SEE_OTHER, "/account"), "{}", let_in.text());
    let (shown, form) = provider.known.lock().unwrap().asked.remove(0);
    // Name and secret are each written as in a form before they are joined; and the verifier is the one that was promised.
    assert_eq!(shown, format!("Basic {}", STANDARD.encode("induct:a+secret%3A+of+ours")));
    let promised = URL_SAFE_NO_PAD.encode(Sha256::digest(form["code_verifier"].as_bytes()));
    assert_eq!((&*asked["code_challenge_method"], &asked["code_challenge"]), ("S256", &promised));
    assert!(!form.contains_key("client_secret"));

    world.waits(TimeDelta::minutes(11));
    let page = browser.get("/agreements/laptop-loan").await;
    let text = page.text();
    assert!(text.contains("sign in again with your college account") && !text.contains("type=\"password\""), "{text}");
    let sign = async |browser: &mut Browser| {
        let page = browser.get("/agreements/laptop-loan").await;
        let (version, key) = (page.field("version"), page.field("key"));
        let fields = [("version", &*version), ("key", &*key), ("typed_name", "amy"), ("agree", "yes")];
        browser.post("/agreements/laptop-loan/sign", &[&fields[..], &[("password", PASSWORD)]].concat()).await
    };
    let refused = sign(&mut browser).await;
    assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.text().contains("Sign in again first"));
    assert_eq!(world.raw.count("signature").await, 0);

    let anew = "/sign-in/with?anew=yes&next=%2Fagreements%2Flaptop-loan";
    let sent = browser.get(anew).await;
    let asked = query(sent.location());
    assert_eq!((&*asked["prompt"], &*asked["max_age"]), ("login", "0"));
    // Where the provider did not ask them again, it does not count.
    let refused = browser.get(&provider.lets(&world, "amy", &sent, 3600)).await;
    assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.text().contains("did not work"));
    let sent = browser.get(anew).await;
    let back = browser.get(&provider.lets(&world, "amy", &sent, 2)).await;
    assert_eq!(back.location(), "/agreements/laptop-loan");
    let signed = sign(&mut browser).await;
    assert_eq!(signed.status, StatusCode::SEE_OTHER, "{}", signed.text());
    let receipt = browser.get(signed.location()).await.text();
    assert!(receipt.contains("An account of the organisation (single sign-on), at "), "{receipt}");
    let out = browser.post("/sign-out", &[]).await.text();
    assert!(out.contains(&format!("{}/out?client_id=induct", provider.issuer())), "{out}");
    assert_eq!(browser.get("/account").await.status, StatusCode::SEE_OTHER);
}

async fn where_people_sign_in_with_nothing_else_a_link_still_lets_somebody_in(world: World) {
    let amy = world.learner("amy").await;
    let provider = Provider::begins().await;
    let site = Site::with(&world, provider.settings(true));
    let mut browser = site.browser();
    let page = browser.get("/sign-in").await.text();
    assert!(page.contains("Sign in with your college account") && !page.contains("type=\"password\""), "{page}");
    let refused = browser.signs_in("amy").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.text().contains("Here people sign in with your college account"));
    assert_eq!(signs_in(&world, &mut browser, &provider, "amy").await.location(), "/account");
    let way = world.engine.make_ways_in(&[amy.person.id], Actor::CommandLine).await.unwrap().remove(0);
    let mut elsewhere = site.browser();
    let chosen = elsewhere.post(&format!("/welcome/{}", way.secret), &[("password", "green ladders dance")]).await;
    assert_eq!((chosen.status, chosen.location()), (StatusCode::SEE_OTHER, "/"));
}

async fn a_way_back_without_what_the_browser_kept_opens_nothing(world: World) {
    world.learner("amy").await;
    let provider = Provider::begins().await;
    let site = Site::with(&world, provider.settings(false));
    let (mut hers, mut stranger) = (site.browser(), site.browser());
    let sent = hers.get("/sign-in/with").await;
    assert!(sent.cookies().iter().all(|cookie| cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax")));
    let back = provider.lets(&world, "amy", &sent, 0);
    stranger.get("/sign-in/with").await;
    for (browser, address) in [
        (&mut site.browser(), &*back),
        (&mut stranger, &back),
        (&mut hers.clone(), "/sign-in/back?code=code-0&state=another"),
        (&mut hers.clone(), "/sign-in/back"),
        (&mut hers.clone(), &format!("{back}&iss=https%3A%2F%2Fother.example")),
        (&mut hers.clone(), &back.replace("code=", "error=access_denied&code=")),
    ] {
        let refused = browser.get(address).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{address}");
        assert_eq!(browser.get("/account").await.status, StatusCode::SEE_OTHER, "{address}");
    }
    assert_eq!(world.raw.count("identity").await, 0);
    assert_eq!(provider.known.lock().unwrap().asked.len(), 0, "nothing of it is asked of the provider");
    world.waits(TimeDelta::minutes(15));
    assert_eq!(
        hers.clone().get(&back).await.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "it holds for a quarter of an hour"
    );
}
