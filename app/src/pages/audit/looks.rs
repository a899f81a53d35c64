use engine::{LogHead, LooksPage, WhichLooks};
use leptos::prelude::*;

use super::tabs::{Tab, head, tabs};
use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Faults, Field, field, list_table, moment, no_day},
};

/// Who looked, and what was asked for.
#[derive(Clone, Debug)]
pub struct Looks {
    /// What was asked for, as it was understood.
    pub which: WhichLooks,
    /// The days as they were typed: from, until.
    pub days: (String, String),
    /// Which of these days is none: from, until.
    pub no_day: (bool, bool),
    /// Some of the looks.
    pub found: LooksPage,
    /// Whether these are the newest.
    pub is_first: bool,
    /// Where the signed log stands.
    pub head: Option<LogHead>,
    /// What leads to the next page: the whole query of its address. `None`: this is the last.
    pub next: Option<String>,
}

const FROM: &str = "From";
const UNTIL: &str = "Until";

/// Who looked at what proves what others have signed.
pub fn looks(frame: &Frame, seen: &Looks) -> Rendered {
    let mut faults = Faults::default();
    if seen.no_day.0 {
        faults.add("from", no_day(&seen.days.0, FROM));
    }
    if seen.no_day.1 {
        faults.add("to", no_day(&seen.days.1, UNTIL));
    }
    frame.page(&faults.title("Who looked"), || {
        let found = &seen.found.looks;
        let erased = || "(name erased)".to_owned();
        let rows = found
            .iter()
            .map(|look| {
                let at = match look.signature {
                    Some(id) => view! { <a href=format!("/signatures/{id}")>"A signature"</a> }.into_any(),
                    None if look.thing == "record" => "Where they stand".into_any(),
                    None if look.thing.starts_with("answers/") => "Their answers".into_any(),
                    None if look.thing.starts_with("decline/") => "Why they declined to sign something".into_any(),
                    None if look.thing.starts_with("evidence/") => "A file that they added themselves".into_any(),
                    None if look.thing.starts_with("data/") => "All that is held about them".into_any(),
                    None => "All of it, in an inspection pack".into_any(),
                };
                view! {
                    <tr>
                        <th scope="row">{moment(look.at)}</th>
                        <td>{look.by.clone().unwrap_or_else(erased)}</td>
                        <td>{look.of.clone().unwrap_or_else(erased)}</td>
                        <td>{at}</td>
                    </tr>
                }
            })
            .collect_view();
        // Of what could not be understood nothing is said to be so.
        let table = if seen.no_day != (false, false) {
            ().into_any()
        } else if found.is_empty() {
            let words = if seen.which == WhichLooks::default() && seen.is_first {
                "Nobody has looked at anybody else’s evidence yet."
            } else {
                "Nobody has looked who fits what you asked for."
            };
            view! { <p role="status">{words}</p> }.into_any()
        } else {
            list_table("Looks", &["When", "Who looked", "At whose record", "At what"], rows)
        };
        let next = seen.next.as_ref().map(|query| {
            view! { <a class="button second" href=format!("/audit/looks?{query}")>"Older looks"</a> }
        });
        let first = (!seen.is_first).then(|| view! { <a href="/audit/looks">"Back to the newest"</a> });
        view! {
            {faults.list()}
            <h1>"Who looked"</h1>
            {tabs(frame, Tab::Looks)}
            {head(seen.head.as_ref())}
            <p>
                "Whenever somebody opens what proves what another person has signed, that person’s record, their answers or all that is held about them, it is noted. That person sees how often, on their receipt and in their own record; here you see who, the newest first."
            </p>
            {filter(seen, &faults)}
            {table}
            <div class="actions">{next} " " {first}</div>
        }
    })
}

fn filter(seen: &Looks, faults: &Faults) -> impl IntoView + use<> {
    let Looks { which, days, .. } = seen;
    let text = |id: &'static str, label: &'static str, kind: &'static str, value: String| {
        field(Field { id, label, hint: None }, faults, move |told| {
            view! {
                <input id=id name=id type=kind value=value autocomplete="off" aria-describedby=told.described_by aria-invalid=told.invalid/>
            }
        })
    };
    view! {
        <form class="filter" method="get" action="/audit/looks" role="search" aria-label="Which looks" novalidate>
            {text("of", "At whose record", "text", which.of.clone())}
            {text("by", "Who looked", "text", which.by.clone())}
            {text("from", FROM, "date", days.0.clone())}
            {text("to", UNTIL, "date", days.1.clone())}
            <div class="actions"><button>"Show these"</button> " " <a href="/audit/looks">"Show all"</a></div>
        </form>
    }
}
