use chrono::{DateTime, SecondsFormat, Utc};
use engine::catalogue::Organisation;
use serde_json::{Map, Value, json};

use super::{group::GROUP, user::USER};

/// What a resource says of itself.
pub(super) fn meta(kind: &str, id: &str, made_at: DateTime<Utc>, base_url: &str) -> Value {
    let location = format!("{}/scim/v2/{kind}s/{id}", base_url.trim_end_matches('/'));
    json!({ "resourceType": kind, "created": made_at.to_rfc3339_opts(SecondsFormat::Millis, true), "location": location })
}

/// A page of what was found.
pub(crate) fn list(found: Vec<Value>, total: u64, start: u64) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": total,
        "startIndex": start,
        "itemsPerPage": found.len(),
        "Resources": found,
    })
}

/// Whether an attribute is to be given where those alone are asked for, or all but those: names with commas between them.
pub(crate) fn is_wanted(attribute: &str, alone: Option<&str>, without: Option<&str>) -> bool {
    let named = |list: &str| {
        list.split(',').any(|name| {
            let name = super::filter::without_urn(name.trim());
            name.split('.').next().is_some_and(|name| name.eq_ignore_ascii_case(attribute))
        })
    };
    match (alone, without) {
        (Some(alone), _) => named(alone),
        (None, Some(without)) => !named(without),
        (None, None) => true,
    }
}

/// A resource with the attributes that are wanted. Of one with parts it is given whole.
pub(crate) fn only(shown: Value, attributes: Option<&str>, without: Option<&str>) -> Value {
    let Value::Object(shown) = shown else { return shown };
    let is_kept = |key: &String| matches!(key.as_str(), "schemas" | "id") || is_wanted(key, attributes, without);
    shown.into_iter().filter(|(key, _)| is_kept(key)).collect::<Map<String, Value>>().into()
}

/// What of the standard Induct does (RFC 7643, section 5).
pub(crate) fn service_provider_config(base_url: &str) -> Value {
    let no = json!({ "supported": false });
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
        "patch": { "supported": true },
        "bulk": { "supported": false, "maxOperations": 0, "maxPayloadSize": 0 },
        "filter": { "supported": true, "maxResults": engine::Known::<()>::MOST },
        "changePassword": no,
        "sort": no,
        "etag": no,
        "authenticationSchemes": [{
            "type": "oauthbearertoken",
            "name": "A token",
            "description": "Made by `induct token create --role administrator`, and shown as Authorization: Bearer.",
            "primary": true,
        }],
        "meta": { "resourceType": "ServiceProviderConfig", "location": address(base_url, "ServiceProviderConfig") },
    })
}

fn address(base_url: &str, what: &str) -> String {
    format!("{}/scim/v2/{what}", base_url.trim_end_matches('/'))
}

/// Which resources there are, each with its id.
pub(crate) fn resource_types(base_url: &str) -> Vec<(&'static str, Value)> {
    [("User", "/Users", USER), ("Group", "/Groups", GROUP)]
        .into_iter()
        .map(|(name, endpoint, schema)| {
            let location = address(base_url, &format!("ResourceTypes/{name}"));
            let resource_type = json!({
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
                "id": name,
                "name": name,
                "endpoint": endpoint,
                "schema": schema,
                "meta": { "resourceType": "ResourceType", "location": location },
            });
            (name, resource_type)
        })
        .collect()
}

/// What of an attribute differs from what most are like.
#[derive(Clone, Copy, Default)]
struct Traits {
    required: bool,
    exact: bool,
    read_only: bool,
    unique: bool,
}

fn attribute(name: &str, kind: &str, about: &str, traits: Traits) -> Value {
    json!({
        "name": name,
        "type": kind,
        "multiValued": false,
        "description": about,
        "required": traits.required,
        "caseExact": traits.exact,
        "mutability": if traits.read_only { "readOnly" } else { "readWrite" },
        "returned": "default",
        "uniqueness": if traits.unique { "server" } else { "none" },
    })
}

/// What does not change once it is there, but with what it belongs to.
fn fixed(mut of: Value) -> Value {
    of["mutability"] = json!("immutable");
    of
}

fn parts(mut of: Value, is_multi_valued: bool, sub: Vec<Value>) -> Value {
    of["multiValued"] = json!(is_multi_valued);
    of["subAttributes"] = json!(sub);
    of
}

/// What the resources are made of, each schema with its id.
pub(crate) fn schemas(base_url: &str, provider: &Organisation) -> Vec<(&'static str, Value)> {
    let plain = Traits::default();
    let ours = Traits { read_only: true, ..plain };
    let mut user_type = attribute(
        "userType",
        "string",
        "As whom they are here, in the provider's words; several with commas between them.",
        Traits { required: true, ..plain },
    );
    let listed: Vec<&str> = provider.audiences.iter().map(|listed| listed.id.as_str()).collect();
    user_type["canonicalValues"] = json!(listed);
    let user = vec![
        attribute(
            "userName",
            "string",
            "The e-mail address that they sign in with and are written to, or another name, if emails has the address.",
            Traits { required: true, unique: true, ..plain },
        ),
        attribute("displayName", "string", "How they are greeted.", Traits { required: true, ..plain }),
        parts(
            attribute("name", "complex", "As displayName, which counts before it.", ours),
            false,
            vec![attribute("formatted", "string", "As displayName.", ours)],
        ),
        attribute(
            "active",
            "boolean",
            "Whether they are here. Who is not has left, and everything that they did stays.",
            Traits { required: true, ..plain },
        ),
        user_type,
        parts(
            attribute("emails", "complex", "The address, where userName is none; otherwise as userName.", plain),
            true,
            vec![
                attribute("value", "string", "The address.", plain),
                attribute("type", "string", "Always work.", ours),
                attribute("primary", "boolean", "Always true.", ours),
            ],
        ),
        parts(
            attribute("groups", "complex", "The groups that they belong to.", ours),
            true,
            vec![
                attribute("value", "string", "The id of the group.", ours),
                attribute("display", "string", "What it is called.", ours),
                attribute("type", "string", "Always direct.", ours),
            ],
        ),
    ];
    let mut reference = fixed(attribute("$ref", "reference", "Where the person is.", Traits { exact: true, ..plain }));
    reference["referenceTypes"] = json!(["User"]);
    let group = vec![
        attribute(
            "displayName",
            "string",
            "Where it stands, from the top: Northfield/Cohort A.",
            Traits { required: true, unique: true, ..plain },
        ),
        parts(
            attribute("members", "complex", "Who belongs to it.", plain),
            true,
            vec![
                fixed(attribute(
                    "value",
                    "string",
                    "The id of the person.",
                    Traits { required: true, exact: true, ..plain },
                )),
                reference,
            ],
        ),
    ];
    [(USER, "User", user), (GROUP, "Group", group)]
        .into_iter()
        .map(|(id, name, attributes)| {
            let location = address(base_url, &format!("Schemas/{id}"));
            let schema = json!({
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
                "id": id,
                "name": name,
                "description": name,
                "attributes": attributes,
                "meta": { "resourceType": "Schema", "location": location },
            });
            (id, schema)
        })
        .collect()
}
