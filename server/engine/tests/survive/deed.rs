use std::{
    sync::atomic::{AtomicU32, Ordering::SeqCst},
    time::Duration,
};

use chrono::TimeDelta;
use engine::{AttemptId, FormKey, PersonId, QuizState, SignError, SignForm, SignatureId, Signing};
use model::Given;

use crate::disk::{self, Fate};
use world::{Between, Kind, Seen, Someone, World, agreement};

/// What is done by somebody who is then cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    Sign,
    HandIn,
    Begin,
    Answer,
}

/// Who does what, and how far they get.
#[derive(Clone, Debug)]
pub struct Orders {
    url: String,
    deed: Deed,
    person: PersonId,
    key: FormKey,
    attempt: AttemptId,
    writes: usize,
    fate: Fate,
}

const AGREEMENT: &str = "learner-aup";
const MODULE: &str = "four-cs";

impl Deed {
    /// Brings somebody new as far as doing it.
    pub async fn is_prepared(self, world: &World, writes: usize, fate: Fate) -> Orders {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("person-{}", COUNT.fetch_add(1, SeqCst)).leak();
        let someone = world.learner(name).await;
        let attempt = match self {
            Self::Sign => {
                someone.passes("sharing-nudes").await;
                someone.passes(MODULE).await
            }
            Self::HandIn => {
                let attempt = someone.starts(MODULE).await.unwrap();
                someone.answers_rightly(attempt).await;
                attempt
            }
            Self::Begin => AttemptId(world.random_id()),
            Self::Answer => someone.starts(MODULE).await.unwrap(),
        };
        let key = someone.form(AGREEMENT).key;
        let (url, person) = (world.url().to_owned(), someone.person.id);
        Orders { url, deed: self, person, key, attempt, writes, fate }
    }
}

impl Orders {
    pub fn write(&self) -> String {
        let Self { url, deed, person, key, attempt, writes, fate } = self;
        format!("{url} {deed:?} {person} {key} {attempt} {writes} {fate:?}")
    }

    pub fn read(text: &str) -> Self {
        let words: Vec<&str> = text.split(' ').collect();
        let deeds = [Deed::Sign, Deed::HandIn, Deed::Begin, Deed::Answer];
        let fates = [Fate::EndsBefore, Fate::EndsWithin, Fate::EndsAfter];
        Self {
            url: words[0].to_owned(),
            deed: *deeds.iter().find(|deed| format!("{deed:?}") == words[1]).unwrap(),
            person: PersonId::parse(words[2]).unwrap(),
            key: FormKey::parse(words[3]).unwrap(),
            attempt: AttemptId::parse(words[4]).unwrap(),
            writes: words[5].parse().unwrap(),
            fate: *fates.iter().find(|fate| format!("{fate:?}") == words[6]).unwrap(),
        }
    }

