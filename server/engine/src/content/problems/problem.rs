//! What is wrong with content, and where.

use std::{cell::OnceCell, fmt};

use serde::Serialize;

use super::code::Code;
use crate::content::text::Places;

/// Something that an author should know about, with its place.
///
/// It is shown as `path:line:column: level[code]: message`, and a second line `  help: …` when there is help.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Problem {
    /// The file, relative to `content/`, with `/` between its parts.
    pub path: String,
    /// The line, counted from 1.
    pub line: u32,
    /// The column in characters, counted from 1.
    pub column: u32,
    /// Whether it keeps what stands in the file out of the catalogue.
    pub level: Level,
    /// A name for this kind of problem that never changes, such as `no-right-answer`.
    pub code: Code,
    /// One sentence that says what is wrong.
    pub message: String,
    /// One sentence that says how to put it right.
    pub help: Option<String>,
}

/// How much a problem matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// It should be looked at; the content is used all the same.
    Warning,
    /// What it stands in is left out of the catalogue.
    Error,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, line, column, level, code, message, help } = self;
        write!(f, "{path}:{line}:{column}: {level}[{code}]: {message}")?;
        match help {
            Some(help) => write!(f, "\n  help: {help}"),
            None => Ok(()),
        }
    }
}

/// Collects the problems of one file; places are given as byte offsets into its text.
pub(crate) struct Report<'t> {
    path: String,
    text: &'t str,
    problems: Vec<Problem>,
    errors: usize,
    places: OnceCell<Places<'t>>,
}

impl<'t> Report<'t> {
    pub(crate) fn new(path: impl Into<String>, text: &'t str) -> Self {
        Self { path: path.into(), text, problems: Vec::new(), errors: 0, places: OnceCell::new() }
    }

    pub(crate) fn error(&mut self, at: usize, code: Code, message: impl Into<String>, help: impl Into<String>) {
        self.add(at, Level::Error, code, message.into(), help.into());
    }

    pub(crate) fn warn(&mut self, at: usize, code: Code, message: impl Into<String>, help: impl Into<String>) {
        self.add(at, Level::Warning, code, message.into(), help.into());
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.error_count() > 0
    }

    pub(crate) fn error_count(&self) -> usize {
        self.errors
    }

    /// The line of a place, counted from 1.
    pub(crate) fn line_of(&self, at: usize) -> u32 {
        self.place(at).0
    }

    /// The rest of the line that begins or goes on at a place.
    pub(crate) fn line_from(&self, at: usize) -> &str {
        let rest = &self.text[self.text.floor_char_boundary(at)..];
        rest.split('\n').next().unwrap_or_default()
    }

    /// Whether a backslash stands before a place.
    pub(crate) fn is_escaped(&self, at: usize) -> bool {
        self.text[..self.text.floor_char_boundary(at)].ends_with('\\')
    }

    pub(crate) fn into_problems(self) -> Vec<Problem> {
        self.problems
    }

    fn place(&self, at: usize) -> (u32, u32) {
        self.places.get_or_init(|| Places::of(self.text)).place(at)
    }

    fn add(&mut self, at: usize, level: Level, code: Code, message: String, help: String) {
        let (line, column) = self.place(at);
        self.errors += usize::from(level == Level::Error);
        self.problems.push(Problem { path: self.path.clone(), line, column, level, code, message, help: Some(help) });
    }
}
