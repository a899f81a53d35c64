//! The keys that signed a log, one after the other. An entry that says `key-changed` hands over: the head behind it is signed by both keys, so
//! whoever trusts the one can trust the other.

use crate::{
    canonical::from_canonical,
    checkpoint::{Checkpoint, PinnedKey},
    extract::Entry,
    fact::{Envelope, Fact},
    leaf::Leaf,
    opening::commit,
    proof::Proof,
};

/// The keys of a log in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyChain {
    first: PinnedKey,
    /// Each with the number of the leaf by which it took over.
    later: Vec<(u64, PinnedKey)>,
}

impl KeyChain {
    /// The chain of a log whose key never changed.
    #[must_use]
    pub fn of(first: PinnedKey) -> Self {
        Self { first, later: Vec::new() }
    }

    /// The chain that entries hand over, each proved by the very head behind it. `last`: the key that signs now. The number of the first entry that does
    /// not hold is the error; `None`: they end with another key.
    ///
    /// # Errors
    /// The number of the entry that hands nothing over.
    pub fn of_entries(last: &PinnedKey, entries: &[Entry]) -> Result<Self, Option<u64>> {
        let mut chain: Option<Self> = None;
        for entry in entries {
            let number = entry.opened.n;
            let leaf = Leaf::parse(entry.leaf.as_bytes()).map_err(|_| Some(number))?;
            let opens = leaf.number == number
                && commit(&entry.opened.salt, entry.opened.envelope.as_bytes()) == leaf.commitment;
            let envelope = from_canonical::<Envelope>(entry.opened.envelope.as_bytes()).ok().filter(|_| opens);
            let handed =
                envelope.iter().flat_map(|envelope| &envelope.facts).find_map(handed_over).ok_or(Some(number))?;
            let next = match chain {
                None => Self::of(handed.0.clone()),
                Some(chain) => chain,
            };
            let next = next.handed_over(number, &handed).ok_or(Some(number))?;
            let proof = Proof::parse(&entry.proof).map_err(|_| Some(number))?;
            let head = proof.check_by(&leaf, |note| next.open(note)).ok_or(Some(number))?;
            if head.size != number + 1 {
                return Err(Some(number));
            }
            chain = Some(next);
        }
        let chain = chain.unwrap_or_else(|| Self::of(last.clone()));
        if chain.last() == last { Ok(chain) } else { Err(None) }
    }

    /// The same chain after a leaf has handed over from one key to another. `None`: it does not hand over from the last, or goes to another log, or
    /// does not come later.
    #[must_use]
    pub fn handed_over(mut self, leaf: u64, (was, key): &(PinnedKey, PinnedKey)) -> Option<Self> {
        let follows = self.last() == was && key != was && key.origin() == was.origin();
        let is_later = self.later.last().is_none_or(|(before, _)| *before < leaf);
        self.later.push((leaf, key.clone()));
        (follows && is_later).then_some(self)
    }

    /// The key that signs now.
    #[must_use]
    pub fn last(&self) -> &PinnedKey {
        self.later.last().map_or(&self.first, |(_, key)| key)
    }

    /// All of them, in their order.
    pub fn keys(&self) -> impl Iterator<Item = &PinnedKey> {
        std::iter::once(&self.first).chain(self.later.iter().map(|(_, key)| key))
    }

    /// Whether it is one of them.
    #[must_use]
    pub fn has(&self, key: &PinnedKey) -> bool {
        self.first == *key || self.later.iter().any(|(_, later)| later == key)
    }

    /// The sizes of the heads by which one key handed over to the next.
    pub fn handovers(&self) -> impl Iterator<Item = u64> {
        self.later.iter().map(|(leaf, _)| leaf + 1)
    }

    /// The keys that sign a head of that size: two where one hands over, otherwise one.
    #[must_use]
    pub fn keys_of(&self, size: u64) -> Vec<&PinnedKey> {
        let before = self.later.partition_point(|(leaf, _)| leaf + 1 < size);
        let at = |place: usize| place.checked_sub(1).map_or(&self.first, |place| &self.later[place].1);
        let hands_over = self.later.get(before).is_some_and(|(leaf, _)| leaf + 1 == size);
        if hands_over { vec![at(before), at(before + 1)] } else { vec![at(before)] }
    }

    /// Reads a head that every key has signed that signs heads of its size. `None`: one has not, or it is no head of this log.
    #[must_use]
    pub fn open(&self, note: &str) -> Option<Checkpoint> {
        let keys = std::iter::once(&self.first).chain(self.later.iter().map(|(_, key)| key));
        let head = keys.into_iter().find_map(|key| Checkpoint::open(note, key).ok())?;
        let is_signed = |key: &&PinnedKey| Checkpoint::open(note, key).is_ok_and(|read| read == head);
        self.keys_of(head.size).iter().all(is_signed).then_some(head)
    }
}

/// What a fact hands over: the key before it, and the key from then on. `None`: it is another fact, or names no keys.
pub(crate) fn handed_over(fact: &Fact) -> Option<(PinnedKey, PinnedKey)> {
    let Fact::KeyChanged { key, was } = fact else { return None };
    PinnedKey::parse(was).ok().zip(PinnedKey::parse(key).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        checkpoint::{LogKey, Origin},
        tree::leaf_hash,
    };

    fn key(seed: u8) -> LogKey {
        LogKey::from_seed(Origin::new("a.example/1").unwrap(), &[seed; 32])
    }

    fn head(size: u64, keys: &[&LogKey]) -> String {
        Checkpoint { origin: keys[0].origin().clone(), size, root: leaf_hash(b"root") }.sign(keys).unwrap()
    }

    #[test]
    fn each_head_is_signed_by_the_key_of_its_time_and_by_both_where_one_hands_over() {
        let (one, two, three) = (key(1), key(2), key(3));
        let chain = KeyChain::of(one.public());
        let chain = chain.handed_over(4, &(one.public(), two.public())).unwrap();
        let chain = chain.handed_over(9, &(two.public(), three.public())).unwrap();
        for (size, keys) in [
            (0, vec![&one]),
            (4, vec![&one]),
            (5, vec![&one, &two]),
            (6, vec![&two]),
            (10, vec![&two, &three]),
            (11, vec![&three]),
        ] {
            let public: Vec<_> = keys.iter().map(|key| key.public()).collect();
            assert_eq!(chain.keys_of(size).into_iter().cloned().collect::<Vec<_>>(), public, "{size}");
            assert_eq!(chain.open(&head(size, &keys)).map(|head| head.size), Some(size));
        }
        for (size, keys) in
            [(4, vec![&two]), (5, vec![&one]), (5, vec![&two]), (6, vec![&one]), (11, vec![&two]), (11, vec![&key(4)])]
        {
            assert_eq!(chain.open(&head(size, &keys)), None, "{size}");
        }
        assert_eq!(chain.handovers().collect::<Vec<_>>(), [5, 10]);
        // It goes on from its last key, to another key of the same log, later.
        let other = LogKey::from_seed(Origin::new("b.example/1").unwrap(), &[4; 32]).public();
        for (leaf, was, next) in [
            (12, &two, key(4).public()),
            (12, &three, three.public()),
            (9, &three, key(4).public()),
            (12, &three, other),
        ] {
            assert_eq!(chain.clone().handed_over(leaf, &(was.public(), next)), None, "{leaf}");
        }
    }
}
