use chrono::{DateTime, Utc};
use engine::{AttemptResult, Due, DueThing, Hold, MarkedChoice, MarkedPair, MarkedQuestion, MarkedText, QuizState};
use leptos::prelude::*;
use model::Status;

use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Mark, clock, count, day_of, duration, lower_first, mark, moment, row, status, wait},
};

/// What came of an attempt: calmly, in words, with a way on at both ends. `after` is the first thing that can be done next.
pub fn result(frame: &Frame, result: &AttemptResult, after: Option<&Due>, now: DateTime<Utc>) -> Rendered {
    let heading = if result.passed { "You passed" } else { "You haven’t passed yet" };
    frame.page(&format!("{heading}: {}", result.title), || {
        let questions = result.questions.iter().enumerate().map(|(place, marked)| question(place, marked));
        view! {
            <div class="with-side">
                <div>
                    {outcome(result, heading, now)}
                    {opened(result, after)}
                    <div class="actions" id="next">{go_on(result, after)}</div>
                    <h2>"Your answers"</h2>
                    <ol class="answers" role="list">{questions.collect_view()}</ol>
                    {at_the_end(result, after)}
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

/// The way on again at the end of a long page: to the next thing, or back to what can be done now.
fn at_the_end(result: &AttemptResult, after: Option<&Due>) -> impl IntoView + use<> {
    let way = match after.filter(|_| result.passed) {
        Some(due) => {
            let (address, minutes) = next_thing(due);
            view! { <a class="button second" href=address>"Go on: " {due.title.clone()} {minutes}</a> }.into_any()
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
    view! {
        <section class=class>
            {mark(Mark::Status(sign))}
            <div>
                <p class="kicker">{result.title.clone()}</p>
                <h1>{heading.to_owned()}</h1>
                <p>{score}</p>
                <p>{then}</p>
            </div>
        </section>
    }
}

fn next_try(result: &AttemptResult, now: DateTime<Utc>) -> String {
    let last = "after the last one your tutor or manager helps you";
    match &result.next {
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
        QuizState::Open(_) => "You have begun another attempt since.".to_owned(),
        QuizState::Passed(_) => "You have passed since.".to_owned(),
    }
}

fn go_on(result: &AttemptResult, after: Option<&Due>) -> impl IntoView + use<> {
    let module = format!("/modules/{}", result.module);
    if result.passed {
        let next = match after {
            Some(due) => {
                let (address, minutes) = next_thing(due);
                view! { <a class="button" href=address>{format!("Next: {}{minutes}", due.title)}</a> " " }.into_any()
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
        view! { <a class="button" href=address>{format!("Reread “{title}”")}</a> " " }
    });
    let again = match &result.next {
        QuizState::Ready { .. } => Some(
            view! {
                <form method="post" action=format!("{module}/quiz")>
                    <button class="second">"Try again"</button>
                </form>
            }
            .into_any(),
        ),
        QuizState::CoolingDown { .. } | QuizState::LockedOut { .. } => None,
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

fn question(place: usize, marked: &MarkedQuestion) -> impl IntoView + use<> {
    let (state, look) = if marked.right {
        (status(Status::Passed, Some("Right")).into_any(), "See")
    } else {
        (view! { <span class="status due-soon">{mark(Mark::Again)} " Look again"</span> }.into_any(), "Reread")
    };
    let chosen: Vec<_> = marked.choices.iter().filter(|choice| choice.chosen).map(chosen).collect();
    let pairs = pairs(&marked.pairs);
    let text = marked.text.as_ref().map(text);
    let asked_to_choose = marked.pairs.is_empty() && marked.text.is_none();
    let nothing = (asked_to_choose && chosen.is_empty())
        .then(|| view! { <div class="chosen"><p class="said">"You gave no answer"</p></div> });
    let why = marked.why.as_ref().map(|why| view! { <div class="why" inner_html=why.clone()></div> });
    let (address, title) = marked.page.clone();
    view! {
        <li>
            <h3>{format!("{}. ", place + 1)} <span inner_html=marked.stem.clone()></span></h3>
            <p>{state}</p>
            {chosen}
            {pairs}
            {text}
            {nothing}
            {why}
            <p><a class="standalone" href=address>{format!("{look} “{title}”")}</a></p>
        </li>
    }
}

fn chosen(choice: &MarkedChoice) -> impl IntoView + use<> {
    let said = match choice.right {
        Some(true) => "You chose, rightly",
        _ => "You chose",
    };
    let feedback = (!choice.feedback.is_empty()).then(|| view! { <div inner_html=choice.feedback.clone()></div> });
    view! {
        <div class="chosen">
            <p class="said">{said}</p>
            <p><strong inner_html=choice.html.clone()></strong></p>
            {feedback}
        </div>
    }
}

fn pairs(pairs: &[MarkedPair]) -> impl IntoView + use<> {
    let rows = pairs
        .iter()
        .map(|pair| {
            let sign = if pair.right {
                status(Status::Passed, Some("Right")).into_any()
            } else {
                view! { <span class="status due-soon">{mark(Mark::Again)} " Look again"</span> }.into_any()
            };
            let given = match &pair.given {
                Some(given) => view! { <td inner_html=given.clone()></td> }.into_any(),
                None => view! { <td>"No answer"</td> }.into_any(),
            };
            let answer = pair.answer.as_ref().filter(|_| !pair.right).map(|answer| {
                view! { <p class="note">"It belongs to: " <span inner_html=answer.clone()></span></p> }
            });
            view! {
                <tr>
                    <th scope="row" inner_html=pair.row.clone()></th>
                    {given}
                    <td>{sign} {answer}</td>
                </tr>
            }
        })
        .collect_view();
    (!pairs.is_empty()).then(|| {
        view! {
            <div class="chosen table" tabindex="0" role="group" aria-label="Your answers, row by row">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">"Row"</th>
                            <th scope="col">"You chose"</th>
                            <th scope="col">"Result"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
    })
}

fn text(text: &MarkedText) -> impl IntoView + use<> {
    let given = if text.given.is_empty() {
        view! { <p class="said">"You gave no answer"</p> }.into_any()
    } else {
        view! {
            <p class="said">"You wrote"</p>
            <p><strong>{text.given.clone()}</strong></p>
        }
        .into_any()
    };
    let answer = text.answer.as_ref().map(|answer| view! { <p>"Right: " {answer.clone()}</p> });
    view! { <div class="chosen">{given} {answer}</div> }
}
