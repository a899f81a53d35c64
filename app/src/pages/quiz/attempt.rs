use engine::Sitting;
use leptos::{prelude::*, tachys::html::InertElement};
use model::ModuleSlug;

use super::question::question_html;
use crate::{
    islands::{Quiz, QuizQuestion},
    pages::{
        frame::{Frame, Rendered},
        parts::{dir, lang, switch, unreviewed, words_in},
    },
};

/// An open attempt, with the question at `place` (counted from 0) on the screen.
pub fn attempt(frame: &Frame, sitting: &Sitting, place: u32) -> Rendered {
    let title = sitting.title.clone();
    let address = sitting.paper.address.clone();
    let frame = frame.counting_for(sitting.counts_time.then_some(&sitting.module));
    frame.page_with_islands(&format!("Question {}, {title}", place + 1), || {
        let questions = sitting.paper.questions.iter().map(|asked| QuizQuestion {
            asks: asked.asks,
            rows: u32::try_from(asked.rows.len()).unwrap_or(u32::MAX),
            given: asked.given.clone(),
        });
        let questions: Vec<QuizQuestion> = questions.collect();
        let key = sitting.device_key.to_string();
        let pages = format!("/modules/{}", sitting.module);
        let (lang, dir) = (lang(sitting.language), dir(sitting.language).map(str::to_owned));
        let back = format!("/attempts/{}?question={}", sitting.id, place + 1);
        let asked = &sitting.paper.questions;
        let drawn: Vec<String> = asked.iter().map(|asked| question_html(asked, sitting.language)).collect();
        let mut html = drawn.get(place as usize).cloned().unwrap_or_default();
        for drawn in &drawn {
            html.push_str("<template>");
            html.push_str(drawn);
            html.push_str("</template>");
        }
        view! {
            {switch(&sitting.words, back)}
            {sitting.refreshes.then(|| is_refresher(&sitting.module))}
            {unreviewed(&sitting.words)}
            <Quiz address key questions title pages lang dir first=place>
                {InertElement::new(html)}
            </Quiz>
        }
    })
}

fn is_refresher(module: &ModuleSlug) -> impl IntoView + use<> {
    view! {
        <p class="hint">
            "This is a refresher: it asks about what has changed, and what you got wrong last time. "
            <a href=format!("/modules/{module}/quiz")>"Or take the whole quiz"</a>
        </p>
    }
}

/// A refresher that can no longer be handed in, because what it was to refresh no longer counts.
pub fn refresher_over(frame: &Frame, sitting: &Sitting) -> Rendered {
    frame.page("This refresher is over", || {
        view! {
            <div class="column">
                <h1>"This refresher is over"</h1>
                <p class="lead">
                    "Your earlier pass in “" {words_in(sitting.language, &sitting.title)} "” no longer counts, so there is nothing left to refresh."
                </p>
                <p>
                    "Please take the whole quiz. What you have answered is kept where it asks the same, and this does not count against you."
                </p>
                <form class="actions" method="post" action=format!("/attempts/{}/whole", sitting.id)>
                    <button>"Go on with the whole quiz"</button>
                    " "
                    <a class="standalone" href=format!("/modules/{}", sitting.module)>"See all the pages"</a>
                </form>
            </div>
        }
    })
}

/// An attempt whose module has been withdrawn.
pub fn withdrawn(frame: &Frame, sitting: &Sitting) -> Rendered {
    frame.page("This module has been withdrawn", || {
        view! {
            <div class="column">
                <h1>"This module has been withdrawn"</h1>
                <p class="lead">{"“"} {words_in(sitting.language, &sitting.title)} {"” was taken away while you were answering."}</p>
                <p>"Nobody asks you for it any more. Your answers are kept, and this attempt does not count against you."</p>
                <p class="actions"><a class="button" href="/">"Go to your page"</a></p>
            </div>
        }
    })
}

/// An attempt whose module has been replaced by an edition that must be taken anew.
pub fn superseded(frame: &Frame, sitting: &Sitting) -> Rendered {
    frame.page("This module has changed", || {
        view! {
            <div class="column">
                <h1>"This module has changed"</h1>
                <p class="lead">
                    {"“"} {words_in(sitting.language, &sitting.title)} {"” was replaced by a new edition while you were answering."}
                </p>
                <p>
                    "Your answers to the old questions are kept, and this attempt does not count against you. Please read what
                    is new, then start the new quiz."
                </p>
                <p class="actions">
                    <a class="button" href=format!("/modules/{}", sitting.module)>"Go to the new edition"</a>
                </p>
            </div>
        }
    })
}
