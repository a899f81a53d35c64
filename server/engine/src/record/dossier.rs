use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{DateTime, NaiveDate, Utc};
use model::{ModuleSlug, PageSlug, ProgrammeSlug};

use super::{
    completion::{Completion, find_completions},
    decline::{Decline, find_declines},
    person_facts::{PersonFacts, find_person_facts},
    signature::{Signature, find_signatures},
    thing::Thing,
};
use crate::{
    catalogue::{Audience, TwinName},
    ground::{AttemptId, Cache, Dated, GroupId, PersonId},
    store::{Linked, StoreError, on},
};

/// Everything that is recorded about one person, and what is assigned to everybody: what `standing` is decided from.
#[derive(Clone, Debug)]
pub(crate) struct Dossier {
    pub facts: PersonFacts,
    /// In which words they read. `None`: in those that were written first.
    pub twin: Option<TwinName>,
    /// Oldest first.
    pub completions: Vec<Completion>,
    /// Oldest first.
    pub signatures: Vec<Signature>,
    /// What they declined to sign, oldest first.
    pub declines: Vec<Decline>,
    /// Oldest first.
    pub attempts: Vec<AttemptFact>,
    /// The pages that they have read, by module and edition.
    pub read: BTreeMap<(ModuleSlug, u32), BTreeSet<PageSlug>>,
    pub exemptions: Vec<Dated<Exemption>>,
    /// Whatever may be theirs: to them, to any group and to any audience.
    pub assignments: Vec<Dated<Assignment>>,
}

impl Dossier {
    /// When the last of what they did was recorded. `None`: they have done nothing.
    pub(crate) fn last_recorded(&self) -> Option<DateTime<Utc>> {
        let passed = self.completions.iter().map(|completion| completion.completed_at);
        let signed = self.signatures.iter().map(|signature| signature.signed_at);
        let handed_in = self.attempts.iter().filter_map(|attempt| attempt.outcome).map(|(at, _)| at);
        let withdrawn =
            self.completions.iter().filter_map(|completion| completion.withdrawn).map(|withdrawn| withdrawn.at);
        let declined = self.declines.iter().map(|decline| decline.at);
        passed.chain(signed).chain(handed_in).chain(declined).chain(withdrawn).max()
    }
}

/// An attempt, so far as it decides what may be done next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AttemptFact {
    pub id: AttemptId,
    pub module: ModuleSlug,
    pub edition: u32,
    /// When it was handed in, and whether it passed. `None`: it is open.
    pub outcome: Option<(DateTime<Utc>, bool)>,
    /// Whether it asks what a refresher asks.
    pub refreshes: bool,
    /// When the tutor was asked to step in because of it, and how many more attempts were given since.
    pub task: Option<(DateTime<Utc>, Option<u32>)>,
}

/// Somebody excused from something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Exemption {
    pub thing: Thing,
    /// The first day on which it no longer holds. `None`: it was given for good.
    pub given_before: Option<NaiveDate>,
}

/// A programme, and to whom it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Assignment {
    pub programme: ProgrammeSlug,
    pub to: AssignedTo,
}

/// To whom a programme was given.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AssignedTo {
    /// To everybody in an audience.
    Audience(Audience),
    /// To a group and those below it.
    Group(GroupId),
    /// To one person.
    Person(PersonId),
}

/// Which revisions hold: of what is recorded about a person, of the groups and what is assigned, of what is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct Revisions {
    #[sqlx(rename = "revision")]
    pub person: i64,
    pub organised: i64,
    pub published: i64,
}

/// Dossiers by person, in the revisions of the person and of what is organised.
pub(crate) type Dossiers = Cache<PersonId, (i64, i64), Dossier>;

/// The columns of [`Revisions`] from `person p`.
macro_rules! revision_columns {
    () => {
        "p.revision, (SELECT r.number FROM revision r WHERE r.name = 'organised') AS organised, \
         (SELECT r.number FROM revision r WHERE r.name = 'published') AS published"
    };
}
pub(crate) use revision_columns;

const FIND_REVISIONS: &str = concat!("SELECT ", revision_columns!(), " FROM person p WHERE p.id = $1");

