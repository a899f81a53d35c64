//! What a browser keeps besides its session: by what its device is known, whose forms may wait in it, and that it was left quickly.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, HeaderValue, header, request::Parts},
    response::Response,
};
use engine::Device;
use tower_sessions::cookie::{Cookie, SameSite};

use super::app_state::AppState;

const DEVICE: &str = "induct-device";

/// A browser that is not used for longer comes as a stranger.
const DEVICE_FOR: time::Duration = time::Duration::days(180);

const OWNER: &str = "induct-owner";

/// As long as a form can wait.
const OWNER_FOR: time::Duration = time::Duration::days(1);

/// Says that somebody left quickly with this browser.
const LEFT: &str = "induct-left";

/// As long as a session can last: whoever takes the device into their hands finds out nothing by going back meanwhile.
const LEFT_FOR: time::Duration = time::Duration::hours(12);

/// What came of a browser that was sent to the sign-in of the organisation.
const SIGN_ON: &str = "induct-sign-on";

/// As long as such a way back holds.
const SIGN_ON_FOR: time::Duration = time::Duration::minutes(15);

/// What a browser keeps while somebody signs in with their organisation, sealed. `None`: nothing.
pub(crate) fn sign_on_of(headers: &HeaderMap, state: &AppState) -> Option<String> {
    value(headers, SIGN_ON, state).filter(|sealed| !sealed.is_empty())
}

/// Gives it to a browser, or takes it back.
pub(crate) fn keep_sign_on(response: &mut Response, state: &AppState, sealed: Option<String>) {
    let age = if sealed.is_some() { SIGN_ON_FOR } else { time::Duration::ZERO };
    set(response, state, SIGN_ON, sealed.unwrap_or_default(), age);
}

/// Has a browser remember, until somebody signs in with it, that it was left quickly: what was open there is named by no address any more.
pub(crate) fn keep_left(response: &mut Response, state: &AppState) {
    set(response, state, LEFT, "yes".to_owned(), LEFT_FOR);
}

fn value(headers: &HeaderMap, name: &str, state: &AppState) -> Option<String> {
    let name = full(name, state);
    let headers = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut cookies = headers.flat_map(Cookie::split_parse).filter_map(Result::ok);
    cookies.find(|cookie| cookie.name() == name).map(|cookie| cookie.value().to_owned())
}

/// What a browser keeps. None of it says anything to anybody but the engine.
pub(crate) struct Keeps {
    /// Which accounts have been signed in with this browser.
    pub device: Option<Device>,
    /// Who was the last to sign in here, for a day.
    pub owner: Option<String>,
    /// Whether it was left quickly, and nobody has signed in since.
    pub left: bool,
}

impl Keeps {
    pub(crate) fn of(headers: &HeaderMap, state: &AppState) -> Self {
        let value = |name: &str| value(headers, name, state);
        let left = value(LEFT).is_some_and(|left| !left.is_empty());
        Self { device: value(DEVICE).and_then(|text| Device::parse(&text)), owner: value(OWNER), left }
    }

    /// Gives both to a browser with which somebody has just signed in. What islands have left on the device is taken from it unless it
    /// is known to be theirs: answers wait there that have not arrived.
    pub(crate) fn renew(&self, response: &mut Response, state: &AppState, device: &Device, owner: String) {
        if self.owner.as_ref() != Some(&owner) {
            let storage = HeaderValue::from_static("\"storage\"");
            response.headers_mut().insert(HeaderName::from_static("clear-site-data"), storage);
        }
        set(response, state, DEVICE, device.to_string(), DEVICE_FOR);
        set(response, state, OWNER, owner, OWNER_FOR);
        if self.left {
            set(response, state, LEFT, String::new(), time::Duration::ZERO);
        }
    }
}

impl FromRequestParts<AppState> for Keeps {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.headers, state))
    }
}

fn set(response: &mut Response, state: &AppState, name: &str, value: String, age: time::Duration) {
    let cookie = Cookie::build((full(name, state), value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(state.settings.is_secure())
        .max_age(age);
    if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// Over TLS a cookie is bound to the host by its name.
fn full(name: &str, state: &AppState) -> String {
    if state.settings.is_secure() { format!("__Host-{name}") } else { name.to_owned() }
}
