use axum::{
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use chrono::{DateTime, Utc};

/// How a request is answered: with which status, and from when on it may be made again where it was refused because there were too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Answered {
    status: StatusCode,
    retry_at: Option<DateTime<Utc>>,
}

impl Answered {
    /// Refused, because there were too many tries; `retry_at` is what the limit itself says, which counts what was typed and not whether it is there.
    /// Whatever is refused so is answered by this, and so bears `Retry-After` (RFC 9110, section 10.2.3).
    pub(crate) fn held_up(retry_at: DateTime<Utc>) -> Self {
        Self { status: StatusCode::TOO_MANY_REQUESTS, retry_at: Some(retry_at) }
    }

    pub(super) fn status(self) -> StatusCode {
        self.status
    }

    /// The same reply, with the seconds for which whoever asked is to wait, if they are.
    pub(super) fn on(self, mut response: Response, now: DateTime<Utc>) -> Response {
        if let Some(retry_at) = self.retry_at {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds_until(retry_at, now)));
        }
        response
    }
}

impl From<StatusCode> for Answered {
    fn from(status: StatusCode) -> Self {
        Self { status, retry_at: None }
    }
}

/// Whole seconds, and none too few: whoever waits as long is not refused again.
fn seconds_until(retry_at: DateTime<Utc>, now: DateTime<Utc>) -> i64 {
    let left = retry_at - now;
    (left.num_seconds() + i64::from(left.subsec_nanos() > 0)).max(1)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn whoever_waits_as_long_as_they_are_told_has_waited_long_enough() {
        let now = DateTime::UNIX_EPOCH;
        for (left, told) in [(-5_000, 1), (0, 1), (1, 1), (999, 1), (1_000, 1), (1_001, 2), (900_000, 900)] {
            assert_eq!(seconds_until(now + TimeDelta::milliseconds(left), now), told, "{left}");
        }
    }
}
