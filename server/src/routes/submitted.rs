//! What came in for the named roles to which agreements are submitted.

use app::pages::{self, Done as _, Faults, SubmissionsView, Ticked};
use axum::{
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use engine::{Actor, SignatureId, Submission, SubmissionState, TickError, local_date};
use serde::Deserialize;

use super::people::sentence;
use crate::{
    door::{Fail, Form, Query, Visit, attachment},
    export::submissions_table,
};

/// What is wanted, and what was done, as addresses and forms say it.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    role: String,
    /// `open`, `ticked` or `all`.
    state: String,
    after: String,
    done: String,
}

impl Wanted {
    fn role(&self) -> Option<&str> {
        Some(self.role.as_str()).filter(|role| !role.is_empty())
    }

    /// Open ones, unless it says otherwise. `None`: all.
    fn state(&self) -> Option<SubmissionState> {
        if self.state == "all" { None } else { SubmissionState::parse(&self.state).or(Some(SubmissionState::Open)) }
    }
}

/// `GET /submitted`
pub(crate) async fn list(visit: Visit, Query(wanted): Query<Wanted>) -> Result<Response, Fail> {
    page(&visit, StatusCode::OK, &wanted, Faults::default()).await
}

async fn page(visit: &Visit, status: StatusCode, wanted: &Wanted, faults: Faults) -> Result<Response, Fail> {
    let (state, after) = (wanted.state(), SignatureId::parse(&wanted.after));
    let reader = &visit.reader()?.person;
    let page = visit.state.engine.submissions(reader, wanted.role(), state, after).await?;
    let done = Ticked::parse(&wanted.done);
    let view = SubmissionsView { page, state, is_first: after.is_none(), reader: reader.id, done, faults };
    Ok(visit.html_with(status, pages::submitted(&visit.frame(), &view)))
}

/// `POST /submitted`: ticks off what was chosen, or all that the page shows; or takes ticks back. Says so, or what is wrong.
pub(crate) async fn tick(visit: Visit, Form(fields): Form<Vec<(String, String)>>) -> Result<Response, Fail> {
    let field = |name: &str| fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.as_str());
    let wanted = Wanted { role: field("role").to_owned(), state: field("state").to_owned(), ..Wanted::default() };
    let (which, act) = match field("do") {
        "tick-all" => ("shown", Ticked::Off),
        "take-back" => ("signature", Ticked::Back),
        _ => ("signature", Ticked::Off),
    };
    let chosen = fields.iter().filter(|(field, _)| field == which).map(|(_, id)| SignatureId::parse(id));
    let chosen: Vec<SignatureId> = chosen.collect::<Option<_>>().ok_or(Fail::NotUnderstood)?;
    let by = Actor::Person(visit.reader()?.person.id);
    match visit.state.engine.tick_off(&chosen, act == Ticked::Off, by).await {
        Ok(_) => {
            let asked = [("role", &*wanted.role), ("state", &*wanted.state), ("done", act.code())];
            let asked: Vec<_> = asked.into_iter().filter(|(_, value)| !value.is_empty()).collect();
            let query = serde_html_form::to_string(&asked).unwrap_or_default();
            Ok(Redirect::to(&format!("/submitted?{query}")).into_response())
        }
        Err(TickError::Internal(error)) => Err(error.into()),
        Err(error) => {
            let mut faults = Faults::default();
            faults.add("submitted", sentence(&error.to_string()));
            page(&visit, StatusCode::UNPROCESSABLE_ENTITY, &wanted, faults).await
        }
    }
}

/// `POST /submitted/csv`: the same as a table for spreadsheets.
pub(crate) async fn csv(visit: Visit, Form(wanted): Form<Wanted>) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let mut failed = None;
    let written = |found: &[Submission]| {
        submissions_table(found).unwrap_or_else(|error| {
            failed = Some(error);
            Vec::new()
        })
    };
    let reader = &visit.reader()?.person;
    let table = engine.export_submissions(reader, wanted.role(), wanted.state(), written).await?;
    if let Some(error) = failed {
        return Err(Fail::Internal(error.to_string()));
    }
    let name = format!("submitted-{}.csv", local_date(engine.now()));
    Ok(attachment("text/csv; charset=utf-8", &name, table))
}
