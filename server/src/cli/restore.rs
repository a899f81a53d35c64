use std::{path::PathBuf, process::ExitCode, sync::Arc};

use clap::Args;
use engine::{Engine, GoneOn, RestoreError, Restored, SystemChance, SystemClock};

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
            return tell(&restored.map_err(refused)?);
        }
        let restored = Engine::restore(url, &self.file, &folder, clock, chance).await.map_err(refused)?;
        let copy = &restored.copy;
        say(&format!(
            "The database is as it was when it was copied, with {} entries of the log {}, which verify. Let no other server go on with this log. If \
             the one that was copied saved anything afterwards, it is lost, and receipts that were given since do not fit this log. Its head is:",
            copy.size, copy.origin
        ));
        put(copy.head.trim_end())?;
        tell_unproven(&restored);
        Ok(ExitCode::SUCCESS)
    }
}

/// What nothing shows of a back-up that has no digest of itself.
fn tell_unproven(restored: &Restored) {
    if !restored.has_digest {
        say(
            "This back-up has no digest of itself, because another program copied it, or an Induct that wrote none. What the log has entries of is proven by \
             them. Of everything else nothing shows whether it is what was copied: answers that were not handed in, digests of passwords, second factors, \
             letters, saved views.",
        );
    }
}

/// What goes on under another name, and what is lost.
fn tell(restored: &Restored) -> Result<ExitCode, CommandError> {
    let copy = &restored.copy;
    let Some(GoneOn { log, erased, not_erased }) = &restored.anew else { return Ok(ExitCode::SUCCESS) };
    say(&format!(
        "The database is as it was when it was copied, with {} entries of the log {}. Its log goes on as {} with a key of its own, which is in the data folder: keep a copy of it \
         elsewhere, and give it to every server. What was recorded after the back-up is lost, and receipts of it fit no log any more; say so to those who have a head or a \
         receipt. Erased again, as they had been since: {erased} of its people.",
        copy.size, copy.origin, log.origin
    ));
    if *not_erased > 0 {
        say(&format!(
            "{not_erased} people should have been erased again and could not be: see above, and erase them by hand."
        ));
    }
    put(&log.key)?;
    put("")?;
    put(log.head.trim_end())?;
    tell_unproven(restored);
    Ok(if *not_erased > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
