use app::pages::{self, VerifyFault};
use axum::{
    extract::State,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use engine::{CertificateCode, CompletionId, VerifyError, catalogue::Organisation};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    door::{Answered, AppState, CalledFrom, Fail, Path, Query, Visit, attachment},
    export::{Issuer, badge_issuer, badge_key_address, certificate_name, certificate_pdf, open_badge},
};

/// `GET /certificates/ID`: the certificate of a pass, as a file.
pub(crate) async fn file(visit: Visit, Path(id): Path<CompletionId>) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let certificate = engine.certificate(&visit.reader()?.person, id).await?;
    let catalogue = engine.catalogue();
    let issuer = issuer(&catalogue.organisation, &visit.state.settings.base_url);
    let pdf = certificate_pdf(&certificate, issuer).map_err(|error| Fail::Internal(error.to_string()))?;
    Ok(attachment("application/pdf", &certificate_name(&certificate), pdf))
}

fn issuer<'i>(provider: &'i Organisation, base_url: &'i str) -> Issuer<'i> {
    Issuer { name: &provider.name, base_url, look: &provider.look }
}

/// `GET /certificates/ID/badge`: the same as an Open Badges 3.0 credential, for its holder, signed with the key of the log.
pub(crate) async fn badge(visit: Visit, Path(id): Path<CompletionId>) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let certificate = engine.badge_certificate(&visit.reader()?.person, id).await?;
    let catalogue = engine.catalogue();
    let base_url = &visit.state.settings.base_url;
    let claims = open_badge(&certificate, issuer(&catalogue.organisation, base_url));
    let token = engine.sign_badge(&claims, |thumbprint| badge_key_address(base_url, thumbprint)).await?;
    let name = certificate_name(&certificate).replace(".pdf", ".jwt");
    Ok(attachment("application/vc+jwt", &name, token))
}

/// `GET /badges/issuer`: who issues badges here.
pub(crate) async fn badge_profile(State(state): State<AppState>) -> Response {
    let catalogue = state.engine.catalogue();
    open_json("application/json", &badge_issuer(issuer(&catalogue.organisation, &state.settings.base_url)))
}

/// `GET /badges/keys`: the keys with which badges were signed, and are.
pub(crate) async fn badge_keys(State(state): State<AppState>) -> Result<Response, Fail> {
    let base_url = &state.settings.base_url;
    let keys = state.engine.badge_keys().await?.into_iter().map(|key| {
        json!({ "kty": key.kty, "crv": key.crv, "x": key.x, "alg": "EdDSA", "use": "sig",
            "kid": badge_key_address(base_url, &key.thumbprint) })
    });
    Ok(open_json("application/jwk-set+json", &json!({ "keys": keys.collect::<Vec<_>>() })))
}

/// `GET /badges/keys/DIGEST`: one of them, by itself.
pub(crate) async fn badge_key(State(state): State<AppState>, Path(thumbprint): Path<String>) -> Result<Response, Fail> {
    let keys = state.engine.badge_keys().await?;
    let key = keys.into_iter().find(|key| key.thumbprint == thumbprint).ok_or(Fail::NotFound)?;
    Ok(open_json("application/jwk+json", &json!(key)))
}

/// What anybody may read and keep for an hour.
fn open_json(kind: &'static str, said: &Value) -> Response {
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "public, max-age=3600")];
    (headers, said.to_string()).into_response()
}

/// The code that somebody has typed.
#[derive(Default, Deserialize)]
pub(crate) struct Typed {
    code: Option<String>,
}

/// `GET /verify`: asks for a code, and leads to what it says.
pub(crate) async fn ask(visit: Visit, Query(typed): Query<Typed>) -> Response {
    let Some(typed) = typed.code else { return unlisted(visit.html(pages::verify(&visit.frame(), "", None))) };
    match CertificateCode::read(&typed) {
        Some(code) => Redirect::to(&format!("/verify/{}", code.as_str())).into_response(),
        None if typed.trim().is_empty() => again(&visit, StatusCode::UNPROCESSABLE_ENTITY, "", VerifyFault::Nothing),
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
            again(&visit, Answered::held_up(retry_at), &code.to_string(), VerifyFault::TooMany { retry_at })
        }
        Err(VerifyError::Internal(error)) => return Err(error.into()),
    })
}

fn again(visit: &Visit, answered: impl Into<Answered>, typed: &str, fault: VerifyFault) -> Response {
    unlisted(visit.html_with(answered, pages::verify(&visit.frame(), typed, Some(fault))))
}

/// Whoever was given a code may look; search engines are given none, and keep nothing of it.
fn unlisted(mut response: Response) -> Response {
    response
        .headers_mut()
        .insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex, nofollow"));
    response
}
