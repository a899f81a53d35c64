use std::fmt::Display;

use app::pages::{
    Beside, MatrixView, as_at, between, changes, matrix, matrix_on_paper, matrix_rows, others_answers, person_record,
    said,
};
use axum::{
    body::Body,
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use engine::{AsAt, AttemptId, Comparison, Matrix, PersonId, Right, Role, Scope};
use futures_util::stream;

use crate::{
    compress::Repeats,
    door::{Fail, Path, Query, Visit, attachment},
    export,
};

pub(super) type Pairs = Query<Vec<(String, String)>>;

/// How many pages of a view are asked for at once.
const MOST_PAGES: usize = 8;

const CSV: &str = "text/csv; charset=utf-8";

/// `GET /matrix`: everybody whom the reader may see. The address says which of them, at which moment and in which order; or between which
/// moments what changed is shown.
pub(crate) async fn show(visit: Visit, Query(pairs): Pairs) -> Result<Response, Fail> {
    let view = read(&visit, &pairs).await?;
    page(&visit, view).await
}

/// The page of a view. A day that cannot be used is said there, and so is what cannot be read.
pub(super) async fn page(visit: &Visit, view: MatrixView) -> Result<Response, Fail> {
    let status = status_of(&view);
    let Some(against) = view.against else { return shown(visit, view, None, status).await };
    let (compared, view) = compared(visit, view, against).await?;
    let repeats = view.repeats_words() || compared.nobody_has.is_some();
    Ok(perhaps_repeating(repeats, visit.html_with(status, changes(&visit.frame(), &compared, &view))))
}

/// What an address asks for. Moments before the first day on which anybody was here are none that can be shown.
async fn read(visit: &Visit, pairs: &[(String, String)]) -> Result<MatrixView, Fail> {
    let view = MatrixView::read(pairs);
    if view.query.as_at.is_none() && view.against.is_none() {
        return Ok(view);
    }
    Ok(view.not_before(visit.state.engine.first_day().await?))
}

fn status_of(view: &MatrixView) -> StatusCode {
    if view.is_as_asked() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
}

/// The matrix. `wrong_name`: what was typed as the name of a view, and what is wrong with it.
pub(super) async fn shown(
    visit: &Visit,
    view: MatrixView,
    wrong_name: Option<(String, String)>,
    status: StatusCode,
) -> Result<Response, Fail> {
    let (seen, view) = seen(visit, view).await?;
    let repeats = repeats(&seen, &view);
    let reader = &visit.reader()?.person;
    if let Some(paper) = view.paper {
        let page = matrix_on_paper(&visit.frame(), &seen, &view, paper);
        return Ok(perhaps_repeating(repeats, visit.html_with(status, page)));
    }
    let engine = &visit.state.engine;
    let organises = Scope::of(reader, Right::Assign, engine.now()).is_some();
    let beside = Beside { views: engine.saved_views(reader).await?, organises, wrong_name };
    Ok(perhaps_repeating(repeats, visit.html_with(status, matrix(&visit.frame(), &seen, &view, &beside))))
}

/// `GET /matrix/rows`: the people of some pages of the view, `page` to `to`, as the table has them: for a script that goes on through a list
/// without loading a page.
pub(crate) async fn rows(visit: Visit, Query(pairs): Pairs) -> Result<Response, Fail> {
    let (seen, view) = seen(&visit, MatrixView::read(&pairs)).await?;
    let last = pairs.iter().find(|(name, _)| name == "to").and_then(|(_, value)| value.parse::<usize>().ok());
    let end = last.unwrap_or(0).clamp(view.page.saturating_add(1), view.page.saturating_add(MOST_PAGES));
    let html = matrix_rows(&seen, &view, view.page..end);
    Ok(perhaps_repeating(
        repeats(&seen, &view),
        ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response(),
    ))
}

/// Whether a page of a view repeats what came with its address: words, or the name of what nobody there has, which may be any.
pub(super) fn repeats(seen: &Matrix, view: &MatrixView) -> bool {
    view.repeats_words() || seen.nobody_has.is_some()
}

/// Marks a page that repeats what came with its address.
fn perhaps_repeating(repeats: bool, mut response: Response) -> Response {
    if repeats {
        response.extensions_mut().insert(Repeats);
    }
    response
}

/// `GET /matrix/csv`: the same people and columns, all of them, as a file. Of a day that cannot be used there is none, nor of what
/// cannot be read.
pub(crate) async fn csv(visit: Visit, Query(pairs): Pairs) -> Result<Response, Fail> {
    let view = of_everybody(read(&visit, &pairs).await?);
    if !view.is_as_asked() {
        return page(&visit, view).await;
    }
    if let Some(against) = view.against {
        let (compared, _) = compared(&visit, view, against).await?;
        let body = export::changes_csv(&compared).map_err(|error| Fail::Internal(error.to_string()))?;
        return Ok(attachment(CSV, &export::changes_file_name(&compared, "csv"), body));
    }
    let (seen, _) = seen(&visit, view).await?;
    let name = export::file_name(&seen, "csv");
    let body = Body::from_stream(stream::iter(export::matrix_csv(seen)));
    Ok(attachment(CSV, &name, body))
}

/// `GET /matrix/xlsx`: the same as a workbook.
pub(crate) async fn xlsx(visit: Visit, Query(pairs): Pairs) -> Result<Response, Fail> {
    let view = of_everybody(read(&visit, &pairs).await?);
    if !view.is_as_asked() {
        return page(&visit, view).await;
    }
    if let Some(against) = view.against {
        let (compared, view) = compared(&visit, view, against).await?;
        let origin = origin(&visit, said(&compared.seen, &view), between(&compared)).await?;
        let name = export::changes_file_name(&compared, "xlsx");
        return workbook(&name, move || export::changes_xlsx(&compared, &origin)).await;
    }
    let (seen, view) = seen(&visit, view).await?;
    let origin = origin(&visit, said(&seen, &view), as_at(&seen)).await?;
    let name = export::file_name(&seen, "xlsx");
    workbook(&name, move || export::matrix_xlsx(&seen, &origin)).await
}

/// What a workbook says of where it comes from. The head is read after its rows, so that whatever they rest on is below it.
async fn origin(visit: &Visit, whom: String, as_at: String) -> Result<export::Origin, Fail> {
    let engine = &visit.state.engine;
    let organisation = engine.catalogue().organisation.name.clone();
    let (at, by) = (engine.now(), visit.reader()?.person.name.clone());
    Ok(export::Origin { organisation, whom, as_at, by, at, head: engine.log_head().await? })
}

/// A workbook, written beside what else is asked for.
async fn workbook<E: Display + Send + 'static>(
    name: &str,
    written: impl FnOnce() -> Result<Vec<u8>, E> + Send + 'static,
) -> Result<Response, Fail> {
    let bytes = match tokio::task::spawn_blocking(written).await {
        Ok(bytes) => bytes.map_err(|error| Fail::Internal(error.to_string()))?,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    };
    Ok(attachment("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", name, bytes))
}

