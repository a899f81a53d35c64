//! The preview: a folder of content as it is being written, with its problems beside the text and the answers of its
//! quizzes. It asks nobody to sign in, and so it listens on this machine alone; it has no database and keeps nothing.

mod draft;
mod media;
mod pages;
mod reading;
mod viewing;
mod watch;

use std::{
    io,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use axum::{
    Router,
    extract::{Request, State},
    http::{StatusCode, header, uri::Authority},
    middleware::{Next, from_fn},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use engine::content::ReadError;
use serde::Deserialize;
use tokio::{net::TcpListener, sync::watch::Receiver, time::timeout};

use crate::door::{Query, headers};
use draft::Draft;

/// The preview of a folder.
#[derive(Clone)]
pub struct Preview {
    drafts: Receiver<Arc<Draft>>,
}

/// Why a preview does not listen.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// The address can be reached from other machines.
    #[error(
        "a preview shows the answers of every quiz to whoever asks, so it listens on this machine alone and not on {0}; \
         choose an address such as 127.0.0.1:3000 with --addr"
    )]
    NotThisMachine(SocketAddr),
    /// The system refuses.
    #[error("cannot listen on {0}: {1}; choose another with --addr")]
    Refused(SocketAddr, #[source] io::Error),
}

/// Listens on this machine alone.
///
/// # Errors
/// [`ListenError`] when the address is not a loopback address, or is in use.
pub async fn listen(addr: SocketAddr) -> Result<TcpListener, ListenError> {
    if !addr.ip().is_loopback() {
        return Err(ListenError::NotThisMachine(addr));
    }
    TcpListener::bind(addr).await.map_err(|error| ListenError::Refused(addr, error))
}

impl Preview {
    /// Reads a folder, and looks after it for as long as the preview or a router of it is there.
    ///
    /// # Errors
    /// [`ReadError`] when the folder cannot be read. Errors in the content are shown in the pages.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub fn of(dir: PathBuf) -> Result<Self, ReadError> {
        Ok(Self { drafts: watch::start(dir)? })
    }

    /// The pages.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/", get(pages::contents))
            .route("/help", get(pages::help))
            .route("/help/card", get(pages::card))
            .route("/help/poster", get(pages::poster))
            .route("/privacy", get(pages::privacy))
            .route("/accessibility", get(pages::accessibility))
            .route("/employers", get(pages::employers))
            .route("/families", get(pages::families))
            .route("/leave", post(pages::leave))
            .route("/modules/{module}", get(pages::module))
            .route("/modules/{module}/quiz", get(pages::quiz))
            .route("/modules/{module}/{page}", get(pages::page))
            .route("/modules/{module}/{page}/read", post(pages::next))
            .route("/agreements/{agreement}", get(pages::agreement))
            .route("/agreements/{agreement}/sign", post(pages::not_signed))
            .route("/media/{file}", get(media::show))
            .route("/parts", get(pages::gallery))
            .route("/parts/{part}", get(pages::gallery_question))
            .route("/changed", get(changed))
            .route("/assets/{file}", get(pages::asset))
            .fallback(pages::nothing_here)
            .layer(from_fn(from_this_machine))
            .layer(from_fn(headers::secure))
            .with_state(self.clone())
    }
}

/// A page that waits for changes says which state it shows.
#[derive(Default, Deserialize)]
struct Since {
    #[serde(default)]
    since: u64,
}

/// `GET /changed?since=N`: 200 as soon as the content is in another state, 204 when nothing changes for a while.
async fn changed(State(Preview { mut drafts }): State<Preview>, Query(Since { since }): Query<Since>) -> StatusCode {
    const LONGEST: Duration = Duration::from_secs(25);
    match timeout(LONGEST, drafts.wait_for(|draft| draft.number != since)).await {
        Ok(Ok(_)) => StatusCode::OK,
        Ok(Err(_)) | Err(_) => StatusCode::NO_CONTENT,
    }
}

/// Refuses what comes under another name than this machine's own: a page elsewhere could give its own name our address, and
/// then read what only this machine should.
async fn from_this_machine(request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).map(|host| host.to_str().unwrap_or_default());
    if host.is_none_or(is_this_machine) { next.run(request).await } else { StatusCode::FORBIDDEN.into_response() }
}

fn is_this_machine(host: &str) -> bool {
    let Ok(authority) = host.parse::<Authority>() else { return false };
    let name = authority.host().trim_start_matches('[').trim_end_matches(']');
    name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_taken() {
        assert!(
            ["127.0.0.1:3000", "localhost:80", "localhost", "[::1]:3000", "127.0.0.2"]
                .iter()
                .all(|h| is_this_machine(h))
        );
        assert!(
            !["evil.example", "evil.example:3000", "192.168.0.7:3000", "localhost.evil.example", ""]
                .iter()
                .any(|host| is_this_machine(host))
        );
    }
}
