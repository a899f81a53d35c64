use chrono::{DateTime, Utc};
use engine::{Hold, QuizState, Refresher};
use leptos::prelude::*;
use model::Status;

use super::before::before;
use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Mark, changes, clock, count, day_of, how_much, mark, row, time_counted, words_in},
};

/// What stands before a refresher: what has changed, what it asks and why, and the whole module beside it.
pub fn refresher(frame: &Frame, refresher: &Refresher, now: DateTime<Utc>) -> Rendered {
    let module = &refresher.module;
    frame.page(&format!("Refresher: {}", module.title), || {
        let main = view! {
            <h1>"Refresher: " {words_in(module.language, &module.title)}</h1>
            <p class="lead">
                {format!(
                    "You passed this module on {}, which counts until {}. You need not take all of it again. Pass this, and it counts until {}.",
                    day_of(refresher.passed_at),
                    day_of(refresher.counts_until),
                    day_of(refresher.until),
                )}
            </p>
            <h2>"What has changed"</h2>
            {what_changed(refresher)}
            <h2>"What it asks"</h2>
            {what_it_asks(refresher)}
            {go_on(refresher, now)}
            {time_counted(refresher.counts_time)}
        };
        let side = view! {
            <h2>"This refresher"</h2>
            <dl class="facts">
                {row("Pages", refresher.pages.len().to_string())}
                {row("Questions", refresher.asks().to_string())}
                {row("To pass", format!("{}% right", module.quiz.pass))}
                {row("Counts as CPD", count(refresher.minutes as usize, "minute", "minutes"))}
            </dl>
        };
        before(module, &refresher.words, format!("/modules/{}/quiz/refresher", module.slug), main, side)
    })
}

fn what_changed(refresher: &Refresher) -> AnyView {
    let Some(difference) = &refresher.difference else {
        return view! { <p>"Nothing: you passed the version that we have now."</p> }.into_any();
    };
    let module = &refresher.module;
    let pages = refresher.pages.iter().map(|page| {
        let opened = page.opened.then(|| {
            view! { {mark(Mark::Status(Status::Passed))} <span class="hidden">"Opened: "</span> " " }
        });
        let href = format!("/modules/{}/{}", module.slug, page.slug);
        view! { <li>{opened} <a href=href>{words_in(module.language, &page.title)}</a></li> }
    });
    let pages = pages.collect_view();
    let list = if refresher.pages.is_empty() {
        view! { <p>"No page says anything else than when you passed."</p> }.into_any()
    } else {
        view! { <p>"Read these pages again:"</p> <ul>{pages}</ul> }.into_any()
    };
    let details = (!difference.is_empty()).then(|| {
        view! {
            <details>
                <summary>"See what has changed"</summary>
                <p>{how_much(difference)} "."</p>
                {changes(difference)}
            </details>
        }
    });
    view! { {list} {details} }.into_any()
}

/// Each reason with its number, and none that has none.
fn what_it_asks(refresher: &Refresher) -> impl IntoView + use<> {
    let questions = |number: u32| count(number as usize, "question", "questions");
    let reasons = [
        (refresher.wrong, "that you got wrong last time"),
        (refresher.changed, "about what has changed"),
        (refresher.drawn, "drawn from the rest of the quiz, so that there is enough to go by"),
    ];
    let reasons = reasons.into_iter().filter(|(number, _)| *number > 0);
    let reasons = reasons.map(|(number, why)| view! { <li>{format!("{} {why}", questions(number))}</li> });
    let reasons = reasons.collect_view();
    let nothing = (refresher.wrong + refresher.changed == 0).then(|| {
        view! { <p>"Nothing that it asks about has changed, and you got everything right last time. So it only looks whether you still know it."</p> }
    });
    view! { {nothing} <ul>{reasons}</ul> }
}

fn go_on(refresher: &Refresher, now: DateTime<Utc>) -> AnyView {
    let slug = &refresher.module.slug;
    // Who has begun finds there how to go on with all of it.
    let quiz = if matches!(refresher.state, QuizState::Open(_)) { "/quiz" } else { "" };
    let whole =
        view! { <a class="standalone" href=format!("/modules/{slug}{quiz}")>"Take the whole module instead"</a> };
    match &refresher.state {
        QuizState::Open(attempt) => view! {
            <p class="actions">
                <a class="button" href=format!("/attempts/{attempt}")>"Carry on where you stopped"</a> " " {whole}
            </p>
        }
        .into_any(),
        QuizState::PagesFirst { pages } => {
            let said = count(pages.len(), "page that has changed", "pages that have changed");
            let first = pages.first().map(|page| format!("/modules/{slug}/{page}"));
            view! {
                <p>{format!("Open {said} first. Then come back here.")}</p>
                <p class="actions">
                    {first.map(|href| view! { <a class="button" href=href>"Read the next page"</a> " " })} {whole}
                </p>
            }
            .into_any()
        }
        QuizState::Ready { left } => view! {
            <p>{format!("You have {} left, and no time limit. Your answers are saved as you go.", count(*left as usize, "attempt", "attempts"))}</p>
            <form class="actions" method="post" action=format!("/modules/{slug}/quiz/refresher")>
                <button>"Start the refresher"</button> " " {whole}
            </form>
        }
        .into_any(),
        state @ (QuizState::ModulesFirst { .. }
        | QuizState::CoolingDown { .. } | QuizState::LockedOut { .. } | QuizState::AtWorkshop | QuizState::Passed(_)) => {
            let said = match Hold::of_quiz(state) {
                Hold::Pause { until } => format!("You can try again at {}. Until then, look at the pages again.", clock(until, now)),
                Hold::Tutor { .. } => "You have used all your attempts. Your tutor or manager has been asked to help you.".to_owned(),
                Hold::Workshop => "It is passed at a workshop only.".to_owned(),
                Hold::Gate => "It builds on a module that you have not passed yet. Pass that first.".to_owned(),
                Hold::Nothing | Hold::Declined { .. } => "You have passed since.".to_owned(),
            };
            view! { <p>{said}</p> <p class="actions"><a class="button" href=format!("/modules/{slug}")>"See all the pages"</a></p> }
                .into_any()
        }
    }
}
