//! Demonstration people, so that somebody who tries Induct finds every kind of reader in it.

use std::{collections::BTreeSet, sync::Arc};

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use model::{AgreementSlug, Given, ModuleSlug, QuestionId};

use crate::{
    catalogue::{Audience, Catalogue, Module, QuestionForm},
    engine::{Engine, Refused},
    ground::{AttemptId, GroupId, ManualClock, PersonId, local_date},
    log::LogError,
    people::{
        AddEvidenceError, AddPersonError, GroupError, NewDuty, NewEvidence, NewPerson, Person, ReflectionError,
        SignedIn, StayError,
    },
    publishing::{PublishError, Republish, is_demonstration},
    quiz::{Attempt, AttemptState, Drawn, SaveError, StartError, SubmitError, questions_of, taught},
    record::{Actor, Duty, HowLearned, Role},
    signing::{SignError, SignForm},
    store::{Linked as _, StoreError, change_one},
};

/// The password of every demonstration person.
pub const DEMO_PASSWORD: &str = "induct-demo-2026";

/// How long the demonstration's provider has been using Induct.
const DAYS_SINCE_OPENING: i64 = 1600;

/// How long its auditor is one, so that whoever keeps a demonstration has one too.
const AUDITOR_DAYS: u64 = 3 * 365;

