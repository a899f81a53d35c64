use chrono::NaiveDate;
use engine::{AssignedTo, AssignmentReach, PersonId};
use leptos::prelude::*;

use super::asks::written;
use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Mark, count, day, late_at_once, mark, schedule_words, written_for},
};

/// So many names are shown at once; the rest is folded away.
const SHOWN: usize = 20;

/// Whom a programme would reach, by name, before it is given. `fault`: why it was not given just now.
pub fn assignment_preview(frame: &Frame, reach: &AssignmentReach, fault: Option<String>) -> Rendered {
    let title = if fault.is_some() { "Error: Whom it reaches" } else { "Whom it reaches" };
    frame.page(title, || {
        let AssignmentReach { programme, title, asks, to, to_name, begins_on, people, given_since, .. } = reach;
        let (reached, already) = (people.len(), reach.already());
        let new = reached - already;
        let said = match (reached, already) {
            (0, _) => "It would reach nobody today. Whoever comes to be among them later is asked for it from then on.".to_owned(),
            (_, 0) => format!("It would reach {}.", count(reached, "person", "people")),
            (_, _) if new == 0 => format!(
                "It would reach {}, and all of it is asked of them already by another way.",
                count(reached, "person", "people"),
            ),
            (_, already) => format!(
                "It would reach {}: {} would be asked for it anew, and {} it already by another way.",
                count(reached, "person", "people"),
                count(new, "person", "people"),
                count(already, "person has", "people have"),
            ),
        };
        let later = matches!(to, AssignedTo::Audience(_) | AssignedTo::Group(_)) && reached > 0;
        let later = later.then_some(" Whoever comes to be among them later is reached, too.");
        let name = |place: usize| {
            let person = &people[place];
            let has_it = person.has_it.then(|| view! { <small>" has it already"</small> });
            let not_meant = (!person.is_meant).then(|| {
                view! { <small>{if person.has_it { ", and it is written for others" } else { " it is written for others" }}</small> }
            });
            view! { <li><a href=address(person.id)><span dir="auto">{person.name.clone()}</span></a> {has_it} {not_meant}</li> }
        };
        let first: Vec<_> = (0..reached.min(SHOWN)).map(name).collect();
        let rest: Vec<_> = (reached.min(SHOWN)..reached).map(name).collect();
        let number = rest.len();
        let rest = (number > 0).then(|| {
            view! {
                <details>
                    <summary>{format!("And {number} more")}</summary>
                    <ul class="names">{rest}</ul>
                </details>
            }
        });
        let warned = written_for(&reach.written);
        let late = reach.late.filter(|_| given_since.is_none()).map(late_at_once);
        let asks: Vec<_> = asks.iter().map(|thing| view! { <li>{thing.clone()}</li> }).collect();
        let back = format!("/assignments?programme={programme}&to={}&from={begins_on}", written(to));
        let given = given_since.map(|since| already_given(since, *begins_on));
        let give = given_since.is_none().then(|| {
            view! {
                <form method="post" action="/assignments">
                    <input type="hidden" name="programme" value=programme.to_string()/>
                    <input type="hidden" name="to" value=written(to)/>
                    <input type="hidden" name="from" value=begins_on.to_string()/>
                    <button>{format!("Give “{title}” to {to_name}")}</button>
                </form>
            }
        });
        let fault = fault.map(|words| {
            view! {
                <div class="error-summary" role="alert" tabindex="-1" autofocus aria-labelledby="errors">
                    <h2 id="errors">"It was not given"</h2>
                    <p>{words}</p>
                </div>
            }
        });
        view! {
            <div class="column">
                <p class="crumb"><a href="/assignments">"Assignments"</a></p>
                {fault}
                <h1>"“" {title.clone()} "” for " <span dir="auto">{to_name.clone()}</span></h1>
                <p class="lead">{said} {later}</p>
                {warned}
                <p>{format!("It is asked from {} on:", day(*begins_on))}</p>
                <ul>{asks}</ul>
                <p>{due(reach)}</p>
                {late}
                {given}
                <div class="actions">{give} " " <a class="standalone" href=back>"Change it"</a></div>
                {(reached > 0).then(|| view! { <h2>"Who they are"</h2> <ul class="names">{first}</ul> {rest} })}
            </div>
        }
    })
}

/// That the very same is given already, from a day on; and what to do for an earlier one, which cannot be had besides.
fn already_given(since: NaiveDate, wanted: NaiveDate) -> impl IntoView {
    let given = format!("They have been given it already, from {} on.", day(since));
    let earlier = wanted < since;
    let said = if earlier {
        format!(
            "{given} The same is not given twice, and the day on which it begins is not changed, because both stand on record."
        )
    } else {
        format!("{given} There is nothing to do.")
    };
    let how = earlier.then(|| {
        let (first, then) = (day(since), day(wanted));
        view! {
            <p>
                {format!("If it is to be asked from {then} on, first end what is given, on the very day on which it begins ({first}): then it was never asked. Then give it anew from {then} on. What people have done counts all the same, and by when it is due is counted from then. ")}
                <a href="/assignments">"See what is given"</a> "; if it is not yours to end, ask an administrator."
            </p>
        }
    });
    view! {
        <p class="said warned">{mark(Mark::Warning)} " " <span>{said}</span></p>
        {how}
    }
}

/// When it is due, and by which days of those whom it would reach now.
fn due(reach: &AssignmentReach) -> String {
    let schedule =
        format!("{} Of whom it is asked only later, days are counted from then.", schedule_words(reach.schedule));
    let now = match reach.due {
        _ if reach.people.is_empty() => return schedule,
        None => "Of those whom it would reach now nothing more is wanted: they have done it.".to_owned(),
        Some((first, last)) if first == last => {
            format!("Of those whom it would reach now it is wanted by {}.", day(first))
        }
        Some((first, last)) => format!(
            "Of those whom it would reach now, the first of it is wanted by {}, and the last by {}.",
            day(first),
            day(last)
        ),
    };
    format!("{schedule} {now}")
}

fn address(person: PersonId) -> String {
    format!("/people/{person}")
}
