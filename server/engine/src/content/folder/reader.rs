//! Who reads a folder: what is known, what its files refer to, and what is wrong with them.

use std::{collections::BTreeSet, fmt::Display};

use model::ModuleSlug;

use super::files::Files;
use crate::content::{
    problems::{Code, Level, Problem, Report},
    prose::{Gathered, Known},
};

/// Reads one folder: that of a module, or that of one of its twins.
pub(crate) struct FolderReader<'k> {
    pub(crate) slug: &'k ModuleSlug,
    folder: String,
    pub(crate) known: Known<'k>,
    pub(crate) gathered: Gathered,
    pub(crate) problems: Vec<Problem>,
    /// Whether a file has an error.
    pub(crate) failed: bool,
}

impl<'k> FolderReader<'k> {
    /// The reader of the module's own folder. `incomplete` says that there are files which are not text.
    pub(crate) fn of_module(slug: &'k ModuleSlug, known: Known<'k>, incomplete: bool) -> Self {
        Self {
            slug,
            folder: format!("modules/{slug}"),
            known,
            gathered: Gathered { incomplete, ..Gathered::default() },
            problems: Vec::new(),
            failed: false,
        }
    }

    /// A file that must be there.
    pub(crate) fn file<'f>(
        &mut self,
        name: &'static str,
        files: &Files<'f>,
        not_text: &BTreeSet<&str>,
    ) -> Option<&'f str> {
        let file = files.get(name).copied();
        if file.is_none() && !not_text.contains(name) {
            let mut report = self.report(name, "");
            report.error(0, Code::MissingFile, "This file is missing.", format!("Add a file `{name}` to the module."));
            self.close(report);
        }
        file
    }

    pub(crate) fn report<'t>(&self, file: &str, text: &'t str) -> Report<'t> {
        Report::new(self.path(file), text)
    }

    /// The path of a file of the folder, below `content/`.
    pub(crate) fn path(&self, file: &str) -> String {
        format!("{}/{file}", self.folder)
    }

    /// The reader of a folder below this one.
    pub(crate) fn below(&self, folder: impl Display) -> Self {
        Self {
            slug: self.slug,
            folder: self.path(&folder.to_string()),
            known: self.known,
            gathered: Gathered::default(),
            problems: Vec::new(),
            failed: false,
        }
    }

    pub(crate) fn close(&mut self, report: Report<'_>) {
        self.take(report.into_problems());
    }

    pub(crate) fn take(&mut self, problems: Vec<Problem>) {
        self.failed |= problems.iter().any(|problem| problem.level == Level::Error);
        self.problems.extend(problems);
    }
}
