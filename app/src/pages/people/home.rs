use chrono::{DateTime, Utc};
use engine::{ComingWorkshop, Due, DueThing, Hold, ListedDiscussion, OwnPage, OwnWorkshops, StuckLearner, Why};
use leptos::prelude::*;
use model::Status;

use super::{
    for_others::{ForOthers, came_in, denied, for_others, looked_after, not_planned, stuck, to_confirm},
    lead::{Besides, Lead, lead, needs_them, stands},
    way_through::{address, due_line, part, path, thing_mark},
};
use crate::{
    drawing::drawing,
    pages::{
        frame::{Frame, Rendered},
        parts::{Mark, coming_workshop, count, dir, duration, lang, mark, words_in, worked_through},
    },
};

/// Somebody's own page: where they stand, the next thing first. `workshops` are theirs, and `discussions` those of which they are asked whether they were held; `given` is the learner to whom they have just given more attempts.
pub fn home(
    frame: &Frame,
    page: &OwnPage,
    for_them: ForOthers<'_>,
    (workshops, discussions): (&OwnWorkshops, &[ListedDiscussion]),
    given: Option<&StuckLearner>,
    now: DateTime<Utc>,
) -> Rendered {
    let ForOthers { duties, others, came_in: submissions, wanted } = for_them;
    let greeting = greeting(frame.reader.as_deref());
    frame.page("Your page", || {
        let besides = Besides {
            came_in: submissions.iter().map(|role| role.open).sum(),
            to_answer: discussions.len(),
            for_others: others.is_some_and(|others| others.late > 0) || !wanted.is_empty(),
        };
        let Lead { first, rest } = lead(page, besides, now);
        view! {
            {given.map(said_given)}
            <div class="with-path">
                <div class="where">
                    <h1 dir="auto">{greeting}</h1>
                    <p class="lead"><strong>{first}</strong> " " {rest}</p>
                    {for_others(duties).map(|said| view! { <p class="hint">{said}</p> })}
                    {others.filter(|others| others.of > 0).map(looked_after)}
                    {submissions.iter().map(came_in).collect_view()}
                    {stuck(&page.stuck, now)}
                    {to_confirm(&page.to_confirm)}
                    {not_planned(wanted)}
                    {denied(&page.denied)}
                </div>
                {to_answer(discussions)}
                {next(page, besides, now)}
                {path(page, workshops, now)}
                {to_come(&workshops.coming)}
            </div>
            <p class="hint no-print"><a class="standalone" href="/account">"Your account, and what is known about you"</a></p>
        }
    })
}

/// "Hello, " and a name. A name that is long, has a title, or is written in another script, has no part that is surely the one by which
/// people call somebody, and so it stands there whole.
fn greeting(name: Option<&str>) -> String {
    let Some(name) = name else { return "Hello".to_owned() };
    let words: Vec<&str> = name.split_whitespace().collect();
    let is_plain = |word: &&str| {
        word.chars().count() > 2
            && !word.ends_with('.')
            && word.chars().all(|letter| letter.is_alphabetic() && (letter as u32) < 0x250)
    };
    match words.as_slice() {
        [first, _] if is_plain(first) && !TITLES.contains(first) => format!("Hello, {first}"),
        _ => format!("Hello, {name}"),
    }
}

/// What may stand before a name and is none.
const TITLES: [&str; 8] = ["Miss", "Mrs", "Prof", "Professor", "Doctor", "Sir", "Dame", "Lady"];

/// The discussions of which somebody is asked whether they were held.
fn to_answer(discussions: &[ListedDiscussion]) -> Option<AnyView> {
    if discussions.is_empty() {
        return None;
    }
    let rows = discussions
        .iter()
        .map(|one| {
            let of = format!(": {}", one.title);
            view! {
                <li><div>
                    <h3>{words_in(one.language, &one.title)}</h3>
                    <p class="meta" dir="auto">{worked_through(&one.discussion)}</p>
                    <p><a class="standalone" href=format!("/discussions/{}", one.discussion.id)>"Say whether it was so" <span class="hidden">{of}</span></a></p>
                </div></li>
            }
        })
        .collect_view();
    Some(
        view! {
            <section aria-labelledby="discussed">
                <h2 id="discussed">"Did you work it through together?"</h2>
                <p>"Somebody says so. Say it before you take the quiz, so that your pass says it, too."</p>
                <ul class="rows" role="list">{rows}</ul>
            </section>
        }
        .into_any(),
    )
}

