//! What is to be matched.

use std::collections::BTreeSet;

use super::{
    plain::{line, unformatted},
    syntax::Pair,
};
use crate::content::{Code, FEWEST_PAIRS, MOST_PAIRS, NewForm, Report, escaped_markdown};

/// Carries the pairs of the question at `at`. `None` when there is an error, and then the report says which.
pub(super) fn carry_pairs(at: usize, pairs: &[Pair], report: &mut Report<'_>) -> Option<NewForm> {
    let errors = report.error_count();
    let mut carried: Vec<(String, String)> = Vec::new();
    let (mut lefts, mut rights) = (BTreeSet::new(), BTreeSet::new());
    for pair in pairs {
        let (left, right) = (line(pair.left.as_ref(), report), unformatted(pair.right.as_ref()));
        if left.is_empty() && !right.is_empty() {
            let message = "A right-hand side that fits nothing is not carried.";
            let help = "Write something before its `->`, or make do without it.";
            report.warn(pair.at, Code::GiftUnpaired, message, help);
            continue;
        }
        if right.is_empty() {
            let message = "This side of the pair says nothing, so the question is left out.";
            report.error(
                pair.at,
                Code::PairWithoutText,
                message,
                "Write something on both sides of `->`, or take it out.",
            );
        }
        let [new_left, new_right] =
            [(&mut lefts, &left), (&mut rights, &right)].map(|(seen, text)| seen.insert(text.to_lowercase()));
        if !new_left {
            refuse_duplicate(pair, "Two pairs begin with the same, so the question is left out.", report);
        } else if !new_right {
            refuse_duplicate(pair, "This right-hand side fits another pair too, so the question is left out.", report);
        }
        carried.push((left, right));
    }
    if carried.len() < FEWEST_PAIRS {
        let help = format!("Write at least {FEWEST_PAIRS} pairs.");
        report.error(at, Code::TooFewPairs, "There is too little to be matched, so the question is left out.", help);
    }
    if carried.len() > MOST_PAIRS {
        let help = format!("Keep at most {MOST_PAIRS} pairs.");
        report.error(at, Code::TooManyPairs, "There is too much to be matched, so the question is left out.", help);
    }
    let escaped = |(left, right): (String, String)| (escaped_markdown(&left), escaped_markdown(&right));
    (report.error_count() == errors).then(|| NewForm::Match(carried.into_iter().map(escaped).collect()))
}

fn refuse_duplicate(pair: &Pair, message: &str, report: &mut Report<'_>) {
    let help = "Say something else in one of them: each left-hand side fits exactly one right-hand side.";
    report.error(pair.at, Code::DuplicatePair, message, help);
}