const FIND_DETAIL: &str = "SELECT d.name, c.twin FROM person_detail d LEFT JOIN chosen_twin c ON c.person_id = d.person_id \
     WHERE d.person_id = $1";

const FIND_ATTEMPTS: &str = "SELECT a.id, a.module, a.edition, a.submitted_at, a.passed, a.refresher IS NOT NULL, t.opened_at, g.attempts \
     FROM attempt a LEFT JOIN tutor_task t ON t.attempt_id = a.id LEFT JOIN attempts_given g ON g.task_id = t.id \
     WHERE a.person_id = $1 ORDER BY a.started_at, a.number, a.id";

const FIND_READ: &str = "SELECT module, edition, page FROM page_read WHERE person_id = $1";

const FIND_EXEMPTIONS: &str = "SELECT kind, slug, given_before, begins_on, recorded_at, ends_before, end_recorded_at \
     FROM exemption WHERE person_id = $1 ORDER BY recorded_at, id";

const FIND_ASSIGNMENTS: &str = "SELECT programme, audience, group_id, person_id, begins_on, recorded_at, ends_before, \
     end_recorded_at FROM assignment WHERE person_id = $1 OR person_id IS NULL ORDER BY recorded_at, id";

/// Which revisions hold for a person now. `None`: there is no such person.
pub(crate) async fn find_revisions(
    on_what: &mut impl Linked,
    person: PersonId,
) -> Result<Option<Revisions>, StoreError> {
    on!(on_what.link(), conn => sqlx::query_as(FIND_REVISIONS).bind(person).fetch_optional(conn).await)
}

/// What is recorded about a person in these revisions, from the cache if it is there.
pub(crate) async fn find_dossier(
    on_what: &mut impl Linked,
    cache: &Dossiers,
    person: PersonId,
    revisions: Revisions,
) -> Result<Arc<Dossier>, StoreError> {
    let revision = (revisions.person, revisions.organised);
    if let Some(kept) = cache.get(&person, &revision) {
        return Ok(kept);
    }
    let dossier = Arc::new(read_dossier(on_what, person).await?);
    if on_what.reads_committed() {
        cache.put(person, revision, Arc::clone(&dossier));
    }
    Ok(dossier)
}

async fn read_dossier(on_what: &mut impl Linked, person: PersonId) -> Result<Dossier, StoreError> {
    let detail: Option<(String, Option<String>)> =
        on!(on_what.link(), conn => sqlx::query_as(FIND_DETAIL).bind(person).fetch_optional(conn).await)?;
    let (name, twin) = detail.unwrap_or_default();
    Ok(Dossier {
        facts: find_person_facts(on_what, person, name).await?,
        twin: kept_twin(twin, "chosen words")?,
        completions: find_completions(on_what, person).await?,
        signatures: find_signatures(on_what, person).await?,
        declines: find_declines(on_what, person).await?,
        attempts: find_attempts(on_what, person).await?,
        read: find_read(on_what, person).await?,
        exemptions: find_exemptions(on_what, person).await?,
        assignments: find_assignments(on_what, person).await?,
    })
}

/// The twin of a column that holds the name of its folder, or nothing.
pub(crate) fn kept_twin(name: Option<String>, what: &'static str) -> Result<Option<TwinName>, StoreError> {
    name.map(|name| TwinName::new(&name).ok_or_else(|| StoreError::unreadable(what))).transpose()
}

type AttemptRow =
    (AttemptId, String, i64, Option<DateTime<Utc>>, Option<bool>, bool, Option<DateTime<Utc>>, Option<i64>);

async fn find_attempts(on_what: &mut impl Linked, person: PersonId) -> Result<Vec<AttemptFact>, StoreError> {
    let rows: Vec<AttemptRow> =
        on!(on_what.link(), conn => sqlx::query_as(FIND_ATTEMPTS).bind(person).fetch_all(conn).await)?;
    let fact = |(id, module, edition, submitted_at, passed, refreshes, asked_at, given): AttemptRow| {
        let given = given.map(u32::try_from).transpose().ok()?;
        Some(AttemptFact {
            id,
            module: ModuleSlug::new(module).ok()?,
            edition: u32::try_from(edition).ok()?,
            outcome: submitted_at.zip(passed),
            refreshes,
            task: asked_at.map(|asked_at| (asked_at, given)),
        })
    };
    rows.into_iter().map(|row| fact(row).ok_or_else(|| StoreError::unreadable("attempt"))).collect()
}

