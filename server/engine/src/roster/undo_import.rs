use audit::Fact;
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{
    ImportError, Imported,
    carry_out::{Did, end_audience, end_membership, unreadable},
    import_people::{Pace, find_last, has_done, has_lines},
};
use crate::{
    engine::Engine,
    ground::{GroupId, PersonId, local_date, said_moment},
    log::{Act, Row, Said},
    people::{Over, PersonDetails as Details, end_sessions, find_details, find_stay, is_open, may_organise},
    record::{Actor, Duty, Role, Since},
    store::{Linked as _, StoreError, Tx, change, change_one, on},
};

/// What an undoing has ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Undone {
    /// How many people have left who began, or came back, with the import.
    pub left: u32,
    /// How many others are as they were before.
    pub set_back: u32,
    /// How many others could not be set back in everything, because somebody has changed them since.
    pub kept: u32,
}

/// Why nothing was undone.
#[derive(Debug, thiserror::Error)]
pub enum UndoError {
    /// It is for an administrator who looks after everybody.
    #[error("this is for an administrator who looks after everybody")]
    NotTheirs,
    /// Nobody was ever imported.
    #[error("nobody has been imported yet: there is nothing to undo")]
    Nothing,
    /// Only the last import can be undone, and it has been.
    #[error("the last import was undone on {}: there is nothing to undo", said_moment(*.0))]
    Already(DateTime<Utc>),
    /// The database failed. What is left of it is undone when it is tried again.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

/// What an earlier import, which was stopped, has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finished {
    /// It is carried out now.
    Imported,
    /// It is undone now.
    Undone,
}

const END_IMPORT: &str = "UPDATE roster_import SET ended_at = $2, ended_by = $3 WHERE id = $1 AND ended_at IS NULL";

const FIND_DONE: &str = "SELECT line, person_id, did FROM roster_done WHERE import_id = $1 ORDER BY line DESC LIMIT $2";

const DELETE_DONE: &str = "DELETE FROM roster_done WHERE import_id = $1 AND line >= $2";

const FIND_BEGINNING: &str = "SELECT begins_on, recorded_at FROM stay WHERE id = $1";

/// What was to begin later is ended on the day on which it begins: it never holds.
const END_STAY: &str = "UPDATE stay SET ends_before = CASE WHEN begins_on > $2 THEN begins_on ELSE $2 END, \
     end_recorded_at = $3, end_recorded_by = $4 WHERE id = $1 AND ends_before IS NULL";

const END_DUTY: &str = "UPDATE duty SET ends_before = CASE WHEN begins_on > $2 THEN begins_on ELSE $2 END, \
     end_recorded_at = $3, end_recorded_by = $4 WHERE id = $1 AND ends_before IS NULL RETURNING role, group_id";

const COUNT_OTHERS: &str = "SELECT (SELECT COUNT(*) FROM person_detail WHERE email = $2 AND person_id <> $1) \
     + (SELECT COUNT(*) FROM person_detail WHERE external_id = $3 AND person_id <> $1)";

impl Engine {
    /// Ends what the last import began, from today on: who began with it leaves, memberships, audiences and duties that it gave end, and those
    /// that it ended begin anew; who began with it today was never here, whatever start date the file gave them, so that the same file, put right,
    /// can be brought in at once; names and addresses are what they were, unless somebody has changed them since. Nothing that people did is
    /// lost, and groups that were made stay. `said` is told how many lines are undone.
    ///
    /// # Errors
    /// [`UndoError`].
    pub async fn undo_import(&self, by: Actor, said: impl FnMut(usize)) -> Result<Undone, UndoError> {
        let import = {
            let mut tx = self.store.write().await?;
            tx.lock_people().await?;
            if !may_organise(&mut tx, by, Over::Everything, self.since_today(by).begins_on).await? {
                return Err(UndoError::NotTheirs);
            }
            let last = find_last(&mut tx).await?.ok_or(UndoError::Nothing)?;
            match last.ended_at {
                Some(ended_at) if !has_done(&mut tx, last.id).await? => return Err(UndoError::Already(ended_at)),
                Some(_) => {}
                None => self.end_import(tx, last.id, by).await?,
            }
            last.id
        };
        Ok(self.take_back_rest(import, by, said).await?)
    }

