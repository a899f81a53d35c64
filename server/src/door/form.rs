use std::{convert::Infallible, net::SocketAddr};

use axum::{
    body::to_bytes,
    extract::{ConnectInfo, FromRequest, FromRequestParts, Request},
    http::request::Parts,
};
use serde::de::DeserializeOwned;

use super::{app_state::AppState, fail::Fail};

/// No form of ours is larger.
pub(crate) const LARGEST_BODY: usize = 64 * 1024;

/// A posted form. Names may repeat, as they do when several options are ticked.
pub(crate) struct Form<T>(pub T);

impl<T: DeserializeOwned> FromRequest<AppState> for Form<T> {
    type Rejection = Fail;

    async fn from_request(request: Request, _: &AppState) -> Result<Self, Fail> {
        let body = to_bytes(request.into_body(), LARGEST_BODY).await.map_err(|_| Fail::TooLarge)?;
        serde_html_form::from_bytes(&body).map(Self).map_err(|_| Fail::NotUnderstood)
    }
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

/// The network address that a request comes from, as far as it can be known.
pub(crate) struct NetworkAddress(pub String);

impl FromRequestParts<AppState> for NetworkAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let connection = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|connection| connection.0);
        Ok(Self(state.settings.address_of(connection, &parts.headers)))
    }
}
