//! Settings: the command line first, then the environment (`INDUCT_…`), then `induct.toml`, then these defaults.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::{Path, PathBuf},
};

use audit::Witness;
use axum::http::{HeaderMap, uri::Authority};
use chrono::TimeDelta;
use engine::{OpenError, PasskeySite, Store};
use figment::{
    Figment, Provider as _,
    providers::{Env, Format as _, Serialized, Toml},
};
use serde::{Deserialize, Serialize};
use tracing_subscriber::{EnvFilter, filter::LevelFilter};

/// How an installation is set up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// `sqlite://FILE` or `postgres://…`.
    pub database_url: String,
    /// The address and port to listen on.
    pub addr: SocketAddr,
    /// The address that people use, such as `https://induct.example`, without a path; with https cookies are marked secure and
    /// browsers are told to come over https from then on.
    pub base_url: String,
    /// The folder that holds `organisation.toml`, `modules/` and so on.
    pub content: PathBuf,
    /// The folder of the signed log's key and state file. `None`: the one in which a SQLite database lies, otherwise `data`.
    pub data_dir: Option<PathBuf>,
    /// What to log, such as `info` or `server=debug`.
    pub log: String,
    /// Whether everybody may follow the signed log: its published heads and the hashes of its entries, which say nothing of anybody.
    pub publish_log: bool,
    /// Every so many minutes another head of the signed log is published, at most. 0: at once.
    pub checkpoint_minutes: u32,
    /// What somebody shows who may read the entries of the signed log without what opens them. `None`: nobody may.
    pub log_token: Option<Secret>,
    /// What somebody shows who may read `/metrics`. `None`: nobody may.
    pub metrics_token: Option<Secret>,
    /// The authority that stamps a head of the signed log once a day (RFC 3161), such as `http://timestamp.example`. `None`: nobody does.
    pub timestamp_url: Option<String>,
    /// The witness that cosigns heads of the signed log (`c2sp.org/tlog-witness`): the address that it names for handing them in. `None`: nobody does.
    pub witness_url: Option<String>,
    /// The public key of that witness, as it publishes it.
    pub witness_key: Option<String>,
    /// By how many days the clock may be ahead of the signed log after a start: for so long may nobody do anything while the server is off.
    pub clock_limit_days: u32,
    /// The mail server that sends letters, such as `smtp://user:password@mail.example:587?tls=required`. `None`: letters wait.
    pub smtp_url: Option<Secret>,
    /// From whom letters are, such as `Northfield <induct@northfield.example>`. `None`: `induct@` and the host of `base_url`.
    pub mail_from: Option<String>,
    /// The provider with whose accounts people sign in (OpenID Connect), as it calls itself. `None`: there is none.
    pub oidc_issuer: Option<String>,
    /// As what that provider knows this installation.
    pub oidc_client_id: Option<String>,
    /// With what this installation shows the provider that it is itself. `None`: with nothing but PKCE.
    pub oidc_client_secret: Option<Secret>,
    /// What the button calls these accounts, within a sentence. `None`: your organisation's account.
    pub oidc_label: Option<String>,
    /// The claim that has what people are known by here as the id of another system. `None`: they are found by e-mail address alone.
    pub oidc_id_claim: Option<String>,
    /// Whether people sign in with nothing else. A link of `induct people link` lets somebody in all the same.
    pub oidc_only: bool,
    /// How many proxies stand before this server and add themselves to `X-Forwarded-For`.
    pub trusted_proxies: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            database_url: "sqlite://data/induct.db".to_owned(),
            addr: SocketAddr::from(([127, 0, 0, 1], 3000)),
            base_url: "http://127.0.0.1:3000".to_owned(),
            content: PathBuf::from("content"),
            data_dir: None,
            log: "info".to_owned(),
            publish_log: true,
            checkpoint_minutes: 60,
            log_token: None,
            metrics_token: None,
            timestamp_url: None,
            witness_url: None,
            witness_key: None,
            clock_limit_days: 7,
            smtp_url: None,
            mail_from: None,
            oidc_issuer: None,
            oidc_client_id: None,
            oidc_client_secret: None,
            oidc_label: None,
            oidc_id_claim: None,
            oidc_only: false,
            trusted_proxies: 0,
        }
    }
}

/// Something that nobody must read where settings are shown.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A token that can be found out by trying is none.
const SHORTEST_TOKEN: usize = 20;

/// What the command line says; it goes before everything else.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Overrides {
    /// `--database`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database_url: Option<String>,
    /// `--addr`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub addr: Option<SocketAddr>,
    /// `--content`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<PathBuf>,
}

/// A setting is wrong; the text says which, what is wrong with it and what to write instead. It is one line, and holds no password.
#[derive(Debug, thiserror::Error)]
#[error("a setting is wrong: {is}{}", behind(.mend))]
pub struct SettingsError {
    setting: &'static str,
    is: String,
    mend: String,
}

