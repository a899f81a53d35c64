use std::{
    fmt, fs,
    io::{self, BufWriter, IsTerminal as _, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Args, ValueEnum};
use engine::{
    Actor, Columns, Counts, DayOrder, Engine, Field, Finished, ImportError, LineFault, Mapping, Outcome, Plan,
    Recognised, Sha256Digest, Table, count,
};

use super::{CommandError, Database, say};
use crate::export::CsvTable;

/// `induct people import`
#[derive(Args)]
pub(super) struct ImportPeople {
    /// A file of people, .csv or .xlsx, with the columns external_id, name, email, group, role and start_date; the first line names them
    #[arg(value_name = "FILE", required_unless_present = "undo", conflicts_with = "undo")]
    file: Option<PathBuf>,
    /// Only say what would change
    #[arg(long)]
    dry_run: bool,
    /// End what the last import began
    #[arg(long, conflicts_with_all = ["dry_run", "map", "dates", "encoding"])]
    undo: bool,
    /// Which column is what, such as `email="E-mail address"` or `name=Forename+Surname`; `group=` leaves one out; may be given several times
    #[arg(long, value_name = "FIELD=COLUMN", value_parser = Mapping::parse)]
    map: Vec<Mapping>,
    /// What 3/4/2026 means, where the file does not tell
    #[arg(long, value_enum)]
    dates: Option<Dates>,
    /// How the text is written, such as `windows-1250`, where it is recognised wrongly
    #[arg(long, value_name = "NAME", value_parser = known_encoding)]
    encoding: Option<String>,
    /// How to write the report
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    database: Database,
}

#[derive(Clone, Copy, ValueEnum)]
enum Dates {
    /// 3 April
    DayFirst,
    /// 4 March
    MonthFirst,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// Sentences; lines that change nothing are counted
    Text,
    /// A table with a row for whatever is said of a line
    Csv,
}

fn known_encoding(name: &str) -> Result<String, String> {
    if Table::knows_encoding(name) { Ok(name.to_owned()) } else { Err("no such encoding is known".to_owned()) }
}

impl ImportPeople {
    pub(super) async fn run(self) -> Result<ExitCode, CommandError> {
        let engine = self.database.open().await?;
        engine.refresh().await?;
        match &self.file {
            Some(file) => self.import(&engine, file).await,
            None => undo(&engine).await,
        }
    }

    async fn import(&self, engine: &Engine, file: &Path) -> Result<ExitCode, CommandError> {
        let refused = |error: &dyn fmt::Display| CommandError::Refused(format!("{}: {error}", file.display()));
        let length = fs::metadata(file).map_err(|error| refused(&error))?.len();
        if length > engine::LARGEST_FILE as u64 {
            return Err(refused(&engine::FileFault::TooLarge));
        }
        let bytes = fs::read(file).map_err(|error| refused(&error))?;
        let digest = Sha256Digest::of(&bytes);
        let table = Table::read(bytes, self.encoding.as_deref()).map_err(|error| refused(&error))?;
        say(&recognised(table.recognised()));
        let columns = Columns::find(&table, &self.map).map_err(|error| refused(&error))?;
        say_columns(&table, &columns);
        if !self.dry_run {
            finish(engine).await?;
        }
        let days = self.dates.map(|dates| match dates {
            Dates::DayFirst => DayOrder::DayFirst,
            Dates::MonthFirst => DayOrder::MonthFirst,
        });
        let plan = engine.plan_import(&table, &columns, days, Actor::CommandLine).await?;
        if columns.has(Field::StartDate) && plan.days == Some(DayOrder::DayFirst) {
            say("dates that are written in numbers are read with the day first");
        }
        if let Some(differ) = plan.differ {
            say(&differ.to_string());
        }
        drop(table);
        self.report(&plan)?;
        let counts = plan.counts();
        say(&summary(&plan, counts));
        if counts.refused > 0 {
            return Err(refused(&ImportError::Refused(counts.refused)));
        }
        if self.dry_run {
            say("this was a dry run: nothing has been changed");
            return Ok(ExitCode::SUCCESS);
        }
        if counts.new + counts.changed == 0 {
            say("there is nothing to change");
            return Ok(ExitCode::SUCCESS);
        }
        let progress = Progress::new();
        let done = engine.import_people(plan, digest, Actor::CommandLine, |done, all| {
            progress.say(&format!("{done} of {all} lines"));
        });
        let done = done.await.map_err(|error| refused(&error))?;
        progress.end();
        say(&format!(
            "{} began and {}, in {}; nobody else had to wait longer than {} ms; `induct people import --undo` ends it",
            count(done.began as usize, "person", "people"),
            count(done.changed as usize, "was changed", "were changed"),
            count(done.steps as usize, "step", "steps"),
            done.longest.num_milliseconds()
        ));
        Ok(ExitCode::SUCCESS)
    }

    fn report(&self, plan: &Plan) -> io::Result<()> {
        let mut out = BufWriter::new(io::stdout().lock());
        match self.format {
            Format::Text => write_text(&mut out, plan)?,
            Format::Csv => write_table(&mut out, plan)?,
        }
        out.flush()
    }
}

async fn undo(engine: &Engine) -> Result<ExitCode, CommandError> {
    let progress = Progress::new();
    let undone = engine.undo_import(Actor::CommandLine, |lines| progress.say(&count(lines, "line", "lines"))).await;
    progress.end();
    let undone = undone.map_err(|error| CommandError::Refused(error.to_string()))?;
    say(&format!(
        "the last import is undone from today on: {}, {}",
        count(undone.left as usize, "person has left", "people have left"),
        count(undone.set_back as usize, "other is as they were before", "others are as they were before")
    ));
    if undone.kept > 0 {
        say(&count(
            undone.kept as usize,
            "other was changed since, and keeps what was changed",
            "others were changed since, and keep what was changed",
        ));
    }
    Ok(ExitCode::SUCCESS)
}

/// Finishes what an earlier command was stopped in.
async fn finish(engine: &Engine) -> Result<(), CommandError> {
    let finished = engine.finish_import(Actor::CommandLine, |_| ()).await;
    match finished.map_err(|error| CommandError::Refused(error.to_string()))? {
        Some(Finished::Imported) => say("an earlier import had been stopped: the rest of it has been brought in now"),
        Some(Finished::Undone) => say("the undoing of an earlier import had been stopped: it has been finished now"),
        None => {}
    }
    Ok(())
}

/// Says how far something is, to somebody who looks.
struct Progress(bool);

impl Progress {
    fn new() -> Self {
        Self(io::stderr().is_terminal())
    }

    fn say(&self, text: &str) {
        if self.0 {
            drop(write!(io::stderr(), "\r{text}"));
        }
    }

    fn end(&self) {
        if self.0 {
            drop(write!(io::stderr(), "\r\u{1b}[K"));
        }
    }
}

fn recognised(recognised: &Recognised) -> String {
    match recognised {
        Recognised::Csv { encoding, delimiter } => {
            let delimiter = match delimiter {
                ',' => "commas".to_owned(),
                ';' => "semicolons".to_owned(),
                '\t' => "tabs".to_owned(),
                other => format!("“{other}”"),
            };
            format!("the file is CSV in {encoding}, separated by {delimiter}")
        }
        Recognised::Xlsx { sheet, others, from_1904 } => {
            let sheets = match others {
                0 => format!("its sheet is “{sheet}”"),
                others => format!("the sheet “{sheet}” is read, {others} others are not"),
            };
            let days = if *from_1904 { "; it counts days from 1904" } else { "" };
            format!("the file is a workbook; {sheets}{days}")
        }
    }
}

fn say_columns(table: &Table, columns: &Columns) {
    for field in Field::ALL.into_iter().filter(|field| columns.has(*field)) {
        say(&format!("{field} is the column {}", columns.names(field, table).join(" + ")));
    }
    if !columns.unread.is_empty() {
        say(&format!("not read: {}", columns.unread.join(", ")));
    }
}

fn summary(plan: &Plan, counts: Counts) -> String {
    let mut said = format!(
        "{}: {} new, {} changed, {} unchanged, {} who have left, {} refused; {} who are here are not in the file, and nothing is done \
         about them",
        count(plan.lines.len(), "line", "lines"),
        counts.new,
        counts.changed,
        counts.unchanged,
        counts.left,
        counts.refused,
        plan.not_in_file.len()
    );
    if !plan.new_groups.is_empty() {
        said.push_str(&format!("; {} to be made", count(plan.new_groups.len(), "group", "groups")));
    }
    said
}

/// A sentence for whatever is said of a line.
fn write_text(out: &mut impl io::Write, plan: &Plan) -> io::Result<()> {
    for line in &plan.lines {
        let (number, who) = (line.line, &line.who);
        match &line.outcome {
            Outcome::New => {
                let all: Vec<String> =
                    line.understood().iter().skip(2).map(|(field, value)| format!("{field} {value}")).collect();
                writeln!(out, "line {number}: new: {who}: {}", all.join(", "))?;
            }
            Outcome::Changed(changes) => {
                for change in changes {
                    let from = if change.from.is_empty() { "nothing" } else { &change.from };
                    writeln!(out, "line {number}: changed: {who}: {} from {from} to {}", change.field, change.to)?;
                }
            }
            Outcome::HasLeft => writeln!(out, "line {number}: has left: {who}: nothing is done")?,
            Outcome::Refused(faults) => {
                for fault in faults {
                    let field = fault.field.map_or_else(String::new, |field| format!("{field} "));
                    writeln!(
                        out,
                        "line {number}: refused: {field}“{}”: {}: {}",
                        fault.understood,
                        fault.problem,
                        help(fault)
                    )?;
                }
            }
            Outcome::Unchanged => {}
        }
        for (field, note) in &line.notes {
            writeln!(out, "line {number}: note: {who}: {field}: {note}")?;
        }
    }
    for path in &plan.new_groups {
        writeln!(out, "group to be made: {path}")?;
    }
    for person in &plan.not_in_file {
        let email = person.email.as_deref().unwrap_or_default();
        writeln!(out, "not in the file, nothing is done: {} <{email}>", person.name)?;
    }
    Ok(())
}

/// What whoever has the file can do, by this command as well.
fn help(fault: &LineFault) -> String {
    let order = if fault.by_order { "say which with --dates day-first or --dates month-first, or " } else { "" };
    format!("{order}{}", fault.help)
}

/// The same as a table.
fn write_table(out: &mut impl io::Write, plan: &Plan) -> io::Result<()> {
    let mut table = CsvTable::new(out, ["line", "outcome", "who", "field", "from", "to", "problem", "help"])?;
    for line in &plan.lines {
        let number = line.line.to_string();
        let mut row =
            |outcome: &str, rest: [&str; 5]| table.row([number.as_str(), outcome, &line.who].into_iter().chain(rest));
        match &line.outcome {
            Outcome::New => {
                for (field, value) in line.understood() {
                    row("new", [field.code(), "", &value, "", ""])?;
                }
            }
            Outcome::Changed(changes) => {
                for change in changes {
                    row("changed", [change.field.code(), &change.from, &change.to, "", ""])?;
                }
            }
            Outcome::Unchanged => row("unchanged", ["", "", "", "", ""])?,
            Outcome::HasLeft => row("has left", ["", "", "", "", ""])?,
            Outcome::Refused(faults) => {
                for fault in faults {
                    let field = fault.field.map_or("", Field::code);
                    row("refused", [field, &fault.understood, "", &fault.problem, &help(fault)])?;
                }
            }
        }
        for (field, note) in &line.notes {
            row("note", [field.code(), "", "", note, ""])?;
        }
    }
    for path in &plan.new_groups {
        table.row(["", "group to be made", "", "group", "", path, "", ""])?;
    }
    for person in &plan.not_in_file {
        let who = format!("{} <{}>", person.name, person.email.as_deref().unwrap_or_default());
        table.row(["", "not in the file", &who, "", "", "", "", ""])?;
    }
    table.finish().map(drop)
}
