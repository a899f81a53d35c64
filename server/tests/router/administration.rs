//! Administration: its front page, settings and what a change of them would do, contacts and cover, who did what, and finding people from any page.

use axum::http::StatusCode;
use engine::{Actor, Duty, Role};
use server::settings::Settings;

use crate::site::{Site, form};
use world::{World, group, on_both, sources, today};

on_both![
    the_front_page_leads_to_every_part_and_says_what_needs_somebody,
    whoever_administers_a_group_has_what_is_theirs,
    who_did_what_is_shown_and_narrowed_by_its_address,
    a_change_of_settings_is_tried_and_not_kept,
    a_change_from_elsewhere_is_refused,
    contacts_are_shown_with_what_is_missing,
    people_are_found_from_any_page_by_those_who_may,
];

async fn the_front_page_leads_to_every_part_and_says_what_needs_somebody(world: World) {
    let root = world.person("root", &[Role::Administrator]).await;
    let mut browser = Site::over(&world).browser_of(&root).await;
    assert!(browser.get("/").await.text().contains("href=\"/admin\">Administration"));
    let page = browser.get("/admin").await.text();
    for address in [
        "/people",
        "/groups",
        "/people/new",
        "/people/import",
        "/admin/contacts",
        "/assignments",
        "/matrix/done",
        "/audit",
        "/admin/log",
        "/admin/settings",
        "/admin/log?what=published",
        "/admin/letters",
        "/admin/reminders",
        "/admin/jobs",
        "/admin/sessions",
    ] {
        assert!(page.contains(&format!("href=\"{address}\"")), "{address} in {page}");
        assert_eq!(browser.get(address).await.status, StatusCode::OK, "{address}");
    }
    for said in
        ["To see to", "Head of Digital and ICT", "3 modules, 2 agreements and 1 programme", "aria-current=\"page\""]
    {
        assert!(page.contains(said), "{said} in {page}");
    }
    // What is worth knowing of contacts, and needs nobody, is said alike here and on their own page.
    let contacts = browser.get("/admin/contacts").await.text();
    let known = |page: &str| {
        let (before, _) = page.split_once(" worth knowing")?;
        let words = before.rsplit(|sign: char| !sign.is_alphanumeric() && sign != ' ').next()?;
        Some(words.split_whitespace().rev().take(3).map(str::to_owned).collect::<Vec<_>>())
    };
    assert_eq!(known(&page), known(&contacts), "{page} {contacts}");
    // Where there is no folder, it is said that nothing is known of it.
    assert!(page.contains("cannot read the folder"));
    // What lies below belongs to it, in the bar of whoever looks after the installation.
    assert!(browser.get("/assignments").await.text().contains("href=\"/admin\" aria-current=\"true\""));
}

async fn whoever_administers_a_group_has_what_is_theirs(world: World) {
    let local = world.staff("local").await;
    let duty = Duty { role: Role::Administrator, over: Some(group(&world, "Northfield").await) };
    world.engine.give_duty(local.person.id, duty, today(&world), Actor::CommandLine).await.unwrap();
    let mut browser = Site::over(&world).browser_of(&local).await;
    let page = browser.get("/admin").await.text();
    assert!(page.contains("href=\"/groups\"") && page.contains("You look after some groups."), "{page}");
    for closed in ["/admin/settings", "/admin/contacts", "/admin/log", "/admin/letters", "/admin/jobs"] {
        assert!(!page.contains(&format!("href=\"{closed}")), "{closed}");
        assert_eq!(browser.get(closed).await.status, StatusCode::FORBIDDEN, "{closed}");
    }
    assert!(!browser.get("/audit").await.text().contains("Who did what"));
}

async fn who_did_what_is_shown_and_narrowed_by_its_address(world: World) {
    let root = world.person("root", &[Role::Administrator]).await;
    let ada = world.person("ada", &[Role::Auditor]).await;
    let amy = world.learner("amy").await;
    let cohort = group(&world, "Northfield/Cohort A").await;
    let by = Actor::Person(root.person.id);
    world.engine.join_group(amy.person.id, cohort, today(&world), by).await.unwrap();
    let site = Site::over(&world);
    let mut browser = site.browser_of(&ada).await;
    assert!(browser.get("/audit").await.text().contains("href=\"/admin/log\""));
    let page = browser.get(&format!("/admin/log?by=person%3A{}&what=groups", root.person.id)).await.text();
    let whom = format!("href=\"/people/{}\"", amy.person.id);
    for said in ["Put them into ", "Cohort A", ">root<", &whom, &format!("href=\"/groups/{cohort}\"")] {
        assert!(page.contains(said), "{said} in {page}");
    }
    // What else was done is not there, and nobody looked at a record.
    assert!(!page.contains("Published settings"));
    assert_eq!(world.raw.count("look").await, 0);
    let nothing = browser.get("/admin/log?from=2020-01-01&to=2020-01-02").await.text();
    assert!(nothing.contains("Nothing was done that fits what you asked for."));
    let wrong = browser.get("/admin/log?from=soon").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = wrong.text();
    assert!(page.contains("href=\"#from\"") && page.contains("From: “soon” is no day."), "{page}");
    assert!(page.find("error-summary").unwrap() < page.find("<h1").unwrap(), "{page}");
    assert!(!page.contains("Nothing was done"), "{page}");
    // A day is read as people write it, and stands in its field as fields have it.
    let typed = browser.get("/admin/log?what=groups&from=23%20November%202026&to=23/11/2026").await;
    assert_eq!(typed.status, StatusCode::OK);
    let page = typed.text();
    assert!(page.contains("Put them into ") && page.matches("value=\"2026-11-23\"").count() == 2, "{page}");
    let dan = world.person("dan", &[Role::Dsl]).await;
    assert_eq!(site.browser_of(&dan).await.get("/admin/log").await.status, StatusCode::FORBIDDEN);
}

