//! The facts that texts may put in place.

use std::collections::{BTreeMap, BTreeSet};

use model::FactId;

use super::name_helplines::digits_of;
use crate::catalogue::{Fact, Helpline};
use crate::content::problems::{Code, Report};

/// The facts that may be cited.
#[derive(Debug, Default)]
pub(crate) struct FactBook {
    pub(crate) facts: BTreeMap<FactId, Fact>,
    /// Ids of facts that have an error of their own.
    pub(crate) broken: BTreeSet<String>,
    /// Whether the file as a whole could not be read, so that nothing can be said about what it holds.
    unreadable: bool,
    /// Whether the provider's own rules could not be read, so that nothing can be said about which there are.
    rules_lost: bool,
    /// Where each fact stands.
    pub(crate) places: BTreeMap<FactId, usize>,
}

/// What the book says about an id.
pub(super) enum Lookup<'b> {
    Found(&'b Fact),
    /// It is (or may be) there, with an error that has been reported.
    Broken,
    Unknown,
}

impl FactBook {
    /// The help services in the order of the register.
    pub(crate) fn helplines(&self) -> Vec<Helpline> {
        let mut facts: Vec<&Fact> = self.facts.values().collect();
        facts.sort_by_key(|fact| self.places.get(&fact.id));
        facts.into_iter().filter_map(|fact| fact.helpline.clone()).collect()
    }

    /// Whether the help page has a service whose name begins with, or holds, a name. Of a register that cannot be read, nothing is known.
    pub(super) fn has_helpline(&self, name: &str) -> bool {
        self.unreadable
            || !self.broken.is_empty()
            || self.facts.values().filter_map(|fact| fact.helpline.as_ref()).any(|line| line.name.contains(name))
    }

    /// Whether the help page has a number, given by its digits. Of a register that cannot be read, nothing is known.
    pub(super) fn has_number(&self, digits: &str) -> bool {
        self.unreadable
            || !self.broken.is_empty()
            || self
                .facts
                .values()
                .filter_map(|fact| fact.helpline.as_ref()?.phone.as_deref())
                .any(|phone| digits_of(phone) == digits)
    }

    /// Whether a text says the name of a help service that the help page has, or its number.
    pub(super) fn says_helpline(&self, text: &str) -> bool {
        let lines = self.facts.values().filter_map(|fact| fact.helpline.as_ref());
        let mut said = lines.flat_map(|line| [Some(line.name.as_str()), line.phone.as_deref()]).flatten();
        said.any(|said| text.contains(said))
    }

    /// Refuses two numbers for one help service: it may stand twice on the help page, but one of them would be wrong.
    pub(crate) fn refuse_two_numbers(&self, report: &mut Report<'_>) {
        let mut numbers: BTreeMap<&str, (&FactId, &str)> = BTreeMap::new();
        let mut places: Vec<(&FactId, usize)> = self.places.iter().map(|(id, at)| (id, *at)).collect();
        places.sort_by_key(|(_, at)| *at);
        for (id, at) in places {
            let Some(line) = self.facts.get(id).and_then(|fact| fact.helpline.as_ref()) else { continue };
            let Some(phone) = line.phone.as_deref() else { continue };
            match numbers.get(line.name.as_str()) {
                Some((other, number)) if digits_of(number) != digits_of(phone) => {
                    let message = format!("`{}` has {phone} here, and {number} in the fact `{other}`.", line.name);
                    let help = "Hold both against their source, and write the one that is right in both.";
                    report.error(at, Code::HelplineNumberDiffers, message, help);
                }
                Some(_) => {}
                None => {
                    numbers.insert(&line.name, (id, phone));
                }
            }
        }
    }

    /// A book of facts that are known to be good.
    pub(crate) fn of(facts: BTreeMap<FactId, Fact>) -> Self {
        Self { facts, ..Self::default() }
    }

    /// A book whose file could not be read.
    pub(crate) fn unreadable() -> Self {
        Self { unreadable: true, ..Self::default() }
    }

    /// Says that the provider's own rules could not be read.
    pub(crate) fn lose_rules(&mut self) {
        self.rules_lost = true;
    }

    /// Whether there is a fact of that id, be it with an error of its own.
    pub(crate) fn has(&self, id: &FactId) -> bool {
        self.facts.contains_key(id) || self.broken.contains(id.as_str())
    }

    /// Looks a fact up.
    pub(super) fn look_up(&self, id: &FactId) -> Lookup<'_> {
        match self.facts.get(id) {
            Some(fact) => Lookup::Found(fact),
            None if self.unreadable || self.broken.contains(id.as_str()) => Lookup::Broken,
            None if self.rules_lost && is_rule(id) => Lookup::Broken,
            None => Lookup::Unknown,
        }
    }

    /// Whether there is, or may be, a help service of that id with a phone number. What has an error of its own may be one.
    pub(crate) fn may_be_helpline(&self, id: &FactId) -> bool {
        match self.look_up(id) {
            Lookup::Found(fact) => fact.helpline.as_ref().is_some_and(|helpline| helpline.phone.is_some()),
            Lookup::Broken => true,
            Lookup::Unknown => false,
        }
    }

    /// The ids of the help services that have a phone number.
    pub(crate) fn helpline_ids(&self) -> impl Iterator<Item = &str> {
        self.facts.keys().filter(|id| self.may_be_helpline(id)).map(FactId::as_str)
    }

    /// The ids that there are.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        self.facts.keys().map(FactId::as_str)
    }

    /// Warns about facts that nothing uses. Help services are used by the help page.
    pub(crate) fn warn_of_unused(&self, used: &BTreeSet<FactId>, report: &mut Report<'_>) {
        // What has no place in the register stands in `organisation.toml`.
        for (id, at) in &self.places {
            if !used.contains(id) && self.facts.get(id).is_some_and(|fact| fact.helpline.is_none()) {
                let help = format!("Put it in place with `{{{{fact:{id}}}}}`, or take it out.");
                report.warn(*at, Code::UnusedFact, format!("Nothing uses the fact `{id}`."), help);
            }
        }
    }
}

/// Whether an id is that of something that each provider settles in its own way: such ids begin with `our-` or `concern-about-`, or end
/// with `-route`.
pub(super) fn is_rule(id: &FactId) -> bool {
    let id = id.as_str();
    id.starts_with("our-") || id.starts_with("concern-about-") || id.ends_with("-route")
}
