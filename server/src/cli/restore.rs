use std::{path::PathBuf, process::ExitCode, sync::Arc};

use clap::Args;
use engine::{BackedUp, Engine, GoneOn, RestoreError, Restored, SystemChance, SystemClock, count};

use super::{CommandError, Database, put, say, start_logging};

/// `induct restore FILE`
#[derive(Args)]
pub(super) struct Restore {
    /// A file that `induct backup` has made
    file: PathBuf,
    /// Go on under another name, after this host, and another key: for a back-up that is older than its log, or whose key is lost. The log says so,
    /// and who has the former key is told that something is lost
    #[arg(long, value_name = "HOST")]
    new_origin: Option<String>,
    #[command(flatten)]
    database: Database,
}

impl Restore {
    pub(super) async fn run(self) -> Result<ExitCode, CommandError> {
        let settings = self.database.settings(None)?;
        start_logging(&settings)?;
        let (clock, chance) = (Arc::new(SystemClock), Arc::new(SystemChance));
        let (url, folder) = (&settings.database_url, settings.data_dir());
        let refused = |error: RestoreError| CommandError::Refused(error.to_string());
        if let Some(host) = &self.new_origin {
            let restored = Engine::restore_anew(url, &self.file, &folder, host, (clock, chance)).await;
            let Restored { copy, anew, has_digest } = restored.map_err(refused)?;
            let told = tell(&copy, anew.as_ref());
            say_what_is_unproven(has_digest);
            return told;
        }
        let restored = Engine::restore(url, &self.file, &folder, clock, chance).await.map_err(refused)?;
        let Restored { copy, has_digest, .. } = restored;
        say(&format!(
            "The database is as it was when it was copied, with {} of the log {}, which verify. Let no other server go on with this log. If \
             the one that was copied saved anything afterwards, it is lost, and receipts that were given since do not fit this log. Its head is:",
            count(copy.size, "entry", "entries"),
            copy.origin
        ));
        put(copy.head.trim_end())?;
        say_what_is_unproven(has_digest);
        Ok(ExitCode::SUCCESS)
    }
}

/// Last, where it is read.
fn say_what_is_unproven(has_digest: bool) {
    if !has_digest {
        say(
            "NOT PROVEN: this file has no digest of itself, as every file that `induct backup` writes has. What the log speaks of was checked against it; of names,              addresses, drafts and whatever else it does not speak of, nothing shows whether it is what was copied.",
        );
    }
}

/// What goes on under another name, and what is lost.
fn tell(copy: &BackedUp, anew: Option<&GoneOn>) -> Result<ExitCode, CommandError> {
    let Some(GoneOn { log, erased, not_erased }) = anew else { return Ok(ExitCode::SUCCESS) };
    say(&format!(
        "The database is as it was when it was copied, with {} of the log {}. Its log goes on as {} with a key of its own, which is in the data folder: keep a copy of it \
         elsewhere, and give it to every server. What was recorded after the back-up is lost, and receipts of it fit no log any more; say so to those who have a head or a \
         receipt. Erased again, as they had been since: {erased} of its people.",
        count(copy.size, "entry", "entries"),
        copy.origin,
        log.origin
    ));
    if *not_erased > 0 {
        say(&format!(
            "{} should have been erased again and could not be: see above, and erase them by hand.",
            count(*not_erased, "person", "people")
        ));
    }
    put(&log.key)?;
    put("")?;
    put(log.head.trim_end())?;
    Ok(if *not_erased > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
