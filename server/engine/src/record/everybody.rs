use std::{
    collections::{BTreeMap, BTreeSet},
    ops::RangeInclusive,
    sync::Arc,
};

use chrono::{DateTime, Utc};
use model::ModuleSlug;

use super::{
    decline::{Decline, DeclineRow},
    dossier::{AssignedTo, Assignment, AssignmentRow, Exemption, ExemptionRow},
    person_facts::{FactRow, PersonFacts, PlaceRow, Places},
    thing::Thing,
};
use crate::{
    ground::{Dated, PersonId},
    store::{Linked, StoreError, on},
};

/// How many people stand together: what has changed is found by the sums of their revisions. The queries have it, too.
const BUCKET: i64 = 64;

/// How many buckets are read together at most: some thousand people.
const BUCKETS_AT_ONCE: usize = 32;

/// What is recorded about everybody, so far as it decides where they stand, and what is assigned. In memory, and of one revision.
#[derive(Clone, Debug, Default)]
pub(crate) struct Everybody {
    /// By their numbers, from 1 on.
    people: Vec<Option<Arc<Kept>>>,
    /// How many people there are in each bucket, and the sum of their revisions.
    sums: Vec<(i64, i64)>,
    organised: Option<i64>,
    shared: Arc<Shared>,
}

/// What is recorded about one of them.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    /// What they are put in order by. Empty: their name has been erased.
    pub name_key: String,
    pub facts: PersonFacts,
    /// Oldest first; modules and agreements each for themselves.
    pub done: Box<[KeptDone]>,
    /// Which of what was done was withdrawn since, by its place, and when: hardly ever anything.
    pub withdrawn: Box<[(usize, DateTime<Utc>)]>,
    /// The modules that they have begun, and whether an attempt is open.
    pub begun: Box<[(ModuleSlug, bool)]>,
    pub exemptions: Box<[Dated<Exemption>]>,
    /// What they declined to sign, oldest first.
    pub declines: Box<[Decline]>,
    /// When the last of what they did was recorded. `None`: they have done nothing.
    pub last_recorded: Option<DateTime<Utc>>,
    pub shared: Arc<Shared>,
}

/// Something that was done.
#[derive(Clone, Debug)]
pub(crate) struct KeptDone {
    pub thing: Arc<Thing>,
    pub edition: u32,
    /// Hundredths of the marks that could be earned, cut to whole ones. `None`: there were none to earn.
    pub percent: Option<u8>,
    pub at: DateTime<Utc>,
    pub until: Option<DateTime<Utc>>,
}

/// What is the same for everybody.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    pub places: Arc<Places>,
    /// To groups and audiences.
    pub assignments: Vec<Dated<Assignment>>,
    /// To one person.
    pub own: BTreeMap<PersonId, Vec<Dated<Assignment>>>,
}

/// Each person has a number, and each fact about them raises their revision.
const EVERY_REVISION: &str = "SELECT COUNT(*), CAST(COALESCE(SUM(p.revision), 0) AS BIGINT), \
     (SELECT r.number FROM revision r WHERE r.name = 'organised'), (SELECT r.number FROM revision r WHERE r.name = 'published') FROM person p";

const EVERY_BUCKET: &str =
    "SELECT p.number / 64, COUNT(*), CAST(SUM(p.revision) AS BIGINT) FROM person p GROUP BY p.number / 64";

const EVERY_PLACE: &str = "SELECT p.group_id, p.parent_id, p.name, p.begins_on, p.recorded_at, p.ends_before, p.end_recorded_at \
     FROM group_place p ORDER BY p.recorded_at, p.id";

const EVERY_ASSIGNMENT: &str = "SELECT programme, audience, group_id, person_id, begins_on, recorded_at, ends_before, \
     end_recorded_at FROM assignment ORDER BY recorded_at, id";

const FIND_PEOPLE: &str = "SELECT p.id, p.number, p.revision, d.name, d.name_key FROM person p \
     LEFT JOIN person_detail d ON d.person_id = p.id WHERE p.number BETWEEN $1 AND $2";

