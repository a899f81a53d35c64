use chrono::{DateTime, Utc};
use engine::{
    Changed, Hold, ModuleOverview, OwnWorkshops, PagesOpened, QuizState, Refreshes, Why, catalogue::Module, local_date,
};
use leptos::prelude::*;
use model::Status;

use crate::pages::{
    frame::{Frame, Rendered},
    parts::{
        Mark, Of, Stands, at_which, changes, clock, count, day, day_of, due_words, how_much, listed, mark, marks,
        module_mark, offer_refresher, row, switch, time_counted, unreviewed, withdrawn_words, words_in,
    },
};

/// A module as its reader finds it: what it is, its pages, and where to carry on. `workshops` are theirs, where the module is passed at one.
pub fn module(frame: &Frame, overview: &ModuleOverview, workshops: &OwnWorkshops, now: DateTime<Utc>) -> Rendered {
    let module = &overview.module;
    frame.page(&module.title, || {
        let (lang, dir) = (module.language.tag().to_owned(), module.language.direction());
        let outcomes = module.outcomes.iter().map(|outcome| view! { <li>{outcome.clone()}</li> }).collect_view();
        view! {
            <div class="with-side">
                <div>
                    <p class="crumb"><a href="/modules">"Modules"</a></p>
                    {switch(&overview.words, format!("/modules/{}", module.slug))}
                    <div class="titled">
                        {module_mark(module.slug.as_str())}
                        <h1 lang=lang.clone() dir=dir>{module.title.clone()}</h1>
                    </div>
                    <p class="lead" lang=lang.clone() dir=dir>{module.summary.clone()}</p>
                    {unreviewed(&overview.words)}
                    {(!overview.counts).then(for_others)}
                    {overview.changed.as_deref().map(|changed| since_passed(changed, overview, now))}
                    {late(overview, now)}
                    {passed(overview)}
                    {withdrawn(overview)}
                    {not_asked(overview, now)}
                    {(overview.refresher == Refreshes::Offered).then(|| {
                        let words = "Only what has changed since you passed, and what you got wrong. Or take the whole module again.";
                        offer_refresher(&module.slug, "Renew it by the refresher", words)
                    })}
                    {waits(overview, workshops, now)}
                    <div class="actions">{go_on(overview)}</div>
                    {time_counted(overview.counts_time)}
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

/// What whoever may read it and need not take it is told.
fn for_others() -> impl IntoView {
    view! {
        <div class="callout callout-note" role="note">
            <p class="callout-word">{mark(Mark::Help)} " For others than you"</p>
            <p>"You may read it, because you help, check or run what it is for. Reading it is not counted, and you do not take its quiz."</p>
        </div>
    }
}

/// What has changed since they passed it, before anything else.
fn since_passed(changed: &Changed, overview: &ModuleOverview, now: DateTime<Utc>) -> impl IntoView + use<> {
    let by = overview.cell.wanted.as_ref().map(|wanted| match wanted.by < local_date(now) {
        true => format!(" It was due by {}.", day(wanted.by)),
        false => format!(" You have until {}.", day(wanted.by)),
    });
    let replaced = overview.cell.wanted.as_ref().is_some_and(|wanted| wanted.why == Why::Changed);
    let (heading, earlier) =
        if replaced { ("Changed – take again", "edition") } else { ("What has changed since you passed", "version") };
    view! {
        <section class="card changed-card" aria-labelledby="changed">
            <h2 id="changed">{mark(Mark::Again)} " " {heading}</h2>
            <p>
                {format!("You passed an earlier {earlier} on {}. {}.", day_of(changed.at), how_much(&changed.difference))}
                {by}
            </p>
            <details>
                <summary>"See what has changed"</summary>
                {changes(&changed.difference)}
            </details>
        </section>
    }
}

/// That it is late although what they passed before still counts: that alone would read as though nothing were to be done.
fn late(overview: &ModuleOverview, now: DateTime<Utc>) -> Option<impl IntoView + use<>> {
    let today = local_date(now);
    let wanted = overview.cell.wanted.as_ref().filter(|wanted| overview.counts && wanted.by < today);
    let is_said = Hold::of_quiz(&overview.quiz) == Hold::Nothing && overview.pass.is_some();
    wanted.filter(|_| is_said).map(|wanted| {
        let state = Stands::of_cell(Of::Module, &overview.cell, Hold::Nothing).state(now).pill();
        view! { <section class="card" aria-label="Where you stand"><p>{state}</p> <p>{format!("{}. Take it again.", due_words(wanted.by, today))}</p></section> }
    })
}

fn passed(overview: &ModuleOverview) -> impl IntoView + use<> {
    overview.pass.as_ref().map(|pass| {
        let words = pass.twin.map(|twin| format!(", in {}", twin.name())).unwrap_or_default();
        let line = format!("On {}{words}. It counts until {}.", day_of(pass.completed_at), day_of(pass.expires_at));
        let opened = pass.opened().filter(|pages| pages.opened < pages.of);
        let opened = opened.map(|pages| view! { <p>{opened_before(pages)}</p> });
        view! {
            <section class="outcome passed" aria-label="Your result">
                {mark(Mark::Status(Status::Passed))}
                <div>
                    <h2>"You passed this module"</h2>
                    <p>{line}</p>
                    {opened}
                </div>
            </section>
        }
    })
}

/// How many pages they had opened when they passed, where they had not opened all.
fn opened_before(pages: PagesOpened) -> String {
    match (pages.opened, pages.of) {
        (0, 1) => "You had not opened its page before that. You can read it at any time.".to_owned(),
        (0, _) => "You had opened none of its pages before that. You can read them at any time.".to_owned(),
        (opened, of) => {
            format!("You had opened {opened} of {of} pages before that. You can read the others at any time.")
        }
    }
}

/// That a pass which they had was withdrawn, since otherwise the module would only look as if they had never passed it.
fn withdrawn(overview: &ModuleOverview) -> Option<impl IntoView + use<>> {
    overview.withdrawn.map(|(passed_at, withdrawn)| {
        let said = format!("You passed this module on {}. That pass was {}.", day_of(passed_at), withdrawn_words(withdrawn));
        view! {
            <section class="card" aria-labelledby="withdrawn">
                <h2 id="withdrawn">{mark(Mark::Warning)} " Your pass was withdrawn"</h2>
                <p>{said} " It counts for nothing. To pass the module, take it again; if you do not know why, ask whoever looks after you."</p>
            </section>
        }
    })
}

/// That nobody asks it of them, where it could be taken all the same: as when a programme that asked it has ended.
fn not_asked(overview: &ModuleOverview, now: DateTime<Utc>) -> Option<impl IntoView + use<>> {
    let is_said = overview.counts && overview.pass.is_none() && Hold::of_quiz(&overview.quiz) == Hold::Nothing;
    let said = match overview.cell.status {
        Status::NotRequired => {
            "No programme of yours asks for this module now. You may take it all the same, and it goes into your record."
        }
        Status::Exempt => {
            "You are excused from this module. You may take it all the same, and it goes into your record."
        }
        _ => return None,
    };
    is_said.then(|| {
        let state = Stands::of_cell(Of::Module, &overview.cell, Hold::Nothing).state(now).pill();
        view! { <section class="card" aria-label="Where you stand"><p>{state}</p> <p>{said}</p></section> }
    })
}

/// What keeps them from the quiz for now, so that nobody is sent to what is closed.
fn waits(overview: &ModuleOverview, workshops: &OwnWorkshops, now: DateTime<Utc>) -> impl IntoView + use<> {
    let hold = Hold::of_quiz(&overview.quiz);
    let said = match hold {
        Hold::Pause { until } => format!(
            "There is a short break after an attempt that did not pass. You can try again at {}. Until then, look at the pages again.",
            clock(until, now)
        ),
        Hold::Tutor { since } => format!(
            "You have used all your attempts. That happens, and it is not held against you. Your tutor or manager was asked to help you on {}. Until then you can read the pages again.",
            day_of(since)
        ),
        Hold::Workshop => {
            "You pass this module at a workshop: there is no quiz. Its pages are here to read before or after."
                .to_owned()
        }
        Hold::Nothing | Hold::Gate | Hold::Declined { .. } => return None,
    };
    let which = (hold == Hold::Workshop).then(|| {
        view! { <p>{at_which(workshops.of(&overview.module.slug))} " " <a href="/workshops">"See your workshops"</a></p> }
    });
    let state = Stands::of_cell(Of::Module, &overview.cell, hold).state(now).pill();
    overview.counts.then(|| {
        view! {
            <section class="card" aria-label="Where you stand">
                <p>{state}</p>
                <p>{said}</p>
                {which}
            </section>
        }
    })
}

fn go_on(overview: &ModuleOverview) -> impl IntoView + use<> {
    let slug = &overview.module.slug;
    let begun = overview.pages.iter().any(|page| page.read);
    let first = overview.pages.first().map(|page| page.slug.clone());
    let (address, label) = match (&overview.next, &overview.quiz, first) {
        (_, _, Some(first)) if !overview.counts => (format!("/modules/{slug}/{first}"), "Read it".to_owned()),
        (_, QuizState::Open(attempt), _) if overview.refresher == Refreshes::Open => {
            (format!("/attempts/{attempt}"), "Carry on with the refresher".to_owned())
        }
        (_, QuizState::Open(attempt), _) => (format!("/attempts/{attempt}"), "Carry on with the quiz".to_owned()),
        (_, QuizState::Passed(_), Some(first))
        | (None, QuizState::CoolingDown { .. } | QuizState::LockedOut { .. } | QuizState::AtWorkshop, Some(first)) => {
            let again = view! { <a class="button second" href=format!("/modules/{slug}/{first}")>"Read it again"</a> };
            return again.into_any();
        }
        (Some(next), ..) if begun => {
            let place = overview.pages.iter().position(|page| page.slug == *next).unwrap_or_default();
            (format!("/modules/{slug}/{next}"), format!("Carry on from page {}", place + 1))
        }
        (Some(next), ..) => (format!("/modules/{slug}/{next}"), "Start reading".to_owned()),
        (None, ..) => (format!("/modules/{slug}/quiz"), "Go to the quiz".to_owned()),
    };
    view! { <a class="button" href=address>{label}</a> }.into_any()
}

/// What a module takes, counts for and rests on, and who looks after it.
pub(super) fn about(module: &Module) -> impl IntoView + use<> {
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
            let here = overview.counts && overview.pass.is_none() && overview.next.as_ref() == Some(&page.slug);
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
        QuizState::Passed(pass) => (
            true,
            format!(
                "Passed, {}, on {}",
                marks(pass.how(), pass.earned, pass.possible, " marks"),
                day_of(pass.completed_at)
            ),
        ),
        QuizState::ModulesFirst { modules } => {
            let titles: Vec<String> = modules.iter().map(|first| format!("“{}”", first.title)).collect();
            (false, format!("It opens once you have passed {}", listed(&titles)))
        }
        QuizState::AtWorkshop => (false, "Whoever leads it says that you were there".to_owned()),
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
    let quiz = overview.counts.then(|| {
        step(
            overview.pages.len(),
            done,
            overview.next.is_none() && !done,
            format!("/modules/{}/quiz", module.slug),
            if module.has_quiz() { "Quiz" } else { "Workshop" }.into_any(),
            Some(note),
        )
    });
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
