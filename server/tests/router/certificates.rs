//! Certificates as files, and the page on which anybody checks one.

use axum::http::StatusCode;

use crate::site::Site;
use world::{World, on_both};

on_both![
    a_pass_that_was_recorded_wrongly_is_withdrawn,
    a_certificate_is_a_file_that_is_named_after_module_and_day,
    anybody_checks_a_code_without_signing_in
];

async fn a_certificate_is_a_file_that_is_named_after_module_and_day(world: World) {
    let amy = world.learner("amy").passes("four-cs").await;
    let site = Site::over(&world);
    let mut browser = site.browser_of(&amy).await;
    let page = browser.get("/cpd").await.text();
    let (_, rest) = page.split_once("href=\"/certificates/").unwrap();
    let address = format!("/certificates/{}", rest.split_once('"').unwrap().0);
    assert!(browser.get("/").await.text().contains(&address));
    let reply = browser.get(&address).await;
    assert_eq!((reply.status, reply.header("content-type")), (StatusCode::OK, "application/pdf"));
    let kept_as = "attachment; filename=\"certificate-four-cs-2026-11-23.pdf\"";
    assert_eq!((reply.header("content-disposition"), reply.header("cache-control")), (kept_as, "no-store"));
    assert!(reply.body.starts_with(b"%PDF-"));
    let ben = world.learner("ben").await;
    assert_eq!(site.browser_of(&ben).await.get(&address).await.status, StatusCode::NOT_FOUND);
}

async fn anybody_checks_a_code_without_signing_in(world: World) {
    let amy = world.learner("amy").passes("four-cs").await;
    let record = world.engine.cpd_record(amy.person.id).await.unwrap();
    let certificate = world.engine.certificate(&amy.person, record.years[0].entries[0].completion).await.unwrap();
    let mut browser = Site::over(&world).browser();
    assert!(browser.get("/verify").await.text().contains("Check a certificate"));
    let typed = certificate.code.to_string().to_lowercase();
    let reply = browser.get(&format!("/verify?code={typed}")).await;
    assert_eq!(reply.location(), format!("/verify/{}", certificate.code.as_str()));
    let reply = browser.get(reply.location()).await;
    assert_eq!((reply.status, reply.header("x-robots-tag")), (StatusCode::OK, "noindex, nofollow"));
    let page = reply.text();
    let entry = format!("Entry {} of northfield.example", certificate.entry.number);
    for said in ["amy", "Genuine, and it still stands", "23 November 2026", "23 November 2027", &entry] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let reply = browser.get("/verify?code=none").await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(reply.text().contains("A code has 16 letters and figures"));
    for _ in 0..20 {
        assert_eq!(browser.get("/verify/0000000000000000").await.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(browser.get("/verify/0000000000000000").await.status, StatusCode::TOO_MANY_REQUESTS);
}

async fn a_pass_that_was_recorded_wrongly_is_withdrawn(world: World) {
    let amy = world.learner("amy").passes("four-cs").passes("sharing-nudes").await;
    let signature = amy.signs("learner-aup").await.unwrap();
    let site = Site::over(&world);
    let mut root = site.browser_of(&world.person("root", &[engine::Role::Administrator]).await).await;
    let record = format!("/people/{}", amy.person.id);
    let page = root.get(&record).await.text();
    let (_, rest) = page.split_once("href=\"/passes/").unwrap();
    let address = format!("/passes/{}", rest.split_once('"').unwrap().0);
    let form = root.get(&address).await.text();
    assert!(
        form.contains("Withdraw the pass in") && form.contains("amy") && form.contains("cannot be taken back"),
        "{form}"
    );
    let reply = root.post(&address, &[("code", ""), ("reason", "A friend took it")]).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(reply.text().contains("Choose what was wrong") && reply.text().contains("A friend took it"));
    let reply = root.post(&address, &[("code", "not-their-own"), ("reason", "")]).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    let reply = root.post(&address, &[("code", "not-their-own"), ("reason", "A friend took it")]).await;
    assert_eq!((reply.status, reply.header("location")), (StatusCode::SEE_OTHER, record.as_str()));
    let page = root.get(&record).await.text();
    assert!(page.contains("Withdrawn: ") && page.contains("what was answered was not their own"), "{page}");
    assert!(!page.contains(&address) && !page.contains("A friend took it"), "{page}");
    assert_eq!(root.get(&address).await.status, StatusCode::NOT_FOUND);
    let mut hers = site.browser_of(&amy).await;
    let cpd = hers.get("/cpd").await.text();
    assert!(cpd.contains("does not count"));
    // The module says why it is to be taken again.
    let module = hers.get("/modules/sharing-nudes").await.text() + &hers.get("/modules/four-cs").await.text();
    let said = "That pass was withdrawn on 23 November 2026: what was answered was not their own.";
    assert_eq!((module.matches("Your pass was withdrawn").count(), module.matches(said).count()), (1, 1), "{module}");
    // So does its certificate, and whoever checks it is told first.
    let certificate = root.get(&address.replace("/passes/", "/certificates/").replace("/withdraw", "")).await;
    assert_eq!(certificate.status, StatusCode::OK);
    let kept_as = certificate.header("content-disposition");
    assert!(kept_as.contains("filename=\"withdrawn-certificate-"), "{kept_as}");
    let id = engine::CompletionId::parse(address.split('/').nth(2).unwrap()).unwrap();
    let code = world.engine.certificate(&amy.person, id).await.unwrap().code;
    let checked = site.browser().get(&format!("/verify/{}", code.as_str())).await.text();
    assert!(checked.contains("was recorded as having passed") && checked.contains("Withdrawn on"), "{checked}");
    assert!(!checked.contains("Counts until") && !checked.contains("20 minutes"), "{checked}");
    assert!(hers.get(&format!("/receipts/{signature}")).await.text().contains("withdrawn on 23 November 2026"));
    let evidence = root.get(&format!("/signatures/{signature}")).await.text();
    assert!(evidence.contains("A pass was withdrawn since"), "{evidence}");
    assert_eq!(hers.get(&address).await.status, StatusCode::FORBIDDEN);
}
