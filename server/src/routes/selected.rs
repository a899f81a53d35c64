//! What is done to people who were ticked in the matrix: a page that says what will happen, and to how many; the deed; and a page that says
//! what was done, from which it can be taken back.

use std::collections::BTreeSet;

use app::pages::{
    Chosen, ChosenPeople, MatrixView, Typed, all_done_together, done_together, selected, text_words, typed_day,
};
use axum::{
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use chrono::{Days, NaiveDate};
use engine::{
    DidTogether, ExemptError, ExemptSeveral, MOST_TOGETHER, PersonId, Refused, RemindPlan, SaveViewError, SavedViewId,
    Thing, TogetherError, TogetherId, WrittenFor, local_date,
};
use model::{AgreementSlug, ModuleSlug, ProgrammeSlug};

use super::{
    assignments::day_words,
    matrix::{Pairs, of_everybody, page, repeats, seen, shown},
};
use crate::{
    compress::Repeats,
    door::{Fail, Form, Path, Query, Visit},
};

/// A form, field by field.
type Fields = Form<Vec<(String, String)>>;

/// `GET /matrix/selected`: what will be done to the people who were ticked. `do` says what, and the rest is an address of the matrix.
pub(crate) async fn show(visit: Visit, Query(pairs): Pairs) -> Result<Response, Fail> {
    let act = Chosen::parse(field(&pairs, "do")).unwrap_or(Chosen::Assign);
    let view = MatrixView::read(&pairs);
    // Nothing is done to others than were asked for.
    if !view.left_out.is_empty() {
        return page(&visit, view).await;
    }
    let is_all = field(&pairs, "all") == "yes";
    let (seen, _) = seen(&visit, of_everybody(view.clone())).await?;
    let people: Vec<PersonId> = if view.query.people.is_empty() && !is_all {
        Vec::new()
    } else {
        seen.rows(0..seen.listed()).map(|row| row.id).collect()
    };
    let chosen = chosen(&visit, act, &people).await?;
    let mut response = visit.html(selected(&visit.frame(), act, &chosen, &view, &Typed::default()));
    if repeats(&seen, &view) {
        response.extensions_mut().insert(Repeats);
    }
    Ok(response)
}

/// Who of these can be chosen, and what for.
async fn chosen(visit: &Visit, act: Chosen, people: &[PersonId]) -> Result<ChosenPeople, Fail> {
    let engine = &visit.state.engine;
    let reader = &visit.reader()?.person;
    let found = engine.may_organise(reader, people).await?;
    let catalogue = engine.catalogue();
    let programmes = catalogue.programmes.iter().map(|programme| (programme.slug.clone(), programme.title.clone()));
    let modules = catalogue.modules.iter();
    let modules = modules.map(|(slug, module)| (Thing::Module(slug.clone()), module.title.clone()));
    let agreements = catalogue.agreements.iter();
    let agreements = agreements.map(|(slug, agreement)| (Thing::Agreement(slug.clone()), agreement.title.clone()));
    let mut things: Vec<_> = modules.chain(agreements).collect();
    things.sort_by(|(_, one), (_, other)| one.cmp(other));
    let stuck = if act == Chosen::GiveAttempts { engine.stuck_among(reader, people).await? } else { Vec::new() };
    let remind = if act == Chosen::Remind { engine.remind_plan(reader, people).await? } else { RemindPlan::default() };
    Ok(ChosenPeople {
        remind,
        left_out: people.len() - found.len(),
        people: found,
        programmes: programmes.collect(),
        things,
        stuck,
        today: local_date(engine.now()),
    })
}

/// `POST /matrix/assign`: gives a programme to several people. Where it is not written for all of them, or some would be late at once, the form comes
/// back once and says so.
pub(crate) async fn assign(visit: Visit, Form(fields): Fields) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let mut typed = typed(&fields);
    let programme = ProgrammeSlug::new(&*typed.what).ok();
    let from = day(&mut typed, "from");
    if programme.is_none() {
        typed.faults.push(("what", "Choose a programme".to_owned()));
    }
    if let (Some(programme), Some(from), true) = (programme, from, typed.faults.is_empty()) {
        let (reader, people) = (&visit.reader()?.person, people(&fields));
        (typed.written, typed.late) = match engine.before_giving(reader, &programme, &people, from).await {
            // Of one that is no longer published the deed says so.
            Err(Refused::NotFound) => Default::default(),
            told => told?,
        };
        let is_new = field(&fields, "told") != programme.as_str();
        let is_late_anew = is_new || field(&fields, "late") != from.to_string();
        if is_new && !typed.written.others.is_empty() || is_late_anew && typed.late.is_some() {
            return again(&visit, Chosen::Assign, &fields, typed).await;
        }
        let did = engine.assign_several(reader, &programme, &people, from).await;
        return after(&visit, Chosen::Assign, &fields, typed, did).await;
    }
    again(&visit, Chosen::Assign, &fields, typed).await
}

