use app::pages::{self, SessionsView};
use axum::{
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use engine::{Actor, GroupId, PersonId, SignOutError, WhichSignedIn};
use serde::{Deserialize, Serialize};

use crate::{
    compress::Repeats,
    door::{Fail, Path, Query, Visit, query_of},
};

/// Who of those that are signed in is wanted, as addresses say it, and what was done.
#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct Wanted {
    name: String,
    group: String,
    after: String,
    done: String,
}

/// `GET /admin/sessions`: who is signed in, for administrators of theirs.
pub(crate) async fn list(visit: Visit, Query(wanted): Query<Wanted>) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let reader = &visit.reader()?.person;
    let which = WhichSignedIn { name: wanted.name.chars().take(100).collect(), group: GroupId::parse(&wanted.group) };
    let after = PersonId::parse(&wanted.after);
    let found = engine.signed_in(reader, &which, after).await?;
    let next =
        found.next.map(|last| query_of(&Wanted { after: last.to_string(), done: String::new(), ..wanted.clone() }));
    let view = SessionsView {
        which,
        found,
        is_first: after.is_none(),
        groups: engine.group_tree(reader).await?.groups,
        next,
        ended: wanted.done == "ended",
    };
    let repeats = !wanted.name.is_empty();
    let mut response = visit.html(pages::sessions(&visit.frame(), &view));
    if repeats {
        response.extensions_mut().insert(Repeats);
    }
    Ok(response)
}

/// `GET /admin/sessions/ID`: whether somebody is to be signed out everywhere.
pub(crate) async fn ask(visit: Visit, Path(id): Path<PersonId>) -> Result<Response, Fail> {
    let name = visit.state.engine.whom_to_sign_out(&visit.reader()?.person, id).await?;
    Ok(visit.html(pages::sign_out_everywhere(&visit.frame(), id, &name, None)))
}

/// `POST /admin/sessions/ID`: signs somebody out everywhere.
pub(crate) async fn end(visit: Visit, Path(id): Path<PersonId>) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let reader = &visit.reader()?.person;
    // Of whom the reader may not see nothing is said.
    let name = engine.whom_to_sign_out(reader, id).await?;
    match engine.sign_out_everywhere(id, Actor::Person(reader.id)).await {
        Ok(_) => Ok(Redirect::to("/admin/sessions?done=ended").into_response()),
        Err(SignOutError::NoSuchPerson) => Err(Fail::NotFound),
        Err(SignOutError::Internal(error)) => Err(error.into()),
        Err(SignOutError::NotTheirs) => {
            let words = "They look after others as well: only an administrator of all of these may sign them out";
            let page = pages::sign_out_everywhere(&visit.frame(), id, &name, Some(words));
            Ok(visit.html_with(StatusCode::CONFLICT, page))
        }
    }
}
