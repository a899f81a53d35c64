use app::pages::{self, VerifyFault};
use axum::{
    http::{HeaderName, HeaderValue, StatusCode},
    response::{IntoResponse as _, Redirect, Response},
};
use engine::{CertificateCode, CompletionId, VerifyError};
use serde::Deserialize;

use crate::{
    door::{CalledFrom, Fail, Path, Query, Visit, attachment},
    export::{Issuer, certificate_name, certificate_pdf},
};

/// `GET /certificates/ID`: the certificate of a pass, as a file.
pub(crate) async fn file(visit: Visit, Path(id): Path<CompletionId>) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let certificate = engine.certificate(&visit.reader()?.person, id).await?;
    let catalogue = engine.catalogue();
    let provider = &catalogue.organisation;
    let issuer = Issuer { name: &provider.name, base_url: &visit.state.settings.base_url, look: &provider.look };
    let pdf = certificate_pdf(&certificate, issuer).map_err(|error| Fail::Internal(error.to_string()))?;
    Ok(attachment("application/pdf", &certificate_name(&certificate), pdf))
}

/// The code that somebody has typed.
#[derive(Default, Deserialize)]
pub(crate) struct Typed {
    code: Option<String>,
}

/// `GET /verify`: asks for a code, and leads to what it says.
pub(crate) async fn ask(visit: Visit, Query(typed): Query<Typed>) -> Response {
    let typed = typed.code.unwrap_or_default();
    match CertificateCode::read(&typed) {
        Some(code) => Redirect::to(&format!("/verify/{}", code.as_str())).into_response(),
        None if typed.trim().is_empty() => unlisted(visit.html(pages::verify(&visit.frame(), "", None))),
        None => again(&visit, StatusCode::UNPROCESSABLE_ENTITY, &typed, VerifyFault::NoCode),
    }
}

/// `GET /verify/CODE`: whether a certificate is genuine and still stands.
pub(crate) async fn verify(
    visit: Visit,
    CalledFrom(caller): CalledFrom,
    Path(typed): Path<String>,
) -> Result<Response, Fail> {
    let Some(code) = CertificateCode::read(&typed) else {
        return Ok(again(&visit, StatusCode::NOT_FOUND, &typed, VerifyFault::NoCode));
    };
    Ok(match visit.state.engine.verify_certificate(&code, &caller.place).await {
        Ok(certificate) => unlisted(visit.html(pages::verified(&visit.frame(), &certificate))),
        Err(VerifyError::NoSuchCode) => {
            again(&visit, StatusCode::NOT_FOUND, &code.to_string(), VerifyFault::NoSuchCode)
        }
        Err(VerifyError::TooMany { retry_at }) => {
            again(&visit, StatusCode::TOO_MANY_REQUESTS, &code.to_string(), VerifyFault::TooMany { retry_at })
        }
        Err(VerifyError::Internal(error)) => return Err(error.into()),
    })
}

fn again(visit: &Visit, status: StatusCode, typed: &str, fault: VerifyFault) -> Response {
    unlisted(visit.html_with(status, pages::verify(&visit.frame(), typed, Some(fault))))
}

/// Whoever was given a code may look; search engines are given none, and keep nothing of it.
fn unlisted(mut response: Response) -> Response {
    response
        .headers_mut()
        .insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex, nofollow"));
    response
}