// What is recorded about the people whose numbers lie between $1 and $2. `CROSS JOIN` has SQLite go from people to their rows.

/// Duties come first: from them PostgreSQL takes what each column holds.
const FIND_FACTS: &str = "SELECT p.number, 'duty' AS kind, f.role AS about, f.group_id AS group_id, f.begins_on AS begins_on, \
       f.recorded_at AS recorded_at, f.ends_before AS ends_before, f.end_recorded_at AS end_recorded_at \
       FROM person p CROSS JOIN duty f WHERE f.person_id = p.id AND p.number BETWEEN $1 AND $2 \
     UNION ALL SELECT p.number, 'membership', NULL, f.group_id, f.begins_on, f.recorded_at, f.ends_before, f.end_recorded_at \
       FROM person p CROSS JOIN membership f WHERE f.person_id = p.id AND p.number BETWEEN $1 AND $2 \
     UNION ALL SELECT p.number, 'stay', NULL, NULL, f.begins_on, f.recorded_at, f.ends_before, f.end_recorded_at \
       FROM person p CROSS JOIN stay f WHERE f.person_id = p.id AND p.number BETWEEN $1 AND $2 \
     UNION ALL SELECT p.number, 'audience', f.audience, NULL, f.begins_on, f.recorded_at, f.ends_before, f.end_recorded_at \
       FROM person p CROSS JOIN in_audience f WHERE f.person_id = p.id AND p.number BETWEEN $1 AND $2 \
     ORDER BY recorded_at";

const FIND_COMPLETIONS: &str = "SELECT p.number, f.module, f.edition, f.earned, f.possible, f.completed_at, f.expires_at, \
       (SELECT w.recorded_at FROM correction w WHERE w.completion_id = f.id) AS withdrawn_at \
     FROM person p CROSS JOIN completion f WHERE f.person_id = p.id AND p.number BETWEEN $1 AND $2 ORDER BY f.completed_at, f.id";

const FIND_SIGNATURES: &str = "SELECT p.number, f.agreement, f.version, f.signed_at, f.expires_at \
     FROM person p CROSS JOIN signature f WHERE f.person_id = p.id AND p.number BETWEEN $1 AND $2 ORDER BY f.signed_at, f.id";

const FIND_ATTEMPTS: &str = "SELECT p.number, f.module, f.submitted_at \
     FROM person p CROSS JOIN attempt f WHERE f.person_id = p.id AND p.number BETWEEN $1 AND $2";

const FIND_READ: &str = "SELECT DISTINCT p.number, f.module \
     FROM person p CROSS JOIN page_read f WHERE f.person_id = p.id AND p.number BETWEEN $1 AND $2";

const FIND_EXEMPTIONS: &str = "SELECT p.number, f.kind, f.slug, f.given_before, f.begins_on, f.recorded_at, f.ends_before, \
     f.end_recorded_at FROM person p CROSS JOIN exemption f WHERE f.person_id = p.id AND p.number BETWEEN $1 AND $2 \
     ORDER BY f.recorded_at, f.id";

const FIND_DECLINES: &str = "SELECT p.number, f.id, f.agreement, f.version, f.declined_at, f.asks_again_on \
     FROM person p CROSS JOIN decline f WHERE f.person_id = p.id AND p.number BETWEEN $1 AND $2 ORDER BY f.declined_at, f.id";

/// What holds now of everybody together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct Sums {
    pub people: i64,
    pub revisions: i64,
    pub organised: i64,
    pub published: i64,
}

/// What holds now of everybody together.
pub(crate) async fn find_sums(on_what: &mut impl Linked) -> Result<Sums, StoreError> {
    let (people, revisions, organised, published) =
        on!(on_what.link(), conn => sqlx::query_as(EVERY_REVISION).fetch_one(conn).await)?;
    Ok(Sums { people, revisions, organised, published })
}

