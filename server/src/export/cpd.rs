use std::io;

use engine::{CpdYear, local_date};

use super::csv_table::CsvTable;

/// CPD as a table, newest first, in the columns that e-portfolios ask for: what, when, how long, by whom, how, and what proves it.
pub(crate) fn cpd_table(provider: &str, years: &[CpdYear]) -> io::Result<Vec<u8>> {
    let mut table = CsvTable::new(
        Vec::new(),
        [
            "Date",
            "Title",
            "Version",
            "Minutes",
            "Provider",
            "How delivered",
            "Marks earned",
            "Marks possible",
            "Counts until",
            "Counts now",
            "Year begins",
            "Reference",
        ],
    )?;
    for year in years {
        for entry in &year.entries {
            table.row([
                local_date(entry.at).to_string().as_str(),
                &entry.title,
                &entry.version.to_string(),
                &entry.minutes.to_string(),
                provider,
                "Online, at one's own pace; quiz marked by the server",
                &entry.earned.to_string(),
                &entry.possible.to_string(),
                &local_date(entry.until).to_string(),
                if entry.counts { "yes" } else { "no" },
                &year.begins_on.to_string(),
                &entry.completion.to_string(),
            ])?;
        }
    }
    table.finish()
}
