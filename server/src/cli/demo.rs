use std::{process::ExitCode, sync::Arc};

use clap::Args;
use engine::{Crowd, Engine, SeededChance, SystemClock, content::Level};

use super::{CommandError, CompiledFolder, Database, compile_at, engine_on, open_store, say};

/// `induct demo`
#[derive(Args)]
pub(super) struct Demo {
    /// How many people to draw, besides the demonstration's own
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    people: u32,
    /// What everything about them follows from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Over how many years they came
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=10))]
    years: u32,
    #[command(flatten)]
    database: Database,
}

impl Demo {
    pub(super) async fn run(&self) -> Result<ExitCode, CommandError> {
        let settings = self.database.settings(None)?;
        let CompiledFolder { sources, catalogue, problems } = compile_at(&settings.content)?;
        if problems.iter().any(|problem| problem.level == Level::Error) {
            return Err(CommandError::ContentErrors);
        }
        let store = open_store(&settings).await?;
        // Ids follow from the seed, too. Nobody but the demonstration's people can sign in.
        let in_folder = |engine: Engine| engine.with_log_in(settings.data_dir(), settings.host());
        // Nobody must be able to find out the key of a log from a seed.
        in_folder(engine_on(store.clone())).begin_log().await?;
        let engine = Engine::new(store, Arc::new(SystemClock), Arc::new(SeededChance::new(self.seed)));
        let engine = in_folder(engine);
        engine.begin_log().await?;
        engine.refresh().await?;
        let crowd = Crowd { people: self.people, seed: self.seed, years: self.years };
        let mut shown = 0;
        let filled = engine.fill_with_crowd(&catalogue, &sources, crowd, |there| {
            let percent = u64::from(there) * 100 / u64::from(crowd.people);
            if percent >= shown + 5 || there == crowd.people {
                shown = percent;
                say(&format!("{there} of {} people, {percent}%", crowd.people));
            }
        });
        filled.await.map_err(|error| CommandError::Refused(error.to_string()))?;
        engine.close().await;
        Ok(ExitCode::SUCCESS)
    }
}
