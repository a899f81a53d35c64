use engine::{DoneTo, DoneTogether, Together};
use leptos::prelude::*;

use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Mark, count, day, mark, moment},
};

/// What was done to several people at once, to each of them, and how to take it back.
pub fn done_together(frame: &Frame, done: &DoneTogether) -> Rendered {
    let people = count(done.people.len(), "person", "people");
    let what = done.people.first().map(|one| one.what.clone()).unwrap_or_default();
    let open = done.people.iter().filter(|one| one.ended_on.is_none()).count();
    let (title, undo) = match done.kind {
        Together::Assign => (format!("{what}: given to {people}"), Some("Take it back from")),
        Together::Exempt => (format!("{what}: {people} excused"), Some("End it for")),
        Together::GiveAttempts => {
            let people: std::collections::BTreeSet<_> = done.people.iter().map(|one| one.person).collect();
            (format!("Attempts given to {}", count(people.len(), "person", "people")), None)
        }
        Together::Remind => {
            let people: std::collections::BTreeSet<_> = done.people.iter().map(|one| one.person).collect();
            (format!("A reminder for {}", count(people.len(), "person", "people")), None)
        }
    };
    let ended = done.people.len() - open;
    let ended = (ended > 0 && undo.is_some()).then(|| {
        let words = if open == 0 {
            "It has been taken back from all of them.".to_owned()
        } else {
            format!("It has been taken back from {ended} of them.")
        };
        view! { <p class="said">{mark(Mark::Again)} " " <span>{words}</span></p> }
    });
    let undo = undo.filter(|_| open > 0).map(|verb| {
        let whom = count(open, "person", "people");
        view! {
            <form method="post" action=format!("/matrix/done/{}/undo", done.id)>
                <p>"From today on, or from its first day where that lies ahead. That it was done, and that it was taken back, stays on record."</p>
                <div class="actions"><button class="second">{format!("{verb} {whom}")}</button></div>
            </form>
        }
    });
    let is_letter = done.kind == Together::Remind;
    let each = if is_letter {
        "Each of them gets one letter with what stands here: within a few minutes where letters are sent by mail, and otherwise once somebody sends it."
    } else {
        "Each of them has an entry of their own in the signed log."
    };
    let times = (!is_letter).then(|| view! { <th scope="col">"From"</th><th scope="col">"Until"</th> });
    let rows = done.people.iter().map(|one| row(one, done.kind)).collect_view();
    frame.page(&title, || {
        view! {
            <p class="crumb no-print"><a href="/matrix">"Matrix"</a></p>
            <h1>{title.clone()}</h1>
            <p>{format!("You did this on {}. {each}", moment(done.at))}</p>
            {ended}
            <div class="table" tabindex="0" role="region" aria-label="People">
                <table>
                    <thead><tr><th scope="col">"Person"</th><th scope="col">"What"</th>{times}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {undo}
        }
    })
}

fn row(one: &DoneTo, kind: Together) -> impl IntoView + use<> {
    let name = if one.name.is_empty() { "Name erased".to_owned() } else { one.name.clone() };
    let from = one.begins_on.map_or("At once".to_owned(), day);
    let until = match (one.ended_on, one.begins_on, kind) {
        (Some(end), Some(begins_on), _) if end <= begins_on => "Taken back".to_owned(),
        (Some(end), ..) => format!("Taken back from {} on", day(end)),
        (None, _, Together::GiveAttempts) => "Until they are used".to_owned(),
        (None, ..) => "In force".to_owned(),
    };
    let times = (kind != Together::Remind).then(|| view! { <td>{from}</td> <td>{until}</td> });
    view! {
        <tr>
            <th scope="row"><a href=format!("/people/{}", one.person) dir="auto">{name}</a></th>
            <td>{one.what.clone()}</td>
            {times}
        </tr>
    }
}
