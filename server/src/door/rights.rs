//! The table of rights: every address, and who may use it. The router is built from it, and a test walks all of it.
//!
//! It says who is let in at the door. What they find behind it is narrowed again in the engine: a module's or an agreement's
//! audience, one's own attempts and signatures, the groups that one looks after.

use axum::http::Method;
use engine::{Person, Role};

/// Who may use an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Anybody, signed in or not.
    Nothing,
    /// Whoever shows the token that the settings have for it; to anybody else there is no such address.
    MetricsToken,
    /// Whoever shows a token that has the duty of an administrator over everybody; nobody has it by who they are.
    Directory,
    /// Whoever is signed in.
    SignedIn,
    /// Whoever is signed in and has one of these roles.
    Role(&'static [Role]),
}

impl Need {
    /// Whether this person may come in.
    #[must_use]
    pub fn allows(self, person: &Person) -> bool {
        match self {
            Self::Nothing | Self::SignedIn => true,
            // Nobody has it by who they are.
            Self::MetricsToken | Self::Directory => false,
            Self::Role(roles) => roles.iter().any(|role| person.is(*role)),
        }
    }
}

/// An address, and who may use it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Right {
    /// GET, or POST for whatever changes something; what a directory sends has methods of its own.
    pub method: Method,
    /// The address, with its variable parts in braces.
    pub path: &'static str,
    /// Who may use it.
    pub need: Need,
}

const fn get(path: &'static str, need: Need) -> Right {
    Right { method: Method::GET, path, need }
}

const fn post(path: &'static str, need: Need) -> Right {
    Right { method: Method::POST, path, need }
}

/// What a directory sends: by its protocol each change has a method of its own.
const fn directory(method: Method, path: &'static str) -> Right {
    Right { method, path, need: Need::Directory }
}

/// Who checks what others have signed. What they see of it is narrowed to those whom their duties are over.
pub(crate) const AUDIT: Need = Need::Role(&[Role::Auditor, Role::Administrator]);

/// Who changes who is here, in which groups and with which duties. Of whom is narrowed to those whom their duties are over.
pub(crate) const ORGANISE: Need = Need::Role(&[Role::Administrator]);

/// Who says what is asked of others, excuses them and gives them attempts. Of whom is narrowed to those whom their duties are over.
pub(crate) const GIVE: Need = Need::Role(&[Role::Manager, Role::Dsl, Role::Administrator]);

/// Who sees how those stand altogether whom their duties are over.
pub(crate) const OVERSEE: Need = Need::Role(&[Role::Manager, Role::Dsl, Role::Administrator]);

/// Who sees what others answered: whoever teaches them, and safeguarding leads.
const TEACHES: Need = Need::Role(&[Role::Manager, Role::Dsl]);
/// Who looks after this installation. Only an administrator everywhere finds anything behind it.
const ADMINISTRATORS: Need = Need::Role(&[Role::Administrator]);

