use chrono::{DateTime, Utc};
use engine::{DoneThing, Due, DueThing, OwnPage, StuckLearner, Why, catalogue::Language, local_date};
use leptos::prelude::*;
use model::Status;

use crate::{
    drawing::drawing,
    pages::{
        frame::{Frame, Rendered},
        parts::{away, count, day, day_of, dir, lang, lower_first, row, status, words_in},
    },
};

/// The four marks of the 4 Cs.
const FOUR: &str = r#"<g transform="translate(2 2)"><rect class="tone" x="7" y="9" width="34" height="27" rx="4" fill="currentColor" fill-opacity=".22" stroke="none"/><rect x="7" y="9" width="34" height="27" rx="4"/><path d="M14 18h13M14 25h20"/><path d="M18 42h12"/></g><g transform="translate(62 2)"><path class="tone" d="M20 17v-7h20v15h-4v6l-7-6h-1v-8z" fill="currentColor" fill-opacity=".22"/><path d="M8 17h20v15H18l-6 6v-6H8z"/><path d="M14 24.5h8"/></g><g transform="translate(2 62)"><circle class="tone" cx="18" cy="14" r="7" fill="currentColor" fill-opacity=".22"/><path d="M4 40c1-10 6-15 14-15s13 5 14 15"/><path d="M31 17h13m-5-5 5 5-5 5"/></g><g transform="translate(62 62)"><circle class="tone" cx="24" cy="24" r="16" fill="currentColor" fill-opacity=".22"/><path d="M30 17.500a5 5 0 0 0-9 3.500c0 4 1.500 6-2.500 11h12M17.500 25.500h9"/></g>"#;
/// A door that stands open on a morning.
const DONE: &str = r#"<path d="M24 98V52a32 32 0 0 1 64 0v46M8 98h96"/><g class="tone"><path d="M38 84a18 18 0 0 1 36 0z" fill="currentColor" fill-opacity=".22"/><path d="M56 56v-6M36.500 64.500l-4-4M75.500 64.500l4-4M34 84h44"/></g><path d="M38 98c4-7 10-10 18-14"/>"#;

/// Somebody's own page: where they stand, the next thing first.
pub fn home(frame: &Frame, page: &OwnPage, now: DateTime<Utc>) -> Rendered {
    let first_name = frame.reader.as_deref().and_then(|name| name.split_whitespace().next()).unwrap_or("there");
    let greeting = format!("Hello, {first_name}");
    frame.page("Your page", || {
        view! {
            <div class="with-side">
                <div>
                    <h1>{greeting}</h1>
                    <p class="lead">{standing(page, now)}</p>
                    {next(page, now)}
                    {after_that(page, now)}
                    {stuck(&page.stuck, now)}
                    {done(page)}
                </div>
                <div class="side">
                    {programmes(page)}
                    <p><a class="standalone" href="/modules">"See all modules"</a></p>
                </div>
            </div>
        }
    })
}

/// One sentence that says where they stand.
fn standing(page: &OwnPage, now: DateTime<Utc>) -> String {
    let today = local_date(now);
    let waiting = match page.stuck.len() {
        0 => String::new(),
        1 => " 1 learner needs a hand.".to_owned(),
        many => format!(" {many} learners need a hand."),
    };
    let things = |number| count(number, "thing", "things");
    let overdue = page.due.iter().filter(|due| due.wanted.by < today).count();
    let sentence = match page.due.iter().map(|due| due.wanted.by).max() {
        None => "You are up to date. There is nothing you need to do.".to_owned(),
        Some(_) if overdue > 0 => {
            format!(
                "You have {} to do, {overdue} of them past the due date. Start with the first one below.",
                things(page.due.len())
            )
        }
        Some(last) => format!("You have {} to do by {}.", things(page.due.len()), day(last)),
    };
    sentence + &waiting
}

