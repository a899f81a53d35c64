use chrono::{DateTime, Utc};
use engine::{AttemptId, FirstModule, QuizEntry, QuizState, Refreshes, catalogue::Module};
use leptos::prelude::*;
use model::{PageSlug, Status};

use super::before::before;
use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Mark, clock, count, day_of, heading, mark, moment, offer_refresher, row, time_counted, wait, words_in},
};

/// What stands before a quiz: what it is, and what can be done with it now.
pub fn quiz_entry(frame: &Frame, entry: &QuizEntry, now: DateTime<Utc>) -> Rendered {
    let module = &entry.module;
    let title = if module.has_quiz() { format!("Quiz: {}", module.title) } else { module.title.clone() };
    frame.page(&title, || {
        let offered = (entry.counts && entry.refresher == Refreshes::Offered).then(|| {
            let words = "You passed this module before, and it still counts. The refresher asks only about what has changed since, and what you got wrong.";
            offer_refresher(&module.slug, "You may take the refresher instead", words)
        });
        let to_answer = entry.to_answer.filter(|_| entry.counts).map(|id| {
            view! {
                <div class="callout callout-note" role="note">
                    <p class="callout-word">{mark(Mark::Help)} " First say whether you worked it through"</p>
                    <p>"Somebody says that you worked this module through together. Say whether it was so before you hand the quiz in: then your pass says it, too. " <a href=format!("/discussions/{id}")>"Say it now"</a></p>
                </div>
            }
        });
        let main = view! { {to_answer} {state(entry, now)} {time_counted(entry.counts_time)} {offered} };
        let side = view! { <h2>{if module.has_quiz() { "This quiz" } else { "This module" }}</h2> {about(entry)} };
        before(module, &entry.words, format!("/modules/{}/quiz", module.slug), main, side)
    })
}

fn state(entry: &QuizEntry, now: DateTime<Utc>) -> AnyView {
    let module = &entry.module;
    if !entry.counts {
        return view! {
            <h1>{format!("Quiz: {}", module.title)}</h1>
            <p class="lead">"This quiz is for others than you. You may read the pages that it asks about."</p>
            {pages(module, false, &|_| true)}
        }
        .into_any();
    }
    match &entry.state {
        QuizState::ModulesFirst { modules } => modules_first(module, modules).into_any(),
        QuizState::PagesFirst { pages } => pages_first(module, pages).into_any(),
        QuizState::Ready { left } => ready(module, *left).into_any(),
        QuizState::Open(attempt) => view! {
            <h1>"Quiz: " {words_in(module.language, &module.title)}</h1>
            <p class="lead">"You have begun. Your answers are saved, and you can go on where you stopped."</p>
            <p class="actions"><a class="button" href=format!("/attempts/{attempt}")>"Carry on with the quiz"</a></p>
            {(entry.refresher == Refreshes::Open).then(|| whole(*attempt))}
        }
        .into_any(),
        QuizState::CoolingDown { until, left } => view! {
            <h1>"Take a short break"</h1>
            <p class="lead">
                {format!(
                    "You can try again at {}, {}. You have {} left.",
                    clock(*until, now),
                    wait(*until, now),
                    count(*left as usize, "attempt", "attempts"),
                )}
            </p>
            <h2>"While you wait"</h2>
            <p>"Look at the pages again. The questions change from one attempt to the next; what they are about does not."</p>
            {pages(module, true, &|_| true)}
            <p class="actions">
                <a class="button second" href=format!("/modules/{}/quiz", module.slug)>
                    {format!("Look here again after {}", clock(*until, now))}
                </a>
            </p>
        }
        .into_any(),
        QuizState::LockedOut { since } => locked_out(module, *since).into_any(),
        QuizState::AtWorkshop => view! {
            <h1>{words_in(module.language, &module.title)}</h1>
            <p class="lead">"You pass this at a workshop: there is no quiz. On the day you type the code that is shown there, and whoever leads it says that you were there."</p>
            <p class="actions">
                <a class="button" href="/workshops">"See your workshops"</a>
                " "
                <a class="back" href=format!("/modules/{}", module.slug)>"Back to the pages"</a>
            </p>
        }
        .into_any(),
        QuizState::Passed(pass) => view! {
            <section class="outcome passed">
                {mark(Mark::Status(Status::Passed))}
                <div>
                    <h1>{if module.has_quiz() { "You have passed this quiz" } else { "You have passed this module" }}</h1>
                    <p>
                        {if module.has_quiz() { format!("{} of {} on", pass.earned, pass.possible) } else { "On".to_owned() }}
                        {format!(" {}. It counts until {}.", day_of(pass.completed_at), day_of(pass.expires_at))}
                    </p>
                </div>
            </section>
            <p class="actions">
                <a class="button" href="/">"Go to your page"</a>
                {pass.attempt.map(|attempt| view! { <a class="standalone" href=format!("/attempts/{attempt}")>"See your answers"</a> })}
            </p>
        }
        .into_any(),
    }
}

/// Who began a refresher may take all of it.
fn whole(attempt: AttemptId) -> impl IntoView {
    view! {
        <form class="actions" method="post" action=format!("/attempts/{attempt}/whole")>
            <p>"This is a refresher. You may take the whole quiz instead; what you answered is kept where it asks the same."</p>
            <button class="second">"Take the whole quiz"</button>
        </form>
    }
}

