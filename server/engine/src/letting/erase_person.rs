use std::collections::{BTreeMap, BTreeSet};

use audit::{PartKind, PersonKey, Pseudonym};
use chrono::{DateTime, NaiveDate, Utc};

use super::{
    held::{HELD, Held},
    let_go::Gone,
};
use crate::{
    engine::{Engine, Looked, Refused},
    ground::{LetterId, PersonId, SavedViewId, SignatureId, TokenId, name_key},
    log::{LogError, part_naming},
    mail::LetterAbout,
    people::{Over, Person, may_organise},
    record::Actor,
    store::{Linked, StoreError, Tx, change, change_one, on},
};

/// What erasing somebody would let go of, and what would remain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErasurePlan {
    /// Who.
    pub person: PersonId,
    /// Their name. `None`: it has been let go of.
    pub name: Option<String>,
    /// What would go, by what it is, with the number of rows; what has none is left out.
    pub goes: Vec<(&'static str, u64)>,
    /// How many entries of the signed log nothing would open any more.
    pub entries: u64,
    /// How many entries about others would no longer say that it was they who did it.
    pub named: u64,
    /// Why it cannot be done now. `None`: it can.
    pub hindrance: Option<Hindrance>,
}

/// Why nobody can be erased now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Hindrance {
    /// They are here, or are to begin: it would take away what they stand on.
    #[error("they are here or are to begin: record first that they leave")]
    StillHere,
    /// Everything has been erased already.
    #[error("everything about them has been erased already")]
    ErasedAlready,
    /// A file of people is being brought in, which may be about them.
    #[error("a file of people is being brought in: wait until it is done")]
    ImportUnderWay,
}

/// What was erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonErased {
    /// How many rows of the record are gone.
    pub rows: u64,
    /// How many entries of the signed log nothing opens any more.
    pub entries: u64,
    /// How many entries about others no longer say that it was they who did it.
    pub named: u64,
    /// Whether nothing of it is left in the database's files. `false`: somebody was reading, or it is PostgreSQL, which lets go of it when it
    /// vacuums.
    pub scrubbed: bool,
}

