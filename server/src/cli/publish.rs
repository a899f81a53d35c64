use std::{path::PathBuf, process::ExitCode};

use clap::Args;
use engine::{Actor, Publication, Republish};

use super::{CommandError, Database, open_engine, put, read_catalogue, say};

/// `induct publish`
#[derive(Args)]
pub(super) struct Publish {
    /// The folder that holds the content
    dir: Option<PathBuf>,
    /// Publish also what was published before and then replaced, as new versions
    #[arg(long)]
    again: bool,
    /// Publish nothing, and take something away that is published: `module/NAME`, `agreement/NAME` or `programme/NAME`; what was passed
    /// or signed of it stays
    #[arg(long, value_name = "WHAT", conflicts_with_all = ["again", "dir"])]
    withdraw: Vec<String>,
    #[command(flatten)]
    database: Database,
}

impl Publish {
    pub(super) async fn run(&self) -> Result<ExitCode, CommandError> {
        let settings = self.database.settings(self.dir.clone())?;
        let engine = open_engine(&settings).await?;
        if !self.withdraw.is_empty() {
            for name in &self.withdraw {
                let withdrawn = engine.withdraw(name, Actor::CommandLine).await;
                withdrawn.map_err(|error| CommandError::Refused(error.to_string()))?;
                put(&format!("{name} withdrawn"))?;
            }
            return Ok(ExitCode::SUCCESS);
        }
        let republish = if self.again { Republish::Again } else { Republish::No };
        let publication = engine.publish(&read_catalogue(&settings)?, republish, Actor::CommandLine).await?;
        for version in &publication.new {
            put(&version.to_string())?;
        }
        say_what_was_left(&publication);
        if publication.new.is_empty() {
            say("nothing new: everything in this folder is published already");
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Says what of a folder is older than what is published, what is published and not in it, and which audiences are used and not listed.
pub(super) fn say_what_was_left(publication: &Publication) {
    for older in &publication.older {
        say(&older.to_string());
    }
    for absent in &publication.absent {
        say(&absent.to_string());
    }
    for audience in &publication.lost_audiences {
        say(&audience.to_string());
    }
}
