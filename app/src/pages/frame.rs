use std::{borrow::Cow, fmt, sync::Arc};

use hydration_context::SsrSharedContext;
use leptos::{
    config::LeptosOptions,
    nonce::{provide_nonce, use_nonce},
    prelude::*,
};
use model::ModuleSlug;

use super::{
    parts::{Mark, mark, without_markers},
    surroundings::Surroundings,
};
use crate::drawing::drawing;

/// What stands around every page.
#[derive(Clone, Debug)]
pub struct Frame {
    /// What is the same for everybody who is shown the same contacts: the provider, the help panel and the foot of the page.
    pub around: Arc<Surroundings>,
    /// The name of who is signed in.
    pub reader: Option<String>,
    /// Whether nothing here is real.
    pub demonstration: bool,
    /// The addresses of the files that pages load.
    pub files: Files,
    /// Whether people sign in here: only then does the page say who is signed in, and lead to what only they see.
    pub has_accounts: bool,
    /// Whether they look after others, and find these in the matrix.
    pub sees_others: bool,
    /// Whether they change what is recorded of those whom they look after.
    pub organises: bool,
    /// Whether they see how these stand altogether: then the bar leads there.
    pub oversees: bool,
    /// Whether they say what is asked of others: then the bar leads there.
    pub gives: bool,
    /// Whether who is signed in checks what others have signed: then the bar leads there.
    pub checks: bool,
    /// Whether they check or look after everybody, and so see who did what.
    pub checks_all: bool,
    /// Whether they look after this installation: then the foot of the page leads to what it does by itself.
    pub looks_after_all: bool,
    /// Whether there is a mail server that sends letters.
    pub sends_letters: bool,
    /// Whether people sign in with passkeys, too.
    pub passkeys: bool,
    /// With what account of their organisation people sign in. `None`: with none.
    pub sign_on: Option<SignOnOffer>,
    /// The part of the site that this page belongs to.
    pub place: Place,
    /// What others put around the page.
    pub slots: Slots,
}

/// An account of the organisation with which people sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignOnOffer {
    /// What it is called within a sentence, such as "your college account".
    pub label: String,
    /// Whether people sign in with nothing else.
    pub only: bool,
}

/// A part of the site, as the bar of navigation names it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// None of those in the bar.
    #[default]
    Elsewhere,
    /// The reader's own page.
    OwnPage,
    /// The people whom the reader looks after; `true` for all of them at once.
    Matrix(bool),
    /// Who is here, and in which groups; `true` for the list of people itself.
    People(bool),
    /// How these stand altogether.
    Overview,
    /// Which programme is asked of whom.
    Assignments,
    /// The workshops that the reader leads or can go to; `true` for the list of them itself.
    Workshops(bool),
    /// The modules; `true` for the list of all of them itself, and not what lies below it.
    Modules(bool),
    /// The agreements and receipts; likewise.
    Agreements(bool),
    /// What the reader has done.
    Record,
    /// What those see who check; likewise.
    Audit(bool),
    /// What those see who look after this installation; `true` for the front page of it itself.
    Administration(bool),
}

impl Place {
    /// The part to which an address belongs.
    #[must_use]
    pub fn of(path: &str) -> Self {
        match path.split('/').nth(1).unwrap_or_default() {
            "" => Self::OwnPage,
            "matrix" => Self::Matrix(path == "/matrix"),
            // One person's record is a row of the matrix.
            "people" if path == "/people/{person}" => Self::Matrix(false),
            "people" | "groups" => Self::People(path == "/people"),
            "overview" => Self::Overview,
            "assignments" => Self::Assignments,
            "workshops" => Self::Workshops(path == "/workshops"),
            // Who is asked whether one was held has it on their own page.
            "discussions" => Self::Workshops(false),
            "modules" => Self::Modules(path == "/modules"),
            "attempts" | "programmes" => Self::Modules(false),
            "agreements" => Self::Agreements(path == "/agreements"),
            "cpd" => Self::Record,
            "receipts" | "signatures" => Self::Agreements(false),
            "audit" => Self::Audit(path == "/audit"),
            // Who did what is for those as well who check and look after nothing.
            "admin" if path == "/admin/log" => Self::Audit(false),
            "admin" => Self::Administration(path == "/admin"),
            _ => Self::Elsewhere,
        }
    }

