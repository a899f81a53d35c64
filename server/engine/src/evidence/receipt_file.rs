use std::collections::{BTreeMap, BTreeSet};

use audit::{Entry, Extract, PartKind, Proof, digest_of_text};
use model::ModuleSlug;

use super::{
    cosign_head::{find_cosigned, find_last_cosigned},
    key_chain::handover_entries,
};
use crate::{
    engine::{Engine, Looked},
    ground::{CompletionId, CorrectionId, SignatureId},
    log::{OpenedRow, find_head, find_origins, prove_leaves, read_leaves, read_openings},
    people::Person,
    publishing::rebuilt_agreement,
    record::Signature,
    signing::find_evident,
    store::{Conn, Linked as _, StoreError, Unsealed, on},
};

const FIND_LEAF: &str = "SELECT number FROM log_row WHERE kind = $1 AND id = $2";

const FIND_CORRECTION: &str = "SELECT id FROM correction WHERE completion_id = $1";

const FIND_PASSES_OF_SIGNATURE: &str = "SELECT c.id, c.module FROM signature_completion s JOIN completion c ON c.id = s.completion_id \
     WHERE s.signature_id = $1";

impl Engine {
    /// The receipt of a signature as a file that can be checked without this server: its entry in the signed log, those of the passes that it
    /// stands on and of what was published, each with a proof; the text that was signed, and the statement. Only what is about the signer
    /// names anybody, and no module's text is in it: that has the answers.
    ///
    /// # Errors
    /// [`Refused::NotFound`](crate::Refused::NotFound) when there is no such signature, or it is not theirs to see.
    pub async fn receipt_file(&self, reader: &Person, id: SignatureId) -> Looked<Vec<u8>> {
        let mut conn = self.store.read().await?;
        let signature = find_evident(&mut conn, reader, id, self.clock.now()).await?;
        let extract = self.extract_of(&mut conn, &signature).await?;
        drop(conn);
        self.note_look(reader, signature.person, id).await?;
        Ok(extract.to_bytes().map_err(|_| StoreError::unreadable("entry of a signature"))?)
    }

    /// The entries that a receipt has.
    pub(super) async fn extract_of(&self, conn: &mut Conn, signature: &Signature) -> Result<Extract, StoreError> {
        let unreadable = || StoreError::unreadable("entry of a signature");
        let head = find_head(conn, 0).await?.ok_or(Unsealed::NoKey)?;
        let origins = find_origins(conn, &head).await?;
        let numbers: Vec<u64> = self.entries_of(conn, signature).await?.into_iter().collect();
        // By a head that a witness has seen it shows more than by the newest.
        let needed = numbers.last().map_or(0, |last| last + 1).max(origins.begins() + 1);
        let size = find_last_cosigned(conn, needed, head.size()).await?.unwrap_or(head.size());
        let checkpoint = find_cosigned(conn, size).await?.ok_or_else(unreadable)?;
        let proofs = prove_leaves(conn, &numbers, size).await?;
        let mut entries = Vec::new();
        for (number, hashes) in numbers.into_iter().zip(proofs) {
            let from = i64::try_from(number).map_err(|_| unreadable())?;
            let leaf = read_leaves(conn, from, from + 1).await?.pop().ok_or_else(unreadable)?;
            let OpenedRow { mut opened, person } =
                read_openings(conn, &origins, from, from + 1).await?.pop().ok_or_else(unreadable)?;
            // Who published it is nothing to them.
            opened.parts.retain(|kind, _| person == Some(signature.person) && *kind != PartKind::By);
            let proof = Proof { number, hashes, checkpoint: checkpoint.clone() }.to_string();
            entries.push(Entry { leaf, opened, proof });
        }
        let agreement = rebuilt_agreement(conn, &signature.agreement, signature.version).await?;
        let texts = [agreement.canonical.json.to_string(), signature.statement.clone()];
        let texts: BTreeMap<String, String> =
            texts.into_iter().map(|text| (digest_of_text(text.as_bytes()).to_hex(), text)).collect();
        let keys = handover_entries(conn, &origins, head.size()).await?;
        Ok(Extract { entries, format: 1, key: head.public_key, keys, origin: head.origin, texts })
    }

    /// The numbers of the entries that a receipt has.
    async fn entries_of(&self, conn: &mut Conn, signature: &Signature) -> Result<BTreeSet<u64>, StoreError> {
        let unreadable = || StoreError::unreadable("entry of a signature");
        let signed = find_leaf(conn, "signature", &signature.id.to_string()).await?.ok_or_else(unreadable)?;
        let published = format!("{}/{}", signature.agreement, signature.version);
        let mut numbers =
            BTreeSet::from([signed, find_leaf(conn, "agreement_version", &published).await?.ok_or_else(unreadable)?]);
        let passes: Vec<(CompletionId, String)> = on!(conn.link(), conn => sqlx::query_as(FIND_PASSES_OF_SIGNATURE)
            .bind(signature.id).fetch_all(conn).await)?;
        let shelf = self.shelf();
        for (pass, module) in passes {
            numbers.insert(find_leaf(conn, "completion", &pass.to_string()).await?.ok_or_else(unreadable)?);
            // Whoever checks it is told that a pass was withdrawn since.
            let withdrawn: Option<CorrectionId> =
                on!(conn.link(), conn => sqlx::query_scalar(FIND_CORRECTION).bind(pass).fetch_optional(conn).await)?;
            if let Some(correction) = withdrawn {
                numbers.extend(find_leaf(conn, "correction", &correction.to_string()).await?);
            }
            // Which edition counted says the version that was the newest when it was signed.
            let module = ModuleSlug::new(module).map_err(|_| unreadable())?;
            let in_force = shelf.modules.get(&module).and_then(|history| history.at(signature.signed_at));
            if let Some(issue) = in_force {
                numbers.extend(find_leaf(conn, "module_version", &format!("{module}/{}", issue.number)).await?);
            }
        }
        Ok(numbers)
    }
}

/// The number of the leaf that is evidence of a row. `None`: there is none.
pub(crate) async fn find_leaf(conn: &mut Conn, kind: &str, id: &str) -> Result<Option<u64>, StoreError> {
    let number: Option<i64> =
        on!(conn.link(), conn => sqlx::query_scalar(FIND_LEAF).bind(kind).bind(id).fetch_optional(conn).await)?;
    number.map(|number| u64::try_from(number).map_err(|_| StoreError::unreadable("number of a leaf"))).transpose()
}
