use app::pages::{SignInFault, WasSending, sign_in as sign_in_page, signed_in_already};
use axum::{
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Redirect, Response},
};
use engine::{SignOnError, Verified};
use serde::Deserialize;
use tower_sessions::Session;

use super::sign_in::{self, Going, within_site};
use crate::{
    door::{CalledFrom, Fail, Keeps, Query, Visit, keep_sign_on, sign_on_of},
    sign_on::{Returned, SignOnFault},
};

/// Where somebody was going, and whether they must show anew who they are.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Leaving {
    next: String,
    anew: String,
}

/// `GET /sign-in/with`: sends somebody to sign in with their organisation. Their browser keeps what they must come back with.
pub(crate) async fn leave(visit: Visit, keeps: Keeps, Query(leaving): Query<Leaving>) -> Result<Response, Fail> {
    let next = within_site(&leaving.next);
    let anew = leaving.anew == "yes";
    let Some(sign_on) = &visit.state.sign_on else {
        return Ok(sign_in::show(visit, keeps, Query(Going::to(next))).await);
    };
    if visit.maybe_reader().is_some() && !anew {
        return Ok(Redirect::to(&next).into_response());
    }
    let (begun, sealed) = visit.state.engine.begin_sign_on(&next, anew).await?;
    match sign_on.address(&begun, &visit.state.engine).await {
        Ok(address) => {
            let mut response = Redirect::to(&address).into_response();
            keep_sign_on(&mut response, &visit.state, Some(sealed));
            Ok(response)
        }
        Err(fault) => Ok(failed(&visit, &next, &fault)),
    }
}

/// `GET /sign-in/back`: somebody comes back from their organisation. It is a GET because the organisation sends them with one; what it must hold
/// besides, only the browser has that was sent away, and it serves once.
pub(crate) async fn come_back(
    visit: Visit,
    session: Session,
    CalledFrom(caller): CalledFrom,
    keeps: Keeps,
    headers: HeaderMap,
    Query(returned): Query<Returned>,
) -> Result<Response, Fail> {
    let Some(sign_on) = &visit.state.sign_on else {
        return Ok(sign_in::show(visit, keeps, Query(Going::to("/".to_owned()))).await);
    };
    let engine = visit.state.engine.clone();
    let begun = match sign_on_of(&headers, &visit.state) {
        Some(sealed) => engine.begun_sign_on(&sealed).await?,
        None => None,
    };
    let Some(begun) = begun else { return Ok(failed(&visit, "/", &SignOnFault::State)) };
    let shown = match sign_on.finish(&begun, &returned, &engine).await {
        Ok(shown) => shown,
        Err(fault) => return Ok(failed(&visit, &begun.next, &fault)),
    };
    let mut response = match engine.sign_in_by_sign_on(&begun, &shown, caller).await {
        Ok(verified) => begin(&visit, &session, &keeps, &verified, &begun.next).await?,
        Err(SignOnError::Internal(error)) => return Err(error.into()),
        Err(SignOnError::Used) => failed(&visit, &begun.next, &SignOnFault::State),
        Err(SignOnError::Unknown) => {
            tracing::info!(target: "security", "nobody was let in: nobody here is known by that account of the organisation");
            again(&visit, &begun.next, SignInFault::SignOnUnknown)
        }
    };
    keep_sign_on(&mut response, &visit.state, None);
    Ok(response)
}

async fn begin(
    visit: &Visit,
    session: &Session,
    keeps: &Keeps,
    verified: &Verified,
    next: &str,
) -> Result<Response, Fail> {
    let begun = sign_in::begin(visit, session, verified, (next, None), keeps).await?;
    Ok(begun.unwrap_or_else(|| again(visit, next, SignInFault::SignOnFailed)))
}

/// That it did not work; why stands in the log, and names nobody.
fn failed(visit: &Visit, next: &str, fault: &SignOnFault) -> Response {
    tracing::warn!(target: "security", %fault, "nobody was let in by an account of the organisation");
    let told = match fault {
        SignOnFault::State => SignInFault::SignOnOver,
        SignOnFault::Stopped => SignInFault::SignOnStopped,
        _ => SignInFault::SignOnFailed,
    };
    again(visit, next, told)
}

/// What happened, and what leads on. Whoever is signed in here, as after going back in a browser, is told so.
fn again(visit: &Visit, next: &str, fault: SignInFault) -> Response {
    let (frame, next) = (visit.frame(), within_site(next));
    let page = match visit.maybe_reader() {
        Some(reader) => signed_in_already(&frame, &reader.person.name, &next, fault),
        None => sign_in_page(&frame, "", &next, WasSending::Nothing, Some(fault)),
    };
    visit.html_with(StatusCode::UNPROCESSABLE_ENTITY, page)
}
