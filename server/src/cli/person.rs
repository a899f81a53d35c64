use std::{
    io::{self, BufRead as _, Write as _},
    process::ExitCode,
};

use clap::{Args, Subcommand, ValueEnum};
use engine::{Actor, Engine, PersonData, PersonId, count, said_moment};

use super::{CommandError, Database, open_engine, say};
use crate::export::person_json;

/// `induct person …`
#[derive(Subcommand)]
pub(super) enum Person {
    /// Write everything that is held about somebody, as they may have it when they ask for it
    Show(Show),
    /// Erase everything about somebody who has left, for ever; asks twice, by two lines on standard input
    Erase(Erase),
}

#[derive(Args)]
pub(super) struct Show {
    /// Whose data: what they sign in with
    #[arg(long)]
    email: String,
    /// How to write it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    database: Database,
}

#[derive(Args)]
pub(super) struct Erase {
    /// Whom: what they signed in with
    #[arg(long)]
    email: String,
    #[command(flatten)]
    database: Database,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

impl Person {
    pub(super) async fn run(self) -> Result<ExitCode, CommandError> {
        match self {
            Self::Show(show) => show.run().await,
            Self::Erase(erase) => erase.run().await,
        }
    }
}

impl Show {
    async fn run(self) -> Result<ExitCode, CommandError> {
        let engine = open_engine(&self.database.settings(None)?).await?;
        engine.refresh().await?;
        let data = engine.data_of(find(&engine, &self.email).await?).await?;
        let provider = engine.catalogue().organisation.name.clone();
        let mut out = io::stdout().lock();
        match self.format {
            Format::Text => out.write_all(as_text(&provider, &data).as_bytes())?,
            Format::Json => {
                serde_json::to_writer_pretty(&mut out, &person_json(&provider, &data)).map_err(io::Error::from)?;
                writeln!(out)?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Erase {
    async fn run(self) -> Result<ExitCode, CommandError> {
        let engine = self.database.open().await?;
        engine.refresh().await?;
        let person = find(&engine, &self.email).await?;
        let plan = engine.plan_erasure(person).await?;
        say(&format!("Everything about {} goes, for ever:", plan.name.as_deref().unwrap_or("somebody without a name")));
        for (title, rows) in &plan.goes {
            say(&format!("  {title}: {rows}"));
        }
        if plan.named > 0 {
            say(&format!("  in {} about others, that it was they who did it", count(plan.named, "entry", "entries")));
        }
        say(&format!(
            "What remains: {} of the signed log, each a number, a second and digits that say nothing any more. It can no longer be \
             shown what they passed or signed.",
            count(plan.entries, "entry", "entries")
        ));
        say(
            "You may refuse as far as it is needed to meet a legal duty or a task in the public interest, for a legal claim, or for \
             archives, research or statistics in the public interest (UK GDPR, article 17(3)).",
        );
        if let Some(hindrance) = plan.hindrance {
            return Err(CommandError::Refused(hindrance.to_string()));
        }
        say("If the request was upheld, type the e-mail address again:");
        is_typed(&self.email)?;
        say("It cannot be undone. To do it, type: erase");
        is_typed("erase")?;
        let done = engine.erase_person(person, Actor::CommandLine).await;
        let done = done.map_err(|error| CommandError::Refused(error.to_string()))?;
        say(&format!(
            "Erased: {}, {} of the signed log, and who did it in {}.",
            count(done.rows, "row", "rows"),
            count(done.entries, "entry", "entries"),
            count(done.named, "other", "others")
        ));
        if !done.scrubbed {
            say(
                "The database's files may hold some of it for a while yet: SQLite until nobody reads what was there before, PostgreSQL until \
                 it has vacuumed (VACUUM FULL at once).",
            );
        }
        say("Back-ups from before still have it: delete them, or erase again after bringing one back.");
        Ok(ExitCode::SUCCESS)
    }
}

/// The next line of standard input must say this.
fn is_typed(wanted: &str) -> Result<(), CommandError> {
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    if line.trim() == wanted {
        return Ok(());
    }
    Err(CommandError::Refused("that was something else, and nothing was erased".to_owned()))
}

/// Who signs in with an address.
async fn find(engine: &Engine, email: &str) -> Result<PersonId, CommandError> {
    let nobody = || CommandError::Refused("nobody has that e-mail address".to_owned());
    engine.find_person(email).await?.ok_or_else(nobody)
}

fn as_text(provider: &str, data: &PersonData) -> String {
    let name = data.name.as_deref().unwrap_or("name erased");
    let mut text = format!("What {provider} holds about {name}, as at {}\n", said_moment(data.at));
    for kind in data.kinds.iter().filter(|kind| !kind.rows.is_empty()) {
        text.push_str(&format!("\n{} ({})\n", kind.title, kind.rows.len()));
        let columns = kind.told();
        if columns.is_empty() {
            text.push_str("  numbers that say nothing by themselves; --format json has them\n");
            continue;
        }
        for row in &kind.rows {
            let told = columns.iter().filter_map(|(place, column)| Some((column.label, row[*place].said()?)));
            let told: Vec<String> = told.map(|(label, said)| format!("{label}: {said}")).collect();
            text.push_str(&format!("  {}\n", told.join("; ")));
        }
    }
    if !data.acted.is_empty() {
        text.push_str("\nDone for others; it is about the others, so only how often is said here\n");
        text.extend(data.acted.iter().map(|acted| format!("  {}: {}\n", acted.what, acted.times)));
    }
    text
}
