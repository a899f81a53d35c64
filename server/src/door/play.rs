//! Replies that players read: whole files and parts of them (RFC 9110, section 14).

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use engine::media::MediaName;

/// A file opened on its own may be played, and nothing more.
const POLICY: &str =
    "default-src 'none'; media-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// What a browser asked for, as far as it matters for a file that never changes.
#[derive(Clone, Debug, Default)]
pub(crate) struct PlayRequest {
    range: Option<String>,
    if_range: Option<String>,
    if_none_match: Option<String>,
}

impl PlayRequest {
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok()).map(str::to_owned);
        Self {
            range: text(header::RANGE),
            if_range: text(header::IF_RANGE),
            if_none_match: text(header::IF_NONE_MATCH),
        }
    }
}

/// A file as a reply, or the part that was asked for. `body` gives the bytes from a place to before another.
pub(crate) fn play(asked: &PlayRequest, name: MediaName, length: u64, body: impl FnOnce(u64, u64) -> Body) -> Response {
    let tag = format!("\"{}\"", name.sha256);
    let mut response = if asked.if_none_match.as_deref().is_some_and(|tags| matches_tag(tags, &tag)) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        // A part is worth nothing to somebody who holds parts of another file.
        let range = asked.range.as_deref().filter(|_| asked.if_range.as_deref().is_none_or(|held| held == tag));
        match range.map_or(Wanted::All, |range| wanted(range, length)) {
            Wanted::All => part(StatusCode::OK, length, body(0, length)),
            Wanted::Part(from, end) => {
                let mut response = part(StatusCode::PARTIAL_CONTENT, end - from, body(from, end));
                put(&mut response, header::CONTENT_RANGE, &format!("bytes {from}-{}/{length}", end - 1));
                response
            }
            Wanted::Nothing => {
                let mut response = StatusCode::RANGE_NOT_SATISFIABLE.into_response();
                put(&mut response, header::CONTENT_RANGE, &format!("bytes */{length}"));
                return response;
            }
        }
    };
    put(&mut response, header::ETAG, &tag);
    put(&mut response, header::ACCEPT_RANGES, "bytes");
    put(&mut response, header::CONTENT_TYPE, name.format.media_type());
    put(&mut response, header::CONTENT_SECURITY_POLICY, POLICY);
    response
}

fn part(status: StatusCode, length: u64, body: Body) -> Response {
    let mut response = (status, body).into_response();
    response.headers_mut().insert(header::CONTENT_LENGTH, length.into());
    response
}

fn put(response: &mut Response, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

fn matches_tag(tags: &str, tag: &str) -> bool {
    tags.trim() == "*" || tags.split(',').any(|held| held.trim().trim_start_matches("W/") == tag)
}

#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    All,
    /// From a place to before another.
    Part(u64, u64),
    /// What is asked for lies outside.
    Nothing,
}

/// What a `Range` asks for. Several ranges at once, and what cannot be understood, may be answered with all of it.
fn wanted(range: &str, length: u64) -> Wanted {
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        // A place that no file reaches is as good as the last one.
        digits.then(|| text.parse().unwrap_or(u64::MAX))
    };
    let range = range.split_once('=').filter(|(unit, _)| unit.trim().eq_ignore_ascii_case("bytes"));
    let Some((first, last)) = range.and_then(|(_, range)| range.trim().split_once('-')) else { return Wanted::All };
    let (from, end) = match (number(first), number(last)) {
        (None, Some(count)) if first.is_empty() => (length.saturating_sub(count), length),
        (Some(from), None) if last.is_empty() => (from, length),
        (Some(from), Some(last)) if from <= last => (from, last.saturating_add(1).min(length)),
        _ => return Wanted::All,
    };
    if from < end { Wanted::Part(from, end) } else { Wanted::Nothing }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_is_one_part() {
        for (range, expected) in [
            ("bytes=0-", Wanted::Part(0, 100)),
            ("bytes=0-0", Wanted::Part(0, 1)),
            ("Bytes= 10-19", Wanted::Part(10, 20)),
            ("bytes=90-200", Wanted::Part(90, 100)),
            ("bytes=99-99999999999999999999999", Wanted::Part(99, 100)),
            ("bytes=-10", Wanted::Part(90, 100)),
            ("bytes=-1000", Wanted::Part(0, 100)),
            ("bytes=100-", Wanted::Nothing),
            ("bytes=100-200", Wanted::Nothing),
            ("bytes=-0", Wanted::Nothing),
            ("bytes=20-10", Wanted::All),
            ("bytes=0-1,5-6", Wanted::All),
            ("bytes=-", Wanted::All),
            ("bytes=a-b", Wanted::All),
            ("bytes=+1-2", Wanted::All),
            ("lines=0-1", Wanted::All),
            ("", Wanted::All),
        ] {
            assert_eq!(wanted(range, 100), expected, "{range}");
        }
    }
}