fn behind(mend: &str) -> String {
    if mend.is_empty() { String::new() } else { format!("; {mend}") }
}

/// The settings by name, as `induct.toml` writes them; in the environment they are in capitals behind `INDUCT_`.
const NAMES: [&str; 23] = [
    "database_url",
    "addr",
    "base_url",
    "content",
    "data_dir",
    "log",
    "publish_log",
    "checkpoint_minutes",
    "log_token",
    "metrics_token",
    "timestamp_url",
    "witness_url",
    "witness_key",
    "clock_limit_days",
    "smtp_url",
    "mail_from",
    "oidc_issuer",
    "oidc_client_id",
    "oidc_client_secret",
    "oidc_label",
    "oidc_id_claim",
    "oidc_only",
    "trusted_proxies",
];

/// What each is like, for whoever wrote something else.
const MENDS: [(&str, &str); 23] = [
    ("database_url", "write sqlite:// with a file, or postgres:// with user, host and name"),
    ("addr", "write an address and a port to listen on, such as 127.0.0.1:3000"),
    ("base_url", "write the address that people use, such as https://induct.example"),
    ("content", "name the folder that holds organisation.toml and modules"),
    ("data_dir", "name a folder that Induct may write to, or leave it out"),
    ("log", "write a level such as info, or levels of parts such as info,server=debug"),
    ("publish_log", "write true or false"),
    ("checkpoint_minutes", "write a number of minutes, such as 60"),
    ("log_token", "write at least 20 letters, digits and signs without blanks, or leave it out"),
    ("metrics_token", "write at least 20 letters, digits and signs without blanks, or leave it out"),
    ("timestamp_url", "write the address of an authority, such as https://timestamp.example, or leave it out"),
    ("witness_url", "write the address that the witness names and its key in witness_key, or leave both out"),
    ("witness_key", "write the key as the witness publishes it and its address in witness_url, or leave both out"),
    ("clock_limit_days", "write a number of days from 1 to 366, such as 7"),
    ("smtp_url", "write the address of your mail server with user and password, or leave it out"),
    ("mail_from", "write a name and an address, or leave it out"),
    ("oidc_issuer", "write the https:// address by which the provider calls itself, or leave it out"),
    (
        "oidc_client_id",
        "write what the provider calls this installation and its address in oidc_issuer, or leave both out",
    ),
    ("oidc_client_secret", "write what the provider gave you and its address in oidc_issuer, or leave it out"),
    ("oidc_label", "write what the button calls these accounts, such as your college account, or leave it out"),
    ("oidc_id_claim", "write the name of a claim, such as employee_id, or leave it out"),
    ("oidc_only", "write false, or true where oidc_issuer names a provider"),
    ("trusted_proxies", "write how many proxies stand before this server, from 0 to 16"),
];

/// Those that hold what nobody must read where settings are shown.
const HIDDEN: [&str; 5] = ["database_url", "log_token", "metrics_token", "oidc_client_secret", "smtp_url"];

/// Who writes more has written something else.
const MOST_PROXIES: usize = 16;

/// A clock that may be further ahead than that is not looked at; one that may not be ahead at all keeps every server from starting.
const CLOCK_LIMITS: std::ops::RangeInclusive<u32> = 1..=366;

const FILE: &str = "induct.toml";

const PREFIX: &str = "INDUCT_";

/// Variables with our prefix that only building and testing read.
const OF_THE_WORKSHOP: [&str; 2] = ["INDUCT_BIN", "INDUCT_TEST_POSTGRES"];

impl SettingsError {
    /// What is wrong with a setting, in words that go on from its name, are one line and hold no password.
    pub(crate) fn of(setting: &'static str, words: &str) -> Self {
        let mend = MENDS.iter().find(|(name, _)| *name == setting).map_or("", |(_, mend)| mend);
        Self { setting, is: format!("{setting} {words}"), mend: format!("{mend} ({})", in_environment(setting)) }
    }

    /// What is wrong with all of them together.
    fn with(is: String, mend: String) -> Self {
        Self { setting: "settings", is, mend }
    }

    /// Which setting it is.
    pub(crate) fn setting(&self) -> &'static str {
        self.setting
    }

    /// What is wrong with it.
    pub(crate) fn is(&self) -> &str {
        &self.is
    }

    /// What to write instead.
    pub(crate) fn mend(&self) -> &str {
        &self.mend
    }
}

impl Settings {
    /// Reads the settings.
    ///
    /// # Errors
    /// [`SettingsError`] names the first one that is wrong, or that there is not.
    pub fn read(overrides: &Overrides) -> Result<Self, SettingsError> {
        let settings = Self::gather(overrides)?;
        settings.faults().into_iter().next().map_or(Ok(settings), Err)
    }

