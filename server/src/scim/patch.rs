use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    fault::ScimFault,
    filter::{Filter, read_filter, without_urn},
};

/// A change of parts (RFC 7644, section 3.5.2).
#[derive(Deserialize)]
pub(crate) struct PatchRequest {
    /// What is to be done, in this order, all or nothing.
    #[serde(rename = "Operations", alias = "operations")]
    operations: Vec<Operation>,
}

#[derive(Deserialize)]
struct Operation {
    op: String,
    #[serde(default)]
    path: Option<String>,
    #[serde(default)]
    value: Value,
}

/// What an operation does with what it is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Op {
    Add,
    Replace,
    Remove,
}

/// Where a change is to be made: `emails[type eq "work"].value`.
struct Target {
    attribute: String,
    which: Option<Filter>,
    part: Option<String>,
}

/// Makes the changes to what a resource looks like.
///
/// # Errors
/// `invalidSyntax` for what is no operation, `invalidPath` for a path that cannot be one, `noTarget` for one that is needed and is missing or
/// leads to nothing, `mutability` for what only Induct says.
pub(crate) fn apply(resource: &mut Value, request: &PatchRequest) -> Result<(), ScimFault> {
    for operation in &request.operations {
        // Directories write them with a capital letter, too.
        let op = match operation.op.to_lowercase().as_str() {
            "add" => Op::Add,
            "replace" => Op::Replace,
            "remove" => Op::Remove,
            _ => return Err(ScimFault::bad("invalidSyntax", "An operation is add, replace or remove.")),
        };
        let whole = resource.as_object_mut().ok_or_else(|| ScimFault::bad("invalidSyntax", "This is no resource."))?;
        match (&operation.path, &operation.value) {
            (Some(path), value) => change(whole, op, path, value)?,
            (None, Value::Object(values)) if op != Op::Remove => {
                for (path, value) in values {
                    if !is_sent_along(whole, path, value) {
                        change(whole, op, path, value)?;
                    }
                }
            }
            (None, _) if op == Op::Remove => {
                return Err(ScimFault::bad("noTarget", "What is to be removed is said by its path."));
            }
            (None, _) => {
                return Err(ScimFault::bad("invalidValue", "Without a path, the value is an object of attributes."));
            }
        }
    }
    Ok(())
}

/// What only Induct says of a resource.
const OURS: [&str; 4] = ["id", "meta", "schemas", "groups"];

/// Whether it is what only Induct says, which stands among what is to be changed and changes nothing: Okta sends the id of a group beside its new name.
fn is_sent_along(whole: &Map<String, Value>, name: &str, value: &Value) -> bool {
    OURS.iter().any(|ours| ours.eq_ignore_ascii_case(name))
        && (!name.eq_ignore_ascii_case("id") || whole.get("id") == Some(value))
}

fn change(whole: &mut Map<String, Value>, op: Op, path: &str, value: &Value) -> Result<(), ScimFault> {
    let target = read_path(path)?;
    if OURS.iter().any(|ours| ours.eq_ignore_ascii_case(&target.attribute)) {
        return Err(ScimFault::bad("mutability", format!("{} is not for others to change.", target.attribute)));
    }
    let name = name_in(whole, &target.attribute);
    let Some(filter) = &target.which else {
        return change_whole(whole, op, &name, target.part.as_deref(), value);
    };
    let list = whole.entry(name.clone()).or_insert_with(|| json!([]));
    let Value::Array(items) = list else {
        return Err(ScimFault::bad("invalidPath", format!("{name} has no parts to choose from.")));
    };
    let chosen: Vec<usize> = (0..items.len()).filter(|place| matches(&items[*place], filter)).collect();
    match (op, target.part) {
        (Op::Remove, None) => {
            let mut place = 0;
            items.retain(|_| {
                place += 1;
                !chosen.contains(&(place - 1))
            });
        }
        (Op::Remove, Some(part)) => {
            for place in chosen {
                if let Some(item) = items[place].as_object_mut() {
                    let part = name_in(item, &part);
                    item.remove(&part);
                }
            }
        }
        (_, part) if chosen.is_empty() => {
            let mut made = Map::new();
            for (attribute, wanted) in &filter.0 {
                made.insert(attribute.clone(), json!(wanted));
            }
            put(&mut made, part.as_deref(), value);
            items.push(Value::Object(made));
        }
        (_, part) => {
            for place in chosen {
                if let Some(item) = items[place].as_object_mut() {
                    put(item, part.as_deref(), value);
                }
            }
        }
    }
    Ok(())
}

