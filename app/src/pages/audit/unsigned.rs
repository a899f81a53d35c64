use std::sync::Arc;

use engine::{GroupId, ListedGroup, LogHead, PersonStands, StandsPage, WhoStands, catalogue::Agreement};
use leptos::prelude::*;

use super::{
    register::{agreement_field, group_field, take_away},
    tabs::{Tab, head, tabs},
};
use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Faults, Field, count, day, day_of, field, list_table, status},
};

/// Where people stand with an agreement, and what was asked for.
#[derive(Clone, Debug)]
pub struct Unsigned {
    /// The agreement. `None`: there is none.
    pub agreement: Option<Arc<Agreement>>,
    /// Who was asked about.
    pub who: WhoStands,
    /// In which group.
    pub group: Option<GroupId>,
    /// Some of the people.
    pub found: StandsPage,
    /// Whether these are the first.
    pub is_first: bool,
    /// The groups that may be asked for.
    pub groups: Vec<ListedGroup>,
    /// The agreements that are in force.
    pub agreements: Vec<Arc<Agreement>>,
    /// Where the signed log stands.
    pub head: Option<LogHead>,
    /// What leads to the next page: the whole query of its address. `None`: this is the last.
    pub next: Option<String>,
}

/// How an address says about whom is asked, and how people do.
const WHO: [(WhoStands, &str, &str); 3] = [
    (WhoStands::NotSigned, "not-signed", "Asked, and not signed"),
    (WhoStands::NotAsked, "not-asked", "Not asked"),
    (WhoStands::Signed, "signed", "Signed"),
];

impl Unsigned {
    /// About whom an address asks; about who has not signed where it does not say.
    #[must_use]
    pub fn who(code: &str) -> WhoStands {
        WHO.iter().find(|(_, known, _)| *known == code).map_or_else(WhoStands::default, |(who, ..)| *who)
    }

    /// How people say it.
    #[must_use]
    pub fn word(who: WhoStands) -> &'static str {
        WHO.iter().find(|(known, ..)| *known == who).map_or("", |(_, _, word)| *word)
    }

    /// How an address says it.
    #[must_use]
    pub fn code(who: WhoStands) -> &'static str {
        WHO.iter().find(|(known, ..)| *known == who).map_or("", |(_, code, _)| code)
    }
}

/// Who has signed an agreement, who has not, and who was not asked.
pub fn unsigned(frame: &Frame, unsigned: &Unsigned) -> Rendered {
    frame.page("Who has not signed", || {
        let Unsigned { who, found, .. } = unsigned;
        let rows = found.people.iter().map(|one| row(one, *who)).collect_view();
        let table = (!found.people.is_empty()).then(|| {
            let columns: &[&'static str] = match who {
                WhoStands::NotSigned | WhoStands::NotAsked => &["Person", "Where they stand", "By", "Ready to sign"],
                WhoStands::Signed => &["Person", "Where they stand", "Counts until", "Signed"],
            };
            list_table("People", columns, rows)
        });
        let choices = WHO.map(|(one, code, word)| {
            let is_chosen = one == *who;
            view! { <option value=code selected=is_chosen>{word}</option> }
        });
        let chosen = unsigned.agreement.as_ref().map(|agreement| agreement.slug.to_string());
        let asked_about = field(Field { id: "who", label: "Who", hint: None }, &Faults::default(), |_| {
            view! { <select id="who" name="who">{choices.collect_view()}</select> }
        });
        let next = unsigned.next.as_ref().map(|query| {
            view! { <a class="button second" href=format!("/audit/unsigned?{query}")>"Next people"</a> }
        });
        let first = (!unsigned.is_first).then(|| view! { <a href="/audit/unsigned">"Back to the first"</a> });
        view! {
            <h1>"Who has not signed"</h1>
            {tabs(frame, Tab::Unsigned)}
            {head(unsigned.head.as_ref())}
            <form class="filter" method="get" action="/audit/unsigned" role="search" aria-label="Whom to show">
                {agreement_field(&unsigned.agreements, chosen, false)}
                {asked_about}
                {group_field(&unsigned.groups, unsigned.group.map(|group| group.to_string()))}
                <div class="actions"><button>"Show these"</button></div>
            </form>
            {result(unsigned)}
            {table}
            <div class="actions">{next} " " {first}</div>
            {(found.total > 0).then(|| as_table(unsigned))}
        }
    })
}

