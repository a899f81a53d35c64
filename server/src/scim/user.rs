use engine::{
    KnownPerson, PersonDetails, TextFault, WantedUser,
    catalogue::{Audience, Organisation},
    is_email, known_as,
};
use serde_json::{Map, Value, json};

use super::{fault::ScimFault, patch::name_in, service::meta};

/// The schema of people.
pub(crate) const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";

/// What a directory is shown of somebody.
pub(crate) fn show_user(person: &KnownPerson, base_url: &str) -> Value {
    let details = &person.details;
    let groups: Vec<Value> = person
        .groups
        .iter()
        .map(|(id, name)| json!({ "value": id.to_string(), "display": name, "type": "direct" }))
        .collect();
    let user_types: Vec<&str> = person.audiences.iter().map(Audience::as_str).collect();
    let mut shown = json!({
        "schemas": [USER],
        "id": person.id.to_string(),
        "displayName": details.name,
        "name": { "formatted": details.name },
        "active": person.is_here,
        "userType": user_types.join(","),
        "groups": groups,
        "meta": meta("User", &person.id.to_string(), person.recorded_at, base_url),
    });
    if let Some(email) = &details.email {
        shown["userName"] = json!(person.user_name.as_ref().unwrap_or(email));
        shown["emails"] = json!([{ "value": email, "type": "work", "primary": true }]);
    }
    if let Some(id) = &details.external_id {
        shown["externalId"] = json!(id);
    }
    shown
}

/// Reads what a directory sends of somebody whole, or what came of a change of parts. Of somebody who is known already, what is not said
/// stays as it is, but for the id by which the directory knows them: who has none there has none here.
///
/// # Errors
/// `invalidValue` with the attribute that is missing or cannot be read; whether a name or an address can be one the engine says.
pub(crate) fn read_user(
    sent: &Value,
    known: Option<&KnownPerson>,
    provider: &Organisation,
) -> Result<WantedUser, ScimFault> {
    let sent = sent.as_object().ok_or_else(|| ScimFault::bad("invalidSyntax", "A user is a JSON object."))?;
    let before = known.map(|known| &known.details);
    let called = known.and_then(|known| known.user_name.clone().or_else(|| known.details.email.clone()));
    let user_name = text(sent, "userName")?.or(called).filter(|name| !name.trim().is_empty());
    let user_name = user_name.ok_or_else(|| ScimFault::value("userName is missing: it is what they sign in with."))?;
    let (email, user_name) = if is_email(&user_name) {
        (user_name, None)
    } else {
        let name = known_as(&user_name).map_err(|fault| cannot_be_kept("userName", fault))?;
        let kept = before.and_then(|before| before.email.clone());
        let email = address(sent)?.or(kept).ok_or_else(|| ScimFault::value(NO_ADDRESS))?;
        (email, Some(name))
    };
    let external_id = external_id(sent)?;
    Ok(WantedUser {
        details: PersonDetails { name: name(sent, before)?, email: Some(email), external_id },
        user_name,
        audiences: audiences(sent, provider)?,
        is_here: is_here(sent)?,
    })
}

/// By what the directory knows somebody or a group, as it is kept.
pub(super) fn external_id(sent: &Map<String, Value>) -> Result<Option<String>, ScimFault> {
    let id = text(sent, "externalId")?.filter(|id| !id.trim().is_empty());
    id.map(|id| known_as(&id)).transpose().map_err(|fault| cannot_be_kept("externalId", fault))
}

fn cannot_be_kept(attribute: &str, fault: TextFault) -> ScimFault {
    ScimFault::value(format!("{attribute} cannot be kept: {fault}."))
}

const NO_ADDRESS: &str = "userName must be an e-mail address, or emails must have one of type work: it is what they sign in with and are written to.";

