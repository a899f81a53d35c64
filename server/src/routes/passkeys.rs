use app::pages::{AddPasskey, Done as _, Faults, PasskeyDone, SignInFault, end_only_passkey, passkeys, text_words};
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use engine::{AddPasskeyError, EndedPasskey, PasskeyError, PasskeyId, PasskeyMade, PasskeyShown};
use serde::Deserialize;
use serde_json::json;
use tower_sessions::Session;

use super::{
    account::id_of,
    sign_in::{again_with, begin, not_confirmed},
};
use crate::door::{Answered, CalledFrom, Fail, Form, Keeps, Query, Visit};

/// What whoever comes here finds where nobody makes passkeys.
fn elsewhere(address: &str) -> Result<Response, Fail> {
    Ok(Redirect::to(address).into_response())
}

/// Bytes as the script writes them. What is no such thing is nothing, which is refused as anything else that no browser says.
fn read(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).unwrap_or_default()
}

/// `POST /sign-in/passkey/ask`: what a browser is to have signed.
pub(crate) async fn ask(visit: Visit) -> Result<Response, Fail> {
    let Some(site) = &visit.state.passkeys else { return elsewhere("/sign-in") };
    let question = visit.state.engine.ask_for_passkey().await?;
    Ok(Json(json!({ "challenge": question.challenge, "asked": question.sealed, "site": site.host })).into_response())
}

/// What the script sends of a passkey with which somebody wants in.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Shown {
    asked: String,
    credential: String,
    client_data: String,
    authenticator: String,
    signature: String,
    user: String,
    next: String,
    kept: Option<String>,
}

/// `POST /sign-in/passkey`
pub(crate) async fn sign_in(
    visit: Visit,
    session: Session,
    CalledFrom(caller): CalledFrom,
    keeps: Keeps,
    Form(form): Form<Shown>,
) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let Some(site) = &visit.state.passkeys else { return elsewhere("/sign-in") };
    let shown = PasskeyShown {
        credential: read(&form.credential),
        client_data: read(&form.client_data),
        authenticator: read(&form.authenticator),
        signature: read(&form.signature),
        user: read(&form.user),
    };
    let again =
        |fault| again_with(&visit, "", &form.next, form.kept.as_deref(), StatusCode::UNPROCESSABLE_ENTITY, fault);
    let verified = match engine.sign_in_with_passkey(&form.asked, &shown, site, caller).await {
        Ok(verified) => verified,
        Err(PasskeyError::Internal(error)) => return Err(error.into()),
        Err(error) => {
            tracing::info!(target: "security", %error, "nobody was let in by a passkey");
            return Ok(again(match error {
                PasskeyError::Unknown => SignInFault::PasskeyUnknown,
                _ => SignInFault::PasskeyFailed,
            }));
        }
    };
    let begun = begin(&visit, &session, &verified, (&form.next, form.kept.as_deref()), &keeps).await?;
    // It may have been taken away meanwhile.
    Ok(begun.unwrap_or_else(|| again(SignInFault::PasskeyUnknown)))
}

/// What was done, as the address says it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Done {
    done: String,
}

/// `GET /account/passkeys`: the passkeys that somebody has, and where they add one.
pub(crate) async fn show(visit: Visit, Query(shown): Query<Done>) -> Result<Response, Fail> {
    page(&visit, StatusCode::OK, PasskeyDone::parse(&shown.done), "", &Faults::default()).await
}

async fn page(
    visit: &Visit,
    answered: impl Into<Answered>,
    done: Option<PasskeyDone>,
    name: &str,
    faults: &Faults,
) -> Result<Response, Fail> {
    if visit.state.passkeys.is_none() {
        return elsewhere("/account");
    }
    let (engine, reader) = (&visit.state.engine, &visit.reader()?.person);
    let own = engine.own_passkeys(reader).await?;
    let username = engine.own_details(reader).await?.and_then(|details| details.email);
    let may_add = engine.has_another_way_in(reader).await?;
    let add = username.filter(|_| may_add).map(|username| AddPasskey { username, name: name.to_owned() });
    Ok(visit.html_with(answered, passkeys(&visit.frame(), &own, add.as_ref(), done, faults)))
}

