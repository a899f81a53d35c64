use std::collections::BTreeMap;

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use model::ModuleSlug;

use crate::{
    catalogue::{Cpd, Language},
    engine::{Engine, Looked},
    ground::{CompletionId, PersonId, WorkshopId, local_date, name_key},
    record::{
        AttendedWorkshop, Discussion, HowEarned, Marks, OwnEvidence, PagesOpened, Thing, Withdrawn, find_attended,
        find_discussions, find_own_evidence, name_tutors, not_withdrawn,
    },
    standing::{Situation, beginning_of_year, first_of},
    store::{Linked, StoreError, on},
};

/// What somebody has done for their professional development, by the provider's years.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CpdRecord {
    /// Their name.
    pub name: String,
    /// Every year from that of the first entry to this one, newest first; this year alone when nothing was done.
    pub years: Vec<CpdYear>,
    /// What they added from elsewhere and took back, newest first. It counts nowhere.
    pub taken_back: Vec<OwnEvidence>,
    /// How many minutes they should have in a year. `None`: the provider names no target.
    pub target_minutes: Option<u32>,
    /// Whether the provider counts what was passed here as off-the-job training.
    pub off_the_job: bool,
    /// Whether the provider counts how long people spend on a module.
    pub time_spent: bool,
}

/// What was done in a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CpdYear {
    /// Its first day.
    pub begins_on: NaiveDate,
    /// Its last day.
    pub ends_on: NaiveDate,
    /// What was passed here, newest first.
    pub entries: Vec<CpdEntry>,
    /// What they added from elsewhere, newest first. Nobody checked it.
    pub elsewhere: Vec<OwnEvidence>,
    /// Minutes of everything in it, also of what has been left out since: of what was passed here, and of what they added.
    minutes: (u32, u32),
}

/// Which of a record is wanted, and in which order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CpdQuery {
    /// What stands somewhere in a title or a provider, whatever its case and accents. Empty: anything.
    pub find: String,
    /// In which order what is in a year stands.
    pub order: CpdOrder,
    /// The calendar year in which the wanted year begins. `None`: every year.
    pub year: Option<i32>,
}

/// In which order what is in a year stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CpdOrder {
    /// What was done last first.
    #[default]
    Newest,
    /// What was done first first.
    Oldest,
    /// What took longest first.
    Longest,
    /// By title.
    Title,
}

impl CpdOrder {
    /// All of them.
    pub const EVERY: [Self; 4] = [Self::Newest, Self::Oldest, Self::Longest, Self::Title];

    /// As addresses write it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Newest => "newest",
            Self::Oldest => "oldest",
            Self::Longest => "longest",
            Self::Title => "title",
        }
    }

    /// Reads its code.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::EVERY.into_iter().find(|order| order.code() == code)
    }

    /// Puts rows that stand newest first into this order.
    fn sort<T>(self, rows: &mut [T], minutes: impl Fn(&T) -> u32, title: impl Fn(&T) -> String) {
        match self {
            Self::Newest => {}
            Self::Oldest => rows.reverse(),
            Self::Longest => rows.sort_by_key(|row| std::cmp::Reverse(minutes(row))),
            Self::Title => rows.sort_by_cached_key(|row| name_key(&title(row))),
        }
    }
}

impl CpdRecord {
    /// What of it is wanted, in the order that is wanted. The minutes of a year stay those of everything in it; a year in which nothing is
    /// found is left out.
    #[must_use]
    pub fn narrowed(mut self, query: &CpdQuery) -> Self {
        let wanted = name_key(query.find.trim());
        let has = |text: &str| name_key(text).contains(&wanted);
        self.years.retain(|year| query.year.is_none_or(|wanted| year.begins_on.year() == wanted));
        let title_of = |added: &OwnEvidence| added.title.clone().unwrap_or_default();
        for year in &mut self.years {
            year.entries.retain(|entry| has(&entry.title));
            year.elsewhere.retain(|added| has(&title_of(added)) || added.provider.as_deref().is_some_and(has));
            query.order.sort(&mut year.entries, |entry| entry.minutes, |entry| entry.title.clone());
            query.order.sort(&mut year.elsewhere, |added| added.minutes, title_of);
        }
        if !wanted.is_empty() {
            self.years.retain(|year| !year.is_empty());
        }
        if query.order == CpdOrder::Oldest {
            self.years.reverse();
        }
        self
    }
}

