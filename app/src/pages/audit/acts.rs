use chrono::{DateTime, SecondsFormat, Utc};
use engine::{Deed, Doer, DoneAct, DoneActs, GivenTo, GroupThen, KindOfAct, Role, SignedOutWith, WhichActs};
use leptos::prelude::*;

use super::tabs::{Tab, tabs};
use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Faults, Field, count, day, day_of, field, list_table, moment, no_day},
};

/// What was done for others, and what was asked for.
#[derive(Clone, Debug)]
pub struct Acts {
    /// What was asked for, as it was understood.
    pub which: WhichActs,
    /// The days as they were typed: from, until.
    pub days: (String, String),
    /// Which of these days is none: from, until.
    pub no_day: (bool, bool),
    /// Some of what was done.
    pub found: DoneActs,
    /// Whether these are the newest.
    pub is_first: bool,
    /// What leads to the next page: the whole query of its address. `None`: this is the last.
    pub next: Option<String>,
}

const FROM: &str = "From";
const UNTIL: &str = "Until";

/// Who did what for others, the newest first.
pub fn acts(frame: &Frame, seen: &Acts) -> Rendered {
    let mut faults = Faults::default();
    if seen.no_day.0 {
        faults.add("from", no_day(&seen.days.0, FROM));
    }
    if seen.no_day.1 {
        faults.add("to", no_day(&seen.days.1, UNTIL));
    }
    frame.with_tables().page(&faults.title("Who did what"), || {
        let found = &seen.found.acts;
        // Of what could not be understood nothing is said to be so.
        let table = if seen.no_day != (false, false) {
            ().into_any()
        } else if found.is_empty() {
            let words = if seen.which == WhichActs::default() {
                "Nobody has done anything for others yet."
            } else {
                "Nothing was done that fits what you asked for."
            };
            view! { <p role="status">{words}</p> }.into_any()
        } else {
            list_table("What was done", &["When", "Who", "What", "About whom", "Entry"], found.iter().map(row).collect_view())
        };
        let next = seen.next.as_ref().map(|query| {
            view! { <a class="button second" href=format!("/admin/log?{query}")>"What was done before"</a> }
        });
        let first = (!seen.is_first).then(|| view! { <a href="/admin/log">"Back to the newest"</a> });
        view! {
            {faults.list()}
            <h1>"Who did what"</h1>
            {tabs(frame, Tab::Acts)}
            <p>
                "What was done for others, by people, programs, the command line and the server: what was recorded last comes first. What decides something has a number in the signed log. What people do for themselves stands in their own record, and what somebody’s record says is not told here."
            </p>
            {filter(seen, &faults)}
            {table}
            <div class="actions">{next} " " {first}</div>
            <p class="hint">"Once somebody is erased, what they did is no longer shown here. Who signed in or out, and whose code at sign-in was taken away, stands only in the server’s own log."</p>
        }
    })
}

fn row(act: &DoneAct) -> impl IntoView + use<> {
    let of = act.of.as_ref().map(|(person, name)| match name {
        Some(name) => view! { <a href=format!("/people/{person}") dir="auto">{name.clone()}</a> }.into_any(),
        None => "(name erased)".into_any(),
    });
    let deeds = act.deeds.iter().map(deed).collect::<Vec<_>>();
    let from = act.on.map(|on| view! { <small class="hint">{format!("From {}", day(on))}</small> });
    let said = act.said_of.map(|at| view! { <small class="hint">{format!("Said to be of {}", day_of(at))}</small> });
    view! {
        <tr>
            <th scope="row">{time(act.at)} {said}</th>
            <td dir="auto">{doer_name(&act.by)}</td>
            <td>{deeds} {from}</td>
            <td>{of}</td>
            <td class="align-right">{act.entry.map(|entry| entry.to_string())}</td>
        </tr>
    }
}

fn time(at: DateTime<Utc>) -> impl IntoView {
    view! { <time datetime=at.to_rfc3339_opts(SecondsFormat::Secs, true)>{moment(at)}</time> }
}

