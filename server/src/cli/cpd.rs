use std::process::ExitCode;

use chrono::Datelike as _;
use clap::Args;
use engine::CpdRecord;
use serde_json::{Value, json};

use super::{CommandError, Database, TableFormat, open_engine};
use crate::export::cpd_table;

/// `induct cpd`
#[derive(Args)]
pub(super) struct Cpd {
    /// Whose record: what they sign in with
    #[arg(long)]
    email: String,
    /// Only the year that begins in this calendar year; all years when it is missing
    #[arg(long)]
    year: Option<i32>,
    /// How to write it
    #[arg(long, value_enum, default_value_t = TableFormat::Csv)]
    format: TableFormat,
    #[command(flatten)]
    database: Database,
}

impl Cpd {
    pub(super) async fn run(self) -> Result<ExitCode, CommandError> {
        let engine = open_engine(&self.database.settings(None)?).await?;
        engine.refresh().await?;
        let Some(person) = engine.find_person(&self.email).await? else {
            return Err(CommandError::Refused("nobody has that e-mail address".to_owned()));
        };
        let mut record = engine.cpd_record(person).await?;
        if let Some(wanted) = self.year {
            let known: Vec<String> = record.years.iter().map(|year| year.begins_on.year().to_string()).collect();
            record.years.retain(|year| year.begins_on.year() == wanted);
            if record.years.is_empty() {
                let known = known.join(", ");
                return Err(CommandError::Refused(format!("no year of theirs begins in {wanted}: there is {known}")));
            }
        }
        let provider = engine.catalogue().organisation.name.clone();
        self.format.write(|| cpd_table(&provider, &record), || as_json(&provider, &record))?;
        Ok(ExitCode::SUCCESS)
    }
}

fn as_json(provider: &str, record: &CpdRecord) -> Value {
    let years = record.years.iter().map(|year| {
        let entries = year.entries.iter().map(|entry| {
            let mut said = json!({
                "completion": entry.completion,
                "module": entry.module,
                "title": entry.title,
                "version": entry.version,
                "completed_at": entry.at,
                "minutes": entry.minutes,
                "how": entry.how.code(),
                "worked_through": entry.discussed.as_ref().map(|held| json!({ "with": held.tutor_name, "place": held.place, "on": held.held_on })),
                "workshop": entry.attended.as_ref().map(|was| json!({ "led_by": was.leader_name, "place": was.place, "starts_at": was.starts_at, "signed_in_by_leader": was.by_leader })),
                "earned": entry.earned.to_string(),
                "possible": entry.possible.to_string(),
                "expires_at": entry.until,
                "counts": entry.counts,
                "reflection": entry.reflection,
            });
            if record.time_spent {
                said["minutes_spent"] = json!(entry.spent);
            }
            said
        });
        let elsewhere = year.elsewhere.iter().map(|added| {
            json!({
                "evidence": added.id,
                "title": added.title,
                "provider": added.provider,
                "done_on": added.done_on,
                "minutes": added.minutes,
                "how": added.how.code(),
                "has_file": added.file.is_some(),
                "recorded_at": added.recorded_at,
            })
        });
        json!({
            "begins_on": year.begins_on,
            "ends_on": year.ends_on,
            "minutes": year.minutes(),
            "minutes_here": year.minutes_here(),
            "minutes_elsewhere": year.minutes_elsewhere(),
            "minutes_off_the_job": record.off_the_job.then(|| year.minutes_here()),
            "entries": entries.collect::<Vec<_>>(),
            "added_by_themselves": elsewhere.collect::<Vec<_>>(),
        })
    });
    json!({
        "provider": provider,
        "name": record.name,
        "target_minutes": record.target_minutes,
        "years": years.collect::<Vec<_>>(),
    })
}