/// Every address of Induct.
pub static RIGHTS: &[Right] = &[
    get("/", Need::SignedIn),
    get("/sign-in", Need::Nothing),
    post("/sign-in", Need::Nothing),
    get("/sign-in/code", Need::Nothing),
    post("/sign-in/code", Need::Nothing),
    get("/sign-in/with", Need::Nothing),
    get("/sign-in/back", Need::Nothing),
    post("/sign-in/passkey/ask", Need::Nothing),
    post("/sign-in/passkey", Need::Nothing),
    get("/sign-in/forgotten", Need::Nothing),
    post("/sign-in/forgotten", Need::Nothing),
    post("/sign-out", Need::Nothing),
    post("/leave", Need::Nothing),
    get("/help", Need::Nothing),
    get("/help/card", Need::Nothing),
    get("/help/poster", Need::Nothing),
    get("/privacy", Need::Nothing),
    get("/accessibility", Need::Nothing),
    get("/employers", Need::Nothing),
    get("/families", Need::Nothing),
    post("/words", Need::SignedIn),
    get("/matrix", Need::Role(&Role::READERS)),
    get("/matrix/rows", Need::Role(&Role::READERS)),
    get("/matrix/csv", Need::Role(&Role::READERS)),
    get("/matrix/xlsx", Need::Role(&Role::READERS)),
    get("/matrix/selected", GIVE),
    post("/matrix/assign", GIVE),
    post("/matrix/exempt", GIVE),
    post("/matrix/attempts", GIVE),
    post("/matrix/remind", GIVE),
    get("/matrix/done", GIVE),
    get("/matrix/done/{together}", GIVE),
    post("/matrix/done/{together}/undo", GIVE),
    post("/matrix/views", Need::Role(&Role::READERS)),
    post("/matrix/views/{view}/delete", Need::Role(&Role::READERS)),
    get("/overview", OVERSEE),
    get("/people/{person}", Need::Role(&Role::READERS)),
    get("/people", Need::Role(&Role::READERS)),
    get("/people/new", ORGANISE),
    post("/people/new", ORGANISE),
    get("/people/import", ORGANISE),
    post("/people/import", ORGANISE),
    get("/people/import/{upload}", ORGANISE),
    post("/people/import/{upload}", ORGANISE),
    post("/people/import/undo", ORGANISE),
    get("/people/{person}/change", ORGANISE),
    post("/people/{person}/change", ORGANISE),
    post("/people/{person}/way-in", ORGANISE),
    post("/people/{person}/second-factor", ORGANISE),
    post("/people/{person}/sign-on", ORGANISE),
    get("/groups", Need::Role(&Role::READERS)),
    post("/groups", ORGANISE),
    get("/groups/{group}", Need::Role(&Role::READERS)),
    post("/groups/{group}", ORGANISE),
    get("/groups/{group}/codes/{code}", ORGANISE),
    post("/groups/{group}/ways-in", ORGANISE),
    get("/join", Need::Nothing),
    get("/join/{code}", Need::Nothing),
    post("/join/{code}", Need::Nothing),
    get("/welcome/{secret}", Need::Nothing),
    post("/welcome/{secret}", Need::Nothing),
    get("/people/{person}/attempts/{attempt}", TEACHES),
    get("/people/{person}/exemptions", GIVE),
    post("/people/{person}/exemptions", GIVE),
    post("/people/{person}/exemptions/{exemption}/end", GIVE),
    get("/assignments", GIVE),
    get("/assignments/new", GIVE),
    post("/assignments", GIVE),
    get("/assignments/{assignment}/end", GIVE),
    post("/assignments/{assignment}/end", GIVE),
    get("/people/{person}/data", ADMINISTRATORS),
    get("/people/{person}/data/file", ADMINISTRATORS),
    get("/people/{person}/erase", ADMINISTRATORS),
    post("/people/{person}/erase", ADMINISTRATORS),
    get("/account", Need::SignedIn),
    get("/account/password", Need::SignedIn),
    post("/account/password", Need::SignedIn),
    post("/account/sessions/end", Need::SignedIn),
    post("/account/letters", Need::SignedIn),
    get("/account/second-factor", Need::SignedIn),
    post("/account/second-factor", Need::SignedIn),
    post("/account/second-factor/confirm", Need::SignedIn),
    post("/account/second-factor/codes", Need::SignedIn),
    post("/account/second-factor/end", Need::SignedIn),
    get("/account/passkeys", Need::SignedIn),
    post("/account/passkeys/ask", Need::SignedIn),
    post("/account/passkeys", Need::SignedIn),
    post("/account/passkeys/end", Need::SignedIn),
    get("/account/sign-on", Need::SignedIn),
    post("/account/sign-on", Need::SignedIn),
    get("/account/data", Need::SignedIn),
    get("/account/data/file", Need::SignedIn),
    get("/programmes", Need::SignedIn),
    get("/programmes/{programme}", Need::SignedIn),
    get("/modules", Need::SignedIn),
    get("/modules/{module}", Need::SignedIn),
    get("/modules/{module}/{page}", Need::SignedIn),
    post("/modules/{module}/{page}/read", Need::SignedIn),
    post("/time/{module}", Need::SignedIn),
    get("/modules/{module}/versions", Need::SignedIn),
    get("/modules/{module}/versions/{number}", Need::SignedIn),
    get("/modules/{module}/quiz", Need::SignedIn),
    post("/modules/{module}/quiz", Need::SignedIn),
    get("/modules/{module}/quiz/refresher", Need::SignedIn),
    post("/modules/{module}/quiz/refresher", Need::SignedIn),
    get("/attempts/{attempt}", Need::SignedIn),
    get("/attempts/{attempt}/review", Need::SignedIn),
    post("/attempts/{attempt}/answers", Need::SignedIn),
    post("/attempts/{attempt}/submit", Need::SignedIn),
    post("/attempts/{attempt}/whole", Need::SignedIn),
    get("/agreements", Need::SignedIn),
    get("/agreements/{agreement}", Need::SignedIn),
    get("/agreements/{agreement}/versions", Need::SignedIn),
    get("/agreements/{agreement}/versions/csv", Need::SignedIn),
    get("/agreements/{agreement}/versions/{number}", Need::SignedIn),
    get("/agreements/{agreement}/sign", Need::SignedIn),
    post("/agreements/{agreement}/sign", Need::SignedIn),
    get("/agreements/{agreement}/decline", Need::SignedIn),
    post("/agreements/{agreement}/decline", Need::SignedIn),
    get("/declines/{decline}", Need::SignedIn),
    get("/modules/{module}/run-sheet", GIVE),
    get("/discussions", GIVE),
    get("/discussions/{discussion}", Need::SignedIn),
    post("/discussions/{discussion}", Need::SignedIn),
    get("/people/{person}/discussions", GIVE),
    post("/people/{person}/discussions", GIVE),
    get("/workshops", Need::SignedIn),
    post("/workshops", Need::SignedIn),
    get("/workshops/new", GIVE),
    post("/workshops/new", GIVE),
    get("/workshops/{workshop}", GIVE),
    post("/workshops/{workshop}", GIVE),
    get("/workshops/{workshop}/sign-in", GIVE),
    post("/workshops/{workshop}/sign-in", GIVE),
    get("/workshops/{workshop}/resources", Need::SignedIn),
    post("/workshops/{workshop}/resources", GIVE),
    get("/workshops/{workshop}/resources/{resource}", Need::SignedIn),
    post("/workshops/{workshop}/resources/{resource}/end", GIVE),
    get("/submitted", Need::SignedIn),
    post("/submitted", Need::SignedIn),
    post("/submitted/csv", Need::SignedIn),
    get("/passes/{completion}/withdraw", ORGANISE),
    post("/passes/{completion}/withdraw", ORGANISE),
    get("/signatures/{signature}", Need::SignedIn),
    get("/receipts/{signature}", Need::SignedIn),
    get("/receipts/{signature}/file", Need::SignedIn),
    get("/cpd", Need::SignedIn),
    get("/cpd/file", Need::SignedIn),
    get("/cpd/elsewhere", Need::SignedIn),
    post("/cpd/elsewhere", Need::SignedIn),
    get("/cpd/elsewhere/{evidence}/file", Need::SignedIn),
    get("/cpd/elsewhere/{evidence}/end", Need::SignedIn),
    post("/cpd/elsewhere/{evidence}/end", Need::SignedIn),
    get("/calendar/{feed}", Need::Nothing),
    post("/cpd/calendar", Need::SignedIn),
    get("/cpd/reflections/{completion}", Need::SignedIn),
    post("/cpd/reflections/{completion}", Need::SignedIn),
    get("/certificates/{completion}", Need::SignedIn),
    get("/certificates/{completion}/badge", Need::SignedIn),
    get("/badges/issuer", Need::Nothing),
    get("/badges/keys", Need::Nothing),
    get("/badges/keys/{key}", Need::Nothing),
    get("/verify", Need::Nothing),
    get("/verify/{code}", Need::Nothing),
    get("/audit", AUDIT),
    get("/audit/unsigned", AUDIT),
    get("/audit/declined", AUDIT),
    get("/audit/looks", AUDIT),
    post("/audit/csv", AUDIT),
    post("/audit/xlsx", AUDIT),
    post("/audit/unsigned/csv", AUDIT),
    post("/audit/unsigned/xlsx", AUDIT),
    post("/audit/declined/csv", AUDIT),
    post("/audit/declined/xlsx", AUDIT),
    get("/audit/pack", AUDIT),
    post("/audit/pack", AUDIT),
    get("/audit/verify", Need::Nothing),
    get("/admin", ORGANISE),
    get("/admin/contacts", ADMINISTRATORS),
    get("/admin/settings", ADMINISTRATORS),
    post("/admin/settings", ADMINISTRATORS),
    get("/admin/log", AUDIT),
    get("/admin/jobs", ADMINISTRATORS),
    get("/admin/sessions", ORGANISE),
    get("/admin/sessions/{person}", ORGANISE),
    post("/admin/sessions/{person}", ORGANISE),
    get("/letters/stop/{secret}", Need::Nothing),
    post("/letters/stop/{secret}", Need::Nothing),
    get("/admin/letters", ADMINISTRATORS),
    post("/admin/letters", ADMINISTRATORS),
    get("/admin/reminders", ADMINISTRATORS),
    post("/admin/reminders", ADMINISTRATORS),
    get("/log/checkpoint", Need::Nothing),
    get("/log/tile/{*tile}", Need::Nothing),
    get("/media/{file}", Need::SignedIn),
    post("/tutor-tasks/{task}/allow", Need::Role(&[Role::Manager, Role::Dsl, Role::Administrator])),
    directory(Method::GET, "/scim/v2/ServiceProviderConfig"),
    directory(Method::GET, "/scim/v2/ResourceTypes"),
    directory(Method::GET, "/scim/v2/ResourceTypes/{name}"),
    directory(Method::GET, "/scim/v2/Schemas"),
    directory(Method::GET, "/scim/v2/Schemas/{name}"),
    directory(Method::GET, "/scim/v2/Users"),
    directory(Method::POST, "/scim/v2/Users"),
    directory(Method::POST, "/scim/v2/Users/.search"),
    directory(Method::GET, "/scim/v2/Users/{person}"),
    directory(Method::PUT, "/scim/v2/Users/{person}"),
    directory(Method::PATCH, "/scim/v2/Users/{person}"),
    directory(Method::DELETE, "/scim/v2/Users/{person}"),
    directory(Method::GET, "/scim/v2/Groups"),
    directory(Method::POST, "/scim/v2/Groups"),
    directory(Method::POST, "/scim/v2/Groups/.search"),
    directory(Method::GET, "/scim/v2/Groups/{group}"),
    directory(Method::PUT, "/scim/v2/Groups/{group}"),
    directory(Method::PATCH, "/scim/v2/Groups/{group}"),
    directory(Method::DELETE, "/scim/v2/Groups/{group}"),
    get("/healthz", Need::Nothing),
    get("/readyz", Need::Nothing),
    get("/metrics", Need::MetricsToken),
    get("/assets/{file}", Need::Nothing),
];

/// The row of an address.
pub(crate) fn right(method: &Method, path: &str) -> Option<&'static Right> {
    RIGHTS.iter().find(|right| right.method == *method && right.path == path)
}
