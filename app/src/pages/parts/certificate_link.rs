use engine::CompletionId;
use leptos::prelude::*;

use super::{Mark, mark};

/// The way to the certificate of a pass. Of what it is stands beside it for everybody but who cannot see that.
pub fn certificate_link(completion: CompletionId, title: &str) -> impl IntoView + use<> {
    view! {
        <a class="standalone certificate" href=format!("/certificates/{completion}") download="">
            {mark(Mark::Download)} " Certificate (PDF)" <span class="hidden">{format!(": {title}")}</span>
        </a>
    }
}