/// Why a database was not filled.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// There are people in it already: demonstration people do not belong among real ones.
    #[error("the database has people in it already; --demo fills only an empty one")]
    NotEmpty,
    /// It is being filled already, or was when that was stopped.
    #[error(transparent)]
    HalfFilled(LogError),
    /// A person could not be added.
    #[error(transparent)]
    Person(#[from] AddPersonError),
    /// The content could not be published.
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// A group could not be made.
    #[error(transparent)]
    Group(#[from] GroupError),
    /// A demonstration person could not be brought as far as the demonstration wants them.
    #[error("a demonstration person could not go through their induction: {0}")]
    Journey(String),
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

/// What a demonstration person may do from the day on which they began.
fn demo_duty(role: Role, over: Option<GroupId>, start: NaiveDate) -> NewDuty {
    let until = (role == Role::Auditor).then(|| start + Days::new(AUDITOR_DAYS));
    NewDuty { duty: Duty { role, over }, until }
}

macro_rules! journey_fails_with {
    ($($error:ty),*) => {$(
        impl From<$error> for DemoError {
            fn from(error: $error) -> Self {
                Self::Journey(error.to_string())
            }
        }
    )*};
}

journey_fails_with!(
    Refused,
    StartError,
    SaveError,
    SubmitError,
    SignError,
    AddEvidenceError,
    ReflectionError,
    StayError
);

const MARK_DEMONSTRATION: &str = "INSERT INTO installation (name, value) VALUES ('demonstration', 'yes')";

/// The audiences of demonstration people, as the list that ships calls them.
pub(super) const LEARNER: &str = "learner";
pub(super) const STAFF: &str = "staff";

/// What somebody on the staff wrote of a module.
const REFLECTION: &str =
    "I used to tell learners that I would keep a secret. Now I say at once that I may have to pass it on, and to whom.";

/// How many days ago somebody on the staff did what is theirs, left, and came back. What they did runs out within the window in which a renewal counts.
/// Since days are counted from a return, no company year has made them late by then, whichever day of it this is.
const DONE_AND_AWAY: (i64, i64, i64) = (310, 100, 40);

/// A demonstration learner: name, part before the @, days since they began.
type Learner = (&'static str, &'static str, i64);

const COHORT_A: &[Learner] =
    &[("Amy Archer", "amy", 2), ("Ben Osei", "ben", 9), ("Cora Lindqvist", "cora", 20), ("Yusuf Rahman", "yusuf", 20)];
const COHORT_B: &[Learner] = &[("Freya Doyle", "freya", 5), ("Kwame Boateng", "kwame", 5)];
const COHORT_C: &[Learner] = &[("نور الهاشمي", "noor", 12), ("Siân Llywelyn", "sian", 12)];

impl Engine {
    /// Whether this installation was filled with demonstration people.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn is_demonstration(&self) -> Result<bool, StoreError> {
        is_demonstration(&mut self.store.read().await?).await
    }

    /// Publishes a folder and fills an empty database with one organisation, its groups and its people, and brings each as far as their
    /// part asks, through the same verbs as real people. All of it begins years ago, so that there is a past to look at. Each verb commits by itself: while
    /// not all of it is there nobody begins with that database ([`LogError::HalfFilled`]), so that whoever is stopped leaves none that looks whole.
    ///
    /// # Errors
    /// [`DemoError::NotEmpty`] when there are people in it already, [`DemoError::HalfFilled`] when it is being filled.
    pub async fn fill_with_demonstration(&self, folder: &Catalogue) -> Result<(), DemoError> {
        self.begin_filling().await?;
        self.add_demonstration(folder).await?;
        Ok(self.store.end_filling().await?)
    }

    /// Marks an empty database as one that is being filled.
    pub(super) async fn begin_filling(&self) -> Result<(), DemoError> {
        if self.count_people().await? > 0 {
            return Err(DemoError::NotEmpty);
        }
        if self.store.begin_filling().await? { Ok(()) } else { Err(DemoError::HalfFilled(LogError::HalfFilled)) }
    }

    pub(super) async fn add_demonstration(&self, folder: &Catalogue) -> Result<(), DemoError> {
        let mut tx = self.store.write().await?;
        change_one!(tx, sqlx::query(MARK_DEMONSTRATION))?;
        tx.commit().await?;

        let opening = self.clock.now() - TimeDelta::days(DAYS_SINCE_OPENING);
        let then = self.with_clock(Arc::new(ManualClock::at(opening)));
        then.publish(folder, Republish::No, Actor::CommandLine).await?;
        let organisation = then.demo_group("Northfield Training", None).await?;
        let northfield = then.demo_group("Northfield", Some(organisation)).await?;
        let riverside = then.demo_group("Riverside", Some(organisation)).await?;
        let cohort_a = then.demo_group("Cohort A", Some(northfield)).await?;
        let cohort_b = then.demo_group("Cohort B", Some(northfield)).await?;
        let cohort_c = then.demo_group("Cohort C", Some(riverside)).await?;
        let staff = then.demo_group("Staff team", Some(northfield)).await?;
        for (cohort, learners) in [(cohort_a, COHORT_A), (cohort_b, COHORT_B), (cohort_c, COHORT_C)] {
            for (name, email, days) in learners {
                self.add_demo_person(name, email, *days, LEARNER, &[], cohort).await?;
            }
        }
        self.add_demo_person("Sam Whitlock", "sam", 900, STAFF, &[], staff).await?;
        let manager = [(Role::Manager, Some(cohort_a))];
        self.add_demo_person("Mina Petrov", "mina", 700, STAFF, &manager, staff).await?;
        self.add_demo_person("Dan Okafor", "dan", 1500, STAFF, &[(Role::Dsl, None)], staff).await?;
        self.add_demo_person("Ada Byrne", "ada", 100, STAFF, &[(Role::Auditor, None)], staff).await?;
        self.add_demo_person("Robin Root", "root", 1500, STAFF, &[(Role::Administrator, None)], staff).await?;
        self.live_demonstration().await
    }

    async fn demo_group(&self, name: &str, parent: Option<GroupId>) -> Result<GroupId, DemoError> {
        Ok(self.add_group(name, parent, local_date(self.clock.now()), Actor::CommandLine).await?)
    }

    /// The audience that demonstration people of a kind are in: the one of that name, or the first that the provider lists.
    pub(super) fn demo_audience(&self, name: &str) -> Option<Audience> {
        let audience = Audience::new(name).ok()?;
        let listed = &self.catalogue().organisation.audiences;
        let first = listed.first().filter(|_| listed.iter().all(|listed| listed.id != audience));
        Some(first.map_or(audience, |first| first.id.clone()))
    }

    /// Adds somebody as of the day on which they began.
    async fn add_demo_person(
        &self,
        name: &str,
        email: &str,
        days: i64,
        audience: &str,
        duties: &[(Role, Option<GroupId>)],
        group: GroupId,
    ) -> Result<PersonId, DemoError> {
        let start = self.clock.now() - TimeDelta::days(days);
        let then = self.with_clock(Arc::new(ManualClock::at(start)));
        let new = NewPerson {
            name: name.to_owned(),
            email: format!("{email}@northfield.example"),
            external_id: None,
            password: Some(DEMO_PASSWORD.to_owned()),
            start_date: local_date(start),
            duties: duties.iter().map(|(role, over)| demo_duty(*role, *over, local_date(start))).collect(),
            audiences: self.demo_audience(audience).into_iter().collect(),
            member_of: vec![group],
        };
        Ok(then.add_person(new, Actor::CommandLine).await?)
    }

    async fn live_demonstration(&self) -> Result<(), DemoError> {
        let now = self.clock.now();
        let catalogue = self.catalogue();
        let learner_aup = catalogue.agreements.values().find(|agreement| agreement.slug.as_str() == "learner-aup");
        if let Some(aup) = learner_aup {
            let ben = self.demo_person("ben", now - TimeDelta::days(3)).await?;
            let cora = self.demo_person("cora", now - TimeDelta::days(11)).await?;
            for module in &aup.requires {
                ben.learns(module).await?;
                cora.learns(module).await?;
            }
            cora.signs(&aup.slug).await?;
        }
        let ago = |days| now - TimeDelta::days(days);
        let (done, left, back) = DONE_AND_AWAY;
        for (email, days) in [("sam", done), ("mina", 40), ("dan", 60), ("ada", 30), ("root", 50)] {
            let member = self.demo_person(email, ago(days)).await?;
            member.does_what_is_asked().await?;
            if email == "sam" {
                self.is_away(member.person.id, ago(left), ago(back)).await?;
            }
        }
        let sam = self.demo_person("sam", now - TimeDelta::days(34)).await?;
        sam.learned_elsewhere().await?;
        sam.reflects().await?;
        let kwame = self.demo_person("kwame", now - TimeDelta::days(1)).await?;
        let his = kwame.engine.situation(kwame.person.id).await?;
        if let Some(module) = his.programmes().find_map(|(programme, _)| programme.modules.first()) {
            let pages = catalogue.modules.get(module).map(|module| module.pages.clone()).unwrap_or_default();
            for page in pages.iter().take(2) {
                kwame.engine.read_page(&kwame.person, module, &page.slug).await?;
            }
        }
        Ok(())
    }

    /// Somebody leaves at one moment, and is here again from another.
    async fn is_away(&self, person: PersonId, left: DateTime<Utc>, back: DateTime<Utc>) -> Result<(), DemoError> {
        let at = |moment| self.with_clock(Arc::new(ManualClock::at(moment)));
        at(left).leave(person, local_date(left), Actor::CommandLine).await?;
        at(back).come_back(person, local_date(back), Actor::CommandLine).await?;
        Ok(())
    }

    async fn demo_person(&self, email: &str, at: DateTime<Utc>) -> Result<Rehearsal, DemoError> {
        let engine = self.with_clock(Arc::new(ManualClock::at(at)));
        let person = engine
            .sign_in(&format!("{email}@northfield.example"), DEMO_PASSWORD, "demonstration")
            .await
            .map_err(|error| DemoError::Journey(error.to_string()))?
            .person;
        Ok(Rehearsal { engine, person })
    }
}

impl Rehearsal {
    /// Adds a course that they went to on the day before.
    async fn learned_elsewhere(&self) -> Result<(), DemoError> {
        let new = NewEvidence {
            form: self.engine.once_key(),
            title: "Safer recruitment".to_owned(),
            provider: "Riverside Council".to_owned(),
            done_on: local_date(self.engine.now()).pred_opt(),
            minutes: Some(180),
            how: Some(HowLearned::InPerson),
            file: None,
        };
        self.engine.add_evidence(&self.person, new).await?;
        Ok(())
    }

    /// Writes what they took from the module that they passed last.
    async fn reflects(&self) -> Result<(), DemoError> {
        let situation = self.engine.situation(self.person.id).await?;
        if let Some(pass) = situation.dossier.completions.last() {
            self.engine.write_reflection(&self.person, pass.id, REFLECTION).await?;
        }
        Ok(())
    }
}

/// Somebody who goes through an induction with every answer right: for demonstration data, tests and benchmarks.
pub struct Rehearsal {
    /// The engine, by the clock of the rehearsal.
    pub engine: Engine,
    /// Who goes through it.
    pub person: Person,
}

impl Rehearsal {
    /// The right answer to every question of an attempt, by its place counted from 1, as its form would send it.
    ///
    /// # Errors
    /// [`DemoError`] when there is no such attempt.
    pub async fn right_answers(&self, id: AttemptId) -> Result<Vec<(u32, Given)>, DemoError> {
        let (attempt, module) = self.attempt_on_module(id).await?;
        Ok((1..).zip(questions_of(&attempt, &module)).map(|(number, drawn)| (number, right_answer(&drawn))).collect())
    }

    /// What the author calls each question of an attempt, in its order.
    ///
    /// # Errors
    /// [`DemoError`] when there is no such attempt.
    pub async fn questions(&self, id: AttemptId) -> Result<Vec<QuestionId>, DemoError> {
        let (attempt, module) = self.attempt_on_module(id).await?;
        Ok(questions_of(&attempt, &module).iter().map(|drawn| drawn.question.id.clone()).collect())
    }

    async fn attempt_on_module(&self, id: AttemptId) -> Result<(Attempt, Arc<Module>), DemoError> {
        let mut conn = self.engine.store.read().await?;
        let (attempt, _) = self.engine.find_attempt(&mut conn, id, self.person.id).await?;
        let module = self.engine.module_version(&mut conn, &attempt.module, attempt.version).await?;
        Ok((attempt, module))
    }

    /// Reads each page of a module that its quiz is about, and then passes it.
    async fn learns(&self, slug: &ModuleSlug) -> Result<AttemptId, DemoError> {
        let module = self.engine.situation(self.person.id).await?.module_for(&self.person, slug)?;
        for page in taught(&module) {
            self.engine.read_page(&self.person, slug, &page.slug).await?;
        }
        self.passes(slug).await
    }

    /// Takes the quiz of a module with every answer right, and gives the attempt.
    ///
    /// # Errors
    /// [`DemoError`] says at which step it failed.
    pub async fn passes(&self, module: &ModuleSlug) -> Result<AttemptId, DemoError> {
        let id = self.engine.start_attempt(&self.person, module).await?;
        for (number, right) in self.right_answers(id).await? {
            self.engine.save_answer(&self.person, id, number, &right, TimeDelta::zero()).await?;
        }
        self.engine.submit_quiz(&self.person, id, 0).await?;
        match self.engine.attempt(&self.person, id).await? {
            AttemptState::HandedIn(result) if result.passed => Ok(id),
            _ => Err(DemoError::Journey(format!("the right answers to {module} did not pass"))),
        }
    }

    /// Reads every module of the programmes that are for them and passes it, and then signs the agreements.
    ///
    /// # Errors
    /// [`DemoError`] says at which step it failed.
    pub async fn does_what_is_asked(&self) -> Result<(), DemoError> {
        let situation = self.engine.situation(self.person.id).await?;
        let theirs = || situation.programmes().map(|(programme, _)| programme);
        // Nobody signs what requires a module that nobody passes alone.
        let catalogue = situation.catalogue();
        let alone = |slug: &ModuleSlug| is_passed_alone(catalogue, slug);
        let signs = |slug: &AgreementSlug| {
            catalogue.agreements.get(slug).is_none_or(|agreement| agreement.requires.iter().all(alone))
        };
        let modules = theirs().flat_map(|programme| &programme.modules).filter(|slug| alone(slug));
        let modules: BTreeSet<&ModuleSlug> = modules.collect();
        let agreements = theirs().flat_map(|programme| &programme.agreements).filter(|slug| signs(slug));
        let agreements: BTreeSet<&AgreementSlug> = agreements.collect();
        for module in modules {
            self.learns(module).await?;
        }
        for agreement in agreements {
            self.signs(agreement).await?;
        }
        Ok(())
    }

    /// Signs an agreement under their own name.
    ///
    /// # Errors
    /// [`DemoError`] says why it was refused.
    pub async fn signs(&self, slug: &AgreementSlug) -> Result<crate::SignatureId, DemoError> {
        let situation = self.engine.situation_of(&self.person).await?;
        let agreement = situation.agreement_for(&self.person, slug)?;
        let form = SignForm {
            version: agreement.canonical.sha256,
            twin: None,
            key: self.engine.form_key(&self.person, agreement.canonical.sha256),
            typed_name: self.person.name.clone(),
            confirmed: false,
            agreed: true,
        };
        let signed_in = SignedIn {
            method: "password".to_owned(),
            at: self.engine.now(),
            steady_at: self.engine.steady_now(),
            anew: true,
            credential: None,
            factor: None,
            passkey: None,
        };
        Ok(self.engine.sign_agreement(&self.person, slug, &form, &signed_in).await?)
    }
}

/// Whether somebody passes a module alone: what is passed at a workshop only, nobody does.
pub(super) fn is_passed_alone(catalogue: &Catalogue, slug: &ModuleSlug) -> bool {
    catalogue.modules.get(slug).is_none_or(|module| module.has_quiz())
}

fn right_answer(drawn: &Drawn<'_>) -> Given {
    let mut given = Given::default();
    match &drawn.wording.form {
        QuestionForm::One(choices) | QuestionForm::Several(choices) | QuestionForm::TrueFalse(choices) => {
            given.chosen =
                drawn.options().filter(|(_, place)| choices[*place].right).map(|(letter, _)| letter).collect();
        }
        QuestionForm::Order(_) | QuestionForm::Match(_) => {
            for (row, place) in drawn.rows() {
                given.pair(row, drawn.option_letter(place));
            }
        }
        QuestionForm::Text(right) => given.text = right.first().cloned().unwrap_or_default(),
    }
    given
}