fn ready(module: &Module, left: u32) -> impl IntoView + use<> {
    let lead = format!(
        "{}. You pass with {}% right. You have {} left, and no time limit.",
        count(module.quiz.draw as usize, "question", "questions"),
        module.quiz.pass,
        count(left as usize, "attempt", "attempts"),
    );
    let weighty = module.quiz.questions.iter().any(|question| question.weight > 1);
    let weighty = weighty.then(|| view! { <li>"What matters most counts for more marks than the rest."</li> });
    view! {
        <h1>"Quiz: " {words_in(module.language, &module.title)}</h1>
        <p class="lead">{lead}</p>
        <ul>
            {weighty}
            <li>"Your answers are saved as you go. You can stop and carry on later, on any device."</li>
            <li>"You can change any answer until you hand them in."</li>
            <li>"Looking back at the pages is fine."</li>
        </ul>
        <form class="actions" method="post" action=format!("/modules/{}/quiz", module.slug)>
            <button>"Start the quiz"</button>
            " "
            <a class="back" href=format!("/modules/{}", module.slug)>"Back to the pages"</a>
        </form>
    }
}

fn locked_out(module: &Module, since: DateTime<Utc>) -> impl IntoView + use<> {
    view! {
        <h1>"Your tutor or manager will help you with this one"</h1>
        <p class="lead">"You have used all your attempts. That happens, and it is not held against you."</p>
        <h2>"What happens next"</h2>
        <ol class="steps" role="list">
            <li class="done">
                <span class="step-mark">{mark(Mark::Status(Status::Passed))} <span class="hidden">"Done: "</span></span>
                " "
                <span>{format!("Your tutor or manager has been asked to help, on {}", moment(since))}</span>
            </li>
            <li class="here">
                <span class="step-mark">"2"</span>
                " "
                <span>"They talk it through with you"</span>
            </li>
            <li>
                <span class="step-mark">"3"</span>
                " "
                <span>"They give you more attempts, and you carry on here"</span>
            </li>
        </ol>
        <h2>"Until then"</h2>
        <p>"You can go on with other modules, or read these pages again. Everything you have done is kept."</p>
        {pages(module, true, &|_| true)}
        <p class="actions"><a class="button" href="/">"Go to your page"</a></p>
    }
}

fn modules_first(module: &Module, first: &[FirstModule]) -> impl IntoView + use<> {
    let rows = first
        .iter()
        .map(|first| {
            let title = view! {
                <a href=format!("/modules/{}", first.module)>{words_in(first.language, &first.title)}</a>
            };
            view! { <li><div>{heading(false, title)}</div></li> }
        })
        .collect_view();
    let next = first.first().map(|first| {
        view! {
            <p class="actions"><a class="button" href=format!("/modules/{}", first.module)>"Go to “" {words_in(first.language, &first.title)} "”"</a></p>
        }
    });
    view! {
        <h1>"Quiz: " {words_in(module.language, &module.title)}</h1>
        <p class="lead">
            {if first.len() == 1 {
                "Pass this module first. Then the quiz is open to you, and until then you can read the pages.".to_owned()
            } else {
                format!("Pass these {} modules first. Then the quiz is open to you, and until then you can read the pages.", first.len())
            }}
        </p>
        <ul class="rows" role="list">{rows}</ul>
        {next}
    }
}

fn pages_first(module: &Module, left: &[PageSlug]) -> impl IntoView + use<> {
    let first = left.first().map(|page| {
        view! {
            <p class="actions"><a class="button" href=format!("/modules/{}/{page}", module.slug)>"Read the next page"</a></p>
        }
    });
    view! {
        <h1>"Quiz: " {words_in(module.language, &module.title)}</h1>
        <p class="lead">
            {format!(
                "Open {} first. Then the quiz is open to you.",
                if left.len() == 1 { "one more page".to_owned() } else { format!("these {} pages", left.len()) },
            )}
        </p>
        {pages(module, false, &|page| left.contains(page))}
        {first}
    }
}

/// Some pages of a module in a list, which stands `under` a heading of its own or right below the page's.
fn pages(module: &Module, under: bool, which: &dyn Fn(&PageSlug) -> bool) -> impl IntoView + use<> {
    let rows = module
        .pages
        .iter()
        .enumerate()
        .filter(|(_, page)| which(&page.slug))
        .map(|(place, page)| {
            let title = view! {
                <a href=format!("/modules/{}/{}", module.slug, page.slug)>{words_in(module.language, &page.title)}</a>
            };
            view! {
                <li>
                    <div>
                        {heading(under, title)}
                        <p class="meta">{format!("Page {}", place + 1)}</p>
                    </div>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="rows" role="list">{rows}</ul> }.into_any()
}

fn about(entry: &QuizEntry) -> impl IntoView + use<> {
    let quiz = &entry.module.quiz;
    let left = match &entry.state {
        QuizState::Ready { left } | QuizState::CoolingDown { left, .. } => Some(left.to_string()),
        QuizState::LockedOut { .. } => Some("None for now".to_owned()),
        QuizState::ModulesFirst { .. }
        | QuizState::PagesFirst { .. }
        | QuizState::Open(_)
        | QuizState::AtWorkshop
        | QuizState::Passed(_) => None,
    };
    let asked = entry.module.has_quiz().then(|| {
        view! {
            {row("Questions", quiz.draw.to_string())}
            {row("To pass", format!("{}% right", quiz.pass))}
            {left.map(|left| row("Attempts left", left))}
            {row("Time limit", "None")}
        }
    });
    let at_workshop = (!entry.module.has_quiz()).then(|| row("Passed", "At a workshop"));
    view! {
        <dl class="facts">
            {asked}
            {at_workshop}
        </dl>
    }
}
