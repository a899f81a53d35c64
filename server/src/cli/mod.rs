//! The command line of `induct`: data to standard output, talk to standard error, exit code 2 on wrong usage.

mod audit;
mod back_up;
mod check;
mod cpd;
mod demo;
mod doctor;
mod import;
mod import_people;
mod jobs;
mod list_facts;
mod matrix;
mod measure_reading;
mod people;
mod person;
mod publish;
mod reminders;
mod restore;
mod serve;
mod show_problem;
mod submitted;
mod token;
mod workshop;

use std::{
    io::{self, IsTerminal as _, Write as _},
    path::Path,
    process::ExitCode,
    sync::Arc,
};

use chrono::TimeDelta;
use clap::{Parser, Subcommand};
use engine::{
    Engine, LogError, OpenError, PublishError, Store, StoreError, SystemChance, SystemClock,
    catalogue::Catalogue,
    content::{Level, Problem, ReadError, Sources, compile},
    count, local_date,
};
use tracing_subscriber::EnvFilter;

use crate::{
    preview::ListenError,
    settings::{Overrides, Settings, SettingsError},
};

/// Online-safety induction: modules, quizzes and agreements that nobody signs unprepared.
#[derive(Parser)]
#[command(name = "induct", version)]
struct Command {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Serve the site
    Serve(serve::Serve),
    /// Hand out the signed log, or check one
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Copy the whole database into one file, while others write. The key of the signed log and its state file are not in it
    Backup(back_up::BackUp),
    /// Compile content and report every problem; exit 1 on any error, 0 with warnings only
    Check(check::Check),
    /// What the settings are, and what is wrong with them
    #[command(subcommand)]
    Config(doctor::Config),
    /// Write what somebody has done for their professional development
    Cpd(cpd::Cpd),
    /// Fill an empty database with demonstration people and a crowd with years of history, to try things at size
    Demo(demo::Demo),
    /// What is wrong with this installation, each with how to put it right; exit 1 where something is
    Doctor(doctor::Doctor),
    /// Where people stand with what is asked of them, now or as at a past day
    Matrix(matrix::Matrix),
    /// Publish what is new or changed as new versions, or take something away
    Publish(publish::Publish),
    /// Fill an empty database from a back-up
    Restore(restore::Restore),
    /// Turn questions of other formats into ours
    #[command(subcommand)]
    Import(import::Import),
    /// What a server does by itself, when it was last done, and what came of it
    Jobs(jobs::Jobs),
    /// What the provider's rules let go of
    #[command(subcommand)]
    Retention(jobs::Retention),
    /// Letters that tell people what is wanted of them
    #[command(subcommand)]
    Reminders(reminders::Reminders),
    /// What people signed, as it came in for the named roles to which agreements are submitted
    #[command(subcommand)]
    Submitted(submitted::Submitted),
    /// Workshops in which a module is worked through together
    #[command(subcommand)]
    Workshop(workshop::Workshop),
    /// Add people, and make links with which they choose their passwords
    #[command(subcommand)]
    People(people::People),
    /// What is held about one person, and erasing it
    #[command(subcommand)]
    Person(person::Person),
    /// Tokens that programs show, such as a directory that keeps people and groups in step
    #[command(subcommand)]
    Token(token::Token),
}

