use engine::{RegisteredSignature, local, local_date};

use super::evidence_table::{EvidenceTable, Value};

/// The register of signatures as a table, in the order in which they come.
pub(crate) fn register_table(signatures: &[RegisteredSignature]) -> EvidenceTable {
    let row = |signature: &RegisteredSignature| {
        vec![
            Value::text(signature.name.as_deref().unwrap_or("(name erased)")),
            Value::text(signature.groups.join(", ")),
            Value::text(&signature.title),
            Value::text(&signature.version),
            Value::Day(Some(local_date(signature.signed_at))),
            Value::text(local(signature.signed_at).format("%H:%M:%S").to_string()),
            Value::Day(signature.expires_at.map(local_date)),
            Value::Number(signature.entry),
            Value::text(signature.id.to_string()),
        ]
    };
    EvidenceTable {
        title: "Signatures",
        columns: &[
            "Name",
            "Groups",
            "Agreement",
            "Version",
            "Signed",
            "Time",
            "Counts until",
            "Entry in the log",
            "Receipt",
        ],
        rows: signatures.iter().map(row).collect(),
    }
}
