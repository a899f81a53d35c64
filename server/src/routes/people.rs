use app::pages::{
    ChangeFault, Done as _, EVERYBODY, Faults, NewPersonForm, PeopleView, PersonChanged, change_person, new_person,
    people, ways_in,
};
use axum::{
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use chrono::NaiveDate;
use engine::{
    Actor, AddPersonError, AudienceError, Duty, DutyError, GroupId, MembershipError, NewPerson, PersonDetails,
    PersonId, RemoveFactorError, Right, Role, Scope, StayError, WayInError, WhichPeople, catalogue::Audience,
    local_date,
};
use serde::{Deserialize, Serialize};

use super::account::weak_words;
use crate::{
    compress::Repeats,
    door::{Fail, Form, Path, Query, Visit},
};

/// Which people are wanted, as addresses and forms say it.
#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct Wanted {
    name: String,
    group: String,
    left: String,
    after: String,
}

/// `GET /people`: the people whom the reader may see, looked for by what they know of them.
pub(crate) async fn list(visit: Visit, Query(wanted): Query<Wanted>) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let reader = &visit.reader()?.person;
    let sees_left = sees_everybody(&visit)?;
    let which = WhichPeople {
        text: wanted.name.chars().take(100).collect(),
        group: GroupId::parse(&wanted.group),
        also_left: sees_left && wanted.left == "yes",
    };
    let after = PersonId::parse(&wanted.after);
    let found = engine.find_people(reader, &which, after).await?;
    let tree = engine.group_tree(reader).await?;
    let next = found.next.map(|last| {
        let asked = Wanted { after: last.to_string(), ..wanted.clone() };
        let whole = serde_html_form::to_string(&asked).unwrap_or_default();
        let asks: Vec<&str> = whole.split('&').filter(|pair| !pair.ends_with('=')).collect();
        asks.join("&")
    });
    let repeats = !which.text.is_empty();
    let view = PeopleView {
        is_first: after.is_none(),
        which,
        found,
        groups: tree.groups,
        may_change: tree.may_change,
        sees_left,
        next,
        said: None,
        today: local_date(engine.now()),
    };
    let mut response = visit.html(people(&visit.frame(), &view));
    if repeats {
        response.extensions_mut().insert(Repeats);
    }
    Ok(response)
}

fn sees_everybody(visit: &Visit) -> Result<bool, Fail> {
    let reader = &visit.reader()?.person;
    let held = |duty: &Duty| duty.over.is_none() && Right::See.roles().contains(&duty.role);
    Ok(reader.duties.iter().any(held))
}

/// Somebody to be added, as the form sends them.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Newcomer {
    name: String,
    email: String,
    external_id: String,
    audience: String,
    group: String,
    start: String,
}

/// `GET /people/new`
pub(crate) async fn show_new(visit: Visit) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let start = local_date(engine.now()).to_string();
    new_form(&visit, StatusCode::OK, NewPersonForm { start, ..NewPersonForm::default() }).await
}

/// `POST /people/new`: adds somebody, who then chooses their own password.
pub(crate) async fn add(visit: Visit, Form(form): Form<Newcomer>) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let reader = &visit.reader()?.person;
    let mut faults = Faults::default();
    let start = form.start.trim().parse::<NaiveDate>();
    if start.is_err() {
        faults.add("start", "Choose the day on which they begin");
    }
    let audience = Audience::new(form.audience.as_str());
    if audience.is_err() {
        faults.add("audience", "Choose as whom they are here");
    }
    if let (Ok(start_date), Ok(audience)) = (start, audience) {
        let external_id = Some(form.external_id.clone()).filter(|id| !id.trim().is_empty());
        let new = NewPerson {
            name: form.name.clone(),
            email: form.email.clone(),
            external_id,
            password: None,
            start_date,
            duties: Vec::new(),
            audiences: vec![audience],
            member_of: GroupId::parse(&form.group).into_iter().collect(),
        };
        match engine.add_person(new, Actor::Person(reader.id)).await {
            Ok(id) => {
                let done = PersonChanged::Added.code();
                return Ok(Redirect::to(&format!("/people/{id}/change?done={done}")).into_response());
            }
            Err(AddPersonError::Internal(error)) => return Err(error.into()),
            Err(error) => add_fault(&mut faults, &error),
        }
    }
    let Newcomer { name, email, external_id, audience, group, start } = form;
    let again = NewPersonForm { name, email, external_id, audience, group, start, faults };
    new_form(&visit, StatusCode::UNPROCESSABLE_ENTITY, again).await
}