impl Everybody {
    /// Whether it is what holds.
    pub(crate) fn is(&self, sums: Sums) -> bool {
        let (people, revisions) =
            self.sums.iter().fold((0, 0), |(people, revisions), (more, of_more)| (people + more, revisions + of_more));
        (people, revisions, self.organised) == (sums.people, sums.revisions, Some(sums.organised))
    }

    /// Everybody, with their numbers counted from 0.
    pub(crate) fn people(&self) -> impl ExactSizeIterator<Item = Option<&Arc<Kept>>> {
        self.people.iter().map(Option::as_ref)
    }

    /// The person of a number counted from 0.
    pub(crate) fn person(&self, place: usize) -> Option<&Arc<Kept>> {
        self.people.get(place)?.as_ref()
    }

    /// What is the same for everybody.
    pub(crate) fn shared_facts(&self) -> &Arc<Shared> {
        &self.shared
    }

    /// Where groups stand and stood.
    pub(crate) fn places(&self) -> &Places {
        &self.shared.places
    }

    /// What holds now: read anew of those of whom something was recorded since. Whatever is recorded meanwhile may be in it, and then its
    /// sums are not those of what is there, so that it is read again the next time.
    pub(crate) async fn caught_up(&self, on_what: &mut impl Linked, sums: Sums) -> Result<Self, StoreError> {
        let mut next = self.clone();
        if self.organised != Some(sums.organised) {
            next.shared = Arc::new(find_shared(on_what).await?);
            next.organised = Some(sums.organised);
            for kept in next.people.iter_mut().flatten() {
                let kept = Arc::make_mut(kept);
                kept.facts.places = Arc::clone(&next.shared.places);
                kept.shared = Arc::clone(&next.shared);
            }
        }
        let buckets: Vec<(i64, i64, i64)> =
            on!(on_what.link(), conn => sqlx::query_as(EVERY_BUCKET).fetch_all(conn).await)?;
        let unreadable = || StoreError::unreadable("number of a person");
        let mut changed = BTreeSet::new();
        for (bucket, people, revisions) in buckets {
            let bucket = usize::try_from(bucket).map_err(|_| unreadable())?;
            if bucket >= next.sums.len() {
                next.sums.resize(bucket + 1, (0, 0));
            }
            if next.sums[bucket] != (people, revisions) {
                changed.insert(bucket);
            }
        }
        let mut names = Names::default();
        for run in runs(&changed) {
            next.read(on_what, run, &mut names).await?;
        }
        Ok(next)
    }

