use app::pages::{ShowAgain, SignFaults, agreement, agreements, too_many_tries};
use axum::{
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use engine::{FormKey, PasswordError, Sha256Digest, SignError, SignForm, SignInError, SignedIn, Signing, TwinName};
use model::AgreementSlug;
use serde::Deserialize;

use crate::door::{Answered, CalledFrom, Fail, Form, Path, Visit};

/// `GET /agreements`
pub(crate) async fn list(visit: Visit) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let reader = &visit.reader()?.person;
    let found = engine.agreements(reader).await?;
    let sees_submitted = engine.sees_submissions(reader).await?;
    Ok(visit.html(agreements(&visit.frame(), &found, sees_submitted, engine.now())))
}

/// `GET /agreements/SLUG`
pub(crate) async fn show(visit: Visit, Path(slug): Path<AgreementSlug>) -> Result<Response, Fail> {
    page(&visit, &slug, StatusCode::OK, &SignFaults::default()).await
}

/// The agreement for somebody whose session had ended before their signature arrived: the name as they had typed it, and the box to be
/// ticked anew.
pub(crate) async fn show_again(visit: &Visit, slug: &AgreementSlug, typed_name: String) -> Result<Response, Fail> {
    page(visit, slug, StatusCode::OK, &SignFaults { signed_out: true, typed_name, ..SignFaults::default() }).await
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
    /// The twin in whose words they read it; nothing for what was written first.
    twin: Option<String>,
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
    CalledFrom(caller): CalledFrom,
    Form(form): Form<SignatureForm>,
) -> Result<Response, Fail> {
    let reader = visit.reader()?;
    let agreed = form.agree == "yes";
    let mut faults = SignFaults { typed_name: form.typed_name.clone(), agreed, ..SignFaults::default() };
    let mut signed_in = reader.signed_in.clone();
    let engine = &visit.state.engine;
    let signing = SignForm {
        version: Sha256Digest::parse(&form.version).ok_or(Fail::NotUnderstood)?,
        twin: form.twin.map(|name| TwinName::new(&name).ok_or(Fail::NotUnderstood)).transpose()?,
        key: FormKey::parse(&form.key).ok_or(Fail::NotUnderstood)?,
        typed_name: form.typed_name,
        agreed,
        confirmed: form.confirm == "yes",
    };
    // Whoever is told that they have to show who they are is told of all else at once.
    if !engine.is_fresh(&signed_in) {
        faults.take(signing.fault(&reader.person));
    }
    if !engine.is_fresh(&signed_in) && signed_in.method == SignedIn::WITH_SIGN_ON {
        faults.password = Some("Sign in again first, so that we know that it is still you".to_owned());
        return page(&visit, &slug, StatusCode::UNPROCESSABLE_ENTITY, &faults).await;
    }
    if !engine.is_fresh(&signed_in) {
        match engine.confirm_password(&reader.person, &form.password, caller).await {
            Ok(again) => {
                signed_in = match signed_in.factor {
                    Some(factor) => again.with_factor(factor),
                    None => again,
                };
            }
            Err(SignInError::Password(PasswordError::Failed)) => return Err(PasswordError::Failed.into()),
            Err(SignInError::Internal(error)) => return Err(error.into()),
            Err(SignInError::TooMany { retry_at }) => {
                faults.password = Some(too_many_tries(retry_at));
                return page(&visit, &slug, Answered::held_up(retry_at), &faults).await;
            }
            Err(error) => {
                faults.password = Some(password_fault(&error));
                return page(&visit, &slug, StatusCode::UNPROCESSABLE_ENTITY, &faults).await;
            }
        }
    }
    match engine.sign_agreement(&reader.person, &slug, &signing, &signed_in).await {
        Ok(id) => Ok(Redirect::to(&format!("/receipts/{id}")).into_response()),
        Err(error @ (SignError::Incomplete { .. } | SignError::OtherName)) => {
            faults.take(Some(error));
            page(&visit, &slug, StatusCode::UNPROCESSABLE_ENTITY, &faults).await
        }
        Err(SignError::NotFresh) => {
            faults.password = Some(password_fault(&SignInError::Wrong));
            page(&visit, &slug, StatusCode::UNPROCESSABLE_ENTITY, &faults).await
        }
        Err(SignError::TextChanged) => {
            // They agreed to another text.
            faults.agreed = false;
            faults.text_changed = true;
            page(&visit, &slug, StatusCode::CONFLICT, &faults).await
        }
        Err(SignError::FormUsed) => {
            faults.agreed = false;
            faults.form_used = true;
            page(&visit, &slug, StatusCode::CONFLICT, &faults).await
        }
        Err(SignError::Closed(_)) => page(&visit, &slug, StatusCode::CONFLICT, &SignFaults::default()).await,
        Err(SignError::Refused(refused)) => Err(refused.into()),
    }
}

/// What to say when the password that was asked for again could not be taken.
fn password_fault(error: &SignInError) -> String {
    match error {
        SignInError::Password(_) => "Many people are signing in just now. Wait a moment, then type it again".to_owned(),
        _ => "Type the password that you sign in with".to_owned(),
    }
}

async fn page(
    visit: &Visit,
    slug: &AgreementSlug,
    answered: impl Into<Answered>,
    faults: &SignFaults,
) -> Result<Response, Fail> {
    let reader = visit.reader()?;
    let found = visit.state.engine.agreement_page(&reader.person, slug).await?;
    let catalogue = visit.state.engine.catalogue();
    let roles = &catalogue.organisation.roles;
    let submitted_to = roles.iter().find(|role| found.agreement.submit_to.as_ref() == Some(&role.id));
    let too_old = faults.password.is_some() || !visit.state.engine.is_fresh(&reader.signed_in);
    let again = if !too_old {
        ShowAgain::Nothing
    } else if reader.signed_in.method == SignedIn::WITH_SIGN_ON {
        ShowAgain::SignOn
    } else {
        ShowAgain::Password
    };
    // Where nothing is to be signed any more, nothing is missing.
    let faults =
        SignFaults { signed_out: faults.signed_out && matches!(found.signing, Signing::Open(_)), ..faults.clone() };
    let page = agreement(&visit.frame(), &found, submitted_to, again, &faults, visit.state.engine.now());
    Ok(visit.html_with(answered, page))
}