    /// The part as it is to administrators: they come to assignments and to what is checked from their own part.
    fn to_administrators(self) -> Self {
        match self {
            Self::Assignments | Self::Audit(_) => Self::Administration(false),
            other => other,
        }
    }

    fn word(self) -> Option<&'static str> {
        match self {
            Self::Elsewhere => None,
            Self::OwnPage => Some("Your page"),
            Self::Matrix(_) => Some("Matrix"),
            Self::People(_) => Some("People"),
            Self::Overview => Some("Overview"),
            Self::Assignments => Some("Assignments"),
            Self::Workshops(_) => Some("Workshops"),
            Self::Modules(_) => Some("Modules"),
            Self::Agreements(_) => Some("Agreements"),
            Self::Record => Some("Your record"),
            Self::Audit(_) => Some("Audit"),
            Self::Administration(_) => Some("Administration"),
        }
    }

    /// What `aria-current` says of the link to `part` on a page of this part.
    fn current(self, part: Self) -> Option<&'static str> {
        match (self, part) {
            (Self::OwnPage, Self::OwnPage)
            | (Self::Record, Self::Record)
            | (Self::Overview, Self::Overview)
            | (Self::Assignments, Self::Assignments)
            | (Self::Workshops(true), Self::Workshops(_))
            | (Self::Matrix(true), Self::Matrix(_))
            | (Self::People(true), Self::People(_))
            | (Self::Modules(true), Self::Modules(_))
            | (Self::Agreements(true), Self::Agreements(_))
            | (Self::Administration(true), Self::Administration(_))
            | (Self::Audit(true), Self::Audit(_)) => Some("page"),
            (Self::Matrix(false), Self::Matrix(_))
            | (Self::Workshops(false), Self::Workshops(_))
            | (Self::People(false), Self::People(_))
            | (Self::Modules(false), Self::Modules(_))
            | (Self::Agreements(false), Self::Agreements(_))
            | (Self::Administration(false), Self::Administration(_))
            | (Self::Audit(false), Self::Audit(_)) => Some("true"),
            _ => None,
        }
    }
}

/// Where the quick exit leads: a page that everybody opens, and that says nothing about who does.
pub const NEUTRAL: &str = "https://www.bbc.co.uk/weather";

/// The places around a page that others fill.
#[derive(Clone, Debug, Default)]
pub struct Slots {
    /// In the head of the document: further scripts, marked with the nonce of this rendering ([`use_nonce`]).
    pub head: Slot,
    /// In the header, above the name.
    pub banner: Slot,
    /// In the header, after everything else: the ways to the parts of the site.
    pub navigation: Slot,
    /// First in the main part.
    pub notes: Slot,
}

/// A place around a page. What fills it is drawn anew for every page, while that page is rendered.
#[derive(Clone, Default)]
pub struct Slot(Option<Arc<dyn Fn() -> AnyView + Send + Sync>>);

impl Slot {
    /// Fills a place.
    pub fn new<V: IntoView + 'static>(draw: impl Fn() -> V + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(move || draw().into_any())))
    }

    fn draw(&self) -> Option<AnyView> {
        self.0.as_ref().map(|draw| draw())
    }
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Slot(filled)" } else { "Slot(empty)" })
    }
}

/// The addresses of the files that pages load; each bears the hash of its content.
#[derive(Clone, Copy, Debug)]
pub struct Files {
    /// The stylesheet.
    pub stylesheet: &'static str,
    /// The typeface that nearly every page needs.
    pub font: &'static str,
    /// The script of the quick exit.
    pub quick_exit: &'static str,
    /// The script that makes and shows passkeys.
    pub passkeys: &'static str,
    /// The script of the matrix.
    pub matrix: &'static str,
    /// The script that counts how long somebody spends on a module.
    pub time_spent: &'static str,
    /// The stylesheet of wide tables, on top of the other.
    pub tables: &'static str,
    /// The icon.
    pub icon: &'static str,
    /// The folder of the islands' files, without a slash before it, and their name without ending. `None` when the browser's
    /// part was not built.
    pub islands: Option<(&'static str, &'static str)>,
    /// What checks logs in a browser. `None` when it was not built.
    pub verifier: Option<Verifier>,
}

