use std::process::ExitCode;

use clap::{Args, Subcommand};
use engine::{Actor, Occasion, count};

use super::{CommandError, Database, put, say};

/// `induct reminders …`
#[derive(Subcommand)]
pub(super) enum Reminders {
    /// Write to everybody who is to be told something today by the rules of `organisation.toml`, as the daily job does. Each thing is told once
    Run(Run),
}

#[derive(Args)]
pub(super) struct Run {
    /// Only say how many letters the next would be, and write none
    #[arg(long)]
    dry_run: bool,
    /// Also on a quiet day, and early or late in the day
    #[arg(long, conflicts_with = "dry_run")]
    now: bool,
    #[command(flatten)]
    database: Database,
}

impl Reminders {
    pub(super) async fn run(self) -> Result<ExitCode, CommandError> {
        let Self::Run(Run { dry_run, now, database }) = self;
        let engine = database.open().await?;
        engine.refresh().await?;
        if dry_run {
            let plan = engine.plan_reminders().await?;
            put(&format!(
                "{}: {}; {} without an address",
                plan.day,
                count(plan.letters, "letter", "letters"),
                count(plan.without_address, "person", "people")
            ))?;
            for occasion in Occasion::EVERY {
                if let Some(things) = plan.occasions.get(&occasion) {
                    put(&format!("{}: {}", occasion.name(), count(*things, "thing", "things")))?;
                }
            }
            for (to, letters) in [("managers", plan.managers), ("owners of what is to be reviewed", plan.owners)] {
                if letters > 0 {
                    put(&format!("letters to {to}: {letters}"))?;
                }
            }
            let idle =
                plan.idle.map(|idle| format!(" As it is, nobody would be written to: {idle}.")).unwrap_or_default();
            say(&format!("Nothing was written.{idle}"));
            return Ok(ExitCode::SUCCESS);
        }
        let by = Actor::CommandLine;
        let swept = if now { engine.remind_everybody(by).await? } else { engine.remind_unless_quiet(by).await? };
        put(&swept.to_string())?;
        say(if swept.idle.is_some() { "Nothing was written." } else { "A server sends them within seconds." });
        Ok(ExitCode::SUCCESS)
    }
}
