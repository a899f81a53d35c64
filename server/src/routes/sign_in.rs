use app::pages::{
    CodeFault, SignInFault, WasSending, carry_on, dropped, sign_in as sign_in_page, sign_in_code, signed_out,
    too_many_tries,
};
use axum::{
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use engine::{Caller, CodeError, HalfSignedIn, KeptForm, PasswordError, SignInError, SignedIn, Verified};
use model::{AgreementSlug, ModuleSlug, PageSlug};
use serde::Deserialize;
use tower_sessions::Session;

use super::{agreements, modules};
use crate::{
    door::{Answered, CalledFrom, Fail, Form, Keeps, Path, Query, Visit, guard::SETTING_UP, sessions},
    sign_on::SignOn,
};

/// Where somebody was going when they were asked to sign in.
#[derive(Default, Deserialize)]
pub(crate) struct Going {
    #[serde(default)]
    next: String,
}

impl Going {
    pub(super) fn to(next: String) -> Self {
        Self { next }
    }
}

/// `GET /sign-in`, and `GET /sign-in/code`, where there is nothing without the first half. In a browser that was left quickly, where somebody was going
/// is dropped: an address that was there before is come back to with the browser's own button.
pub(crate) async fn show(visit: Visit, keeps: Keeps, Query(going): Query<Going>) -> Response {
    if visit.maybe_reader().is_some() {
        return Redirect::to(&within_site(&going.next)).into_response();
    }
    if keeps.left && !going.next.is_empty() {
        return Redirect::to("/sign-in").into_response();
    }
    visit.html(sign_in_page(&visit.frame(), "", &within_site(&going.next), WasSending::Nothing, None))
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
    /// The form that was being sent when the session had ended, sealed.
    kept: Option<String>,
}

/// `POST /sign-in`
pub(crate) async fn sign_in(
    visit: Visit,
    session: Session,
    CalledFrom(caller): CalledFrom,
    keeps: Keeps,
    Form(form): Form<SignInForm>,
) -> Result<Response, Fail> {
    let engine = visit.state.engine.clone();
    if visit.state.settings.oidc_only {
        return Ok(again(&visit, &form, StatusCode::FORBIDDEN, SignInFault::SignOnOnly));
    }
    let missing = SignInFault::Missing { email: form.email.trim().is_empty(), password: form.password.is_empty() };
    if missing != (SignInFault::Missing { email: false, password: false }) {
        return Ok(again(&visit, &form, StatusCode::UNPROCESSABLE_ENTITY, missing));
    }
    let (answered, fault) = match engine.sign_in(&form.email, &form.password, caller).await {
        Ok(verified) => match begin(&visit, &session, &verified, (&form.next, form.kept.as_deref()), &keeps).await? {
            Some(response) => return Ok(response),
            // It was right when it was looked at, and is not any more.
            None => (StatusCode::UNPROCESSABLE_ENTITY.into(), SignInFault::Wrong),
        },
        Err(SignInError::WantsCode(half)) => {
            return Ok(code_page(&visit, StatusCode::OK, &half, &form.next, form.kept.as_deref(), None));
        }
        // Of codes nothing is said before the password is right.
        Err(SignInError::Wrong | SignInError::CodesUsedUp) => {
            (StatusCode::UNPROCESSABLE_ENTITY.into(), SignInFault::Wrong)
        }
        Err(SignInError::Unreadable(_)) => (StatusCode::UNPROCESSABLE_ENTITY.into(), SignInFault::Unreadable),
        Err(SignInError::TooMany { retry_at }) => (Answered::held_up(retry_at), SignInFault::TooMany { retry_at }),
        Err(SignInError::Password(PasswordError::Busy)) => (StatusCode::SERVICE_UNAVAILABLE.into(), SignInFault::Busy),
        Err(SignInError::Password(error)) => return Err(error.into()),
        Err(SignInError::Internal(error)) => return Err(error.into()),
    };
    Ok(again(&visit, &form, answered, fault))
}

/// The other half of signing in, as the form sends it.
#[derive(Deserialize)]
pub(crate) struct CodeForm {
    #[serde(default)]
    half: String,
    #[serde(default)]
    #[serde(rename = "one_time_code")]
    code: String,
    #[serde(default)]
    next: String,
    kept: Option<String>,
}

/// `POST /sign-in/code`
pub(crate) async fn sign_in_with_code(
    visit: Visit,
    session: Session,
    CalledFrom(caller): CalledFrom,
    keeps: Keeps,
    Form(form): Form<CodeForm>,
) -> Result<Response, Fail> {
    let engine = visit.state.engine.clone();
    let half = HalfSignedIn(form.half);
    let again =
        |answered: Answered, fault| code_page(&visit, answered, &half, &form.next, form.kept.as_deref(), Some(fault));
    let too_late = || {
        let sending = form.kept.as_deref().map_or(WasSending::Nothing, WasSending::Kept);
        let next = within_site(&form.next);
        let page = sign_in_page(&visit.frame(), "", &next, sending, Some(SignInFault::TooLate));
        visit.html_with(StatusCode::UNPROCESSABLE_ENTITY, page)
    };
    if form.code.trim().is_empty() {
        return Ok(again(StatusCode::UNPROCESSABLE_ENTITY.into(), CodeFault::Missing));
    }
    let error = match engine.sign_in_with_code(&half, &form.code, caller).await {
        Ok(verified) => {
            let begun = begin(&visit, &session, &verified, (&form.next, form.kept.as_deref()), &keeps).await?;
            // What they had shown may have been changed meanwhile.
            return Ok(begun.unwrap_or_else(too_late));
        }
        Err(CodeError::TooLate) => return Ok(too_late()),
        Err(CodeError::Code(error)) => error,
    };
    match error {
        SignInError::TooMany { retry_at } => Ok(again(Answered::held_up(retry_at), CodeFault::TooMany { retry_at })),
        SignInError::Password(PasswordError::Busy) => {
            Ok(again(StatusCode::SERVICE_UNAVAILABLE.into(), CodeFault::Busy))
        }
        SignInError::Password(error) => Err(error.into()),
        SignInError::Internal(error) => Err(error.into()),
        SignInError::CodesUsedUp => Ok(again(StatusCode::UNPROCESSABLE_ENTITY.into(), CodeFault::UsedUp)),
        SignInError::Wrong | SignInError::Unreadable(_) | SignInError::WantsCode(_) => {
            Ok(again(StatusCode::UNPROCESSABLE_ENTITY.into(), CodeFault::Wrong))
        }
    }
}

fn code_page(
    visit: &Visit,
    answered: impl Into<Answered>,
    half: &HalfSignedIn,
    next: &str,
    kept: Option<&str>,
    fault: Option<CodeFault>,
) -> Response {
    let sending = kept.map_or(WasSending::Nothing, WasSending::Kept);
    visit.html_with(answered, sign_in_code(&visit.frame(), &half.0, &within_site(next), sending, fault))
}

/// Lets somebody in who has just chosen their password, at `next`; or asks them for their code, or to sign in, where that cannot be done now.
pub(super) async fn let_in_with(
    visit: Visit,
    session: Session,
    caller: Caller,
    keeps: Keeps,
    (email, password): (&str, &str),
    next: &str,
) -> Result<Response, Fail> {
    let engine = visit.state.engine.clone();
    let verified = match engine.sign_in(email, password, caller).await {
        Ok(verified) => verified,
        Err(SignInError::WantsCode(half)) => {
            return Ok(code_page(&visit.by(None), StatusCode::OK, &half, next, None, None));
        }
        Err(_) => return Ok(Redirect::to("/sign-in").into_response()),
    };
    let begun = begin(&visit, &session, &verified, (next, None), &keeps).await?;
    Ok(begun.unwrap_or_else(|| Redirect::to("/sign-in").into_response()))
}

/// The form once more, with everything that was typed but the password.
fn again(visit: &Visit, form: &SignInForm, answered: impl Into<Answered>, fault: SignInFault) -> Response {
    again_with(visit, &form.email, &form.next, form.kept.as_deref(), answered, fault)
}

/// The page once more, with what is wrong.
pub(super) fn again_with(
    visit: &Visit,
    email: &str,
    next: &str,
    kept: Option<&str>,
    answered: impl Into<Answered>,
    fault: SignInFault,
) -> Response {
    let sending = kept.map_or(WasSending::Nothing, WasSending::Kept);
    visit.html_with(answered, sign_in_page(&visit.frame(), email, &within_site(next), sending, Some(fault)))
}

/// Begins a session, and what somebody finds in it: where they were going, or what they were sending. `None`: what they showed was right when it was
/// looked at, and is not any more.
pub(super) async fn begin(
    visit: &Visit,
    session: &Session,
    verified: &Verified,
    (next, kept): (&str, Option<&str>),
    keeps: &Keeps,
) -> Result<Option<Response>, Fail> {
    let Some(reader) = sessions::begin(&visit.state.engine, session, verified.clone()).await? else { return Ok(None) };
    let_in(&visit.clone().by(Some(reader)), next, kept, verified, keeps).await.map(Some)
}

/// What to say, and how to answer, when the password that somebody was asked for once more could not be taken.
///
/// # Errors
/// What is no fault of theirs.
pub(super) fn not_confirmed(error: SignInError) -> Result<(Answered, String), Fail> {
    match error {
        SignInError::TooMany { retry_at } => Ok((Answered::held_up(retry_at), too_many_tries(retry_at))),
        SignInError::Password(PasswordError::Busy) => Ok((
            StatusCode::SERVICE_UNAVAILABLE.into(),
            "Many people are signing in just now. Wait a moment, then type it again".to_owned(),
        )),
        SignInError::Password(error) => Err(error.into()),
        SignInError::Internal(error) => Err(error.into()),
        SignInError::Wrong | SignInError::Unreadable(_) | SignInError::WantsCode(_) | SignInError::CodesUsedUp => {
            Ok((StatusCode::UNPROCESSABLE_ENTITY.into(), "Type the password that you sign in with".to_owned()))
        }
    }
}

async fn let_in(
    visit: &Visit,
    next: &str,
    kept: Option<&str>,
    verified: &Verified,
    keeps: &Keeps,
) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let owner = engine.owner_tag(verified.person.id).await?;
    let mut response = match kept {
        None => Redirect::to(&within_site(next)).into_response(),
        // What a guard keeps from them is not done by another door, either: they are led where it leads them.
        Some(_) if visit.must_set_up_factor() => Redirect::to(&format!("{SETTING_UP}?lost=yes")).into_response(),
        Some(sealed) => match engine.kept_form(verified.person.id, sealed).await? {
            Some(kept) => send_on(visit, kept).await.unwrap_or_else(|fail| visit.fail(&fail)),
            None => visit.html(dropped(&visit.frame())),
        },
    };
    keeps.renew(&mut response, &visit.state, &verified.device, owner);
    Ok(response)
}

