use leptos::prelude::*;
use model::ModuleSlug;

use super::status::{Mark, mark};

/// That a module that was passed before can be renewed by less than all of it.
pub fn offer_refresher(module: &ModuleSlug, heading: &'static str, words: &'static str) -> impl IntoView + use<> {
    view! {
        <section class="card" aria-labelledby="refresher">
            <h2 id="refresher">{mark(Mark::Again)} " " {heading}</h2>
            <p>{words}</p>
            <p class="actions">
                <a class="button" href=format!("/modules/{module}/quiz/refresher")>"Look at the refresher"</a>
            </p>
        </section>
    }
}
