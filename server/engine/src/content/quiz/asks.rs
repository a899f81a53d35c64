//! What questions ask for, in words.

use crate::catalogue::QuestionForm;

/// What a question asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asks {
    One,
    Several,
    TrueFalse,
    Order,
    Match,
    Text,
}

impl Asks {
    pub(crate) fn of(form: &QuestionForm) -> Self {
        match form {
            QuestionForm::One(_) => Self::One,
            QuestionForm::Several(_) => Self::Several,
            QuestionForm::TrueFalse(_) => Self::TrueFalse,
            QuestionForm::Order(_) => Self::Order,
            QuestionForm::Match(_) => Self::Match,
            QuestionForm::Text(_) => Self::Text,
        }
    }

    /// In words.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::One => "one answer",
            Self::Several => "several answers",
            Self::TrueFalse => "true or false",
            Self::Order => "an order",
            Self::Match => "pairs",
            Self::Text => "a short text",
        }
    }

    /// What its parts are called, one and many.
    pub(crate) fn parts(self) -> (&'static str, &'static str) {
        match self {
            Self::One | Self::Several | Self::TrueFalse => ("option", "options"),
            Self::Order => ("item", "items"),
            Self::Match => ("pair", "pairs"),
            Self::Text => ("answer", "answers"),
        }
    }
}
