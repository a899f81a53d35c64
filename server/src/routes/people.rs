use app::pages::{
    DUTY_SINCE, DUTY_UNTIL, Done as _, EVERYBODY, Faults, NewPersonForm, PeopleView, PersonChanged, Sent,
    change_person, new_person, people, text_words, typed_day, ways_in,
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

use super::{account::weak_words, assignments::day_words};
use crate::{
    compress::Repeats,
    door::{Fail, Form, Path, Query, Visit, query_of},
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
    let next = found.next.map(|last| query_of(&Wanted { after: last.to_string(), ..wanted.clone() }));
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
    let start = typed_day(&form.start, "Begins on", "Choose the day on which they begin");
    let audience = Audience::new(form.audience.as_str()).ok();
    let is_read = start.is_ok() && audience.is_some();
    let new = NewPerson {
        name: form.name.clone(),
        email: form.email.clone(),
        external_id: Some(form.external_id.clone()).filter(|id| !id.trim().is_empty()),
        password: None,
        // Where no day was filled in, what else is wrong is still looked for.
        start_date: start.as_ref().map_or_else(|_| local_date(engine.now()), |day| *day),
        duties: Vec::new(),
        audiences: audience.into_iter().collect(),
        member_of: GroupId::parse(&form.group).into_iter().collect(),
    };
    let refused =
        if is_read { engine.add_person(new.clone(), Actor::Person(reader.id)).await.map(Some) } else { Ok(None) };
    let mut faults = Faults::default();
    let refused = match refused {
        Ok(Some(id)) => {
            let done = PersonChanged::Added.code();
            return Ok(Redirect::to(&format!("/people/{id}/change?done={done}")).into_response());
        }
        Ok(None) => None,
        Err(AddPersonError::Internal(error)) => return Err(error.into()),
        Err(error) => Some(error),
    };
    let all = engine.faults_of_new_person(&new).await?;
    all.iter().for_each(|fault| add_fault(&mut faults, fault));
    if let Some(words) = start.err() {
        faults.add("start", words);
    }
    // What is seen only once they are to be written down.
    if let Some(error) = refused {
        add_fault(&mut faults, &error);
    }
    let Newcomer { name, email, external_id, audience, group, start } = form;
    let again = NewPersonForm { name, email, external_id, audience, group, start, faults };
    new_form(&visit, StatusCode::UNPROCESSABLE_ENTITY, again).await
}

/// Where on a form of somebody's name and address an error belongs, in words. Of a field that something is said of already no more is said.
pub(super) fn add_fault(faults: &mut Faults, error: &AddPersonError) {
    let (place, words) = match error {
        AddPersonError::Name(fault) => ("name", text_words(*fault, "Type their name, with letters that can be seen")),
        AddPersonError::Email => ("email", "Type an email address, such as amy@northfield.example".to_owned()),
        AddPersonError::EmailText(fault) => {
            ("email", text_words(*fault, "Type an email address, such as amy@northfield.example"))
        }
        AddPersonError::EmailTaken => {
            ("email", "Somebody has that email address already, perhaps somebody who has left".to_owned())
        }
        AddPersonError::ExternalId(fault) => {
            ("external_id", text_words(*fault, "Type the id with letters or digits that can be seen"))
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
        AddPersonError::Duty(_) => ("main", sentence(&error.to_string())),
        AddPersonError::Internal(_) => return,
    };
    if !faults.is_at(place) {
        faults.add(place, words);
    }
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
    change_form(&visit, StatusCode::OK, id, changed, &Sent::default()).await
}

async fn change_form(
    visit: &Visit,
    status: StatusCode,
    id: PersonId,
    changed: Option<PersonChanged>,
    sent: &Sent,
) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let reader = &visit.reader()?.person;
    let about = engine.about_person(reader, id).await?;
    let tree = engine.group_tree(reader).await?;
    let today = local_date(engine.now());
    let catalogue = engine.catalogue();
    let page = change_person(&visit.frame(), &about, &tree.groups, &catalogue.organisation, changed, sent, today);
    Ok(visit.html_with(status, page))
}

/// Why a change was not made: what is wrong, by field. Nothing has been written.
enum NotChanged {
    Faults(Faults),
    Failed(Fail),
}

impl NotChanged {
    fn at(place: &'static str, words: impl Into<String>) -> Self {
        let mut faults = Faults::default();
        faults.add(place, words);
        Self::Faults(faults)
    }
}

/// Why a change was not made, from what the engine said: `$day` is the field of its day, and what is wrong with something else that was filled in
/// belongs to the field named beside it. Whatever else there is concerns the whole page.
macro_rules! not_changed {
    ($error:expr, $kind:ident, $day:expr $(, $field:expr => $($wrong:pat),+)?) => {
        match $error {
            $kind::Internal(error) => NotChanged::Failed(error.into()),
            $kind::Day(fault) => NotChanged::at($day, day_words(fault)),
            $(error @ ($($wrong)|+) => NotChanged::at($field, sentence(&error.to_string())),)?
            error => NotChanged::at("main", sentence(&error.to_string())),
        }
    };
}

fn of_stay(error: StayError, day: &'static str) -> NotChanged {
    not_changed!(error, StayError, day, day => StayError::LeavesSooner { .. }, StayError::BeforeTheyLeft { .. })
}

fn of_audience(error: AudienceError, day: &'static str) -> NotChanged {
    not_changed!(error, AudienceError, day, "audience" => AudienceError::Unknown(_), AudienceError::AlreadyIn { .. })
}

fn of_group(error: MembershipError, day: &'static str) -> NotChanged {
    not_changed!(error, MembershipError, day, "group" => MembershipError::NoSuchGroup, MembershipError::AlreadyIn { .. })
}

fn of_duty(error: DutyError, day: &'static str) -> NotChanged {
    if matches!(error, DutyError::NoEnd | DutyError::EndsAtOnce { .. }) {
        return NotChanged::at(DUTY_UNTIL.0, sentence(&error.to_string()));
    }
    not_changed!(
        error,
        DutyError,
        day,
        "over" => DutyError::NoSuchGroup, DutyError::AlreadyGiven { .. }, DutyError::AlreadyUntil { .. }
    )
}

/// Words of the engine as a sentence of a page.
pub(super) fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}

