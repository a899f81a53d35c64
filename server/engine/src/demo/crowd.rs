//! A crowd with a past, so that everything can be tried at size: people who began, moved, left and came back over years, what they
//! passed, failed and signed, and several versions of what they took.
//!
//! The whole crowd follows from its seed. Each person is drawn by a generator of their own (SplitMix64, seeded with the crowd's seed and the
//! person's number), so that a larger crowd of the same seed begins with the same people. What is written goes through the functions
//! that write for real people, many people to one transaction, but for the attempts: all of a person's are written together, as they are once
//! they have been handed in. The gate decides each signature. Two things are left out, because nobody looks at them in a crowd: passwords,
//! and the answers of attempts.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use audit::Fact;
use chrono::{DateTime, TimeDelta, Utc};
use model::{AgreementSlug, ModuleSlug};

use super::demonstration::{DemoError, LEARNER, STAFF, is_passed_alone};
use crate::{
    catalogue::{Audience, Catalogue, Module},
    content::{Sources, compile},
    engine::Engine,
    ground::{AttemptId, Dice, GroupId, ManualClock, PersonId, local_date},
    log::{Act, Row, Said},
    people::{NewPerson, Person, SignedIn, end_membership, find_stay, insert_membership, insert_stay},
    publishing::Republish,
    quiz::{Attempt, HandedIn, Mark, Outcome, taught},
    record::{Actor, Completion, Duty, Marks, Role, Since, insert_completions},
    signing::{SignError, SignForm},
    store::{Linked, StoreError, Tx, insert_all},
};

/// A crowd to be drawn.
#[derive(Clone, Copy, Debug)]
pub struct Crowd {
    /// How many people, besides the demonstration's own.
    pub people: u32,
    /// From which everything about them follows.
    pub seed: u64,
    /// Over how many years they came.
    pub years: u32,
}

/// How many people are written in one transaction.
const AT_ONCE: u32 = 250;
/// How many people a centre has at most, and how many a group of learners.
const IN_CENTRE: u32 = 4_000;
const IN_GROUP: u32 = 25;

const FIRST_NAMES: [&str; 24] = [
    "Aisha", "Ben", "Chloe", "Dafydd", "Ewa", "Fatima", "George", "Hannah", "Imran", "Jade", "Kofi", "Lily",
    "Mohammed", "Niamh", "Oliver", "Priya", "Rhys", "Sofia", "Tomasz", "Uma", "Victoria", "Wei", "Yusuf", "Zara",
];
const LAST_NAMES: [&str; 24] = [
    "Ahmed",
    "Brown",
    "Campbell",
    "Davies",
    "Evans",
    "Farrow",
    "Green",
    "Hughes",
    "Iqbal",
    "Jones",
    "Kowalski",
    "Lewis",
    "Mensah",
    "Nowak",
    "O’Brien",
    "Patel",
    "Quinn",
    "Roberts",
    "Singh",
    "Taylor",
    "Uddin",
    "Walker",
    "Yeo",
    "Zhang",
];

/// The dice of one of the crowd.
fn dice_of(seed: u64, person: u32) -> Dice {
    let mut dice = Dice::new(seed ^ (u64::from(person) << 32 | u64::from(person)));
    dice.next();
    dice
}

/// One of the crowd, as they are drawn.
struct PersonPlan {
    new: NewPerson,
    start: DateTime<Utc>,
    end: Option<DateTime<Utc>>,
    moves: Option<(GroupId, GroupId, DateTime<Utc>)>,
    comes_back: Option<DateTime<Utc>>,
}

/// What somebody took, and what of it the signed log is told.
#[derive(Default)]
struct Taken {
    attempts: Vec<Attempt>,
    completions: Vec<Completion>,
    acts: Vec<Act>,
}

/// The versions of modules that people took, each rebuilt once.
type Versions = HashMap<(ModuleSlug, u32), Arc<Module>>;

const INSERT_ATTEMPTS: &str = "INSERT INTO attempt (id, person_id, module, version, edition, seed, number, started_at, submitted_at, \
     earned, possible, passed)";

