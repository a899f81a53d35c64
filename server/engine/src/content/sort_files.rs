//! Which file belongs to what.

use std::collections::{BTreeMap, BTreeSet};

use model::{AgreementSlug, ModuleSlug, PageSlug, ProgrammeSlug};

use super::{
    fields::NAME_HELP,
    folder::Files,
    media::MediaFiles,
    problems::{Code, Problem, Report},
    prose::{Names, PROVIDER_PAGES, digits_of, page_name},
    source::Sources,
};
use crate::catalogue::{Organisation, TwinName};

pub(super) const ORGANISATION: &str = "organisation.toml";
pub(super) const FACTS: &str = "facts.toml";

/// The files by what they belong to.
#[derive(Default)]
pub(super) struct Sorted<'s> {
    /// The files of each module, and the names of those that are not text.
    pub(super) modules: BTreeMap<ModuleSlug, (Files<'s>, BTreeSet<&'s str>)>,
    /// What the modules have to be played.
    pub(super) media: BTreeMap<ModuleSlug, MediaFiles<'s>>,
    pub(super) agreements: BTreeMap<AgreementSlug, File<'s>>,
    /// Agreements in other languages and in Easy Read.
    pub(super) agreement_twins: BTreeMap<AgreementSlug, BTreeMap<TwinName, File<'s>>>,
    pub(super) programmes: BTreeMap<ProgrammeSlug, File<'s>>,
    /// The provider's own pages.
    pub(super) pages: BTreeMap<PageSlug, File<'s>>,
    /// Agreements whose files are not text.
    lost_agreements: BTreeSet<AgreementSlug>,
    pub(super) problems: Vec<Problem>,
}

/// A file of its own.
#[derive(Clone, Copy)]
pub(super) struct File<'s> {
    pub(super) path: &'s str,
    pub(super) text: &'s str,
}

/// Sorts the files by what they belong to, and reports those that belong to nothing.
pub(super) fn sort_files(sources: &Sources) -> Sorted<'_> {
    let mut sorted = Sorted::default();
    let mut bad_folders = BTreeSet::new();
    for (path, text) in sources.files() {
        let file = File { path, text };
        match belongs_to(path) {
            FilePlace::Top => {}
            FilePlace::Module(folder, name) => match ModuleSlug::new(folder) {
                Ok(slug) => {
                    sorted.modules.entry(slug).or_default().0.insert(name, text);
                }
                Err(_) if bad_folders.insert(folder) => sorted.refuse_name(path, folder, "folder"),
                Err(_) => {}
            },
            FilePlace::Agreement(name) => match agreement_name(name) {
                Some((slug, None)) => {
                    sorted.agreements.insert(slug, file);
                }
                Some((slug, Some(twin))) => {
                    sorted.agreement_twins.entry(slug).or_default().insert(twin, file);
                }
                None => sorted.refuse_name(path, name, "file"),
            },
            FilePlace::Programme(name) => match ProgrammeSlug::new(name) {
                Ok(slug) => {
                    sorted.programmes.insert(slug, file);
                }
                Err(_) => sorted.refuse_name(path, name, "file"),
            },
            FilePlace::Page(name) => sorted.pages.extend(PageSlug::new(name).ok().map(|slug| (slug, file))),
            FilePlace::Nowhere => sorted.warn_of_unexpected(path),
        }
    }
    for (path, file) in sources.media() {
        match belongs_to(path) {
            FilePlace::Module(folder, name) => match ModuleSlug::new(folder) {
                Ok(slug) => {
                    sorted.media.entry(slug).or_default().insert(name, file.found);
                }
                Err(_) if bad_folders.insert(folder) => sorted.refuse_name(path, folder, "folder"),
                Err(_) => {}
            },
            _ => sorted.warn_of_unexpected(path),
        }
    }
    for path in sources.others() {
        sorted.refuse_other(path);
    }
    sorted.refuse_twins_of_nothing();
    for path in sources.not_text() {
        match belongs_to(path) {
            FilePlace::Module(folder, name) => {
                if let Ok(slug) = ModuleSlug::new(folder) {
                    sorted.modules.entry(slug).or_default().1.insert(name);
                }
            }
            FilePlace::Agreement(name) => {
                sorted.lost_agreements.extend(agreement_name(name).map(|(agreement, _)| agreement));
            }
            FilePlace::Top | FilePlace::Programme(_) | FilePlace::Page(_) | FilePlace::Nowhere => {}
        }
    }
    sorted
}

