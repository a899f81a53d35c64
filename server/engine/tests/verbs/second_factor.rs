//! Second factors: codes of a phone, recovery codes, and what happens when both are gone.

use chrono::TimeDelta;
use engine::{
    Actor, Begun, Caller, ChangePasswordError, ChoosePasswordError, CodeError, FactorError, HalfSignedIn, LetterAbout,
    RemoveFactorError, Role, SecondFactor, SignInError, SignInNews, SignedIn, StoredSession, Verified, WeakPassword,
};

use world::{PASSWORD, Phone, Someone, World, email, on_both};

on_both![
    a_code_is_asked_for_besides_the_password,
    half_a_sign_in_opens_nothing,
    half_a_sign_in_ends_after_ten_minutes_and_with_the_password,
    a_code_is_taken_once,
    an_older_code_is_not_taken_after_a_newer_one,
    each_recovery_code_is_taken_once,
    new_recovery_codes_take_the_place_of_the_old_ones,
    it_counts_only_once_it_is_confirmed,
    setting_up_ends_other_sessions_and_wants_the_password,
    what_is_kept_is_sealed_and_digests_alone,
    wrong_codes_are_limited_and_keep_nobody_else_out,
    strangers_cannot_keep_somebody_out_at_their_code,
    nobody_tries_codes_for_ever_and_recovery_codes_stay_a_way_in,
    who_knows_the_password_and_tries_codes_is_told_of,
    each_change_is_told_by_letter,
    of_many_who_show_one_code_at_once_one_gets_in,
    turning_it_off_wants_password_and_code,
    beside_a_code_a_password_may_be_shorter_and_is_never_enough_alone,
    a_short_password_goes_with_the_factor_that_an_administrator_takes_away,
    an_administrator_takes_it_away_and_they_hear_of_it,
    nobody_takes_it_from_who_may_do_more,
    it_goes_with_its_person,
    it_is_wanted_of_who_sees_others_from_a_day_on,
    who_has_none_is_counted_and_shown,
];

async fn half(world: &World, name: &str) -> HalfSignedIn {
    match world.engine.sign_in(&email(name), PASSWORD, "here").await {
        Err(SignInError::WantsCode(half)) => half,
        other => panic!("{other:?}"),
    }
}

async fn shown(world: &World, name: &str, code: &str) -> Result<Verified, CodeError> {
    let half = half(world, name).await;
    world.engine.sign_in_with_code(&half, code, "here").await
}

async fn begins(world: &World, verified: &Verified, id: &str) -> Begun {
    let expires_at = world.engine.steady_now() + TimeDelta::hours(1);
    let session = StoredSession { person: verified.person.id, data: "{}".to_owned(), expires_at };
    world.engine.begin_session(id, &session, verified).await.unwrap()
}

async fn a_code_is_asked_for_besides_the_password(world: World) {
    let (amy, _) = (world.learner("amy").await, world.learner("ben").await);
    let (phone, _) = amy.sets_up_codes().await;
    let verified = shown(&world, "amy", &phone.shows_another()).await.unwrap();
    assert_eq!((verified.person.id, &*verified.signed_in.method), (amy.person.id, SignedIn::WITH_CODE));
    assert_eq!(begins(&world, &verified, "id").await, Begun::Yes);
    // Wrong passwords say nothing of it, and nobody else is asked.
    assert!(matches!(world.engine.sign_in(&email("amy"), "wrong", "here").await, Err(SignInError::Wrong)));
    let ben = world.engine.sign_in(&email("ben"), PASSWORD, "here").await.unwrap();
    assert_eq!((&*ben.signed_in.method, ben.signed_in.factor), (SignedIn::WITH_PASSWORD, None));
}

