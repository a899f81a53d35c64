//! Passkeys, as an authenticator of a test makes and shows them.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use engine::{
    Actor, AddPasskeyError, Begun, Caller, EndedPasskey, LetterAbout, PasskeyError, PasskeyFault, PasskeyId,
    PasskeyMade, PasskeyShown, PasskeySite, RemoveFactorError, SignError, SignInError, SignInNews, SignedIn,
    StoredSession, Verified,
};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use sha2::{Digest as _, Sha256};

use world::{PASSWORD, Someone, World, email, on_both};

on_both![
    somebody_adds_a_passkey_and_signs_in_with_it,
    each_answer_counts_once_and_for_ten_minutes,
    what_was_said_to_another_site_or_not_unlocked_does_not_count,
    a_passkey_says_whose_it_is_and_nobody_uses_that_of_another,
    a_copy_of_a_passkey_lets_nobody_in,
    adding_one_wants_the_password_and_taking_one_away_ends_what_it_began,
    the_only_way_in_goes_when_its_owner_says_that_they_know,
    an_administrator_takes_them_away_with_the_second_factor,
    they_go_with_their_person_and_who_has_left_is_not_let_in,
    who_shows_one_signs_agreements_and_is_asked_for_no_code,
    where_people_sign_in_with_their_organisation_alone_none_is_taken,
];

fn site() -> PasskeySite {
    PasskeySite { host: "induct.example".to_owned(), origin: "https://induct.example".to_owned() }
}

/// Something that keeps a passkey, and does what it is asked: for good or ill.
struct Key {
    pair: EcdsaKeyPair,
    id: Vec<u8>,
    count: u32,
    user: Vec<u8>,
    flags: u8,
    site: PasskeySite,
}

impl Key {
    fn new(id: &str) -> Self {
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, document.as_ref(), &random).unwrap();
        // Somebody is there and unlocked it.
        Self { pair, id: id.as_bytes().to_vec(), count: 0, user: Vec::new(), flags: 0b101, site: site() }
    }

    fn client_data(&self, kind: &str, challenge: &str) -> Vec<u8> {
        format!(r#"{{"type":"webauthn.{kind}","challenge":"{challenge}","origin":"{}"}}"#, self.site.origin)
            .into_bytes()
    }

    fn authenticator(&self, flags: u8) -> Vec<u8> {
        let mut said = Sha256::digest(self.site.host.as_bytes()).to_vec();
        said.push(flags);
        said.extend(self.count.to_be_bytes());
        said
    }

    fn makes(&mut self, challenge: &str, user: &str) -> PasskeyMade {
        self.user = URL_SAFE_NO_PAD.decode(user).unwrap();
        let mut authenticator = self.authenticator(self.flags | 0b100_0000);
        authenticator.extend([0; 16]);
        authenticator.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        authenticator.extend(&self.id);
        // {1: 2, 3: -7, -1: 1, -2: x, -3: y}
        let (x, y) = self.pair.public_key().as_ref()[1..].split_at(32);
        authenticator.extend([&[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32][..], x, &[0x22, 0x58, 32], y].concat());
        PasskeyMade { client_data: self.client_data("create", challenge), authenticator }
    }

    fn shows(&self, challenge: &str) -> PasskeyShown {
        let (client_data, authenticator) = (self.client_data("get", challenge), self.authenticator(self.flags));
        let signed = [&authenticator[..], &Sha256::digest(&client_data)].concat();
        let signature = self.pair.sign(&SystemRandom::new(), &signed).unwrap().as_ref().to_vec();
        PasskeyShown { credential: self.id.clone(), client_data, authenticator, signature, user: self.user.clone() }
    }
}

async fn adds(someone: &Someone, key: &mut Key) -> Result<PasskeyId, AddPasskeyError> {
    let engine = &someone.world.engine;
    let wanted = engine.want_passkey(&someone.person).await.unwrap();
    let made = key.makes(&wanted.question.challenge, &wanted.user);
    let said = (&*wanted.question.sealed, &made);
    engine.add_passkey(&someone.person, ("My phone", PASSWORD), said, &site(), "here").await
}

async fn comes(world: &World, key: &Key) -> Result<Verified, PasskeyError> {
    let asked = world.engine.ask_for_passkey().await.unwrap();
    world.engine.sign_in_with_passkey(&asked.sealed, &key.shows(&asked.challenge), &site(), "here").await
}

async fn begins(world: &World, id: &str, verified: &Verified) -> Begun {
    let expires_at = world.engine.steady_now() + TimeDelta::hours(1);
    let session = StoredSession { person: verified.person.id, data: "{}".to_owned(), expires_at };
    world.engine.begin_session(id, &session, verified).await.unwrap()
}

