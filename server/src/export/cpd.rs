use std::io;

use app::pages::how_learned;
use engine::{CpdYear, local_date};

use super::csv_table::{CsvTable, moment};

/// CPD as a table, in each year what was passed here and then what they added themselves, newest first; in the columns that e-portfolios ask for: what, when, how long, by whom, how, and what proves it.
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
            "Recorded by",
            "Reflection",
            "Begun at",
            "Handed in at",
            "Pages opened",
            "Pages",
        ],
    )?;
    for year in years {
        for entry in &year.entries {
            table.row([
                local_date(entry.at).to_string().as_str(),
                &entry.title,
                &entry.version.to_string(),
                &entry.withdrawn.map_or(entry.minutes, |_| 0).to_string(),
                provider,
                "Online, at one's own pace; quiz marked by the server",
                &entry.earned.to_string(),
                &entry.possible.to_string(),
                &local_date(entry.until).to_string(),
                match entry.withdrawn {
                    Some(_) => "withdrawn",
                    None if entry.counts => "yes",
                    None => "no",
                },
                &year.begins_on.to_string(),
                &entry.completion.to_string(),
                "Induct",
                entry.reflection.as_deref().unwrap_or_default(),
                &moment(entry.started_at),
                &moment(entry.at),
                &entry.opened.opened.to_string(),
                &entry.opened.of.to_string(),
            ])?;
        }
        for added in &year.elsewhere {
            table.row([
                added.done_on.to_string().as_str(),
                added.title.as_deref().unwrap_or_default(),
                "",
                &added.minutes.to_string(),
                added.provider.as_deref().unwrap_or_default(),
                how_learned(added.how),
                "",
                "",
                "",
                "",
                &year.begins_on.to_string(),
                &added.id.to_string(),
                "Themselves; nobody checked it",
                "",
                "",
                "",
                "",
                "",
            ])?;
        }
    }
    table.finish()
}
