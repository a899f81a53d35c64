use app::pages::{Fault, Rendered, fault};
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use engine::{PasswordError, Refused, StoreError, Trouble, Unsealed};

use super::{answered::Answered, app_state::AppState, sessions::SessionError, visit::Visit};

/// Why a request gets no page of its own. The guard turns it into a page that says what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fail {
    NotFound,
    NotForYou,
    NotFromHere,
    NotUnderstood,
    NotAForm,
    TooLarge,
    TooSlow,
    /// Too many tries; the next is allowed then.
    TooMany(DateTime<Utc>),
    /// What goes to the log, under a number that people are shown.
    Internal(String),
    /// The database cannot write, though it can be read; what goes to the log.
    NotSaved(String),
    /// The signed log takes nothing until whoever looks after this installation does something; what goes to the log.
    Unsealed(String),
    /// Somebody has signed out, and their session could not be ended; what goes to the log.
    SignedOutHere(String),
    /// The database does not answer; what goes to the log.
    OutOfReach(String),
}

impl Fail {
    pub(super) fn answered(&self) -> Answered {
        let status = match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::NotForYou | Self::NotFromHere => StatusCode::FORBIDDEN,
            Self::NotUnderstood => StatusCode::BAD_REQUEST,
            Self::NotAForm => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::TooMany(retry_at) => return Answered::held_up(*retry_at),
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::NotSaved(_) | Self::Unsealed(_) | Self::SignedOutHere(_) | Self::OutOfReach(_) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
        };
        status.into()
    }

    /// The page for whoever visits. What is internal is logged here, and only its number is shown.
    pub(crate) fn rendered(&self, visit: &Visit) -> Rendered {
        let shown = match self {
            Self::NotFound => Fault::NotFound,
            Self::NotForYou => Fault::NotForYou,
            Self::NotFromHere => Fault::NotFromHere,
            Self::NotUnderstood => Fault::NotUnderstood,
            Self::NotAForm => Fault::NotAForm,
            Self::TooLarge => Fault::TooLarge,
            Self::TooSlow => Fault::TooSlow,
            Self::TooMany(retry_at) => Fault::TooMany { retry_at: *retry_at },
            Self::Internal(error) => Fault::Internal { number: logged(visit, error) },
            Self::NotSaved(error) => Fault::NotSaved { number: logged(visit, error), mend: None },
            Self::Unsealed(why) => Fault::NotSaved { number: logged(visit, why), mend: Some(why.clone()) },
            Self::SignedOutHere(error) => Fault::SignedOutHere { number: logged(visit, error) },
            Self::OutOfReach(error) => Fault::OutOfReach { number: logged(visit, error) },
        };
        fault(&visit.frame(), &shown)
    }

    /// The page for a visitor of whom nothing is known.
    pub(crate) fn page(&self, state: &AppState) -> Response {
        Visit::of_nobody(state.clone()).fail(self)
    }
}

/// Writes an error to the log, and gives the number that finds it there.
fn logged(visit: &Visit, error: &str) -> String {
    let number = visit.state.engine.error_number();
    tracing::error!(number, error, "a request failed");
    number
}

impl IntoResponse for Fail {
    fn into_response(self) -> Response {
        let mut response = self.answered().status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Refused> for Fail {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::NotFound => Self::NotFound,
            Refused::NotForYou => Self::NotForYou,
            Refused::Internal(error) => error.into(),
        }
    }
}

macro_rules! internal {
    ($($error:ty),*) => {$(
        impl From<$error> for Fail {
            fn from(error: $error) -> Self {
                Self::Internal(error.to_string())
            }
        }
    )*};
}

internal!(PasswordError);

impl From<StoreError> for Fail {
    fn from(error: StoreError) -> Self {
        let text = error.to_string();
        match error.trouble() {
            Some(Trouble::Unsealed(why)) if why != Unsealed::HeldTooLong => Self::Unsealed(why.to_string()),
            Some(Trouble::Full | Trouble::ReadOnly | Trouble::Unsealed(_)) => Self::NotSaved(text),
            Some(Trouble::OutOfReach) => Self::OutOfReach(text),
            None => Self::Internal(text),
        }
    }
}

impl From<SessionError> for Fail {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::Store(error) => error.into(),
            SessionError::Layer(error) => Self::Internal(error.to_string()),
        }
    }
}
