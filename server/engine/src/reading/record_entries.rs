use std::collections::BTreeMap;

use crate::{
    ground::{CompletionId, CorrectionId, PersonId},
    record::Dossier,
    store::{Conn, Linked as _, StoreError, fetch_of, on},
};

const FIND_CORRECTIONS: &str = "SELECT id, completion_id FROM correction WHERE person_id = $1";

/// Numbers of entries in the signed log, by the ids of rows.
pub(super) struct Entries {
    pub passes: BTreeMap<String, u64>,
    pub signatures: BTreeMap<String, u64>,
    pub declines: BTreeMap<String, u64>,
    /// By the passes that were withdrawn.
    pub corrections: BTreeMap<String, u64>,
}

impl Entries {
    /// Those of what is in a dossier.
    pub(super) async fn of(conn: &mut Conn, dossier: &Dossier) -> Result<Self, StoreError> {
        let passes: Vec<String> = dossier.completions.iter().map(|completion| completion.id.to_string()).collect();
        let signatures: Vec<String> = dossier.signatures.iter().map(|signature| signature.id.to_string()).collect();
        let declines: Vec<String> = dossier.declines.iter().map(|decline| decline.id.to_string()).collect();
        Ok(Self {
            passes: find_entries(conn, "completion", &passes).await?,
            signatures: find_entries(conn, "signature", &signatures).await?,
            declines: find_entries(conn, "decline", &declines).await?,
            corrections: find_corrections(conn, dossier.facts.id).await?,
        })
    }
}

/// The numbers of the entries that say that passes of somebody were wrong, by the passes.
async fn find_corrections(conn: &mut Conn, person: PersonId) -> Result<BTreeMap<String, u64>, StoreError> {
    let rows: Vec<(CorrectionId, CompletionId)> =
        on!(conn.link(), conn => sqlx::query_as(FIND_CORRECTIONS).bind(person).fetch_all(conn).await)?;
    let ids: Vec<String> = rows.iter().map(|(id, _)| id.to_string()).collect();
    let numbers = find_entries(conn, "correction", &ids).await?;
    let by_pass = rows.into_iter().filter_map(|(id, pass)| Some((pass.to_string(), *numbers.get(&id.to_string())?)));
    Ok(by_pass.collect())
}

/// The numbers of the entries of rows of a kind, by the ids of the rows.
pub(super) async fn find_entries(
    conn: &mut Conn,
    kind: &'static str,
    ids: &[String],
) -> Result<BTreeMap<String, u64>, StoreError> {
    let mut found = BTreeMap::new();
    // SQLite takes 32,766 values in one statement.
    for some in ids.chunks(1000) {
        let places: Vec<String> = (1..=some.len()).map(|place| format!("${place}")).collect();
        let text = format!("SELECT id, number FROM log_row WHERE kind = '{kind}' AND id IN ({})", places.join(", "));
        let rows: Vec<(String, i64)> = fetch_of!(conn, text, some)?;
        found.extend(rows.into_iter().filter_map(|(id, number)| Some((id, u64::try_from(number).ok()?))));
    }
    Ok(found)
}