fn change_whole(
    whole: &mut Map<String, Value>,
    op: Op,
    name: &str,
    part: Option<&str>,
    value: &Value,
) -> Result<(), ScimFault> {
    if let Some(part) = part {
        let inner = whole.entry(name).or_insert_with(|| json!({}));
        let Value::Object(inner) = inner else {
            return Err(ScimFault::bad("invalidPath", format!("{name} has no parts of that name.")));
        };
        if op == Op::Remove {
            let part = name_in(inner, part);
            inner.remove(&part);
        } else {
            put(inner, Some(part), value);
        }
        return Ok(());
    }
    match (op, whole.get_mut(name), value) {
        // Some directories say which of several are to go by their values.
        (Op::Remove, Some(Value::Array(items)), Value::Array(gone)) => {
            items.retain(|item| !gone.iter().any(|gone| is_same(item, gone)));
        }
        (Op::Remove, ..) => {
            whole.remove(name);
        }
        (Op::Add, Some(Value::Array(items)), added) => {
            let added = match added {
                Value::Array(added) => added.clone(),
                one => vec![one.clone()],
            };
            for one in added {
                if !items.iter().any(|item| is_same(item, &one)) {
                    items.push(one);
                }
            }
        }
        (_, Some(Value::Object(inner)), Value::Object(values)) => {
            for (part, value) in values {
                put(inner, Some(part), value);
            }
        }
        _ => {
            whole.insert(name.to_owned(), value.clone());
        }
    }
    Ok(())
}

/// Two of several are the same if they have the same value.
fn is_same(one: &Value, other: &Value) -> bool {
    let value = |item: &Value| item.get("value").unwrap_or(item).clone();
    value(one) == value(other)
}

fn matches(item: &Value, filter: &Filter) -> bool {
    filter.0.iter().all(|(attribute, wanted)| {
        let value = item.as_object().and_then(|item| item.get(&name_in(item, attribute)));
        match value {
            Some(Value::String(value)) => value.eq_ignore_ascii_case(wanted),
            Some(value) => value.to_string().eq_ignore_ascii_case(wanted),
            None => false,
        }
    })
}

fn put(into: &mut Map<String, Value>, part: Option<&str>, value: &Value) {
    match (part, value) {
        (Some(part), value) => {
            let part = name_in(into, part);
            into.insert(part, value.clone());
        }
        (None, Value::Object(values)) => {
            for (part, value) in values {
                put(into, Some(part), value);
            }
        }
        (None, value) => {
            into.insert("value".to_owned(), value.clone());
        }
    }
}

/// An attribute as this object writes it: their case does not count (RFC 7643, section 2.1).
pub(super) fn name_in(object: &Map<String, Value>, name: &str) -> String {
    object.keys().find(|key| key.eq_ignore_ascii_case(name)).cloned().unwrap_or_else(|| name.to_owned())
}

