//! A quiz: its settings and its questions, read from `quiz.md` and written to one.
//!
//! Invariants: a question of which anything is wrong is left out, and so its quiz; what is right is known here and nowhere
//! shown.

mod about_question;
mod asks;
mod choices;
mod give_away;
mod kebab;
mod order;
mod outline;
mod pairs;
mod question;
mod read_quiz;
mod refuse_leaning;
mod sections;
mod short_text;
mod truth;
mod unnamed_help;
mod wording;
mod write_ids;
mod write_quiz;

pub(super) use about_question::COMMENT_HELP;
pub(super) use asks::Asks;
pub(crate) use choices::MOST_OPTIONS;
pub(crate) use give_away::{Shown, says, warn as warn_of_given_away, words_of};
pub(crate) use kebab::QuestionIds;
pub(super) use outline::{QuestionOutline, QuizOutline, WordingOutline, front_matter};
pub(crate) use pairs::{FEWEST_PAIRS, MOST_PAIRS};
pub(super) use question::read_wordings;
pub(super) use read_quiz::read_quiz;
pub(crate) use refuse_leaning::leans;
pub(super) use refuse_leaning::refuse_leaning_options;
pub(super) use sections::{Sections, is_question, without_notes};
pub(crate) use short_text::{LONGEST_TEXT, MOST_TEXTS};
pub(super) use truth::TruthWords;
pub(crate) use truth::is_truth;
pub use write_ids::with_question_ids;
pub use write_quiz::{NewChoice, NewForm, NewQuestion, NewQuiz, NewWording, escaped_markdown};
