//! The gate: an agreement needs a current pass in each of the modules that it requires. It is written here, once.

use std::sync::Arc;

use model::ModuleSlug;

use super::hold::{Hold, module_hold};
use crate::{
    catalogue::{Agreement, Language},
    quiz::FirstModule,
    record::Completion,
    standing::{Cell, Situation},
};

/// What an agreement requires, and what of that somebody has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gate {
    /// The required modules in the agreement's order.
    pub items: Vec<GateItem>,
}

/// One module that an agreement requires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GateItem {
    /// Which module.
    pub module: ModuleSlug,
    /// Its title.
    pub title: String,
    /// The language of that title.
    pub language: Language,
    /// How long it takes.
    pub minutes: u32,
    /// Where the person stands with it.
    pub cell: Arc<Cell>,
    /// The pass that counts now, or why there is none.
    pub pass: Result<Completion, Missing>,
    /// What keeps them from passing it, where no pass counts.
    pub hold: Hold,
}

/// Why no pass counts now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// The module has not been passed.
    NotPassed,
    /// It was passed, and the time for which that counted has run out.
    Expired,
    /// It was passed in an edition that has since been replaced.
    Superseded,
}

impl Gate {
    /// Whether nothing is missing.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.items.iter().all(|item| item.pass.is_ok())
    }

    /// The passes that open it, or none while something is missing.
    #[must_use]
    pub fn passes(&self) -> Option<Vec<&Completion>> {
        self.items.iter().map(|item| item.pass.as_ref().ok()).collect()
    }

    /// What keeps somebody from opening it. It waits only when nothing that is missing can be passed now: for the tutor first, who has to act.
    #[must_use]
    pub fn hold(&self) -> Hold {
        let missing = || self.items.iter().filter(|item| item.pass.is_err()).map(|item| item.hold);
        if missing().next().is_none() {
            return Hold::Nothing;
        }
        if missing().any(|hold| !hold.waits()) {
            return Hold::Gate;
        }
        let tutor = missing().find(|hold| matches!(hold, Hold::Tutor { .. }));
        tutor.or_else(|| missing().next()).unwrap_or(Hold::Gate)
    }

    /// How many modules are missing.
    #[must_use]
    pub fn missing(&self) -> usize {
        self.items.iter().filter(|item| item.pass.is_err()).count()
    }
}

/// Decides the gate. Where the situation was read inside a transaction that has locked the person, what it says stays true until the
/// transaction ends.
pub(crate) fn decide(situation: &Situation, agreement: &Agreement) -> Gate {
    Gate { items: agreement.requires.iter().map(|slug| item(situation, slug)).collect() }
}

/// The gate of a module: what is to be passed before its quiz.
pub(crate) fn of_first(situation: &Situation, modules: &[FirstModule]) -> Gate {
    Gate { items: modules.iter().map(|first| item(situation, &first.module)).collect() }
}

fn item(situation: &Situation, slug: &ModuleSlug) -> GateItem {
    let cell = situation.module_cell(slug);
    let module = situation.catalogue().modules.get(slug);
    let pass = match (cell.counts, cell.last) {
        (Some(pass), _) if module.is_some() => Ok(situation.completion(pass).clone()),
        (_, None) => Err(Missing::NotPassed),
        (_, Some(last)) if last.edition >= situation.edition(slug) => Err(Missing::Expired),
        (_, Some(_)) => Err(Missing::Superseded),
    };
    GateItem {
        module: slug.clone(),
        title: module.map_or_else(|| slug.to_string(), |module| module.title.clone()),
        language: module.map_or(Language::ENGLISH, |module| module.language),
        minutes: module.map_or(0, |module| module.minutes),
        hold: module.filter(|_| pass.is_err()).map_or(Hold::Nothing, |module| module_hold(situation, module)),
        pass,
        cell,
    }
}
