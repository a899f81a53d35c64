use engine::{DiffRun, Difference, PartChange, PartDifference, Passage, catalogue::Language};
use leptos::prelude::*;

use super::language::{dir, lang, words_in};

/// What changed between two versions: first what a sentence tells, then the words of each part.
pub fn changes(difference: &Difference) -> impl IntoView + use<> {
    let language = difference.to.language;
    let remarks = difference.remarks.iter().map(|remark| view! { <li>{remark.clone()}</li> }).collect_view();
    let remarks = (!difference.remarks.is_empty()).then(|| view! { <ul>{remarks}</ul> });
    view! {
        {remarks}
        {difference.parts.iter().map(|changed| part(changed, language)).collect_view()}
    }
}

/// How many passages changed, in words: "2 passages have changed".
pub fn how_much(difference: &Difference) -> String {
    let passages =
        difference.parts.iter().flat_map(|part| &part.paragraphs).filter(|passage| !passage.runs.is_empty()).count();
    match passages {
        0 => "Its words are the same".to_owned(),
        1 => "1 passage has changed".to_owned(),
        many => format!("{many} passages have changed"),
    }
}

fn part(part: &PartDifference, language: Language) -> impl IntoView + use<> {
    let what = match part.change {
        PartChange::Added => "New: ",
        PartChange::Removed => "Gone: ",
        PartChange::Reworded => "Reworded: ",
    };
    let mut before = None;
    let mut paragraphs = Vec::new();
    for passage in &part.paragraphs {
        if passage.runs.is_empty() {
            paragraphs.push(view! { <p class="hint">"…"</p> }.into_any());
            continue;
        }
        let place = place(passage, part.has_clauses, language);
        let is_new = before.as_ref() != Some(&(&passage.heading, passage.number));
        before = Some((&passage.heading, passage.number));
        paragraphs
            .push(view! { {place.filter(|_| is_new)} <p>{passage.runs.iter().map(run).collect_view()}</p> }.into_any());
    }
    view! {
        <section class="prose changes">
            <h2>{what} {words_in(language, &part.title)}</h2>
            <div lang=lang(language) dir=dir(language)>{paragraphs}</div>
        </section>
    }
}

/// Where a passage stands: its heading, and the number of its clause or item. `None`: it stands under none.
fn place(passage: &Passage, has_clauses: bool, language: Language) -> Option<AnyView> {
    let number = passage.number.map(|number| format!("{} {number}", if has_clauses { "clause" } else { "number" }));
    let heading = passage.heading.as_ref().map(|heading| words_in(language, heading));
    if heading.is_none() && number.is_none() {
        return None;
    }
    let comma = (heading.is_some() && number.is_some()).then_some(", ");
    Some(view! { <h3 class="whereabouts" lang="en-GB" dir="ltr">{heading} {comma} {number}</h3> }.into_any())
}

/// Words that came or went are marked by an element that screen readers know, by a line, and in words.
fn run(run: &DiffRun) -> impl IntoView + use<> {
    match run {
        DiffRun::Same(text) => text.clone().into_any(),
        DiffRun::Added(text) => {
            view! { <ins><span class="hidden">" [new: "</span>{text.clone()}<span class="hidden">"] "</span></ins> }
                .into_any()
        }
        DiffRun::Removed(text) => {
            view! { <del><span class="hidden">" [gone: "</span>{text.clone()}<span class="hidden">"] "</span></del> }
                .into_any()
        }
    }
}
