use app::pages::{Faults, RemindersView, reminders};
use axum::{
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use engine::{Actor, Occasion, ReminderError, ReminderId, ReminderResult, WhichReminders};
use serde::Deserialize;

use crate::door::{Fail, Form, Query, Visit};

/// Which reminders are wanted, and what was done, as the address says it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    why: String,
    result: String,
    after: String,
    done: String,
}

/// `GET /admin/reminders`: whether people are reminded, whom the next letters would go to, and of what they were, for administrators.
pub(crate) async fn show(visit: Visit, Query(wanted): Query<Wanted>) -> Result<Response, Fail> {
    list(&visit, StatusCode::OK, &wanted, Faults::default()).await
}

async fn list(visit: &Visit, status: StatusCode, wanted: &Wanted, faults: Faults) -> Result<Response, Fail> {
    let (engine, reader) = (&visit.state.engine, &visit.reader()?.person);
    let which = WhichReminders {
        occasion: Occasion::parse(&wanted.why),
        result: ReminderResult::parse(&wanted.result),
        after: ReminderId::parse(&wanted.after),
    };
    let view = RemindersView {
        page: engine.reminders(reader, which).await?,
        plan: engine.reminder_plan(reader).await?,
        which,
        done: is_pause(&wanted.done),
        faults,
    };
    Ok(visit.html_with(status, reminders(&visit.frame(), &view)))
}

/// Whether reminders are, or were, to be held back, and not to go on. `None`: neither.
fn is_pause(code: &str) -> Option<bool> {
    match code {
        "pause" => Some(true),
        "go-on" => Some(false),
        _ => None,
    }
}

/// What is to be done about reminders, as a form sends it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Act {
    r#do: String,
}

/// `POST /admin/reminders`: holds reminders back, or has them go on.
pub(crate) async fn act(visit: Visit, Form(form): Form<Act>) -> Result<Response, Fail> {
    let Some(paused) = is_pause(&form.r#do) else {
        let mut faults = Faults::default();
        faults.add("main", "Choose one of the buttons below");
        return list(&visit, StatusCode::UNPROCESSABLE_ENTITY, &Wanted::default(), faults).await;
    };
    match visit.state.engine.pause_reminders(paused, Actor::Person(visit.reader()?.person.id)).await {
        Ok(()) => Ok(Redirect::to(&format!("/admin/reminders?done={}", form.r#do)).into_response()),
        Err(ReminderError::NotForYou) => Err(Fail::NotForYou),
        Err(ReminderError::Internal(error)) => Err(error.into()),
    }
}
