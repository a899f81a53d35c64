use std::{borrow::Cow, convert::Infallible, net::SocketAddr, time::Duration};

use axum::{
    body::{Bytes, to_bytes},
    extract::{
        ConnectInfo, DefaultBodyLimit, FromRequest, FromRequestParts, Multipart, Request,
        multipart::{Field, MultipartError},
    },
    http::{StatusCode, header, request::Parts},
};
use engine::Caller;
use serde::{Serialize, de::DeserializeOwned};
use tokio::time::timeout;

use super::{app_state::AppState, browser::browser_of, fail::Fail, keeps::Keeps, limit::LARGEST_BODY};

/// How long a file may take to arrive.
const LONGEST_FILE: Duration = Duration::from_secs(50);

/// What an address asks, without what asks for nothing.
pub(crate) fn query_of(asked: &impl Serialize) -> String {
    let whole = serde_html_form::to_string(asked).unwrap_or_default();
    let asks: Vec<&str> = whole.split('&').filter(|pair| !pair.ends_with('=')).collect();
    asks.join("&")
}

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
    let body = to_bytes(request.into_body(), LARGEST_BODY).await.map_err(|_| Fail::TooLarge)?;
    Ok(match std::str::from_utf8(&body).map(without_nul) {
        Ok(Cow::Owned(text)) => text.into(),
        _ => body,
    })
}

/// What a form or an address says, with another character that nobody can see in place of the one that PostgreSQL keeps in no text: whatever
/// refuses the one refuses the other.
fn without_nul(encoded: &str) -> Cow<'_, str> {
    if encoded.contains("%00") || encoded.contains('\0') {
        Cow::Owned(encoded.replace("%00", "%01").replace('\0', "\u{1}"))
    } else {
        Cow::Borrowed(encoded)
    }
}

/// A file that a form sends, with the name that it had, and of no more than so many bytes.
///
/// # Errors
/// [`Fail::NotAForm`] when it is no form with files, [`Fail::TooLarge`], [`Fail::TooSlow`].
pub(crate) async fn posted_file(mut request: Request, most: usize) -> Result<Option<(String, Vec<u8>)>, Fail> {
    limit_body(&mut request, most);
    let taken = async {
        let mut form = Multipart::from_request(request, &()).await.map_err(|_| Fail::NotAForm)?;
        while let Some(mut field) = form.next_field().await.map_err(unreadable)? {
            let Some(name) = field.file_name().map(str::to_owned) else { continue };
            let bytes = bytes_of(&mut field, most).await?;
            return if bytes.len() > most { Err(Fail::TooLarge) } else { Ok(Some((name, bytes))) };
        }
        Ok(None)
    };
    timeout(LONGEST_FILE, taken).await.unwrap_or(Err(Fail::TooSlow))
}

/// What a form sends that may bring a file of no more than so many bytes. Of a larger one so many and one more are handed over, so that
/// whoever takes it sees that it is too large. A form that brings none may be sent as any other form.
///
/// # Errors
/// [`Fail::NotAForm`] when it is neither, [`Fail::NotUnderstood`], [`Fail::TooLarge`] when what is typed is, [`Fail::TooSlow`].
pub(crate) async fn posted_with_file<T: DeserializeOwned>(
    mut request: Request,
    most: usize,
) -> Result<(T, Option<Vec<u8>>), Fail> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.trim_start().to_ascii_lowercase().starts_with("multipart/form-data") {
        let body = form(request).await?;
        let fields = serde_html_form::from_bytes(&body).map_err(|_| Fail::NotUnderstood)?;
        return Ok((fields, None));
    }
    limit_body(&mut request, most);
    let taken = async {
        let mut form = Multipart::from_request(request, &()).await.map_err(|_| Fail::NotAForm)?;
        let (mut fields, mut file, mut room) = (Vec::new(), None, LARGEST_BODY);
        for part in 0.. {
            // What is left of a file that is too large is read past, so that the browser takes the reply; but not for ever.
            let is_too_large = file.as_ref().is_some_and(|file: &Vec<u8>| file.len() > most);
            let Some(mut field) = form.next_field().await.or_else(|error| match unreadable(error) {
                Fail::TooLarge if is_too_large => Ok(None),
                fail => Err(fail),
            })?
            else {
                break;
            };
            if part == MOST_PARTS {
                return Err(Fail::TooLarge);
            }
            if let Some(called) = field.file_name() {
                // A browser sends an empty one without a name where none was chosen.
                let is_chosen = !called.is_empty();
                file = Some(bytes_of(&mut field, most).await?).filter(|bytes| is_chosen || !bytes.is_empty());
            } else {
                let name = field.name().unwrap_or_default().to_owned();
                room = room.checked_sub(name.len()).ok_or(Fail::TooLarge)?;
                let bytes = bytes_of(&mut field, room).await?;
                room = room.checked_sub(bytes.len()).ok_or(Fail::TooLarge)?;
                fields.push((name, String::from_utf8(bytes).map_err(|_| Fail::NotUnderstood)?));
            }
        }
        let text = serde_html_form::to_string(&fields).map_err(|_| Fail::NotUnderstood)?;
        Ok((serde_html_form::from_str(&without_nul(&text)).map_err(|_| Fail::NotUnderstood)?, file))
    };
    timeout(LONGEST_FILE, taken).await.unwrap_or(Err(Fail::TooSlow))
}

/// How many parts a form has at most that brings a file: each of them costs something, however little is in it.
const MOST_PARTS: usize = 32;

/// Lets a body be larger than axum's own limit of 2 MB, and no larger than what a form needs that brings a file of so many bytes, with room to read
/// past one that is too large.
fn limit_body(request: &mut Request, most: usize) {
    DefaultBodyLimit::max(4 * most + LARGEST_BODY).apply(request);
}

/// Why a form could not be read on.
#[expect(clippy::needless_pass_by_value, reason = "it is what an error is mapped with")]
fn unreadable(error: MultipartError) -> Fail {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE { Fail::TooLarge } else { Fail::NotUnderstood }
}

/// The bytes of a part of a form, at most so many and one more.
async fn bytes_of(field: &mut Field<'_>, most: usize) -> Result<Vec<u8>, Fail> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(unreadable)? {
        let room = most + 1 - bytes.len();
        bytes.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if chunk.len() >= room {
            break;
        }
    }
    Ok(bytes)
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
        Ok(Self(serde_html_form::from_str(&without_nul(query)).unwrap_or_default()))
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
