use engine::catalogue::{Audience, ListedAudience, Programme};
use leptos::prelude::*;

use super::{
    note::{Note, note},
    tally::Tally,
};
use crate::pages::{
    frame::{Frame, Rendered},
    parts::schedule_words,
};

/// A module or an agreement in the list.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its title, or its name when it has none that could be read.
    pub title: String,
    /// Its address.
    pub address: String,
    /// One sentence.
    pub summary: String,
    /// For whom it is; empty when that could not be read.
    pub audience: Vec<Audience>,
    /// How many problems it has.
    pub tally: Tally,
}

/// A programme in the list.
#[derive(Clone, Debug)]
pub struct ProgrammeEntry {
    /// Its name.
    pub slug: String,
    /// The programme. `None` when it has an error.
    pub programme: Option<Programme>,
    /// Its problems: it has no page of its own to show them on.
    pub notes: Vec<Note>,
}

/// Everything that there is.
#[derive(Clone, Debug)]
pub struct Contents {
    /// The modules.
    pub modules: Vec<Entry>,
    /// The agreements.
    pub agreements: Vec<Entry>,
    /// The programmes.
    pub programmes: Vec<ProgrammeEntry>,
    /// The problems of files that belong to none of them.
    pub others: Vec<Note>,
    /// How many problems there are in all.
    pub tally: Tally,
}

/// Everything that there is, with how many problems each has.
pub fn contents(frame: &Frame, preview: Option<&ListedAudience>, contents: &Contents) -> Rendered {
    frame.page("Preview", || {
        let programmes = contents.programmes.iter().map(|entry| programme(entry, contents)).collect_view();
        let programmes = (!contents.programmes.is_empty()).then(|| view! { <h2>"Programmes"</h2> {programmes} });
        let others = contents.others.iter().map(note).collect_view();
        let others = (!contents.others.is_empty()).then(|| {
            let tally = Tally::of(contents.others.iter().map(|note| &note.problem));
            let few = contents.others.len() <= 3;
            view! {
                <h2>"Problems of other files"</h2>
                <details open=few>
                    <summary>{tally.words()}</summary>
                    {others}
                </details>
            }
        });
        view! {
            <div class="column">
                <h1>{frame.around.organisation.clone()}</h1>
                <p class="lead">"In all: " {contents.tally.words().to_lowercase()} "."</p>
                <h2>"Modules"</h2>
                {entries(&contents.modules, preview)}
                <h2>"Agreements"</h2>
                {entries(&contents.agreements, preview)}
                {programmes}
                {others}
            </div>
        }
    })
}

fn entries(entries: &[Entry], audience: Option<&ListedAudience>) -> impl IntoView + use<> {
    let rows = entries
        .iter()
        .map(|entry| {
            let hidden = not_for(&entry.audience, audience).map(|remark| view! { <p class="meta">{remark}</p> });
            view! {
                <li>
                    <div>
                        <h3><a href=entry.address.clone()>{entry.title.clone()}</a></h3>
                        <p>{entry.summary.clone()}</p>
                        {hidden}
                    </div>
                    {entry.tally.shown()}
                </li>
            }
        })
        .collect_view();
    if entries.is_empty() {
        view! { <p>"None yet."</p> }.into_any()
    } else {
        view! { <ul class="rows" role="list">{rows}</ul> }.into_any()
    }
}

/// What to say of something that this audience does not get to see.
#[must_use]
pub fn not_for(written_for: &[Audience], audience: Option<&ListedAudience>) -> Option<String> {
    let audience = audience.filter(|audience| !written_for.is_empty() && !written_for.contains(&audience.id))?;
    Some(format!("Not for {}: they do not get to see it.", audience.many))
}

fn programme(entry: &ProgrammeEntry, contents: &Contents) -> impl IntoView + use<> {
    let notes = entry.notes.iter().map(note).collect_view();
    let Some(programme) = &entry.programme else {
        return view! { <h3>{entry.slug.clone()}</h3> {notes} }.into_any();
    };
    let modules = programme.modules.iter().map(|slug| (&contents.modules, format!("/modules/{slug}")));
    let agreements = programme.agreements.iter().map(|slug| (&contents.agreements, format!("/agreements/{slug}")));
    let steps = modules
        .chain(agreements)
        .map(|(entries, address)| {
            let entry = entries.iter().find(|entry| entry.address == address);
            let title = entry.map_or_else(|| address.clone(), |entry| entry.title.clone());
            view! { <li><a href=address>{title}</a></li> }
        })
        .collect_view();
    let due = schedule_words(programme.schedule);
    view! {
        <h3>{programme.title.clone()}</h3>
        <p>{programme.summary.clone()} " " {due}</p>
        <ol>{steps}</ol>
        {notes}
    }
    .into_any()
}