async fn half_a_sign_in_opens_nothing(world: World) {
    let amy = world.learner("amy").await;
    let verified = world.engine.sign_in(&email("amy"), PASSWORD, "here").await.unwrap();
    amy.sets_up_codes().await;
    // A password that was verified a moment before codes were set up begins no session, either.
    assert_eq!(begins(&world, &verified, "id").await, Begun::PasswordChanged);
    assert_eq!(world.raw.count("session").await, 0);
    let half = half(&world, "amy").await;
    assert_eq!(world.engine.find_session(&half.0).await.unwrap(), None);
    assert_eq!(format!("{half:?}"), "HalfSignedIn(…)");
}

async fn half_a_sign_in_ends_after_ten_minutes_and_with_the_password(world: World) {
    let amy = world.learner("amy").await;
    let (phone, _) = amy.sets_up_codes().await;
    let late = half(&world, "amy").await;
    world.waits(TimeDelta::minutes(10));
    let refused = world.engine.sign_in_with_code(&late, &phone.shows(), "here").await;
    assert!(matches!(refused, Err(CodeError::TooLate)), "{refused:?}");
    for made_up in ["", "x", &late.0[1..]] {
        let refused = world.engine.sign_in_with_code(&HalfSignedIn(made_up.to_owned()), &phone.shows(), "here").await;
        assert!(matches!(refused, Err(CodeError::TooLate)), "{made_up}");
    }
    let old = half(&world, "amy").await;
    world.resets_password("amy", "another horse battery").await;
    let verified = world.engine.sign_in_with_code(&old, &phone.shows_another(), "here").await.unwrap();
    assert_eq!(begins(&world, &verified, "id").await, Begun::PasswordChanged);
}

async fn a_code_is_taken_once(world: World) {
    let amy = world.learner("amy").await;
    let (phone, _) = amy.sets_up_codes().await;
    // Not the one with which it was confirmed, either.
    assert!(matches!(shown(&world, "amy", &phone.shows()).await, Err(CodeError::Code(SignInError::Wrong))));
    let code = phone.shows_another();
    assert!(shown(&world, "amy", &format!("{} {}", &code[..3], &code[3..])).await.is_ok());
    assert!(matches!(shown(&world, "amy", &code).await, Err(CodeError::Code(SignInError::Wrong))));
    assert!(shown(&world, "amy", &phone.shows_another()).await.is_ok());
}

async fn an_older_code_is_not_taken_after_a_newer_one(world: World) {
    let amy = world.learner("amy").await;
    let (phone, _) = amy.sets_up_codes().await;
    let (older, newer) = (phone.shows_another(), phone.shows_another());
    assert!(shown(&world, "amy", &newer).await.is_ok());
    assert!(matches!(shown(&world, "amy", &older).await, Err(CodeError::Code(SignInError::Wrong))));
}

async fn each_recovery_code_is_taken_once(world: World) {
    let amy = world.learner("amy").await;
    let (_, codes) = amy.sets_up_codes().await;
    assert_eq!(codes.len(), 10);
    for code in &codes {
        assert!(shown(&world, "amy", code).await.is_ok(), "{code}");
        assert!(matches!(shown(&world, "amy", code).await, Err(CodeError::Code(SignInError::Wrong))));
        world.waits(TimeDelta::minutes(15));
    }
    let left = world.engine.second_factor(&amy.person).await.unwrap();
    assert!(matches!(left, SecondFactor::SetUp { recovery_codes: 0, .. }), "{left:?}");
}

async fn new_recovery_codes_take_the_place_of_the_old_ones(world: World) {
    let amy = world.learner("amy").await;
    let (phone, old) = amy.sets_up_codes().await;
    let refused = world.engine.make_new_recovery_codes(&amy.person, PASSWORD, "000000", "here").await;
    assert!(matches!(refused, Err(FactorError::Code(SignInError::Wrong))), "{refused:?}");
    let new =
        world.engine.make_new_recovery_codes(&amy.person, PASSWORD, &phone.shows_another(), "here").await.unwrap();
    assert!(shown(&world, "amy", &old[0]).await.is_err());
    assert!(shown(&world, "amy", &new.recovery_codes[0]).await.is_ok());
    assert!(!format!("{new:?}").contains(&new.recovery_codes[1]));
}

