use engine::catalogue::{Choice, Module, Pair, Question, QuestionForm, Quiz, Wording};
use leptos::prelude::*;
use model::Status;

use super::note::{Note, note};
use crate::pages::{
    frame::{Frame, Rendered},
    parts::{count, row, status},
};

/// One question of a quiz as the author wrote it.
#[derive(Clone, Debug)]
pub struct PreviewQuestion {
    /// The question, or its text in the file when it has errors that leave no question.
    pub question: Result<Question, String>,
    /// Its problems.
    pub notes: Vec<Note>,
}

/// A quiz with everything that nobody else gets to see: all questions in all wordings, what is right, and why.
pub fn quiz(frame: &Frame, module: &Module, asked: &[PreviewQuestion]) -> Rendered {
    frame.page(&format!("Quiz: {}", module.title), || {
        let questions = asked.iter().enumerate().map(|(place, asked)| question(module, place, asked)).collect_view();
        view! {
            <div class="with-side">
                <div>
                    <p class="crumb"><a href=format!("/modules/{}", module.slug)>{module.title.clone()}</a></p>
                    <h1>{format!("Quiz: {}", module.title)}</h1>
                    <p class="lead">"Every question with its answers. Only this preview shows them."</p>
                    <ol class="answers" role="list">{questions}</ol>
                </div>
                <div class="side">
                    <h2>"This quiz"</h2>
                    {about(&module.quiz)}
                </div>
            </div>
        }
    })
}

fn about(quiz: &Quiz) -> impl IntoView + use<> {
    let pools = quiz.pools.iter().map(|(name, draw)| format!("{draw} from {name}")).collect::<Vec<_>>();
    let pools = (!pools.is_empty()).then(|| row("Pools", pools.join(", ")));
    view! {
        <dl class="facts">
            {row("Questions", quiz.questions.len().to_string())}
            {(!quiz.on_pages.is_empty()).then(|| row("On pages", quiz.on_pages.len().to_string()))}
            {row("Asked at a time", quiz.draw.to_string())}
            {pools}
            {row("To pass", format!("{}% right", quiz.pass))}
            {row("Attempts", quiz.attempts.to_string())}
            {row("Pause after an attempt", count(usize::try_from(quiz.cooldown.num_minutes()).unwrap_or_default(), "minute", "minutes"))}
        </dl>
    }
}

fn question(module: &Module, place: usize, asked: &PreviewQuestion) -> impl IntoView + use<> {
    let notes = asked.notes.iter().map(note).collect_view();
    let number = format!("{}. ", place + 1);
    let Ok(question) = &asked.question else {
        let source = asked.question.as_ref().err().cloned().unwrap_or_default();
        let heading = if asked.notes.is_empty() { "Not read yet" } else { "A question with an error" };
        return view! {
            <li>
                <h2>{number} {heading}</h2>
                {notes}
                <pre tabindex="0" role="group" aria-label="The question in its file"><code>{source}</code></pre>
            </li>
        }
        .into_any();
    };
    let on_page = module.quiz.on_pages.iter().any(|other| other.id == question.id);
    let many = question.wordings.len() > 1;
    let title = question.wordings.first().map(|wording| wording.stem.clone()).unwrap_or_default();
    let lang = module.language.tag();
    let wordings = question
        .wordings
        .iter()
        .enumerate()
        .map(|(place, wording)| {
            let heading = (place > 0).then(|| {
                let stem = wording.stem.clone();
                view! { <h3>{format!("Variant {place}: ")} <span lang=lang.to_owned() inner_html=stem></span></h3> }
            });
            view! { {heading} {answers(wording, lang)} }
        })
        .collect_view();
    let variants = many.then(|| format!(" · {}", count(question.wordings.len() - 1, "variant", "variants")));
    let page = module.page(&question.page).map_or_else(|| question.page.to_string(), |(_, page)| page.title.clone());
    view! {
        <li id=question.id.to_string()>
            <h2>{number} <span lang=lang.to_owned() inner_html=title></span></h2>
            <p class="meta">
                <code>{question.id.to_string()}</code>
                <span>{settings(question, on_page)} {variants}</span>
                <a class="standalone" href=format!("/modules/{}/{}", module.slug, question.page)>{page}</a>
            </p>
            {notes}
            {wordings}
        </li>
    }
    .into_any()
}

