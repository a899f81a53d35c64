use app::pages::{Beginning, Faults, JoinFault, join, join_code, text_words};
use axum::{
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use engine::{AddPersonError, FindCodeError, JoinError, OpenCode, PasswordError};
use serde::Deserialize;
use tower_sessions::Session;

use super::{people::add_fault, sign_in::let_in_with};
use crate::door::{Answered, CalledFrom, Fail, Form, Keeps, Path, Query, Visit};

/// A code, as the form sends it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    code: Option<String>,
}

/// `GET /join`: where a code is typed, or leads on.
pub(crate) async fn show(
    visit: Visit,
    CalledFrom(caller): CalledFrom,
    Query(typed): Query<Typed>,
) -> Result<Response, Fail> {
    let Some(code) = typed.code else { return Ok(visit.html(join_code(&visit.frame(), "", None))) };
    if code.trim().is_empty() {
        return Ok(again(&visit, StatusCode::UNPROCESSABLE_ENTITY, "", JoinFault::Nothing));
    }
    Ok(match find(&visit, &caller.place, &code).await? {
        Ok(open) => Redirect::to(&format!("/join/{}", open.code.code)).into_response(),
        Err(again) => again,
    })
}

/// What a code leads to, or the page that says that it leads nowhere.
async fn find(visit: &Visit, place: &str, typed: &str) -> Result<Result<OpenCode, Response>, Fail> {
    match visit.state.engine.find_join_code(typed, place).await {
        Ok(Some(open)) => Ok(Ok(open)),
        Ok(None) => Ok(Err(no_such_code(visit, typed))),
        Err(FindCodeError::TooMany { retry_at }) => {
            Ok(Err(again(visit, Answered::held_up(retry_at), typed, JoinFault::TooMany { retry_at })))
        }
        Err(FindCodeError::Internal(error)) => Err(error.into()),
    }
}

fn no_such_code(visit: &Visit, typed: &str) -> Response {
    again(visit, StatusCode::UNPROCESSABLE_ENTITY, typed, JoinFault::NoSuchCode)
}

fn again(visit: &Visit, answered: impl Into<Answered>, typed: &str, fault: JoinFault) -> Response {
    let typed: String = typed.chars().take(20).collect();
    visit.html_with(answered, join_code(&visit.frame(), &typed, Some(fault)))
}

/// `GET /join/CODE`: what a code leads to.
pub(crate) async fn open(
    visit: Visit,
    CalledFrom(caller): CalledFrom,
    Path(code): Path<String>,
) -> Result<Response, Fail> {
    Ok(match find(&visit, &caller.place, &code).await? {
        Ok(open) => page(&visit, StatusCode::OK, &open, Beginning::default()),
        Err(again) => again,
    })
}

fn page(visit: &Visit, status: StatusCode, open: &OpenCode, form: Beginning) -> Response {
    let is_in = visit.maybe_reader().is_some_and(|reader| {
        reader.person.groups.iter().any(|(group, _)| *group == open.code.group) && form.faults == Default::default()
    });
    // Where people sign in with nothing else, nobody is asked for a password.
    let as_whom = open.as_whom.clone().filter(|_| !visit.state.settings.oidc_only);
    visit.html_with(status, join(&visit.frame(), &OpenCode { as_whom, ..open.clone() }, &Beginning { is_in, ..form }))
}

/// Somebody who begins, as the form sends them.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Newcomer {
    name: String,
    email: String,
    password: String,
}

/// `POST /join/CODE`: puts who is signed in into the group, or lets somebody begin, unless people sign in with their organisation alone.
pub(crate) async fn enter(
    visit: Visit,
    session: Session,
    CalledFrom(caller): CalledFrom,
    keeps: Keeps,
    Path(code): Path<String>,
    Form(form): Form<Newcomer>,
) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let open = match find(&visit, &caller.place, &code).await? {
        Ok(open) => open,
        Err(again) => return Ok(again),
    };
    if let Some(reader) = visit.maybe_reader() {
        return match engine.join_by_code(&reader.person, &code).await {
            Ok(_) | Err(JoinError::AlreadyIn) => Ok(Redirect::to(&format!("/join/{}", open.code.code)).into_response()),
            Err(JoinError::Internal(error)) => Err(error.into()),
            Err(_) => Ok(no_such_code(&visit, &code)),
        };
    }
    let mut again = Beginning { name: form.name.clone(), email: form.email.clone(), ..Beginning::default() };
    if let Some(sign_on) = visit.state.sign_on.as_ref().filter(|sign_on| sign_on.only) {
        let words = format!("Here people sign in with {}. Sign in with it first, then join the group", sign_on.label);
        again.faults.add("main", words);
        return Ok(page(&visit, StatusCode::FORBIDDEN, &open, again));
    }
    for (place, typed, words) in [
        ("name", &form.name, "Type your name"),
        ("email", &form.email, "Type your email address"),
        ("password", &form.password, "Choose a password of at least 15 characters"),
    ] {
        if typed.trim().is_empty() {
            again.faults.add(place, words);
        }
    }
    if again.faults != Faults::default() {
        return Ok(page(&visit, StatusCode::UNPROCESSABLE_ENTITY, &open, again));
    }
    match engine.begin_by_code(&code, &form.name, &form.email, &form.password).await {
        Ok(_) => return let_in_with(visit, session, caller, keeps, (&form.email, &form.password), "/").await,
        Err(JoinError::Internal(error) | JoinError::New(AddPersonError::Internal(error))) => return Err(error.into()),
        Err(JoinError::New(AddPersonError::Password(error))) if !matches!(error, PasswordError::Busy) => {
            return Err(error.into());
        }
        Err(JoinError::New(AddPersonError::Name(fault))) => {
            again.faults.add("name", text_words(fault, "Type your name"));
        }
        Err(JoinError::New(AddPersonError::Email)) => again.faults.add("email", "Type your email address"),
        Err(JoinError::New(AddPersonError::EmailTaken)) => {
            again.faults.add(
                "email",
                "There is an account with this email address. Sign in with it, or ask the person who gave you the code",
            );
        }
        Err(JoinError::New(error)) => add_fault(&mut again.faults, &error),
        Err(JoinError::NoSuchCode | JoinError::ForAccounts | JoinError::AlreadyIn) => {
            return Ok(no_such_code(&visit, &code));
        }
    }
    Ok(page(&visit, StatusCode::UNPROCESSABLE_ENTITY, &open, again))
}
