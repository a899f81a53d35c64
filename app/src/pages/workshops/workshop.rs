use chrono::{DateTime, Utc};
use engine::{AtWorkshop, Expected, LedWorkshop, ModuleReach, Workshop};
use leptos::prelude::*;
use model::Status;

use super::sign_in_for::expected as to_choose;
use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Done, Faults, Mark, count, day, list_table, mark, moment, row, withdrawn_words},
};

/// What has just been done about a workshop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkshopDone {
    /// It was planned.
    Planned,
    /// Somebody was signed in who could not type its code.
    SignedIn,
    /// It was said who was there.
    Confirmed,
    /// It was called off.
    CalledOff,
}

impl Done for WorkshopDone {
    const ALL: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Planned, "planned", "The workshop is planned. Those whom it is for see it on their own page."),
        (Self::SignedIn, "sign-in", "They are signed in. It counts for them once you say below that they were there."),
        (Self::Confirmed, "confirm", "They were there, and it counts: they have their pass and their certificate."),
        (Self::CalledOff, "call-off", "The workshop is called off. Nobody sees it on their own page any more."),
    ];
}

/// A workshop for whoever leads it: its code, and who was there. `reach`: how its module meets those whom it is for, where that is to be said. `expected`: those whom the reader
/// may sign in now; `None`: it is not for them, or not now.
pub fn workshop(
    frame: &Frame,
    led: &LedWorkshop,
    (reach, expected): (Option<ModuleReach>, Option<&Expected>),
    done: Option<WorkshopDone>,
    faults: &Faults,
    now: DateTime<Utc>,
) -> Rendered {
    frame.page(&faults.title("Workshop"), || {
        let workshop = &led.workshop;
        let words = |done: WorkshopDone| match (done, reach) {
            // What follows says that nobody sees it.
            (WorkshopDone::Planned, Some(ModuleReach { may_open: 0, .. })) => "The workshop is planned.",
            (done, _) => done.words(),
        };
        let said = done.map(|done| view! { <p class="said" role="status">{words(done)}</p> });
        let whom = led.group.clone().unwrap_or_else(|| "Everybody".to_owned());
        let title = led.title.clone();
        let off =
            workshop.ended_at.map(|at| view! { <p class="lead">{format!("It was called off on {}.", moment(at))}</p> });
        view! {
            {faults.list()}
            <p class="crumb"><a href="/workshops">"Workshops"</a></p>
            <h1 id="workshop">{title}</h1>
            {said}
            {off}
            {reach.and_then(|reach| unneeded(led, reach)).map(|words| {
                view! { <p class="said warned">{mark(Mark::Warning)} " " <span>{words}</span></p> }
            })}
            <dl class="facts">
                {row("When", moment(workshop.starts_at))}
                {row("Where", view! { <span dir="auto">{workshop.place.clone()}</span> })}
                {row("For", whom)}
            </dl>
            {code(workshop, now)}
            {there(led, now)}
            {expected.map(without_phone)}
            {(workshop.ended_at.is_none() && workshop.starts_at <= now).then(|| view! {
                <p class="no-print"><a class="standalone" href=format!("/workshops/{}/resources", workshop.id)>"Give something to those who were there"</a></p>
            })}
            {call_off(led)}
        }
        .into_any()
    })
}

/// What to say where nobody whom it is for can come, or needs to.
fn unneeded(led: &LedWorkshop, reach: ModuleReach) -> Option<String> {
    let whom = led.group.clone().map_or_else(|| "Of everybody".to_owned(), |group| format!("In {group}"));
    let title = &led.title;
    match reach {
        ModuleReach { people: 0, .. } => Some(format!("{whom} there is nobody now, so nobody sees this workshop yet.")),
        ModuleReach { may_open: 0, .. } => Some(format!(
            "{whom} nobody may open “{title}” now: it is written for others, and asked of none of them. So nobody sees this workshop or can sign in to it."
        )),
        ModuleReach { wanted: 0, .. } => Some(format!(
            "{whom} “{title}” is wanted of nobody now: it is not asked of them, or they have done it. They can come all the same."
        )),
        ModuleReach { .. } => None,
    }
}

