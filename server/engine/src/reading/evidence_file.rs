use crate::{
    engine::{Engine, Looked, Refused},
    ground::{EvidenceId, PersonId},
    people::{Person, Right, Scope, is_in_scope},
    record::{FileKind, whole_file},
    store::{Linked as _, on},
};

/// The file of what somebody added from elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceFile {
    /// What it is, by its content.
    pub kind: FileKind,
    /// All of it.
    pub bytes: Vec<u8>,
}

const FIND_FILE: &str = "SELECT person_id, sha256, kind FROM evidence \
     WHERE id = $1 AND sha256 IS NOT NULL AND kind IS NOT NULL AND ended_at IS NULL";

const FIND_PIECES: &str = "SELECT bytes FROM evidence_piece WHERE evidence_id = $1 ORDER BY place";

impl Engine {
    /// The file of what somebody added from elsewhere: for themselves, and for whoever may see what they have done. That another looked is
    /// noted, and nothing is handed out that could not be noted.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when there is no such file, it was taken back or let go of, or it is not the reader's to see.
    pub async fn evidence_file(&self, reader: &Person, id: EvidenceId) -> Looked<EvidenceFile> {
        let mut conn = self.store.read().await?;
        let found: Option<(PersonId, String, String)> =
            on!(conn.link(), conn => sqlx::query_as(FIND_FILE).bind(id).fetch_optional(conn).await)?;
        let (person, sha256, kind) = found.ok_or(Refused::NotFound)?;
        let pieces: Vec<Vec<u8>> =
            on!(conn.link(), conn => sqlx::query_scalar(FIND_PIECES).bind(id).fetch_all(conn).await)?;
        if pieces.is_empty() {
            return Err(Refused::NotFound);
        }
        let (kind, bytes) = whole_file(&pieces, &sha256, &kind)?;
        if person != reader.id {
            // Duties are looked at last, so that one that was ended meanwhile gives nothing.
            let scope = Scope::of(reader, Right::See, self.clock.now()).ok_or(Refused::NotFound)?;
            if !is_in_scope(&mut conn, &scope, person).await? {
                return Err(Refused::NotFound);
            }
        }
        drop(conn);
        self.note_look_at(reader, person, format!("evidence/{id}")).await?;
        Ok(EvidenceFile { kind, bytes })
    }
}
