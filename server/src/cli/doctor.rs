use std::{
    fmt,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use chrono::TimeDelta;
use clap::{Args, Subcommand};
use engine::{Clock as _, Engine, OpenError, SystemClock, Trouble, content::Level, said_moment};

use super::{CommandError, Database, compile_at, engine_on, open_store, put};
use crate::{
    Post,
    settings::{Settings, SettingsError},
    sign_on::SignOn,
};

/// `induct doctor`
#[derive(Args)]
pub(super) struct Doctor {
    #[command(flatten)]
    database: Database,
}

/// `induct config …`
#[derive(Subcommand)]
pub(super) enum Config {
    /// What the settings are, where each comes from, and what is wrong with them; exit 1 where something is. Leaves nothing behind
    Check(Check),
}

#[derive(Args)]
pub(super) struct Check {
    #[command(flatten)]
    database: Database,
}

/// What was looked at, and what was found.
struct Finding {
    what: &'static str,
    found: Found,
}

enum Found {
    /// As it should be; what it is.
    Fine(String),
    /// It works, and something should be done about it all the same: what it is, and what to do.
    Unwise(String, String),
    /// It does not work: what it is, and what to do.
    Wrong(String, String),
}
use Found::{Fine, Unwise, Wrong};

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = self.what;
        match &self.found {
            Fine(is) => write!(f, "ok       {what}: {is}"),
            Unwise(is, mend) => write!(f, "unwise   {what}: {is}\n         {mend}"),
            Wrong(is, mend) => write!(f, "WRONG    {what}: {is}\n         {mend}"),
        }
    }
}

fn fine(what: &'static str, is: impl Into<String>) -> Finding {
    Finding { what, found: Fine(is.into()) }
}

fn unwise(what: &'static str, is: impl Into<String>, mend: impl Into<String>) -> Finding {
    Finding { what, found: Unwise(is.into(), mend.into()) }
}

fn wrong(what: &'static str, is: impl Into<String>, mend: impl Into<String>) -> Finding {
    Finding { what, found: Wrong(is.into(), mend.into()) }
}

/// A setting that is wrong, with what to write instead as a sentence.
fn of_fault(fault: &SettingsError) -> Finding {
    let mut letters = fault.mend().chars();
    let mend = letters.next().map(|first| format!("{}{}.", first.to_uppercase(), letters.as_str()));
    wrong(fault.setting(), fault.is(), mend.unwrap_or_default())
}

impl Config {
    pub(super) fn run(self) -> Result<ExitCode, CommandError> {
        let Self::Check(Check { database }) = self;
        let settings = database.gathered()?;
        for line in settings.said() {
            put(&line)?;
        }
        put("")?;
        let faults = settings.faults().into_iter().chain(settings.faults_on_disk());
        let mut findings: Vec<Finding> = faults.map(|fault| of_fault(&fault)).collect();
        findings.extend(check_data_dir(&settings));
        findings.extend(check_settings(&settings));
        say_all(&findings)
    }
}

impl Doctor {
    /// Looks at everything that an installation needs. It opens the database as every command does, which brings an older one up to date, and
    /// writes nothing else but what [`Engine::ready`] takes back.
    pub(super) async fn run(self) -> Result<ExitCode, CommandError> {
        let settings = match self.database.gathered() {
            Ok(settings) => settings,
            Err(error) => {
                let mend = "Put that right first: nothing else can be looked at without it.";
                return say_all(&[wrong("settings", error.to_string(), mend)]);
            }
        };
        let faults: Vec<Finding> = settings.faults().iter().map(of_fault).collect();
        if !faults.is_empty() {
            return say_all(&faults);
        }
        let on_disk = settings.faults_on_disk();
        // Of the content more is said below.
        let mut findings: Vec<Finding> =
            on_disk.iter().filter(|fault| fault.setting() != "content").map(of_fault).collect();
        findings.extend(check_data_dir(&settings));
        findings.extend(check_settings(&settings));
        findings.push(check_content(&settings));
        findings.extend(check_files(&settings));
        findings.extend(check_database(&settings).await);
        findings.extend(check_mail(&settings).await);
        findings.extend(check_sign_on(&settings).await);
        say_all(&findings)
    }
}

