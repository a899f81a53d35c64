//! What is held about somebody, as a page and as a file.

use axum::http::StatusCode;
use engine::{Actor, Role, local_date};

use crate::site::Site;
use world::{World, on_both};

on_both![
    what_is_held_about_oneself_is_a_page_and_a_file,
    administrators_answer_whoever_asks,
    somebody_is_erased_once_their_name_was_typed,
];

async fn what_is_held_about_oneself_is_a_page_and_a_file(world: World) {
    let amy = world.learner("amy").passes("four-cs").await;
    let site = Site::over(&world);
    let mut browser = site.browser_of(&amy).await;
    assert!(browser.get("/account").await.text().contains("href=\"/account/data\""));
    let page = browser.get("/account/data").await.text();
    for said in ["What is known about you", "amy@northfield.example", "Modules passed", "The 4 Cs", "a secret"] {
        assert!(page.contains(said), "{said} in {page}");
    }
    assert!(!page.contains("$argon2"), "{page}");
    // What was asked and given is told in its words, and nothing as a program keeps it.
    for said in ["Right", "Marks earned", "The 4 Cs, attempt 1", "passed The 4 Cs, version 1"] {
        assert!(page.contains(said), "{said} in {page}");
    }
    let stems = ["A stranger asks", "commerce risks?", "perfect spelling", "Whom can you tell?"];
    assert_eq!(stems.into_iter().filter(|stem| page.contains(stem)).count(), 3, "{page}");
    for raw in ["{&quot;", "&quot;chosen", "chosen\":", "four-cs"] {
        assert!(!page.contains(raw), "{raw} in {page}");
    }
    let digest = |word: &str| word.len() >= 32 && word.chars().all(|sign| sign.is_ascii_hexdigit());
    let (_, body) = page.split_once("<h1").unwrap();
    let (main, _) = body.split_once("</main>").unwrap();
    let mut words = main.split(|sign: char| !sign.is_alphanumeric());
    assert_eq!(words.find(|word| digest(word)), None, "{page}");
    let reply = browser.get("/account/data/file").await;
    assert_eq!((reply.status, reply.header("content-type")), (StatusCode::OK, "application/json"));
    let file: serde_json::Value = serde_json::from_str(&reply.text()).unwrap();
    assert_eq!(file["held"]["person_detail"]["rows"][0]["email"], "amy@northfield.example");
    assert_eq!(file["held"]["completion"]["rows"].as_array().unwrap().len(), 1);
    // A program has both: as it is kept, and in words.
    let pass = &file["held"]["completion"]["rows"][0];
    assert_eq!((&pass["module"], &pass["module_in_words"]), (&"four-cs".into(), &"The 4 Cs".into()));
    let answers = file["held"]["answer"]["rows"].as_array().unwrap();
    assert!(answers.iter().all(|row| row["given"].is_string() && row["given_in_words"].is_string()), "{answers:?}");
    assert!(answers.iter().all(|row| row["right"] == true), "{answers:?}");
    assert!(file["held"]["password"]["withheld"]["phc"].is_string());
    let other = browser.get(&format!("/people/{}/data", amy.person.id)).await;
    assert_eq!(other.status, StatusCode::FORBIDDEN);
}

async fn administrators_answer_whoever_asks(world: World) {
    let amy = world.learner("amy").of("Northfield/Cohort A").await;
    let root = world.person("root", &[Role::Administrator]).await;
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield").await;
    let site = Site::over(&world);
    let mut browser = site.browser_of(&root).await;
    let address = format!("/people/{}/data", amy.person.id);
    assert!(browser.get(&format!("/people/{}", amy.person.id)).await.text().contains(&address));
    let page = browser.get(&address).await.text();
    assert!(page.contains("What is held about amy") && page.contains("has been noted"), "{page}");
    assert_eq!(browser.get(&format!("{address}/file")).await.status, StatusCode::OK);
    let mut manager = site.browser_of(&mina).await;
    assert!(!manager.get(&format!("/people/{}", amy.person.id)).await.text().contains(&address));
    assert_eq!(manager.get(&address).await.status, StatusCode::FORBIDDEN);
}

async fn somebody_is_erased_once_their_name_was_typed(world: World) {
    let amy = world.learner("amy").passes("four-cs").await;
    let root = world.person("root", &[Role::Administrator]).await;
    let mut browser = Site::over(&world).browser_of(&root).await;
    let address = format!("/people/{}/erase", amy.person.id);
    let page = browser.get(&address).await.text();
    assert!(page.contains("Record first that they leave") && !page.contains("Erase for ever"), "{page}");
    let fields = [("name", "amy"), ("sure", "yes")];
    assert_eq!(browser.post(&address, &fields).await.status, StatusCode::CONFLICT);
    world.engine.leave(amy.person.id, local_date(world.engine.now()), Actor::CommandLine).await.unwrap();
    let page = browser.get(&address).await.text();
    for said in ["Erase amy", "Modules passed: 1", "article 17", "Just as it stands here: amy"] {
        assert!(page.contains(said), "{said} in {page}");
    }
    for (fields, said) in [
        (vec![("name", "ben"), ("sure", "yes")], "Type the name just as it stands above"),
        (vec![("name", "amy")], "Tick the box to say that it is to go for ever"),
    ] {
        let reply = browser.post(&address, &fields).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
        let page = reply.text();
        assert!(page.contains(said), "{said}");
        // The page says it itself, first and at the field, and the browser does not say something else before.
        assert!(page.contains("class=\"error-summary\"") && page.contains("novalidate class=\"card\""), "{page}");
    }
    let reply = browser.post(&address, &fields).await;
    assert_eq!((reply.status, reply.location()), (StatusCode::SEE_OTHER, &*address));
    let page = browser.get(&address).await.text();
    assert!(page.contains("Everything that was held about this person is gone"), "{page}");
    let own = format!("/people/{}/erase", root.person.id);
    let reply = browser.post(&own, &[("name", "root"), ("sure", "yes")]).await;
    assert!(reply.text().contains("Nobody erases themselves"), "{}", reply.text());
}
