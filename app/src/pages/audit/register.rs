use engine::{ListedGroup, LogHead, RegisteredSignature, SignaturesPage, WhichSignatures, catalogue::Agreement};
use leptos::prelude::*;
use std::sync::Arc;

use super::tabs::{Tab, head, tabs};
use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Faults, Field, Mark, count, day_of, field, group_path, list_table, mark, moment, no_day},
};

/// The register of signatures, and what it was asked for.
#[derive(Clone, Debug)]
pub struct Register {
    /// What was asked for, as it was understood.
    pub which: WhichSignatures,
    /// The days as they were typed: from, until.
    pub days: (String, String),
    /// Which of these days is none: from, until.
    pub no_day: (bool, bool),
    /// Some of the signatures.
    pub found: SignaturesPage,
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

const SIGNED_FROM: &str = "Signed from";
const SIGNED_UNTIL: &str = "Signed until";

/// The register of signatures.
pub fn register(frame: &Frame, register: &Register) -> Rendered {
    let mut faults = Faults::default();
    if register.no_day.0 {
        faults.add("from", no_day(&register.days.0, SIGNED_FROM));
    }
    if register.no_day.1 {
        faults.add("to", no_day(&register.days.1, SIGNED_UNTIL));
    }
    frame.page(&faults.title("Register of signatures"), || {
        // Of what could not be understood nothing is said to be so.
        let is_understood = register.no_day == (false, false);
        let found = &register.found;
        let total = usize::try_from(found.total).unwrap_or_default();
        let said = match total {
            0 => "No signature fits what you asked for.".to_owned(),
            _ => format!("{}, newest first.", count(total, "signature", "signatures")),
        };
        let rows = found.signatures.iter().map(row).collect_view();
        let table = (total > 0).then(|| {
            list_table("Signatures", &["Person", "Agreement", "Version", "Signed", "Counts until", "Entry"], rows)
        });
        let first = (!register.is_first).then(|| view! { <a href="/audit">"Back to the first"</a> });
        let next = register.next.as_ref().map(|query| {
            view! { <a class="button second" href=format!("/audit?{query}")>{format!("Next {}", SignaturesPage::MOST)}</a> }
        });
        view! {
            {faults.list()}
            <h1>"Register of signatures"</h1>
            {tabs(frame, Tab::Signed)}
            {head(register.head.as_ref())}
            {filter(register, &faults)}
            {is_understood.then(|| view! { <p role="status">{said}</p> })}
            {table}
            <div class="actions">{next} " " {first}</div>
            {(total > 0).then(|| as_table(register))}
        }
    })
}

fn row(signature: &RegisteredSignature) -> impl IntoView + use<> {
    let name = signature.name.clone().unwrap_or_else(|| "(name erased)".to_owned());
    let until = signature.expires_at.map_or("No end".to_owned(), day_of);
    view! {
        <tr>
            <th scope="row"><a href=format!("/signatures/{}", signature.id)>{name}</a></th>
            <td>{signature.title.clone()}</td>
            <td>{signature.version.clone()}</td>
            <td>{moment(signature.signed_at)}</td>
            <td>{until}</td>
            <td class="align-right">{signature.entry.map(|entry| entry.to_string())}</td>
        </tr>
    }
}

fn filter(register: &Register, faults: &Faults) -> impl IntoView + use<> {
    let Register { which, days, .. } = register;
    let text = |id: &'static str, label: &'static str, kind: &'static str, value: String| {
        field(Field { id, label, hint: None }, faults, move |told| {
            view! {
                <input id=id name=id type=kind value=value autocomplete="off" aria-describedby=told.described_by aria-invalid=told.invalid/>
            }
        })
    };
    view! {
        <form class="filter" method="get" action="/audit" role="search" aria-label="Which signatures" novalidate>
            {text("name", "Name", "text", which.name.clone())}
            {agreement_field(&register.agreements, which.agreement.as_ref().map(ToString::to_string), true)}
            {text("version", "Version", "text", which.version.clone())}
            {group_field(&register.groups, which.group.map(|group| group.to_string()))}
            {text("from", SIGNED_FROM, "date", days.0.clone())}
            {text("to", SIGNED_UNTIL, "date", days.1.clone())}
            <div class="actions"><button>"Show these"</button> " " <a href="/audit">"Show all"</a></div>
        </form>
    }
}

/// A choice of an agreement, or of any.
pub(super) fn agreement_field(
    agreements: &[Arc<Agreement>],
    chosen: Option<String>,
    any: bool,
) -> impl IntoView + use<> {
    let options = agreements
        .iter()
        .map(|agreement| {
            let slug = agreement.slug.to_string();
            let is_chosen = chosen.as_ref() == Some(&slug);
            view! { <option value=slug selected=is_chosen>{agreement.title.clone()}</option> }
        })
        .collect_view();
    field(Field { id: "agreement", label: "Agreement", hint: None }, &Faults::default(), move |_| {
        view! {
            <select id="agreement" name="agreement">
                {any.then(|| view! { <option value="">"Any"</option> })}
                {options}
            </select>
        }
    })
}

/// A choice of a group, or of all. A group stands below the one that it is in.
pub(super) fn group_field(groups: &[ListedGroup], chosen: Option<String>) -> impl IntoView + use<> {
    let options = groups
        .iter()
        .map(|group| {
            let id = group.id.to_string();
            let is_chosen = chosen.as_ref() == Some(&id);
            view! { <option value=id selected=is_chosen>{group_path(groups, group)}</option> }
        })
        .collect_view();
    field(Field { id: "group", label: "Group", hint: None }, &Faults::default(), |_| {
        view! {
            <select id="group" name="group">
                <option value="">"All"</option>
                {options}
            </select>
        }
    })
}

/// The same signatures for a spreadsheet.
fn as_table(register: &Register) -> impl IntoView + use<> {
    let Register { which, days, .. } = register;
    let hidden = vec![
        ("name", which.name.clone()),
        ("agreement", which.agreement.as_ref().map(ToString::to_string).unwrap_or_default()),
        ("version", which.version.clone()),
        ("group", which.group.map(|group| group.to_string()).unwrap_or_default()),
        ("from", days.0.clone()),
        ("to", days.1.clone()),
    ];
    take_away("/audit", "All of these signatures", "these signatures", hidden)
}

/// What takes something away, in either form: `above` is the address below which both are, `all` and `these` are what it is.
pub(super) fn take_away(
    above: &'static str,
    all: &'static str,
    these: &'static str,
    hidden: Vec<(&'static str, String)>,
) -> impl IntoView + use<> {
    let hidden = hidden.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> });
    view! {
        <form class="card no-print" method="post" action=format!("{above}/xlsx")>
            <h2>"For a spreadsheet"</h2>
            <p>{format!("{all} in one file. A workbook (XLSX) has a second sheet that says what it is, as at when, for whom, and where the signed log stood. That you took them out is noted in the signed log.")}</p>
            {hidden.collect_view()}
            <div class="actions">
                <button class="second">{mark(Mark::Download)} {format!(" Download {these} as XLSX")}</button>
                " "
                <button class="second" formaction=format!("{above}/csv")>{mark(Mark::Download)} {format!(" Download {these} as CSV")}</button>
            </div>
        </form>
    }
}
