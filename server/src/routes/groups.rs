use app::pages::{Done as _, Faults, GroupChange, GroupView, GroupsView, group, groups, join_sheet, ways_in};
use axum::{
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use chrono::NaiveDate;
use engine::{
    Actor, GroupError, GroupId, JoinCodeError, JoinCodeId, NewJoinCode, PersonId, WayInError, WhichPeople,
    catalogue::{Audience, ListedAudience, Organisation},
    end_of, local_date,
};
use serde::Deserialize;

use super::people::{HandOver, organises, sentence};
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
    let mut faults = Faults::default();
    match form.from.trim().parse::<NaiveDate>() {
        Err(_) => faults.add("from", "Choose the day from which it is there"),
        Ok(from) => match engine.add_group(&form.name, GroupId::parse(&form.below), from, by).await {
            Ok(id) => return Ok(done(id, GroupChange::Made)),
            Err(GroupError::Internal(error)) => return Err(error.into()),
            Err(error) => {
                let place = match error {
                    GroupError::Name(_) | GroupError::Slash | GroupError::NameTaken => "group-name",
                    GroupError::Day(_) => "from",
                    _ => "below",
                };
                faults.add(place, sentence(&error.to_string()));
            }
        },
    }
    let view = GroupsView { typed: (form.name, form.below, form.from), faults, ..GroupsView::default() };
    tree(&visit, StatusCode::UNPROCESSABLE_ENTITY, view).await
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
    one(&visit, StatusCode::OK, id, PersonId::parse(&shown.after), changed, Faults::default()).await
}

async fn one(
    visit: &Visit,
    status: StatusCode,
    id: GroupId,
    after: Option<PersonId>,
    changed: Option<GroupChange>,
    faults: Faults,
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
        groups: tree.groups,
        audiences: for_codes(&engine.catalogue().organisation),
        changed,
        faults,
        now: engine.now(),
    };
    Ok(visit.html_with(status, group(&visit.frame(), &view)))
}

/// A change of a group, as one of the forms sends it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct ChangeForm {
    r#do: String,
    name: String,
    below: String,
    #[serde(rename = "move-on")]
    move_on: String,
    #[serde(rename = "end-on")]
    end_on: String,
    audience: String,
    most: String,
    until: String,
    code: String,
}

/// Why a group was not changed: at which field, in which words.
enum NotChanged {
    At(&'static str, String),
    Failed(Fail),
}

impl From<GroupError> for NotChanged {
    fn from(error: GroupError) -> Self {
        let place = match &error {
            GroupError::Name(_) | GroupError::Slash | GroupError::NameTaken => "name",
            GroupError::BelowItself => "below",
            _ => "main",
        };
        match error {
            GroupError::Internal(error) => Self::Failed(error.into()),
            error => Self::At(place, sentence(&error.to_string())),
        }
    }
}

impl From<JoinCodeError> for NotChanged {
    fn from(error: JoinCodeError) -> Self {
        let place = match &error {
            JoinCodeError::Most => "most",
            JoinCodeError::Expiry => "until",
            JoinCodeError::UnknownAudience(_) | JoinCodeError::Colleagues => "audience",
            _ => "main",
        };
        match error {
            JoinCodeError::Internal(error) => Self::Failed(error.into()),
            error => Self::At(place, sentence(&error.to_string())),
        }
    }
}

/// `POST /groups/ID`: changes one thing of a group.
pub(crate) async fn change(
    visit: Visit,
    Path(id): Path<GroupId>,
    Form(form): Form<ChangeForm>,
) -> Result<Response, Fail> {
    let reader = &visit.reader()?.person;
    // What they may not see there is not for them.
    visit.state.engine.group_page(reader, id).await?;
    match alter(&visit, id, &form, Actor::Person(reader.id)).await {
        Ok(change) => Ok(done(id, change)),
        Err(NotChanged::Failed(fail)) => Err(fail),
        Err(NotChanged::At(place, words)) => {
            let mut faults = Faults::default();
            faults.add(place, words);
            one(&visit, StatusCode::UNPROCESSABLE_ENTITY, id, None, None, faults).await
        }
    }
}

async fn alter(visit: &Visit, id: GroupId, form: &ChangeForm, by: Actor) -> Result<GroupChange, NotChanged> {
    let engine = &visit.state.engine;
    let day = |place: &'static str, text: &str| {
        text.trim().parse::<NaiveDate>().map_err(|_| NotChanged::At(place, "Choose a day".to_owned()))
    };
    let asked = GroupChange::parse(&form.r#do);
    match asked {
        Some(change @ GroupChange::Moved) => {
            let on = day("move-on", &form.move_on)?;
            engine.move_group(id, GroupId::parse(&form.below), &form.name, on, by).await?;
            Ok(change)
        }
        Some(change @ GroupChange::Ended) => {
            engine.end_group(id, day("end-on", &form.end_on)?, by).await?;
            Ok(change)
        }
        Some(change @ GroupChange::CodeMade) => {
            let most = form.most.trim().parse().map_err(|_| NotChanged::from(JoinCodeError::Most))?;
            let expires_at = end_of(day("until", &form.until)?);
            let audience = Audience::new(form.audience.as_str()).ok();
            engine.create_join_code(&NewJoinCode { group: id, audience, most, expires_at }, by).await?;
            Ok(change)
        }
        Some(change @ GroupChange::CodeEnded) => {
            let code = JoinCodeId::parse(&form.code).ok_or(JoinCodeError::NoSuchCode)?;
            engine.end_join_code(code, by).await?;
            Ok(change)
        }
        Some(GroupChange::Made | GroupChange::LettersWritten) | None => {
            Err(NotChanged::At("main", "Choose one of the forms below".to_owned()))
        }
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
            let mut faults = Faults::default();
            faults.add("main", sentence(&error.to_string()));
            one(&visit, StatusCode::UNPROCESSABLE_ENTITY, id, None, None, faults).await
        }
    }
}
