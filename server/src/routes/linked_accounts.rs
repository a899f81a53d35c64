use app::pages::{AccountDone, Done as _, Faults, PersonChanged, unlink_account};
use axum::{
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use engine::{Actor, PersonId, UnlinkError};
use serde::Deserialize;
use tower_sessions::Session;

use super::{account::id_of, people::not_changed, sign_in::not_confirmed};
use crate::door::{Answered, CalledFrom, Fail, Form, Path, Visit};

/// `GET /account/sign-on`: where somebody takes away that the account of their organisation lets them in.
pub(crate) async fn show(visit: Visit) -> Result<Response, Fail> {
    page(&visit, StatusCode::OK, &Faults::default()).await
}

async fn page(visit: &Visit, answered: impl Into<Answered>, faults: &Faults) -> Result<Response, Fail> {
    let (engine, reader) = (&visit.state.engine, &visit.reader()?.person);
    let accounts = engine.linked_accounts(reader).await?;
    if accounts.iter().all(|account| account.ended_at.is_some()) {
        return Ok(Redirect::to("/account").into_response());
    }
    let email = engine.own_details(reader).await?.and_then(|details| details.email).unwrap_or_default();
    let may = engine.has_another_way_in(reader).await?;
    Ok(visit.html_with(answered, unlink_account(&visit.frame(), &email, &accounts, may, faults)))
}

/// What the form sends.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Proof {
    password: String,
}

/// `POST /account/sign-on`: takes it away.
pub(crate) async fn end(
    visit: Visit,
    session: Session,
    CalledFrom(caller): CalledFrom,
    Form(proof): Form<Proof>,
) -> Result<Response, Fail> {
    let reader = &visit.reader()?.person;
    let ended = visit.state.engine.unlink_own_account(reader, &proof.password, &id_of(&session), caller).await;
    let mut faults = Faults::default();
    let (answered, words) = match ended {
        // What is gone already is what was wanted.
        Ok(()) | Err(UnlinkError::HasNone) => {
            return Ok(Redirect::to(&format!("/account?done={}", AccountDone::Unlinked.code())).into_response());
        }
        Err(UnlinkError::Internal(error)) => return Err(error.into()),
        Err(UnlinkError::NotTheirs | UnlinkError::NoSuchPerson) => return Err(Fail::NotForYou),
        Err(UnlinkError::NoOtherWay) => return page(&visit, StatusCode::UNPROCESSABLE_ENTITY, &faults).await,
        Err(UnlinkError::Password(error)) => not_confirmed(error)?,
    };
    faults.add("password", words);
    page(&visit, answered, &faults).await
}

/// `POST /people/ID/sign-on`: takes away that an account of their organisation lets somebody in, or allows it anew.
pub(crate) async fn end_for(visit: Visit, Path(id): Path<PersonId>) -> Result<Response, Fail> {
    let by = Actor::Person(visit.reader()?.person.id);
    match visit.state.engine.unlink_accounts(id, by).await {
        Ok(()) => {
            let done = PersonChanged::AccountUnlinked.code();
            Ok(Redirect::to(&format!("/people/{id}/change?done={done}")).into_response())
        }
        Err(UnlinkError::Internal(error)) => Err(error.into()),
        Err(error) => not_changed(&visit, id, &error.to_string()).await,
    }
}