impl Engine {
    /// Fills an empty database with the demonstration's people and a crowd. `said` is told how many of the crowd are there, now and then.
    ///
    /// # Errors
    /// [`DemoError::NotEmpty`] when there are people in it already, [`DemoError::HalfFilled`] when it is being filled.
    pub async fn fill_with_crowd(
        &self,
        folder: &Catalogue,
        sources: &Sources,
        crowd: Crowd,
        mut said: impl FnMut(u32),
    ) -> Result<(), DemoError> {
        self.begin_filling().await?;
        self.publish_past(folder, sources, crowd.years).await?;
        self.add_demonstration(folder).await?;
        let groups = self.make_groups(crowd).await?;
        let mut versions = Versions::new();
        for first in (0..crowd.people).step_by(AT_ONCE as usize) {
            let last = crowd.people.min(first + AT_ONCE);
            let mut tx = self.store.write().await?;
            tx.lock_people().await?;
            let mut acts = Vec::new();
            for number in first..last {
                acts.extend(self.add_one(&mut tx, &mut versions, crowd, &groups, number).await?);
            }
            self.seal(tx, acts).await?;
            said(last);
        }
        Ok(self.store.end_filling().await?)
    }

    /// The moment at which the provider of a crowd began with Induct.
    fn opening(&self, years: u32) -> DateTime<Utc> {
        self.clock.now() - TimeDelta::days(365 * i64::from(years.max(4)) + 150)
    }

    fn at(&self, moment: DateTime<Utc>) -> Self {
        self.with_clock(Arc::new(ManualClock::at(moment)))
    }

    /// Publishes a version for each year in which some modules took a little less long, and at last the folder as it is.
    async fn publish_past(&self, folder: &Catalogue, sources: &Sources, years: u32) -> Result<(), DemoError> {
        let opening = self.opening(years);
        for year in 0..years {
            let mut files: BTreeMap<String, String> =
                sources.files().map(|(path, text)| (path.to_owned(), text.to_owned())).collect();
            for (place, module) in folder.modules.values().enumerate() {
                let older = u32::try_from(place).unwrap_or_default() % years.max(1);
                if older >= year
                    && let Some(text) = files.get_mut(&format!("modules/{}/module.toml", module.slug))
                {
                    let shorter = module.minutes.saturating_sub(years - year).max(1);
                    *text = text.replace(&format!("minutes = {}", module.minutes), &format!("minutes = {shorter}"));
                }
            }
            let then = opening + TimeDelta::days(365 * i64::from(year));
            let past = compile(&sources.with_texts(files), local_date(then));
            if !past.has_errors() {
                self.at(then).publish(&past.catalogue, Republish::No, Actor::CommandLine).await?;
            }
        }
        self.at(self.clock.now() - TimeDelta::days(90)).publish(folder, Republish::Again, Actor::CommandLine).await?;
        Ok(())
    }

    async fn make_groups(&self, crowd: Crowd) -> Result<Vec<GroupId>, DemoError> {
        let then = self.at(self.opening(crowd.years));
        let centres = crowd.people.div_ceil(IN_CENTRE);
        let mut groups = Vec::new();
        for number in 0..crowd.people.div_ceil(IN_GROUP) {
            let centre = number % centres.max(1) + 1;
            let path = format!("Northfield Training/Centre {centre}/Group {}", number + 1);
            groups.push(then.group_at(&path, Actor::CommandLine).await?);
        }
        Ok(groups)
    }

    async fn add_one(
        &self,
        tx: &mut Tx,
        versions: &mut Versions,
        crowd: Crowd,
        groups: &[GroupId],
        number: u32,
    ) -> Result<Vec<Act>, DemoError> {
        let mut dice = dice_of(crowd.seed, number);
        let drawn = self.draw_person(&mut dice, crowd, groups, number);
        let then = self.at(drawn.start);
        let id = PersonId(then.new_id(then.now()));
        let mut acts = then.add_person_on(tx, id, &drawn.new, Actor::CommandLine).await?;
        acts.extend(self.live_through(tx, versions, &mut dice, id, &drawn).await?);
        let since = |moment: DateTime<Utc>| Since {
            begins_on: local_date(moment),
            recorded_at: moment,
            by: Actor::CommandLine,
        };
        if let Some((from, to, moment)) = drawn.moves {
            let ended = end_membership(tx, from, id, since(moment)).await?;
            let begun = self.new_id(moment);
            insert_membership(tx, begun, to, id, since(moment)).await?;
            let mut act = self.at(moment).act_since(id, since(moment));
            act.says(Said::MembershipEnded(from), Row::of("membership/end", ended));
            act.says(Said::MembershipBegun(to), Row::of("membership", begun));
            acts.push(act);
        }
        if let Some(moment) = drawn.end {
            let mut act = self.at(moment).act_since(id, since(moment));
            if let Some(stay) = find_stay(tx, id, local_date(moment)).await? {
                self.end_stay(tx, id, stay, since(moment), &mut act).await?;
                acts.push(act);
            }
        }
        if let Some(moment) = drawn.comes_back {
            let stay = self.new_id(moment);
            insert_stay(tx, stay, id, since(moment)).await?;
            let act = self.at(moment).act_since(id, since(moment));
            acts.push(act.saying(Said::Plain(Fact::Began), Row::of("stay", stay)));
        }
        Ok(acts)
    }