/// Where on a form of somebody's name and address an error belongs, in words.
pub(super) fn add_fault(faults: &mut Faults, error: &AddPersonError) {
    let (place, words) = match error {
        AddPersonError::Name(_) => ("name", "Type their name, with letters that can be seen".to_owned()),
        AddPersonError::Email => ("email", "Type an email address, such as amy@northfield.example".to_owned()),
        AddPersonError::EmailTaken => {
            ("email", "Somebody has that email address already, perhaps somebody who has left".to_owned())
        }
        AddPersonError::ExternalId(_) => {
            ("external_id", "Type the id with letters or digits that can be seen".to_owned())
        }
        AddPersonError::ExternalIdTaken => ("external_id", "Somebody has that id already".to_owned()),
        AddPersonError::StartDate(_) => ("start", "Choose a day within the last 100 years or the next 10".to_owned()),
        AddPersonError::NoSuchGroup => ("group", "This group has ended: choose another".to_owned()),
        AddPersonError::NotTheirs => ("group", "Choose a group that you look after as an administrator".to_owned()),
        AddPersonError::Weak(weak) => ("password", weak_words(*weak)),
        AddPersonError::NoRole | AddPersonError::UnknownAudience(_) => {
            ("audience", "Choose as whom they are here".to_owned())
        }
        AddPersonError::Password(_) => {
            ("password", "Many people are signing in just now. Wait a moment, then send it again".to_owned())
        }
        AddPersonError::Internal(_) => return,
    };
    faults.add(place, words);
}

async fn new_form(visit: &Visit, status: StatusCode, form: NewPersonForm) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let tree = engine.group_tree(&visit.reader()?.person).await?;
    let audiences = engine.catalogue().organisation.audiences.clone();
    Ok(visit.html_with(status, new_person(&visit.frame(), &form, &tree.groups, &audiences)))
}

/// What was done, as the address says it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Done {
    done: String,
}

/// `GET /people/ID/change`: what is recorded of somebody, and the forms that change it.
pub(crate) async fn show_change(
    visit: Visit,
    Path(id): Path<PersonId>,
    Query(done): Query<Done>,
) -> Result<Response, Fail> {
    let changed = PersonChanged::parse(&done.done);
    change_form(&visit, StatusCode::OK, id, changed, &ChangeFault::default()).await
}

async fn change_form(
    visit: &Visit,
    status: StatusCode,
    id: PersonId,
    changed: Option<PersonChanged>,
    fault: &ChangeFault,
) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let reader = &visit.reader()?.person;
    let about = engine.about_person(reader, id).await?;
    let tree = engine.group_tree(reader).await?;
    let today = local_date(engine.now());
    let catalogue = engine.catalogue();
    let page = change_person(&visit.frame(), &about, &tree.groups, &catalogue.organisation, changed, fault, today);
    Ok(visit.html_with(status, page))
}

/// A change of somebody, as one of the forms sends it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct ChangeForm {
    r#do: String,
    name: String,
    email: String,
    external_id: String,
    audience: String,
    group: String,
    role: String,
    over: String,
    /// The day, under the name that it has in the form that was sent.
    on: String,
    #[serde(rename = "leave-on")]
    leave_on: String,
    #[serde(rename = "back-on")]
    back_on: String,
    #[serde(rename = "audience-on")]
    audience_on: String,
    #[serde(rename = "group-on")]
    group_on: String,
    #[serde(rename = "duty-on")]
    duty_on: String,
}

/// Why a change was not made: at which field, in which words. Nothing has been written.
enum NotChanged {
    At(&'static str, String),
    Failed(Fail),
}

/// What the engine refuses of a change that holds from a day on.
trait Refusal {
    /// Why nothing was changed: at the field of the day, where another would do, otherwise of the page.
    fn at(self, day: &'static str) -> NotChanged;
}

macro_rules! refusal {
    ($($error:ident: $($of_day:ident)|+),*) => {$(
        impl Refusal for $error {
            fn at(self, day: &'static str) -> NotChanged {
                match self {
                    $error::Internal(error) => NotChanged::Failed(error.into()),
                    error => {
                        let place = if matches!(error, $($error::$of_day { .. })|+) { day } else { "main" };
                        NotChanged::At(place, sentence(&error.to_string()))
                    }
                }
            }
        }
    )*};
}

refusal!(StayError: Day | LeavesSooner | BeforeTheyLeft, AudienceError: Day, MembershipError: Day, DutyError: Day);

impl ChangeForm {
    /// The day that stands in a field.
    fn day(&self, place: &str) -> &str {
        match place {
            "leave-on" => &self.leave_on,
            "back-on" => &self.back_on,
            "audience-on" => &self.audience_on,
            "group-on" => &self.group_on,
            "duty-on" => &self.duty_on,
            _ => &self.on,
        }
    }

