use app::pages::{self, AssignmentForm, ExcuseForm, Excused, read_to, text_words, typed_day};
use axum::{
    extract::RawQuery,
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use chrono::NaiveDate;
use engine::{
    AssignError, AssignedTo, AssignmentId, Assignments, DayFault, ExemptError, ExemptionId, ListedAssignment,
    NewExemption, PersonId, Thing, local_date,
};
use model::{AgreementSlug, ModuleSlug, ProgrammeSlug};
use serde::Deserialize;

use crate::door::{Fail, Form, Path, Query, Visit};

/// What addresses and forms say of a programme that somebody gives.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    programme: String,
    to: String,
    from: String,
    /// The assignment that was given or ended a moment ago.
    given: String,
    ended: String,
}

/// What a form says that can be understood.
struct Meant {
    programme: ProgrammeSlug,
    to: AssignedTo,
    from: NaiveDate,
}

impl Asked {
    /// What it says, or what is wrong with it, with the id of each field.
    fn read(&self) -> Result<Meant, Vec<(&'static str, String)>> {
        let programme = ProgrammeSlug::new(self.programme.clone()).ok();
        let to = read_to(&self.to);
        let from = typed_day(&self.from, "From", "Say from which day on it is asked");
        if let (Some(programme), Some(to), Ok(from)) = (&programme, &to, &from) {
            return Ok(Meant { programme: programme.clone(), to: to.clone(), from: *from });
        }
        let mut faults = Vec::new();
        if programme.is_none() {
            faults.push(("programme", "Choose a programme".to_owned()));
        }
        if to.is_none() {
            faults.push(("to", "Choose who is to do it".to_owned()));
        }
        if let Err(words) = from {
            faults.push(("from", words));
        }
        Err(faults)
    }

