use engine::content::{Level, Problem};
use leptos::prelude::*;
use model::Status;

use crate::pages::parts::{Mark, count, mark};

/// How many problems there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
}

impl Tally {
    /// Counts problems.
    pub fn of<'p>(problems: impl IntoIterator<Item = &'p Problem>) -> Self {
        problems.into_iter().fold(Self::default(), |tally, problem| match problem.level {
            Level::Error => Self { errors: tally.errors + 1, ..tally },
            Level::Warning => Self { warnings: tally.warnings + 1, ..tally },
        })
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }

    pub(super) fn words(self) -> String {
        let errors = count(self.errors, "error", "errors");
        let warnings = count(self.warnings, "warning", "warnings");
        match (self.errors, self.warnings) {
            (0, 0) => "No problems".to_owned(),
            (0, _) => warnings,
            (_, 0) => errors,
            _ => format!("{errors}, {warnings}"),
        }
    }

    pub(super) fn shown(self) -> impl IntoView + use<> {
        let (class, sign) = match (self.errors, self.warnings) {
            (0, 0) => ("status passed", Mark::Status(Status::Passed)),
            (0, _) => ("status due-soon", Mark::Warning),
            _ => ("status overdue", Mark::Warning),
        };
        view! { <span class=class>{mark(sign)} " " {self.words()}</span> }
    }
}
