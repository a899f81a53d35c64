use app::pages::{AccountDone, CodeFault, Done as _, Faults, MustSetUp, recovery_codes, second_factor, too_many_tries};
use axum::{
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use engine::{FactorError, FactorSetUp, PasswordError, SignInError, WeakPassword};
use serde::Deserialize;
use tower_sessions::Session;

use super::account::id_of;
use crate::door::{Answered, CalledFrom, Fail, Form, Query, Visit, sessions};

/// `GET /account/second-factor`: how somebody stands with codes at sign-in, and what they can do about it.
pub(crate) async fn show(visit: Visit, Query(came): Query<Came>) -> Result<Response, Fail> {
    page(&visit, StatusCode::OK, came.lost == "yes", &Faults::default()).await
}

/// How somebody came to this page.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Came {
    /// Whether they were sending something, which was not taken because they must set up a code first.
    lost: String,
}

async fn page(visit: &Visit, answered: impl Into<Answered>, lost: bool, faults: &Faults) -> Result<Response, Fail> {
    let (engine, reader) = (&visit.state.engine, &visit.reader()?.person);
    let details = engine.own_details(reader).await?;
    // Who does not sign in with a password has nothing here to which a code could be added.
    let email = details.and_then(|details| details.email).ok_or(Fail::NotFound)?;
    let factor = engine.second_factor(reader).await?;
    let must = match (visit.must_set_up_factor(), lost) {
        (false, _) => MustSetUp::No,
        (true, false) => MustSetUp::Yes,
        (true, true) => MustSetUp::First,
    };
    Ok(visit.html_with(answered, second_factor(&visit.frame(), &email, &factor, must, faults)))
}

/// What these forms send: each some of it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Proof {
    password: String,
    #[serde(rename = "one_time_code")]
    code: String,
}

/// Where a form's faults belong.
#[derive(Clone, Copy)]
struct Places {
    password: &'static str,
    code: &'static str,
}

/// `POST /account/second-factor`: makes a secret for their phone.
pub(crate) async fn begin(
    visit: Visit,
    CalledFrom(caller): CalledFrom,
    Form(proof): Form<Proof>,
) -> Result<Response, Fail> {
    let places = Places { password: "password", code: "code" };
    let begun = visit.state.engine.begin_second_factor(&visit.reader()?.person, &proof.password, caller).await;
    match begun {
        // Where it is on already, the page says so.
        Ok(()) | Err(FactorError::HasOne) => Ok(Redirect::to("/account/second-factor").into_response()),
        Err(error) => again(&visit, error, places).await,
    }
}

/// `POST /account/second-factor/confirm`: their phone has shown a code. Shows the recovery codes, this once.
pub(crate) async fn confirm(visit: Visit, session: Session, Form(proof): Form<Proof>) -> Result<Response, Fail> {
    let places = Places { password: "code", code: "code" };
    let engine = &visit.state.engine;
    let confirmed = engine.confirm_second_factor(&visit.reader()?.person, &proof.code, &id_of(&session)).await;
    match confirmed {
        Ok(FactorSetUp { factor, recovery_codes: codes }) => {
            sessions::showed_factor(&session, factor).await?;
            Ok(visit.html(recovery_codes(&visit.frame(), &codes)))
        }
        // It was on already, or it took too long: the page says which.
        Err(FactorError::HasOne | FactorError::HasNone) => Ok(Redirect::to("/account/second-factor").into_response()),
        Err(error) => again(&visit, error, places).await,
    }
}

/// `POST /account/second-factor/codes`: makes recovery codes anew, and shows them, this once.
pub(crate) async fn make_codes(
    visit: Visit,
    CalledFrom(caller): CalledFrom,
    Form(proof): Form<Proof>,
) -> Result<Response, Fail> {
    let places = Places { password: "codes-password", code: "codes-code" };
    let (engine, reader) = (&visit.state.engine, &visit.reader()?.person);
    match engine.make_new_recovery_codes(reader, &proof.password, &proof.code, caller).await {
        Ok(made) => Ok(visit.html(recovery_codes(&visit.frame(), &made.recovery_codes))),
        Err(error) => again(&visit, error, places).await,
    }
}

/// `POST /account/second-factor/end`: turns it off.
pub(crate) async fn end(
    visit: Visit,
    session: Session,
    CalledFrom(caller): CalledFrom,
    Form(proof): Form<Proof>,
) -> Result<Response, Fail> {
    let places = Places { password: "off-password", code: "off-code" };
    let (engine, reader) = (&visit.state.engine, &visit.reader()?.person);
    match engine.end_second_factor(reader, &proof.password, &proof.code, &id_of(&session), caller).await {
        Ok(()) => {
            sessions::has_no_factor(&session).await?;
            Ok(Redirect::to(&format!("/account?done={}", AccountDone::CodesOff.code())).into_response())
        }
        Err(error) => again(&visit, error, places).await,
    }
}

/// The page once more, with what is wrong at its field; or a failure.
async fn again(visit: &Visit, error: FactorError, places: Places) -> Result<Response, Fail> {
    let (place, is_password, error) = match error {
        FactorError::Password(error) => (places.password, true, error),
        FactorError::Code(error) => (places.code, false, error),
        FactorError::HasOne | FactorError::HasNone => {
            return Ok(Redirect::to("/account/second-factor").into_response());
        }
        FactorError::ShortPassword => {
            let mut faults = Faults::default();
            let least = WeakPassword::SHORTEST;
            faults.add(
                places.password,
                format!("Your password has fewer than {least} characters, and is not enough without a code. Change it to a longer one first"),
            );
            return page(visit, StatusCode::UNPROCESSABLE_ENTITY, false, &faults).await;
        }
        FactorError::Internal(error) => return Err(error.into()),
    };
    let mut faults = Faults::default();
    let (answered, words): (Answered, String) = match error {
        SignInError::TooMany { retry_at } => (Answered::held_up(retry_at), too_many_tries(retry_at)),
        SignInError::Password(PasswordError::Busy) => (StatusCode::SERVICE_UNAVAILABLE.into(), CodeFault::Busy.words()),
        SignInError::Password(error) => return Err(error.into()),
        SignInError::Internal(error) => return Err(error.into()),
        SignInError::CodesUsedUp => (StatusCode::UNPROCESSABLE_ENTITY.into(), CodeFault::UsedUp.words()),
        SignInError::Wrong | SignInError::Unreadable(_) | SignInError::WantsCode(_) => (
            StatusCode::UNPROCESSABLE_ENTITY.into(),
            if is_password { "Type the password that you sign in with".to_owned() } else { CodeFault::Wrong.words() },
        ),
    };
    faults.add(place, words);
    page(visit, answered, false, &faults).await
}