/// Writes what was found, what is wrong last. Fails where something is.
fn say_all(findings: &[Finding]) -> Result<ExitCode, CommandError> {
    let rank = |finding: &Finding| match finding.found {
        Fine(_) => 0,
        Unwise(..) => 1,
        Wrong(..) => 2,
    };
    for kind in 0..=2 {
        for finding in findings.iter().filter(|finding| rank(finding) == kind) {
            put(&finding.to_string())?;
        }
    }
    let count = |kind| findings.iter().filter(|finding| rank(finding) == kind).count();
    put(&format!("{} looked at: {} unwise, {} wrong", findings.len(), count(1), count(2)))?;
    Ok(if count(2) > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn check_settings(settings: &Settings) -> Vec<Finding> {
    let local = settings.addr.ip().is_loopback();
    let on_this_machine = ["127.0.0.1", "localhost", "[::1]"].iter().any(|host| settings.host().starts_with(host));
    let base_url = settings.base_url.clone();
    let mut findings = Vec::new();
    // Of an address that is none nobody knows what goes over the network.
    if !settings.faults().iter().any(|fault| fault.setting() == "base_url") {
        findings.push(if settings.is_secure() || on_this_machine {
            fine("address of the site", base_url)
        } else {
            unwise(
                "address of the site",
                format!("{base_url}: passwords and sessions go over the network as they are"),
                "Put a proxy with TLS before it, and set INDUCT_BASE_URL to its https:// address.",
            )
        });
    }
    if settings.is_secure() {
        findings.push(match settings.trusted_proxies {
            0 => unwise(
                "proxies",
                "the site is reached over https and no proxy is trusted, so everybody seems to come from one place",
                "Set INDUCT_TRUSTED_PROXIES to how many proxies stand before this server; otherwise one person's wrong passwords keep everybody waiting.",
            ),
            number if !local => unwise(
                "proxies",
                format!("{number} trusted, and the server listens on {}, where they can be got round", settings.addr),
                "Listen on 127.0.0.1 (INDUCT_ADDR), or let only the proxy reach that port.",
            ),
            number => fine("proxies", format!("{number} trusted")),
        });
    }
    match Post::of(settings) {
        Err(fault) => findings.push(of_fault(&fault)),
        Ok(None) => findings.push(unwise(
            "mail server",
            "none: nobody is written to",
            "Set INDUCT_SMTP_URL, or hand on links yourself (`induct people link`).",
        )),
        Ok(Some(post)) => {
            findings.push(fine("mail server", "its address can be read"));
            findings.push(check_sender(&post));
        }
    }
    findings
}

/// From whom letters are, and whether that is anywhere.
fn check_sender(post: &Post) -> Finding {
    let (what, from) = ("sender of letters", post.sender());
    if post.is_from_nowhere() {
        unwise(
            what,
            format!("{from}, which is this machine: mail servers refuse such letters, and nobody can answer them"),
            "Set INDUCT_MAIL_FROM to an address from which your mail server may send, such as 'Northfield <induct@northfield.example>'.",
        )
    } else {
        fine(what, from)
    }
}

fn check_content(settings: &Settings) -> Finding {
    let dir = settings.content.display();
    let what = "content";
    match compile_at(&settings.content) {
        Err(error) => wrong(what, error.to_string(), "Give the folder with INDUCT_CONTENT."),
        Ok(compiled) => {
            let errors = compiled.problems.iter().filter(|problem| problem.level == Level::Error).count();
            let modules = compiled.catalogue.modules.len();
            if errors > 0 {
                wrong(
                    what,
                    format!("{dir} has {errors} errors"),
                    "`induct check` shows them; a server does not start with them.",
                )
            } else if modules == 0 {
                wrong(
                    what,
                    format!("there is no module in {dir}"),
                    "Give the folder that has them with INDUCT_CONTENT.",
                )
            } else {
                let warnings = compiled.problems.len();
                fine(what, format!("{dir}: {modules} modules, {warnings} warnings"))
            }
        }
    }
}

/// Whether the data folder can be made and written to. A permission does not tell: some folders take nothing from anybody. So something is made where it
/// would be, and taken away again.
fn check_data_dir(settings: &Settings) -> Option<Finding> {
    let dir = settings.data_dir();
    if dir.as_os_str().is_empty() || (dir.exists() && !dir.is_dir()) {
        // That is said of the setting.
        return None;
    }
    let there = dir.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("."));
    let probe = there.join(format!(".induct-check-{}", std::process::id()));
    let error = std::fs::create_dir(&probe).and_then(|()| std::fs::remove_dir(&probe)).err()?;
    let can = if there == dir { "cannot be written to" } else { "cannot be made" };
    let is = format!("names a folder that {can}: {} ({error})", dir.display());
    Some(of_fault(&SettingsError::of("data_dir", &is)))
}

/// Keys and databases that others on this machine can read are theirs.
fn check_files(settings: &Settings) -> Vec<Finding> {
    let dir = settings.data_dir();
    let mut private: Vec<PathBuf> = std::fs::read_dir(&dir)
        .map(|files| files.filter_map(Result::ok).map(|file| file.path()).collect())
        .unwrap_or_default();
    let is_private = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        (name.starts_with("log-") && name.contains(".key")) || name.ends_with(".db")
    };
    private.retain(is_private);
    private.extend(settings.sqlite_file().filter(|file| file.exists()));
    private.sort();
    private.dedup();
    let folder = |path: &Path| match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    };
    let is_open = |path: &Path| mode(path).is_some_and(|mode| mode & 0o077 != 0);
    vec![match private.iter().find(|path| is_open(path) && is_open(&folder(path))) {
        Some(path) => unwise(
            "files of its own",
            format!("others on this machine can read {}", path.display()),
            format!("chmod 700 {}", folder(path).display()),
        ),
        None if private.is_empty() => fine("files of its own", format!("none yet in {}", dir.display())),
        None => fine("files of its own", "nobody else on this machine can read the database or the keys"),
    }]
}

