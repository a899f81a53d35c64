use app::pages::{StopLetters, stop_letters};
use axum::{
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;

use crate::door::{Fail, Form, Path, Visit};

/// `GET /letters/stop/SECRET`: where whoever got a letter stops being told early. Looking changes nothing: programs that read letters follow links.
pub(crate) async fn show(visit: Visit, Path(secret): Path<String>) -> Result<Response, Fail> {
    let found = match visit.state.engine.has_stopped_reminders(&secret).await? {
        Some(true) => StopLetters::Stopped,
        Some(false) => StopLetters::Open,
        None => StopLetters::Gone,
    };
    let status = if found == StopLetters::Gone { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(visit.html_with(status, stop_letters(&visit.frame(), found)))
}

/// What is wanted, as the form says it. A mail program says something else, in whichever form, and wants to stop (RFC 8058).
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Act {
    r#do: String,
}

/// `POST /letters/stop/SECRET`: stops being told early, or has it again. Without signing in: whoever has the letter has the link.
pub(crate) async fn act(
    visit: Visit,
    Path(secret): Path<String>,
    form: Result<Form<Act>, Fail>,
) -> Result<Response, Fail> {
    let form = form.map(|Form(form)| form).unwrap_or_default();
    let holds = visit.state.engine.stop_reminders(&secret, form.r#do != "go-on").await?;
    // A mail program follows no other address.
    if !holds || form.r#do.is_empty() {
        return show(visit, Path(secret)).await;
    }
    Ok(Redirect::to(&format!("/letters/stop/{secret}")).into_response())
}