fn settings(question: &Question, on_page: bool) -> String {
    let form = match question.wordings.first().map(|wording| &wording.form) {
        Some(QuestionForm::One(_)) | None => "One answer",
        Some(QuestionForm::Several(_)) => "Several answers",
        Some(QuestionForm::TrueFalse(_)) => "True or false",
        Some(QuestionForm::Order(_)) => "Put in order",
        Some(QuestionForm::Match(_)) => "Match pairs",
        Some(QuestionForm::Text(_)) => "Short text",
    };
    let mut words = if on_page {
        format!("{form} · on its page, in no attempt")
    } else {
        format!("{form} · weight {}", question.weight)
    };
    if let Some(pool) = &question.pool {
        words.push_str(" · pool ");
        words.push_str(pool);
    }
    if question.partial {
        words.push_str(" · marked in part");
    }
    if question.fixed_order {
        words.push_str(" · fixed order");
    }
    words
}

fn answers(wording: &Wording, lang: &str) -> impl IntoView + use<> {
    let lang = lang.to_owned();
    let body =
        (!wording.body.is_empty()).then(|| view! { <div lang=lang.clone() inner_html=wording.body.clone()></div> });
    let form = match &wording.form {
        QuestionForm::One(choices) | QuestionForm::Several(choices) | QuestionForm::TrueFalse(choices) => {
            choices.iter().map(|each| choice(each, &lang)).collect_view().into_any()
        }
        QuestionForm::Order(items) => {
            let items = items.iter().map(|item| view! { <li inner_html=item.clone()></li> }).collect_view();
            view! { <div class="chosen"><p class="said">"The right order"</p><ol lang=lang.clone()>{items}</ol></div> }
                .into_any()
        }
        QuestionForm::Match(rows) => pairs(rows, &lang).into_any(),
        QuestionForm::Text(texts) => {
            let texts = texts.iter().map(|text| view! { <li>{text.clone()}</li> }).collect_view();
            view! { <div class="chosen"><p class="said">"Right is any of"</p><ul lang=lang.clone()>{texts}</ul></div> }
                .into_any()
        }
    };
    let why =
        (!wording.why.is_empty()).then(|| view! { <div class="why" lang=lang inner_html=wording.why.clone()></div> });
    view! { {body} {form} {why} }
}

fn choice(choice: &Choice, lang: &str) -> impl IntoView + use<> {
    let lang = lang.to_owned();
    let sign = if choice.right {
        status(Status::Passed, Some("Right")).into_any()
    } else {
        status(Status::NotRequired, Some("Not right")).into_any()
    };
    let feedback = (!choice.feedback.is_empty())
        .then(|| view! { <div lang=lang.clone() inner_html=choice.feedback.clone()></div> });
    let misconception = choice
        .misconception
        .as_ref()
        .map(|tag| view! { <p class="said">"Misconception: " <code>{tag.clone()}</code></p> });
    view! {
        <div class="chosen">
            <p>{sign}</p>
            <p><strong lang=lang inner_html=choice.html.clone()></strong></p>
            {feedback}
            {misconception}
        </div>
    }
}

fn pairs(pairs: &[Pair], lang: &str) -> impl IntoView + use<> {
    let lang = lang.to_owned();
    let rows = pairs
        .iter()
        .map(|pair| {
            view! {
                <tr>
                    <th scope="row" inner_html=pair.left.clone()></th>
                    <td inner_html=pair.right.clone()></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="chosen table" tabindex="0" role="group" aria-label="The pairs">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Given"</th>
                        <th scope="col">"Belongs to it"</th>
                    </tr>
                </thead>
                <tbody lang=lang>{rows}</tbody>
            </table>
        </div>
    }
}
