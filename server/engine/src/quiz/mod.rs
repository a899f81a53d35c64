//! An attempt from the draw to the mark, and how long somebody spends on a module, where that is counted.
//!
//! Invariants: nothing that leaves this room before an attempt is handed in says what is right; an attempt that was handed in
//! never changes; answers are kept by the author's places and never by what was shown.

mod allow_attempts;
mod allow_several;
mod answers_in_words;
mod attempt;
mod attempt_result;
mod draw;
mod find_at_attempt;
#[cfg(test)]
mod guessing;
#[cfg(test)]
mod guessing_by_words;
mod ideas;
#[cfg(test)]
mod learning_bot;
mod mark;
mod quiz_entry;
mod refresher;
mod save_answer;
mod spend_time;
mod start_attempt;
mod submit_quiz;
mod take_whole;
mod withdraw_pass;

pub use allow_attempts::{AllowError, StuckLearner};
pub(crate) use answers_in_words::answers_in_words;
pub(crate) use attempt::{Attempt, Outcome, questions_of};
pub use attempt::{AttemptState, FoundAttempt, Sitting};
pub use attempt_result::{AttemptResult, MarkedChoice, MarkedPair, MarkedQuestion, MarkedText, NextTry};
pub(crate) use draw::Drawn;
pub(crate) use ideas::{Attempted, ideas_of};
pub(crate) use mark::{Answer, Mark};
pub use quiz_entry::{FirstModule, QuizEntry, QuizState, Refreshes};
pub(crate) use quiz_entry::{quiz_state, refreshes};
pub(crate) use refresher::RefresherDraw;
pub use refresher::{RefreshedPage, Refresher};
pub use save_answer::SaveError;
pub use spend_time::{MOST_SECONDS, MOST_SECONDS_AT_ONCE};
pub(crate) use spend_time::{counts_time, take_seconds};
pub use start_attempt::StartError;
pub use submit_quiz::SubmitError;
pub(crate) use submit_quiz::{HandedIn, HowAttended, HowPassed, WhereDiscussed, completed_fact, taught};
pub use take_whole::TakeWholeError;
pub use withdraw_pass::{LONGEST_CORRECTION_REASON, WithdrawPassError};
