//! A witness outside cosigns heads of the signed log (`c2sp.org/tlog-witness`), so that who holds the key cannot make it anew, or show two logs to two
//! people, behind the witness's back.

use std::{sync::Arc, time::Duration};

use audit::Witness;
use axum::{
    body::Bytes,
    http::{Request, StatusCode},
};
use chrono::TimeDelta;
use engine::{CosignError, Engine, StoreError, WantedCosignature};

use crate::{
    ask::{AskError, ask},
    settings::Settings,
};

/// A witness that is asked.
#[derive(Clone, Debug)]
pub struct AskedWitness {
    /// Where heads are handed in: the address that the witness names, and `/add-checkpoint`.
    address: Arc<str>,
    witness: Witness,
}

/// Why no head was cosigned.
#[derive(Debug, thiserror::Error)]
pub enum WitnessError {
    /// It cannot be asked, or does not answer.
    #[error("the witness: {0}")]
    Silent(String),
    /// It does not know this log, or not the key that signs it now.
    #[error(
        "the witness does not take heads of this log (status {0}): give it the key that `induct audit export` prints"
    )]
    DoesNotKnow(StatusCode),
    /// It saw another log of that name.
    #[error(
        "the witness has seen something else in the place of this log, with {0} entries or fewer: the log was made anew, or there are two"
    )]
    SawAnother(u64),
    /// It answers something else.
    #[error("the witness answers with status {0}")]
    Answered(StatusCode),
    /// What it says cannot be so, is of no use, or could not be kept.
    #[error(transparent)]
    Cosign(#[from] CosignError),
}

impl From<AskError> for WitnessError {
    fn from(error: AskError) -> Self {
        Self::Silent(error.to_string())
    }
}

impl From<StoreError> for WitnessError {
    fn from(error: StoreError) -> Self {
        CosignError::from(error).into()
    }
}

/// How often it is looked whether another head is published, and so how soon a witness that did not answer is asked again.
const LOOK_EVERY: Duration = Duration::from_secs(5 * 60);

/// What it answered, so far as it matters.
enum Answered {
    Cosigned(String),
    /// The head that it cosigned last had so many entries.
    Knows(u64),
}

impl AskedWitness {
    /// The witness that the settings name. `None`: they name none.
    #[must_use]
    pub fn of(settings: &Settings) -> Option<Self> {
        let (prefix, key) = settings.witness_url.as_deref().zip(settings.witness_key.as_deref())?;
        let witness = Witness::parse(key).ok()?;
        Some(Self { address: format!("{}/add-checkpoint", prefix.trim_end_matches('/')).into(), witness })
    }

    /// Has the head of the log cosigned that everybody may see (`every` as in [`Engine::published_head`]; zero: the newest). Gives how many
    /// entries the log had. `None`: the witness has cosigned it, or one that is newer.
    ///
    /// # Errors
    /// [`WitnessError`]; nothing has been written.
    pub async fn cosign(&self, engine: &Engine, every: TimeDelta) -> Result<Option<u64>, WitnessError> {
        let mut wanted = engine.wanted_cosignature(&self.witness, every, None).await?;
        // It may know another head than the one that is remembered here, and says so once.
        for knows in [false, true] {
            let Some(asked) = &wanted else { return Ok(None) };
            match self.ask(asked).await? {
                Answered::Cosigned(answer) => {
                    engine.keep_cosignature(asked, &answer, &self.witness).await?;
                    return Ok(Some(asked.size));
                }
                Answered::Knows(size) if knows => return Err(WitnessError::SawAnother(size)),
                Answered::Knows(size) => {
                    wanted = engine.wanted_cosignature(&self.witness, every, Some(size)).await?;
                }
            }
        }
        Ok(None)
    }

    async fn ask(&self, wanted: &WantedCosignature) -> Result<Answered, WitnessError> {
        let request = Request::post("/").body(()).map_err(|error| WitnessError::Silent(error.to_string()))?;
        let answer = ask(&self.address, request, Bytes::from(wanted.request.clone())).await?;
        let said = String::from_utf8_lossy(&answer.body);
        match answer.status {
            StatusCode::OK => Ok(Answered::Cosigned(said.into_owned())),
            StatusCode::CONFLICT => {
                let size = said.trim_end().parse();
                size.map(Answered::Knows).map_err(|_| WitnessError::Answered(StatusCode::CONFLICT))
            }
            StatusCode::UNPROCESSABLE_ENTITY => Err(WitnessError::SawAnother(wanted.size)),
            status @ (StatusCode::NOT_FOUND | StatusCode::FORBIDDEN) => Err(WitnessError::DoesNotKnow(status)),
            status => Err(WitnessError::Answered(status)),
        }
    }

    /// Has each head cosigned that is published, for ever.
    pub async fn cosign_all(self, engine: Engine, every: TimeDelta) {
        loop {
            match self.cosign(&engine, every).await {
                Ok(_) => {}
                Err(error @ (WitnessError::SawAnother(_) | WitnessError::Cosign(CosignError::Ahead { .. }))) => {
                    tracing::error!(%error, "no head of the log was cosigned");
                }
                Err(error) => {
                    tracing::warn!(%error, "no head of the log was cosigned; it is tried again in five minutes");
                }
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}
