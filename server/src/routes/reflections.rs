use app::pages::{ReflectionForm, reflection, text_words};
use axum::{
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use engine::{CompletionId, CpdEntry, ReflectionError};
use serde::Deserialize;

use crate::door::{Fail, Form, Path, Visit};

/// What somebody took from a module, as the form sends it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Written {
    text: String,
}

/// A pass of their own.
async fn find(visit: &Visit, pass: CompletionId) -> Result<CpdEntry, Fail> {
    let record = visit.state.engine.cpd_record(visit.reader()?.person.id).await?;
    let mut entries = record.years.into_iter().flat_map(|year| year.entries);
    entries.find(|entry| entry.completion == pass).ok_or(Fail::NotFound)
}

/// `GET /cpd/reflections/ID`: where somebody writes what they took from a module that they passed.
pub(crate) async fn show(visit: Visit, Path(pass): Path<CompletionId>) -> Result<Response, Fail> {
    let entry = find(&visit, pass).await?;
    let form = ReflectionForm { text: entry.reflection.clone().unwrap_or_default(), ..ReflectionForm::default() };
    Ok(visit.html(reflection(&visit.frame(), &entry, &form)))
}

/// `POST /cpd/reflections/ID`: keeps it.
pub(crate) async fn write(
    visit: Visit,
    Path(pass): Path<CompletionId>,
    Form(sent): Form<Written>,
) -> Result<Response, Fail> {
    match visit.state.engine.write_reflection(&visit.reader()?.person, pass, &sent.text).await {
        Ok(()) => Ok(Redirect::to("/cpd?done=written").into_response()),
        Err(ReflectionError::NoSuchPass) => Err(Fail::NotFound),
        Err(ReflectionError::Internal(error)) => Err(error.into()),
        Err(ReflectionError::Text(fault)) => {
            let entry = find(&visit, pass).await?;
            let mut form = ReflectionForm { text: sent.text, ..ReflectionForm::default() };
            form.faults.add("text", text_words(fault, "Write something"));
            Ok(visit.html_with(StatusCode::UNPROCESSABLE_ENTITY, reflection(&visit.frame(), &entry, &form)))
        }
    }
}
