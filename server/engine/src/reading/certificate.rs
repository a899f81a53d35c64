use std::collections::BTreeMap;

use audit::{Entry, Envelope, Extract, PinnedKey, Proof, Trusted, verify_extract};
use chrono::{DateTime, Utc};
use model::ModuleSlug;
use serde::Deserialize;

use crate::{
    catalogue::{Language, Module, TwinName},
    engine::{Engine, Looked, Refused},
    evidence::{find_checkpoint, find_leaf, handover_entries},
    ground::{CompletionId, PersonId},
    log::{OpenedRow, find_head, find_origins, prove_leaves, read_leaves, read_openings},
    people::{Person, Right, Scope, is_in_scope},
    quiz::completed_fact,
    record::{CertificateCode, Completion, HowEarned, Marks},
    standing::Situation,
    store::{Conn, Linked as _, StoreError, Unsealed, on},
};

/// What somebody can show others: that they passed a module, with the code by which anybody asks whether it is so.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// The completion.
    pub completion: CompletionId,
    /// The code.
    pub code: CertificateCode,
    /// The name by which they were known when they passed, from the signed log: whatever they are called later, it stays. `None`: it has been
    /// let go of.
    pub name: Option<String>,
    /// Which module.
    pub module: ModuleSlug,
    /// Its title, in the version that was passed.
    pub title: String,
    /// The language of title and outcomes.
    pub language: Language,
    /// What whoever passes is able to do, as that version says.
    pub outcomes: Vec<String>,
    /// The number of that version.
    pub version: u32,
    /// Which edition that version belongs to.
    pub edition: u32,
    /// In the words of which twin it was passed. `None`: in those that were written first.
    pub twin: Option<TwinName>,
    /// When it was passed.
    pub at: DateTime<Utc>,
    /// Until when it counts, by the length of time that its author gave it.
    pub until: DateTime<Utc>,
    /// How it was passed.
    pub how: HowEarned,
    /// Marks earned.
    pub earned: Marks,
    /// Marks that could be earned.
    pub possible: Marks,
    /// Minutes of CPD, as its author says them.
    pub minutes: u32,
    /// Whether it still stands.
    pub stands: CertificateStands,
    /// When it was withdrawn, because it was recorded wrongly. `None`: it was not.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// Its entry in the signed log.
    pub entry: CertificateEntry,
}

/// Whether a certificate still stands. That somebody passed again later takes nothing from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertificateStands {
    /// It does.
    Yes,
    /// Its time has run out.
    RanOut,
    /// A newer edition of the module has replaced the one that was passed.
    Replaced,
    /// The module is no longer taught here.
    Withdrawn,
    /// The pass was recorded wrongly.
    Wrong,
}

/// Where a completion stands in the signed log, and what came of checking it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateEntry {
    /// The name of the log.
    pub origin: String,
    /// The number of the entry.
    pub number: u64,
    /// How many entries the log has.
    pub size: u64,
    /// When the last of them was added.
    pub sealed_at: DateTime<Utc>,
    /// Whether it says of itself that it was put into the log afterwards.
    pub claimed: bool,
    /// What is wrong, as it has been checked just now: that the entry is in the log, and says what the certificate does. Empty: nothing.
    pub faults: Vec<String>,
}

const FIND_CERTIFICATE: &str =
    "SELECT c.person_id, t.code FROM completion c JOIN certificate t ON t.completion_id = c.id WHERE c.id = $1";

/// The newest name that was sealed before an entry.
const FIND_NAME: &str = "SELECT p.part FROM log_envelope e CROSS JOIN log_part p \
     WHERE e.person_id = $1 AND e.number < $2 AND p.number = e.number AND p.kind = 'id' \
       AND (SELECT COUNT(*) FROM log_row r WHERE r.number = e.number AND r.kind IN ('stay', 'detail_set')) > 0 \
     ORDER BY e.number DESC LIMIT 1";

/// What the part has of a name.
#[derive(Deserialize)]
struct SealedName {
    name: String,
}

/// Whose pass it is, and the code of its certificate.
async fn find_certificate(conn: &mut Conn, id: CompletionId) -> Looked<(PersonId, CertificateCode)> {
    let found: Option<(PersonId, String)> =
        on!(conn.link(), conn => sqlx::query_as(FIND_CERTIFICATE).bind(id).fetch_optional(conn).await)?;
    let (person, code) = found.ok_or(Refused::NotFound)?;
    let code = CertificateCode::read(&code).ok_or(StoreError::unreadable("code of a certificate"))?;
    Ok((person, code))
}

impl Engine {
    /// The certificate of a pass: for whoever passed, and for whoever may see what they have done.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when there is no such completion, or it is not theirs to see.
    pub async fn certificate(&self, reader: &Person, id: CompletionId) -> Looked<Certificate> {
        let mut conn = self.store.read().await?;
        let (person, code) = find_certificate(&mut conn, id).await?;
        if person != reader.id {
            let scope = Scope::of(reader, Right::See, self.clock.now()).ok_or(Refused::NotFound)?;
            if !is_in_scope(&mut conn, &scope, person).await? {
                return Err(Refused::NotFound);
            }
        }
        self.certificate_of(&mut conn, person, id, code).await
    }

