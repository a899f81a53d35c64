use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, Datelike as _, Months, NaiveDate, Utc};
use model::{ModuleSlug, QuestionId};
use sqlx::types::Json;

use crate::{
    board::{Matrix, MatrixQuery},
    engine::{Engine, Looked},
    ground::{GroupId, PersonId, end_of, local_date},
    people::Scope,
    quiz::{Answer, Attempted, ideas_of},
    record::Everybody,
    store::{Linked as _, StoreError, on},
};

/// Fewer people than this are not counted aloud, and neither are so few who make up the rest.
const FEWEST: usize = 5;

/// So many months that are over are told, the latest first.
const MONTHS: u32 = 12;

/// How many questions are listed.
const MOST: usize = 20;

/// What people get wrong at their first try, of one whole month and by whole cohorts: counts alone, none of which leads to anybody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeakSpots {
    /// The first day of the month.
    pub month: NaiveDate,
    /// The first days of the months that can be told, the latest first: twelve that are over. Of any other month nothing is told.
    pub months: Vec<NaiveDate>,
    /// The cohorts that answered anything, with their names.
    pub cohorts: Vec<(GroupId, Vec<String>)>,
    /// What was most often wrong, first.
    pub spots: Vec<WeakSpot>,
}

/// A mistaken idea, or a question that was answered wrongly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeakSpot {
    /// Which module.
    pub module: ModuleSlug,
    /// Its title.
    pub title: String,
    /// The question, as inline HTML.
    pub stem: String,
    /// The mistaken idea that was chosen. `None`: any wrong answer to the question.
    pub idea: Option<String>,
    /// By the places of [`WeakSpots::cohorts`].
    pub cohorts: Vec<SpotCount>,
}

/// How many of a cohort.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpotCount {
    /// Nobody of them was asked.
    NotAsked,
    /// So many of so many who were asked.
    Of {
        /// How many.
        wrong: usize,
        /// How many were asked.
        asked: usize,
    },
    /// It is not said, because it would be about fewer than five people, or would leave fewer than five.
    Hidden,
}

/// An attempt of the month, the first of its person at the module, with one of its answers.
type AnsweredRow = (PersonId, String, i64, Vec<u8>, i64, DateTime<Utc>, String, Option<Json<Answer>>);

/// First attempts that were handed in between two moments, with their answers.
const FIND_FIRST_TRIES: &str = "SELECT t.person_id, t.module, t.version, t.seed, t.number, t.submitted_at, w.question, w.given \
     FROM attempt t CROSS JOIN answer w WHERE w.attempt_id = t.id AND t.submitted_at > $1 AND t.submitted_at <= $2 AND t.number = 0 AND t.refresher IS NULL \
     ORDER BY t.submitted_at, t.id";

/// One question of one first try.
#[derive(Clone, Debug)]
struct Try {
    person: PersonId,
    at: DateTime<Utc>,
    question: Arc<Asked>,
    /// The places of the mistaken ideas that were chosen; empty where it was right, or wrong without one.
    ideas: BTreeSet<String>,
    is_right: bool,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Asked {
    module: ModuleSlug,
    id: QuestionId,
    stem: String,
}

/// The first tries of a month that is over: they never change.
#[derive(Default)]
struct KeptMonths(Mutex<BTreeMap<NaiveDate, Arc<Vec<Try>>>>);

impl Engine {
    /// What the cohorts of people in scope got wrong at their first tries in a whole month. `month`: any day of it; `None`: the last that is
    /// over. Of one that is not over, or lies more than a year back, nothing is told. A cohort is a group that people belong to themselves; whoever belongs to several is
    /// counted in one of them alone, the same for every reader, so that nothing can be worked out by taking one figure from another.
    ///
    /// # Errors
    /// [`Refused::Internal`](crate::Refused::Internal) when the database fails.
    pub async fn weak_spots(&self, scope: &Scope, month: Option<NaiveDate>) -> Looked<WeakSpots> {
        let now = self.clock.now();
        let months = told_months(local_date(now));
        let month = asked_month(month, &months);
        if !months.contains(&month) {
            return Ok(WeakSpots { month, months, cohorts: Vec::new(), spots: Vec::new() });
        }
        let tries = self.first_tries(month).await?;
        let everybody = self.everybody_now().await?;
        let seen = self.matrix(scope, &MatrixQuery::default()).await?;
        let titles = self.catalogue();
        let title = |module: &ModuleSlug| titles.modules.get(module).map(|module| module.title.clone());
        let (cohorts, spots) = counted(month, &tries, &everybody, &seen, title);
        Ok(WeakSpots { month, months, cohorts, spots })
    }

