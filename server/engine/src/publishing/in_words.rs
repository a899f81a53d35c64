use std::sync::Arc;

use chrono::NaiveDate;

use crate::{
    catalogue::{Agreement, Language, Module, TwinName},
    content::review_note,
    engine::Engine,
};

/// In which words something is shown, and in which others it could be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// The twin that is shown. `None`: what was written first.
    pub shown: Option<TwinName>,
    /// The language of what was written first.
    pub own: Language,
    /// The twins that the reader can have. Empty: there is nothing to choose.
    pub offered: Vec<TwinName>,
    /// What to say of a twin that is shown although nobody has reviewed it, with the language of that sentence. `None`: it was reviewed.
    pub unreviewed: Option<(String, Language)>,
}

impl Words {
    /// What is shown as it was written first, with nothing to choose.
    #[must_use]
    pub fn first(own: Language) -> Self {
        Self { shown: None, own, offered: Vec::new(), unreviewed: None }
    }

    fn of(own: Language, twins: &[(TwinName, Option<NaiveDate>)], chosen: Option<TwinName>, unreviewed: bool) -> Self {
        let offered = || twins.iter().filter(|(_, reviewed)| unreviewed || reviewed.is_some());
        let shown = chosen.and_then(|chosen| offered().find(|(name, _)| *name == chosen));
        Self {
            shown: shown.map(|(name, _)| *name),
            own,
            offered: offered().map(|(name, _)| *name).collect(),
            unreviewed: shown.filter(|(_, reviewed)| reviewed.is_none()).map(|(name, _)| review_note(*name, own)),
        }
    }
}

impl Engine {
    /// A module in the words of the twin that its reader chose, or as it was written where they chose none, or where there is none that
    /// they may have.
    pub(crate) fn in_words(&self, module: &Arc<Module>, chosen: Option<TwinName>) -> (Arc<Module>, Words) {
        let twins: Vec<_> = module.twins.iter().map(|(name, twin)| (*name, twin.reviewed)).collect();
        let words = Words::of(module.language, &twins, chosen, self.shows_unreviewed());
        (self.worded(module, words.shown), words)
    }

    /// A module in the words of a twin, whether readers can have it now or not: what was done in it was done in it.
    pub(crate) fn worded(&self, module: &Arc<Module>, twin: Option<TwinName>) -> Arc<Module> {
        let Some(twin) = twin.filter(|twin| module.twins.contains_key(twin)) else { return Arc::clone(module) };
        let key = (module.slug.clone(), module.number, twin);
        if let Some(kept) = self.worded.get(&key, &module.canonical.sha256) {
            return kept;
        }
        let Some(worded) = module.in_words_of(twin).map(Arc::new) else { return Arc::clone(module) };
        self.worded.put(key, module.canonical.sha256, Arc::clone(&worded));
        worded
    }

    /// An agreement in the words of the twin that its reader chose, likewise.
    pub(crate) fn agreement_in_words(
        &self,
        agreement: &Arc<Agreement>,
        chosen: Option<TwinName>,
    ) -> (Arc<Agreement>, Words) {
        let twins: Vec<_> = agreement.twins.iter().map(|(name, twin)| (*name, twin.reviewed)).collect();
        let words = Words::of(agreement.language, &twins, chosen, self.shows_unreviewed());
        let worded = words.shown.and_then(|twin| agreement.in_words_of(twin));
        (worded.map_or_else(|| Arc::clone(agreement), Arc::new), words)
    }

    fn shows_unreviewed(&self) -> bool {
        self.catalogue().organisation.unreviewed_twins
    }
}
