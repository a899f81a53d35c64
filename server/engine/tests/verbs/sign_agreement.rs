//! The gate, and everything that tries to get round it.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use engine::{Actor, Missing, Refused, Role, SignError, SignForm, SignatureId, SignatureWords, Signing};

use world::{Someone, World, agreement, on_both};

on_both![
    whoever_has_the_passes_signs,
    another_name_is_asked_about_once_and_kept_as_confirmed,
    nobody_signs_without_passes,
    a_refusal_writes_nothing_at_all,
    one_of_two_passes_is_not_enough,
    a_failed_attempt_opens_nothing,
    an_open_attempt_with_every_answer_right_opens_nothing,
    somebody_elses_passes_open_nothing,
    a_pass_of_a_superseded_edition_opens_nothing,
    a_pass_of_the_new_edition_opens_it_again,
    a_new_version_of_the_same_edition_leaves_the_gate_open,
    a_pass_counts_until_the_very_moment_of_its_expiry,
    a_renewed_pass_opens_it_again,
    a_pass_that_expires_while_the_signing_waits_opens_nothing,
    a_pass_that_is_superseded_while_the_signing_waits_opens_nothing,
    a_pass_that_is_superseded_between_page_and_signing_opens_nothing,
    a_node_that_has_not_heard_of_the_new_edition_refuses_too,
    publishing_waits_until_a_signing_is_done,
    the_same_form_signs_once,
    the_same_form_sent_many_times_at_once_signs_once,
    two_tabs_sign_once,
    many_tabs_at_once_sign_once,
    two_nodes_sign_once,
    a_form_that_was_used_for_one_agreement_signs_no_other,
    somebody_elses_used_form_signs_nothing_for_me,
    a_text_that_is_not_current_is_not_signed,
    a_node_that_has_not_heard_of_the_new_text_hears_of_it_while_it_signs,
    a_form_that_was_drawn_for_somebody_else_signs_nothing,
    the_text_of_another_agreement_is_not_signed,
    a_text_that_nobody_published_is_not_signed,
    a_box_that_is_not_ticked_signs_nothing,
    a_signature_is_not_dated_before_its_passes_when_the_clock_goes_back,
    a_name_that_is_empty_or_endless_signs_nothing,
    whoever_has_not_shown_for_ten_minutes_who_they_are_signs_nothing,
    setting_the_clock_makes_nobody_fresh,
    what_is_for_others_is_not_signed,
    what_is_not_there_is_not_signed,
    a_signature_keeps_what_it_stands_on,
    a_signature_counts_for_a_year_and_is_renewed_in_its_last_ninety_days,
    a_new_version_asks_for_a_new_signature,
];

async fn whoever_has_the_passes_signs(world: World) {
    world.learner("amy").passes("four-cs").passes("sharing-nudes").signs("learner-aup").await;
    assert_eq!(world.raw.count("signature").await, 1);
}

async fn nobody_signs_without_passes(world: World) {
    let amy = world.learner("amy").await;
    let missing = missing(amy.signs("learner-aup").await);
    assert_eq!(missing, [("four-cs".to_owned(), Missing::NotPassed), ("sharing-nudes".to_owned(), Missing::NotPassed)]);
    assert_eq!(world.raw.count("signature").await, 0);
}

async fn a_refusal_writes_nothing_at_all(world: World) {
    let amy = world.learner("amy").passes("four-cs").await;
    let before = world.raw.everything().await;
    amy.signs("learner-aup").await.unwrap_err();
    assert_eq!(world.raw.everything().await, before);
}

async fn one_of_two_passes_is_not_enough(world: World) {
    let amy = world.learner("amy").passes("four-cs").await;
    assert_eq!(missing(amy.signs("learner-aup").await), [("sharing-nudes".to_owned(), Missing::NotPassed)]);
    assert_eq!(world.raw.count("signature").await, 0);
}

