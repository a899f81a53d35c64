//! Single sign-on against a provider that says whatever a test wants it to; one that others wrote stands in the journeys.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
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
use engine::{Actor, NewJoinCode, PersonDetails, Role};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use serde_json::{Value, json};
use server::settings::{Secret, Settings};
use sha2::{Digest as _, Sha256};
use tokio::{
    net::TcpListener,
    time::{sleep, timeout},
};

use crate::site::{Browser, Reply, Site};
use world::{PASSWORD, World, audience, email, group, on_both};

on_both![
    who_came_from_their_organisation_signs_after_signing_in_there_anew,
    where_people_sign_in_with_nothing_else_a_link_still_lets_somebody_in,
    where_people_sign_in_with_nothing_else_nobody_begins_with_a_password,
    an_account_is_taken_away_by_its_owner_and_by_an_administrator,
    where_people_sign_in_with_nothing_else_no_link_is_offered,
    a_long_way_there_leads_back,
    what_entra_id_says_of_somebody_finds_them_by_its_id_and_gives_them_nothing_else,
    a_browser_that_was_signed_in_stays_so_when_an_account_is_known_from_then_on,
    who_stops_there_or_comes_back_twice_is_told_what_happened_and_led_on,
    a_way_back_without_what_the_browser_kept_opens_nothing,
    nobody_waits_for_a_provider_that_is_away,
];

/// What it knows: for each code, what it says of somebody; and what it was asked.
#[derive(Default)]
struct Known {
    issuer: String,
    codes: BTreeMap<String, Value>,
    asked: Vec<(String, BTreeMap<String, String>)>,
    /// How often it was asked who it is, and how it answers that.
    looked_up: usize,
    mood: Mood,
}

#[derive(Clone, Copy, Default)]
enum Mood {
    #[default]
    Well,
    Broken,
    Slow,
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

    fn is(&self, mood: Mood) {
        self.known.lock().unwrap().mood = mood;
    }

    fn looked_up(&self) -> usize {
        self.known.lock().unwrap().looked_up
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
        let auth_time = world.engine.now().timestamp() - seconds_ago;
        let claims = json!({ "sub": name, "auth_time": auth_time, "email": email(name), "email_verified": true });
        self.lets_as(world, claims, sent)
    }

    /// The same, with what it says of them.
    fn lets_as(&self, world: &World, of_them: Value, sent: &Reply) -> String {
        let asked = query(sent.location());
        let now = world.engine.now().timestamp();
        let mut claims =
            json!({ "iss": self.issuer(), "aud": "induct", "nonce": asked["nonce"], "iat": now, "exp": now + 60 });
        claims.as_object_mut().unwrap().extend(of_them.as_object().unwrap().clone());
        let mut known = self.known.lock().unwrap();
        let code = format!("code-{}", known.codes.len());
        known.codes.insert(code.clone(), claims);
        format!("/sign-in/back?code={code}&state={}", asked["state"])
    }
}

fn query(address: &str) -> BTreeMap<String, String> {
    serde_html_form::from_str(address.split_once('?').unwrap().1).unwrap()
}

async fn says_who_it_is(State(provider): State<Provider>) -> Result<Json<Value>, StatusCode> {
    let issuer = provider.issuer();
    let mood = {
        let mut known = provider.known.lock().unwrap();
        known.looked_up += 1;
        known.mood
    };
    match mood {
        Mood::Well => {}
        Mood::Broken => return Err(StatusCode::SERVICE_UNAVAILABLE),
        Mood::Slow => sleep(Duration::from_secs(60)).await,
    }
    Ok(Json(json!({
        "issuer": issuer, "authorization_endpoint": format!("{issuer}/authorize?hint=1"),
        "token_endpoint": format!("{issuer}/token"), "jwks_uri": format!("{issuer}/keys"),
        "end_session_endpoint": format!("{issuer}/out")
    })))
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

    // However lately: what let them in was that their organisation knew them still.
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
    // Where the provider did not ask them again, it does not count: neither from long ago nor from a little before they left.
    let refused = browser.get(&provider.lets(&world, "amy", &sent, 3600)).await;
    assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.text().contains("did not work"));
    let sent = browser.get(anew).await;
    world.waits(TimeDelta::minutes(2));
    let refused = browser.get(&provider.lets(&world, "amy", &sent, 240)).await;
    assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.text().contains("did not work"));
    let sent = browser.get(anew).await;
    world.waits(TimeDelta::minutes(2));
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

