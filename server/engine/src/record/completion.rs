use std::fmt;

use chrono::{DateTime, Utc};
use model::ModuleSlug;

use super::{certificate_code::insert_codes, dossier::kept_twin, marks::Marks};
use crate::{
    catalogue::TwinName,
    ground::{AttemptId, Chance, CompletionId, DiscussionId, PersonId, WorkshopId},
    store::{Linked, StoreError, insert_all, on},
};

/// A pass, as it was when it was earned. It is never changed and never recomputed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// Its id.
    pub id: CompletionId,
    /// Which module.
    pub module: ModuleSlug,
    /// Which version of it, by its number.
    pub version: u32,
    /// Which edition that version belongs to.
    pub edition: u32,
    /// The attempt that earned it. `None`: it was not earned by one.
    pub attempt: Option<AttemptId>,
    /// The workshop at which they were. `None`: it was earned by an attempt.
    pub workshop: Option<WorkshopId>,
    /// The discussion in which the module had been worked through before, as both confirmed. `None`: none was held.
    pub discussion: Option<DiscussionId>,
    /// Of a refresher, the number of the version that had been passed before and since which it asked. `None`: it was none.
    pub refreshes: Option<u32>,
    /// Marks earned. None, of none, where nothing was marked.
    pub earned: Marks,
    /// Marks that could be earned.
    pub possible: Marks,
    /// Minutes of CPD, as the author says them.
    pub minutes: u32,
    /// How many pages of the module had been opened by then. Pages that begin with who can help count for nobody.
    pub pages_opened: u32,
    /// How many such pages it has.
    pub pages: u32,
    /// The twin in whose words it was earned. `None`: in those that were written first.
    pub twin: Option<TwinName>,
    /// When the attempt, or the workshop, was begun.
    pub started_at: DateTime<Utc>,
    /// When it was earned.
    pub completed_at: DateTime<Utc>,
    /// Until when it counts.
    pub expires_at: DateTime<Utc>,
    /// That it was recorded wrongly, and counts for nothing since. `None`: it was not.
    pub withdrawn: Option<Withdrawn>,
}

/// How many pages of a module somebody had opened when they passed it. It says nothing about whether they read them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PagesOpened {
    /// How many.
    pub opened: u32,
    /// How many there are. Pages that begin with who can help count for nobody.
    pub of: u32,
}

impl fmt::Display for PagesOpened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.opened, self.of) {
            (0, 1) => write!(f, "the page not opened"),
            (1, 1) => write!(f, "the page opened"),
            (0, _) => write!(f, "no page opened"),
            (opened, of) if opened == of => write!(f, "all {of} pages opened"),
            (opened, of) => write!(f, "{opened} of {of} pages opened"),
        }
    }
}

/// How a pass was earned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HowEarned {
    /// By an attempt at the whole quiz.
    Quiz,
    /// By an attempt that asked about what had changed since an earlier pass, and about what had been answered wrongly.
    Refresher,
    /// By having been at a workshop.
    Workshop,
    /// By an attempt at the whole quiz, after the module had been worked through with a tutor, as both confirmed.
    SideBySide,
}

impl HowEarned {
    /// As files for programs have it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Quiz => "online",
            Self::Refresher => "refresher",
            Self::Workshop => "workshop",
            Self::SideBySide => "side-by-side",
        }
    }

    /// As the signed log says it. `None`: it says nothing of it.
    pub(crate) fn logged(self) -> Option<audit::Earned> {
        match self {
            Self::Quiz => None,
            Self::Refresher => Some(audit::Earned::Refresher),
            Self::Workshop => Some(audit::Earned::Workshop),
            Self::SideBySide => Some(audit::Earned::SideBySide),
        }
    }

    /// By what its row says: of a refresher since which version, of a workshop which, and which discussion went before it.
    pub(crate) fn of(refreshes: Option<u32>, workshop: Option<WorkshopId>, discussion: Option<DiscussionId>) -> Self {
        match (refreshes, workshop, discussion) {
            (Some(_), ..) => Self::Refresher,
            (None, Some(_), _) => Self::Workshop,
            (None, None, Some(_)) => Self::SideBySide,
            (None, None, None) => Self::Quiz,
        }
    }
}

