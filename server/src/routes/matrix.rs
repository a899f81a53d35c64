use std::sync::Arc;

use app::pages::{MatrixView, as_at, matrix, person_record, said};
use axum::{body::Body, response::Response};
use engine::{Matrix, PersonId, Right, Role, Scope};
use futures_util::stream;

use crate::{
    compress::Repeats,
    door::{Fail, Path, Query, Visit, attachment},
    export,
};

type Pairs = Query<Vec<(String, String)>>;

/// `GET /matrix`: everybody whom the reader may see. The address says which of them, at which moment and in which order.
pub(crate) async fn show(visit: Visit, Query(pairs): Pairs) -> Result<Response, Fail> {
    let (seen, view) = seen(&visit, MatrixView::read(&pairs)).await?;
    let mut response = visit.html(matrix(&visit.frame(), &seen, &view));
    if view.repeats_words() {
        response.extensions_mut().insert(Repeats);
    }
    Ok(response)
}

/// `GET /matrix/csv`: the same people and columns, all of them, as a file.
pub(crate) async fn csv(visit: Visit, Query(pairs): Pairs) -> Result<Response, Fail> {
    let (seen, _) = seen(&visit, unfolded(&pairs)).await?;
    let name = export::file_name(&seen, "csv");
    let body = Body::from_stream(stream::iter(export::matrix_csv(seen)));
    Ok(attachment("text/csv; charset=utf-8", &name, body))
}

/// `GET /matrix/xlsx`: the same as a workbook.
pub(crate) async fn xlsx(visit: Visit, Query(pairs): Pairs) -> Result<Response, Fail> {
    let (seen, view) = seen(&visit, unfolded(&pairs)).await?;
    let engine = &visit.state.engine;
    let origin = export::Origin {
        organisation: engine.catalogue().organisation.name.clone(),
        whom: said(&seen, &view),
        as_at: as_at(&seen),
        by: visit.reader()?.person.name.clone(),
        at: engine.now(),
    };
    let name = export::file_name(&seen, "xlsx");
    let written = tokio::task::spawn_blocking(move || export::matrix_xlsx(&seen, &origin)).await;
    let bytes = match written {
        Ok(bytes) => bytes.map_err(|error| Fail::Internal(error.to_string()))?,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    };
    Ok(attachment("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", &name, bytes))
}

/// `GET /people/ID`: one person's whole record, for whoever may see them.
pub(crate) async fn person(visit: Visit, Path(id): Path<PersonId>, Query(pairs): Pairs) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let moment = MatrixView::read(&pairs).query.as_at;
    let record = engine.person_record(&scope(&visit)?, id, moment).await?;
    let administers = visit.reader()?.person.is(Role::Administrator);
    Ok(visit.html(person_record(&visit.frame(), &record, moment, administers)))
}

fn scope(visit: &Visit) -> Result<Scope, Fail> {
    let person = &visit.reader()?.person;
    Scope::of(person, Right::See, visit.state.engine.now()).ok_or(Fail::NotForYou)
}

/// What a reader sees of a view. What is asked for and is not there for them is left out of it.
async fn seen(visit: &Visit, view: MatrixView) -> Result<(Arc<Matrix>, MatrixView), Fail> {
    let engine = &visit.state.engine;
    let scope = scope(visit)?;
    let seen = engine.matrix(&scope, &view.query).await?;
    let known = view.clone().known_to(&seen);
    let seen = if known == view { seen } else { engine.matrix(&scope, &known.query).await? };
    Ok((seen, known))
}

/// A view in which nobody is folded away: a file has no fold to open.
fn unfolded(pairs: &[(String, String)]) -> MatrixView {
    let mut view = MatrixView::read(pairs);
    view.query.folded.clear();
    view
}
