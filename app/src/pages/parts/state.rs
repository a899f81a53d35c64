//! The words in which people read where they stand. They are written here once, and in a table in ARCHITECTURE.md; every page takes them
//! from here.

use chrono::{DateTime, TimeDelta, Utc};
use engine::{Cell, GateItem, Hold, Wanted, Why, count, local_date};
use leptos::prelude::*;
use model::Status;

use super::{
    dates::{clock, day_of},
    status::{Mark, mark},
};

/// What it is of which the state is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// A module.
    Module,
    /// An agreement, with how many modules it requires and how many of them are missing.
    Agreement {
        /// How many are missing.
        missing: usize,
        /// How many it requires.
        of: usize,
    },
}

/// Where somebody stands with one thing, as people read it: a mark, a word and a colour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// The word.
    pub word: String,
    mark: Mark,
    class: &'static str,
}

/// Everything that decides the state of one thing.
#[derive(Clone, Copy, Debug)]
pub struct Stands<'s> {
    /// What it is.
    pub of: Of,
    /// The status of its cell.
    pub status: Status,
    /// What is wanted.
    pub wanted: Option<&'s Wanted>,
    /// Whether what was done counts.
    pub counts: bool,
    /// Until when that counts.
    pub until: Option<DateTime<Utc>>,
    /// What keeps them from doing it.
    pub hold: Hold,
}

impl<'s> Stands<'s> {
    /// What a cell says, when nothing keeps them from doing the thing but what `hold` says.
    pub fn of_cell(of: Of, cell: &'s Cell, hold: Hold) -> Self {
        let until = cell.counts.and_then(|done| done.until);
        Self { of, status: cell.status, wanted: cell.wanted.as_ref(), counts: cell.counts.is_some(), until, hold }
    }

    /// What a module is to whoever wants to sign what requires it: there it is wanted, whatever else asks for it or excuses them.
    pub fn in_gate(item: &'s GateItem) -> Self {
        let cell = Self::of_cell(Of::Module, &item.cell, item.hold);
        match item.cell.status {
            Status::NotRequired | Status::Exempt if item.pass.is_ok() => Self { status: Status::Passed, ..cell },
            Status::NotRequired | Status::Exempt => Self { status: Status::NotStarted, ..cell },
            _ => cell,
        }
    }

    /// The state in words. `now` decides how a moment is told.
    pub fn state(self, now: DateTime<Utc>) -> State {
        let as_status = |word: String| State { word, mark: Mark::Status(self.status), class: self.status.code() };
        let again = match self.of {
            Of::Module => "Changed – take again",
            Of::Agreement { .. } => "Changed – sign again",
        };
        let done = match self.of {
            Of::Module => "Passed",
            Of::Agreement { .. } => "Signed",
        };
        match (self.hold, self.status) {
            (Hold::Tutor { .. }, _) if !self.counts => {
                return State { word: "Waiting for your tutor".to_owned(), mark: Mark::Waiting, class: "waiting" };
            }
            (Hold::Pause { until }, _) if !self.counts => {
                let word = format!("Try again from {}", clock(until, now));
                return State { word, mark: Mark::Waiting, class: "waiting" };
            }
            (_, Status::Overdue | Status::Expired) => return as_status(self.status.word().to_owned()),
            (Hold::Workshop, _) if !self.counts && self.of == Of::Module => {
                return State { word: "At a workshop".to_owned(), mark: Mark::Waiting, class: "waiting" };
            }
            (Hold::Declined { at, .. }, _) if !self.counts => {
                let word = format!("Declined on {}", day_of(at));
                return State { word, mark: Mark::Waiting, class: "waiting" };
            }
            _ => {}
        }
        // What counts and could be done again, but not now, does not say that it could.
        if let (true, Some(_), Some(kept)) = (self.counts, self.wanted, self.kept(done, now)) {
            return as_status(kept);
        }
        if self.wanted.is_some_and(|wanted| wanted.why == Why::Changed) {
            return State { word: again.to_owned(), mark: Mark::Again, class: "changed" };
        }
        match (self.status, self.of) {
            // What is wanted soon and cannot be done yet says for what it waits.
            (Status::DueSoon, Of::Agreement { missing, of }) if missing > 0 => {
                as_status(format!("{} – {}", self.status.word(), on_the_way(missing, of, "to sign")))
            }
            (Status::DueSoon, Of::Module) if self.hold == Hold::Gate => {
                as_status(format!("{} – opens later", self.status.word()))
            }
            (Status::DueSoon, _) => as_status(self.status.word().to_owned()),
            (Status::Passed, _) => as_status(match (self.wanted, self.until) {
                (Some(_), Some(until)) => format!("{done} until {} – renew from now", day_of(until)),
                (Some(_), None) => format!("{done} – renew from now"),
                (None, _) => done.to_owned(),
            }),
            (Status::NotStarted | Status::InProgress, Of::Module) if self.hold == Hold::Gate => {
                State { word: "Opens later".to_owned(), mark: Mark::Locked, class: "not-started" }
            }
            (Status::NotStarted | Status::InProgress, Of::Agreement { missing: 0, .. }) => {
                State { word: "Ready to sign".to_owned(), mark: Mark::Sign, class: "in-progress" }
            }
            (Status::NotStarted | Status::InProgress, Of::Agreement { missing, of }) => {
                let word = on_the_way(missing, of, "to sign");
                State { word, mark: Mark::Locked, class: "not-started" }
            }
            _ => as_status(self.status.word().to_owned()),
        }
    }
}

