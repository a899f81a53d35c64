use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};

use crate::{assets, door::AppState};

/// `GET /assets/NAME`
pub(crate) async fn show(State(state): State<AppState>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    assets::find(&name, &headers, &state.engine.catalogue().organisation.look)
}
