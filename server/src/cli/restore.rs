use std::{path::PathBuf, process::ExitCode, sync::Arc};

use clap::Args;
use engine::{Engine, SystemChance, SystemClock};

use super::{CommandError, Database, put, say, start_logging};

/// `induct restore FILE`
#[derive(Args)]
pub(super) struct Restore {
    /// A file that `induct backup` has made
    file: PathBuf,
    #[command(flatten)]
    database: Database,
}

impl Restore {
    pub(super) async fn run(self) -> Result<ExitCode, CommandError> {
        let settings = self.database.settings(None)?;
        start_logging(&settings)?;
        let (clock, chance) = (Arc::new(SystemClock), Arc::new(SystemChance));
        let restored = Engine::restore(&settings.database_url, &self.file, &settings.data_dir(), clock, chance).await;
        let copy = restored.map_err(|error| CommandError::Refused(error.to_string()))?.copy;
        say(&format!(
            "The database is as it was when it was copied, with {} entries of the log {}, which verify. Let no other server go on with this log. If \
             the one that was copied saved anything afterwards, it is lost, and receipts that were given since do not fit this log. Its head is:",
            copy.size, copy.origin
        ));
        put(copy.head.trim_end())?;
        Ok(ExitCode::SUCCESS)
    }
}
