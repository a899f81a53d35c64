use chrono::{DateTime, Utc};

use super::{
    may_organise::{Over, may_organise},
    person::Person,
    way_in::{WayInError, find_for},
};
use crate::{
    engine::{Engine, Looked, Refused},
    ground::{LetterId, PersonId, local_date},
    mail::{LetterAbout, LetterKind, LetterState, LettersPage, NewLetter},
    record::Actor,
    store::{Linked as _, StoreError, Tx, on},
};

/// Why nothing was done about letters. Nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum LetterError {
    /// Only an administrator everywhere looks after letters.
    #[error("only an administrator looks after letters")]
    NotForYou,
    /// It was not given up, another was written in its place already, or it has been forgotten.
    #[error("this letter does not wait to be sent again")]
    NoSuchLetter,
    /// It would go to nobody: they have left, or have no address; or it would be a link to the writer's own account.
    #[error("there is nobody to whom it could be sent")]
    Nobody,
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

const FIND_GIVEN_UP: &str = "SELECT l.kind, l.person_id, l.written_at FROM letter l WHERE l.id = $1 AND l.given_up_at IS NOT NULL \
     AND NOT EXISTS (SELECT 1 FROM letter n WHERE n.instead_of = l.id)";

#[derive(sqlx::FromRow)]
struct GivenUpRow {
    kind: String,
    person_id: PersonId,
    written_at: DateTime<Utc>,
}

impl Engine {
    /// What waits, was sent and was given up, and whether letters are sent at all, for an administrator.
    ///
    /// # Errors
    /// [`Refused::NotForYou`] unless the reader is an administrator everywhere.
    pub async fn letters(
        &self,
        reader: &Person,
        state: Option<LetterState>,
        after: Option<LetterId>,
    ) -> Looked<LettersPage> {
        if !reader.looks_after_all() {
            return Err(Refused::NotForYou);
        }
        Ok(self.list_letters(state, after).await?)
    }

    /// Holds letters back, or has them go on. Where it is so already, nothing changes.
    ///
    /// # Errors
    /// [`LetterError::NotForYou`] unless whoever writes may change everything.
    pub async fn pause_letters(&self, paused: bool, by: Actor) -> Result<(), LetterError> {
        let mut tx = self.begin_with_letters(by).await?;
        self.keep_letters(&mut tx, paused, by).await?;
        tx.commit().await?;
        tracing::warn!(target: "security", paused, %by, "letters are held back, or go on");
        Ok(())
    }

    /// Writes a letter to whoever asks, so that they see whether letters arrive.
    ///
    /// # Errors
    /// [`LetterError`].
    pub async fn write_trial(&self, reader: &Person) -> Result<(), LetterError> {
        let by = Actor::Person(reader.id);
        let mut tx = self.begin_with_letters(by).await?;
        self.write_trial_to(&mut tx, reader.id, None, by).await?;
        Ok(tx.commit().await?)
    }

    /// Writes a letter in place of one that was given up, as it would be written today: a link is made anew. Of one letter once.
    ///
    /// # Errors
    /// [`LetterError`].
    pub async fn send_again(&self, letter: LetterId, by: Actor) -> Result<(), LetterError> {
        let key = self.installation_key().await?;
        let mut tx = self.begin_with_letters(by).await?;
        let found: Option<GivenUpRow> =
            on!(tx.link(), conn => sqlx::query_as(FIND_GIVEN_UP).bind(letter).fetch_optional(conn).await)?;
        let found = found.ok_or(LetterError::NoSuchLetter)?;
        let instead_of = Some(letter);
        match LetterKind::parse(&found.kind).ok_or(LetterError::NoSuchLetter)? {
            LetterKind::WayIn | LetterKind::Forgotten => {
                let made = self.make_way_in(&mut tx, key, found.person_id, by).await;
                let (way, first) = made.map_err(|error| match error {
                    WayInError::Internal(error) => LetterError::Internal(error),
                    WayInError::NotTheirs | WayInError::NoSuchPerson | WayInError::TooMany | WayInError::SignOnOnly => {
                        LetterError::Nobody
                    }
                })?;
                self.write_way_in(&mut tx, &way, first, instead_of, by).await?;
                tracing::info!(target: "security", person = %way.person, %by, "a link to choose a password was made");
            }
            kind @ (LetterKind::PasswordSet | LetterKind::News(_)) => {
                let today = local_date(self.clock.now());
                let to = find_for(&mut tx, found.person_id, today).await?.ok_or(LetterError::Nobody)?;
                let (name, at) = (to.name, found.written_at);
                let about = match kind {
                    LetterKind::News(what) => LetterAbout::News { name, at, what },
                    _ => LetterAbout::PasswordSet { name, at },
                };
                let new = NewLetter { person: found.person_id, address: &to.email, about: &about, instead_of };
                self.write_letter(&mut tx, &new, by).await?;
            }
            // What was wanted then need not be wanted now.
            // Whether a discussion was held is asked on their own page, too.
            // What was declined is found where signatures are checked, and what came in in its role's list.
            LetterKind::Reminder
            | LetterKind::Digest
            | LetterKind::Declined
            | LetterKind::Submitted
            | LetterKind::Attended
            | LetterKind::Discussed
            | LetterKind::Withdrawn
            | LetterKind::Reviews => {
                return Err(LetterError::NoSuchLetter);
            }
            LetterKind::Trial => self.write_trial_to(&mut tx, found.person_id, instead_of, by).await?,
        }
        Ok(tx.commit().await?)
    }

    async fn write_trial_to(
        &self,
        tx: &mut Tx,
        person: PersonId,
        instead_of: Option<LetterId>,
        by: Actor,
    ) -> Result<(), LetterError> {
        let today = local_date(self.clock.now());
        let to = find_for(tx, person, today).await?.ok_or(LetterError::Nobody)?;
        let about = LetterAbout::Trial { name: to.name };
        let new = NewLetter { person, address: &to.email, about: &about, instead_of };
        Ok(self.write_letter(tx, &new, by).await?)
    }

    /// A transaction in which nobody else does anything about letters but send them, for whoever may.
    async fn begin_with_letters(&self, by: Actor) -> Result<Tx, LetterError> {
        let mut tx = self.store.write().await?;
        tx.lock_people().await?;
        if may_organise(&mut tx, by, Over::Everything, local_date(self.clock.now())).await? {
            Ok(tx)
        } else {
            Err(LetterError::NotForYou)
        }
    }
}
