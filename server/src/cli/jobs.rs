use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use chrono::{DateTime, Utc};
use clap::{Args, Subcommand};
use engine::{Actor, Engine, catalogue::Retention as Rules, content::Level, count, local};

use super::{CommandError, Database, compile_at, put, say};

/// `induct jobs`
#[derive(Args)]
pub(super) struct Jobs {
    /// Do all of them now, due or not, but for what a server is doing
    #[arg(long)]
    run: bool,
    #[command(flatten)]
    database: Database,
}

/// `induct retention …`
#[derive(Subcommand)]
pub(super) enum Retention {
    /// Let go of what the rules of `organisation.toml` no longer keep, as the daily job does
    Run(Run),
}

#[derive(Args)]
pub(super) struct Run {
    /// Only say what would go: by the rules of the file as it is now, and by those in force, which are the ones that were published last
    #[arg(long)]
    dry_run: bool,
    /// The folder that holds the content, of which `organisation.toml` is read with `--dry-run`
    #[arg(long, value_name = "DIR", requires = "dry_run")]
    content: Option<PathBuf>,
    #[command(flatten)]
    database: Database,
}

impl Jobs {
    pub(super) async fn run(self) -> Result<ExitCode, CommandError> {
        let publishes_every = self.database.settings(None)?.publishes_every();
        let engine = self.database.open().await?;
        engine.refresh().await?;
        if self.run {
            let done = engine.run_all_jobs().await?;
            for done in &done {
                put(&format!("{}: {}{}", done.job.name(), if done.failed { "failed: " } else { "" }, done.said))?;
            }
            return Ok(if done.iter().any(|done| done.failed) { ExitCode::FAILURE } else { ExitCode::SUCCESS });
        }
        let time = |at: Option<DateTime<Utc>>| {
            at.map_or_else(|| "never".to_owned(), |at| local(at).format("%Y-%m-%d %H:%M").to_string())
        };
        for job in engine.jobs().await? {
            let failed = if job.failures > 0 { "failed: " } else { "" };
            let said = if job.running { "being done" } else { job.said.as_deref().unwrap_or("nothing yet") };
            let name = job.job.name();
            put(&format!("{name}: begun {}, due {}: {failed}{said}", time(job.began_at), time(job.due_at)))?;
        }
        // What each server does by itself is no job, and is looked for here all the same.
        let besides = engine.besides(publishes_every).await?;
        match besides.published {
            Some(head) => {
                let due = head.next_at.map_or_else(|| "with each entry".to_owned(), |at| time(Some(at)));
                let (entries, sealed) = (count(head.size, "entry", "entries"), time(Some(head.sealed_at)));
                put(&format!(
                    "head: published {}, due {due}: {entries}, the last of {sealed}",
                    time(Some(head.published_at))
                ))?;
            }
            None => put("head: none is published")?,
        }
        match besides.stamped {
            Some((at, size)) => {
                put(&format!("time-stamp: kept {}: over {}", time(Some(at)), count(size, "entry", "entries")))?
            }
            None => put("time-stamp: none was kept yet")?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Retention {
    pub(super) async fn run(self) -> Result<ExitCode, CommandError> {
        let Self::Run(Run { dry_run, content, database }) = self;
        let engine = database.open().await?;
        engine.refresh().await?;
        if dry_run {
            return plan(&engine, &database.settings(content)?.content).await;
        }
        let gone = engine.let_go_by_rules(Actor::CommandLine).await?;
        put(&gone.to_string())?;
        say("That is gone.");
        Ok(ExitCode::SUCCESS)
    }
}

/// Says what would go by the rules in the file and by those in force, and whether they differ.
async fn plan(engine: &Engine, content: &Path) -> Result<ExitCode, CommandError> {
    let in_force = engine.catalogue().organisation.retention;
    let written = rules_in(content)?;
    let file = content.join(FILE);
    if let Some(rules) = written {
        let gone = engine.plan_letting_go_by(rules).await?;
        put(&format!("by the rules in {} ({rules}): {gone}", file.display()))?;
    }
    let gone = engine.plan_letting_go_by(in_force).await?;
    put(&format!("by the rules in force ({in_force}): {gone}"))?;
    say(&match written {
        None => format!("There is no {}, so only the rules in force were looked at. Nothing was let go of.", file.display()),
        Some(rules) if rules == in_force => "The rules in the file are those in force. Nothing was let go of.".to_owned(),
        Some(_) => {
            "Take care: the rules in the file are not in force. They will be once the file is published (`induct publish`, or when a server starts). Nothing was let go of."
                .to_owned()
        }
    });
    Ok(ExitCode::SUCCESS)
}

const FILE: &str = "organisation.toml";

/// The rules in the provider's file as it is now. `None`: there is no such file.
fn rules_in(content: &Path) -> Result<Option<Rules>, CommandError> {
    if !content.join(FILE).is_file() {
        return Ok(None);
    }
    let compiled = compile_at(content)?;
    // What is wrong elsewhere in the content says nothing of these rules.
    if compiled.problems.iter().any(|problem| problem.level == Level::Error && problem.path == FILE) {
        return Err(CommandError::ContentErrors);
    }
    Ok(Some(compiled.catalogue.organisation.retention))
}