    /// Reads the settings, also where [`Settings::faults`] are to be found.
    ///
    /// # Errors
    /// [`SettingsError`] names one that there is not, or that is not even of its kind, such as a number.
    pub(crate) fn gather(overrides: &Overrides) -> Result<Self, SettingsError> {
        let file = Toml::file(FILE);
        let in_file = file.data().map_err(|error| SettingsError::with(error.to_string(), format!("look at {FILE}")))?;
        check_file(in_file.values().flat_map(|section| section.keys()).map(String::as_str))?;
        let variables: Vec<String> = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()).collect();
        check_variables(variables.iter().map(String::as_str))?;
        let mut settings = extracted(
            Figment::from(Serialized::defaults(Self::default()))
                .merge(file)
                .merge(Env::prefixed(PREFIX).only(&NAMES))
                .merge(Serialized::defaults(overrides)),
        )?;
        let of_environment = variables.iter().filter_map(|variable| variable.strip_prefix(PREFIX));
        let is_said = in_file.values().any(|section| section.contains_key("base_url"))
            || of_environment.into_iter().any(|name| name.eq_ignore_ascii_case("base_url"));
        if !is_said {
            settings.base_url = address_at(settings.addr);
        } else if let Ok(origin) = origin(&settings.base_url) {
            settings.base_url = origin;
        }
        Ok(settings)
    }

    /// What is wrong with them, whatever this machine is like; of each setting one thing at most. Whether a mail server can be reached by them, `Post` says.
    #[must_use]
    pub fn faults(&self) -> Vec<SettingsError> {
        let is_empty = |setting, text: Option<&str>| {
            text.filter(|text| text.trim().is_empty()).map(|_| SettingsError::of(setting, "is empty"))
        };
        let token = |setting, token: &Option<Secret>| token.as_ref().and_then(|token| token_fault(setting, token));
        let faults = [
            self.database_fault(),
            origin(&self.base_url).err(),
            is_empty("content", self.content.to_str()),
            is_empty("data_dir", self.data_dir.as_deref().and_then(Path::to_str)),
            log_fault(&self.log),
            token("log_token", &self.log_token),
            token("metrics_token", &self.metrics_token),
            self.timestamp_url.as_deref().filter(|address| !is_web_address(address)).map(|_| {
                SettingsError::of(
                    "timestamp_url",
                    "must begin with https:// or http://, and have a host and no password",
                )
            }),
            self.witness_fault(),
            (!CLOCK_LIMITS.contains(&self.clock_limit_days))
                .then(|| SettingsError::of("clock_limit_days", &format!("cannot be {}", self.clock_limit_days))),
            self.sign_on_fault(),
            is_empty("oidc_client_secret", self.oidc_client_secret.as_ref().map(|secret| &*secret.0)),
            is_empty("oidc_label", self.oidc_label.as_deref()),
            is_empty("oidc_id_claim", self.oidc_id_claim.as_deref()),
            (self.trusted_proxies > MOST_PROXIES)
                .then(|| SettingsError::of("trusted_proxies", &format!("cannot be {}", self.trusted_proxies))),
        ];
        faults.into_iter().flatten().collect()
    }

    /// What is wrong with the files and folders that they name: what a server needs and is not there, or is something else.
    #[must_use]
    pub fn faults_on_disk(&self) -> Vec<SettingsError> {
        let mut faults = Vec::new();
        let content = self.content.display();
        if !self.content.is_dir() {
            faults.push(SettingsError::of("content", &format!("names a folder that is not there: {content}")));
        }
        let data_dir = self.data_dir();
        if data_dir.exists() && !data_dir.is_dir() {
            faults
                .push(SettingsError::of("data_dir", &format!("must be a folder, and {} is none", data_dir.display())));
        }
        if let Some(file) = self.sqlite_file().filter(|file| file.is_dir()) {
            faults.push(SettingsError::of(
                "database_url",
                &format!("must be a file, and {} is a folder", file.display()),
            ));
        }
        faults
    }

    /// What is wrong with the address of the database. It may hold a password, and is not repeated.
    fn database_fault(&self) -> Option<SettingsError> {
        let wrong = |words: &str| Some(SettingsError::of("database_url", words));
        match Store::check_address(&self.database_url) {
            Err(OpenError::UnknownKind) => match self.database_url.split_once("://") {
                Some((scheme, _)) => wrong(&format!("must begin with sqlite:// or postgres://, not with {scheme}://")),
                None => wrong("must begin with sqlite:// or postgres://"),
            },
            Err(_) => wrong("cannot be read as the address of a database"),
            Ok(()) if self.sqlite_file().is_some_and(|file| file.as_os_str().is_empty()) => wrong("names no file"),
            Ok(()) => None,
        }
    }

    /// Whether what is said of the witness belongs together.
    fn witness_fault(&self) -> Option<SettingsError> {
        let wrong = |setting, words: &str| Some(SettingsError::of(setting, words));
        match (&self.witness_url, &self.witness_key) {
            (None, None) => None,
            (Some(address), _) if !is_web_address(address) => {
                wrong("witness_url", "must begin with https:// or http://, and have a host and no password")
            }
            (Some(_), Some(key)) => {
                Witness::parse(key).err().and_then(|error| wrong("witness_key", &format!("cannot be read: {error}")))
            }
            (Some(_), None) => wrong("witness_url", "needs witness_key: by which its word is known"),
            (None, Some(_)) => wrong("witness_key", "needs witness_url: where that witness is asked"),
        }
    }

    /// How often another head of the signed log is published.
    #[must_use]
    pub fn checkpoint_every(&self) -> TimeDelta {
        TimeDelta::minutes(self.checkpoint_minutes.into())
    }

    /// The same where the log is published. `None`: it is not.
    #[must_use]
    pub fn publishes_every(&self) -> Option<TimeDelta> {
        self.publish_log.then(|| self.checkpoint_every())
    }

    /// Whether what is said of the provider of sign-ins belongs together.
    fn sign_on_fault(&self) -> Option<SettingsError> {
        let wrong = |setting, words: &str| Some(SettingsError::of(setting, words));
        match (&self.oidc_issuer, &self.oidc_client_id) {
            (Some(issuer), _) if !issuer.starts_with("https://") && !issuer.starts_with("http://127.0.0.1:") => {
                wrong("oidc_issuer", "must begin with https://, as the provider calls itself")
            }
            (Some(issuer), _) if !is_web_address(issuer) || issuer.contains(['?', '#']) => {
                wrong("oidc_issuer", "must have a host, and no password, question mark or number sign")
            }
            (_, Some(client)) if client.trim().is_empty() => wrong("oidc_client_id", "is empty"),
            (Some(_), None) => wrong("oidc_issuer", "needs oidc_client_id: what the provider calls this installation"),
            (None, Some(_)) => wrong("oidc_client_id", "needs oidc_issuer: whose it is"),
            (None, None) if self.oidc_only => wrong("oidc_only", "needs oidc_issuer, or nobody could sign in"),
            _ => None,
        }
    }

    /// Each setting in a line, as `induct.toml` writes it and with where it comes from. Passwords are left out.
    #[must_use]
    pub fn said(&self) -> Vec<String> {
        let in_file = Toml::file(FILE).data().unwrap_or_default();
        let in_file = |name: &str| in_file.values().any(|section| section.contains_key(name));
        let mut values = serde_json::to_value(self).unwrap_or_default();
        // Where nobody names it the folder follows from the database, and whoever looks for the keys wants to know where they are.
        values["data_dir"] = self.data_dir().display().to_string().into();
        // And whoever looks for letters, from whom they are.
        values["mail_from"] = self.sender().into();
        let said = |name: &&str| {
            let hidden = HIDDEN.contains(name);
            let value = match &values[*name] {
                serde_json::Value::Null => "none".to_owned(),
                serde_json::Value::String(text) if hidden => without_password(text),
                serde_json::Value::String(text) => format!("{text:?}"),
                other => other.to_string(),
            };
            let place = if std::env::var_os(in_environment(name)).is_some() {
                in_environment(name)
            } else if in_file(name) {
                FILE.to_owned()
            } else {
                "as it is by itself, or from the command line".to_owned()
            };
            format!("{name} = {value}  ({place})")
        };
        NAMES.iter().map(said).collect()
    }

    /// The file of a SQLite database. `None`: it is none, or lies in no file.
    #[must_use]
    pub fn sqlite_file(&self) -> Option<PathBuf> {
        let file = self.database_url.strip_prefix("sqlite:").map(|rest| rest.strip_prefix("//").unwrap_or(rest))?;
        let file = file.split('?').next().unwrap_or(file);
        (!file.starts_with(':')).then(|| PathBuf::from(file))
    }

    /// The folder of the signed log's key and state file.
    #[must_use]
    pub fn data_dir(&self) -> PathBuf {
        if let Some(folder) = &self.data_dir {
            return folder.clone();
        }
        match self.sqlite_file().as_deref().and_then(Path::parent) {
            Some(folder) if folder.as_os_str().is_empty() => PathBuf::from("."),
            Some(folder) => folder.to_owned(),
            None => PathBuf::from("data"),
        }
    }

    /// The same settings of a server that listens there: where nobody says under which address people use it, that is the one, with the port that the
    /// system chose.
    #[must_use]
    pub fn listening_at(mut self, addr: SocketAddr) -> Self {
        if self.base_url == address_at(self.addr) {
            self.base_url = address_at(addr);
        }
        self.addr = addr;
        self
    }

    /// The host of the address that people use, with its port if it has one.
    #[must_use]
    pub fn host(&self) -> &str {
        self.base_url.split_once("://").map_or(&*self.base_url, |(_, host)| host)
    }

    /// The name of the host of the address that people use, without its port. Where that is a number of IPv6, it is called after this machine.
    #[must_use]
    pub fn host_name(&self) -> &str {
        let host = self.host();
        let is_port = |port: &str| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
        match host.rsplit_once(':').map_or(host, |(name, port)| if is_port(port) { name } else { host }) {
            number if number.starts_with('[') => "localhost",
            name => name,
        }
    }

    /// From whom letters are. Where nobody says it and people reach the site by a number, from this machine's own name.
    #[must_use]
    pub fn sender(&self) -> String {
        self.mail_from.clone().unwrap_or_else(|| {
            let host = self.host_name();
            format!("induct@{}", if host.parse::<IpAddr>().is_ok() { "localhost" } else { host })
        })
    }

    /// The site for which people make passkeys. `None`: for none, because they sign in with their organisation alone, or because browsers make none for
    /// such an address: they want TLS and a name, unless it is this very machine under its own name.
    #[must_use]
    pub fn passkey_site(&self) -> Option<PasskeySite> {
        let host = self.host().rsplit_once(':').map_or(self.host(), |(host, _)| host);
        let is_name = host.parse::<IpAddr>().is_err() && !host.starts_with('[');
        let may = !self.oidc_only && is_name && (self.is_secure() || host == "localhost");
        may.then(|| PasskeySite { host: host.to_owned(), origin: self.base_url.clone() })
    }

    /// Whether people reach this installation over TLS.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.base_url.starts_with("https://")
    }

    /// The place in the network that a request comes from: an IPv4 address, or the first half of an IPv6 address, since whoever
    /// has one of those has all that begin with it. Behind proxies it is the one that the outermost trusted proxy saw: what
    /// stands further left in `X-Forwarded-For` may be anybody's invention.
    #[must_use]
    pub fn place_of(&self, connection: Option<SocketAddr>, headers: &HeaderMap) -> String {
        // Found by its place before it is read: whatever cannot be read must not shift the others.
        let seen_by_proxy = self.trusted_proxies.checked_sub(1).and_then(|outermost| {
            let values = headers.get_all("x-forwarded-for").iter();
            let entries: Vec<&str> = values.flat_map(|value| value.to_str().unwrap_or("?").split(',')).collect();
            entries.iter().rev().nth(outermost).and_then(|entry| address(entry.trim()))
        });
        seen_by_proxy.or(connection.map(|connection| connection.ip())).map(place).unwrap_or_default()
    }
}