    async fn read(
        &mut self,
        on_what: &mut impl Linked,
        run: RangeInclusive<usize>,
        names: &mut Names,
    ) -> Result<(), StoreError> {
        let (first, last) = (*run.start() as i64 * BUCKET, (*run.end() as i64 + 1) * BUCKET - 1);
        macro_rules! rows {
            ($query:expr) => {
                on!(on_what.link(), conn => sqlx::query_as($query).bind(first).bind(last).fetch_all(conn).await)?
            };
        }
        // Revisions come first, so that nothing else is older than they are.
        let people: Vec<PersonRow> = rows!(FIND_PEOPLE);
        let facts: Vec<NumberedFact> = rows!(FIND_FACTS);
        let completions: Vec<CompletionRow> = rows!(FIND_COMPLETIONS);
        let signatures: Vec<SignatureRow> = rows!(FIND_SIGNATURES);
        let attempts: Vec<(i64, String, Option<DateTime<Utc>>)> = rows!(FIND_ATTEMPTS);
        let read: Vec<(i64, String)> = rows!(FIND_READ);
        let exemptions: Vec<NumberedExemption> = rows!(FIND_EXEMPTIONS);
        let declines: Vec<NumberedDecline> = rows!(FIND_DECLINES);

        let mut drafts: BTreeMap<i64, Draft> = BTreeMap::new();
        for (id, number, revision, name, name_key) in people {
            let facts = PersonFacts::none(id, name.unwrap_or_default(), Arc::clone(&self.shared.places));
            drafts.insert(number, Draft { revision, name_key: name_key.unwrap_or_default(), ..Draft::new(facts) });
        }
        for NumberedFact { number, fact } in facts {
            if let Some(draft) = drafts.get_mut(&number) {
                draft.facts.add(fact)?;
            }
        }
        for row in completions {
            if let Some(draft) = drafts.get_mut(&row.number) {
                let done = row.done(names)?;
                draft.recorded(done.at);
                if let Some(at) = row.withdrawn_at {
                    draft.recorded(at);
                    draft.withdrawn.push((draft.done.len(), at));
                }
                draft.done.push(done);
            }
        }
        for row in signatures {
            if let Some(draft) = drafts.get_mut(&row.number) {
                let done = row.done(names)?;
                draft.recorded(done.at);
                draft.done.push(done);
            }
        }
        for (number, module, submitted_at) in attempts {
            if let Some(draft) = drafts.get_mut(&number) {
                if let Some(at) = submitted_at {
                    draft.recorded(at);
                }
                let open = draft.begun.entry(module).or_default();
                *open |= submitted_at.is_none();
            }
        }
        for (number, module) in read {
            if let Some(draft) = drafts.get_mut(&number) {
                draft.begun.entry(module).or_default();
            }
        }
        for NumberedExemption { number, exemption } in exemptions {
            if let Some(draft) = drafts.get_mut(&number) {
                draft.exemptions.push(exemption.exemption()?);
            }
        }
        for NumberedDecline { number, decline } in declines {
            if let Some(draft) = drafts.get_mut(&number) {
                let decline = Decline::try_from(decline)?;
                draft.recorded(decline.at);
                draft.declines.push(decline);
            }
        }
        for bucket in run {
            self.sums[bucket] = (0, 0);
        }
        for (number, draft) in drafts {
            let unreadable = || StoreError::unreadable("number of a person");
            let place = usize::try_from(number - 1).map_err(|_| unreadable())?;
            let bucket = usize::try_from(number / BUCKET).map_err(|_| unreadable())?;
            if place >= self.people.len() {
                self.people.resize(place + 1, None);
            }
            let (people, revisions) = self.sums[bucket];
            self.sums[bucket] = (people + 1, revisions + draft.revision);
            self.people[place] = Some(Arc::new(draft.kept(&self.shared)?));
        }
        Ok(())
    }
}

/// Buckets that lie side by side, so many at once.
fn runs(buckets: &BTreeSet<usize>) -> Vec<RangeInclusive<usize>> {
    let mut runs: Vec<RangeInclusive<usize>> = Vec::new();
    for bucket in buckets {
        match runs.last_mut() {
            Some(run) if *run.end() + 1 == *bucket && run.end() - run.start() + 1 < BUCKETS_AT_ONCE => {
                *run = *run.start()..=*bucket
            }
            _ => runs.push(*bucket..=*bucket),
        }
    }
    runs
}

async fn find_shared(on_what: &mut impl Linked) -> Result<Shared, StoreError> {
    let places: Vec<PlaceRow> = on!(on_what.link(), conn => sqlx::query_as(EVERY_PLACE).fetch_all(conn).await)?;
    let rows: Vec<AssignmentRow> = on!(on_what.link(), conn => sqlx::query_as(EVERY_ASSIGNMENT).fetch_all(conn).await)?;
    let places = Arc::new(places.into_iter().map(PlaceRow::place).collect());
    let mut shared = Shared { places, ..Shared::default() };
    for row in rows {
        let assignment = row.assignment()?;
        match assignment.what.to {
            AssignedTo::Person(person) => shared.own.entry(person).or_default().push(assignment),
            AssignedTo::Audience(_) | AssignedTo::Group(_) => shared.assignments.push(assignment),
        }
    }
    Ok(shared)
}

/// The names of what was done, each kept once.
#[derive(Default)]
struct Names(BTreeSet<Arc<Thing>>);

