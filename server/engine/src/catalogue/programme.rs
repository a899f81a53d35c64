use chrono::NaiveDate;
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
    /// When it is due.
    pub schedule: Schedule,
    /// Its modules, in order.
    pub modules: Vec<ModuleSlug>,
    /// Its agreements, in order.
    pub agreements: Vec<AgreementSlug>,
}

/// When a programme is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Schedule {
    /// Once.
    Once {
        /// Days from a person's start date until it is due.
        days: u32,
    },
    /// Anew in every company year.
    CompanyYear(CompanyYear),
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
