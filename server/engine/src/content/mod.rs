//! The content compiler: from Markdown and TOML under `content/` to a [`crate::catalogue::Catalogue`], with every
//! problem that an author should know about, each with its place.
//!
//! Invariants: compiling reads nothing but the [`Sources`] that it is given, depends on no clock, and never panics,
//! whatever is in them. No HTML that an author wrote gets through: all of it is made here.
//!
//! Each room imports from those before it in this list and from none after it. Rooms: `text`, `problems`, `fields`, `media`, `prose`,
//! `quiz`, `folder`, `twin`. The files beside them compile the whole: they import from all rooms, and no room from them.

mod fields;
mod folder;
mod helpline_readers;
mod link_readers;
mod look;
mod media;
mod problems;
mod prose;
mod quiz;
mod text;
mod twin;

mod agreement;
mod agreement_twin;
mod canonical;
mod compile;
mod facts;
mod mend_file;
mod module;
mod module_about;
mod organisation;
mod programme;
mod provider_page;
mod rebuild;
mod references;
mod requirement_circles;
mod sort_files;
mod source;

pub use compile::{Compiled, compile, draft};
pub use mend_file::mended_file;
pub(crate) use problems::Report;
pub use problems::{Code, Level, Problem};
pub(crate) use prose::review_note;
pub use prose::{
    DaleChall, FamiliarWords, FamiliarWordsError, HelpWords, ReadingMeasures, printed, printed_with_numbers,
    reading_measures,
};
pub(crate) use provider_page::provider_pages;
pub(crate) use quiz::{
    FEWEST_PAIRS, LONGEST_TEXT, MOST_OPTIONS, MOST_PAIRS, MOST_TEXTS, QuestionIds, Shown, is_truth, leans, says,
    warn_of_given_away, words_of,
};
pub use quiz::{NewChoice, NewForm, NewQuestion, NewQuiz, NewWording, escaped_markdown, with_question_ids};
pub use rebuild::{RebuildError, agreement_from_canonical, module_from_canonical};
pub use source::{ReadError, Sources};
pub(crate) use text::{nearest, normalised, seen, what_counts};
