use engine::{Words, catalogue::Module};
use leptos::prelude::*;

use crate::pages::parts::{switch, unreviewed, words_in};

/// What stands before the questions of a module, with what is known of them beside it. `address`: of this page, for whoever chooses other words.
pub(super) fn before(
    module: &Module,
    words: &Words,
    address: String,
    main: impl IntoView,
    side: impl IntoView,
) -> impl IntoView {
    view! {
        <div class="with-side">
            <div>
                <p class="crumb">
                    <a href=format!("/modules/{}", module.slug)>{words_in(module.language, &module.title)}</a>
                </p>
                {switch(words, address)}
                {unreviewed(words)}
                {main}
            </div>
            <div class="side">{side}</div>
        </div>
    }
}
