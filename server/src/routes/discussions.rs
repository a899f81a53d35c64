//! Modules worked through side by side: run sheets, discussions that were held, and what they say of them with whom they were.

use app::pages::{self, DiscussionDone, Done as _, Faults, HoldForm, text_words, typed_day};
use axum::{
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use engine::{AnswerError, DiscussionId, HoldError, NewDiscussion, PersonId, local_date, typed_line};
use model::ModuleSlug;
use serde::Deserialize;

use super::people::sentence;
use crate::door::{Fail, Form, Path, Query, Visit};

/// What is wanted of the place.
const WHERE_WANTED: &str = "Say where it was";

/// `GET /modules/SLUG/run-sheet`
pub(crate) async fn run_sheet(visit: Visit, Path(slug): Path<ModuleSlug>) -> Result<Response, Fail> {
    let module = visit.state.engine.run_sheet(&visit.reader()?.person, &slug)?;
    Ok(visit.html(pages::run_sheet(&visit.frame(), &module)))
}

/// `GET /discussions`: the run sheets, and what the reader held.
pub(crate) async fn list(visit: Visit) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let reader = &visit.reader()?.person;
    let modules = engine.run_sheets(reader)?;
    let held = engine.discussions_held(reader).await?;
    Ok(visit.html(pages::discussions(&visit.frame(), &modules, &held, engine.now())))
}

/// What was done, as the address says it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Was {
    done: String,
}

/// A discussion to be marked as held, as the form sends it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Held {
    module: String,
    day: String,
    place: String,
}

/// `GET /people/ID/discussions`: those with somebody, and the form to mark one as held.
pub(crate) async fn with(visit: Visit, Path(person): Path<PersonId>, Query(was): Query<Was>) -> Result<Response, Fail> {
    drawn(&visit, StatusCode::OK, person, HoldForm::default(), DiscussionDone::parse(&was.done)).await
}

async fn drawn(
    visit: &Visit,
    status: StatusCode,
    person: PersonId,
    form: HoldForm,
    done: Option<DiscussionDone>,
) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let with = engine.discussions_with(&visit.reader()?.person, person).await?;
    let now = engine.now();
    Ok(visit.html_with(status, pages::discussions_with(&visit.frame(), &with, &form, done, now, local_date(now))))
}

/// `POST /people/ID/discussions`: marks a discussion as held.
pub(crate) async fn hold(visit: Visit, Path(person): Path<PersonId>, Form(sent): Form<Held>) -> Result<Response, Fail> {
    let mut faults = Faults::default();
    let module = sent
        .module
        .split_once('/')
        .and_then(|(slug, number)| Some((ModuleSlug::new(slug).ok()?, number.parse::<u32>().ok()?)));
    let day = typed_day(&sent.day, "Day", "Choose a day");
    if module.is_none() {
        faults.add("module", "Choose a module");
    }
    if let Err(words) = &day {
        faults.add("day", words);
    }
    if let Err(fault) = typed_line(&sent.place, NewDiscussion::LONGEST_PLACE) {
        faults.add("place", text_words(fault, WHERE_WANTED));
    }
    if faults == Faults::default()
        && let (Some((module, version)), Ok(held_on)) = (module, day)
    {
        let new = NewDiscussion { person, module, version, held_on, place: sent.place.clone() };
        match visit.state.engine.hold_discussion(&visit.reader()?.person, &new).await {
            Ok(_) => {
                let done = DiscussionDone::Held.code();
                return Ok(Redirect::to(&format!("/people/{person}/discussions?done={done}")).into_response());
            }
            Err(HoldError::Refused(error)) => return Err(error.into()),
            Err(HoldError::NotTheirs) => return Err(Fail::NotFound),
            Err(error @ HoldError::Day) => faults.add("day", sentence(&error.to_string())),
            Err(HoldError::Place(fault)) => faults.add("place", text_words(fault, WHERE_WANTED)),
            Err(error) => faults.add("module", sentence(&error.to_string())),
        }
    }
    let Held { module, day, place } = sent;
    drawn(&visit, StatusCode::UNPROCESSABLE_ENTITY, person, HoldForm { module, day, place, faults }, None).await
}

/// `GET /discussions/ID`
pub(crate) async fn show(visit: Visit, Path(id): Path<DiscussionId>, Query(was): Query<Was>) -> Result<Response, Fail> {
    page(&visit, StatusCode::OK, id, DiscussionDone::parse(&was.done), &Faults::default()).await
}

async fn page(
    visit: &Visit,
    status: StatusCode,
    id: DiscussionId,
    done: Option<DiscussionDone>,
    faults: &Faults,
) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let reader = &visit.reader()?.person;
    let one = engine.discussion(reader, id).await?;
    let is_tutor = one.discussion.person != reader.id;
    Ok(visit.html_with(status, pages::discussion(&visit.frame(), &one, is_tutor, done, faults, engine.now())))
}

/// What somebody says of a discussion, as the form sends it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Answer {
    r#do: String,
}

/// `POST /discussions/ID`: somebody says themselves whether it was held.
pub(crate) async fn answer(
    visit: Visit,
    Path(id): Path<DiscussionId>,
    Form(sent): Form<Answer>,
) -> Result<Response, Fail> {
    let held = match DiscussionDone::parse(&sent.r#do) {
        Some(DiscussionDone::Confirmed) => Some(true),
        Some(DiscussionDone::Denied) => Some(false),
        Some(DiscussionDone::Held) | None => None,
    };
    let words = match held {
        None => "choose one of the two answers".to_owned(),
        Some(held) => match visit.state.engine.answer_discussion(&visit.reader()?.person, id, held).await {
            Ok(()) => {
                return Ok(Redirect::to(&format!("/discussions/{id}?done={}", sent.r#do)).into_response());
            }
            Err(AnswerError::Internal(error)) => return Err(error.into()),
            Err(AnswerError::NotTheirs) => return Err(Fail::NotFound),
            Err(error) => error.to_string(),
        },
    };
    let mut faults = Faults::default();
    faults.add("answer", sentence(&words));
    page(&visit, StatusCode::UNPROCESSABLE_ENTITY, id, None, &faults).await
}
