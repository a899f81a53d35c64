use axum::http::StatusCode;
use model::ModuleSlug;
use serde::Deserialize;

use crate::door::{Fail, Form, Path, Visit};

/// What a page has counted since it last said so.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Counted {
    seconds: String,
}

impl Counted {
    /// In seconds; none where it says no number, as where no script has counted.
    pub(crate) fn seconds(&self) -> u32 {
        self.seconds.parse().unwrap_or_default()
    }
}

/// `POST /time/SLUG`: adds it to what is counted for that module.
pub(crate) async fn spend(
    visit: Visit,
    Path(module): Path<ModuleSlug>,
    Form(counted): Form<Counted>,
) -> Result<StatusCode, Fail> {
    visit.state.engine.spend_time(&visit.reader()?.person, &module, counted.seconds()).await?;
    Ok(StatusCode::NO_CONTENT)
}
