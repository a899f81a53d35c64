use engine::{
    catalogue::{Block, Language, Prose, Site},
    content::HelpWords,
};
use leptos::prelude::*;

use super::{
    contacts::contacts,
    dates::day,
    language::lang,
    status::{Mark, mark},
    words::in_print,
};

/// Running text in a language, with the contacts of the reader's sites where its author asked for them.
pub fn prose(prose: &Prose, language: Language, sites: &[Site]) -> impl IntoView + use<> {
    prose
        .blocks
        .iter()
        .map(|block| match block {
            Block::Html(html) => view! { <div class="flow" inner_html=html.clone()></div> }.into_any(),
            Block::Help => help_callout(language, sites).into_any(),
        })
        .collect_view()
}

/// The people of the sites, who are not there at night: so each box ends with the way to those who are.
fn help_callout(language: Language, sites: &[Site]) -> impl IntoView + use<> {
    let words = HelpWords::of(language);
    sites
        .iter()
        .map(|site| {
            view! {
                <div class="callout callout-help" role="note" lang="en-GB">
                    <p class="callout-word">
                        {mark(Mark::Help)} " " <span lang=lang(words.language)>{words.talk_at}</span> " " {site.name.clone()}
                    </p>
                    {contacts(&site.contacts, "contacts")}
                    <p lang=lang(words.language)><a class="standalone" href="/help">{words.nobody_there}</a></p>
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
