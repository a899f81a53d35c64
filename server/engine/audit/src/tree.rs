//! The Merkle tree of RFC 6962 over the leaves, with SHA-256.

use std::{cell::RefCell, collections::BTreeMap};

pub use tlog_tiles::tlog::Hash;
use tlog_tiles::tlog::{
    EMPTY_HASH, Error, HashReader, check_record, check_tree, node_hash, prove_record, prove_tree, record_hash,
    split_stored_hash_index,
};

/// The hash of a leaf's bytes.
#[must_use]
pub fn leaf_hash(leaf: &[u8]) -> Hash {
    record_hash(leaf)
}

/// The right edge of a growing tree: all that appending needs, at most 64 hashes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frontier {
    size: u64,
    /// The roots of the complete subtrees, largest first: one for each bit of `size` that is set.
    roots: Vec<Hash>,
}

impl Frontier {
    /// The edge of a tree of that size. `None`: it has another number of roots.
    #[must_use]
    pub fn from_roots(size: u64, roots: Vec<Hash>) -> Option<Self> {
        (u32::try_from(roots.len()) == Ok(size.count_ones())).then_some(Self { size, roots })
    }

    /// How many leaves the tree has.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The roots of its complete subtrees, largest first.
    #[must_use]
    pub fn roots(&self) -> &[Hash] {
        &self.roots
    }

    /// Appends the hash of a leaf.
    pub fn append(&mut self, leaf: Hash) {
        self.append_saying(leaf, |_, _| {});
    }

    /// The same, and says each subtree that it completes: how many times two leaves were joined in it, and its root. It holds the last
    /// 2 to that power leaves.
    pub fn append_saying(&mut self, leaf: Hash, mut completes: impl FnMut(u32, Hash)) {
        let mut hash = leaf;
        // As many subtrees of one size as there are ones at the end of the number become one of twice the size.
        for level in 1..=self.size.trailing_ones() {
            if let Some(left) = self.roots.pop() {
                hash = node_hash(left, hash);
                completes(level, hash);
            }
        }
        self.roots.push(hash);
        self.size += 1;
    }

    /// The root of the tree.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.roots.iter().rev().copied().reduce(|right, left| node_hash(left, right)).unwrap_or(EMPTY_HASH)
    }
}

/// A whole tree, for proofs.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    /// The hashes of complete subtrees by level, leaves first.
    levels: Vec<Vec<Hash>>,
    edge: Frontier,
}

impl Tree {
    /// How many leaves it has.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.edge.size()
    }

    /// Its root.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.edge.root()
    }

    /// The root that it had when it had so many leaves. `None`: it never had so many.
    #[must_use]
    pub fn root_at(&self, size: u64) -> Option<Hash> {
        if size > self.size() {
            return None;
        }
        tlog_tiles::tlog::tree_hash(size, self).ok()
    }

    /// Appends the hash of a leaf.
    pub fn append(&mut self, leaf: Hash) {
        self.edge.append(leaf);
        let mut hash = leaf;
        for level in 0.. {
            if level == self.levels.len() {
                self.levels.push(Vec::new());
            }
            let row = &mut self.levels[level];
            row.push(hash);
            let [.., left, right] = row[..] else { return };
            if row.len() % 2 == 1 {
                return;
            }
            hash = node_hash(left, right);
        }
    }

    /// What shows that the leaf of that number is in the tree of so many leaves. `None`: it is not.
    #[must_use]
    pub fn prove_leaf(&self, number: u64, size: u64) -> Option<Vec<Hash>> {
        if number >= size || size > self.size() {
            return None;
        }
        prove_record(size, number, self).ok()
    }

    /// What shows that the tree of so many leaves went on from the one of `before`. `None`: there were never so many.
    #[must_use]
    pub fn prove_growth(&self, before: u64, size: u64) -> Option<Vec<Hash>> {
        if before > size || size > self.size() {
            return None;
        }
        if before == 0 || before == size {
            return Some(Vec::new());
        }
        prove_tree(size, before, self).ok()
    }
}

impl HashReader for Tree {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, Error> {
        let read = |index: &u64| {
            let (level, place) = split_stored_hash_index(*index);
            let row = self.levels.get(usize::from(level))?;
            row.get(usize::try_from(place).ok()?).copied()
        };
        indexes.iter().map(|index| read(index).ok_or(Error::IndexesNotInTree)).collect()
    }
}

/// Where a hash stands in a tree: how many levels above the leaves, and which one of that level, counted from 0.
pub type Place = (u8, u64);

