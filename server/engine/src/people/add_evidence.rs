use audit::{Fact, PartKind};
use chrono::{DateTime, Days, NaiveDate, Utc};
use uuid::Uuid;

use super::{Person, clear_picture::clear_picture, person::is_there};
use crate::{
    engine::Engine,
    ground::{EvidenceId, FormKey, Sha256Digest, TextFault, local_date, typed_line},
    log::{Row, Said},
    record::{Actor, FileKind, HowLearned, NotTaken, SaidOfEvidence, logged_digest},
    store::{Linked as _, StoreError, Tx, change_one, on},
};

/// What somebody learned elsewhere, as they filled it in.
#[derive(Clone, Debug)]
pub struct NewEvidence {
    /// The number of the form. What is sent twice with it adds it once.
    pub form: FormKey,
    /// What it was, in one line; 1 to [`NewEvidence::LONGEST`] characters.
    pub title: String,
    /// Who offered it; likewise.
    pub provider: String,
    /// The day on which it was: in the last ten years. `None`: what was filled in is no day.
    pub done_on: Option<NaiveDate>,
    /// How long it took, from 1 to [`NewEvidence::MOST_MINUTES`]. `None`: what was filled in is no number.
    pub minutes: Option<u32>,
    /// How it was done. `None`: none was chosen.
    pub how: Option<HowLearned>,
    /// A file that shows it.
    pub file: Option<Vec<u8>>,
}

impl NewEvidence {
    /// How many characters a title or a provider has at most.
    pub const LONGEST: usize = 200;
    /// How many minutes something took at most: a hundred hours.
    pub const MOST_MINUTES: u32 = 6_000;
    /// How many bytes a file has at most.
    pub const LARGEST_FILE: usize = 5 * 1024 * 1024;
    /// How many somebody has that stand.
    pub const MOST: i64 = 200;
    /// How many somebody adds in all, also of those that they take back: each is kept for ever.
    pub const MOST_EVER: i64 = 1_000;
    /// How many bytes the files of somebody have in all.
    pub const MOST_BYTES: i64 = 100 * 1024 * 1024;
}

/// What is wrong with what was filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EvidenceFault {
    /// The title cannot be kept.
    Title(TextFault),
    /// The provider cannot be kept.
    Provider(TextFault),
    /// It is no day, lies ahead, or more than ten years back.
    Day,
    /// These are no minutes, or too many.
    Minutes,
    /// Nothing says how it was done.
    How,
    /// The file is none of the kinds that are taken, or larger than [`NewEvidence::LARGEST_FILE`].
    File(NotTaken),
}

/// Why nothing was added. Nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum AddEvidenceError {
    /// It is filled in wrongly.
    #[error("it is filled in wrongly")]
    Faults(Vec<EvidenceFault>),
    /// What this form added, and says once more, was taken back since.
    #[error("what this form added was taken back")]
    TakenBack,
    /// They have [`NewEvidence::MOST`] that stand, or have added [`NewEvidence::MOST_EVER`].
    #[error("they have added as many as they may")]
    TooMany,
    /// Their files would have more than [`NewEvidence::MOST_BYTES`].
    #[error("their files have no room left")]
    NoRoom,
    /// There is no such person.
    #[error("there is no such person")]
    NoSuchPerson,
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

/// How long ago something is at most that still is evidence for anything.
const OLDEST: Days = Days::new(3_653);

/// How many bytes of a file stand in a row.
const FILE_PIECE: usize = 256 * 1024;

const FIND_BY_FORM: &str = "SELECT id, ended_at FROM evidence WHERE person_id = $1 AND form_key = $2";

/// How many there are, how many of them stand, and how many bytes the files of these have.
const COUNT_EVIDENCE: &str = "SELECT COUNT(*), COUNT(CASE WHEN ended_at IS NULL THEN 1 END), \
       CAST(COALESCE(SUM(CASE WHEN ended_at IS NULL THEN length END), 0) AS BIGINT) FROM evidence WHERE person_id = $1";

const INSERT_EVIDENCE: &str = "INSERT INTO evidence (id, person_id, form_key, done_on, minutes, how, sha256, kind, length, recorded_at, recorded_by) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";

const INSERT_WORDS: &str = "INSERT INTO evidence_words (evidence_id, title, provider) VALUES ($1, $2, $3)";

const INSERT_PIECE: &str = "INSERT INTO evidence_piece (evidence_id, place, bytes) VALUES ($1, $2, $3)";

/// What can be kept of what was filled in.
struct Checked {
    title: String,
    provider: String,
    done_on: NaiveDate,
    minutes: u32,
    how: HowLearned,
    file: Option<CheckedFile>,
}

impl Checked {
    /// Under which number it is kept, by that of its form.
    fn number(&self, form: FormKey) -> FormKey {
        let (day, minutes) = (self.done_on.to_string(), self.minutes.to_string());
        let file = self.file.as_ref().map(|file| file.sha256.to_string()).unwrap_or_default();
        form.with(&[&self.title, &self.provider, &day, &minutes, self.how.code(), &file])
    }
}

/// A file of a kind and size that are taken.
pub(crate) struct CheckedFile {
    pub bytes: Vec<u8>,
    pub sha256: Sha256Digest,
    pub kind: FileKind,
}

impl Engine {
    /// A number for one drawing of a form that adds something.
    #[must_use]
    pub fn once_key(&self) -> FormKey {
        let mut random = [0; 16];
        self.chance.fill(&mut random);
        FormKey(Uuid::from_bytes(random))
    }

