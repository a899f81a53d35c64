use std::collections::BTreeSet;

use engine::{KnownGroup, PersonId, WantedGroup};
use serde_json::{Value, json};

use super::{
    fault::ScimFault,
    patch::name_in,
    service::meta,
    user::{external_id, text},
};

/// The schema of groups.
pub(crate) const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";

/// What a directory is shown of a group.
pub(crate) fn show_group(group: &KnownGroup, base_url: &str) -> Value {
    let members: Vec<Value> = group
        .members
        .iter()
        .map(|person| {
            let address = format!("{}/scim/v2/Users/{person}", base_url.trim_end_matches('/'));
            json!({ "value": person.to_string(), "$ref": address })
        })
        .collect();
    let mut shown = json!({
        "schemas": [GROUP],
        "id": group.id.to_string(),
        "displayName": group.path,
        "members": members,
        "meta": meta("Group", &group.id.to_string(), group.recorded_at, base_url),
    });
    if let Some(id) = &group.external_id {
        shown["externalId"] = json!(id);
    }
    shown
}

/// Reads what a directory sends of a group whole, or what came of a change of parts.
///
/// # Errors
/// `invalidValue` with what is missing or cannot be read.
pub(crate) fn read_group(sent: &Value, known: Option<&KnownGroup>) -> Result<WantedGroup, ScimFault> {
    let sent = sent.as_object().ok_or_else(|| ScimFault::bad("invalidSyntax", "A group is a JSON object."))?;
    let path = text(sent, "displayName")?.or_else(|| known.map(|known| known.path.clone()));
    let path = path.filter(|path| !path.trim().is_empty());
    let path = path.ok_or_else(|| ScimFault::value("displayName is missing: it is what the group is called."))?;
    // What was removed whole is not there any more.
    let members = match sent.get(&name_in(sent, "members")) {
        None if known.is_none() => None,
        None | Some(Value::Null) => Some(BTreeSet::new()),
        Some(Value::Array(members)) => Some(members.iter().map(member).collect::<Result<_, _>>()?),
        Some(_) => return Err(ScimFault::value("members is a list.")),
    };
    Ok(WantedGroup { path, external_id: external_id(sent)?, members })
}

fn member(sent: &Value) -> Result<PersonId, ScimFault> {
    let id = sent.get("value").and_then(Value::as_str).and_then(PersonId::parse);
    id.ok_or_else(|| {
        ScimFault::value(
            "Each of the members is {\"value\": \"the id of a user\"}; groups within groups are not kept by this way.",
        )
    })
}
