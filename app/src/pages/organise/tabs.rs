use leptos::prelude::*;

use crate::pages::parts::{Mark, mark};
use model::Status;

/// A view of who is here.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tab {
    People,
    Groups,
    New,
    Import,
}

/// The ways from one view to another. `may_change`: whether the reader may bring people in.
pub(super) fn tabs(here: Tab, may_change: bool) -> impl IntoView {
    let tab = |tab: Tab, address: &'static str, word: &'static str| {
        view! { <li><a href=address aria-current=(tab == here).then_some("page")>{word}</a></li> }
    };
    view! {
        <nav class="tabs" aria-label="Who is here">
            <ul role="list">
                {tab(Tab::People, "/people", "People")}
                {tab(Tab::Groups, "/groups", "Groups")}
                {may_change.then(|| view! {
                    {tab(Tab::New, "/people/new", "Add somebody")}
                    {tab(Tab::Import, "/people/import", "Bring people in")}
                })}
            </ul>
        </nav>
    }
}

/// What was done, said once at the top.
pub(super) fn said(words: Option<String>) -> impl IntoView {
    words.map(|words| {
        view! { <p class="said" role="status">{mark(Mark::Status(Status::Passed))} " " <span>{words}</span></p> }
    })
}