    /// Adds what somebody learned elsewhere to their own record. Nobody checks it, and it decides nothing. A form that is sent once more as it was adds
    /// nothing, and gives what it added; one that says something else adds that.
    ///
    /// # Errors
    /// [`AddEvidenceError`]; nothing has been written.
    pub async fn add_evidence(&self, person: &Person, new: NewEvidence) -> Result<EvidenceId, AddEvidenceError> {
        let (form, now, by) = (new.form, self.clock.now(), Actor::Person(person.id));
        let new = checked(new, local_date(now)).map_err(AddEvidenceError::Faults)?;
        let form = new.number(form);
        let id = EvidenceId(self.new_id(now));
        let mut tx = self.store.write_for(person.id).await?;
        tx.lock_person(person.id).await?;
        if !is_there(&mut tx, person.id).await? {
            return Err(AddEvidenceError::NoSuchPerson);
        }
        let added: Option<(EvidenceId, Option<DateTime<Utc>>)> = on!(tx.link(), conn => sqlx::query_as(FIND_BY_FORM)
            .bind(person.id).bind(form).fetch_optional(conn).await)?;
        match added {
            None => {}
            Some((added, None)) => return Ok(added),
            Some((_, Some(_))) => return Err(AddEvidenceError::TakenBack),
        }
        let (ever, standing, bytes): (i64, i64, i64) =
            on!(tx.link(), conn => sqlx::query_as(COUNT_EVIDENCE).bind(person.id).fetch_one(conn).await)?;
        if standing >= NewEvidence::MOST || ever >= NewEvidence::MOST_EVER {
            return Err(AddEvidenceError::TooMany);
        }
        let length = new.file.as_ref().map(|file| i64::try_from(file.bytes.len()).unwrap_or(i64::MAX));
        if bytes.saturating_add(length.unwrap_or(0)) > NewEvidence::MOST_BYTES {
            return Err(AddEvidenceError::NoRoom);
        }
        let sha256 = new.file.as_ref().map(|file| file.sha256);
        change_one!(
            tx,
            sqlx::query(INSERT_EVIDENCE)
                .bind(id)
                .bind(person.id)
                .bind(form)
                .bind(new.done_on)
                .bind(i64::from(new.minutes))
                .bind(new.how.code())
                .bind(sha256.map(|sha256| sha256.to_string()))
                .bind(new.file.as_ref().map(|file| file.kind.code()))
                .bind(length)
                .bind(now)
                .bind(by.to_string())
        )?;
        change_one!(tx, sqlx::query(INSERT_WORDS).bind(id).bind(&new.title).bind(&new.provider))?;
        if let Some(file) = &new.file {
            keep_pieces(&mut tx, INSERT_PIECE, id.0, &file.bytes).await?;
        }
        let sha256 = sha256.map(logged_digest);
        let fact = Fact::EvidenceAdded { day: new.done_on.to_string(), minutes: new.minutes, sha256 };
        let said = SaidOfEvidence { how: new.how.code(), provider: &new.provider, title: &new.title };
        let act = self.act(person.id, now, by).saying(Said::Plain(fact), Row::of("evidence", id));
        self.seal(tx, [act.with(PartKind::Act, &said)]).await?;
        Ok(id)
    }
}

/// Keeps a file a piece to a row. `insert` takes whose it is, the place of the piece and its bytes.
pub(crate) async fn keep_pieces(tx: &mut Tx, insert: &'static str, of: Uuid, bytes: &[u8]) -> Result<(), StoreError> {
    for (place, piece) in (0_i64..).zip(bytes.chunks(FILE_PIECE)) {
        change_one!(tx, sqlx::query(insert).bind(of).bind(place).bind(piece))?;
    }
    Ok(())
}

/// What can be kept of what was filled in, or all that is wrong with it.
fn checked(new: NewEvidence, today: NaiveDate) -> Result<Checked, Vec<EvidenceFault>> {
    let mut faults = Vec::new();
    let mut noted = |fault| faults.push(fault);
    let title = typed_line(&new.title, NewEvidence::LONGEST).map_err(|fault| noted(EvidenceFault::Title(fault)));
    let provider =
        typed_line(&new.provider, NewEvidence::LONGEST).map_err(|fault| noted(EvidenceFault::Provider(fault)));
    let done_on = new.done_on.filter(|day| (today - OLDEST..=today).contains(day));
    let minutes = new.minutes.filter(|minutes| (1..=NewEvidence::MOST_MINUTES).contains(minutes));
    let unless_there = [
        (done_on.is_some(), EvidenceFault::Day),
        (minutes.is_some(), EvidenceFault::Minutes),
        (new.how.is_some(), EvidenceFault::How),
    ];
    unless_there.into_iter().filter(|(is_there, _)| !is_there).for_each(|(_, fault)| noted(fault));
    let file = new.file.map(checked_file).transpose().map_err(|fault| noted(EvidenceFault::File(fault)));
    match (title, provider, done_on, minutes, new.how, file) {
        (Ok(title), Ok(provider), Some(done_on), Some(minutes), Some(how), Ok(file)) => {
            Ok(Checked { title, provider, done_on, minutes, how, file })
        }
        _ => Err(faults),
    }
}

/// A file as it is kept, by its bytes alone: of a picture what it shows, and nothing of where and with what it was taken. The digest is that of what is
/// kept.
///
/// # Errors
/// [`NotTaken`] when it is larger than [`NewEvidence::LARGEST_FILE`], of no kind that is taken, or a picture that cannot be read to its end.
pub(crate) fn checked_file(bytes: Vec<u8>) -> Result<CheckedFile, NotTaken> {
    if bytes.len() > NewEvidence::LARGEST_FILE {
        return Err(NotTaken::TooLarge);
    }
    let kind = FileKind::of(&bytes).ok_or(NotTaken::Kind)?;
    let bytes = clear_picture(bytes, kind).ok_or(NotTaken::Kind)?;
    Ok(CheckedFile { sha256: Sha256Digest::of(&bytes), kind, bytes })
}
