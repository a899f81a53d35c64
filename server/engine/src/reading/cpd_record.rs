use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use model::ModuleSlug;

use crate::{
    catalogue::{Cpd, Language},
    engine::{Engine, Looked},
    ground::{CompletionId, PersonId, local_date},
    record::{Marks, Thing},
    standing::{beginning_of_year, first_of},
};

/// What somebody has done for their professional development, by the provider's years.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CpdRecord {
    /// Their name.
    pub name: String,
    /// Every year from that of the first entry to this one, newest first; this year alone when nothing was done.
    pub years: Vec<CpdYear>,
    /// How many minutes they should have in a year. `None`: the provider names no target.
    pub target_minutes: Option<u32>,
}

/// What was done in a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CpdYear {
    /// Its first day.
    pub begins_on: NaiveDate,
    /// Its last day.
    pub ends_on: NaiveDate,
    /// What was done, newest first.
    pub entries: Vec<CpdEntry>,
}

impl CpdYear {
    /// Minutes of CPD in it.
    #[must_use]
    pub fn minutes(&self) -> u32 {
        self.entries.iter().map(|entry| entry.minutes).fold(0, u32::saturating_add)
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
    /// Marks earned.
    pub earned: Marks,
    /// Marks that could be earned.
    pub possible: Marks,
    /// Until when it counts, by the length of time that its author gave it.
    pub until: DateTime<Utc>,
    /// Whether it is what counts now: its time has not run out, and neither a later pass nor a newer edition has taken its place.
    pub counts: bool,
}

impl Engine {
    /// What somebody has done for their professional development.
    ///
    /// # Errors
    /// [`crate::Refused::NotFound`] when there is no such person; [`crate::Refused::Internal`] when the database fails.
    pub async fn cpd_record(&self, person: PersonId) -> Looked<CpdRecord> {
        let mut conn = self.store.read().await?;
        let situation = self.situation_on(&mut conn, person).await?;
        let mut entries = Vec::new();
        for pass in situation.dossier.completions.iter().rev() {
            let version = self.module_version(&mut conn, &pass.module, pass.version).await?;
            let cell = situation.cell(&Thing::Module(pass.module.clone()));
            entries.push(CpdEntry {
                completion: pass.id,
                module: pass.module.clone(),
                title: version.title.clone(),
                language: version.language,
                version: pass.version,
                at: pass.completed_at,
                minutes: pass.minutes,
                earned: pass.earned,
                possible: pass.possible,
                until: pass.expires_at,
                counts: cell.counts.is_some_and(|counts| situation.completion(counts).id == pass.id),
            });
        }
        let Cpd { year_begins, target_minutes } = situation.catalogue().organisation.cpd;
        let name = situation.dossier.facts.name.clone();
        Ok(CpdRecord { name, years: by_year(entries, year_begins, situation.today), target_minutes })
    }
}

/// Puts what was done, newest first, into the years that begin with the day and month of `year_begins`.
fn by_year(entries: Vec<CpdEntry>, year_begins: NaiveDate, today: NaiveDate) -> Vec<CpdYear> {
    let year_of = |day: NaiveDate| beginning_of_year(year_begins, day).year();
    let day_of = |entry: &CpdEntry| local_date(entry.at);
    let newest = entries.first().map_or(today, day_of).max(today);
    let oldest = entries.last().map_or(today, day_of).min(today);
    let mut entries = entries.into_iter().peekable();
    let years = (year_of(oldest)..=year_of(newest)).rev().map(|year| {
        let begins_on = first_of(year_begins, year);
        let mut of_year = Vec::new();
        while let Some(entry) = entries.next_if(|entry| day_of(entry) >= begins_on) {
            of_year.push(entry);
        }
        let next = first_of(year_begins, year + 1);
        CpdYear { begins_on, ends_on: next.pred_opt().unwrap_or(next), entries: of_year }
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
            earned: Marks::whole(8),
            possible: Marks::whole(10),
            until: at,
            counts: true,
        }
    }

    #[test]
    fn a_year_begins_at_midnight_where_the_provider_is() {
        // Half past midnight on 1 September there, the day before in UTC.
        let first = entry(Utc.with_ymd_and_hms(2026, 8, 31, 23, 30, 0).unwrap());
        let last = entry(Utc.with_ymd_and_hms(2026, 8, 31, 22, 30, 0).unwrap());
        let years = by_year(vec![first, last], day("2000-09-01"), day("2026-11-29"));
        let said: Vec<_> = years.iter().map(|year| (year.begins_on, year.ends_on, year.minutes())).collect();
        assert_eq!(said, [(day("2026-09-01"), day("2027-08-31"), 20), (day("2025-09-01"), day("2026-08-31"), 20)]);
    }

    #[test]
    fn a_year_without_anything_is_there_and_so_is_this_one() {
        let long_ago = entry(Utc.with_ymd_and_hms(2024, 2, 29, 12, 0, 0).unwrap());
        let years = by_year(vec![long_ago], day("2000-01-01"), day("2026-11-29"));
        let said: Vec<_> = years.iter().map(|year| (year.begins_on.year(), year.entries.len())).collect();
        assert_eq!(said, [(2026, 0), (2025, 0), (2024, 1)]);
        assert_eq!(by_year(Vec::new(), day("2000-09-01"), day("2026-08-31")).len(), 1);
    }
}