async fn where_people_sign_in_with_nothing_else_nobody_begins_with_a_password(world: World) {
    let amy = world.learner("amy").await;
    let provider = Provider::begins().await;
    let site = Site::with(&world, provider.settings(true));
    let group = group(&world, "Northfield/Induction").await;
    let expires_at = world.engine.now() + TimeDelta::hours(8);
    let new = NewJoinCode { group, audience: Some(audience("learner")), most: 5, expires_at };
    let code = world.engine.create_join_code(&new, Actor::CommandLine).await.unwrap().code;
    let address = format!("/join/{code}");
    let mut browser = site.browser();
    let page = browser.get(&address).await.text();
    assert!(page.contains("Sign in, and join the group") && !page.contains("type=\"password\""), "{page}");
    let fields = [("name", "Eve Adams"), ("email", "eve@northfield.example"), ("password", PASSWORD)];
    let people = world.raw.count("person").await;
    for fields in [&fields[..], &[]] {
        let refused = browser.post(&address, fields).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let text = refused.text();
        assert!(text.contains("Here people sign in with your college account. Sign in with it first"), "{text}");
        assert!(!text.contains("type=\"password\""), "{text}");
    }
    assert_eq!(
        (world.raw.count("person").await, browser.get("/account").await.status),
        (people, StatusCode::SEE_OTHER)
    );
    assert_eq!(signs_in(&world, &mut browser, &provider, "amy").await.location(), "/account");
    assert_eq!(browser.post(&address, &[]).await.location(), address);
    assert!(browser.get(&address).await.text().contains("You are in this group"));
    assert!(world.engine.person(amy.person.id).await.unwrap().unwrap().groups.iter().any(|(of, _)| *of == group));
}

async fn an_account_is_taken_away_by_its_owner_and_by_an_administrator(world: World) {
    let (amy, root) = (world.learner("amy").await, world.person("root", &[Role::Administrator]).await);
    let provider = Provider::begins().await;
    let site = Site::with(&world, provider.settings(false));
    let (mut hers, mut admins) = (site.browser_of(&amy).await, site.browser_of(&root).await);
    assert_eq!(hers.get("/account/sign-on").await.location(), "/account", "there is nothing to take away");
    let mut theirs = site.browser();
    assert_eq!(signs_in(&world, &mut theirs, &provider, "amy").await.location(), "/account");
    assert!(theirs.get("/account").await.text().contains("You also get in with your college account, since "));
    let page = theirs.get("/account/sign-on").await.text();
    assert!(page.contains(&provider.issuer()) && page.contains("Take it away"), "{page}");
    let wrong = theirs.post("/account/sign-on", &[("password", "wrong")]).await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.text().contains("Type the password that you"));
    let done = theirs.post("/account/sign-on", &[("password", PASSWORD)]).await;
    assert_eq!(done.location(), "/account?done=unlinked");
    let account = theirs.get(done.location()).await.text();
    assert!(account.contains("An administrator can allow it again"), "{account}");
    let refused = signs_in(&world, &mut site.browser(), &provider, "amy").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    // An administrator allows it, and takes it away.
    let page = format!("/people/{}/change", amy.person.id);
    let address = format!("/people/{}/sign-on", amy.person.id);
    assert!(admins.get(&page).await.text().contains("Allow it again"));
    assert_eq!(admins.post(&address, &[]).await.location(), format!("{page}?done=account-unlinked"));
    assert_eq!(signs_in(&world, &mut theirs, &provider, "amy").await.location(), "/account");
    assert!(admins.get(&page).await.text().contains("Take that account away"));
    assert_eq!(admins.post(&address, &[]).await.location(), format!("{page}?done=account-unlinked"));
    assert_eq!(theirs.get("/account").await.status, StatusCode::SEE_OTHER, "they are signed out");
    let none = admins.post(&address, &[]).await;
    assert!(none.status == StatusCode::UNPROCESSABLE_ENTITY && none.text().contains("No account of an organisation"));
}

