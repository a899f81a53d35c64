//! Signing in with an account of the organisation: OpenID Connect's code flow with PKCE, a state and a nonce, against one provider.
//!
//! It speaks with that provider and looks at what it says. Who somebody is here, the engine says. Invariants: the provider is asked only over
//! TLS, or, where the settings name it so, on this very machine; its redirects are not followed; nobody who signs out waits for it; nothing of a
//! token, a code or a person stands in a log.

mod id_token;
mod may_be_asked;
mod provider;

use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use engine::{Engine, SignOnTry, SignedOn};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

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
    /// Held for no longer than it takes to look.
    known: Mutex<Known>,
    /// Whoever asks the provider holds this, so that one asks for all.
    asking: tokio::sync::Mutex<()>,
}

/// What is known of the provider.
#[derive(Default)]
struct Known {
    /// As it was when it last answered.
    provider: Option<Provider>,
    /// When it last failed to, and why, unless it has answered since.
    failed: Option<(DateTime<Utc>, ProviderError)>,
}

impl Known {
    /// What there is without asking: what the provider said while that holds, and what became of asking it while that is hardly over.
    fn at(&self, now: DateTime<Utc>) -> Option<Result<Provider, ProviderError>> {
        if let Some(provider) = self.provider.as_ref().filter(|provider| provider.holds_at(now)) {
            return Some(Ok(provider.clone()));
        }
        let error = self.has_just_failed(now)?;
        Some(self.provider.clone().ok_or_else(|| error.clone()))
    }

    fn has_just_failed(&self, now: DateTime<Utc>) -> Option<&ProviderError> {
        let (failed_at, error) = self.failed.as_ref()?;
        (*failed_at <= now && now < *failed_at + FAILED).then_some(error)
    }
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
    /// They did not want to go on there, or the provider does not let them.
    #[error("they stopped at the provider, or it does not let them in here")]
    Stopped,
    /// The provider let them go without signing them in.
    #[error("the provider did not sign them in")]
    NotSignedIn,
    /// What the provider said of them does not count.
    #[error(transparent)]
    Token(#[from] TokenFault),
}

/// Who must show who they are again must have done so within this long.
const ANEW: TimeDelta = TimeDelta::minutes(10);

/// A provider that failed is left alone for this long: others do not wait for the same.
const FAILED: TimeDelta = TimeDelta::seconds(10);

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
            known: Mutex::default(),
            asking: tokio::sync::Mutex::default(),
        })
    }

    /// Where a browser goes to sign in.
    pub(crate) async fn address(&self, begun: &SignOnTry, engine: &Engine) -> Result<String, SignOnFault> {
        let provider = self.provider(|| engine.now()).await?;
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
        engine: &Engine,
    ) -> Result<SignedOn, SignOnFault> {
        if returned.state != begun.state {
            return Err(SignOnFault::State);
        }
        if returned.iss.as_ref().is_some_and(|iss| *iss != self.issuer) {
            return Err(SignOnFault::Issuer);
        }
        if returned.error.as_deref() == Some("access_denied") {
            return Err(SignOnFault::Stopped);
        }
        if returned.error.is_some() || returned.code.is_empty() {
            return Err(SignOnFault::NotSignedIn);
        }
        let provider = self.provider(|| engine.now()).await?;
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
        let now = engine.now();
        // A provider that does not ask again whom it knows says when they last signed in there: before they left here.
        let within = begun.anew.then(|| ANEW.min(begun.gone_for(engine.steady_now())));
        let (issuer, client_id, nonce) = (&*self.issuer, &*self.client_id, &*begun.nonce);
        let expected = Expected { issuer, client_id, nonce, now, within };
        let claims = match verify(&token, &provider.keys, &expected) {
            // They may have changed their keys since they were asked.
            Err(TokenFault::UnknownKey) => verify(&token, &self.ask_again(|| engine.now()).await?.keys, &expected)?,
            verified => verified?,
        };
        Ok(SignedOn {
            issuer: self.issuer.clone(),
            external_id: self.id_claim.as_ref().and_then(|name| claims.other(name)),
            email: claims.verified_email(),
            subject: claims.sub,
        })
    }

    /// Where somebody also ends what they have with the provider, by what is known without asking it. `None`: it has no such address, or has not
    /// answered yet.
    pub(crate) fn out_address(&self) -> Option<String> {
        let address = self.known().provider.as_ref()?.end_session_endpoint.clone()?;
        Some(with_query(&address, &[("client_id", &*self.client_id)]))
    }

    /// Whether the provider answers and is the one that the settings name.
    pub(crate) async fn greet(&self, now: DateTime<Utc>) -> Result<(), ProviderError> {
        self.provider(|| now).await.map(drop)
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The provider. Whoever has what it said before does not wait while somebody else asks it.
    async fn provider(&self, now: impl Fn() -> DateTime<Utc>) -> Result<Provider, ProviderError> {
        if let Some(found) = self.known().at(now()) {
            return found;
        }
        let before = self.known().provider.clone();
        let _asking = match (self.asking.try_lock(), before) {
            (Ok(asking), _) => asking,
            (Err(_), Some(before)) => return Ok(before),
            (Err(_), None) => self.asking.lock().await,
        };
        // Whoever asked meanwhile did so for all.
        if let Some(found) = self.known().at(now()) {
            return found;
        }
        self.ask(now).await
    }

    async fn ask_again(&self, now: impl Fn() -> DateTime<Utc>) -> Result<Provider, ProviderError> {
        let _asking = self.asking.lock().await;
        let just = {
            let (known, now) = (self.known(), now());
            let is_new = |provider: &&Provider| provider.was_just_found(now) || known.has_just_failed(now).is_some();
            known.provider.as_ref().filter(is_new).cloned()
        };
        match just {
            // Nobody makes us ask all the time by sending tokens with keys that there are not.
            Some(provider) => Ok(provider),
            None => self.ask(now).await,
        }
    }

    /// Asks the provider. Where that fails, what it said before still does. Only for whoever holds `asking`.
    async fn ask(&self, now: impl Fn() -> DateTime<Utc>) -> Result<Provider, ProviderError> {
        let found = Provider::find(&self.issuer, now()).await;
        let mut known = self.known();
        match found {
            Ok(provider) => {
                *known = Known { provider: Some(provider.clone()), failed: None };
                Ok(provider)
            }
            Err(error) => {
                // It may have failed by taking long: what counts is when that was over.
                known.failed = Some((now(), error.clone()));
                let Some(before) = known.provider.clone() else { return Err(error) };
                tracing::warn!(%error, "the provider of sign-ins was asked anew in vain: what it said before is taken");
                Ok(before)
            }
        }
    }
}

/// An address with more in its query.
fn with_query(address: &str, asks: &[(&str, &str)]) -> String {
    let query = serde_html_form::to_string(asks).unwrap_or_default();
    let joint = if address.contains('?') { '&' } else { '?' };
    format!("{address}{joint}{query}")
}