    /// Does it in this process, which ends in the middle of it unless it ends before.
    pub fn follow(&self, kind: Kind) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            match kind {
                Kind::Sqlite => {
                    disk::take_over();
                    let world = World::at(&self.url).await;
                    let someone = self.someone(&world).await;
                    disk::after(self.writes, self.fate);
                    self.is_done_by(&someone).await;
                }
                Kind::Postgres => {
                    let between = Between::start(&self.url).await;
                    let world = World::at(&between.url).await;
                    let someone = self.someone(&world).await;
                    // A connection that was given back is asked for a sign of life.
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    between.is_watched(self.kills());
                    self.is_done_by(&someone).await;
                }
            }
        });
        // At once: closing writes, too, and is no part of it.
        std::process::exit(0);
    }

    /// Ends this process at one of the messages.
    fn kills(&self) -> impl FnMut(Seen) + Send + 'static {
        let (mut left, fate) = (self.writes, self.fate);
        move |seen| match (left, seen) {
            (0, Seen::BeforeItIsPassedOn) if fate == Fate::EndsBefore => disk::end(),
            (0, Seen::Afterwards) => disk::end(),
            (_, Seen::Afterwards) => left -= 1,
            (_, Seen::BeforeItIsPassedOn) => {}
        }
    }

    async fn someone(&self, world: &World) -> Someone {
        let person = world.engine.person(self.person).await.unwrap().unwrap();
        Someone { world: world.clone(), person }
    }

    async fn is_done_by(&self, someone: &Someone) {
        match self.deed {
            Deed::Sign => drop(someone.sends(AGREEMENT, &self.form(someone)).await.unwrap()),
            Deed::HandIn => someone.hands_in(self.attempt).await.unwrap(),
            Deed::Begin => drop(someone.starts(MODULE).await.unwrap()),
            Deed::Answer => self.answers(someone).await,
        }
    }

    /// Signs, if it can be.
    pub async fn is_tried(&self, world: &World) -> Result<SignatureId, SignError> {
        let someone = self.someone(world).await;
        someone.sends(AGREEMENT, &self.form(&someone)).await
    }

    /// Whoever wanted to do it reads something that nobody has read before.
    pub async fn is_read_on(&self, world: &World) {
        let someone = self.someone(world).await;
        let page = world.engine.agreement_page(&someone.person, &agreement(AGREEMENT)).await.unwrap();
        assert!(matches!(page.signing, Signing::Open(_)), "{page:?}");
    }

    /// Answers the first question.
    async fn answers(&self, someone: &Someone) {
        let (number, given) = someone.rehearsal().right_answers(self.attempt).await.unwrap().remove(0);
        let engine = &someone.world.engine;
        engine.save_answer(&someone.person, self.attempt, number, &given, TimeDelta::zero()).await.unwrap();
    }

    fn form(&self, someone: &Someone) -> SignForm {
        SignForm { key: self.key, ..someone.form(AGREEMENT) }
    }

    /// Whether all of it is there; nothing of it is the only other thing that may be.
    pub async fn is_done(&self, world: &World) -> bool {
        let person = world.id_of(self.person.0);
        let counts: &[String] = match self.deed {
            Deed::Sign => &[
                format!("signature WHERE person_id = {person}"),
                format!("signature_words WHERE signature_id IN (SELECT id FROM signature WHERE person_id = {person})"),
                passes(&person, "= 2"),
                passes(&person, "> 0"),
            ],
            Deed::HandIn => &[
                format!("completion WHERE person_id = {person}"),
                format!("attempt WHERE person_id = {person} AND submitted_at IS NOT NULL AND passed"),
                format!("attempt WHERE person_id = {person} AND earned = possible"),
            ],
            Deed::Begin => &[format!("attempt WHERE person_id = {person}")],
            Deed::Answer => {
                &[format!("answer WHERE attempt_id IN (SELECT id FROM attempt WHERE person_id = {person})")]
            }
        };
        let mut found = Vec::new();
        for count in counts {
            found.push(world.raw.count(count).await);
        }
        assert!(found.iter().all(|count| *count == found[0] && *count <= 1), "{self:?}: {counts:?} {found:?}");
        found[0] == 1
    }

    /// Tries again, as people do; it is done then, once, and whatever was done already has stayed as it was.
    pub async fn are_followed_again(&self, world: &World, was_done: bool) {
        let someone = self.someone(world).await;
        let before = world.raw.everything().await;
        match (self.deed, was_done) {
            (Deed::Sign, _) => {
                let first = someone.sends(AGREEMENT, &self.form(&someone)).await.unwrap();
                // With another form, too.
                assert_eq!(someone.signs(AGREEMENT).await.unwrap(), first);
                let receipt = world.engine.receipt(&someone.person, first).await.unwrap();
                assert_eq!(receipt.passes.len(), 2);
            }
            (Deed::HandIn, _) => {
                someone.hands_in(self.attempt).await.unwrap();
                assert!(someone.result(self.attempt).await.completion.is_some());
            }
            (Deed::Begin, _) => {
                let attempt = someone.starts(MODULE).await.unwrap();
                assert_eq!(someone.quiz(MODULE).await, QuizState::Open(attempt));
            }
            (Deed::Answer, _) => {
                self.answers(&someone).await;
                assert_ne!(someone.sits(self.attempt).await.paper.questions[0].given, Given::default());
            }
        }
        assert!(self.is_done(world).await);
        if was_done && self.deed != Deed::Answer {
            assert_eq!(world.raw.everything().await, before, "{self:?}");
        }
    }
}

/// One if that many passes stand under a signature of this person.
fn passes(person: &str, how_many: &str) -> String {
    format!("(SELECT COUNT(*) AS n FROM signature_completion WHERE person_id = {person}) AS passes WHERE n {how_many}")
}
