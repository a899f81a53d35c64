use std::{
    collections::BTreeMap,
    fs::{self, DirBuilder, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use audit::{
    Bundle, Extract, Files, NotABundle, NotAnExtract, PinnedKey, Report, Trusted, Verdict, verify, verify_extract,
};
use clap::{Args, Subcommand};
use engine::{Actor, Parts};

use super::{CommandError, Database, open_engine, put, say, start_logging};

/// `induct audit …`
#[derive(Subcommand)]
pub(super) enum Audit {
    /// Write the whole signed log into a new folder, with what opens it and every text that was published, answers of quizzes included
    Export(Export),
    /// Check a folder that was exported, or a receipt; exit 0 if it is valid by a key and a head that you have from elsewhere, 10 if it is
    /// valid in itself, 20 if it has entries of a later format, 30 if it does not go on from the head that you have, 40 if it is invalid
    Verify(Verify),
    /// Say in the signed log that the clock is right although it differs from the log's time, so that it takes entries again
    AcceptClock(AcceptClock),
}

#[derive(Args)]
pub(super) struct Export {
    /// The folder to make
    dir: PathBuf,
    /// Have in it what names people, too: names, e-mail addresses, typed names, reasons, who did what, what groups are called
    #[arg(long)]
    names: bool,
    #[command(flatten)]
    database: Database,
}

#[derive(Args)]
pub(super) struct Verify {
    /// A folder that was exported, or the file of a receipt
    #[arg(required_unless_present = "db")]
    dir_or_receipt: Option<PathBuf>,
    /// A file with the log's public key, which you have from elsewhere
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// A file with a signed head of the log, which you have from elsewhere
    #[arg(long, value_name = "FILE")]
    known_head: Option<PathBuf>,
    /// Check the log in the database itself, and hold every row of the record against its entry
    #[arg(long, conflicts_with = "dir_or_receipt")]
    db: bool,
    #[command(flatten)]
    database: Database,
}

#[derive(Args)]
pub(super) struct AcceptClock {
    #[command(flatten)]
    database: Database,
}

impl Audit {
    pub(super) async fn run(self) -> Result<ExitCode, CommandError> {
        match self {
            Self::Export(export) => export.run().await,
            Self::Verify(verify) => verify.run().await,
            Self::AcceptClock(accept) => accept.run().await,
        }
    }
}

impl Export {
    async fn run(self) -> Result<ExitCode, CommandError> {
        let settings = self.database.settings(None)?;
        start_logging(&settings)?;
        let engine = open_engine(&settings).await?;
        let bundle = engine.export_log(if self.names { Parts::All } else { Parts::Pseudonymous }).await?;
        let files = bundle.write().map_err(|error| CommandError::Refused(error.to_string()))?;
        write_folder(&self.dir, &files)?;
        say(&format!(
            "{} entries of the log {}. Keep its key and its head where nobody can change them who looks after this server:",
            bundle.manifest.size, bundle.manifest.origin
        ));
        put(&bundle.manifest.key)?;
        if let Some(head) = bundle.checkpoints.values().next_back() {
            put("")?;
            put(head.trim_end())?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Writes files into a folder that must not be there yet. Nobody else can read them: there are answers among them, and perhaps names.
fn write_folder(dir: &Path, files: &Files) -> Result<(), CommandError> {
    let make = |folder: &Path| DirBuilder::new().recursive(true).mode(0o700).create(folder);
    if dir.exists() {
        return Err(CommandError::Refused(format!("{} is there already: give a folder that is not", dir.display())));
    }
    make(dir)?;
    for (name, bytes) in files {
        let path = dir.join(name);
        if let Some(folder) = path.parent() {
            make(folder)?;
        }
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?.write_all(bytes)?;
    }
    Ok(())
}

impl AcceptClock {
    async fn run(self) -> Result<ExitCode, CommandError> {
        let settings = self.database.settings(None)?;
        start_logging(&settings)?;
        let engine = open_engine(&settings).await?;
        let seconds = engine.accept_clock(Actor::CommandLine).await?;
        say(&format!(
            "The log takes entries by this clock from now on. It has been noted in it that the clock differed by {seconds} seconds."
        ));
        Ok(ExitCode::SUCCESS)
    }
}

/// What somebody wants to have checked.
enum Checked {
    Bundle(Box<Bundle>),
    Extract(Extract),
    /// It is not what it should be, and how much is known of it.
    Neither(String, Verdict),
}

impl Verify {
    async fn run(self) -> Result<ExitCode, CommandError> {
        let trusted = self.trusted()?;
        let Some(path) = &self.dir_or_receipt else { return self.verify_database(&trusted).await };
        let (report, what) = match read(path)? {
            Checked::Bundle(bundle) => (verify(&bundle, &trusted), What::Whole(bundle.manifest.origin)),
            Checked::Extract(extract) => (verify_extract(&extract, &trusted), What::Extract(extract.origin)),
            Checked::Neither(why, verdict) => {
                put(&format!("{}: {why}", path.display()))?;
                return Ok(ExitCode::from(verdict.exit_code()));
            }
        };
        put(&said(&report, &what, &trusted))?;
        Ok(ExitCode::from(report.verdict.exit_code()))
    }

    async fn verify_database(&self, trusted: &Trusted) -> Result<ExitCode, CommandError> {
        let settings = self.database.settings(None)?;
        start_logging(&settings)?;
        let engine = open_engine(&settings).await?;
        let bundle = engine.export_log(Parts::All).await?;
        let mut report = verify(&bundle, trusted);
        let differing = engine.compare_rows().await?;
        if !differing.is_empty() {
            report.verdict = report.verdict.max(Verdict::Invalid);
        }
        put(&said(&report, &What::Whole(bundle.manifest.origin), trusted))?;
        for one in &differing {
            put(&format!("  {one}"))?;
        }
        if differing.is_empty() {
            put("Every row of the record has its entry, and every entry its rows.")?;
        }
        Ok(ExitCode::from(report.verdict.exit_code()))
    }

    fn trusted(&self) -> Result<Trusted, CommandError> {
        let key = match &self.key {
            None => None,
            Some(file) => {
                let text = read_file(file)?;
                let key = PinnedKey::parse(text.trim());
                Some(key.map_err(|error| CommandError::Refused(format!("{}: {error}", file.display())))?)
            }
        };
        let known_head = self.known_head.as_deref().map(read_file).transpose()?;
        Ok(Trusted { key, known_head })
    }
}

fn read_file(path: &Path) -> Result<String, CommandError> {
    fs::read_to_string(path).map_err(|error| CommandError::Refused(format!("cannot read {}: {error}", path.display())))
}

/// Reads a folder or a file. One that is not as it should be is no failure of this command.
fn read(path: &Path) -> Result<Checked, CommandError> {
    let unreadable = |error: io::Error| CommandError::Refused(format!("cannot read {}: {error}", path.display()));
    if fs::metadata(path).map_err(unreadable)?.is_dir() {
        let mut files = BTreeMap::new();
        collect(path, "", &mut files).map_err(unreadable)?;
        return Ok(match Bundle::read(&files) {
            Ok(bundle) => Checked::Bundle(Box::new(bundle)),
            Err(error @ NotABundle::UnknownFormat(_)) => Checked::Neither(error.to_string(), Verdict::NotUnderstood),
            Err(error) => Checked::Neither(error.to_string(), Verdict::Invalid),
        });
    }
    Ok(match Extract::parse(&fs::read(path).map_err(unreadable)?) {
        Ok(extract) => Checked::Extract(extract),
        Err(error @ NotAnExtract::UnknownFormat(_)) => Checked::Neither(error.to_string(), Verdict::NotUnderstood),
        Err(error) => Checked::Neither(error.to_string(), Verdict::Invalid),
    })
}

fn collect(folder: &Path, above: &str, files: &mut Files) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{above}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{name}/"), files)?;
        } else {
            files.insert(name, fs::read(entry.path())?);
        }
    }
    Ok(())
}

/// What was checked, and of which log.
enum What {
    Whole(String),
    Extract(String),
}

/// The most faults and the most notes that are written out.
const MOST: usize = 50;

fn said(report: &Report, what: &What, trusted: &Trusted) -> String {
    let mut lines = Vec::new();
    let (origin, is_whole) = match what {
        What::Whole(origin) => (origin, true),
        What::Extract(origin) => (origin, false),
    };
    let of = if is_whole { "The log" } else { "Some entries of the log" };
    lines.push(format!(
        "{of} {origin}: {} entries, {} of them open, {} erased; {} signatures whose gate was open.",
        report.leaves, report.opened, report.erased, report.signatures
    ));
    lines.push(
        match report.verdict {
            Verdict::Valid if is_whole => "Valid. Nothing in it was altered, removed, inserted or put in another order, and it goes on from the head that you gave.",
            Verdict::Valid => "Valid. These entries are in the log whose head you gave, and say what they said when they were written.",
            Verdict::NotAnchored if is_whole => "Whole in itself: nothing in it was altered, removed, inserted or put in another order since its head was signed.",
            Verdict::NotAnchored => "These entries are in the log that they name, and say what they said when they were written.",
            Verdict::NotUnderstood => "Whole, but some entries are of a later format: a newer Induct can check them.",
            Verdict::Diverged => "It does NOT go on from the head that you gave: entries that were there then are gone or have been replaced.",
            Verdict::Invalid => "INVALID. It is not what was written:",
        }
        .to_owned(),
    );
    let faults = report.faults.iter().map(ToString::to_string);
    lines.extend(shortened(faults, report.faults.len()));
    if report.verdict == Verdict::NotAnchored {
        match (&trusted.key, &trusted.known_head) {
            (None, _) => lines.push(
                "The key was taken from what was checked. Whoever can make another key can make another log: give the key that you have from elsewhere with --key.".to_owned(),
            ),
            (Some(_), None) => lines.push(
                "No head from elsewhere was given. Whoever holds the key could have made all of it anew: give a head that you kept with --known-head.".to_owned(),
            ),
            (Some(_), Some(_)) => lines.push(
                "The head that you gave is of another length, which only the whole log can be held against.".to_owned(),
            ),
        }
    }
    if !report.notes.is_empty() {
        lines.push("To be seen:".to_owned());
        lines.extend(shortened(report.notes.iter().map(ToString::to_string), report.notes.len()));
    }
    lines.push("What this cannot show: who sat before the screen, and whether the clock was right. A pass says that the server recorded one.".to_owned());
    if !is_whole {
        lines.push("Nor that nothing else was recorded: only the whole log can show that.".to_owned());
    }
    lines.join("\n")
}

fn shortened(all: impl Iterator<Item = String>, count: usize) -> Vec<String> {
    let mut lines: Vec<String> = all.take(MOST).map(|line| format!("  {line}")).collect();
    if count > MOST {
        lines.push(format!("  … and {} more", count - MOST));
    }
    lines
}