/// What was being sent when the session ended is one press away, and who only turned a page is on the next one. A signature is not: it is given to a text that one sees, with a tick
/// that one sets.
async fn send_on(visit: &Visit, kept: KeptForm) -> Result<Response, Fail> {
    if let Some((module, page)) = turned(&kept.address) {
        return modules::read(visit.clone(), Path((module, page))).await;
    }
    let signing = kept.address.strip_prefix("/agreements/").and_then(|rest| rest.strip_suffix("/sign"));
    match signing.and_then(|slug| AgreementSlug::new(slug).ok()) {
        Some(slug) => {
            let typed_name = kept.fields.into_iter().find(|(name, _)| name == "typed_name");
            agreements::show_again(visit, &slug, typed_name.map(|(_, name)| name).unwrap_or_default()).await
        }
        None => Ok(visit.html(carry_on(&visit.frame(), &within_site(&kept.address), &kept.fields))),
    }
}

/// The page that a form notes as read, if it is such a form.
fn turned(address: &str) -> Option<(ModuleSlug, PageSlug)> {
    let (module, page) = address.strip_prefix("/modules/")?.strip_suffix("/read")?.split_once('/')?;
    Some((ModuleSlug::new(module).ok()?, PageSlug::new(page).ok()?))
}

/// `POST /sign-out`: whatever becomes of the session in the database, this browser lets go of it.
pub(crate) async fn sign_out(visit: Visit, session: Session) -> Response {
    let ended = sessions::end(&session).await;
    if let Some(reader) = visit.maybe_reader() {
        tracing::info!(target: "security", person = %reader.person.id, ended = ended.is_ok(), "signed out");
    }
    // The organisation knows them still: on a device that others use, that is half a sign-out.
    let signed_on = visit.maybe_reader().is_some_and(|reader| reader.signed_in.method == SignedIn::WITH_SIGN_ON);
    let visit = visit.by(None);
    match ended {
        Ok(()) if signed_on => {
            let out = visit.state.sign_on.as_ref().and_then(SignOn::out_address);
            visit.html(signed_out(&visit.frame(), out))
        }
        Ok(()) => Redirect::to("/sign-in").into_response(),
        Err(error) => {
            let mut response = visit.fail(&Fail::SignedOutHere(error.to_string()));
            sessions::take_cookie(&mut response, &visit.state);
            response
        }
    }
}

/// An address of this site, or the own page when it is not one: nobody is sent elsewhere by a link to our sign-in page.
pub(super) fn within_site(next: &str) -> String {
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