/// An address as proxies write it: alone or with a port, IPv6 with or without brackets.
fn address(entry: &str) -> Option<IpAddr> {
    let bare = entry.strip_prefix('[').and_then(|entry| entry.strip_suffix(']')).unwrap_or(entry);
    bare.parse().ok().or_else(|| entry.parse().ok().map(|with_port: SocketAddr| with_port.ip()))
}

fn place(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{}/64", Ipv6Addr::from([a, b, c, d, 0, 0, 0, 0]))
        }
    }
}

/// An address with a name and a password in it, without these; something that is no address, not at all.
fn without_password(address: &str) -> String {
    match address.split_once("://") {
        Some((scheme, rest)) => match rest.rsplit_once('@') {
            Some((_, host)) => format!("\"{scheme}://…@{host}\""),
            None => format!("\"{address}\""),
        },
        None => "…".to_owned(),
    }
}

/// Where this machine reaches a server that listens there.
fn address_at(addr: SocketAddr) -> String {
    let mut addr = addr;
    if addr.ip().is_unspecified() {
        addr.set_ip(if addr.is_ipv4() { Ipv4Addr::LOCALHOST.into() } else { Ipv6Addr::LOCALHOST.into() });
    }
    format!("http://{addr}")
}

/// The address of the site without the slash at its end.
fn origin(base_url: &str) -> Result<String, SettingsError> {
    let wrong = |what: &str| Err(SettingsError::of("base_url", &format!("{what}, not {base_url}")));
    let Some((scheme @ ("http" | "https"), rest)) = base_url.split_once("://") else {
        return wrong("must begin with http:// or https://");
    };
    let host = rest.strip_suffix('/').unwrap_or(rest);
    if host.is_empty() || host.contains(['?', '#', '@']) || host.contains(char::is_whitespace) {
        return wrong("must be a host such as https://induct.example");
    }
    if host.contains('/') {
        return wrong(
            "must end with the host, because Induct cannot be served below a path: give it a host of its own",
        );
    }
    let authority: Option<Authority> = host.parse().ok();
    let Some(authority) = authority.filter(|authority| !authority.host().is_empty()) else {
        return wrong("must be a host such as https://induct.example");
    };
    if authority.as_str().len() > authority.host().len() && authority.port_u16().is_none() {
        return wrong("must end with the host, or with a port from 1 to 65535");
    }
    Ok(format!("{scheme}://{host}"))
}

