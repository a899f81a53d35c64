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
            Self::Role(roles) => roles.iter().any(|role| person.is(*role)),
        }
    }
}

/// An address, and who may use it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Right {
    /// GET, or POST for whatever changes something.
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

/// Who checks what others have signed. What they see of it is narrowed to those whom their duties are over.
pub(crate) const AUDIT: Need = Need::Role(&[Role::Auditor, Role::Administrator]);

/// Every address of Induct.
pub static RIGHTS: &[Right] = &[
    get("/", Need::SignedIn),
    get("/sign-in", Need::Nothing),
    post("/sign-in", Need::Nothing),
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
    get("/matrix/csv", Need::Role(&Role::READERS)),
    get("/matrix/xlsx", Need::Role(&Role::READERS)),
    get("/people/{person}", Need::Role(&Role::READERS)),
    get("/modules", Need::SignedIn),
    get("/modules/{module}", Need::SignedIn),
    get("/modules/{module}/{page}", Need::SignedIn),
    post("/modules/{module}/{page}/read", Need::SignedIn),
    get("/modules/{module}/versions", Need::SignedIn),
    get("/modules/{module}/versions/{number}", Need::SignedIn),
    get("/modules/{module}/quiz", Need::SignedIn),
    post("/modules/{module}/quiz", Need::SignedIn),
    get("/attempts/{attempt}", Need::SignedIn),
    get("/attempts/{attempt}/review", Need::SignedIn),
    post("/attempts/{attempt}/answers", Need::SignedIn),
    post("/attempts/{attempt}/submit", Need::SignedIn),
    get("/agreements", Need::SignedIn),
    get("/agreements/{agreement}", Need::SignedIn),
    get("/agreements/{agreement}/versions", Need::SignedIn),
    get("/agreements/{agreement}/versions/{number}", Need::SignedIn),
    get("/agreements/{agreement}/sign", Need::SignedIn),
    post("/agreements/{agreement}/sign", Need::SignedIn),
    get("/signatures/{signature}", Need::SignedIn),
    get("/receipts/{signature}", Need::SignedIn),
    get("/receipts/{signature}/file", Need::SignedIn),
    get("/cpd", Need::SignedIn),
    get("/cpd/file", Need::SignedIn),
    get("/audit", AUDIT),
    get("/audit/unsigned", AUDIT),
    get("/audit/looks", AUDIT),
    post("/audit/csv", AUDIT),
    get("/audit/pack", AUDIT),
    post("/audit/pack", AUDIT),
    get("/audit/verify", Need::Nothing),
    get("/log/checkpoint", Need::Nothing),
    get("/log/tile/{*tile}", Need::Nothing),
    get("/media/{file}", Need::SignedIn),
    post("/tutor-tasks/{task}/allow", Need::Role(&[Role::Manager, Role::Dsl, Role::Administrator])),
    get("/healthz", Need::Nothing),
    get("/readyz", Need::Nothing),
    get("/assets/{file}", Need::Nothing),
];

/// The row of an address.
pub(crate) fn right(method: &Method, path: &str) -> Option<&'static Right> {
    RIGHTS.iter().find(|right| right.method == *method && right.path == path)
}