/// All of these people for a spreadsheet.
fn as_table(unsigned: &Unsigned) -> impl IntoView + use<> {
    let slug = unsigned.agreement.as_ref().map(|agreement| agreement.slug.to_string()).unwrap_or_default();
    let hidden = vec![
        ("agreement", slug),
        ("who", Unsigned::code(unsigned.who).to_owned()),
        ("group", unsigned.group.map(|group| group.to_string()).unwrap_or_default()),
    ];
    take_away("/audit/unsigned", "All of these people", "these people", hidden)
}

/// How many were found, or that there is nobody, with what leads on.
fn result(unsigned: &Unsigned) -> AnyView {
    let Some(agreement) = &unsigned.agreement else {
        return view! { <p role="status">"There is no agreement in force."</p> }.into_any();
    };
    if unsigned.found.total > 0 {
        return view! { <p role="status">{said(unsigned, agreement)}</p> }.into_any();
    }
    let title = &agreement.title;
    let words = match unsigned.who {
        _ if unsigned.found.looked_at == 0 => "There is nobody to look at.".to_owned(),
        WhoStands::NotSigned => format!("Nobody who is asked for {title} is without a signature that counts."),
        WhoStands::NotAsked => format!("Everybody is asked for {title} or has signed it."),
        WhoStands::Signed => format!("Nobody is covered by a signature of {title}."),
    };
    let of = count(unsigned.found.looked_at, "person was", "people were");
    let others = WHO.into_iter().filter(|(who, ..)| *who != unsigned.who).map(|(_, code, word)| {
        let group = unsigned.group.map(|group| format!("&group={group}")).unwrap_or_default();
        let href = format!("/audit/unsigned?agreement={}&who={code}{group}", agreement.slug);
        view! { <li><a class="standalone" href=href>{word}</a></li> }
    });
    view! {
        <div class="card nothing" role="status">
            <h2>{words}</h2>
            <p>{format!("{of} looked at. Choose another agreement or group above, or see who else there is:")}</p>
            <ul role="list">{others.collect_view()}</ul>
        </div>
    }
    .into_any()
}

fn said(unsigned: &Unsigned, agreement: &Agreement) -> String {
    let Unsigned { who, found, .. } = unsigned;
    let what = match who {
        WhoStands::NotSigned => "asked for it, without a signature that counts",
        WhoStands::NotAsked => "not asked for it and have not signed it",
        WhoStands::Signed => "covered by a signature that counts",
    };
    let of = count(found.looked_at, "person", "people");
    let more = match found.people.len() {
        shown if shown < found.total => format!(" {shown} of them stand here."),
        _ => String::new(),
    };
    let are = if found.total == 1 { "is" } else { "are" };
    format!("{}: of {of} looked at, {} {are} {what}.{more}", agreement.title, found.total)
}

fn row(one: &PersonStands, who: WhoStands) -> impl IntoView + use<> {
    let PersonStands { person, cell, is_ready, declined } = one;
    let counted = cell.counts.filter(|_| who == WhoStands::Signed);
    let (second, third) = match counted {
        Some(done) => (done.until.map_or("No end".to_owned(), day_of), day_of(done.at)),
        None => {
            let by = cell.wanted.as_ref().map(|wanted| day(wanted.by)).unwrap_or_default();
            (by, if *is_ready { "Yes" } else { "Modules are missing" }.to_owned())
        }
    };
    let declined = declined.as_ref().map(|decline| {
        let said = format!("Declined on {}", day_of(decline.at));
        let why = format!("{said}: {}", person.name);
        view! { <br/> <a href=format!("/declines/{}", decline.id) aria-label=why>{said}</a> }
    });
    view! {
        <tr>
            <th scope="row"><a href=format!("/people/{}", person.id) dir="auto">{person.name.clone()}</a></th>
            <td>{status(cell.status, counted.map(|_| "Signed"))} {declined}</td>
            <td>{second}</td>
            <td>{third}</td>
        </tr>
    }
}
