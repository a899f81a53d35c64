use axum::http::{Method, Request, StatusCode, header};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use super::{id_token::Key, may_be_asked::may_be_asked};
use crate::{
    ask::{Answer, AskError, ask},
    settings::Secret,
};

/// What a provider says of itself, and its keys.
#[derive(Clone)]
pub(super) struct Provider {
    issuer: String,
    pub(super) authorization_endpoint: String,
    token_endpoint: String,
    pub(super) end_session_endpoint: Option<String>,
    /// Whether it says who it is when it sends somebody back (RFC 9207).
    pub(super) says_who_it_is: bool,
    /// Whether it takes our secret in the form alone.
    secret_in_form: bool,
    pub(super) keys: Vec<Key>,
    found_at: DateTime<Utc>,
}

/// Why the provider is of no use, in one line without anything secret.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum ProviderError {
    /// It did not answer.
    #[error("the provider of sign-ins: {0}")]
    Silent(String),
    /// It answered something else.
    #[error("the provider of sign-ins answers {asked} with {status}")]
    Answered {
        /// What it was asked for.
        asked: &'static str,
        /// With what status.
        status: StatusCode,
    },
    /// What it says cannot be read.
    #[error("what the provider of sign-ins says of {0} cannot be read")]
    Unreadable(&'static str),
    /// It is another than the one that the settings name.
    #[error("the provider of sign-ins calls itself {0}, which is another than oidc_issuer")]
    Another(String),
}

impl From<AskError> for ProviderError {
    fn from(error: AskError) -> Self {
        Self::Silent(error.to_string())
    }
}

#[derive(Deserialize)]
struct Discovered {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    #[serde(default)]
    end_session_endpoint: Option<String>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct KeySet {
    keys: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
}

/// Providers change their keys, and rarely.
const HOLDS: TimeDelta = TimeDelta::hours(1);

const JUST: TimeDelta = TimeDelta::minutes(1);

impl Provider {
    /// Asks a provider who it is (OpenID Connect Discovery 1.0).
    pub(super) async fn find(issuer: &str, now: DateTime<Utc>) -> Result<Self, ProviderError> {
        let address = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let found: Discovered = get(&address, issuer, "itself").await?;
        if found.issuer != issuer {
            return Err(ProviderError::Another(found.issuer));
        }
        let may_be = |address: &String| may_be_asked(address, issuer);
        if ![&found.authorization_endpoint, &found.token_endpoint].into_iter().all(may_be) {
            return Err(ProviderError::Unreadable("its addresses"));
        }
        let set: KeySet = get(&found.jwks_uri, issuer, "its keys").await?;
        let methods = found.token_endpoint_auth_methods_supported.unwrap_or_default();
        let takes = |name: &str| methods.iter().any(|method| method == name);
        Ok(Self {
            issuer: found.issuer,
            authorization_endpoint: found.authorization_endpoint,
            token_endpoint: found.token_endpoint,
            end_session_endpoint: found.end_session_endpoint.filter(may_be),
            says_who_it_is: found.authorization_response_iss_parameter_supported,
            secret_in_form: takes("client_secret_post") && !takes("client_secret_basic"),
            // A key of a kind that is not known here does not spoil the others.
            keys: set.keys.into_iter().filter_map(|key| serde_json::from_value(key).ok()).collect(),
            found_at: now,
        })
    }

    pub(super) fn holds_at(&self, now: DateTime<Utc>) -> bool {
        self.found_at <= now && now < self.found_at + HOLDS
    }

    pub(super) fn was_just_found(&self, now: DateTime<Utc>) -> bool {
        self.found_at <= now && now < self.found_at + JUST
    }

    /// Gives a code for an identity token.
    pub(super) async fn exchange(
        &self,
        asks: &[(&str, &str)],
        client_id: &str,
        secret: Option<&Secret>,
    ) -> Result<String, ProviderError> {
        let mut fields = asks.to_vec();
        let mut request = Request::builder()
            .method(Method::POST)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT, "application/json");
        match secret {
            Some(secret) if !self.secret_in_form => {
                let pair = format!("{}:{}", encoded(client_id), encoded(&secret.0));
                request = request.header(header::AUTHORIZATION, format!("Basic {}", STANDARD.encode(pair)));
            }
            Some(secret) => fields.extend([("client_id", client_id), ("client_secret", &*secret.0)]),
            None => fields.push(("client_id", client_id)),
        }
        let what = "a code";
        let body = serde_html_form::to_string(&fields).map_err(|_| ProviderError::Unreadable(what))?;
        let request = request.body(()).map_err(|_| ProviderError::Unreadable(what))?;
        let answer = ask_provider(&self.token_endpoint, &self.issuer, request, body).await?;
        if answer.status != StatusCode::OK {
            return Err(ProviderError::Answered { asked: what, status: answer.status });
        }
        let tokens: Tokens = serde_json::from_slice(&answer.body).map_err(|_| ProviderError::Unreadable("a code"))?;
        Ok(tokens.id_token)
    }
}

/// As RFC 6749, section 2.3.1, wants name and secret written before they are joined.
fn encoded(text: &str) -> String {
    let pair = serde_html_form::to_string([("", text)]).unwrap_or_default();
    pair.trim_start_matches('=').to_owned()
}

async fn get<T: for<'de> Deserialize<'de>>(
    address: &str,
    issuer: &str,
    what: &'static str,
) -> Result<T, ProviderError> {
    let request = Request::builder().method(Method::GET).header(header::ACCEPT, "application/json").body(());
    let request = request.map_err(|_| ProviderError::Unreadable(what))?;
    let answer = ask_provider(address, issuer, request, String::new()).await?;
    if answer.status != StatusCode::OK {
        return Err(ProviderError::Answered { asked: what, status: answer.status });
    }
    serde_json::from_slice(&answer.body).map_err(|_| ProviderError::Unreadable(what))
}

/// Asks the provider that the settings call `issuer` something, if its address may be asked.
async fn ask_provider(address: &str, issuer: &str, request: Request<()>, body: String) -> Result<Answer, AskError> {
    if may_be_asked(address, issuer) {
        ask(address, request, body.into()).await
    } else {
        Err(AskError::Address(address.to_owned()))
    }
}