async fn a_failed_attempt_opens_nothing(world: World) {
    let amy = world.learner("amy").passes("sharing-nudes").fails("four-cs").await;
    assert_eq!(missing(amy.signs("learner-aup").await), [("four-cs".to_owned(), Missing::NotPassed)]);
}

async fn an_open_attempt_with_every_answer_right_opens_nothing(world: World) {
    let amy = world.learner("amy").passes("sharing-nudes").await;
    let attempt = amy.starts("four-cs").await.unwrap();
    amy.answers_rightly(attempt).await;
    assert_eq!(missing(amy.signs("learner-aup").await), [("four-cs".to_owned(), Missing::NotPassed)]);
}

async fn somebody_elses_passes_open_nothing(world: World) {
    world.learner("ben").passes("four-cs").passes("sharing-nudes").await;
    let amy = world.learner("amy").await;
    assert_eq!(missing(amy.signs("learner-aup").await).len(), 2);
}

async fn a_pass_of_a_superseded_edition_opens_nothing(world: World) {
    let amy = ready(&world).await;
    world.publishes_new_edition_of("four-cs").await;
    assert_eq!(missing(amy.signs("learner-aup").await), [("four-cs".to_owned(), Missing::Superseded)]);
}

async fn a_pass_of_the_new_edition_opens_it_again(world: World) {
    let amy = ready(&world).await;
    world.publishes_new_edition_of("four-cs").await;
    amy.passes("four-cs").await;
    amy.signs("learner-aup").await.unwrap();
}

async fn a_new_version_of_the_same_edition_leaves_the_gate_open(world: World) {
    let amy = ready(&world).await;
    world.edits("modules/four-cs/10-four-words.md", "what you see", "all that you see");
    world.publishes().await.unwrap();
    amy.signs("learner-aup").await.unwrap();
}

async fn a_pass_counts_until_the_very_moment_of_its_expiry(world: World) {
    let (amy, ben) = (world.learner("amy").passes("four-cs").await, world.learner("ben").passes("four-cs").await);
    world.clock.set(last_moment(&ben).await);
    ben.signs("laptop-loan").await.unwrap();
    world.waits(TimeDelta::microseconds(1));
    assert_eq!(missing(amy.signs("laptop-loan").await), [("four-cs".to_owned(), Missing::Expired)]);
}

async fn a_renewed_pass_opens_it_again(world: World) {
    let amy = ready(&world).await;
    world.waits(TimeDelta::days(400));
    assert_eq!(missing(amy.signs("laptop-loan").await), [("four-cs".to_owned(), Missing::Expired)]);
    amy.passes("four-cs").await;
    amy.signs("laptop-loan").await.unwrap();
}

async fn a_pass_that_expires_while_the_signing_waits_opens_nothing(world: World) {
    let amy = ready(&world).await;
    let form = amy.form("laptop-loan");
    world.clock.set(last_moment(&amy).await);
    let held = world.raw.hold().await;
    let signing = tokio::spawn(sent(&amy, form));
    held.until_somebody_waits().await;
    world.waits(TimeDelta::microseconds(1));
    held.let_go().await;
    assert_eq!(missing(signing.await.unwrap()), [("four-cs".to_owned(), Missing::Expired)]);
    assert_eq!(world.raw.count("signature").await, 0);
}

async fn a_pass_that_is_superseded_while_the_signing_waits_opens_nothing(world: World) {
    let amy = ready(&world).await;
    let mut held = world.raw.hold().await;
    let signing = tokio::spawn(sent(&amy, amy.form("learner-aup")));
    held.until_somebody_waits().await;
    held.run(
        // The same text under a higher edition, as if another node had published it.
        "INSERT INTO module_version (module, number, sha256, edition, title, canonical, published_at, published_by) \
         SELECT module, number + 1, sha256, edition + 1, title, canonical, published_at, 'server' FROM module_version \
         WHERE module = 'four-cs'",
    )
    .await;
    held.let_go().await;
    assert_eq!(missing(signing.await.unwrap()), [("four-cs".to_owned(), Missing::Superseded)]);
    assert_eq!(world.raw.count("signature").await, 0);
}

