use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};

use engine::Trouble;

use crate::door::AppState;

/// `GET /healthz`: the process answers.
pub(crate) async fn alive() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: what people write now would last, and the signed log would take it. It says so, or that it is not so, within a few seconds.
pub(crate) async fn ready(State(state): State<AppState>) -> Response {
    match state.engine.ready().await {
        Ok(()) => "ok\n".into_response(),
        Err(error) => {
            tracing::error!(%error, "not ready");
            let why = match error.trouble() {
                Some(Trouble::Full) => "the database is full: make room where it lies".to_owned(),
                Some(Trouble::ReadOnly) => "the database may only be read".to_owned(),
                Some(Trouble::Unsealed(why)) => why.to_string(),
                Some(Trouble::OutOfReach) | None => {
                    "the database does not answer, or is no longer where it was".to_owned()
                }
            };
            (StatusCode::SERVICE_UNAVAILABLE, why + "\n").into_response()
        }
    }
}
