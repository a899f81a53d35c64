use leptos::prelude::*;
use model::Status;

use super::{Mark, mark};

/// What has just been done, in words, first on the page that it led to.
pub fn said(words: Option<String>) -> impl IntoView {
    words.map(|words| {
        view! { <p class="said" role="status">{mark(Mark::Status(Status::Passed))} " " <span>{words}</span></p> }
    })
}
