use serde::{Deserialize, Serialize};

use crate::QuestionId;

/// The place of an option as it is shown in one attempt: 0 for "a", 1 for "b" and so on. It says nothing about the
/// place that its author gave it, which shuffling hides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Letter(pub u8);

impl Letter {
    /// Reads what a form sends: `a` to `z`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.as_bytes() {
            [byte @ b'a'..=b'z'] => Some(Self(byte - b'a')),
            _ => None,
        }
    }

    /// What a form sends for it.
    #[must_use]
    pub fn as_char(self) -> char {
        char::from(b'a' + self.0)
    }
}

/// How a question is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Asks {
    /// For one of its options.
    One,
    /// For any number of its options.
    Several,
}

/// One option, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What the form sends for it.
    pub letter: Letter,
    /// Its text as HTML of our own making.
    pub html: String,
}

/// A question as it is put to a person: without its key and without feedback.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Its name within the module.
    pub id: QuestionId,
    /// How it is answered.
    pub asks: Asks,
    /// The heading, as inline HTML of our own making.
    pub stem: String,
    /// What stands between the heading and the options, as HTML of our own making; often empty.
    pub body: String,
    /// The options in the order of this attempt.
    pub choices: Vec<Choice>,
    /// What has been chosen and saved so far, in ascending order.
    pub chosen: Vec<Letter>,
}

/// The questions of one attempt, in its order, with what has been saved so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// The address of the attempt, `/attempts/ID`.
    pub address: String,
    /// The questions in the order of this attempt.
    pub questions: Vec<Question>,
}

/// What the server answers to the quiz island when an answer has been kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerSaved {
    /// How many questions of the attempt now have an answer.
    pub answered: u32,
    /// How many there are.
    pub of: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_survives_the_form() {
        for place in 0..26 {
            let letter = Letter(place);
            assert_eq!(Letter::parse(&letter.as_char().to_string()), Some(letter));
        }
        for bad in ["", "A", "ab", "1", "{", "é"] {
            assert_eq!(Letter::parse(bad), None, "{bad}");
        }
    }
}
