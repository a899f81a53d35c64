use engine::LogHead;
use leptos::prelude::*;

use super::tabs::{Tab, head, tabs};
use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Faults, Field, Mark, field, mark, typed_text},
};

/// What is asked for a pack, as it was typed, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Packing {
    /// How many people.
    pub sample: String,
    /// The word.
    pub word: String,
    /// The head by which they are to be drawn. Empty: the newest.
    pub head: String,
    /// What is wrong with it.
    pub faults: Vec<(&'static str, String)>,
}

/// The form for an inspection pack.
pub fn pack(frame: &Frame, asked: &Packing, log: Option<&LogHead>) -> Rendered {
    let mut faults = Faults::default();
    for (place, words) in &asked.faults {
        faults.add(place, words.clone());
    }
    frame.page(&faults.title("Inspection pack"), || {
        let text = |id: &'static str, label: &'static str, hint: String, value: String| {
            field(Field { id, label, hint: Some(hint) }, &faults, move |told| {
                view! {
                    <input id=id name=id type="text" value=value required autocomplete="off" aria-describedby=told.described_by aria-invalid=told.invalid/>
                }
            })
        };
        let sample = asked.sample.clone();
        let head_typed = asked.head.clone();
        let form = view! {
            <form class="card no-print" method="post" action="/audit/pack" novalidate>
                <h2>"Make a pack"</h2>
                {field(Field { id: "sample", label: "How many people", hint: Some("At most 200.".to_owned()) }, &faults, move |told| {
                    view! {
                        <input id="sample" name="sample" type="text" inputmode="numeric" value=sample required autocomplete="off" aria-describedby=told.described_by aria-invalid=told.invalid/>
                    }
                })}
                {text("word", "The inspector’s word", "Any word or sentence, which nobody here knew before.".to_owned(), asked.word.clone())}
                {field(Field { id: "head", label: "The head that was noted before", hint: Some("As it was shown then, all of its lines. Leave it empty to draw by the head that the log has now.".to_owned()) }, &faults, move |told| {
                    view! {
                        <textarea id="head" name="head" rows="5" autocomplete="off" spellcheck="false" aria-describedby=told.described_by aria-invalid=told.invalid>{typed_text(&head_typed)}</textarea>
                    }
                })}
                <p>"The pack has the names of who was drawn. That it was made is noted for good in the signed log, and that you looked at each of these records is noted, too."</p>
                <button>{mark(Mark::Download)} " Draw and download the pack"</button>
            </form>
        };
        view! {
            {faults.list()}
            <h1>"Inspection pack"</h1>
            {tabs(frame, Tab::Pack)}
            {head(log)}
            <p>
                "A pack shows what a few people have passed and signed, with everything that proves it, in one file (ZIP) that can be checked without this site. Nobody here chooses the people: they follow from a word that the inspector gives and from a head of the log."
            </p>
            <ol>
                <li>"The inspector notes the head and the key that stand above, or has the head from the log’s public address."</li>
                <li>"Then the inspector says how many people, and gives a word."</li>
                <li>"You make the pack. Each group has somebody in it as far as the number goes, and large groups have more."</li>
                <li>"The inspector checks it: " <a href="/audit/verify">"Check a file"</a> ", or " <code>"induct audit verify"</code> "."</li>
            </ol>
            {form}
        }
    })
}
