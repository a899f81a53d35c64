//! What people learned elsewhere, as they add it, see it and take it back in a browser.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use engine::{Role, Sha256Digest};

use crate::site::{Browser, Reply, Site};
use world::{World, on_both};

on_both![
    something_is_added_with_its_file_seen_by_its_manager_and_taken_back,
    what_is_wrong_is_said_at_its_field_and_what_was_typed_stays,
    a_form_that_is_sent_again_adds_nothing,
    a_file_that_is_empty_and_a_form_without_end_are_refused,
];

const PDF: &[u8] = b"%PDF-1.7 a certificate %%EOF";

/// The number of the form on a page.
async fn key(browser: &mut Browser) -> String {
    browser.get("/cpd/elsewhere").await.field("key")
}

/// Sends the form as a browser does, with a file of that name.
async fn adds(browser: &mut Browser, fields: &[(&str, &str)], file: (&str, &[u8])) -> Reply {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    let (name, bytes) = file;
    let head = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/html\r\n\r\n"
    );
    body.extend(head.bytes());
    body.extend(bytes);
    body.extend(b"\r\n--edge--\r\n");
    let request = Request::post("/cpd/elsewhere")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
        .header(header::CONTENT_LENGTH, body.len())
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(body))
        .unwrap();
    browser.send(request).await
}

/// What is typed into the form, all of it right.
fn filled<'f>(key: &'f str, title: &'f str) -> [(&'f str, &'f str); 6] {
    [
        ("key", key),
        ("title", title),
        ("provider", "Riverside <Council>"),
        ("day", "2026-11-20"),
        ("minutes", "90"),
        ("how", "in-person"),
    ]
}

