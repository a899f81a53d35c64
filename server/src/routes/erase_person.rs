use app::pages::{EraseFaults, erase_person};
use axum::{
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use engine::{EraseError, PersonId};
use serde::Deserialize;

use crate::door::{Fail, Form, Path, Visit};

#[derive(Deserialize)]
pub(crate) struct Sent {
    #[serde(default)]
    name: String,
    #[serde(default)]
    sure: String,
}

/// `GET /people/ID/erase`: what erasing somebody lets go of, and the form to do it.
pub(crate) async fn ask(visit: Visit, Path(id): Path<PersonId>) -> Result<Response, Fail> {
    page(&visit, id, StatusCode::OK, &EraseFaults::default()).await
}

/// `POST /people/ID/erase`
pub(crate) async fn erase(visit: Visit, Path(id): Path<PersonId>, Form(sent): Form<Sent>) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let reader = &visit.reader()?.person;
    let plan = engine.erasure_plan(reader, id).await?;
    let known = plan.name.as_deref().unwrap_or("Name erased");
    let mut faults = EraseFaults {
        name: sent.name.trim() != known,
        sure: sent.sure != "yes",
        oneself: reader.id == id,
        typed: sent.name.trim().to_owned(),
    };
    if !faults.is_empty() {
        return page(&visit, id, StatusCode::UNPROCESSABLE_ENTITY, &faults).await;
    }
    match engine.erase_person_for(reader, id).await {
        Ok(_) => Ok(Redirect::to(&format!("/people/{id}/erase")).into_response()),
        Err(EraseError::Hindered(_)) => page(&visit, id, StatusCode::CONFLICT, &EraseFaults::default()).await,
        Err(EraseError::Oneself) => {
            faults.oneself = true;
            page(&visit, id, StatusCode::UNPROCESSABLE_ENTITY, &faults).await
        }
        Err(EraseError::NotForYou) => Err(Fail::NotForYou),
        Err(EraseError::NoSuchPerson) => Err(Fail::NotFound),
        Err(EraseError::NotNoted(error)) => Err(Fail::NotSaved(error.to_string())),
        Err(EraseError::Internal(error)) => Err(error.into()),
    }
}

async fn page(visit: &Visit, id: PersonId, status: StatusCode, faults: &EraseFaults) -> Result<Response, Fail> {
    let plan = visit.state.engine.erasure_plan(&visit.reader()?.person, id).await?;
    Ok(visit.html_with(status, erase_person(&visit.frame(), &plan, faults)))
}
