use app::pages::{Forgotten, forgotten};
use axum::{
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use engine::ForgotError;
use serde::Deserialize;

use crate::door::{Answered, CalledFrom, Fail, Form, Query, Visit};

/// Whether a link was asked for, as the address says it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Shown {
    asked: String,
}

/// `GET /sign-in/forgotten`: where somebody has a link sent with which they choose a new password.
pub(crate) async fn show(visit: Visit, Query(shown): Query<Shown>) -> Response {
    let found = if shown.asked == "yes" {
        Forgotten::Asked
    } else {
        Forgotten::Ask(String::new(), app::pages::Faults::default())
    };
    visit.html(forgotten(&visit.frame(), &found))
}

/// An address, as the form sends it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    email: String,
}

/// `POST /sign-in/forgotten`: has a link sent to whoever has that address. Whoever asks is answered before anybody is looked for, so that neither
/// the answer nor its time says whether there is such an account.
pub(crate) async fn ask(
    visit: Visit,
    CalledFrom(caller): CalledFrom,
    Form(form): Form<Asked>,
) -> Result<Response, Fail> {
    let engine = visit.state.engine.clone();
    // Where nobody signs in with a password, none is chosen this way.
    if !engine.sends_letters() || visit.state.settings.oidc_only {
        return Ok(visit.html_with(StatusCode::UNPROCESSABLE_ENTITY, forgotten(&visit.frame(), &Forgotten::Asked)));
    }
    let again = |answered: Answered, found| Ok(visit.html_with(answered, forgotten(&visit.frame(), &found)));
    if form.email.trim().is_empty() {
        return again(StatusCode::UNPROCESSABLE_ENTITY.into(), Forgotten::missing());
    }
    match engine.count_forgetting(&caller).await {
        Ok(()) => {}
        Err(ForgotError::TooMany { retry_at }) => {
            return again(Answered::held_up(retry_at), Forgotten::too_many(&form.email, retry_at));
        }
        Err(ForgotError::Internal(error)) => return Err(error.into()),
    }
    tokio::spawn(async move {
        if let Err(error) = engine.forgot_password(&form.email).await {
            tracing::error!(%error, "a letter with a link to choose a password could not be written");
        }
    });
    Ok(Redirect::to("/sign-in/forgotten?asked=yes").into_response())
}
