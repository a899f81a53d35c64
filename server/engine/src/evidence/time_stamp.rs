use audit::{Digest, Fact};
use chrono::{DateTime, TimeDelta, Utc};
use der::{
    Decode as _, Encode as _, Reader as _, Sequence, Tag, Tagged as _,
    asn1::{AnyRef, ObjectIdentifier, OctetStringRef},
};

use super::export_log::find_checkpoint;
use crate::{
    engine::Engine,
    ground::Sha256Digest,
    log::{Row, Said, find_head},
    record::Actor,
    store::{Linked as _, StoreError, change_one, on},
};

/// A head of the log of which an authority outside is to say when it saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedStamp {
    /// Of which head: so many entries the log had.
    pub size: u64,
    /// What the authority is asked, as DER (RFC 3161, section 2.4.1): it learns a digest alone.
    pub request: Vec<u8>,
    imprint: [u8; 32],
    nonce: Vec<u8>,
}

/// What an authority said of a head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeStamp {
    /// Of which head: so many entries the log had.
    pub size: u64,
    /// The head, as it was signed: what the token is over.
    pub note: String,
    /// The token as DER, with what is needed to check it.
    pub token: Vec<u8>,
    /// Whom it is from: the address that was asked.
    pub authority: String,
    /// When it came.
    pub recorded_at: DateTime<Utc>,
}

/// Why what an authority answered is not kept. Nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum StampError {
    /// It says no.
    #[error("the authority refuses, with status {status}")]
    Refused {
        /// Its status (RFC 3161, section 2.4.2).
        status: i64,
    },
    /// It is none that can be read.
    #[error("what the authority answers cannot be read as a time stamp")]
    Unreadable,
    /// It is over something else, or an answer to somebody else.
    #[error("the authority stamped something other than what was asked")]
    Another,
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

/// The algorithm of digests, SHA-256.
const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");

/// What a token is about (`id-ct-TSTInfo`).
const IS_TIME_STAMP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");

/// Signed data (`id-signedData`).
const IS_SIGNED: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");

const FIND_LAST: &str = "SELECT size, recorded_at FROM time_stamp ORDER BY size DESC LIMIT 1";

const INSERT_STAMP: &str =
    "INSERT INTO time_stamp (id, size, sha256, token, authority, recorded_at) VALUES ($1, $2, $3, $4, $5, $6)";

const EVERY_STAMP: &str = "SELECT t.size, c.note, t.token, t.authority, t.recorded_at FROM time_stamp t \
     JOIN log_checkpoint c ON c.size = t.size ORDER BY t.size";

#[derive(sqlx::FromRow)]
struct StampRow {
    size: i64,
    note: String,
    token: Vec<u8>,
    authority: String,
    recorded_at: DateTime<Utc>,
}

/// What an authority answers, so far as it is looked at.
#[derive(Sequence)]
struct Answer<'a> {
    status: AnyRef<'a>,
    #[asn1(optional = "true")]
    token: Option<AnyRef<'a>>,
}

#[derive(Sequence)]
struct ContentInfo<'a> {
    kind: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    content: AnyRef<'a>,
}

#[derive(Sequence)]
struct Encapsulated<'a> {
    kind: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    content: AnyRef<'a>,
}

/// An algorithm of digests: with it may stand that it has no parameters.
#[derive(Sequence)]
struct Algorithm<'a> {
    oid: ObjectIdentifier,
    #[asn1(optional = "true")]
    parameters: Option<AnyRef<'a>>,
}

#[derive(Sequence)]
struct MessageImprint<'a> {
    algorithm: Algorithm<'a>,
    message: OctetStringRef<'a>,
}

/// What an authority is asked (RFC 3161, section 2.4.1).
#[derive(Sequence)]
struct Request<'a> {
    version: u8,
    message_imprint: MessageImprint<'a>,
    nonce: AnyRef<'a>,
    with_certificate: bool,
}