async fn a_pass_that_is_superseded_between_page_and_signing_opens_nothing(world: World) {
    let amy = ready(&world).await;
    let form = opened(&amy, "learner-aup").await;
    world.publishes_new_edition_of("four-cs").await;
    assert_eq!(missing(amy.sends("learner-aup", &form).await), [("four-cs".to_owned(), Missing::Superseded)]);
}

async fn a_node_that_has_not_heard_of_the_new_edition_refuses_too(world: World) {
    let amy = ready(&world).await;
    let other = world.another_node().await;
    other.publishes_new_edition_of("four-cs").await;
    assert_eq!(missing(amy.signs("learner-aup").await), [("four-cs".to_owned(), Missing::Superseded)]);
}

async fn publishing_waits_until_a_signing_is_done(world: World) {
    let amy = ready(&world).await;
    let held = world.raw.hold().await;
    let signing = tokio::spawn(sent(&amy, amy.form("learner-aup")));
    held.until_somebody_waits().await;
    world.edits("modules/four-cs/module.toml", "edition = 1", "edition = 2");
    let publishing = tokio::spawn({
        let world = world.clone();
        async move { world.publishes().await.unwrap() }
    });
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    assert!(!publishing.is_finished());
    held.let_go().await;
    signing.await.unwrap().unwrap();
    assert_eq!(publishing.await.unwrap().len(), 1);
}

async fn the_same_form_signs_once(world: World) {
    let amy = ready(&world).await;
    let form = amy.form("learner-aup");
    let first = amy.sends("learner-aup", &form).await.unwrap();
    world.waits(TimeDelta::days(300));
    assert_eq!(amy.sends("learner-aup", &form).await.unwrap(), first);
    assert_eq!(world.raw.count("signature").await, 1);
}

async fn the_same_form_sent_many_times_at_once_signs_once(world: World) {
    let amy = ready(&world).await;
    let form = amy.form("learner-aup");
    let signatures = all_at_once((0..8).map(|_| sent(&amy, form.clone()))).await;
    assert_eq!((signatures.len(), world.raw.count("signature").await), (1, 1));
}

async fn two_tabs_sign_once(world: World) {
    let amy = ready(&world).await;
    let (one, other) = (opened(&amy, "learner-aup").await, opened(&amy, "learner-aup").await);
    assert_ne!(one.key, other.key);
    let first = amy.sends("learner-aup", &one).await.unwrap();
    assert_eq!(amy.sends("learner-aup", &other).await.unwrap(), first);
    assert_eq!(world.raw.count("signature").await, 1);
}

async fn many_tabs_at_once_sign_once(world: World) {
    let amy = ready(&world).await;
    let signatures = all_at_once((0..8).map(|_| sent(&amy, amy.form("learner-aup")))).await;
    assert_eq!((signatures.len(), world.raw.count("signature").await), (1, 1));
}

async fn two_nodes_sign_once(world: World) {
    let amy = ready(&world).await;
    let there = amy.at(&world.another_node().await);
    let tabs = [&amy, &there, &amy, &there].map(|tab| sent(tab, tab.form("learner-aup")));
    let signatures = all_at_once(tabs).await;
    assert_eq!((signatures.len(), world.raw.count("signature").await), (1, 1));
}

async fn a_form_that_was_used_for_one_agreement_signs_no_other(world: World) {
    let amy = ready(&world).await;
    let used = amy.form("laptop-loan");
    amy.sends("laptop-loan", &used).await.unwrap();
    let reused = SignForm { key: used.key, ..amy.form("learner-aup") };
    assert!(matches!(amy.sends("learner-aup", &reused).await, Err(SignError::FormUsed)));
    assert_eq!(world.raw.count("signature").await, 1);
}

