//! Workshops: which are to come, signing in to one, planning one, signing in for somebody, and who was there.

use app::pages::{
    self, Done as _, Faults, PlanForm, SignInForView, WorkshopDone, WorkshopsView, text_words, typed_day,
};
use axum::{
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use chrono::NaiveTime;
use engine::{
    Among, CallOffError, ConfirmError, GroupId, NewWorkshop, NotLed, PersonId, PlanError, Refused, Right, Scope,
    SignInForError, WorkshopId, WorkshopSignInError, typed_line,
};
use model::ModuleSlug;
use serde::Deserialize;

use super::{matrix::Pairs, own_page::wanted_workshops, people::sentence};
use crate::door::{Answered, CalledFrom, Fail, Form, Path, Query, Visit};

/// `GET /workshops`
pub(crate) async fn list(visit: Visit) -> Result<Response, Fail> {
    listed(&visit, StatusCode::OK, WorkshopsView::default()).await
}

async fn listed(visit: &Visit, answered: impl Into<Answered>, view: WorkshopsView) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let reader = &visit.reader()?.person;
    let leads = Scope::of(reader, Right::Assign, engine.now()).is_some();
    let view = WorkshopsView {
        coming: engine.coming_workshops(reader).await?,
        led: if leads { Some(engine.led_workshops(reader).await?) } else { None },
        wanted: wanted_workshops(visit, reader).await,
        ..view
    };
    Ok(visit.html_with(answered, pages::workshops(&visit.frame(), &view)))
}

/// A code, as the form sends it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    code: String,
}

/// `POST /workshops`: somebody says that they are at a workshop.
pub(crate) async fn sign_in(
    visit: Visit,
    CalledFrom(caller): CalledFrom,
    Form(typed): Form<Typed>,
) -> Result<Response, Fail> {
    let reader = &visit.reader()?.person;
    let (answered, words) = match visit.state.engine.sign_in_to_workshop(reader, &typed.code, &caller.place).await {
        Ok(signed_in) => {
            let view = WorkshopsView { signed_in: Some(signed_in.title), ..WorkshopsView::default() };
            return listed(&visit, StatusCode::OK, view).await;
        }
        Err(WorkshopSignInError::Refused(error)) => return Err(error.into()),
        Err(WorkshopSignInError::NoSuchCode) => (
            StatusCode::UNPROCESSABLE_ENTITY.into(),
            "No workshop of today has this code: check its letters, or ask whoever leads it".to_owned(),
        ),
        Err(WorkshopSignInError::ForOthers) => {
            (StatusCode::UNPROCESSABLE_ENTITY.into(), "What this workshop is about is written for others".to_owned())
        }
        Err(WorkshopSignInError::NotOfGroup) => (
            StatusCode::UNPROCESSABLE_ENTITY.into(),
            "This workshop is for another group: ask whoever leads it which one is yours".to_owned(),
        ),
        Err(WorkshopSignInError::TooMany { retry_at }) => (
            Answered::held_up(retry_at),
            format!(
                "Too many codes that lead nowhere were tried from where you are. Wait until {}, then try again",
                pages::not_before(retry_at)
            ),
        ),
    };
    let mut view = WorkshopsView { typed: typed.code.chars().take(20).collect(), ..WorkshopsView::default() };
    view.faults.add("code", words);
    listed(&visit, answered, view).await
}

/// What is wanted of the place.
const WHERE_WANTED: &str = "Say where it is";

/// A workshop to be planned, as the form sends it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Planned {
    module: String,
    group: String,
    day: String,
    time: String,
    place: String,
    /// `yes`: although nobody whom it is for could come.
    anyway: String,
}

/// `GET /workshops/new`: the form, with what the address says filled in already.
pub(crate) async fn ask(visit: Visit, Query(sent): Query<Planned>) -> Result<Response, Fail> {
    drawn(&visit, StatusCode::OK, sent, Faults::default(), false).await
}

async fn drawn(
    visit: &Visit,
    status: StatusCode,
    sent: Planned,
    faults: Faults,
    reaches_nobody: bool,
) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let reader = &visit.reader()?.person;
    let scope = Scope::of(reader, Right::Assign, engine.now()).ok_or(Fail::NotForYou)?;
    let catalogue = engine.catalogue();
    let modules = catalogue.modules.iter().filter(|(_, module)| module.has_workshops());
    let mut modules: Vec<_> = modules.map(|(slug, module)| (slug.clone(), module.title.clone())).collect();
    modules.sort_by(|(_, one), (_, other)| one.cmp(other));
    let everybody = reader.duties.iter().any(|duty| duty.over.is_none() && Right::Assign.roles().contains(&duty.role));
    let Planned { module, group, day, time, place, anyway: _ } = sent;
    let groups = engine.groups_in(&scope).await?;
    let form = PlanForm { module, group, day, time, place, modules, groups, everybody, reaches_nobody, faults };
    Ok(visit.html_with(status, pages::plan_workshop(&visit.frame(), &form)))
}

