use std::{path::PathBuf, process::ExitCode};

use clap::Args;
use engine::count;

use super::{CommandError, Database, open_engine, put, say, start_logging};

/// `induct backup FILE`
#[derive(Args)]
pub(super) struct BackUp {
    /// The file to make. Of SQLite it is a SQLite database; of PostgreSQL an archive (ZIP) with the rows of every table
    file: PathBuf,
    #[command(flatten)]
    database: Database,
}

impl BackUp {
    pub(super) async fn run(self) -> Result<ExitCode, CommandError> {
        let settings = self.database.settings(None)?;
        start_logging(&settings)?;
        let engine = open_engine(&settings).await?;
        let done = engine.back_up(&settings.database_url, &self.file).await;
        let done = done.map_err(|error| CommandError::Refused(error.to_string()))?;
        engine.close().await;
        say(&format!(
            "Everything in the database, with {} of the log {}, which verify. Not in it, and to be kept elsewhere: the key of the log and \
             its state, log-….key, log-….head and, once somebody was erased, log-….erased in {}; induct.toml; and the folder with the content. Whoever has this file and the key can \
             sign in the name of this site. The head of the log is:",
            count(done.size, "entry", "entries"),
            done.origin,
            settings.data_dir().display()
        ));
        put(done.head.trim_end())?;
        Ok(ExitCode::SUCCESS)
    }
}
