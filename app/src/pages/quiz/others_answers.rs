use engine::OthersAnswers;
use leptos::prelude::*;
use model::Status;

use super::result::question;
use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Mark, mark, moment, row, status, words_in},
};

/// What somebody answered in an attempt, for whoever teaches them.
pub fn others_answers(frame: &Frame, answers: &OthersAnswers) -> Rendered {
    let OthersAnswers { person, name, result } = answers;
    let name = if name.is_empty() { "Name erased".to_owned() } else { name.clone() };
    let came =
        if result.passed { status(Status::Passed, None) } else { status(Status::InProgress, Some("Not passed yet")) };
    let can_read = result.next.is_some();
    let asked = result.questions.iter().enumerate();
    let questions = asked.map(|(place, marked)| question(place, marked, result.language, can_read, "They"));
    frame.page(&format!("Answers of {name}"), || {
        view! {
            <p class="crumb no-print"><a href=format!("/people/{person}") dir="auto">{name.clone()}</a></p>
            <h1>"Answers of " <span dir="auto">{name.clone()}</span></h1>
            <dl class="facts">
                {row("Module", words_in(result.language, &result.title))}
                {row("Handed in", moment(result.submitted_at))}
                {row("Marks", format!("{} of {}, {} to pass", result.earned, result.possible, result.needed))}
                {row("Result", came)}
            </dl>
            <div class="callout callout-note" role="note">
                <p class="callout-word">{mark(Mark::Warning)} " That you opened these answers is noted"</p>
                <p>"They see that somebody did. Use them to help, and do not pass them on."</p>
            </div>
            <h2>"Question by question"</h2>
            <ol class="answers" role="list">{questions.collect_view()}</ol>
        }
    })
}
