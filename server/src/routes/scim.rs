use axum::{
    Json,
    extract::{FromRequest, FromRequestParts, Query, Request, State, rejection::JsonRejection},
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse as _, Response},
};
use engine::{
    Actor, AddPersonError, Engine, GroupId, KeepUserError, Known, KnownGroup, KnownPerson, PersonId, Token,
    WhichGroups, WhichKnown, composed, is_email,
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    door::{AppState, Path},
    scim::{
        Filter, PatchRequest, ScimFault, apply, is_wanted, list, only, read_filter, read_group, read_user, reply,
        resource_types, schemas as list_schemas, service_provider_config, show_group, show_user, user_types,
    },
};

/// What a query asks for (RFC 7644, section 3.4.2). Numbers below what makes sense stand for the least that does.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Asked {
    filter: Option<String>,
    start_index: Option<i64>,
    count: Option<i64>,
    attributes: Option<String>,
    excluded_attributes: Option<String>,
}

impl Asked {
    /// How many stand before what is wanted, and how many are wanted at most.
    fn page(&self) -> (u32, u32) {
        let number = |number: i64| u32::try_from(number.max(0)).unwrap_or(u32::MAX);
        let skip = number(self.start_index.unwrap_or(1)).saturating_sub(1);
        (skip, self.count.map_or(USUAL, number).min(Known::<()>::MOST))
    }

    fn wants(&self, attribute: &str) -> bool {
        is_wanted(attribute, self.attributes.as_deref(), self.excluded_attributes.as_deref())
    }

    fn shown(&self, resource: Value) -> Value {
        only(resource, self.attributes.as_deref(), self.excluded_attributes.as_deref())
    }
}

/// How many are given when nothing is said of it.
const USUAL: u32 = 100;

/// What is asked for in a body and not in the address (RFC 7644, section 3.4.3).
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct SearchRequest {
    filter: Option<String>,
    start_index: Option<i64>,
    count: Option<i64>,
    attributes: Option<Vec<String>>,
    excluded_attributes: Option<Vec<String>>,
}

type Answer = Result<Response, ScimFault>;

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = ScimFault;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ScimFault> {
        let asked = Query::from_request_parts(parts, state).await;
        let Query(asked): Query<Self> =
            asked.map_err(|_| ScimFault::value("The query of the address cannot be read."))?;
        Ok(Self { filter: asked.filter.as_deref().map(composed), ..asked })
    }
}

/// What a directory sends, as JSON. Some directories write an accent as a sign of its own: all texts are as they are kept.
pub(crate) struct Sent(Value);

impl<S: Send + Sync> FromRequest<S> for Sent {
    type Rejection = ScimFault;

    async fn from_request(request: Request, state: &S) -> Result<Self, ScimFault> {
        let sent = Json::from_request(request, state).await;
        sent.map(|Json(sent)| Self(all_composed(sent))).map_err(|rejection| {
            let detail = match rejection {
                JsonRejection::MissingJsonContentType(_) => "The Content-Type is application/scim+json.",
                _ => "The body is not JSON that can be read, or is too long.",
            };
            ScimFault::bad("invalidSyntax", detail)
        })
    }
}

fn all_composed(sent: Value) -> Value {
    match sent {
        Value::String(text) => composed(&text).into(),
        Value::Array(all) => all.into_iter().map(all_composed).collect(),
        Value::Object(all) => all.into_iter().map(|(name, one)| (name, all_composed(one))).collect(),
        other => other,
    }
}

impl Sent {
    /// What was sent, as what it has to be. `what`: what that is, for whoever sent something else.
    fn read<T: DeserializeOwned>(self, what: &str) -> Result<T, ScimFault> {
        serde_json::from_value(self.0).map_err(|_| ScimFault::bad("invalidSyntax", what))
    }

    fn changes(self) -> Result<PatchRequest, ScimFault> {
        self.read("A change of parts is {\"Operations\": [{\"op\": …, \"path\": …, \"value\": …}]}.")
    }

    fn search(self) -> Result<Asked, ScimFault> {
        let sought: SearchRequest = self.read("A search is {\"filter\": …, \"startIndex\": …, \"count\": …}.")?;
        Ok(Asked {
            filter: sought.filter,
            start_index: sought.start_index,
            count: sought.count,
            attributes: sought.attributes.map(|names| names.join(",")),
            excluded_attributes: sought.excluded_attributes.map(|names| names.join(",")),
        })
    }
}

/// The directory that asks.
pub(crate) struct Directory {
    state: AppState,
    by: Actor,
}

impl FromRequestParts<AppState> for Directory {
    type Rejection = ScimFault;

