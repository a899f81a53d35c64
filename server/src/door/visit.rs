use std::{convert::Infallible, sync::Arc};

use app::pages::{Frame, Place, Rendered, SignOnOffer, Slots, WasSending, sign_in};
use axum::{
    extract::{FromRequestParts, Request},
    http::{Method, StatusCode, request::Parts},
    response::{IntoResponse as _, Redirect, Response},
};

use engine::{KeptForm, Person, Role};

use super::{
    answered::Answered,
    app_state::AppState,
    fail::Fail,
    form::form,
    headers::html,
    keeps::Keeps,
    limit::{LARGEST_BODY, takes_files},
    rights::{AUDIT, GIVE, ORGANISE, OVERSEE},
    sessions::Reader,
};
use crate::assets::FILES;

/// One request, with who makes it. Handlers take it as an argument; the guard has put it there.
#[derive(Clone)]
pub(crate) struct Visit {
    pub state: AppState,
    reader: Option<Arc<Reader>>,
    wants_json: bool,
    place: Place,
}

impl Visit {
    pub(crate) fn new(state: AppState, reader: Option<Reader>, wants_json: bool) -> Self {
        Self { state, reader: reader.map(Arc::new), wants_json, place: Place::Elsewhere }
    }

    pub(crate) fn of_nobody(state: AppState) -> Self {
        Self { state, reader: None, wants_json: false, place: Place::Elsewhere }
    }

    /// The same visit, at an address of the table of rights.
    pub(crate) fn at(self, path: &str) -> Self {
        Self { place: Place::of(path), ..self }
    }

    /// The same visit once somebody has signed in. `None`: once nobody is signed in any more.
    pub(crate) fn by(self, reader: Option<Reader>) -> Self {
        Self { reader: reader.map(Arc::new), ..self }
    }

    pub(crate) fn maybe_reader(&self) -> Option<&Reader> {
        self.reader.as_deref()
    }

    /// Who is signed in. The guard has let nobody else through to a page that asks.
    pub(crate) fn reader(&self) -> Result<&Reader, Fail> {
        self.reader.as_deref().ok_or(Fail::NotForYou)
    }

    /// Whether whoever is signed in must set up a second factor before anything else. It is never asked of demonstration people.
    pub(crate) fn must_set_up_factor(&self) -> bool {
        let wanted = |reader: &Reader| self.state.engine.must_set_up_second_factor(&reader.person, &reader.signed_in);
        !self.state.demonstration && self.reader.as_deref().is_some_and(wanted)
    }

    pub(crate) fn wants_json(&self) -> bool {
        self.wants_json
    }

    pub(crate) fn frame(&self) -> Frame {
        let person = self.maybe_reader().map(|reader| &reader.person);
        Frame {
            around: self.state.surroundings.of(&self.state.engine.catalogue(), person),
            reader: person.map(|person| person.name.clone()),
            demonstration: self.state.demonstration,
            files: FILES,
            has_accounts: true,
            sees_others: person.is_some_and(|person| Role::READERS.iter().any(|role| person.is(*role))),
            organises: person.is_some_and(|person| ORGANISE.allows(person)),
            oversees: person.is_some_and(|person| OVERSEE.allows(person)),
            gives: person.is_some_and(|person| GIVE.allows(person)),
            checks: person.is_some_and(|person| AUDIT.allows(person)),
            checks_all: person.is_some_and(Person::checks_all),
            looks_after_all: person.is_some_and(Person::looks_after_all),
            sends_letters: self.state.engine.sends_letters(),
            passkeys: self.state.passkeys.is_some(),
            sign_on: self
                .state
                .sign_on
                .as_ref()
                .map(|sign_on| SignOnOffer { label: sign_on.label.clone(), only: sign_on.only }),
            place: self.place,
            slots: Slots::default(),
        }
    }

    pub(crate) fn html(&self, page: Rendered) -> Response {
        self.html_with(StatusCode::OK, page)
    }

    pub(crate) fn html_with(&self, answered: impl Into<Answered>, page: Rendered) -> Response {
        let answered = answered.into();
        let response = html(answered.status(), page, self.state.settings.is_secure());
        answered.on(response, self.state.engine.now())
    }

    /// The reply when there is no page of its own.
    pub(crate) fn fail(&self, fail: &Fail) -> Response {
        let (answered, page) = (fail.answered(), fail.rendered(self));
        if self.wants_json {
            answered.on(answered.status().into_response(), self.state.engine.now())
        } else {
            self.html_with(answered, page)
        }
    }

    /// Somebody must sign in first. What they were sending is kept in the page, sealed for whoever was the last to sign in with this
    /// browser.
    pub(crate) async fn ask_to_sign_in(self, request: Request) -> Response {
        if self.wants_json {
            return StatusCode::UNAUTHORIZED.into_response();
        }
        let keeps = Keeps::of(request.headers(), &self.state);
        if keeps.left && *request.method() != Method::POST {
            // Whoever goes back after leaving comes here: where they were must not stand in the address.
            return Redirect::to("/sign-in").into_response();
        }
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
        if *request.method() != Method::POST {
            let next = if path == "/" { String::new() } else { format!("?next={}", encoded(&path)) };
            return Redirect::to(&format!("/sign-in{next}")).into_response();
        }
        let owner = keeps.owner;
        let body = match form(request).await {
            Ok(body) => body,
            // A file is not kept; but whoever sent one is told that they must sign in, and not that it is no form.
            Err(Fail::NotAForm) if takes_files(&path) => {
                let page = sign_in(&self.frame(), "", "/", WasSending::Lost, None);
                return self.html_with(StatusCode::UNAUTHORIZED, page);
            }
            Err(fail) => return self.fail(&fail),
        };
        let fields = serde_html_form::from_bytes::<Vec<(String, String)>>(&body).unwrap_or_default();
        let fields = fields.into_iter().filter(|(name, _)| !SECRETS.contains(&name.as_str())).collect();
        let form = KeptForm { address: path, fields };
        let kept = match owner {
            Some(owner) if !self.state.settings.oidc_only => self.state.engine.keep_form(&owner, form).await,
            // Nobody has signed in here for a day: there is nobody for whom to seal it. Nor does it come along to another sign-in and back.
            _ => Ok(None),
        };
        let kept = match kept {
            Ok(kept) => kept.filter(|kept| kept.len() <= LARGEST_KEPT),
            Err(error) => return self.fail(&error.into()),
        };
        let sending = kept.as_deref().map_or(WasSending::Lost, WasSending::Kept);
        let page = sign_in(&self.frame(), "", "/", sending, None);
        self.html_with(StatusCode::UNAUTHORIZED, page)
    }
}

/// Fields with which people show who they are: these are typed anew.
const SECRETS: [&str; 3] = ["password", "current", "one_time_code"];

/// What is kept comes back with the sign-in form, and must fit into it.
const LARGEST_KEPT: usize = LARGEST_BODY - 4 * 1024;

/// A path as a value in a query.
fn encoded(path: &str) -> String {
    serde_html_form::to_string([("next", path)])
        .ok()
        .and_then(|pair| pair.strip_prefix("next=").map(str::to_owned))
        .unwrap_or_default()
}

impl FromRequestParts<AppState> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_else(|| Self::of_nobody(state.clone())))
    }
}
