use chrono::NaiveDate;
use engine::{FormKey, HowLearned, OwnEvidence, OwnFile};
use leptos::prelude::*;

use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Faults, Field, count, day, field},
};

/// What somebody has filled in of what they learned elsewhere, as it was sent.
#[derive(Clone, Debug)]
pub struct ElsewhereForm {
    /// The number of the form.
    pub key: FormKey,
    /// What it was.
    pub title: String,
    /// Who offered it.
    pub provider: String,
    /// The day, as browsers send days.
    pub day: String,
    /// How many minutes it took.
    pub minutes: String,
    /// How it was done, by its code.
    pub how: String,
    /// What is wrong.
    pub faults: Faults,
}

impl ElsewhereForm {
    /// The form before anything is filled in.
    #[must_use]
    pub fn empty(key: FormKey) -> Self {
        let nothing = String::new;
        let faults = Faults::default();
        Self { key, title: nothing(), provider: nothing(), day: nothing(), minutes: nothing(), how: nothing(), faults }
    }
}

/// How something was learned, in words.
#[must_use]
pub fn how_learned(how: HowLearned) -> &'static str {
    match how {
        HowLearned::InPerson => "In person",
        HowLearned::Online => "Online",
        HowLearned::Reading => "By reading",
        HowLearned::Other => "In another way",
    }
}

/// Where somebody adds what they learned elsewhere.
pub fn add_elsewhere(frame: &Frame, sent: &ElsewhereForm, today: NaiveDate) -> Rendered {
    let faults = &sent.faults;
    frame.page(&faults.title("Add something from elsewhere"), || {
        let title = sent.title.clone();
        let title = field(Field { id: "title", label: "What it was", hint: None }, faults, |told| {
            view! { <input id="title" name="title" type="text" required value=title aria-describedby=told.described_by aria-invalid=told.invalid/> }
        });
        let provider = sent.provider.clone();
        let hint = Some("A college, a council, a company, or the author of what you read.".to_owned());
        let provider = field(Field { id: "provider", label: "Who offered it", hint }, faults, |told| {
            view! { <input id="provider" name="provider" type="text" required value=provider aria-describedby=told.described_by aria-invalid=told.invalid/> }
        });
        let value = sent.day.clone();
        let hint = Some("If it took several days, the last of them.".to_owned());
        let on = field(Field { id: "day", label: "Day", hint }, faults, |told| {
            view! { <input id="day" name="day" type="date" required max=today.to_string() value=value aria-describedby=told.described_by aria-invalid=told.invalid/> }
        });
        let value = sent.minutes.clone();
        let hint = Some("Two hours are 120 minutes.".to_owned());
        let minutes = field(Field { id: "minutes", label: "Minutes", hint }, faults, |told| {
            view! { <input id="minutes" name="minutes" type="text" inputmode="numeric" required value=value aria-describedby=told.described_by aria-invalid=told.invalid/> }
        });
        let options = HowLearned::EVERY
            .map(|how| {
                let is_chosen = how.code() == sent.how;
                view! { <option value=how.code() selected=is_chosen>{how_learned(how)}</option> }
            })
            .collect_view();
        let how = field(Field { id: "how", label: "How you did it", hint: None }, faults, |told| {
            view! {
                <select id="how" name="how" required aria-describedby=told.described_by aria-invalid=told.invalid>
                    <option value="">"Choose one"</option>
                    {options}
                </select>
            }
        });
        let hint = "If there is one. A PDF, or a picture (PNG or JPEG), of 5 MB at most. Leave out what is about other people. We take out of a picture where, when and with what it was taken; out of a PDF we take nothing.";
        let file = field(Field { id: "file", label: "Certificate or other proof", hint: Some(hint.to_owned()) }, faults, |told| {
            view! {
                <input id="file" name="file" type="file" accept=".pdf,.png,.jpg,.jpeg,application/pdf,image/png,image/jpeg" aria-describedby=told.described_by aria-invalid=told.invalid/>
            }
        });
        view! {
            <div class="column">
                <p class="crumb"><a href="/cpd">"Your record"</a></p>
                {faults.list()}
                <h1>"Add something from elsewhere"</h1>
                <p class="lead">"A course, a talk, a book: what you learned somewhere else counts for your CPD, too. Nobody here checks it, and your record says so."</p>
                <form method="post" action="/cpd/elsewhere" enctype="multipart/form-data" novalidate>
                    <input type="hidden" name="key" value=sent.key.to_string()/>
                    {title.into_any()}
                    {provider.into_any()}
                    {on.into_any()}
                    {minutes.into_any()}
                    {how.into_any()}
                    {file.into_any()}
                    <div class="actions">
                        <button>"Add it to your record"</button>
                        " "
                        <a class="standalone" href="/cpd">"Leave it"</a>
                    </div>
                </form>
                <p class="hint">"Whoever may see your record may see it: those who look after you, administrators and auditors. Each look at the file is noted. What you have added cannot be changed, but you can take it back: then it no longer counts, and its file is gone."</p>
            </div>
        }
    })
}

