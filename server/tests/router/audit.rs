//! What those see who check: the register, who has not signed, who looked, and the way there.

use axum::http::StatusCode;
use engine::Role;

use crate::site::Site;
use world::{World, on_both};

on_both![
    the_bar_leads_there_for_those_who_check_alone,
    the_register_is_narrowed_by_its_address,
    what_is_no_day_is_said,
    the_table_is_a_file_and_takes_what_was_asked_for,
    who_has_not_signed_is_listed_with_where_they_stand,
    the_signer_is_told_how_often_others_looked,
];

async fn the_bar_leads_there_for_those_who_check_alone(world: World) {
    let site = Site::over(&world);
    for (name, role, leads) in
        [("ada", Role::Auditor, true), ("root", Role::Administrator, true), ("dan", Role::Dsl, false)]
    {
        let mut browser = site.browser_of(&world.person(name, &[role]).await).await;
        // Administrators come to it from their own part.
        let way = if role == Role::Administrator { "/admin" } else { "/audit" };
        assert_eq!(browser.get("/help").await.text().contains(&format!("href=\"{way}\"")), leads, "{name}");
        let expected = if leads { StatusCode::OK } else { StatusCode::FORBIDDEN };
        for address in ["/audit", "/audit/unsigned", "/audit/declined", "/audit/looks"] {
            assert_eq!(browser.get(address).await.status, expected, "{name} {address}");
        }
        assert_eq!(browser.post("/audit/csv", &[]).await.status, expected, "{name}");
    }
    let mut hers = site.browser_of(&world.learner("amy").await).await;
    assert!(!hers.get("/").await.text().contains("href=\"/audit\""));
}

async fn the_register_is_narrowed_by_its_address(world: World) {
    let amy = world.learner("amy").passes("four-cs").await;
    let id = amy.signs("laptop-loan").await.unwrap();
    world.learner("ben").passes("four-cs").passes("sharing-nudes").signs("learner-aup").await;
    let mut browser = Site::over(&world).browser_of(&world.person("ada", &[Role::Auditor]).await).await;
    let all = browser.get("/audit").await.text();
    assert!(all.contains("2 signatures, newest first") && all.contains(&format!("/signatures/{id}")), "{all}");
    assert!(all.contains("It was last sealed on 23 November 2026 at 09:00."), "{all}");
    for (query, names) in [
        ("agreement=laptop-loan", ["amy"].as_slice()),
        ("name=BEN", &["ben"]),
        ("from=2026-11-23&to=2026-11-23", &["amy", "ben"]),
        ("from=2026-11-24", &[]),
        ("agreement=no-such-agreement-here&version=7", &[]),
    ] {
        let page = browser.get(&format!("/audit?{query}")).await.text();
        for name in ["amy", "ben"] {
            assert_eq!(page.contains(&format!(">{name}</a></th>")), names.contains(&name), "{query} {name}");
        }
    }
}

async fn what_is_no_day_is_said(world: World) {
    let mut browser = Site::over(&world).browser_of(&world.person("ada", &[Role::Auditor]).await).await;
    let page = browser.get("/audit?from=yesterday&to=%3Cb%3E").await.text();
    assert!(page.contains("Error: Register") && page.contains("Choose a day"), "{page}");
    assert!(page.contains("value=\"yesterday\"") && !page.contains("<b>"), "{page}");
}

async fn the_table_is_a_file_and_takes_what_was_asked_for(world: World) {
    world.learner("amy").passes("four-cs").signs("laptop-loan").await;
    world.learner("ben").passes("four-cs").signs("laptop-loan").await;
    let mut browser = Site::over(&world).browser_of(&world.person("ada", &[Role::Auditor]).await).await;
    let before = world.raw.count("log_leaf").await;
    let reply = browser.post("/audit/csv", &[("name", "amy"), ("agreement", ""), ("group", "")]).await;
    assert_eq!((reply.status, reply.header("content-type")), (StatusCode::OK, "text/csv; charset=utf-8"));
    assert_eq!(reply.header("content-disposition"), "attachment; filename=\"signatures-2026-11-23.csv\"");
    assert!(reply.text().contains("\r\namy,") && !reply.text().contains("ben"), "{}", reply.text());
    assert_eq!(world.raw.count("log_leaf").await, before + 1);
}

async fn who_has_not_signed_is_listed_with_where_they_stand(world: World) {
    world.learner("amy").await;
    world.learner("ben").passes("four-cs").passes("sharing-nudes").await;
    let mut browser = Site::over(&world).browser_of(&world.person("ada", &[Role::Auditor]).await).await;
    let page = browser.get("/audit/unsigned?agreement=learner-aup").await.text();
    assert!(page.contains("of 3 people looked at, 2 are asked for it, without a signature that counts."), "{page}");
    assert!(page.contains("Modules are missing") && page.contains("Not started"), "{page}");
    let page = browser.get("/audit/unsigned?agreement=learner-aup&who=not-asked").await.text();
    assert!(page.contains("1 is not asked for it"), "{page}");
}

async fn the_signer_is_told_how_often_others_looked(world: World) {
    let amy = world.learner("amy").passes("four-cs").await;
    let id = amy.signs("laptop-loan").await.unwrap();
    let site = Site::over(&world);
    let mut hers = site.browser_of(&amy).await;
    let receipt = format!("/receipts/{id}");
    assert!(!hers.get(&receipt).await.text().contains("have looked at"));
    let mut browser = site.browser_of(&world.person("ada", &[Role::Auditor]).await).await;
    let theirs = browser.get(&receipt).await.text();
    assert!(
        theirs.contains("This proves that they signed this text") && !theirs.contains("have looked at"),
        "{theirs}"
    );
    let page = hers.get(&receipt).await.text();
    assert!(page.contains("have looked at what you signed once. Each look is noted."), "{page}");
    let looks = browser.get("/audit/looks").await.text();
    let (_, after) = looks.split_once(">ada</td>").unwrap();
    assert!(after.split_once("</tr>").is_some_and(|(row, _)| row.contains(">amy</td>")), "{looks}");
    assert!(browser.get("/audit/looks?of=amy&by=ada").await.text().contains(">ada</td>"));
    let none = browser.get("/audit/looks?of=nobody").await.text();
    assert!(none.contains("Nobody has looked who fits") && none.contains("value=\"nobody\""), "{none}");
    let wrong = browser.get("/audit/looks?from=yesterday").await.text();
    assert!(wrong.contains("Error: Who looked") && wrong.contains("value=\"yesterday\""), "{wrong}");
}
