//! Questions that were written elsewhere.

use std::{fs, io, path::PathBuf, process::ExitCode};

use clap::{Args, Subcommand};
use engine::{
    content::{Level, Sources},
    count,
    gift::{GiftImport, import_gift},
};

use super::{CommandError, put, say, show_problem::Shower};

/// `induct import …`
#[derive(Subcommand)]
pub(super) enum Import {
    /// Turn Moodle's GIFT questions into a quiz on standard output; exit 1 when any question is left out
    Gift(Gift),
}

#[derive(Args)]
pub(super) struct Gift {
    /// The file with the questions, in UTF-8
    file: PathBuf,
}

impl Import {
    pub(super) fn run(&self) -> Result<ExitCode, CommandError> {
        match self {
            Self::Gift(gift) => gift.run(),
        }
    }
}

impl Gift {
    fn run(&self) -> Result<ExitCode, CommandError> {
        let path = self.file.display().to_string();
        let file =
            fs::read(&self.file).map_err(|error| CommandError::Refused(format!("cannot read {path}: {error}")))?;
        let GiftImport { quiz, left_out, problems } = import_gift(&path, &file);
        let sources = Sources::from_files([(path, String::from_utf8_lossy(&file))]);
        let lines: Option<Vec<&str>> = sources.files().next().map(|(_, text)| text.split('\n').collect());
        let shower = Shower::for_stream(&io::stderr());
        for problem in &problems {
            say(&shower.show(problem, lines.as_deref()));
        }
        let carried = quiz.as_ref().map_or(0, |quiz| quiz.questions.len());
        if let Some(quiz) = quiz {
            put(quiz.markdown().trim_end())?;
        }
        let errors = problems.iter().filter(|problem| problem.level == Level::Error).count();
        let warnings = problems.len() - errors;
        say(&format!(
            "{} carried, {left_out} left out: {}, {}",
            count(carried, "question", "questions"),
            count(errors, "error", "errors"),
            count(warnings, "warning", "warnings")
        ));
        if carried > 0 {
            say("next: put it into a module as quiz.md, and name in each question the page that teaches it");
        }
        if let Some(first) = problems.first() {
            say(&format!("for more about a code: induct check --explain {}", first.code));
        }
        Ok(if errors > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }
}
