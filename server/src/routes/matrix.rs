use std::sync::Arc;

use app::pages::{MatrixView, matrix};
use axum::{
    body::Body,
    http::header,
    response::{IntoResponse as _, Response},
};
use engine::{Matrix, Right, Scope};
use futures_util::stream;

use crate::{
    compress::Repeats,
    door::{Fail, Query, Visit},
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
    let body = Body::from_stream(stream::iter(export::csv(Arc::new(seen))));
    Ok(file("text/csv; charset=utf-8", &name, body))
}

/// What a reader sees of a view. What is asked for and is not there for them is left out of it.
async fn seen(visit: &Visit, view: MatrixView) -> Result<(Matrix, MatrixView), Fail> {
    let person = &visit.reader()?.person;
    let engine = &visit.state.engine;
    let scope = Scope::of(person, Right::See, engine.now()).ok_or(Fail::NotForYou)?;
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

/// A file to be kept.
fn file(kind: &'static str, name: &str, body: Body) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)], body).into_response()
}
