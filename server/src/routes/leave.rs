use std::time::Duration;

use app::pages::NEUTRAL;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Redirect, Response},
};
use tokio::time::timeout;
use tower_sessions::Session;

use crate::door::{AppState, keep_left, sessions};

/// How long somebody who must be gone at once waits for their session to end.
const LONGEST: Duration = Duration::from_secs(2);

/// `POST /leave`: ends the session and goes on to a page that says nothing about who opens it. Whoever must be gone at once is gone,
/// whether or not the database answers. Until somebody signs in again, no address of the browser says what was read there.
pub(crate) async fn leave(State(state): State<AppState>, session: Session, headers: HeaderMap) -> Response {
    match timeout(LONGEST, sessions::end(&session)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::error!(%error, "a session could not be ended for somebody who left"),
        Err(_) => tracing::error!("a session was not ended in time for somebody who left"),
    }
    // A script that has taken the page away already asks for nothing more.
    let mut response = if headers.get("sec-fetch-dest").is_some_and(|dest| dest == "empty") {
        StatusCode::NO_CONTENT.into_response()
    } else {
        Redirect::to(NEUTRAL).into_response()
    };
    keep_left(&mut response, &state);
    response
}