fn mode(path: &Path) -> Option<u32> {
    std::fs::metadata(path).ok().map(|about| about.permissions().mode())
}

async fn check_database(settings: &Settings) -> Vec<Finding> {
    let what = "database";
    if let Some(file) = settings.sqlite_file()
        && !file.exists()
    {
        let is = format!("there is none yet at {}", file.display());
        return vec![unwise(
            what,
            is,
            "`induct serve` makes it, and `induct people add … --role administrator` the first administrator.",
        )];
    }
    let store = match open_store(settings).await {
        Ok(store) => store,
        Err(error) => {
            let mend = match error {
                OpenError::Newer { .. } => "The README says under \"Upgrading and going back\" how.",
                _ => "Look at INDUCT_DATABASE_URL, and whether its server runs and lets Induct in.",
            };
            return vec![wrong(what, error.to_string(), mend)];
        }
    };
    let engine = engine_on(store).with_log_in(settings.data_dir(), settings.host());
    let engine = engine.with_clock_limit(TimeDelta::days(settings.clock_limit_days.into()));
    let mut findings = vec![fine(what, "it is as Induct made it")];
    findings.push(match engine.begin_log().await {
        Err(error) => wrong("signed log", error.to_string(), "Nothing can be saved until this is right."),
        Ok(()) => check_saving(&engine).await,
    });
    findings.extend(check_people(&engine).await);
    engine.close().await;
    findings
}

/// Whether what people write now would last.
async fn check_saving(engine: &Engine) -> Finding {
    let what = "signed log";
    match engine.ready().await {
        Ok(()) => fine(what, "what people do now can be saved and sealed"),
        Err(error) => {
            let mend = match error.trouble() {
                Some(Trouble::Full) => "Make room where the database lies.",
                Some(Trouble::ReadOnly) => "Let whoever runs Induct write to the database and its folder.",
                Some(Trouble::Unsealed(_)) => {
                    "Put the key and the state file of the log into the data folder (INDUCT_DATA_DIR), or set the clock right."
                }
                Some(Trouble::OutOfReach) | None => "Look at the database's own log.",
            };
            wrong(what, format!("nothing can be saved: {error}"), mend)
        }
    }
}