/// The workshops that somebody can go to.
fn to_come(workshops: &[ComingWorkshop]) -> Option<AnyView> {
    if workshops.is_empty() {
        return None;
    }
    let rows = workshops.iter().take(5).map(coming_workshop).collect_view();
    Some(
        view! {
            <section class="to-come" aria-labelledby="workshops">
                <h2 id="workshops">"Workshops to come"</h2>
                <ul class="rows" role="list">{rows}</ul>
                <p><a class="standalone" href="/workshops">"At one now? Type its code"</a></p>
            </section>
        }
        .into_any(),
    )
}

/// What the own page says after somebody has given more attempts.
fn said_given(learner: &StuckLearner) -> impl IntoView + use<> {
    let attempts = count(learner.attempts as usize, "more attempt", "more attempts");
    view! {
        <p class="said" role="status">
            {mark(Mark::Status(Status::Passed))}
            " "
            <span>{format!("{} has {attempts} at “{}”, and is told so.", learner.name, learner.title)}</span>
        </p>
    }
}

/// The first thing that can be done now.
fn next(page: &OwnPage, besides: Besides, now: DateTime<Utc>) -> AnyView {
    let is_declined = page.due.iter().any(|due| matches!(due.hold, Hold::Declined { .. }));
    let signable = is_declined.then_some(" What you declined can be signed at any time.");
    match page.due.first() {
        Some(due) if !due.hold.waits() => next_card(due, now).into_any(),
        Some(_) => view! {
            <section class="card next" aria-labelledby="next">
                <h2 id="next">"You have done what you can for now"</h2>
                <p>"What waits is below, and until when. You can read all the pages again meanwhile." {signable}</p>
                <a class="button second" href="/modules">"Look at the modules"</a>
            </section>
        }
        .into_any(),
        None if needs_them(page, besides) => view! {
            <section class="card next" aria-labelledby="next">
                <h2 id="next">"Nothing else to do"</h2>
                <p>"Your own things are done. Your page tells you when something comes up again."</p>
                <a class="button second" href="/modules">"Look at the modules"</a>
            </section>
        }
        .into_any(),
        None => view! {
            <section class="card next" aria-labelledby="next">
                {drawing("drawing", 112, "2.6", DONE)}
                <h2 id="next">"All done"</h2>
                <p>"Your page tells you when something comes up again. You can look back at any module at any time."</p>
                <a class="button second" href="/modules">"Look at the modules"</a>
            </section>
        }
        .into_any(),
    }
}

/// A door that stands open on a morning.
const DONE: &str = r#"<path d="M24 98V52a32 32 0 0 1 64 0v46M8 98h96"/><g class="tone"><path d="M38 84a18 18 0 0 1 36 0z" fill="currentColor" fill-opacity=".22"/><path d="M56 56v-6M36.500 64.500l-4-4M75.500 64.500l4-4M34 84h44"/></g><path d="M38 98c4-7 10-10 18-14"/>"#;

fn next_card(due: &Due, now: DateTime<Utc>) -> impl IntoView + use<> {
    let (minutes, label) = match &due.thing {
        DueThing::Module(_, minutes) if due.minutes_left < *minutes => {
            (Some(format!("{} left", duration(due.minutes_left))), verb(due))
        }
        DueThing::Module(_, minutes) => (Some(duration(*minutes)), verb(due)),
        DueThing::Agreement(_, 0) if due.renews || due.wanted.why == Why::Changed => (None, "Read and sign it again"),
        DueThing::Agreement(_, 0) => (None, "Read and sign it"),
        DueThing::Agreement(..) => (None, "See what is missing"),
    };
    let minutes = minutes.map(|minutes| view! { <span>{mark(Mark::Clock)} " " {minutes}</span> " " });
    let given = due.given.map(|given| {
        let attempts = count(given as usize, "more attempt", "more attempts");
        view! { <p class="said">{mark(Mark::Help)} " " <span>{format!("Your tutor has given you {attempts} at the quiz.")}</span></p> }
    });
    view! {
        <section class="card next" aria-labelledby="next">
            <div class="next-mark">{thing_mark(due)}</div>
            <p class="kicker">"Next for you"</p>
            <h2 id="next" lang=lang(due.language) dir=dir(due.language)>{due.title.clone()}</h2>
            <p lang=lang(due.language) dir=dir(due.language)>{due.summary.clone()}</p>
            {given}
            <p class="meta">{stands(due).state(now).pill()} " " {part(due.called)} {minutes} <span>{due_line(due, now)}</span></p>
            <a class="button" href=address(due)>{label} " " {mark(Mark::Arrow)}</a>
        </section>
    }
}

fn verb(due: &Due) -> &'static str {
    match (due.renews, due.wanted.why, due.status) {
        (_, _, Status::InProgress) => "Carry on",
        (true, ..) => "Renew it",
        (_, Why::Changed | Why::RanOut, _) => "Take it again",
        _ => "Start this module",
    }
}
