//! Options, one or several of them right.

use super::{
    plain::{line, paragraphs},
    syntax::{Answer, PER_CENT, WHOLE, Worth},
};
use crate::content::{Code, MOST_OPTIONS, NewChoice, NewForm, Report, escaped_markdown, is_truth};

/// Carries options of the question at `at`; also says whether an answer that is right in part earns a part. `None` when
/// there is an error, and then the report says which.
pub(super) fn carry_choices(at: usize, answers: &[Answer], report: &mut Report<'_>) -> Option<(NewForm, bool)> {
    let errors = report.error_count();
    let mut texts: Vec<String> = answers.iter().map(|answer| line(answer.text.as_ref(), report)).collect();
    check_texts(at, answers, &texts, report);
    // As Moodle has it: whole marks for one option, or parts for several.
    let asks_for_one = answers.iter().any(|answer| answer.equals && answer.worth() == WHOLE);
    let is_right = |answer: &&Answer| if asks_for_one { answer.worth() == WHOLE } else { answer.worth() > 0 };
    let right = answers.iter().filter(is_right).count();
    if right == 0 {
        let help = "Write `=` in place of `~` before the right option.";
        report.error(at, Code::NoRightAnswer, "This question has no right answer, so it is left out.", help);
    }
    if asks_for_one && right > 1 {
        let message = "Either of several options would do here, which Induct cannot ask, so the question is left out.";
        let help = "Keep one `=`, or give each right option its share, as in `~%50%`, if all of them are to be chosen.";
        report.error(at, Code::TwoRightAnswers, message, help);
    }
    let is_true_false = settle_truths(at, &mut texts, right, report);
    if report.error_count() > errors {
        return None;
    }
    let partial = if asks_for_one {
        warn_of_parts(answers, report);
        false
    } else if is_true_false {
        false
    } else {
        shares(answers, right, report) && right > 1
    };
    let choices = answers.iter().zip(texts).map(|(answer, text)| {
        let feedback = answer.feedback.iter().flat_map(|text| paragraphs(text, report));
        let feedback = feedback.map(|text| escaped_markdown(&text)).collect();
        NewChoice { text: escaped_markdown(&text), right: is_right(&answer), feedback, misconception: None }
    });
    let choices = choices.collect();
    Some(if asks_for_one || is_true_false {
        (NewForm::One(choices), false)
    } else {
        (NewForm::Several(choices), partial)
    })
}

fn check_texts(at: usize, answers: &[Answer], texts: &[String], report: &mut Report<'_>) {
    if texts.len() < 2 {
        let message = "A question needs at least two options, so this one is left out.";
        report.error(at, Code::TooFewOptions, message, "Write at least one more option.");
    }
    if texts.len() > MOST_OPTIONS {
        let help = format!("Keep at most {MOST_OPTIONS} options.");
        report.error(at, Code::TooManyOptions, "This question has too many options, so it is left out.", help);
    }
    for (index, (answer, text)) in answers.iter().zip(texts).take(MOST_OPTIONS).enumerate() {
        if text.is_empty() {
            let help = "Write the option after its `=` or `~`.";
            report.error(
                answer.at,
                Code::OptionWithoutText,
                "This option says nothing, so its question is left out.",
                help,
            );
        } else if texts[..index].contains(text) {
            let message = "Another option says the same, so the question is left out.";
            report.error(answer.at, Code::DuplicateOption, message, "Take one of the two out, or say something else.");
        }
    }
}

/// Writes true and false as they have to be written. Says whether that is what the options are.
fn settle_truths(at: usize, texts: &mut [String], right: usize, report: &mut Report<'_>) -> bool {
    let truth = |text: &String| is_truth(text).then(|| text.to_lowercase().contains("true"));
    let truths: Vec<Option<bool>> = texts.iter().map(truth).collect();
    if truths.iter().all(Option::is_none) {
        return false;
    }
    if right <= 1 && (truths == [Some(true), Some(false)] || truths == [Some(false), Some(true)]) {
        for (text, truth) in texts.iter_mut().zip(truths) {
            *text = if truth == Some(true) { "True" } else { "False" }.to_owned();
        }
        return true;
    }
    let message = "This looks like true or false, but is not, so the question is left out.";
    let help = "Write `{T}` or `{F}`, or options that say more than true or false.";
    report.error(at, Code::BadTrueFalse, message, help);
    false
}

/// Warns when an option earns or costs a part where one option is right.
fn warn_of_parts(answers: &[Answer], report: &mut Report<'_>) {
    let part = answers.iter().filter(|answer| ![0, WHOLE].contains(&answer.worth())).find_map(|answer| answer.weight);
    if let Some(weight) = part {
        let message =
            "Where one option is right, every other one earns nothing and costs nothing, so this weight is not kept.";
        let help = "Take it out, or give every right option its share, as in `~%50%`, if several are to be chosen.";
        report.warn(weight.at, Code::GiftWeight, message, help);
    }
}

/// Whether the right options earn equal shares. Warns when marking differs from what the weights say: with us each right
/// option earns its share, and a wrong one takes as much away.
fn shares(answers: &[Answer], right: usize, report: &mut Report<'_>) -> bool {
    /// People write 33 for a third.
    const NEAR: Worth = PER_CENT / 2;
    let share = WHOLE / Worth::try_from(right.max(1)).unwrap_or(WHOLE);
    let is_near = |worth: Worth, wanted: Worth| (worth - wanted).abs() <= NEAR;
    let place = |answer: &Answer| answer.weight.map_or(answer.at, |weight| weight.at);
    let unequal = answers.iter().find(|answer| answer.worth() > 0 && !is_near(answer.worth(), share));
    if let Some(answer) = unequal {
        let message = "The right options don't share the marks equally, so they are marked all or nothing.";
        let help = format!("Give each of them `%{}%`, or leave it as it comes out.", percent(share));
        report.warn(place(answer), Code::GiftWeight, message, help);
        return false;
    }
    let other = answers.iter().find(|answer| answer.worth() <= 0 && !is_near(answer.worth(), -share));
    if let Some(answer) = other {
        let share = percent(share);
        let message =
            format!("A wrong option takes away {share} per cent, as much as a right one earns, so this is not kept.");
        report.warn(
            place(answer),
            Code::GiftWeight,
            message,
            format!("Give each wrong option `%-{share}%`, or leave it as it comes out."),
        );
    }
    true
}

/// As it is written, with as many decimals as it needs.
fn percent(worth: Worth) -> String {
    let (whole, decimals) = (worth / PER_CENT, worth % PER_CENT);
    format!("{whole}.{decimals:05}").trim_end_matches('0').trim_end_matches('.').to_owned()
}
