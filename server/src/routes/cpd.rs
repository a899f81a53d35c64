use app::pages;
use axum::response::Response;

use crate::{
    door::{Fail, Visit, attachment},
    export::cpd_table,
};

/// `GET /cpd`
pub(crate) async fn show(visit: Visit) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let person = &visit.reader()?.person;
    let (record, looks) = (engine.cpd_record(person.id).await?, engine.looks_at_record(person).await?);
    Ok(visit.html(pages::cpd(&visit.frame(), &record, looks)))
}

/// `GET /cpd/file`: the same as a table.
pub(crate) async fn file(visit: Visit) -> Result<Response, Fail> {
    let record = visit.state.engine.cpd_record(visit.reader()?.person.id).await?;
    let table = cpd_table(&visit.state.engine.catalogue().organisation.name, &record.years)
        .map_err(|error| Fail::Internal(error.to_string()))?;
    Ok(attachment("text/csv; charset=utf-8", "cpd-record.csv", table))
}
