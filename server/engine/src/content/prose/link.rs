//! Where a link leads.

use std::collections::BTreeSet;

use model::{AgreementSlug, ModuleSlug};

use super::known::{Known, page_name};
use crate::catalogue::{Language, TwinName};
use crate::content::{
    media::{Clips, Drawings},
    problems::Code,
    text::did_you_mean,
};

/// Where a good link leads.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// To an address on this server.
    Inside(String),
    /// To the page with everybody one can turn to.
    Help,
    /// To a mailbox or a telephone.
    Contact(String),
    /// To another place on the web.
    Outside(String),
}

/// Why a link is refused.
pub(super) struct BadLink {
    pub(super) code: Code,
    pub(super) message: String,
    pub(super) help: String,
}

/// The folder in which the file stands that has the link.
#[derive(Clone, Copy)]
pub(crate) enum Folder<'f> {
    /// `modules/SLUG`, or the folder of a twin in it, with the language of its texts, with the file names of the pages that
    /// the module has, and with its drawings and clips.
    Module {
        slug: &'f ModuleSlug,
        twin: Option<TwinName>,
        language: Language,
        pages: &'f BTreeSet<String>,
        drawings: &'f Drawings<'f>,
        clips: &'f Clips<'f>,
    },
    /// `agreements`: an agreement itself, or a twin of one.
    Agreements(Option<TwinName>),
}

impl Folder<'_> {
    pub(crate) fn language(self) -> Language {
        match self {
            Self::Module { language, .. } => language,
            Self::Agreements(twin) => twin.map_or(Language::ENGLISH, |twin| twin.language(Language::ENGLISH)),
        }
    }

    /// The twin to which the file belongs; none of what is written first.
    pub(crate) fn twin(self) -> Option<TwinName> {
        match self {
            Self::Module { twin, .. } | Self::Agreements(twin) => twin,
        }
    }
}

/// What people may print: addresses of Induct's own that a text may name.
const SHEETS: [&str; 2] = ["/help/card", "/help/poster"];

/// The provider's own pages that there may be, in the order in which they are shown. Each has an address of its own.
pub(crate) const PROVIDER_PAGES: [&str; 4] = ["privacy", "accessibility", "employers", "families"];

/// Finds out where a link leads.
pub(super) fn resolve(link: &str, folder: Folder<'_>, known: Known<'_>) -> Result<Target, BadLink> {
    let lower = link.to_ascii_lowercase();
    if link.chars().any(|char| char.is_whitespace() || char.is_control()) || link.is_empty() {
        return Err(bad(link));
    }
    for scheme in ["https://", "http://"] {
        if let Some(rest) = lower.strip_prefix(scheme) {
            let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
            return if host.is_empty() { Err(bad(link)) } else { Ok(Target::Outside(link.to_owned())) };
        }
    }
    for scheme in ["mailto:", "tel:"] {
        if lower.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty()) {
            return Ok(Target::Contact(link.to_owned()));
        }
    }
    if link == "/help" {
        return Ok(Target::Help);
    }
    if SHEETS.contains(&link) {
        return Ok(Target::Inside(link.to_owned()));
    }
    if let Some(page) = link.strip_prefix('/').filter(|page| PROVIDER_PAGES.contains(page)) {
        return to_provider_page(page, known);
    }
    let found = within_content(link, folder, known);
    if let (Err(bad), Folder::Module { twin: Some(_), .. }) = (&found, folder) {
        let from_above = format!("../{link}");
        if within_content(&from_above, folder, known).is_ok() {
            let help = format!("The folder of a twin lies one deeper than its module's: write `{from_above}`.");
            return Err(BadLink { code: bad.code, message: bad.message.clone(), help });
        }
    }
    found
}

fn within_content(link: &str, folder: Folder<'_>, known: Known<'_>) -> Result<Target, BadLink> {
    let Some(path) = from_content(link, folder) else { return Err(bad(link)) };
    let parts: Vec<&str> = path.iter().map(String::as_str).collect();
    match own_twin_left_out(&parts, folder).as_slice() {
        ["modules", module] => to_module(module, known),
        ["modules", module, file] => to_page(module, file, folder, known),
        ["agreements", file] => to_agreement(file, known),
        _ => Err(bad(link)),
    }
}

