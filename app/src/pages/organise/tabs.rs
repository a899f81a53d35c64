use engine::MayChange;
use leptos::prelude::*;

/// A view of who is here.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tab {
    People,
    Groups,
    New,
    Import,
}

/// The ways from one view to another. A file of people is for those who may change everything.
pub(super) fn tabs(here: Tab, may_change: MayChange) -> impl IntoView {
    let tab = |tab: Tab, address: &'static str, word: &'static str| {
        view! { <li><a href=address aria-current=(tab == here).then_some("page")>{word}</a></li> }
    };
    view! {
        <nav class="tabs" aria-label="Who is here">
            <ul role="list">
                {tab(Tab::People, "/people", "People")}
                {tab(Tab::Groups, "/groups", "Groups")}
                {(may_change != MayChange::Nothing).then(|| tab(Tab::New, "/people/new", "Add somebody"))}
                {(may_change == MayChange::Everything).then(|| tab(Tab::Import, "/people/import", "Bring people in"))}
            </ul>
        </nav>
    }
}