    /// What it is about, as the form that was sent has it beside the day.
    fn about(&self) -> Vec<(&'static str, String)> {
        let fields = [("audience", &self.audience), ("group", &self.group), ("role", &self.role), ("over", &self.over)];
        fields.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name, value.clone())).collect()
    }
}

/// Words of the engine as a sentence of a page.
pub(super) fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}

/// `POST /people/ID/change`: changes one thing of somebody, and says so; or says what is wrong, and changes nothing.
pub(crate) async fn change(
    visit: Visit,
    Path(id): Path<PersonId>,
    Form(form): Form<ChangeForm>,
) -> Result<Response, Fail> {
    let reader = &visit.reader()?.person;
    // Whom they may not see there is not for them.
    visit.state.engine.about_person(reader, id).await?;
    let asked = PersonChanged::parse(&form.r#do);
    let outcome = match asked {
        Some(asked) => make(&visit, id, asked, &form, Actor::Person(reader.id)).await,
        None => Err(NotChanged::At("main", "Choose one of the forms below".to_owned())),
    };
    match (outcome, asked) {
        (Ok(()), Some(asked)) => {
            Ok(Redirect::to(&format!("/people/{id}/change?done={}", asked.code())).into_response())
        }
        (Err(NotChanged::Failed(fail)), _) => Err(fail),
        (Err(NotChanged::At(place, words)), asked) => {
            let mut fault = ChangeFault::default();
            fault.faults.add(place, words);
            fault.day = form.day(place).chars().take(20).collect();
            fault.sent = (form.r#do.clone(), form.about());
            if asked == Some(PersonChanged::Details) {
                fault.typed = Some((form.name, form.email, form.external_id));
            }
            change_form(&visit, StatusCode::UNPROCESSABLE_ENTITY, id, None, &fault).await
        }
        (Ok(()), None) => Err(Fail::NotUnderstood),
    }
}

async fn make(
    visit: &Visit,
    id: PersonId,
    asked: PersonChanged,
    form: &ChangeForm,
    by: Actor,
) -> Result<(), NotChanged> {
    let engine = &visit.state.engine;
    let day = |place: &'static str| {
        let day = form.day(place).trim().parse::<NaiveDate>();
        day.map_err(|_| NotChanged::At(place, "Choose a day".to_owned()))
    };
    let audience = || {
        let words = "Choose as whom they are here".to_owned();
        Audience::new(form.audience.as_str()).map_err(|_| NotChanged::At("audience", words))
    };
    let group = || GroupId::parse(&form.group).ok_or(NotChanged::At("group", "Choose a group".to_owned()));
    let duty = || -> Result<Duty, NotChanged> {
        let role = Role::parse(&form.role).ok_or(NotChanged::At("role", "Choose a duty".to_owned()))?;
        if form.over == EVERYBODY {
            return Ok(Duty { role, over: None });
        }
        let words = "Choose over whom: a group, or everybody".to_owned();
        let over = GroupId::parse(&form.over).ok_or(NotChanged::At("over", words))?;
        Ok(Duty { role, over: Some(over) })
    };
    match asked {
        PersonChanged::Added
        | PersonChanged::LetterWritten
        | PersonChanged::CodesRemoved
        | PersonChanged::AccountUnlinked => {
            return Err(NotChanged::Failed(Fail::NotUnderstood));
        }
        PersonChanged::Details => {
            let filled = |text: &String| Some(text.clone()).filter(|text| !text.trim().is_empty());
            let details = PersonDetails {
                name: form.name.clone(),
                email: filled(&form.email),
                external_id: filled(&form.external_id),
            };
            match engine.correct_details(id, &details, by).await {
                Ok(()) => {}
                Err(AddPersonError::Internal(error)) => return Err(NotChanged::Failed(error.into())),
                Err(error) => {
                    let place = match error {
                        AddPersonError::NotTheirs => "main",
                        AddPersonError::Name(_) => "name",
                        AddPersonError::Email | AddPersonError::EmailTaken => "email",
                        _ => "external_id",
                    };
                    return Err(NotChanged::At(place, sentence(&error.to_string())));
                }
            }
        }
        PersonChanged::Leaves => {
            engine.leave(id, day("leave-on")?, by).await.map_err(|error| error.at("leave-on"))?;
        }
        PersonChanged::Back => {
            engine.come_back(id, day("back-on")?, by).await.map_err(|error| error.at("back-on"))?;
        }
        PersonChanged::AudienceBegun => {
            let begun = engine.begin_audience(id, &audience()?, day("audience-on")?, by).await;
            begun.map_err(|error| error.at("audience-on"))?;
        }
        PersonChanged::AudienceEnded => {
            engine.end_audience(id, &audience()?, day("on")?, by).await.map_err(|error| error.at("on"))?;
        }
        PersonChanged::GroupBegun => {
            engine.join_group(id, group()?, day("group-on")?, by).await.map_err(|error| error.at("group-on"))?;
        }
        PersonChanged::GroupEnded => {
            engine.leave_group(id, group()?, day("on")?, by).await.map_err(|error| error.at("on"))?;
        }
        PersonChanged::DutyGiven => {
            engine.give_duty(id, duty()?, day("duty-on")?, by).await.map_err(|error| error.at("duty-on"))?;
        }
        PersonChanged::DutyEnded => {
            engine.end_duty(id, duty()?, day("on")?, by).await.map_err(|error| error.at("on"))?;
        }
    }
    Ok(())
}

/// How a link reaches whom it is for.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct HandOver {
    by: String,
}