async fn somebody_elses_used_form_signs_nothing_for_me(world: World) {
    let amy = ready(&world).await;
    let ben = world.learner("ben").passes("four-cs").passes("sharing-nudes").await;
    let used = amy.form("learner-aup");
    amy.sends("learner-aup", &used).await.unwrap();
    assert!(matches!(ben.sends("learner-aup", &used).await, Err(SignError::FormUsed)));
    assert_eq!(world.raw.count("signature").await, 1);
}

async fn a_text_that_is_not_current_is_not_signed(world: World) {
    let amy = ready(&world).await;
    let form = opened(&amy, "learner-aup").await;
    world.publishes_new_version_of("learner-aup").await;
    assert!(matches!(amy.sends("learner-aup", &form).await, Err(SignError::TextChanged)));
    assert_eq!(world.raw.count("signature").await, 0);
}

async fn a_node_that_has_not_heard_of_the_new_text_hears_of_it_while_it_signs(world: World) {
    let amy = ready(&world).await;
    let other = world.another_node().await;
    other.publishes_new_version_of("learner-aup").await;
    let form = amy.at(&other).form("learner-aup");
    assert!(matches!(amy.signs("learner-aup").await, Err(SignError::TextChanged)));
    assert_eq!(world.raw.count("signature").await, 0);
    amy.sends("learner-aup", &form).await.unwrap();
}

async fn a_form_that_was_drawn_for_somebody_else_signs_nothing(world: World) {
    let (amy, ben) = (ready(&world).await, world.learner("ben").passes("four-cs").passes("sharing-nudes").await);
    let refused = ben.sends("learner-aup", &amy.form("learner-aup")).await;
    assert!(matches!(refused, Err(SignError::FormUsed)));
    assert_eq!(world.raw.count("signature").await, 0);
}

async fn the_text_of_another_agreement_is_not_signed(world: World) {
    let amy = ready(&world).await;
    let form = SignForm { version: amy.form("laptop-loan").version, ..amy.form("learner-aup") };
    assert!(matches!(amy.sends("learner-aup", &form).await, Err(SignError::TextChanged)));
}

async fn a_text_that_nobody_published_is_not_signed(world: World) {
    let amy = ready(&world).await;
    world.edits("agreements/learner-aup.md", "my own account", "any account");
    let version = world.compiles().agreements[&agreement("learner-aup")].canonical.sha256;
    let form = SignForm { version, key: world.engine.form_key(&amy.person, version), ..amy.form("learner-aup") };
    assert!(matches!(amy.sends("learner-aup", &form).await, Err(SignError::TextChanged)));
}

async fn a_signature_is_not_dated_before_its_passes_when_the_clock_goes_back(world: World) {
    let amy = ready(&world).await;
    let passed_at = world.engine.now();
    world.clock.set(passed_at - TimeDelta::hours(2));
    // The signed log takes nothing by a clock that went back, until somebody says that it is right.
    assert!(matches!(amy.signs("learner-aup").await, Err(SignError::Refused(Refused::Internal(_)))));
    assert_eq!(world.raw.count("signature").await, 0);
    world.engine.accept_clock(Actor::CommandLine).await.unwrap();
    let id = amy.signs("learner-aup").await.unwrap();
    assert!(world.engine.receipt(&amy.person, id).await.unwrap().signature.signed_at >= passed_at);
}

async fn a_box_that_is_not_ticked_signs_nothing(world: World) {
    let amy = ready(&world).await;
    let form = SignForm { agreed: false, ..amy.form("learner-aup") };
    let refused = amy.sends("learner-aup", &form).await;
    assert!(matches!(refused, Err(SignError::Incomplete { name: None, agreement: true })));
    assert_eq!(world.raw.count("signature").await, 0);
}