/// The settings out of all places, each of its kind.
fn extracted(places: Figment) -> Result<Settings, SettingsError> {
    places.extract().map_err(|error: figment::Error| {
        let setting = error.path.first().and_then(|path| NAMES.into_iter().find(|name| *name == path.as_str()));
        match setting {
            // What was written there may be a secret.
            Some(setting) if HIDDEN.contains(&setting) => SettingsError::of(
                setting,
                "cannot be read: it is a text, between quotation marks where it has digits alone",
            ),
            Some(setting) => SettingsError::of(setting, &format!("cannot be read: {}", error.kind)),
            None => SettingsError::with(error.to_string(), String::new()),
        }
    })
}

/// What is wrong with what somebody is to show. It is not repeated.
fn token_fault(setting: &'static str, token: &Secret) -> Option<SettingsError> {
    if token.0.len() < SHORTEST_TOKEN {
        Some(SettingsError::of(setting, &format!("must have at least {SHORTEST_TOKEN} characters")))
    } else if !token.0.bytes().all(|byte| byte.is_ascii_graphic()) {
        Some(SettingsError::of(setting, "has a blank or a letter with an accent, which cannot be shown in a header"))
    } else {
        None
    }
}

/// What is wrong with what is to be logged. A word by itself that is no level would be taken for the name of a part, and silence everything else.
fn log_fault(log: &str) -> Option<SettingsError> {
    let is_level = |part: &str| part.parse::<LevelFilter>().is_ok();
    let no_level = log.split(',').map(str::trim).find(|part| !part.contains('=') && !is_level(part));
    match (EnvFilter::try_new(log), no_level) {
        _ if log.trim().is_empty() => Some(SettingsError::of("log", "is empty")),
        (Err(error), _) => Some(SettingsError::of("log", &format!("cannot be read: {error}"))),
        (Ok(_), Some(part)) if !log.contains('[') => {
            Some(SettingsError::of("log", &format!("has {part}, which is no level")))
        }
        (Ok(_), _) => None,
    }
}