    /// By the token that the door has let in.
    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ScimFault> {
        let token = parts.extensions.get::<Token>();
        let token = token.ok_or_else(|| ScimFault::forbidden(StatusCode::UNAUTHORIZED, "A token is needed."))?;
        Ok(Self { by: Actor::Token(token.id), state: state.clone() })
    }
}

impl Directory {
    fn engine(&self) -> &Engine {
        &self.state.engine
    }

    fn base_url(&self) -> &str {
        &self.state.settings.base_url
    }

    async fn person(&self, id: &str) -> Result<KnownPerson, ScimFault> {
        let id = PersonId::parse(id).ok_or_else(ScimFault::not_found)?;
        let known = self.engine().known_people(&WhichKnown::Person(id), self.by).await?;
        let person = known.found.into_iter().next().filter(|person| !person.is_taken_out);
        person.ok_or_else(ScimFault::not_found)
    }

    async fn group(&self, id: &str, with_members: bool) -> Result<KnownGroup, ScimFault> {
        let id = GroupId::parse(id).ok_or_else(ScimFault::not_found)?;
        let known = self.engine().known_groups(&WhichGroups::Group(id), with_members, self.by).await?;
        known.found.into_iter().next().ok_or_else(ScimFault::not_found)
    }

    fn user(&self, person: &KnownPerson, asked: &Asked) -> Value {
        asked.shown(show_user(person, self.base_url()))
    }

    async fn tell_user(&self, id: PersonId, asked: &Asked, status: StatusCode) -> Answer {
        let shown = show_user(&self.person(&id.to_string()).await?, self.base_url());
        Ok(with_location(status, &shown, asked))
    }

    async fn tell_group(&self, id: GroupId, asked: &Asked, status: StatusCode) -> Answer {
        let group = self.group(&id.to_string(), asked.wants("members")).await?;
        Ok(with_location(status, &show_group(&group, self.base_url()), asked))
    }
}