fn read_path(path: &str) -> Result<Target, ScimFault> {
    let wrong = || ScimFault::bad("invalidPath", format!("This is no path of an attribute: {path}"));
    let (before, which, after) = match (path.find('['), path.rfind(']')) {
        (Some(from), Some(to)) if from < to => {
            (&path[..from], Some(read_filter(&path[from + 1..to]).map_err(|_| wrong())?), &path[to + 1..])
        }
        (None, None) => (path, None, ""),
        _ => return Err(wrong()),
    };
    let plain = without_urn(before.trim());
    let (attribute, inner) = match plain.split_once('.') {
        // What belongs to a schema whose version has a point stands behind its last colon.
        Some((attribute, part)) => (attribute, Some(part)),
        None => (plain, None),
    };
    let part = match (after.strip_prefix('.'), inner) {
        (Some(part), None) => Some(part),
        (None, inner) if after.is_empty() => inner,
        _ => return Err(wrong()),
    };
    let is_name = |name: &str| {
        !name.is_empty()
            && name.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '$' | '-' | '_'))
    };
    if !is_name(attribute) || !part.is_none_or(is_name) {
        return Err(wrong());
    }
    Ok(Target { attribute: attribute.to_owned(), which, part: part.map(str::to_owned) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patched(resource: Value, operations: Value) -> Result<Value, &'static str> {
        let mut resource = resource;
        let request = serde_json::from_value(json!({ "Operations": operations })).unwrap();
        apply(&mut resource, &request).map_err(|fault| fault.kind.unwrap())?;
        Ok(resource)
    }

    #[test]
    fn what_entra_sends_is_done() {
        let amy = json!({ "userName": "amy@x.example", "active": true, "displayName": "Amy", "emails": [{ "type": "work", "value": "a@x.example" }] });
        let operations = json!([
            { "op": "Replace", "path": "active", "value": "False" },
            { "op": "Add", "path": "emails[type eq \"work\"].value", "value": "b@x.example" },
            { "op": "Add", "path": "phoneNumbers[type eq \"mobile\"].value", "value": "1" },
            { "op": "Replace", "value": { "displayName": "Amy B", "name.familyName": "B" } },
            { "op": "Add", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", "value": "IT" },
            { "op": "Remove", "path": "TITLE" },
        ]);
        let wanted = json!({
            "userName": "amy@x.example", "active": "False", "displayName": "Amy B", "name": { "familyName": "B" },
            "emails": [{ "type": "work", "value": "b@x.example" }],
            "phoneNumbers": [{ "type": "mobile", "value": "1" }], "department": "IT",
        });
        assert_eq!(patched(amy, operations), Ok(wanted));
    }

    #[test]
    fn what_okta_sends_along_changes_nothing() {
        let group = json!({ "id": "1", "displayName": "A", "schemas": [], "meta": { "resourceType": "Group" } });
        let sent = |id: &str| json!([{ "op": "replace", "value": { "id": id, "displayName": "B", "schemas": ["x"], "META": {} } }]);
        let wanted = json!({ "id": "1", "displayName": "B", "schemas": [], "meta": { "resourceType": "Group" } });
        assert_eq!(patched(group.clone(), sent("1")), Ok(wanted));
        assert_eq!(patched(group, sent("2")), Err("mutability"));
    }

    #[test]
    fn members_come_and_go() {
        let group = json!({ "displayName": "A", "members": [{ "value": "1" }, { "value": "2" }, { "value": "3" }] });
        let members = |operations: Value| {
            let patched = patched(group.clone(), operations).unwrap();
            let members = patched.get("members").and_then(Value::as_array).cloned().unwrap_or_default();
            members.iter().map(|member| member["value"].as_str().unwrap().to_owned()).collect::<Vec<_>>().join(" ")
        };
        for (operation, left) in [
            (json!({ "op": "add", "path": "members", "value": [{ "value": "3" }, { "value": "4" }] }), "1 2 3 4"),
            (json!({ "op": "add", "path": "members", "value": { "value": "4" } }), "1 2 3 4"),
            (json!({ "op": "add", "value": { "members": [{ "value": "4" }] } }), "1 2 3 4"),
            (json!({ "op": "remove", "path": "members[value eq \"2\"]" }), "1 3"),
            (json!({ "op": "Remove", "path": "members", "value": [{ "value": "1" }] }), "2 3"),
            (json!({ "op": "remove", "path": "members" }), ""),
            (json!({ "op": "replace", "path": "members", "value": [{ "value": "9" }] }), "9"),
            (json!({ "op": "replace", "value": { "members": [] } }), ""),
        ] {
            assert_eq!(members(json!([operation.clone()])), left, "{operation}");
        }
    }

    #[test]
    fn what_cannot_be_done_is_said() {
        for (operation, kind) in [
            (json!({ "op": "move", "path": "active" }), "invalidSyntax"),
            (json!({ "op": "remove" }), "noTarget"),
            (json!({ "op": "add", "value": "x" }), "invalidValue"),
            (json!({ "op": "replace", "path": "id", "value": "x" }), "mutability"),
            (json!({ "op": "replace", "path": "Meta.location", "value": "x" }), "mutability"),
            (json!({ "op": "replace", "path": "members[value", "value": "x" }), "invalidPath"),
            (json!({ "op": "replace", "path": "members[value sw \"x\"]", "value": "x" }), "invalidPath"),
            (json!({ "op": "replace", "path": "", "value": "x" }), "invalidPath"),
            (json!({ "op": "replace", "path": "a..b", "value": "x" }), "invalidPath"),
            (json!({ "op": "replace", "path": "displayName.x", "value": "x" }), "invalidPath"),
            (json!({ "op": "replace", "path": "displayName[a eq \"b\"]", "value": "x" }), "invalidPath"),
        ] {
            assert_eq!(patched(json!({ "displayName": "A" }), json!([operation.clone()])), Err(kind), "{operation}");
        }
    }
}
