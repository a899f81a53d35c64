use app::pages::{Faults, Welcome, welcome};
use axum::{http::StatusCode, response::Response};
use engine::{ChoosePasswordError, PasswordError};
use serde::Deserialize;
use tower_sessions::Session;

use super::{account::weak_words, sign_in::let_in_with};
use crate::door::{CalledFrom, Fail, Form, Keeps, Path, Visit};

/// `GET /welcome/SECRET`: where somebody chooses their password. Looking uses nothing up.
pub(crate) async fn show(visit: Visit, Path(secret): Path<String>) -> Result<Response, Fail> {
    page(&visit, &secret, Faults::default()).await
}

async fn page(visit: &Visit, secret: &str, faults: Faults) -> Result<Response, Fail> {
    let well = faults == Faults::default();
    let (status, found) = match visit.state.engine.find_way_in(secret).await? {
        Some(open) if well => (StatusCode::OK, Welcome::Open(open, faults)),
        Some(open) => (StatusCode::UNPROCESSABLE_ENTITY, Welcome::Open(open, faults)),
        None => (StatusCode::UNPROCESSABLE_ENTITY, Welcome::Gone),
    };
    Ok(visit.html_with(status, welcome(&visit.frame(), secret, &found)))
}

/// A password, as the form sends it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Chosen {
    password: String,
}

/// `POST /welcome/SECRET`: sets the password that was chosen, and lets its owner in.
pub(crate) async fn choose(
    visit: Visit,
    session: Session,
    CalledFrom(caller): CalledFrom,
    keeps: Keeps,
    Path(secret): Path<String>,
    Form(form): Form<Chosen>,
) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let mut faults = Faults::default();
    match engine.choose_password(&secret, &form.password).await {
        Ok(open) => return let_in_with(visit, session, caller, keeps, (&open.email, &form.password), "/").await,
        Err(ChoosePasswordError::Internal(error)) => return Err(error.into()),
        Err(ChoosePasswordError::Password(PasswordError::Failed)) => return Err(PasswordError::Failed.into()),
        Err(ChoosePasswordError::Password(_)) => {
            faults.add("password", "Many people are signing in just now. Wait a moment, then type it again");
        }
        Err(ChoosePasswordError::Weak(weak)) => faults.add("password", weak_words(weak)),
        Err(ChoosePasswordError::NoSuchLink) => {}
    }
    page(&visit, &secret, faults).await
}