async fn a_name_that_is_empty_or_endless_signs_nothing(world: World) {
    let amy = ready(&world).await;
    for typed_name in [String::new(), " \t ".to_owned(), "x".to_owned(), "a".repeat(201)] {
        let form = SignForm { typed_name, ..amy.form("learner-aup") };
        let refused = amy.sends("learner-aup", &form).await;
        assert!(matches!(refused, Err(SignError::Incomplete { name: Some(_), agreement: false })));
    }
    assert_eq!(world.raw.count("signature").await, 0);
}

async fn whoever_has_not_shown_for_ten_minutes_who_they_are_signs_nothing(world: World) {
    let amy = ready(&world).await;
    let signed_in = amy.signed_in();
    world.waits(TimeDelta::minutes(10));
    assert!(!world.engine.is_fresh(&signed_in));
    let refused = amy.sends_having("learner-aup", &amy.form("learner-aup"), &signed_in).await;
    assert!(matches!(refused, Err(SignError::NotFresh)), "{refused:?}");
    assert_eq!(world.raw.count("signature").await, 0);
    world.waits(-TimeDelta::microseconds(1));
    amy.sends_having("learner-aup", &amy.form("learner-aup"), &signed_in).await.unwrap();
}

async fn setting_the_clock_makes_nobody_fresh(world: World) {
    let amy = ready(&world).await;
    let signed_in = amy.signed_in();
    world.sets_clock(-TimeDelta::hours(1));
    // Time goes slower by a twentieth until the clock is right.
    world.waits(TimeDelta::minutes(11));
    assert!(!world.engine.is_fresh(&signed_in));
    world.sets_clock(TimeDelta::hours(1));
    let signed_in = amy.signed_in();
    world.sets_clock(TimeDelta::hours(1));
    assert!(world.engine.is_fresh(&signed_in));
}

async fn what_is_for_others_is_not_signed(world: World) {
    let ada = world.person("ada", &[Role::Auditor]).passes("four-cs").await;
    let refused = ada.signs("learner-aup").await;
    assert!(matches!(refused, Err(SignError::Refused(Refused::NotForYou))));
}

async fn what_is_not_there_is_not_signed(world: World) {
    let amy = ready(&world).await;
    let refused = amy.sends("learner-rules", &amy.form("learner-aup")).await;
    assert!(matches!(refused, Err(SignError::Refused(Refused::NotFound))));
}

async fn another_name_is_asked_about_once_and_kept_as_confirmed(world: World) {
    let amy = ready(&world).await;
    let mickey = SignForm { typed_name: "Mickey Mouse".to_owned(), ..amy.form("learner-aup") };
    assert!(matches!(amy.sends("learner-aup", &mickey).await, Err(SignError::OtherName)));
    assert_eq!(world.raw.count("signature").await, 0);
    let id = amy.sends("learner-aup", &SignForm { confirmed: true, ..mickey }).await.unwrap();
    let words = world.engine.receipt(&amy.person, id).await.unwrap().signature.words.unwrap();
    assert_eq!((&*words.typed_name, words.confirmed), ("Mickey Mouse", true));
}

async fn a_signature_keeps_what_it_stands_on(world: World) {
    let amy = ready(&world).await;
    let form = SignForm { typed_name: "  Amy Archer ".to_owned(), ..amy.form("learner-aup") };
    let id = amy.sends("learner-aup", &form).await.unwrap();
    world.publishes_new_edition_of("four-cs").await;
    world.publishes_new_version_of("learner-aup").await;

    let receipt = world.engine.receipt(&amy.person, id).await.unwrap();
    let signature = &receipt.signature;
    let words = SignatureWords { person_name: "amy".to_owned(), typed_name: "Amy Archer".to_owned(), confirmed: false };
    assert_eq!(
        (signature.words.clone(), &*signature.statement, &*signature.sign_in_method),
        (Some(words), "I have read this agreement, and I agree to keep to it.", "password")
    );
    assert_eq!((signature.version, receipt.agreement.canonical.sha256), (1, form.version));
    assert_eq!(receipt.agreement.current().version, "1.0");
    let passes: Vec<_> =
        receipt.passes.iter().map(|pass| (&*pass.title, pass.number, pass.earned.to_string())).collect();
    assert_eq!(passes, [("The 4 Cs", 1, "3".to_owned()), ("Sharing nudes", 1, "1".to_owned())]);
    assert_eq!(receipt.submitted_to.unwrap().id, "head-of-digital-and-ict");
}