async fn somebody_adds_a_passkey_and_signs_in_with_it(world: World) {
    let (amy, ben) = (world.learner("amy").await, world.learner("ben").await);
    let (mut phone, mut stick, mut bens) = (Key::new("phone"), Key::new("stick"), Key::new("ben's"));
    let first = adds(&amy, &mut phone).await.unwrap();
    world.waits(TimeDelta::hours(1));
    adds(&amy, &mut stick).await.unwrap();
    adds(&ben, &mut bens).await.unwrap();
    for (key, whose) in [(&phone, &amy), (&stick, &amy), (&bens, &ben)] {
        let verified = comes(&world, key).await.unwrap();
        assert_eq!((verified.person.id, &*verified.signed_in.method), (whose.person.id, SignedIn::WITH_PASSKEY));
        assert_eq!(begins(&world, &format!("{:?}", key.id), &verified).await, Begun::Yes);
    }
    let own = world.engine.own_passkeys(&amy.person).await.unwrap();
    assert_eq!((own.len(), own[0].id, &*own[0].name), (2, first, "My phone"));
    assert_eq!(own[0].last_used_at, Some(world.engine.now()));
    // A browser is told which there are, so that it makes none twice; and nobody adds one twice.
    let wanted = world.engine.want_passkey(&amy.person).await.unwrap();
    assert_eq!(wanted.known, [URL_SAFE_NO_PAD.encode("phone"), URL_SAFE_NO_PAD.encode("stick")]);
    for someone in [&amy, &ben] {
        let again = adds(someone, &mut Key::new("phone")).await;
        assert!(matches!(again, Err(AddPasskeyError::TooMany)), "{again:?}");
    }
    // By what it knows whose it is says nothing of them.
    assert_eq!((phone.user.len(), phone.user == stick.user, phone.user == bens.user), (32, true, false));
    assert_eq!(
        comes(&world, &Key::new("nobody's")).await.map(drop).unwrap_err().to_string(),
        "nobody here has this passkey"
    );
}

async fn each_answer_counts_once_and_for_ten_minutes(world: World) {
    let amy = world.learner("amy").await;
    let mut key = Key::new("phone");
    adds(&amy, &mut key).await.unwrap();
    let engine = &world.engine;
    let asked = engine.ask_for_passkey().await.unwrap();
    let shown = key.shows(&asked.challenge);
    assert!(engine.sign_in_with_passkey(&asked.sealed, &shown, &site(), "here").await.is_ok());
    let again = engine.sign_in_with_passkey(&asked.sealed, &shown, &site(), "here").await;
    assert!(matches!(again, Err(PasskeyError::TooLate)), "{again:?}");
    let late = engine.ask_for_passkey().await.unwrap();
    world.waits(TimeDelta::minutes(10));
    for sealed in [&*late.sealed, "", "x", &late.sealed[1..]] {
        let refused = engine.sign_in_with_passkey(sealed, &key.shows(&late.challenge), &site(), "here").await;
        assert!(matches!(refused, Err(PasskeyError::TooLate)), "{refused:?}");
    }
    // What was asked for something else, or of somebody else, is no question.
    let wanted = engine.want_passkey(&amy.person).await.unwrap().question;
    let refused = engine.sign_in_with_passkey(&wanted.sealed, &key.shows(&wanted.challenge), &site(), "here").await;
    assert!(matches!(refused, Err(PasskeyError::TooLate)), "{refused:?}");
    let ben = world.learner("ben").await;
    let made = Key::new("another").makes(&wanted.challenge, "");
    let refused = engine.add_passkey(&ben.person, ("x", PASSWORD), (&wanted.sealed, &made), &site(), "here").await;
    assert!(matches!(refused, Err(AddPasskeyError::TooLate)), "{refused:?}");
    // An answer to one question is none to another.
    let (one, other) = (engine.ask_for_passkey().await.unwrap(), engine.ask_for_passkey().await.unwrap());
    let refused = engine.sign_in_with_passkey(&one.sealed, &key.shows(&other.challenge), &site(), "here").await;
    assert!(matches!(refused, Err(PasskeyError::Fault(PasskeyFault::Challenge))), "{refused:?}");
    assert_eq!(format!("{one:?}"), "PasskeyQuestion(…)");
}

async fn what_was_said_to_another_site_or_not_unlocked_does_not_count(world: World) {
    let amy = world.learner("amy").await;
    let mut key = Key::new("phone");
    adds(&amy, &mut key).await.unwrap();
    let fault = async |key: &Key| match comes(&world, key).await {
        Err(PasskeyError::Fault(fault)) => fault,
        other => panic!("{other:?}"),
    };
    for flags in [0b001, 0b100, 0] {
        key.flags = flags;
        assert_eq!(fault(&key).await, PasskeyFault::NotUnlocked);
    }
    key.flags = 0b101;
    for (host, origin) in [
        ("induct.example", "https://evil.example"),
        ("evil.example", "https://induct.example"),
        ("induct.example", "http://induct.example"),
    ] {
        key.site = PasskeySite { host: host.to_owned(), origin: origin.to_owned() };
        assert_eq!(fault(&key).await, PasskeyFault::Site);
    }
    key.site = site();
    assert!(comes(&world, &key).await.is_ok());
    // Nor is one added that way.
    let mut locked = Key::new("locked");
    locked.flags = 0b001;
    let refused = adds(&amy, &mut locked).await;
    assert!(matches!(refused, Err(AddPasskeyError::Fault(PasskeyFault::NotUnlocked))), "{refused:?}");
    assert_eq!(world.raw.count("passkey").await, 1);
}

