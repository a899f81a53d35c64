//! What stands in the braces of a question.

use super::{
    sign::{Sign, begins_with, find, rsplit_once, split_once, trimmed},
    syntax::{Answer, Answers, Format, PER_CENT, Pair, Text, WHOLE, Weight, Worth},
};
use crate::content::{Code, Report};

/// Reads the answers and the feedback for everybody. `at` is where the braces open. `None` when there is an error, and then
/// the report says which.
pub(super) fn read_answers(
    signs: &[Sign],
    at: usize,
    format: Format,
    report: &mut Report<'_>,
) -> Option<(Answers, Option<Text>)> {
    let (signs, feedback) = match rsplit_once(signs, "####") {
        Some((answers, feedback)) => (trimmed(answers), Text::read(feedback, format)),
        None => (trimmed(signs), None),
    };
    let has = |pattern| find(signs, pattern).is_some();
    let answers = if signs.is_empty() {
        Answers::Essay
    } else if begins_with(signs, "#") {
        Answers::Numerical
    } else if has("~") {
        Answers::Choices(read_list(signs, format, report)?)
    } else if has("=") && has("->") {
        Answers::Match(read_pairs(signs, format, report)?)
    } else if has("=") {
        Answers::ShortText(read_list(signs, format, report)?)
    } else {
        match truth(signs, format) {
            Some(answers) => answers,
            None => Answers::ShortText(vec![read_answer(at, true, signs, format, report)?]),
        }
    };
    Some((answers, feedback))
}

/// Answers, each after a `=` or `~`.
fn read_list(signs: &[Sign], format: Format, report: &mut Report<'_>) -> Option<Vec<Answer>> {
    let sections = sections(signs, |sign| sign.is('=') || sign.is('~'), report)?;
    let answers: Vec<_> = sections
        .into_iter()
        .map(|(mark, signs)| read_answer(mark.at, mark.char == '=', signs, format, report))
        .collect();
    answers.into_iter().collect()
}

/// What follows each mark. Nothing may stand before the first.
fn sections<'s>(
    signs: &'s [Sign],
    is_mark: impl Fn(&Sign) -> bool,
    report: &mut Report<'_>,
) -> Option<Vec<(Sign, &'s [Sign])>> {
    let marks: Vec<usize> = (0..signs.len()).filter(|&place| is_mark(&signs[place])).collect();
    if let (Some(first), false) = (signs.first(), marks.first() == Some(&0)) {
        let message = "The answers begin with neither `=` nor `~`, so the question is left out.";
        let help = "Begin each answer with one of the two; one that is text needs a backslash: `\\=` or `\\~`.";
        report.error(first.at, Code::GiftSyntax, message, help);
        return None;
    }
    let ends = marks.iter().skip(1).copied().chain([signs.len()]);
    let sections = marks.iter().zip(ends).filter(|&(&mark, end)| {
        // `~=` is how many write a right option: Moodle drops what is empty between the two.
        let is_empty = trimmed(&signs[mark + 1..end]).is_empty();
        !(is_empty && signs[mark].is('~') && signs.get(end).is_some_and(|next| next.is('=')))
    });
    Some(sections.map(|(&mark, end)| (signs[mark], &signs[mark + 1..end])).collect())
}

fn read_answer(at: usize, equals: bool, signs: &[Sign], format: Format, report: &mut Report<'_>) -> Option<Answer> {
    let signs = trimmed(signs);
    let (weight, signs) = match read_weight(signs) {
        Some((weight, rest)) => (Some(weight), rest),
        None => (None, signs),
    };
    if let Some(weight) = weight
        && weight.worth.abs() > WHOLE
    {
        let help = "Write a number from -100 to 100 between the two `%`.";
        report.error(weight.at, Code::GiftWeight, "Nothing can be worth that, so the question is left out.", help);
        return None;
    }
    let (text, feedback) = match split_once(signs, "#") {
        Some((text, feedback)) => (text, Text::read(feedback, format)),
        None => (signs, None),
    };
    Some(Answer { at, equals, weight, text: Text::read(text, format), feedback })
}

/// A weight such as `%-33.3%`, and what follows it. Other per cent signs are text.
fn read_weight(signs: &[Sign]) -> Option<(Weight, &[Sign])> {
    let (first, rest) = signs.split_first()?;
    let (number, rest) = split_once(rest, "%").filter(|_| first.is('%'))?;
    let number: String = trimmed(number).iter().map(|sign| sign.char).collect();
    Some((Weight { at: first.at, worth: worth(&number)? }, rest))
}

/// A number with at most a sign and a point. What is beyond its fifth decimal does not count.
fn worth(number: &str) -> Option<Worth> {
    let (negative, number) = match number.strip_prefix('-') {
        Some(number) => (true, number),
        None => (false, number),
    };
    let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !are_digits(whole) || !are_digits(decimals) || (whole.is_empty() && decimals.is_empty()) {
        return None;
    }
    let whole: Worth = if whole.is_empty() { 0 } else { whole.parse().unwrap_or(Worth::MAX) };
    let decimals: Worth =
        decimals.bytes().chain([b'0'; 5]).take(5).fold(0, |sum, digit| 10 * sum + Worth::from(digit - b'0'));
    let worth = whole.saturating_mul(PER_CENT).saturating_add(decimals);
    Some(if negative { -worth } else { worth })
}

fn read_pairs(signs: &[Sign], format: Format, report: &mut Report<'_>) -> Option<Vec<Pair>> {
    let sections = sections(signs, |sign| sign.is('='), report)?;
    let mut pairs = Vec::new();
    for (mark, signs) in sections {
        let Some((left, right)) = split_once(signs, "->") else {
            let message = "This has no `->`, but others beside it have, so the question is left out.";
            let help = "Write what is given, `->`, and what is to be found for it.";
            report.error(mark.at, Code::GiftSyntax, message, help);
            return None;
        };
        pairs.push(Pair { at: mark.at, left: Text::read(left, format), right: Text::read(right, format) });
    }
    Some(pairs)
}

/// True or false, with one or two feedbacks. `None` when it is neither.
fn truth(signs: &[Sign], format: Format) -> Option<Answers> {
    let (word, feedback) = split_once(signs, "#").unwrap_or((signs, &[]));
    let word: String = trimmed(word).iter().map(|sign| sign.char).collect();
    let right = match word.to_ascii_uppercase().as_str() {
        "T" | "TRUE" => true,
        "F" | "FALSE" => false,
        _ => return None,
    };
    let (if_wrong, if_right) = split_once(feedback, "#").unwrap_or((feedback, &[]));
    Some(Answers::TrueFalse { right, feedback: [if_wrong, if_right].map(|text| Text::read(text, format)) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weight_is_a_number_with_at_most_a_sign_and_a_point() {
        let read = ["100", "-33.333", "0.5", ".25", "16.666667", "-0"].map(worth);
        assert_eq!(read, [10_000_000, -3_333_300, 50_000, 25_000, 1_666_666, 0].map(Some));
        assert_eq!(["", "-", ".", "1e2", "half", "+5", "--1", " 1"].map(worth), [None; 8]);
        assert_eq!(worth(&"9".repeat(30)), Some(Worth::MAX));
    }
}
