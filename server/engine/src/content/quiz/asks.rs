//! What questions ask for, in words.

use crate::catalogue::Form;

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
    pub(crate) fn of(form: &Form) -> Self {
        match form {
            Form::One(_) => Self::One,
            Form::Several(_) => Self::Several,
            Form::TrueFalse(_) => Self::TrueFalse,
            Form::Order(_) => Self::Order,
            Form::Match(_) => Self::Match,
            Form::Text(_) => Self::Text,
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