async fn it_counts_only_once_it_is_confirmed(world: World) {
    let amy = world.learner("amy").await;
    let engine = &world.engine;
    engine.begin_second_factor(&amy.person, PASSWORD, "here").await.unwrap();
    assert!(engine.sign_in(&email("amy"), PASSWORD, "here").await.is_ok());
    let refused = engine.confirm_second_factor(&amy.person, "000000", "").await;
    assert!(matches!(refused, Err(FactorError::Code(SignInError::Wrong))), "{refused:?}");
    let SecondFactor::BeingSetUp { secret, .. } = engine.second_factor(&amy.person).await.unwrap() else { panic!() };
    // It is forgotten after half an hour.
    world.waits(TimeDelta::minutes(30));
    assert_eq!(engine.second_factor(&amy.person).await.unwrap(), SecondFactor::Nothing);
    let late = engine.confirm_second_factor(&amy.person, &Phone::that_knows(&secret, &world).shows(), "").await;
    assert!(matches!(late, Err(FactorError::HasNone)), "{late:?}");
    // Beginning again makes another secret.
    let (phone, _) = amy.sets_up_codes().await;
    assert!(matches!(
        shown(&world, "amy", &Phone::that_knows(&secret, &world).shows_another()).await,
        Err(CodeError::Code(SignInError::Wrong))
    ));
    assert!(shown(&world, "amy", &phone.shows()).await.is_ok());
    let again = engine.begin_second_factor(&amy.person, PASSWORD, "here").await;
    assert!(matches!(again, Err(FactorError::HasOne)), "{again:?}");
}

async fn setting_up_ends_other_sessions_and_wants_the_password(world: World) {
    let (amy, engine) = (world.learner("amy").await, &world.engine);
    let verified = engine.sign_in(&email("amy"), PASSWORD, "here").await.unwrap();
    for id in ["phone", "desk"] {
        assert_eq!(begins(&world, &verified, id).await, Begun::Yes);
    }
    let refused = engine.begin_second_factor(&amy.person, "wrong", "here").await;
    assert!(matches!(refused, Err(FactorError::Password(SignInError::Wrong))), "{refused:?}");
    assert_eq!(world.raw.count("second_factor").await, 0);
    engine.begin_second_factor(&amy.person, PASSWORD, "here").await.unwrap();
    let SecondFactor::BeingSetUp { secret, .. } = engine.second_factor(&amy.person).await.unwrap() else { panic!() };
    let code = Phone::that_knows(&secret, &world).shows();
    engine.confirm_second_factor(&amy.person, &code, "phone").await.unwrap();
    assert!(engine.find_session("phone").await.unwrap().is_some());
    assert_eq!(engine.find_session("desk").await.unwrap(), None);
}

async fn what_is_kept_is_sealed_and_digests_alone(world: World) {
    let amy = world.learner("amy").await;
    world.engine.begin_second_factor(&amy.person, PASSWORD, "here").await.unwrap();
    let SecondFactor::BeingSetUp { secret, .. } = world.engine.second_factor(&amy.person).await.unwrap() else {
        panic!()
    };
    let code = Phone::that_knows(&secret, &world).shows();
    let set_up = world.engine.confirm_second_factor(&amy.person, &code, "").await.unwrap();
    let kept = format!(
        "{:?}{:?}",
        world.raw.texts("SELECT secret FROM second_factor").await,
        world.raw.texts("SELECT digest FROM recovery_code").await
    );
    assert!(!kept.contains(&secret), "{kept}");
    for code in &set_up.recovery_codes {
        assert!(code.len() == 14 && !kept.contains(code.as_str()) && !kept.contains(&code.replace(' ', "")), "{kept}");
    }
}