/// What somebody is called who did something.
fn doer_name(doer: &Doer) -> String {
    match doer {
        Doer::Person(_, Some(name)) => name.clone(),
        Doer::Person(_, None) => "(name erased)".to_owned(),
        Doer::Program(_, name) if name.is_empty() => "A program".to_owned(),
        Doer::Program(_, name) => format!("The program “{name}”"),
        Doer::CommandLine => "The command line".to_owned(),
        Doer::Server => "The server by itself".to_owned(),
    }
}

fn deed(deed: &Deed) -> AnyView {
    let words = match deed {
        Deed::GroupMade(group) => return about_group("Made the group ", group, ""),
        Deed::GroupMoved(group) => return about_group("Moved the group ", group, ""),
        Deed::GroupRenamed(group) => return about_group("Changed the name of the group ", group, ""),
        Deed::GroupEnded(group) => return about_group("Ended the group ", group, ""),
        Deed::MembershipBegun(group) => return about_group("Put them into ", group, ""),
        Deed::MembershipEnded(group) => return about_group("Took them out of ", group, ""),
        Deed::CodeMade(group) => return about_group("Made a join code for ", group, ""),
        Deed::DutyGiven { role, over } => return about_duty("Gave them ", *role, over.as_ref()),
        Deed::DutyEnded { role, over } => return about_duty("Took from them ", *role, over.as_ref()),
        Deed::Assigned { programme, to } => return about_programme("Gave ", programme, " to ", to),
        Deed::AssignmentEnded(Some((programme, to))) => return about_programme("Took ", programme, " back from ", to),
        Deed::AssignmentEnded(None) => "Took a programme back".to_owned(),
        Deed::SettingsChanged => "Published settings, contacts or facts".to_owned(),
        Deed::Published { title, version } => format!("Published {title}, version {version}"),
        Deed::Withdrawn { title } => format!("Withdrew {title}"),
        Deed::Began => "Recorded that they begin here".to_owned(),
        Deed::Left => "Recorded that they leave".to_owned(),
        Deed::AudienceBegun(one) => format!("Made them {one}"),
        Deed::AudienceEnded(one) => format!("Recorded that they are no longer {one}"),
        Deed::DetailsSet => "Changed their name, address or id".to_owned(),
        Deed::Excused => "Excused them from something".to_owned(),
        Deed::NoLongerExcused => "No longer excused them".to_owned(),
        Deed::AttemptsGiven => "Gave them more attempts".to_owned(),
        Deed::Confirmed => "Said that they had taken part in something".to_owned(),
        Deed::PassWithdrawn => "Said that a pass of theirs was recorded wrongly".to_owned(),
        Deed::Erased => "Erased somebody because they asked".to_owned(),
        Deed::LetGo => "Let go of what the provider’s rules no longer keep".to_owned(),
        Deed::TakenOut { people } => {
            let people = usize::try_from(*people).unwrap_or(usize::MAX);
            format!("Took out a list or a pack with {}", count(people, "person", "people"))
        }
        Deed::Imported { began, changed } => {
            let began = usize::try_from(*began).unwrap_or(usize::MAX);
            let changed = usize::try_from(*changed).unwrap_or(usize::MAX);
            format!("Brought in {} from a file and changed {changed}", count(began, "person", "people"))
        }
        Deed::ImportUndone => "Undid what came from a file".to_owned(),
        Deed::KeyChanged => "Changed the key that signs the log".to_owned(),
        Deed::Restored => "Restored a copy under another name".to_owned(),
        Deed::ClockAccepted => "Said that the server’s clock is right".to_owned(),
        Deed::TimeStamped => "Had the log stamped by an authority outside".to_owned(),
        Deed::LinkMade => "Made a link for them to choose a password".to_owned(),
        Deed::PasswordSet => "Set a password for them".to_owned(),
        Deed::SignedOut(with) => signed_out(*with).to_owned(),
        Deed::TokenMade(name) => format!("Made the token “{name}” for a program"),
        Deed::LettersHeld => "Held letters back".to_owned(),
        Deed::RemindersHeld => "Held reminders back".to_owned(),
        Deed::Unknown => "Something that this page has no word for".to_owned(),
    };
    view! { <span class="deed">{words}</span> }.into_any()
}

