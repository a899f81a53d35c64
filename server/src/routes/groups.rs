use app::pages::{
    Done as _, Faults, GroupChange, GroupView, GroupsView, Sent, group, groups, join_sheet, text_words, typed_day,
    ways_in,
};
use axum::{
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use engine::{
    Actor, GroupError, GroupId, JoinCodeError, JoinCodeId, NewJoinCode, PersonId, WayInError, WhichPeople,
    catalogue::{Audience, ListedAudience, Organisation},
    end_of, local_date,
};
use serde::Deserialize;

use super::{
    assignments::day_words,
    people::{HandOver, organises, sentence},
};
use crate::{
    compress::Repeats,
    door::{Fail, Form, Path, Query, Visit},
};

/// Which groups are wanted, as the address says it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    name: String,
}

/// `GET /groups`: the tree of groups that the reader sees.
pub(crate) async fn list(visit: Visit, Query(wanted): Query<Wanted>) -> Result<Response, Fail> {
    let repeats = !wanted.name.is_empty();
    let view = GroupsView { name: wanted.name.chars().take(100).collect(), ..GroupsView::default() };
    let mut response = tree(&visit, StatusCode::OK, view).await?;
    if repeats {
        response.extensions_mut().insert(Repeats);
    }
    Ok(response)
}

async fn tree(visit: &Visit, status: StatusCode, view: GroupsView) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let tree = engine.group_tree(&visit.reader()?.person).await?;
    let view = GroupsView { tree, today: local_date(engine.now()), ..view };
    Ok(visit.html_with(status, groups(&visit.frame(), &view)))
}

/// A group to be made, as the form sends it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct NewGroup {
    #[serde(rename = "group-name")]
    name: String,
    below: String,
    from: String,
}

/// As whom people may begin by a code: as anybody but a colleague.
fn for_codes(provider: &Organisation) -> Vec<ListedAudience> {
    let all = provider.audiences.iter();
    all.filter(|audience| provider.roles_are.as_ref() != Some(&audience.id)).cloned().collect()
}

/// `POST /groups`: makes a group.
pub(crate) async fn make(visit: Visit, Form(form): Form<NewGroup>) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let by = Actor::Person(visit.reader()?.person.id);
    let (below, from) =
        (GroupId::parse(&form.below), typed_day(&form.from, "From", "Choose the day from which it is there"));
    let refused = match &from {
        Err(_) => None,
        Ok(from) => match engine.add_group(&form.name, below, *from, by).await {
            Ok(id) => return Ok(done(id, GroupChange::Made)),
            Err(GroupError::Internal(error)) => return Err(error.into()),
            Err(error) => Some(error),
        },
    };
    let mut faults = Faults::default();
    let all = engine.faults_of_place(None, &form.name, below, from.as_ref().ok().copied(), by).await?;
    for error in all.iter().chain(&refused) {
        let (place, words) = group_fault(error, "from");
        add_once(&mut faults, if place == "name" { "group-name" } else { place }, words);
    }
    if let Err(words) = from {
        faults.add("from", words);
    }
    let view = GroupsView { typed: (form.name, form.below, form.from), faults, ..GroupsView::default() };
    tree(&visit, StatusCode::UNPROCESSABLE_ENTITY, view).await
}

/// Where on a form of a group an error belongs, in words. `day`: the field of its day.
fn group_fault(error: &GroupError, day: &'static str) -> (&'static str, String) {
    match error {
        GroupError::Name(fault) => ("name", text_words(*fault, "Type a name, with letters that can be seen")),
        GroupError::Slash | GroupError::NameTaken => ("name", sentence(&error.to_string())),
        GroupError::Day(fault) => (day, day_words(*fault)),
        // Its form has no other field.
        GroupError::NotEmpty => (day, sentence(&error.to_string())),
        GroupError::BelowItself
        | GroupError::NoSuchGroup
        | GroupError::NotTheirs
        | GroupError::Several(_)
        | GroupError::Internal(_) => ("below", sentence(&error.to_string())),
    }
}

/// Where on the form of a code an error belongs, in words.
fn code_fault(error: &JoinCodeError) -> (&'static str, String) {
    let place = match error {
        JoinCodeError::Most => "most",
        JoinCodeError::Expiry => "until",
        JoinCodeError::UnknownAudience(_) | JoinCodeError::Colleagues => "audience",
        JoinCodeError::NotTheirs
        | JoinCodeError::NoSuchGroup
        | JoinCodeError::NoSuchCode
        | JoinCodeError::Internal(_) => "main",
    };
    (place, sentence(&error.to_string()))
}

