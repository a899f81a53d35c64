use engine::{Administration, FolderStands, ToSee};
use leptos::prelude::*;

use super::gap::{gap_words, to_know_words};
use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Mark, count, day_of, listed, mark, moment},
};

/// The front page of administration: what needs somebody, and every part with its state. `folder`: how the folder of content stands to what is
/// published; `None` where it cannot be read, or is not for the reader.
pub fn administration(frame: &Frame, seen: &Administration, folder: Option<&FolderStands>) -> Rendered {
    frame.page("Administration", || {
        let mut needs: Vec<AnyView> = seen.to_see.iter().map(need).collect();
        needs.extend(folder.and_then(folder_need));
        let lead = match needs.len() {
            _ if !seen.everywhere => "You look after some groups. What you do for them is here.".to_owned(),
            0 => "Nothing needs you now.".to_owned(),
            1 => "One thing needs you.".to_owned(),
            many => format!("{many} things need you."),
        };
        let needs = (!needs.is_empty()).then(|| view! {
            <section aria-labelledby="needs">
                <h2 id="needs">"To see to"</h2>
                <ul class="rows gaps" role="list">{needs}</ul>
            </section>
        });
        let unread = (seen.everywhere && folder.is_none()).then(|| {
            view! { <p class="hint">"This server cannot read the folder with its content now, so it is not known whether it differs from what is published. Whoever runs the server finds why with induct doctor."</p> }
        });
        view! {
            <h1>"Administration"</h1>
            <p class="lead">{lead}</p>
            {needs}
            <h2>"Who is here"</h2>
            <ul class="rows parts" role="list">{people_parts(seen)}</ul>
            <h2>"What is asked and checked"</h2>
            <ul class="rows parts" role="list">{asked_parts(frame, seen)}</ul>
            {seen.everywhere.then(|| view! {
                <h2>"This installation"</h2>
                <ul class="rows parts" role="list">{installation_parts(frame, seen)}</ul>
            })}
            {unread}
        }
    })
}

fn part(address: &'static str, word: &'static str, what: &'static str, state: String) -> AnyView {
    let state = (!state.is_empty()).then(|| view! { <p class="meta">{state}</p> });
    view! { <li><div><h3><a href=address>{word}</a></h3> <p>{what}</p> {state}</div></li> }.into_any()
}

