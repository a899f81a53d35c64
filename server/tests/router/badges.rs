//! Certificates as Open Badges, which other programs check without asking this server anything but its key.

use axum::http::StatusCode;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use engine::{Actor, Role, WrongBecause};
use ring::signature::{ED25519, UnparsedPublicKey};
use serde_json::Value;

use crate::site::{Browser, Site};
use world::{Someone, World, on_both};

on_both![
    a_badge_says_what_the_certificate_says_and_is_signed,
    it_is_for_its_holder_alone_and_not_of_what_was_withdrawn,
    a_badge_outlives_the_key_that_signed_it,
];

/// The pieces of a token.
struct Badge {
    header: Value,
    claims: Value,
    signed: String,
    signature: Vec<u8>,
}

impl Badge {
    fn read(token: &str) -> Self {
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let (header, claims) = signed.split_once('.').unwrap();
        let bytes = |piece: &str| BASE64_URL_SAFE_NO_PAD.decode(piece).unwrap();
        let json = |piece: &str| serde_json::from_slice(&bytes(piece)).unwrap();
        Self { header: json(header), claims: json(claims), signed: signed.to_owned(), signature: bytes(signature) }
    }

    /// Whether it is signed by the key at the address that it names.
    async fn holds(&self, browser: &mut Browser) -> bool {
        let address = self.header["kid"].as_str().unwrap().strip_prefix("https://induct.example").unwrap();
        let reply = browser.get(address).await;
        assert_eq!((reply.status, reply.header("content-type")), (StatusCode::OK, "application/jwk+json"));
        let key: Value = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!((&key["kty"], &key["crv"], key.get("d")), (&"OKP".into(), &"Ed25519".into(), None), "{key}");
        let x = BASE64_URL_SAFE_NO_PAD.decode(key["x"].as_str().unwrap()).unwrap();
        UnparsedPublicKey::new(&ED25519, x).verify(self.signed.as_bytes(), &self.signature).is_ok()
    }
}

/// The address of the badge of what somebody passed last.
async fn address(someone: &Someone) -> String {
    let record = someone.world.engine.cpd_record(someone.person.id).await.unwrap();
    format!("/certificates/{}/badge", record.years[0].entries[0].completion)
}

async fn badge(someone: &Someone, browser: &mut Browser) -> Badge {
    let reply = browser.get(&address(someone).await).await;
    assert_eq!((reply.status, reply.header("content-type")), (StatusCode::OK, "application/vc+jwt"));
    Badge::read(&reply.text())
}

async fn a_badge_says_what_the_certificate_says_and_is_signed(world: World) {
    let site = Site::secure(&world);
    let amy = world.learner("amy").passes("four-cs").await;
    let mut hers = site.browser_of(&amy).await;
    assert!(hers.get("/cpd").await.text().contains(&address(&amy).await));
    let reply = hers.get(&address(&amy).await).await;
    let kept_as = "attachment; filename=\"certificate-four-cs-2026-11-23.jwt\"";
    assert_eq!(reply.header("content-disposition"), kept_as);
    let badge = badge(&amy, &mut hers).await;
    let mut anybody = site.browser();
    assert!(badge.holds(&mut anybody).await);
    let mut altered = Badge { signed: badge.signed.replacen('e', "f", 1), ..Badge::read(&reply.text()) };
    assert!(!altered.holds(&mut anybody).await);
    altered.signed = badge.signed.clone();
    assert!(altered.holds(&mut anybody).await, "the same pass gives the same badge");

    let record = world.engine.cpd_record(amy.person.id).await.unwrap();
    let entry = &record.years[0].entries[0];
    let certificate = world.engine.certificate(&amy.person, entry.completion).await.unwrap();
    let verify = format!("https://induct.example/verify/{}", certificate.code.as_str());
    let claims = &badge.claims;
    let subject = &claims["credentialSubject"];
    for (said, expected) in [
        (&claims["id"], verify.as_str()),
        (&claims["jti"], verify.as_str()),
        (&claims["iss"], "https://induct.example/badges/issuer"),
        (&claims["issuer"]["id"], "https://induct.example/badges/issuer"),
        (&claims["issuer"]["name"], "Northfield Training"),
        (&claims["name"], "The 4 Cs"),
        (&claims["type"][1], "OpenBadgeCredential"),
        (&claims["validFrom"], certificate.at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true).as_str()),
        (&claims["validUntil"], certificate.until.to_rfc3339_opts(chrono::SecondsFormat::Secs, true).as_str()),
        (&claims["evidence"][0]["id"], verify.as_str()),
        (&subject["identifier"][0]["identityHash"], "amy"),
        (&subject["achievement"]["name"], "The 4 Cs"),
        (&subject["achievement"]["version"], "1, edition 1"),
        (&subject["achievement"]["id"], "https://induct.example/modules/four-cs/versions/1"),
        (&subject["result"][0]["value"], format!("{} of {} marks", entry.earned, entry.possible).as_str()),
    ] {
        assert_eq!(said, expected, "{claims:#}");
    }
    assert_eq!(subject["id"], claims["sub"]);
    assert_eq!(
        (&claims["nbf"], &claims["exp"]),
        (&certificate.at.timestamp().into(), &certificate.until.timestamp().into())
    );
    let header: Vec<&str> = badge.header.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!((header, &badge.header["alg"]), (vec!["alg", "kid", "typ"], &"EdDSA".into()));
    let reply = anybody.get("/badges/issuer").await;
    assert_eq!(serde_json::from_slice::<Value>(&reply.body).unwrap(), claims["issuer"]);
    // Nothing is in it that the certificate does not have.
    let said = claims.to_string();
    for private in ["amy@northfield.example", &amy.person.id.to_string(), &entry.completion.to_string()] {
        assert!(!said.contains(private), "{private}: {said}");
    }
}

