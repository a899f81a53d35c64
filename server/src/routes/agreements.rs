use app::pages::{SignFaults, agreement, agreements};
use axum::{
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use chrono::TimeDelta;
use engine::{FormKey, Sha256Digest, SignError, SignForm, SignInError, SignedIn};
use model::AgreementSlug;
use serde::Deserialize;

use crate::door::{Fail, Form, NetworkAddress, Path, Reader, Visit};

/// A signature asks for the password again when the signer last showed who they are longer ago than this.
const FRESH: TimeDelta = TimeDelta::minutes(10);

/// `GET /agreements`
pub(crate) async fn list(visit: Visit) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let found = engine.agreements(&visit.reader()?.person).await?;
    Ok(visit.html(agreements(&visit.frame(), &found, engine.now())))
}

/// `GET /agreements/SLUG`
pub(crate) async fn show(visit: Visit, Path(slug): Path<AgreementSlug>) -> Result<Response, Fail> {
    page(&visit, &slug, StatusCode::OK, &SignFaults::default()).await
}

/// `GET /agreements/SLUG/sign`: where somebody lands who goes back to, or reloads, what they had sent.
pub(crate) async fn to_form(Path(slug): Path<AgreementSlug>) -> Response {
    Redirect::to(&format!("/agreements/{slug}")).into_response()
}

/// A signature as the form sends it.
#[derive(Deserialize)]
pub(crate) struct SignatureForm {
    version: String,
    key: String,
    #[serde(default)]
    typed_name: String,
    #[serde(default)]
    agree: String,
    /// `yes`: the typed name is theirs, although it is another than the one that is known.
    #[serde(default)]
    confirm: String,
    #[serde(default)]
    password: String,
}

/// `POST /agreements/SLUG/sign`: signs, or shows again what is missing with everything that was typed.
pub(crate) async fn sign(
    visit: Visit,
    Path(slug): Path<AgreementSlug>,
    NetworkAddress(from): NetworkAddress,
    Form(form): Form<SignatureForm>,
) -> Result<Response, Fail> {
    let reader = visit.reader()?;
    let mut faults = SignFaults { typed_name: form.typed_name.clone(), ..SignFaults::default() };
    let mut signed_in = reader.signed_in.clone();
    if is_stale(&visit, reader) {
        match visit.state.engine.confirm_password(&reader.person, &form.password, &from).await {
            Ok(()) => signed_in = SignedIn { method: "password".to_owned(), at: visit.state.engine.now() },
            Err(SignInError::Wrong) => {
                faults.password = Some("Type the password that you sign in with".to_owned());
            }
            Err(SignInError::TooMany { .. }) => {
                faults.password =
                    Some("There were too many tries. Wait a quarter of an hour, then try again".to_owned());
            }
            Err(SignInError::Password(error)) => return Err(error.into()),
            Err(SignInError::Internal(error)) => return Err(error.into()),
        }
    }
    if faults.password.is_some() {
        return page(&visit, &slug, StatusCode::UNPROCESSABLE_ENTITY, &faults).await;
    }
    let signing = SignForm {
        version: Sha256Digest::parse(&form.version).ok_or(Fail::NotUnderstood)?,
        key: FormKey::parse(&form.key).ok_or(Fail::NotUnderstood)?,
        typed_name: form.typed_name,
        agreed: form.agree == "yes",
        confirmed: form.confirm == "yes",
    };
    match visit.state.engine.sign_agreement(&reader.person, &slug, &signing, &signed_in).await {
        Ok(id) => Ok(Redirect::to(&format!("/receipts/{id}")).into_response()),
        Err(SignError::Incomplete { name, agreement }) => {
            faults.name = name;
            faults.agreement = agreement;
            page(&visit, &slug, StatusCode::UNPROCESSABLE_ENTITY, &faults).await
        }
        Err(SignError::OtherName) => {
            faults.other_name = true;
            page(&visit, &slug, StatusCode::UNPROCESSABLE_ENTITY, &faults).await
        }
        Err(SignError::TextChanged) => {
            faults.text_changed = true;
            page(&visit, &slug, StatusCode::CONFLICT, &faults).await
        }
        Err(SignError::FormUsed) => {
            faults.form_used = true;
            page(&visit, &slug, StatusCode::CONFLICT, &faults).await
        }
        Err(SignError::Closed(_)) => page(&visit, &slug, StatusCode::CONFLICT, &SignFaults::default()).await,
        Err(SignError::Refused(refused)) => Err(refused.into()),
    }
}

fn is_stale(visit: &Visit, reader: &Reader) -> bool {
    reader.signed_in.at + FRESH <= visit.state.engine.now()
}

async fn page(visit: &Visit, slug: &AgreementSlug, status: StatusCode, faults: &SignFaults) -> Result<Response, Fail> {
    let reader = visit.reader()?;
    let found = visit.state.engine.agreement_page(&reader.person, slug).await?;
    let catalogue = visit.state.engine.catalogue();
    let roles = &catalogue.organisation.roles;
    let submitted_to = roles.iter().find(|role| found.agreement.submit_to.as_ref() == Some(&role.id));
    let ask_password = is_stale(visit, reader);
    let page = agreement(&visit.frame(), &found, submitted_to, ask_password, faults);
    Ok(visit.html_with(status, page))
}
