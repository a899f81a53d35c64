use std::{path::PathBuf, process::ExitCode};

use clap::{Args, ValueEnum};
use engine::content::Level;

use super::{CommandError, compile_at, put, say};

/// `induct check`
#[derive(Args)]
pub(super) struct Check {
    /// The folder that holds the content
    #[arg(default_value = "content")]
    dir: PathBuf,
    /// For people, or for editors and other programs
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Human,
    Json,
}

impl Check {
    pub(super) fn run(&self) -> Result<ExitCode, CommandError> {
        let (catalogue, problems) = compile_at(&self.dir)?;
        match self.format {
            Format::Human => {
                for problem in &problems {
                    put(&problem.to_string())?;
                }
            }
            Format::Json => {
                let json = serde_json::to_string_pretty(&problems)
                    .map_err(|error| CommandError::Refused(error.to_string()))?;
                put(&json)?;
            }
        }
        let errors = problems.iter().filter(|problem| problem.level == Level::Error).count();
        say(&format!(
            "{} modules, {} agreements, {} programmes: {errors} errors, {} warnings",
            catalogue.modules.len(),
            catalogue.agreements.len(),
            catalogue.programmes.len(),
            problems.len() - errors,
        ));
        Ok(if errors > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }
}