/// Of a field that something is said of already no more is said.
fn add_once(faults: &mut Faults, place: &'static str, words: String) {
    if !faults.is_at(place) {
        faults.add(place, words);
    }
}

fn done(id: GroupId, change: GroupChange) -> Response {
    Redirect::to(&format!("/groups/{id}?done={}", change.code())).into_response()
}

/// From whom on a page begins, and what was done, as the address says it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Shown {
    after: String,
    done: String,
}

/// `GET /groups/ID`: one group, and who is in it.
pub(crate) async fn show(visit: Visit, Path(id): Path<GroupId>, Query(shown): Query<Shown>) -> Result<Response, Fail> {
    let changed = GroupChange::parse(&shown.done);
    one(&visit, StatusCode::OK, id, PersonId::parse(&shown.after), changed, Sent::default()).await
}

async fn one(
    visit: &Visit,
    status: StatusCode,
    id: GroupId,
    after: Option<PersonId>,
    changed: Option<GroupChange>,
    sent: Sent,
) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let reader = &visit.reader()?.person;
    let page = engine.group_page(reader, id).await?;
    let which = WhichPeople { group: Some(id), ..WhichPeople::default() };
    let people = engine.find_people(reader, &which, after).await?;
    let (codes, without_password) = if page.may_change {
        (engine.join_codes_of(reader, id).await?, engine.people_without_password(reader, id).await?.len())
    } else {
        (Vec::new(), 0)
    };
    let tree = engine.group_tree(reader).await?;
    let view = GroupView {
        page,
        people,
        is_first: after.is_none(),
        codes,
        without_password,
        tree,
        audiences: for_codes(&engine.catalogue().organisation),
        changed,
        sent,
        now: engine.now(),
    };
    Ok(visit.html_with(status, group(&visit.frame(), &view)))
}

/// Why a group was not changed: what is wrong, by field.
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

