use app::pages::{self, DeclineForm, text_words};
use axum::{
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use engine::{AgreementPage, DeclineError, DeclineId, Sha256Digest};
use model::AgreementSlug;
use serde::Deserialize;

use crate::door::{Fail, Form, Path, Visit};

/// A decline as the form sends it.
#[derive(Deserialize)]
pub(crate) struct Declined {
    version: String,
    #[serde(default)]
    reason: String,
}

/// `GET /agreements/SLUG/decline`: where somebody says why they do not sign.
pub(crate) async fn ask(visit: Visit, Path(slug): Path<AgreementSlug>) -> Result<Response, Fail> {
    let found = visit.state.engine.agreement_page(&visit.reader()?.person, &slug).await?;
    if found.may_decline.is_none() {
        return Ok(Redirect::to(&format!("/agreements/{slug}")).into_response());
    }
    Ok(drawn(&visit, StatusCode::OK, &found, &DeclineForm::default()))
}

/// `POST /agreements/SLUG/decline`: declines, or shows the form again with what was typed.
pub(crate) async fn decline(
    visit: Visit,
    Path(slug): Path<AgreementSlug>,
    Form(sent): Form<Declined>,
) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let person = &visit.reader()?.person;
    let text = Sha256Digest::parse(&sent.version).ok_or(Fail::NotUnderstood)?;
    let mut form = DeclineForm { reason: sent.reason, ..DeclineForm::default() };
    let status = match engine.decline_agreement(person, &slug, text, &form.reason).await {
        // Where it is signed meanwhile, or nobody asks, its page says so.
        Ok(_) | Err(DeclineError::NotAsked) => return Ok(Redirect::to(&format!("/agreements/{slug}")).into_response()),
        Err(DeclineError::Refused(refused)) => return Err(refused.into()),
        Err(DeclineError::Reason(fault)) => {
            form.faults.add("reason", text_words(fault, "Say why, in a word or two at least"));
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Err(DeclineError::TextChanged) => {
            let words = "The text has changed since you opened it, so nothing was declined. Please read it again first";
            form.faults.add("decline", words);
            StatusCode::CONFLICT
        }
    };
    let found = engine.agreement_page(person, &slug).await?;
    Ok(drawn(&visit, status, &found, &form))
}

/// `GET /declines/ID`: why somebody declined.
pub(crate) async fn show(visit: Visit, Path(id): Path<DeclineId>) -> Result<Response, Fail> {
    let shown = visit.state.engine.decline(&visit.reader()?.person, id).await?;
    Ok(visit.html(pages::declined_agreement(&visit.frame(), &shown)))
}

fn drawn(visit: &Visit, status: StatusCode, found: &AgreementPage, form: &DeclineForm) -> Response {
    let page = pages::decline(&visit.frame(), found, form);
    visit.html_with(status, page)
}
