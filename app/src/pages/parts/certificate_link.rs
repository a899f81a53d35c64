use engine::{CompletionId, catalogue::Language};
use leptos::prelude::*;

use super::{Mark, mark, words_in};

/// The way to the certificate of a pass. Of what it is stands beside it for everybody but who cannot see that.
pub fn certificate_link(completion: CompletionId, language: Language, title: &str) -> impl IntoView + use<> {
    view! {
        <a class="standalone certificate" href=format!("/certificates/{completion}") download="">
            {mark(Mark::Download)} " Certificate (PDF)" <span class="hidden">": " {words_in(language, title)}</span>
        </a>
    }
}
