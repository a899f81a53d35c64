//! What authors and their editors are told about content.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Args, ValueEnum};
use engine::{
    Clock as _, Store, SystemClock,
    catalogue::Catalogue,
    content::{Code, FamiliarWords, Level, Problem, Sources, mended_file, with_question_ids},
    count, local_date,
};

use super::{
    CommandError, CompiledFolder, compile_at, engine_on, list_facts::facts_to_confirm, measure_reading::Reading, put,
    say, show_problem::Shower,
};

/// `induct check`
#[derive(Args)]
pub(super) struct Check {
    /// The folder that holds the content
    #[arg(default_value = "content")]
    dir: PathBuf,
    /// For people, or for editors and other programs
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Write the missing ids of questions into their files, put plain blanks in place of those that Markdown takes for none and
    /// quotations below what they belong to, and change nothing else
    #[arg(long, conflicts_with = "explain")]
    fix: bool,
    /// The database that the content is published to (`sqlite://FILE` or `postgres://…`); says as well what it would refuse,
    /// such as another text under a published version; it is only read
    #[arg(long, value_name = "URL", conflicts_with = "explain")]
    database: Option<String>,
    /// List the facts that an editor has to confirm before release, by source, and check nothing else
    #[arg(long, conflicts_with_all = ["explain", "fix", "database", "reading"])]
    facts: bool,
    /// List how easily each page and agreement reads, and check nothing else
    #[arg(long, conflicts_with_all = ["explain", "fix", "database"])]
    reading: bool,
    /// With `--reading`: a file of words that nearly everybody knows, one a line (what follows `#` is for people), to count the
    /// others in the two formulas of Dale and Chall
    #[arg(long, value_name = "FILE", requires = "reading")]
    familiar: Option<PathBuf>,
    /// Say what a code means, with a bad example and a good one, and check nothing
    #[arg(long, value_name = "CODE")]
    explain: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Human,
    Json,
}