impl Sorted<'_> {
    /// The names that other files may refer to.
    pub(super) fn names(&self, organisation: Option<&Organisation>) -> Names {
        let pages = |(files, not_text): &(Files<'_>, BTreeSet<&str>)| {
            let files = files.keys().chain(not_text).filter(|file| page_name(file).is_some());
            files.map(|&file| file.to_owned()).collect()
        };
        Names {
            modules: self.modules.iter().map(|(slug, files)| (slug.clone(), pages(files))).collect(),
            agreements: self.agreements.keys().chain(&self.lost_agreements).cloned().collect(),
            roles: organisation.map(|read| read.roles.iter().map(|role| role.id.clone()).collect()),
            audiences: organisation.map(|read| read.audiences.clone()).filter(|audiences| !audiences.is_empty()),
            provider_pages: self.pages.keys().map(|slug| slug.as_str().to_owned()).collect(),
            own_numbers: organisation.map(|read| {
                let people = read.sites.iter().flat_map(|site| &site.contacts).map(|contact| contact.phone.as_str());
                let own = read.contact.iter().filter_map(|contact| contact.phone.as_deref());
                people.chain(own).map(digits_of).collect()
            }),
        }
    }

    fn warn_of_unexpected(&mut self, path: &str) {
        let mut report = Report::new(path, "");
        let help = "Move it to where it belongs: `modules/NAME/`, `agreements/`, `programmes/`, or, for `privacy.md`, `accessibility.md`, `employers.md` and `families.md`, `pages/`.";
        report.warn(0, Code::UnexpectedFile, "This file is not read.", help);
        self.problems.extend(report.into_problems());
    }

    /// Says that a file of another kind is not read. It is an error where its name shows that it was meant to be.
    fn refuse_other(&mut self, path: &str) {
        let mut report = Report::new(path, "");
        match meant_path(path) {
            Some(meant) if !matches!(belongs_to(&meant), FilePlace::Nowhere) => {
                let name = meant.rsplit('/').next().unwrap_or(&meant);
                let help = format!(
                    "Rename it to `{name}`; some systems hide the end of a name until they are told to show it."
                );
                report.error(0, Code::UnexpectedFile, "This file is not read, because of how its name ends.", help);
            }
            _ if path.contains('/') => {
                let help = "Take it away. Pages are `.md` files, drawings `.svg`, captions `.vtt`, clips `.mp4`, `.webm`, `.mp3` or \
                            `.m4a`.";
                report.warn(0, Code::UnexpectedFile, "This file is not read.", help);
            }
            // Beside `content/` itself there may be what others put there.
            _ => {}
        }
        self.problems.extend(report.into_problems());
    }

    fn refuse_twins_of_nothing(&mut self) {
        let alone = self.agreement_twins.iter().filter(|(slug, _)| !self.agreements.contains_key(*slug));
        for (slug, file) in alone.flat_map(|(slug, twins)| twins.values().map(move |file| (slug, file))) {
            let mut report = Report::new(file.path, "");
            let help = format!("Write the agreement itself first, as `agreements/{slug}.md`, or rename the file.");
            report.error(0, Code::UnknownAgreement, format!("There is no agreement `{slug}`."), help);
            self.problems.extend(report.into_problems());
        }
    }

    fn refuse_name(&mut self, path: &str, name: &str, what: &str) {
        let mut report = Report::new(path, "");
        report.error(0, Code::BadName, format!("The {what} `{name}` has a name that cannot be used."), NAME_HELP);
        self.problems.extend(report.into_problems());
    }
}

/// What the file of an agreement is: `house-rules`, or `house-rules.cy` for its twin in Welsh. `None`: it is named like neither.
fn agreement_name(name: &str) -> Option<(AgreementSlug, Option<TwinName>)> {
    match name.split_once('.') {
        None => Some((AgreementSlug::new(name).ok()?, None)),
        Some((slug, twin)) => Some((AgreementSlug::new(slug).ok()?, Some(TwinName::new(twin)?))),
    }
}

/// The path that a file was to have whose name ends as another program, or another system, writes it. `None` when it is no such
/// name.
fn meant_path(path: &str) -> Option<String> {
    const KINDS: [&str; 8] = [".md", ".toml", ".svg", ".vtt", ".mp4", ".webm", ".mp3", ".m4a"];
    let lower = path.to_ascii_lowercase();
    let bare = [".txt", ".text"].iter().find_map(|end| lower.strip_suffix(end)).unwrap_or(&lower);
    let bare = match [".markdown", ".mdown", ".mdwn", ".mkdn", ".mkd"].iter().find_map(|end| bare.strip_suffix(end)) {
        Some(stem) => format!("{stem}.md"),
        None => bare.to_owned(),
    };
    let kind = KINDS.iter().find(|kind| bare.ends_with(**kind))?;
    // The name as it is written, but for its end.
    let stem = path.get(..bare.len() - kind.len())?;
    Some(format!("{stem}{kind}"))
}

enum FilePlace<'p> {
    Top,
    /// The folder of a module, and the path within it.
    Module(&'p str, &'p str),
    Agreement(&'p str),
    Programme(&'p str),
    Page(&'p str),
    Nowhere,
}

fn belongs_to(path: &str) -> FilePlace<'_> {
    let is_logo = path.starts_with("logo") && path.ends_with(".svg") && !path.contains('/');
    if path == ORGANISATION || path == FACTS || is_logo {
        return FilePlace::Top;
    }
    match path.split_once('/') {
        Some(("modules", rest)) => match rest.split_once('/') {
            Some((folder, name)) => FilePlace::Module(folder, name),
            None => FilePlace::Nowhere,
        },
        Some(("agreements", file)) if !file.contains('/') => {
            file.strip_suffix(".md").map_or(FilePlace::Nowhere, FilePlace::Agreement)
        }
        Some(("programmes", file)) if !file.contains('/') => {
            file.strip_suffix(".toml").map_or(FilePlace::Nowhere, FilePlace::Programme)
        }
        Some(("pages", file)) => {
            let name = file.strip_suffix(".md").filter(|name| PROVIDER_PAGES.contains(name));
            name.map_or(FilePlace::Nowhere, FilePlace::Page)
        }
        _ => FilePlace::Nowhere,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_of_names_are_understood() {
        let meant = [
            "a/20-more.md.txt",
            "a/20-more.MD",
            "a/20-More.markdown",
            "a/b.svg.TXT",
            "a/b.md~",
            "a/É.Md",
            "a/b.png",
            "a/md",
        ];
        let meant = meant.map(meant_path);
        let meant: Vec<_> = meant.iter().map(|path| path.as_deref().unwrap_or("-")).collect();
        assert_eq!(meant, ["a/20-more.md", "a/20-more.md", "a/20-More.md", "a/b.svg", "-", "a/É.md", "-", "-"]);
    }
}