fn check_file<'n>(mut names: impl Iterator<Item = &'n str>) -> Result<(), SettingsError> {
    match names.find(|name| !NAMES.contains(name)) {
        Some(name) => Err(unknown(name, FILE, name, str::to_owned)),
        None => Ok(()),
    }
}

fn check_variables<'n>(names: impl Iterator<Item = &'n str>) -> Result<(), SettingsError> {
    for variable in names.filter(|name| !OF_THE_WORKSHOP.contains(name)) {
        let Some(name) = variable.strip_prefix(PREFIX).map(str::to_lowercase) else { continue };
        if !NAMES.contains(&name.as_str()) {
            return Err(unknown(variable, "the environment", &name, in_environment));
        }
    }
    Ok(())
}

fn in_environment(name: &str) -> String {
    format!("{PREFIX}{}", name.to_uppercase())
}

/// Refuses a name that means nothing: it may be a misspelt one that means much, such as the address of the database.
fn unknown(written: &str, place: &str, name: &str, write: impl Fn(&str) -> String) -> SettingsError {
    let nearest = NAMES.into_iter().map(|known| (strsim::normalized_damerau_levenshtein(name, known), known));
    let nearest = nearest.filter(|(likeness, _)| *likeness > 0.6).max_by(|(a, _), (b, _)| a.total_cmp(b));
    let advice = match nearest {
        Some((_, known)) => format!("did you mean {}?", write(known)),
        None => format!("there are {}", NAMES.map(write).join(", ")),
    };
    SettingsError::with(format!("there is no {written}, which {place} has"), advice)
}