async fn where_people_sign_in_with_nothing_else_no_link_is_offered(world: World) {
    let (amy, root) = (world.learner("amy").of("Northfield").await, world.person("root", &[Role::Administrator]).await);
    let before = world.engine.make_ways_in(&[amy.person.id], Actor::Person(root.person.id)).await.unwrap().remove(0);
    let provider = Provider::begins().await;
    let site = Site::with(&world, provider.settings(true));
    let mut elsewhere = site.browser();
    let address = format!("/welcome/{}", before.secret);
    assert_eq!(elsewhere.get(&address).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let refused = elsewhere.post(&address, &[("password", "green ladders dance")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(elsewhere.get("/account").await.status, StatusCode::SEE_OTHER);
    let mut admins = site.browser();
    signs_in(&world, &mut admins, &provider, "root").await;
    let page = admins.get(&format!("/people/{}/change", amy.person.id)).await.text();
    assert!(page.contains("They sign in with your college account, and with nothing else"), "{page}");
    assert!(!page.contains("/way-in"), "{page}");
    let group = format!("/groups/{}", group(&world, "Northfield").await);
    assert!(!admins.get(&group).await.text().contains("/ways-in"));
    let refused = admins.post(&format!("/people/{}/way-in", amy.person.id), &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("made at the command line"), "{}", refused.text());
}

async fn a_long_way_there_leads_back(world: World) {
    world.learner("amy").await;
    let provider = Provider::begins().await;
    let site = Site::with(&world, provider.settings(false));
    let mut browser = site.browser();
    let sent = browser.get(&format!("/sign-in/with?next=%2Fmodules%3Fx%3D{}", "n".repeat(6000))).await;
    assert!(sent.cookies().iter().all(|cookie| cookie.split(';').next().is_some_and(|kept| kept.len() < 4096)));
    let back = browser.get(&provider.lets(&world, "amy", &sent, 0)).await;
    assert_eq!((back.status, back.location()), (StatusCode::SEE_OTHER, "/modules"), "{}", back.text());
}

/// It vouches for no address, and its `sub` is another for each application; `oid` is the person.
async fn what_entra_id_says_of_somebody_finds_them_by_its_id_and_gives_them_nothing_else(world: World) {
    let amy = world.learner("amy").await;
    let oid = "7d0f1c4e-3a0b-4c0a-9f55-0d6f2b8c1a11";
    let details = PersonDetails {
        name: "amy".to_owned(),
        email: Some(email("amy")),
        external_id: Some(oid.to_owned()),
    };
    world.engine.correct_details(amy.person.id, &details, Actor::CommandLine).await.unwrap();
    let provider = Provider::begins().await;
    let settings = Settings { oidc_id_claim: Some("oid".to_owned()), ..provider.settings(false) };
    let site = Site::with(&world, settings);
    let says = |sub: &str, oid: &str| {
        json!({
            "ver": "2.0", "tid": "0c8b3a52-5b1f-4d6e-8c55-6a3f7f0f9d21", "sub": sub, "oid": oid, "name": "Amy Ahmed",
            "preferred_username": email("amy"), "email": email("amy"), "roles": ["Administrator"],
            "groups": ["5a7f4f0e-61f3-4d55-9d0c-3f0f5d1f8c02"]
        })
    };
    let before = (world.raw.count("duty").await, world.raw.count("membership").await);
    // Somebody else there who has got her address is nobody here.
    let mut another = site.browser();
    let sent = another.get("/sign-in/with").await;
    let refused = another.get(&provider.lets_as(&world, says("B", "another"), &sent)).await;
    let text = refused.text();
    assert!(text.contains("Nobody here is known by your college account"), "{text}");
    assert_eq!((refused.status, world.raw.count("identity").await), (StatusCode::UNPROCESSABLE_ENTITY, 0));
    let mut hers = site.browser();
    let sent = hers.get("/sign-in/with?next=%2Faccount").await;
    let back = hers.get(&provider.lets_as(&world, says("A", oid), &sent)).await;
    assert_eq!(back.location(), "/account", "{}", back.text());
    assert!(hers.get("/account").await.text().contains(&email("amy")));
    assert_eq!((world.raw.count("duty").await, world.raw.count("membership").await), before);
    assert_eq!(hers.get("/admin").await.status, StatusCode::FORBIDDEN);
}

async fn a_browser_that_was_signed_in_stays_so_when_an_account_is_known_from_then_on(world: World) {
    let amy = world.learner("amy").await;
    let provider = Provider::begins().await;
    let site = Site::with(&world, provider.settings(false));
    let (mut hers, mut elsewhere) = (site.browser_of(&amy).await, site.browser_of(&amy).await);
    let sent = hers.get("/sign-in/with?anew=yes&next=%2Faccount").await;
    let back = hers.get(&provider.lets(&world, "amy", &sent, 0)).await;
    assert_eq!(back.location(), "/account", "{}", back.text());
    assert_eq!(hers.get("/account").await.status, StatusCode::OK);
    assert_eq!(elsewhere.get("/account").await.status, StatusCode::SEE_OTHER, "their other sessions have ended");
}

async fn nobody_waits_for_a_provider_that_is_away(world: World) {
    world.learner("amy").await;
    let provider = Provider::begins().await;
    let site = Site::with(&world, provider.settings(false));
    let leaves = async || site.browser().get("/sign-in/with").await.status;
    provider.is(Mood::Broken);
    for _ in 0..3 {
        assert_eq!(leaves().await, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(provider.looked_up(), 1, "it is left alone for a while");
    provider.is(Mood::Well);
    world.waits(TimeDelta::seconds(10));
    assert_eq!((leaves().await, provider.looked_up()), (StatusCode::SEE_OTHER, 2));
    let mut hers = site.browser();
    signs_in(&world, &mut hers, &provider, "amy").await;

    // Once it has said who it is, that does while it is away.
    provider.is(Mood::Broken);
    world.waits(TimeDelta::minutes(61));
    for _ in 0..3 {
        assert_eq!(leaves().await, StatusCode::SEE_OTHER);
    }
    assert_eq!(provider.looked_up(), 3);
    signs_in(&world, &mut hers, &provider, "amy").await;
    provider.is(Mood::Slow);
    world.waits(TimeDelta::seconds(10));
    let mut waits = site.browser();
    let asking = tokio::spawn(async move { waits.get("/sign-in/with").await.status });
    while provider.looked_up() < 4 {
        sleep(Duration::from_millis(5)).await;
    }
    let soon = Duration::from_secs(5);
    assert_eq!(timeout(soon, leaves()).await, Ok(StatusCode::SEE_OTHER));
    let out = timeout(soon, hers.post("/sign-out", &[])).await.unwrap().text();
    assert!(out.contains(&format!("{}/out?client_id=induct", provider.issuer())), "{out}");
    assert!(!asking.is_finished(), "it was being asked all the time");
    asking.abort();
}

async fn who_stops_there_or_comes_back_twice_is_told_what_happened_and_led_on(world: World) {
    world.learner("amy").await;
    let provider = Provider::begins().await;
    let site = Site::with(&world, provider.settings(false));
    let mut browser = site.browser();
    let stopping = |sent: &Reply| {
        format!("/sign-in/back?error=access_denied&state={}", query(sent.location())["state"])
    };
    let sent = browser.get("/sign-in/with?next=%2Fmodules").await;
    let stopped = browser.get(&stopping(&sent)).await;
    let text = stopped.text();
    assert_eq!(stopped.status, StatusCode::UNPROCESSABLE_ENTITY, "{text}");
    assert!(text.contains("You stopped before your college account signed you in"), "{text}");
    assert!(text.contains("href=\"/sign-in/with?next=%2Fmodules\"") && text.contains("type=\"password\""), "{text}");

    let sent = browser.get("/sign-in/with?next=%2Fmodules").await;
    let back = provider.lets(&world, "amy", &sent, 0);
    assert_eq!(browser.get(&back).await.location(), "/modules");
    // A browser that goes back comes once more, and nothing of it is asked of the provider.
    let asked = provider.known.lock().unwrap().asked.len();
    let twice = browser.get(&back).await.text();
    assert!(twice.contains("You are signed in already") && twice.contains("by a way that was used before"), "{twice}");
    assert!(twice.contains("You are signed in as ") && twice.contains(">Carry on</a>"), "{twice}");
    assert!(!twice.contains("type=\"password\""), "{twice}");
    assert_eq!(provider.known.lock().unwrap().asked.len(), asked);
    // Whoever stops where they were to show anew who they are stays signed in, and goes on to where they were going.
    let sent = browser.get("/sign-in/with?anew=yes&next=%2Faccount").await;
    let text = browser.get(&stopping(&sent)).await.text();
    assert!(text.contains("You stopped before your college account signed you in once more."), "{text}");
    let (before, _) = text.split_once(">Carry on</a>").unwrap();
    assert!(before.rsplit_once("<a ").unwrap().1.contains("href=\"/account\""), "{text}");
    assert_eq!(browser.get("/account").await.status, StatusCode::OK);
    // Nobody is signed in there: the same way back opens nothing, and says why.
    let text = site.browser().get(&back).await.text();
    assert!(text.contains("this way back was used before") && text.contains("id=\"sign-on\""), "{text}");
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