fn code(workshop: &Workshop, now: DateTime<Utc>) -> Option<AnyView> {
    if workshop.ended_at.is_some() {
        return None;
    }
    let shown = if workshop.takes_code(now) { "wall-code" } else { "lead" };
    let words = if workshop.takes_code(now) {
        "Show it in the room: whoever is there types it at “Workshops” today."
    } else if now < workshop.starts_at {
        "It works on the day alone. Show it in the room then."
    } else {
        "It worked on the day alone."
    };
    let when = format!("Code for {}", day(workshop.day()));
    Some(
        view! {
            <section class="card" aria-labelledby="code">
                <h2 id="code">{when}</h2>
                <p class=shown><strong>{workshop.shown_code()}</strong></p>
                <p>{words}</p>
            </section>
        }
        .into_any(),
    )
}

fn there(led: &LedWorkshop, now: DateTime<Utc>) -> AnyView {
    if led.there.is_empty() {
        return view! {
            <section aria-labelledby="there">
                <h2 id="there">"Who was there"</h2>
                <p>"Nobody has signed in yet."</p>
            </section>
        }
        .into_any();
    }
    let opens = led.workshop.is_confirmed_at(now);
    let may = |one: &AtWorkshop| one.open && one.theirs && !one.passed;
    let rows = led
        .there
        .iter()
        .map(|one| {
            let name = one.name.clone().unwrap_or_else(|| "(name erased)".to_owned());
            let who = if may(one) {
                let id = one.person.to_string();
                view! { <label class="choice"><input type="checkbox" name="person" value=id/> <span dir="auto">{name}</span></label> }.into_any()
            } else {
                view! { <span dir="auto">{name}</span> }.into_any()
            };
            let stands = if one.passed {
                view! { {mark(Mark::Status(Status::Passed))} " Was there, and has their pass" }.into_any()
            } else if let Some(withdrawn) = one.withdrawn {
                let again = may(one).then_some(". You can say again that they were there.");
                view! { "Their pass was " {withdrawn_words(withdrawn)} {again} }.into_any()
            } else if one.theirs {
                "Not yet confirmed".into_any()
            } else {
                "Not one of yours: ask whoever looks after them".into_any()
            };
            view! {
                <tr>
                    <th scope="row">{who}</th>
                    <td>{moment(one.at)} {one.by_leader.then_some(", by whoever leads it")}</td>
                    <td>{stands}</td>
                </tr>
            }
        })
        .collect_view();
    let table = list_table("Who signed in", &["Person", "Signed in", "How it stands"], rows);
    let said = format!("{} signed in.", count(led.there.len(), "person has", "people have"));
    let body = if led.there.iter().any(may) {
        view! {
            <p>"Tick those whom you saw there until the end. For them the module counts as passed from now on, and the signed log says that you said so. It cannot be taken back here; an administrator can withdraw a pass."</p>
            <form method="post" action=format!("/workshops/{}", led.workshop.id)>
                {table}
                <div class="actions"><button name="do" value="confirm">"They were there"</button></div>
            </form>
        }
        .into_any()
    } else {
        let why = (!opens).then_some("You say who was there from the beginning of the workshop on, within a week.");
        view! { <p>{why}</p> {table} }.into_any()
    };
    view! {
        <section aria-labelledby="there">
            <h2 id="there">"Who was there"</h2>
            <p>{said}</p>
            {body}
        </section>
    }
    .into_any()
}

/// Where those stand who may come and have not signed in. Choosing them leads to a page that names them once more.
fn without_phone(expected: &Expected) -> AnyView {
    view! {
        <section class="no-print" aria-labelledby="without">
            <h2 id="without">"Is somebody here without a phone?"</h2>
            <details>
                <summary>{format!("Sign them in yourself ({} not signed in)", expected.of)}</summary>
                {to_choose(expected)}
            </details>
        </section>
    }
    .into_any()
}

fn call_off(led: &LedWorkshop) -> Option<AnyView> {
    if led.workshop.ended_at.is_some() || led.passed > 0 {
        return None;
    }
    Some(
        view! {
            <form method="post" action=format!("/workshops/{}", led.workshop.id) class="no-print">
                <button class="second" name="do" value="call-off">"Call the workshop off"</button>
            </form>
        }
        .into_any(),
    )
}
