use std::{sync::Arc, time::Duration};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization as _;

use super::chance::Chance;

/// At least 19 MiB, two passes, one lane: the OWASP Password Storage Cheat Sheet's first choice for Argon2id.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Hashing takes memory and a whole core: two at a time leave the others able to read pages.
const AT_A_TIME: usize = 2;
const PATIENCE: Duration = Duration::from_secs(30);
/// So many are hashed or wait, and whoever came first is next. A class of 250 is through in seconds; more than this would wait in vain.
const ROOM: usize = 1000;

/// Why a password was neither accepted nor refused.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// Too many people are signing in at this moment.
    #[error("too many people are signing in at this moment")]
    Busy,
    /// Hashing failed.
    #[error("hashing a password failed")]
    Failed,
}

/// Hashes passwords with Argon2id, a few at a time, away from the threads that serve pages.
#[derive(Clone)]
pub(crate) struct Hasher {
    room: Arc<Semaphore>,
    permits: Arc<Semaphore>,
    /// Verified against when there is no such person, so that both take the same time.
    decoy: Arc<str>,
}

impl Hasher {
    pub(crate) fn new(chance: &dyn Chance) -> Self {
        let mut nobody = [0; 16];
        chance.fill(&mut nobody);
        let decoy = hash_now(&nobody, &nobody).unwrap_or_default();
        let room = Arc::new(Semaphore::new(ROOM));
        Self { room, permits: Arc::new(Semaphore::new(AT_A_TIME)), decoy: decoy.into() }
    }

    /// The PHC string for a password.
    pub(crate) async fn hash(&self, chance: &dyn Chance, password: &str) -> Result<String, PasswordError> {
        let mut salt = [0; 16];
        chance.fill(&mut salt);
        let password = composed(password);
        self.in_turn(move || hash_now(&password, &salt)).await?.ok_or(PasswordError::Failed)
    }

    /// Whether the password is the one that was hashed; without a hash, no, after the same work.
    pub(crate) async fn verify(&self, password: &str, hash: Option<String>) -> Result<bool, PasswordError> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.decoy.to_string());
        let password = composed(password);
        let matches = self.in_turn(move || verify_now(&password, &hash)).await?;
        Ok(matches && known)
    }

    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, PasswordError> {
        let place = Arc::clone(&self.room).try_acquire_owned().map_err(|_| PasswordError::Busy)?;
        let permit = tokio::time::timeout(PATIENCE, Arc::clone(&self.permits).acquire_owned())
            .await
            .map_err(|_| PasswordError::Busy)?
            .map_err(|_| PasswordError::Failed)?;
        tokio::task::spawn_blocking(move || {
            let _permit = (permit, place);
            work()
        })
        .await
        .map_err(|_| PasswordError::Failed)
    }
}

/// The same password is typed in other bytes on other devices (NIST SP 800-63B, 3.1.1.2).
fn composed(password: &str) -> Vec<u8> {
    password.nfc().collect::<String>().into_bytes()
}

fn argon2() -> Option<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).ok()?;
    Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash_now(password: &[u8], salt: &[u8]) -> Option<String> {
    Some(argon2()?.hash_password_with_salt(password, salt).ok()?.to_string())
}

fn verify_now(password: &[u8], hash: &str) -> bool {
    let (Some(argon2), Ok(hash)) = (argon2(), PasswordHash::new(hash)) else { return false };
    argon2.verify_password(password, &hash).is_ok()
}
