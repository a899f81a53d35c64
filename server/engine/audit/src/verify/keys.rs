use super::{entries::Check, trusted::Trusted};
use crate::{
    checkpoint::{Checkpoint, PinnedKey},
    extract::Entry,
    fact::Fact,
    key_chain::{KeyChain, handed_over},
    report::{Fault, Note},
    tree::Tree,
};

impl Check<'_> {
    /// The keys that signed, as the entries hand them over, from the key that is trusted or by it to the one that the bundle names.
    pub(super) fn keys(&mut self, trusted: &Trusted) -> Option<KeyChain> {
        self.of_former = self.is_of_former(trusted);
        let named = self.named_key(trusted)?;
        let mut chain: Option<KeyChain> = None;
        // What was handed over before a copy was restored is of another log.
        let begins = self.restores().last().map_or(0, |(number, _)| *number);
        let handed =
            self.acts.iter().flat_map(|(number, act)| act.envelope.facts.iter().map(move |fact| (*number, fact)));
        let handed = handed.filter(|(number, fact)| *number >= begins && matches!(fact, Fact::KeyChanged { .. }));
        let handed: Vec<_> = handed.map(|(number, fact)| (number, handed_over(fact))).collect();
        for (number, handed) in handed {
            let next = handed.and_then(|handed| {
                let before = chain.clone().unwrap_or_else(|| KeyChain::of(handed.0.clone()));
                before.handed_over(number, &handed)
            });
            match next {
                Some(next) => chain = Some(next),
                None => drop(self.faults.insert(Fault::NotHandedOver(number))),
            }
            if !self.bundle.checkpoints.contains_key(&(number + 1)) {
                self.faults.insert(Fault::NotHandedOver(number));
            }
        }
        let chain = chain.unwrap_or_else(|| KeyChain::of(named.clone()));
        self.trusts(chain, &named, trusted)
    }

    /// The same of an extract, which brings along the entries that hand over.
    pub(super) fn keys_of_extract(&mut self, entries: &[Entry], trusted: &Trusted) -> Option<KeyChain> {
        let named = self.named_key(trusted)?;
        match KeyChain::of_entries(&named, entries) {
            Ok(chain) => {
                self.notes.extend(entries.iter().map(|entry| Note::KeyChanged(entry.opened.n)));
                self.trusts(chain, &named, trusted)
            }
            Err(fault) => {
                self.faults.insert(fault.map_or(Fault::OtherKey, Fault::NotHandedOver));
                None
            }
        }
    }

    /// The head of a copy is that of the leaves before the one that says so, and of a log of another name.
    pub(super) fn restored(&mut self, tree: &Tree) {
        let restores = self.restores();
        for (place, (number, head)) in restores.iter().enumerate() {
            let head = Checkpoint::of_any_log(head);
            let next = restores.get(place + 1).and_then(|(_, next)| Checkpoint::of_any_log(next));
            let goes_on_as = next.map_or(self.bundle.manifest.origin.clone(), |next| next.origin.to_string());
            let fits = head.is_some_and(|head| {
                head.size == *number && tree.root_at(*number) == Some(head.root) && head.origin.as_str() != goes_on_as
            });
            if !fits {
                self.faults.insert(Fault::NotRestored(*number));
            }
        }
    }

    pub(super) fn heads(&mut self, tree: &Tree, keys: &KeyChain) {
        for (size, note) in &self.bundle.checkpoints {
            let fits =
                keys.open(note).is_some_and(|head| head.size == *size && tree.root_at(head.size) == Some(head.root));
            if !fits {
                self.faults.insert(Fault::WrongHead(*size));
            }
        }
        if !self.bundle.checkpoints.contains_key(&tree.size()) {
            self.faults.insert(Fault::NoHead);
        }
    }

    /// The leaves that say that the log goes on from a copy, with the head of that copy.
    fn restores(&self) -> Vec<(u64, String)> {
        let facts =
            self.acts.iter().flat_map(|(number, act)| act.envelope.facts.iter().map(move |fact| (*number, fact)));
        let restores = facts.filter_map(|(number, fact)| match fact {
            Fact::Restored { head } => Some((number, head.clone())),
            _ => None,
        });
        restores.collect()
    }

    /// Whether the key that is trusted signed the copy from which this log goes on.
    fn is_of_former(&self, trusted: &Trusted) -> bool {
        let Some(key) = trusted.key.as_ref().filter(|key| key.origin().as_str() != self.bundle.manifest.origin) else {
            return false;
        };
        self.restores().iter().any(|(_, head)| Checkpoint::open(head, key).is_ok())
    }

    /// The key that the bundle names.
    fn named_key(&mut self, trusted: &Trusted) -> Option<PinnedKey> {
        let origin = &self.bundle.manifest.origin;
        if !self.of_former && trusted.key.as_ref().is_some_and(|key| key.origin().as_str() != origin) {
            self.faults.insert(Fault::OtherLog);
        }
        let Ok(named) = PinnedKey::parse(&self.bundle.manifest.key) else {
            self.faults.insert(Fault::NoKey);
            return None;
        };
        if named.origin().as_str() != origin {
            self.faults.insert(Fault::OtherLog);
        }
        Some(named)
    }

    fn trusts(&mut self, chain: KeyChain, named: &PinnedKey, trusted: &Trusted) -> Option<KeyChain> {
        let is_trusted = self.of_former || trusted.key.as_ref().is_none_or(|key| chain.has(key));
        if chain.last() != named || !is_trusted {
            self.faults.insert(Fault::OtherKey);
        }
        Some(chain)
    }
}