impl Names {
    fn of(&mut self, thing: Option<Thing>, what: &'static str) -> Result<Arc<Thing>, StoreError> {
        let thing = thing.ok_or_else(|| StoreError::unreadable(what))?;
        if let Some(known) = self.0.get(&thing) {
            return Ok(Arc::clone(known));
        }
        let thing = Arc::new(thing);
        self.0.insert(Arc::clone(&thing));
        Ok(thing)
    }
}

/// What is being put together of somebody.
struct Draft {
    revision: i64,
    name_key: String,
    facts: PersonFacts,
    done: Vec<KeptDone>,
    withdrawn: Vec<(usize, DateTime<Utc>)>,
    begun: BTreeMap<String, bool>,
    exemptions: Vec<Dated<Exemption>>,
    declines: Vec<Decline>,
    last_recorded: Option<DateTime<Utc>>,
}

impl Draft {
    fn new(facts: PersonFacts) -> Self {
        Self {
            revision: 0,
            name_key: String::new(),
            facts,
            done: Vec::new(),
            withdrawn: Vec::new(),
            begun: BTreeMap::new(),
            exemptions: Vec::new(),
            declines: Vec::new(),
            last_recorded: None,
        }
    }

    fn recorded(&mut self, at: DateTime<Utc>) {
        self.last_recorded = self.last_recorded.max(Some(at));
    }

    fn kept(self, shared: &Arc<Shared>) -> Result<Kept, StoreError> {
        let slug = |(module, open): (String, bool)| {
            Ok((ModuleSlug::new(module).map_err(|_| StoreError::unreadable("attempt"))?, open))
        };
        let mut facts = self.facts;
        facts.shrink();
        Ok(Kept {
            name_key: self.name_key,
            facts,
            done: self.done.into_boxed_slice(),
            withdrawn: self.withdrawn.into_boxed_slice(),
            begun: self.begun.into_iter().map(slug).collect::<Result<_, StoreError>>()?,
            exemptions: self.exemptions.into_boxed_slice(),
            declines: self.declines.into_boxed_slice(),
            last_recorded: self.last_recorded,
            shared: Arc::clone(shared),
        })
    }
}

/// Id, number, revision, name and what the name is put in order by.
type PersonRow = (PersonId, i64, i64, Option<String>, Option<String>);

#[derive(sqlx::FromRow)]
struct NumberedFact {
    number: i64,
    #[sqlx(flatten)]
    fact: FactRow,
}

#[derive(sqlx::FromRow)]
struct NumberedExemption {
    number: i64,
    #[sqlx(flatten)]
    exemption: ExemptionRow,
}

#[derive(sqlx::FromRow)]
struct NumberedDecline {
    number: i64,
    #[sqlx(flatten)]
    decline: DeclineRow,
}

#[derive(sqlx::FromRow)]
struct CompletionRow {
    number: i64,
    module: String,
    edition: i64,
    earned: i64,
    possible: i64,
    completed_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    withdrawn_at: Option<DateTime<Utc>>,
}

impl CompletionRow {
    fn done(&self, names: &mut Names) -> Result<KeptDone, StoreError> {
        let thing = names.of(Thing::parse("module", &self.module), "completion")?;
        let percent = (self.earned * 100).checked_div(self.possible).and_then(|percent| u8::try_from(percent).ok());
        Ok(KeptDone {
            thing,
            edition: u32::try_from(self.edition).map_err(|_| StoreError::unreadable("completion"))?,
            percent,
            at: self.completed_at,
            until: Some(self.expires_at),
        })
    }
}

#[derive(sqlx::FromRow)]
struct SignatureRow {
    number: i64,
    agreement: String,
    version: i64,
    signed_at: DateTime<Utc>,
    expires_at: Option<DateTime<Utc>>,
}

impl SignatureRow {
    fn done(&self, names: &mut Names) -> Result<KeptDone, StoreError> {
        Ok(KeptDone {
            thing: names.of(Thing::parse("agreement", &self.agreement), "signature")?,
            edition: u32::try_from(self.version).map_err(|_| StoreError::unreadable("signature"))?,
            percent: None,
            at: self.signed_at,
            until: self.expires_at,
        })
    }
}
