use chrono::{DateTime, Utc};
use engine::{
    AttemptResult, Due, DueThing, Hold, MarkedChoice, MarkedPair, MarkedQuestion, MarkedText, QuizState,
    catalogue::Language,
};
use leptos::prelude::*;
use model::Status;

use crate::pages::{
    frame::{Frame, Rendered},
    parts::{
        Mark, certificate_link, clock, count, day_of, dir, duration, lang, lower_first, mark, module_mark, moment, row,
        status, wait, withdrawn_words, words_in,
    },
};

/// What came of an attempt: calmly, in words, with a way on at both ends. Of a topic that is sensitive, whoever has not passed is told where
/// help is: it may have been hard to answer for a reason. `after` is the first thing that can be done next.
pub fn result(
    frame: &Frame,
    result: &AttemptResult,
    is_sensitive: bool,
    after: Option<&Due>,
    now: DateTime<Utc>,
) -> Rendered {
    let heading = if result.passed { "You passed" } else { "You haven’t passed yet" };
    frame.page(&format!("{heading}: {}", result.title), || {
        let can_read = result.next.is_some();
        let let_go = result.questions.is_empty().then(|| {
            view! { <p>"What you answered has been let go of, because you had left. What came of it stays."</p> }
        });
        let asked = result.questions.iter().enumerate();
        let questions = asked.map(|(place, marked)| question(place, marked, result.language, can_read, "You"));
        view! {
            <div class="with-side">
                <div>
                    {outcome(result, heading, now)}
                    {(is_sensitive && !result.passed).then(help_is_there)}
                    {opened(result, after)}
                    <div class="actions" id="next">{go_on(result, after)}</div>
                    <h2>"Your answers"</h2>
                    {let_go}
                    <ol class="answers" role="list">{questions.collect_view()}</ol>
                    {at_the_end(result, after)}
                </div>
                <div class="side">
                    <h2>"This attempt"</h2>
                    <dl class="facts">
                        {row("Handed in", moment(result.submitted_at))}
                        {result.twin.map(|twin| row("In", twin.name().to_owned()))}
                        {result.refreshes.then(|| row("Asked", "What a refresher asks".to_owned()))}
                        {row("Marks", format!("{} of {}", result.earned, result.possible))}
                        {row("To pass", format!("{} of {} ({}%)", result.needed, result.possible, result.pass))}
                        {result.completion.as_ref().map(|pass| row("To keep or to show", certificate_link(pass.id, result.language, &result.title)))}
                    </dl>
                </div>
            </div>
        }
    })
}

fn help_is_there() -> impl IntoView {
    view! { <p>"Some of this can be close to home. " <a href="/help">"Get help"</a> " is there at any hour."</p> }
}

/// The way on again at the end of a long page: to the next thing, or back to what can be done now.
fn at_the_end(result: &AttemptResult, after: Option<&Due>) -> impl IntoView + use<> {
    let way = match after.filter(|_| result.passed) {
        Some(due) => {
            let (address, minutes) = next_thing(due);
            view! { <a class="button second" href=address>"Go on: " {words_in(due.language, &due.title)} {minutes}</a> }
                .into_any()
        }
        None => view! { <a class="standalone" href="#next">"What you can do next"</a> }.into_any(),
    };
    view! { <div class="actions">{way}</div> }
}

/// Where the next thing is, and how long it takes, in brackets.
fn next_thing(due: &Due) -> (String, String) {
    match &due.thing {
        DueThing::Module(slug, _) => (format!("/modules/{slug}"), format!(" ({})", duration(due.minutes_left))),
        DueThing::Agreement(slug, _) => (format!("/agreements/{slug}"), String::new()),
    }
}

/// Says that the gate has opened, when this pass was the last that it needed.
fn opened(result: &AttemptResult, after: Option<&Due>) -> impl IntoView + use<> {
    let opened = after.filter(|due| {
        let needs = due.requires.iter().any(|required| required.module == result.module);
        result.passed && needs && due.hold == Hold::Nothing && !due.renews
    });
    opened.map(|due| {
        view! {
            <p class="said">
                {mark(Mark::Sign)}
                " "
                <span>{format!("You have passed everything that the {} needs. You can sign it now.", lower_first(&due.title))}</span>
            </p>
        }
    })
}

