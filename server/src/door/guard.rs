//! The door of every address: finds out who comes, and lets in whom the table of rights allows.

use std::time::Duration;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse as _, Redirect, Response},
};
use engine::{AttemptId, Bearer, Duty, Role, Token};
use tokio::time::timeout;
use tower_sessions::Session;

use super::{
    app_state::AppState,
    bearer,
    fail::Fail,
    rights::{Need, Right},
    sessions::{self, SessionError},
    visit::Visit,
};
use crate::scim::ScimFault;

/// How long a page that is for everybody waits to hear who asks for it.
const LONGEST_WAIT_FOR_A_NAME: Duration = Duration::from_secs(2);

/// Where a second factor is set up.
pub(crate) const SETTING_UP: &str = "/account/second-factor";

/// Lets in whom the row allows; afterwards turns a handler's failure into a page.
pub(crate) async fn check(
    State((state, right)): State<(AppState, &'static Right)>,
    mut request: Request,
    next: Next,
) -> Response {
    // Help is there for everybody at once, and so is the way out, whether or not the database says who asks.
    if right.need == Need::Directory {
        return match directory(&state, request.headers()).await {
            Ok(token) => {
                request.extensions_mut().insert(token);
                next.run(request).await
            }
            Err(fault) => fault.into_response(),
        };
    }
    let whoever = matches!(right.need, Need::Nothing | Need::MetricsToken);
    if right.need == Need::MetricsToken && !bearer::shows(state.settings.metrics_token.as_ref(), request.headers()) {
        return Fail::NotFound.page(&state);
    }
    let visit = if whoever {
        let found = timeout(LONGEST_WAIT_FOR_A_NAME, visit(&state, &request)).await;
        found.unwrap_or_else(|_| Ok(Visit::of_nobody(state.clone()))).unwrap_or_else(|error| {
            tracing::error!(%error, "who asks could not be found out");
            Visit::of_nobody(state.clone())
        })
    } else {
        match visit(&state, &request).await {
            Ok(visit) => visit,
            Err(error) => return Fail::from(error).page(&state),
        }
    };
    let visit = visit.at(right.path);
    match (visit.maybe_reader(), right.need) {
        (_, Need::Nothing | Need::MetricsToken | Need::Directory) => {}
        (None, _) => return visit.ask_to_sign_in(request).await,
        (Some(reader), need) if !need.allows(&reader.person) => {
            let (person, method) = (reader.person.id, &right.method);
            tracing::warn!(target: "security", %person, %method, address = right.path, "refused: it is not for this person");
            return visit.fail(&Fail::NotForYou);
        }
        // What is for everybody stays open to them: help above all, and the way out.
        (Some(_), _) if visit.must_set_up_factor() && !right.path.starts_with(SETTING_UP) => {
            return if visit.wants_json() {
                StatusCode::FORBIDDEN.into_response()
            } else {
                Redirect::to(SETTING_UP).into_response()
            };
        }
        (Some(_), _) => {}
    }
    request.extensions_mut().insert(visit.clone());
    let response = next.run(request).await;
    match response.extensions().get::<Fail>() {
        Some(fail) => visit.fail(fail),
        None => response,
    }
}

/// The token that a directory of the provider's shows. A browser's session counts for nothing here, and so no page can make use of one.
async fn directory(state: &AppState, headers: &HeaderMap) -> Result<Token, ScimFault> {
    let nobody =
        || ScimFault::forbidden(StatusCode::UNAUTHORIZED, "A token that counts is needed: Authorization: Bearer …");
    let shown = bearer::shown(headers).ok_or_else(nobody)?;
    let Some((token, _)) = state.engine.find_token(shown).await? else {
        tracing::warn!(target: "security", "refused: a token that does not count");
        return Err(nobody());
    };
    if token.bearer != Bearer::Duty(Duty { role: Role::Administrator, over: None }) {
        tracing::warn!(target: "security", token = %token.id, "refused: it is not for this token");
        let detail = "This token has not the duty of an administrator over everybody.";
        return Err(ScimFault::forbidden(StatusCode::FORBIDDEN, detail));
    }
    Ok(token)
}

/// Every address that is not in the table. One that ends in a slash may be meant without it.
pub(crate) async fn not_found(State(state): State<AppState>, request: Request) -> Response {
    if let Some(meant) = without_slash(request.method(), request.uri()) {
        return Redirect::permanent(&meant).into_response();
    }
    match request.uri().path() {
        // The standard lets people and groups be looked for at once; here each has a search of its own.
        "/scim/v2/.search" => return ScimFault::not_here().into_response(),
        path if path.starts_with("/scim/") => return ScimFault::not_found().into_response(),
        _ => {}
    }
    match visit(&state, &request).await {
        Ok(visit) => visit.fail(&Fail::NotFound),
        Err(error) => Fail::from(error).page(&state),
    }
}

/// Who makes this request. What is needed of it is taken out first: a body cannot be shared while the database is asked.
fn visit(state: &AppState, request: &Request) -> impl Future<Output = Result<Visit, SessionError>> + Send + use<> {
    let session = request.extensions().get::<Session>().cloned();
    let wants_json = wants_json(request.headers());
    let attempt = attempt_looked_at(request.method(), request.uri());
    let state = state.clone();
    async move {
        let reader = match session {
            Some(session) => sessions::reader(&state.engine, &session, attempt).await?,
            None => None,
        };
        Ok(Visit::new(state, reader, wants_json))
    }
}

/// The attempt at whose address something is looked at. `None`: it is another address, or something is sent, which changes what was found.
fn attempt_looked_at(method: &Method, uri: &Uri) -> Option<AttemptId> {
    let of_attempt = uri.path().strip_prefix("/attempts/").filter(|_| method == Method::GET)?;
    AttemptId::parse(of_attempt.strip_suffix("/review").unwrap_or(of_attempt))
}

/// The address without the slash at its end, when something is looked at there. Not where an address begins with two: a browser would
/// take what follows for another site.
fn without_slash(method: &Method, uri: &Uri) -> Option<String> {
    let path = uri.path();
    let meant =
        path.strip_suffix('/').filter(|meant| !meant.is_empty() && !path.contains("//") && !path.contains('\\'))?;
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    (method == Method::GET).then(|| format!("{meant}{query}"))
}

fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.starts_with("application/json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slash_too_much_is_left_out_and_leads_to_nobody_else() {
        let meant = |uri: &str| without_slash(&Method::GET, &uri.parse().unwrap());
        assert_eq!(meant("/modules/").as_deref(), Some("/modules"));
        assert_eq!(
            meant("/modules/four-cs/versions/?from=1&to=2").as_deref(),
            Some("/modules/four-cs/versions?from=1&to=2")
        );
        for other in ["/", "/modules", "//evil.example/", "/a//evil.example/"] {
            assert_eq!(meant(other), None, "{other}");
        }
        assert_eq!(without_slash(&Method::POST, &"/modules/".parse().unwrap()), None);
    }

    #[test]
    fn an_attempt_is_found_beforehand_where_it_is_looked_at_alone() {
        let id = "01a231d3-0720-790c-a329-f6257d90e37f";
        let looked_at =
            |method: Method, path: &str| attempt_looked_at(&method, &path.replace("ID", id).parse().unwrap());
        for path in ["/attempts/ID", "/attempts/ID?question=2", "/attempts/ID/review"] {
            assert_eq!(looked_at(Method::GET, path), AttemptId::parse(id), "{path}");
            assert_eq!(looked_at(Method::POST, path), None, "{path}");
        }
        for path in ["/", "/attempts/", "/attempts/ID/answers", "/attempts/another", "/people/ID"] {
            assert_eq!(looked_at(Method::GET, path), None, "{path}");
        }
    }
}
