//! The matrix as its readers get it: as a page and as a file.

use std::io::{Cursor, Read as _};

use axum::http::StatusCode;
use chrono::TimeDelta;
use engine::{Actor, Role};

use crate::site::Site;
use world::{World, on_both};
use zip::ZipArchive;

on_both![
    a_page_and_a_file_show_the_same_people_and_nobody_else,
    an_address_carries_the_view_and_shows_others_what_is_theirs,
    a_past_day_is_said_in_words_and_in_the_file,
    a_day_that_cannot_be_used_comes_back_with_what_was_typed,
    names_are_no_markup_and_no_formula,
    what_is_typed_into_the_filter_is_not_compressed,
    what_nobody_there_has_shows_nobody_and_is_said,
    what_cannot_be_read_is_said_and_nothing_is_made_without_it,
    a_month_of_which_nothing_is_told_keeps_its_name,
    whoever_has_nobody_is_told_what_to_do,
    a_workbook_has_the_same_people,
    a_workbook_says_where_the_signed_log_stood,
    a_record_is_for_whoever_looks_after_the_person,
    what_proves_a_signature_is_reached_from_the_record,
    what_changed_is_a_page_and_a_file,
    people_who_are_ticked_are_given_a_programme_and_it_is_taken_back,
    who_would_be_late_at_once_is_said_before_several_are_given_it,
    a_form_with_faults_comes_back_with_what_was_typed,
    a_view_is_kept_opened_and_deleted,
    the_overview_is_for_who_looks_after_people,
    the_overview_has_a_row_for_each_group_and_a_column_for_each_day,
    groups_beyond_the_largest_have_rows_where_they_are_asked_for,
    the_years_of_a_long_record_fold,
    parts_of_the_list_are_the_pages_without_a_gap_and_without_anybody_twice,
    parts_of_the_list_hold_nobody_who_is_not_the_readers,
    what_was_done_to_several_is_listed,
    answers_are_shown_to_who_teaches_and_to_nobody_else,
];

async fn a_page_and_a_file_show_the_same_people_and_nobody_else(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield/Cohort A").await;
    world.learner("amy").of("Northfield/Cohort A").passes("four-cs").await;
    world.learner("ben").of("Northfield/Cohort B").await;
    let mut browser = Site::over(&world).browser_of(&mina).await;
    let page = browser.get("/matrix").await.text();
    assert!(page.contains("Cohort A") && page.contains(">amy</a>"), "{page}");
    let file = browser.get("/matrix/csv").await;
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"matrix-2026-11-23.csv\"");
    let file = file.text();
    assert_eq!(
        file,
        "\u{feff}As at,Group,Person,Left on,Done,Asked,\
         The 4 Cs,The 4 Cs: done on,The 4 Cs: due on,The 4 Cs: score in %,\
         Sharing nudes,Sharing nudes: done on,Sharing nudes: due on,Sharing nudes: score in %,\
         Learner acceptable use agreement,Learner acceptable use agreement: done on,\
         Learner acceptable use agreement: due on,Learner acceptable use agreement: score in %\r\n\
         2026-11-23 09:00,Cohort A,amy,,1,3,Passed,2026-11-23,,100,Not started,,2026-12-07,,Not started,,2026-12-07,\r\n"
    );
    for hidden in ["ben", "Cohort B", "Northfield /"] {
        assert!(!page.contains(hidden) && !file.contains(hidden), "{hidden}");
    }
}

async fn an_address_carries_the_view_and_shows_others_what_is_theirs(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Cohort A").await;
    let otto = world.person("otto", &[Role::Manager]).manages("Cohort B").await;
    let amy = world.learner("amy").of("Cohort A").passes("four-cs").await;
    let dan = world.person("dan", &[Role::Dsl]).await;
    let site = Site::over(&world);
    let of_a = world.engine.group_at("Cohort A", Actor::CommandLine).await.unwrap();
    let address = format!("/matrix?group={of_a}&what=module.four-cs&status=passed&sort=-name&rows=close");
    for (reader, finds) in [(&mina, StatusCode::OK), (&dan, StatusCode::OK), (&otto, StatusCode::NOT_FOUND)] {
        let reply = site.browser_of(reader).await.get(&address).await;
        assert_eq!(reply.status, finds, "{}", reader.person.name);
        assert_eq!(reply.text().contains("amy"), finds == StatusCode::OK, "{}", reader.person.name);
    }
    let learner = site.browser_of(&amy).await.get("/matrix").await;
    assert_eq!(learner.status, StatusCode::FORBIDDEN);
}

async fn a_past_day_is_said_in_words_and_in_the_file(world: World) {
    let dan = world.person("dan", &[Role::Dsl]).await;
    let amy = world.learner("amy").of("Cohort A").await;
    world.waits(TimeDelta::days(3));
    amy.passes("four-cs").await;
    let mut browser = Site::over(&world).browser_of(&dan).await;
    let page = browser.get("/matrix?as-at=2026-11-23").await.text();
    assert!(page.contains("the end of 23 November 2026, as it was known then"), "{page}");
    assert!(!page.contains(">Passed<"), "{page}");
    let file = browser.get("/matrix/csv?as-at=2026-11-23&name=amy").await.text();
    assert!(file.contains("2026-11-23 23:59 as it was known then,Cohort A,amy,,0,3,Not started,"), "{file}");
    let page = browser.get("/matrix?as-at=the+other+day").await.text();
    assert!(page.contains("“the other day” is no day"), "{page}");
}