    /// Finishes an earlier import, or its undoing, that was stopped. `None`: there is none. `said` is told how many lines were written of it
    /// or are left.
    ///
    /// # Errors
    /// [`ImportError`].
    pub async fn finish_import(&self, by: Actor, said: impl FnMut(usize)) -> Result<Option<Finished>, ImportError> {
        let mut conn = self.store.read().await?;
        let Some(last) = find_last(&mut conn).await? else { return Ok(None) };
        let (lines, done) = (has_lines(&mut conn, last.id).await?, has_done(&mut conn, last.id).await?);
        drop(conn);
        match (last.ended_at, lines, done) {
            (None, true, _) => {
                self.go_on(last.id, by, &mut Imported::default(), said).await?;
                Ok(Some(Finished::Imported))
            }
            (Some(_), true, _) | (Some(_), _, true) => {
                self.take_back_rest(last.id, by, said).await?;
                Ok(Some(Finished::Undone))
            }
            _ => Ok(None),
        }
    }

    /// Undoes what was written of an import that cannot go on.
    pub(super) async fn take_back(&self, import: Uuid, by: Actor) -> Result<Undone, StoreError> {
        let mut tx = self.store.write().await?;
        tx.lock_people().await?;
        self.end_import(tx, import, by).await?;
        self.take_back_rest(import, by, |_| ()).await
    }

    async fn end_import(&self, mut tx: Tx, import: Uuid, by: Actor) -> Result<(), StoreError> {
        let last = find_last(&mut tx).await?.filter(|last| last.id == import).ok_or_else(unreadable)?;
        let now = self.clock.now();
        change_one!(tx, sqlx::query(END_IMPORT).bind(import).bind(now).bind(by.to_string()))?;
        let fact = Fact::ImportUndone { sha256: last.digest()? };
        let act = self.act_of_all(now, by).saying(Said::Plain(fact), Row::of("roster_import/end", import));
        self.seal(tx, [act]).await?;
        tracing::info!(target: "security", %import, %by, of = %last.recorded_at, "an import was undone");
        Ok(())
    }

    async fn take_back_rest(&self, import: Uuid, by: Actor, mut said: impl FnMut(usize)) -> Result<Undone, StoreError> {
        self.drop_lines(import).await?;
        let mut undone = Undone::default();
        let mut lines = 0;
        let mut pace = Pace::FIRST;
        loop {
            let mut tx = self.store.write().await?;
            let begun = self.clock.steady();
            tx.lock_people().await?;
            let most = i64::try_from(pace.lines()).unwrap_or(i64::MAX);
            let rows: Vec<(i64, PersonId, String)> = on!(tx.link(), conn => sqlx::query_as(FIND_DONE)
                .bind(import).bind(most).fetch_all(conn).await)?;
            let Some(first) = rows.last().map(|(line, ..)| *line) else { return Ok(undone) };
            let since = self.since_today(by);
            let mut acts = Vec::with_capacity(rows.len());
            let now_undone = rows.len();
            lines += now_undone;
            for (_, person, did) in rows {
                let did: Did = serde_json::from_str(&did).map_err(|_| unreadable())?;
                self.take_back_one(&mut tx, person, did, since, &mut acts, &mut undone).await?;
            }
            change!(tx, sqlx::query(DELETE_DONE).bind(import).bind(first))?;
            self.seal(tx, acts).await?;
            pace = pace.after(now_undone, self.clock.steady() - begun);
            said(lines);
            self.pause().await;
        }
    }

