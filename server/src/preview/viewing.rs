use std::{convert::Infallible, sync::Arc};

use app::pages::{
    Frame, Rendered,
    preview::{self as shown, Elsewhere, Note, not_for},
};
use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
    response::Response,
};
use engine::catalogue::{Audience, HelplineAudience};
use serde::Deserialize;

use super::{Preview, draft::Draft};
use crate::{
    assets::{FILES, PREVIEW},
    headers::html,
};

/// One look at a page: what there is at this moment, and as whom the author looks at it.
pub(super) struct Viewing {
    pub(super) draft: Arc<Draft>,
    pub(super) audience: Audience,
    path: String,
}

/// How a preview is looked at. A language joins it here as soon as content has a second one.
#[derive(Deserialize)]
struct View {
    #[serde(rename = "as", default = "learner")]
    audience: Audience,
}

impl Default for View {
    fn default() -> Self {
        Self { audience: learner() }
    }
}

fn learner() -> Audience {
    Audience::Learner
}

/// What stands around one page.
#[derive(Default)]
pub(super) struct About<'a> {
    /// The file that it is made of.
    pub(super) file: Option<String>,
    /// For whom it is.
    pub(super) audience: &'a [Audience],
    /// Whether that file has no problems.
    pub(super) clean: bool,
    pub(super) remarks: Vec<String>,
    pub(super) notes: Vec<Note>,
    pub(super) elsewhere: Vec<Elsewhere>,
}

impl Viewing {
    pub(super) fn frame(&self, about: About<'_>) -> Frame {
        let catalogue = &self.draft.catalogue;
        let name = &catalogue.organisation.name;
        let mut helplines = catalogue.helplines.iter();
        let hidden = not_for(about.audience, self.audience).map(str::to_owned);
        Frame {
            organisation: if name.is_empty() { "No name yet".to_owned() } else { name.clone() },
            reader: Some("Alex Example".to_owned()),
            demonstration: false,
            sites: catalogue.organisation.sites.clone(),
            helpline: helplines.find(|line| line.audience == HelplineAudience::Young && line.phone.is_some()).cloned(),
            files: FILES,
            preview: Some(shown::Preview {
                script: PREVIEW,
                number: self.draft.number,
                audience: self.audience,
                address: self.path.clone(),
                file: about.file,
                clean: about.clean,
                remarks: hidden.into_iter().chain(about.remarks).collect(),
                notes: about.notes,
                elsewhere: about.elsewhere,
            }),
        }
    }

    pub(super) fn html(&self, page: Rendered) -> Response {
        html(StatusCode::OK, page, false)
    }

    /// There is no such page.
    pub(super) fn nothing_here(&self) -> Response {
        html(StatusCode::NOT_FOUND, shown::nothing_here(&self.frame(About::default())), false)
    }

    /// An address, looked at by the same person.
    pub(super) fn address(&self, path: &str) -> String {
        match self.audience {
            Audience::Learner => path.to_owned(),
            Audience::Staff => format!("{path}?as=staff"),
        }
    }
}

impl FromRequestParts<Preview> for Viewing {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, preview: &Preview) -> Result<Self, Infallible> {
        let query = parts.uri.query().unwrap_or_default();
        let View { audience } = serde_html_form::from_str(query).unwrap_or_default();
        let draft = Arc::clone(&preview.drafts.borrow());
        Ok(Self { draft, audience, path: parts.uri.path().to_owned() })
    }
}