    fn draw_person(&self, dice: &mut Dice, crowd: Crowd, groups: &[GroupId], number: u32) -> PersonPlan {
        let now = self.clock.now();
        let start = now - TimeDelta::days(1) - dice.days(365 * crowd.years);
        let own = groups[(number / IN_GROUP) as usize % groups.len()];
        let other = groups[dice.below(u32::try_from(groups.len()).unwrap_or(1)) as usize];
        let is_staff = dice.in_hundred(12);
        let audience = self.demo_audience(if is_staff { STAFF } else { LEARNER });
        let mut duties = Vec::new();
        if is_staff && dice.in_hundred(40) {
            duties.push(Duty { role: Role::Manager, over: Some(other) }.into());
        }
        let leaves = dice.in_hundred(if is_staff { 20 } else { 85 });
        let end = start + TimeDelta::days(if is_staff { 500 } else { 330 }) + dice.days(400);
        let end = Some(end).filter(|end| leaves && *end < now);
        let moved = start + TimeDelta::days(60) + dice.days(200);
        let moves = (dice.in_hundred(6) && other != own && moved < end.unwrap_or(now)).then_some((own, other, moved));
        let back = end.map(|end| end + TimeDelta::days(30) + dice.days(200));
        let comes_back = back.filter(|back| *back < now).filter(|_| dice.in_hundred(3));
        let first = FIRST_NAMES[dice.below(24) as usize];
        let last = LAST_NAMES[dice.below(24) as usize];
        PersonPlan {
            new: NewPerson {
                name: format!("{first} {last}"),
                email: format!("p{number}@crowd.northfield.example"),
                external_id: Some(format!("C{number:06}")),
                password: None,
                start_date: local_date(start),
                duties,
                audiences: audience.into_iter().collect(),
                member_of: vec![own],
            },
            start,
            end,
            moves,
            comes_back,
        }
    }

    /// What they pass, fail and sign, until they leave or until now.
    async fn live_through(
        &self,
        tx: &mut Tx,
        versions: &mut Versions,
        dice: &mut Dice,
        id: PersonId,
        drawn: &PersonPlan,
    ) -> Result<Vec<Act>, DemoError> {
        let catalogue = self.catalogue();
        let end = drawn.end.unwrap_or(self.clock.now());
        let is_theirs = |audience: &[Audience]| audience.iter().any(|one| drawn.new.audiences.contains(one));
        let theirs = || catalogue.programmes.iter().filter(|programme| is_theirs(programme.given_to()));
        let mut modules: Vec<&ModuleSlug> = theirs().flat_map(|programme| &programme.modules).collect();
        modules.retain(|slug| is_passed_alone(&catalogue, slug));
        modules.sort();
        modules.dedup();
        let mut agreements: Vec<&AgreementSlug> = theirs().flat_map(|programme| &programme.agreements).collect();
        agreements.sort();
        agreements.dedup();
        // Some do everything, some hardly anything.
        let diligence = 60 + dice.below(41);
        let mut all_by = drawn.start;
        let mut taken = Taken::default();
        for module in modules {
            let mut moment = drawn.start + TimeDelta::hours(2) + dice.days(25);
            while moment < end && dice.in_hundred(diligence) {
                if dice.in_hundred(12) {
                    self.take(tx, versions, &mut taken, dice, id, module, moment, false).await?;
                    moment += TimeDelta::days(1);
                }
                if moment < end {
                    self.take(tx, versions, &mut taken, dice, id, module, moment, true).await?;
                    if moment < drawn.start + TimeDelta::days(60) {
                        all_by = all_by.max(moment);
                    }
                }
                moment += TimeDelta::days(290) + dice.days(80);
            }
        }
        insert_attempts(tx, id, &taken.attempts).await?;
        insert_completions(tx, &*self.chance, id, &taken.completions).await?;
        let moment = all_by + TimeDelta::hours(3);
        if moment < end {
            for agreement in agreements {
                if dice.in_hundred(93) {
                    taken.acts.extend(self.sign_if_open(tx, id, &drawn.new, agreement, moment).await?);
                }
            }
        }
        Ok(taken.acts)
    }

