use std::sync::LazyLock;

use engine::catalogue::Language;
use leptos::{prelude::*, tachys::html::InertElement};
use model::{Asks, Given, Letter, PaperChoice, PaperQuestion};

use crate::{
    drawing::small,
    pages::parts::{dir, lang, without_markers},
};

static UP: LazyLock<String> = LazyLock::new(|| drawn("<path d=\"M10 16V4m-5 5 5-5 5 5\"/>"));
static DOWN: LazyLock<String> = LazyLock::new(|| drawn("<path d=\"M10 4v12m-5-5 5 5 5-5\"/>"));

/// A question with the controls to answer it, as it stands within the form: what has been given so far is in them. Its words are in
/// a language, what is said about them is in ours.
pub fn question(question: &PaperQuestion, language: Language) -> impl IntoView + use<> {
    InertElement::new(question_html(question, language))
}

/// The same as HTML. It is written and not drawn of views, because a page of a quiz holds all of its questions, and of these is made nearly
/// everything that is drawn for it.
pub(super) fn question_html(question: &PaperQuestion, language: Language) -> String {
    let hint = match question.asks {
        Asks::One => None,
        Asks::Several => Some("Choose all that apply."),
        Asks::Order => Some("Give each one its place. 1 comes first."),
        Asks::Match => Some("Choose what belongs to each one."),
        Asks::Text => Some("One or two words. Capital letters don’t matter."),
    };
    let words = attributes(language);
    let controls = match question.asks {
        Asks::One => options(question, &words, "radio"),
        Asks::Several => options(question, &words, "checkbox"),
        Asks::Order | Asks::Match => rows(question, &words),
        Asks::Text => text(question, &words),
    };
    let described = if hint.is_some() { " aria-describedby=\"hint\"" } else { "" };
    let hint = hint.map(|hint| format!("<p id=\"hint\" class=\"hint\">{hint}</p>")).unwrap_or_default();
    let body = if question.body.is_empty() { String::new() } else { format!("<div{words}>{}</div>", question.body) };
    format!(
        "<input type=\"hidden\" name=\"question\" value=\"{}\"><input type=\"hidden\" name=\"was\" value=\"{}\">\
         <fieldset{described}><legend><h1 id=\"stem\" tabindex=\"-1\"{words}>{}</h1></legend>{body}{hint}{controls}</fieldset>",
        question.number,
        escaped(&question.given.summary()),
        question.stem,
    )
}

fn options(question: &PaperQuestion, words: &str, kind: &str) -> String {
    let options = question.choices.iter().map(|choice| {
        let letter = choice.letter.as_char();
        let checked = if question.given.chosen.contains(&choice.letter) { " checked" } else { "" };
        format!(
            "<div class=\"option\"><input type=\"{kind}\" id=\"option-{letter}\" name=\"option\" value=\"{letter}\"{checked}>\
             <label for=\"option-{letter}\"{words}>{}</label></div>",
            choice.html
        )
    });
    options.collect()
}

fn rows(question: &PaperQuestion, words: &str) -> String {
    let rows = question.rows.iter().map(|row| {
        let field = Given::row_field(row.letter);
        let options = select_options(&question.choices, question.given.option_for(row.letter), words);
        let moves = if question.asks == Asks::Order { moves(&row.html) } else { String::new() };
        format!(
            "<div class=\"pair\"><label for=\"{field}\"{words}>{}</label><select id=\"{field}\" name=\"{field}\">\
             <option value=\"\">Choose</option>{options}</select>{moves}</div>",
            row.html
        )
    });
    rows.collect()
}

/// Buttons that move a row by one place. They are shown where the island is alive; the selects do without them.
fn moves(row: &str) -> String {
    let button = |way: &str, word: &str, lines: &str| {
        format!(
            "<button type=\"button\" data-move=\"{way}\" class=\"second\">{lines}\
             <span class=\"hidden\">{word}: <span>{row}</span></span></button>"
        )
    };
    format!("<div class=\"moves\">{}{}</div>", button("up", "Move up", &UP), button("down", "Move down", &DOWN))
}