/// `POST /matrix/exempt`: excuses several people.
pub(crate) async fn exempt(visit: Visit, Form(fields): Fields) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let mut typed = typed(&fields);
    let thing = thing(&typed.what);
    if thing.is_none() {
        typed.faults.push(("what", "Choose what they are excused from".to_owned()));
    }
    let from = day(&mut typed, "from");
    let until = if typed.until.is_empty() { None } else { day(&mut typed, "until") };
    let given_before = until.and_then(|last| last.checked_add_days(Days::new(1)));
    for fault in engine.faults_of_exemption(&typed.reason, from, given_before) {
        typed.faults.extend(exempt_fault(&fault));
    }
    if let (Some(thing), Some(begins_on), true) = (thing, from, typed.faults.is_empty()) {
        let reason = typed.reason.clone();
        let new = ExemptSeveral { people: people(&fields), thing, reason, begins_on, given_before };
        let did = engine.exempt_several(&visit.reader()?.person, new).await;
        return after(&visit, Chosen::Exempt, &fields, typed, did).await;
    }
    again(&visit, Chosen::Exempt, &fields, typed).await
}

/// Where on the form an error belongs that can be seen in what was typed, in words. `None`: it belongs to no field.
fn exempt_fault(fault: &ExemptError) -> Option<(&'static str, String)> {
    match fault {
        ExemptError::Reason(fault) => Some(("reason", text_words(*fault, "Write why they are excused"))),
        ExemptError::NoTime => Some(("until", "The last day must not lie before the first".to_owned())),
        ExemptError::Day(fault) => Some(("from", day_words(*fault))),
        ExemptError::NoSuchPerson
        | ExemptError::NotTheirs
        | ExemptError::Oneself
        | ExemptError::NoSuchExemption
        | ExemptError::Internal(_) => None,
    }
}

/// `POST /matrix/attempts`: gives attempts to those of several people who wait for them.
pub(crate) async fn give_attempts(visit: Visit, Form(fields): Fields) -> Result<Response, Fail> {
    let did = visit.state.engine.allow_several(&visit.reader()?.person, &people(&fields)).await;
    after(&visit, Chosen::GiveAttempts, &fields, Typed::default(), did).await
}

/// `POST /matrix/remind`: writes to those of several people of whom something is wanted.
pub(crate) async fn remind(visit: Visit, Form(fields): Fields) -> Result<Response, Fail> {
    let did = visit.state.engine.remind_several(&visit.reader()?.person, &people(&fields)).await;
    after(&visit, Chosen::Remind, &fields, Typed::default(), did).await
}

/// `GET /matrix/done`: what was done to several people at once, the latest first. `page` is counted from 1.
pub(crate) async fn all_done(visit: Visit, Query(pairs): Pairs) -> Result<Response, Fail> {
    let page = field(&pairs, "page").parse::<u32>().unwrap_or(1).saturating_sub(1);
    let done = visit.state.engine.all_done_together(&visit.reader()?.person, page).await?;
    Ok(visit.html(all_done_together(&visit.frame(), &done)))
}

/// `GET /matrix/done/ID`: what was done to several people at once.
pub(crate) async fn done(visit: Visit, Path(id): Path<TogetherId>) -> Result<Response, Fail> {
    let done = visit.state.engine.done_together(&visit.reader()?.person, id).await?;
    Ok(visit.html(done_together(&visit.frame(), &done)))
}

/// `POST /matrix/done/ID/undo`: takes it back.
pub(crate) async fn undo(visit: Visit, Path(id): Path<TogetherId>) -> Result<Response, Fail> {
    match visit.state.engine.undo_together(&visit.reader()?.person, id).await {
        // Where there is nothing left to take back, the page says so.
        Ok(_) | Err(TogetherError::Nobody) => Ok(Redirect::to(&format!("/matrix/done/{id}")).into_response()),
        Err(TogetherError::Internal(error)) => Err(error.into()),
        Err(_) => Err(Fail::NotFound),
    }
}

/// `POST /matrix/views`: keeps a view.
pub(crate) async fn save_view(visit: Visit, Form(fields): Fields) -> Result<Response, Fail> {
    let view = view_of(&fields);
    let name = field(&fields, "name");
    let query = view.query_text();
    let words = match visit.state.engine.save_view(&visit.reader()?.person, name, &query).await {
        Ok(_) => return Ok(to_views(&query)),
        Err(SaveViewError::Internal(error)) => return Err(error.into()),
        Err(SaveViewError::Name(fault)) => text_words(fault, "Type a name for the view"),
        Err(SaveViewError::TooMany) => "You keep 50 views already. Delete one that you no longer need".to_owned(),
        Err(SaveViewError::TooLong) => "This view names too many people to be kept".to_owned(),
    };
    shown(&visit, view, Some((name.to_owned(), words)), StatusCode::UNPROCESSABLE_ENTITY).await
}

