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
pub use module::{Media, Module, Page, Twin};
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
    /// The help service that every page names to somebody who is in these audiences: the one that the first of them in the provider's
    /// list names, otherwise the first for young people that has a phone number.
    #[must_use]
    pub fn helpline_for(&self, audiences: &[Audience]) -> Option<&Helpline> {
        let theirs = self.organisation.audiences.iter().filter(|listed| audiences.contains(&listed.id));
        let named = theirs.filter_map(|listed| self.facts.get(listed.helpline.as_ref()?)?.helpline.as_ref()).next();
        let young = |line: &&Helpline| line.audience == HelplineAudience::Young && line.phone.is_some();
        named.or_else(|| self.helplines.iter().find(young))
    }
}
