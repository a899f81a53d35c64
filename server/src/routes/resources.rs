//! What whoever held a workshop gives afterwards to those who were there.

use app::pages::{self, Done as _, Faults, ResourceDone, ResourceForm, text_words};
use axum::{
    extract::Request,
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use engine::{FormKey, GiveResourceError, NewEvidence, NewResource, ResourceFault, ResourceId, WorkshopId};
use serde::Deserialize;

use super::{
    elsewhere::{FILE_AGAIN, file_words},
    people::sentence,
};
use crate::door::{Fail, Path, Query, Visit, attachment, posted_with_file};

/// What was done, as the address says it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Was {
    done: String,
}

/// `GET /workshops/ID/resources`
pub(crate) async fn show(visit: Visit, Path(id): Path<WorkshopId>, Query(was): Query<Was>) -> Result<Response, Fail> {
    let form = ResourceForm {
        key: visit.state.engine.once_key(),
        title: String::new(),
        words: String::new(),
        link: String::new(),
        faults: Faults::default(),
    };
    drawn(&visit, StatusCode::OK, id, &form, ResourceDone::parse(&was.done)).await
}

async fn drawn(
    visit: &Visit,
    status: StatusCode,
    id: WorkshopId,
    form: &ResourceForm,
    done: Option<ResourceDone>,
) -> Result<Response, Fail> {
    let of = visit.state.engine.workshop_resources(&visit.reader()?.person, id).await?;
    Ok(visit.html_with(status, pages::workshop_resources(&visit.frame(), &of, form, done)))
}

/// Something to be given, as the form sends it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Given {
    key: String,
    title: String,
    words: String,
    link: String,
}

/// `POST /workshops/ID/resources`: gives it, once for each form and what is said in it.
pub(crate) async fn give(visit: Visit, Path(id): Path<WorkshopId>, request: Request) -> Result<Response, Fail> {
    let (sent, file): (Given, _) = posted_with_file(request, NewEvidence::LARGEST_FILE).await?;
    let engine = &visit.state.engine;
    let mut key = FormKey::parse(&sent.key).unwrap_or_else(|| engine.once_key());
    let had_file = file.is_some();
    let (title, words, link) = (sent.title.clone(), sent.words.clone(), sent.link.clone());
    let new = NewResource { form: key, title, words, link, file };
    let mut faults = Faults::default();
    match engine.give_resource(&visit.reader()?.person, id, new).await {
        Ok(_) => {
            let done = ResourceDone::Given.code();
            return Ok(Redirect::to(&format!("/workshops/{id}/resources?done={done}")).into_response());
        }
        Err(GiveResourceError::NotTheirs) => return Err(Fail::NotFound),
        Err(GiveResourceError::Internal(error)) => return Err(error.into()),
        Err(GiveResourceError::Faults(found)) => {
            for fault in &found {
                let (place, words) = fault_words(*fault);
                faults.add(place, words);
            }
            if had_file && !found.iter().any(|fault| matches!(fault, ResourceFault::File(_))) {
                faults.add("file", FILE_AGAIN);
            }
        }
        Err(error) => {
            if matches!(error, GiveResourceError::TakenBack) {
                key = engine.once_key();
            }
            faults.add("main-heading", sentence(&error.to_string()));
        }
    }
    let Given { title, words, link, .. } = sent;
    let form = ResourceForm { key, title, words, link, faults };
    drawn(&visit, StatusCode::UNPROCESSABLE_ENTITY, id, &form, None).await
}

/// What is wrong, with the id of the field.
fn fault_words(fault: ResourceFault) -> (&'static str, String) {
    match fault {
        ResourceFault::Title(fault) => ("title", text_words(fault, "Say what it is")),
        ResourceFault::Words(fault) => ("words", text_words(fault, "Write something, or give a link or a file")),
        ResourceFault::Link => ("link", "Type an address that begins with https://".to_owned()),
        ResourceFault::LongLink(fault) => ("link", text_words(fault, "Type an address that begins with https://")),
        ResourceFault::Nothing => ("words", "Write something, or give a link or a file".to_owned()),
        ResourceFault::File(fault) => ("file", file_words(fault).to_owned()),
    }
}

/// `GET /workshops/ID/resources/ID`: its file, to be kept and never shown within the site.
pub(crate) async fn file(visit: Visit, Path((workshop, id)): Path<(WorkshopId, ResourceId)>) -> Result<Response, Fail> {
    let (kind, bytes) = visit.state.engine.resource_file(&visit.reader()?.person, workshop, id).await?;
    Ok(attachment(kind.media_type(), &format!("workshop.{}", kind.code()), bytes))
}

/// `POST /workshops/ID/resources/ID/end`: takes it back.
pub(crate) async fn end(visit: Visit, Path((workshop, id)): Path<(WorkshopId, ResourceId)>) -> Result<Response, Fail> {
    visit.state.engine.end_resource(&visit.reader()?.person, workshop, id).await?;
    let done = ResourceDone::TakenBack.code();
    Ok(Redirect::to(&format!("/workshops/{workshop}/resources?done={done}")).into_response())
}