/// The path without the folder of the twin in which the file stands that has the link: readers find a twin's pages at the
/// addresses of its module.
fn own_twin_left_out<'p>(path: &[&'p str], folder: Folder<'_>) -> Vec<&'p str> {
    let Folder::Module { slug, twin: Some(twin), .. } = folder else { return path.to_vec() };
    match path {
        ["modules", module, name, rest @ ..] if *module == slug.as_str() && *name == twin.to_string() => {
            [&["modules", *module], rest].concat()
        }
        _ => path.to_vec(),
    }
}

/// The path below `content/` that a relative link means. `None` when it is not relative or leads out of `content/`.
fn from_content(link: &str, folder: Folder<'_>) -> Option<Vec<String>> {
    if link.starts_with('/') || link.contains([':', '?', '#', '\\', '%']) {
        return None;
    }
    let mut path = match folder {
        Folder::Module { slug, twin, .. } => {
            let twin = twin.map(|twin| twin.to_string());
            ["modules".to_owned(), slug.to_string()].into_iter().chain(twin).collect()
        }
        Folder::Agreements(_) => vec!["agreements".to_owned()],
    };
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                path.pop()?;
            }
            part => path.push(part.to_owned()),
        }
    }
    Some(path)
}

fn to_module(module: &str, known: Known<'_>) -> Result<Target, BadLink> {
    let target = Target::Inside(format!("/modules/{module}"));
    let slug = ModuleSlug::new(module).ok();
    match (slug, known.names) {
        (Some(_), None) => Ok(target),
        (Some(slug), Some(names)) if names.modules.contains_key(&slug) => Ok(target),
        (_, names) => {
            let modules = names.into_iter().flat_map(|names| names.modules());
            Err(BadLink {
                code: Code::UnknownModule,
                message: format!("There is no module `{module}`."),
                help: did_you_mean(module, modules, "Link to a folder in `modules/`, like this: `../four-cs/`."),
            })
        }
    }
}

fn to_page(module: &str, file: &str, folder: Folder<'_>, known: Known<'_>) -> Result<Target, BadLink> {
    let own = match folder {
        Folder::Module { slug, pages, .. } if slug.as_str() == module => Some(pages),
        _ => None,
    };
    if own.is_none() {
        to_module(module, known)?;
    }
    let pages = match (own, known.names) {
        (Some(pages), _) => Some(pages),
        (None, Some(names)) => ModuleSlug::new(module).ok().and_then(|slug| names.modules.get(&slug)),
        (None, None) => None,
    };
    match page_name(file) {
        Some((_, page)) if pages.is_none_or(|pages| pages.contains(file)) => {
            Ok(Target::Inside(format!("/modules/{module}/{page}")))
        }
        _ => Err(BadLink {
            code: Code::UnknownPage,
            message: format!("There is no page `{file}` in the module `{module}`."),
            help: "Link to the page's file, like this: `20-what-to-do.md`.".to_owned(),
        }),
    }
}

fn to_provider_page(page: &str, known: Known<'_>) -> Result<Target, BadLink> {
    if known.names.is_none_or(|names| names.provider_pages.contains(page)) {
        return Ok(Target::Inside(format!("/{page}")));
    }
    Err(BadLink {
        code: Code::UnknownPage,
        message: format!("There is no page `pages/{page}.md`."),
        help: "Write that page, or lead somewhere else.".to_owned(),
    })
}

fn to_agreement(file: &str, known: Known<'_>) -> Result<Target, BadLink> {
    let written = file.strip_suffix(".md").unwrap_or(file);
    let slug = AgreementSlug::new(written).ok().filter(|_| file.ends_with(".md"));
    match (slug, known.names) {
        (Some(slug), None) => Ok(Target::Inside(format!("/agreements/{slug}"))),
        (Some(slug), Some(names)) if names.agreements.contains(&slug) => {
            Ok(Target::Inside(format!("/agreements/{slug}")))
        }
        (_, names) => {
            let agreements = names.into_iter().flat_map(|names| names.agreements());
            let otherwise = "Link to the agreement's file, like this: `../../agreements/learner-aup.md`.";
            Err(BadLink {
                code: Code::UnknownAgreement,
                message: format!("There is no agreement `{file}`."),
                help: did_you_mean(written, agreements, otherwise),
            })
        }
    }
}

fn bad(link: &str) -> BadLink {
    BadLink {
        code: Code::BadLink,
        message: format!("`{link}` is not a link that can be used here."),
        help: "Link to a page (`20-what-to-do.md`), a module (`../four-cs/`), `/help`, `/privacy` or another page of \
               `pages/`, or a whole address that begins with https://, mailto: or tel:."
            .to_owned(),
    }
}
