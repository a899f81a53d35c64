use chrono::{DateTime, Utc};
use engine::{AtWorkshop, LedWorkshop, Workshop};
use leptos::prelude::*;
use model::Status;

use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Done, Faults, Mark, count, day, list_table, mark, moment, row},
};

/// What has just been done about a workshop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkshopDone {
    /// It was planned.
    Planned,
    /// It was said who was there.
    Confirmed,
    /// It was called off.
    CalledOff,
}

impl Done for WorkshopDone {
    const ALL: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Planned, "planned", "The workshop is planned. Those whom it is for see it on their own page."),
        (Self::Confirmed, "confirm", "They were there, and it counts: they have their pass and their certificate."),
        (Self::CalledOff, "call-off", "The workshop is called off. Nobody sees it on their own page any more."),
    ];
}

/// A workshop for whoever leads it: its code, and who was there.
pub fn workshop(
    frame: &Frame,
    led: &LedWorkshop,
    done: Option<WorkshopDone>,
    faults: &Faults,
    now: DateTime<Utc>,
) -> Rendered {
    frame.page(&faults.title("Workshop"), || {
        let workshop = &led.workshop;
        let said = done.map(|done| view! { <p class="said" role="status">{done.words()}</p> });
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
            <dl class="facts">
                {row("When", moment(workshop.starts_at))}
                {row("Where", view! { <span dir="auto">{workshop.place.clone()}</span> })}
                {row("For", whom)}
            </dl>
            {code(workshop, now)}
            {there(led, now)}
            {(workshop.ended_at.is_none() && workshop.starts_at <= now).then(|| view! {
                <p class="no-print"><a class="standalone" href=format!("/workshops/{}/resources", workshop.id)>"Give something to those who were there"</a></p>
            })}
            {call_off(led)}
        }
        .into_any()
    })
}

fn code(workshop: &Workshop, now: DateTime<Utc>) -> Option<AnyView> {
    if workshop.ended_at.is_some() {
        return None;
    }
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
                <p class="lead"><strong>{workshop.shown_code()}</strong></p>
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
    let may = |one: &AtWorkshop| opens && one.theirs && !one.passed;
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
            } else if one.theirs {
                "Not yet confirmed".into_any()
            } else {
                "Not one of yours: ask whoever looks after them".into_any()
            };
            view! {
                <tr>
                    <th scope="row">{who}</th>
                    <td>{moment(one.at)}</td>
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
