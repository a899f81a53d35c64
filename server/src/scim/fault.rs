use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use engine::{
    AddPersonError, AudienceError, GroupError, KeepGroupError, KeepUserError, MembershipError, Refused, StayError,
    StoreError, UserNameError,
};
use serde_json::{Value, json};

/// Why a request came to nothing, in the words of RFC 7644, section 3.12.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ScimFault {
    /// The status of the reply.
    pub(crate) status: StatusCode,
    /// One of the kinds that the standard lists. `None`: it has none for this.
    pub(crate) kind: Option<&'static str>,
    /// What is wrong, for whoever looks after the directory.
    pub(crate) detail: String,
}

impl ScimFault {
    /// A value that cannot be.
    pub(crate) fn value(detail: impl Into<String>) -> Self {
        Self::bad("invalidValue", detail)
    }

    /// A request of that kind of wrong.
    pub(crate) fn bad(kind: &'static str, detail: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, kind: Some(kind), detail: detail.into() }
    }

    /// There is no such resource.
    pub(crate) fn not_found() -> Self {
        let detail = "There is no such resource, or it was deleted.".to_owned();
        Self { status: StatusCode::NOT_FOUND, kind: None, detail }
    }

    /// It is part of the standard, and not of what there is here.
    pub(crate) fn not_here() -> Self {
        let detail = "People and groups are looked for at /Users/.search and /Groups/.search.".to_owned();
        Self { status: StatusCode::NOT_IMPLEMENTED, kind: None, detail }
    }

    /// Somebody else is called that already, or signs in with that address.
    pub(crate) fn user_name_taken() -> Self {
        Self::taken("Somebody has that userName already.")
    }

    /// Something else has what this one was to have.
    fn taken(detail: impl ToString) -> Self {
        Self { status: StatusCode::CONFLICT, kind: Some("uniqueness"), detail: detail.to_string() }
    }

    /// What is recorded already stands against it.
    pub(crate) fn conflict(detail: impl ToString) -> Self {
        Self { status: StatusCode::CONFLICT, kind: None, detail: detail.to_string() }
    }

    /// Whoever asks shows no token that counts, or one that may not do this.
    pub(crate) fn forbidden(status: StatusCode, detail: &str) -> Self {
        Self { status, kind: None, detail: detail.to_owned() }
    }
}

impl IntoResponse for ScimFault {
    fn into_response(self) -> Response {
        let mut said = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
            "status": self.status.as_u16().to_string(),
            "detail": self.detail,
        });
        if let Some(kind) = self.kind {
            said["scimType"] = json!(kind);
        }
        let mut response = reply(self.status, &said);
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// A reply in the standard's media type.
pub(crate) fn reply(status: StatusCode, said: &Value) -> Response {
    let mut response = (status, Json(said)).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/scim+json"));
    response
}

impl From<StoreError> for ScimFault {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "what a directory asked for failed");
        // What passes is tried again by the directory; what does not is for somebody to look at.
        let status = match error.trouble() {
            Some(_) => StatusCode::SERVICE_UNAVAILABLE,
            None => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self { status, kind: None, detail: "The database failed. Try again later.".to_owned() }
    }
}

impl From<Refused> for ScimFault {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::NotForYou => Self::forbidden(StatusCode::FORBIDDEN, "This token has ended, or may not do this."),
            Refused::Internal(error) => error.into(),
            _ => Self::not_found(),
        }
    }
}

const NOT_THEIRS: &str = "This token has ended, or may not do this.";

const OWN_WORD: &str = "This person began by a join code, and typed the address themselves. If it is theirs, give them the id of your directory on \
     their page in Induct; if it is not, give them another address there.";