impl HandOver {
    /// Whether it goes by letter, and nobody but who gets it sees it.
    pub(super) fn by_letter(&self, visit: &Visit) -> bool {
        self.by == "letter" && visit.state.engine.sends_letters()
    }
}

/// `POST /people/ID/way-in`: a link for somebody to choose their password, shown this once or sent to them.
pub(crate) async fn way_in(
    visit: Visit,
    Path(id): Path<PersonId>,
    Form(hand_over): Form<HandOver>,
) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let back = format!("/people/{id}/change");
    let by = Actor::Person(visit.reader()?.person.id);
    let done = if hand_over.by_letter(&visit) {
        let done = PersonChanged::LetterWritten.code();
        engine.mail_ways_in(&[id], by).await.map(|_| Redirect::to(&format!("{back}?done={done}")).into_response())
    } else {
        let made = engine.make_ways_in(&[id], by).await;
        made.map(|made| visit.html(ways_in(&visit.frame(), &made, &back, &visit.state.settings.base_url)))
    };
    match done {
        Ok(done) => Ok(done),
        Err(WayInError::Internal(error)) => Err(error.into()),
        Err(error) => not_changed(&visit, id, &error.to_string()).await,
    }
}

/// `POST /people/ID/second-factor`: takes away the second factor of somebody who cannot show it any more.
pub(crate) async fn remove_second_factor(visit: Visit, Path(id): Path<PersonId>) -> Result<Response, Fail> {
    let by = Actor::Person(visit.reader()?.person.id);
    match visit.state.engine.remove_second_factor(id, by).await {
        Ok(()) => {
            let done = PersonChanged::CodesRemoved.code();
            Ok(Redirect::to(&format!("/people/{id}/change?done={done}")).into_response())
        }
        Err(RemoveFactorError::Internal(error)) => Err(error.into()),
        Err(error) => not_changed(&visit, id, &error.to_string()).await,
    }
}

/// The page once more, with why nothing was changed.
pub(super) async fn not_changed(visit: &Visit, id: PersonId, why: &str) -> Result<Response, Fail> {
    let mut fault = ChangeFault::default();
    fault.faults.add("main", sentence(why));
    change_form(visit, StatusCode::UNPROCESSABLE_ENTITY, id, None, &fault).await
}

/// Whether somebody may change what is recorded of others, wherever.
pub(super) fn organises(visit: &Visit) -> Result<bool, Fail> {
    let person = &visit.reader()?.person;
    Ok(Scope::of(person, Right::Organise, visit.state.engine.now()).is_some())
}
