//! One folder of a module, its own or that of a twin: its pages, drawings and clips, and what is wrong with them.
//!
//! Invariants: a problem in a file fails its folder; a file that nothing shows or plays is said.

mod clips;
mod drawings;
mod files;
mod page;
mod reader;

pub(super) use clips::is_of_clip;
pub(super) use files::{ABOUT, ByFolder, Files, FolderFiles, QUIZ};
pub(super) use page::read_page;
pub(super) use reader::FolderReader;