/// A site whose folder of content is there, with what its file says of the provider.
fn with_folder(world: &World, name: &str) -> (Site, String, std::path::PathBuf) {
    let folder =
        std::env::temp_dir().join(format!("induct-settings-{name}-{}-{}", world.raw.is_sqlite(), std::process::id()));
    drop(std::fs::remove_dir_all(&folder));
    let sources = sources();
    let mut own = String::new();
    for (path, text) in sources.files() {
        let file = folder.join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, text).unwrap();
        if path == "organisation.toml" {
            text.clone_into(&mut own);
        }
    }
    for (path, bytes) in world::media() {
        std::fs::write(folder.join(path), &*bytes).unwrap();
    }
    let site = Site::with(world, Settings { content: folder.clone(), ..Settings::default() });
    (site, own, folder)
}

async fn a_change_of_settings_is_tried_and_not_kept(world: World) {
    let root = world.person("root", &[Role::Administrator]).await;
    let (site, own, folder) = with_folder(&world, "tried");
    let mut browser = site.browser_of(&root).await;
    let page = browser.get("/admin/settings").await.text();
    for said in ["[cpd] year_begins", "1 September", "Try a change", "The command line", "It was the first"] {
        assert!(page.contains(said), "{said} in {page}");
    }
    assert!(browser.get("/admin").await.text().contains("Administration"));
    let before = world.raw.everything().await;
    let changed = own.replace("[[site]]", "[cpd]\ntarget_minutes = 300\n\n[[site]]");
    let reply = browser.post("/admin/settings", &[("file", &changed)]).await;
    assert_eq!(reply.status, StatusCode::OK);
    let page = reply.text();
    for said in [
        "It can be published, and changes 1 setting.",
        "No target",
        "300 minutes",
        "Nothing was saved",
        "target_minutes = 300\n",
    ] {
        assert!(page.contains(said), "{said} in {page}");
    }
    let reply = browser.post("/admin/settings", &[("file", &own.replace("roles_are", "rolls_are"))]).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = reply.text();
    for said in ["organisation.toml, line ", "would not be published", "rolls_are"] {
        assert!(page.contains(said), "{said} in {page}");
    }
    let reply = browser.post("/admin/settings", &[("file", "  ")]).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(reply.text().contains("Put the whole of your changed organisation.toml here"));
    assert_eq!(world.raw.everything().await, before);
    std::fs::remove_dir_all(&folder).unwrap();
    let reply = browser.post("/admin/settings", &[("file", &own)]).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = reply.text();
    assert!(page.contains("cannot read the folder") && !page.contains("induct-settings"), "{page}");
}

async fn a_change_from_elsewhere_is_refused(world: World) {
    let root = world.person("root", &[Role::Administrator]).await;
    let mut browser = Site::over(&world).browser_of(&root).await;
    let mut request = form("/admin/settings", &[("file", "name = \"Elsewhere\"")]);
    request.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
    assert_eq!(browser.send(request).await.status, StatusCode::FORBIDDEN);
}

async fn contacts_are_shown_with_what_is_missing(world: World) {
    let root = world.person("root", &[Role::Administrator]).await;
    let dan = world.person("dan", &[Role::Dsl]).await;
    let page = Site::over(&world).browser_of(&root).await.get("/admin/contacts").await.text();
    for said in [
        "One person is named, and nobody for when they are away.",
        "Nobody’s hours name a Saturday or a Sunday.",
        "Agreements submitted to it: ",
        // Each table is called otherwise, for those who go from one to the other.
        "aria-label=\"Contacts at Northfield\"",
        "aria-label=\"Who holds it: Head of Digital and ICT\"",
        "organisation.toml",
        &format!("href=\"/people/{}\"", dan.person.id),
    ] {
        assert!(page.contains(said), "{said} in {page}");
    }
}

async fn people_are_found_from_any_page_by_those_who_may(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield/Cohort A").await;
    let amy = world.learner("amy").of("Northfield/Cohort A").await;
    let ben = world.learner("ben").of("Northfield/Cohort B").await;
    let site = Site::over(&world);
    let search = "class=\"site-search\"";
    let mut hers = site.browser_of(&mina).await;
    for page in ["/", "/modules/four-cs", "/help", "/people?name=amy"] {
        // The list of people has its own.
        assert_eq!(hers.get(page).await.text().contains(search), !page.starts_with("/people"), "{page}");
    }
    // It finds what the list finds, and nobody of other groups.
    let found = |page: String, id: String| page.contains(&format!("href=\"/people/{id}\""));
    assert!(found(hers.get("/people?name=amy").await.text(), amy.person.id.to_string()));
    assert!(!found(hers.get("/people?name=ben").await.text(), ben.person.id.to_string()));
    assert!(!site.browser_of(&amy).await.get("/").await.text().contains(search));
    assert!(!site.browser().get("/help").await.text().contains(search));
}