fn outcome(result: &AttemptResult, heading: &str, now: DateTime<Utc>) -> impl IntoView + use<> {
    let score = format!("{} of {} marks.", result.earned, result.possible);
    let (class, sign, score, then) = if result.passed {
        let until = result.completion.as_ref().map(|pass| match pass.withdrawn {
            Some(withdrawn) => format!("It was {}. It no longer counts.", withdrawn_words(withdrawn)),
            None => format!("It counts until {}.", day_of(pass.expires_at)),
        });
        ("outcome passed", Status::Passed, format!("{score} You needed {}.", result.needed), until.unwrap_or_default())
    } else {
        (
            "outcome in-progress",
            Status::InProgress,
            format!("{score} You need {}.", result.needed),
            next_try(result, now),
        )
    };
    view! {
        <section class=class>
            {mark(Mark::Status(sign))}
            <div>
                <p class="kicker">{module_mark(result.module.as_str())} " " {words_in(result.language, &result.title)}</p>
                <h1>{heading.to_owned()}</h1>
                <p>{score}</p>
                <p>{then}</p>
            </div>
        </section>
    }
}

fn next_try(result: &AttemptResult, now: DateTime<Utc>) -> String {
    let last = "after the last one your tutor or manager helps you";
    let Some(next) = &result.next else {
        return "This module has been withdrawn since, so there is nothing more that you need to do here.".to_owned();
    };
    match next {
        QuizState::Ready { left } => {
            format!("You can try again now. You have {} left; {last}.", count(*left as usize, "attempt", "attempts"))
        }
        QuizState::CoolingDown { until, left } => format!(
            "You can try again at {}, {}. You have {} left; {last}.",
            clock(*until, now),
            wait(*until, now),
            count(*left as usize, "attempt", "attempts"),
        ),
        QuizState::LockedOut { .. } => {
            "That was the last attempt for now. Your tutor or manager has been asked to help you, and can give you more."
                .to_owned()
        }
        QuizState::ModulesFirst { .. } => "You can try again once you have passed what it builds on.".to_owned(),
        QuizState::PagesFirst { .. } => "You can try again once you have opened each page.".to_owned(),
        QuizState::AtWorkshop => "There is no quiz any more: you pass this module at a workshop.".to_owned(),
        QuizState::Open(_) => "You have begun another attempt since.".to_owned(),
        QuizState::Passed(_) => "You have passed since.".to_owned(),
    }
}

fn go_on(result: &AttemptResult, after: Option<&Due>) -> impl IntoView + use<> {
    let module = format!("/modules/{}", result.module);
    let Some(next) = &result.next else {
        return view! {
            <a class="button" href="/">"Go to your page"</a>
            " "
            <a class="standalone" href=format!("{module}/versions")>"See the module as it was"</a>
        }
        .into_any();
    };
    if result.passed {
        let next = match after {
            Some(due) => {
                let (address, minutes) = next_thing(due);
                view! { <a class="button" href=address>"Next: " {words_in(due.language, &due.title)} {minutes}</a> " " }
                    .into_any()
            }
            None => ().into_any(),
        };
        return view! {
            {next}
            <a class=after.map_or("button", |_| "standalone") href="/">"Go to your page"</a>
            " "
            <a class="standalone" href=module>"See the module again"</a>
        }
        .into_any();
    }
    let reread = result.questions.iter().find(|question| !question.right).map(|question| {
        let (address, title) = question.page.clone();
        view! { <a class="button" href=address>"Reread “" {words_in(result.language, &title)} "”"</a> " " }
    });
    let again = match next {
        QuizState::Ready { .. } if result.refreshes => {
            let href = format!("{module}/quiz/refresher");
            Some(view! { <a class="button second" href=href>"Try again"</a> }.into_any())
        }
        QuizState::Ready { .. } => Some(
            view! {
                <form method="post" action=format!("{module}/quiz")>
                    <button class="second">"Try again"</button>
                </form>
            }
            .into_any(),
        ),
        QuizState::ModulesFirst { .. }
        | QuizState::PagesFirst { .. }
        | QuizState::CoolingDown { .. }
        | QuizState::LockedOut { .. }
        | QuizState::AtWorkshop => None,
        QuizState::Open(_) | QuizState::Passed(_) => {
            Some(view! { <a class="button second" href=format!("{module}/quiz")>"Go to the quiz"</a> }.into_any())
        }
    };
    view! {
        {reread}
        {again}
        " "
        <a class="standalone" href=module>"See all the pages"</a>
    }
    .into_any()
}

/// What is said of an answer that is not right: no blame, and nothing that looks like a button.
fn not_yet() -> impl IntoView {
    view! { <span class="status due-soon">{mark(Mark::Status(Status::NotStarted))} " Not right yet"</span> }
}

