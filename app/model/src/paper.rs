use serde::{Deserialize, Serialize};

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
    /// For the place of each of its rows.
    Order,
    /// For the option that belongs to each of its rows.
    Match,
    /// For one or two words.
    Text,
}

impl Asks {
    /// Whether `given` is a whole answer to a question that asks for this and has so many rows.
    #[must_use]
    pub fn is_answered_by(self, given: &Given, rows: usize) -> bool {
        match self {
            Self::One | Self::Several => !given.chosen.is_empty(),
            Self::Match => given.paired.len() == rows,
            Self::Order => given.paired.len() == rows && given.place_used_twice().is_none(),
            Self::Text => !given.text.trim().is_empty(),
        }
    }
}

/// One option, or one row, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperChoice {
    /// What the form sends for it.
    pub letter: Letter,
    /// Its text as HTML of our own making.
    pub html: String,
}

/// What somebody gives as an answer, as the form sends it. Which part counts depends on what the question asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// The options that were chosen, in ascending order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chosen: Vec<Letter>,
    /// For each row that was filled, the option that was put to it, in the order of the rows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub paired: Vec<(Letter, Letter)>,
    /// What was written.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

const ROW: &str = "row-";

impl Given {
    /// The first place that several rows were given, when each should have its own. `None`: there is none.
    #[must_use]
    pub fn place_used_twice(&self) -> Option<Letter> {
        let mut places: Vec<Letter> = self.paired.iter().map(|(_, place)| *place).collect();
        places.sort_unstable();
        places.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0])
    }

    /// The name of the field for a row.
    #[must_use]
    pub fn row_field(row: Letter) -> String {
        format!("{ROW}{}", row.as_char())
    }

    /// Reads what a form sends: `option` for each chosen option, `row-a` and so on for each row, and `text`. Other fields are
    /// passed over. `None` when a value is no letter.
    #[must_use]
    pub fn from_fields(fields: &[(String, String)]) -> Option<Self> {
        let mut given = Self::default();
        for (name, value) in fields {
            match name.as_str() {
                "option" => given.chosen.push(Letter::parse(value)?),
                "text" => given.text.clone_from(value),
                _ => {
                    if let Some(row) = name.strip_prefix(ROW)
                        && !value.is_empty()
                    {
                        given.paired.push((Letter::parse(row)?, Letter::parse(value)?));
                    }
                }
            }
        }
        given.chosen.sort_unstable();
        given.chosen.dedup();
        given.paired.sort_unstable();
        Some(given)
    }

    /// What a form sends for it.
    #[must_use]
    pub fn to_fields(&self) -> Vec<(String, String)> {
        let chosen = self.chosen.iter().map(|letter| ("option".to_owned(), letter.as_char().to_string()));
        let paired = self.paired.iter().map(|(row, option)| (Self::row_field(*row), option.as_char().to_string()));
        let text = (!self.text.is_empty()).then(|| ("text".to_owned(), self.text.clone()));
        chosen.chain(paired).chain(text).collect()
    }

    /// The same in one line, to tell whether two answers are the same.
    #[must_use]
    pub fn summary(&self) -> String {
        let fields = self.to_fields().into_iter().map(|(name, value)| format!("{name}={value}"));
        fields.collect::<Vec<_>>().join(";")
    }

    /// The option that was put to a row.
    #[must_use]
    pub fn option_for(&self, row: Letter) -> Option<Letter> {
        self.paired.iter().find(|(filled, _)| *filled == row).map(|(_, option)| *option)
    }

    /// Puts an option to a row, or takes it away.
    pub fn pair(&mut self, row: Letter, option: Option<Letter>) {
        self.paired.retain(|(filled, _)| *filled != row);
        self.paired.extend(option.map(|option| (row, option)));
        self.paired.sort_unstable();
    }
}

/// A question as it is put to a person: without its key and without feedback.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperQuestion {
    /// Its place in this attempt, counted from 1: what forms and addresses call it. What its author calls it stays on the
    /// server, because such names tell answers.
    pub number: u32,
    /// How it is answered.
    pub asks: Asks,
    /// The heading, as inline HTML of our own making.
    pub stem: String,
    /// What stands between the heading and the options, as HTML of our own making; often empty.
    pub body: String,
    /// What is to be ordered or matched, in the order of this attempt; empty for the other forms.
    pub rows: Vec<PaperChoice>,
    /// The options in the order of this attempt; empty when it asks for text.
    pub choices: Vec<PaperChoice>,
    /// What has been given and saved so far.
    pub given: Given,
}

impl PaperQuestion {
    /// Whether what has been saved is a whole answer.
    #[must_use]
    pub fn is_answered(&self) -> bool {
        self.asks.is_answered_by(&self.given, self.rows.len())
    }
}

/// The questions of one attempt, in its order, with what has been saved so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// The address of the attempt, `/attempts/ID`.
    pub address: String,
    /// The questions in the order of this attempt.
    pub questions: Vec<PaperQuestion>,
}

/// What the server answers to the quiz island when an answer has been kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerSaved {
    /// How many questions of the attempt now have an answer.
    pub answered: u32,
    /// How many there are.
    pub of: u32,
    /// The answer that stands, because it was given later in another tab or on another device. `None`: what was sent stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub later: Option<Given>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_survives_the_form() {
        let given = Given {
            chosen: vec![Letter(0), Letter(3)],
            paired: vec![(Letter(0), Letter(2)), (Letter(1), Letter(1))],
            text: "up-skirting & more".to_owned(),
        };
        assert_eq!(Given::from_fields(&given.to_fields()), Some(given));
    }

    #[test]
    fn an_empty_row_is_not_filled_and_nonsense_is_refused() {
        let fields = |name: &str, value: &str| vec![(name.to_owned(), value.to_owned())];
        assert_eq!(Given::from_fields(&fields("row-a", "")), Some(Given::default()));
        assert_eq!(Given::from_fields(&fields("row-a", "1")), None);
        assert_eq!(Given::from_fields(&fields("option", "A")), None);
    }

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