/// Whether something can be asked at an address: over TLS or not, because what is asked may be signed itself.
fn is_web_address(address: &str) -> bool {
    let Ok(uri) = address.parse::<axum::http::Uri>() else { return false };
    matches!(uri.scheme_str(), Some("https" | "http"))
        && uri.authority().is_some_and(|authority| !authority.as_str().contains('@'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(trusted_proxies: usize, forwarded: &str) -> String {
        let settings = Settings { trusted_proxies, ..Settings::default() };
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", forwarded.parse().unwrap());
        settings.place_of(Some(SocketAddr::from(([10, 0, 0, 1], 9))), &headers)
    }

    #[test]
    fn who_says_no_address_is_reached_where_the_server_listens() {
        for (addr, reached) in [
            ("127.0.0.1:4100", "http://127.0.0.1:4100"),
            ("0.0.0.0:80", "http://127.0.0.1:80"),
            ("[::]:4100", "http://[::1]:4100"),
        ] {
            assert_eq!(address_at(addr.parse().unwrap()), reached);
            let unsaid = Settings::default().listening_at(addr.parse().unwrap());
            assert_eq!(unsaid.base_url, reached);
            let said = Settings { base_url: "https://induct.example".to_owned(), ..Settings::default() };
            assert_eq!(said.listening_at(addr.parse().unwrap()).base_url, "https://induct.example");
        }
    }

    #[test]
    fn without_trusted_proxies_nobody_can_invent_an_address() {
        assert_eq!(address(0, "1.1.1.1, 2.2.2.2"), "10.0.0.1");
    }

    #[test]
    fn behind_proxies_only_what_they_saw_counts() {
        assert_eq!(address(1, "1.1.1.1, 2.2.2.2"), "2.2.2.2");
        assert_eq!(address(2, "9.9.9.9, 1.1.1.1, 2.2.2.2"), "1.1.1.1");
        assert_eq!(address(3, "1.1.1.1"), "10.0.0.1");
    }

    #[test]
    fn what_a_client_writes_shifts_nothing_even_when_it_cannot_be_read() {
        assert_eq!(address(1, "1.1.1.1, 2.2.2.2:4711"), "2.2.2.2");
        assert_eq!(address(2, "9.9.9.9, 1.1.1.1:80, unknown"), "1.1.1.1");
        assert_eq!(address(1, "1.1.1.1, unknown"), "10.0.0.1");
        assert_eq!(address(1, "1.1.1.1,"), "10.0.0.1");
    }

    #[test]
    fn whoever_has_one_address_of_ipv6_has_all_that_begin_alike() {
        for written in ["2001:db8:1:2:3::4", "[2001:db8:1:2::9]:443", "[2001:db8:1:2:ffff::]"] {
            assert_eq!(address(1, written), "2001:db8:1:2::/64", "{written}");
        }
        assert_eq!(address(1, "::ffff:192.0.2.7"), "192.0.2.7");
    }

    #[test]
    fn what_is_said_of_a_provider_of_sign_ins_belongs_together() {
        let some = |text: &str| Some(text.to_owned());
        let said = |issuer: Option<&str>, client: Option<&str>, oidc_only| {
            let (oidc_issuer, oidc_client_id) = (issuer.and_then(some), client.and_then(some));
            let settings = Settings { oidc_issuer, oidc_client_id, oidc_only, ..Settings::default() };
            settings.sign_on_fault().map(|error| error.to_string()).unwrap_or_default()
        };
        let (issuer, client) = (Some("https://login.example"), Some("induct"));
        for (issuer, client, only) in [(None, None, false), (issuer, client, false), (issuer, client, true)] {
            assert_eq!(said(issuer, client, only), "");
        }
        assert_eq!(said(Some("http://127.0.0.1:4711"), client, false), "");
        assert!(said(Some("http://login.example"), client, false).contains("https://"));
        assert!(said(issuer, None, false).contains("oidc_client_id"));
        assert!(said(None, client, false).contains("oidc_issuer"));
        assert!(said(None, None, true).contains("nobody could sign in"));
    }

    #[test]
    fn a_misspelt_name_is_refused_with_the_one_that_was_meant() {
        let said = |outcome: Result<(), SettingsError>| outcome.unwrap_err().to_string();
        assert_eq!(
            said(check_variables(["PATH", "INDUCT_DATABSE_URL"].into_iter())),
            "a setting is wrong: there is no INDUCT_DATABSE_URL, which the environment has; did you mean \
             INDUCT_DATABASE_URL?"
        );
        assert_eq!(
            said(check_file(["addr", "trusted_proxy"].into_iter())),
            "a setting is wrong: there is no trusted_proxy, which induct.toml has; did you mean trusted_proxies?"
        );
        assert!(said(check_variables(["INDUCT_COLOUR"].into_iter())).ends_with(
            "there are INDUCT_DATABASE_URL, INDUCT_ADDR, INDUCT_BASE_URL, INDUCT_CONTENT, INDUCT_DATA_DIR, INDUCT_LOG, INDUCT_PUBLISH_LOG, \
             INDUCT_CHECKPOINT_MINUTES, INDUCT_LOG_TOKEN, INDUCT_METRICS_TOKEN, INDUCT_TIMESTAMP_URL, INDUCT_WITNESS_URL, INDUCT_WITNESS_KEY, INDUCT_CLOCK_LIMIT_DAYS, INDUCT_SMTP_URL, INDUCT_MAIL_FROM, INDUCT_OIDC_ISSUER, \
             INDUCT_OIDC_CLIENT_ID, INDUCT_OIDC_CLIENT_SECRET, INDUCT_OIDC_LABEL, INDUCT_OIDC_ID_CLAIM, INDUCT_OIDC_ONLY, INDUCT_TRUSTED_PROXIES"
        ));
        assert!(check_variables(["INDUCT_ADDR", "INDUCT_BIN", "HOME"].into_iter()).is_ok());
        assert!(check_file(NAMES.into_iter()).is_ok());
    }

    #[test]
    fn what_is_no_level_is_not_logged_by() {
        for right in ["info", "warn,server=debug", "off", "info,[request]=debug"] {
            assert!(log_fault(right).is_none(), "{right}");
        }
        for wrong in ["", " ", "verbose", "info,debg", "server=loud"] {
            assert!(log_fault(wrong).is_some(), "{wrong}");
        }
    }

    #[test]
    fn a_secret_that_is_not_of_its_kind_is_not_repeated() {
        let places = Figment::from(Serialized::defaults(Settings::default()));
        let said = extracted(places.merge(Serialized::default("log_token", 12_345_678))).unwrap_err().to_string();
        assert!(said.contains("log_token") && !said.contains("12345678"), "{said}");
    }

    #[test]
    fn every_setting_has_its_name_and_what_puts_it_right() {
        assert_eq!(MENDS.map(|(name, _)| name), NAMES);
        let fields = serde_json::to_value(Settings::default()).unwrap();
        let fields: Vec<&str> = fields.as_object().unwrap().keys().map(String::as_str).collect();
        let mut names = NAMES.to_vec();
        names.sort_unstable();
        assert_eq!(fields, names);
    }

    #[test]
    fn settings_are_said_without_passwords() {
        let settings = Settings {
            database_url: "postgres://amy:s3cret@db/induct".to_owned(),
            smtp_url: Some(Secret("smtp://amy:s3cret@mail.example:587".to_owned())),
            log_token: Some(Secret("s3cret that is long enough".to_owned())),
            ..Settings::default()
        };
        let said = settings.said().join("\n");
        assert!(!said.contains("s3cret"), "{said}");
        assert!(said.contains("database_url = \"postgres://…@db/induct\""), "{said}");
        assert!(said.contains("smtp_url = \"smtp://…@mail.example:587\"") && said.contains("log_token = …"), "{said}");
    }

    #[test]
    fn the_key_of_the_log_lies_beside_a_sqlite_database() {
        let beside = |url: &str| Settings { database_url: url.to_owned(), ..Settings::default() }.data_dir();
        assert_eq!(beside("sqlite://data/induct.db"), PathBuf::from("data"));
        assert_eq!(beside("sqlite:///var/lib/induct/induct.db?mode=rwc"), PathBuf::from("/var/lib/induct"));
        assert_eq!(beside("sqlite:induct.db"), PathBuf::from("."));
        assert_eq!(beside("sqlite::memory:"), PathBuf::from("data"));
        assert_eq!(beside("postgres://amy@db/induct"), PathBuf::from("data"));
        let shown =
            Settings { database_url: "sqlite:///var/lib/induct/induct.db".to_owned(), ..Settings::default() }.said();
        assert!(shown.iter().any(|line| line.starts_with("data_dir = \"/var/lib/induct\"")), "{shown:?}");
        let given = Settings { data_dir: Some(PathBuf::from("keys")), ..Settings::default() };
        assert_eq!(given.data_dir(), PathBuf::from("keys"));
        assert_eq!(Settings::default().host(), "127.0.0.1:3000");
    }

    #[test]
    fn letters_are_from_the_host_of_the_site_unless_it_is_said() {
        let sender = |base_url: &str, mail_from: Option<&str>| {
            let mail_from = mail_from.map(str::to_owned);
            Settings { base_url: base_url.to_owned(), mail_from, ..Settings::default() }.sender()
        };
        for (base_url, from) in [
            ("https://induct.example", "induct@induct.example"),
            ("https://induct.example:8443", "induct@induct.example"),
            ("http://127.0.0.1:3000", "induct@localhost"),
            ("http://[::1]:3000", "induct@localhost"),
            ("http://[::1]", "induct@localhost"),
        ] {
            assert_eq!(sender(base_url, None), from, "{base_url}");
            assert_eq!(sender(base_url, Some("Northfield <n@x.example>")), "Northfield <n@x.example>");
        }
    }

    #[test]
    fn the_address_of_the_site_has_no_path() {
        assert_eq!(origin("https://induct.example/").unwrap(), "https://induct.example");
        assert_eq!(origin("http://127.0.0.1:3000").unwrap(), "http://127.0.0.1:3000");
        assert!(origin("https://example.org/induct").unwrap_err().to_string().contains("a host of its own"));
        for wrong in [
            "induct.example",
            "ftp://induct.example",
            "https://",
            "https:///",
            "https://a?b",
            "https://a b",
            "https://:8080",
            "https://a:port",
            "https://a:99999",
        ] {
            assert!(origin(wrong).is_err(), "{wrong}");
        }
    }
}