fn select_options(choices: &[PaperChoice], put: Option<Letter>, words: &str) -> String {
    let options = choices.iter().map(|choice| {
        let selected = if put == Some(choice.letter) { " selected" } else { "" };
        format!("<option value=\"{}\"{selected}{words}>{}</option>", choice.letter.as_char(), choice.html)
    });
    options.collect()
}

fn text(question: &PaperQuestion, words: &str) -> String {
    format!(
        "<input type=\"text\" id=\"text\" name=\"text\" maxlength=\"200\" autocomplete=\"off\" autocapitalize=\"off\" \
         spellcheck=\"false\"{words} aria-labelledby=\"stem\" value=\"{}\">",
        escaped(&question.given.text)
    )
}

/// The attributes of an element in which words of the module stand.
fn attributes(language: Language) -> String {
    let lang = lang(language).map(|lang| format!(" lang=\"{lang}\"")).unwrap_or_default();
    let dir = dir(language).map(|dir| format!(" dir=\"{dir}\"")).unwrap_or_default();
    lang + &dir
}

/// A text as the value of an attribute.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

fn drawn(lines: &'static str) -> String {
    without_markers("", &small(lines).to_html())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(asks: Asks, given: Given) -> PaperQuestion {
        let choice = |place: u8, html: &str| PaperChoice { letter: Letter(place), html: html.to_owned() };
        PaperQuestion {
            number: 3,
            asks,
            stem: "Which <em>one</em>?".to_owned(),
            body: String::new(),
            rows: vec![choice(0, "a &amp; b")],
            choices: vec![choice(0, "<code>x</code>"), choice(1, "y")],
            given,
        }
    }

    #[test]
    fn what_somebody_wrote_stays_a_value() {
        let given = Given { text: "\"><script>alert('&')</script>".to_owned(), ..Given::default() };
        let html = question_html(&asked(Asks::Text, given), Language::ENGLISH);
        let value = "&quot;&gt;&lt;script&gt;alert('&amp;')&lt;/script&gt;";
        assert!(html.contains(&format!("aria-labelledby=\"stem\" value=\"{value}\">")), "{html}");
        assert!(html.contains(&format!("name=\"was\" value=\"text={value}\">")), "{html}");
        assert!(!html.contains("<script"), "{html}");
    }

    #[test]
    fn what_was_given_is_in_the_controls() {
        let chosen = Given { chosen: vec![Letter(1)], ..Given::default() };
        let html = question_html(&asked(Asks::Several, chosen), Language::ENGLISH);
        assert!(html.contains("name=\"option\" value=\"a\"><label for=\"option-a\"><code>x</code></label>"), "{html}");
        assert!(html.contains("type=\"checkbox\" id=\"option-b\" name=\"option\" value=\"b\" checked>"), "{html}");
        assert!(html.contains("<fieldset aria-describedby=\"hint\">") && html.contains("Choose all that apply."));
        let paired = Given { paired: vec![(Letter(0), Letter(1))], ..Given::default() };
        let html = question_html(&asked(Asks::Order, paired), Language::ENGLISH);
        assert!(html.contains("<option value=\"b\" selected>y</option></select><div class=\"moves\">"), "{html}");
        assert!(html.contains("</svg><span class=\"hidden\">Move up: <span>a &amp; b</span></span>"), "{html}");
    }

    #[test]
    fn words_in_another_language_say_so() {
        for (code, said) in [("cy", " lang=\"cy\""), ("ar", " lang=\"ar\" dir=\"rtl\"")] {
            let language = Language::new(code).unwrap_or(Language::ENGLISH);
            let html = question_html(&asked(Asks::One, Given::default()), language);
            assert!(
                html.contains(&format!("<h1 id=\"stem\" tabindex=\"-1\"{said}>Which <em>one</em>?</h1>")),
                "{html}"
            );
            assert!(html.contains(&format!("<label for=\"option-b\"{said}>y</label>")), "{html}");
        }
    }
}
