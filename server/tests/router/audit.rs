//! What those see who check: the register, who has not signed, who looked, and the way there.

use axum::http::StatusCode;
use engine::{Actor, Role};

use crate::site::Site;
use world::{World, on_both};

on_both![
    the_bar_leads_there_for_those_who_check_alone,
    the_register_is_narrowed_by_its_address,
    what_is_no_day_is_said,
    a_head_below_which_nobody_stands_is_what_is_wrong,
    what_is_listed_can_be_taken_away_in_two_forms,
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
        for address in [
            "/audit/csv",
            "/audit/xlsx",
            "/audit/unsigned/csv",
            "/audit/unsigned/xlsx",
            "/audit/declined/csv",
            "/audit/declined/xlsx",
        ] {
            assert_eq!(browser.post(address, &[]).await.status, expected, "{name} {address}");
        }
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
        // As whoever typed something else is told to write it.
        ("from=23%20November%202026&to=23/11/2026", &["amy", "ben"]),
        ("from=24/11/2026", &[]),
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
    let named = "Signed from: “yesterday” is no day. Write it as 3 September 2026 or 03/09/2026.";
    assert!(page.contains("Error: Register") && page.contains(named) && page.contains("Signed until: “"), "{page}");
    assert!(page.contains("value=\"yesterday\"") && !page.contains("<b>"), "{page}");
    // What is wrong comes first, and nothing is said of what fits.
    for (address, claims) in [
        ("/audit?from=yesterday&name=amy", ["No signature fits", "newest first"]),
        ("/audit/looks?to=yesterday&of=amy", ["Nobody has looked", ">Looks<"]),
    ] {
        let reply = browser.get(address).await;
        let page = reply.text();
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{address}");
        assert!(page.find("error-summary").unwrap() < page.find("<h1").unwrap(), "{page}");
        assert!(page.contains("aria-invalid=\"true\"") && page.contains("value=\"amy\""), "{page}");
        assert!(!claims.iter().any(|claim| page.contains(claim)), "{page}");
    }
    let before = world.raw.count("log_leaf").await;
    for address in ["/audit/csv", "/audit/xlsx"] {
        let refused = browser.post(address, &[("from", "yesterday")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{address}");
    }
    assert_eq!(world.raw.count("log_leaf").await, before);
    let pack = browser.post("/audit/pack", &[("sample", "0"), ("word", "heron"), ("head", "")]).await.text();
    assert!(pack.find("error-summary").unwrap() < pack.find("<h1").unwrap(), "{pack}");
}

async fn a_head_below_which_nobody_stands_is_what_is_wrong(world: World) {
    world.learner("amy").await;
    let mut browser = Site::over(&world).browser_of(&world.person("ada", &[Role::Auditor]).await).await;
    let published = browser.get("/log/checkpoint").await.text();
    let asked = [("sample", "1"), ("word", "heron"), ("head", published.as_str())];
    let reply = browser.post("/audit/pack", &asked).await;
    let page = reply.text();
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{page}");
    assert!(page.contains("href=\"#head\"") && !page.contains("href=\"#sample\""), "{page}");
}

async fn what_is_listed_can_be_taken_away_in_two_forms(world: World) {
    world.learner("amy").of("Cohort A").passes("four-cs").signs("laptop-loan").await;
    world.learner("ben").of("Cohort B").await;
    let mut browser = Site::over(&world).browser_of(&world.person("ada", &[Role::Auditor]).await).await;
    let before = world.raw.count("log_leaf").await;
    let book = browser.post("/audit/xlsx", &[("agreement", "laptop-loan")]).await;
    assert_eq!(book.header("content-disposition"), "attachment; filename=\"signatures-2026-11-23.xlsx\"");
    assert!(book.body.starts_with(b"PK\x03\x04") && book.body.len() > 4000, "{}", book.body.len());
    let page = browser.get("/audit/unsigned?agreement=learner-aup&who=not-asked").await.text();
    assert!(page.contains("action=\"/audit/unsigned/xlsx\""), "{page}");
    let group = world.engine.group_at("Cohort B", Actor::CommandLine).await.unwrap().to_string();
    let asked = [("agreement", "learner-aup"), ("who", "not-signed"), ("group", group.as_str())];
    let table = browser.post("/audit/unsigned/csv", &asked).await;
    let name = "attachment; filename=\"learner-aup-not-signed-2026-11-23.csv\"";
    assert_eq!(table.header("content-disposition"), name);
    let text = table.text();
    assert!(
        text.contains("\r\nben,") && text.contains("Not started,") && text.contains("Modules are missing"),
        "{text}"
    );
    assert!(!text.contains("amy"), "{text}");
    let book = browser.post("/audit/unsigned/xlsx", &asked).await;
    assert!(book.body.starts_with(b"PK\x03\x04") && book.body.len() > 4000, "{}", book.body.len());
    // Each is noted.
    assert_eq!(world.raw.count("log_leaf").await, before + 3);
    // In which groups people are stands beside their names.
    let table = browser.post("/audit/csv", &[("agreement", "laptop-loan")]).await.text();
    assert!(table.contains("Name,Groups,Agreement,") && table.contains("\r\namy,Cohort A,Laptop loan,"), "{table}");
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
    // Where there is nobody, that is said, with what leads on.
    let page = browser.get("/audit/unsigned?agreement=learner-aup&who=signed").await.text();
    assert!(page.contains("<h2>Nobody is covered by a signature of") && page.contains("role=\"status\""), "{page}");
    assert!(page.contains("href=\"/audit/unsigned?agreement=learner-aup&amp;who=not-signed\""), "{page}");
    assert!(!page.contains(" 0 are ") && page.contains("3 people were looked at."), "{page}");
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
    let account = hers.get("/account").await.text();
    assert!(account.contains("your answers or what you signed once. Each time is noted"), "{account}");
    let looks = browser.get("/audit/looks").await.text();
    let (_, after) = looks.split_once(">ada</td>").unwrap();
    assert!(after.split_once("</tr>").is_some_and(|(row, _)| row.contains(">amy</td>")), "{looks}");
    assert!(browser.get("/audit/looks?of=amy&by=ada").await.text().contains(">ada</td>"));
    let none = browser.get("/audit/looks?of=nobody").await.text();
    assert!(none.contains("Nobody has looked who fits") && none.contains("value=\"nobody\""), "{none}");
    let typed = browser.get("/audit/looks?from=23%20November%202026&to=23/11/2026").await.text();
    assert!(typed.contains(">ada</td>") && typed.matches("value=\"2026-11-23\"").count() == 2, "{typed}");
    let wrong = browser.get("/audit/looks?from=yesterday").await.text();
    assert!(wrong.contains("Error: Who looked") && wrong.contains("value=\"yesterday\""), "{wrong}");
}
