use engine::{FormKey, Resource, WorkshopResources};
use leptos::prelude::*;

use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Done, Faults, Field, Mark, day_of, field, mark, moment, said, typed_text},
};

/// What has just been done about what is given after a workshop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResourceDone {
    /// Something was given.
    Given,
    /// Something was taken back.
    TakenBack,
}

impl Done for ResourceDone {
    const ALL: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Given, "given", "It is given. Everybody who was there, as you confirmed, finds it in their record."),
        (Self::TakenBack, "taken-back", "It is taken back, and its file is gone."),
    ];
}

/// Something to be given, as the form has it.
#[derive(Clone, Debug)]
pub struct ResourceForm {
    /// The number of the form.
    pub key: FormKey,
    /// The title.
    pub title: String,
    /// What is said of it.
    pub words: String,
    /// The link.
    pub link: String,
    /// What is wrong.
    pub faults: Faults,
}

/// What was given after a workshop; and for whoever leads it, the form to give more.
pub fn workshop_resources(
    frame: &Frame,
    of: &WorkshopResources,
    form: &ResourceForm,
    done: Option<ResourceDone>,
) -> Rendered {
    frame.page(&form.faults.title("From the workshop"), || {
        let workshop = &of.workshop;
        let back = if of.gives { format!("/workshops/{}", workshop.id) } else { "/cpd".to_owned() };
        let called = if of.gives { "The workshop" } else { "Your record" };
        let rows = of.resources.iter().map(|one| resource(of, one)).collect_view();
        let list = if of.resources.is_empty() {
            view! { <p>"Nothing was given yet."</p> }.into_any()
        } else {
            view! { <ul class="rows" role="list">{rows}</ul> }.into_any()
        };
        view! {
            <div class="column">
                <p class="crumb"><a href=back>{called}</a></p>
                {form.faults.list()}
                <h1 id="main-heading">"From the workshop: " {of.title.clone()}</h1>
                {said(done.map(|done| done.words().to_owned()))}
                <p class="lead" dir="auto">{format!("{}, {}", moment(workshop.starts_at), workshop.place)}</p>
                {list}
                {of.gives.then(|| give(of, form))}
            </div>
        }
        .into_any()
    })
}

fn resource(of: &WorkshopResources, one: &Resource) -> impl IntoView + use<> {
    let address = format!("/workshops/{}/resources/{}", of.workshop.id, one.id);
    let called = format!(": {}", one.title);
    let words = (!one.words.is_empty()).then(|| view! { <p class="own-words" dir="auto">{one.words.clone()}</p> });
    let link = one.link.clone().map(|link| {
        let shown = link.clone();
        view! { <p class="own-words"><a href=link rel="noreferrer noopener">{shown}</a></p> }
    });
    let file = one.file.map(|(kind, bytes)| {
        let size = format!(" ({}, {} kB)", kind.code().to_uppercase(), bytes.div_ceil(1000));
        view! {
            <p>
                <a class="standalone" href=address.clone() download="">
                    {mark(Mark::Download)} " The file" {size} <span class="hidden">{called.clone()}</span>
                </a>
            </p>
        }
    });
    let end = of.gives.then(|| {
        let called = format!(": {}", one.title);
        view! {
            <form method="post" action=format!("{address}/end")>
                <button class="second">"Take it back" <span class="hidden">{called}</span></button>
            </form>
        }
    });
    view! {
        <li>
            <div>
                <h2 dir="auto">{one.title.clone()}</h2>
                {words}
                {link}
                {file}
                <p class="meta">{format!("Given on {}", day_of(one.given_at))}</p>
            </div>
            {end}
        </li>
    }
}

fn give(of: &WorkshopResources, form: &ResourceForm) -> impl IntoView + use<> {
    let faults = &form.faults;
    let value = form.title.clone();
    let title = field(Field { id: "title", label: "What it is", hint: None }, faults, |told| {
        view! { <input id="title" name="title" type="text" required value=value aria-describedby=told.described_by aria-invalid=told.invalid/> }
    });
    let value = form.words.clone();
    let hint = Some("What it is for, or the whole of it. Nothing about anybody who was there.".to_owned());
    let words = field(Field { id: "words", label: "In words", hint }, faults, move |told| {
        view! { <textarea id="words" name="words" rows="4" aria-describedby=told.described_by aria-invalid=told.invalid>{typed_text(&value)}</textarea> }
    });
    let value = form.link.clone();
    let hint = Some("Such as https://www.example.org/page".to_owned());
    let link = field(Field { id: "link", label: "Link", hint }, faults, |told| {
        view! { <input id="link" name="link" type="text" inputmode="url" autocomplete="off" value=value aria-describedby=told.described_by aria-invalid=told.invalid/> }
    });
    let hint = Some("A PDF, or a picture (PNG or JPEG), of 5 MB at most.".to_owned());
    let file = field(Field { id: "file", label: "File", hint }, faults, |told| {
        view! { <input id="file" name="file" type="file" accept=".pdf,.png,.jpg,.jpeg,application/pdf,image/png,image/jpeg" aria-describedby=told.described_by aria-invalid=told.invalid/> }
    });
    view! {
        <section aria-labelledby="give">
            <h2 id="give">"Give something"</h2>
            <p>"Words, a link, a file, or several of these. Those who were there, as you confirmed, find it in their record, and nobody else does."</p>
            <form method="post" action=format!("/workshops/{}/resources", of.workshop.id) enctype="multipart/form-data" novalidate>
                <input type="hidden" name="key" value=form.key.to_string()/>
                {title.into_any()}
                {words.into_any()}
                {link.into_any()}
                {file.into_any()}
                <div class="actions"><button>"Give it"</button></div>
            </form>
        </section>
    }
}