/// Why a command came to nothing; its text is for whoever typed it.
#[derive(Debug, thiserror::Error)]
enum CommandError {
    #[error(transparent)]
    Settings(#[from] SettingsError),
    #[error(transparent)]
    Content(#[from] ReadError),
    #[error("content has errors; `induct check` shows them all")]
    ContentErrors,
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Log(#[from] LogError),
    #[error(transparent)]
    Publish(#[from] PublishError),
    #[error(transparent)]
    Preview(#[from] ListenError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error(transparent)]
    Engine(#[from] engine::Refused),
    #[error("{0}")]
    Refused(String),
}

/// Runs what the command line asks for.
#[must_use]
pub fn run() -> ExitCode {
    let command = Command::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return give_up(&error.into()),
    };
    let done = runtime.block_on(async {
        match command.verb {
            Verb::Serve(serve) => serve.run().await,
            Verb::Audit(audit) => audit.run().await,
            Verb::Backup(backup) => backup.run().await,
            Verb::Check(check) => check.run().await,
            Verb::Config(config) => config.run(),
            Verb::Cpd(cpd) => cpd.run().await,
            Verb::Demo(demo) => demo.run().await,
            Verb::Doctor(doctor) => doctor.run().await,
            Verb::Matrix(matrix) => matrix.run().await,
            Verb::Publish(publish) => publish.run().await,
            Verb::Restore(restore) => restore.run().await,
            Verb::Import(import) => import.run(),
            Verb::Jobs(jobs) => jobs.run().await,
            Verb::Retention(retention) => retention.run().await,
            Verb::Reminders(reminders) => reminders.run().await,
            Verb::Submitted(submitted) => submitted.run().await,
            Verb::Token(token) => token.run().await,
            Verb::Workshop(workshop) => workshop.run().await,
            Verb::People(people) => people.run().await,
            Verb::Person(person) => person.run().await,
        }
    });
    done.unwrap_or_else(|error| give_up(&error))
}

fn give_up(error: &CommandError) -> ExitCode {
    // Whoever reads the data has seen enough of it.
    let is_unread = matches!(error, CommandError::Io(error) if error.kind() == io::ErrorKind::BrokenPipe);
    if !is_unread {
        say(&format!("induct: {error}"));
    }
    ExitCode::FAILURE
}

/// Talks to whoever typed the command.
fn say(text: &str) {
    // When nobody listens any more there is nobody to tell so.
    drop(writeln!(io::stderr(), "{text}"));
}

/// Hands out data.
fn put(text: &str) -> Result<(), CommandError> {
    Ok(writeln!(io::stdout(), "{text}")?)
}

/// Logs to standard error: lines for a person at a terminal, JSON for machines.
fn start_logging(settings: &Settings) -> Result<(), CommandError> {
    // What concerns security is logged however little else is.
    // tower-sessions opens a span for each request, which says nothing and costs a twentieth of a page. PostgreSQL notes at each start that what
    // is to be there is there already.
    let quiet = "tower_sessions=warn,sqlx::postgres::notice=warn";
    let filter = EnvFilter::try_new(format!("{quiet},security=info,{}", settings.log))
        .map_err(|error| CommandError::Refused(format!("the setting log is wrong: {error}")))?;
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    let started = if io::stderr().is_terminal() { subscriber.try_init() } else { subscriber.json().try_init() };
    started.map_err(|error| CommandError::Refused(error.to_string()))
}

/// Compiles the content that the settings name; says every problem, and fails on errors.
fn read_catalogue(settings: &Settings) -> Result<Catalogue, CommandError> {
    let CompiledFolder { catalogue, mut problems, .. } = compile_at(&settings.content)?;
    for problem in problems.iter_mut().filter(|problem| problem.level == Level::Error) {
        problem.path = settings.content.join(&problem.path).display().to_string();
        say(&problem.to_string());
    }
    if problems.iter().any(|problem| problem.level == Level::Error) {
        return Err(CommandError::ContentErrors);
    }
    if !problems.is_empty() {
        say(&format!(
            "content compiles with {}; `induct check` shows them",
            count(problems.len(), "warning", "warnings")
        ));
    }
    Ok(catalogue)
}

/// What came of the content in a folder.
struct CompiledFolder {
    sources: Sources,
    catalogue: Catalogue,
    /// In the order of their places; their paths are relative to the folder.
    problems: Vec<Problem>,
}

/// Compiles the content in a folder.
fn compile_at(dir: &Path) -> Result<CompiledFolder, CommandError> {
    use engine::Clock as _;
    let (sources, mut problems) = Sources::read(dir)?;
    let compiled = compile(&sources, local_date(SystemClock.now()));
    problems.extend(compiled.problems);
    problems.sort();
    Ok(CompiledFolder { sources, catalogue: compiled.catalogue, problems })
}

/// An engine on the database that the settings name, which is made when it is missing. It knows nothing of the content, so that a
/// typing error in a module keeps nobody from looking after people.
async fn open_engine(settings: &Settings) -> Result<Engine, CommandError> {
    let engine = engine_on(open_store(settings).await?).with_log_in(settings.data_dir(), settings.host());
    let engine = engine.with_clock_limit(TimeDelta::days(settings.clock_limit_days.into()));
    let engine = if settings.smtp_url.is_some() { engine.with_letters() } else { engine };
    engine.begin_log().await?;
    Ok(engine)
}

/// The database that the settings name, as Induct made it: one whose triggers somebody has dropped is refused.
async fn open_store(settings: &Settings) -> Result<Store, OpenError> {
    let store = Store::open(&settings.database_url).await?;
    store.compare_schema().await?;
    Ok(store)
}

fn engine_on(store: Store) -> Engine {
    Engine::new(store, Arc::new(SystemClock), Arc::new(SystemChance))
}

/// How a command writes rows.
#[derive(Clone, Copy, clap::ValueEnum)]
enum TableFormat {
    Csv,
    Json,
}

impl TableFormat {
    /// Writes one of both to standard output.
    fn write(
        self,
        table: impl FnOnce() -> io::Result<Vec<u8>>,
        json: impl FnOnce() -> serde_json::Value,
    ) -> io::Result<()> {
        let mut out = io::stdout().lock();
        match self {
            Self::Csv => out.write_all(&table()?),
            Self::Json => {
                serde_json::to_writer_pretty(&mut out, &json())?;
                writeln!(out)
            }
        }
    }
}

/// What several commands take.
#[derive(clap::Args)]
struct Database {
    /// `sqlite://FILE` or `postgres://…`
    #[arg(long, value_name = "URL")]
    database: Option<String>,
}

impl Database {
    fn settings(&self, content: Option<std::path::PathBuf>) -> Result<Settings, CommandError> {
        let overrides = Overrides { database_url: self.database.clone(), content, ..Overrides::default() };
        Ok(Settings::read(&overrides)?)
    }

    /// The settings, also where some are wrong.
    fn gathered(&self) -> Result<Settings, CommandError> {
        let overrides = Overrides { database_url: self.database.clone(), ..Overrides::default() };
        Ok(Settings::gather(&overrides)?)
    }

    /// The engine over it, with logging begun.
    async fn open(&self) -> Result<Engine, CommandError> {
        let settings = self.settings(None)?;
        start_logging(&settings)?;
        open_engine(&settings).await
    }
}
