//! A short text as an answer.

use super::{
    plain::unformatted,
    syntax::{Answer, WHOLE},
};
use crate::content::{Code, LONGEST_TEXT, MOST_TEXTS, NewForm, Report, escaped_markdown, says, what_counts, words_of};

/// Carries the texts that are right for the question at `at`, which asks with the paragraphs of `stem`. `None` when none can be, and then the
/// report says so.
pub(super) fn carry_short_text(
    at: usize,
    stem: &[String],
    answers: &[Answer],
    report: &mut Report<'_>,
) -> Option<NewForm> {
    // As it will be looked at again: the heading, and all that stands below it.
    let (first, rest) = stem.split_first().map_or(("", stem), |(first, rest)| (first.as_str(), rest));
    let asked = [words_of(first), rest.iter().flat_map(|paragraph| words_of(paragraph)).collect()];
    let mut texts: Vec<String> = Vec::new();
    for answer in answers {
        warn_of_feedback(answer, report);
        if answer.worth() < WHOLE {
            let message = "A short answer is right or not, so what is worth less than the whole is not carried.";
            let place = answer.weight.map_or(answer.at, |weight| weight.at);
            let help = "Take its weight out if it is right, or take the answer out.";
            report.warn(place, Code::GiftWeight, message, help);
            continue;
        }
        let text = unformatted(answer.text.as_ref());
        if let Some((message, help)) = why_not(&text) {
            report.warn(answer.at, Code::GiftShortAnswer, message, help);
            continue;
        }
        let text = text.replace("\\*", "*");
        if asked.iter().any(|asked| says(asked, &text)) {
            let message = "The question itself says this answer, so anybody could copy it, and it is left out.";
            let help = "Ask in other words, and write the answer again.";
            report.warn(answer.at, Code::AnswerInQuestion, message, help);
            continue;
        }
        if texts.len() == MOST_TEXTS {
            let message =
                format!("More than {MOST_TEXTS} answers are right here, so this one and what follows is not carried.");
            report.warn(answer.at, Code::GiftShortAnswer, message, format!("Keep at most {MOST_TEXTS}."));
            break;
        }
        if texts.iter().all(|other| what_counts(other) != what_counts(&text)) {
            texts.push(text);
        }
    }
    if texts.is_empty() {
        let message = "No answer of this question can be carried, so it is left out.";
        report.error(at, Code::EmptyAnswer, message, "Write a right answer in full: `{=upskirting}`.");
        return None;
    }
    Some(NewForm::Text(texts.iter().map(|text| escaped_markdown(text)).collect()))
}

fn warn_of_feedback(answer: &Answer, report: &mut Report<'_>) {
    if let Some(feedback) = &answer.feedback {
        let message = "A short answer has no feedback of its own, so this is not carried.";
        report.warn(feedback.at, Code::GiftFeedback, message, "Write it after `####`, for everybody, if it matters.");
    }
}

/// Why a text cannot be a right answer with us, and what to do.
fn why_not(text: &str) -> Option<(String, String)> {
    let (message, help) = if text.replace("\\*", "").contains('*') {
        (
            "A `*` for any letters cannot be carried, so this answer is left out.".to_owned(),
            "Write each spelling in full: `=upskirting =up-skirting`; a `*` that is meant needs a backslash."
                .to_owned(),
        )
    } else if text.split(' ').any(|word| word == "/") {
        (
            "A `/` between spaces would part two answers, so this one is left out.".to_owned(),
            "Write it without the spaces.".to_owned(),
        )
    } else if what_counts(text).is_empty() {
        ("This answer says nothing, so it is left out.".to_owned(), "Write the answer after its `=`.".to_owned())
    } else if text.chars().count() > LONGEST_TEXT {
        (
            "This answer is too long to be written by a reader, so it is left out.".to_owned(),
            format!("Keep it to {LONGEST_TEXT} characters; one or two words are best."),
        )
    } else {
        return None;
    };
    Some((message, help))
}
