//! What people print and anybody may open: who to call, a poster, and the pages for employers and families.

use axum::http::StatusCode;

use crate::site::Site;
use world::{World, on_both};

on_both![
    whoever_is_not_signed_in_can_print_whom_to_call,
    a_poster_leads_to_the_help_page,
    a_sheet_can_be_for_one_site,
    pages_for_employers_and_families_name_nobody_who_learns_here,
];

async fn whoever_is_not_signed_in_can_print_whom_to_call(world: World) {
    let mut browser = Site::secure(&world).browser();
    let card = browser.get("/help/card").await;
    assert_eq!(card.status, StatusCode::OK);
    let text = card.text();
    for said in ["Dan Okafor", "01632 960101", "tel:999", "Childline", "0800 1111", "induct.example/help"] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(browser.get("/help").await.text().contains("href=\"/help/card\""));
    assert!(browser.cookies.is_empty());
}

async fn a_poster_leads_to_the_help_page(world: World) {
    let mut browser = Site::secure(&world).browser();
    let poster = browser.get("/help/poster").await.text();
    assert!(
        poster.contains("aria-label=\"A code to scan with a phone. It opens https://induct.example/help\""),
        "{poster}"
    );
    assert!(poster.contains("Dan Okafor") && poster.contains("induct.example/help"), "{poster}");
    assert!(browser.get("/help").await.text().contains("href=\"/help/poster\""));
}

async fn a_sheet_can_be_for_one_site(world: World) {
    world.edits(
        "organisation.toml",
        "[[site]]\nname = \"Northfield\"\n",
        "[[site]]\nname = \"River & Side\"\n\n[[site.contact]]\nname = \"Helen Walsh\"\nrole = \"Lead\"\nphone = \"01632 \
         960201\"\nemail = \"helen@northfield.example\"\nhours = \"Always\"\n\n[[site]]\nname = \"Northfield\"\n",
    );
    world.publishes().await.unwrap();
    let mut browser = Site::over(&world).browser();
    for sheet in ["/help/card", "/help/poster"] {
        let both = browser.get(sheet).await.text();
        assert!(both.contains("Dan Okafor") && both.contains("Helen Walsh"), "{both}");
        let address = format!("{sheet}?site=River%20%26%20Side");
        assert!(both.contains(&format!("href=\"{address}\"")), "{both}");
        let one = browser.get(&address).await.text();
        // The help panel of the frame names everybody; the sheet does not.
        let (_, one) = one.split_once("<main").unwrap();
        assert!(one.contains("Helen Walsh") && !one.contains("Dan Okafor"), "{one}");
        let none = browser.get(&format!("{sheet}?site=Nowhere")).await;
        assert!(none.text().contains("Dan Okafor") && !none.text().contains("Nowhere"));
    }
}

async fn pages_for_employers_and_families_name_nobody_who_learns_here(world: World) {
    world.learner("amy").of("Northfield/Cohort A").await;
    let mut browser = Site::over(&world).browser();
    for (address, heading) in [("/employers", "For employers"), ("/families", "For families")] {
        let page = browser.get(address).await;
        assert_eq!(page.status, StatusCode::OK);
        let text = page.text();
        assert!(text.contains(&format!("<h1>{heading}</h1>")) && text.contains("Dan Okafor"), "{text}");
        assert!(!text.contains("amy"), "{text}");
        assert!(browser.get("/help").await.text().contains(&format!("href=\"{address}\"")), "the foot leads there");
    }
}
