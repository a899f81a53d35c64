use std::collections::BTreeMap;

use chrono::TimeDelta;
use model::{PageSlug, QuestionId};

/// A quiz with its key. Only [`crate::Engine`] hands parts of it out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quiz {
    /// The share of the marks that passes, in per cent.
    pub pass: u32,
    /// How many questions an attempt asks, those from pools included.
    pub draw: u32,
    /// How many of them come from each pool; the rest come from all questions that are left.
    pub pools: BTreeMap<String, u32>,
    /// How many attempts a person has before their tutor is asked to step in.
    pub attempts: u32,
    /// How long to wait after an attempt that did not pass.
    pub cooldown: TimeDelta,
    /// The questions that attempts draw from, in the author's order.
    pub questions: Vec<Question>,
    /// The questions with which readers check themselves at the end of a page, in the author's order: of options, in one wording.
    /// They are in no attempt and give no marks, and so their key may be read by everybody.
    pub on_pages: Vec<Question>,
}

impl Quiz {
    /// The question of that name that attempts can ask.
    #[must_use]
    pub fn question(&self, id: &QuestionId) -> Option<&Question> {
        self.questions.iter().find(|question| question.id == *id)
    }
}

/// A question with its key and feedback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Its name within the module, for ever.
    pub id: QuestionId,
    /// The page that teaches it.
    pub page: PageSlug,
    /// Its share of the marks.
    pub weight: u32,
    /// The pool that it is drawn from.
    pub pool: Option<String>,
    /// Whether an answer that is right in part earns a part of the marks.
    pub partial: bool,
    /// Whether the options keep the author's order.
    pub fixed_order: bool,
    /// The ways in which it is asked: as it stands first, then its variants, all of one form. Never empty.
    pub wordings: Vec<Wording>,
}

/// One way of asking a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wording {
    /// The heading, as inline HTML.
    pub stem: String,
    /// What stands between the heading and the options, as HTML; often empty.
    pub body: String,
    /// How it is answered, and what is right.
    pub form: QuestionForm,
    /// Feedback for everybody, as HTML that begins with `Why:`; empty when there is none.
    pub why: String,
}

/// How a question is answered, and what is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QuestionForm {
    /// One right answer among options.
    One(Vec<Choice>),
    /// Any number of right answers.
    Several(Vec<Choice>),
    /// "True" and "False", never shuffled.
    TrueFalse(Vec<Choice>),
    /// Items in the right order, as inline HTML.
    Order(Vec<String>),
    /// Pairs, each side as inline HTML.
    Match(Vec<Pair>),
    /// The texts that are right, as the author wrote them; compared without case, accents and outer spaces.
    Text(Vec<String>),
}

impl QuestionForm {
    /// The options of a question that asks to choose, in the author's order; none for the other forms.
    #[must_use]
    pub fn choices(&self) -> &[Choice] {
        match self {
            Self::One(choices) | Self::Several(choices) | Self::TrueFalse(choices) => choices,
            Self::Order(_) | Self::Match(_) | Self::Text(_) => &[],
        }
    }

    /// The same, to be changed while they are compiled.
    pub(crate) fn choices_mut(&mut self) -> &mut [Choice] {
        match self {
            Self::One(choices) | Self::Several(choices) | Self::TrueFalse(choices) => choices,
            Self::Order(_) | Self::Match(_) | Self::Text(_) => &mut [],
        }
    }
}

/// What belongs together in a question that asks to match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// What is given.
    pub left: String,
    /// What is to be found for it; no two pairs of a question have the same.
    pub right: String,
}

/// One option with its key and feedback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Its text as inline HTML.
    pub html: String,
    /// Whether it is (one of) the right one(s).
    pub right: bool,
    /// What someone who chose it is told, as HTML; empty when there is none.
    pub feedback: String,
    /// The mistaken idea that it stands for.
    pub misconception: Option<String>,
}
