use chrono::{Datelike as _, NaiveDate};
use model::{AgreementSlug, ModuleSlug, ProgrammeSlug};
use serde::{Deserialize, Serialize};

use super::Audience;

/// Modules and agreements in the order in which people do them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Programme {
    /// Its name.
    pub slug: ProgrammeSlug,
    /// Its title.
    pub title: String,
    /// One sentence.
    pub summary: String,
    /// For whom it is.
    pub audience: Vec<Audience>,
    /// Whether nobody has it but whom somebody gives it to. If not, everybody whom it is written for has it once it is published.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_hand: bool,
    /// When it is due.
    pub schedule: Schedule,
    /// Its modules, in order.
    pub modules: Vec<ModuleSlug>,
    /// Its agreements, in order.
    pub agreements: Vec<AgreementSlug>,
}

impl Programme {
    /// The audiences that have it once it is published.
    pub(crate) fn given_to(&self) -> &[Audience] {
        if self.by_hand { &[] } else { &self.audience }
    }
}

/// When a programme is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Schedule {
    /// Once.
    Once {
        /// Days from a person's start date until it is due.
        days: u32,
        /// The day by which it is due from all who have had so many days by then. `None`: from everybody after their days.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        on: Option<NaiveDate>,
    },
    /// Anew in every company year.
    CompanyYear(CompanyYear),
    /// Anew in every year that begins with the anniversary of a person's start date.
    OwnYear {
        /// How many days before it begins what is done counts for it already.
        window: u32,
        /// Days from its first day until its parts are due.
        due_days: u32,
    },
}

impl Schedule {
    /// The years over which it is asked anew of somebody from whom it is wanted since `start`. `None`: it is asked once.
    pub(crate) fn year(self, start: NaiveDate) -> Option<CompanyYear> {
        match self {
            Self::Once { .. } => None,
            Self::CompanyYear(year) => Some(year),
            Self::OwnYear { window, due_days } => Some(CompanyYear::of_ones_own(start, window, due_days)),
        }
    }
}

impl CompanyYear {
    /// The years of somebody of whom something is asked since `start`: each begins with the anniversary of that day.
    pub(crate) fn of_ones_own(start: NaiveDate, window: u32, due_days: u32) -> Self {
        // Not every year has a 29 February.
        let first_day = if (start.month(), start.day()) == (2, 29) { start.pred_opt() } else { Some(start) };
        Self { first_day: first_day.unwrap_or(start), window, due_days }
    }
}

/// A year that begins on a day of the provider's choice, and what is due in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompanyYear {
    /// Its first day, in any year; never 29 February.
    pub first_day: NaiveDate,
    /// How many days before it begins what is done counts for it already.
    pub window: u32,
    /// Days from its first day, or from a later start date, until its parts are due.
    pub due_days: u32,
}