/// `POST /people/ID/change`: changes one thing of somebody, and says so; or says all that is wrong, and changes nothing.
pub(crate) async fn change(
    visit: Visit,
    Path(id): Path<PersonId>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Fail> {
    let reader = &visit.reader()?.person;
    // Whom they may not see there is not for them.
    visit.state.engine.about_person(reader, id).await?;
    let mut sent = Sent::new(fields);
    let asked = PersonChanged::parse(sent.field("do"));
    let outcome = match asked {
        Some(asked) => make(&visit, id, asked, &sent, Actor::Person(reader.id)).await.map(|()| asked),
        None => Err(NotChanged::at("main", "Choose one of the forms below")),
    };
    match outcome {
        Ok(asked) => Ok(Redirect::to(&format!("/people/{id}/change?done={}", asked.code())).into_response()),
        Err(NotChanged::Failed(fail)) => Err(fail),
        Err(NotChanged::Faults(faults)) => {
            sent.faults = faults;
            change_form(&visit, StatusCode::UNPROCESSABLE_ENTITY, id, None, &sent).await
        }
    }
}

/// A form of a change as it is read, with all that cannot be read in it.
struct Reading<'s> {
    sent: &'s Sent,
    faults: Faults,
}

impl Reading<'_> {
    fn noted<T>(&mut self, field: &'static str, read: Option<T>, words: &str) -> Option<T> {
        if read.is_none() {
            self.faults.add(field, words);
        }
        read
    }

    fn audience(&mut self) -> Option<Audience> {
        self.noted("audience", Audience::new(self.sent.field("audience")).ok(), "Choose as whom they are here")
    }

    fn group(&mut self) -> Option<GroupId> {
        self.noted("group", GroupId::parse(self.sent.field("group")), "Choose a group")
    }

    fn duty(&mut self) -> Option<Duty> {
        let role = self.noted("role", Role::parse(self.sent.field("role")), "Choose a duty");
        let over = match self.sent.field("over") {
            EVERYBODY => Some(None),
            group => GroupId::parse(group).map(Some),
        };
        let over = self.noted("over", over, "Choose over whom: a group, or everybody");
        role.zip(over).map(|(role, over)| Duty { role, over })
    }

    /// The day, by its field and what that asks for.
    fn day(&mut self, (field, label): (&'static str, &'static str)) -> Option<NaiveDate> {
        let day = typed_day(self.sent.field(field), label, "Choose a day");
        day.map_err(|words| self.faults.add(field, words)).ok()
    }

    /// What was read, if all of it could be.
    fn whole<T>(self, read: Option<T>) -> Result<T, NotChanged> {
        read.ok_or(NotChanged::Faults(self.faults))
    }
}

