use app::pages::{SignInFault, carry_on, sign_in as sign_in_page};
use axum::{
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use engine::SignInError;
use serde::Deserialize;
use tower_sessions::Session;

use crate::door::{Fail, Form, NetworkAddress, Query, Visit, sessions};

/// Where somebody was going when they were asked to sign in.
#[derive(Default, Deserialize)]
pub(crate) struct Going {
    #[serde(default)]
    next: String,
}

/// `GET /sign-in`
pub(crate) async fn show(visit: Visit, Query(going): Query<Going>) -> Response {
    if visit.maybe_reader().is_some() {
        return Redirect::to(&within_site(&going.next)).into_response();
    }
    visit.html(sign_in_page(&visit.frame(), "", &within_site(&going.next), None, None))
}

/// What the sign-in form sends.
#[derive(Deserialize)]
pub(crate) struct SignInForm {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
    /// The form that was being sent when the session had ended.
    kept: Option<String>,
}

/// `POST /sign-in`
pub(crate) async fn sign_in(
    visit: Visit,
    session: Session,
    NetworkAddress(from): NetworkAddress,
    Form(form): Form<SignInForm>,
) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let next = within_site(&form.next);
    let missing = SignInFault::Missing { email: form.email.trim().is_empty(), password: form.password.is_empty() };
    if missing != (SignInFault::Missing { email: false, password: false }) {
        let page = sign_in_page(&visit.frame(), &form.email, &next, form.kept.as_deref(), Some(missing));
        return Ok(visit.html_with(StatusCode::UNPROCESSABLE_ENTITY, page));
    }
    let (status, fault) = match engine.sign_in(&form.email, &form.password, &from).await {
        Ok(person) => {
            sessions::begin(engine, &session, person.id).await?;
            let kept = form.kept.as_deref().map(serde_html_form::from_str::<Vec<(String, String)>>);
            return Ok(match kept {
                Some(Ok(fields)) => visit.html(carry_on(&visit.frame(), &next, &fields)),
                _ => Redirect::to(&next).into_response(),
            });
        }
        Err(SignInError::Wrong) => (StatusCode::UNPROCESSABLE_ENTITY, SignInFault::Wrong),
        Err(SignInError::TooMany { retry_at }) => (StatusCode::TOO_MANY_REQUESTS, SignInFault::TooMany { retry_at }),
        Err(SignInError::Password(engine::PasswordError::Busy)) => (StatusCode::SERVICE_UNAVAILABLE, SignInFault::Busy),
        Err(SignInError::Password(error)) => return Err(error.into()),
        Err(SignInError::Internal(error)) => return Err(error.into()),
    };
    let page = sign_in_page(&visit.frame(), &form.email, &next, form.kept.as_deref(), Some(fault));
    Ok(visit.html_with(status, page))
}

/// `POST /sign-out`
pub(crate) async fn sign_out(session: Session) -> Result<Response, Fail> {
    sessions::end(&session).await?;
    Ok(Redirect::to("/sign-in").into_response())
}

/// An address of this site, or the own page when it is not one: nobody is sent elsewhere by a link to our sign-in page.
fn within_site(next: &str) -> String {
    let inside = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains('\\')
        && next.chars().all(|character| !character.is_control());
    if inside { next.to_owned() } else { "/".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::within_site;

    #[test]
    fn nobody_is_sent_to_another_site() {
        assert_eq!(within_site("/modules/four-cs?x=1"), "/modules/four-cs?x=1");
        for elsewhere in ["", "//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nSet-Cookie: x", "a"] {
            assert_eq!(within_site(elsewhere), "/", "{elsewhere}");
        }
    }
}
