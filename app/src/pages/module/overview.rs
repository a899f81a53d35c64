use chrono::{DateTime, Utc};
use engine::{ModuleOverview, QuizState, catalogue::Module};
use leptos::prelude::*;
use model::Status;

use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Mark, clock, count, day, day_of, mark, row, words_in},
};

/// A module as its reader finds it: what it is, its pages, and where to carry on.
pub fn module(frame: &Frame, overview: &ModuleOverview, now: DateTime<Utc>) -> Rendered {
    let module = &overview.module;
    frame.page(&module.title, || {
        let (lang, dir) = (module.language.tag().to_owned(), module.language.direction());
        let outcomes = module.outcomes.iter().map(|outcome| view! { <li>{outcome.clone()}</li> }).collect_view();
        view! {
            <div class="with-side">
                <div>
                    <p class="crumb"><a href="/">"Your page"</a></p>
                    <h1 lang=lang.clone() dir=dir>{module.title.clone()}</h1>
                    <p class="lead" lang=lang.clone() dir=dir>{module.summary.clone()}</p>
                    {passed(overview)}
                    <div class="actions">{go_on(overview)}</div>
                    <h2>"You’ll be able to"</h2>
                    <ul lang=lang dir=dir>{outcomes}</ul>
                    <h2>"Pages"</h2>
                    {steps(overview, now)}
                </div>
                <div class="side">
                    <h2>"About this module"</h2>
                    {about(module)}
                </div>
            </div>
        }
    })
}

fn passed(overview: &ModuleOverview) -> impl IntoView + use<> {
    overview.pass.as_ref().map(|pass| {
        let line = format!("On {}. It counts until {}.", day_of(pass.completed_at), day_of(pass.expires_at));
        view! {
            <section class="outcome passed" aria-label="Your result">
                {mark(Mark::Status(Status::Passed))}
                <div>
                    <h2>"You passed this module"</h2>
                    <p>{line}</p>
                </div>
            </section>
        }
    })
}

fn go_on(overview: &ModuleOverview) -> impl IntoView + use<> {
    let slug = &overview.module.slug;
    let begun = overview.pages.iter().any(|page| page.read);
    let first = overview.pages.first().map(|page| page.slug.clone());
    let (address, label) = match (&overview.next, &overview.quiz, first) {
        (_, QuizState::Open(attempt), _) => (format!("/attempts/{attempt}"), "Carry on with the quiz".to_owned()),
        (Some(next), ..) if begun => {
            let place = overview.pages.iter().position(|page| page.slug == *next).unwrap_or_default();
            (format!("/modules/{slug}/{next}"), format!("Carry on from page {}", place + 1))
        }
        (Some(next), ..) => (format!("/modules/{slug}/{next}"), "Start reading".to_owned()),
        (None, QuizState::Passed(_), Some(first)) => (format!("/modules/{slug}/{first}"), "Read it again".to_owned()),
        (None, ..) => (format!("/modules/{slug}/quiz"), "Go to the quiz".to_owned()),
    };
    view! { <a class="button" href=address>{label}</a> }
}

fn about(module: &Module) -> impl IntoView + use<> {
    let rests_on = (!module.sources.is_empty()).then(|| row("Rests on", module.sources.join("; ")));
    view! {
        <dl class="facts">
            {row("Takes", format!("{} minutes", module.minutes))}
            {row("Counts for", count(module.valid_for.as_u32() as usize, "month", "months"))}
            {row("Looked after by", module.owner.clone())}
            {row("Reviewed", day(module.reviewed))}
            {rests_on}
            {row("Versions", view! { <a href=format!("/modules/{}/versions", module.slug)>"All versions"</a> })}
        </dl>
    }
}

fn steps(overview: &ModuleOverview, now: DateTime<Utc>) -> impl IntoView + use<> {
    let module = &overview.module;
    let pages = overview
        .pages
        .iter()
        .enumerate()
        .map(|(place, page)| {
            let here = overview.next.as_ref() == Some(&page.slug);
            step(
                place,
                page.read,
                here,
                format!("/modules/{}/{}", module.slug, page.slug),
                words_in(module.language, &page.title),
                None,
            )
        })
        .collect_view();
    let quiz = &module.quiz;
    let (done, note) = match &overview.quiz {
        QuizState::Passed(pass) => {
            (true, format!("Passed with {} of {} on {}", pass.earned, pass.possible, day_of(pass.completed_at)))
        }
        QuizState::PagesFirst { .. } => (false, "It opens once you have opened each page".to_owned()),
        QuizState::Open(_) => (false, "You have begun; your answers are saved".to_owned()),
        QuizState::Ready { left } => (
            false,
            format!(
                "{}, {}% to pass, {} left",
                count(quiz.draw as usize, "question", "questions"),
                quiz.pass,
                count(*left as usize, "attempt", "attempts"),
            ),
        ),
        QuizState::CoolingDown { until, .. } => (false, format!("You can try again at {}", clock(*until, now))),
        QuizState::LockedOut { .. } => (false, "Your tutor or manager has been asked to help you".to_owned()),
    };
    let quiz = step(
        overview.pages.len(),
        done,
        overview.next.is_none() && !done,
        format!("/modules/{}/quiz", module.slug),
        "Quiz".into_any(),
        Some(note),
    );
    view! { <ol class="steps" role="list">{pages} {quiz}</ol> }
}

fn step(place: usize, done: bool, here: bool, address: String, title: AnyView, note: Option<String>) -> impl IntoView {
    let sign = if done {
        view! { {mark(Mark::Status(Status::Passed))} <span class="hidden">"Done: "</span> }.into_any()
    } else {
        (place + 1).to_string().into_any()
    };
    let note = note.map(|note| view! { <p class="note">{note}</p> });
    view! {
        <li class:done=done class:here=here>
            <span class="step-mark">{sign}</span>
            " "
            <a href=address>{title}</a>
            {note}
        </li>
    }
}
