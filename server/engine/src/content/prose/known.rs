//! What a file may refer to outside itself.

use std::collections::{BTreeMap, BTreeSet};

use model::{AgreementSlug, ModuleSlug, PageSlug};

use super::fact_book::FactBook;
use crate::catalogue::ListedAudience;

/// What a file may refer to.
#[derive(Clone, Copy)]
pub(crate) struct Known<'k> {
    pub(crate) facts: &'k FactBook,
    /// The names in `content/`. `None` when a published version is rebuilt, which stands alone and is not checked again.
    pub(crate) names: Option<&'k Names>,
    /// Whether a preview is made: what has an error is kept as far as it could be read, and prose knows its lines.
    pub(crate) draft: bool,
}

/// Names of things that have files in `content/`, whether these have problems of their own or not.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// Each module with the file names of its pages.
    pub(crate) modules: BTreeMap<ModuleSlug, BTreeSet<String>>,
    pub(crate) agreements: BTreeSet<AgreementSlug>,
    /// The ids of named roles. `None` when they could not be read.
    pub(crate) roles: Option<BTreeSet<String>>,
    /// The audiences. `None` when they could not be read, or the provider lists none.
    pub(crate) audiences: Option<Vec<ListedAudience>>,
    /// The provider's own pages, each by its name.
    pub(crate) provider_pages: BTreeSet<String>,
    /// The digits of the numbers by which the provider's own people are reached, which the help page and the foot of each page have. `None`
    /// when they could not be read.
    pub(crate) own_numbers: Option<BTreeSet<String>>,
}

impl Names {
    /// The modules, for suggestions.
    pub(crate) fn modules(&self) -> impl Iterator<Item = &str> {
        self.modules.keys().map(ModuleSlug::as_str)
    }

    /// The agreements, for suggestions.
    pub(crate) fn agreements(&self) -> impl Iterator<Item = &str> {
        self.agreements.iter().map(AgreementSlug::as_str)
    }
}

/// The parts of a page's file name `20-what-to-do.md`: its number and its slug. `None` when it is not such a name.
pub(crate) fn page_name(file: &str) -> Option<(u32, PageSlug)> {
    let (number, slug) = file.strip_suffix(".md")?.split_once('-')?;
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some((number.parse().ok()?, PageSlug::new(slug).ok()?))
}
