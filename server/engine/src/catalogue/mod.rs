//! What authors wrote, compiled, as plain data: modules with their quizzes, agreements, programmes, facts and contacts, a file
//! a noun.
//!
//! Invariants: it performs no I/O; it holds the answer keys, and so it never leaves the server whole.

mod agreement;
mod audience;
mod canonical;
mod fact;
mod language;
mod look;
mod module;
mod organisation;
mod programme;
mod prose;
mod provider_page;
mod quiz;
mod shelf;

use std::{collections::BTreeMap, sync::Arc};

use model::{AgreementSlug, FactId, ModuleSlug};

pub use agreement::{Agreement, AgreementTwin, AgreementVersion};
pub(crate) use audience::ROLE_CODES;
pub use audience::{Audience, ListedAudience};
pub use canonical::Canonical;
pub use fact::{Fact, Helpline, HelplineAudience};
pub use language::{Language, TwinName};
pub use look::{Accent, Colour, ENOUGH, Logo, LogoFormat, Look};
pub(crate) use module::is_sensitive;
pub use module::{ByWorkshop, Media, Module, Page, Twin};
pub use organisation::{
    Contact, Cpd, NamedRole, Organisation, ProviderContact, QuizAfter, Reminders, Retention, RoleHolder, SecondFactors,
    Site,
};
pub use programme::{CompanyYear, Programme, Schedule};
pub use prose::{Block, Prose};
pub use provider_page::ProviderPage;
pub use quiz::{Choice, Pair, Question, QuestionForm, Quiz, Wording};
pub(crate) use shelf::{History, Issue, Shelf};

use crate::{ground::Sha256Digest, media::MediaPlace};

/// Everything under `content/`, compiled.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// The provider: its name, sites and named roles.
    pub organisation: Organisation,
    /// The source register.
    pub facts: BTreeMap<FactId, Fact>,
    /// The help services among them, in the order of the register.
    pub helplines: Vec<Helpline>,
    /// The modules by slug.
    pub modules: BTreeMap<ModuleSlug, Arc<Module>>,
    /// The agreements by slug.
    pub agreements: BTreeMap<AgreementSlug, Arc<Agreement>>,
    /// The programmes in the order of their slugs.
    pub programmes: Vec<Programme>,
    /// The provider's own pages, in the order in which the foot of every page names them.
    pub pages: Vec<ProviderPage>,
    /// Where the bytes are of all that pages play, until they are published.
    pub media: BTreeMap<Sha256Digest, MediaPlace>,
}

impl Catalogue {
    /// The help services that the provider names for any hour, in its order.
    #[must_use]
    pub fn helplines_at_any_hour(&self) -> Vec<&Helpline> {
        let ids = self.organisation.at_any_hour.iter();
        ids.filter_map(|id| self.facts.get(id)?.helpline.as_ref()).collect()
    }

    /// The help services that every page names to somebody who is in these audiences: those that their audiences name in the provider's list,
    /// each once. Whoever is in none that names any is shown all that are named, because nobody knows how old they are; and where none is, the
    /// first for young people that has a phone number.
    #[must_use]
    pub fn helplines_for(&self, audiences: &[Audience]) -> Vec<&Helpline> {
        let named = |theirs: &dyn Fn(&ListedAudience) -> bool| {
            let ids =
                self.organisation.audiences.iter().filter(|listed| theirs(listed)).flat_map(|listed| &listed.helplines);
            let mut found: Vec<&Helpline> = Vec::new();
            for line in ids.filter_map(|id| self.facts.get(id)?.helpline.as_ref()) {
                if !found.contains(&line) {
                    found.push(line);
                }
            }
            found
        };
        let theirs = named(&|listed| audiences.contains(&listed.id));
        let shown = if theirs.is_empty() { named(&|_| true) } else { theirs };
        if !shown.is_empty() {
            return shown;
        }
        let is_young = |line: &&Helpline| line.audience == HelplineAudience::Young && line.phone.is_some();
        self.helplines.iter().find(is_young).into_iter().collect()
    }
}
