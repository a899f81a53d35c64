//! An authority outside says when it saw a head of the signed log (RFC 3161), so that who holds the key cannot date anything back behind its word.

use std::{sync::Arc, time::Duration};

use axum::{
    body::Bytes,
    http::{Request, StatusCode, header},
};
use chrono::TimeDelta;
use engine::{Engine, StampError, StoreError};

use crate::{
    ask::{AskError, ask},
    settings::Settings,
};

/// An authority that stamps heads of the log.
#[derive(Clone, Debug)]
pub struct Authority {
    address: Arc<str>,
}

/// Why no head was stamped.
#[derive(Debug, thiserror::Error)]
pub enum AuthorityError {
    /// It cannot be asked, or does not answer.
    #[error("the authority for time stamps: {0}")]
    Silent(String),
    /// It answers something else.
    #[error("the authority for time stamps answers with status {0}")]
    Answered(StatusCode),
    /// What it says is of no use, or could not be kept.
    #[error(transparent)]
    Stamp(#[from] StampError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<AskError> for AuthorityError {
    fn from(error: AskError) -> Self {
        Self::Silent(error.to_string())
    }
}

/// How often a head is stamped, if something was added.
const EVERY: TimeDelta = TimeDelta::days(1);

/// How often it is looked whether one is due, and so how soon an authority that did not answer is asked again.
const LOOK_EVERY: Duration = Duration::from_secs(60 * 60);

impl Authority {
    /// The authority that the settings name. `None`: they name none.
    #[must_use]
    pub fn of(settings: &Settings) -> Option<Self> {
        settings.timestamp_url.as_deref().map(|address| Self { address: address.into() })
    }

    /// Has the head of the log stamped, if something was added since the last that was, and that is `every` ago. Gives how many entries the
    /// log had. `None`: nothing is due.
    ///
    /// # Errors
    /// [`AuthorityError`]; nothing has been written.
    pub async fn stamp(&self, engine: &Engine, every: TimeDelta) -> Result<Option<u64>, AuthorityError> {
        let Some(wanted) = engine.wanted_time_stamp(every).await? else { return Ok(None) };
        let request = Request::post("/").header(header::CONTENT_TYPE, "application/timestamp-query");
        let request = request.body(()).map_err(|error| AuthorityError::Silent(error.to_string()))?;
        let answer = ask(&self.address, request, Bytes::from(wanted.request.clone())).await?;
        if answer.status != StatusCode::OK {
            return Err(AuthorityError::Answered(answer.status));
        }
        engine.keep_time_stamp(&wanted, &answer.body, &self.address).await?;
        Ok(Some(wanted.size))
    }

    /// Has heads stamped, one a day, for ever.
    pub async fn stamp_all(self, engine: Engine) {
        loop {
            if let Err(error) = self.stamp(&engine, EVERY).await {
                tracing::warn!(%error, "no head of the log was stamped; it is tried again in an hour");
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}
