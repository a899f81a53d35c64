use engine::{CpdEntry, LONGEST_REFLECTION};
use leptos::prelude::*;

use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Faults, Field, day_of, field, typed_text, words_in},
};

/// What somebody writes of a module that they passed, as it was sent.
#[derive(Clone, Debug, Default)]
pub struct ReflectionForm {
    /// The text.
    pub text: String,
    /// What is wrong.
    pub faults: Faults,
}

/// Where somebody writes what they took from a module that they passed.
pub fn reflection(frame: &Frame, entry: &CpdEntry, sent: &ReflectionForm) -> Rendered {
    let faults = &sent.faults;
    frame.page(&faults.title("What you took from it"), || {
        let text = sent.text.clone();
        let hint = format!("What will you do differently? What do you want to ask somebody? {LONGEST_REFLECTION} characters at most. Empty it to remove it.");
        let text = field(Field { id: "text", label: "In your own words", hint: Some(hint) }, faults, move |told| {
            view! {
                <textarea id="text" name="text" rows="10" dir="auto" aria-describedby=told.described_by aria-invalid=told.invalid>{typed_text(&text)}</textarea>
            }
        });
        view! {
            <div class="column">
                <p class="crumb"><a href="/cpd">"Your record"</a></p>
                {faults.list()}
                <h1>"What you took from “" {words_in(entry.language, &entry.title)} "”"</h1>
                <p class="lead">{format!("You passed it on {}.", day_of(entry.at))}</p>
                <form method="post" action=format!("/cpd/reflections/{}", entry.completion) novalidate>
                    {text}
                    <div class="actions">
                        <button>"Keep it"</button>
                        " "
                        <a class="standalone" href="/cpd">"Leave it"</a>
                    </div>
                </form>
                <p class="hint">"Nobody else sees it in Induct, not even who looks after you. It is on your record when you print it or download it, so you choose whom you give it to. Only if you ask what is held about you, an administrator who answers you can see it, too. Please don’t name other people."</p>
                <p class="hint">"This is no way to report something. If you are worried about yourself or somebody else, " <a href="/help">"talk to somebody"</a> "."</p>
            </div>
        }
    })
}
