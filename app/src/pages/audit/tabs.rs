use engine::LogHead;
use leptos::prelude::*;

use crate::pages::{
    frame::Frame,
    parts::{count, moment},
};

/// A view of what is checked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tab {
    Signed,
    Unsigned,
    Declined,
    Looks,
    Acts,
    Pack,
    Verify,
}

/// The ways from one view to another.
pub(super) fn tabs(frame: &Frame, here: Tab) -> impl IntoView + use<> {
    let tab = |tab: Tab, address: &'static str, word: &'static str| {
        view! { <li><a href=address aria-current=(tab == here).then_some("page")>{word}</a></li> }
    };
    view! {
        <nav class="tabs" aria-label="What to check">
            <ul role="list">
                {tab(Tab::Signed, "/audit", "Signatures")}
                {tab(Tab::Unsigned, "/audit/unsigned", "Who has not signed")}
                {tab(Tab::Declined, "/audit/declined", "Declined")}
                {tab(Tab::Looks, "/audit/looks", "Who looked")}
                {frame.checks_all.then(|| tab(Tab::Acts, "/admin/log", "Who did what"))}
                {tab(Tab::Pack, "/audit/pack", "Inspection pack")}
                {tab(Tab::Verify, "/audit/verify", "Check a file")}
            </ul>
        </nav>
    }
}

/// Where the signed log stands.
pub(super) fn head(head: Option<&LogHead>) -> impl IntoView + use<> {
    let Some(head) = head else {
        return view! { <p class="hint">"The signed log has no entries yet."</p> }.into_any();
    };
    let entries = count(usize::try_from(head.size).unwrap_or_default(), "entry", "entries");
    view! {
        <div class="log-head">
            <p>{format!("The signed log has {entries}. It was last sealed on {}.", moment(head.sealed_at))}</p>
            <details class="digests">
                <summary>"Its head and its key"</summary>
                <p>"Keep both where nobody can change them who looks after this site. Whoever has them can tell later whether anything was altered or taken away."</p>
                <p><code>{head.key.clone()}</code></p>
                <pre><code>{head.note.trim_end().to_owned()}</code></pre>
            </details>
        </div>
    }
    .into_any()
}
