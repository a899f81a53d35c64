use chrono::{DateTime, Utc};

use super::note_look::count_looks;
use crate::{
    catalogue::{Agreement, Language, NamedRole},
    engine::{Engine, Looked, Refused},
    ground::{AttemptId, CompletionId, DiscussionId, Sha256Digest, SignatureId, WorkshopId},
    people::{Person, Right, Scope, is_in_scope},
    publishing::rebuilt_agreement,
    record::{HowEarned, Marks, PagesOpened, Signature, Withdrawn, find_signature, withdrawn},
    store::{Conn, Linked as _, StoreError, on},
};

/// A signature with everything that it stands on.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// The signature.
    pub signature: Signature,
    /// The agreement as it was signed, rebuilt from the published bytes, in the words in which it was.
    pub agreement: Agreement,
    /// The role that the agreement is submitted to, when the provider names one.
    pub submitted_to: Option<NamedRole>,
    /// When somebody who holds that role ticked it off. `None`: nobody has.
    pub ticked_at: Option<DateTime<Utc>>,
    /// The passes that opened the gate.
    pub passes: Vec<ReceiptPass>,
    /// How often others have looked at what proves what the reader has signed. `None`: it is not the reader's own.
    pub looks: Option<u64>,
}

/// A pass that a signature stands on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptPass {
    /// Which completion it is.
    pub id: CompletionId,
    /// The module's title in the version that was passed.
    pub title: String,
    /// The language of that title; English where the module has been withdrawn.
    pub language: Language,
    /// That version's number.
    pub number: u32,
    /// The digest of that version.
    pub version: Sha256Digest,
    /// When the attempt was begun.
    pub started_at: DateTime<Utc>,
    /// How many pages had been opened when it was passed. `None`: it was not earned by reading.
    pub opened: Option<PagesOpened>,
    /// When it was passed.
    pub completed_at: DateTime<Utc>,
    /// How it was passed.
    pub how: HowEarned,
    /// Marks earned.
    pub earned: Marks,
    /// Marks that could be earned.
    pub possible: Marks,
    /// That it was recorded wrongly, as was found afterwards. What was signed stays signed. `None`: it was not.
    pub withdrawn: Option<Withdrawn>,
}

#[derive(sqlx::FromRow)]
struct PassRow {
    id: CompletionId,
    module: String,
    title: String,
    number: i64,
    sha256: String,
    started_at: DateTime<Utc>,
    completed_at: DateTime<Utc>,
    attempt_id: Option<AttemptId>,
    workshop_id: Option<WorkshopId>,
    discussion_id: Option<DiscussionId>,
    refreshes: Option<i64>,
    pages_opened: i64,
    pages: i64,
    earned: i64,
    possible: i64,
    withdrawn_at: Option<DateTime<Utc>>,
    code: Option<String>,
}

impl TryFrom<PassRow> for ReceiptPass {
    type Error = StoreError;

    fn try_from(row: PassRow) -> Result<Self, StoreError> {
        let count = |number: i64| u32::try_from(number).map_err(|_| StoreError::unreadable("pass"));
        Ok(Self {
            id: row.id,
            title: row.title,
            language: Language::ENGLISH,
            number: count(row.number)?,
            version: Sha256Digest::parse(&row.sha256).ok_or(StoreError::unreadable("pass"))?,
            started_at: row.started_at,
            opened: match row.attempt_id {
                Some(_) => Some(PagesOpened { opened: count(row.pages_opened)?, of: count(row.pages)? }),
                None => None,
            },
            completed_at: row.completed_at,
            how: HowEarned::of(row.refreshes.map(count).transpose()?, row.workshop_id, row.discussion_id),
            earned: Marks::hundredths(count(row.earned)?),
            possible: Marks::hundredths(count(row.possible)?),
            withdrawn: withdrawn(row.withdrawn_at, row.code.as_deref())?,
        })
    }
}

const FIND_PASSES: &str = "SELECT c.id, c.module, v.title, v.number, v.sha256, c.started_at, c.completed_at, c.attempt_id, c.workshop_id, c.discussion_id, c.refreshes, c.pages_opened, c.pages, c.earned, \
       c.possible, \
       w.recorded_at AS withdrawn_at, w.code \
     FROM signature_completion s JOIN completion c ON c.id = s.completion_id LEFT JOIN correction w ON w.completion_id = c.id \
     JOIN module_version v ON v.module = c.module AND v.number = c.version WHERE s.signature_id = $1 ORDER BY c.completed_at, c.module, c.id";

const FIND_TICK: &str = "SELECT recorded_at FROM submission_tick WHERE signature_id = $1 AND ended_at IS NULL";

impl Engine {
    /// The receipt of a signature: for its signer and for whoever may see what proves it. That another than the signer looked is noted.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when there is none of that id, or it is not theirs to see.
    pub async fn receipt(&self, reader: &Person, id: SignatureId) -> Looked<Receipt> {
        let receipt = self.receipt_unnoted(reader, id).await?;
        self.note_look(reader, receipt.signature.person, id).await?;
        Ok(receipt)
    }

    /// The same for whoever notes themselves that somebody looked.
    pub(crate) async fn receipt_unnoted(&self, reader: &Person, id: SignatureId) -> Looked<Receipt> {
        let mut conn = self.store.read().await?;
        let signature = find_evident(&mut conn, reader, id, self.clock.now()).await?;
        let whole = rebuilt_agreement(&mut conn, &signature.agreement, signature.version).await?;
        let agreement = signature.twin.and_then(|twin| whole.in_words_of(twin)).unwrap_or(whole);
        let passes: Vec<PassRow> = on!(conn.link(), conn => sqlx::query_as(FIND_PASSES)
            .bind(id).fetch_all(conn).await)?;
        let ticked_at: Option<DateTime<Utc>> =
            on!(conn.link(), conn => sqlx::query_scalar(FIND_TICK).bind(id).fetch_optional(conn).await)?;
        let roles = &self.catalogue().organisation.roles;
        let submitted_to = roles.iter().find(|role| agreement.submit_to.as_ref() == Some(&role.id)).cloned();
        let catalogue = self.catalogue();
        let language = |row: &PassRow| {
            let module = catalogue.modules.iter().find(|(slug, _)| slug.as_str() == row.module);
            module.map_or(Language::ENGLISH, |(_, module)| module.language)
        };
        let passes =
            passes.into_iter().map(|row| Ok(ReceiptPass { language: language(&row), ..ReceiptPass::try_from(row)? }));
        let passes = passes.collect::<Result<_, StoreError>>()?;
        let looks = if signature.person == reader.id { Some(count_looks(&mut conn, reader.id).await?) } else { None };
        Ok(Receipt { signature, agreement, submitted_to, ticked_at, passes, looks })
    }
}

/// A signature, for its signer and for whoever may see what proves it.
///
/// # Errors
/// [`Refused::NotFound`] when there is none of that id, or it is not theirs to see.
pub(crate) async fn find_evident(
    conn: &mut Conn,
    reader: &Person,
    id: SignatureId,
    now: DateTime<Utc>,
) -> Looked<Signature> {
    let signature = find_signature(conn, id).await?.ok_or(Refused::NotFound)?;
    if signature.person == reader.id {
        return Ok(signature);
    }
    match Scope::of(reader, Right::SeeEvidence, now) {
        Some(scope) if is_in_scope(conn, &scope, signature.person).await? => Ok(signature),
        _ => Err(Refused::NotFound),
    }
}