impl Stands<'_> {
    /// What is still good while something keeps somebody from renewing it. `None`: nothing does, or it is no longer good.
    fn kept(&self, done: &str, now: DateTime<Utc>) -> Option<String> {
        if !matches!(self.status, Status::Passed | Status::DueSoon) {
            return None;
        }
        let hindrance = match (self.hold, self.of) {
            (Hold::Tutor { .. }, _) => "waiting for your tutor".to_owned(),
            (Hold::Pause { until }, _) => format!("try again from {}", clock(until, now)),
            (Hold::Declined { at, .. }, _) => format!("declined on {}", day_of(at)),
            (Hold::Gate, Of::Agreement { missing, of }) => on_the_way(missing, of, "to sign again"),
            (Hold::Gate, Of::Module) => "opens later".to_owned(),
            (Hold::Workshop, _) => "at a workshop".to_owned(),
            (Hold::Nothing, _) => return None,
        };
        let until = self.until.map(|until| format!(" until {}", day_of(until))).unwrap_or_default();
        Some(format!("{done}{until} – {hindrance}"))
    }
}

/// How far somebody is with what has to be passed before they sign. Of nothing yet it is said what there is to do.
fn on_the_way(missing: usize, of: usize, what: &str) -> String {
    match of.saturating_sub(missing) {
        0 => format!("{} to pass first", count(of, "module", "modules")),
        passed => format!("{passed} of {of} {what}"),
    }
}

impl State {
    /// Draws it.
    pub fn pill(&self) -> impl IntoView + use<> {
        view! { <span class=format!("status {}", self.class)>{mark(self.mark)} " " <span>{self.word.clone()}</span></span> }
    }

    /// The same, said of somebody to another.
    #[must_use]
    pub fn of_another(self) -> Self {
        Self { word: self.word.replace("your tutor", "a tutor"), ..self }
    }

    /// The name of its colour.
    pub fn class(&self) -> &'static str {
        self.class
    }
}

/// One of each state that there is, in the order in which they count.
pub fn every_state(now: DateTime<Utc>) -> Vec<State> {
    let until = now + TimeDelta::days(55);
    let wanted = |why| Wanted { by: local_date(until), late: false, why, programme: None };
    let (new, changed, runs_out) = (wanted(Why::New), wanted(Why::Changed), wanted(Why::RunsOut));
    let nothing = |of, status| Stands { of, status, wanted: None, counts: false, until: None, hold: Hold::Nothing };
    let agreement = |missing| Of::Agreement { missing, of: 6 };
    let stands = |status, wanted| Stands { wanted: Some(wanted), ..nothing(Of::Module, status) };
    let all = [
        Stands { hold: Hold::Tutor { since: now }, ..stands(Status::InProgress, &new) },
        Stands { hold: Hold::Pause { until: now + TimeDelta::minutes(10) }, ..stands(Status::InProgress, &new) },
        stands(Status::Overdue, &new),
        stands(Status::Expired, &new),
        Stands {
            of: agreement(0),
            hold: Hold::Declined { at: now, again_on: local_date(until) },
            ..stands(Status::NotStarted, &new)
        },
        stands(Status::NotStarted, &changed),
        Stands { of: agreement(0), ..stands(Status::NotStarted, &changed) },
        Stands { of: agreement(3), ..stands(Status::DueSoon, &new) },
        Stands { hold: Hold::Gate, ..stands(Status::DueSoon, &new) },
        stands(Status::DueSoon, &new),
        Stands { of: agreement(0), ..stands(Status::NotStarted, &new) },
        Stands { of: agreement(3), ..stands(Status::NotStarted, &new) },
        Stands { of: agreement(6), ..stands(Status::NotStarted, &new) },
        Stands { hold: Hold::Gate, ..stands(Status::NotStarted, &new) },
        Stands { hold: Hold::Workshop, ..stands(Status::NotStarted, &new) },
        stands(Status::InProgress, &new),
        stands(Status::NotStarted, &new),
        Stands { counts: true, until: Some(until), ..stands(Status::Passed, &runs_out) },
        Stands {
            counts: true,
            until: Some(until),
            hold: Hold::Tutor { since: now },
            ..stands(Status::Passed, &runs_out)
        },
        Stands {
            counts: true,
            until: Some(until),
            hold: Hold::Pause { until: now + TimeDelta::minutes(10) },
            ..stands(Status::Passed, &runs_out)
        },
        Stands { counts: true, until: Some(until), hold: Hold::Workshop, ..stands(Status::Passed, &runs_out) },
        Stands {
            of: agreement(3),
            counts: true,
            until: Some(until),
            hold: Hold::Gate,
            ..stands(Status::Passed, &runs_out)
        },
        Stands {
            of: agreement(0),
            counts: true,
            until: Some(until),
            hold: Hold::Declined { at: now, again_on: local_date(until) },
            ..stands(Status::Passed, &runs_out)
        },
        nothing(Of::Module, Status::Passed),
        nothing(agreement(0), Status::Passed),
        nothing(Of::Module, Status::Exempt),
        nothing(Of::Module, Status::NotRequired),
    ];
    all.into_iter().map(|stands| stands.state(now)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn before_anything_is_passed_it_is_said_what_there_is_to_pass() {
        let said = [(1, 1), (2, 2), (1, 2)].map(|(missing, of)| on_the_way(missing, of, "to sign"));
        assert_eq!(said, ["1 module to pass first", "2 modules to pass first", "1 of 2 to sign"]);
    }

    /// The table "Words for where somebody stands" of ARCHITECTURE.md, held against what pages say.
    #[test]
    fn the_table_of_states_is_the_one_in_the_architecture() {
        let now = "2026-11-28T19:51:00Z".parse().unwrap();
        let written = include_str!("../../../../ARCHITECTURE.md");
        for state in every_state(now) {
            let row = format!("| {} | {:?} | `{}` |", state.word, state.mark, state.class);
            assert!(written.contains(&row), "ARCHITECTURE.md has no row {row}");
        }
    }
}
