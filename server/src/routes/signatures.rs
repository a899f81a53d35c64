use app::pages;
use axum::response::Response;
use engine::SignatureId;

use crate::door::{Fail, Path, Visit};

/// `GET /receipts/ID`
pub(crate) async fn receipt(visit: Visit, Path(id): Path<SignatureId>) -> Result<Response, Fail> {
    let receipt = visit.state.engine.receipt(&visit.reader()?.person, id).await?;
    Ok(visit.html(pages::receipt(&visit.frame(), &receipt)))
}

/// `GET /signatures/ID`: the exact text, as it was signed.
pub(crate) async fn text(visit: Visit, Path(id): Path<SignatureId>) -> Result<Response, Fail> {
    let receipt = visit.state.engine.receipt(&visit.reader()?.person, id).await?;
    Ok(visit.html(pages::signed_text(&visit.frame(), &receipt)))
}
