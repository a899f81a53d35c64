use engine::{DoneTo, DoneTogether, ListedTogether, Together, TogetherPage};
use leptos::prelude::*;

use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Mark, count, day, list_table, mark, moment},
};

/// What was done to several people at once, the latest first, and what of it can be taken back.
pub fn all_done_together(frame: &Frame, seen: &TogetherPage) -> Rendered {
    frame.page("Done to several at once", || {
        let whose = if seen.of_everybody {
            "What was done in the matrix to several people at once, by everybody, the latest first."
        } else {
            "What you did in the matrix to several people at once, the latest first."
        };
        let body = if seen.listed.is_empty() {
            let words = if seen.page > 0 { "There is no such page." } else { "Nothing yet." };
            view! {
                <div class="card">
                    <h2>{words}</h2>
                    <p>"Tick people in the matrix, then give them a programme, excuse them, give them attempts or remind them: it stands here afterwards."</p>
                </div>
            }
            .into_any()
        } else {
            let columns: &[&str] =
                if seen.of_everybody { &["When", "What", "To how many", "By", "How it stands"] } else { &["When", "What", "To how many", "How it stands"] };
            let rows = seen.listed.iter().map(|one| listed(one, seen.of_everybody)).collect_view();
            list_table("What was done to several people at once", columns, rows)
        };
        view! {
            <p class="crumb no-print"><a href="/matrix">"Matrix"</a></p>
            <h1>"Done to several at once"</h1>
            <p class="lead">{whose}</p>
            {body}
            {turn(seen)}
        }
    })
}

fn listed(one: &ListedTogether, of_everybody: bool) -> impl IntoView + use<> {
    let what = one.what.clone().unwrap_or_default();
    let words = match one.kind {
        Together::Assign => format!("Given: {what}"),
        Together::Exempt => format!("Excused from: {what}"),
        Together::GiveAttempts => "Attempts given".to_owned(),
        Together::Remind => "Reminded by letter".to_owned(),
    };
    let people = usize::try_from(one.people).unwrap_or(usize::MAX);
    let stands = match one.kind {
        Together::GiveAttempts | Together::Remind => "Cannot be taken back".to_owned(),
        Together::Assign | Together::Exempt if one.open == 0 => "Taken back from all".to_owned(),
        Together::Assign | Together::Exempt if one.open < one.people => {
            format!("Taken back from {}, in force for {}", one.people - one.open, one.open)
        }
        Together::Assign | Together::Exempt => "In force, can be taken back".to_owned(),
    };
    let by = of_everybody.then(|| {
        let name = match one.by.as_deref() {
            None => "You",
            Some("") => "Name erased",
            Some(name) => name,
        };
        view! { <td dir="auto">{name.to_owned()}</td> }
    });
    view! {
        <tr>
            <td>{moment(one.at)}</td>
            <th scope="row"><a href=format!("/matrix/done/{}", one.id)>{words}</a></th>
            <td>{count(people, "person", "people")}</td>
            {by}
            <td>{stands}</td>
        </tr>
    }
}

/// From page to page.
fn turn(seen: &TogetherPage) -> Option<AnyView> {
    let to = |page: u32| if page == 0 { "/matrix/done".to_owned() } else { format!("/matrix/done?page={}", page + 1) };
    let later =
        seen.page.checked_sub(1).map(|page| view! { <a class="standalone" rel="prev" href=to(page)>"Later"</a> });
    let earlier = seen
        .has_next
        .then(|| view! { <a class="standalone" rel="next" href=to(seen.page.saturating_add(1))>"Earlier"</a> });
    (later.is_some() || earlier.is_some())
        .then(|| view! { <nav class="actions" aria-label="Pages of this list">{later} {earlier}</nav> }.into_any())
}

/// What was done to several people at once, to each of them, and how to take it back.
pub fn done_together(frame: &Frame, done: &DoneTogether) -> Rendered {
    let each: std::collections::BTreeSet<_> = done.people.iter().map(|one| one.person).collect();
    let people = count(each.len() + done.others, "person", "people");
    let what = done.people.first().map(|one| one.what.clone()).unwrap_or_default();
    let open = done.people.iter().filter(|one| one.ended_on.is_none()).count();
    let (title, undo) = match done.kind {
        Together::Assign => (format!("{what}: given to {people}"), Some("Take it back from")),
        Together::Exempt => (format!("{what}: {people} excused"), Some("End it for")),
        Together::GiveAttempts => (format!("Attempts given to {people}"), None),
        Together::Remind => (format!("A reminder for {people}"), None),
    };
    let who = match done.by.as_deref() {
        None => "You".to_owned(),
        Some("") => "Somebody whose name has been erased".to_owned(),
        Some(name) => name.to_owned(),
    };
    let others = (done.others > 0).then(|| {
        let words = match done.others {
            1 => "One of them is no longer among the people whom you look after.".to_owned(),
            some => format!("{some} of them are no longer among the people whom you look after."),
        };
        view! { <p class="hint">{words}</p> }
    });
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
            <p class="crumb no-print"><a href="/matrix">"Matrix"</a> " " <a href="/matrix/done">"Done to several at once"</a></p>
            <h1>{title.clone()}</h1>
            <p>{format!("{who} did this on {}. {each}", moment(done.at))}</p>
            {others}
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
        (None, ..) => one.given_before.and_then(|end| end.pred_opt()).map_or("In force".to_owned(), day),
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
