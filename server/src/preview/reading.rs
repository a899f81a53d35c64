//! A module in the words in which an author looks at it: its own, or those of a twin.

use std::sync::Arc;

use app::pages::preview::Readings;
use engine::{TwinName, catalogue::Module};
use model::{ModuleSlug, PageSlug};

use super::{draft::file_of, viewing::Viewing};

/// A module, read in one of its languages.
pub(super) struct Reading {
    /// The module itself.
    pub(super) original: Arc<Module>,
    /// The module in the words that are shown.
    pub(super) module: Arc<Module>,
    /// Whose words they are. `None` for the module's own.
    pub(super) twin: Option<TwinName>,
    /// What the author should know about it.
    pub(super) remarks: Vec<String>,
}

impl Reading {
    /// The module of that name in the language that was chosen, or else in its own.
    pub(super) fn of(viewing: &Viewing, slug: &ModuleSlug) -> Option<Self> {
        let original = Arc::clone(viewing.draft.catalogue.modules.get(slug)?);
        let chosen = viewing.chosen.filter(|chosen| *chosen != TwinName::In(original.language));
        let (module, twin, remarks) = match chosen.map(|chosen| (chosen, original.in_words_of(chosen))) {
            Some((chosen, Some(module))) => (Arc::new(module), Some(chosen), Vec::new()),
            Some((chosen, None)) => {
                let remark = format!("This module is not there in this language: {}.", chosen.name());
                (Arc::clone(&original), None, vec![remark])
            }
            None => (Arc::clone(&original), None, Vec::new()),
        };
        Some(Self { original, module, twin, remarks })
    }

    /// A page as it is shown, with its place. What a twin lacks is shown in the module's own words.
    pub(super) fn page(&self, slug: &PageSlug) -> Option<(Module, usize, Option<String>)> {
        if let Some((place, _)) = self.module.page(slug) {
            return Some((Module::clone(&self.module), place, None));
        }
        let (place, _) = self.original.page(slug)?;
        let twin = self.twin.as_ref().map(|twin| twin.name()).unwrap_or_default();
        let remark =
            format!("This page is not there yet in this language: {twin}. Below it stands as it is in the module.");
        Some((Module::clone(&self.original), place, Some(remark)))
    }

    /// The path of a file in the folder of these words.
    pub(super) fn file(&self, name: &str) -> String {
        file_of(&self.module.slug, self.twin, name)
    }

    pub(super) fn readings(&self) -> Option<Readings> {
        let twins = self.original.twins.keys().copied().collect();
        Some(Readings { own: self.original.language, twins, shown: self.twin })
    }
}
