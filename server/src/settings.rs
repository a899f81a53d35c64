//! Settings: the command line first, then the environment (`INDUCT_…`), then `induct.toml`, then these defaults.

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

use axum::http::HeaderMap;
use figment::{
    Figment,
    providers::{Env, Format as _, Serialized, Toml},
};
use serde::{Deserialize, Serialize};

/// How an installation is set up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// `sqlite://FILE` or `postgres://…`.
    pub database_url: String,
    /// The address and port to listen on.
    pub addr: SocketAddr,
    /// The address that people use, such as `https://induct.example`; cookies are marked secure when it begins with https.
    pub base_url: String,
    /// The folder that holds `organisation.toml`, `modules/` and so on.
    pub content: PathBuf,
    /// What to log, such as `info` or `server=debug`.
    pub log: String,
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
            log: "info".to_owned(),
            trusted_proxies: 0,
        }
    }
}

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

/// A setting is wrong; the text says which, where it stands and what was expected.
#[derive(Debug, thiserror::Error)]
#[error("a setting is wrong: {0}")]
pub struct SettingsError(String);

impl Settings {
    /// Reads the settings.
    ///
    /// # Errors
    /// [`SettingsError`] names the first one that is wrong, or that is not known.
    pub fn read(overrides: &Overrides) -> Result<Self, SettingsError> {
        let settings: Self = Figment::from(Serialized::defaults(Self::default()))
            .merge(Toml::file("induct.toml"))
            .merge(Env::prefixed("INDUCT_").only(&[
                "database_url",
                "addr",
                "base_url",
                "content",
                "log",
                "trusted_proxies",
            ]))
            .merge(Serialized::defaults(overrides))
            .extract()
            .map_err(|error| SettingsError(error.to_string()))?;
        if !settings.base_url.starts_with("http://") && !settings.base_url.starts_with("https://") {
            return Err(SettingsError(format!(
                "base_url must begin with http:// or https://, not {}",
                settings.base_url
            )));
        }
        Ok(settings)
    }

    /// Whether people reach this installation over TLS.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.base_url.starts_with("https://")
    }

    /// The network address that a request comes from. Behind proxies it is the one that the outermost trusted proxy saw:
    /// what stands further left in `X-Forwarded-For` may be anybody's invention.
    #[must_use]
    pub fn address_of(&self, connection: Option<SocketAddr>, headers: &HeaderMap) -> String {
        let forwarded: Vec<IpAddr> = headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .filter_map(|address| address.trim().parse().ok())
            .collect();
        let seen_by_proxy = self
            .trusted_proxies
            .checked_sub(1)
            .and_then(|outermost| forwarded.iter().rev().nth(outermost))
            .map(IpAddr::to_string);
        seen_by_proxy.or_else(|| connection.map(|connection| connection.ip().to_string())).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(trusted_proxies: usize, forwarded: &str) -> String {
        let settings = Settings { trusted_proxies, ..Settings::default() };
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", forwarded.parse().unwrap());
        settings.address_of(Some(SocketAddr::from(([10, 0, 0, 1], 9))), &headers)
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
}