    async fn take_back_one(
        &self,
        tx: &mut Tx,
        person: PersonId,
        did: Did,
        since: Since,
        acts: &mut Vec<Act>,
        undone: &mut Undone,
    ) -> Result<(), StoreError> {
        tx.lock_person(person).await?;
        let mut all = true;
        let began = did.stay.is_some();
        let mut act = self.act_since(person, since);
        if let Some(began_with) = did.stay {
            let gone = taken_back_from(tx, began_with, since).await?;
            let mut ending = self.act_since(person, gone);
            let ended = change!(
                tx,
                sqlx::query(END_STAY)
                    .bind(began_with)
                    .bind(gone.begins_on)
                    .bind(gone.recorded_at)
                    .bind(gone.by.to_string())
            )?;
            if ended > 0 {
                ending.says(Said::Plain(Fact::Left), Row::of("stay/end", began_with));
                self.end_duties(tx, person, gone, &mut ending).await?;
                end_sessions(tx, person).await?;
            } else if let Some(stay) = find_stay(tx, person, since.begins_on).await?
                && stay.is(began_with)
            {
                // Meanwhile it was recorded that they leave on a later day.
                let ends_on = stay.begins_on.max(gone.begins_on);
                if stay.leaves_on.is_some_and(|leaves_on| ends_on < leaves_on) {
                    self.end_stay(tx, person, stay, gone, &mut ending).await?;
                    end_sessions(tx, person).await?;
                }
            }
            all &= end_given(tx, &did, gone, &mut ending).await?;
            acts.extend(ending.says_something().then_some(ending));
        } else {
            all &= end_given(tx, &did, since, &mut act).await?;
        }
        for group in did.ended_memberships {
            all &=
                is_open(tx, group).await? && self.begin_membership(tx, group, person, since, &mut act).await?.is_some();
        }
        for audience in did.ended_audiences {
            all &= self.begin_in_audience(tx, person, &audience, since, &mut act).await?.is_some();
        }
        if let Some((before, set)) = did.details {
            all &= self.set_back(tx, person, before, set, since, &mut act).await?;
        }
        acts.extend(act.says_something().then_some(act));
        *match (began, all) {
            (true, _) => &mut undone.left,
            (false, true) => &mut undone.set_back,
            (false, false) => &mut undone.kept,
        } += 1;
        Ok(())
    }

    /// Sets what somebody is called to what it was, unless it has been changed since, or somebody else has got the address.
    async fn set_back(
        &self,
        tx: &mut Tx,
        person: PersonId,
        before: Details,
        set: Details,
        since: Since,
        act: &mut Act,
    ) -> Result<bool, StoreError> {
        let now = find_details(tx, person).await?;
        let others: i64 = on!(tx.link(), conn => sqlx::query_scalar(COUNT_OTHERS)
            .bind(person).bind(&before.email).bind(&before.external_id).fetch_one(conn).await)?;
        let is_as_set =
            now.is_some_and(|now| (now.name, now.email, now.external_id) == (set.name, set.email, set.external_id));
        if !is_as_set || others > 0 {
            return Ok(false);
        }
        Ok(self.set_details(tx, person, &before, since, act).await?.is_some())
    }
}

/// From which day on a stay is taken back: today; where it was recorded today, the day on which it begins, so that it never held.
async fn taken_back_from(tx: &mut Tx, stay: Uuid, since: Since) -> Result<Since, StoreError> {
    let found: Option<(NaiveDate, DateTime<Utc>)> =
        on!(tx.link(), conn => sqlx::query_as(FIND_BEGINNING).bind(stay).fetch_optional(conn).await)?;
    let begun_today = found.filter(|(_, recorded_at)| local_date(*recorded_at) == since.begins_on);
    let begins_on = begun_today.map_or(since.begins_on, |(begins_on, _)| begins_on.min(since.begins_on));
    Ok(Since { begins_on, ..since })
}

/// Ends the memberships, audiences and duties that a line gave. `false`: not all memberships and audiences were still open.
async fn end_given(tx: &mut Tx, did: &Did, since: Since, act: &mut Act) -> Result<bool, StoreError> {
    let mut all = true;
    for row in did.memberships.iter().copied() {
        match end_membership(tx, row, since).await? {
            Some(group) => act.says(Said::MembershipEnded(group), Row::of("membership/end", row)),
            None => all = false,
        }
    }
    for row in did.audiences.iter().copied() {
        match end_audience(tx, row, since).await? {
            Some(audience) => {
                act.says(Said::Plain(Fact::AudienceEnded { audience }), Row::of("in_audience/end", row));
            }
            None => all = false,
        }
    }
    for row in did.duties.iter().copied() {
        let ended: Option<(String, Option<GroupId>)> = on!(tx.link(), conn => sqlx::query_as(END_DUTY)
            .bind(row)
            .bind(since.begins_on)
            .bind(since.recorded_at)
            .bind(since.by.to_string())
            .fetch_optional(conn)
            .await)?;
        if let Some((role, over)) = ended {
            let role = Role::parse(&role).ok_or_else(|| StoreError::unreadable("duty"))?;
            act.says(Said::DutyEnded(Duty { role, over }), Row::of("duty/end", row));
        }
    }
    Ok(all)
}
