use std::{path::PathBuf, process::ExitCode};

use clap::Args;

use super::{CommandError, Database, open_engine, put, read_catalogue, say};

/// `induct publish`
#[derive(Args)]
pub(super) struct Publish {
    /// The folder that holds the content
    dir: Option<PathBuf>,
    #[command(flatten)]
    database: Database,
}

impl Publish {
    pub(super) async fn run(&self) -> Result<ExitCode, CommandError> {
        let settings = self.database.settings(self.dir.clone())?;
        let engine = open_engine(&settings, read_catalogue(&settings)?).await?;
        let published = engine.publish().await?;
        for version in &published {
            put(&version.to_string())?;
        }
        if published.is_empty() {
            say("nothing new: every module and agreement is published already");
        }
        Ok(ExitCode::SUCCESS)
    }
}