/// `POST /workshops/new`: plans a workshop, or shows the form again with what is wrong.
pub(crate) async fn plan(visit: Visit, Form(sent): Form<Planned>) -> Result<Response, Fail> {
    let mut faults = Faults::default();
    let module = ModuleSlug::new(sent.module.clone()).ok();
    let group = match sent.group.as_str() {
        "everybody" => Some(None),
        id => GroupId::parse(id).map(Some),
    };
    let day = typed_day(&sent.day, "Day", "Choose a day");
    let time = NaiveTime::parse_from_str(sent.time.trim(), "%H:%M").ok();
    let mut reaches_nobody = false;
    if module.is_none() {
        faults.add("module", "Choose a module");
    }
    if group.is_none() {
        faults.add("group", "Choose for whom it is");
    }
    if let Err(words) = &day {
        faults.add("day", words);
    }
    if time.is_none() {
        faults.add("time", "Choose a time, such as 09:30");
    }
    if let Err(fault) = typed_line(&sent.place, NewWorkshop::LONGEST_PLACE) {
        faults.add("place", text_words(fault, WHERE_WANTED));
    }
    if faults == Faults::default()
        && let (Some(module), Some(group), Ok(day), Some(time)) = (module, group, day, time)
    {
        let new = NewWorkshop { module, group, day, time, place: sent.place.clone() };
        if sent.anyway != "yes"
            && let Some(nobody) = who_cannot_come(&visit, &new).await?
        {
            reaches_nobody = true;
            faults.add("group", format!("{nobody} is asked for this module or may open it, so nobody would see the workshop or could sign in to it. Choose others, or another module"));
        } else {
            match visit.state.engine.plan_workshop(&visit.reader()?.person, &new).await {
                Ok(id) => {
                    let done = WorkshopDone::Planned.code();
                    return Ok(Redirect::to(&format!("/workshops/{id}?done={done}")).into_response());
                }
                Err(PlanError::Internal(error)) => return Err(error.into()),
                Err(PlanError::NotTheirs) => faults.add("group", "Choose a group that you look after"),
                Err(PlanError::NoSuchModule) => faults.add("module", "Choose a module for which a workshop counts"),
                Err(error @ PlanError::Day) => faults.add("day", sentence(&error.to_string())),
                Err(PlanError::Place(fault)) => faults.add("place", text_words(fault, WHERE_WANTED)),
            }
        }
    }
    drawn(&visit, StatusCode::UNPROCESSABLE_ENTITY, sent, faults, reaches_nobody).await
}

/// Who those are of whom nobody could come to a workshop, such as "Nobody in Cohort A". `None`: somebody could, or there is nobody yet.
async fn who_cannot_come(visit: &Visit, new: &NewWorkshop) -> Result<Option<String>, Fail> {
    let engine = &visit.state.engine;
    let reader = &visit.reader()?.person;
    match engine.module_reach(reader, &new.module, new.group).await {
        Ok(reach) if reach.people > 0 && reach.may_open == 0 => {}
        // What cannot be planned is said where it is planned.
        Ok(_) | Err(Refused::NotFound | Refused::NotForYou) => return Ok(None),
        Err(error) => return Err(error.into()),
    }
    let Some(group) = new.group else { return Ok(Some("Nobody".to_owned())) };
    let scope = Scope::of(reader, Right::Assign, engine.now()).ok_or(Fail::NotForYou)?;
    let groups = engine.groups_in(&scope).await?;
    let name = groups.into_iter().find(|one| one.id == group).map(|one| one.name);
    Ok(Some(name.map_or_else(|| "Nobody".to_owned(), |name| format!("Nobody in {name}"))))
}

/// What was done, as the address says it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Was {
    done: String,
}

/// `GET /workshops/ID`
pub(crate) async fn show(visit: Visit, Path(id): Path<WorkshopId>, Query(was): Query<Was>) -> Result<Response, Fail> {
    page(&visit, StatusCode::OK, id, WorkshopDone::parse(&was.done), &Faults::default()).await
}