/// The address of somebody whose userName is none: that of their work, or the first of all, or the only one.
fn address(sent: &Map<String, Value>) -> Result<Option<String>, ScimFault> {
    let listed = match value(sent, "emails") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Array(listed)) => listed,
        Some(_) => return Err(ScimFault::value("emails is a list.")),
    };
    let listed: Vec<&Map<String, Value>> = listed.iter().filter_map(Value::as_object).collect();
    let of_work = |one: &&&Map<String, Value>| {
        value(one, "type").and_then(Value::as_str).is_some_and(|kind| kind.eq_ignore_ascii_case("work"))
    };
    let is_first = |one: &&&Map<String, Value>| value(one, "primary").and_then(Value::as_bool).unwrap_or_default();
    let chosen = listed.iter().find(|one| of_work(one) && is_first(one));
    let chosen = chosen.or_else(|| listed.iter().find(of_work)).or_else(|| listed.iter().find(is_first));
    let only = listed.first().filter(|_| listed.len() == 1);
    chosen.or(only).map_or(Ok(None), |one| text(one, "value"))
}

/// Induct keeps a whole name. Where both are sent, what differs from what is known is the change; given and family name make one only of
/// somebody new, because of a change of one of them alone nobody knows where in the whole it stands.
fn name(sent: &Map<String, Value>, known: Option<&PersonDetails>) -> Result<String, ScimFault> {
    let none = Map::new();
    let parts = value(sent, "name").and_then(Value::as_object).unwrap_or(&none);
    let candidates = [text(sent, "displayName")?, text(parts, "formatted")?];
    let mut candidates: Vec<String> = candidates.into_iter().flatten().filter(|name| !name.trim().is_empty()).collect();
    if let Some(known) = known {
        let changed = candidates.iter().find(|name| **name != known.name).unwrap_or(&known.name);
        return Ok(changed.clone());
    }
    if candidates.is_empty() {
        let names: Vec<String> =
            [text(parts, "givenName")?, text(parts, "familyName")?].into_iter().flatten().collect();
        candidates.push(names.join(" "));
    }
    let name = candidates.remove(0);
    if name.trim().is_empty() {
        Err(ScimFault::value("displayName is missing: it is how they are greeted."))
    } else {
        Ok(name)
    }
}

/// `userType` has the provider's own words, one or several with commas between them.
fn audiences(sent: &Map<String, Value>, provider: &Organisation) -> Result<Option<Vec<Audience>>, ScimFault> {
    let Some(said) = text(sent, "userType")?.filter(|said| !said.trim().is_empty()) else { return Ok(None) };
    let mut found = Vec::new();
    for word in said.split(',').map(str::trim).filter(|word| !word.is_empty()) {
        let audience = Audience::new(word.to_lowercase()).ok().filter(|audience| provider.knows(audience));
        let audience = audience.ok_or_else(|| ScimFault::value(user_types(provider)))?;
        if !found.contains(&audience) {
            found.push(audience);
        }
    }
    Ok(Some(found))
}

/// What `userType` can be, in a sentence.
pub(crate) fn user_types(provider: &Organisation) -> String {
    let listed: Vec<&str> = provider.audiences.iter().map(|listed| listed.id.as_str()).collect();
    format!("userType says as whom they are here: one of {}, or several with commas between them.", listed.join(", "))
}

/// Some directories send truth as a text.
fn is_here(sent: &Map<String, Value>) -> Result<Option<bool>, ScimFault> {
    match value(sent, "active") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Bool(active)) => Ok(Some(*active)),
        Some(Value::String(said)) if said.eq_ignore_ascii_case("true") => Ok(Some(true)),
        Some(Value::String(said)) if said.eq_ignore_ascii_case("false") => Ok(Some(false)),
        Some(_) => Err(ScimFault::value("active is true or false.")),
    }
}

fn value<'s>(sent: &'s Map<String, Value>, name: &str) -> Option<&'s Value> {
    sent.get(&name_in(sent, name))
}

/// The text of an attribute. `None`: it is not there.
pub(super) fn text(sent: &Map<String, Value>, name: &str) -> Result<Option<String>, ScimFault> {
    match value(sent, name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(ScimFault::value(format!("{name} is a text."))),
    }
}