/// `POST /groups/ID`: changes one thing of a group, or says all that is wrong.
pub(crate) async fn change(
    visit: Visit,
    Path(id): Path<GroupId>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Fail> {
    let reader = &visit.reader()?.person;
    // What they may not see there is not for them.
    visit.state.engine.group_page(reader, id).await?;
    let mut sent = Sent::new(fields);
    let by = Actor::Person(reader.id);
    let outcome = match GroupChange::parse(sent.field("do")) {
        Some(GroupChange::Moved) => move_group(&visit, id, &sent, by).await,
        Some(GroupChange::Ended) => end_group(&visit, id, &sent, by).await,
        Some(GroupChange::CodeMade) => make_code(&visit, id, &sent, by).await,
        Some(GroupChange::CodeEnded) => end_code(&visit, &sent, by).await,
        Some(GroupChange::Made | GroupChange::LettersWritten) | None => {
            Err(NotChanged::at("main", "Choose one of the forms below"))
        }
    };
    match outcome {
        Ok(change) => Ok(done(id, change)),
        Err(NotChanged::Failed(fail)) => Err(fail),
        Err(NotChanged::Faults(faults)) => {
            sent.faults = faults;
            one(&visit, StatusCode::UNPROCESSABLE_ENTITY, id, None, None, sent).await
        }
    }
}

async fn move_group(visit: &Visit, id: GroupId, sent: &Sent, by: Actor) -> Result<GroupChange, NotChanged> {
    let engine = &visit.state.engine;
    let (field, label) = GroupChange::MOVES_ON;
    let (name, below, on) = (sent.field("name"), GroupId::parse(sent.field("below")), sent.field(field));
    let on = typed_day(on, label, "Choose a day");
    let refused = match &on {
        Err(_) => None,
        Ok(on) => match engine.move_group(id, below, name, *on, by).await {
            Ok(()) => return Ok(GroupChange::Moved),
            Err(GroupError::Internal(error)) => return Err(NotChanged::Failed(error.into())),
            Err(error) => Some(error),
        },
    };
    let all = engine.faults_of_place(Some(id), name, below, on.as_ref().ok().copied(), by).await;
    let all = all.map_err(|error| NotChanged::Failed(error.into()))?;
    let mut faults = Faults::default();
    for error in all.iter().chain(&refused) {
        let (place, words) = group_fault(error, field);
        add_once(&mut faults, place, words);
    }
    if let Err(words) = on {
        faults.add(field, words);
    }
    Err(NotChanged::Faults(faults))
}

async fn end_group(visit: &Visit, id: GroupId, sent: &Sent, by: Actor) -> Result<GroupChange, NotChanged> {
    let (field, label) = GroupChange::ENDS_ON;
    let on = typed_day(sent.field(field), label, "Choose a day").map_err(|words| NotChanged::at(field, words))?;
    match visit.state.engine.end_group(id, on, by).await {
        Ok(()) => Ok(GroupChange::Ended),
        Err(GroupError::Internal(error)) => Err(NotChanged::Failed(error.into())),
        Err(error @ (GroupError::Day(_) | GroupError::NotEmpty)) => {
            let (place, words) = group_fault(&error, field);
            Err(NotChanged::at(place, words))
        }
        Err(error) => Err(NotChanged::at("main", sentence(&error.to_string()))),
    }
}

async fn make_code(visit: &Visit, id: GroupId, sent: &Sent, by: Actor) -> Result<GroupChange, NotChanged> {
    let engine = &visit.state.engine;
    let (field, label) = GroupChange::HOLDS_UNTIL;
    let until = typed_day(sent.field(field), label, "Choose a day");
    let new = NewJoinCode {
        group: id,
        audience: Audience::new(sent.field("audience")).ok(),
        // What is no number lets nobody in, and that is refused.
        most: sent.field("most").trim().parse().unwrap_or_default(),
        // Where no day was filled in, what else is wrong is still looked for.
        expires_at: end_of(until.as_ref().map_or_else(|_| local_date(engine.now()), |until| *until)),
    };
    let refused = match &until {
        Err(_) => None,
        Ok(_) => match engine.create_join_code(&new, by).await {
            Ok(_) => return Ok(GroupChange::CodeMade),
            Err(JoinCodeError::Internal(error)) => return Err(NotChanged::Failed(error.into())),
            Err(error) => Some(error),
        },
    };
    let mut faults = Faults::default();
    for error in engine.faults_of_join_code(&new).iter().chain(&refused) {
        let (place, words) = code_fault(error);
        add_once(&mut faults, place, words);
    }
    if let Err(words) = until {
        faults.add(field, words);
    }
    Err(NotChanged::Faults(faults))
}

async fn end_code(visit: &Visit, sent: &Sent, by: Actor) -> Result<GroupChange, NotChanged> {
    let ended = match JoinCodeId::parse(sent.field("code")) {
        Some(code) => visit.state.engine.end_join_code(code, by).await,
        None => Err(JoinCodeError::NoSuchCode),
    };
    match ended {
        Ok(()) => Ok(GroupChange::CodeEnded),
        Err(JoinCodeError::Internal(error)) => Err(NotChanged::Failed(error.into())),
        Err(error) => Err(NotChanged::at("main", sentence(&error.to_string()))),
    }
}

/// `GET /groups/ID/codes/CODE`: the sheet of a code, to print.
pub(crate) async fn code(visit: Visit, Path((id, code)): Path<(GroupId, JoinCodeId)>) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let reader = &visit.reader()?.person;
    if !organises(&visit)? {
        return Err(Fail::NotForYou);
    }
    let codes = engine.join_codes_of(reader, id).await?;
    let found = codes.into_iter().find(|found| found.id == code).ok_or(Fail::NotFound)?;
    let page = engine.group_page(reader, id).await?;
    let name = page.path.last().cloned().unwrap_or_default();
    let whom = found.audience().map(|audience| audience.to_string());
    let sheet = join_sheet(&visit.frame(), &found, &name, whom.as_deref(), &visit.state.settings.base_url);
    Ok(visit.html(sheet))
}

/// `POST /groups/ID/ways-in`: a slip to cut out, or a letter, for each of its people who has no password yet.
pub(crate) async fn make_ways_in(
    visit: Visit,
    Path(id): Path<GroupId>,
    Form(hand_over): Form<HandOver>,
) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let reader = &visit.reader()?.person;
    // What they may not see there is not for them.
    engine.group_page(reader, id).await?;
    let people = engine.people_without_password(reader, id).await?;
    let by = Actor::Person(reader.id);
    let made = if hand_over.by_letter(&visit) {
        engine.mail_ways_in(&people, by).await.map(|_| done(id, GroupChange::LettersWritten))
    } else {
        let back = format!("/groups/{id}");
        let made = engine.make_ways_in(&people, by).await;
        made.map(|made| visit.html(ways_in(&visit.frame(), &made, &back, &visit.state.settings.base_url)))
    };
    match made {
        Ok(made) => Ok(made),
        Err(WayInError::Internal(error)) => Err(error.into()),
        Err(error) => {
            let mut sent = Sent::default();
            sent.faults.add("main", sentence(&error.to_string()));
            one(&visit, StatusCode::UNPROCESSABLE_ENTITY, id, None, None, sent).await
        }
    }
}
