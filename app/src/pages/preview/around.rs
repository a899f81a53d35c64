use std::sync::Arc;

use engine::{Language, TwinName, catalogue::ListedAudience};
use leptos::{nonce::use_nonce, prelude::*};

use super::{
    note::{Note, note},
    tally::Tally,
};
use crate::pages::frame::{Slot, Slots};

/// What a preview adds to every page.
#[derive(Clone, Debug)]
pub struct Around {
    /// The address of the script that loads the page anew.
    pub script: &'static str,
    /// Which state of the content is shown; every change raises it.
    pub number: u64,
    /// As whom it can be looked at, in the order of the provider's list.
    pub audiences: Vec<ListedAudience>,
    /// As whom the author looks at it. `None` when nobody is listed.
    pub audience: Option<ListedAudience>,
    /// In which language the author wants to see modules. `None` for that of each module.
    pub chosen: Option<TwinName>,
    /// In what the module of this page can be read. `None` where there is no module.
    pub readings: Option<Readings>,
    /// The address of this page, without a query.
    pub address: String,
    /// The file that it is made of.
    pub file: Option<String>,
    /// How many problems that file has.
    pub tally: Tally,
    /// The id of the first of them on the page. `None`: none is shown there.
    pub first: Option<String>,
    /// What else the author should know about it.
    pub remarks: Vec<String>,
    /// Its problems that stand beside no text.
    pub notes: Vec<Note>,
    /// The other pages of the same module that have problems.
    pub elsewhere: Vec<Elsewhere>,
}

/// In what a module can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readings {
    /// The language of the module itself.
    pub own: Language,
    /// Its twins.
    pub twins: Vec<TwinName>,
    /// The twin that is shown. `None` for the module itself.
    pub shown: Option<TwinName>,
}

/// A page that has problems.
#[derive(Clone, Debug)]
pub struct Elsewhere {
    /// What it is called.
    pub title: String,
    /// Its address.
    pub address: String,
    /// How many problems it has.
    pub tally: Tally,
}

impl Around {
    /// Puts it around a page.
    #[must_use]
    pub fn into_slots(self) -> Slots {
        let around = Arc::new(self);
        let draw = |part: fn(&Self) -> AnyView| {
            let around = Arc::clone(&around);
            Slot::new(move || part(&around))
        };
        Slots {
            head: draw(|around| around.script().into_any()),
            banner: draw(|around| around.banner().into_any()),
            notes: draw(|around| around.notes().into_any()),
            navigation: Slot::default(),
        }
    }

    fn script(&self) -> impl IntoView + use<> {
        let nonce = use_nonce().map(|nonce| nonce.to_string());
        view! { <script src=self.script nonce=nonce data-shown=self.number.to_string() defer></script> }
    }

    fn banner(&self) -> impl IntoView + use<> {
        let switches = self
            .audiences
            .iter()
            .map(|audience| {
                let here = (Some(audience) == self.audience.as_ref()).then_some("true");
                let chosen = self.chosen.map(|chosen| format!("&in={chosen}")).unwrap_or_default();
                let address = format!("{}?as={}{chosen}", self.address, audience.id);
                view! { <li><a href=address aria-current=here>"As " {audience.one.clone()}</a></li> }
            })
            .collect_view();
        let languages = self.readings.as_ref().filter(|readings| !readings.twins.is_empty());
        let languages = languages.map(|readings| self.languages(readings));
        let file = self.file.as_ref().map(|file| {
            let words = self.tally.words();
            let problems = match &self.first {
                Some(first) => view! { <a href=format!("#{first}")>{words} " ↓"</a> }.into_any(),
                None => words.to_lowercase().into_any(),
            };
            view! { <p><code>{file.clone()}</code> ": " {problems}</p> }
        });
        let remarks = self.remarks.iter().map(|remark| view! { <p>{remark.clone()}</p> }).collect_view();
        view! {
            <section class="preview-banner" aria-label="Preview">
                <p><strong>"Preview: what readers see, and what only authors do."</strong> " Nothing is saved here."</p>
                <nav aria-label="Shown as it is for">
                    <ul role="list">{switches} <li><a href="/">"All of the content"</a></li></ul>
                </nav>
                {languages}
                {file}
                {remarks}
            </section>
        }
    }

    fn languages(&self, readings: &Readings) -> impl IntoView + use<> {
        let audience = self.audience.as_ref().map(|audience| format!("as={}&", audience.id)).unwrap_or_default();
        let all = [(TwinName::In(readings.own), None)]
            .into_iter()
            .chain(readings.twins.iter().map(|twin| (*twin, Some(*twin))));
        let switches = all.map(|(name, twin)| {
            let here = (twin == readings.shown).then_some("true");
            let address = format!("{}?{audience}in={name}", self.address);
            let lang = name.language(readings.own).tag().to_owned();
            view! { <li><a href=address aria-current=here lang=lang>{name.name().to_owned()}</a></li> }
        });
        view! {
            <nav aria-label="Shown in">
                <ul role="list">{switches.collect_view()}</ul>
            </nav>
        }
    }

    fn notes(&self) -> impl IntoView + use<> {
        let notes = self.notes.iter().map(note).collect_view();
        let elsewhere = self
            .elsewhere
            .iter()
            .map(|page| {
                view! {
                    <li>
                        <div><p><a href=page.address.clone()>{page.title.clone()}</a></p></div>
                        {page.tally.shown()}
                    </li>
                }
            })
            .collect_view();
        let elsewhere = (!self.elsewhere.is_empty()).then(|| {
            view! {
                <section class="column" aria-label="Pages with problems">
                    <ul class="rows" role="list">{elsewhere}</ul>
                </section>
            }
        });
        view! { {notes} {elsewhere} }
    }
}
