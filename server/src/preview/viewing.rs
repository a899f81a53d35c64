use std::{convert::Infallible, sync::Arc};

use app::pages::{
    Frame, Place, Rendered, Surroundings,
    preview::{self as shown, Elsewhere, Note, Readings, Tally, not_for},
};
use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
    response::Response,
};
use engine::{
    TwinName,
    catalogue::{Audience, ListedAudience},
};
use serde::Deserialize;

use super::{Preview, draft::Draft, reading::Reading};
use crate::{
    assets::{FILES, PREVIEW, own_look},
    door::html,
};

/// One look at a page: what there is at this moment, and as whom the author looks at it.
pub(super) struct Viewing {
    pub(super) draft: Arc<Draft>,
    /// `None` when the content names nobody.
    pub(super) audience: Option<ListedAudience>,
    /// The language, or Easy Read, in which modules are wanted. `None` for that of each module.
    pub(super) chosen: Option<TwinName>,
    path: String,
}

/// How a preview is looked at.
#[derive(Default, Deserialize)]
struct View {
    #[serde(rename = "as", default)]
    audience: String,
    #[serde(rename = "in", default)]
    chosen: String,
}

/// What stands around one page.
#[derive(Default)]
pub(super) struct About<'a> {
    /// The file that it is made of.
    pub(super) file: Option<String>,
    /// For whom it is.
    pub(super) audience: &'a [Audience],
    /// In what the module that it is of can be read.
    pub(super) readings: Option<Readings>,
    /// How many problems that file has.
    pub(super) tally: Tally,
    /// The id of the first of them on the page. `None`: none is shown there.
    pub(super) first: Option<String>,
    pub(super) remarks: Vec<String>,
    pub(super) notes: Vec<Note>,
    pub(super) elsewhere: Vec<Elsewhere>,
}

impl<'a> About<'a> {
    /// Around what is made of a file of a module.
    pub(super) fn of(reading: &'a Reading, file: &str) -> Self {
        Self {
            file: Some(reading.file(file)),
            audience: &reading.original.audience,
            readings: reading.readings(),
            remarks: reading.remarks.clone(),
            ..Self::default()
        }
    }
}

impl Viewing {
    pub(super) fn frame(&self, about: About<'_>) -> Frame {
        let catalogue = &self.draft.catalogue;
        let name = &catalogue.organisation.name;
        let audiences: Vec<Audience> = self.audience.iter().map(|listed| listed.id.clone()).collect();
        let hidden = not_for(about.audience, self.audience.as_ref());
        let around = Surroundings::new(
            if name.is_empty() { "No name yet".to_owned() } else { name.clone() },
            catalogue,
            own_look(&catalogue.organisation.look),
            catalogue.organisation.sites.clone(),
            catalogue.helplines_for(&audiences).into_iter().cloned().collect(),
        );
        Frame {
            around: Arc::new(around),
            reader: Some("Alex Example".to_owned()),
            demonstration: false,
            files: FILES,
            has_accounts: false,
            passkeys: false,
            sign_on: None,
            sees_others: false,
            organises: false,
            oversees: false,
            gives: false,
            checks: false,
            checks_all: false,
            looks_after_all: false,
            sends_letters: false,
            place: Place::Elsewhere,
            slots: shown::Around {
                script: PREVIEW,
                number: self.draft.number,
                audiences: self.draft.audiences.clone(),
                audience: self.audience.clone(),
                chosen: self.chosen,
                readings: about.readings,
                address: self.path.clone(),
                file: about.file,
                tally: about.tally,
                first: about.first,
                remarks: hidden.into_iter().chain(about.remarks).collect(),
                notes: about.notes,
                elsewhere: about.elsewhere,
            }
            .into_slots(),
        }
    }

    pub(super) fn html(&self, page: Rendered) -> Response {
        self.html_with(StatusCode::OK, page)
    }

    /// There is no such page.
    pub(super) fn nothing_here(&self) -> Response {
        self.html_with(StatusCode::NOT_FOUND, shown::nothing_here(&self.frame(About::default())))
    }

    fn html_with(&self, status: StatusCode, page: Rendered) -> Response {
        html(status, shown::keep_view(page, self.marked(), self.chosen), false)
    }

    /// The audience, when addresses have to name it: the first is taken without.
    fn marked(&self) -> Option<&Audience> {
        let audience = self.audience.as_ref().filter(|audience| self.draft.audiences.first() != Some(audience))?;
        Some(&audience.id)
    }

    /// An address, looked at by the same person in the same language.
    pub(super) fn address(&self, path: &str) -> String {
        let audience = self.marked().map(|audience| format!("as={audience}"));
        let marks: Vec<_> = audience.into_iter().chain(self.chosen.map(|chosen| format!("in={chosen}"))).collect();
        if marks.is_empty() { path.to_owned() } else { format!("{path}?{}", marks.join("&")) }
    }
}

impl FromRequestParts<Preview> for Viewing {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, preview: &Preview) -> Result<Self, Infallible> {
        let query = parts.uri.query().unwrap_or_default();
        let View { audience, chosen } = serde_html_form::from_str(query).unwrap_or_default();
        let draft = Arc::clone(&preview.drafts.borrow());
        let audiences = &draft.audiences;
        let audience = audiences.iter().find(|listed| listed.id.as_str() == audience).or(audiences.first()).cloned();
        Ok(Self { draft, audience, chosen: TwinName::new(&chosen), path: parts.uri.path().to_owned() })
    }
}
