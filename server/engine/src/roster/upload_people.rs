//! Files of people that are handed over in a browser: kept until they are carried out, so that any node can go on.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    ColumnFault, Columns, DayOrder, FileFault, ImportError, LARGEST_FILE, Mapping, Plan, Recognised, Table,
    find_known::find_known, plan_import::Planning,
};
use crate::{
    engine::{Engine, Looked, Refused},
    ground::{Sha256Digest, aside, local_date},
    people::{Over, Person, may_organise},
    record::Actor,
    store::{Linked, StoreError, change, change_one, on},
};

/// A file that was handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// Which.
    pub id: Uuid,
    /// As it was called.
    pub file_name: String,
    /// When it was handed over.
    pub uploaded_at: DateTime<Utc>,
    /// What somebody said of it.
    pub said: SaidOfFile,
    /// How far it is.
    pub stage: Stage,
    sha256: Sha256Digest,
}

/// How far a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It waits for somebody to have it carried out.
    Waits,
    /// It is being carried out: so many of its lines are written, of how many. `None`: none yet.
    UnderWay(Option<(u64, u64)>),
    /// It was carried out.
    Done(DateTime<Utc>),
    /// It was not, and why.
    Failed(String),
}

/// What somebody said of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SaidOfFile {
    /// Which columns make up which field, in the order of the header: the codes of fields and the names of columns.
    pub columns: Vec<(String, Vec<String>)>,
    /// Whether numbers of days stand before those of months.
    pub day_first: Option<bool>,
}

impl SaidOfFile {
    fn mappings(&self) -> Vec<Mapping> {
        let mapping = |(field, columns): &(String, Vec<String>)| {
            Some(Mapping { field: super::Field::parse(field)?, columns: columns.clone() })
        };
        self.columns.iter().filter_map(mapping).collect()
    }

    fn days(&self) -> Option<DayOrder> {
        self.day_first.map(|first| if first { DayOrder::DayFirst } else { DayOrder::MonthFirst })
    }
}

/// What a file would do.
#[derive(Debug)]
pub struct Draft {
    /// How it is written.
    pub recognised: Recognised,
    /// What its columns are called.
    pub header: Vec<String>,
    /// How many lines there are below the header.
    pub lines: usize,
    /// Which column is what.
    pub columns: Result<Vec<(super::Field, Vec<String>)>, Box<ColumnFault>>,
    /// The columns that are not read.
    pub unread: Vec<String>,
    /// What it would change. `None`: which column is what is not known yet.
    pub plan: Option<Plan>,
}

/// Why a file was not taken.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// It cannot be read.
    #[error(transparent)]
    File(#[from] FileFault),
    /// It is for an administrator who looks after everybody.
    #[error("this is for an administrator who looks after everybody")]
    NotTheirs,
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

/// The last import, however it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastImported {
    /// When it was decided.
    pub at: DateTime<Utc>,
    /// By whom, if that is somebody whose name is known.
    pub by: Option<String>,
    /// How many people began with it.
    pub began: u64,
    /// How many others it changed.
    pub changed: u64,
    /// When somebody undid it.
    pub undone_at: Option<DateTime<Utc>>,
    /// How many lines of it, or of its undoing, are still to be written.
    pub left: u64,
}

/// How long a file is kept that nobody has carried out.
const KEPT: TimeDelta = TimeDelta::hours(24);

const PIECE: usize = 256 * 1024;

const INSERT_UPLOAD: &str =
    "INSERT INTO roster_upload (id, person_id, file_name, sha256, uploaded_at, said) VALUES ($1, $2, $3, $4, $5, $6)";

const INSERT_PIECE: &str = "INSERT INTO roster_upload_piece (upload_id, place, bytes) VALUES ($1, $2, $3)";

const FIND_UPLOAD: &str =
    "SELECT id, file_name, sha256, uploaded_at, said, started_at, ended_at, fault FROM roster_upload WHERE id = $1";

const FIND_PIECES: &str = "SELECT bytes FROM roster_upload_piece WHERE upload_id = $1 ORDER BY place";

const SAY: &str = "UPDATE roster_upload SET said = $2 WHERE id = $1 AND started_at IS NULL";

