use app::pages::{Done as _, Faults, LetterDone, LettersView, letters};
use axum::{
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use engine::{Actor, LetterError, LetterId, LetterState};
use serde::Deserialize;

use super::people::sentence;
use crate::door::{Fail, Form, Query, Visit};

/// Which letters are wanted, and what was done, as the address says it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    state: String,
    after: String,
    done: String,
}

/// `GET /admin/letters`: what waits, was sent and was given up, for administrators.
pub(crate) async fn show(visit: Visit, Query(wanted): Query<Wanted>) -> Result<Response, Fail> {
    list(&visit, StatusCode::OK, &wanted, Faults::default()).await
}

async fn list(visit: &Visit, status: StatusCode, wanted: &Wanted, faults: Faults) -> Result<Response, Fail> {
    let state = LetterState::parse(&wanted.state);
    let after = LetterId::parse(&wanted.after);
    let page = visit.state.engine.letters(&visit.reader()?.person, state, after).await?;
    let view = LettersView { page, state, is_first: after.is_none(), done: LetterDone::parse(&wanted.done), faults };
    Ok(visit.html_with(status, letters(&visit.frame(), &view)))
}

/// What is to be done about letters, as a form sends it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Act {
    r#do: String,
    letter: String,
}

/// `POST /admin/letters`: holds letters back, has them go on, writes one as a trial, or one in place of one that was given up.
pub(crate) async fn act(visit: Visit, Form(form): Form<Act>) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let reader = &visit.reader()?.person;
    let by = Actor::Person(reader.id);
    let Some(asked) = LetterDone::parse(&form.r#do) else {
        let mut faults = Faults::default();
        faults.add("main", "Choose one of the buttons below");
        return list(&visit, StatusCode::UNPROCESSABLE_ENTITY, &Wanted::default(), faults).await;
    };
    let did = match asked {
        LetterDone::Paused => engine.pause_letters(true, by).await,
        LetterDone::GoesOn => engine.pause_letters(false, by).await,
        LetterDone::Trial => engine.write_trial(reader).await,
        LetterDone::Again => engine.send_again(LetterId::parse(&form.letter).ok_or(Fail::NotUnderstood)?, by).await,
    };
    match did {
        Ok(()) => Ok(Redirect::to(&format!("/admin/letters?done={}", asked.code())).into_response()),
        Err(LetterError::Internal(error)) => Err(error.into()),
        Err(LetterError::NotForYou) => Err(Fail::NotForYou),
        Err(error) => {
            let mut faults = Faults::default();
            faults.add("main", sentence(&error.to_string()));
            list(&visit, StatusCode::UNPROCESSABLE_ENTITY, &Wanted::default(), faults).await
        }
    }
}
