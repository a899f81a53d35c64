use model::PageSlug;

use super::Prose;

/// A page of the provider's own, such as its privacy notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderPage {
    /// Its name, which is its address.
    pub slug: PageSlug,
    /// Its title.
    pub title: String,
    /// What it says.
    pub text: Prose,
    /// The Markdown that it was made of.
    pub source: String,
}