fn signed_out(with: SignedOutWith) -> &'static str {
    match with {
        SignedOutWith::Sessions => "Signed them out in every browser",
        SignedOutWith::Factor => "Took their code at sign-in or their passkeys away, and signed them out",
        SignedOutWith::Account => "Took the account of their organisation away, and signed them out",
        SignedOutWith::Password => "Took their password away, and signed them out",
    }
}

fn about_group(before: &'static str, group: &GroupThen, after: &'static str) -> AnyView {
    view! { <span class="deed">{before} {group_link(group)} {after}</span> }.into_any()
}

fn group_link(group: &GroupThen) -> AnyView {
    match group {
        Some((id, name)) => view! { <a href=format!("/groups/{id}") dir="auto">{name.clone()}</a> }.into_any(),
        None => "a group".into_any(),
    }
}

fn about_duty(before: &'static str, role: Option<Role>, over: Option<&GroupThen>) -> AnyView {
    let role = match role {
        Some(Role::Manager) => "the duty of manager",
        Some(Role::Dsl) => "the duty of designated safeguarding lead",
        Some(Role::Author) => "the duty of author",
        Some(Role::Auditor) => "the duty of auditor",
        Some(Role::Administrator) => "the duty of administrator",
        None => "a duty that this version does not know,",
    };
    let over = over.map_or_else(|| "everybody".into_any(), group_link);
    view! { <span class="deed">{before} {role} " over " {over}</span> }.into_any()
}

fn about_programme(before: &'static str, programme: &str, between: &'static str, to: &GivenTo) -> AnyView {
    let to = match to {
        GivenTo::Audience(many) => many.clone().into_any(),
        GivenTo::Group(group) => group_link(group),
        GivenTo::Person => "them".into_any(),
    };
    view! { <span class="deed">{before} {programme.to_owned()} {between} {to}</span> }.into_any()
}

fn kind_word(kind: KindOfAct) -> &'static str {
    match kind {
        KindOfAct::People => "People began, left or were changed",
        KindOfAct::Imports => "People came from a file",
        KindOfAct::Groups => "Groups and who is in them",
        KindOfAct::Duties => "Duties",
        KindOfAct::WaysIn => "Links, passwords, signing out, join codes and tokens",
        KindOfAct::Assignments => "Programmes given and taken back",
        KindOfAct::Excused => "Excused, and more attempts",
        KindOfAct::Passes => "Workshops, discussions and wrong passes",
        KindOfAct::Published => "Published and withdrawn",
        KindOfAct::TakenOut => "Taken out, erased and let go of",
        KindOfAct::Keeping => "The log, letters and reminders themselves",
    }
}

fn filter(seen: &Acts, faults: &Faults) -> impl IntoView + use<> {
    let Acts { which, days, .. } = seen;
    let date = |id: &'static str, label: &'static str, value: String| {
        field(Field { id, label, hint: None }, faults, move |told| {
            view! {
                <input id=id name=id type="date" value=value autocomplete="off" aria-describedby=told.described_by aria-invalid=told.invalid/>
            }
        })
    };
    let kinds = KindOfAct::EVERY.map(|kind| {
        let selected = which.kind == Some(kind);
        view! { <option value=kind.code() selected=selected>{kind_word(kind)}</option> }
    });
    let doers = seen.found.doers.iter().map(|doer| {
        let code = doer.code();
        let selected = code == which.by;
        view! { <option value=code selected=selected>{doer_name(doer)}</option> }
    });
    let doers = doers.collect_view();
    let nobody = Faults::default();
    view! {
        <form class="filter" method="get" action="/admin/log" role="search" aria-label="What to show" novalidate>
            {field(Field { id: "by", label: "Who did it", hint: None }, &nobody, |_| view! {
                <select id="by" name="by"><option value="">"Anybody"</option> {doers}</select>
            })}
            {field(Field { id: "what", label: "What", hint: None }, &nobody, |_| view! {
                <select id="what" name="what"><option value="">"Anything"</option> {kinds.collect_view()}</select>
            })}
            {date("from", FROM, days.0.clone())}
            {date("to", UNTIL, days.1.clone())}
            <div class="actions"><button>"Show these"</button> " " <a href="/admin/log">"Show all"</a></div>
        </form>
    }
}
