use engine::catalogue::Language;
use leptos::prelude::*;
use model::{Asks, Given, Letter, PaperChoice, PaperQuestion};

use crate::{
    drawing::small,
    pages::parts::{dir, lang},
};

/// A question with the controls to answer it, as it stands within the form: what has been given so far is in them. Its words are in
/// a language, what is said about them is in ours.
pub fn question(question: &PaperQuestion, language: Language) -> impl IntoView + use<> {
    let hint = match question.asks {
        Asks::One => None,
        Asks::Several => Some("Choose all that apply."),
        Asks::Order => Some("Give each one its place. 1 comes first."),
        Asks::Match => Some("Choose what belongs to each one."),
        Asks::Text => Some("One or two words. Capital letters don’t matter."),
    };
    let controls = match question.asks {
        Asks::One => options(question, language, "radio").into_any(),
        Asks::Several => options(question, language, "checkbox").into_any(),
        Asks::Order | Asks::Match => rows(question, language).into_any(),
        Asks::Text => text(question, language).into_any(),
    };
    let described = hint.map(|_| "hint");
    let hint = hint.map(|hint| view! { <p class="hint" id="hint">{hint}</p> });
    let body = (!question.body.is_empty())
        .then(|| view! { <div lang=lang(language) dir=dir(language) inner_html=question.body.clone()></div> });
    view! {
        <input type="hidden" name="question" value=question.number.to_string()/>
        <input type="hidden" name="was" value=question.given.summary()/>
        <fieldset aria-describedby=described>
            <legend>
                <h1 id="stem" tabindex="-1" lang=lang(language) dir=dir(language) inner_html=question.stem.clone()></h1>
            </legend>
            {body}
            {hint}
            {controls}
        </fieldset>
    }
}

fn options(question: &PaperQuestion, language: Language, kind: &'static str) -> impl IntoView + use<> {
    let options = question.choices.iter().map(|choice| {
        let letter = choice.letter.as_char();
        let id = format!("option-{letter}");
        view! {
            <div class="option">
                <input
                    type=kind
                    id=id.clone()
                    name="option"
                    value=letter.to_string()
                    checked=question.given.chosen.contains(&choice.letter)
                />
                <label for=id lang=lang(language) dir=dir(language) inner_html=choice.html.clone()></label>
            </div>
        }
    });
    options.collect_view()
}

fn rows(question: &PaperQuestion, language: Language) -> impl IntoView + use<> {
    let rows = question.rows.iter().map(|row| {
        let field = Given::row_field(row.letter);
        let put = question.given.option_for(row.letter);
        view! {
            <div class="pair">
                <label for=field.clone() lang=lang(language) dir=dir(language) inner_html=row.html.clone()></label>
                <select id=field.clone() name=field>
                    <option value="">"Choose"</option>
                    {select_options(&question.choices, put, language)}
                </select>
                {(question.asks == Asks::Order).then(|| moves(&row.html))}
            </div>
        }
    });
    rows.collect_view()
}

/// Buttons that move a row by one place. They are shown where the island is alive; the selects do without them.
fn moves(row: &str) -> impl IntoView + use<> {
    let button = |way: &'static str, word: &'static str, lines: &'static str| {
        view! {
            <button type="button" class="second" data-move=way>
                {small(lines)} <span class="hidden">{word} ": " <span inner_html=row.to_owned()></span></span>
            </button>
        }
    };
    view! {
        <div class="moves">
            {button("up", "Move up", "<path d=\"M10 16V4m-5 5 5-5 5 5\"/>")}
            {button("down", "Move down", "<path d=\"M10 4v12m-5-5 5 5 5-5\"/>")}
        </div>
    }
}

fn select_options(choices: &[PaperChoice], put: Option<Letter>, language: Language) -> impl IntoView + use<> {
    let options = choices.iter().map(|choice| {
        view! {
            <option
                value=choice.letter.as_char().to_string()
                selected=put == Some(choice.letter)
                lang=lang(language)
                dir=dir(language)
                inner_html=choice.html.clone()
            ></option>
        }
    });
    options.collect_view()
}

fn text(question: &PaperQuestion, language: Language) -> impl IntoView + use<> {
    view! {
        <input
            type="text"
            id="text"
            name="text"
            maxlength="200"
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            lang=lang(language)
            dir=dir(language)
            aria-labelledby="stem"
            value=question.given.text.clone()
        />
    }
}