/// The hashes that [`prove_leaf_with`] needs. `None`: there is no such leaf in a tree of that size.
#[must_use]
pub fn hashes_to_prove(number: u64, size: u64) -> Option<Vec<Place>> {
    if number >= size {
        return None;
    }
    let asked = Asked(RefCell::default());
    prove_record(size, number, &asked).ok()?;
    Some(asked.0.into_inner())
}

/// What shows that the leaf of that number is in the tree of so many leaves, from hashes that stand elsewhere. `None`: it is not, or a hash
/// is missing that [`hashes_to_prove`] names.
#[must_use]
pub fn prove_leaf_with(number: u64, size: u64, hashes: &BTreeMap<Place, Hash>) -> Option<Vec<Hash>> {
    if number >= size { None } else { prove_record(size, number, &Found(hashes)).ok() }
}

/// The hashes that [`prove_growth_with`] needs. `None`: there were never so many leaves.
#[must_use]
pub fn hashes_to_prove_growth(before: u64, size: u64) -> Option<Vec<Place>> {
    if before > size {
        return None;
    }
    let asked = Asked(RefCell::default());
    if before > 0 {
        prove_tree(size, before, &asked).ok()?;
    }
    Some(asked.0.into_inner())
}

/// What shows that the tree of so many leaves went on from the one of `before`, from hashes that stand elsewhere. `None`: there were never so
/// many, or a hash is missing that [`hashes_to_prove_growth`] names.
#[must_use]
pub fn prove_growth_with(before: u64, size: u64, hashes: &BTreeMap<Place, Hash>) -> Option<Vec<Hash>> {
    match before {
        _ if before > size => None,
        0 => Some(Vec::new()),
        _ => prove_tree(size, before, &Found(hashes)).ok(),
    }
}

/// Takes note of what is asked for.
struct Asked(RefCell<Vec<Place>>);

impl HashReader for Asked {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, Error> {
        self.0.borrow_mut().extend(indexes.iter().map(|index| split_stored_hash_index(*index)));
        Ok(vec![EMPTY_HASH; indexes.len()])
    }
}

struct Found<'h>(&'h BTreeMap<Place, Hash>);

impl HashReader for Found<'_> {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, Error> {
        let found = indexes.iter().map(|index| self.0.get(&split_stored_hash_index(*index)).copied());
        found.map(|hash| hash.ok_or(Error::IndexesNotInTree)).collect()
    }
}

/// The hash of two subtrees side by side.
#[must_use]
pub fn joined(left: Hash, right: Hash) -> Hash {
    node_hash(left, right)
}

/// Whether a proof shows that a leaf is in a tree of that size and root.
#[must_use]
pub(crate) fn is_in_tree(proof: &[Hash], size: u64, root: Hash, number: u64, leaf: Hash) -> bool {
    number < size && check_record(&proof.to_vec(), size, root, number, leaf).is_ok()
}

