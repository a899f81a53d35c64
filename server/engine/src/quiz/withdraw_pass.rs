use audit::PartKind;
use serde::Serialize;

use crate::{
    engine::Engine,
    ground::{CompletionId, CorrectionId, PersonId, TextFault, local_date, typed_line},
    log::{Row, Said},
    mail::LetterAbout,
    people::{Over, may_organise, tell},
    record::{Actor, WrongBecause},
    store::{Linked as _, StoreError, change_one, on},
};

/// How many characters a reason has at most.
pub const LONGEST_CORRECTION_REASON: usize = 500;

/// Why no pass was withdrawn. Nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum WithdrawPassError {
    /// There is no such pass, or whose it is, is nobody for whoever writes to look after.
    #[error("there is no such pass")]
    NoSuchPass,
    /// Nobody changes what is recorded about themselves.
    #[error("nobody changes what is recorded about themselves")]
    Oneself,
    /// It was withdrawn before.
    #[error("it was withdrawn before")]
    Withdrawn,
    /// The reason cannot be kept.
    #[error("the reason cannot be used: {0}")]
    Reason(TextFault),
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

const FIND_WHOSE: &str = "SELECT person_id FROM completion WHERE id = $1";

const COUNT_CORRECTIONS: &str = "SELECT COUNT(*) FROM correction WHERE completion_id = $1";

const INSERT_CORRECTION: &str = "INSERT INTO correction (id, person_id, completion_id, code, recorded_at, recorded_by) \
     VALUES ($1, $2, $3, $4, $5, $6)";

const INSERT_REASON: &str = "INSERT INTO correction_reason (correction_id, reason) VALUES ($1, $2)";

/// Why, as the signed log has it apart from the rest.
#[derive(Serialize)]
struct Reason<'r> {
    reason: &'r str,
}

impl Engine {
    /// Says that a pass was recorded wrongly: it stays on record, and counts for nothing from now on. What was signed while it counted stays signed, and
    /// whoever looks at it is told, as they are whose pass it was, by a letter without the reason. An administrator over that person does it, or the
    /// command line. Gives whose pass it was.
    ///
    /// # Errors
    /// [`WithdrawPassError`]; nothing has been written.
    pub async fn withdraw_pass(
        &self,
        pass: CompletionId,
        why: WrongBecause,
        reason: &str,
        by: Actor,
    ) -> Result<PersonId, WithdrawPassError> {
        let reason = typed_line(reason, LONGEST_CORRECTION_REASON).map_err(WithdrawPassError::Reason)?;
        let mut tx = self.store.write().await?;
        let whose: Option<PersonId> =
            on!(tx.link(), conn => sqlx::query_scalar(FIND_WHOSE).bind(pass).fetch_optional(conn).await)?;
        let person = whose.ok_or(WithdrawPassError::NoSuchPass)?;
        if by == Actor::Person(person) {
            return Err(WithdrawPassError::Oneself);
        }
        tx.lock_person(person).await?;
        let now = self.clock.now();
        if !may_organise(&mut tx, by, Over::Person(person), local_date(now)).await? {
            return Err(WithdrawPassError::NoSuchPass);
        }
        let before: i64 =
            on!(tx.link(), conn => sqlx::query_scalar(COUNT_CORRECTIONS).bind(pass).fetch_one(conn).await)?;
        if before > 0 {
            return Err(WithdrawPassError::Withdrawn);
        }
        let id = CorrectionId(self.new_id(now));
        change_one!(
            tx,
            sqlx::query(INSERT_CORRECTION)
                .bind(id)
                .bind(person)
                .bind(pass)
                .bind(why.code())
                .bind(now)
                .bind(by.to_string())
        )?;
        change_one!(tx, sqlx::query(INSERT_REASON).bind(id).bind(&reason))?;
        tell(self, &mut tx, person, by, |name| LetterAbout::Withdrawn { name }).await?;
        let act = self.act(person, now, by).saying(Said::Withdrawn { pass, why }, Row::of("correction", id));
        self.seal(tx, [act.with(PartKind::Why, &Reason { reason: &reason })]).await?;
        Ok(person)
    }
}
