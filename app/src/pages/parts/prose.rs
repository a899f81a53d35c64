use engine::catalogue::{Block, Prose, Site};
use leptos::prelude::*;

use super::{
    contacts::contacts,
    dates::day,
    status::{Mark, mark},
    words::in_print,
};

/// Running text, with the contacts of the reader's sites where its author asked for them.
pub fn prose(prose: &Prose, sites: &[Site]) -> impl IntoView + use<> {
    prose
        .blocks
        .iter()
        .map(|block| match block {
            Block::Html(html) => view! { <div class="flow" inner_html=html.clone()></div> }.into_any(),
            Block::Help => help_callout(sites).into_any(),
        })
        .collect_view()
}

fn help_callout(sites: &[Site]) -> impl IntoView + use<> {
    sites
        .iter()
        .map(|site| {
            view! {
                <div class="callout callout-help" role="note" lang="en-GB">
                    <p class="callout-word">{mark(Mark::Help)} " Talk to someone at " {site.name.clone()}</p>
                    {contacts(&site.contacts, "contacts")}
                </div>
            }
        })
        .collect_view()
}

/// Where the facts of a text come from. That one has still to be checked is for who writes; a reader could only worry about it.
pub fn sources(text: &Prose, for_authors: bool) -> impl IntoView + use<> {
    let rows = text
        .facts
        .iter()
        .enumerate()
        .map(|(place, fact)| {
            let checked = match fact.checked {
                Some(checked) => format!(" Checked {}.", day(checked)),
                None if !for_authors => String::new(),
                None => " Not yet checked against its source.".to_owned(),
            };
            view! {
                <li id=format!("fact-{}", place + 1)>{in_print(&fact.source)} ", " {in_print(&fact.edition)} "." {checked}</li>
            }
        })
        .collect_view();
    (!text.facts.is_empty()).then(|| {
        view! {
            <section class="sources prose" aria-labelledby="sources">
                <h2 id="sources">"Where this comes from"</h2>
                <ol>{rows}</ol>
            </section>
        }
    })
}
