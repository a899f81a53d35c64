use std::{convert::Infallible, net::SocketAddr};

use axum::{
    body::{Bytes, to_bytes},
    extract::{ConnectInfo, FromRequest, FromRequestParts, Request},
    http::{header, request::Parts},
};
use engine::Caller;
use serde::de::DeserializeOwned;

use super::{app_state::AppState, fail::Fail, keeps::Keeps, limit::LARGEST_BODY};

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
        Ok(Self(Caller { place, device: Keeps::of(&parts.headers, state).device }))
    }
}