/// `POST /matrix/views/ID/delete`: deletes a view.
pub(crate) async fn delete_view(
    visit: Visit,
    Path(id): Path<SavedViewId>,
    Form(fields): Fields,
) -> Result<Response, Fail> {
    // One that is gone, or was never theirs, is not there afterwards.
    visit.state.engine.delete_view(&visit.reader()?.person, id).await?;
    Ok(to_views(&view_of(&fields).query_text()))
}

/// The matrix with the views open.
fn to_views(query: &str) -> Response {
    let and = if query.is_empty() { "" } else { "&" };
    Redirect::to(&format!("/matrix?{query}{and}views=open")).into_response()
}

fn field<'f>(fields: &'f [(String, String)], wanted: &str) -> &'f str {
    fields.iter().find(|(name, _)| name == wanted).map_or("", |(_, value)| value.as_str())
}

fn people(fields: &[(String, String)]) -> Vec<PersonId> {
    let people = fields.iter().filter(|(name, _)| name == "person").filter_map(|(_, value)| PersonId::parse(value));
    // Each once; one more than may be, so that they are found to be too many.
    let mut seen = BTreeSet::new();
    people.filter(|person| seen.insert(*person)).take(MOST_TOGETHER + 1).collect()
}

/// The view from which a form came.
fn view_of(fields: &[(String, String)]) -> MatrixView {
    let query = field(fields, "query");
    MatrixView::read(&serde_html_form::from_str::<Vec<(String, String)>>(query).unwrap_or_default())
}

fn typed(fields: &[(String, String)]) -> Typed {
    let field = |name| field(fields, name).trim().to_owned();
    Typed {
        what: field("what"),
        from: field("from"),
        until: field("until"),
        reason: field("reason"),
        written: WrittenFor::default(),
        late: None,
        faults: Vec::new(),
    }
}

/// Reads a day that was typed; what is none is a fault.
fn day(typed: &mut Typed, place: &'static str) -> Option<NaiveDate> {
    let (text, label) = if place == "from" { (&typed.from, "From") } else { (&typed.until, "Last day") };
    let day = typed_day(text, label, "Choose the day from which on it holds");
    day.map_err(|words| typed.faults.push((place, words))).ok()
}

fn thing(code: &str) -> Option<Thing> {
    match code.split_once('.')? {
        ("module", slug) => ModuleSlug::new(slug).ok().map(Thing::Module),
        ("agreement", slug) => AgreementSlug::new(slug).ok().map(Thing::Agreement),
        _ => None,
    }
}

/// On to the page that says what was done, or back to the form with what is wrong.
async fn after(
    visit: &Visit,
    act: Chosen,
    fields: &[(String, String)],
    mut typed: Typed,
    did: Result<DidTogether, TogetherError>,
) -> Result<Response, Fail> {
    let (place, words) = match did {
        Ok(did) => return Ok(Redirect::to(&format!("/matrix/done/{}", did.id)).into_response()),
        Err(TogetherError::Internal(error)) => return Err(error.into()),
        // The page says why nobody would be written to.
        Err(TogetherError::Nobody) if act == Chosen::Remind => return again(visit, act, fields, typed).await,
        Err(TogetherError::NotForYou | TogetherError::TooMany) => return again(visit, act, fields, typed).await,
        Err(TogetherError::Nobody) => ("what", "All of these people have it already, so nothing was done".to_owned()),
        Err(TogetherError::NoSuchThing) => ("what", "This is no longer published. Choose another".to_owned()),
        Err(TogetherError::Reason(fault)) => ("reason", text_words(fault, "Write why they are excused")),
        Err(TogetherError::NoTime) => ("until", "The last day must not lie before the first".to_owned()),
        Err(TogetherError::Day(fault)) => ("from", day_words(fault)),
    };
    typed.faults.push((place, words));
    again(visit, act, fields, typed).await
}

/// The page once more, with everything that was typed and what is wrong with it.
async fn again(visit: &Visit, act: Chosen, fields: &[(String, String)], typed: Typed) -> Result<Response, Fail> {
    let chosen = chosen(visit, act, &people(fields)).await?;
    let page = selected(&visit.frame(), act, &chosen, &view_of(fields), &typed);
    Ok(visit.html_with(StatusCode::UNPROCESSABLE_ENTITY, page))
}
