use super::{
    correct_details::find_details,
    device::Device,
    passkey::{For, PasskeyQuestion, user_handle, written},
    sign_in::{Caller, SignedIn, Verified},
    sign_on::serves_once,
};
use crate::{
    engine::Engine,
    ground::{Authenticator, Ceremony, PasskeyFault, PasskeyId, PasskeyKey, PasskeySite, PersonId, check_client_data},
    store::{Linked as _, StoreError, change_one, on},
};

/// What a browser says of a passkey with which somebody wants in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyShown {
    /// Its id.
    pub credential: Vec<u8>,
    /// `clientDataJSON`.
    pub client_data: Vec<u8>,
    /// `authenticatorData`.
    pub authenticator: Vec<u8>,
    /// What it signed.
    pub signature: Vec<u8>,
    /// By what it knows whose it is.
    pub user: Vec<u8>,
}

/// Why nobody was signed in with a passkey.
#[derive(Debug, thiserror::Error)]
pub enum PasskeyError {
    /// It took too long, or was sent before.
    #[error("it took too long, or was sent before")]
    TooLate,
    /// Nobody here has it, or whose it is has left.
    #[error("nobody here has this passkey")]
    Unknown,
    /// What the browser said does not count.
    #[error(transparent)]
    Fault(#[from] PasskeyFault),
    /// People sign in with an account of their organisation, and with nothing else.
    #[error("people sign in with an account of their organisation here, and with nothing else")]
    SignOnOnly,
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

const FIND_PASSKEY: &str = "SELECT id, person_id, public_key, sign_count FROM passkey WHERE credential_id = $1";

const NOTE_USE: &str = "UPDATE passkey SET sign_count = $2, last_used_at = $3 WHERE id = $1";

#[derive(sqlx::FromRow)]
struct PasskeyRow {
    id: PasskeyId,
    person_id: PersonId,
    public_key: String,
    sign_count: i64,
}

impl Engine {
    /// A question to whatever passkey somebody has.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn ask_for_passkey(&self) -> Result<PasskeyQuestion, StoreError> {
        self.question(For::SigningIn).await
    }

    /// The person whose passkey a browser shows, which says itself whose it is. Somebody unlocked it, and so it stands for a password and a second
    /// factor. Each question is answered once.
    ///
    /// # Errors
    /// [`PasskeyError`]. Nobody can guess one, and so there is no limit on trying but that of all requests.
    pub async fn sign_in_with_passkey(
        &self,
        sealed: &str,
        shown: &PasskeyShown,
        site: &PasskeySite,
        caller: impl Into<Caller>,
    ) -> Result<Verified, PasskeyError> {
        if self.sign_on_only() {
            return Err(PasskeyError::SignOnOnly);
        }
        let (caller, now) = (caller.into(), self.clock.now());
        let key = self.installation_key().await?;
        let challenge = self.challenge_of(key, For::SigningIn, sealed).ok_or(PasskeyError::TooLate)?;
        check_client_data(&shown.client_data, Ceremony::Show, &challenge, site)?;
        let authenticator = Authenticator::read(&shown.authenticator, site)?;
        let credential = written(&shown.credential);
        let mut tx = self.store.write().await?;
        let find = async |tx: &mut crate::store::Tx| -> Result<Option<PasskeyRow>, StoreError> {
            on!(tx.link(), conn => sqlx::query_as(FIND_PASSKEY).bind(&credential).fetch_optional(conn).await)
        };
        let found = find(&mut tx).await?.ok_or(PasskeyError::Unknown)?;
        tx.lock_person(found.person_id).await?;
        // It may have been taken away, or shown in another tab, while this one waited.
        let found = find(&mut tx).await?.ok_or(PasskeyError::Unknown)?;
        if shown.user != user_handle(key, found.person_id) {
            return Err(PasskeyError::Unknown);
        }
        let public_key = PasskeyKey::parse(&found.public_key).ok_or_else(|| StoreError::unreadable("passkey"))?;
        if !public_key.has_signed(&shown.authenticator, &shown.client_data, &shown.signature) {
            return Err(PasskeyFault::Signature.into());
        }
        if !serves_once(self, &mut tx, &challenge).await? {
            return Err(PasskeyError::TooLate);
        }
        let count = i64::from(authenticator.count);
        // Most do not count at all, and say zero.
        if (count > 0 || found.sign_count > 0) && count <= found.sign_count {
            tracing::warn!(target: "security", person = %found.person_id, "nobody was let in: there seems to be a copy of a passkey of theirs");
            return Err(PasskeyFault::Copied.into());
        }
        change_one!(tx, sqlx::query(NOTE_USE).bind(found.id).bind(count).bind(now))?;
        let email = find_details(&mut tx, found.person_id).await?.and_then(|details| details.email);
        tx.commit().await?;
        let person = self.person(found.person_id).await?.ok_or(PasskeyError::Unknown)?;
        let device = caller.device.unwrap_or_else(|| Device::new(&*self.chance));
        let device = match email {
            Some(email) => device.with(key, &self.account(&email).await?),
            None => device,
        };
        let signed_in = SignedIn {
            method: SignedIn::WITH_PASSKEY.to_owned(),
            at: now,
            steady_at: self.steady_now(),
            anew: true,
            credential: None,
            factor: None,
            passkey: Some(found.id),
        };
        Ok(Verified { person, signed_in, device, browser: caller.browser })
    }
}
