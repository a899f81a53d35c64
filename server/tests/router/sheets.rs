//! What people print and anybody may open: who to call, a poster, and the pages for employers and families.

use axum::http::StatusCode;

use crate::site::Site;
use world::{World, on_both};

on_both![
    whoever_is_not_signed_in_can_print_whom_to_call,
    whoever_finds_nobody_at_night_is_told_who_is_there,
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

async fn whoever_finds_nobody_at_night_is_told_who_is_there(world: World) {
    world.edits("organisation.toml", "roles_are = \"staff\"\n", "roles_are = \"staff\"\nat_any_hour = [\"shout\"]\n");
    let shout = "[[fact]]\nid = \"shout\"\ntext = \"Shout\"\nsource = \"Shout\"\nedition = \"website\"\nchecked = 2026-11-22\n\
                 review_by = 2027-09-01\n\n[fact.helpline]\nname = \"Shout\"\ntext = \"Text SHOUT to 85258\"\nfor = \"anyone\"\n\
                 audience = \"everyone\"\nabout = \"Or text HELLO to 85258.\"\nhours = \"Day and night\"\non_card = true\n\n";
    world.edits("facts.toml", "[[fact]]\nid = \"childline\"", &format!("{shout}[[fact]]\nid = \"childline\""));
    world.publishes().await.unwrap();
    let mut browser = Site::over(&world).browser();
    let help = browser.get("/help").await.text();
    let jumps = help.split("class=\"jumps\"").nth(1).unwrap();
    assert!(jumps.find("#now").unwrap() < jumps.find("#here").unwrap(), "{jumps}");
    let now = help.split("id=\"now\"").nth(1).unwrap().split("</section>").next().unwrap();
    for said in
        ["Childline", "tel:08001111", "Text SHOUT to <a href=\"sms:85258\" dir=\"ltr\">85258</a>", "Day and night"]
    {
        assert!(now.contains(said), "{said}: {now}");
    }
    assert!(help.contains("Or text HELLO to <a href=\"sms:85258\""), "{help}");
    let card = browser.get("/help/card").await.text();
    assert!(card.contains("href=\"sms:85258\"") && card.contains("For anyone. Day and night"), "{card}");
    let box_of_contacts = browser.get("/employers").await.text();
    assert!(box_of_contacts.contains("Nobody there? Somebody else answers, at any hour"), "{box_of_contacts}");
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