fn next(page: &OwnPage, now: DateTime<Utc>) -> AnyView {
    match page.due.first() {
        Some(due) => next_card(due, now).into_any(),
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

fn next_card(due: &Due, now: DateTime<Utc>) -> impl IntoView + use<> {
    let begun = due.status == Status::InProgress;
    let (address, minutes, label) = match &due.thing {
        DueThing::Module(slug, minutes) => (
            format!("/modules/{slug}"),
            Some(format!("{minutes} minutes")),
            view! { {verb(due.renews, begun)} " " {words_in(due.language, &due.title)} }.into_any(),
        ),
        DueThing::Agreement(slug, _) => {
            (format!("/agreements/{slug}"), None, format!("Read and sign the {}", lower_first(&due.title)).into_any())
        }
    };
    let minutes = minutes.map(|minutes| view! { <span>{minutes}</span> " " });
    view! {
        <section class="card next" aria-labelledby="next">
            {drawing("drawing", 112, "2.6", FOUR)}
            <p class="kicker">"Next for you"</p>
            <h2 id="next" lang=lang(due.language) dir=dir(due.language)>{due.title.clone()}</h2>
            <p lang=lang(due.language) dir=dir(due.language)>{due.summary.clone()}</p>
            <p class="meta">{status(due.status, tag(due))} " " {minutes} <span>{due_line(due, now)}</span></p>
            <a class="button" href=address>{label}</a>
        </section>
    }
}

fn verb(renews: bool, begun: bool) -> &'static str {
    match (renews, begun) {
        (_, true) => "Carry on with",
        (true, false) => "Renew",
        (false, false) => "Start",
    }
}

fn due_line(due: &Due, now: DateTime<Utc>) -> String {
    let today = local_date(now);
    let said = if due.wanted.by < today { "Was due" } else { "Due" };
    format!("{said} {}, {}", day(due.wanted.by), away(due.wanted.by, today))
}

fn after_that(page: &OwnPage, now: DateTime<Utc>) -> impl IntoView + use<> {
    let rows = page
        .due
        .iter()
        .skip(1)
        .map(|due| {
            let (address, about) = match &due.thing {
                DueThing::Module(slug, minutes) => (format!("/modules/{slug}"), format!("{minutes} minutes · ")),
                DueThing::Agreement(slug, 0) => (format!("/agreements/{slug}"), "Ready to sign · ".to_owned()),
                DueThing::Agreement(slug, missing) => {
                    let missing = count(*missing, "module", "modules");
                    (format!("/agreements/{slug}"), format!("Opens when you have passed {missing} · "))
                }
            };
            view! {
                <li>
                    <div>
                        <h3><a href=address lang=lang(due.language) dir=dir(due.language)>{due.title.clone()}</a></h3>
                        <p class="meta">{about} {due_line(due, now)}</p>
                    </div>
                    {status(due.status, tag(due))}
                </li>
            }
        })
        .collect_view();
    (page.due.len() > 1).then(|| {
        view! {
            <section aria-labelledby="after">
                <h2 id="after">"After that"</h2>
                <ul class="rows" role="list">{rows}</ul>
            </section>
        }
    })
}

fn programmes(page: &OwnPage) -> impl IntoView + use<> {
    page.programmes
        .iter()
        .map(|programme| {
            let said = if programme.done < programme.of { "Finish by" } else { "Renew by" };
            let by = programme.by.map(|by| row(said, day(by)));
            view! {
                <h2>{programme.title.clone()}</h2>
                <dl class="facts">
                    {row("Done so far", format!("{} of {} parts", programme.done, programme.of))}
                    {by}
                </dl>
            }
        })
        .collect_view()
}

fn stuck(stuck: &[StuckLearner], now: DateTime<Utc>) -> impl IntoView + use<> {
    let rows = stuck
        .iter()
        .map(|learner| {
            let since =
                format!("Since {}, {}", day_of(learner.since), away(local_date(learner.since), local_date(now)));
            let attempts = count(learner.attempts as usize, "more attempt", "more attempts");
            view! {
                <li>
                    <div>
                        <h3>{learner.name.clone()}</h3>
                        <p class="meta"><span>{words_in(learner.language, &learner.title)}</span> " " <span>{since}</span></p>
                    </div>
                    <form method="post" action=format!("/tutor-tasks/{}/allow", learner.task)>
                        <button class="second">
                            "Give " {attempts}
                            <span class="hidden">" to " {learner.name.clone()} " in " {words_in(learner.language, &learner.title)}</span>
                        </button>
                    </form>
                </li>
            }
        })
        .collect_view();
    (!stuck.is_empty()).then(|| {
        view! {
            <section aria-labelledby="hand">
                <h2 id="hand">"Learners who need a hand"</h2>
                <p>
                    "They have used all their attempts at a quiz. A short talk about the pages often helps more than another
                    try; then give them more attempts here."
                </p>
                <ul class="rows" role="list">{rows}</ul>
            </section>
        }
    })
}

/// The word for where they stand, where the status has not its own: what counts and may be renewed is passed, and yet on the list.
fn tag(due: &Due) -> Option<&'static str> {
    match (due.status, due.wanted.why) {
        (Status::Passed, _) => Some("To renew"),
        (Status::NotStarted, Why::Changed) => Some("Changed"),
        _ => None,
    }
}

/// A title, with what became of the thing.
fn called(title: &str, language: Language, withdrawn: bool) -> AnyView {
    view! { {words_in(language, title)} {withdrawn.then_some(" (withdrawn)")} }.into_any()
}

fn done(page: &OwnPage) -> impl IntoView + use<> {
    let rows = page
        .done
        .iter()
        .map(|done| {
            let (address, title, said, word, until) = match done {
                DoneThing::Module { module, title, language, withdrawn, until, .. } => {
                    let address =
                        if *withdrawn { format!("/modules/{module}/versions") } else { format!("/modules/{module}") };
                    (address, called(title, *language, *withdrawn), "Passed", "Passed", Some(*until))
                }
                DoneThing::Agreement { title, withdrawn, signature, until, .. } => (
                    format!("/receipts/{signature}"),
                    called(title, Language::ENGLISH, *withdrawn),
                    "Signed",
                    "Signed",
                    *until,
                ),
            };
            let until = until.map(|until| format!(" · Counts until {}", day_of(until)));
            view! {
                <li>
                    <div>
                        <h3><a href=address>{title}</a></h3>
                        <p class="meta">{said} " " {day_of(done.at())} {until}</p>
                    </div>
                    {status(Status::Passed, Some(word))}
                </li>
            }
        })
        .collect_view();
    let number = page.done.len();
    (number > 0).then(|| {
        view! {
            <details>
                <summary>"Done (" {number} ")"</summary>
                <ul class="rows" role="list">{rows}</ul>
            </details>
        }
    })
}
