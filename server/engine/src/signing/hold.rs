use chrono::{DateTime, NaiveDate, Utc};

use super::gate::{self, Gate, GateItem};
use crate::{
    catalogue::{Agreement, Module},
    quiz::{QuizState, quiz_state},
    record::Decline,
    standing::Situation,
};

/// What keeps somebody from doing what is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// Nothing: it can be done now.
    Nothing,
    /// Passes are missing that can be earned now.
    Gate,
    /// A pause after an attempt that did not pass.
    Pause {
        /// When it ends.
        until: DateTime<Utc>,
    },
    /// Their attempts, or those at a module that an agreement requires, are used up; a tutor has been asked.
    Tutor {
        /// Since when.
        since: DateTime<Utc>,
    },
    /// It is passed at a workshop only.
    Workshop,
    /// They declined to sign it, and are not asked again yet. It can be signed all the same.
    Declined {
        /// When.
        at: DateTime<Utc>,
        /// The day from which on they are asked again.
        again_on: NaiveDate,
    },
}

impl Hold {
    /// What a decline keeps somebody from on a day: nothing once they are asked again.
    #[must_use]
    pub fn of_decline(declined: Option<&Decline>, day: NaiveDate) -> Option<Self> {
        let decline = declined.filter(|decline| decline.waits_on(day))?;
        Some(Self::Declined { at: decline.at, again_on: decline.asks_again_on })
    }

    /// What the state of a quiz keeps somebody from.
    #[must_use]
    pub fn of_quiz(state: &QuizState) -> Self {
        match state {
            QuizState::CoolingDown { until, .. } => Self::Pause { until: *until },
            QuizState::LockedOut { since } => Self::Tutor { since: *since },
            QuizState::ModulesFirst { .. } => Self::Gate,
            QuizState::AtWorkshop => Self::Workshop,
            QuizState::Ready { .. } | QuizState::PagesFirst { .. } | QuizState::Open(_) | QuizState::Passed(_) => {
                Self::Nothing
            }
        }
    }

    /// Whether nothing can, or need, be done about it now.
    #[must_use]
    pub fn waits(self) -> bool {
        matches!(self, Self::Pause { .. } | Self::Tutor { .. } | Self::Workshop | Self::Declined { .. })
    }
}

/// What keeps somebody from passing a module now.
pub(crate) fn module_hold(situation: &Situation, module: &Module) -> Hold {
    module_gate(situation, module).0
}

/// The same, with what is to be passed before it.
pub(crate) fn module_gate(situation: &Situation, module: &Module) -> (Hold, Vec<GateItem>) {
    match quiz_state(situation, module) {
        QuizState::ModulesFirst { modules } => {
            let gate = gate::of_first(situation, &modules);
            (gate.hold(), gate.items)
        }
        state => (Hold::of_quiz(&state), Vec::new()),
    }
}

/// What keeps somebody from signing an agreement now, with what is to be passed before.
pub(crate) fn agreement_gate(situation: &Situation, agreement: &Agreement) -> (Hold, Gate) {
    let gate = gate::decide(situation, agreement);
    let declined = Hold::of_decline(situation.declined(&agreement.slug), situation.today);
    (declined.unwrap_or_else(|| gate.hold()), gate)
}