    async fn first_tries(&self, month: NaiveDate) -> Result<Arc<Vec<Try>>, StoreError> {
        let months = self.keeps.of::<KeptMonths>();
        if let Some(kept) = months.0.lock().unwrap_or_else(PoisonError::into_inner).get(&month) {
            return Ok(Arc::clone(kept));
        }
        let (from, to) = (end_of(month.pred_opt().unwrap_or(month)), end_of(last_day(month)));
        let mut conn = self.store.read().await?;
        let rows: Vec<AnsweredRow> = on!(conn.link(), conn => sqlx::query_as(FIND_FIRST_TRIES)
            .bind(from).bind(to).fetch_all(conn).await)?;
        let unreadable = || StoreError::unreadable("attempt");
        let mut questions: BTreeSet<Arc<Asked>> = BTreeSet::new();
        let mut tries = Vec::new();
        for of_attempt in rows.chunk_by(|one, other| (one.0, &one.1, &one.3) == (other.0, &other.1, &other.3)) {
            let Some((person, module, version, seed, number, at, ..)) = of_attempt.first() else { continue };
            let slug = ModuleSlug::new(module.clone()).map_err(|_| unreadable())?;
            let module =
                self.module_version(&mut conn, &slug, u32::try_from(*version).map_err(|_| unreadable())?).await?;
            let number = u32::try_from(*number).map_err(|_| unreadable())?;
            let given = of_attempt
                .iter()
                .filter_map(|row| Some((QuestionId::new(row.6.clone()).ok()?, row.7.as_ref()?.0.clone())));
            let given: BTreeMap<QuestionId, Answer> = given.collect();
            for Attempted { question, stem, is_right, ideas } in ideas_of(&module, seed, number, &given) {
                let asked = Arc::new(Asked { module: slug.clone(), id: question, stem });
                let asked = questions.get(&asked).cloned().unwrap_or(asked);
                questions.insert(Arc::clone(&asked));
                tries.push(Try { person: *person, at: *at, question: asked, ideas, is_right });
            }
        }
        let tries = Arc::new(tries);
        let mut kept = months.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A year is kept: the oldest goes.
        while kept.len() >= 12 {
            kept.pop_first();
        }
        kept.insert(month, Arc::clone(&tries));
        Ok(tries)
    }
}

fn last_day(first: NaiveDate) -> NaiveDate {
    first.checked_add_months(Months::new(1)).and_then(|next| next.pred_opt()).unwrap_or(first)
}

/// The first days of the months that can be told, the latest first.
fn told_months(today: NaiveDate) -> Vec<NaiveDate> {
    let this = today.with_day(1).unwrap_or(today);
    (1..=MONTHS).filter_map(|back| this.checked_sub_months(Months::new(back))).collect()
}

/// The first day of the month that is looked at: the latest that can be told where none is asked for.
fn asked_month(wanted: Option<NaiveDate>, months: &[NaiveDate]) -> NaiveDate {
    let latest = months.first().copied().unwrap_or_default();
    wanted.and_then(|day| day.with_day(1)).unwrap_or(latest)
}

/// How many of those who were asked were wrong, and had which mistaken idea.
#[derive(Clone, Default)]
struct Found {
    asked: BTreeSet<PersonId>,
    wrong: BTreeSet<PersonId>,
    ideas: BTreeMap<String, BTreeSet<PersonId>>,
}

fn counted(
    month: NaiveDate,
    tries: &[Try],
    everybody: &Everybody,
    seen: &Matrix,
    title: impl Fn(&ModuleSlug) -> Option<String>,
) -> (Vec<(GroupId, Vec<String>)>, Vec<WeakSpot>) {
    let (day, known) = (last_day(month), end_of(last_day(month)));
    // Whoever has left since is in the cohort of that month.
    let cohort_of: BTreeMap<PersonId, GroupId> = everybody
        .people()
        .flatten()
        .filter_map(|kept| {
            let memberships = kept.facts.memberships.iter();
            let held = memberships.filter(|fact| fact.begins_on <= day && fact.is_not_over(month, known));
            Some((kept.facts.id, held.map(|fact| fact.what).min()?))
        })
        .collect();
    let mut found: BTreeMap<&Arc<Asked>, BTreeMap<GroupId, Found>> = BTreeMap::new();
    for one in tries.iter().filter(|one| one.at <= known) {
        let Some(cohort) = cohort_of.get(&one.person) else { continue };
        let of = found.entry(&one.question).or_default().entry(*cohort).or_default();
        of.asked.insert(one.person);
        if !one.is_right {
            of.wrong.insert(one.person);
        }
        for idea in &one.ideas {
            of.ideas.entry(idea.clone()).or_default().insert(one.person);
        }
    }
    let answered: BTreeSet<GroupId> = found.values().flat_map(BTreeMap::keys).copied().collect();
    let cohorts: Vec<(GroupId, Vec<String>)> =
        seen.choices.groups.iter().filter(|(group, _)| answered.contains(group)).cloned().collect();
    let mut spots = Vec::new();
    for (question, by_cohort) in &found {
        let ideas: BTreeSet<&String> = by_cohort.values().flat_map(|found| found.ideas.keys()).collect();
        let spot = |idea: Option<&String>, count: &dyn Fn(&Found) -> SpotCount| WeakSpot {
            module: question.module.clone(),
            title: title(&question.module).unwrap_or_else(|| question.module.to_string()),
            stem: question.stem.clone(),
            idea: idea.cloned(),
            cohorts: cohorts.iter().map(|(group, _)| by_cohort.get(group).map_or(SpotCount::NotAsked, count)).collect(),
        };
        if ideas.is_empty() {
            spots.push(spot(None, &|found| shown(found.wrong.len(), found.asked.len())));
        }
        // Where mistaken ideas are told, how many were wrong in all is not: the one could be taken from the other.
        spots.extend(ideas.into_iter().map(|idea| spot(Some(idea), &|found| idea_count(found, idea))));
    }
    spots.retain(|spot| spot.cohorts.iter().any(|count| matches!(count, SpotCount::Of { .. })));
    let most = |spot: &WeakSpot| {
        let (mut wrong, mut asked) = (0, 0);
        for count in &spot.cohorts {
            if let SpotCount::Of { wrong: some, asked: of } = count {
                wrong += some;
                asked += of;
            }
        }
        (std::cmp::Reverse(wrong * 1000 / asked.max(1)), spot.title.clone(), spot.stem.clone(), spot.idea.clone())
    };
    spots.sort_by_cached_key(most);
    spots.truncate(MOST);
    (cohorts, spots)
}

/// A count, where neither it nor its complement is about so few that somebody could be found.
fn shown(wrong: usize, asked: usize) -> SpotCount {
    if wrong < FEWEST || asked - wrong < FEWEST { SpotCount::Hidden } else { SpotCount::Of { wrong, asked } }
}

/// How many had an idea. Where one of the ideas of a question is hidden, the smallest of the others is hidden, too: otherwise whoever knows how
/// many were wrong could work it out.
fn idea_count(found: &Found, idea: &str) -> SpotCount {
    let asked = found.asked.len();
    let count = |people: &BTreeSet<PersonId>| shown(people.len(), asked);
    let hidden = found.ideas.values().filter(|people| count(people) == SpotCount::Hidden).count();
    let mut told: Vec<(usize, &String)> = found.ideas.iter().map(|(idea, people)| (people.len(), idea)).collect();
    told.retain(|(people, _)| shown(*people, asked) != SpotCount::Hidden);
    let smallest = told.iter().min().map(|(_, idea)| idea.as_str());
    match found.ideas.get(idea) {
        None => SpotCount::Hidden,
        Some(_) if hidden == 1 && smallest == Some(idea) => SpotCount::Hidden,
        Some(people) => count(people),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(asked: u128, ideas: &[(&str, u128)]) -> Found {
        let people =
            |from: u128, some: u128| (from..from + some).map(|id| PersonId(uuid::Uuid::from_u128(id))).collect();
        let mut from = 0;
        let mut of = |(idea, some): &(&str, u128)| {
            from += some;
            ((*idea).to_owned(), people(from - some, *some))
        };
        Found { asked: people(0, asked), ideas: ideas.iter().map(&mut of).collect(), ..Found::default() }
    }

    #[test]
    fn fewer_than_five_are_hidden_and_so_is_what_they_could_be_worked_out_from() {
        let told = |wrong, asked| shown(wrong, asked) != SpotCount::Hidden;
        let shown: Vec<bool> =
            [(4, 20), (5, 20), (15, 20), (16, 20), (0, 20)].map(|(wrong, asked)| told(wrong, asked)).into();
        assert_eq!(shown, [false, true, true, false, false]);
        let of = found(60, &[("many", 20), ("some", 8), ("few", 2)]);
        let counts: Vec<bool> =
            ["many", "some", "few", "none"].map(|idea| idea_count(&of, idea) != SpotCount::Hidden).into();
        assert_eq!(counts, [true, false, false, false]);
        // Two that are hidden hide each other.
        let of = found(60, &[("many", 20), ("few", 3), ("fewer", 2)]);
        assert_eq!(idea_count(&of, "many"), SpotCount::Of { wrong: 20, asked: 60 });
    }

    #[test]
    fn only_a_month_that_is_over_is_told_and_none_stands_for_another() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let months = told_months(day("2026-11-29"));
        for (wanted, month, is_told) in [
            (None, "2026-10-01", true),
            (Some("2026-11-10"), "2026-11-01", false),
            (Some("2026-03-31"), "2026-03-01", true),
            (Some("2025-11-01"), "2025-11-01", true),
            (Some("2025-10-31"), "2025-10-01", false),
        ] {
            let asked = asked_month(wanted.map(day), &months);
            assert_eq!((asked, months.contains(&asked)), (day(month), is_told), "{wanted:?}");
        }
    }
}
