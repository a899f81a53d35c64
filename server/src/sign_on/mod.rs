//! Signing in with an account of the organisation: OpenID Connect's code flow with PKCE, a state and a nonce, against one provider.
//!
//! It speaks with that provider and looks at what it says. Who somebody is here, the engine says. Invariants: the provider is asked only over
//! TLS, or on this very machine; its redirects are not followed; nothing of a token, a code or a person stands in a log.

mod ask;
mod id_token;
mod provider;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use engine::{SignOnTry, SignedOn};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use tokio::sync::Mutex;

use crate::settings::{Secret, Settings};
pub(crate) use id_token::TokenFault;
use id_token::{Expected, verify};
use provider::Provider;
pub(crate) use provider::ProviderError;

/// Signing in with an account of the organisation.
pub struct SignOn {
    issuer: String,
    client_id: String,
    client_secret: Option<Secret>,
    /// What the button calls it.
    pub label: String,
    /// The claim that has what this installation knows as the id of another system.
    id_claim: Option<String>,
    /// Whether people sign in with nothing else.
    pub only: bool,
    redirect_uri: String,
    known: Mutex<Option<Provider>>,
}

/// What the provider sends somebody back with.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Returned {
    code: String,
    state: String,
    /// Which provider it is (RFC 9207).
    iss: Option<String>,
    error: Option<String>,
}

/// Why somebody was not signed in by the provider; in the log, without anything about them.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SignOnFault {
    /// The provider cannot be asked.
    #[error(transparent)]
    Provider(#[from] ProviderError),
    /// They come back with a state that this browser was not sent away with.
    #[error("the state is not this browser's")]
    State,
    /// They come back from another provider.
    #[error("another provider sent them back")]
    Issuer,
    /// The provider let them go without signing them in, or they did not want to.
    #[error("the provider did not sign them in")]
    NotSignedIn,
    /// What the provider said of them does not count.
    #[error(transparent)]
    Token(#[from] TokenFault),
}

/// Who must show who they are again must have done so within this long.
const ANEW: TimeDelta = TimeDelta::minutes(10);

impl SignOn {
    /// As the settings have it. `None`: they have no provider.
    pub(crate) fn of(settings: &Settings) -> Option<Self> {
        Some(Self {
            issuer: settings.oidc_issuer.clone()?,
            client_id: settings.oidc_client_id.clone()?,
            client_secret: settings.oidc_client_secret.clone(),
            label: settings.oidc_label.clone().unwrap_or_else(|| "your organisation’s account".to_owned()),
            id_claim: settings.oidc_id_claim.clone(),
            only: settings.oidc_only,
            redirect_uri: format!("{}/sign-in/back", settings.base_url),
            known: Mutex::new(None),
        })
    }

    /// Where a browser goes to sign in.
    pub(crate) async fn address(&self, begun: &SignOnTry, now: DateTime<Utc>) -> Result<String, SignOnFault> {
        let provider = self.provider(now).await?;
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(begun.verifier.as_bytes()));
        let mut asks = vec![
            ("response_type", "code"),
            ("client_id", &*self.client_id),
            ("redirect_uri", &*self.redirect_uri),
            ("scope", "openid email profile"),
            ("state", &*begun.state),
            ("nonce", &*begun.nonce),
            ("code_challenge", &*challenge),
            ("code_challenge_method", "S256"),
        ];
        if begun.anew {
            asks.extend([("prompt", "login"), ("max_age", "0")]);
        }
        Ok(with_query(&provider.authorization_endpoint, &asks))
    }

    /// Who came back, if everything is right.
    pub(crate) async fn finish(
        &self,
        begun: &SignOnTry,
        returned: &Returned,
        now: DateTime<Utc>,
    ) -> Result<SignedOn, SignOnFault> {
        if returned.state != begun.state {
            return Err(SignOnFault::State);
        }
        if returned.iss.as_ref().is_some_and(|iss| *iss != self.issuer) {
            return Err(SignOnFault::Issuer);
        }
        if returned.error.is_some() || returned.code.is_empty() {
            return Err(SignOnFault::NotSignedIn);
        }
        let provider = self.provider(now).await?;
        if provider.says_who_it_is && returned.iss.is_none() {
            return Err(SignOnFault::Issuer);
        }
        let asks = [
            ("grant_type", "authorization_code"),
            ("code", &*returned.code),
            ("redirect_uri", &*self.redirect_uri),
            ("code_verifier", &*begun.verifier),
        ];
        let token = provider.exchange(&asks, &self.client_id, self.client_secret.as_ref()).await?;
        let within = begun.anew.then_some(ANEW);
        let (issuer, client_id, nonce) = (&*self.issuer, &*self.client_id, &*begun.nonce);
        let expected = Expected { issuer, client_id, nonce, now, within };
        let claims = match verify(&token, &provider.keys, &expected) {
            // They may have changed their keys since they were asked.
            Err(TokenFault::UnknownKey) => verify(&token, &self.ask_again(now).await?.keys, &expected)?,
            verified => verified?,
        };
        Ok(SignedOn {
            issuer: self.issuer.clone(),
            external_id: self.id_claim.as_ref().and_then(|name| claims.other(name)),
            email: claims.verified_email(),
            subject: claims.sub,
        })
    }

    /// Where somebody also ends what they have with the provider. `None`: it has no such address, or was never asked.
    pub(crate) async fn out_address(&self) -> Option<String> {
        let known = self.known.lock().await;
        let address = known.as_ref()?.end_session_endpoint.clone()?;
        Some(with_query(&address, &[("client_id", &*self.client_id)]))
    }

    /// Whether the provider answers and is the one that the settings name.
    pub(crate) async fn greet(&self, now: DateTime<Utc>) -> Result<(), ProviderError> {
        self.provider(now).await.map(drop)
    }

    async fn provider(&self, now: DateTime<Utc>) -> Result<Provider, ProviderError> {
        let mut known = self.known.lock().await;
        if let Some(provider) = known.as_ref().filter(|provider| provider.holds_at(now)) {
            return Ok(provider.clone());
        }
        Ok(known.insert(Provider::find(&self.issuer, now).await?).clone())
    }

    async fn ask_again(&self, now: DateTime<Utc>) -> Result<Provider, ProviderError> {
        let mut known = self.known.lock().await;
        match known.as_ref() {
            // Nobody makes us ask all the time by sending tokens with keys that there are not.
            Some(provider) if provider.was_just_found(now) => Ok(provider.clone()),
            _ => Ok(known.insert(Provider::find(&self.issuer, now).await?).clone()),
        }
    }
}

/// An address with more in its query.
fn with_query(address: &str, asks: &[(&str, &str)]) -> String {
    let query = serde_html_form::to_string(asks).unwrap_or_default();
    let joint = if address.contains('?') { '&' } else { '?' };
    format!("{address}{joint}{query}")
}
