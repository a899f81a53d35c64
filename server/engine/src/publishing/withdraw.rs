use audit::Fact;
use model::{AgreementSlug, ModuleSlug, ProgrammeSlug};

use super::read_shelf::read_shelf;
use crate::{
    catalogue::{Agreement, History},
    engine::Engine,
    log::{Row, Said},
    record::Actor,
    store::{Linked as _, StoreError, change_one},
};

/// Why nothing was withdrawn.
#[derive(Debug, thiserror::Error)]
pub enum WithdrawError {
    /// Nothing of that name is published, or it is withdrawn already.
    #[error("nothing of the name {0} is published; write module/NAME, agreement/NAME or programme/NAME")]
    NotPublished(String),
    /// An agreement that people sign requires the module: nobody could sign it any more.
    #[error("the agreement {0} requires it: take it out there first")]
    Required(AgreementSlug),
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

const INSERT_WITHDRAWAL: &str = "INSERT INTO withdrawal (id, kind, slug, number, recorded_at, recorded_by) \
     VALUES ($1, $2, $3, $4, $5, $6)";

impl Engine {
    /// Withdraws something that is published: from now on nobody takes it, signs it or is asked for it. Its versions, and what was passed
    /// or signed of it, stay and can be read. A new version ends the withdrawal. `name` is `module/four-cs`, `agreement/learner-aup` or
    /// `programme/learner-induction`.
    ///
    /// # Errors
    /// [`WithdrawError::NotPublished`] when there is none of that name.
    pub async fn withdraw(&self, name: &str, by: Actor) -> Result<(), WithdrawError> {
        let unknown = || WithdrawError::NotPublished(name.to_owned());
        let (kind, slug) = name.split_once('/').ok_or_else(unknown)?;
        let mut tx = self.store.write().await?;
        tx.lock_publishing().await?;
        let shelf = read_shelf(&mut tx, &self.shelf(), None).await?;
        let number = match kind {
            "module" => ModuleSlug::new(slug).ok().and_then(|slug| in_force(shelf.modules.get(&slug))),
            "agreement" => AgreementSlug::new(slug).ok().and_then(|slug| in_force(shelf.agreements.get(&slug))),
            "programme" => ProgrammeSlug::new(slug).ok().and_then(|slug| in_force(shelf.programmes.get(&slug))),
            _ => None,
        };
        let number = number.ok_or_else(unknown)?;
        let requires =
            |agreement: &Agreement| kind == "module" && agreement.requires.iter().any(|other| other.as_str() == slug);
        if let Some(agreement) = shelf.current.agreements.values().find(|agreement| requires(agreement)) {
            return Err(WithdrawError::Required(agreement.slug.clone()));
        }
        let now = self.clock.now();
        let id = self.new_id(now);
        change_one!(
            tx,
            sqlx::query(INSERT_WITHDRAWAL)
                .bind(id)
                .bind(kind)
                .bind(slug)
                .bind(i64::from(number))
                .bind(now)
                .bind(by.to_string())
        )?;
        let withdrawn = Fact::Withdrawn { thing: name.to_owned(), version: number };
        self.seal(tx, [self.act_of_all(now, by).saying(Said::Plain(withdrawn), Row::of("withdrawal", id))]).await?;
        // It is withdrawn, whatever becomes of reading it.
        if let Err(error) = self.refresh().await {
            tracing::warn!(%error, "what was withdrawn could not be read back yet");
        }
        Ok(())
    }
}

/// The number of the newest version, unless it is withdrawn.
fn in_force<T>(history: Option<&History<T>>) -> Option<u32> {
    history.filter(|history| !history.is_withdrawn())?.newest().map(|issue| issue.number)
}
