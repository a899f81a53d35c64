//! True or false.

use super::{plain::paragraphs, syntax::Text};
use crate::content::{NewChoice, NewForm, Report, escaped_markdown};

/// Carries the two options, each with the feedback for whoever chooses it.
pub(super) fn carry_true_false(right: bool, feedback: &[Option<Text>; 2], report: &mut Report<'_>) -> NewForm {
    let [if_wrong, if_right] = feedback;
    let choices = [("True", true), ("False", false)].map(|(text, truth)| {
        let feedback = if truth == right { if_right } else { if_wrong };
        let feedback = feedback.iter().flat_map(|text| paragraphs(text, report));
        let feedback = feedback.map(|text| escaped_markdown(&text)).collect();
        NewChoice { text: text.to_owned(), right: truth == right, feedback, misconception: None }
    });
    NewForm::One(choices.into())
}