impl Completion {
    /// How it was earned.
    #[must_use]
    pub fn how(&self) -> HowEarned {
        HowEarned::of(self.refreshes, self.workshop, self.discussion)
    }

    /// How many pages had been opened by then. `None`: it was not earned by reading.
    #[must_use]
    pub fn opened(&self) -> Option<PagesOpened> {
        let attempted = self.attempt.filter(|_| self.pages > 0);
        attempted.map(|_| PagesOpened { opened: self.pages_opened, of: self.pages })
    }
}

/// That a pass was recorded wrongly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Withdrawn {
    /// When that was recorded.
    pub at: DateTime<Utc>,
    /// What was wrong.
    pub why: WrongBecause,
}

/// What was wrong with a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongBecause {
    /// Another person earned it.
    WrongPerson,
    /// It was earned at another time.
    WrongDate,
    /// It was never earned.
    NeverHappened,
    /// What was answered was not their own.
    NotTheirOwn,
    /// Something else.
    Other,
}

impl WrongBecause {
    /// All of them.
    pub const EVERY: [Self; 5] =
        [Self::NotTheirOwn, Self::NeverHappened, Self::WrongPerson, Self::WrongDate, Self::Other];

    /// As the database, forms and the log have it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::WrongPerson => "wrong-person",
            Self::WrongDate => "wrong-date",
            Self::NeverHappened => "never-happened",
            Self::NotTheirOwn => "not-their-own",
            Self::Other => "other",
        }
    }

    /// Reads its code. `None`: there is none such.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::EVERY.into_iter().find(|why| why.code() == code)
    }

    /// As the log says it.
    pub(crate) fn logged(self) -> audit::Correction {
        match self {
            Self::WrongPerson => audit::Correction::WrongPerson,
            Self::WrongDate => audit::Correction::WrongDate,
            Self::NeverHappened => audit::Correction::NeverHappened,
            Self::NotTheirOwn => audit::Correction::NotTheirOwn,
            Self::Other => audit::Correction::Other,
        }
    }
}

#[derive(sqlx::FromRow)]
struct CompletionRow {
    id: CompletionId,
    module: String,
    version: i64,
    edition: i64,
    attempt_id: Option<AttemptId>,
    workshop_id: Option<WorkshopId>,
    discussion_id: Option<DiscussionId>,
    refreshes: Option<i64>,
    earned: i64,
    possible: i64,
    minutes: i64,
    pages_opened: i64,
    pages: i64,
    twin: Option<String>,
    started_at: DateTime<Utc>,
    completed_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    withdrawn_at: Option<DateTime<Utc>>,
    code: Option<String>,
}

impl TryFrom<CompletionRow> for Completion {
    type Error = StoreError;

    fn try_from(row: CompletionRow) -> Result<Self, StoreError> {
        let count = |number: i64| u32::try_from(number).map_err(|_| StoreError::unreadable("completion"));
        Ok(Self {
            id: row.id,
            module: ModuleSlug::new(row.module).map_err(|_| StoreError::unreadable("completion"))?,
            version: count(row.version)?,
            edition: count(row.edition)?,
            attempt: row.attempt_id,
            workshop: row.workshop_id,
            discussion: row.discussion_id,
            refreshes: row.refreshes.map(count).transpose()?,
            earned: Marks::hundredths(count(row.earned)?),
            possible: Marks::hundredths(count(row.possible)?),
            minutes: count(row.minutes)?,
            pages_opened: count(row.pages_opened)?,
            pages: count(row.pages)?,
            twin: kept_twin(row.twin, "completion")?,
            started_at: row.started_at,
            completed_at: row.completed_at,
            expires_at: row.expires_at,
            withdrawn: withdrawn(row.withdrawn_at, row.code.as_deref())?,
        })
    }
}

