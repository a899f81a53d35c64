use app::pages::{DataFor, person_data};
use axum::response::Response;
use engine::{PersonData, PersonId};

use crate::{
    door::{Fail, Path, Visit, attachment},
    export::person_json,
};

/// `GET /account/data`: everything that is held about whoever asks.
pub(crate) async fn own(visit: Visit) -> Result<Response, Fail> {
    let data = visit.state.engine.own_data(&visit.reader()?.person).await?;
    Ok(visit.html(person_data(&visit.frame(), &data, DataFor::Oneself)))
}

/// `GET /account/data/file`: the same for a program.
pub(crate) async fn own_file(visit: Visit) -> Result<Response, Fail> {
    let data = visit.state.engine.own_data(&visit.reader()?.person).await?;
    file(&visit, &data)
}

/// `GET /people/ID/data`: everything that is held about somebody, for administrators.
pub(crate) async fn show(visit: Visit, Path(id): Path<PersonId>) -> Result<Response, Fail> {
    let data = visit.state.engine.person_data(&visit.reader()?.person, id).await?;
    Ok(visit.html(person_data(&visit.frame(), &data, DataFor::Administrator)))
}

/// `GET /people/ID/data/file`: the same for a program.
pub(crate) async fn show_file(visit: Visit, Path(id): Path<PersonId>) -> Result<Response, Fail> {
    let data = visit.state.engine.person_data(&visit.reader()?.person, id).await?;
    file(&visit, &data)
}

fn file(visit: &Visit, data: &PersonData) -> Result<Response, Fail> {
    let provider = &visit.state.engine.catalogue().organisation.name;
    let text = serde_json::to_string_pretty(&person_json(provider, data));
    let text = text.map_err(|error| Fail::Internal(error.to_string()))?;
    Ok(attachment("application/json", "what-is-held.json", text))
}