/// `GET /people/ID`: one person's whole record, for whoever may see them.
pub(crate) async fn person(visit: Visit, Path(id): Path<PersonId>, Query(pairs): Pairs) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let asked = read(&visit, &pairs).await?;
    let record = engine.person_record(&visit.reader()?.person, id, asked.query.as_at).await?;
    let administers = visit.reader()?.person.is(Role::Administrator);
    let page = person_record(&visit.frame(), &record, &asked, administers);
    let status = if asked.has_wrong_days() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(perhaps_repeating(asked.repeats_words(), visit.html_with(status, page)))
}

/// `GET /people/ID/attempts/ID`: what somebody answered, for whoever teaches them.
pub(crate) async fn answers(visit: Visit, Path((id, attempt)): Path<(PersonId, AttemptId)>) -> Result<Response, Fail> {
    let found = visit.state.engine.others_answers(&visit.reader()?.person, id, attempt).await?;
    Ok(visit.html(others_answers(&visit.frame(), &found)))
}

fn scope(visit: &Visit) -> Result<Scope, Fail> {
    let person = &visit.reader()?.person;
    Scope::of(person, Right::See, visit.state.engine.now()).ok_or(Fail::NotForYou)
}

/// What a reader sees of a view. An order and folded groups that are not there for them are left out of it.
pub(super) async fn seen(visit: &Visit, view: MatrixView) -> Result<(Matrix, MatrixView), Fail> {
    let engine = &visit.state.engine;
    let scope = scope(visit)?;
    let seen = engine.matrix(&scope, &view.query).await?;
    let known = view.clone().known_to(&seen);
    let seen = if known == view { seen } else { engine.matrix(&scope, &known.query).await? };
    Ok((seen, known))
}

/// What changed between the moments of a view, so far as it is the reader's to see.
async fn compared(visit: &Visit, view: MatrixView, against: AsAt) -> Result<(Comparison, MatrixView), Fail> {
    let engine = &visit.state.engine;
    let scope = scope(visit)?;
    let compared = engine.compare(&scope, &view.query, against).await?;
    let known = view.clone().known_to(&compared.seen);
    let compared = if known == view { compared } else { engine.compare(&scope, &known.query, against).await? };
    Ok((compared, known))
}

/// The same view, in which nobody is folded away: a file has no fold to open.
pub(super) fn of_everybody(mut view: MatrixView) -> MatrixView {
    view.query.folded.clear();
    view
}