    #[expect(clippy::too_many_arguments, reason = "what is drawn, and where it goes")]
    async fn take(
        &self,
        tx: &mut Tx,
        versions: &mut Versions,
        taken: &mut Taken,
        dice: &mut Dice,
        person: PersonId,
        slug: &ModuleSlug,
        moment: DateTime<Utc>,
        passed: bool,
    ) -> Result<(), DemoError> {
        let shelf = self.shelf();
        let Some(issue) = shelf.modules.get(slug).and_then(|history| history.at(moment)) else { return Ok(()) };
        let key = (slug.clone(), issue.number);
        let module = match versions.get(&key) {
            Some(module) => Arc::clone(module),
            None => {
                let module = self.module_version(tx, slug, issue.number).await?;
                versions.insert(key, Arc::clone(&module));
                module
            }
        };
        let possible = module.quiz.draw.max(1);
        let wrong = dice.below(possible / 5 + 1) + if passed { 0 } else { possible / 2 };
        let marks = |marks: u32| Marks::hundredths(marks.saturating_mul(100));
        let marked = Mark { earned: marks(possible.saturating_sub(wrong)), possible: marks(possible), passed };
        let pages_opened = taught(&module).count().saturating_sub(dice.below(2) as usize);
        let until = moment.checked_add_months(module.valid_for).unwrap_or(moment);
        let outcome =
            HandedIn { at: moment, until, marked, pages_opened, asks_tutor: false, twin: None, discussed: None };
        let before = taken.attempts.iter().filter(|attempt| attempt.module == *slug).count();
        let began = moment - TimeDelta::minutes(12);
        let mut seed = vec![0; 16];
        self.chance.fill(&mut seed);
        let attempt = Attempt {
            id: AttemptId(self.new_id(began)),
            module: slug.clone(),
            version: module.number,
            edition: module.edition,
            seed,
            refresher: None,
            number: u32::try_from(before).unwrap_or(u32::MAX),
            started_at: began,
            twin: None,
            chosen: None,
            outcome: Some(Outcome { submitted_at: moment, earned: marked.earned, possible: marked.possible, passed }),
        };
        if passed {
            let pass = self.completion_of(&attempt, &module, outcome);
            taken.acts.push(self.at(moment).completed(person, &pass, &module, None));
            taken.completions.push(pass);
        }
        taken.attempts.push(attempt);
        Ok(())
    }

    async fn sign_if_open(
        &self,
        tx: &mut Tx,
        id: PersonId,
        new: &NewPerson,
        agreement: &AgreementSlug,
        moment: DateTime<Utc>,
    ) -> Result<Option<Act>, DemoError> {
        let person = Person {
            id,
            name: new.name.clone(),
            start_date: new.start_date,
            duties: new.duties.iter().map(|new| new.duty).collect(),
            audiences: new.audiences.clone(),
            groups: Vec::new(),
            found_in: None,
        };
        let version = self.catalogue().agreements.get(agreement).map(|agreement| agreement.canonical.sha256);
        let Some(version) = version else { return Ok(None) };
        let form = SignForm {
            version,
            twin: None,
            key: self.form_key(&person, version),
            typed_name: person.name.clone(),
            agreed: true,
            confirmed: false,
        };
        let at = moment - TimeDelta::minutes(5);
        let signed_in = SignedIn {
            method: "password".to_owned(),
            at,
            steady_at: at,
            anew: true,
            credential: None,
            factor: None,
            passkey: None,
        };
        match self.at(moment).sign_on(tx, &person, agreement, &form, &signed_in).await {
            Ok((_, act)) => Ok(act),
            Err(SignError::Closed(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

async fn insert_attempts(tx: &mut Tx, person: PersonId, attempts: &[Attempt]) -> Result<(), StoreError> {
    if attempts.is_empty() {
        return Ok(());
    }
    insert_all!(tx, INSERT_ATTEMPTS, 12, attempts, |query, attempt| {
        let outcome = attempt.outcome;
        query
            .bind(attempt.id)
            .bind(person)
            .bind(attempt.module.as_str())
            .bind(i64::from(attempt.version))
            .bind(i64::from(attempt.edition))
            .bind(attempt.seed.clone())
            .bind(i64::from(attempt.number))
            .bind(attempt.started_at)
            .bind(outcome.map(|outcome| outcome.submitted_at))
            .bind(outcome.map(|outcome| i64::from(outcome.earned.in_hundredths())))
            .bind(outcome.map(|outcome| i64::from(outcome.possible.in_hundredths())))
            .bind(outcome.map(|outcome| outcome.passed))
    })
}