    fn form(self, faults: Vec<(&'static str, String)>) -> AssignmentForm {
        AssignmentForm { programme: self.programme, to: self.to, to_person: None, from: self.from, faults }
    }
}

/// `GET /assignments`: which programme is asked of whom, and the way to give one.
pub(crate) async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Fail> {
    listed(&visit, StatusCode::OK, asked, Vec::new()).await
}

async fn listed(
    visit: &Visit,
    status: StatusCode,
    asked: Asked,
    faults: Vec<(&'static str, String)>,
) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let reader = &visit.reader()?.person;
    let found = engine.assignments(reader).await?;
    let done = said_done(&found, &asked);
    let mut form = asked.form(faults);
    if let Some(AssignedTo::Person(person)) = read_to(&form.to) {
        let (name, ..) = engine.exemptions_of(reader, person).await?;
        form.to_person = Some(name);
    }
    let today = local_date(engine.now());
    Ok(visit.html_with(status, pages::assignments(&visit.frame(), &found, &form, done.as_deref(), today)))
}

fn said_done(found: &Assignments, asked: &Asked) -> Option<String> {
    let of = |id: &str| {
        let id = AssignmentId::parse(id)?;
        found.open.iter().chain(&found.ended).find(|listed| listed.id == id)
    };
    let day = |day: NaiveDate| day.format("%-d %B %Y").to_string();
    if let Some(given) = of(&asked.given) {
        let reaches = match (&given.to, given.people) {
            (AssignedTo::Person(_), _) => String::new(),
            (_, 1) => " It reaches 1 person.".to_owned(),
            (_, people) => format!(" It reaches {people} people."),
        };
        return Some(format!(
            "“{}” is asked of {} from {} on.{reaches}",
            given.title,
            given.to_name,
            day(given.begins_on)
        ));
    }
    let ended = of(&asked.ended)?;
    Some(format!("“{}” is asked of {} no more from {} on.", ended.title, ended.to_name, day(ended.ends_before?)))
}

/// `GET /assignments/new`: whom a programme would reach. Nothing is given yet. Where nothing is asked, it is the form.
pub(crate) async fn preview(
    visit: Visit,
    RawQuery(query): RawQuery,
    Query(asked): Query<Asked>,
) -> Result<Response, Fail> {
    if query.is_none_or(|query| query.is_empty()) {
        return listed(&visit, StatusCode::OK, asked, Vec::new()).await;
    }
    match asked.read() {
        Ok(meant) => previewed(&visit, StatusCode::OK, meant, None).await,
        Err(faults) => listed(&visit, StatusCode::UNPROCESSABLE_ENTITY, asked, faults).await,
    }
}

async fn previewed(visit: &Visit, status: StatusCode, meant: Meant, fault: Option<String>) -> Result<Response, Fail> {
    let Meant { programme, to, from } = meant;
    let reach = visit.state.engine.assignment_reach(&visit.reader()?.person, &programme, to, from).await?;
    Ok(visit.html_with(status, pages::assignment_preview(&visit.frame(), &reach, fault)))
}

/// `POST /assignments`: gives a programme.
pub(crate) async fn give(visit: Visit, Form(asked): Form<Asked>) -> Result<Response, Fail> {
    let meant = match asked.read() {
        Ok(meant) => meant,
        Err(faults) => return listed(&visit, StatusCode::UNPROCESSABLE_ENTITY, asked, faults).await,
    };
    let Meant { programme, to, from } = &meant;
    let given = visit.state.engine.assign_as(&visit.reader()?.person, programme, to.clone(), *from).await;
    let fault = match given {
        Ok(id) => return Ok(Redirect::to(&format!("/assignments?given={id}")).into_response()),
        Err(AssignError::NotTheirs | AssignError::Oneself) => return Err(Fail::NotForYou),
        Err(AssignError::NoSuchGroup | AssignError::NoSuchPerson | AssignError::NoSuchProgramme) => {
            return Err(Fail::NotFound);
        }
        Err(AssignError::Internal(error)) => return Err(error.into()),
        Err(AssignError::Day(fault)) => {
            let faults = vec![("from", day_words(fault))];
            return listed(&visit, StatusCode::UNPROCESSABLE_ENTITY, asked, faults).await;
        }
        Err(AssignError::Already { begins_on }) => {
            format!("They have been given it already, from {} on.", begins_on.format("%-d %B %Y"))
        }
        Err(error @ (AssignError::UnknownAudience(_) | AssignError::NoSuchAssignment)) => error.to_string(),
    };
    previewed(&visit, StatusCode::UNPROCESSABLE_ENTITY, meant, Some(fault)).await
}

/// Why a day cannot be used, and what to do.
pub(super) fn day_words(fault: DayFault) -> String {
    match fault {
        DayFault::FarOff(_) => "Choose a day that can be meant: not more than 100 years back or 10 ahead".to_owned(),
        DayFault::BeforeItBegins { begins_on } => {
            format!("Choose {} or a later day: it begins then", begins_on.format("%-d %B %Y"))
        }
    }
}

/// `GET /assignments/ID/end`: asks whether it is to end.
pub(crate) async fn ask_to_end(visit: Visit, Path(id): Path<AssignmentId>) -> Result<Response, Fail> {
    let listed = find(&visit, id).await?;
    let today = local_date(visit.state.engine.now());
    Ok(visit.html(pages::end_assignment(&visit.frame(), &listed, "", None, today)))
}

/// An assignment that the reader may end.
async fn find(visit: &Visit, id: AssignmentId) -> Result<ListedAssignment, Fail> {
    let found = visit.state.engine.assignments(&visit.reader()?.person).await?;
    found.open.into_iter().find(|listed| listed.id == id && listed.may_end).ok_or(Fail::NotFound)
}

/// On which day something ends.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Ending {
    on: String,
}

/// `POST /assignments/ID/end`: ends it.
pub(crate) async fn end(
    visit: Visit,
    Path(id): Path<AssignmentId>,
    Form(ending): Form<Ending>,
) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let today = local_date(engine.now());
    let fault = match typed_day(&ending.on, "From", "Say from which day on it is asked no more") {
        Err(words) => words,
        Ok(on) => match engine.end_assignment_as(&visit.reader()?.person, id, on).await {
            Ok(()) => return Ok(Redirect::to(&format!("/assignments?ended={id}")).into_response()),
            Err(AssignError::Day(fault)) => day_words(fault),
            Err(AssignError::Internal(error)) => return Err(error.into()),
            Err(AssignError::Oneself) => return Err(Fail::NotForYou),
            Err(_) => return Err(Fail::NotFound),
        },
    };
    let listed = find(&visit, id).await?;
    let page = pages::end_assignment(&visit.frame(), &listed, &ending.on, Some(fault), today);
    Ok(visit.html_with(StatusCode::UNPROCESSABLE_ENTITY, page))
}

/// What a form says of an exemption.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Excusing {
    from_what: String,
    reason: String,
    from: String,
    until: String,
}

