//! Checks a bundle and says what it proves, and what it does not: `entries` looks at each by itself, `keys` at who signed, `gates` at what
//! signatures and passes rest on.

mod entries;
mod gates;
mod keys;
mod trusted;

pub use trusted::{Gate, Trusted};

use std::collections::BTreeMap;

use entries::{Check, Texts};

use crate::{
    bundle::{Bundle, Erased, Manifest},
    checkpoint::Checkpoint,
    extract::Extract,
    fact::PartKind,
    key_chain::KeyChain,
    leaf::{Leaf, LeafError},
    proof::Proof,
    report::{Fault, Note, Report, Verdict},
    tree::Tree,
    witness::Seen,
};

/// Checks a bundle against what somebody has from elsewhere.
#[must_use]
pub fn verify(bundle: &Bundle, trusted: &Trusted) -> Report {
    verify_telling(bundle, trusted, &mut |_| {})
}

/// The same, and tells now and then how much of it is done, in thousandths.
#[must_use]
pub fn verify_telling(bundle: &Bundle, trusted: &Trusted, tell: &mut dyn FnMut(u32)) -> Report {
    let mut check = Check::of(bundle);
    let leaves = check.leaves();
    tell(150);
    let mut tree = Tree::default();
    for bytes in &bundle.leaves {
        tree.append(crate::tree::leaf_hash(bytes));
    }
    tell(250);
    check.openings(&leaves, tell);
    tell(950);
    // Which keys signed, the entries say.
    let keys = check.keys(trusted);
    if let Some(keys) = &keys {
        check.heads(&tree, keys);
    }
    check.restored(&tree);
    check.erased_list();
    check.texts(Texts::All);
    check.people();
    check.discussions();
    let signatures = check.gates();
    let is_known = match (&trusted.known_head, &keys) {
        (Some(head), Some(keys)) => Some(goes_on_from(&tree, head, keys)),
        _ => None,
    };
    let seen = keys.as_ref().and_then(|keys| {
        let heads = bundle.checkpoints.values().rev();
        heads.filter_map(|note| trusted.seen(&keys.open(note)?, note)).next()
    });
    let Check { faults, notes, acts, of_former, .. } = check;
    let not_understood = notes.iter().any(|note| matches!(note, Note::NotUnderstood(_)));
    let verdict = match () {
        () if !faults.is_empty() => Verdict::Invalid,
        () if is_known == Some(false) || of_former => Verdict::Diverged,
        () if not_understood => Verdict::NotUnderstood,
        () if trusted.key.is_none() || is_known.is_none() && seen.is_none() => Verdict::NotAnchored,
        () => Verdict::Valid,
    };
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    let erased = leaves.iter().flatten().filter(|leaf| bundle.erased.has_envelope(leaf.number)).count();
    Report {
        verdict,
        leaves: count(bundle.leaves.len()),
        opened: count(acts.len()),
        erased: count(erased),
        signatures,
        seen,
        faults,
        notes,
    }
}

/// Checks an extract against what somebody has from elsewhere: that each entry is in the log, and what the entries say. That nothing is
/// left out cannot be seen from it.
#[must_use]
pub fn verify_extract(extract: &Extract, trusted: &Trusted) -> Report {
    let texts = extract.texts.iter().map(|(name, text)| (name.clone(), text.clone().into_bytes())).collect();
    let bundle = Bundle {
        manifest: Manifest {
            format: extract.format,
            origin: extract.origin.clone(),
            key: extract.key.clone(),
            size: 0,
            withheld: PartKind::EVERY.to_vec(),
        },
        leaves: Vec::new(),
        openings: extract.entries.iter().map(|entry| (entry.opened.n, entry.opened.clone())).collect(),
        erased: Erased::default(),
        erased_bytes: None,
        texts,
        checkpoints: BTreeMap::new(),
    };
    let mut check = Check::of(&bundle);
    let keys = check.keys_of_extract(&extract.keys, trusted);
    let (mut heads, mut seen) = (Vec::new(), Vec::new());
    let mut last = None;
    for (place, entry) in (0..).zip(&extract.entries) {
        let leaf = match Leaf::parse(entry.leaf.as_bytes()) {
            Ok(leaf) => leaf,
            Err(LeafError::UnknownFormat(_)) => {
                check.notes.insert(Note::NotUnderstood(entry.opened.n));
                // Nobody makes one up so that what stands on it is not looked at.
                let proof = keys.as_ref().zip(Proof::parse(&entry.proof).ok());
                let is_there = proof
                    .filter(|(_, proof)| proof.number == entry.opened.n)
                    .and_then(|(keys, proof)| proof.check_bytes_by(entry.leaf.as_bytes(), |note| keys.open(note)));
                if is_there.is_none() {
                    check.faults.insert(Fault::NotProved(entry.opened.n));
                }
                continue;
            }
            Err(LeafError::NotALeaf) => {
                check.faults.insert(Fault::NotALeaf(place));
                continue;
            }
        };
        if leaf.number != entry.opened.n || last.is_some_and(|last| leaf.number <= last) {
            check.faults.insert(Fault::OutOfPlace(leaf.number));
        }
        last = Some(leaf.number);
        let proof = keys.as_ref().zip(Proof::parse(&entry.proof).ok());
        let proved = proof.and_then(|(keys, proof)| {
            let head = proof.check_by(&leaf, |note| keys.open(note))?;
            let seen = trusted.seen(&head, &proof.checkpoint);
            Some((head, seen))
        });
        match proved {
            Some((head, by_witness)) => {
                heads.push(head);
                seen.push(by_witness);
            }
            None => drop(check.faults.insert(Fault::NotProved(leaf.number))),
        }
        check.opening(&leaf, &entry.opened);
    }
    check.texts(Texts::OfSignatures);
    check.people();
    let signatures = check.gates();
    if extract.entries.is_empty() {
        check.faults.insert(Fault::NoHead);
    }
    let known = trusted.known_head.as_ref().zip(keys.as_ref()).map(|(head, keys)| keys.open(head));
    let is_known =
        |head: &Checkpoint| known.as_ref().and_then(|known| known.as_ref()).is_some_and(|known| known == head);
    let other = |head: &Checkpoint| match &known {
        Some(Some(known)) => known.size == head.size && known.root != head.root,
        Some(None) => true,
        None => false,
    };
    // That a witness saw a head is worth something only if all of it is in that one.
    let seen: Option<Vec<Seen>> = seen.into_iter().collect();
    let seen = seen.and_then(|seen| seen.into_iter().min_by_key(|seen| seen.size));
    let verdict = match () {
        () if !check.faults.is_empty() => Verdict::Invalid,
        () if heads.iter().any(other) => Verdict::Diverged,
        () if check.notes.iter().any(|note| matches!(note, Note::NotUnderstood(_))) => Verdict::NotUnderstood,
        () if trusted.key.is_some() && (heads.iter().all(is_known) || seen.is_some()) => Verdict::Valid,
        () => Verdict::NotAnchored,
    };
    let opened = u64::try_from(check.acts.len()).unwrap_or(u64::MAX);
    let Check { faults, notes, .. } = check;
    let leaves = u64::try_from(extract.entries.len()).unwrap_or(u64::MAX);
    Report { verdict, leaves, opened, erased: 0, signatures, seen, faults, notes }
}

/// Whether a tree went on from a head that was signed by its key.
fn goes_on_from(tree: &Tree, head: &str, keys: &KeyChain) -> bool {
    keys.open(head).is_some_and(|known| tree.root_at(known.size) == Some(known.root))
}
