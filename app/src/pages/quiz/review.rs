use engine::Sitting;
use leptos::prelude::*;
use model::Status;

use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Mark, count, dir, lang, mark, status},
};

/// What stands before handing in: every question, answered or not.
pub fn review(frame: &Frame, sitting: &Sitting) -> Rendered {
    let paper = &sitting.paper;
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
                            <p>
                                <a href=address(sitting, place)>
                                    {format!("{}. ", place + 1)}
                                    <span
                                        lang=lang(sitting.language)
                                        dir=dir(sitting.language)
                                        inner_html=question.stem.clone()
                                    ></span>
                                </a>
                            </p>
                        </div>
                        {state}
                    </li>
                }
            })
            .collect_view();
        view! {
            <div class="column">
                <p class="crumb"><a href=address(sitting, number.saturating_sub(1))>"Back to the questions"</a></p>
                <h1>"Review your answers"</h1>
                <p class="lead">
                    {format!(
                        "You have answered {answered} of {number}. All of it is saved. You can change any answer before you hand in.",
                    )}
                </p>
                {unanswered(sitting)}
                <ul class="rows" role="list">{rows}</ul>
                <form class="actions" method="post" action=format!("{}/submit", paper.address)>
                    <button>"Hand in my answers"</button>
                </form>
            </div>
        }
    })
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
                <p>{links} "You can hand in as it is; an empty answer counts as not right."</p>
            </div>
        }
    })
}