/// A question with what was answered. `who` answered it: "You" or "They".
pub(super) fn question(
    place: usize,
    marked: &MarkedQuestion,
    language: Language,
    can_read: bool,
    who: &'static str,
) -> impl IntoView + use<> {
    let (state, look) = if marked.right {
        (status(Status::Passed, Some("Right")).into_any(), "See")
    } else {
        (not_yet().into_any(), "Reread")
    };
    let chosen: Vec<_> = marked
        .choices
        .iter()
        .filter(|choice| choice.chosen)
        .map(|choice| chosen(choice, marked.right, language, who))
        .collect();
    let pairs = pairs(&marked.pairs, language, who);
    let text = marked.text.as_ref().map(|marked| text(marked, language, who));
    let asked_to_choose = marked.pairs.is_empty() && marked.text.is_none();
    let nothing = (asked_to_choose && chosen.is_empty())
        .then(|| view! { <div class="chosen"><p class="whose">{who} " gave no answer"</p></div> });
    let why = marked
        .why
        .as_ref()
        .map(|why| view! { <div class="why" lang=lang(language) dir=dir(language) inner_html=why.clone()></div> });
    let page = can_read.then(|| {
        let (address, title) = marked.page.clone();
        view! { <p><a class="standalone" href=address>{look} " “" {words_in(language, &title)} "”"</a></p> }
    });
    view! {
        <li>
            <h3>{format!("{}. ", place + 1)} <span lang=lang(language) dir=dir(language) inner_html=marked.stem.clone()></span></h3>
            <p>{state}</p>
            {chosen}
            {pairs}
            {text}
            {nothing}
            {why}
            {page}
        </li>
    }
}

/// What was chosen. Where the whole answer is right, that is said once and above.
fn chosen(choice: &MarkedChoice, all_right: bool, language: Language, who: &'static str) -> impl IntoView + use<> {
    let said = match choice.right {
        Some(true) if !all_right => format!("{who} chose, rightly"),
        _ => format!("{who} chose"),
    };
    let feedback = (!choice.feedback.is_empty())
        .then(|| view! { <div lang=lang(language) dir=dir(language) inner_html=choice.feedback.clone()></div> });
    view! {
        <div class="chosen">
            <p class="whose">{said}</p>
            <p><strong lang=lang(language) dir=dir(language) inner_html=choice.html.clone()></strong></p>
            {feedback}
        </div>
    }
}

fn pairs(pairs: &[MarkedPair], language: Language, who: &'static str) -> impl IntoView + use<> {
    let rows = pairs
        .iter()
        .map(|pair| {
            let sign = pair.right.map(|right| {
                if right {
                    status(Status::Passed, Some("Right")).into_any()
                } else {
                    not_yet().into_any()
                }
            });
            let given = match &pair.given {
                Some(given) => view! { <td lang=lang(language) dir=dir(language) inner_html=given.clone()></td> }.into_any(),
                None => view! { <td>"No answer"</td> }.into_any(),
            };
            let answer = pair.answer.as_ref().filter(|_| pair.right == Some(false)).map(|answer| {
                view! { <p class="note">"It belongs to: " <span lang=lang(language) dir=dir(language) inner_html=answer.clone()></span></p> }
            });
            view! {
                <tr>
                    <th scope="row" lang=lang(language) dir=dir(language) inner_html=pair.row.clone()></th>
                    {given}
                    {sign.map(|sign| view! { <td>{sign} {answer}</td> })}
                </tr>
            }
        })
        .collect_view();
    let result = pairs.iter().any(|pair| pair.right.is_some()).then(|| view! { <th scope="col">"Result"</th> });
    (!pairs.is_empty()).then(|| {
        view! {
            <div class="chosen table" tabindex="0" role="group" aria-label="Answers, row by row">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">"Row"</th>
                            <th scope="col">{who} " chose"</th>
                            {result}
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
    })
}

fn text(text: &MarkedText, language: Language, who: &'static str) -> impl IntoView + use<> {
    let given = if text.given.is_empty() {
        view! { <p class="whose">{who} " gave no answer"</p> }.into_any()
    } else {
        view! {
            <p class="whose">{who} " wrote"</p>
            <p><strong>{text.given.clone()}</strong></p>
        }
        .into_any()
    };
    let answer = text.answer.as_ref().map(|answer| view! { <p>"Right: " {words_in(language, answer)}</p> });
    view! { <div class="chosen">{given} {answer}</div> }
}