async fn wrong_codes_are_limited_and_keep_nobody_else_out(world: World) {
    let amy = world.learner("amy").await;
    let (phone, codes) = amy.sets_up_codes().await;
    let half = half(&world, "amy").await;
    let mut wrong = 0;
    let stopped = loop {
        match world.engine.sign_in_with_code(&half, "000000", "here").await {
            Err(CodeError::Code(SignInError::Wrong)) => wrong += 1,
            other => break other,
        }
        assert!(wrong < 100, "nothing limits the tries");
    };
    assert!(matches!(stopped, Err(CodeError::Code(SignInError::TooMany { .. }))), "{stopped:?}");
    assert_eq!(wrong, 8);
    // The right one waits, too; a recovery code does not, which is limited apart.
    let refused = world.engine.sign_in_with_code(&half, &phone.shows_another(), "here").await;
    assert!(matches!(refused, Err(CodeError::Code(SignInError::TooMany { .. }))), "{refused:?}");
    assert!(world.engine.sign_in_with_code(&half, &codes[0], "here").await.is_ok());
    for wrong in 0..9 {
        let refused = world.engine.sign_in_with_code(&half, "0000 0000 0000", "here").await;
        let stopped = matches!(refused, Err(CodeError::Code(SignInError::TooMany { .. })));
        assert_eq!(stopped, wrong == 8, "{refused:?}");
    }
    world.waits(TimeDelta::minutes(15));
    assert!(shown(&world, "amy", &phone.shows()).await.is_ok());
}

async fn strangers_cannot_keep_somebody_out_at_their_code(world: World) {
    let amy = world.learner("amy").await;
    let (phone, _) = amy.sets_up_codes().await;
    let device = shown(&world, "amy", &phone.shows_another()).await.unwrap().device;
    // Without the password there is no half, and so nothing to try codes with.
    for _ in 0..12 {
        let _ = world.engine.sign_in(&email("amy"), "wrong", "there").await;
    }
    // Who has the password, too, and has tried too often elsewhere, keeps nobody out on their own device.
    let stolen = half(&world, "amy").await;
    for place in ["a", "b", "c"] {
        for _ in 0..5 {
            let _ = world.engine.sign_in_with_code(&stolen, "000000", place).await;
        }
    }
    let stranger = world.engine.sign_in_with_code(&stolen, &phone.shows_another(), "d").await;
    assert!(matches!(stranger, Err(CodeError::Code(SignInError::TooMany { .. }))), "{stranger:?}");
    let own = Caller { device: Some(device), .."here".into() };
    let half = match world.engine.sign_in(&email("amy"), PASSWORD, own.clone()).await {
        Err(SignInError::WantsCode(half)) => half,
        other => panic!("{other:?}"),
    };
    assert!(world.engine.sign_in_with_code(&half, &phone.shows(), own).await.is_ok());
}

/// Types wrong codes, each from another place, until none is taken any more; says how many those were.
async fn guesses(world: &World, caller: impl Fn(usize) -> Caller) -> usize {
    for tried in 0..200 {
        // Half a sign-in holds for ten minutes.
        let half = match world.engine.sign_in(&email("amy"), PASSWORD, "elsewhere").await {
            Err(SignInError::WantsCode(half)) => half,
            other => panic!("{other:?}"),
        };
        match world.engine.sign_in_with_code(&half, "000000", caller(tried)).await {
            Err(CodeError::Code(SignInError::Wrong)) => world.waits(TimeDelta::minutes(4)),
            Err(CodeError::Code(SignInError::CodesUsedUp)) => return tried,
            other => panic!("{tried}: {other:?}"),
        }
    }
    panic!("nothing ends the tries")
}