/// Asks whether something that was added is to be taken back.
pub fn end_elsewhere(frame: &Frame, added: &OwnEvidence) -> Rendered {
    frame.page("Take it back", || {
        let file = added.file.map(|_| " Its file will be gone at once.");
        let action = format!("/cpd/elsewhere/{}/end", added.id);
        view! {
            <div class="column">
                <p class="crumb"><a href="/cpd">"Your record"</a></p>
                <h1>"Take back “" <span dir="auto">{title_of(added)}</span> "”?"</h1>
                <p class="lead">
                    {format!("{}, {}.", day(added.done_on), count(added.minutes as usize, "minute", "minutes"))}
                    " It will no longer count for your CPD." {file}
                    " That you added it and took it back stays in your record. You can add it again."
                </p>
                <form method="post" action=action>
                    <div class="actions">
                        <button>"Take it back"</button>
                        " "
                        <a class="standalone" href="/cpd">"Leave it as it is"</a>
                    </div>
                </form>
            </div>
        }
    })
}

/// The title of what somebody added.
#[must_use]
pub fn title_of(added: &OwnEvidence) -> String {
    added.title.clone().unwrap_or_else(|| "(title erased)".to_owned())
}

/// Who offered it, when and how it was done, on one line.
pub(super) fn about(added: &OwnEvidence) -> String {
    let provider = added.provider.as_ref().map(|provider| format!("{provider}, ")).unwrap_or_default();
    format!("{provider}{}, {}", day(added.done_on), how_learned(added.how).to_lowercase())
}

/// What somebody added in a year, below what was passed.
pub(super) fn elsewhere(all: &[OwnEvidence]) -> Option<impl IntoView + use<>> {
    let rows = all.iter().map(row).collect_view();
    (!all.is_empty()).then(|| {
        view! {
            <h3>"Added by yourself"</h3>
            <p class="hint">"From elsewhere. Nobody here checked it."</p>
            <ul class="rows" role="list">{rows}</ul>
        }
    })
}

fn row(added: &OwnEvidence) -> impl IntoView + use<> {
    let title = title_of(added);
    let of = format!(": {title}");
    let file = added.file.map(|file| {
        view! {
            <a href=format!("/cpd/elsewhere/{}/file", added.id) download="">{file_words(file)} <span class="hidden">{of.clone()}</span></a>
            " "
        }
    });
    view! {
        <li>
            <div>
                <h4 dir="auto">{title}</h4>
                <p class="meta" dir="auto">{about(added)}</p>
                <p class="links no-print">
                    {file}
                    <a href=format!("/cpd/elsewhere/{}/end", added.id)>"Take it back" <span class="hidden">{of}</span></a>
                </p>
            </div>
            <p class="figure">{count(added.minutes as usize, "minute", "minutes")}</p>
        </li>
    }
}

/// "The file (PDF, 120 KB)".
fn file_words(file: OwnFile) -> String {
    let kilobytes = file.length.div_ceil(1000);
    format!("The file ({}, {kilobytes} KB)", file.kind.code().to_uppercase())
}

/// What was taken back, folded away.
pub(super) fn taken_back(all: &[OwnEvidence]) -> Option<impl IntoView + use<>> {
    let rows = all
        .iter()
        .map(|added| {
            let ended = added.ended_at.map(|at| format!(", taken back on {}", crate::pages::parts::day_of(at)));
            view! { <li><span dir="auto">{title_of(added)}</span> ": " {about(added)} {ended}</li> }
        })
        .collect_view();
    (!all.is_empty()).then(|| {
        view! {
            <details class="no-print">
                <summary>{format!("What you took back ({})", all.len())}</summary>
                <ul>{rows}</ul>
            </details>
        }
    })
}
