//! Small parts that several pages use.

use engine::catalogue::{Block, Contact, Helpline, Prose, Site};
use leptos::prelude::*;
use model::Status;

use crate::drawing::{TICK, small};

/// A small drawing that stands beside a word, never in its place.
#[derive(Clone, Copy)]
pub enum Mark {
    Status(Status),
    Again,
    Warning,
    Help,
    Leave,
}

impl Mark {
    fn lines(self) -> &'static str {
        match self {
            Self::Status(Status::Passed) => TICK,
            Self::Status(Status::InProgress) => {
                r#"<circle cx="10" cy="10" r="7.8"/><path d="M10 5.2a4.8 4.8 0 0 1 0 9.6z" fill="currentColor" stroke="none"/>"#
            }
            Self::Status(Status::DueSoon) => r#"<circle cx="10" cy="10" r="7.8"/><path d="M10 5.8V10l2.8 2.2"/>"#,
            Self::Status(Status::Overdue) | Self::Warning => {
                r#"<path d="M10 2.6 18.2 17H1.8z"/><path d="M10 8v3.6m0 2.6v.1"/>"#
            }
            Self::Status(Status::Expired) => r#"<circle cx="10" cy="10" r="7.8"/><path d="m4.6 15.4 10.8-10.8"/>"#,
            Self::Status(Status::NotStarted) => r#"<circle cx="10" cy="10" r="7.8"/>"#,
            Self::Status(Status::NotRequired) => r#"<path d="M4 10h12"/>"#,
            Self::Again => r#"<path d="M4.2 6.4A7.4 7.4 0 1 1 2.6 11"/><path d="M3.6 2.4v4.4H8"/>"#,
            Self::Help => {
                r#"<path d="M3 16.6V5.4A2.4 2.4 0 0 1 5.4 3h9.2A2.4 2.4 0 0 1 17 5.4v5.2a2.4 2.4 0 0 1-2.4 2.4H7z"/>"#
            }
            Self::Leave => r#"<path d="M12 3H4v14h8M8.6 10H18m-3.4-3.6L18 10l-3.4 3.6"/>"#,
        }
    }
}

/// Draws a mark.
pub fn mark(mark: Mark) -> impl IntoView {
    small(mark.lines())
}

/// A status as shape, word and colour. `word` stands in for the status's own where another says it better.
pub fn status(status: Status, word: Option<&'static str>) -> impl IntoView {
    view! {
        <span class=format!("status {}", status.code())>
            {mark(Mark::Status(status))} " " {word.unwrap_or(status.word())}
        </span>
    }
}

/// A phone number that a phone can dial.
pub fn phone(number: &str) -> impl IntoView + use<> {
    let dial: String = number.chars().filter(|character| !character.is_whitespace()).collect();
    view! { <a href=format!("tel:{dial}")>{number.to_owned()}</a> }
}

/// The people of a site.
pub fn contacts(contacts: &[Contact], class: &'static str) -> impl IntoView + use<> {
    let rows = contacts
        .iter()
        .map(|contact| {
            view! {
                <li>
                    <p class="name">{contact.name.clone()}</p>
                    <p>{contact.role.clone()}</p>
                    <p>
                        {phone(&contact.phone)} " "
                        <a href=format!("mailto:{}", contact.email)>{contact.email.clone()}</a>
                    </p>
                    <p class="hint">{contact.hours.clone()}</p>
                </li>
            }
        })
        .collect_view();
    view! { <ul class=class role="list">{rows}</ul> }
}

/// A help service in a list.
pub fn helpline(helpline: &Helpline) -> impl IntoView + use<> {
    let number = helpline.phone.as_deref().map(phone);
    let link = helpline.url.as_ref().map(|url| {
        let shown = url.trim_start_matches("https://").trim_start_matches("www.").trim_end_matches('/').to_owned();
        view! { <a href=url.clone() rel="noreferrer">{shown}</a> }
    });
    let hours = helpline.hours.as_ref().map(|hours| view! { <p class="hint">{hours.clone()}</p> });
    view! {
        <li>
            <p class="name">{helpline.name.clone()}</p>
            <p>{helpline.about.clone()} " For: " {helpline.for_whom.clone()} "."</p>
            <p>{number} " " {link}</p>
            {hours}
        </li>
    }
}

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

/// Where the facts of a text come from.
pub fn sources(text: &Prose) -> impl IntoView + use<> {
    let rows = text
        .facts
        .iter()
        .enumerate()
        .map(|(place, fact)| {
            let checked = match fact.checked {
                Some(checked) => format!(" Checked {}.", super::dates::day(checked)),
                None => " Not yet checked against its source.".to_owned(),
            };
            view! {
                <li id=format!("fact-{}", place + 1)>{fact.source.clone()} ", " {fact.edition.clone()} "." {checked}</li>
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

/// A row of a description list.
pub fn row(term: &'static str, value: impl IntoView) -> impl IntoView {
    view! {
        <div>
            <dt>{term}</dt>
            <dd>{value}</dd>
        </div>
    }
}

/// A title within a sentence.
pub fn lower_first(title: &str) -> String {
    let mut letters = title.chars();
    letters.next().map(|first| first.to_lowercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}

/// What is wrong with a form, first on the page, with a link to each field. Takes the focus.
pub fn error_summary(faults: Vec<(&'static str, String)>) -> impl IntoView {
    let rows = faults
        .into_iter()
        .map(|(field, fault)| view! { <li><a href=format!("#{field}")>{fault}</a></li> })
        .collect::<Vec<_>>();
    (!rows.is_empty()).then(|| {
        view! {
            <div class="error-summary" role="alert" tabindex="-1" autofocus aria-labelledby="errors">
                <h2 id="errors">"Something needs another look"</h2>
                <ul role="list">{rows}</ul>
            </div>
        }
    })
}