impl CpdYear {
    /// Minutes of CPD in it, whoever recorded them.
    #[must_use]
    pub fn minutes(&self) -> u32 {
        self.minutes_here().saturating_add(self.minutes_elsewhere())
    }

    /// Minutes of what was passed here.
    #[must_use]
    pub fn minutes_here(&self) -> u32 {
        self.minutes.0
    }

    /// Minutes of what they added from elsewhere.
    #[must_use]
    pub fn minutes_elsewhere(&self) -> u32 {
        self.minutes.1
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.elsewhere.is_empty()
    }
}

/// A module passed. Each pass counts for the year in which it was earned, whatever came after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CpdEntry {
    /// The completion.
    pub completion: CompletionId,
    /// Which module.
    pub module: ModuleSlug,
    /// Its title, as it was in that version.
    pub title: String,
    /// The language of that title.
    pub language: Language,
    /// The number of that version.
    pub version: u32,
    /// When it was passed.
    pub at: DateTime<Utc>,
    /// Minutes, as its author says them.
    pub minutes: u32,
    /// When the attempt was begun.
    pub started_at: DateTime<Utc>,
    /// How many pages had been opened by then. `None`: it was not earned by reading.
    pub opened: Option<PagesOpened>,
    /// How it was earned.
    pub how: HowEarned,
    /// The workshop at which they were, where something was given after it. `None`: there was none, or nothing was.
    pub resources: Option<WorkshopId>,
    /// The discussion in which it had been worked through before, with the name of the tutor. `None`: none was held.
    pub discussed: Option<Discussion>,
    /// The workshop at which they were. `None`: it was earned otherwise.
    pub attended: Option<AttendedWorkshop>,
    /// Marks earned.
    pub earned: Marks,
    /// Marks that could be earned.
    pub possible: Marks,
    /// Until when it counts, by the length of time that its author gave it.
    pub until: DateTime<Utc>,
    /// Whether it is what counts now: its time has not run out, and neither a later pass nor a newer edition has taken its place.
    pub counts: bool,
    /// That it was recorded wrongly, and is no part of the minutes. `None`: it was not.
    pub withdrawn: Option<Withdrawn>,
    /// What they took from it, in their own words. `None`: they have written nothing.
    pub reflection: Option<String>,
    /// How many minutes they spent on it, for them alone. `None`: nothing was counted, or the provider does not count it.
    pub spent: Option<u32>,
}

/// How far somebody is towards the minutes of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct YearMinutes {
    /// How many they have.
    pub minutes: u32,
    /// How many they should have.
    pub target: u32,
    /// The last day of the year.
    pub ends_on: NaiveDate,
}

const FIND_REFLECTIONS: &str = "SELECT r.completion_id, r.text FROM completion c CROSS JOIN reflection r \
     WHERE c.person_id = $1 AND r.completion_id = c.id";

const FIND_SPENT: &str = "SELECT t.completion_id, t.minutes FROM completion c CROSS JOIN time_spent t \
     WHERE c.person_id = $1 AND t.completion_id = c.id";

const FIND_GIVEN: &str = concat!(
    "SELECT DISTINCT r.workshop_id FROM completion c CROSS JOIN workshop_resource r \
     WHERE c.person_id = $1 AND r.workshop_id = c.workshop_id AND r.ended_at IS NULL AND ",
    not_withdrawn!()
);

