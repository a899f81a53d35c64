use audit::{Fact, PartKind};
use chrono::{DateTime, Days, Utc};
use model::AgreementSlug;
use serde::Serialize;

use crate::{
    catalogue::Agreement,
    engine::{Engine, Refused},
    ground::{DeclineId, PersonId, Sha256Digest, TextFault, local_date, typed_text},
    log::{Row, Said},
    mail::{LetterAbout, NewLetter},
    people::{Overseer, Person, find_overseers},
    record::Actor,
    store::{Linked as _, StoreError, Tx, change_one},
};

/// How many characters a reason has at most.
pub const LONGEST_DECLINE_REASON: usize = 1_000;

/// Why nothing was declined. Nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum DeclineError {
    /// There is no such agreement, or it is for other people.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The reason cannot be kept.
    #[error("the reason cannot be used: {0}")]
    Reason(TextFault),
    /// The text has changed since they were shown it.
    #[error("the text has changed")]
    TextChanged,
    /// Nobody asks them to sign it now, as where it is signed. What was signed is not taken back by declining.
    #[error("nobody asks for it now")]
    NotAsked,
}

impl From<StoreError> for DeclineError {
    fn from(error: StoreError) -> Self {
        Self::Refused(error.into())
    }
}

const INSERT_DECLINE: &str = "INSERT INTO decline (id, person_id, agreement, version, asks_again_on, declined_at) \
     VALUES ($1, $2, $3, $4, $5, $6)";

const INSERT_REASON: &str = "INSERT INTO decline_reason (decline_id, reason) VALUES ($1, $2)";

/// Why, as the signed log has it apart from the rest.
#[derive(Serialize)]
struct Reason<'r> {
    reason: &'r str,
}

impl Engine {
    /// Declines to sign an agreement that is asked of somebody, in the text that they were shown, with a reason in their own words, which goes to whom the
    /// provider says (`find_overseers`): they get a letter without the reason. It stays asked for and can be signed at any time; they are asked again
    /// after as many days as the provider says. Whoever declines once more before that day has declined once.
    ///
    /// # Errors
    /// [`DeclineError`]; nothing has been written.
    pub async fn decline_agreement(
        &self,
        person: &Person,
        slug: &AgreementSlug,
        text: Sha256Digest,
        reason: &str,
    ) -> Result<DeclineId, DeclineError> {
        let reason = typed_text(reason, LONGEST_DECLINE_REASON).map_err(DeclineError::Reason)?;
        if !reason.chars().any(char::is_alphanumeric) {
            return Err(DeclineError::Reason(TextFault::Empty));
        }
        let mut tx = self.store.write_for(person.id).await?;
        tx.hold_off_publishing().await?;
        tx.lock_person(person.id).await?;
        let situation = self.situation_on(&mut tx, person.id).await?;
        let agreement = situation.agreement_for(&situation.person()?, slug)?;
        if text != agreement.canonical.sha256 {
            return Err(DeclineError::TextChanged);
        }
        if situation.agreement_cell(slug).wanted.is_none() {
            return Err(DeclineError::NotAsked);
        }
        let (now, today) = (situation.now, local_date(situation.now));
        if let Some(before) = situation.declined(slug).filter(|before| before.waits_on(today)) {
            return Ok(before.id);
        }
        let after = Days::new(self.catalogue().organisation.asks_again_after().into());
        let id = DeclineId(self.new_id(now));
        change_one!(
            tx,
            sqlx::query(INSERT_DECLINE)
                .bind(id)
                .bind(person.id)
                .bind(slug.as_str())
                .bind(i64::from(agreement.number))
                .bind(today + after)
                .bind(now)
        )?;
        change_one!(tx, sqlx::query(INSERT_REASON).bind(id).bind(&reason))?;
        self.tell_of_decline(&mut tx, person.id, &agreement, id, now).await?;
        let act = self.act(person.id, now, Actor::Person(person.id));
        let act = act.saying(Said::Plain(declined(&agreement)), Row::of("decline", id));
        self.seal(tx, [act.with(PartKind::Why, &Reason { reason: &reason })]).await?;
        Ok(id)
    }

    /// Writes to those who are to know of it, where there is a mail server.
    async fn tell_of_decline(
        &self,
        tx: &mut Tx,
        of: PersonId,
        agreement: &Agreement,
        decline: DeclineId,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        if !self.sends_letters() {
            return Ok(());
        }
        let catalogue = self.catalogue();
        let named = catalogue.organisation.roles.iter().find(|role| agreement.submit_to.as_ref() == Some(&role.id));
        let named = named.map(|role| role.email.as_str());
        let told = find_overseers(tx, of, named, local_date(now)).await?;
        let about = |overseer: &Overseer| LetterAbout::Declined {
            name: overseer.name.clone(),
            title: agreement.title.clone(),
            decline,
        };
        let letters: Vec<(&Overseer, LetterAbout)> = told.iter().map(|overseer| (overseer, about(overseer))).collect();
        let new: Vec<NewLetter<'_>> = letters
            .iter()
            .map(|(overseer, about)| NewLetter {
                person: overseer.person_id,
                address: &overseer.email,
                about,
                instead_of: None,
            })
            .collect();
        self.write_letters(tx, &new, Actor::Person(of)).await.map(drop)
    }
}

/// What the log says of it.
fn declined(agreement: &Agreement) -> Fact {
    Fact::Declined {
        agreement: agreement.slug.as_str().to_owned(),
        version: agreement.number,
        sha256: audit::Digest(agreement.canonical.sha256.0),
    }
}
