//! What belongs to one person is nobody else's to know of.

use axum::http::StatusCode;
use chrono::TimeDelta;
use engine::{Actor, Duty, Role, SignatureId, TutorTaskId, local_date};

use crate::site::Site;
use world::{Someone, World, on_both};

on_both![
    nobody_opens_somebody_elses_attempt,
    nobody_opens_somebody_elses_result,
    nobody_answers_or_hands_in_for_somebody_else,
    evidence_is_shown_to_its_signer_and_to_those_who_check,
    who_checks_one_group_sees_no_evidence_of_another,
    a_duty_that_has_ended_shows_no_evidence,
    a_tutor_helps_the_learners_of_their_own_groups_alone,
    what_is_not_theirs_and_what_is_not_there_look_the_same,
];

async fn nobody_opens_somebody_elses_attempt(world: World) {
    let amy = world.learner("amy").await;
    let attempt = amy.starts("sharing-nudes").await.unwrap();
    refused_to_all_but(
        &amy,
        &[&format!("/attempts/{attempt}?question=1"), &format!("/attempts/{attempt}/review")],
        &[],
    )
    .await;
}

async fn nobody_opens_somebody_elses_result(world: World) {
    let amy = world.learner("amy").await;
    let attempt = amy.passes("sharing-nudes").await;
    refused_to_all_but(&amy, &[&format!("/attempts/{attempt}")], &[]).await;
}

async fn nobody_answers_or_hands_in_for_somebody_else(world: World) {
    let site = Site::over(&world);
    let amy = world.learner("amy").await;
    let attempt = amy.starts("sharing-nudes").await.unwrap();
    let mut his = site.browser_of(&world.learner("ben").await).await;
    let answer = [("question", "1"), ("option", "a")];
    let answers = format!("/attempts/{attempt}/answers");
    assert_eq!(his.post(&answers, &answer).await.status, StatusCode::NOT_FOUND);
    assert_eq!(his.post_for_json(&answers, &answer).await.status, StatusCode::NOT_FOUND);
    assert_eq!(his.post(&format!("/attempts/{attempt}/submit"), &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(amy.saved(attempt, "first").await, "");
}

async fn evidence_is_shown_to_its_signer_and_to_those_who_check(world: World) {
    let amy = world.learner("amy").of("Northfield").passes("four-cs").await;
    let signature = amy.signs("laptop-loan").await.unwrap();
    let addresses = evidence_of(signature);
    let addresses: Vec<&str> = addresses.iter().map(String::as_str).collect();
    refused_to_all_but(&amy, &addresses, &[Role::Dsl, Role::Auditor, Role::Administrator]).await;
}

async fn who_checks_one_group_sees_no_evidence_of_another(world: World) {
    let amy = world.learner("amy").of("Northfield/Cohort A").passes("four-cs").await;
    let ben = world.learner("ben").of("Northfield/Cohort B").passes("four-cs").await;
    let hers = evidence_of(amy.signs("laptop-loan").await.unwrap());
    let his = evidence_of(ben.signs("laptop-loan").await.unwrap());
    let ada = world.learner("ada").await;
    let over = Some(world.engine.group_at("Northfield/Cohort A", Actor::CommandLine).await.unwrap());
    let today = local_date(world.engine.now());
    world.engine.give_duty(ada.person.id, Duty { role: Role::Auditor, over }, today, Actor::CommandLine).await.unwrap();
    let mut browser = Site::over(&world).browser_of(&ada).await;
    for (hers, his) in hers.iter().zip(&his) {
        assert_eq!(browser.get(hers).await.status, StatusCode::OK, "{hers}");
        assert_eq!(browser.get(his).await.status, StatusCode::NOT_FOUND, "{his}");
    }
}

async fn a_duty_that_has_ended_shows_no_evidence(world: World) {
    let amy = world.learner("amy").passes("four-cs").await;
    let addresses = evidence_of(amy.signs("laptop-loan").await.unwrap());
    let ada = world.person("ada", &[Role::Auditor]).await;
    let mut browser = Site::over(&world).browser_of(&ada).await;
    for address in &addresses {
        assert_eq!(browser.get(address).await.status, StatusCode::OK, "{address}");
    }
    let duty = Duty { role: Role::Auditor, over: None };
    world.engine.end_duty(ada.person.id, duty, local_date(world.engine.now()), Actor::CommandLine).await.unwrap();
    for address in &addresses {
        assert_eq!(browser.get(address).await.status, StatusCode::NOT_FOUND, "{address}");
    }
}

/// Every address that shows what proves a signature.
fn evidence_of(signature: SignatureId) -> [String; 3] {
    [format!("/receipts/{signature}"), format!("/receipts/{signature}/file"), format!("/signatures/{signature}")]
}

async fn a_tutor_helps_the_learners_of_their_own_groups_alone(world: World) {
    let site = Site::over(&world);
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield/Cohort A").await;
    let otto = world.person("otto", &[Role::Manager]).manages("Northfield/Cohort B").await;
    let amy = world.learner("amy").of("Northfield/Cohort B");
    amy.fails("four-cs").waits(TimeDelta::minutes(10)).fails("four-cs").await;
    let task = world.engine.stuck_learners(&otto.person).await.unwrap()[0].task;
    let (mut hers, mut his) = (site.browser_of(&mina).await, site.browser_of(&otto).await);
    assert!(!hers.get("/").await.text().contains("amy"));
    assert!(his.get("/").await.text().contains("amy"));
    let allow = format!("/tutor-tasks/{task}/allow");
    assert_eq!(hers.post(&allow, &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(his.post(&allow, &[]).await.status, StatusCode::SEE_OTHER);
    assert!(!his.get("/").await.text().contains("amy"));
}

async fn what_is_not_theirs_and_what_is_not_there_look_the_same(world: World) {
    let site = Site::over(&world);
    let amy = world.learner("amy").passes("four-cs").await;
    let (signature, attempt) = (amy.signs("laptop-loan").await.unwrap(), amy.starts("sharing-nudes").await.unwrap());
    let nothing = TutorTaskId(world.random_id());
    let mut his = site.browser_of(&world.learner("ben").await).await;
    for (theirs, missing) in [
        (format!("/receipts/{signature}"), format!("/receipts/{nothing}")),
        (format!("/attempts/{attempt}"), format!("/attempts/{nothing}")),
    ] {
        let (theirs, missing) = (his.get(&theirs).await, his.get(&missing).await);
        assert_eq!(theirs.text().replace(theirs.nonce(), ""), missing.text().replace(missing.nonce(), ""));
    }
}

/// The owner and these roles are shown every address, and nobody else is told that there is anything.
async fn refused_to_all_but(owner: &Someone, addresses: &[&str], allowed: &[Role]) {
    let site = Site::over(&owner.world);
    let mut own = site.browser_of(owner).await;
    for address in addresses {
        assert_eq!(own.get(address).await.status, StatusCode::OK, "{address}");
    }
    for role in Role::ALL {
        let other = owner.world.person(role.code(), &[role]).manages("Northfield").await;
        let mut browser = site.browser_of(&other).await;
        let expected = if allowed.contains(&role) { StatusCode::OK } else { StatusCode::NOT_FOUND };
        for address in addresses {
            assert_eq!(browser.get(address).await.status, expected, "{role:?} {address}");
        }
    }
}
