use audit::Digest;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use crate::{
    ground::{EvidenceId, PersonId, Sha256Digest},
    store::{Linked, StoreError, on},
};

/// What somebody learned elsewhere, as they wrote it down themselves. Nobody checked it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnEvidence {
    /// Which.
    pub id: EvidenceId,
    /// What it was. `None`: it has been let go of.
    pub title: Option<String>,
    /// Who offered it; likewise.
    pub provider: Option<String>,
    /// The day on which it was.
    pub done_on: NaiveDate,
    /// How long it took.
    pub minutes: u32,
    /// How it was done.
    pub how: HowLearned,
    /// Its file. `None`: it has none, or has been taken back, and the file went with it.
    pub file: Option<OwnFile>,
    /// When they wrote it down.
    pub recorded_at: DateTime<Utc>,
    /// When they took it back. `None`: it stands.
    pub ended_at: Option<DateTime<Utc>>,
}

/// A file that somebody added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnFile {
    /// What it is, by its content.
    pub kind: FileKind,
    /// How many bytes it has.
    pub length: u64,
}

/// How something was learned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HowLearned {
    /// With others in a room.
    InPerson,
    /// On a screen.
    Online,
    /// By reading.
    Reading,
    /// In another way.
    Other,
}

impl HowLearned {
    /// All of them.
    pub const EVERY: [Self; 4] = [Self::InPerson, Self::Online, Self::Reading, Self::Other];

    /// As forms, tables and the signed log write it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::InPerson => "in-person",
            Self::Online => "online",
            Self::Reading => "reading",
            Self::Other => "other",
        }
    }

    /// Reads its code.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::EVERY.into_iter().find(|how| how.code() == code)
    }
}

/// What a file is, by its first bytes and its last, whatever it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A document.
    Pdf,
    /// A picture.
    Png,
    /// A photograph.
    Jpeg,
}

/// Why a file is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotTaken {
    /// It is none of the kinds that are taken ([`FileKind`]).
    Kind,
    /// It is larger than is taken.
    TooLarge,
}

/// Within so many bytes before its end a PDF says that it ends (ISO 32000-1, annex H.3, note 18).
const END_OF_PDF: usize = 1024;

impl FileKind {
    /// What these bytes are. `None`: none of the kinds that are taken.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let ends = &bytes[bytes.len().saturating_sub(END_OF_PDF)..];
        if bytes.starts_with(b"%PDF-") && ends.windows(5).any(|window| window == b"%%EOF") {
            Some(Self::Pdf)
        } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") && bytes.get(12..16) == Some(b"IHDR") {
            Some(Self::Png)
        } else if bytes.starts_with(&[0xff, 0xd8, 0xff]) && ends.windows(2).any(|window| window == [0xff, 0xd9]) {
            Some(Self::Jpeg)
        } else {
            None
        }
    }

    /// As the database writes it, and as file names end.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Png => "png",
            Self::Jpeg => "jpeg",
        }
    }

    /// How browsers are told of it.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
        }
    }

    pub(crate) fn parse(code: &str) -> Option<Self> {
        [Self::Pdf, Self::Png, Self::Jpeg].into_iter().find(|kind| kind.code() == code)
    }
}

/// What the signed log says of it apart from the rest.
#[derive(Serialize)]
pub(crate) struct SaidOfEvidence<'e> {
    pub how: &'e str,
    pub provider: &'e str,
    pub title: &'e str,
}

/// The digest of a file, as the signed log has it.
pub(crate) fn logged_digest(sha256: Sha256Digest) -> Digest {
    Digest(sha256.0)
}

const FIND_EVIDENCE: &str = "SELECT e.id, w.title, w.provider, e.done_on, e.minutes, e.how, e.kind, e.length, e.recorded_at, e.ended_at, \
       (SELECT COUNT(*) FROM evidence_piece p WHERE p.evidence_id = e.id AND p.place = 0) AS has_file \
     FROM evidence e LEFT JOIN evidence_words w ON w.evidence_id = e.id \
     WHERE e.person_id = $1 ORDER BY e.done_on DESC, e.recorded_at DESC, e.id DESC";

#[derive(sqlx::FromRow)]
struct EvidenceRow {
    id: EvidenceId,
    title: Option<String>,
    provider: Option<String>,
    done_on: NaiveDate,
    minutes: i64,
    how: String,
    kind: Option<String>,
    length: Option<i64>,
    recorded_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
    has_file: i64,
}

impl TryFrom<EvidenceRow> for OwnEvidence {
    type Error = StoreError;

    fn try_from(row: EvidenceRow) -> Result<Self, StoreError> {
        let unreadable = || StoreError::unreadable("evidence from elsewhere");
        let file = match (row.kind, row.length) {
            (Some(kind), Some(length)) if row.has_file > 0 => Some(OwnFile {
                kind: FileKind::parse(&kind).ok_or_else(unreadable)?,
                length: u64::try_from(length).map_err(|_| unreadable())?,
            }),
            _ => None,
        };
        Ok(Self {
            id: row.id,
            title: row.title,
            provider: row.provider,
            done_on: row.done_on,
            minutes: u32::try_from(row.minutes).map_err(|_| unreadable())?,
            how: HowLearned::parse(&row.how).ok_or_else(unreadable)?,
            file,
            recorded_at: row.recorded_at,
            ended_at: row.ended_at,
        })
    }
}

/// What somebody added from elsewhere, also what they took back; what was done last first.
pub(crate) async fn find_own_evidence(
    on_what: &mut impl Linked,
    person: PersonId,
) -> Result<Vec<OwnEvidence>, StoreError> {
    let rows: Vec<EvidenceRow> =
        on!(on_what.link(), conn => sqlx::query_as(FIND_EVIDENCE).bind(person).fetch_all(conn).await)?;
    rows.into_iter().map(OwnEvidence::try_from).collect()
}

/// A file from its pieces, with its kind. What was altered in the database is shown to nobody.
///
/// # Errors
/// [`StoreError`] when it is not the file that its row names.
pub(crate) fn whole_file(pieces: &[Vec<u8>], sha256: &str, kind: &str) -> Result<(FileKind, Vec<u8>), StoreError> {
    let unreadable = || StoreError::unreadable("a file that is kept");
    let bytes = pieces.concat();
    let kind = FileKind::parse(kind).ok_or_else(unreadable)?;
    if Sha256Digest::parse(sha256) != Some(Sha256Digest::of(&bytes)) {
        return Err(unreadable());
    }
    Ok((kind, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_bytes_say() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01";
        let jpeg = [0xff, 0xd8, 0xff, 0xe0, 1, 2, 3, 0xff, 0xd9, 0];
        for (bytes, kind) in [
            (&b"%PDF-1.7\n1 0 obj\n%%EOF\n"[..], Some(FileKind::Pdf)),
            (png, Some(FileKind::Png)),
            (&jpeg, Some(FileKind::Jpeg)),
            (b"%PDF-1.7 and it breaks off", None),
            (b"  %PDF-1.7\n%%EOF", None),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIDAT", None),
            (&jpeg[..6], None),
            (b"<script>alert(1)</script>%%EOF", None),
            (b"GIF89a", None),
            (b"PK\x03\x04", None),
            (b"", None),
        ] {
            assert_eq!(FileKind::of(bytes), kind, "{bytes:?}");
        }
    }
}
