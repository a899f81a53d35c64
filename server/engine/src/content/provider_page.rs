//! `pages/privacy.md` and its like: what a provider says of itself, to everybody, to employers and to families.

use model::PageSlug;

use super::{
    folder::read_page,
    problems::{Problem, Report},
    prose::{FactBook, Folder, Gathered, Known, PROVIDER_PAGES},
};
use crate::catalogue::{Fact, ProviderPage};

/// What came of a file.
pub(super) struct ReadProviderPage {
    /// The page. `None` when it has an error.
    pub(super) page: Option<ProviderPage>,
    pub(super) problems: Vec<Problem>,
    pub(super) gathered: Gathered,
}

/// Reads a page of the provider's own.
pub(super) fn read_provider_page(slug: &PageSlug, path: &str, text: &str, known: Known<'_>) -> ReadProviderPage {
    let mut report = Report::new(path, text);
    let mut gathered = Gathered::default();
    // Links lead from `pages/` as they do from `agreements/`, which lies beside it.
    let page = read_page(slug.clone(), text, known, Folder::Agreements(None), &mut gathered, &mut report);
    let page = page.filter(|_| known.draft || !gathered.incomplete).map(|page| ProviderPage {
        slug: page.slug,
        title: page.title,
        text: page.prose,
        source: text.to_owned(),
    });
    let mut problems = report.into_problems();
    problems.append(&mut gathered.elsewhere);
    ReadProviderPage { page, problems, gathered }
}

/// Makes pages again from the Markdown that was published, with the facts that were published with it. What the compiler of today
/// refuses is left out.
pub(crate) fn provider_pages<'p>(
    sources: impl Iterator<Item = (&'p String, &'p String)>,
    facts: impl Iterator<Item = Fact>,
) -> Vec<ProviderPage> {
    let facts = FactBook::of(facts.map(|fact| (fact.id.clone(), fact)).collect());
    let known = Known { facts: &facts, names: None, draft: false };
    let mut pages: Vec<ProviderPage> = sources
        .filter_map(|(slug, text)| {
            let slug = PageSlug::new(slug).ok()?;
            read_provider_page(&slug, &format!("pages/{slug}.md"), text, known).page
        })
        .collect();
    pages.sort_by_key(|page| PROVIDER_PAGES.iter().position(|slug| *slug == page.slug.as_str()));
    pages
}