async fn make(visit: &Visit, id: PersonId, asked: PersonChanged, sent: &Sent, by: Actor) -> Result<(), NotChanged> {
    let engine = &visit.state.engine;
    if asked == PersonChanged::Details {
        return correct(visit, id, sent, by).await;
    }
    // What has no day is done by other addresses.
    let field = asked.day().ok_or(NotChanged::Failed(Fail::NotUnderstood))?;
    let mut read = Reading { sent, faults: Faults::default() };
    let day = field.0;
    match asked {
        PersonChanged::Leaves => {
            let on = read.day(field);
            engine.leave(id, read.whole(on)?, by).await.map_err(|error| of_stay(error, day))
        }
        PersonChanged::Back => {
            let on = read.day(field);
            engine.come_back(id, read.whole(on)?, by).await.map_err(|error| of_stay(error, day))
        }
        PersonChanged::AudienceBegun | PersonChanged::AudienceEnded => {
            let (audience, on) = (read.audience(), read.day(field));
            let (audience, on) = read.whole(audience.zip(on))?;
            let done = match asked {
                PersonChanged::AudienceBegun => engine.begin_audience(id, &audience, on, by).await,
                _ => engine.end_audience(id, &audience, on, by).await,
            };
            done.map_err(|error| of_audience(error, day))
        }
        PersonChanged::GroupBegun | PersonChanged::GroupEnded => {
            let (group, on) = (read.group(), read.day(field));
            let (group, on) = read.whole(group.zip(on))?;
            let done = match asked {
                PersonChanged::GroupBegun => engine.join_group(id, group, on, by).await,
                _ => engine.leave_group(id, group, on, by).await,
            };
            done.map_err(|error| of_group(error, day))
        }
        PersonChanged::DutyGiven | PersonChanged::DutyEnded => {
            let (duty, on) = (read.duty(), read.day(field));
            let until = match (asked, sent.field(DUTY_UNTIL.0).trim()) {
                (PersonChanged::DutyEnded, _) | (_, "") => Some(None),
                _ => read.day(DUTY_UNTIL).map(Some),
            };
            let ((duty, on), until) = read.whole(duty.zip(on).zip(until))?;
            // Of several that follow on each other, the one that they saw.
            let begun = match sent.field(DUTY_SINCE) {
                "" => None,
                day => Some(day.parse().map_err(|_| NotChanged::Failed(Fail::NotUnderstood))?),
            };
            let done = match asked {
                PersonChanged::DutyGiven => engine.give_duty_until(id, duty, on, until, by).await,
                _ => engine.end_duty_begun(id, duty, begun, on, by).await,
            };
            done.map_err(|error| of_duty(error, day))
        }
        PersonChanged::Added
        | PersonChanged::Details
        | PersonChanged::LetterWritten
        | PersonChanged::CodesRemoved
        | PersonChanged::AccountUnlinked => Err(NotChanged::Failed(Fail::NotUnderstood)),
    }
}

/// Sets what somebody is called and known by.
async fn correct(visit: &Visit, id: PersonId, sent: &Sent, by: Actor) -> Result<(), NotChanged> {
    let engine = &visit.state.engine;
    let filled = |field: &str| Some(sent.field(field).to_owned()).filter(|text| !text.trim().is_empty());
    let details = PersonDetails {
        name: sent.field("name").to_owned(),
        email: filled("email"),
        external_id: filled("external_id"),
    };
    let error = match engine.correct_details(id, &details, by).await {
        Ok(()) => return Ok(()),
        Err(AddPersonError::Internal(error)) => return Err(NotChanged::Failed(error.into())),
        Err(AddPersonError::NotTheirs) => {
            return Err(NotChanged::at("main", sentence(&AddPersonError::NotTheirs.to_string())));
        }
        Err(error) => error,
    };
    let mut faults = Faults::default();
    let all = engine.faults_of_details(id, &details).await.map_err(|error| NotChanged::Failed(error.into()))?;
    all.iter().chain([&error]).for_each(|fault| add_fault(&mut faults, fault));
    Err(NotChanged::Faults(faults))
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
    let mut sent = Sent::default();
    sent.faults.add("main", sentence(why));
    change_form(visit, StatusCode::UNPROCESSABLE_ENTITY, id, None, &sent).await
}

/// Whether somebody may change what is recorded of others, wherever.
pub(super) fn organises(visit: &Visit) -> Result<bool, Fail> {
    let person = &visit.reader()?.person;
    Ok(Scope::of(person, Right::Organise, visit.state.engine.now()).is_some())
}
