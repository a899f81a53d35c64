use engine::Sitting;
use leptos::prelude::*;
use model::{Asks, Letter, PaperQuestion, Status};

use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Mark, count, dir, lang, mark, status, switch, unreviewed},
};

/// What stands before handing in: every question, answered or not.
pub fn review(frame: &Frame, sitting: &Sitting) -> Rendered {
    let paper = &sitting.paper;
    let frame = frame.counting_for(sitting.counts_time.then_some(&sitting.module));
    frame.page(&format!("Review your answers, {}", sitting.title), || {
        let number = paper.questions.len();
        let answered = paper.questions.iter().filter(|question| question.is_answered()).count();
        let rows = paper
            .questions
            .iter()
            .enumerate()
            .map(|(place, question)| {
                let state = if question.is_answered() {
                    status(Status::Passed, Some("Answered"))
                } else {
                    status(Status::NotStarted, Some("Not answered"))
                };
                view! {
                    <li>
                        <div>
                            <h2>
                                {format!("{}. ", place + 1)}
                                <span
                                    lang=lang(sitting.language)
                                    dir=dir(sitting.language)
                                    inner_html=question.stem.clone()
                                ></span>
                            </h2>
                            {given(question)}
                        </div>
                        {state}
                        <a class="standalone" href=address(sitting, place)>
                            {if question.is_answered() { "Change" } else { "Answer" }}
                            <span class="hidden">{format!(" question {}", place + 1)}</span>
                        </a>
                    </li>
                }
            })
            .collect_view();
        view! {
            <div class="column">
                <p class="crumb"><a href=address(sitting, number.saturating_sub(1))>"Back to the questions"</a></p>
                {switch(&sitting.words, format!("{}/review", paper.address))}
                {unreviewed(&sitting.words)}
                <h1>"Review your answers"</h1>
                <p class="lead">{answered_words(answered, number)}</p>
                {unanswered(sitting)}
                <ul class="rows" role="list">{rows}</ul>
                <form class="actions" method="post" action=format!("{}/submit", paper.address)>
                    {sitting.counts_time.then(|| view! { <input type="hidden" name="seconds" value=""/> })}
                    <button>"Hand in my answers"</button>
                </form>
            </div>
        }
    })
}

fn answered_words(answered: usize, of: usize) -> String {
    if answered == 0 {
        return "You have answered nothing yet. You can answer any question before you hand in.".to_owned();
    }
    format!("You have answered {answered} of {of}. All of it is saved. You can change any answer before you hand in.")
}

/// What was given to a question, in its own words.
fn given(question: &PaperQuestion) -> impl IntoView + use<> {
    let said = |letter: Letter| {
        question
            .choices
            .iter()
            .find(|choice| choice.letter == letter)
            .map(|choice| choice.html.clone())
            .unwrap_or_default()
    };
    let given = &question.given;
    let mut lines: Vec<String> = given.chosen.iter().map(|letter| said(*letter)).collect();
    for row in &question.rows {
        if let Some(put) = given.option_for(row.letter) {
            let put = said(put);
            lines.push(match question.asks {
                Asks::Order => format!("{put}. {}", row.html),
                _ => format!("{}: <strong>{put}</strong>", row.html),
            });
        }
    }
    if question.asks == Asks::Order {
        lines.sort();
    }
    let html = lines.into_iter().map(|line| view! { <li inner_html=line></li> }).collect_view();
    let text = (!given.text.trim().is_empty()).then(|| view! { <li>{given.text.clone()}</li> });
    let twice = given.place_used_twice().filter(|_| question.asks == Asks::Order);
    let twice = twice
        .map(|_| view! { <p class="twice">"Two of them have the same place. Give each one a place of its own."</p> });
    view! { <ul class="given" role="list">{html} {text}</ul> {twice} }
}

fn address(sitting: &Sitting, place: usize) -> String {
    format!("{}?question={}", sitting.paper.address, place + 1)
}

fn unanswered(sitting: &Sitting) -> impl IntoView + use<> {
    let missing: Vec<usize> = sitting
        .paper
        .questions
        .iter()
        .enumerate()
        .filter(|(_, question)| !question.is_answered())
        .map(|(place, _)| place)
        .collect();
    let links = missing
        .iter()
        .map(|place| {
            view! { <a class="standalone" href=address(sitting, *place)>{format!("Question {}", place + 1)}</a> " " }
        })
        .collect_view();
    (!missing.is_empty()).then(|| {
        view! {
            <div class="callout callout-warning" role="note">
                <p class="callout-word">
                    {mark(Mark::Warning)} " " {count(missing.len(), "question has", "questions have")} " no answer yet"
                </p>
                <p>{links}</p>
                <p>"You can hand in as it is; an empty answer counts as not right."</p>
            </div>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::answered_words;

    #[test]
    fn of_no_answer_it_is_not_said_that_it_is_saved() {
        assert!(!answered_words(0, 8).contains("saved"));
        assert!(answered_words(1, 8).starts_with("You have answered 1 of 8. All of it is saved."));
    }
}
