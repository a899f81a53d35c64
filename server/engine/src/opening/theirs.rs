//! What is theirs, decided once. Audiences say whom something is written for; what somebody is asked to do they may open and do, whoever it
//! is written for.

use std::sync::Arc;

use model::{AgreementSlug, ModuleSlug};

use crate::{
    catalogue::{Agreement, Audience, Module},
    engine::{Looked, Refused},
    people::{Person, is_for, may_read},
    record::Thing,
    standing::{Recorded, Situation},
};

/// What is published under a name, and whom it is written for.
pub(crate) trait Written {
    /// Which thing it is.
    fn thing(&self) -> Thing;

    /// Whom it is written for.
    fn audience(&self) -> &[Audience];
}

impl Written for Module {
    fn thing(&self) -> Thing {
        Thing::Module(self.slug.clone())
    }

    fn audience(&self) -> &[Audience] {
        &self.audience
    }
}

impl Written for Agreement {
    fn thing(&self) -> Thing {
        Thing::Agreement(self.slug.clone())
    }

    fn audience(&self) -> &[Audience] {
        &self.audience
    }
}

impl<R: Recorded> Situation<R> {
    /// Whether something is theirs: it is written for them, or a programme that was given to them asks it, or an agreement requires it that
    /// such a programme asks. Only then does anything of it count. `person`: as they are in this situation.
    pub(crate) fn is_theirs(&self, person: &Person, what: &impl Written) -> bool {
        is_for(what.audience(), person) || self.is_wanted(&what.thing())
    }

    /// Whether something is asked of them, or without it they could not sign what is.
    fn is_wanted(&self, thing: &Thing) -> bool {
        let is_required = |module: &ModuleSlug| {
            let mut requiring = self.catalogue().agreements.values().filter(|other| other.requires.contains(module));
            requiring.any(|agreement| self.is_asked(&agreement.thing()))
        };
        self.is_asked(thing) || matches!(thing, Thing::Module(module) if is_required(module))
    }
}

impl Situation {
    /// Whether they may read something: it is theirs, or they may for what they do here ([`may_read`]).
    pub(crate) fn may_read(&self, person: &Person, what: &impl Written) -> bool {
        self.is_theirs(person, what) || may_read(what.audience(), person, &self.catalogue().organisation)
    }

    /// The current module of that name, if it is theirs.
    ///
    /// # Errors
    /// [`Refused::NotFound`] and [`Refused::NotForYou`].
    pub(crate) fn module_for(&self, person: &Person, slug: &ModuleSlug) -> Looked<Arc<Module>> {
        let (module, counts) = self.module_to_read(person, slug)?;
        if counts { Ok(module) } else { Err(Refused::NotForYou) }
    }

    /// The module of that name, if they may read it, and whether it is theirs.
    ///
    /// # Errors
    /// [`Refused::NotFound`] and [`Refused::NotForYou`].
    pub(crate) fn module_to_read(&self, person: &Person, slug: &ModuleSlug) -> Looked<(Arc<Module>, bool)> {
        let module = self.catalogue().modules.get(slug).ok_or(Refused::NotFound)?;
        self.to_read(person, module)
    }

    /// The agreement of that name, if it is theirs.
    ///
    /// # Errors
    /// [`Refused::NotFound`] and [`Refused::NotForYou`].
    pub(crate) fn agreement_for(&self, person: &Person, slug: &AgreementSlug) -> Looked<Arc<Agreement>> {
        let (agreement, counts) = self.agreement_to_read(person, slug)?;
        if counts { Ok(agreement) } else { Err(Refused::NotForYou) }
    }

    /// The agreement of that name, if they may read it, and whether it is theirs.
    ///
    /// # Errors
    /// [`Refused::NotFound`] and [`Refused::NotForYou`].
    pub(crate) fn agreement_to_read(&self, person: &Person, slug: &AgreementSlug) -> Looked<(Arc<Agreement>, bool)> {
        let agreement = self.catalogue().agreements.get(slug).ok_or(Refused::NotFound)?;
        self.to_read(person, agreement)
    }

    fn to_read<W: Written>(&self, person: &Person, what: &Arc<W>) -> Looked<(Arc<W>, bool)> {
        let counts = self.is_theirs(person, &**what);
        if counts || self.may_read(person, &**what) { Ok((Arc::clone(what), counts)) } else { Err(Refused::NotForYou) }
    }
}