async fn something_is_added_with_its_file_seen_by_its_manager_and_taken_back(world: World) {
    let amy = world.learner("amy").of("Northfield/Cohort A").passes("four-cs").await;
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield/Cohort A").await;
    let site = Site::over(&world);
    let mut browser = site.browser_of(&amy).await;
    let key = key(&mut browser).await;
    let added = adds(&mut browser, &filled(&key, "Safer <recruitment>"), ("nudes.html", PDF)).await;
    assert_eq!((added.status, added.location()), (StatusCode::SEE_OTHER, "/cpd?done=added"));
    let page = browser.get(added.location()).await.text();
    for said in [
        "It is in your record.",
        "Safer &lt;recruitment&gt;",
        "110 minutes: 20 passed here, 90 added by yourself",
        "Nobody here checked it.",
        "Riverside &lt;Council&gt;, 20 November 2026, in person",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let (_, rest) = page.split_once("href=\"/cpd/elsewhere/").unwrap();
    let address = format!("/cpd/elsewhere/{}", rest.split('/').next().unwrap());
    // Whatever it was called and said to be, it is what its bytes are, and is kept as a file.
    let mut hers = site.browser_of(&mina).await;
    let person = hers.get(&format!("/people/{}", amy.person.id)).await.text();
    assert!(person.contains("Added by themselves") && person.contains(&format!("{address}/file")), "{person}");
    for browser in [&mut browser, &mut hers] {
        let file = browser.get(&format!("{address}/file")).await;
        assert_eq!((file.status, file.header("content-type")), (StatusCode::OK, "application/pdf"));
        assert_eq!(file.header("content-disposition"), "attachment; filename=\"evidence.pdf\"");
        assert_eq!(file.header("x-content-type-options"), "nosniff");
        assert_eq!(file.text().as_bytes(), PDF);
    }
    let thing = "look WHERE thing LIKE 'evidence/%'";
    assert_eq!(world.raw.count(thing).await, 1);
    let mut others = site.browser_of(&world.learner("ben").await).await;
    for other in ["/file", "/end"] {
        assert_eq!(others.get(&format!("{address}{other}")).await.status, StatusCode::NOT_FOUND, "{other}");
    }
    assert_eq!(others.post(&format!("{address}/end"), &[]).await.status, StatusCode::NOT_FOUND);
    // As a table it says who recorded it.
    let table = browser.get("/cpd/file").await.text();
    let mut rows = csv::Reader::from_reader(table.trim_start_matches('\u{feff}').as_bytes());
    let said: Vec<_> =
        rows.records().map(|row| row.unwrap()).map(|row| (row[1].to_owned(), row[12].to_owned())).collect();
    assert_eq!(said[1], ("Safer <recruitment>".to_owned(), "Themselves; nobody checked it".to_owned()));
    assert_eq!((said.len(), said[0].1.as_str()), (2, "Induct"));
    // Nobody takes back what another added, and what is taken back is asked about first, by its name.
    let asked = browser.get(&format!("{address}/end")).await.text();
    assert!(asked.contains("Safer &lt;recruitment&gt;") && asked.contains("Its file will be gone at once"), "{asked}");
    for _ in 0..2 {
        let ended = browser.post(&format!("{address}/end"), &[]).await;
        assert_eq!((ended.status, ended.location()), (StatusCode::SEE_OTHER, "/cpd?done=taken-back"));
    }
    let page = browser.get("/cpd").await.text();
    assert!(page.contains("What you took back (1)") && page.contains("20 minutes"), "{page}");
    assert_eq!(browser.get(&format!("{address}/file")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(hers.get(&format!("{address}/file")).await.status, StatusCode::NOT_FOUND);
}

async fn what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(world: World) {
    let amy = world.learner("amy").await;
    let mut browser = Site::over(&world).browser_of(&amy).await;
    let key = key(&mut browser).await;
    let wrong =
        [("key", &*key), ("title", "Safer <b>"), ("provider", ""), ("day", "soon"), ("minutes", "1h"), ("how", "x")];
    let reply = adds(&mut browser, &wrong, ("x.pdf", b"<html>")).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        (reply.field("title"), reply.field("minutes"), reply.field("key")),
        ("Safer <b>".to_owned(), "1h".to_owned(), key.clone())
    );
    let page = reply.text();
    for place in ["provider", "day", "minutes", "how", "file"] {
        assert!(
            page.contains(&format!("href=\"#{place}\"")) && page.contains(&format!("id=\"{place}-error\"")),
            "{place}"
        );
    }
    assert!(!page.contains("href=\"#title\""));
    let mut large = PDF.to_vec();
    large.resize(5 * 1024 * 1024 + 1, b' ');
    let reply = adds(&mut browser, &filled(&key, "Large"), ("x.pdf", &large)).await;
    assert_eq!((reply.status, reply.field("title")), (StatusCode::UNPROCESSABLE_ENTITY, "Large".to_owned()));
    assert!(reply.text().contains("Choose a smaller file"));
    // A file is lost with what else is wrong, and that is said.
    let mut wrong = filled(&key, "Wrong");
    wrong[4].1 = "0";
    let reply = adds(&mut browser, &wrong, ("x.pdf", PDF)).await;
    assert!(reply.text().contains("Choose the file once more"), "{}", reply.text());
    assert_eq!(world.raw.count("evidence").await, 0);
    // One of the largest is taken.
    let mut large = PDF[..9].to_vec();
    large.resize(5 * 1024 * 1024 - 5, b' ');
    large.extend(b"%%EOF");
    let reply = adds(&mut browser, &filled(&key, "Large"), ("x.pdf", &large)).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    let kept = world.raw.texts("SELECT sha256 FROM evidence").await;
    assert_eq!(kept[0][0], Some(Sha256Digest::of(&large).to_string()));
}

async fn a_form_that_is_sent_again_adds_nothing(world: World) {
    let amy = world.learner("amy").await;
    let mut browser = Site::over(&world).browser_of(&amy).await;
    let key = key(&mut browser).await;
    for _ in 0..2 {
        let reply = adds(&mut browser, &filled(&key, "Once"), ("", b"")).await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER);
    }
    // Who is no longer signed in is told so.
    let lost = adds(&mut Site::over(&world).browser(), &filled(&key, "Once"), ("x.pdf", PDF)).await;
    assert_eq!(lost.status, StatusCode::UNAUTHORIZED);
    assert!(lost.text().contains("did not reach us"), "{}", lost.text());
    // Without a file it may come as any other form, as after a session that had ended.
    assert_eq!(browser.post("/cpd/elsewhere", &filled(&key, "Once")).await.status, StatusCode::SEE_OTHER);
    assert_eq!(world.raw.count("evidence").await, 1);
    // Whoever goes back in their browser, and writes something else, has that as well.
    for (title, there) in [("Twice", 2), ("Once", 2)] {
        assert_eq!(adds(&mut browser, &filled(&key, title), ("", b"")).await.status, StatusCode::SEE_OTHER);
        assert_eq!(world.raw.count("evidence").await, there, "{title}");
    }
    // What was taken back is not said to be there; sent once more it is added anew.
    let page = browser.get("/cpd").await.text();
    let (_, rest) = page.split_once("/cpd/elsewhere/").unwrap();
    let id = rest.split('/').next().unwrap().to_owned();
    let asked = browser.get(&format!("/cpd/elsewhere/{id}/end")).await.text();
    let title = if asked.contains("Once") { "Once" } else { "Twice" };
    browser.post(&format!("/cpd/elsewhere/{id}/end"), &[]).await;
    let again = adds(&mut browser, &filled(&key, title), ("", b"")).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text().contains("You added this, and took it back"), "{}", again.text());
    let anew = adds(&mut browser, &filled(&again.field("key"), title), ("", b"")).await;
    assert_eq!(anew.status, StatusCode::SEE_OTHER);
    assert_eq!(world.raw.count("evidence").await, 3);
}

async fn a_file_that_is_empty_and_a_form_without_end_are_refused(world: World) {
    let amy = world.learner("amy").await;
    let mut browser = Site::over(&world).browser_of(&amy).await;
    let key = key(&mut browser).await;
    let empty = adds(&mut browser, &filled(&key, "Talk"), ("proof.pdf", b"")).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", empty.text());
    let many: Vec<(&str, &str)> = std::iter::repeat_n(("x", ""), 40).collect();
    let reply = adds(&mut browser, &many, ("proof.pdf", PDF)).await;
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
    let long = "x".repeat(70_000);
    let reply = adds(&mut browser, &[(&long, "")], ("proof.pdf", PDF)).await;
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(world.raw.count("evidence").await, 0);
    // Where none was chosen, a browser sends one without a name.
    let without = adds(&mut browser, &filled(&key, "Talk"), ("", b"")).await;
    assert_eq!(without.status, StatusCode::SEE_OTHER, "{}", without.text());
}
