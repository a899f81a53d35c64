use chrono::{DateTime, Utc};
use model::ModuleSlug;
use sqlx::types::Json;

use super::{
    quiz_entry::{QuizState, quiz_state, state_for_pages},
    refresher::{Basis, refreshable},
};
use crate::{
    catalogue::{Module, TwinName},
    engine::{Engine, Refused},
    ground::{AttemptId, PersonId, said_moment},
    people::Person,
    store::{Linked, StoreError, Tx, change_one},
};

/// Why no attempt was begun.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// There is no such module, or it is for other people.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// It builds on modules that they have not passed.
    #[error("there are modules to pass first")]
    ModulesFirst,
    /// The provider asks for pages to be opened first.
    #[error("there are pages to open first")]
    PagesFirst,
    /// The last attempt did not pass: wait.
    #[error("the next attempt may begin on {}", said_moment(*.until))]
    CoolingDown {
        /// When the next attempt may begin.
        until: DateTime<Utc>,
    },
    /// Every attempt is used up; the tutor has been asked to step in.
    #[error("every attempt is used up")]
    LockedOut,
    /// It is passed, and too early to renew.
    #[error("it is passed already")]
    Passed,
    /// It has no quiz: it is passed at a workshop.
    #[error("it is passed at a workshop only")]
    AtWorkshop,
    /// Nothing that they passed can be refreshed now: the whole module is asked.
    #[error("there is no refresher for them now")]
    NoRefresher,
}

impl From<StoreError> for StartError {
    fn from(error: StoreError) -> Self {
        Self::Refused(error.into())
    }
}

const INSERT_ATTEMPT: &str = "INSERT INTO attempt (id, person_id, module, version, edition, seed, number, started_at, twin, refresher) \
     SELECT $1, $2, $3, $4, $5, $6, COUNT(*), $7, $8, $9 FROM attempt WHERE person_id = $2 AND module = $3";

impl Engine {
    /// Begins an attempt at the quiz of a module, or finds the one that is open: a double click, or a second tab, ends in
    /// the same attempt.
    ///
    /// # Errors
    /// [`StartError`] says why none may begin now.
    pub async fn start_attempt(&self, person: &Person, slug: &ModuleSlug) -> Result<AttemptId, StartError> {
        self.start(person, slug, false).await
    }

    /// Begins a refresher of a module that somebody renews in the window, where its author lets them: it asks about what has changed since the
    /// version that they passed, and what they answered wrongly. Finds the attempt that is open, whatever it asks.
    ///
    /// # Errors
    /// [`StartError`] says why none may begin now.
    pub async fn start_refresher(&self, person: &Person, slug: &ModuleSlug) -> Result<AttemptId, StartError> {
        self.start(person, slug, true).await
    }

    async fn start(&self, person: &Person, slug: &ModuleSlug, refreshes: bool) -> Result<AttemptId, StartError> {
        let mut tx = self.store.write_for(person.id).await?;
        tx.lock_person(person.id).await?;
        let situation = self.situation_on(&mut tx, person.id).await?;
        let module = situation.module_for(&situation.person()?, slug)?;
        let now = situation.now;
        let basis = match (refreshes, refreshable(&situation, &module)) {
            (true, Some(before)) => {
                let before = situation.completion(before).clone();
                Some(self.basis_of(&mut tx, &situation, &module, &before).await?)
            }
            _ => None,
        };
        let state = match &basis {
            Some(basis) => state_for_pages(&situation, &module, &basis.pages),
            None => quiz_state(&situation, &module),
        };
        match state {
            QuizState::Open(open) => return Ok(open),
            QuizState::ModulesFirst { .. } => return Err(StartError::ModulesFirst),
            QuizState::PagesFirst { .. } => return Err(StartError::PagesFirst),
            QuizState::CoolingDown { until, .. } => return Err(StartError::CoolingDown { until }),
            QuizState::LockedOut { .. } => return Err(StartError::LockedOut),
            QuizState::Passed(_) => return Err(StartError::Passed),
            QuizState::AtWorkshop => return Err(StartError::AtWorkshop),
            QuizState::Ready { .. } => {}
        }
        if refreshes && basis.is_none() {
            return Err(StartError::NoRefresher);
        }
        let (_, words) = self.in_words(&module, situation.dossier.twin);
        let id = self.insert_attempt(&mut tx, person.id, &module, words.shown, now, basis.as_ref()).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Writes a new attempt of somebody who may begin one: at the whole quiz, or at what a refresher asks.
    pub(crate) async fn insert_attempt(
        &self,
        tx: &mut Tx,
        person: PersonId,
        module: &Module,
        twin: Option<TwinName>,
        now: DateTime<Utc>,
        refreshes: Option<&Basis>,
    ) -> Result<AttemptId, StoreError> {
        let id = AttemptId(self.new_id(now));
        let mut seed = vec![0; 16];
        self.chance.fill(&mut seed);
        let asked = refreshes.map(|basis| Json(basis.choose(&module.quiz, &seed)));
        change_one!(
            tx,
            sqlx::query(INSERT_ATTEMPT)
                .bind(id)
                .bind(person)
                .bind(module.slug.as_str())
                .bind(i64::from(module.number))
                .bind(i64::from(module.edition))
                .bind(seed)
                .bind(now)
                .bind(twin.map(String::from))
                .bind(asked)
        )?;
        Ok(id)
    }
}
