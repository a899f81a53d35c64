//! What stands around the pages of everybody who is shown the same contacts.

use std::sync::OnceLock;

use engine::catalogue::{Catalogue, Helpline, ProviderContact, Site};
use leptos::prelude::*;
use model::PageSlug;

use super::parts::{Mark, contacts, emergency, in_print, mark, phone, without_markers};

/// What is the same around every page for everybody who is shown the same contacts. The help panel and the foot of the page are drawn once,
/// and not for each page.
#[derive(Debug)]
pub struct Surroundings {
    /// The provider's name.
    pub organisation: String,
    /// How the provider is reached, for the foot of each page.
    pub contact: Option<ProviderContact>,
    /// The provider's own colour and logo.
    pub look: OwnLook,
    /// The sites whose contacts the help panel shows.
    pub sites: Vec<Site>,
    /// The help services that the panel names.
    pub helplines: Vec<Helpline>,
    /// The names and titles of the provider's own pages, to which the foot of every page leads.
    pages: Vec<(PageSlug, String)>,
    panel: OnceLock<String>,
    /// That of everybody, and that of who looks after this installation.
    feet: [OnceLock<String>; 2],
}

/// The files with which a provider's pages look like its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnLook {
    /// The address of a stylesheet with its colours. `None`: they are those of Induct.
    pub stylesheet: Option<String>,
    /// The address of its logo, with its width and height. `None`: there is the door of Induct.
    pub logo: Option<(String, u32, u32)>,
}

impl Surroundings {
    /// Around pages of a provider that is called `organisation`, with the contacts of these sites and these help services.
    #[must_use]
    pub fn new(
        organisation: String,
        catalogue: &Catalogue,
        look: OwnLook,
        sites: Vec<Site>,
        helplines: Vec<Helpline>,
    ) -> Self {
        Self {
            organisation,
            contact: catalogue.organisation.contact.clone(),
            look,
            sites,
            helplines,
            pages: catalogue.pages.iter().map(|page| (page.slug.clone(), page.title.clone())).collect(),
            panel: OnceLock::new(),
            feet: [OnceLock::new(), OnceLock::new()],
        }
    }

    /// What is within the help panel, as HTML.
    pub(super) fn panel(&self) -> &str {
        self.panel.get_or_init(|| drawn(self.draw_panel()))
    }

    /// What is within the foot of the page, as HTML. It leads whoever looks after this installation to what it does by itself.
    pub(super) fn foot(&self, looks_after_all: bool) -> &str {
        self.feet[usize::from(looks_after_all)].get_or_init(|| drawn(self.draw_foot(looks_after_all)))
    }

    fn draw_panel(&self) -> impl IntoView + use<> {
        let sites = self
            .sites
            .iter()
            .map(|site| {
                view! {
                    <h2>"Talk to someone at " {site.name.clone()}</h2>
                    {contacts(&site.contacts, "contacts")}
                }
            })
            .collect_view();
        let helplines = self
            .helplines
            .iter()
            .map(|helpline| {
                let number = helpline.phone.as_deref().map(phone);
                view! { <p>{in_print(&helpline.name)} ", for " {in_print(&helpline.for_whom)} ": " {number}</p> }
            })
            .collect_view();
        view! {
            <summary>{mark(Mark::Help)} " Get help"</summary>
            <div>
                {emergency()}
                {sites}
                {helplines}
                <p><a class="standalone" href="/help">"All the people and helplines"</a></p>
                <p class="hint">"Induct never records that you opened this. (It does record which pages of a module you open.)"</p>
                <p class="hint" data-alive hidden>"To leave this site quickly, you can also press Escape three times."</p>
            </div>
        }
    }

    fn draw_foot(&self, looks_after_all: bool) -> impl IntoView + use<> {
        let pages = self
            .pages
            .iter()
            .map(|(slug, title)| view! { <a href=format!("/{slug}")>{title.clone()}</a> })
            .collect_view();
        view! {
            <div>
                {pages}
                <a href="/help">"Get help"</a>
                {looks_after_all.then(|| view! { <a href="/admin/jobs">"Jobs"</a> <a href="/admin/letters">"Letters"</a> })}
                {self.contact.as_ref().map(|contact| self.reached(contact))}
                <p>
                    {self.organisation.clone()}
                    " uses Induct "
                    {env!("CARGO_PKG_VERSION")}
                    ", which is free and open software."
                </p>
            </div>
        }
    }

    /// How the provider is reached.
    fn reached(&self, contact: &ProviderContact) -> AnyView {
        let phone = contact.phone.as_deref().map(phone);
        let email = contact.email.clone().map(|email| view! { <a href=format!("mailto:{email}")>{email.clone()}</a> });
        view! { <p class="site-contact"><span>"Contact " {in_print(&self.organisation)} ":"</span> " " {phone} " " {email}</p> }.into_any()
    }
}

/// A part of a page that is the same on many.
fn drawn(part: impl IntoView) -> String {
    without_markers("", &part.to_html())
}