/// The addresses of what checks logs in a browser.
#[derive(Clone, Copy, Debug)]
pub struct Verifier {
    /// The script of the page.
    pub page: &'static str,
    /// The script of the worker that the page begins.
    pub worker: &'static str,
    /// The script that loads the WebAssembly.
    pub script: &'static str,
    /// The WebAssembly.
    pub wasm: &'static str,
}

fn demonstration() -> impl IntoView {
    view! {
        <aside class="demo-banner" aria-label="About this site">
            <p>"This is a demonstration. Nothing here is real."</p>
        </aside>
    }
}

/// A page ready to be sent.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// The whole document.
    pub html: String,
    /// What its scripts are marked with, for the Content-Security-Policy.
    pub nonce: String,
}

const DOOR: &str = r#"<path d="M5 23V11a8 8 0 0 1 16 0v12M2 23h22"/><path d="M10 23V12.500l7-2.500v13z" fill="currentColor" stroke="none"/>"#;

impl Frame {
    /// Whether the page is shown to who writes it, and not to its readers.
    pub fn is_preview(&self) -> bool {
        !self.has_accounts
    }

    /// The same frame, with the stylesheet of wide tables.
    #[must_use]
    pub fn with_tables(&self) -> Self {
        let (tables, before) = (self.files.tables, self.slots.head.clone());
        let head = Slot::new(move || view! { {before.draw()} <link rel="stylesheet" href=tables/> });
        Self { slots: Slots { head, ..self.slots.clone() }, ..self.clone() }
    }

    /// The same frame, with the script of the page that checks logs.
    pub(super) fn with_verifier(&self, verifier: Verifier) -> Self {
        self.with_script(verifier.page)
    }

    /// The same frame, with the script of the matrix.
    pub(super) fn with_matrix(&self) -> Self {
        self.with_script(self.files.matrix)
    }

    /// The same frame, with the script that makes and shows passkeys, where people sign in with them.
    pub(super) fn with_passkeys(&self) -> Self {
        if self.passkeys { self.with_script(self.files.passkeys) } else { self.clone() }
    }