async fn it_is_for_its_holder_alone_and_not_of_what_was_withdrawn(world: World) {
    let site = Site::secure(&world);
    let amy = world.learner("amy").passes("four-cs").await;
    let address = address(&amy).await;
    let mina = world.person("mina", &[Role::Administrator]).await;
    let mut others = site.browser_of(&mina).await;
    assert_eq!(
        others.get(address.trim_end_matches("/badge")).await.status,
        StatusCode::OK,
        "she may see the certificate"
    );
    assert_eq!(others.get(&address).await.status, StatusCode::NOT_FOUND);
    let mut hers = site.browser_of(&amy).await;
    let before = badge(&amy, &mut hers).await;
    let pass = world.engine.cpd_record(amy.person.id).await.unwrap().years[0].entries[0].completion;
    world.engine.withdraw_pass(pass, WrongBecause::NotTheirOwn, "As both say", Actor::CommandLine).await.unwrap();
    assert_eq!(hers.get(&address).await.status, StatusCode::NOT_FOUND);
    assert!(!hers.get("/cpd").await.text().contains(&address));
    // What was handed out before leads to the page that says so.
    let verify = before.claims["evidence"][0]["id"].as_str().unwrap().strip_prefix("https://induct.example").unwrap();
    assert!(site.browser().get(verify).await.text().contains("Withdrawn: do not rely on this certificate"));
}

async fn a_badge_outlives_the_key_that_signed_it(world: World) {
    let site = Site::secure(&world);
    let amy = world.learner("amy").passes("four-cs").await;
    let mut hers = site.browser_of(&amy).await;
    let before = badge(&amy, &mut hers).await;
    world.engine.rotate_log_key(Actor::CommandLine).await.unwrap();
    let after = badge(&amy, &mut hers).await;
    assert_ne!(before.header["kid"], after.header["kid"]);
    assert_eq!(before.claims, after.claims);
    let mut anybody = site.browser();
    assert!(before.holds(&mut anybody).await && after.holds(&mut anybody).await);
    let reply = anybody.get("/badges/keys").await;
    assert_eq!(reply.header("content-type"), "application/jwk-set+json");
    let keys: Value = serde_json::from_slice(&reply.body).unwrap();
    let kids: Vec<&Value> = keys["keys"].as_array().unwrap().iter().map(|key| &key["kid"]).collect();
    assert_eq!(kids, [&before.header["kid"], &after.header["kid"]]);
    assert_eq!(anybody.get("/badges/keys/none").await.status, StatusCode::NOT_FOUND);
}