async fn nobody_tries_codes_for_ever_and_recovery_codes_stay_a_way_in(world: World) {
    let amy = world.learner("amy").await;
    let (phone, codes) = amy.sets_up_codes().await;
    let device = shown(&world, "amy", &phone.shows_another()).await.unwrap().device;
    let anywhere = |tried: usize| Caller::from(format!("{tried}").as_str());
    assert_eq!(guesses(&world, anywhere).await, 50);
    // However long somebody waits, the right code lets nobody in either, where nobody signed in before.
    world.waits(TimeDelta::days(400));
    let used_up = shown(&world, "amy", &phone.shows_another()).await;
    assert!(matches!(used_up, Err(CodeError::Code(SignInError::CodesUsedUp))), "{used_up:?}");
    // On their own device it does, and then anywhere.
    let own = |_: usize| Caller { device: Some(device.clone()), .."here".into() };
    let first = half(&world, "amy").await;
    assert!(world.engine.sign_in_with_code(&first, &phone.shows_another(), own(0)).await.is_ok());
    assert!(shown(&world, "amy", &phone.shows_another()).await.is_ok());
    // Where somebody has tried on that device, too, a recovery code is a way in.
    assert_eq!(guesses(&world, own).await, 50);
    assert_eq!(guesses(&world, anywhere).await, 50);
    let left = world.engine.sign_in(&email("amy"), PASSWORD, own(0)).await;
    let Err(SignInError::WantsCode(left)) = left else { panic!("{left:?}") };
    let refused = world.engine.sign_in_with_code(&left, &phone.shows_another(), own(0)).await;
    assert!(matches!(refused, Err(CodeError::Code(SignInError::CodesUsedUp))), "{refused:?}");
    assert!(shown(&world, "amy", &codes[0]).await.is_ok());
    assert!(shown(&world, "amy", &phone.shows_another()).await.is_ok());
    // And so is what an administrator does.
    assert_eq!(guesses(&world, anywhere).await, 50);
    world.engine.remove_second_factor(amy.person.id, Actor::CommandLine).await.unwrap();
    assert!(world.engine.sign_in(&email("amy"), PASSWORD, "here").await.is_ok());
}

/// What letters have told of how Amy signs in, in the order in which they were written.
async fn told(world: &World) -> Vec<SignInNews> {
    let letters = world.raw.texts("SELECT kind, address FROM letter ORDER BY written_at, id").await;
    let news = letters.into_iter().map(|letter| {
        assert_eq!(letter[1], Some(email("amy")));
        let kind = engine::LetterKind::parse(letter[0].as_deref().unwrap_or_default());
        let Some(engine::LetterKind::News(what)) = kind else { panic!("{kind:?}") };
        what
    });
    news.collect()
}

async fn who_knows_the_password_and_tries_codes_is_told_of(world: World) {
    let amy = world.learner("amy").await;
    let (phone, _) = amy.sets_up_codes().await;
    let world = world.with_letters();
    let first = half(&world, "amy").await;
    for tried in 0..9 {
        let _ = world.engine.sign_in_with_code(&first, "000000", format!("{tried}").as_str()).await;
    }
    assert_eq!(told(&world).await, []);
    let _ = world.engine.sign_in_with_code(&first, "000000", "9").await;
    assert_eq!(told(&world).await, [SignInNews::CodesGuessed]);
    // Whoever goes on writes no more letters than that nothing is taken any more.
    world.waits(TimeDelta::minutes(15));
    assert_eq!(guesses(&world, |tried| Caller::from(format!("{tried}").as_str())).await, 40);
    let both = [SignInNews::CodesGuessed, SignInNews::CodesUsedUp];
    assert_eq!(told(&world).await, both);
    // A right one in between begins the count anew.
    world.engine.remove_second_factor(amy.person.id, Actor::CommandLine).await.unwrap();
    drop(phone);
    let (phone, _) = amy.sets_up_codes().await;
    for _ in 0..3 {
        let half = half(&world, "amy").await;
        for tried in 0..4 {
            let _ = world.engine.sign_in_with_code(&half, "000000", format!("{tried}").as_str()).await;
        }
        assert!(shown(&world, "amy", &phone.shows_another()).await.is_ok());
        world.waits(TimeDelta::minutes(15));
    }
    assert_eq!(told(&world).await, [&both[..], &[SignInNews::CodesOff]].concat());
}