impl Check {
    pub(super) async fn run(&self) -> Result<ExitCode, CommandError> {
        if let Some(code) = &self.explain {
            return explain(code);
        }
        if self.fix {
            mend_files(&self.dir, "")?;
            write_missing_ids(&self.dir)?;
        }
        let CompiledFolder { sources, catalogue, mut problems } = compile_at(&self.dir)?;
        if self.facts || self.reading {
            let list = match self.facts {
                true => facts_to_confirm(&catalogue, &sources, local_date(SystemClock.now())),
                false => self.reading_of(&catalogue)?,
            };
            put(list.trim_end())?;
            // What has errors is not in the catalogue, and so in no list.
            let errors = problems.iter().any(|problem| problem.level == Level::Error);
            return if errors { Err(CommandError::ContentErrors) } else { Ok(ExitCode::SUCCESS) };
        }
        if let Some(url) = &self.database {
            let store = Store::open_existing(url).await?;
            problems.extend(engine_on(store).unpublishable(&catalogue, &sources).await?);
            problems.sort();
        }
        let errors = problems.iter().filter(|problem| problem.level == Level::Error).count();
        let warnings = problems.len() - errors;
        match self.format {
            Format::Human => show_all(&problems, &sources, &self.dir)?,
            Format::Json => {
                for problem in &mut problems {
                    problem.path = self.dir.join(&problem.path).display().to_string();
                }
                let json = serde_json::to_string_pretty(&problems)
                    .map_err(|error| CommandError::Refused(error.to_string()))?;
                put(&json)?;
            }
        }
        say(&format!(
            "{}, {}, {}: {}, {}",
            count(catalogue.modules.len(), "module", "modules"),
            count(catalogue.agreements.len(), "agreement", "agreements"),
            count(catalogue.programmes.len(), "programme", "programmes"),
            count(errors, "error", "errors"),
            count(warnings, "warning", "warnings"),
        ));
        if let (Format::Human, Some(first)) = (self.format, problems.first()) {
            say(&format!("for more about a code: induct check --explain {}", first.code));
        }
        Ok(if errors > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }

    /// How easily what is in a catalogue reads, in the format that was asked for.
    fn reading_of(&self, catalogue: &Catalogue) -> Result<String, CommandError> {
        let familiar = self.familiar.as_deref().map(familiar_words).transpose()?;
        let reading = Reading::of(catalogue, familiar.as_ref());
        match self.format {
            Format::Human => Ok(reading.table()),
            Format::Json => {
                serde_json::to_string_pretty(&reading).map_err(|error| CommandError::Refused(error.to_string()))
            }
        }
    }
}

fn familiar_words(path: &Path) -> Result<FamiliarWords, CommandError> {
    let refused =
        |why: String| CommandError::Refused(format!("{} is no list of familiar words: {why}", path.display()));
    let text = fs::read_to_string(path).map_err(|error| refused(error.to_string()))?;
    FamiliarWords::read(&text).map_err(|error| refused(error.to_string()))
}

/// Shows the problems, of each file the first ones: nobody reads on who has so many to mend.
fn show_all(problems: &[Problem], sources: &Sources, dir: &Path) -> Result<(), CommandError> {
    const MOST: usize = 100;
    let shower = Shower::for_stream(&io::stdout());
    let texts: BTreeMap<&str, &str> = sources.files().collect();
    for of_file in problems.chunk_by(|one, next| one.path == next.path) {
        let Some(Problem { path, .. }) = of_file.first() else { continue };
        let lines: Option<Vec<&str>> = texts.get(path.as_str()).map(|text| text.split('\n').collect());
        let path = dir.join(path).display().to_string();
        for problem in of_file.iter().take(MOST) {
            let problem = Problem { path: path.clone(), ..problem.clone() };
            put(&shower.show(&problem, lines.as_deref()))?;
        }
        if of_file.len() > MOST {
            let more = of_file.len() - MOST;
            put(&format!("{path}: {more} more problems; mend these first, or see them all with `--format json`\n"))?;
        }
    }
    Ok(())
}

fn explain(name: &str) -> Result<ExitCode, CommandError> {
    // People copy the code with its brackets.
    let name = name.trim_start_matches("error").trim_start_matches("warning").trim_matches(['[', ']']);
    match Code::named(name) {
        Some(code) => {
            put(code.explanation())?;
            Ok(ExitCode::SUCCESS)
        }
        None => {
            let meant = Code::nearest(name).map(|code| format!("; did you mean `{code}`?")).unwrap_or_default();
            Err(CommandError::Refused(format!("there is no code `{name}`{meant}")))
        }
    }
}

/// Mends slips of the keyboard in the Markdown files of a folder and of those below it, and says which files changed. `prefix` is
/// the folder's own place below the first.
fn mend_files(dir: &Path, prefix: &str) -> Result<(), CommandError> {
    let mut entries = fs::read_dir(dir)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    for path in entries {
        let Some(name) = path.file_name().and_then(|name| name.to_str()).filter(|name| !name.starts_with('.')) else {
            continue;
        };
        let place = format!("{prefix}{name}");
        if path.is_dir() {
            mend_files(&path, &format!("{place}/"))?;
        } else if name.ends_with(".md")
            && place != "README.md"
            // What is not text is reported by the check.
            && let Ok(text) = fs::read_to_string(&path)
            && let Some(mended) = mended_file(&place, &text)
        {
            fs::write(&path, mended)?;
            say(&format!("mended blanks and indentation in {}", path.display()));
        }
    }
    Ok(())
}

/// Writes ids into the quizzes of the modules in a folder, and says which files changed. Those of twins are left alone: their
/// ids are the ones of the questions that they translate, which nothing here can tell.
fn write_missing_ids(dir: &Path) -> Result<(), CommandError> {
    let modules = dir.join("modules");
    if !modules.is_dir() {
        return Ok(());
    }
    let mut folders = fs::read_dir(modules)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    folders.sort();
    for quiz in folders.into_iter().map(|folder| folder.join("quiz.md")) {
        // What is missing or is not text is reported by the check.
        let Ok(text) = fs::read_to_string(&quiz) else { continue };
        if let Some(with_ids) = with_question_ids(&text) {
            fs::write(&quiz, with_ids)?;
            say(&format!("wrote ids into {}", quiz.display()));
        }
    }
    Ok(())
}