async fn check_people(engine: &Engine) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.push(match engine.count_administrators().await {
        Err(error) => wrong("administrators", error.to_string(), "Look at the database."),
        Ok(0) => unwise(
            "administrators",
            "nobody looks after everybody",
            "induct people add --name 'Your Name' --email you@example.org --role administrator",
        ),
        Ok(1) => unwise(
            "administrators",
            "one person alone looks after everybody",
            "Give a second person the duty: whoever is away, or has forgotten their password, is then helped.",
        ),
        Ok(number) => fine("administrators", format!("{number} look after everybody")),
    });
    findings.extend(check_second_factors(engine).await);
    findings.extend(check_named_roles(engine).await);
    match engine.jobs().await {
        Err(error) => findings.push(wrong("jobs", error.to_string(), "Look at the database.")),
        Ok(jobs) => {
            let failed: Vec<_> = jobs.iter().filter(|job| job.failures > 0).collect();
            let late = engine.now() - TimeDelta::days(2);
            let late: Vec<_> = jobs.iter().filter(|job| job.due_at.is_some_and(|due| due < late)).collect();
            findings.push(match (failed.as_slice(), late.as_slice()) {
                ([job, ..], _) => unwise(
                    "jobs",
                    format!("{} failed {} times in a row", job.job.name(), job.failures),
                    job.said.clone().unwrap_or_else(|| "`induct jobs` shows them.".to_owned()),
                ),
                ([], [job, ..]) => unwise(
                    "jobs",
                    format!(
                        "{} has been due since {}",
                        job.job.name(),
                        job.due_at.map(said_moment).unwrap_or_default()
                    ),
                    "A server that runs does them; is none running? `induct jobs --run` does them now.",
                ),
                ([], []) => fine("jobs", "none failed, and none is two days late"),
            });
        }
    }
    findings
}

/// To whom agreements are submitted.
async fn check_named_roles(engine: &Engine) -> Option<Finding> {
    let vacant = async {
        // Who holds them is published.
        engine.refresh().await.map_err(|error| error.to_string())?;
        engine.vacant_roles().await.map_err(|error| error.to_string())
    };
    match vacant.await {
        Err(error) => Some(wrong("named roles", error, "Look at the database.")),
        Ok(vacant) if vacant.is_empty() => None,
        Ok(vacant) => Some(unwise(
            "named roles",
            format!("agreements are submitted to the {}, and nobody here is that today", vacant.join(" and to the ")),
            "Name in organisation.toml, in a [[role.holder]], with what somebody signs in who is; until then it comes to the safeguarding leads.",
        )),
    }
}

/// Who sees other people's records, and gets in with a password alone. Of demonstration people no code is asked.
async fn check_second_factors(engine: &Engine) -> Option<Finding> {
    let what = "second factors";
    let counted = async {
        // What is required is published.
        engine.refresh().await.map_err(|error| error.to_string())?;
        let demonstration = engine.is_demonstration().await.map_err(|error| error.to_string())?;
        let count = engine.count_second_factors().await.map_err(|error| error.to_string())?;
        Ok::<_, String>((!demonstration && count.people > 0).then_some(count))
    };
    let count = match counted.await {
        Ok(count) => count?,
        Err(error) => return Some(wrong(what, error, "Look at the database.")),
    };
    let without = count.people - count.with_factor;
    let have = if without == 1 { "has" } else { "have" };
    let is = format!("{without} of {} who see other people's records {have} none", count.people);
    Some(match (without, engine.requires_second_factors()) {
        (0, _) => fine(what, format!("all {} who see other people's records have one", count.people)),
        (_, true) => {
            unwise(what, is, "They are led to set one up when they next sign in; `/people` shows who they are.")
        }
        (_, false) => unwise(
            what,
            is,
            "Ask them to set one up at `Your account`, or require it: `required_from` under `[second_factor]` in organisation.toml.",
        ),
    })
}

/// Whether the provider of sign-ins answers, and is the one that is meant.
async fn check_sign_on(settings: &Settings) -> Option<Finding> {
    let what = "provider of sign-ins, asked";
    let found = SignOn::of(settings)?.greet(SystemClock.now()).await;
    Some(match found {
        Ok(()) => fine(what, "it answers and is the one that the settings name"),
        Err(error) => wrong(
            what,
            error.to_string(),
            "Look at INDUCT_OIDC_ISSUER: it must be what the provider calls itself, to the letter. `induct people link` lets somebody in meanwhile.",
        ),
    })
}

async fn check_mail(settings: &Settings) -> Vec<Finding> {
    let Ok(Some(post)) = Post::of(settings) else { return Vec::new() };
    vec![match post.greet().await {
        Ok(()) => fine("mail server, asked", "it answers and takes the password"),
        Err(error) => wrong(
            "mail server, asked",
            error,
            "Look at INDUCT_SMTP_URL: host, port, name and password, and whether this machine may reach it.",
        ),
    }]
}