    /// The same frame, with the script that counts how long its page is open in front of somebody, for a module. `None`: that is not counted.
    pub(super) fn counting_for(&self, module: Option<&ModuleSlug>) -> Cow<'_, Self> {
        let Some(module) = module else { return Cow::Borrowed(self) };
        let (script, address, before) = (self.files.time_spent, format!("/time/{module}"), self.slots.head.clone());
        let head = Slot::new(move || {
            view! { {before.draw()} <script src=script data-time=address.clone() nonce=use_nonce() defer></script> }
        });
        Cow::Owned(Self { slots: Slots { head, ..self.slots.clone() }, ..self.clone() })
    }

    fn with_script(&self, script: &'static str) -> Self {
        let before = self.slots.head.clone();
        let head = Slot::new(move || view! { {before.draw()} <script src=script nonce=use_nonce() defer></script> });
        Self { slots: Slots { head, ..self.slots.clone() }, ..self.clone() }
    }

    /// A page without islands: it loads no script but the quick exit.
    pub fn page<V: IntoView>(&self, title: &str, main: impl FnOnce() -> V) -> Rendered {
        self.render(title, false, main)
    }

    /// A page with islands.
    pub fn page_with_islands<V: IntoView>(&self, title: &str, main: impl FnOnce() -> V) -> Rendered {
        self.render(title, true, main)
    }

    fn render<V: IntoView>(&self, title: &str, islands: bool, main: impl FnOnce() -> V) -> Rendered {
        let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
        let rendered = owner.with(|| {
            provide_nonce();
            let nonce = use_nonce().map(|nonce| nonce.to_string()).unwrap_or_default();
            let main = main().into_view();
            let html = self.document(title, islands, &nonce, main).to_html();
            let mut html = without_markers("<!DOCTYPE html>", &html);
            if islands {
                // Their scripts are preloaded with the nonce in the place of a word that says whether cookies go along.
                html = html.replace(&format!("crossorigin=\"{nonce}\""), "crossorigin=\"anonymous\"");
            }
            Rendered { html, nonce }
        });
        owner.unset_with_forced_cleanup();
        rendered
    }

    fn document(&self, title: &str, islands: bool, nonce: &str, main: impl IntoView) -> impl IntoView {
        let hydration = self.files.islands.filter(|_| islands).map(|(folder, name)| {
            let options = LeptosOptions::builder().output_name(name).site_pkg_dir(folder).build();
            view! { <HydrationScripts options islands=true/> }
        });
        view! {
            <html lang="en-GB">
                <head>
                    <meta charset="utf-8"/>
                    <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                    <meta name="theme-color" content="#ffffff" media="(prefers-color-scheme: light)"/>
                    <meta name="theme-color" content="#18232a" media="(prefers-color-scheme: dark)"/>
                    <title>{format!("{title} – {}", self.around.organisation)}</title>
                    <link rel="icon" href=self.files.icon type="image/svg+xml"/>
                    <link rel="preload" href=self.files.font r#as="font" type="font/woff2" crossorigin="anonymous"/>
                    <link rel="stylesheet" href=self.files.stylesheet/>
                    {self.around.look.stylesheet.clone().map(|own| view! { <link rel="stylesheet" href=own/> })}
                    <script src=self.files.quick_exit nonce=nonce.to_owned() defer></script>
                    {self.slots.head.draw()}
                    {hydration}
                </head>
                <body>
                    <a class="skip" href="#main">"Skip to the main part of this page"</a>
                    {self.demonstration.then(demonstration)}
                    {self.header()}
                    <main id="main" tabindex="-1">{self.slots.notes.draw()} {main}</main>
                    {self.footer()}
                </body>
            </html>
        }
    }

    /// The provider's logo; its name stands beside it. `None`: it has none.
    pub(super) fn logo(&self, class: &'static str) -> Option<AnyView> {
        let (address, width, height) = self.around.look.logo.clone()?;
        Some(
            view! { <img class=class src=address width=width.to_string() height=height.to_string() alt=""/> }
                .into_any(),
        )
    }

    fn header(&self) -> impl IntoView + use<> {
        let person = match &self.reader {
            _ if !self.has_accounts => ().into_any(),
            // The whole of a long name is in the title.
            Some(name) => view! { <p class="site-reader" title=name.clone()>{shortened(name)}</p> }.into_any(),
            None => view! { <a class="site-sign-in" href="/sign-in">"Sign in"</a> }.into_any(),
        };
        let signed_in = self.reader.is_some() && self.has_accounts;
        view! {
            <header class="site-header">
                {self.slots.banner.draw()}
                <div class="site-bar">
                    <a class="site-name" href="/">
                        {self.logo("site-logo").unwrap_or_else(|| drawing("", 26, "2.4", DOOR).into_any())}
                        " "
                        <span>{self.around.organisation.clone()}</span>
                    </a>
                    {person}
                    <div class="site-tools">
                        {signed_in.then(|| self.menu())}
                        {self.help_panel()}
                        <form class="quick-exit" method="post" action="/leave" data-quick-exit=NEUTRAL>
                            <button>{mark(Mark::Leave)} " " <span>"Leave"<span>" this site quickly"</span></span></button>
                        </form>
                    </div>
                    {self.slots.navigation.draw()}
                </div>
            </header>
        }
    }

    /// The ways to the parts of the site: a menu that unfolds on a phone, a bar on a desk.
    fn menu(&self) -> impl IntoView + use<> {
        let here = if self.organises { self.place.to_administrators() } else { self.place };
        let part = |part: Place, address: &'static str| {
            view! { <li><a href=address aria-current=here.current(part)>{part.word()}</a></li> }
        };
        // Where the menu lies open, the link is the name of who is signed in.
        let name =
            self.reader.clone().map(|name| view! { <span dir="auto" title=name.clone()>{shortened(&name)}</span> });
        let said = here.word().map(|word| view! { <span class="hidden">", you are in: " {word}</span> });
        view! {
            <details class="site-menu">
                <summary>{mark(Mark::Menu)} " Menu" {said}</summary>
                <nav class="site-nav" aria-label="Parts of this site">
                    <ul role="list">
                        {part(Place::OwnPage, "/")}
                        {self.sees_others.then(|| part(Place::Matrix(true), "/matrix"))}
                        {self.sees_others.then(|| part(Place::People(true), "/people"))}
                        {self.oversees.then(|| part(Place::Overview, "/overview"))}
                        {(self.gives && !self.organises).then(|| part(Place::Assignments, "/assignments"))}
                        {self.gives.then(|| part(Place::Workshops(true), "/workshops"))}
                        {part(Place::Modules(true), "/modules")}
                        {part(Place::Agreements(true), "/agreements")}
                        {part(Place::Record, "/cpd")}
                        {(self.checks && !self.organises).then(|| part(Place::Audit(true), "/audit"))}
                        {self.organises.then(|| part(Place::Administration(true), "/admin"))}
                    </ul>
                </nav>
                {self.search()}
                <a class="site-account" href="/account"><span>"Your account"</span>" "{name}</a>
                <form class="site-sign-out" method="post" action="/sign-out">
                    <button class="quiet">"Sign out"</button>
                </form>
            </details>
        }
    }

    /// Where whoever looks after others finds somebody from any page: what the list of people itself has at its top.
    fn search(&self) -> impl IntoView + use<> {
        (self.sees_others && self.place != Place::People(true)).then(|| {
            view! {
                <form class="site-search" method="get" action="/people" role="search" aria-label="Find somebody">
                    <label for="find-person">"Find a person"</label>
                    <span>
                        <input id="find-person" type="search" name="name" maxlength="100" placeholder="Find a person" autocomplete="off"/>
                        <button class="second">{mark(Mark::Search)} " " <span class="hidden">"Find"</span></button>
                    </span>
                </form>
            }
        })
    }

    fn help_panel(&self) -> impl IntoView + use<> {
        view! { <details class="help-panel" inner_html=self.around.panel().to_owned()></details> }
    }

    fn footer(&self) -> impl IntoView + use<> {
        view! { <footer class="site-footer" inner_html=self.around.foot(self.looks_after_all).to_owned()></footer> }
    }
}

