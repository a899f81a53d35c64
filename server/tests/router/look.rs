//! A provider's own colours and logo, and how it is reached, on every page.

use axum::http::StatusCode;
use engine::Role;

use crate::site::{Browser, Site};
use world::{World, on_both};

on_both![
    a_provider_looks_like_itself_from_the_door_to_the_receipt,
    each_is_shown_the_contacts_of_their_site_and_the_foot_that_is_theirs,
];

const LOGO: &str =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 60 20\"><path fill=\"#7a1f5c\" d=\"M0 0h60v20z\"/></svg>";

async fn a_provider_looks_like_itself_from_the_door_to_the_receipt(world: World) {
    let site = Site::over(&world);
    let before = site.browser().get("/sign-in").await.text();
    assert!(!before.contains("/assets/look-") && !before.contains("/assets/logo-"), "{before}");
    world.writes("logo.svg", LOGO);
    let look = "roles_are = \"staff\"\n\n[look]\naccent = \"#7a1f5c\"\naccent_dark = \"#f0a6d4\"\nlogo = \"logo.svg\"\n\n[contact]\n\
                phone = \"01632 960100\"\nemail = \"hello@northfield.example\"\n";
    world.edits("organisation.toml", "roles_are = \"staff\"\n", look);
    world.publishes().await.unwrap();

    let mut nobody = site.browser();
    let page = nobody.get("/sign-in").await.text();
    let address = |beginning: &str| {
        let (_, rest) = page.split_once(&format!("\"/assets/{beginning}")).unwrap();
        format!("/assets/{beginning}{}", rest.split('"').next().unwrap())
    };
    let (sheet, logo) = (address("look-"), address("logo-"));
    let reply = nobody.get(&sheet).await;
    assert_eq!((reply.status, reply.header("content-type")), (StatusCode::OK, "text/css; charset=utf-8"));
    assert!(reply.header("cache-control").contains("immutable"));
    assert!(
        reply.text().contains("--accent:#7a1f5c;") && reply.text().contains("--accent:#f0a6d4;"),
        "{}",
        reply.text()
    );
    let reply = nobody.get(&logo).await;
    assert_eq!((reply.header("content-type"), reply.text().as_str()), ("image/svg+xml", LOGO));
    assert!(reply.header("content-security-policy").starts_with("default-src 'none'"), "it can run nothing by itself");
    assert_eq!(nobody.get("/assets/logo-0000000000000000.svg").await.status, StatusCode::NOT_FOUND);
    for part in [
        "class=\"own-logo\"",
        "class=\"site-logo\"",
        "tel:01632960100",
        "mailto:hello@northfield.example",
        "uses Induct ",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }

    let amy = world.learner("amy").passes("four-cs").await;
    let signature = amy.signs("laptop-loan").await.unwrap();
    let receipt = site.browser_of(&amy).await.get(&format!("/receipts/{signature}")).await.text();
    let (_, article) = receipt.split_once("class=\"receipt\"").unwrap();
    assert!(article.contains("class=\"own-logo\"") && receipt.contains(&sheet), "{receipt}");
}

/// Whether a page names the contacts of one site, of the other, and leads to what the installation does by itself.
async fn around(browser: &mut Browser) -> [bool; 3] {
    let page = browser.get("/modules").await.text();
    let wanted = ["Talk to someone at Northfield", "Talk to someone at Riverside", "href=\"/admin/jobs\""];
    wanted.map(|words| page.contains(words))
}

async fn each_is_shown_the_contacts_of_their_site_and_the_foot_that_is_theirs(world: World) {
    let site = Site::over(&world);
    let hours = "hours = \"Monday to Friday, 8:30am to 5pm\"\n";
    let other = "[[site]]\nname = \"Riverside\"\n\n[[site.contact]]\nname = \"Rita Osei\"\nrole = \"Safeguarding officer\"\n\
                 phone = \"01632 960102\"\nemail = \"rita@northfield.example\"\n";
    world.edits("organisation.toml", hours, &format!("{hours}\n{other}{hours}"));
    world.publishes().await.unwrap();
    let mut amy = site.browser_of(&world.learner("amy").of("Northfield/Cohort A").await).await;
    let mut ben = site.browser_of(&world.learner("ben").of("Riverside").await).await;
    let mut root = site.browser_of(&world.person("root", &[Role::Administrator]).await).await;
    // The first draws what the others are shown as well.
    for _ in 0..2 {
        assert_eq!(around(&mut amy).await, [true, false, false]);
        assert_eq!(around(&mut ben).await, [false, true, false]);
        assert_eq!(around(&mut root).await, [true, true, true]);
    }
    let page = site.browser().get("/sign-in").await.text();
    assert!(page.contains("Rita Osei") && page.contains("Dan Okafor") && page.contains("Childline"), "{page}");
    // What is published stands around the very next page.
    world.edits("organisation.toml", "name = \"Riverside\"", "name = \"Riverbank\"");
    world.publishes().await.unwrap();
    assert_eq!(
        around(&mut ben).await,
        [true, false, false],
        "no site is called like his group, and so he is shown all"
    );
    assert!(ben.get("/modules").await.text().contains("Talk to someone at Riverbank"));
}
