use chrono::NaiveDate;
use engine::{ListedExemption, PersonId, Thing};
use leptos::prelude::*;

use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Faults, Field, count, day, day_of, field},
};

/// From what somebody is excused, as whoever may excuse them sees it.
#[derive(Clone, Debug)]
pub struct Excused {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// From what, those that were given last first.
    pub exemptions: Vec<ListedExemption>,
    /// What they can be excused from, with its title.
    pub things: Vec<(Thing, String)>,
}

/// What somebody has filled in to excuse another, as it was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExcuseForm {
    /// From what, such as `module/four-cs`.
    pub from_what: String,
    /// Why.
    pub reason: String,
    /// From which day on, as browsers send days.
    pub from: String,
    /// The last day. Empty: for good.
    pub until: String,
    /// What is wrong, with the id of the field.
    pub faults: Vec<(&'static str, String)>,
}

/// The form in which somebody is excused, below from what they are.
pub fn excuse(frame: &Frame, who: &Excused, sent: &ExcuseForm, today: NaiveDate) -> Rendered {
    let mut faults = Faults::default();
    for (place, words) in &sent.faults {
        faults.add(place, words.clone());
    }
    let title = format!("Excuse {}", who.name);
    frame.page(&faults.title(&title), || {
        let things = who.things.iter().map(|(thing, title)| {
            let value = format!("{}/{}", thing.kind(), thing.slug());
            let is_chosen = value == sent.from_what;
            view! { <option value=value selected=is_chosen>{title.clone()}</option> }
        });
        let things = things.collect_view();
        let from_what = field(Field { id: "from-what", label: "From", hint: None }, &faults, |told| {
            view! {
                <select id="from-what" name="from_what" aria-describedby=told.described_by aria-invalid=told.invalid>
                    <option value="">"Choose a module or an agreement"</option>
                    {things}
                </select>
            }
        });
        let reason = sent.reason.clone();
        let hint = Some("In a sentence, without health or family matters: managers and administrators read it.".to_owned());
        let reason = field(Field { id: "reason", label: "Why", hint }, &faults, |told| {
            view! {
                <input id="reason" name="reason" type="text" required value=reason aria-describedby=told.described_by aria-invalid=told.invalid/>
            }
        });
        let first = if sent.from.is_empty() { today.to_string() } else { sent.from.clone() };
        let from = field(Field { id: "first", label: "First day", hint: None }, &faults, |told| {
            view! { <input id="first" name="from" type="date" required value=first aria-describedby=told.described_by aria-invalid=told.invalid/> }
        });
        let more = (!who.exemptions.is_empty()).then(|| view! { <h2>"From something more"</h2> });
        let last = sent.until.clone();
        let hint = Some("Empty: for good.".to_owned());
        let until = field(Field { id: "last", label: "Last day", hint }, &faults, |told| {
            view! { <input id="last" name="until" type="date" value=last aria-describedby=told.described_by aria-invalid=told.invalid/> }
        });
        view! {
            <div class="column">
                <p class="crumb"><a href=format!("/people/{}", who.person)>{who.name.clone()}</a></p>
                {faults.list()}
                <h1>"Excuse " <span dir="auto">{who.name.clone()}</span></h1>
                <p class="lead">"What they are excused from is not asked of them, and is never late. It opens no gate: where an agreement needs a module, that is still passed before signing."</p>
                {now(who, today)}
                {more}
                <form method="post" action=format!("/people/{}/exemptions", who.person) novalidate>
                    {from_what}
                    {reason}
                    {from}
                    {until}
                    <div class="actions"><button>{format!("Excuse {}", who.name)}</button></div>
                </form>
            </div>
        }
    })
}

fn now(who: &Excused, today: NaiveDate) -> Option<impl IntoView + use<>> {
    if who.exemptions.is_empty() {
        return None;
    }
    let number = count(who.exemptions.len(), "thing", "things");
    Some(view! { <h2>{format!("Excused from {number}")}</h2> {excused(who, today)} })
}

/// From what somebody is excused, why, by whom and until when, with the way to end it.
fn excused(who: &Excused, today: NaiveDate) -> impl IntoView + use<> {
    let rows = who.exemptions.iter().map(|one| {
        let until = match one.given_before.and_then(|end| end.pred_opt()) {
            Some(last) => format!("until {}", day(last)),
            None => "for good".to_owned(),
        };
        let begins = if one.begins_on > today { "from" } else { "since" };
        let by = one.by.as_ref().map_or_else(|| "at the command line".to_owned(), |by| format!("by {by}"));
        let reason = one.reason.clone().unwrap_or_else(|| "(reason erased)".to_owned());
        view! {
            <li>
                <div>
                    <h3>{one.title.clone()}</h3>
                    <p dir="auto">{reason}</p>
                    <p class="meta">{format!("{begins} {}, {until}; given on {} {by}", day(one.begins_on), day_of(one.recorded_at))}</p>
                </div>
                <form method="post" action=format!("/people/{}/exemptions/{}/end", who.person, one.id)>
                    <button class="second">"End today" <span class="hidden">{format!(": {}", one.title)}</span></button>
                </form>
            </li>
        }
    });
    view! { <ul class="rows" role="list">{rows.collect_view()}</ul> }
}