async fn page(
    visit: &Visit,
    status: StatusCode,
    id: WorkshopId,
    done: Option<WorkshopDone>,
    faults: &Faults,
) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let reader = &visit.reader()?.person;
    let led = engine.workshop(reader, id).await?;
    let reach = match done {
        Some(WorkshopDone::Planned) => {
            match engine.module_reach(reader, &led.workshop.module, led.workshop.group).await {
                Ok(reach) => Some(reach),
                Err(Refused::NotFound | Refused::NotForYou) => None,
                Err(error) => return Err(error.into()),
            }
        }
        Some(WorkshopDone::SignedIn | WorkshopDone::Confirmed | WorkshopDone::CalledOff) | None => None,
    };
    let expected = match engine.expected_at(reader, id, Among::Named("")).await {
        Ok(expected) => Some(expected),
        Err(Refused::NotFound | Refused::NotForYou) => None,
        Err(error) => return Err(error.into()),
    };
    let said = (reach, expected.as_ref());
    Ok(visit.html_with(status, pages::workshop(&visit.frame(), &led, said, done, faults, engine.now())))
}

/// `POST /workshops/ID`: says who was there, or calls it off.
pub(crate) async fn act(
    visit: Visit,
    Path(id): Path<WorkshopId>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let reader = &visit.reader()?.person;
    let asked = fields.iter().find(|(field, _)| field == "do").map_or("", |(_, value)| value.as_str());
    let outcome: Result<(), String> = match WorkshopDone::parse(asked) {
        Some(WorkshopDone::CalledOff) => match engine.call_off_workshop(reader, id).await {
            Ok(()) => Ok(()),
            Err(CallOffError::Internal(error)) => return Err(error.into()),
            Err(CallOffError::NotTheirs) => return Err(Fail::NotFound),
            Err(error) => Err(error.to_string()),
        },
        Some(WorkshopDone::Confirmed) => {
            let people = chosen(&fields).ok_or(Fail::NotUnderstood)?;
            match engine.confirm_workshop(reader, id, &people).await {
                Ok(_) => Ok(()),
                Err(ConfirmError::Refused(error) | ConfirmError::NotLed(NotLed::Refused(error))) => {
                    return Err(error.into());
                }
                Err(ConfirmError::NotLed(NotLed::NotTheirs)) => return Err(Fail::NotFound),
                Err(error) => Err(error.to_string()),
            }
        }
        Some(WorkshopDone::Planned | WorkshopDone::SignedIn) | None => {
            Err("choose one of the buttons below".to_owned())
        }
    };
    match outcome {
        Ok(()) => Ok(Redirect::to(&format!("/workshops/{id}?done={asked}")).into_response()),
        Err(words) => {
            let mut faults = Faults::default();
            faults.add("workshop", sentence(&words));
            page(&visit, StatusCode::UNPROCESSABLE_ENTITY, id, None, &faults).await
        }
    }
}

/// Who was ticked. `None`: something else stands there.
fn chosen(fields: &[(String, String)]) -> Option<Vec<PersonId>> {
    fields.iter().filter(|(field, _)| field == "person").map(|(_, id)| PersonId::parse(id)).collect()
}

/// `GET /workshops/ID/sign-in`: those whom whoever leads it may sign in; or, where some of them are ticked, these once more by name.
pub(crate) async fn ask_sign_in_for(
    visit: Visit,
    Path(id): Path<WorkshopId>,
    Query(pairs): Pairs,
) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let reader = &visit.reader()?.person;
    let people = chosen(&pairs).ok_or(Fail::NotUnderstood)?;
    let find = pairs.iter().find(|(field, _)| field == "find").map_or("", |(_, find)| find.trim());
    let ticked = engine.expected_at(reader, id, Among::These(&people)).await?;
    // Whoever was ticked may have signed in meanwhile.
    let is_chosen = !ticked.people.is_empty();
    let expected = if is_chosen { ticked } else { engine.expected_at(reader, id, Among::Named(find)).await? };
    let view = SignInForView { expected, is_chosen, find: find.to_owned() };
    Ok(visit.html(pages::sign_in_for(&visit.frame(), &view)))
}

/// `POST /workshops/ID/sign-in`: whoever leads it signs people in who cannot type its code.
pub(crate) async fn sign_in_for(
    visit: Visit,
    Path(id): Path<WorkshopId>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Fail> {
    let people = chosen(&fields).ok_or(Fail::NotUnderstood)?;
    match visit.state.engine.sign_in_for(&visit.reader()?.person, id, &people).await {
        Ok(_) => {
            let done = WorkshopDone::SignedIn.code();
            Ok(Redirect::to(&format!("/workshops/{id}?done={done}")).into_response())
        }
        Err(SignInForError::Refused(error) | SignInForError::NotLed(NotLed::Refused(error))) => Err(error.into()),
        Err(SignInForError::NotLed(NotLed::NotTheirs)) => Err(Fail::NotFound),
        Err(error) => {
            let mut faults = Faults::default();
            faults.add("workshop", sentence(&error.to_string()));
            page(&visit, StatusCode::UNPROCESSABLE_ENTITY, id, None, &faults).await
        }
    }
}
