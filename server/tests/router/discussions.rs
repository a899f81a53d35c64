//! Modules worked through side by side, as a browser meets them.

use axum::http::StatusCode;
use engine::Role;

use crate::site::Site;
use world::{World, on_both};

on_both![both_say_so_and_the_record_says_with_whom_where_and_when];

async fn both_say_so_and_the_record_says_with_whom_where_and_when(world: World) {
    let site = Site::over(&world);
    let mut mina = site.browser_of(&world.person("mina", &[Role::Manager]).manages("North").await).await;
    let amy = world.learner("amy").of("North").await;
    let mut hers = site.browser_of(&amy).await;
    assert_eq!(hers.get("/discussions").await.status, StatusCode::FORBIDDEN);
    assert_eq!(hers.get("/modules/four-cs/run-sheet").await.status, StatusCode::FORBIDDEN);
    let page = mina.get("/discussions").await.text();
    assert!(page.contains("/modules/four-cs/run-sheet") && page.contains("You have marked none as held"), "{page}");
    let sheet = mina.get("/modules/four-cs/run-sheet").await.text();
    for words in ["Run sheet: ", "Four words", "1 minute to read", "Which of the four have you met?", "version 1"] {
        assert!(sheet.contains(words), "{words}: {sheet}");
    }
    assert_eq!(mina.get("/modules/boundaries/run-sheet").await.status, StatusCode::NOT_FOUND);

    let address = format!("/people/{}/discussions", amy.person.id);
    assert!(mina.get(&format!("/people/{}", amy.person.id)).await.text().contains(&address));
    let reply = mina.post(&address, &[("place", "Room <12>")]).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = reply.text();
    for words in ["Error: Side by side with amy", "Choose a module", "Choose a day", "Room &lt;12"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let page = mina.post(&address, &[("place", &*"w".repeat(201))]).await.text();
    assert!(page.contains("Choose a module") && page.contains("it has 1 character too many"), "{page}");
    let late = [("module", "four-cs/1"), ("day", "2026-11-01"), ("place", "Room 12")];
    assert!(mina.post(&address, &late).await.text().contains("Choose a day of the last week"));
    let sent = [("module", "four-cs/1"), ("day", "2026-11-23"), ("place", "Room 12")];
    let reply = mina.post(&address, &sent).await;
    assert_eq!((reply.status, reply.location()), (StatusCode::SEE_OTHER, &*format!("{address}?done=held")));
    let page = mina.get(reply.location()).await.text();
    assert!(page.contains("It is marked as held.") && page.contains("Waits for them to say so"), "{page}");
    assert!(mina.post(&address, &sent).await.text().contains("marked as held already"));
    assert!(mina.get("/discussions").await.text().contains("1 person has yet to say whether it was held."));

    let own = hers.get("/").await.text();
    assert!(own.contains("Did you work it through together?"), "{own}");
    assert!(own.contains("Worked through with mina, Room 12, 23 November 2026"), "{own}");
    let (_, rest) = own.split_once("href=\"/discussions/").unwrap();
    let mine = format!("/discussions/{}", rest.split_once('"').unwrap().0);
    assert!(hers.get("/modules/four-cs/quiz").await.text().contains(&mine));
    assert_eq!(hers.post(&mine, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(mina.post(&mine, &[("do", "yes")]).await.status, StatusCode::NOT_FOUND, "nobody says it for another");
    let reply = hers.post(&mine, &[("do", "yes")]).await;
    assert_eq!((reply.status, reply.location()), (StatusCode::SEE_OTHER, &*format!("{mine}?done=yes")));
    let page = hers.get(reply.location()).await.text();
    assert!(
        page.contains("You said on 23 November 2026 that it was held.") && page.contains("Go to the quiz"),
        "{page}"
    );
    assert!(hers.post(&mine, &[("do", "no")]).await.text().contains("You have answered this before"));
    assert!(!hers.get("/").await.text().contains("Did you work it through together?"));
    assert!(mina.get(&mine).await.text().contains("They confirmed it on 23 November 2026"));

    amy.passes("four-cs").await;
    amy.signs("laptop-loan").await.unwrap();
    let cpd = hers.get("/cpd").await.text();
    assert!(cpd.contains("after a discussion with a tutor"), "{cpd}");
    assert!(cpd.contains("Worked through with mina, Room 12, 23 November 2026"), "{cpd}");
    let table = hers.get("/cpd/file").await.text();
    let how = "\"Worked through with mina, Room 12, 23 November 2026, as both confirmed; quiz marked by the server\"";
    assert!(table.contains(how), "{table}");
    let record = mina.get(&format!("/people/{}", amy.person.id)).await.text();
    assert!(record.contains("Passed after a discussion with a tutor: The 4 Cs"), "{record}");
    assert!(record.contains("They said themselves that they worked it through: The 4 Cs"), "{record}");
    let said = mina.post(&address, &sent).await.text();
    assert!(said.contains("They have passed it, and do not take it again yet"), "{said}");
}