/// Whether a proof shows that one tree went on from another.
#[must_use]
pub fn went_on(proof: &[Hash], before: (u64, Hash), now: (u64, Hash)) -> bool {
    match (before, now) {
        ((0, root), _) => root == EMPTY_HASH && proof.is_empty(),
        ((size, root), (same, other)) if size == same => root == other && proof.is_empty(),
        ((size, _), (now, _)) if size > now => false,
        ((size, root), (now, other)) => check_tree(&proof.to_vec(), now, other, size, root).is_ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree with which implementations of RFC 6962 try themselves: eight leaves, and the roots of the first one to eight.
    const LEAVES: [&[u8]; 8] = [
        b"",
        b"\x00",
        b"\x10",
        b"\x20\x21",
        b"\x30\x31",
        b"\x40\x41\x42\x43",
        b"\x50\x51\x52\x53\x54\x55\x56\x57",
        b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
    ];
    const ROOTS: [&str; 8] = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    fn grown(size: u64) -> Tree {
        let mut tree = Tree::default();
        for number in 0..size {
            tree.append(leaf_hash(&number.to_be_bytes()));
        }
        tree
    }

    #[test]
    fn the_roots_are_those_of_rfc_6962() {
        let mut edge = Frontier::default();
        assert_eq!(hex::encode(edge.root().0), hex::encode(EMPTY_HASH.0));
        for (leaf, root) in LEAVES.iter().zip(ROOTS) {
            edge.append(leaf_hash(leaf));
            assert_eq!(hex::encode(edge.root().0), root);
        }
    }

    #[test]
    fn what_shows_growth_needs_no_more_hashes_than_it_names() {
        let tree = grown(70);
        for size in 0..=70 {
            for before in 0..=size {
                let places = hashes_to_prove_growth(before, size).unwrap();
                let at = |(level, place): Place| tree.levels[usize::from(level)][usize::try_from(place).unwrap()];
                let hashes = places.into_iter().map(|place| (place, at(place))).collect();
                let proof = prove_growth_with(before, size, &hashes);
                assert_eq!(proof, tree.prove_growth(before, size), "{before} {size}");
                assert!(went_on(
                    &proof.unwrap(),
                    (before, tree.root_at(before).unwrap()),
                    (size, tree.root_at(size).unwrap())
                ));
            }
            assert_eq!(hashes_to_prove_growth(size + 1, size), None);
        }
        assert_eq!(prove_growth_with(3, 7, &BTreeMap::new()), None);
    }

    #[test]
    fn the_edge_is_all_that_appending_needs() {
        let mut edge = Frontier::default();
        let tree = grown(300);
        for size in 0..300 {
            assert_eq!(Some(edge.root()), tree.root_at(size), "{size}");
            let mut again = Frontier::from_roots(edge.size(), edge.roots().to_vec()).unwrap();
            again.append(leaf_hash(&size.to_be_bytes()));
            edge = again;
        }
        assert_eq!(Frontier::from_roots(3, edge.roots().to_vec()), None);
    }

    #[test]
    fn every_leaf_of_every_tree_is_proved_and_no_other() {
        let tree = grown(40);
        for size in 1..=40 {
            let root = tree.root_at(size).unwrap();
            for number in 0..size {
                let proof = tree.prove_leaf(number, size).unwrap();
                let leaf = |number: u64| leaf_hash(&number.to_be_bytes());
                assert!(is_in_tree(&proof, size, root, number, leaf(number)), "{number} of {size}");
                assert!(!is_in_tree(&proof, size, root, number, leaf(number + 1)));
                assert!(!is_in_tree(&proof, size, root, (number + 1) % size, leaf(number)) || size == 1);
                let longer = [&proof[..], &[root]].concat();
                assert!(!is_in_tree(&longer, size, root, number, leaf(number)));
            }
            assert_eq!(tree.prove_leaf(size, size), None);
        }
        assert_eq!(tree.prove_leaf(0, 41), None);
    }

    #[test]
    fn a_leaf_is_proved_with_hashes_from_elsewhere() {
        let tree = grown(300);
        for size in [1, 2, 255, 256, 257, 300] {
            for number in (0..size).step_by(7) {
                let places = hashes_to_prove(number, size).unwrap();
                let found: BTreeMap<Place, Hash> = places
                    .iter()
                    .map(|(level, place)| ((*level, *place), tree.levels[usize::from(*level)][*place as usize]))
                    .collect();
                assert_eq!(prove_leaf_with(number, size, &found), tree.prove_leaf(number, size), "{number} of {size}");
                if !found.is_empty() {
                    assert_eq!(prove_leaf_with(number, size, &BTreeMap::new()), None);
                }
            }
        }
        assert_eq!(hashes_to_prove(3, 3), None);
    }

    #[test]
    fn a_growing_edge_says_which_subtrees_are_complete() {
        let (tree, mut edge) = (grown(600), Frontier::default());
        let mut said = Vec::new();
        for number in 0..600u64 {
            edge.append_saying(leaf_hash(&number.to_be_bytes()), |level, root| {
                if level == 8 {
                    said.push((number, root));
                }
            });
        }
        assert_eq!(said, [(255, tree.levels[8][0]), (511, tree.levels[8][1])]);
    }

    #[test]
    fn every_growth_is_proved_and_no_other_past() {
        let (tree, other) = (grown(40), {
            let mut other = Tree::default();
            for number in 0..40u64 {
                other.append(leaf_hash(&(number + u64::from(number == 3)).to_be_bytes()));
            }
            other
        });
        for before in 0..=40 {
            for now in before..=40 {
                let proof = tree.prove_growth(before, now).unwrap();
                let head = |tree: &Tree, size| (size, tree.root_at(size).unwrap());
                assert!(went_on(&proof, head(&tree, before), head(&tree, now)), "{before} to {now}");
                if before > 3 {
                    assert!(!went_on(&proof, head(&other, before), head(&tree, now)), "{before} to {now}");
                }
            }
        }
        assert!(!went_on(&[], (2, tree.root_at(2).unwrap()), (1, tree.root_at(1).unwrap())));
    }
}
