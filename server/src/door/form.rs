use std::{convert::Infallible, net::SocketAddr, time::Duration};

use axum::{
    body::{Bytes, to_bytes},
    extract::{ConnectInfo, DefaultBodyLimit, FromRequest, FromRequestParts, Multipart, Request},
    http::{header, request::Parts},
};
use engine::Caller;
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use super::{app_state::AppState, browser::browser_of, fail::Fail, keeps::Keeps, limit::LARGEST_BODY};

/// How long a file may take to arrive.
const LONGEST_FILE: Duration = Duration::from_secs(50);

/// A posted form. Names may repeat, as they do when several options are ticked.
pub(crate) struct Form<T>(pub T);

impl<T: DeserializeOwned> FromRequest<AppState> for Form<T> {
    type Rejection = Fail;

    async fn from_request(request: Request, _: &AppState) -> Result<Self, Fail> {
        let body = form(request).await?;
        serde_html_form::from_bytes(&body).map(Self).map_err(|_| Fail::NotUnderstood)
    }
}

/// The body of a request that brings a form, as forms are sent. Anything else is turned away, empty or not: a page of another
/// site can make a browser send other kinds of body to us, but none of ours does.
pub(super) async fn form(request: Request) -> Result<Bytes, Fail> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(Fail::NotAForm);
    }
    to_bytes(request.into_body(), LARGEST_BODY).await.map_err(|_| Fail::TooLarge)
}

/// A file that a form sends, with the name that it had, and of no more than so many bytes.
///
/// # Errors
/// [`Fail::NotAForm`] when it is no form with files, [`Fail::TooLarge`], [`Fail::TooSlow`].
pub(crate) async fn posted_file(mut request: Request, most: usize) -> Result<Option<(String, Vec<u8>)>, Fail> {
    // axum's own limit is 2 MB.
    DefaultBodyLimit::disable().apply(&mut request);
    let taken = async {
        let mut form = Multipart::from_request(request, &()).await.map_err(|_| Fail::NotAForm)?;
        while let Some(mut field) = form.next_field().await.map_err(|_| Fail::NotUnderstood)? {
            let Some(name) = field.file_name().map(str::to_owned) else { continue };
            let mut bytes = Vec::new();
            while let Some(chunk) = field.chunk().await.map_err(|_| Fail::NotUnderstood)? {
                if bytes.len() + chunk.len() > most {
                    return Err(Fail::TooLarge);
                }
                bytes.extend_from_slice(&chunk);
            }
            return Ok(Some((name, bytes)));
        }
        Ok(None)
    };
    timeout(LONGEST_FILE, taken).await.unwrap_or(Err(Fail::TooSlow))
}

/// The variable parts of an address. One that cannot be is an address that leads nowhere.
pub(crate) struct Path<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<AppState> for Path<T> {
    type Rejection = Fail;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Fail> {
        let path = axum::extract::Path::from_request_parts(parts, state).await;
        path.map(|axum::extract::Path(path)| Self(path)).map_err(|_| Fail::NotFound)
    }
}

/// The query of an address. One that cannot be read is as good as none.
pub(crate) struct Query<T>(pub T);

impl<T: DeserializeOwned + Default, S: Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Fail;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Fail> {
        let query = parts.uri.query().unwrap_or_default();
        Ok(Self(serde_html_form::from_str(query).unwrap_or_default()))
    }
}

/// Where a request comes from, as far as it can be known.
pub(crate) struct CalledFrom(pub Caller);

impl FromRequestParts<AppState> for CalledFrom {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let connection = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|connection| connection.0);
        let place = state.settings.place_of(connection, &parts.headers);
        let browser = browser_of(&parts.headers);
        Ok(Self(Caller { place, device: Keeps::of(&parts.headers, state).device, browser }))
    }
}