async fn a_signature_counts_for_a_year_and_is_renewed_in_its_last_ninety_days(world: World) {
    let amy = ready(&world).await;
    let first = amy.signs("learner-aup").await.unwrap();
    let expiry = world.engine.receipt(&amy.person, first).await.unwrap().signature.expires_at.unwrap();
    assert_eq!(expiry.to_rfc3339(), "2027-11-23T09:05:00+00:00");
    world.clock.set(expiry - TimeDelta::days(90) - TimeDelta::microseconds(1));
    assert_eq!(amy.signs("learner-aup").await.unwrap(), first);
    world.clock.set(expiry - TimeDelta::days(90));
    let second = amy.signs("learner-aup").await.unwrap();
    assert_ne!(second, first);
    assert_eq!(amy.signs("learner-aup").await.unwrap(), second);
}

async fn a_new_version_asks_for_a_new_signature(world: World) {
    let amy = ready(&world).await;
    let first = amy.signs("learner-aup").await.unwrap();
    world.publishes_new_version_of("learner-aup").await;
    let second = amy.signs("learner-aup").await.unwrap();
    assert_ne!(second, first);
    assert_eq!(world.raw.count("signature").await, 2);
}

/// A learner who has passed all that the learner AUP requires.
async fn ready(world: &World) -> Someone {
    world.learner("amy").passes("four-cs").waits(TimeDelta::minutes(5)).passes("sharing-nudes").await
}

/// The last moment at which their pass in the 4 Cs counts.
async fn last_moment(someone: &Someone) -> chrono::DateTime<chrono::Utc> {
    let overview = someone.world.engine.module_overview(&someone.person, &world::slug("four-cs")).await.unwrap();
    overview.pass.unwrap().expires_at - TimeDelta::microseconds(1)
}

/// The form as their page offers it, filled in.
async fn opened(someone: &Someone, name: &str) -> SignForm {
    let page = someone.world.engine.agreement_page(&someone.person, &agreement(name)).await.unwrap();
    let Signing::Open(key) = page.signing else { panic!("{name} cannot be signed: {:?}", page.signing) };
    SignForm { version: page.agreement.canonical.sha256, key, ..someone.form(name) }
}

/// The sending of a form for whichever agreement its text belongs to, ready to be spawned.
fn sent(someone: &Someone, form: SignForm) -> impl Future<Output = Result<SignatureId, SignError>> + Send + use<> {
    let someone = someone.clone();
    let agreements = &someone.world.engine.catalogue().agreements;
    let of_form = agreements.values().find(|agreement| agreement.canonical.sha256 == form.version).unwrap();
    let name = of_form.slug.to_string();
    async move { someone.sends(&name, &form).await }
}

/// Everything that comes of signings that all begin at once.
async fn all_at_once<F>(signings: impl IntoIterator<Item = F>) -> BTreeSet<SignatureId>
where
    F: Future<Output = Result<SignatureId, SignError>> + Send + 'static,
{
    let under_way: Vec<_> = signings.into_iter().map(tokio::spawn).collect();
    let mut signatures = BTreeSet::new();
    for signing in under_way {
        signatures.insert(signing.await.unwrap().unwrap());
    }
    signatures
}

/// What a signing that was refused says is missing.
fn missing(refused: Result<SignatureId, SignError>) -> Vec<(String, Missing)> {
    match refused {
        Err(SignError::Closed(gate)) => gate
            .items
            .into_iter()
            .filter_map(|item| item.pass.err().map(|missing| (item.module.to_string(), missing)))
            .collect(),
        other => panic!("the gate did not refuse: {other:?}"),
    }
}
