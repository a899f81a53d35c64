use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use engine::{Actor, Engine, Refused, SignatureId, Submission, SubmissionState, TickError};
use serde_json::{Value, json};

use super::{CommandError, Database, TableFormat, open_engine, say};
use crate::export::submissions_table;

/// `induct submitted …`
#[derive(Subcommand)]
pub(super) enum Submitted {
    /// Write what came in for a named role of `organisation.toml`, the newest first
    List(List),
    /// Tick off what came in, or take ticks back: all that are named or none
    Tick(Tick),
}

#[derive(Args)]
pub(super) struct List {
    /// The id of the role, as in `organisation.toml`
    #[arg(long)]
    role: String,
    /// Only what nobody has ticked off, only what somebody has, or all
    #[arg(long, value_enum, default_value_t = State::Open)]
    state: State,
    /// How to write it
    #[arg(long, value_enum, default_value_t = TableFormat::Csv)]
    format: TableFormat,
    #[command(flatten)]
    database: Database,
}

#[derive(Args)]
pub(super) struct Tick {
    /// The numbers of the receipts, as the list has them
    #[arg(required = true, value_parser = receipt)]
    receipts: Vec<SignatureId>,
    /// Take the ticks back
    #[arg(long)]
    take_back: bool,
    #[command(flatten)]
    database: Database,
}

#[derive(Clone, Copy, ValueEnum)]
enum State {
    Open,
    Ticked,
    All,
}

fn receipt(text: &str) -> Result<SignatureId, String> {
    SignatureId::parse(text).ok_or_else(|| "this is not the number of a receipt".to_owned())
}

impl Submitted {
    pub(super) async fn run(self) -> Result<ExitCode, CommandError> {
        match self {
            Self::List(List { role, state, format, database }) => {
                let engine = opened(&database).await?;
                let state = match state {
                    State::Open => Some(SubmissionState::Open),
                    State::Ticked => Some(SubmissionState::Ticked),
                    State::All => None,
                };
                let found = engine.every_submission(&role, state).await.map_err(|refused| match refused {
                    Refused::NotFound => CommandError::Refused(format!("organisation.toml names no role {role:?}")),
                    other => other.into(),
                })?;
                format.write(|| submissions_table(&found), || found.iter().map(as_json).collect())?;
            }
            Self::Tick(Tick { receipts, take_back, database }) => {
                let engine = opened(&database).await?;
                let changed = engine.tick_off(&receipts, !take_back, Actor::CommandLine).await;
                let changed = changed.map_err(|error| match error {
                    TickError::Internal(error) => error.into(),
                    TickError::NotTheirs => {
                        CommandError::Refused("one of these receipts has not come in for any role".to_owned())
                    }
                    other => CommandError::Refused(other.to_string()),
                })?;
                let done = if take_back { "Ticks taken back" } else { "Ticked off" };
                say(&format!("{done}: {changed}. What was so already stays as it was."));
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

async fn opened(database: &Database) -> Result<Engine, CommandError> {
    let engine = open_engine(&database.settings(None)?).await?;
    engine.refresh().await?;
    Ok(engine)
}

fn as_json(submission: &Submission) -> Value {
    let ticked = submission.ticked.as_ref();
    json!({
        "receipt": submission.signature,
        "person": submission.person,
        "name": submission.name,
        "agreement": submission.title,
        "version": submission.version,
        "signed_at": submission.at,
        "ticked_at": ticked.map(|(at, _)| at),
        "ticked_by": ticked.and_then(|(_, by)| by.as_deref()),
    })
}