impl Engine {
    /// What somebody has done for their professional development.
    ///
    /// # Errors
    /// [`crate::Refused::NotFound`] when there is no such person; [`crate::Refused::Internal`] when the database fails.
    pub async fn cpd_record(&self, person: PersonId) -> Looked<CpdRecord> {
        let mut conn = self.store.read().await?;
        let situation = self.situation_on(&mut conn, person).await?;
        let written: Vec<(CompletionId, String)> =
            on!(conn.link(), conn => sqlx::query_as(FIND_REFLECTIONS).bind(person).fetch_all(conn).await)?;
        let mut written: BTreeMap<CompletionId, String> = written.into_iter().collect();
        let Cpd { year_begins, off_the_job, time_spent, .. } = situation.catalogue().organisation.cpd.clone();
        let spent: Vec<(CompletionId, i64)> = if time_spent {
            on!(conn.link(), conn => sqlx::query_as(FIND_SPENT).bind(person).fetch_all(conn).await)?
        } else {
            Vec::new()
        };
        let spent: BTreeMap<CompletionId, i64> = spent.into_iter().collect();
        let mut discussions = match situation.dossier.completions.iter().any(|pass| pass.discussion.is_some()) {
            true => find_discussions(&mut conn, person).await?,
            false => Vec::new(),
        };
        name_tutors(&mut conn, &mut discussions).await?;
        let (given, mut attended): (Vec<WorkshopId>, _) =
            if situation.dossier.completions.iter().any(|pass| pass.workshop.is_some()) {
                let given =
                    on!(conn.link(), conn => sqlx::query_scalar(FIND_GIVEN).bind(person).fetch_all(conn).await)?;
                (given, find_attended(&mut conn, person).await?)
            } else {
                (Vec::new(), BTreeMap::new())
            };
        let mut entries = Vec::new();
        for pass in situation.dossier.completions.iter().rev() {
            let version = self.module_version(&mut conn, &pass.module, pass.version).await?;
            let cell = situation.cell(&Thing::Module(pass.module.clone()));
            let discussed = discussions.extract_if(.., |held| Some(held.id) == pass.discussion).next();
            entries.push(CpdEntry {
                completion: pass.id,
                module: pass.module.clone(),
                title: version.title.clone(),
                language: version.language,
                version: pass.version,
                at: pass.completed_at,
                minutes: pass.minutes,
                started_at: pass.started_at,
                opened: pass.opened(),
                how: pass.how(),
                resources: pass.workshop.filter(|workshop| given.contains(workshop)),
                discussed,
                attended: attended.remove(&pass.id),
                earned: pass.earned,
                possible: pass.possible,
                until: pass.expires_at,
                counts: cell.counts.is_some_and(|counts| situation.completion(counts).id == pass.id),
                withdrawn: pass.withdrawn,
                reflection: written.remove(&pass.id),
                spent: spent.get(&pass.id).and_then(|minutes| u32::try_from(*minutes).ok()),
            });
        }
        let target_minutes = target_of(&situation);
        let name = situation.dossier.facts.name.clone();
        let all = find_own_evidence(&mut conn, person).await?;
        let (elsewhere, taken_back): (Vec<_>, Vec<_>) = all.into_iter().partition(|added| added.ended_at.is_none());
        let years = by_year(entries, elsewhere, year_begins, situation.today);
        Ok(CpdRecord { name, years, taken_back, target_minutes, off_the_job, time_spent })
    }
}

/// How many minutes somebody should have in a year. `None`: the provider names no target for them.
pub(super) fn target_of(situation: &Situation) -> Option<u32> {
    let audiences = situation.dossier.facts.audiences_on(situation.day(), situation.now);
    situation.catalogue().organisation.cpd.target_of(audiences.map(|fact| &fact.what))
}

/// How many minutes somebody has in the year that is not over, by what they passed here and added themselves, with how many they should have and the
/// last day for it.
pub(super) async fn minutes_of_year(
    on_what: &mut impl Linked,
    situation: &Situation,
    target: u32,
) -> Result<YearMinutes, StoreError> {
    let year = Year::of(situation.catalogue().organisation.cpd.year_begins, situation.today);
    let passes = situation.dossier.completions.iter().filter(|pass| year.has(local_date(pass.completed_at)));
    let added = find_own_evidence(on_what, situation.dossier.facts.id).await?;
    let (here, elsewhere) = minutes_of(
        passes.map(|pass| (pass.minutes, pass.withdrawn.is_some())),
        added.iter().filter(|one| year.has(one.done_on)),
    );
    Ok(YearMinutes { minutes: here.saturating_add(elsewhere), target, ends_on: year.ends_on })
}

/// A year of the provider's.
struct Year {
    begins_on: NaiveDate,
    ends_on: NaiveDate,
}

impl Year {
    /// The one that begins in a calendar year, with the day and month of `year_begins`.
    fn beginning_in(year_begins: NaiveDate, year: i32) -> Self {
        let next = first_of(year_begins, year + 1);
        Self { begins_on: first_of(year_begins, year), ends_on: next.pred_opt().unwrap_or(next) }
    }

    /// The one in which a day lies.
    fn of(year_begins: NaiveDate, day: NaiveDate) -> Self {
        Self::beginning_in(year_begins, beginning_of_year(year_begins, day).year())
    }

    fn has(&self, day: NaiveDate) -> bool {
        (self.begins_on..=self.ends_on).contains(&day)
    }
}

