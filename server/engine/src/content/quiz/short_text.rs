//! A short text as an answer: `**Answer:** upskirting / up-skirting`.

use std::collections::BTreeMap;

use super::sections::begins_strong;
use crate::catalogue::QuestionForm;
use crate::content::{
    problems::Code,
    prose::{Element, Node, Writer},
    text::{shortened, what_counts},
};

/// How many texts may be right.
pub(crate) const MOST_TEXTS: usize = 20;
/// In characters.
pub(crate) const LONGEST_TEXT: usize = 100;

/// Whether a paragraph holds the answer.
pub(super) fn is_answer(paragraph: &[Node<'_>], writer: &Writer<'_, '_>) -> bool {
    begins_strong(paragraph, "Answer:", writer)
}

/// Reads the texts that are right, from the paragraph that holds them. `None` when there is an error, and then the report
/// says which.
pub(super) fn read_short_text(paragraph: &Element<'_>, writer: &mut Writer<'_, '_>) -> Option<QuestionForm> {
    const HELP: &str = "Write it like this: `**Answer:** upskirting / up-skirting`.";
    let errors = writer.report.error_count();
    let at = paragraph.at;
    let answer = paragraph.children.get(1..).unwrap_or_default();
    // Written for its problems and facts; what counts is the text alone.
    writer.inline(answer);
    let answer = writer.plain(answer);
    let words: Vec<&str> = answer.split_whitespace().collect();
    let texts: Vec<String> = words.split(|word| *word == "/").map(|words| words.join(" ")).collect();
    if texts.len() > MOST_TEXTS {
        let help = format!("Keep at most {MOST_TEXTS}.");
        writer.report.error(at, Code::TooManyAnswers, "Too many texts are right here.", help);
    }
    for text in &texts {
        // A text of which nothing counts would be right for whoever writes nothing.
        if what_counts(text).is_empty() {
            let (message, help) = match texts.as_slice() {
                [_] => ("No text is right here.", HELP),
                _ => ("One of these texts is empty.", "Take one `/` out, or write something on both sides of it."),
            };
            writer.report.error(at, Code::EmptyAnswer, message, help);
            break;
        }
    }
    warn_of_duplicates(at, &texts, writer);
    if let Some(text) = texts.iter().find(|text| text.chars().count() > LONGEST_TEXT) {
        let message = format!("`{}` is too long to be written by a reader.", shortened(text));
        let help = format!("Keep it to {LONGEST_TEXT} characters; one or two words are best.");
        writer.report.error(at, Code::AnswerTooLong, message, help);
    }
    (writer.report.error_count() == errors).then_some(QuestionForm::Text(texts))
}

/// Warns of texts that are right already because another is.
fn warn_of_duplicates(at: usize, texts: &[String], writer: &mut Writer<'_, '_>) {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for text in texts {
        let counts = what_counts(text);
        if counts.is_empty() {
            continue;
        }
        if let Some(other) = seen.get(&counts) {
            let message = format!("`{}` is right already, because `{}` is.", shortened(text), shortened(other));
            let help = "Take one of the two out: case, accents, outer punctuation and the kind of a dash do not count.";
            writer.report.warn(at, Code::DuplicateAnswer, message, help);
        } else {
            seen.insert(counts, text.as_str());
        }
    }
}
