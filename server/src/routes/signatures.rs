use app::pages;
use axum::response::Response;
use engine::SignatureId;

use crate::door::{Fail, Path, Visit, attachment};

/// `GET /receipts/ID`
pub(crate) async fn receipt(visit: Visit, Path(id): Path<SignatureId>) -> Result<Response, Fail> {
    let receipt = visit.state.engine.receipt(&visit.reader()?.person, id).await?;
    Ok(visit.html(pages::receipt(&visit.frame(), &receipt)))
}

/// `GET /receipts/ID/file`: the receipt as a file that can be checked without this server.
pub(crate) async fn receipt_file(visit: Visit, Path(id): Path<SignatureId>) -> Result<Response, Fail> {
    let file = visit.state.engine.receipt_file(&visit.reader()?.person, id).await?;
    Ok(attachment("application/json", &format!("receipt-{id}.json"), file))
}

/// `GET /signatures/ID`: what shows that somebody signed something, with the exact text.
pub(crate) async fn evidence(visit: Visit, Path(id): Path<SignatureId>) -> Result<Response, Fail> {
    let found = visit.state.engine.signature_evidence(&visit.reader()?.person, id).await?;
    Ok(visit.html(pages::evidence(&visit.frame(), &found)))
}