fn number(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn people_parts(seen: &Administration) -> Vec<AnyView> {
    let here = seen.people.map(|people| format!("{} here today", count(people, "person is", "people are")));
    let mut parts = vec![
        part("/people", "People", "Find somebody, and change what is recorded of them.", here.unwrap_or_default()),
        part(
            "/groups",
            "Groups",
            "The tree of sites, programmes and cohorts, who is in each, and join codes.",
            count(seen.groups, "group", "groups"),
        ),
        part("/people/new", "Add somebody", "One person at a time; they choose their own password.", String::new()),
    ];
    if seen.everywhere {
        let what = "Many at once from a file: what it would change is shown first, and the last one can be undone.";
        parts.push(part("/people/import", "Bring people in", what, String::new()));
    }
    if let Some((sites, roles)) = seen.contacts {
        let known = if seen.contacts_to_know > 0 {
            format!("; {}", to_know_words(seen.contacts_to_know))
        } else {
            String::new()
        };
        let state = format!("{}, {}{known}", count(sites, "site", "sites"), count(roles, "named role", "named roles"));
        let what = "Whom people find at each site, who holds each role, and who stands in.";
        parts.push(part("/admin/contacts", "Contacts and cover", what, state));
    }
    if !seen.everywhere {
        let what = "Who of yours is signed in, and signing somebody out.";
        parts.push(part("/admin/sessions", "Sessions", what, String::new()));
    }
    parts
}

fn asked_parts(frame: &Frame, seen: &Administration) -> Vec<AnyView> {
    let given = seen
        .given
        .map(|given| format!("{} given to groups and audiences", count(given, "programme is", "programmes are")));
    let mut parts = vec![
        part(
            "/assignments",
            "Assignments",
            "Which programme is asked of which group, audience or person.",
            given.unwrap_or_default(),
        ),
        part(
            "/matrix/done",
            "Done to several",
            "What was done to several people at once, and taking it back.",
            String::new(),
        ),
    ];
    if frame.checks {
        let what = "The register of signatures, who has not signed, who looked, and packs for an inspection.";
        parts.push(part("/audit", "Audit", what, String::new()));
    }
    if frame.checks_all {
        let entries = format!("The signed log has {}", count(number(seen.entries), "entry", "entries"));
        let what = "What was done for others, by whom and when.";
        parts.push(part("/admin/log", "Who did what", what, entries));
    }
    parts
}

fn installation_parts(frame: &Frame, seen: &Administration) -> Vec<AnyView> {
    let settings = seen.settings.map(|(number, since)| format!("Version {number}, since {}", day_of(since)));
    let (modules, agreements, programmes) = seen.published;
    let published = [
        count(modules, "module", "modules"),
        count(agreements, "agreement", "agreements"),
        count(programmes, "programme", "programmes"),
    ];
    let published_at = seen.published_at.map(|at| format!("; last published on {}", day_of(at))).unwrap_or_default();
    let letters = seen.letters.unwrap_or_default();
    let letters = match (frame.sends_letters, letters.paused_since, letters.given_up, letters.waiting) {
        (false, ..) => "There is no mail server".to_owned(),
        (true, Some(since), ..) => format!("Held back since {}", moment(since)),
        (true, None, 0, waiting) => count(number(waiting), "letter waits", "letters wait"),
        (true, None, given_up, _) => format!("{given_up} not delivered"),
    };
    let reminds = if seen.reminds { "On" } else { "Off, as organisation.toml says" };
    let sessions =
        seen.sessions.map(|sessions| format!("{} signed in", count(number(sessions), "browser is", "browsers are")));
    let jobs = seen.jobs.map(|jobs| count(jobs, "job", "jobs"));
    vec![
        part(
            "/admin/settings",
            "Settings",
            "What organisation.toml says, since when, and what would be wrong with a change.",
            settings.unwrap_or_default(),
        ),
        part(
            "/admin/log?what=published",
            "Publications",
            "What was published and withdrawn, by whom. Each module and agreement has all of its versions.",
            format!("{}{published_at}", listed(&published)),
        ),
        part("/admin/letters", "Letters", "What was written, sent and given up.", letters),
        part("/admin/reminders", "Reminders", "Who is told what is wanted of them, and when.", reminds.to_owned()),
        part(
            "/admin/sessions",
            "Sessions",
            "Who is signed in, since when and in what browsers, and signing somebody out.",
            sessions.unwrap_or_default(),
        ),
        part("/admin/jobs", "Jobs", "What the server does by itself.", jobs.unwrap_or_default()),
    ]
}

/// What needs somebody, as a row that leads to where it is seen to.
fn need(what: &ToSee) -> AnyView {
    match what {
        ToSee::Jobs(failing) => {
            need_row("/admin/jobs", format!("{} not work", count(*failing, "job does", "jobs do")), String::new())
        }
        ToSee::LettersHeld(since) => {
            need_row("/admin/letters", "Letters are held back".to_owned(), format!("Since {}.", moment(*since)))
        }
        ToSee::LettersGivenUp(letters) => need_row(
            "/admin/letters?state=given-up",
            format!("{} not delivered", count(number(*letters), "letter was", "letters were")),
            "In the last 30 days. Each says why.".to_owned(),
        ),
        ToSee::Contact(notice) => need_row("/admin/contacts", notice.name.clone(), gap_words(&notice.gap, 0)),
        ToSee::Reviews(things) => need_row(
            "/overview",
            format!("{} to be reviewed", count(*things, "module or agreement is", "modules and agreements are")),
            "Their day has passed, or that of a fact on which they rest.".to_owned(),
        ),
    }
}

fn need_row(address: &'static str, what: String, more: String) -> AnyView {
    view! { <li><div><h3>{mark(Mark::Warning)} " " <a href=address>{what}</a></h3> <p>{more}</p></div></li> }.into_any()
}

fn folder_need(folder: &FolderStands) -> Option<AnyView> {
    const SHOWN: usize = 5;
    if folder.errors > 0 {
        let what = format!("The folder with the content has {}", count(folder.errors, "error", "errors"));
        let more = "Nothing of it would be published. Whoever keeps it finds each with induct check.".to_owned();
        return Some(need_row("/admin/settings", what, more));
    }
    let names: Vec<String> = folder.differs.iter().take(SHOWN).cloned().collect();
    let others = folder.differs.len().saturating_sub(SHOWN);
    let named = if others > 0 { format!("{} and {others} more", names.join(", ")) } else { listed(&names) };
    let more = format!("{named}. Whoever keeps it publishes it with induct publish.");
    let what = "The folder with the content differs from what people get".to_owned();
    (!names.is_empty()).then(|| need_row("/admin/settings", what, more))
}