/// `GET /people/ID/exemptions`: from what somebody is excused, and the form to excuse them from more.
pub(crate) async fn show_excuse(visit: Visit, Path(person): Path<PersonId>) -> Result<Response, Fail> {
    excusing(&visit, StatusCode::OK, person, ExcuseForm::default()).await
}

async fn excusing(visit: &Visit, status: StatusCode, person: PersonId, form: ExcuseForm) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let (name, exemptions, things) = engine.exemptions_of(&visit.reader()?.person, person).await?;
    let who = Excused { person, name, exemptions, things };
    Ok(visit.html_with(status, pages::excuse(&visit.frame(), &who, &form, local_date(engine.now()))))
}

/// `POST /people/ID/exemptions`: excuses somebody.
pub(crate) async fn excuse(
    visit: Visit,
    Path(person): Path<PersonId>,
    Form(sent): Form<Excusing>,
) -> Result<Response, Fail> {
    let thing = thing(&sent.from_what);
    let engine = &visit.state.engine;
    let mut faults = Vec::new();
    if thing.is_none() {
        faults.push(("from-what", "Choose what they are excused from".to_owned()));
    }
    let first = typed_day(&sent.from, "First day", "Say from which day on they are excused");
    let first = first.map_err(|words| faults.push(("first", words))).ok();
    let last = match sent.until.trim() {
        "" => None,
        until => typed_day(until, "Last day", "").map_err(|words| faults.push(("last", words))).ok(),
    };
    let given_before = last.and_then(|last| last.succ_opt());
    faults.extend(engine.faults_of_exemption(&sent.reason, first, given_before).into_iter().filter_map(excuse_fault));
    if let (Some(thing), Some(begins_on), true) = (thing, first, faults.is_empty()) {
        let new = NewExemption { person, thing, reason: sent.reason.clone(), begins_on, given_before };
        match engine.exempt_as(&visit.reader()?.person, new).await {
            Ok(_) => return Ok(Redirect::to(&format!("/people/{person}/exemptions")).into_response()),
            Err(ExemptError::Internal(error)) => return Err(error.into()),
            Err(ExemptError::NotTheirs | ExemptError::NoSuchPerson | ExemptError::NoSuchExemption) => {
                return Err(Fail::NotFound);
            }
            Err(ExemptError::Oneself) => return Err(Fail::NotForYou),
            Err(error) => faults.extend(excuse_fault(error)),
        }
    }
    let Excusing { from_what, reason, from, until } = sent;
    let form = ExcuseForm { from_what, reason, from, until, faults };
    excusing(&visit, StatusCode::UNPROCESSABLE_ENTITY, person, form).await
}

/// Where on the form an error belongs that can be seen in what was typed, in words. `None`: it belongs to no field.
fn excuse_fault(error: ExemptError) -> Option<(&'static str, String)> {
    match error {
        ExemptError::Reason(fault) => Some(("reason", text_words(fault, "Say why"))),
        ExemptError::NoTime => Some(("last", "Choose the first day or a later one".to_owned())),
        ExemptError::Day(fault) => Some(("first", day_words(fault))),
        ExemptError::NotTheirs
        | ExemptError::NoSuchPerson
        | ExemptError::NoSuchExemption
        | ExemptError::Oneself
        | ExemptError::Internal(_) => None,
    }
}

fn thing(text: &str) -> Option<Thing> {
    let (kind, slug) = text.split_once('/')?;
    match kind {
        "module" => ModuleSlug::new(slug).ok().map(Thing::Module),
        "agreement" => AgreementSlug::new(slug).ok().map(Thing::Agreement),
        _ => None,
    }
}

/// `POST /people/ID/exemptions/ID/end`: ends an exemption today.
pub(crate) async fn end_excuse(
    visit: Visit,
    Path((person, id)): Path<(PersonId, ExemptionId)>,
) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let reader = &visit.reader()?.person;
    let (_, exemptions, _) = engine.exemptions_of(reader, person).await?;
    let found = exemptions.iter().find(|one| one.id == id).ok_or(Fail::NotFound)?;
    // One that is to begin is taken back from its beginning.
    let on = local_date(engine.now()).max(found.begins_on);
    match engine.end_exemption_as(reader, id, on).await {
        Ok(()) => Ok(Redirect::to(&format!("/people/{person}/exemptions")).into_response()),
        Err(ExemptError::Internal(error)) => Err(error.into()),
        Err(ExemptError::Oneself) => Err(Fail::NotForYou),
        Err(_) => Err(Fail::NotFound),
    }
}