/// The minutes of passes, each with whether it was withdrawn, and of what was added from elsewhere. What was withdrawn or taken back is no part of
/// them.
fn minutes_of<'e>(
    passes: impl Iterator<Item = (u32, bool)>,
    elsewhere: impl Iterator<Item = &'e OwnEvidence>,
) -> (u32, u32) {
    let here = passes.filter(|(_, is_withdrawn)| !is_withdrawn).map(|(minutes, _)| minutes);
    let elsewhere = elsewhere.filter(|one| one.ended_at.is_none()).map(|one| one.minutes);
    (here.fold(0, u32::saturating_add), elsewhere.fold(0, u32::saturating_add))
}

/// Puts what was done, newest first, into the years that begin with the day and month of `year_begins`.
fn by_year(
    entries: Vec<CpdEntry>,
    elsewhere: Vec<OwnEvidence>,
    year_begins: NaiveDate,
    today: NaiveDate,
) -> Vec<CpdYear> {
    let year_of = |day: NaiveDate| Year::of(year_begins, day).begins_on.year();
    let day_of = |entry: &CpdEntry| local_date(entry.at);
    let days = || entries.iter().map(day_of).chain(elsewhere.iter().map(|added| added.done_on));
    let newest = days().fold(today, NaiveDate::max);
    let oldest = days().fold(today, NaiveDate::min);
    let mut entries = entries.into_iter().peekable();
    let mut elsewhere = elsewhere.into_iter().peekable();
    let years = (year_of(oldest)..=year_of(newest)).rev().map(|year| {
        let Year { begins_on, ends_on } = Year::beginning_in(year_begins, year);
        let mut of_year = Vec::new();
        while let Some(entry) = entries.next_if(|entry| day_of(entry) >= begins_on) {
            of_year.push(entry);
        }
        let mut added = Vec::new();
        while let Some(one) = elsewhere.next_if(|one| one.done_on >= begins_on) {
            added.push(one);
        }
        let passes = of_year.iter().map(|entry: &CpdEntry| (entry.minutes, entry.withdrawn.is_some()));
        let minutes = minutes_of(passes, added.iter());
        CpdYear { begins_on, ends_on, entries: of_year, elsewhere: added, minutes }
    });
    years.collect()
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone as _;
    use uuid::Uuid;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn entry(at: DateTime<Utc>) -> CpdEntry {
        CpdEntry {
            completion: CompletionId::from(Uuid::nil()),
            module: ModuleSlug::new("four-cs").unwrap(),
            title: "The 4 Cs".to_owned(),
            language: Language::ENGLISH,
            version: 1,
            at,
            minutes: 20,
            started_at: at,
            opened: Some(PagesOpened { opened: 5, of: 6 }),
            how: HowEarned::Quiz,
            resources: None,
            discussed: None,
            attended: None,
            earned: Marks::whole(8),
            possible: Marks::whole(10),
            until: at,
            counts: true,
            withdrawn: None,
            reflection: None,
            spent: None,
        }
    }

    #[test]
    fn a_year_begins_at_midnight_where_the_provider_is() {
        // Half past midnight on 1 September there, the day before in UTC.
        let first = entry(Utc.with_ymd_and_hms(2026, 8, 31, 23, 30, 0).unwrap());
        let last = entry(Utc.with_ymd_and_hms(2026, 8, 31, 22, 30, 0).unwrap());
        let years = by_year(vec![first, last], Vec::new(), day("2000-09-01"), day("2026-11-29"));
        let said: Vec<_> = years.iter().map(|year| (year.begins_on, year.ends_on, year.minutes())).collect();
        assert_eq!(said, [(day("2026-09-01"), day("2027-08-31"), 20), (day("2025-09-01"), day("2026-08-31"), 20)]);
    }

    #[test]
    fn a_year_without_anything_is_there_and_so_is_this_one() {
        let long_ago = entry(Utc.with_ymd_and_hms(2024, 2, 29, 12, 0, 0).unwrap());
        let years = by_year(vec![long_ago], Vec::new(), day("2000-01-01"), day("2026-11-29"));
        let said: Vec<_> = years.iter().map(|year| (year.begins_on.year(), year.entries.len())).collect();
        assert_eq!(said, [(2026, 0), (2025, 0), (2024, 1)]);
        assert_eq!(by_year(Vec::new(), Vec::new(), day("2000-09-01"), day("2026-08-31")).len(), 1);
    }
}
