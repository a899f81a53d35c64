use std::collections::BTreeMap;

use audit::{Leaf, Note, PinnedKey, Proof, Trusted, leaf_hash, verify_extract};
use chrono::{DateTime, Utc};

use super::receipt_file::find_leaf;
use crate::{
    engine::{Engine, Looked},
    ground::{CompletionId, FormKey, SignatureId},
    log::find_head,
    people::Person,
    record::Signature,
    signing::{Receipt, drawn_at},
    store::{Conn, Linked as _, StoreError, Unsealed, on},
};

/// What shows that somebody signed something: the signature, what it stands on, and its place in the signed log.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// The signature with the text and the passes.
    pub receipt: Receipt,
    /// When the form with the text was drawn, as the form says. `None`: that is not known.
    pub shown_at: Option<DateTime<Utc>>,
    /// What it counts for now.
    pub counts: StillCounts,
    /// Its place in the signed log, and what came of checking it.
    pub proved: Proved,
}

/// What a signature counts for now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StillCounts {
    /// It counts.
    Yes,
    /// It has run out.
    RanOut,
    /// A newer one has taken its place, or the text has been replaced.
    Replaced,
}

/// Where a signature stands in the signed log, and what shows that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proved {
    /// The name of the log.
    pub origin: String,
    /// Its public key, as whoever wants to trust it writes it down.
    pub key: String,
    /// How many entries it has.
    pub size: u64,
    /// When the last of them was added.
    pub sealed_at: DateTime<Utc>,
    /// The head that was signed then, as a note.
    pub head: String,
    /// The number of the entry of the signature.
    pub number: u64,
    /// When that entry was added; to the second.
    pub appended_at: DateTime<Utc>,
    /// The bytes of the entry.
    pub leaf: String,
    /// Their hash in the tree, in hexadecimal digits.
    pub hash: String,
    /// How many hashes lead from it to the head.
    pub steps: usize,
    /// The numbers of the entries of the passes.
    pub passes: BTreeMap<CompletionId, u64>,
    /// Whether the signature is said to have been made before there was a log.
    pub claimed: bool,
    /// What is wrong, as a check of the receipt's file has found it just now. Empty: nothing.
    pub faults: Vec<String>,
}

const FIND_FORM_KEY: &str = "SELECT form_key FROM signature WHERE id = $1";

impl Engine {
    /// What shows that somebody signed something: for the signer and for whoever may see it. That another than the signer looked is noted.
    ///
    /// # Errors
    /// [`Refused::NotFound`](crate::Refused::NotFound) when there is no such signature, or it is not theirs to see.
    pub async fn signature_evidence(&self, reader: &Person, id: SignatureId) -> Looked<Evidence> {
        // Whether it is theirs to see is decided here.
        let receipt = self.receipt_unnoted(reader, id).await?;
        let counts = self.still_counts_now(&receipt.signature).await?;
        let mut conn = self.store.read().await?;
        let key: FormKey = on!(conn.link(), conn => sqlx::query_scalar(FIND_FORM_KEY).bind(id).fetch_one(conn).await)?;
        let shown_at = drawn_at(key, receipt.signature.signed_at);
        let proved = self.prove(&mut conn, &receipt).await?;
        drop(conn);
        self.note_look(reader, receipt.signature.person, id).await?;
        Ok(Evidence { receipt, shown_at, counts, proved })
    }

    async fn still_counts_now(&self, signature: &Signature) -> Looked<StillCounts> {
        let situation = self.situation(signature.person).await?;
        let counts = situation.agreement_cell(&signature.agreement).counts;
        Ok(match signature.expires_at {
            _ if counts.is_some_and(|done| situation.signature(done).id == signature.id) => StillCounts::Yes,
            Some(until) if until <= situation.now => StillCounts::RanOut,
            _ => StillCounts::Replaced,
        })
    }

    async fn prove(&self, conn: &mut Conn, receipt: &Receipt) -> Result<Proved, StoreError> {
        let unreadable = || StoreError::unreadable("entry of a signature");
        let signature = &receipt.signature;
        let sealed_at = find_head(conn, 0).await?.and_then(|head| head.sealed_at()).ok_or(Unsealed::NoKey)?;
        let extract = self.extract_of(conn, signature).await?;
        let number = find_leaf(conn, "signature", &signature.id.to_string()).await?.ok_or_else(unreadable)?;
        let entry = extract.entries.iter().find(|entry| entry.opened.n == number).ok_or_else(unreadable)?;
        let leaf = Leaf::parse(entry.leaf.as_bytes()).map_err(|_| unreadable())?;
        let proof = Proof::parse(&entry.proof).map_err(|_| unreadable())?;
        let trusted = Trusted { key: PinnedKey::parse(&extract.key).ok(), ..Trusted::default() };
        let report = verify_extract(&extract, &trusted);
        let mut passes = BTreeMap::new();
        for pass in &receipt.passes {
            let found = find_leaf(conn, "completion", &pass.id.to_string()).await?;
            passes.extend(found.map(|number| (pass.id, number)));
        }
        let size = proof.checkpoint.lines().nth(1).and_then(|size| size.parse().ok()).ok_or_else(unreadable)?;
        let appended_at = i64::try_from(leaf.appended_at).ok().and_then(|at| DateTime::from_timestamp(at, 0));
        Ok(Proved {
            size,
            sealed_at,
            number,
            appended_at: appended_at.ok_or_else(unreadable)?,
            leaf: entry.leaf.clone(),
            hash: hex::encode(leaf_hash(entry.leaf.as_bytes()).0),
            steps: proof.hashes.len(),
            passes,
            claimed: report.notes.contains(&Note::Claimed(number)),
            faults: report.faults.iter().map(ToString::to_string).collect(),
            head: proof.checkpoint,
            origin: extract.origin,
            key: extract.key,
        })
    }
}
