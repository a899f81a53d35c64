//! People in a sentence: `world.learner("amy").passes("four-cs").signs("learner-aup").await`.

use std::pin::Pin;

use chrono::{Days, NaiveDate, TimeDelta};
use engine::{
    Actor, AttemptId, AttemptResult, AttemptState, Columns, Duty, GroupId, NewDuty, NewPerson, Person, QuizState,
    Rehearsal, Role, SaveError, SecondFactor, Sha256Digest, SignError, SignForm, SignatureId, SignedIn, Sitting,
    StartError, SubmitError, Table, catalogue::Audience, code_of, local_date,
};
use model::{AgreementSlug, AnswerSaved, Given, Letter, ModuleSlug, PageSlug};

use super::World;

/// What everybody signs in with.
pub const PASSWORD: &str = "correct horse battery";

/// Somebody who is about to be there, with what they will have done by then.
pub struct Arrival {
    world: World,
    name: &'static str,
    roles: Vec<Role>,
    audiences: Vec<&'static str>,
    member_of: Vec<&'static str>,
    manages: Vec<&'static str>,
    begins_in: u64,
    steps: Vec<Step>,
}

enum Step {
    Reads(&'static str, &'static str),
    Passes(&'static str),
    Fails(&'static str),
    Signs(&'static str),
    Waits(TimeDelta),
}

impl Arrival {
    pub(super) fn new(world: World, name: &'static str, roles: &[Role]) -> Self {
        Self {
            world,
            name,
            roles: roles.to_vec(),
            audiences: Vec::new(),
            member_of: Vec::new(),
            manages: Vec::new(),
            begins_in: 0,
            steps: Vec::new(),
        }
    }

    /// Puts them into an audience.
    pub fn also(mut self, audience: &'static str) -> Self {
        self.audiences.push(audience);
        self
    }

    /// Has them begin in so many days.
    pub fn begins_in(mut self, days: u64) -> Self {
        self.begins_in = days;
        self
    }

    /// Puts them into the group at this path.
    pub fn of(mut self, group: &'static str) -> Self {
        self.member_of.push(group);
        self
    }

    /// Has them, as a manager, look after the group at this path.
    pub fn manages(mut self, group: &'static str) -> Self {
        self.manages.push(group);
        self
    }

    pub fn reads(self, module: &'static str, page: &'static str) -> Self {
        self.then(Step::Reads(module, page))
    }

    pub fn passes(self, module: &'static str) -> Self {
        self.then(Step::Passes(module))
    }

    /// Hands in an attempt without a single answer.
    pub fn fails(self, module: &'static str) -> Self {
        self.then(Step::Fails(module))
    }

    pub fn signs(self, agreement: &'static str) -> Self {
        self.then(Step::Signs(agreement))
    }

    /// Lets time go by.
    pub fn waits(self, time: TimeDelta) -> Self {
        self.then(Step::Waits(time))
    }

    fn then(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    async fn arrive(self) -> Someone {
        let engine = &self.world.engine;
        let mut member_of = Vec::new();
        for path in self.member_of {
            member_of.push(engine.group_at(path, Actor::CommandLine).await.unwrap());
        }
        let others = self.roles.iter().filter(|role| **role != Role::Manager);
        let today = local_date(engine.now());
        // An auditor is one for a time: for as long as can be meant, so that no story is longer by chance.
        let until = |role: Role| (role == Role::Auditor).then(|| today + Days::new(3_650));
        let mut duties: Vec<NewDuty> =
            others.map(|role| NewDuty { duty: Duty { role: *role, over: None }, until: until(*role) }).collect();
        if self.roles.contains(&Role::Manager) {
            assert!(!self.manages.is_empty(), "say whom {} looks after", self.name);
            for path in self.manages {
                let over = Some(engine.group_at(path, Actor::CommandLine).await.unwrap());
                duties.push(Duty { role: Role::Manager, over }.into());
            }
        }
        let id = engine
            .add_person(
                NewPerson {
                    name: self.name.to_owned(),
                    email: email(self.name),
                    external_id: None,
                    password: Some(PASSWORD.to_owned()),
                    start_date: today + Days::new(self.begins_in),
                    duties,
                    audiences: self.audiences.into_iter().map(audience).collect(),
                    member_of,
                },
                Actor::CommandLine,
            )
            .await
            .unwrap();
        let person = engine.person(id).await.unwrap().unwrap();
        let someone = Someone { world: self.world, person };
        for step in self.steps {
            match step {
                Step::Reads(module, page) => someone.reads(module, page).await,
                Step::Passes(module) => drop(someone.passes(module).await),
                Step::Fails(module) => drop(someone.fails(module).await),
                Step::Signs(agreement) => drop(someone.signs(agreement).await.unwrap()),
                Step::Waits(time) => someone.world.waits(time),
            }
        }
        someone
    }
}

impl IntoFuture for Arrival {
    type Output = Someone;
    type IntoFuture = Pin<Box<dyn Future<Output = Someone> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.arrive())
    }
}

impl World {
    /// The password of somebody is reset at the command line, and they choose another by the link that comes of it.
    pub async fn resets_password(&self, name: &str, password: &str) {
        let person = self.engine.find_person(&email(name)).await.unwrap().unwrap();
        let way = self.engine.reset_password(person, Actor::CommandLine).await.unwrap();
        self.engine.choose_password(&way.secret, password).await.unwrap();
    }
}

/// The address that somebody of this name signs in with.
pub fn email(name: &str) -> String {
    format!("{name}@northfield.example")
}

/// Somebody who is there. What they do goes through the engine of their world.
#[derive(Clone)]
pub struct Someone {
    pub world: World,
    pub person: Person,
}

impl Someone {
    /// A file that is imported says that they are called otherwise.
    pub async fn is_renamed_by_file(&self, name: &str) {
        let file = format!("name,email\n{name},{}\n", email(&self.person.name));
        let table = Table::read(file.clone().into_bytes(), None).unwrap();
        let columns = Columns::find(&table, &[]).unwrap();
        let engine = &self.world.engine;
        let plan = engine.plan_import(&table, &columns, None, Actor::CommandLine).await.unwrap();
        let digest = Sha256Digest::of(file.as_bytes());
        let done = engine.import_people(plan, digest, Actor::CommandLine, |_, _| ()).await.unwrap();
        assert_eq!((done.began, done.changed), (0, 1));
    }

    /// The same person at another node.
    pub fn at(&self, world: &World) -> Self {
        Self { world: world.clone(), person: self.person.clone() }
    }

    pub async fn reads(&self, module: &str, page: &str) {
        self.world.engine.read_page(&self.person, &slug(module), &PageSlug::new(page).unwrap()).await.unwrap();
    }

    /// Takes a quiz with every answer right.
    pub async fn passes(&self, module: &str) -> AttemptId {
        self.rehearsal().passes(&slug(module)).await.unwrap()
    }

    /// Hands in an attempt without a single answer.
    pub async fn fails(&self, module: &str) -> AttemptId {
        let attempt = self.starts(module).await.unwrap();
        self.hands_in(attempt).await.unwrap();
        attempt
    }

    pub async fn starts(&self, module: &str) -> Result<AttemptId, StartError> {
        self.world.engine.start_attempt(&self.person, &slug(module)).await
    }

    /// Saves an answer, given as the letters of the options as they are shown: `"a"`, `"bc"` or `""`.
    pub async fn answers(&self, attempt: AttemptId, question: &str, letters: &str) -> Result<AnswerSaved, SaveError> {
        self.answered(attempt, question, letters, TimeDelta::zero()).await
    }

    /// Saves an answer that was given some time ago.
    pub async fn answered(
        &self,
        attempt: AttemptId,
        question: &str,
        letters: &str,
        ago: TimeDelta,
    ) -> Result<AnswerSaved, SaveError> {
        let chosen: Vec<Letter> = letters.bytes().map(|letter| Letter(letter.wrapping_sub(b'a'))).collect();
        let given = Given { chosen, ..Given::default() };
        let number = self.number_of(attempt, question).await;
        self.world.engine.save_answer(&self.person, attempt, number, &given, ago).await
    }

    /// Answers every question of an attempt rightly, and hands nothing in.
    pub async fn answers_rightly(&self, attempt: AttemptId) {
        for (number, right) in self.rehearsal().right_answers(attempt).await.unwrap() {
            self.world.engine.save_answer(&self.person, attempt, number, &right, TimeDelta::zero()).await.unwrap();
        }
    }

    pub async fn hands_in(&self, attempt: AttemptId) -> Result<(), SubmitError> {
        self.world.engine.submit_quiz(&self.person, attempt, 0).await
    }

    /// The questions of an attempt that is open.
    pub async fn sits(&self, attempt: AttemptId) -> Sitting {
        match self.world.engine.attempt(&self.person, attempt).await.unwrap() {
            AttemptState::Open(sitting) => sitting,
            other => panic!("this attempt is not open: {other:?}"),
        }
    }

    /// The author's names of the questions that an attempt asks, in its order.
    pub async fn questions(&self, attempt: AttemptId) -> Vec<String> {
        self.rehearsal().questions(attempt).await.unwrap().iter().map(ToString::to_string).collect()
    }

    /// The place of a question in an attempt, counted from 1; one too many when it is not asked, or the attempt is not
    /// theirs.
    pub async fn number_of(&self, attempt: AttemptId, question: &str) -> u32 {
        let asked = self.rehearsal().questions(attempt).await.unwrap_or_default();
        let place = asked.iter().position(|asked| asked.as_str() == question).unwrap_or(asked.len());
        u32::try_from(place + 1).unwrap()
    }

    /// What has been saved for a question, as letters.
    pub async fn saved(&self, attempt: AttemptId, question: &str) -> String {
        let sitting = self.sits(attempt).await;
        let number = self.number_of(attempt, question).await;
        let asked = sitting.paper.questions.iter().find(|asked| asked.number == number).unwrap();
        asked.given.chosen.iter().map(|letter| letter.as_char()).collect()
    }

    /// What came of an attempt that was handed in.
    pub async fn result(&self, attempt: AttemptId) -> AttemptResult {
        match self.world.engine.attempt(&self.person, attempt).await.unwrap() {
            AttemptState::HandedIn(result) => *result,
            other => panic!("this attempt has not been handed in: {other:?}"),
        }
    }

    /// What they can do with a quiz now.
    pub async fn quiz(&self, module: &str) -> QuizState {
        self.world.engine.quiz_entry(&self.person, &slug(module)).await.unwrap().state
    }

    /// A signing form filled in as it should be, whether or not a page has offered one.
    pub fn form(&self, name: &str) -> SignForm {
        let version = self.world.engine.catalogue().agreements[&agreement(name)].canonical.sha256;
        SignForm {
            version,
            twin: None,
            key: self.world.engine.form_key(&self.person, version),
            typed_name: self.person.name.clone(),
            agreed: true,
            confirmed: false,
        }
    }

    pub async fn sends(&self, name: &str, form: &SignForm) -> Result<SignatureId, SignError> {
        self.sends_having(name, form, &self.signed_in()).await
    }

    /// The same, having shown who they are in this way.
    pub async fn sends_having(
        &self,
        name: &str,
        form: &SignForm,
        signed_in: &SignedIn,
    ) -> Result<SignatureId, SignError> {
        self.world.engine.sign_agreement(&self.person, &agreement(name), form, signed_in).await
    }

    /// How somebody showed who they are who has just done so.
    pub fn signed_in(&self) -> SignedIn {
        let engine = &self.world.engine;
        SignedIn {
            method: "password".to_owned(),
            at: engine.now(),
            steady_at: engine.steady_now(),
            anew: true,
            credential: None,
            factor: None,
            passkey: None,
        }
    }

    /// Sets up a second factor with a phone, and gives the recovery codes, too.
    pub async fn sets_up_codes(&self) -> (Phone, Vec<String>) {
        let engine = &self.world.engine;
        engine.begin_second_factor(&self.person, PASSWORD, "here").await.unwrap();
        let SecondFactor::BeingSetUp { secret, .. } = engine.second_factor(&self.person).await.unwrap() else {
            unreachable!("it has just been begun")
        };
        let phone = Phone { secret, world: self.world.clone() };
        let set_up = engine.confirm_second_factor(&self.person, &phone.shows(), "").await.unwrap();
        (phone, set_up.recovery_codes)
    }

    /// Sends a new form, filled in as it should be.
    pub async fn signs(&self, name: &str) -> Result<SignatureId, SignError> {
        self.sends(name, &self.form(name)).await
    }

    /// Somebody who knows every answer.
    pub fn rehearsal(&self) -> Rehearsal {
        Rehearsal { engine: self.world.engine.clone(), person: self.person.clone() }
    }
}

/// A phone that shows codes.
pub struct Phone {
    secret: String,
    world: World,
}

impl Phone {
    /// One that knows this secret.
    pub fn that_knows(secret: &str, world: &World) -> Self {
        Self { secret: secret.to_owned(), world: world.clone() }
    }

    /// The code of this moment.
    pub fn shows(&self) -> String {
        code_of(&self.secret, self.world.engine.now()).unwrap()
    }

    /// The next code, once it is its turn.
    pub fn shows_another(&self) -> String {
        self.world.waits(TimeDelta::seconds(30));
        self.shows()
    }
}

pub fn audience(name: &str) -> Audience {
    Audience::new(name).unwrap()
}

pub fn slug(module: &str) -> ModuleSlug {
    ModuleSlug::new(module).unwrap()
}

pub fn agreement(name: &str) -> AgreementSlug {
    AgreementSlug::new(name).unwrap()
}

/// A group by its path; it is made when it is missing.
pub async fn group(world: &World, path: &str) -> GroupId {
    world.engine.group_at(path, Actor::CommandLine).await.unwrap()
}

/// Somebody as they are now.
pub async fn now(someone: &Someone) -> Person {
    someone.world.engine.person(someone.person.id).await.unwrap().unwrap()
}

/// The day that it is in a world.
pub fn today(world: &World) -> NaiveDate {
    local_date(world.engine.now())
}
