use chrono::NaiveDate;
use engine::{OwnPage, ProgrammeStanding, YearMinutes};
use leptos::prelude::*;

use crate::pages::parts::{count, day, done_words, finish_words};

/// How far they are: with the programme that ends first and is not finished in sight, with the others on demand.
pub(super) fn tallies(page: &OwnPage, today: NaiveDate) -> Option<AnyView> {
    let mut programmes: Vec<&ProgrammeStanding> = page.programmes.iter().filter(|programme| programme.of > 0).collect();
    programmes.sort_by_key(|programme| (programme.done >= programme.of, programme.by));
    let mut programmes = programmes.into_iter();
    let first = programmes.next();
    if first.is_none() && page.minutes.is_none() {
        return None;
    }
    let others: Vec<_> = programmes.map(|programme| tally(programme, today)).collect();
    let number = others.len();
    let others = (number > 0).then(|| {
        view! {
            <details>
                <summary>{count(number, "more programme", "more programmes")}</summary>
                <ul class="tallies" role="list">{others}</ul>
            </details>
        }
    });
    let first = first.map(|programme| tally(programme, today));
    let minutes = page.minutes.map(minutes);
    Some(view! { <div class="tally"><ul class="tallies" role="list">{first} {minutes}</ul> {others}</div> }.into_any())
}

/// How far they are towards the minutes of the year.
fn minutes(year: YearMinutes) -> impl IntoView + use<> {
    let YearMinutes { minutes, target, ends_on } = year;
    view! {
        <li>
            <p>
                <strong><a href="/cpd">"Your CPD"</a> ": "</strong> {format!("{minutes} of {target} minutes, ")}
                <span class="tally-by">{format!("by {}", day(ends_on))}</span>
            </p>
            <progress value=minutes.min(target).to_string() max=target.to_string() aria-label="Minutes towards the target of the year"></progress>
        </li>
    }
}

fn tally(programme: &ProgrammeStanding, today: NaiveDate) -> impl IntoView + use<> {
    let said = done_words(programme);
    let by = finish_words(programme, today).map(|by| view! { ", " <span class="tally-by">{by}</span> });
    view! {
        <li>
            <p>
                <strong><a href=format!("/programmes/{}", programme.slug)>{programme.title.clone()}</a> ": "</strong> {said} {by}
            </p>
            {pips((0..programme.of).map(|place| if place < programme.done { "done" } else { "" }).collect())}
        </li>
    }
}

/// A row of parts, each in its state. What it says stands beside it in words.
pub(super) fn pips(classes: Vec<&'static str>) -> impl IntoView + use<> {
    let parts = classes.into_iter().map(|class| view! { <span class=class></span> }).collect_view();
    view! { <div class="pips" aria-hidden="true">{parts}</div> }
}