/// A name as it has room in the bar: a very long one ends in dots, where a word ends if one does.
fn shortened(name: &str) -> String {
    const ROOM: usize = 28;
    let Some((end, _)) = name.char_indices().nth(ROOM) else { return name.to_owned() };
    let kept = &name[..end];
    let word = kept.rfind(char::is_whitespace).filter(|place| kept[..*place].chars().count() >= ROOM / 2);
    format!("{}…", kept[..word.unwrap_or(end)].trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_very_long_name_ends_in_dots() {
        assert_eq!(shortened("Amy Archer"), "Amy Archer");
        assert_eq!(shortened("Prof. Dr. Maximiliana de la Fontaine"), "Prof. Dr. Maximiliana de la…");
        assert_eq!(shortened(&"x".repeat(60)), format!("{}…", "x".repeat(28)));
    }

    #[test]
    fn every_address_belongs_to_the_part_that_the_bar_names() {
        for (path, place) in [
            ("/", Place::OwnPage),
            ("/matrix", Place::Matrix(true)),
            ("/people/{person}", Place::Matrix(false)),
            ("/people", Place::People(true)),
            ("/people/{person}/change", Place::People(false)),
            ("/groups/{group}", Place::People(false)),
            ("/modules", Place::Modules(true)),
            ("/modules/{module}/{page}", Place::Modules(false)),
            ("/attempts/{attempt}/review", Place::Modules(false)),
            ("/programmes/{programme}", Place::Modules(false)),
            ("/agreements", Place::Agreements(true)),
            ("/receipts/{signature}", Place::Agreements(false)),
            ("/cpd", Place::Record),
            ("/assignments/{assignment}/end", Place::Assignments),
            ("/workshops", Place::Workshops(true)),
            ("/workshops/{workshop}", Place::Workshops(false)),
            ("/discussions", Place::Workshops(false)),
            ("/audit", Place::Audit(true)),
            ("/audit/looks", Place::Audit(false)),
            ("/audit/verify", Place::Audit(false)),
            ("/admin", Place::Administration(true)),
            ("/admin/letters", Place::Administration(false)),
            ("/admin/log", Place::Audit(false)),
            ("/help", Place::Elsewhere),
            ("/modules-of-old", Place::Elsewhere),
        ] {
            assert_eq!(Place::of(path), place, "{path}");
        }
    }
}