async fn find_read(
    on_what: &mut impl Linked,
    person: PersonId,
) -> Result<BTreeMap<(ModuleSlug, u32), BTreeSet<PageSlug>>, StoreError> {
    let rows: Vec<(String, i64, String)> =
        on!(on_what.link(), conn => sqlx::query_as(FIND_READ).bind(person).fetch_all(conn).await)?;
    let mut read: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for (module, edition, page) in rows {
        let unreadable = || StoreError::unreadable("page");
        let module = ModuleSlug::new(module).map_err(|_| unreadable())?;
        let edition = u32::try_from(edition).map_err(|_| unreadable())?;
        read.entry((module, edition)).or_default().insert(PageSlug::new(page).map_err(|_| unreadable())?);
    }
    Ok(read)
}

#[derive(sqlx::FromRow)]
pub(super) struct ExemptionRow {
    kind: String,
    slug: String,
    given_before: Option<NaiveDate>,
    begins_on: NaiveDate,
    recorded_at: DateTime<Utc>,
    ends_before: Option<NaiveDate>,
    end_recorded_at: Option<DateTime<Utc>>,
}

impl ExemptionRow {
    pub(super) fn exemption(self) -> Result<Dated<Exemption>, StoreError> {
        let thing = Thing::parse(&self.kind, &self.slug).ok_or_else(|| StoreError::unreadable("exemption"))?;
        Ok(Dated {
            what: Exemption { thing, given_before: self.given_before },
            begins_on: self.begins_on,
            recorded_at: self.recorded_at,
            end: self.ends_before.zip(self.end_recorded_at),
        })
    }
}

async fn find_exemptions(on_what: &mut impl Linked, person: PersonId) -> Result<Vec<Dated<Exemption>>, StoreError> {
    let rows: Vec<ExemptionRow> =
        on!(on_what.link(), conn => sqlx::query_as(FIND_EXEMPTIONS).bind(person).fetch_all(conn).await)?;
    rows.into_iter().map(ExemptionRow::exemption).collect()
}

#[derive(sqlx::FromRow)]
pub(super) struct AssignmentRow {
    programme: String,
    audience: Option<String>,
    group_id: Option<GroupId>,
    person_id: Option<PersonId>,
    begins_on: NaiveDate,
    recorded_at: DateTime<Utc>,
    ends_before: Option<NaiveDate>,
    end_recorded_at: Option<DateTime<Utc>>,
}

impl AssignmentRow {
    pub(super) fn assignment(self) -> Result<Dated<Assignment>, StoreError> {
        let unreadable = || StoreError::unreadable("assignment");
        let to = self.to().ok_or_else(unreadable)?;
        let programme = ProgrammeSlug::new(self.programme).map_err(|_| unreadable())?;
        Ok(Dated {
            what: Assignment { programme, to },
            begins_on: self.begins_on,
            recorded_at: self.recorded_at,
            end: self.ends_before.zip(self.end_recorded_at),
        })
    }

    fn to(&self) -> Option<AssignedTo> {
        let audience = || Audience::new(self.audience.clone()?).ok().map(AssignedTo::Audience);
        let group = || self.group_id.map(AssignedTo::Group);
        self.person_id.map(AssignedTo::Person).or_else(group).or_else(audience)
    }
}

async fn find_assignments(on_what: &mut impl Linked, person: PersonId) -> Result<Vec<Dated<Assignment>>, StoreError> {
    let rows: Vec<AssignmentRow> =
        on!(on_what.link(), conn => sqlx::query_as(FIND_ASSIGNMENTS).bind(person).fetch_all(conn).await)?;
    rows.into_iter().map(AssignmentRow::assignment).collect()
}
