use std::io;

use engine::catalogue::Agreement;

use super::csv_table::CsvTable;

/// The versions of an agreement as a table, as it lists them itself: the newest first, as on its page.
pub(crate) fn agreement_versions_table(agreement: &Agreement) -> io::Result<Vec<u8>> {
    let columns = ["Version", "Date", "Change", "Lead", "Reviewed", "Next review"];
    let mut table = CsvTable::new(Vec::new(), columns)?;
    for version in agreement.versions.iter().rev() {
        table.row([
            &version.version,
            &version.date.to_string(),
            &version.change,
            &version.lead,
            &version.reviewed.to_string(),
            &version.next_review.to_string(),
        ])?;
    }
    table.finish()
}