/// Why nobody was erased. Nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum EraseError {
    /// There is no such person.
    #[error("there is no such person")]
    NoSuchPerson,
    /// Only an administrator everywhere erases anybody.
    #[error("only an administrator erases somebody")]
    NotForYou,
    /// Nobody erases themselves.
    #[error("nobody erases themselves")]
    Oneself,
    /// It cannot be done now.
    #[error(transparent)]
    Hindered(#[from] Hindrance),
    /// It could not be noted beside the key of the log: a back-up from before would bring them back.
    #[error(transparent)]
    NotNoted(LogError),
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

impl From<LogError> for EraseError {
    fn from(error: LogError) -> Self {
        match error {
            LogError::Internal(error) => Self::Internal(error),
            error => Self::NotNoted(error),
        }
    }
}

/// Why it is done, as the log says it.
const REQUEST: &str = "request";

const FIND_NAME: &str =
    "SELECT (SELECT d.name FROM person_detail d WHERE d.person_id = p.id) FROM person p WHERE p.id = $1";

const COUNT_STAYS: &str = "SELECT COUNT(*) FROM stay WHERE person_id = $1 AND (ends_before IS NULL OR (ends_before > $2 AND ends_before > begins_on))";

const COUNT_ERASED: &str = "SELECT COUNT(*) FROM erased_person WHERE person_id = $1";

const FIND_KEY: &str = "SELECT secret FROM person_key WHERE person_id = $1";

const COUNT_LINES: &str = "SELECT COUNT(*) FROM roster_line";

const FIND_TOKENS: &str = "SELECT id FROM token WHERE person_id = $1";

const COUNT_DUTIES: &str = "SELECT COUNT(*) FROM duty WHERE person_id = $1";

/// What names somebody as who did something, about others.
const COUNT_NAMED: &str = "SELECT COUNT(*) FROM log_part p WHERE p.kind = 'by' AND p.part = $1 \
     AND NOT EXISTS (SELECT 1 FROM log_envelope e WHERE e.number = p.number AND e.person_id = $2)";

const DELETE_NAMED: &str = "DELETE FROM log_part WHERE kind = 'by' AND part = $1 RETURNING number";

const DELETE_ENVELOPES: &str = "DELETE FROM log_envelope WHERE person_id = $1 RETURNING number";

const INSERT_ERASED: &str = "INSERT INTO erased_person (person_id, erased_at) VALUES ($1, $2)";

const REVISE: &str = "UPDATE person SET revision = revision + 1 WHERE id = $1";

/// Files of people that wait, or were not brought in: somebody may stand in any of them. Whoever needs one hands it over again.
const DELETE_WAITING: [&str; 2] =
    ["DELETE FROM roster_upload_piece", "DELETE FROM roster_upload WHERE started_at IS NULL OR fault IS NOT NULL"];

/// Letters to others that wait and name who signed something.
const FIND_NAMING: &str =
    "SELECT id, about FROM letter WHERE next_try_at IS NOT NULL AND kind = 'submitted' AND about IS NOT NULL";

const FIND_SUBMITTED: &str = "SELECT signature_id FROM submission WHERE person_id = $1";

const DELETE_LETTER: &str = "DELETE FROM letter WHERE id = $1";

const EVERY_VIEW: &str = "SELECT id, name, query FROM saved_view";

const DELETE_VIEW: &str = "DELETE FROM saved_view WHERE id = $1";

/// What is not deleted with somebody: that somebody with this number was known, and that they were erased.
const STAYS: [&str; 2] = ["person", "erased_person"];

/// What is deleted by a statement of its own, which says what it was.
const ENVELOPES: &str = "log_envelope";

impl Engine {
    /// What erasing somebody would let go of.
    ///
    /// # Errors
    /// [`Refused::NotForYou`] unless the reader is an administrator, [`Refused::NotFound`] when there is no such person.
    pub async fn erasure_plan(&self, reader: &Person, person: PersonId) -> Looked<ErasurePlan> {
        if reader.looks_after_all() { self.plan_erasure(person).await } else { Err(Refused::NotForYou) }
    }

    /// The same, for the command line alone.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when there is no such person.
    pub async fn plan_erasure(&self, person: PersonId) -> Looked<ErasurePlan> {
        let mut conn = self.store.read().await?;
        let found: Option<Option<String>> =
            on!(conn.link(), conn => sqlx::query_scalar(FIND_NAME).bind(person).fetch_optional(conn).await)?;
        let name = found.ok_or(Refused::NotFound)?;
        let mut goes = Vec::new();
        let mut entries = 0;
        for held in HELD.iter().filter(|held| !STAYS.contains(&held.table)) {
            let text = format!("SELECT COUNT(*) FROM {} t WHERE {}", held.table, held.whose);
            let rows: i64 = on!(conn.link(), conn => sqlx::query_scalar(sqlx::AssertSqlSafe(text))
                .bind(person).fetch_one(conn).await)?;
            let rows = u64::try_from(rows).unwrap_or_default();
            if held.table == ENVELOPES {
                entries = rows;
            }
            if rows > 0 {
                goes.push((held.title, rows));
            }
        }
        let mut named = 0;
        for by in names(&mut conn, person).await? {
            let count: i64 = on!(conn.link(), conn => sqlx::query_scalar(COUNT_NAMED)
                .bind(by).bind(person).fetch_one(conn).await)?;
            named += u64::try_from(count).unwrap_or_default();
        }
        let today = self.since_today(Actor::Server).begins_on;
        let hindrance = find_hindrance(&mut conn, person, today).await?;
        Ok(ErasurePlan { person, name, goes, entries, named, hindrance })
    }

    /// Erases everything about somebody who is no longer here: what opens the entries of the signed log about them, what names them as who did
    /// something, and every row about them. That somebody was known, and the entries themselves, which say nothing any more, remain. The log
    /// says that it was done, and not to whom.
    ///
    /// # Errors
    /// [`EraseError`]; nothing has been written.
    pub async fn erase_person(&self, person: PersonId, by: Actor) -> Result<PersonErased, EraseError> {
        if by == Actor::Person(person) {
            return Err(EraseError::Oneself);
        }
        let mut tx = self.store.write().await?;
        // Alone: no file is brought in, and no other list of what is gone is made, meanwhile.
        tx.lock_people().await?;
        tx.lock_person(person).await?;
        if !may_organise(&mut tx, by, Over::Everything, self.since_today(by).begins_on).await? {
            return Err(EraseError::NotForYou);
        }
        let found: Option<Option<String>> =
            on!(tx.link(), conn => sqlx::query_scalar(FIND_NAME).bind(person).fetch_optional(conn).await)?;
        let name = found.ok_or(EraseError::NoSuchPerson)?.unwrap_or_default();
        let now = self.clock.now();
        if let Some(hindrance) = find_hindrance(&mut tx, person, self.since_today(by).begins_on).await? {
            return Err(hindrance.into());
        }
        let id = self.new_id(now);
        let names = names(&mut tx, person).await?;
        let secret: Option<String> =
            on!(tx.link(), conn => sqlx::query_scalar(FIND_KEY).bind(person).fetch_optional(conn).await)?;
        // Before the rule that keeps what was recorded: it lets go of what is about somebody who is listed here.
        let (rows, gone) = delete_all(&mut tx, person, now, &names).await?;
        delete_views_naming(&mut tx, person, &name).await?;
        change_one!(tx, sqlx::query(REVISE).bind(person))?;
        let (entries, named) = (gone.leaves.len() as u64, gone.count_parts() as u64);
        let act = self.record_erasure(&mut tx, id, REQUEST, &gone, (now, by)).await?;
        let pseudonym = secret.and_then(|secret| PersonKey::parse(&secret).ok()).map(|key| key.pseudonym());
        if let Some(pseudonym) = &pseudonym {
            self.log.note_erasing(&mut tx, pseudonym).await?;
        }
        if let Err(error) = self.seal(tx, [act]).await {
            self.take_back_note(person, pseudonym.as_ref()).await;
            return Err(error.into());
        }
        tracing::info!(target: "security", %person, %by, "everything about a person was erased");
        // So that this server does not keep what it has in memory about them until it needs the room.
        self.person(person).await?;
        Ok(PersonErased { rows, entries, named, scrubbed: self.store.scrub().await? })
    }

    /// Notes that somebody was not erased, if they are still there for sure. If nobody knows, the note stays, and so does what it leads to: it is
    /// finished at the next start, or when a copy is restored.
    async fn take_back_note(&self, person: PersonId, pseudonym: Option<&Pseudonym>) {
        let Some(pseudonym) = pseudonym else { return };
        let found = async {
            let mut conn = self.store.read().await?;
            let secret: Option<String> =
                on!(conn.link(), conn => sqlx::query_scalar(FIND_KEY).bind(person).fetch_optional(conn).await)?;
            Ok::<_, StoreError>(secret)
        };
        if matches!(found.await, Ok(Some(_))) {
            self.log.note_not_erased(pseudonym).await;
        }
    }

    /// The same for an administrator.
    ///
    /// # Errors
    /// As [`Engine::erase_person`], and [`EraseError::NotForYou`].
    pub async fn erase_person_for(&self, reader: &Person, person: PersonId) -> Result<PersonErased, EraseError> {
        if !reader.looks_after_all() {
            return Err(EraseError::NotForYou);
        }
        self.erase_person(person, Actor::Person(reader.id)).await
    }
}

/// Deletes the views of the matrix that others keep and that name somebody: that show them alone, or people of a word of their name, or are
/// called so. Whoever kept one for somebody else of that name makes it again.
async fn delete_views_naming(tx: &mut Tx, person: PersonId, name: &str) -> Result<(), StoreError> {
    let words = |text: &str| -> BTreeSet<String> {
        name_key(text).split(|letter: char| !letter.is_alphanumeric()).map(str::to_owned).collect()
    };
    let mut theirs = words(name);
    theirs.retain(|word| !word.is_empty());
    let id = person.to_string();
    let views: Vec<(SavedViewId, String, String)> =
        on!(tx.link(), conn => sqlx::query_as(EVERY_VIEW).fetch_all(conn).await)?;
    for (view, called, query) in views {
        let mut asked = form_urlencoded::parse(query.as_bytes());
        let names_them = !words(&called).is_disjoint(&theirs)
            || asked.any(|(field, value)| value == id || field == "name" && !words(&value).is_disjoint(&theirs));
        if names_them {
            change_one!(tx, sqlx::query(DELETE_VIEW).bind(view))?;
        }
    }
    Ok(())
}

/// Deletes the letters that wait and tell others what somebody signed.
async fn delete_letters_naming(tx: &mut Tx, person: PersonId) -> Result<(), StoreError> {
    let theirs: Vec<SignatureId> =
        on!(tx.link(), conn => sqlx::query_scalar(FIND_SUBMITTED).bind(person).fetch_all(conn).await)?;
    if theirs.is_empty() {
        return Ok(());
    }
    let waiting: Vec<(LetterId, String)> = on!(tx.link(), conn => sqlx::query_as(FIND_NAMING).fetch_all(conn).await)?;
    for (letter, about) in waiting {
        let about = serde_json::from_str(&about);
        if matches!(about, Ok(LetterAbout::Submitted { signature, .. }) if theirs.contains(&signature)) {
            change_one!(tx, sqlx::query(DELETE_LETTER).bind(letter))?;
        }
    }
    Ok(())
}

async fn find_hindrance(
    on_what: &mut impl Linked,
    person: PersonId,
    today: NaiveDate,
) -> Result<Option<Hindrance>, StoreError> {
    let erased: i64 = on!(on_what.link(), conn => sqlx::query_scalar(COUNT_ERASED).bind(person).fetch_one(conn).await)?;
    let stays: i64 = on!(on_what.link(), conn => sqlx::query_scalar(COUNT_STAYS)
        .bind(person).bind(today).fetch_one(conn).await)?;
    let lines: i64 = on!(on_what.link(), conn => sqlx::query_scalar(COUNT_LINES).fetch_one(conn).await)?;
    Ok(match () {
        () if erased > 0 => Some(Hindrance::ErasedAlready),
        () if stays > 0 => Some(Hindrance::StillHere),
        () if lines > 0 => Some(Hindrance::ImportUnderWay),
        () => None,
    })
}

/// The parts of entries that name somebody as who did something: they themselves, and tokens that acted for them. Whoever never had a
/// duty never did anything for others, and nobody looks for it.
async fn names(on_what: &mut impl Linked, person: PersonId) -> Result<Vec<String>, StoreError> {
    let duties: i64 = on!(on_what.link(), conn => sqlx::query_scalar(COUNT_DUTIES).bind(person).fetch_one(conn).await)?;
    if duties == 0 {
        return Ok(Vec::new());
    }
    let tokens: Vec<TokenId> =
        on!(on_what.link(), conn => sqlx::query_scalar(FIND_TOKENS).bind(person).fetch_all(conn).await)?;
    let actors = [Actor::Person(person)].into_iter().chain(tokens.into_iter().map(Actor::Token));
    Ok(actors.map(part_naming).collect())
}

/// Deletes every row about somebody, and says how many of the record they were and what of the log is gone.
async fn delete_all(
    tx: &mut Tx,
    person: PersonId,
    now: DateTime<Utc>,
    names: &[String],
) -> Result<(u64, Gone), StoreError> {
    change_one!(tx, sqlx::query(INSERT_ERASED).bind(person).bind(now))?;
    let mut rows = 0;
    let mut gone = Gone::default();
    for delete in DELETE_WAITING {
        change!(tx, sqlx::query(delete))?;
    }
    delete_letters_naming(tx, person).await?;
    // What refers to another stands after it.
    for held in HELD.iter().rev().filter(|held| !STAYS.contains(&held.table)) {
        let Held { table, whose, .. } = *held;
        if table == ENVELOPES {
            gone.leaves = on!(tx.link(), conn => sqlx::query_scalar(DELETE_ENVELOPES)
                .bind(person).fetch_all(conn).await)?;
            continue;
        }
        let text = format!("DELETE FROM {table} AS t WHERE {whose}");
        let deleted = change!(tx, sqlx::query(sqlx::AssertSqlSafe(text)).bind(person))?;
        rows += if table.starts_with("log_") { 0 } else { deleted };
    }
    let mut named: Vec<i64> = Vec::new();
    for by in names {
        let numbers: Vec<i64> =
            on!(tx.link(), conn => sqlx::query_scalar(DELETE_NAMED).bind(by).fetch_all(conn).await)?;
        named.extend(numbers);
    }
    if !named.is_empty() {
        gone.parts = BTreeMap::from([(PartKind::By, named)]);
    }
    Ok((rows, gone))
}