/// What two columns of a correction say, which are empty together.
pub(crate) fn withdrawn(at: Option<DateTime<Utc>>, code: Option<&str>) -> Result<Option<Withdrawn>, StoreError> {
    let why = |code| WrongBecause::parse(code).ok_or_else(|| StoreError::unreadable("correction"));
    at.zip(code).map(|(at, code)| Ok(Withdrawn { at, why: why(code)? })).transpose()
}

/// A condition of a completion, `c`: that it was not withdrawn. The name `k` means something else within it.
macro_rules! not_withdrawn {
    () => {
        "(SELECT COUNT(*) FROM correction k WHERE k.completion_id = c.id) = 0"
    };
}
pub(crate) use not_withdrawn;

const FIND_COMPLETIONS: &str = "SELECT c.id, c.module, c.version, c.edition, c.attempt_id, c.workshop_id, c.discussion_id, c.refreshes, c.earned, c.possible, c.minutes, c.pages_opened, c.pages, c.twin, \
     c.started_at, c.completed_at, c.expires_at, w.recorded_at AS withdrawn_at, w.code \
     FROM completion c LEFT JOIN correction w ON w.completion_id = c.id WHERE c.person_id = $1 ORDER BY c.completed_at, c.id";

const INSERT_COMPLETIONS: &str = "INSERT INTO completion (id, person_id, module, version, edition, attempt_id, workshop_id, discussion_id, refreshes, earned, possible, \
     minutes, pages_opened, pages, twin, started_at, completed_at, expires_at)";

/// All completions of a person, oldest first.
pub(crate) async fn find_completions(
    on_what: &mut impl Linked,
    person: PersonId,
) -> Result<Vec<Completion>, StoreError> {
    let rows: Vec<CompletionRow> =
        on!(on_what.link(), conn => sqlx::query_as(FIND_COMPLETIONS).bind(person).fetch_all(conn).await)?;
    rows.into_iter().map(Completion::try_from).collect()
}

/// Records passes of one person, each with the code of its certificate.
pub(crate) async fn insert_completions(
    on_what: &mut impl Linked,
    chance: &dyn Chance,
    person: PersonId,
    completions: &[Completion],
) -> Result<(), StoreError> {
    // SQLite takes 32,766 values in one statement.
    for some in completions.chunks(1000) {
        insert_all!(on_what, INSERT_COMPLETIONS, 18, some, |query, completion| query
            .bind(completion.id)
            .bind(person)
            .bind(completion.module.as_str())
            .bind(i64::from(completion.version))
            .bind(i64::from(completion.edition))
            .bind(completion.attempt)
            .bind(completion.workshop)
            .bind(completion.discussion)
            .bind(completion.refreshes.map(i64::from))
            .bind(i64::from(completion.earned.in_hundredths()))
            .bind(i64::from(completion.possible.in_hundredths()))
            .bind(i64::from(completion.minutes))
            .bind(i64::from(completion.pages_opened))
            .bind(i64::from(completion.pages))
            .bind(completion.twin.map(String::from))
            .bind(completion.started_at)
            .bind(completion.completed_at)
            .bind(completion.expires_at))?;
        insert_codes(on_what, chance, some.iter().map(|completion| completion.id)).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_many_pages_were_opened_is_said_plainly_of_none_one_and_all() {
        let said = [(0, 1), (1, 1), (0, 5), (1, 5), (5, 5)].map(|(opened, of)| PagesOpened { opened, of }.to_string());
        let plain =
            ["the page not opened", "the page opened", "no page opened", "1 of 5 pages opened", "all 5 pages opened"];
        assert_eq!(said, plain);
    }
}
