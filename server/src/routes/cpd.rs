use app::pages;
use axum::{
    http::header,
    response::{IntoResponse as _, Response},
};

use crate::{
    cpd_table::cpd_table,
    door::{Fail, Visit},
};

/// `GET /cpd`
pub(crate) async fn show(visit: Visit) -> Result<Response, Fail> {
    let record = visit.state.engine.cpd_record(visit.reader()?.person.id).await?;
    Ok(visit.html(pages::cpd(&visit.frame(), &record)))
}

/// `GET /cpd/file`: the same as a table.
pub(crate) async fn file(visit: Visit) -> Result<Response, Fail> {
    let record = visit.state.engine.cpd_record(visit.reader()?.person.id).await?;
    let table = cpd_table(&visit.state.engine.catalogue().organisation.name, &record.years)
        .map_err(|error| Fail::Internal(error.to_string()))?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"cpd-record.csv\""),
    ];
    Ok((headers, table).into_response())
}