/// One that was started and not decided may be started again after a while: whoever did was stopped.
const START: &str = "UPDATE roster_upload SET started_at = $2, ended_at = NULL, fault = NULL WHERE id = $1 \
     AND (started_at IS NULL OR fault IS NOT NULL \
       OR (started_at < $3 AND NOT EXISTS (SELECT 1 FROM roster_import i WHERE i.id = roster_upload.id)))";

const END: &str = "UPDATE roster_upload SET ended_at = $2, fault = $3 WHERE id = $1";

const DELETE_PIECES: &str = "DELETE FROM roster_upload_piece WHERE upload_id = $1";

const DELETE_OLD_PIECES: &str =
    "DELETE FROM roster_upload_piece WHERE upload_id IN (SELECT id FROM roster_upload WHERE uploaded_at < $1)";

const DELETE_OLD: &str = "DELETE FROM roster_upload WHERE uploaded_at < $1";

const FIND_SIZE: &str = "SELECT began + changed FROM roster_import WHERE id = $1";

const COUNT_LINES: &str = "SELECT CAST(COALESCE(SUM(lines), 0) AS BIGINT) FROM roster_line WHERE import_id = $1";

const FIND_LAST: &str = "SELECT i.id, i.began, i.changed, i.recorded_at, i.recorded_by, i.ended_at, \
       (SELECT CAST(COALESCE(SUM(l.lines), 0) AS BIGINT) FROM roster_line l WHERE l.import_id = i.id) AS lines_left, \
       (SELECT COUNT(*) FROM roster_done d WHERE d.import_id = i.id) AS lines_done FROM roster_import i ORDER BY i.number DESC LIMIT 1";

const FIND_NAME: &str = "SELECT name FROM person_detail WHERE person_id = $1";

/// For how long a start counts as being under way although nothing is decided yet.
const STARTING: TimeDelta = TimeDelta::minutes(2);

#[derive(sqlx::FromRow)]
struct UploadRow {
    id: Uuid,
    file_name: String,
    sha256: String,
    uploaded_at: DateTime<Utc>,
    said: String,
    started_at: Option<DateTime<Utc>>,
    ended_at: Option<DateTime<Utc>>,
    fault: Option<String>,
}

#[derive(sqlx::FromRow)]
struct LastRow {
    began: i64,
    changed: i64,
    recorded_at: DateTime<Utc>,
    recorded_by: String,
    ended_at: Option<DateTime<Utc>>,
    lines_left: i64,
    lines_done: i64,
}

fn number(count: i64) -> u64 {
    u64::try_from(count).unwrap_or_default()
}

impl Engine {
    /// Keeps a file that somebody hands over. Nothing of it is carried out. What others handed over more than a day ago goes.
    ///
    /// # Errors
    /// [`UploadError::File`] when it cannot be read.
    pub async fn upload_people(&self, reader: &Person, file_name: &str, bytes: Vec<u8>) -> Result<Uuid, UploadError> {
        if bytes.len() > LARGEST_FILE {
            return Err(FileFault::TooLarge.into());
        }
        let digest = Sha256Digest::of(&bytes);
        let (bytes, read) = aside(move || {
            let read = Table::read(bytes.clone(), None).map(drop);
            (bytes, read)
        })
        .await;
        read?;
        self.forget_uploads().await?;
        let now = self.clock.now();
        let id = self.new_id(now);
        let file_name: String = file_name.chars().filter(|letter| !letter.is_control()).take(200).collect();
        let mut tx = self.store.write().await?;
        if !may_organise(&mut tx, Actor::Person(reader.id), Over::Everything, local_date(now)).await? {
            return Err(UploadError::NotTheirs);
        }
        change_one!(
            tx,
            sqlx::query(INSERT_UPLOAD)
                .bind(id)
                .bind(reader.id)
                .bind(file_name)
                .bind(digest.to_string())
                .bind(now)
                .bind("{}")
        )?;
        for (place, piece) in (0_i64..).zip(bytes.chunks(PIECE)) {
            change_one!(tx, sqlx::query(INSERT_PIECE).bind(id).bind(place).bind(piece))?;
        }
        tx.commit().await?;
        Ok(id)
    }

