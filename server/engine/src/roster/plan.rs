use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{DayOrder, Field};
use crate::{
    catalogue::Audience,
    ground::{GroupId, PersonId, said_day},
    people::PersonDetails as Details,
    record::Role,
    store::StoreError,
};

/// What a file would change, line by line. Nothing of it is written.
#[derive(Debug)]
pub struct Plan {
    /// In the order of the file.
    pub lines: Vec<LinePlan>,
    /// Who is here and not in the file. Nothing is done about them.
    pub not_in_file: Vec<NotInFile>,
    /// The paths of groups that are not there yet and would be made.
    pub new_groups: Vec<String>,
    /// In which order days are read that are written in numbers. `None`: no two readings differ, or it is not known.
    pub days: Option<DayOrder>,
    /// That the file writes some days with the day first and others with the month first, and nobody said which is meant.
    pub differ: Option<DaysDiffer>,
}

/// That a file writes days in both orders, each with the first line that can be read in no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DaysDiffer {
    /// The line with the day first.
    pub day_first: u32,
    /// The line with the month first.
    pub month_first: u32,
}

impl fmt::Display for DaysDiffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { day_first, month_first } = self;
        write!(
            f,
            "days are written both ways: that of line {day_first} has the day first, that of line {month_first} the month"
        )
    }
}

/// What a line would change.
#[derive(Debug)]
pub struct LinePlan {
    /// On which it begins, as editors and spreadsheet programs count.
    pub line: u32,
    /// Whom it is about, as it was understood.
    pub who: Box<str>,
    /// What it would do.
    pub outcome: Outcome,
    /// What whoever imports may not expect.
    pub notes: Vec<(Field, String)>,
    /// What is written when it is carried out, as it is kept until then: of a hundred thousand lines that takes half of what it takes otherwise.
    pub(super) work: Option<Packed>,
}

/// A [`Work`] as it is kept until it is carried out.
#[derive(Clone, Debug)]
pub(super) struct Packed(pub Box<str>);

impl Packed {
    /// # Errors
    /// [`StoreError`] when it cannot be written so, which does not happen.
    pub(super) fn of(work: &Work) -> Result<Self, StoreError> {
        let packed = serde_json::to_string(work).map_err(|_| StoreError::unreadable("line of an import"))?;
        Ok(Self(packed.into()))
    }

    /// # Errors
    /// [`StoreError`] when it is none.
    pub(super) fn open(&self) -> Result<Work, StoreError> {
        serde_json::from_str(&self.0).map_err(|_| StoreError::unreadable("line of an import"))
    }
}

/// What a line would do.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Somebody who is not known yet begins.
    New,
    /// Somebody who is known, with what changes.
    Changed(Vec<FieldChange>),
    /// Nothing.
    Unchanged,
    /// Nothing: they have left, and the line does not say that they begin anew.
    HasLeft,
    /// It cannot be carried out.
    Refused(Vec<LineFault>),
}

/// What changes of somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    /// Of what.
    pub field: Field,
    /// What is recorded; empty: nothing.
    pub from: String,
    /// What would be.
    pub to: String,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineFault {
    /// Where. `None`: in the line as a whole.
    pub field: Option<Field>,
    /// What stands there, as it was understood; of much of it the beginning.
    pub understood: String,
    /// What is wrong with it.
    pub problem: String,
    /// What whoever has the file can do.
    pub help: String,
    /// Whether it is put right as well by saying in which order the days of the file are written.
    pub by_order: bool,
}

/// Somebody who is here and not in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotInFile {
    /// Who it is.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// What they sign in with.
    pub email: Option<String>,
    /// What another system knows them by.
    pub external_id: Option<String>,
}

/// What a line has written when it is carried out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Work {
    /// `None`: somebody new.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// What is set of them; of somebody new, always.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub details: Option<Details>,
    /// From when on everything here holds.
    pub begins_on: NaiveDate,
    /// They had left.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub comes_back: bool,
    /// The group of the line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<InGroup>,
    /// Whether they come into it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub joins: bool,
    /// Memberships that end.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub leaves: Vec<(Uuid, GroupId)>,
    /// Audiences that begin.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub audiences: Vec<Audience>,
    /// And those that end.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ends: Vec<(Uuid, Audience)>,
    /// Duties that are given: those of a manager over the group of the line, the others everywhere.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub duties: Vec<Role>,
    /// The path of a group that is there, of somebody new, for whoever is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

/// A group that is there, or is to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum InGroup {
    Known(GroupId),
    At(String),
}

impl Plan {
    /// How many people would begin, change and stay as they are, how many have left, and how many lines are refused.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for line in &self.lines {
            *match line.outcome {
                Outcome::New => &mut counts.new,
                Outcome::Changed(_) => &mut counts.changed,
                Outcome::Unchanged => &mut counts.unchanged,
                Outcome::HasLeft => &mut counts.left,
                Outcome::Refused(_) => &mut counts.refused,
            } += 1;
        }
        counts
    }
}

/// How many lines of a plan do what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Somebody begins.
    pub new: u32,
    /// Somebody changes.
    pub changed: u32,
    /// Nothing would change.
    pub unchanged: u32,
    /// They have left.
    pub left: u32,
    /// They cannot be carried out.
    pub refused: u32,
}

impl LinePlan {
    /// What was understood of a line that would be carried out, field by field.
    #[must_use]
    pub fn understood(&self) -> Vec<(Field, String)> {
        let work = self.work.as_ref().filter(|_| self.outcome == Outcome::New).and_then(|work| work.open().ok());
        let Some(work) = work else { return Vec::new() };
        let details = work.details.unwrap_or_default();
        let mut all = vec![(Field::Name, details.name)];
        all.extend(details.email.map(|email| (Field::Email, email)));
        all.extend(details.external_id.map(|id| (Field::ExternalId, id)));
        all.push((Field::Role, words_of(&work.audiences, &work.duties)));
        let path = match work.group {
            Some(InGroup::At(path)) => Some(path),
            _ => work.path,
        };
        all.extend(path.map(|path| (Field::Group, path)));
        all.push((Field::StartDate, said_day(work.begins_on)));
        all
    }
}

/// Audiences and duties as the column "role" writes them.
pub(super) fn words_of(audiences: &[Audience], duties: &[Role]) -> String {
    let words = audiences.iter().map(Audience::as_str).chain(duties.iter().map(|role| role.code()));
    words.collect::<Vec<_>>().join(", ")
}
