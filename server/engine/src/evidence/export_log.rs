use std::collections::{BTreeMap, BTreeSet};

use audit::{Bundle, Digest, Fact, Manifest, PartKind, digest_of_text, to_canonical};
use serde::Serialize;

use super::cosign_head::find_heads;
use crate::{
    engine::Engine,
    log::{Row, Said, find_head, find_origins, read_gone, read_leaves, read_openings},
    record::Actor,
    store::{Conn, Linked as _, StoreError, Unsealed, on},
};

/// What of the parts a bundle has that stand apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parts {
    /// All of them.
    All,
    /// Only what names nobody: which passes opened a gate, what groups are called, digests of what was answered.
    Pseudonymous,
}

impl Parts {
    fn withheld(self) -> Vec<PartKind> {
        match self {
            Self::All => Vec::new(),
            Self::Pseudonymous => PartKind::NAMING.to_vec(),
        }
    }
}

/// What is said of a bundle that is handed out.
#[derive(Serialize)]
struct Given<'t> {
    #[serde(skip_serializing_if = "Option::is_none")]
    names: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<&'t str>,
}

/// How many leaves are read at once.
const AT_ONCE: usize = 5_000;

const EVERY_TEXT: &str = "SELECT canonical FROM module_version UNION SELECT canonical FROM agreement_version \
     UNION SELECT canonical FROM programme_version UNION SELECT canonical FROM provider_version";

const EVERY_STATEMENT: &str = "SELECT DISTINCT statement FROM signature";

const COUNT_ERASURES: &str = "SELECT COUNT(*) FROM erasure";

const FIND_CHECKPOINT: &str = "SELECT note FROM log_checkpoint WHERE size = $1";

impl Engine {
    /// The public key of the signed log, as whoever wants to trust it writes it down. `None`: there is no log yet.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn log_key(&self) -> Result<Option<String>, StoreError> {
        Ok(find_head(&mut self.store.read().await?, 0).await?.map(|head| head.public_key))
    }

    /// The whole signed log with what opens it, to be checked elsewhere. It has the texts of everything that was published, with the answers
    /// of modules.
    ///
    /// # Errors
    /// [`StoreError`] when there is no log, or the database fails.
    pub async fn export_log(&self, parts: Parts) -> Result<Bundle, StoreError> {
        loop {
            if let Some(bundle) = self.try_export(parts).await? {
                return Ok(bundle);
            }
        }
    }

    /// The same to be handed out: that it was is an entry of the log behind it, with the digest of its manifest
    /// ([`Bundle::manifest_apart`]), about how many people it is, and, apart from these, `to` whom it goes and whether it names people. Nothing is handed out that
    /// could not be noted.
    ///
    /// # Errors
    /// [`StoreError`] also when the log takes nothing.
    pub async fn hand_out_log(&self, parts: Parts, to: Option<&str>, by: Actor) -> Result<Bundle, StoreError> {
        let bundle = self.export_log(parts).await?;
        let manifest = bundle.manifest_apart().map_err(|_| StoreError::unreadable("entry of the log"))?;
        let people: BTreeSet<_> = bundle.openings.values().filter_map(|opened| opened.person.as_ref()).collect();
        let fact = Fact::Exported { sha256: digest_of_text(&manifest), people: people.len() as u64 };
        let now = self.clock.now();
        let act = self.act_of_all(now, by).saying(Said::Plain(fact), Row::of("export", self.new_id(now)));
        let names = (parts == Parts::All).then_some(true);
        let act = if names.is_some() || to.is_some() { act.with(PartKind::Act, &Given { names, to }) } else { act };
        let tx = self.store.write().await?;
        self.seal(tx, [act]).await?;
        Ok(bundle)
    }

    /// `None`: something was let go of while it was read, and what was read first may still have it.
    async fn try_export(&self, parts: Parts) -> Result<Option<Bundle>, StoreError> {
        let unreadable = || StoreError::unreadable("what is gone of the log");
        let mut conn = self.store.read().await?;
        let before: i64 = on!(conn.link(), conn => sqlx::query_scalar(COUNT_ERASURES).fetch_one(conn).await)?;
        // What is appended from now on is no part of it.
        let head = find_head(&mut conn, 0).await?.ok_or(Unsealed::NoKey)?;
        let origins = find_origins(&mut conn, &head).await?;
        let size = head.size();
        let end = i64::try_from(size).map_err(|_| StoreError::unreadable("head of the log"))?;
        let withheld = parts.withheld();
        let (mut leaves, mut openings) = (Vec::new(), BTreeMap::new());
        for from in (0..end).step_by(AT_ONCE) {
            let to = end.min(from + AT_ONCE as i64);
            leaves.extend(read_leaves(&mut conn, from, to).await?.into_iter().map(String::into_bytes));
            for row in read_openings(&mut conn, &origins, from, to).await? {
                let mut opened = row.opened;
                opened.parts.retain(|kind, _| !withheld.contains(kind));
                openings.insert(opened.n, opened);
            }
        }
        // Where a key handed over, the head behind shows that it did; what a witness cosigned shows by when each entry was there.
        let checkpoints = find_heads(&mut conn, origins.begins() + 1, size).await?;
        let erased = read_gone(&mut conn, &[]).await?;
        let bundle = Bundle {
            manifest: Manifest { format: 1, origin: head.origin, key: head.public_key, size, withheld },
            leaves,
            openings,
            erased_bytes: erased.as_ref().map(to_canonical).transpose().map_err(|_| unreadable())?,
            erased: erased.unwrap_or_default(),
            texts: find_texts(&mut conn).await?,
            checkpoints,
        };
        let after: i64 = on!(conn.link(), conn => sqlx::query_scalar(COUNT_ERASURES).fetch_one(conn).await)?;
        Ok((before == after).then_some(bundle))
    }
}

/// The head that was signed when the log had so many leaves. `None`: it never was.
pub(crate) async fn find_checkpoint(conn: &mut Conn, size: u64) -> Result<Option<String>, StoreError> {
    let size = i64::try_from(size).map_err(|_| StoreError::unreadable("head of the log"))?;
    on!(conn.link(), conn => sqlx::query_scalar(FIND_CHECKPOINT).bind(size).fetch_optional(conn).await)
}

/// Everything that was published, and every statement that was signed, by its digest.
async fn find_texts(conn: &mut Conn) -> Result<BTreeMap<String, Vec<u8>>, StoreError> {
    let published: Vec<String> = on!(conn.link(), conn => sqlx::query_scalar(EVERY_TEXT).fetch_all(conn).await)?;
    let signed: Vec<String> = on!(conn.link(), conn => sqlx::query_scalar(EVERY_STATEMENT).fetch_all(conn).await)?;
    let texts: BTreeSet<String> = published.into_iter().chain(signed).collect();
    let named = |text: String| {
        let digest: Digest = digest_of_text(text.as_bytes());
        (digest.to_hex(), text.into_bytes())
    };
    Ok(texts.into_iter().map(named).collect())
}
