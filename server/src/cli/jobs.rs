use std::process::ExitCode;

use chrono::{DateTime, Utc};
use clap::{Args, Subcommand};
use engine::local;

use super::{CommandError, Database, put, say};

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
    /// Only say what would go
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    database: Database,
}

impl Jobs {
    pub(super) async fn run(self) -> Result<ExitCode, CommandError> {
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
        Ok(ExitCode::SUCCESS)
    }
}

impl Retention {
    pub(super) async fn run(self) -> Result<ExitCode, CommandError> {
        let Self::Run(Run { dry_run, database }) = self;
        let engine = database.open().await?;
        engine.refresh().await?;
        let gone = if dry_run {
            engine.plan_letting_go().await?
        } else {
            engine.let_go_by_rules(engine::Actor::CommandLine).await?
        };
        put(&gone.to_string())?;
        say(if dry_run { "That would go. Nothing was let go of." } else { "That is gone." });
        Ok(ExitCode::SUCCESS)
    }
}
