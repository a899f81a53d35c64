use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{
    device::Device,
    sign_in::{Caller, SignInError, Verified},
};
use crate::{
    engine::Engine,
    ground::{CredentialId, PersonId},
    store::StoreError,
};

/// Somebody whose password was right and who has not shown their second factor yet, sealed, so that it can wait in a page. Nothing can be done with
/// it but to show that.
#[derive(Clone, PartialEq, Eq)]
pub struct HalfSignedIn(pub String);

impl fmt::Debug for HalfSignedIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HalfSignedIn(…)")
    }
}

/// Why nobody was signed in with a code.
#[derive(Debug, thiserror::Error)]
pub enum CodeError {
    /// It is too long since the password was right, or it is another by now: they sign in from the beginning.
    #[error("it is too long since the password was shown")]
    TooLate,
    /// The code was not right, or was tried too often.
    #[error(transparent)]
    Code(#[from] SignInError),
}

impl From<StoreError> for CodeError {
    fn from(error: StoreError) -> Self {
        Self::Code(error.into())
    }
}

#[derive(Serialize, Deserialize)]
struct Half {
    person: PersonId,
    credential: CredentialId,
    /// What stands for their account, by which their devices know them.
    account: String,
    /// By the steady time.
    shown_at: DateTime<Utc>,
}

/// As long as it takes to find a phone.
const HOLDS: TimeDelta = TimeDelta::minutes(10);

const KIND: &str = "half signed in";

impl Engine {
    /// Half of a sign-in, whose other half is a code.
    pub(super) async fn half_signed_in(
        &self,
        person: PersonId,
        credential: CredentialId,
        account: String,
    ) -> Result<HalfSignedIn, StoreError> {
        let half = Half { person, credential, account, shown_at: self.steady_now() };
        let text = serde_json::to_string(&half).map_err(|_| StoreError::unreadable("half of a sign-in"))?;
        let sealed = self.installation_key().await?.seal(&*self.chance, KIND, "", &text);
        sealed.map(HalfSignedIn).ok_or_else(|| StoreError::unreadable("half of a sign-in"))
    }

    /// The other half of [`Engine::sign_in`]: a code of their second factor, or a recovery code. Each is taken once. Wrong ones are limited as wrong
    /// passwords are, and counted apart from these.
    ///
    /// # Errors
    /// [`CodeError`].
    pub async fn sign_in_with_code(
        &self,
        half: &HalfSignedIn,
        code: &str,
        caller: impl Into<Caller>,
    ) -> Result<Verified, CodeError> {
        let caller = caller.into();
        let key = self.installation_key().await?;
        let text = key.open(KIND, "", &half.0);
        let half: Option<Half> = text.and_then(|text| serde_json::from_str(&text).ok());
        let half = half.filter(|half| self.steady_now() < half.shown_at + HOLDS).ok_or(CodeError::TooLate)?;
        let known = caller.device.as_ref().filter(|device| device.knows(key, &half.account));
        let known_device = known.map(|device| device.digest(key));
        let factor = self.show_code(half.person, code, &caller, known_device).await?;
        let person = self.person(half.person).await?.ok_or(CodeError::TooLate)?;
        let device = caller.device.unwrap_or_else(|| Device::new(&*self.chance)).with(key, &half.account);
        let signed_in = self.shown_now(half.credential).with_factor(factor);
        Ok(Verified { person, signed_in, device, browser: caller.browser })
    }
}
