use app::pages::{AccountDone, AccountView, Done as _, Faults, account, change_password, too_many_tries};
use axum::{
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use engine::{ChangePasswordError, PasswordError, SecondFactor, SignInError, WeakPassword};
use serde::Deserialize;
use tower_sessions::Session;

use super::sign_in::let_in_with;
use crate::door::{Answered, CalledFrom, Fail, Form, Keeps, Query, Visit, sessions};

/// What was done, as the address says it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Shown {
    done: String,
}

/// `GET /account`: what somebody is called, how they sign in, and where they are signed in.
pub(crate) async fn show(visit: Visit, session: Session, Query(shown): Query<Shown>) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let reader = &visit.reader()?.person;
    let details = engine.own_details(reader).await?;
    let own = engine.own_sessions(reader, &id_of(&session)).await?;
    let email = details.and_then(|details| details.email);
    let codes = if email.is_some() { Some(engine.second_factor(reader).await?) } else { None };
    let passkeys = match &visit.state.passkeys {
        Some(_) => Some(engine.own_passkeys(reader).await?.len()),
        None => None,
    };
    let has_letters = email.is_some() && engine.sends_letters();
    let stopped = if has_letters { Some(engine.has_stopped_own_reminders(reader).await?) } else { None };
    let view = AccountView {
        name: reader.name.clone(),
        email,
        codes,
        passkeys,
        stopped,
        accounts: engine.linked_accounts(reader).await?,
        groups: reader.groups.iter().map(|(_, name)| name.clone()).collect(),
        sessions: own.into_iter().map(|session| (session.clone(), sessions::unused_for(&session))).collect(),
        looks: engine.looks_at_anything(reader).await?,
        done: AccountDone::parse(&shown.done),
    };
    Ok(visit.html(account(&visit.frame(), &view)))
}

/// `GET /account/password`: where somebody chooses another password.
pub(crate) async fn ask(visit: Visit) -> Result<Response, Fail> {
    form(&visit, StatusCode::OK, &Faults::default()).await
}

async fn form(visit: &Visit, answered: impl Into<Answered>, faults: &Faults) -> Result<Response, Fail> {
    let (engine, reader) = (&visit.state.engine, &visit.reader()?.person);
    let details = engine.own_details(reader).await?;
    let email = details.and_then(|details| details.email).ok_or(Fail::NotFound)?;
    let least = match engine.second_factor(reader).await? {
        SecondFactor::SetUp { .. } => WeakPassword::SHORTEST_BESIDE_FACTOR,
        SecondFactor::Nothing | SecondFactor::BeingSetUp { .. } => WeakPassword::SHORTEST,
    };
    Ok(visit.html_with(answered, change_password(&visit.frame(), &email, least, faults)))
}

/// Passwords, as the form sends them.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Passwords {
    current: String,
    password: String,
}

/// `POST /account/password`: sets another password, and lets its owner in with it. Everywhere else they are signed out.
pub(crate) async fn change(
    visit: Visit,
    session: Session,
    CalledFrom(caller): CalledFrom,
    keeps: Keeps,
    Form(passwords): Form<Passwords>,
) -> Result<Response, Fail> {
    let mut faults = Faults::default();
    if passwords.current.is_empty() {
        faults.add("current", "Type the password that you have now");
        return form(&visit, StatusCode::UNPROCESSABLE_ENTITY, &faults).await;
    }
    let engine = &visit.state.engine;
    let changed =
        engine.change_password(&visit.reader()?.person, &passwords.current, &passwords.password, caller.clone()).await;
    let mut answered = Answered::from(StatusCode::UNPROCESSABLE_ENTITY);
    match changed {
        Ok(email) => {
            let next = format!("/account?done={}", AccountDone::Password.code());
            return let_in_with(visit, session, caller, keeps, (&email, &passwords.password), &next).await;
        }
        Err(ChangePasswordError::Current(SignInError::TooMany { retry_at })) => {
            answered = Answered::held_up(retry_at);
            faults.add("current", too_many_tries(retry_at));
        }
        Err(ChangePasswordError::Current(SignInError::Internal(error)) | ChangePasswordError::Internal(error)) => {
            return Err(error.into());
        }
        Err(ChangePasswordError::Current(SignInError::Password(error)) | ChangePasswordError::Password(error)) => {
            match error {
                PasswordError::Busy => {
                    answered = StatusCode::SERVICE_UNAVAILABLE.into();
                    faults.add("current", "Many people are signing in just now. Wait a moment, then type it again");
                }
                PasswordError::Failed => return Err(error.into()),
            }
        }
        Err(ChangePasswordError::Current(
            SignInError::Wrong | SignInError::Unreadable(_) | SignInError::WantsCode(_) | SignInError::CodesUsedUp,
        )) => {
            faults.add("current", "This is not your password now. Type it again, or ask for a link if you forgot it");
        }
        Err(ChangePasswordError::Weak(weak)) => faults.add("password", weak_words(weak)),
        Err(ChangePasswordError::Same) => faults.add("password", "This is the password that you have. Choose another"),
        Err(ChangePasswordError::NoEmail) => return Err(Fail::NotFound),
    }
    form(&visit, answered, &faults).await
}

/// Which session is to end, as a form sends it: its key, or `others`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Which {
    which: String,
}

/// `POST /account/sessions/end`: signs somebody out in another place, or in all others.
pub(crate) async fn end_session(visit: Visit, session: Session, Form(form): Form<Which>) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let reader = &visit.reader()?.person;
    let done = if form.which == "others" {
        engine.end_other_sessions(reader, &id_of(&session)).await?;
        AccountDone::EndedAll
    } else {
        // One that is gone already is what was wanted.
        engine.end_own_session(reader, &form.which).await?;
        AccountDone::Ended
    };
    Ok(Redirect::to(&format!("/account?done={}", done.code())).into_response())
}

/// What is wanted of letters, as the form says it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Letters {
    r#do: String,
}

/// `POST /account/letters`: somebody stops the letters that tell them early, or has them again.
pub(crate) async fn letters(visit: Visit, Form(form): Form<Letters>) -> Result<Response, Fail> {
    let (stop, done) = match form.r#do.as_str() {
        "stop" => (true, AccountDone::LettersStopped),
        "go-on" => (false, AccountDone::LettersGoOn),
        _ => return Ok(Redirect::to("/account").into_response()),
    };
    visit.state.engine.stop_own_reminders(&visit.reader()?.person, stop).await?;
    Ok(Redirect::to(&format!("/account?done={}", done.code())).into_response())
}

/// Why a password is not taken, and what to do about it.
pub(super) fn weak_words(weak: WeakPassword) -> String {
    match weak {
        WeakPassword::Short => {
            format!("Choose a password with at least {} characters, such as three or four words", WeakPassword::SHORTEST)
        }
        WeakPassword::ShortBesideFactor => {
            format!("Choose a password with at least {} characters", WeakPassword::SHORTEST_BESIDE_FACTOR)
        }
        WeakPassword::Guessable => "This is one of the passwords that are tried first. Choose three or four words that have nothing to do with each other or with you".to_owned(),
    }
}

/// The id of the session with which somebody asks. Empty: they have none.
pub(super) fn id_of(session: &Session) -> String {
    session.id().map(|id| id.to_string()).unwrap_or_default()
}
