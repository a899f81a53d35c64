use app::pages::FIRST_WORDS;
use axum::response::{IntoResponse as _, Redirect, Response};
use engine::TwinName;
use serde::Deserialize;

use super::sign_in::within_site;
use crate::door::{Fail, Form, Visit};

/// In which words somebody wants to read, and where they were.
#[derive(Deserialize)]
pub(crate) struct Chosen {
    /// The name of a twin's folder, or what stands for what was written first.
    #[serde(default)]
    twin: String,
    #[serde(default)]
    back: String,
}

/// `POST /words`: remembers in which words they read, and goes back to where they were.
pub(crate) async fn choose(visit: Visit, Form(chosen): Form<Chosen>) -> Result<Response, Fail> {
    let twin = match chosen.twin.as_str() {
        FIRST_WORDS => None,
        name => Some(TwinName::new(name).ok_or(Fail::NotUnderstood)?),
    };
    visit.state.engine.choose_twin(&visit.reader()?.person, twin).await?;
    Ok(Redirect::to(&within_site(&chosen.back)).into_response())
}