async fn each_change_is_told_by_letter(world: World) {
    let amy = world.learner("amy").await;
    amy.sets_up_codes().await;
    assert_eq!(told(&world).await, [], "there is no mail server");
    world.engine.remove_second_factor(amy.person.id, Actor::CommandLine).await.unwrap();
    let world = world.with_letters();
    let amy = amy.at(&world);
    let (phone, codes) = amy.sets_up_codes().await;
    let mut all = vec![SignInNews::CodesOn];
    assert_eq!(told(&world).await, all);
    world.waits(TimeDelta::seconds(1));
    shown(&world, "amy", &codes[0]).await.unwrap();
    all.push(SignInNews::RecoveryCodeUsed);
    assert_eq!(told(&world).await, all);
    let code = phone.shows_another();
    world.engine.make_new_recovery_codes(&amy.person, PASSWORD, &code, "here").await.unwrap();
    all.push(SignInNews::RecoveryCodesMade);
    assert_eq!(told(&world).await, all);
    let code = phone.shows_another();
    world.engine.end_second_factor(&amy.person, PASSWORD, &code, "this", "here").await.unwrap();
    all.push(SignInNews::CodesOff);
    assert_eq!(told(&world).await, all);
    // Each is found again by what the database calls it, so that one that was given up is written anew.
    for what in SignInNews::EVERY {
        assert_eq!(engine::LetterKind::parse(what.name()), Some(engine::LetterKind::News(what)));
    }
}

async fn of_many_who_show_one_code_at_once_one_gets_in(world: World) {
    let amy = world.learner("amy").await;
    let (phone, codes) = amy.sets_up_codes().await;
    let half = half(&world, "amy").await;
    for code in [phone.shows_another(), codes[0].clone()] {
        let tries = (0..5).map(|number| {
            let (engine, half, code) = (world.engine.clone(), half.clone(), code.clone());
            tokio::spawn(
                async move { engine.sign_in_with_code(&half, &code, format!("{number}").as_str()).await.is_ok() },
            )
        });
        let mut in_ = 0;
        for tried in tries.collect::<Vec<_>>() {
            in_ += usize::from(tried.await.unwrap());
        }
        assert_eq!(in_, 1, "{code}");
        world.waits(TimeDelta::minutes(1));
    }
}

async fn turning_it_off_wants_password_and_code(world: World) {
    let (amy, engine) = (world.learner("amy").await, &world.engine);
    let (phone, codes) = amy.sets_up_codes().await;
    let refused = engine.end_second_factor(&amy.person, "wrong", &phone.shows_another(), "this session", "here").await;
    assert!(matches!(refused, Err(FactorError::Password(SignInError::Wrong))), "{refused:?}");
    let refused = engine.end_second_factor(&amy.person, PASSWORD, "000000", "this session", "here").await;
    assert!(matches!(refused, Err(FactorError::Code(SignInError::Wrong))), "{refused:?}");
    engine.end_second_factor(&amy.person, PASSWORD, &codes[0], "this session", "here").await.unwrap();
    assert_eq!(engine.second_factor(&amy.person).await.unwrap(), SecondFactor::Nothing);
    assert!(engine.sign_in(&email("amy"), PASSWORD, "here").await.is_ok());
    let row = world.raw.texts("SELECT secret, ended_by FROM second_factor").await.remove(0);
    assert_eq!(row, [None, Some(Actor::Person(amy.person.id).to_string())]);
    assert_eq!(world.raw.count("recovery_code").await, 0);
    let again = engine.end_second_factor(&amy.person, PASSWORD, &codes[1], "this session", "here").await;
    assert!(matches!(again, Err(FactorError::Code(SignInError::Wrong))), "{again:?}");
}

const SHORT: &str = "kettle9x";

