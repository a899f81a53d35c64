//! The content compiler: from Markdown and TOML under `content/` to a [`crate::catalogue::Catalogue`], with every
//! problem that an author should know about, each with its place.
//!
//! Invariants: compiling reads nothing but the [`Sources`] that it is given, depends on no clock, and never panics,
//! whatever is in them. No HTML that an author wrote gets through: all of it is made here.

mod about_question;
mod agreement;
mod call_out;
mod canonical;
mod captions;
mod choices;
mod citation;
mod clip;
mod clips;
mod code;
mod comment;
mod compile;
mod drawing;
mod facts;
mod heading;
mod image;
mod item;
mod kebab;
mod known;
mod link;
mod markdown;
mod media_file;
mod module;
mod nearest;
mod order;
mod organisation;
mod page;
mod pairs;
mod place;
mod problem;
mod programme;
mod prose;
mod question;
mod quiz;
mod quiz_outline;
mod read_front_matter;
mod read_toml;
mod read_value;
mod reading_age;
mod record;
mod scenario;
mod short_text;
mod sort_files;
mod source;
mod table;
mod truth;
mod twin;
mod twin_about;
mod twin_quiz;
mod wording;
mod write_ids;
mod write_quiz;

pub use canonical::{RebuildError, agreement_from_canonical, module_from_canonical};
pub(crate) use choices::MOST_OPTIONS;
pub use code::Code;
pub use compile::{Compiled, compile, draft};
pub(crate) use kebab::question_id;
pub(crate) use pairs::{FEWEST_PAIRS, MOST_PAIRS};
pub(crate) use problem::Report;
pub use problem::{Level, Problem};
pub(crate) use short_text::{LONGEST_TEXT, MOST_TEXTS};
pub(crate) use source::normalised;
pub use source::{ReadError, Sources};
pub(crate) use truth::is_truth;
pub use write_ids::with_question_ids;
pub use write_quiz::{NewChoice, NewForm, NewQuestion, NewQuiz, NewWording, escaped_markdown};
