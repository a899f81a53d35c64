use chrono::{Months, NaiveDate};
use engine::{SpotCount, WeakSpots};
use leptos::prelude::*;

use super::overview_groups::{name, shared};
use crate::pages::parts::{count, day};

/// So many cohorts have a column each beside what they thought; more are listed below one another.
const COLUMNS: usize = 4;

/// How many of a cohort.
fn said(count: SpotCount) -> AnyView {
    match count {
        SpotCount::NotAsked => "not asked".into_any(),
        SpotCount::Hidden => view! { <small class="kept-back">"not shown"</small> }.into_any(),
        SpotCount::Of { wrong, asked } => {
            let share = wrong * 100 / asked.max(1);
            view! { <b>{format!("{share}%")}</b> {format!(" {wrong} of {asked}")} }.into_any()
        }
    }
}

/// What people thought at their first try, of one month.
pub(super) fn weak_spots(weak: &WeakSpots, is_no_month: bool) -> impl IntoView + use<> {
    let month = weak.month.format("%B %Y").to_string();
    let is_told = weak.months.contains(&weak.month);
    let address = |month: NaiveDate| format!("/overview?month={}", month.format("%Y-%m"));
    let other = |month: Option<NaiveDate>, words: &'static str| {
        month.filter(|month| is_told && weak.months.contains(month)).map(|month| {
            view! { <a class="standalone" href=address(month)>{format!("{words} {}", month.format("%B %Y"))}</a> " " }
        })
    };
    let before = other(weak.month.checked_sub_months(Months::new(1)), "Before:");
    let after = other(weak.month.checked_add_months(Months::new(1)), "After:");
    let no_month = is_no_month.then(
        || view! { <p>{format!("What the address asks for is no month, so this is {month}. A month is written like 2026-09.")}</p> },
    );
    let shared = shared(weak.cohorts.iter().map(|(_, path)| path.as_slice()).filter(|path| !path.is_empty()));
    let is_wide = weak.cohorts.len() > COLUMNS;
    let called = |place: usize| view! { <span dir="auto">{name(&weak.cohorts[place].1, shared)}</span> };
    let heads = if is_wide {
        view! { <th scope="col">"By cohort"</th> }.into_any()
    } else {
        let heads = (0..weak.cohorts.len()).map(|place| view! { <th scope="col" class="number">{called(place)}</th> });
        heads.collect_view().into_any()
    };
    let rows = weak.spots.iter().map(|spot| {
        let cells = if is_wide {
            // There may be a thousand cohorts of which nothing is told.
            let told = spot.cohorts.iter().enumerate().filter(|(_, count)| matches!(count, SpotCount::Of { .. }));
            let listed = told.map(|(place, count)| view! { <li>{called(place)} " " {said(*count)}</li> });
            let hidden = spot.cohorts.iter().filter(|count| **count == SpotCount::Hidden).count();
            let rest = (hidden > 0).then(|| {
                let words = format!("not shown of {}", count(hidden, "more cohort", "more cohorts"));
                view! { <li><small class="kept-back">{words}</small></li> }
            });
            view! { <td><ul class="by-cohort" role="list">{listed.collect_view()} {rest}</ul></td> }.into_any()
        } else {
            let cells = spot.cohorts.iter().map(|count| view! { <td class="number">{said(*count)}</td> });
            cells.collect_view().into_any()
        };
        let idea = spot.idea.clone().unwrap_or_else(|| "Answered wrongly".to_owned());
        let link = format!("/modules/{}", spot.module);
        view! {
            <tr>
                <th scope="row">{idea} <small><a href=link>{spot.title.clone()}</a> ": " <span inner_html=spot.stem.clone()></span></small></th>
                {cells}
            </tr>
        }
    });
    let rows: Vec<_> = rows.collect();
    let table = if !is_told {
        let months = weak.months.iter().map(|month| {
            view! { <li><a href=address(*month)>{month.format("%B %Y").to_string()}</a></li> }
        });
        view! {
            <p>{format!("Nothing can be told of {month}: a month is told once it is over, and for a year. These can be told:")}</p>
            <ul class="by-cohort" role="list">{months.collect_view()}</ul>
        }
        .into_any()
    } else if rows.is_empty() {
        view! { <p>{why_nothing(weak, &month)}</p> <p>{next_told(weak)}</p> }.into_any()
    } else {
        view! {
            <div class="across" tabindex="0" role="region" aria-label="What people get wrong">
                <table class="record spots">
                    <caption class="hidden">{format!("What was answered wrongly at first tries in {month}, by cohort")}</caption>
                    <thead><tr><th scope="col">"What people thought at their first try"</th>{heads}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    view! {
        <section class="card">
            <h2>"What people get wrong"</h2>
            <p class="hint">{format!("Of those who answered for the first time in {month}, by whole cohorts. Never by person: a figure about fewer than five people, \
                or one that leaves fewer than five, is not shown, and neither is one from which it could be worked out.")}</p>
            {no_month}
            {table}
            <p>{before} {after}</p>
        </section>
    }
}

/// Why nothing is told of a month that is over.
fn why_nothing(weak: &WeakSpots, month: &str) -> String {
    if weak.cohorts.is_empty() {
        return format!("Nobody in these cohorts answered a question for the first time in {month}.");
    }
    format!(
        "Nothing of {month} is shown. It takes a whole cohort of which at least five people were wrong at the same question, or thought the \
         same of it, and at least five others were not. In smaller numbers somebody could be found."
    )
}

/// Of which month something is told next, and from when on.
fn next_told(weak: &WeakSpots) -> Option<String> {
    let running = weak.months.first()?.checked_add_months(Months::new(1))?;
    let from = running.checked_add_months(Months::new(1))?;
    Some(format!(
        "What is answered in {} is counted once that month is over: look again from {} on.",
        running.format("%B %Y"),
        day(from)
    ))
}

#[cfg(test)]
mod tests {
    use engine::GroupId;

    use super::*;

    #[test]
    fn it_is_said_why_nothing_is_told_and_when_something_may_be() {
        let first = |text: &str| text.parse::<NaiveDate>().unwrap();
        let (month, months) = (first("2026-10-01"), vec![first("2026-10-01"), first("2026-09-01")]);
        let mut weak = WeakSpots { month, months, cohorts: Vec::new(), spots: Vec::new() };
        assert!(why_nothing(&weak, "October 2026").starts_with("Nobody in these cohorts answered"));
        let group = GroupId::parse("01890a5d-ac96-774b-bcce-b302099a8057").unwrap();
        weak.cohorts.push((group, vec!["A".to_owned()]));
        let why = why_nothing(&weak, "October 2026");
        assert!(why.contains("whole cohort") && why.contains("at least five"), "{why}");
        let next = next_told(&weak).unwrap();
        assert!(next.contains("November 2026") && next.contains("1 December 2026"), "{next}");
    }
}