impl From<KeepUserError> for ScimFault {
    fn from(error: KeepUserError) -> Self {
        match error {
            KeepUserError::NotTheirs => Self::forbidden(StatusCode::FORBIDDEN, NOT_THEIRS),
            KeepUserError::NoSuchPerson => Self::not_found(),
            KeepUserError::OwnWord => Self::conflict(OWN_WORD),
            KeepUserError::Details(error) => error.into(),
            KeepUserError::UserName(error) => error.into(),
            KeepUserError::Audience(error) => error.into(),
            KeepUserError::Stay(error) => error.into(),
            KeepUserError::Internal(error) => error.into(),
        }
    }
}

impl From<KeepGroupError> for ScimFault {
    fn from(error: KeepGroupError) -> Self {
        match error {
            KeepGroupError::Group(error) => error.into(),
            KeepGroupError::Member(error) => error.into(),
            KeepGroupError::Internal(error) => error.into(),
        }
    }
}

impl From<AddPersonError> for ScimFault {
    fn from(error: AddPersonError) -> Self {
        match error {
            AddPersonError::EmailTaken => Self::user_name_taken(),
            AddPersonError::ExternalIdTaken => Self::taken("Somebody has that externalId already."),
            AddPersonError::NotTheirs => Self::forbidden(StatusCode::FORBIDDEN, NOT_THEIRS),
            AddPersonError::Internal(error) => error.into(),
            AddPersonError::Email => {
                Self::value("userName must be an e-mail address: it is what they sign in with and are written to.")
            }
            other => Self::value(sentence(&other)),
        }
    }
}

impl From<UserNameError> for ScimFault {
    fn from(error: UserNameError) -> Self {
        match error {
            UserNameError::Taken => Self::user_name_taken(),
            UserNameError::NotTheirs => Self::forbidden(StatusCode::FORBIDDEN, NOT_THEIRS),
            UserNameError::Internal(error) => error.into(),
            UserNameError::Name(_) => Self::value(sentence(&error)),
        }
    }
}

impl From<AudienceError> for ScimFault {
    fn from(error: AudienceError) -> Self {
        match error {
            AudienceError::NotTheirs => Self::forbidden(StatusCode::FORBIDDEN, NOT_THEIRS),
            AudienceError::NoSuchPerson => Self::not_found(),
            AudienceError::Internal(error) => error.into(),
            AudienceError::Unknown(unknown) => Self::value(sentence(&unknown)),
            other => Self::conflict(sentence(&other)),
        }
    }
}

impl From<StayError> for ScimFault {
    fn from(error: StayError) -> Self {
        match error {
            StayError::NotTheirs => Self::forbidden(StatusCode::FORBIDDEN, NOT_THEIRS),
            StayError::NoSuchPerson => Self::not_found(),
            StayError::Internal(error) => error.into(),
            other => Self::conflict(sentence(&other)),
        }
    }
}

impl From<GroupError> for ScimFault {
    fn from(error: GroupError) -> Self {
        match error {
            GroupError::NotTheirs => Self::forbidden(StatusCode::FORBIDDEN, NOT_THEIRS),
            GroupError::NoSuchGroup => Self::not_found(),
            GroupError::NameTaken => Self::taken(sentence(&GroupError::NameTaken)),
            GroupError::Name(_) | GroupError::Slash => Self::value(sentence(&error)),
            GroupError::Internal(error) => error.into(),
            other => Self::conflict(sentence(&other)),
        }
    }
}

impl From<MembershipError> for ScimFault {
    fn from(error: MembershipError) -> Self {
        match error {
            MembershipError::NotTheirs => Self::forbidden(StatusCode::FORBIDDEN, NOT_THEIRS),
            MembershipError::NoSuchGroup => Self::not_found(),
            MembershipError::NoSuchPerson => Self::value("One of the members is nobody whom Induct knows."),
            MembershipError::Internal(error) => error.into(),
            other => Self::conflict(sentence(&other)),
        }
    }
}

/// What an error says, as a sentence.
fn sentence(error: &impl ToString) -> String {
    let said = error.to_string();
    let mut letters = said.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}
