//! A GIFT file to a quiz of ours.

use super::{carry::carry, parse::parse};
use crate::content::{Code, NewQuiz, Problem, Report, normalised};

/// What came of a GIFT file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GiftImport {
    /// The quiz. `None` when no question could be carried. Its questions name no pages yet.
    pub quiz: Option<NewQuiz>,
    /// How many questions, or texts in their place, were left out; there is an error for each.
    pub left_out: usize,
    /// What was left out (errors) or not carried whole (warnings), in the order of their places.
    pub problems: Vec<Problem>,
}

/// Reads a GIFT file; `path` is what its problems call it.
#[must_use]
pub fn import_gift(path: &str, file: &[u8]) -> GiftImport {
    let text = match str::from_utf8(file) {
        Ok(text) => normalised(text),
        Err(error) => {
            let text = String::from_utf8_lossy(&file[..error.valid_up_to()]);
            let mut report = Report::new(path, &text);
            let help = "Save it again with the encoding UTF-8.";
            report.error(text.len(), Code::NotUtf8, "This file is not UTF-8 text.", help);
            return GiftImport { quiz: None, left_out: 0, problems: report.into_problems() };
        }
    };
    let mut report = Report::new(path, &text);
    let items = parse(&text, &mut report);
    let carried = carry(&items, &mut report);
    if carried.quiz.is_none() && carried.left_out == 0 {
        let help = "Write at least one question in Moodle's GIFT format.";
        report.error(0, Code::NoQuestions, "There are no questions in this file.", help);
    }
    let mut problems = report.into_problems();
    problems.sort_by_key(|problem| (problem.line, problem.column));
    GiftImport { quiz: carried.quiz, left_out: carried.left_out, problems }
}
