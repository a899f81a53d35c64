use std::io;

use engine::{RegisteredSignature, local, local_date};

use super::csv_table::CsvTable;

/// The register of signatures as a table, in the order in which they come.
pub(crate) fn register_table(signatures: &[RegisteredSignature]) -> io::Result<Vec<u8>> {
    let columns = ["Name", "Agreement", "Version", "Signed", "Time", "Counts until", "Entry in the log", "Receipt"];
    let mut table = CsvTable::new(Vec::new(), columns)?;
    for signature in signatures {
        let until = signature.expires_at.map(|until| local_date(until).to_string());
        let entry = signature.entry.map(|entry| entry.to_string());
        table.row([
            signature.name.as_deref().unwrap_or("(name erased)"),
            &signature.title,
            &signature.version,
            &local_date(signature.signed_at).to_string(),
            &local(signature.signed_at).format("%H:%M:%S").to_string(),
            until.as_deref().unwrap_or_default(),
            entry.as_deref().unwrap_or_default(),
            &signature.id.to_string(),
        ])?;
    }
    table.finish()
}