async fn a_day_that_cannot_be_used_comes_back_with_what_was_typed(world: World) {
    let dan = world.person("dan", &[Role::Dsl]).await;
    let amy = world.learner("amy").of("Cohort A").await;
    world.learner("ben").of("Cohort B").await;
    let mut browser = Site::over(&world).browser_of(&dan).await;
    let record = format!("/people/{}", amy.person.id);
    let (of_no_day, too_early) = (format!("{record}?as-at=tomorrow"), format!("{record}?as-at=2020-01-01"));
    for (address, field, said) in [
        ("/matrix?name=amy&as-at=31/02/2026", "as-at", "“31/02/2026” is no day. Write it as"),
        ("/matrix?name=amy&as-at=tomorrow&at=14:30", "as-at", "“tomorrow” is no day. Write it as"),
        ("/matrix?name=amy&as-at=2026-11-23&at=25:00", "at", "“25:00” is no time that can be read"),
        ("/matrix?name=amy&as-at=2026-11-22", "as-at", "Nobody was here before 23 November 2026"),
        ("/matrix?name=amy&as-at=&at=", "as-at", "Choose a day."),
        ("/matrix?name=amy&against=31/02/2026&as-at=", "against", "“31/02/2026” is no day. Write it as"),
        ("/matrix?name=amy&against=2020-01-01", "against", "Nobody was here before 23 November 2026"),
        ("/matrix?name=amy&against=2026-11-23&as-at=tomorrow", "compared-to", "“tomorrow” is no day"),
        ("/matrix?name=amy&due-before=31/02/2026", "due-before", "“31/02/2026” is no day. Write it as"),
        (of_no_day.as_str(), "as-at", "“tomorrow” is no day. Write it as"),
        (too_early.as_str(), "as-at", "Nobody was here before 23 November 2026"),
    ] {
        let reply = browser.get(address).await;
        let page = reply.text();
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{address}");
        if said.starts_with('“') {
            let label = match field {
                "against" => "From the end of",
                "compared-to" => "To the end of, or now",
                "due-before" => "Due before",
                "at" => "Time, or the end of the day",
                _ => "Day",
            };
            assert!(page.contains(&format!("{label}: {said}")), "{address}: {page}");
        }
        let (title, front) = (page.contains("Error: "), page.contains("class=\"error-summary\""));
        assert!(title && front && page.contains(said), "{address}: {page}");
        assert!(page.contains(&format!("href=\"#{field}\"")), "{address}: {page}");
        let control = page.split('<').find(|tag| tag.contains(&format!("id=\"{field}\""))).unwrap();
        let typed = address.split(['?', '&']).find_map(|pair| match pair.split_once('=') {
            Some(("as-at", value)) if matches!(field, "as-at" | "compared-to") => Some(value),
            Some((name, value)) if name == field => Some(value),
            _ => None,
        });
        let typed = typed.unwrap();
        assert!(
            control.contains("aria-invalid=\"true\"") && control.contains(&format!("value=\"{typed}\"")),
            "{control}"
        );
        // The rest of what was asked for stays.
        assert!(page.contains("amy") && !page.contains(">ben<"), "{address}: {page}");
    }
    let file = browser.get("/matrix/csv?as-at=tomorrow").await;
    assert_eq!(file.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(file.text().contains("“tomorrow” is no day"));
}

async fn names_are_no_markup_and_no_formula(world: World) {
    let dan = world.person("dan", &[Role::Dsl]).await;
    world.learner("=2+3").of("<b>Group").await;
    let mut browser = Site::over(&world).browser_of(&dan).await;
    let page = browser.get("/matrix?name=%3D2&sort=name").await.text();
    assert!(page.contains("&lt;b&gt;Group") && !page.contains("<b>Group"), "{page}");
    assert!(browser.get("/matrix/csv").await.text().contains(",<b>Group,'=2+3,"));
}

async fn what_is_typed_into_the_filter_is_not_compressed(world: World) {
    let dan = world.person("dan", &[Role::Dsl]).await;
    world.learner("amy").of("Cohort A").await;
    let mut browser = Site::over(&world).browser_of(&dan).await;
    for (address, coding) in [
        ("/matrix", "br"),
        ("/matrix?status=overdue&as-at=2026-11-23", "br"),
        ("/matrix?name=a-guess", ""),
        ("/matrix?as-at=a-guess", ""),
        ("/matrix?due-before=a-guess", ""),
        ("/matrix?role=learner", "br"),
        // What nobody there has stays in the view, so that others are not taken for them; its name may be any.
        ("/matrix?role=a-guess", ""),
        ("/matrix?what=module.a-guess", ""),
        ("/matrix?programme=a-guess", ""),
        ("/matrix?against=2026-11-23&role=a-guess", ""),
        ("/matrix/rows?role=a-guess", ""),
        ("/matrix/selected?do=assign&role=a-guess", ""),
        ("/overview?role=a-guess", ""),
        ("/overview?month=2024-05", ""),
        // What cannot be read is said as it was written.
        ("/matrix?status=a-guess", ""),
        ("/matrix?group=a-guess", ""),
        ("/matrix?what=a-guess", ""),
        ("/matrix/selected?do=assign&all=yes&status=a-guess", ""),
        ("/overview?group=a-guess", ""),
    ] {
        let request = axum::http::Request::get(address).header("accept-encoding", "br");
        let reply = browser.send(request.body(axum::body::Body::empty()).unwrap()).await;
        assert_eq!(reply.header("content-encoding"), coding, "{address}");
    }
    // Nothing else of an address comes back.
    for name in ["sort", "fold", "rows", "known", "page"] {
        for value in ["module.a-guess", "-module.a-guess", "a-guess"] {
            let reply = browser.get(&format!("/matrix?{name}={value}")).await;
            assert!(!reply.text().contains("a-guess"), "{name}={value}");
        }
    }
}

async fn what_nobody_there_has_shows_nobody_and_is_said(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Cohort A").await;
    let dan = world.person("dan", &[Role::Dsl]).await;
    world.learner("amy").of("Cohort A").await;
    world.staff("sam").of("Cohort B").await;
    world.waits(TimeDelta::days(1));
    let site = Site::over(&world);
    let mut browser = site.browser_of(&mina).await;
    for (query, said, link) in [
        ("role=staff", "Nobody whom you see is here as ", "Show them all, whoever they are here as"),
        (
            "programme=nothing-of-hers",
            "Nobody whom you see is asked for ",
            "Show them all, whatever they are asked for",
        ),
        ("what=module.nothing-of-hers", "Nobody whom you see is asked for ", "whatever they are asked for"),
        ("role=learner&what=module.nothing-of-hers", "None of the ", "whatever they are asked for"),
        ("as-at=2026-11-23&role=staff", "Nobody whom you see was here as ", "whoever they are here as"),
        ("against=2026-11-23&role=staff", "Nobody whom you see was here as ", "whoever they are here as"),
        ("against=2026-11-23&what=module.nothing-of-hers", "was asked for ", "whatever they are asked for"),
        ("paper=a4&role=staff", "Nobody whom you see is here as ", "whoever they are here as"),
    ] {
        let reply = browser.get(&format!("/matrix?{query}")).await;
        let page = reply.text();
        assert_eq!(reply.status, StatusCode::OK, "{query}");
        assert!(page.contains(said) && page.contains(link), "{query}: {page}");
        for hidden in [">amy</a>", ">sam<", "Cohort B"] {
            assert!(!page.contains(hidden), "{query}: {hidden}: {page}");
        }
        let file = browser.get(&format!("/matrix/csv?{query}")).await.text();
        assert_eq!(file.lines().count(), 1, "{query}: {file}");
        assert_eq!(browser.get(&format!("/matrix/xlsx?{query}")).await.status, StatusCode::OK, "{query}");
        let rows = browser.get(&format!("/matrix/rows?{query}")).await.text();
        assert!(query.contains("against") || !rows.contains("amy"), "{query}: {rows}");
    }
    // What was asked for stays chosen, and is taken away by itself.
    let page = browser.get("/matrix?role=staff&name=amy").await.text();
    assert!(page.contains("<option value=\"staff\" selected") && page.contains("href=\"/matrix?name=amy\""), "{page}");
    let page = browser.get("/overview?role=staff").await.text();
    assert!(page.contains("Nobody whom you see is here as ") && !page.contains("0 people"), "{page}");
    // Whoever sees them has them.
    let others = site.browser_of(&dan).await.get("/matrix?role=staff").await.text();
    assert!(others.contains("3 people") && !others.contains("Nobody whom you see"), "{others}");
}

async fn what_cannot_be_read_is_said_and_nothing_is_made_without_it(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Cohort A").await;
    world.learner("amy").of("Cohort A").await;
    world.waits(TimeDelta::days(1));
    let mut browser = Site::over(&world).browser_of(&mina).await;
    for (address, said) in [
        ("/matrix?status=late", "There is no status “late”, so it was left out of the sentence."),
        ("/matrix?paper=a4&status=late", "There is no status “late”"),
        ("/matrix?against=2026-11-23&status=late", "There is no status “late”"),
        ("/matrix?group=any&role=No+one", "There is no group “any” and no audience “No one”, so these were left out"),
        ("/matrix?programme=No!", "There is no programme “No!”"),
        ("/matrix?what=first-aid", "There is no module or agreement “first-aid”"),
        ("/matrix?person=amy", "There is no person “amy”"),
        ("/matrix?status=%3Cb%3E", "There is no status “&lt;b&gt;”"),
        // In the place of a file, and of what would be done to people, there is the page that says it.
        ("/matrix/csv?status=late", "There is no status “late”"),
        ("/matrix/xlsx?status=late", "There is no status “late”"),
        ("/matrix/csv?against=2026-11-23&status=late", "There is no status “late”"),
        ("/matrix/selected?do=assign&all=yes&status=late", "There is no status “late”"),
        ("/overview?group=any", "There is no group “any”"),
        ("/overview?role=No+one", "There is no audience “No one”"),
    ] {
        let reply = browser.get(address).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{address}");
        let page = reply.text();
        assert!(page.contains(said) && page.contains("<h1>"), "{address}: {page}");
        // No form that would do something to whoever is not asked for.
        assert!(!page.contains("action=\"/matrix/assign\""), "{address}: {page}");
    }
    // What asks for nothing is nothing that is left out.
    let page = browser.get("/matrix?status=&group=&role=&what=&person=").await;
    assert!(page.status == StatusCode::OK && !page.text().contains("left out"), "{}", page.text());
}

async fn a_month_of_which_nothing_is_told_keeps_its_name(world: World) {
    let dan = world.person("dan", &[Role::Dsl]).await;
    world.learner("amy").of("Cohort A").await;
    let mut browser = Site::over(&world).browser_of(&dan).await;
    let page = browser.get("/overview?month=2024-05").await.text();
    for said in [
        "Nothing can be told of May 2024: a month is told once it is over, and for a year.",
        "href=\"/overview?month=2026-10\"",
        "href=\"/overview?month=2025-11\"",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(!page.contains("month=2025-10") && !page.contains("month=2026-11"), "{page}");
    let first = browser.get("/overview?month=2025-11").await.text();
    assert!(first.contains("After: December 2025") && !first.contains("Before: October 2025"), "{first}");
    let page = browser.get("/overview?month=soon").await.text();
    assert!(page.contains("What the address asks for is no month, so this is October 2026."), "{page}");
}

async fn whoever_has_nobody_is_told_what_to_do(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Cohort A").await;
    let site = Site::over(&world);
    let page = site.browser_of(&mina).await.get("/matrix").await.text();
    assert!(page.contains("Nobody is in your groups yet."), "{page}");
    world.staff("sam").of("Cohort A").await;
    let mut browser = site.browser_of(&mina).await;
    assert!(browser.get("/matrix").await.text().contains("Nothing is asked of these people."));
    assert!(browser.get("/matrix?name=nobody").await.text().contains("Nobody fits this."));
}

async fn a_record_is_for_whoever_looks_after_the_person(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Cohort A").await;
    let otto = world.person("otto", &[Role::Manager]).manages("Cohort B").await;
    let dan = world.person("dan", &[Role::Dsl]).await;
    let amy = world.learner("amy").of("Cohort A").of("Employer").fails("four-cs").await;
    world.waits(TimeDelta::days(1));
    amy.passes("four-cs").await;
    let site = Site::over(&world);
    let address = format!("/people/{}", amy.person.id);
    for (reader, finds) in
        [(&mina, StatusCode::OK), (&dan, StatusCode::OK), (&otto, StatusCode::NOT_FOUND), (&amy, StatusCode::FORBIDDEN)]
    {
        assert_eq!(site.browser_of(reader).await.get(&address).await.status, finds, "{}", reader.person.name);
    }
    let page = site.browser_of(&mina).await.get(&address).await.text();
    for said in [
        "Passed: The 4 Cs, 100%, attempt 2",
        "Not passed yet: The 4 Cs, 0%",
        "Into the group Cohort A",
        "1 of 3 things are done.",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(!page.contains("Employer"), "{page}");
    let then = site.browser_of(&mina).await.get(&format!("{address}?as-at=2026-11-23")).await.text();
    assert!(then.contains("as it was known then") && !then.contains("Passed: The 4 Cs"), "{then}");
    // Who has left is seen as at a day on which they were here.
    world.waits(TimeDelta::days(1));
    world.engine.leave(amy.person.id, engine::local_date(world.engine.now()), Actor::CommandLine).await.unwrap();
    for (reader, now, then) in [
        (&mina, StatusCode::NOT_FOUND, StatusCode::OK),
        (&dan, StatusCode::OK, StatusCode::OK),
        (&otto, StatusCode::NOT_FOUND, StatusCode::NOT_FOUND),
    ] {
        let mut browser = site.browser_of(reader).await;
        assert_eq!(browser.get(&address).await.status, now, "{}", reader.person.name);
        assert_eq!(browser.get(&format!("{address}?as-at=2026-11-23")).await.status, then, "{}", reader.person.name);
    }
}

async fn what_proves_a_signature_is_reached_from_the_record(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Cohort A").await;
    let dan = world.person("dan", &[Role::Dsl]).await;
    let ada = world.person("ada", &[Role::Auditor]).await;
    let amy = world.learner("amy").of("Cohort A").passes("four-cs").await;
    let id = amy.signs("laptop-loan").await.unwrap();
    let site = Site::over(&world);
    let (record, evidence) = (format!("/people/{}", amy.person.id), format!("/signatures/{id}"));
    for (reader, is_theirs) in [(&dan, true), (&ada, true), (&mina, false)] {
        let mut browser = site.browser_of(reader).await;
        let page = browser.get(&record).await.text();
        assert!(page.contains("Signed: Laptop loan"), "{}: {page}", reader.person.name);
        assert_eq!(page.contains(&format!("href=\"{evidence}\"")), is_theirs, "{}: {page}", reader.person.name);
        let reply = browser.get(&evidence).await;
        assert_eq!(reply.status == StatusCode::OK, is_theirs, "{}: {}", reader.person.name, reply.status);
    }
}

async fn a_workbook_has_the_same_people(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Cohort A").await;
    world.learner("amy").of("Cohort A").passes("four-cs").await;
    world.learner("ben").of("Cohort B").await;
    let page = Site::over(&world).browser_of(&mina).await.get("/matrix?status=passed").await.text();
    assert!(page.contains("People in your groups for whom anything is passed"), "{page}");
    let reply = Site::over(&world).browser_of(&mina).await.get("/matrix/xlsx").await;
    assert_eq!(reply.header("content-disposition"), "attachment; filename=\"matrix-2026-11-23.xlsx\"");
    assert_eq!(reply.header("content-type"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    // A workbook is a ZIP.
    assert!(reply.body.starts_with(b"PK\x03\x04") && reply.body.len() > 4000, "{}", reply.body.len());
}

async fn a_workbook_says_where_the_signed_log_stood(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Cohort A").await;
    world.learner("amy").of("Cohort A").passes("four-cs").await;
    world.waits(TimeDelta::days(1));
    let mut browser = Site::over(&world).browser_of(&mina).await;
    for address in ["/matrix/xlsx", "/matrix/xlsx?as-at=2026-11-23", "/matrix/xlsx?against=2026-11-23"] {
        let head = world.engine.log_head().await.unwrap().unwrap();
        let mut book = ZipArchive::new(Cursor::new(browser.get(address).await.body)).unwrap();
        let mut words = String::new();
        book.by_name("xl/sharedStrings.xml").unwrap().read_to_string(&mut words).unwrap();
        let root = head.note.lines().nth(2).unwrap();
        for said in ["Entries of the signed log", "Head of the log", root, "Key of the log", &head.key] {
            assert!(words.contains(said), "{address}: {said}: {words}");
        }
    }
}

async fn what_changed_is_a_page_and_a_file(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Cohort A").await;
    let amy = world.learner("amy").of("Cohort A").await;
    let ben = world.learner("ben").of("Cohort B").await;
    world.waits(TimeDelta::days(2));
    amy.passes("four-cs").await;
    ben.passes("four-cs").await;
    let mut browser = Site::over(&world).browser_of(&mina).await;
    let page = browser.get("/matrix?against=2026-11-23").await.text();
    for said in [
        "From the end of 23 November 2026 to now, 25 November 2026 at 09:00, each as it was known then",
        "Something changed for 1 of 1 person. 1 thing was passed or signed.",
        "Before: not started, by 7 Dec",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let file = browser.get("/matrix/csv?against=2026-11-23").await;
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"changes-2026-11-23-to-2026-11-25.csv\"");
    let file = file.text();
    assert_eq!(
        file.lines().nth(1).unwrap(),
        "2026-11-23 23:59,2026-11-25 09:00,as they were known then,Cohort A,amy,The 4 Cs,Done,Not started,Passed,2026-11-25,,100"
    );
    assert!(!page.contains("ben") && !file.contains("ben"));
    let book = browser.get("/matrix/xlsx?against=2026-11-23").await;
    assert!(book.body.starts_with(b"PK\x03\x04") && book.body.len() > 4000, "{}", book.body.len());
    let nothing = browser.get("/matrix?against=2026-11-23&as-at=2026-11-23T23:00").await.text();
    assert!(nothing.contains("Nothing changed."), "{nothing}");
}

async fn people_who_are_ticked_are_given_a_programme_and_it_is_taken_back(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Cohort A").await;
    let amy = world.staff("amy").of("Cohort A").await.person.id.to_string();
    let ben = world.staff("ben").of("Cohort A").await.person.id.to_string();
    let cora = world.staff("cora").of("Cohort B").await.person.id.to_string();
    world.learner("dina").of("Cohort A").await;
    let mut browser = Site::over(&world).browser_of(&mina).await;
    let page = browser.get("/matrix").await.text();
    assert!(page.contains(&format!("name=\"person\" value=\"{amy}\"")) && page.contains("Give a programme"), "{page}");
    let nobody = browser.get("/matrix/selected?do=assign").await.text();
    assert!(nobody.contains("Nobody is chosen."), "{nobody}");
    let page = browser.get(&format!("/matrix/selected?do=assign&person={amy}&person={ben}&person={cora}")).await.text();
    assert!(page.contains("Give it to 2 people") && !page.contains("cora"), "{page}");
    let all = browser.get("/matrix/selected?do=assign&all=yes").await.text();
    assert!(all.contains("Give it to 3 people"), "{all}");
    let fields = [
        ("person", amy.as_str()),
        ("person", &ben),
        ("person", &cora),
        ("what", "learner-induction"),
        ("from", "2026-11-23"),
    ];
    // It is written for others: that is said first, and nothing is given.
    let before = world.raw.count("assignment").await;
    let reply = browser.post("/matrix/assign", &fields).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = reply.text();
    for said in ["It is written for learners; 2 of them are staff", "Give it to 2 people all the same", "name=\"told\""]
    {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert_eq!(world.raw.count("assignment").await, before);
    let of_another = [&fields[..], &[("told", "staff-induction")]].concat();
    assert_eq!(browser.post("/matrix/assign", &of_another).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let reply = browser.post("/matrix/assign", &[&fields[..], &[("told", "learner-induction")]].concat()).await;
    let done = reply.location().to_owned();
    let page = browser.get(&done).await.text();
    assert!(
        page.contains("Learner induction: given to 2 people") && page.contains("Take it back from 2 people"),
        "{page}"
    );
    let reply = browser.post(&format!("{done}/undo"), &[]).await;
    assert_eq!(reply.location(), done);
    let page = browser.get(&done).await.text();
    assert!(page.contains("It has been taken back from all of them.") && !page.contains("Take it back"), "{page}");
    // Only these are in a file of these.
    let file = browser.get(&format!("/matrix/csv?among={amy}&person={ben}")).await.text();
    assert!(file.contains(",ben,") && !file.contains(",amy,"), "{file}");
    assert!(browser.get(&format!("/matrix/csv?among={amy}")).await.text().contains(",amy,"));
}

async fn who_would_be_late_at_once_is_said_before_several_are_given_it(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Cohort A").await;
    let amy = world.staff("amy").of("Cohort A").await.person.id.to_string();
    world.waits(TimeDelta::days(20));
    let mut browser = Site::over(&world).browser_of(&mina).await;
    let before = world.raw.count("assignment").await;
    let told = ("told", "learner-induction");
    let mut fields = vec![("person", amy.as_str()), ("what", "learner-induction"), ("from", "2026-11-23"), told];
    let reply = browser.post("/matrix/assign", &fields).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = reply.text();
    for said in
        ["1 of them would be late at once: it was due by 7 December 2026.", "name=\"late\" value=\"2026-11-23\""]
    {
        assert!(page.contains(said), "{said}: {page}");
    }
    // Of another day it is said again.
    fields.push(("late", "2026-11-22"));
    assert_eq!(browser.post("/matrix/assign", &fields).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(world.raw.count("assignment").await, before);
    fields[4].1 = "2026-11-23";
    assert_eq!(browser.post("/matrix/assign", &fields).await.status, StatusCode::SEE_OTHER);
}

async fn a_form_with_faults_comes_back_with_what_was_typed(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Cohort A").await;
    let amy = world.learner("amy").of("Cohort A").await.person.id.to_string();
    let mut browser = Site::over(&world).browser_of(&mina).await;
    let person = ("person", amy.as_str());
    for (fields, said) in [
        (
            vec![person, ("what", ""), ("reason", "On leave"), ("from", "2026-11-23")],
            "Choose what they are excused from",
        ),
        (
            vec![person, ("what", "module.four-cs"), ("reason", ""), ("from", "2026-11-23")],
            "Write why they are excused",
        ),
        (
            vec![
                person,
                ("what", "module.four-cs"),
                ("reason", "On leave"),
                ("from", "2026-11-23"),
                ("until", "2026-11-22"),
            ],
            "The last day must not lie before the first",
        ),
        (
            vec![person, ("what", "module.four-cs"), ("reason", "On leave"), ("from", "soon")],
            "From: “soon” is no day. Write it as 3 September 2026 or 03/09/2026.",
        ),
    ] {
        let reply = browser.post("/matrix/exempt", &fields).await;
        let page = reply.text();
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.contains("Error: Excuse 1 person") && page.contains(said), "{said}: {page}");
        assert_eq!(page.contains("value=\"On leave\""), fields.contains(&("reason", "On leave")));
    }
    let long = "n".repeat(512);
    let fields = [person, ("what", ""), ("reason", &*long), ("from", "foo"), ("until", "bar")];
    let page = browser.post("/matrix/exempt", &fields).await.text();
    for said in
        ["Choose what they are", "it has 12 characters too many", "From: “foo” is no day", "Last day: “bar” is no day"]
    {
        assert!(page.contains(said), "{said}: {page}");
    }
    let fields =
        [person, ("what", "module.four-cs"), ("reason", "On leave"), ("from", "2026-11-23"), ("until", "2026-11-30")];
    let reply = browser.post("/matrix/exempt", &fields).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER);
    let done = browser.get(reply.location()).await.text();
    assert!(done.contains("30 November 2026") && !done.contains("In force"), "{done}");
    assert!(browser.get("/matrix").await.text().contains(">Exempt<"));
    let again = browser.post("/matrix/exempt", &fields).await.text();
    assert!(again.contains("All of these people have it already, so nothing was done"), "{again}");
}

async fn a_view_is_kept_opened_and_deleted(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Cohort A").await;
    world.learner("amy").of("Cohort A").await;
    let mut browser = Site::over(&world).browser_of(&mina).await;
    let fields = [("query", "status=not-started&nothing=of-ours&sort=name"), ("name", "To <chase>")];
    let reply = browser.post("/matrix/views", &fields).await;
    assert_eq!(reply.location(), "/matrix?status=not-started&sort=name&views=open");
    let page = browser.get(reply.location()).await.text();
    assert!(page.contains("To &lt;chase&gt;</a>") && page.contains("action=\"/matrix/views\" novalidate"), "{page}");
    let address = page.split("/matrix/views/").nth(1).unwrap().split('"').next().unwrap();
    let wrong = browser.post("/matrix/views", &[("query", ""), ("name", " ")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("Type a name for the view"));
    let reply = browser.post(&format!("/matrix/views/{address}"), &[("query", "sort=name")]).await;
    assert_eq!(reply.location(), "/matrix?sort=name&views=open");
    assert!(!browser.get("/matrix").await.text().contains("chase"));
}

/// The rows of a part of the list: `group` or the name, each with its number in the whole table.
fn rows_of(html: &str) -> Vec<(usize, String)> {
    let mut rows = Vec::new();
    for body in html.split("<tbody ").skip(1) {
        let (_, number) = body.split_once("data-row=\"").unwrap();
        let first: usize = number.split_once('"').unwrap().0.parse().unwrap();
        let here = body.split("<tr").skip(1).filter(|row| !row.contains("group-row again"));
        for (nth, row) in here.enumerate() {
            let (_, name) = row.split_once("dir=\"auto\">").unwrap();
            rows.push((first + nth, name.split_once('<').unwrap().0.to_owned()));
        }
    }
    rows
}

async fn parts_of_the_list_are_the_pages_without_a_gap_and_without_anybody_twice(world: World) {
    let dan = world.person("dan", &[Role::Dsl]).await;
    for nth in 0..25 {
        world.learner(format!("a{nth:02}").leak()).of("Cohort A").await;
    }
    // Folded, it stands at the edge between two pages.
    world.learner("bea").of("Cohort B").await;
    for nth in 0..27 {
        world.learner(format!("c{nth:02}").leak()).of("Cohort C").await;
    }
    let mut browser = Site::over(&world).browser_of(&dan).await;
    for folded in ["", "Cohort A", "Cohort B", "Cohort C"] {
        let fold = match folded {
            "" => String::new(),
            group => format!("&fold={}", world.engine.group_at(group, Actor::CommandLine).await.unwrap()),
        };
        let view = format!("sort=name{fold}");
        let first = browser.get(&format!("/matrix?{view}")).await.text();
        let (_, rest) = first.split_once("data-mark=\"").unwrap();
        let mark = rest.split_once('"').unwrap().0.to_owned();
        let all: usize = first.split_once("data-rows=\"").unwrap().1.split_once('"').unwrap().0.parse().unwrap();
        let reply = browser.get(&format!("/matrix/rows?{view}&page=1&to=9")).await;
        assert_eq!(reply.header("content-type"), "text/html; charset=utf-8");
        let parts = reply.text();
        assert!(parts.starts_with(&format!("<table data-mark=\"{mark}\">")), "{parts}");
        let rows = rows_of(&parts);
        let numbers: Vec<usize> = rows.iter().map(|(number, _)| *number).collect();
        assert_eq!(numbers, (4..=all).collect::<Vec<_>>(), "{folded}: {rows:?}");
        // One part after the other, and the pages, have the same.
        let (mut one_by_one, mut pages) = (Vec::new(), Vec::new());
        for page in 1..=3 {
            let part = browser.get(&format!("/matrix/rows?{view}&page={page}")).await.text();
            assert!(part.len() < parts.len() || folded == "Cohort C" || !part.contains("<tbody"), "{folded} {page}");
            one_by_one.extend(rows_of(&part));
            if page == 1 || part.contains("<tbody") {
                let whole = browser.get(&format!("/matrix?{view}&page={page}")).await.text();
                let table = whole.split_once("</thead>").unwrap().1.split_once("</table>").unwrap().0;
                pages.extend(rows_of(table));
            }
        }
        assert_eq!(one_by_one, rows, "{folded}");
        assert_eq!(pages, rows, "{folded}");
    }
    for nonsense in ["page=0", "page=99999999999999999999", "page=18446744073709551615&to=1", "page=3&to=1", "to=a"] {
        assert_eq!(browser.get(&format!("/matrix/rows?{nonsense}")).await.status, StatusCode::OK, "{nonsense}");
    }
}

async fn parts_of_the_list_hold_nobody_who_is_not_the_readers(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield/Cohort A").await;
    let otto = world.person("otto", &[Role::Manager]).manages("Northfield/Cohort B").await;
    let amy = world.learner("amy").of("Northfield/Cohort A").passes("four-cs").await;
    world.learner("ben").of("Northfield/Cohort B").await;
    let site = Site::over(&world);
    let of_a = world.engine.group_at("Northfield/Cohort A", Actor::CommandLine).await.unwrap();
    let hers = site.browser_of(&mina).await.get("/matrix/rows").await.text();
    assert!(hers.contains(">amy</a>"), "{hers}");
    for hidden in ["ben", "Cohort B", "Northfield"] {
        assert!(!hers.contains(hidden), "{hidden}: {hers}");
    }
    let mut others = site.browser_of(&otto).await;
    assert_eq!(others.get(&format!("/matrix/rows?group={of_a}")).await.status, StatusCode::NOT_FOUND);
    for view in ["", "?name=amy", "?sort=-name", "?status=passed", "?as-at=2026-11-23", "?page=2"] {
        let part = others.get(&format!("/matrix/rows{view}")).await.text();
        assert!(!part.contains("amy") && !part.contains("Cohort A"), "{view}: {part}");
    }
    assert_eq!(site.browser_of(&amy).await.get("/matrix/rows").await.status, StatusCode::FORBIDDEN);
    let mut browser = site.browser_of(&mina).await;
    for (address, coding) in [("/matrix/rows", "br"), ("/matrix/rows?name=a-guess", "")] {
        let request = axum::http::Request::get(address).header("accept-encoding", "br");
        let reply = browser.send(request.body(axum::body::Body::empty()).unwrap()).await;
        assert_eq!((reply.status, reply.header("content-encoding")), (StatusCode::OK, coding), "{address}");
    }
}

async fn what_was_done_to_several_is_listed(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Cohort A").await;
    let rita = world.person("rita", &[Role::Manager]).manages("Cohort B").await;
    let dan = world.person("dan", &[Role::Dsl]).await;
    let amy = world.staff("amy").of("Cohort A").await.person.id.to_string();
    let site = Site::over(&world);
    let mut hers = site.browser_of(&mina).await;
    assert!(hers.get("/matrix").await.text().contains("href=\"/matrix/done\""));
    assert!(hers.get("/matrix/done").await.text().contains("Nothing yet."));
    let fields = [
        ("person", amy.as_str()),
        ("what", "learner-induction"),
        ("from", "2026-11-23"),
        ("told", "learner-induction"),
    ];
    let done = hers.post("/matrix/assign", &fields).await.location().to_owned();
    let list = hers.get("/matrix/done").await.text();
    for said in [&*done, "Given: Learner induction", "1 person", "In force, can be taken back"] {
        assert!(list.contains(said), "{said}: {list}");
    }
    assert!(!list.contains(">By</th>"), "{list}");
    let all = site.browser_of(&dan).await.get("/matrix/done").await.text();
    assert!(all.contains(">By</th>") && all.contains(">mina</td>") && all.contains(&done), "{all}");
    let page = site.browser_of(&dan).await.get(&done).await.text();
    assert!(page.contains("mina did this on"), "{page}");
    let mut others = site.browser_of(&rita).await;
    assert!(!others.get("/matrix/done").await.text().contains(&done));
    assert_eq!(others.get(&done).await.status, StatusCode::NOT_FOUND);
    assert_eq!(others.post(&format!("{done}/undo"), &[]).await.status, StatusCode::NOT_FOUND);
    hers.post(&format!("{done}/undo"), &[]).await;
    assert!(hers.get("/matrix/done").await.text().contains("Taken back from all"));
    assert!(hers.get("/matrix/done?page=2").await.text().contains("There is no such page."));
}

async fn the_overview_is_for_who_looks_after_people(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Cohort A").await;
    world.learner("amy").of("Cohort A").passes("four-cs").await;
    world.learner("ben").of("Cohort B").await;
    let mut browser = Site::over(&world).browser_of(&mina).await;
    let page = browser.get("/overview").await.text();
    for said in
        ["33% of what is asked of 1 person is done. Nothing is late.", "Policy into practice", "1 asked", "Cohort A"]
    {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(!page.contains("Cohort B"), "{page}");
    let of_b = world.engine.group_at("Cohort B", Actor::CommandLine).await.unwrap();
    assert_eq!(browser.get(&format!("/overview?group={of_b}")).await.status, StatusCode::NOT_FOUND);
    let of_a = world.engine.group_at("Cohort A", Actor::CommandLine).await.unwrap();
    // A part of the people is not asked what it got wrong.
    let part = browser.get(&format!("/overview?group={of_a}")).await.text();
    assert!(page.contains("What people get wrong") && !part.contains("What people get wrong"), "{part}");
}

async fn the_overview_has_a_row_for_each_group_and_a_column_for_each_day(world: World) {
    let dan = world.person("dan", &[Role::Dsl]).await;
    world.learner("amy").of("Northfield/East/Cohort A").passes("four-cs").await;
    world.learner("ben").of("Northfield/West/Cohort A").await;
    let page = Site::over(&world).browser_of(&dan).await.get("/overview").await.text();
    let share = page.split("aria-label=\"Share done, over time\"").nth(1).unwrap();
    let share = share.split("</table>").next().unwrap();
    assert_eq!(share.matches("<th scope=\"col\"").count(), 9, "{share}");
    // What all of them are in stands before none of them.
    for said in [">East / Cohort A<", ">West / Cohort A<", ">All <small>"] {
        assert!(share.contains(said), "{said}: {share}");
    }
    assert!(!share.contains("Northfield"), "{share}");
    // Few groups have a row each, and nothing leads to more of them. The drawing has a size for a phone.
    assert!(!page.contains("Show all") && !page.contains("largest alone"), "{page}");
    assert!(page.contains("class=\"chart narrow\" viewBox=\"0 0 280 "), "{page}");
    // Laid out for paper, each part scrolls by itself on the screen.
    let paper = Site::over(&world).browser_of(&dan).await.get("/matrix?paper=a3").await.text();
    assert!(paper.contains("role=\"region\" aria-label=\"Matrix\""), "{paper}");
    assert!(paper.contains("Everybody. As at now, "), "{paper}");
}

async fn groups_beyond_the_largest_have_rows_where_they_are_asked_for(world: World) {
    let dan = world.person("dan", &[Role::Dsl]).await;
    world.learner("amy").of("Large").await;
    world.learner("ben").of("Large").await;
    for nth in 0..51 {
        world.learner(format!("l{nth:02}").leak()).of(format!("Cohort {nth:02}").leak()).await;
    }
    let mut browser = Site::over(&world).browser_of(&dan).await;
    let few = browser.get("/overview").await.text();
    let shown = |page: &str, group: &str| page.matches(&format!("<span dir=\"auto\">{group}</span>")).count();
    assert!(few.contains("The 50 largest of ") && few.contains("href=\"/overview?groups=all\""), "{few}");
    // Over time, in the drawing's key, and below the agreement.
    assert_eq!((shown(&few, "Large"), shown(&few, "Cohort 48"), shown(&few, "Cohort 49")), (3, 2, 0));
    let all = browser.get("/overview?groups=all").await.text();
    assert!(all.contains("Show the 50 largest alone") && all.contains("href=\"/overview\""), "{all}");
    assert_eq!((shown(&all, "Cohort 48"), shown(&all, "Cohort 50")), (2, 2));
}

async fn the_years_of_a_long_record_fold(world: World) {
    let dan = world.person("dan", &[Role::Dsl]).await;
    let amy = world.learner("amy").passes("four-cs").await;
    let record = format!("/people/{}", amy.person.id);
    let site = Site::over(&world);
    let page = site.browser_of(&dan).await.get(&record).await.text();
    assert!(!page.contains("<summary>2026 (") && page.contains("data-label=\"Until\""), "{page}");
    let joins = async |path: String| {
        let group = world.engine.group_at(&path, Actor::CommandLine).await.unwrap();
        let today = engine::local_date(world.engine.now());
        world.engine.join_group(amy.person.id, group, today, Actor::CommandLine).await.unwrap();
    };
    for number in 1..=20 {
        joins(format!("Group {number}")).await;
    }
    world.waits(TimeDelta::days(60));
    joins("Cohort A".to_owned()).await;
    let page = site.browser_of(&dan).await.get(&record).await.text();
    for said in ["<details open><summary>2027 (1 event)</summary>", "<details><summary>2026 ("] {
        assert!(page.contains(said), "{said}: {page}");
    }
}

async fn answers_are_shown_to_who_teaches_and_to_nobody_else(world: World) {
    let mina = world.person("mina", &[Role::Manager]).manages("Cohort A").await;
    let ada = world.person("ada", &[Role::Auditor]).await;
    let amy = world.learner("amy").of("Cohort A").await;
    let attempt = amy.fails("four-cs").await;
    let site = Site::over(&world);
    let record = format!("/people/{}", amy.person.id);
    let answers = format!("{record}/attempts/{attempt}");
    let mut hers = site.browser_of(&mina).await;
    assert!(hers.get(&record).await.text().contains(&answers));
    let page = hers.get(&answers).await.text();
    assert!(
        page.contains("Answers of <span dir=\"auto\">amy</span>") && page.contains("They gave no answer"),
        "{page}"
    );
    let mut others = site.browser_of(&ada).await;
    assert!(!others.get(&record).await.text().contains(&answers));
    assert_eq!(others.get(&answers).await.status, StatusCode::FORBIDDEN);
    let own = site.browser_of(&amy).await.get("/cpd").await.text();
    assert!(own.contains("have opened your record or your answers 3 times."), "{own}");
}
