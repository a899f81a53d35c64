use std::{
    collections::BTreeMap,
    fmt::Display,
    fs::{self, DirBuilder, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use audit::{
    Bundle, Checkpoint, Files, Known, Moment, PinnedKey, Said, Trusted, Verdict, Witness, matrix, open_file,
    open_files, verify,
};
use chrono::TimeDelta;
use clap::{Args, Subcommand};
use engine::{Actor, LogError, NewPack, Parts, count, local};

use super::{CommandError, Database, open_engine, put, say, start_logging};
use crate::{
    AskedWitness, Authority,
    export::{bundle_readings, pack_readings, zipped},
};

/// `induct audit …`
#[derive(Subcommand)]
pub(super) enum Audit {
    /// Write the whole signed log into a new folder, with what opens it and every text that was published, answers of quizzes included
    Export(Export),
    /// Check a folder that was exported, a receipt or an inspection pack; exit 0 if it is valid by a key and a head that you have from elsewhere, 10 if it is
    /// valid in itself, 20 if it has entries of a later format, 30 if it does not go on from the head that you have, 40 if it is invalid
    Verify(Verify),
    /// Put all that the log says of a few people into one file (ZIP) for an inspection: drawn by a word that the inspector gives, so that nobody
    /// here can choose whom. It has the names of who was drawn; that it was made is noted in the log
    Pack(PackOptions),
    /// Say in the signed log that the clock is right although it differs from the log's time, so that it takes entries again
    AcceptClock(AcceptClock),
    /// Have another key sign the log from now on. The key before signs that, so that whoever has it can go on; other servers need the file of the new key
    RotateKey(RotateKey),
    /// Have the authority that `timestamp_url` names stamp the head of the log now, and not only once a day
    Stamp(Stamp),
    /// Have the witness that `witness_url` names cosign the head of the log now, and not only once it is published
    Cosign(Cosign),
    /// Write what authorities outside said of heads of the log into a new folder: each head and its token, to be checked with `openssl ts -verify`
    Stamps(Stamps),
}

#[derive(Args)]
pub(super) struct Export {
    /// The folder to make
    dir: PathBuf,
    /// Have in it what names people, too, in the file `names`: names, e-mail addresses, typed names, reasons, who did what, what groups are called.
    /// Without that file the rest names nobody, and can be checked all the same
    #[arg(long)]
    names: bool,
    /// To whom it goes: noted in the log, so that they can be told if it has to be said that something in it was wrong
    #[arg(long, value_name = "WHOM")]
    to: Option<String>,
    #[command(flatten)]
    database: Database,
}

#[derive(Args)]
pub(super) struct Verify {
    /// A folder that was exported, the file of a receipt, or an inspection pack
    #[arg(required_unless_present = "db")]
    dir_or_receipt: Option<PathBuf>,
    /// A file with the log's public key, which you have from elsewhere
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// A file with a signed head of the log, which you have from elsewhere
    #[arg(long, value_name = "FILE")]
    known_head: Option<PathBuf>,
    /// A file with the public key of a witness (c2sp.org/tlog-witness): a head that it cosigned counts as one from elsewhere
    #[arg(long, value_name = "FILE")]
    witness: Option<PathBuf>,
    /// Check the log in the database itself, and hold every row of the record against its entry
    #[arg(long, conflicts_with = "dir_or_receipt")]
    db: bool,
    /// Of a whole log that is valid, write where everybody stood at the end of a day, such as 2026-01-31, or at a time of it, such as
    /// 2026-01-31T14:30: as CSV, recomputed from nothing but the log. What came of checking it is said beside it, to standard error
    #[arg(long, value_name = "DATE", conflicts_with = "db")]
    matrix: Option<String>,
    /// With --matrix: by the entries up to this number, and not by what had been decided by then
    #[arg(long, value_name = "NUMBER", requires = "matrix")]
    known_at: Option<u64>,
    #[command(flatten)]
    database: Database,
}

#[derive(Args)]
pub(super) struct PackOptions {
    /// How many people to draw: at most 200
    #[arg(long, value_name = "N")]
    sample: usize,
    /// The word that the inspector gives
    #[arg(long, value_name = "W")]
    word: String,
    /// A file with the head that the inspector noted before; otherwise the newest
    #[arg(long, value_name = "FILE")]
    head: Option<PathBuf>,
    /// The file to make
    file: PathBuf,
    #[command(flatten)]
    database: Database,
}

#[derive(Args)]
pub(super) struct AcceptClock {
    #[command(flatten)]
    database: Database,
}

#[derive(Args)]
pub(super) struct Stamp {
    #[command(flatten)]
    database: Database,
}

#[derive(Args)]
pub(super) struct Cosign {
    #[command(flatten)]
    database: Database,
}

#[derive(Args)]
pub(super) struct Stamps {
    /// The folder to make
    dir: PathBuf,
    #[command(flatten)]
    database: Database,
}

#[derive(Args)]
pub(super) struct RotateKey {
    /// Only make the new key, as log-….key.new, so that it can be copied to every server before it signs
    #[arg(long)]
    prepare: bool,
    #[command(flatten)]
    database: Database,
}

impl Audit {
    pub(super) async fn run(self) -> Result<ExitCode, CommandError> {
        match self {
            Self::Export(export) => export.run().await,
            Self::Verify(verify) => verify.run().await,
            Self::Pack(pack) => pack.run().await,
            Self::AcceptClock(accept) => accept.run().await,
            Self::RotateKey(rotate) => rotate.run().await,
            Self::Stamp(stamp) => stamp.run().await,
            Self::Cosign(cosign) => cosign.run().await,
            Self::Stamps(stamps) => stamps.run().await,
        }
    }
}

impl Stamp {
    async fn run(self) -> Result<ExitCode, CommandError> {
        let settings = self.database.settings(None)?;
        let authority = Authority::of(&settings)
            .ok_or_else(|| CommandError::Refused("timestamp_url is not set: it says who stamps".to_owned()))?;
        let engine = self.database.open().await?;
        let stamped = authority.stamp(&engine, TimeDelta::zero()).await;
        match stamped.map_err(|error| CommandError::Refused(error.to_string()))? {
            Some(size) => {
                let entries = count(size, "entry", "entries");
                say(&format!("the head with {entries} is stamped; `induct audit stamps DIR` writes it out"))
            }
            None => say("nothing was added to the log since the last head that was stamped"),
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Cosign {
    async fn run(self) -> Result<ExitCode, CommandError> {
        let settings = self.database.settings(None)?;
        let witness = AskedWitness::of(&settings).ok_or_else(|| {
            CommandError::Refused("witness_url and witness_key are not set: they say who cosigns".to_owned())
        })?;
        let engine = self.database.open().await?;
        let cosigned = witness.cosign(&engine, TimeDelta::zero()).await;
        match cosigned.map_err(|error| CommandError::Refused(error.to_string()))? {
            Some(size) => say(&format!("the witness has cosigned the head with {}", count(size, "entry", "entries"))),
            None => say("the witness has cosigned the newest head already"),
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Stamps {
    async fn run(self) -> Result<ExitCode, CommandError> {
        let engine = self.database.open().await?;
        let stamps = engine.time_stamps().await?;
        if stamps.is_empty() {
            return Err(CommandError::Refused("no head of the log was stamped yet; see timestamp_url".to_owned()));
        }
        DirBuilder::new().mode(0o700).create(&self.dir)?;
        for stamp in &stamps {
            fs::write(self.dir.join(format!("{}.note", stamp.size)), &stamp.note)?;
            fs::write(self.dir.join(format!("{}.tsr", stamp.size)), &stamp.token)?;
            let kept_at = local(stamp.recorded_at).format("%Y-%m-%d %H:%M");
            put(&format!("{}\t{kept_at}\t{}", stamp.size, stamp.authority))?;
        }
        say("check one: openssl ts -verify -data N.note -in N.tsr -token_in -CAfile CERTIFICATE_OF_THE_AUTHORITY");
        Ok(ExitCode::SUCCESS)
    }
}

impl Export {
    async fn run(self) -> Result<ExitCode, CommandError> {
        // Before it is noted that something was handed out.
        is_free(&self.dir)?;
        let to = self.to.as_deref().map(str::trim).filter(|to| !to.is_empty());
        let engine = self.database.open().await?;
        let parts = if self.names { Parts::All } else { Parts::Pseudonymous };
        let bundle = engine.hand_out_log(parts, to, Actor::CommandLine).await?;
        let mut files = bundle.write_apart().map_err(|error| CommandError::Refused(error.to_string()))?;
        files.extend(bundle_readings());
        write_folder(&self.dir, &files)?;
        say(&format!(
            "{} of the log {}; that this was handed out is its next entry. Keep its key and its head where nobody can change them who looks after this server:",
            count(bundle.manifest.size, "entry", "entries"),
            bundle.manifest.origin
        ));
        put(&bundle.manifest.key)?;
        if let Some(head) = bundle.checkpoints.values().next_back() {
            put("")?;
            put(head.trim_end())?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Refuses a folder that is there.
fn is_free(dir: &Path) -> Result<(), CommandError> {
    if dir.exists() {
        return Err(CommandError::Refused(format!("{} is there already: give a folder that is not", dir.display())));
    }
    Ok(())
}

/// Writes files into a folder that must not be there yet. Nobody else can read them: there are answers among them, and perhaps names.
fn write_folder(dir: &Path, files: &Files) -> Result<(), CommandError> {
    let make = |folder: &Path| DirBuilder::new().recursive(true).mode(0o700).create(folder);
    is_free(dir)?;
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

impl PackOptions {
    async fn run(self) -> Result<ExitCode, CommandError> {
        let settings = self.database.settings(None)?;
        start_logging(&settings)?;
        if self.file.exists() {
            let file = self.file.display();
            return Err(CommandError::Refused(format!("{file} is there already: give a file that is not")));
        }
        let engine = open_engine(&settings).await?;
        let head = self.head.as_deref().map(read_file).transpose()?;
        let asked = NewPack { sample: self.sample, word: self.word, head, beside: pack_readings() };
        let made = engine.make_pack_of_all(asked, Actor::CommandLine).await;
        let made = made.map_err(|error| CommandError::Refused(error.to_string()))?;
        let archive = zipped(&made.files).map_err(io::Error::from)?;
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&self.file)?;
        file.write_all(&archive)?;
        file.sync_all()?;
        say(&format!(
            "{} of {}, drawn by the word {:?} and by this head of the log:",
            made.pack.drawn.len(),
            count(made.population, "person", "people"),
            made.pack.word
        ));
        put(made.pack.head.trim_end())?;
        Ok(ExitCode::SUCCESS)
    }
}

impl AcceptClock {
    async fn run(self) -> Result<ExitCode, CommandError> {
        let engine = self.database.open().await?;
        let seconds = engine.accept_clock(Actor::CommandLine).await?;
        say(&format!(
            "The log takes entries by this clock from now on. It has been noted in it that the clock differed by {seconds} {}.",
            if seconds == 1 { "second" } else { "seconds" }
        ));
        Ok(ExitCode::SUCCESS)
    }
}

impl RotateKey {
    async fn run(self) -> Result<ExitCode, CommandError> {
        let settings = self.database.settings(None)?;
        start_logging(&settings)?;
        let engine = open_engine(&settings).await?;
        let refused = |error: LogError| CommandError::Refused(error.to_string());
        if self.prepare {
            let key = engine.prepare_log_key().await.map_err(refused)?;
            say(&format!(
                "The key that is to follow is in {}, in the file that ends with .key.new. Copy it into the data folder of every other server, readable by Induct alone; \
                 then run this without --prepare. Its public half is:",
                settings.data_dir().display()
            ));
            put(&key.to_string())?;
            return Ok(ExitCode::SUCCESS);
        }
        let rotated = engine.rotate_log_key(Actor::CommandLine).await.map_err(refused)?;
        say(&format!(
            "From now on another key signs the log; the one before has signed that, and whoever has it can go on. It is in {} as log-….key: copy it to where you keep \
             the keys, and into the data folder of every other server, which saves nothing until it has it. The former is beside it, as log-….key.old: destroy it once they have. \
             The public halves of the former and of the new:",
            settings.data_dir().display()
        ));
        put(&rotated.was)?;
        put(&rotated.key)?;
        engine.close().await;
        Ok(ExitCode::SUCCESS)
    }
}

impl Verify {
    async fn run(self) -> Result<ExitCode, CommandError> {
        let trusted = self.trusted()?;
        let Some(path) = &self.dir_or_receipt else { return self.verify_database(&trusted).await };
        let moment = self.matrix.as_deref().map(read_moment).transpose()?;
        let (said, log) = open(path, &trusted)?;
        let status = ExitCode::from(said.status);
        let Some(moment) = moment else {
            put(&said.to_string())?;
            return Ok(status);
        };
        say(&said.to_string());
        match log {
            Some(log) => self.write_matrix(&log, moment)?,
            // Of what is not valid nothing is recomputed, and that has been said.
            None if said.status > Verdict::NotAnchored.exit_code() => {}
            None => {
                let words = "where everybody stood follows from a whole log, and not from a receipt or a pack";
                return Err(CommandError::Refused(words.to_owned()));
            }
        }
        Ok(status)
    }

    fn write_matrix(&self, log: &Bundle, moment: Moment) -> Result<(), CommandError> {
        let table = matrix(log, moment, self.known_at.map_or(Known::Then, Known::UpTo));
        let table = table.map_err(|error| CommandError::Refused(error.to_string()))?;
        Ok(io::stdout().write_all(table.as_bytes())?)
    }

    async fn verify_database(&self, trusted: &Trusted) -> Result<ExitCode, CommandError> {
        let engine = self.database.open().await?;
        let bundle = engine.export_log(Parts::All).await?;
        let mut report = verify(&bundle, trusted);
        let differing = engine.compare_rows().await?;
        if !differing.is_empty() {
            report.verdict = report.verdict.max(Verdict::Invalid);
        }
        put(&Said::of_log(&report, &bundle.manifest.origin, trusted).to_string())?;
        for one in &differing {
            put(&format!("  {one}"))?;
        }
        if differing.is_empty() {
            put("Every row of the record has its entry, and every entry its rows.")?;
        }
        Ok(ExitCode::from(report.verdict.exit_code()))
    }

    fn trusted(&self) -> Result<Trusted, CommandError> {
        let key = self.key.as_deref().map(|file| read_key(file, PinnedKey::parse)).transpose()?;
        let witness = self.witness.as_deref().map(|file| read_key(file, Witness::parse)).transpose()?;
        let known_head = self.known_head.as_deref().map(|file| read_key(file, Checkpoint::given)).transpose()?;
        Ok(Trusted { key, known_head, witness })
    }
}

/// Reads the file of a key or of a head, whose text may have spaces around it.
fn read_key<K, E: Display>(file: &Path, parse: impl FnOnce(&str) -> Result<K, E>) -> Result<K, CommandError> {
    let text = read_file(file)?;
    parse(text.trim()).map_err(|error| CommandError::Refused(format!("{}: {error}", file.display())))
}

fn read_file(path: &Path) -> Result<String, CommandError> {
    fs::read_to_string(path).map_err(|error| CommandError::Refused(format!("cannot read {}: {error}", path.display())))
}

fn read_moment(text: &str) -> Result<Moment, CommandError> {
    let no_day = || CommandError::Refused(format!("{text} is no day; write it like 2026-01-31 or 2026-01-31T14:30"));
    Moment::parse(text).ok_or_else(no_day)
}

/// Checks a folder or a file, and gives the log where it is a whole one. One that is not as it should be is no failure of this command.
fn open(path: &Path, trusted: &Trusted) -> Result<(Said, Option<Bundle>), CommandError> {
    let unreadable = |error: io::Error| CommandError::Refused(format!("cannot read {}: {error}", path.display()));
    if fs::metadata(path).map_err(unreadable)?.is_dir() {
        let mut files = BTreeMap::new();
        collect(path, "", &mut files).map_err(unreadable)?;
        return Ok(open_files(files, trusted, &mut |_| {}));
    }
    Ok(open_file(fs::read(path).map_err(unreadable)?, trusted, &mut |_| {}))
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