impl Engine {
    /// The head of which an authority is to be asked now. `None`: nothing was added since the last that was stamped, or that is less than
    /// `every` ago.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn wanted_time_stamp(&self, every: TimeDelta) -> Result<Option<WantedStamp>, StoreError> {
        let mut conn = self.store.read().await?;
        let Some(head) = find_head(&mut conn, 0).await? else { return Ok(None) };
        let last: Option<(i64, DateTime<Utc>)> =
            on!(conn.link(), conn => sqlx::query_as(FIND_LAST).fetch_optional(conn).await)?;
        if let Some((size, recorded_at)) = last {
            // That it was stamped is an entry itself.
            let is_new = u64::try_from(size).is_ok_and(|size| size + 1 < head.size());
            if !is_new || self.clock.now() - recorded_at < every {
                return Ok(None);
            }
        }
        let Some(note) = find_checkpoint(&mut conn, head.size()).await? else { return Ok(None) };
        let mut nonce = vec![0; 16];
        self.chance.fill(&mut nonce);
        // A number that is positive, and as short as it can be.
        nonce[0] = nonce[0] & 0x3f | 0x40;
        Ok(Some(WantedStamp::new(head.size(), &note, nonce).ok_or_else(|| StoreError::unreadable("head of the log"))?))
    }

    /// Keeps what an authority answered of a head, if it is over that head, and seals that it did. Who signed it is for whoever relies on it to
    /// look at, with the authority's certificate (`openssl ts -verify`).
    ///
    /// # Errors
    /// [`StampError`]; nothing has been written.
    pub async fn keep_time_stamp(
        &self,
        wanted: &WantedStamp,
        answer: &[u8],
        authority: &str,
    ) -> Result<(), StampError> {
        let token = wanted.read(answer)?;
        let sha256 = Sha256Digest::of(&token);
        let by = Actor::Server;
        let now = self.clock.now();
        let id = self.new_id(now);
        let size = i64::try_from(wanted.size).map_err(|_| StoreError::unreadable("head of the log"))?;
        let mut tx = self.store.write().await?;
        change_one!(
            tx,
            sqlx::query(INSERT_STAMP)
                .bind(id)
                .bind(size)
                .bind(sha256.to_string())
                .bind(&token)
                .bind(authority)
                .bind(now)
        )?;
        let digest = Digest::parse(&sha256.to_string()).map_err(|_| StampError::Unreadable)?;
        let fact = Fact::TimeStamped { sha256: digest, size: wanted.size };
        let act = self.act_of_all(now, by).saying(Said::Plain(fact), Row::of("time_stamp", id));
        self.seal(tx, [act]).await?;
        tracing::info!(size, "an authority outside stamped a head of the log");
        Ok(())
    }

    /// What authorities said of heads, from the first on.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn time_stamps(&self) -> Result<Vec<TimeStamp>, StoreError> {
        let mut conn = self.store.read().await?;
        let rows: Vec<StampRow> = on!(conn.link(), conn => sqlx::query_as(EVERY_STAMP).fetch_all(conn).await)?;
        let stamp = |row: StampRow| {
            let StampRow { size, note, token, authority, recorded_at } = row;
            let size = u64::try_from(size).map_err(|_| StoreError::unreadable("time stamp"))?;
            Ok(TimeStamp { size, note, token, authority, recorded_at })
        };
        rows.into_iter().map(stamp).collect()
    }
}

impl WantedStamp {
    /// Over a note of that size. `None`: the nonce cannot be written as a number.
    fn new(size: u64, note: &str, nonce: Vec<u8>) -> Option<Self> {
        let imprint = Sha256Digest::of(note.as_bytes()).0;
        let request = Request {
            version: 1,
            message_imprint: MessageImprint {
                algorithm: Algorithm { oid: SHA_256, parameters: Some(AnyRef::NULL) },
                message: OctetStringRef::new(&imprint).ok()?,
            },
            nonce: AnyRef::new(Tag::Integer, &nonce).ok()?,
            // What is needed to check it comes with it, because years later nobody may have it any more.
            with_certificate: true,
        };
        let request = request.to_der().ok()?;
        Some(Self { size, request, imprint, nonce })
    }

    /// The token in an answer, if it is over what was asked.
    fn read(&self, answer: &[u8]) -> Result<Vec<u8>, StampError> {
        let unreadable = |_: der::Error| StampError::Unreadable;
        let answer = Answer::from_der(answer).map_err(unreadable)?;
        // 0: granted; 1: granted with changes.
        let status = status_of(&answer.status).map_err(unreadable)?;
        if !(0..=1).contains(&status) {
            return Err(StampError::Refused { status });
        }
        let token = answer.token.ok_or(StampError::Unreadable)?.to_der().map_err(unreadable)?;
        let outer = ContentInfo::from_der(&token).map_err(unreadable)?;
        let content = encapsulated(&outer.content).map_err(unreadable)?;
        let inner = Encapsulated::from_der(&content).map_err(unreadable)?;
        if outer.kind != IS_SIGNED || inner.kind != IS_TIME_STAMP {
            return Err(StampError::Unreadable);
        }
        let stamped = inner.content.decode_as::<OctetStringRef<'_>>().map_err(unreadable)?;
        let is_ours = is_over(stamped.as_bytes(), &self.imprint, &self.nonce).map_err(unreadable)?;
        if is_ours { Ok(token) } else { Err(StampError::Another) }
    }
}

/// Whether what was stamped (RFC 3161, section 2.4.2, `TSTInfo`) is that digest, asked with that nonce.
fn is_over(stamped: &[u8], imprint: &[u8], nonce: &[u8]) -> der::Result<bool> {
    AnyRef::from_der(stamped)?.sequence(|reader| {
        let (_version, _policy) = (u8::decode(reader)?, ObjectIdentifier::decode(reader)?);
        let over = MessageImprint::decode(reader)?;
        // The time stays as it is written: some authorities give parts of a second, others none.
        let (_serial, _time) = (AnyRef::decode(reader)?, AnyRef::decode(reader)?);
        let mut is_answer = false;
        while !reader.is_finished() {
            let more = AnyRef::decode(reader)?;
            is_answer |= more.tag() == Tag::Integer && more.value() == nonce;
        }
        Ok(is_answer && over.algorithm.oid == SHA_256 && over.message.as_bytes() == imprint)
    })
}

/// The number at the beginning of what an authority says of how it went.
fn status_of(said: &AnyRef<'_>) -> der::Result<i64> {
    said.sequence(|reader| {
        let status = i64::decode(reader)?;
        // What it says besides, in words, is not read.
        while !reader.is_finished() {
            AnyRef::decode(reader)?;
        }
        Ok(status)
    })
}

/// What is signed, of signed data (RFC 5652, section 5.1): version, algorithms, and then that.
fn encapsulated(signed: &AnyRef<'_>) -> der::Result<Vec<u8>> {
    signed.sequence(|reader| {
        i64::decode(reader)?;
        AnyRef::decode(reader)?;
        let content = AnyRef::decode(reader)?.to_der()?;
        while !reader.is_finished() {
            AnyRef::decode(reader)?;
        }
        Ok(content)
    })
}