async fn a_passkey_says_whose_it_is_and_nobody_uses_that_of_another(world: World) {
    let (amy, ben) = (world.learner("amy").await, world.learner("ben").await);
    let (mut hers, mut his) = (Key::new("hers"), Key::new("his"));
    adds(&amy, &mut hers).await.unwrap();
    adds(&ben, &mut his).await.unwrap();
    // Another key under her id; and her key, with his name on it.
    let forged = Key { id: hers.id.clone(), user: hers.user.clone(), ..Key::new("") };
    assert!(matches!(comes(&world, &forged).await, Err(PasskeyError::Fault(PasskeyFault::Signature))));
    for user in [his.user.clone(), Vec::new()] {
        hers.user = user;
        assert!(matches!(comes(&world, &hers).await, Err(PasskeyError::Unknown)));
    }
}

async fn a_copy_of_a_passkey_lets_nobody_in(world: World) {
    let amy = world.learner("amy").await;
    let mut key = Key::new("stick");
    key.count = 4;
    adds(&amy, &mut key).await.unwrap();
    key.count = 5;
    assert!(comes(&world, &key).await.is_ok());
    for behind in [5, 4, 0] {
        key.count = behind;
        let refused = comes(&world, &key).await;
        assert!(matches!(refused, Err(PasskeyError::Fault(PasskeyFault::Copied))), "{refused:?}");
    }
    key.count = 6;
    assert!(comes(&world, &key).await.is_ok());
}

async fn adding_one_wants_the_password_and_taking_one_away_ends_what_it_began(world: World) {
    let world = world.with_letters();
    let amy = world.learner("amy").await;
    let engine = &world.engine;
    let told = async || match engine.claim_letters(1).await.unwrap().remove(0).about {
        LetterAbout::News { what, .. } => what,
        other => panic!("{other:?}"),
    };
    let wanted = engine.want_passkey(&amy.person).await.unwrap();
    let mut key = Key::new("phone");
    let made = key.makes(&wanted.question.challenge, &wanted.user);
    let said = (&*wanted.question.sealed, &made);
    let wrong = engine.add_passkey(&amy.person, ("My phone", "wrong"), said, &site(), "here").await;
    assert!(matches!(wrong, Err(AddPasskeyError::Password(SignInError::Wrong))), "{wrong:?}");
    let nameless = engine.add_passkey(&amy.person, (" ", PASSWORD), said, &site(), "here").await;
    assert!(matches!(nameless, Err(AddPasskeyError::Name(_))), "{nameless:?}");
    assert_eq!(world.raw.count("passkey").await, 0);
    let id = engine.add_passkey(&amy.person, ("My phone", PASSWORD), said, &site(), "here").await.unwrap();
    assert_eq!(told().await, SignInNews::PasskeyAdded);
    let verified = comes(&world, &key).await.unwrap();
    assert_eq!(begins(&world, "its", &verified).await, Begun::Yes);
    let by_password = engine.sign_in(&email("amy"), PASSWORD, "here").await.unwrap();
    assert_eq!(begins(&world, "this", &by_password).await, Begun::Yes);
    let ben = world.learner("ben").await;
    assert_eq!(engine.end_passkey(&ben.person, id, "", false).await.unwrap(), EndedPasskey::NotThere, "it is not his");
    assert_eq!(engine.end_passkey(&amy.person, id, "this", false).await.unwrap(), EndedPasskey::Yes);
    assert_eq!(told().await, SignInNews::PasskeyEnded);
    assert!(
        engine.find_session("its").await.unwrap().is_none() && engine.find_session("this").await.unwrap().is_some()
    );
    assert!(matches!(comes(&world, &key).await, Err(PasskeyError::Unknown)));
    // Nor does it begin a session for whoever showed it a moment before.
    assert_eq!(begins(&world, "late", &verified).await, Begun::PasswordChanged);
    assert_eq!(engine.end_passkey(&amy.person, id, "this", false).await.unwrap(), EndedPasskey::NotThere);
}