async fn beside_a_code_a_password_may_be_shorter_and_is_never_enough_alone(world: World) {
    let (amy, engine) = (world.learner("amy").await, &world.engine);
    let change = async |current: &str, new: &str| engine.change_password(&amy.person, current, new, "here").await;
    let short = change(PASSWORD, SHORT).await;
    assert!(matches!(short, Err(ChangePasswordError::Weak(WeakPassword::Short))), "{short:?}");
    let (phone, codes) = amy.sets_up_codes().await;
    let short = change(PASSWORD, "kettle9").await;
    assert!(matches!(short, Err(ChangePasswordError::Weak(WeakPassword::ShortBesideFactor))), "{short:?}");
    change(PASSWORD, SHORT).await.unwrap();
    let Err(SignInError::WantsCode(half)) = engine.sign_in(&email("amy"), SHORT, "here").await else { panic!() };
    assert!(engine.sign_in_with_code(&half, &phone.shows_another(), "here").await.is_ok());
    // The code is not turned off before they have chosen a longer one, and is not used up.
    let refused = engine.end_second_factor(&amy.person, SHORT, &codes[0], "this session", "here").await;
    assert!(matches!(refused, Err(FactorError::ShortPassword)), "{refused:?}");
    assert_eq!(world.raw.count("password WHERE beside_factor").await, 1);
    change(SHORT, PASSWORD).await.unwrap();
    assert_eq!(world.raw.count("password WHERE beside_factor").await, 0);
    engine.end_second_factor(&amy.person, PASSWORD, &codes[0], "this session", "here").await.unwrap();
    assert!(engine.sign_in(&email("amy"), PASSWORD, "here").await.is_ok());
}

async fn a_short_password_goes_with_the_factor_that_an_administrator_takes_away(world: World) {
    let (amy, ada) = (world.learner("amy").await, world.person("ada", &[Role::Administrator]).await);
    let engine = &world.engine;
    amy.sets_up_codes().await;
    engine.change_password(&amy.person, PASSWORD, SHORT, "here").await.unwrap();
    engine.remove_second_factor(amy.person.id, Actor::Person(ada.person.id)).await.unwrap();
    assert!(matches!(engine.sign_in(&email("amy"), SHORT, "here").await, Err(SignInError::Wrong)));
    // By a link nobody has a second factor, and so it is one that is enough alone.
    let way = engine.make_ways_in(&[amy.person.id], Actor::Person(ada.person.id)).await.unwrap().remove(0);
    let short = engine.choose_password(&way.secret, SHORT).await;
    assert!(matches!(short, Err(ChoosePasswordError::Weak(WeakPassword::Short))), "{short:?}");
    engine.choose_password(&way.secret, PASSWORD).await.unwrap();
    assert!(engine.sign_in(&email("amy"), PASSWORD, "here").await.is_ok());
}

async fn an_administrator_takes_it_away_and_they_hear_of_it(world: World) {
    let (amy, ada) = (world.learner("amy").await, world.person("ada", &[Role::Administrator]).await);
    let engine = &world.engine.with_letters();
    let (phone, _) = amy.sets_up_codes().await;
    let verified = shown(&world, "amy", &phone.shows_another()).await.unwrap();
    begins(&world, &verified, "id").await;
    let by = Actor::Person(ada.person.id);
    engine.remove_second_factor(amy.person.id, by).await.unwrap();
    assert_eq!(engine.find_session("id").await.unwrap(), None);
    assert!(engine.sign_in(&email("amy"), PASSWORD, "here").await.is_ok());
    let ended = world.raw.texts("SELECT ended_by FROM second_factor").await;
    assert_eq!(ended[0][0], Some(by.to_string()));
    let letter = engine.claim_letters(1).await.unwrap().remove(0);
    assert_eq!(letter.address, email("amy"));
    assert!(
        matches!(&letter.about, LetterAbout::News { name, what: SignInNews::CodesOff, .. } if name == "amy"),
        "{letter:?}"
    );
    // Whoever had it verified begins no session with it any more.
    assert_eq!(begins(&world, &verified, "again").await, Begun::PasswordChanged);
    let none = engine.remove_second_factor(amy.person.id, by).await;
    assert!(matches!(none, Err(RemoveFactorError::HasNone)), "{none:?}");
}

