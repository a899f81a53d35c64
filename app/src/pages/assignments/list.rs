use chrono::NaiveDate;
use engine::{AssignedTo, Assignments, ListedAssignment};
use leptos::prelude::*;

use super::asks::{AssignmentForm, form};
use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Faults, Field, count, day, day_of, field, said},
};

/// What is given to whom, and the way to give more. `done`: what the reader has just given or ended, in words.
pub fn assignments(
    frame: &Frame,
    found: &Assignments,
    sent: &AssignmentForm,
    done: Option<&str>,
    today: NaiveDate,
) -> Rendered {
    let mut faults = Faults::default();
    for (place, words) in &sent.faults {
        faults.add(place, words.clone());
    }
    frame.page(&faults.title("Assignments"), || {
        let (later, now): (Vec<_>, Vec<_>) = found.open.iter().partition(|listed| listed.begins_on > today);
        let rows = |some: &[&ListedAssignment]| some.iter().map(|listed| row(listed, today)).collect_view();
        let list = if found.open.is_empty() {
            view! {
                <p>"Nothing is given to anybody whom you look after. Choose a programme and who is to do it: then it stands here, and on their own pages."</p>
            }
            .into_any()
        } else if now.is_empty() {
            view! { <p>"Nothing that has begun."</p> }.into_any()
        } else {
            view! { <ul class="rows" role="list">{rows(&now)}</ul> }.into_any()
        };
        let later = (!later.is_empty()).then(|| {
            view! {
                <h2>"Begins later"</h2>
                <ul class="rows" role="list">{rows(&later)}</ul>
            }
        });
        let ended = (!found.ended.is_empty()).then(|| {
            let rows = found.ended.iter().map(|listed| row(listed, today)).collect_view();
            view! {
                <details>
                    <summary>{count(found.ended.len(), "assignment that has ended", "assignments that have ended")}</summary>
                    <ul class="rows" role="list">{rows}</ul>
                </details>
            }
        });
        let done = said(done.map(str::to_owned));
        view! {
            {done}
            {faults.list()}
            <h1>"Assignments"</h1>
            <p class="lead">"Which programme is asked of whom. What is given here is asked from its first day on; what has ended is asked no more, and what was done stays on record."</p>
            <p class="links"><a class="standalone" href="/workshops">"Workshops: plan one, or say who was there"</a> " " <a class="standalone" href="/discussions">"Side by side: run sheets, and what you held"</a></p>
            <div class="with-side">
                <div>
                    <h2>"Given now"</h2>
                    {list}
                    {later}
                    {ended}
                </div>
                <div class="side">
                    <h2>"Give a programme"</h2>
                    {form(&found.may_give, sent, &faults, today)}
                </div>
            </div>
        }
    })
}

/// A button's and a link's words say which one they are for.
fn row(listed: &ListedAssignment, today: NaiveDate) -> impl IntoView + use<> {
    let ListedAssignment {
        id,
        programme,
        title,
        to_name,
        begins_on,
        ends_before,
        recorded_at,
        by,
        people,
        may_end,
        further_up,
        to,
        ..
    } = listed;
    let by = by.as_ref().map_or_else(|| "with the programme itself".to_owned(), |by| format!("by {by}"));
    let begins = if *begins_on > today { "from" } else { "since" };
    let span = match ends_before {
        Some(end) if end <= begins_on => format!("{}, and ended on that day", day(*begins_on)),
        Some(end) => format!("{} to {}", day(*begins_on), end.pred_opt().map_or_else(|| day(*end), day)),
        None => format!("{begins} {}", day(*begins_on)),
    };
    let reaches = match to {
        _ if ends_before.is_some_and(|end| end <= today) => None,
        AssignedTo::Person(_) => None,
        AssignedTo::Audience(_) | AssignedTo::Group(_) if *further_up => {
            Some(format!("{} of yours", count(*people, "person", "people")))
        }
        AssignedTo::Audience(_) | AssignedTo::Group(_) => Some(count(*people, "person", "people")),
    };
    let not_theirs = further_up.then(|| view! { <p class="meta">"Given further up, so it is not yours to end."</p> });
    let end = may_end.then(|| {
        view! {
            <a class="button second" href=format!("/assignments/{id}/end")>
                "End" <span class="hidden">{format!(": {title}, for {to_name}")}</span>
            </a>
        }
    });
    view! {
        <li>
            <div>
                <h3><a href=format!("/programmes/{programme}")>{title.clone()}</a></h3>
                <p>"For " <span dir="auto">{to_name.clone()}</span> {reaches.map(|reaches| format!(": {reaches}"))}</p>
                <p class="meta">{format!("{span}, given on {} {by}", day_of(*recorded_at))}</p>
                {not_theirs}
            </div>
            {end}
        </li>
    }
}

/// Asks whether an assignment is to end, and from when on, and says whom that leaves.
pub fn end_assignment(
    frame: &Frame,
    listed: &ListedAssignment,
    on: &str,
    fault: Option<String>,
    today: NaiveDate,
) -> Rendered {
    let mut faults = Faults::default();
    if let Some(words) = fault {
        faults.add("on", words);
    }
    frame.page(&faults.title("End an assignment"), || {
        let value = if on.is_empty() { today.to_string() } else { on.to_owned() };
        let hint = Some("The first day on which it is asked no more.".to_owned());
        let on = field(Field { id: "on", label: "From", hint }, &faults, |told| {
            view! { <input id="on" name="on" type="date" required value=value aria-describedby=told.described_by aria-invalid=told.invalid/> }
        });
        let reaches = match listed.to {
            AssignedTo::Person(_) => "one person".to_owned(),
            AssignedTo::Audience(_) | AssignedTo::Group(_) => count(listed.people, "person", "people"),
        };
        view! {
            <div class="column">
                <p class="crumb"><a href="/assignments">"Assignments"</a></p>
                {faults.list()}
                <h1>"End “" {listed.title.clone()} "” for " <span dir="auto">{listed.to_name.clone()}</span> "?"</h1>
                <p class="lead">
                    {format!("It reaches {reaches} now. It is asked of them no more, unless they have it by another way. What they have passed and signed stays on record, and so does that it was asked.")}
                </p>
                <form method="post" action=format!("/assignments/{}/end", listed.id) novalidate>
                    {on}
                    <div class="actions">
                        <button>{format!("End “{}”", listed.title)}</button>
                        " "
                        <a class="standalone" href="/assignments">"Leave it as it is"</a>
                    </div>
                </form>
            </div>
        }
    })
}