async fn the_only_way_in_goes_when_its_owner_says_that_they_know(world: World) {
    let amy = world.learner("amy").await;
    let (mut phone, mut stick) = (Key::new("phone"), Key::new("stick"));
    let (first, last) = (adds(&amy, &mut phone).await.unwrap(), adds(&amy, &mut stick).await.unwrap());
    assert!(world.raw.run("DELETE FROM password").await.unwrap() > 0);
    let end = |passkey: PasskeyId, sure: bool| world.engine.end_passkey(&amy.person, passkey, "this", sure);
    // Another is left.
    assert_eq!(end(first, false).await.unwrap(), EndedPasskey::Yes);
    assert_eq!(end(last, false).await.unwrap(), EndedPasskey::OnlyWayIn);
    assert_eq!(world.raw.count("passkey").await, 1);
    assert!(comes(&world, &stick).await.is_ok());
    assert_eq!(end(last, true).await.unwrap(), EndedPasskey::Yes);
    assert_eq!(world.raw.count("passkey").await, 0);
}

async fn an_administrator_takes_them_away_with_the_second_factor(world: World) {
    let amy = world.learner("amy").await;
    let mut key = Key::new("phone");
    adds(&amy, &mut key).await.unwrap();
    begins(&world, "its", &comes(&world, &key).await.unwrap()).await;
    let engine = world.engine.with_letters();
    engine.remove_second_factor(amy.person.id, Actor::CommandLine).await.unwrap();
    let letter = engine.claim_letters(1).await.unwrap().remove(0);
    assert!(matches!(letter.about, LetterAbout::News { what: SignInNews::PasskeyEnded, .. }), "{letter:?}");
    assert!(engine.find_session("its").await.unwrap().is_none());
    assert!(matches!(comes(&world, &key).await, Err(PasskeyError::Unknown)));
    let none = engine.remove_second_factor(amy.person.id, Actor::CommandLine).await;
    assert!(matches!(none, Err(RemoveFactorError::HasNone)), "{none:?}");
}

async fn they_go_with_their_person_and_who_has_left_is_not_let_in(world: World) {
    let amy = world.learner("amy").await;
    let mut key = Key::new("phone");
    adds(&amy, &mut key).await.unwrap();
    world.engine.leave(amy.person.id, world::today(&world) + chrono::Days::new(1), Actor::CommandLine).await.unwrap();
    world.waits(TimeDelta::days(2));
    assert!(matches!(comes(&world, &key).await, Err(PasskeyError::Unknown)));
    world.engine.erase_person(amy.person.id, Actor::CommandLine).await.unwrap();
    assert_eq!(world.raw.count("passkey").await, 0);
}

async fn who_shows_one_signs_agreements_and_is_asked_for_no_code(world: World) {
    let amy = world.learner("amy").passes("four-cs").await;
    let mut key = Key::new("phone");
    adds(&amy, &mut key).await.unwrap();
    let (codes, _) = amy.sets_up_codes().await;
    drop(codes);
    let verified = comes(&world, &key).await.unwrap();
    assert_eq!(begins(&world, "id", &verified).await, Begun::Yes);
    assert!(!world.engine.must_set_up_second_factor(&amy.person, &verified.signed_in));
    world.waits(TimeDelta::minutes(10));
    let form = amy.form("laptop-loan");
    let late = amy.sends_having("laptop-loan", &form, &verified.signed_in).await;
    assert!(matches!(late, Err(SignError::NotFresh)), "{late:?}");
    let anew = comes(&world, &key).await.unwrap().signed_in;
    amy.sends_having("laptop-loan", &form, &anew).await.unwrap();
    // The device is known from then on.
    let device = comes(&world, &key).await.unwrap().device;
    for _ in 0..10 {
        let _ = world.engine.sign_in(&email("amy"), "wrong", "there").await;
    }
    let own = Caller { device: Some(device), .."there".into() };
    assert!(matches!(world.engine.sign_in(&email("amy"), PASSWORD, own).await, Err(SignInError::WantsCode(_))));
}

async fn where_people_sign_in_with_their_organisation_alone_none_is_taken(world: World) {
    let amy = world.learner("amy").await;
    let mut key = Key::new("phone");
    adds(&amy, &mut key).await.unwrap();
    let only = world.engine.with_sign_on_only();
    let asked = only.ask_for_passkey().await.unwrap();
    let refused = only.sign_in_with_passkey(&asked.sealed, &key.shows(&asked.challenge), &site(), "here").await;
    assert!(matches!(refused, Err(PasskeyError::SignOnOnly)), "{refused:?}");
    let wanted = only.want_passkey(&amy.person).await.unwrap();
    let made = Key::new("another").makes(&wanted.question.challenge, &wanted.user);
    let said = (&*wanted.question.sealed, &made);
    let refused = only.add_passkey(&amy.person, ("x", PASSWORD), said, &site(), "here").await;
    assert!(matches!(refused, Err(AddPasskeyError::SignOnOnly)), "{refused:?}");
}
