use engine::catalogue::{Language, ProviderPage};
use leptos::prelude::*;

use crate::pages::{
    frame::{Frame, Rendered},
    parts::{prose, sources},
};

/// A page of the provider's own. It asks nobody who they are.
pub fn provider_page(frame: &Frame, page: &ProviderPage) -> Rendered {
    frame.page(&page.title, || {
        view! {
            <div class="column">
                <article class="prose">
                    <h1>{page.title.clone()}</h1>
                    {prose(&page.text, Language::ENGLISH, &frame.sites)}
                </article>
                {sources(&page.text, frame.is_preview())}
            </div>
        }
    })
}
