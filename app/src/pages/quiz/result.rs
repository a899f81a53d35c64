use chrono::{DateTime, Utc};
use engine::{AttemptResult, MarkedChoice, MarkedPair, MarkedQuestion, MarkedText, QuizState, catalogue::Language};
use leptos::prelude::*;
use model::Status;

use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Mark, clock, count, day_of, dir, lang, mark, moment, row, status, wait, words_in},
};

/// What came of an attempt: calmly, in words, with a way on.
pub fn result(frame: &Frame, result: &AttemptResult, now: DateTime<Utc>) -> Rendered {
    let title =
        if result.passed { format!("You passed {}", result.title) } else { "You haven’t passed yet".to_owned() };
    frame.page(&title, || {
        let can_read = result.next.is_some();
        let asked = result.questions.iter().enumerate();
        let questions = asked.map(|(place, marked)| question(place, marked, result.language, can_read));
        view! {
            <div class="with-side">
                <div>
                    {outcome(result, now)}
                    <div class="actions">{go_on(result)}</div>
                    <h2>"Your answers"</h2>
                    <ol class="answers" role="list">{questions.collect_view()}</ol>
                </div>
                <div class="side">
                    <h2>"This attempt"</h2>
                    <dl class="facts">
                        {row("Handed in", moment(result.submitted_at))}
                        {row("Marks", format!("{} of {}", result.earned, result.possible))}
                        {row("To pass", format!("{} of {} ({}%)", result.needed, result.possible, result.pass))}
                    </dl>
                </div>
            </div>
        }
    })
}

fn outcome(result: &AttemptResult, now: DateTime<Utc>) -> impl IntoView + use<> {
    let score = format!("{} of {} marks.", result.earned, result.possible);
    let (class, sign, score, then) = if result.passed {
        let until = result.completion.as_ref().map(|pass| format!("It counts until {}.", day_of(pass.expires_at)));
        ("outcome passed", Status::Passed, format!("{score} You needed {}.", result.needed), until.unwrap_or_default())
    } else {
        (
            "outcome in-progress",
            Status::InProgress,
            format!("{score} You need {}.", result.needed),
            next_try(result, now),
        )
    };
    let title = if result.passed {
        view! { "You passed " {words_in(result.language, &result.title)} }.into_any()
    } else {
        "You haven’t passed yet".into_any()
    };
    view! {
        <section class=class>
            {mark(Mark::Status(sign))}
            <div>
                <h1>{title}</h1>
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
        QuizState::PagesFirst { .. } => "You can try again once you have opened each page.".to_owned(),
        QuizState::Open(_) => "You have begun another attempt since.".to_owned(),
        QuizState::Passed(_) => "You have passed since.".to_owned(),
    }
}

fn go_on(result: &AttemptResult) -> impl IntoView + use<> {
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
        return view! {
            <a class="button" href="/">"Go to your page"</a>
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
        QuizState::Ready { .. } => Some(
            view! {
                <form method="post" action=format!("{module}/quiz")>
                    <button class="second">"Try again"</button>
                </form>
            }
            .into_any(),
        ),
        QuizState::PagesFirst { .. } | QuizState::CoolingDown { .. } | QuizState::LockedOut { .. } => None,
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

fn question(place: usize, marked: &MarkedQuestion, language: Language, can_read: bool) -> impl IntoView + use<> {
    let (state, look) = if marked.right {
        (status(Status::Passed, Some("Right")).into_any(), "See")
    } else {
        (view! { <span class="status due-soon">{mark(Mark::Again)} " Look again"</span> }.into_any(), "Reread")
    };
    let chosen: Vec<_> =
        marked.choices.iter().filter(|choice| choice.chosen).map(|choice| chosen(choice, language)).collect();
    let pairs = pairs(&marked.pairs, language);
    let text = marked.text.as_ref().map(|marked| text(marked, language));
    let asked_to_choose = marked.pairs.is_empty() && marked.text.is_none();
    let nothing = (asked_to_choose && chosen.is_empty())
        .then(|| view! { <div class="chosen"><p class="said">"You gave no answer"</p></div> });
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

fn chosen(choice: &MarkedChoice, language: Language) -> impl IntoView + use<> {
    let said = match choice.right {
        Some(true) => "You chose, rightly",
        _ => "You chose",
    };
    let feedback = (!choice.feedback.is_empty())
        .then(|| view! { <div lang=lang(language) dir=dir(language) inner_html=choice.feedback.clone()></div> });
    view! {
        <div class="chosen">
            <p class="said">{said}</p>
            <p><strong lang=lang(language) dir=dir(language) inner_html=choice.html.clone()></strong></p>
            {feedback}
        </div>
    }
}

fn pairs(pairs: &[MarkedPair], language: Language) -> impl IntoView + use<> {
    let rows = pairs
        .iter()
        .map(|pair| {
            let sign = pair.right.map(|right| {
                if right {
                    status(Status::Passed, Some("Right")).into_any()
                } else {
                    view! { <span class="status due-soon">{mark(Mark::Again)} " Look again"</span> }.into_any()
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
            <div class="chosen table" tabindex="0" role="group" aria-label="Your answers, row by row">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">"Row"</th>
                            <th scope="col">"You chose"</th>
                            {result}
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
    })
}

fn text(text: &MarkedText, language: Language) -> impl IntoView + use<> {
    let given = if text.given.is_empty() {
        view! { <p class="said">"You gave no answer"</p> }.into_any()
    } else {
        view! {
            <p class="said">"You wrote"</p>
            <p><strong>{text.given.clone()}</strong></p>
        }
        .into_any()
    };
    let answer = text.answer.as_ref().map(|answer| view! { <p>"Right: " {words_in(language, answer)}</p> });
    view! { <div class="chosen">{given} {answer}</div> }
}