/// `POST /account/passkeys/ask`: what a browser needs to make one.
pub(crate) async fn want(visit: Visit) -> Result<Response, Fail> {
    let Some(site) = &visit.state.passkeys else { return elsewhere("/account") };
    let (engine, reader) = (&visit.state.engine, &visit.reader()?.person);
    let wanted = engine.want_passkey(reader).await?;
    let account = engine.own_details(reader).await?.and_then(|details| details.email);
    Ok(Json(json!({
        "challenge": wanted.question.challenge,
        "asked": wanted.question.sealed,
        "site": site.host,
        "organisation": engine.catalogue().organisation.name,
        "user": wanted.user,
        "account": account.unwrap_or_else(|| reader.name.clone()),
        "name": reader.name,
        "known": wanted.known,
        "kinds": wanted.kinds,
    }))
    .into_response())
}

/// What the form sends with which a passkey is added.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Added {
    name: String,
    password: String,
    asked: String,
    client_data: String,
    authenticator: String,
}

/// `POST /account/passkeys`: adds one.
pub(crate) async fn add(
    visit: Visit,
    CalledFrom(caller): CalledFrom,
    Form(form): Form<Added>,
) -> Result<Response, Fail> {
    let Some(site) = &visit.state.passkeys else { return elsewhere("/account") };
    let made = PasskeyMade { client_data: read(&form.client_data), authenticator: read(&form.authenticator) };
    let (typed, said) = ((&*form.name, &*form.password), (&*form.asked, &made));
    let added = visit.state.engine.add_passkey(&visit.reader()?.person, typed, said, site, caller).await;
    let mut faults = Faults::default();
    let answered = match added {
        Ok(_) => {
            return Ok(Redirect::to(&format!("/account/passkeys?done={}", PasskeyDone::Added.code())).into_response());
        }
        Err(AddPasskeyError::Internal(error)) => return Err(error.into()),
        Err(AddPasskeyError::Password(error)) => {
            let (answered, words) = not_confirmed(error)?;
            faults.add("password", words);
            answered
        }
        Err(AddPasskeyError::Name(fault)) => {
            faults.add("name", text_words(fault, "Call it something that you know it by, such as My phone"));
            StatusCode::UNPROCESSABLE_ENTITY.into()
        }
        Err(AddPasskeyError::TooMany) => {
            faults.add("name", "You have this one already, or as many as anybody may. Take one away first");
            StatusCode::UNPROCESSABLE_ENTITY.into()
        }
        Err(error @ (AddPasskeyError::TooLate | AddPasskeyError::Fault(_) | AddPasskeyError::SignOnOnly)) => {
            tracing::info!(target: "security", %error, "a passkey was not added");
            faults.add("name", "It did not work, and no passkey was added. Try it again");
            StatusCode::UNPROCESSABLE_ENTITY.into()
        }
    };
    page(&visit, answered, None, &form.name, &faults).await
}

/// Which passkey, as a form sends it, and whether its owner knows that it is the only way in that they have.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Which {
    which: String,
    sure: String,
}

/// `POST /account/passkeys/end`: takes one away. Of the only way in that somebody has it is asked first.
pub(crate) async fn end(visit: Visit, session: Session, Form(form): Form<Which>) -> Result<Response, Fail> {
    if let Some(passkey) = PasskeyId::parse(&form.which) {
        let (engine, reader, sure) = (&visit.state.engine, &visit.reader()?.person, form.sure == "yes");
        // One that is gone already is what was wanted.
        if engine.end_passkey(reader, passkey, &id_of(&session), sure).await? == EndedPasskey::OnlyWayIn {
            let own = engine.own_passkeys(reader).await?;
            let name = own.into_iter().find(|own| own.id == passkey).map(|own| own.name).unwrap_or_default();
            let page = end_only_passkey(&visit.frame(), &form.which, &name);
            return Ok(visit.html_with(StatusCode::CONFLICT, page));
        }
    }
    Ok(Redirect::to(&format!("/account/passkeys?done={}", PasskeyDone::Ended.code())).into_response())
}