    /// The certificate of a pass as its holder hands it to others, who cannot look again at what is said of it: it is theirs, was not withdrawn, and agrees with its
    /// entry in the signed log; and their name is kept.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when it is not so.
    pub async fn badge_certificate(&self, holder: &Person, id: CompletionId) -> Looked<Certificate> {
        let mut conn = self.store.read().await?;
        let (person, code) = find_certificate(&mut conn, id).await?;
        if person != holder.id {
            return Err(Refused::NotFound);
        }
        let certificate = self.certificate_of(&mut conn, person, id, code).await?;
        let is_good = certificate.stands != CertificateStands::Wrong
            && certificate.entry.faults.is_empty()
            && certificate.name.is_some();
        if is_good { Ok(certificate) } else { Err(Refused::NotFound) }
    }

    /// The certificate of a pass, for whoever may have it.
    pub(super) async fn certificate_of(
        &self,
        conn: &mut Conn,
        person: PersonId,
        id: CompletionId,
        code: CertificateCode,
    ) -> Looked<Certificate> {
        let situation = self.situation_on(conn, person).await?;
        let pass = situation.dossier.completions.iter().find(|pass| pass.id == id).ok_or(Refused::NotFound)?;
        let version = self.module_version(conn, &pass.module, pass.version).await?;
        let entry = self.entry_of(conn, pass, &version).await?;
        let name = find_name(conn, person, entry.number).await?;
        let twin = pass.twin.and_then(|twin| version.in_words_of(twin));
        let words = twin.as_ref().unwrap_or(&version);
        Ok(Certificate {
            completion: id,
            code,
            name,
            module: pass.module.clone(),
            title: words.title.clone(),
            language: words.language,
            outcomes: words.outcomes.clone(),
            version: pass.version,
            edition: pass.edition,
            twin: pass.twin,
            at: pass.completed_at,
            until: pass.expires_at,
            how: pass.how(),
            earned: pass.earned,
            possible: pass.possible,
            minutes: pass.minutes,
            stands: stands(&situation, pass),
            withdrawn_at: pass.withdrawn.map(|withdrawn| withdrawn.at),
            entry,
        })
    }

    /// Finds the entry of a pass and checks it, as whoever has its receipt would.
    async fn entry_of(&self, conn: &mut Conn, pass: &Completion, version: &Module) -> Looked<CertificateEntry> {
        let unreadable = || StoreError::unreadable("entry of a completion");
        let head = find_head(conn, 0).await?.ok_or(StoreError::from(Unsealed::NoKey))?;
        let sealed_at = head.sealed_at().ok_or_else(unreadable)?;
        let size = head.size();
        let origins = find_origins(conn, &head).await?;
        let checkpoint = find_checkpoint(conn, size).await?.ok_or_else(unreadable)?;
        // Of somebody who has been erased nothing says which entry it was.
        let number = find_leaf(conn, "completion", &pass.id.to_string()).await?.ok_or(Refused::NotFound)?;
        let hashes = prove_leaves(conn, &[number], size).await?.pop().ok_or_else(unreadable)?;
        let from = i64::try_from(number).map_err(|_| unreadable())?;
        let leaf = read_leaves(conn, from, from + 1).await?.pop().ok_or_else(unreadable)?;
        let OpenedRow { opened, .. } =
            read_openings(conn, &origins, from, from + 1).await?.pop().ok_or_else(unreadable)?;
        let envelope: Option<Envelope> = serde_json::from_str(&opened.envelope).ok();
        let proof = Proof { number, hashes, checkpoint }.to_string();
        let key = PinnedKey::parse(&head.public_key).ok();
        let entries = vec![Entry { leaf, opened, proof }];
        let texts = BTreeMap::new();
        let keys = handover_entries(conn, &origins, size).await?;
        let extract = Extract { entries, format: 1, key: head.public_key, keys, origin: head.origin, texts };
        let report = verify_extract(&extract, &Trusted { key, ..Trusted::default() });
        let mut faults: Vec<String> = report.faults.iter().map(ToString::to_string).collect();
        let said = completed_fact(pass, version);
        if !envelope.as_ref().is_some_and(|envelope| envelope.facts.contains(&said)) {
            faults.push(format!("entry {number} says something else of this pass"));
        }
        let claimed = envelope.is_some_and(|envelope| envelope.claimed);
        Ok(CertificateEntry { origin: extract.origin, number, size, sealed_at, claimed, faults })
    }
}

/// The name by which somebody was known before an entry. `None`: it has been let go of.
async fn find_name(conn: &mut Conn, person: PersonId, entry: u64) -> Result<Option<String>, StoreError> {
    let entry = i64::try_from(entry).unwrap_or(i64::MAX);
    let part: Option<String> =
        on!(conn.link(), conn => sqlx::query_scalar(FIND_NAME).bind(person).bind(entry).fetch_optional(conn).await)?;
    let sealed = part.map(|part| serde_json::from_str::<SealedName>(&part)).transpose();
    Ok(sealed.map_err(|_| StoreError::unreadable("name in the log"))?.map(|sealed| sealed.name))
}

fn stands(situation: &Situation, pass: &Completion) -> CertificateStands {
    match situation.edition(&pass.module) {
        _ if pass.withdrawn.is_some() => CertificateStands::Wrong,
        _ if pass.expires_at <= situation.now => CertificateStands::RanOut,
        0 => CertificateStands::Withdrawn,
        edition if edition > pass.edition => CertificateStands::Replaced,
        _ => CertificateStands::Yes,
    }
}