async fn nobody_takes_it_from_who_may_do_more(world: World) {
    let root = world.person("root", &[Role::Administrator]).await;
    let (dan, mina) =
        (world.person("dan", &[Role::Dsl]).await, world.person("mina", &[Role::Manager]).manages("Northfield").await);
    let amy = world.learner("amy").of("Northfield").await;
    let remove = async |of: &Someone, by: &Someone| {
        world.engine.remove_second_factor(of.person.id, Actor::Person(by.person.id)).await
    };
    for someone in [&root, &dan, &amy] {
        someone.sets_up_codes().await;
    }
    for (of, by) in [(&root, &root), (&root, &dan), (&amy, &mina), (&amy, &dan), (&dan, &amy)] {
        let refused = remove(of, by).await;
        assert!(matches!(refused, Err(RemoveFactorError::NotTheirs)), "{refused:?}");
    }
    let local = world.learner("local").await;
    let over = world::group(&world, "Northfield").await;
    let duty = engine::Duty { role: Role::Administrator, over: Some(over) };
    world.engine.give_duty(local.person.id, duty, world::today(&world), Actor::CommandLine).await.unwrap();
    assert!(matches!(remove(&dan, &local).await, Err(RemoveFactorError::NotTheirs)));
    remove(&amy, &local).await.unwrap();
    remove(&dan, &root).await.unwrap();
    world.engine.remove_second_factor(root.person.id, Actor::CommandLine).await.unwrap();
}

async fn it_goes_with_its_person(world: World) {
    let amy = world.learner("amy").await;
    amy.sets_up_codes().await;
    let (id, today) = (amy.person.id, world::today(&world));
    world.engine.leave(id, today + chrono::Days::new(1), Actor::CommandLine).await.unwrap();
    world.waits(TimeDelta::days(2));
    world.engine.erase_person(id, Actor::CommandLine).await.unwrap();
    assert_eq!((world.raw.count("second_factor").await, world.raw.count("recovery_code").await), (0, 0));
}

async fn it_is_wanted_of_who_sees_others_from_a_day_on(world: World) {
    let (amy, mina) = (world.learner("amy").await, world.person("mina", &[Role::Manager]).manages("Northfield").await);
    let author = world.person("author", &[Role::Author]).await;
    let signed_in = async |someone: &Someone| {
        world.engine.sign_in(&email(&someone.person.name), PASSWORD, "here").await.unwrap().signed_in
    };
    let must = async |someone: &Someone| {
        let shown = signed_in(someone).await;
        world.engine.must_set_up_second_factor(&someone.person, &shown)
    };
    assert!(!must(&mina).await, "as it ships nobody must");
    let from = world::today(&world) + chrono::Days::new(1);
    let written = format!("roles_are = \"staff\"\n[second_factor]\nrequired_from = {from}");
    world.edits("organisation.toml", "roles_are = \"staff\"", &written);
    world.publishes().await.unwrap();
    world.engine.refresh().await.unwrap();
    assert!(!must(&mina).await, "not before that day");
    world.waits(TimeDelta::days(1));
    assert!(must(&mina).await && !must(&amy).await && !must(&author).await);
    let (phone, _) = mina.sets_up_codes().await;
    let shown = shown(&world, "mina", &phone.shows_another()).await.unwrap().signed_in;
    assert!(!world.engine.must_set_up_second_factor(&mina.person, &shown));
}

async fn who_has_none_is_counted_and_shown(world: World) {
    let root = world.person("root", &[Role::Administrator]).await;
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield").await;
    world.learner("amy").of("Northfield").await;
    let counted = async || {
        let count = world.engine.count_second_factors().await.unwrap();
        (count.people, count.with_factor)
    };
    let shown = async |to: &Someone| {
        let found = world.engine.find_people(&to.person, &engine::WhichPeople::default(), None).await.unwrap();
        let without = found.people.into_iter().filter(|person| person.without_factor);
        without.map(|person| person.name).collect::<Vec<_>>()
    };
    assert_eq!((counted().await, shown(&root).await), ((2, 0), vec!["mina".to_owned(), "root".to_owned()]));
    assert_eq!(shown(&mina).await, Vec::<String>::new(), "it is for administrators to see");
    mina.sets_up_codes().await;
    assert_eq!((counted().await, shown(&root).await), ((2, 1), vec!["root".to_owned()]));
}