    /// Throws away what was handed over more than a day ago.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn forget_uploads(&self) -> Result<(), StoreError> {
        let before = self.clock.now() - KEPT;
        let mut tx = self.store.write().await?;
        change!(tx, sqlx::query(DELETE_OLD_PIECES).bind(before))?;
        change!(tx, sqlx::query(DELETE_OLD).bind(before))?;
        tx.commit().await
    }

    /// A file that was handed over, and how far it is.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when there is none, any more; [`Refused::NotForYou`].
    pub async fn upload(&self, reader: &Person, id: Uuid) -> Looked<Upload> {
        let mut conn = self.store.read().await?;
        self.looks_after_everybody(&mut conn, reader).await?;
        let row: Option<UploadRow> =
            on!(conn.link(), conn => sqlx::query_as(FIND_UPLOAD).bind(id).fetch_optional(conn).await)?;
        let row = row.ok_or(Refused::NotFound)?;
        let size: Option<i64> =
            on!(conn.link(), conn => sqlx::query_scalar(FIND_SIZE).bind(id).fetch_optional(conn).await)?;
        let left: i64 = on!(conn.link(), conn => sqlx::query_scalar(COUNT_LINES).bind(id).fetch_one(conn).await)?;
        let stage = match (row.started_at, row.ended_at, row.fault, size) {
            (_, _, Some(fault), _) => Stage::Failed(fault),
            (_, Some(ended), None, _) => Stage::Done(ended),
            (None, ..) => Stage::Waits,
            (Some(started), None, None, None) if started + STARTING < self.clock.now() => Stage::Waits,
            (Some(_), None, None, None) => Stage::UnderWay(None),
            (Some(started), None, None, Some(_)) if left == 0 => Stage::Done(started),
            (Some(_), None, None, Some(size)) => Stage::UnderWay(Some((number(size - left), number(size)))),
        };
        let sha256 = Sha256Digest::parse(&row.sha256).ok_or_else(|| StoreError::unreadable("digest of a file"))?;
        let said = serde_json::from_str(&row.said).map_err(|_| StoreError::unreadable("what was said of a file"))?;
        Ok(Upload { id: row.id, file_name: row.file_name, uploaded_at: row.uploaded_at, said, stage, sha256 })
    }

    /// Keeps what somebody says of a file that waits.
    ///
    /// # Errors
    /// As [`Engine::upload`]; [`Refused::NotFound`], too, when it does not wait any more.
    pub async fn say_of_upload(&self, reader: &Person, id: Uuid, said: &SaidOfFile) -> Looked<()> {
        let text = serde_json::to_string(said).map_err(|_| StoreError::unreadable("what was said of a file"))?;
        let mut tx = self.store.write().await?;
        self.looks_after_everybody(&mut tx, reader).await?;
        if change!(tx, sqlx::query(SAY).bind(id).bind(text))? == 0 {
            return Err(Refused::NotFound);
        }
        tx.commit().await?;
        Ok(())
    }

    /// What a file that was handed over would do. Nothing is written.
    ///
    /// # Errors
    /// As [`Engine::upload`].
    pub async fn draft_of(&self, reader: &Person, upload: &Upload) -> Looked<Draft> {
        let mut conn = self.store.read().await?;
        self.looks_after_everybody(&mut conn, reader).await?;
        let pieces: Vec<Vec<u8>> =
            on!(conn.link(), conn => sqlx::query_scalar(FIND_PIECES).bind(upload.id).fetch_all(conn).await)?;
        let today = local_date(self.clock.now());
        let known = find_known(&mut conn, today).await?;
        drop(conn);
        let bytes = pieces.concat();
        if Sha256Digest::of(&bytes) != upload.sha256 {
            return Err(Refused::NotFound);
        }
        let (said, catalogue, by) = (upload.said.clone(), self.catalogue(), Actor::Person(reader.id));
        let draft = aside(move || {
            let table = Table::read(bytes, None).map_err(|_| StoreError::unreadable("file of people"))?;
            let columns = Columns::find(&table, &said.mappings());
            let plan = columns.as_ref().ok().map(|columns| {
                Planning::new(&table, columns, said.days(), &known, &catalogue.organisation, today, by).run()
            });
            let plan = plan.transpose()?;
            let (columns, unread) = match columns {
                Ok(columns) => {
                    let named = super::Field::ALL
                        .into_iter()
                        .filter(|field| columns.has(*field))
                        .map(|field| (field, columns.names(field, &table).into_iter().map(str::to_owned).collect()));
                    (Ok(named.collect()), columns.unread.clone())
                }
                Err(fault) => (Err(fault), Vec::new()),
            };
            let header = table.header().to_vec();
            Ok::<_, StoreError>(Draft {
                recognised: table.recognised().clone(),
                header,
                lines: table.len(),
                columns,
                unread,
                plan,
            })
        });
        Ok(draft.await?)
    }

    /// Says that a file is being carried out from now on. `false`: somebody else has said so.
    ///
    /// # Errors
    /// As [`Engine::upload`].
    pub async fn start_upload(&self, reader: &Person, id: Uuid) -> Looked<bool> {
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        self.looks_after_everybody(&mut tx, reader).await?;
        let started = change!(tx, sqlx::query(START).bind(id).bind(now).bind(now - STARTING))?;
        tx.commit().await?;
        Ok(started > 0)
    }

    /// Carries out a file that was started, and keeps what became of it. What an earlier import has left is finished first.
    ///
    /// # Errors
    /// As [`Engine::upload`]. Why nobody was brought in is kept with the file.
    pub async fn carry_out_upload(&self, reader: &Person, id: Uuid) -> Looked<()> {
        let upload = self.upload(reader, id).await?;
        let by = Actor::Person(reader.id);
        let fault = match self.bring_in(reader, &upload, by).await {
            Ok(fault) => fault,
            Err(Refused::Internal(error)) => {
                tracing::error!(%error, import = %id, "people could not be brought in");
                Some("The database failed. What was begun is finished as soon as it works again".to_owned())
            }
            Err(Refused::NotForYou | Refused::NotFound) => Some("The file is not there any more".to_owned()),
        };
        let mut tx = self.store.write().await?;
        change!(tx, sqlx::query(END).bind(id).bind(self.clock.now()).bind(&fault))?;
        if fault.is_none() {
            change!(tx, sqlx::query(DELETE_PIECES).bind(id))?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Why nobody was brought in. `None`: all were.
    async fn bring_in(&self, reader: &Person, upload: &Upload, by: Actor) -> Looked<Option<String>> {
        let words = |error: ImportError| match error {
            ImportError::Internal(error) => Err(Refused::Internal(error)),
            other => Ok(Some(other.to_string())),
        };
        if let Err(error) = self.finish_import(by, |_| ()).await {
            return words(error);
        }
        let Some(plan) = self.draft_of(reader, upload).await?.plan else {
            return Ok(Some("It is not said yet which column is what".to_owned()));
        };
        match self.import_as(upload.id, plan, upload.sha256, by, |_, _| ()).await {
            Ok(_) => Ok(None),
            Err(error) => words(error),
        }
    }

    /// The import that was decided last, by whichever way. `None`: there was none.
    ///
    /// # Errors
    /// [`Refused::NotForYou`].
    pub async fn last_import(&self, reader: &Person) -> Looked<Option<LastImported>> {
        let mut conn = self.store.read().await?;
        self.looks_after_everybody(&mut conn, reader).await?;
        let row: Option<LastRow> = on!(conn.link(), conn => sqlx::query_as(FIND_LAST).fetch_optional(conn).await)?;
        let Some(row) = row else { return Ok(None) };
        let by = Actor::parse(&row.recorded_by).and_then(Actor::person);
        let by: Option<String> = match by {
            Some(person) => {
                on!(conn.link(), conn => sqlx::query_scalar(FIND_NAME).bind(person).fetch_optional(conn).await)?
            }
            None => None,
        };
        let left = if row.ended_at.is_some() { row.lines_done } else { row.lines_left };
        Ok(Some(LastImported {
            at: row.recorded_at,
            by,
            began: number(row.began),
            changed: number(row.changed),
            undone_at: row.ended_at,
            left: number(left),
        }))
    }

    async fn looks_after_everybody(&self, on_what: &mut impl Linked, reader: &Person) -> Looked<()> {
        let today = local_date(self.clock.now());
        let may = may_organise(on_what, Actor::Person(reader.id), Over::Everything, today).await?;
        if may { Ok(()) } else { Err(Refused::NotForYou) }
    }
}