fn with_location(status: StatusCode, resource: &Value, asked: &Asked) -> Response {
    let location = resource["meta"]["location"].as_str().and_then(|location| HeaderValue::from_str(location).ok());
    let mut response = reply(status, &asked.shown(resource.clone()));
    if let Some(location) = location {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

/// Which people a filter means, by what is looked up; the rest of it is held against whom that finds.
fn whom(filter: &Filter) -> Result<WhichKnown, ScimFault> {
    let (attribute, value) = &filter.0[0];
    match attribute.as_str() {
        "username" if !is_email(value) => Ok(WhichKnown::UserName(value.clone())),
        "username" | "emails" => Ok(WhichKnown::Email(value.clone())),
        "externalid" => Ok(WhichKnown::ExternalId(value.clone())),
        // Nobody has an id that is none.
        "id" => Ok(PersonId::parse(value).map_or(WhichKnown::ExternalId(String::new()), WhichKnown::Person)),
        _ => Err(ScimFault::bad("invalidFilter", "People are looked for by id, userName, emails or externalId.")),
    }
}

fn is_meant(person: &KnownPerson, filter: &Filter) -> bool {
    filter.0.iter().all(|(attribute, value)| match attribute.as_str() {
        "username" => {
            let called = person.user_name.as_ref().or(person.details.email.as_ref());
            called.is_some_and(|name| name.to_lowercase() == value.trim().to_lowercase())
        }
        "emails" => person.details.email.as_deref().is_some_and(|email| *email == value.trim().to_lowercase()),
        "externalid" => person.details.external_id.as_ref() == Some(value),
        "id" => person.id.to_string().eq_ignore_ascii_case(value),
        "active" => person.is_here.to_string().eq_ignore_ascii_case(value),
        "displayname" | "name.formatted" => person.details.name == *value,
        _ => false,
    })
}

/// `GET /scim/v2/Users`
pub(crate) async fn list_users(directory: Directory, asked: Asked) -> Answer {
    people(&directory, &asked).await
}

/// `POST /scim/v2/Users/.search`
pub(crate) async fn search_users(directory: Directory, sent: Sent) -> Answer {
    people(&directory, &sent.search()?).await
}

async fn people(directory: &Directory, asked: &Asked) -> Answer {
    let filter = asked.filter.as_deref().map(read_filter).transpose()?;
    let (skip, most) = asked.page();
    let which = filter.as_ref().map(whom).transpose()?.unwrap_or(WhichKnown::Page { skip, most });
    let mut known = directory.engine().known_people(&which, directory.by).await?;
    if let Some(filter) = &filter {
        known.found.retain(|person| !person.is_taken_out && !person.is_own_word && is_meant(person, filter));
        known.total = known.found.len() as u64;
        known.found = known.found.into_iter().skip(skip as usize).take(most as usize).collect();
    }
    let shown = known.found.iter().map(|person| directory.user(person, asked)).collect();
    Ok(reply(StatusCode::OK, &list(shown, known.total, u64::from(skip) + 1)))
}

/// `POST /scim/v2/Users`: somebody is new, or is back whom the directory had taken out.
pub(crate) async fn add_user(directory: Directory, asked: Asked, sent: Sent) -> Answer {
    let provider = directory.engine().catalogue().organisation.clone();
    let wanted = read_user(&sent.0, None, &provider)?;
    let person = match directory.engine().bring_user(wanted, directory.by).await {
        Err(KeepUserError::Details(AddPersonError::NoRole)) => return Err(ScimFault::value(user_types(&provider))),
        brought => brought?,
    };
    directory.tell_user(person, &asked, StatusCode::CREATED).await
}

/// `GET /scim/v2/Users/{person}`
pub(crate) async fn user(directory: Directory, Path(id): Path<String>, asked: Asked) -> Answer {
    let person = directory.person(&id).await?;
    Ok(with_location(StatusCode::OK, &show_user(&person, directory.base_url()), &asked))
}

/// `PUT /scim/v2/Users/{person}`
pub(crate) async fn set_user(directory: Directory, Path(id): Path<String>, asked: Asked, sent: Sent) -> Answer {
    let id = PersonId::parse(&id).ok_or_else(ScimFault::not_found)?;
    let provider = directory.engine().catalogue().organisation.clone();
    let wanted = |known: KnownPerson| read_user(&sent.0, Some(&known), &provider);
    directory.engine().change_user(id, directory.by, wanted).await?;
    directory.tell_user(id, &asked, StatusCode::OK).await
}

/// `PATCH /scim/v2/Users/{person}`
pub(crate) async fn patch_user(directory: Directory, Path(id): Path<String>, asked: Asked, sent: Sent) -> Answer {
    let changes = sent.changes()?;
    let id = PersonId::parse(&id).ok_or_else(ScimFault::not_found)?;
    let provider = directory.engine().catalogue().organisation.clone();
    let wanted = |known: KnownPerson| {
        let mut resource = show_user(&known, directory.base_url());
        apply(&mut resource, &changes)?;
        read_user(&resource, Some(&known), &provider)
    };
    directory.engine().change_user(id, directory.by, wanted).await?;
    directory.tell_user(id, &asked, StatusCode::OK).await
}

/// `DELETE /scim/v2/Users/{person}`: they leave, and the directory finds them no more. Nothing that they did is lost.
pub(crate) async fn delete_user(directory: Directory, Path(id): Path<String>) -> Answer {
    let id = PersonId::parse(&id).ok_or_else(ScimFault::not_found)?;
    if directory.engine().take_out(id, directory.by).await? {
        Ok(StatusCode::NO_CONTENT.into_response())
    } else {
        Err(ScimFault::not_found())
    }
}

/// `GET /scim/v2/Groups`
pub(crate) async fn list_groups(directory: Directory, asked: Asked) -> Answer {
    groups(&directory, &asked).await
}

/// `POST /scim/v2/Groups/.search`
pub(crate) async fn search_groups(directory: Directory, sent: Sent) -> Answer {
    groups(&directory, &sent.search()?).await
}

async fn groups(directory: &Directory, asked: &Asked) -> Answer {
    let filter = asked.filter.as_deref().map(read_filter).transpose()?;
    let (skip, most) = asked.page();
    let which = filter.as_ref().map(which_groups).transpose()?.unwrap_or(WhichGroups::Page { skip, most });
    let asks_members = filter.iter().flat_map(|filter| &filter.0).any(|(attribute, _)| attribute == "members");
    let with_members = asked.wants("members") || asks_members;
    let mut known = directory.engine().known_groups(&which, with_members, directory.by).await?;
    if let Some(filter) = &filter {
        known.found.retain(|group| is_meant_group(group, filter));
        known.total = known.found.len() as u64;
    }
    let shown = known.found.iter().map(|group| asked.shown(show_group(group, directory.base_url()))).collect();
    Ok(reply(StatusCode::OK, &list(shown, known.total, u64::from(skip) + 1)))
}

fn which_groups(filter: &Filter) -> Result<WhichGroups, ScimFault> {
    let (attribute, value) = &filter.0[0];
    match attribute.as_str() {
        "displayname" => Ok(WhichGroups::Path(value.clone())),
        "externalid" => Ok(WhichGroups::ExternalId(value.clone())),
        "id" => Ok(GroupId::parse(value).map_or(WhichGroups::Path(String::new()), WhichGroups::Group)),
        _ => Err(ScimFault::bad("invalidFilter", "Groups are looked for by id, displayName or externalId.")),
    }
}

fn is_meant_group(group: &KnownGroup, filter: &Filter) -> bool {
    filter.0.iter().all(|(attribute, value)| match attribute.as_str() {
        "displayname" => group.path.to_lowercase() == value.to_lowercase(),
        "externalid" => group.external_id.as_ref() == Some(value),
        "id" => group.id.to_string().eq_ignore_ascii_case(value),
        "members" => group.members.iter().any(|member| member.to_string().eq_ignore_ascii_case(value)),
        _ => false,
    })
}

/// `POST /scim/v2/Groups`
pub(crate) async fn add_group(directory: Directory, asked: Asked, sent: Sent) -> Answer {
    let id = directory.engine().bring_group(read_group(&sent.0, None)?, directory.by).await?;
    directory.tell_group(id, &asked, StatusCode::CREATED).await
}

/// `GET /scim/v2/Groups/{group}`
pub(crate) async fn group(directory: Directory, Path(id): Path<String>, asked: Asked) -> Answer {
    let group = directory.group(&id, asked.wants("members")).await?;
    Ok(with_location(StatusCode::OK, &show_group(&group, directory.base_url()), &asked))
}

/// `PUT /scim/v2/Groups/{group}`
pub(crate) async fn set_group(directory: Directory, Path(id): Path<String>, asked: Asked, sent: Sent) -> Answer {
    let id = GroupId::parse(&id).ok_or_else(ScimFault::not_found)?;
    let wanted = |known: KnownGroup| read_group(&sent.0, Some(&known));
    directory.engine().change_group(id, directory.by, wanted).await?;
    directory.tell_group(id, &asked, StatusCode::OK).await
}

/// `PATCH /scim/v2/Groups/{group}`
pub(crate) async fn patch_group(directory: Directory, Path(id): Path<String>, asked: Asked, sent: Sent) -> Answer {
    let changes = sent.changes()?;
    let id = GroupId::parse(&id).ok_or_else(ScimFault::not_found)?;
    let wanted = |known: KnownGroup| {
        let mut resource = show_group(&known, directory.base_url());
        apply(&mut resource, &changes)?;
        read_group(&resource, Some(&known))
    };
    directory.engine().change_group(id, directory.by, wanted).await?;
    directory.tell_group(id, &asked, StatusCode::OK).await
}

/// `DELETE /scim/v2/Groups/{group}`: nobody is in it any more, and it ends. That they were stays on record.
pub(crate) async fn delete_group(directory: Directory, Path(id): Path<String>) -> Answer {
    let id = GroupId::parse(&id).ok_or_else(ScimFault::not_found)?;
    directory.engine().drop_group(id, directory.by).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `GET /scim/v2/ServiceProviderConfig`
pub(crate) async fn config(State(state): State<AppState>) -> Response {
    reply(StatusCode::OK, &service_provider_config(&state.settings.base_url))
}

/// `GET /scim/v2/ResourceTypes`
pub(crate) async fn list_types(State(state): State<AppState>) -> Response {
    let all: Vec<Value> = resource_types(&state.settings.base_url).into_iter().map(|(_, shown)| shown).collect();
    let total = all.len() as u64;
    reply(StatusCode::OK, &list(all, total, 1))
}

/// `GET /scim/v2/ResourceTypes/{name}`
pub(crate) async fn resource_type(State(state): State<AppState>, Path(name): Path<String>) -> Answer {
    one_of(resource_types(&state.settings.base_url), &name)
}

/// `GET /scim/v2/Schemas`
pub(crate) async fn list_all_schemas(State(state): State<AppState>) -> Response {
    let provider = state.engine.catalogue().organisation.clone();
    let all: Vec<Value> =
        list_schemas(&state.settings.base_url, &provider).into_iter().map(|(_, shown)| shown).collect();
    let total = all.len() as u64;
    reply(StatusCode::OK, &list(all, total, 1))
}

/// `GET /scim/v2/Schemas/{name}`
pub(crate) async fn schema(State(state): State<AppState>, Path(name): Path<String>) -> Answer {
    let provider = state.engine.catalogue().organisation.clone();
    one_of(list_schemas(&state.settings.base_url, &provider), &name)
}

fn one_of(all: Vec<(&'static str, Value)>, name: &str) -> Answer {
    let found = all.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.map(|(_, shown)| reply(StatusCode::OK, &shown)).ok_or_else(ScimFault::not_found)
}
