use std::io;

use app::pages::{attended, how_learned, worked_through};
use engine::{CpdRecord, HowEarned, Marks, local_date};

use super::csv_table::{CsvTable, moment};

/// CPD as a table, in each year what was passed here and then what they added themselves, newest first; in the columns that e-portfolios ask for: what, when, how long, by whom, how, and what proves it.
pub(crate) fn cpd_table(provider: &str, record: &CpdRecord) -> io::Result<Vec<u8>> {
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
        ]
        .into_iter()
        .chain(record.off_the_job.then_some("Off-the-job minutes"))
        .chain(record.time_spent.then_some("Minutes spent")),
    )?;
    for year in &record.years {
        for entry in &year.entries {
            // In a workshop nothing is marked.
            let marks = |marks: Marks| if entry.how == HowEarned::Workshop { String::new() } else { marks.to_string() };
            let spent = entry.spent.map(|minutes| minutes.to_string()).unwrap_or_default();
            let minutes = entry.withdrawn.map_or(entry.minutes, |_| 0).to_string();
            table.row(
                [
                    local_date(entry.at).to_string().as_str(),
                    &entry.title,
                    &entry.version.to_string(),
                    &minutes,
                    provider,
                    &match entry.how {
                        HowEarned::Quiz => "Online, at one's own pace; quiz marked by the server".to_owned(),
                        HowEarned::Refresher => {
                            "Online, a refresher of what changed and was answered wrongly; marked by the server"
                                .to_owned()
                        }
                        HowEarned::Workshop => format!(
                            "{}; whoever led it said who was there",
                            entry.attended.as_ref().map_or_else(|| "Workshop".to_owned(), attended)
                        ),
                        HowEarned::SideBySide => format!(
                            "{}, as both confirmed; quiz marked by the server",
                            entry
                                .discussed
                                .as_ref()
                                .map_or_else(|| "Worked through with a tutor".to_owned(), worked_through)
                        ),
                    },
                    &marks(entry.earned),
                    &marks(entry.possible),
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
                    &entry.opened.map(|pages| pages.opened.to_string()).unwrap_or_default(),
                    &entry.opened.map(|pages| pages.of.to_string()).unwrap_or_default(),
                ]
                .into_iter()
                .chain(record.off_the_job.then_some(minutes.as_str()))
                .chain(record.time_spent.then_some(spent.as_str())),
            )?;
        }
        for added in &year.elsewhere {
            table.row(
                [
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
                ]
                .into_iter()
                // What was learned elsewhere is none: nobody checked it.
                .chain(record.off_the_job.then_some(""))
                .chain(record.time_spent.then_some("")),
            )?;
        }
    }
    table.finish()
}
