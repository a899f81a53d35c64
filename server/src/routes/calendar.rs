use app::pages::calendar_made;
use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse as _, Redirect, Response},
};
use engine::CalendarError;
use serde::Deserialize;

use crate::{
    door::{CalledFrom, Fail, Form, Path, Visit, attachment},
    export::calendar_file,
};

/// What is to be done about one's calendar, as the form sends it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Change {
    r#do: String,
}

/// `POST /cpd/calendar`: makes the private address of one's calendar, and shows it this once; or ends it.
pub(crate) async fn change(visit: Visit, Form(change): Form<Change>) -> Result<Response, Fail> {
    let person = &visit.reader()?.person;
    if change.r#do == "end" {
        visit.state.engine.end_calendar(person).await?;
        return Ok(Redirect::to("/cpd?done=calendar-ended").into_response());
    }
    let secret = visit.state.engine.make_calendar(person).await?;
    let address = format!("{}/calendar/{secret}.ics", visit.state.settings.base_url);
    Ok(visit.html(calendar_made(&visit.frame(), &address)))
}

/// `GET /calendar/SECRET.ics`: somebody's calendar, for programs that have its address.
pub(crate) async fn feed(
    visit: Visit,
    CalledFrom(caller): CalledFrom,
    Path(feed): Path<String>,
) -> Result<Response, Fail> {
    let secret = feed.strip_suffix(".ics").ok_or(Fail::NotFound)?;
    let calendar = match visit.state.engine.calendar(secret, &caller.place).await {
        Ok(calendar) => calendar,
        Err(CalendarError::NoSuchCalendar) => return Err(Fail::NotFound),
        Err(CalendarError::TooMany { retry_at }) => return Err(Fail::TooMany(retry_at)),
        Err(CalendarError::Internal(error)) => return Err(error.into()),
    };
    let file = calendar_file(&calendar, &visit.state.settings.base_url);
    let mut reply = attachment("text/calendar; charset=utf-8", "online-safety.ics", file);
    reply.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private"));
    Ok(reply)
}
