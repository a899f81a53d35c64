//! An inspection pack: all that the log says of a few people, drawn by a word that whoever inspects gives and by a signed head. Files by name,
//! as in a bundle.
//!
//! | File | Holds |
//! | --- | --- |
//! | `pack.json` | canonical JSON: [`Pack`] |
//! | `population.json` | canonical JSON: [`Population`], among whom they were drawn |
//! | `people/NUMBER.json` | an [`Extract`] for each who was drawn |
//! | `exported.json` | an [`Extract`] of the entry that says that this very pack was given away |

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{
    bundle::{Files, digest_of_text},
    bytes::{Digest, Pseudonym},
    canonical::{NotCanonical, from_canonical, to_canonical},
    checkpoint::PinnedKey,
    extract::{Entry, Extract, NotAnExtract},
    fact::{Envelope, Fact},
    key_chain::KeyChain,
    report::{Note, Signatures, Verdict},
    verify::{Trusted, verify_extract},
    witness::Seen,
};

/// The file that says what a pack holds.
pub const PACK_MANIFEST: &str = "pack.json";

/// The file that says among whom people were drawn.
pub const PACK_POPULATION: &str = "population.json";

/// The file that shows that the pack was noted in the log.
pub const PACK_EXPORTED: &str = "exported.json";

/// What a pack says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// Who was drawn: by group, and within one by rank.
    pub drawn: Vec<Drawn>,
    /// The digest of every other file, by name; but not of `exported.json`, which is written afterwards.
    pub files: BTreeMap<String, Digest>,
    /// The format of the pack: 1.
    pub format: u32,
    /// The head by which they were drawn and everything is proved, as a note.
    pub head: String,
    /// The public key of the log, as the log itself says.
    pub key: String,
    /// The entries by which one key handed over to the next, as in an extract.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<Entry>,
    /// The day for which it was asked who is here, such as `2026-11-29`.
    pub on: String,
    /// How many were asked for.
    pub sample: u64,
    /// The word by which they were drawn.
    pub word: String,
}

/// Somebody who was drawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drawn {
    /// The file with what the log says of them.
    pub file: String,
    /// For which group. `None`: they are in none.
    pub group: Option<u64>,
    /// Who, as whoever may link their leaves knows them.
    pub person: Pseudonym,
}

/// Among whom people are drawn: everybody once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Population {
    /// In order of their numbers, those who are in no group first.
    pub groups: Vec<Stratum>,
}

/// The people of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stratum {
    /// The number of the group. `None`: those who are in none.
    pub group: Option<u64>,
    /// In order of their pseudonyms.
    pub people: Vec<Pseudonym>,
}

/// Where somebody stands when people are drawn: `SHA-256("induct/sample/1" 00 word 00 head 00 person)`, where the head is the text of the
/// note that is signed. The smallest are drawn. Nobody who makes a pack can choose, because the word comes from who
/// inspects, and is given when the head has been signed and noted.
#[must_use]
pub fn rank(word: &str, head: &str, person: &Pseudonym) -> [u8; 32] {
    let text = head.split_once("\n\n").map_or(head, |(text, _)| text);
    let digest = Sha256::new().chain_update(b"induct/sample/1").chain_update([0]).chain_update(word).chain_update([0]);
    // What is signed ends with a line feed. Signatures are left out: one text can have many.
    digest.chain_update(text).chain_update(b"\n").chain_update([0]).chain_update(person.0).finalize().into()
}

impl Population {
    /// How many people there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.groups.iter().map(|stratum| stratum.people.len()).sum()
    }

    /// Whether there is nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether it is written in the one way: groups and people in order, nobody twice, no group without people.
    fn is_in_order(&self) -> bool {
        let mut everybody = BTreeSet::new();
        self.groups.is_sorted_by(|one, other| one.group < other.group)
            && self.groups.iter().all(|stratum| !stratum.people.is_empty())
            && self.groups.iter().all(|stratum| stratum.people.is_sorted())
            && self.groups.iter().flat_map(|stratum| &stratum.people).all(|person| everybody.insert(*person))
    }

    /// How many places each group gets of so many, in the order of the groups. They are given one after the other to the group that has
    /// the most people for each place that it has so far; one that has none yet comes before all that have. Of groups that are
    /// equal in that, the one with more people gets it, then the first.
    #[must_use]
    pub fn places(&self, sample: usize) -> Vec<u64> {
        let mut given = vec![0_u64; self.groups.len()];
        let people = |at: usize| self.groups[at].people.len() as u64;
        for _ in 0..sample.min(self.len()) {
            let open = (0..given.len()).filter(|at| given[*at] < people(*at));
            let next = open.min_by(|one, other| {
                // Compared as fractions, in whole numbers: a group without a place stands above every number.
                let (mine, theirs) = (people(*one) * given[*other], people(*other) * given[*one]);
                let by_share = if given[*one] == 0 && given[*other] == 0 { Ordering::Equal } else { theirs.cmp(&mine) };
                by_share.then(people(*other).cmp(&people(*one))).then(one.cmp(other))
            });
            if let Some(next) = next {
                given[next] += 1;
            }
        }
        given
    }

    /// Who is drawn by a word and a head: the group and the person, by group and within one by rank.
    #[must_use]
    pub fn draw(&self, sample: usize, word: &str, head: &str) -> Vec<(Option<u64>, Pseudonym)> {
        let mut drawn = Vec::new();
        for (stratum, places) in self.groups.iter().zip(self.places(sample)) {
            let mut ranked: Vec<_> = stratum.people.iter().map(|person| (rank(word, head, person), *person)).collect();
            ranked.sort_unstable();
            drawn.extend(
                ranked
                    .into_iter()
                    .take(usize::try_from(places).unwrap_or(usize::MAX))
                    .map(|(_, person)| (stratum.group, person)),
            );
        }
        drawn
    }
}

/// What is wrong with a pack.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PackFault {
    /// There is no manifest, or it is not written as it should be.
    Manifest,
    /// The key is another one than the one that is trusted, or has not signed the head.
    Head,
    /// The list of those among whom people were drawn cannot be read.
    Population,
    /// Others should have been drawn.
    NotDrawnSo,
    /// A file is missing, or is another one than the manifest says, or the manifest does not name it.
    File(String),
    /// What is said of somebody does not hold, and why.
    Extract(String, String),
    /// What is said of somebody is of another log, or not by the pack's head.
    Elsewhere(String),
    /// There is an entry in it of somebody else, or none of theirs.
    OfAnother(String),
    /// The log does not say that this pack was given away.
    NotNoted,
}

impl fmt::Display for PackFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Manifest => write!(f, "its manifest cannot be read"),
            Self::Head => write!(f, "its head is not signed by the key that is trusted"),
            Self::Population => write!(f, "the list of those among whom people were drawn cannot be read"),
            Self::NotDrawnSo => write!(f, "by this word and this head, others should have been drawn"),
            Self::File(name) => write!(f, "{name} is missing, or is not the file that the manifest names"),
            Self::Extract(name, why) => write!(f, "{name}: {why}"),
            Self::Elsewhere(name) => write!(f, "{name} is of another log or another head"),
            Self::OfAnother(name) => write!(f, "{name} is not of the person who was drawn, or not only of them"),
            Self::NotNoted => write!(f, "the log does not say that this very pack was given away"),
        }
    }
}

/// What came of checking a pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackReport {
    /// The whole of it in a word.
    pub verdict: Verdict,
    /// What the pack says of itself. `None`: it cannot be read.
    pub pack: Option<Pack>,
    /// Among how many people they were drawn.
    pub population: usize,
    /// How many entries the log has of who was drawn.
    pub entries: u64,
    /// What came of their signatures.
    pub signatures: Signatures,
    /// That the witness who is trusted saw the head by which they were drawn.
    pub seen: Option<Seen>,
    /// What is wrong.
    pub faults: BTreeSet<PackFault>,
    /// What must be seen, with the file that it is in.
    pub notes: BTreeSet<(Note, String)>,
}

/// What every format has.
#[derive(Deserialize)]
struct AnyFormat {
    format: u32,
}

/// Checks a pack: that those were drawn whom word and head say, what the log says of each, and that giving it away was noted. That nobody is
/// missing among whom they were drawn, only the whole log can show.
#[must_use]
pub fn verify_pack(files: &Files, trusted: &Trusted, tell: &mut dyn FnMut(u32)) -> PackReport {
    let mut report = PackReport {
        verdict: Verdict::Invalid,
        pack: None,
        population: 0,
        entries: 0,
        signatures: Signatures::default(),
        seen: None,
        faults: BTreeSet::new(),
        notes: BTreeSet::new(),
    };
    let manifest = files.get(PACK_MANIFEST).map(Vec::as_slice).unwrap_or_default();
    if let Ok(AnyFormat { format }) = serde_json::from_slice(manifest)
        && format != 1
    {
        report.verdict = Verdict::NotUnderstood;
        return report;
    }
    let Ok(pack) = from_canonical::<Pack>(manifest) else {
        report.faults.insert(PackFault::Manifest);
        return report;
    };
    let named = PinnedKey::parse(&pack.key).ok();
    let keys = named.clone().and_then(|named| KeyChain::of_entries(&named, &pack.keys).ok());
    let keys = keys.filter(|keys| trusted.key.as_ref().is_none_or(|key| keys.has(key)));
    let head = keys.as_ref().and_then(|keys| keys.open(&pack.head));
    let Some(((key, keys), head)) = named.zip(keys).zip(head) else {
        report.faults.insert(PackFault::Head);
        report.pack = Some(pack);
        return report;
    };
    report.files(files, &pack);
    report.draw(files, &pack);
    report.seen = trusted.seen(&head, &pack.head);
    let pinned = Trusted { key: Some(key), ..Trusted::default() };
    let mut not_understood = false;
    for (place, drawn) in pack.drawn.iter().enumerate() {
        tell(u32::try_from(place * 1000 / pack.drawn.len()).unwrap_or(1000));
        not_understood |= report.person(files, &pack, drawn, &pinned);
    }
    if !is_noted(files, &pack, manifest, &pinned) {
        report.faults.insert(PackFault::NotNoted);
    }
    let known = trusted.known_head.as_ref().map(|known| keys.open(known));
    report.verdict = match known {
        _ if !report.faults.is_empty() => Verdict::Invalid,
        Some(None) => Verdict::Diverged,
        Some(Some(known)) if known.size == head.size && known.root != head.root => Verdict::Diverged,
        _ if not_understood => Verdict::NotUnderstood,
        Some(Some(known)) if trusted.key.is_some() && known == head => Verdict::Valid,
        _ if trusted.key.is_some() && report.seen.is_some() => Verdict::Valid,
        _ => Verdict::NotAnchored,
    };
    report.pack = Some(pack);
    report
}

impl PackReport {
    /// Whether each file is the one that the manifest names, and none stands beside them.
    fn files(&mut self, files: &Files, pack: &Pack) {
        let wrong = pack
            .files
            .iter()
            .filter(|(name, digest)| files.get(*name).is_none_or(|bytes| digest_of_text(bytes) != **digest));
        self.faults.extend(wrong.map(|(name, _)| PackFault::File(name.clone())));
        // What systems leave behind in folders is nobody's word.
        let is_left =
            |name: &str| name.starts_with("__MACOSX/") || name.rsplit('/').next().unwrap_or_default().starts_with('.');
        let beside = files.keys().filter(|name| {
            let is_its = pack.files.contains_key(*name) || [PACK_MANIFEST, PACK_EXPORTED].contains(&name.as_str());
            !is_its && !is_left(name)
        });
        self.faults.extend(beside.map(|name| PackFault::File(name.clone())));
        let named = [PACK_POPULATION].into_iter().chain(pack.drawn.iter().map(|drawn| drawn.file.as_str()));
        let unnamed = named.filter(|name| !pack.files.contains_key(*name));
        self.faults.extend(unnamed.map(|name| PackFault::File(name.to_owned())));
    }

    fn draw(&mut self, files: &Files, pack: &Pack) {
        let population = files.get(PACK_POPULATION).and_then(|bytes| from_canonical::<Population>(bytes).ok());
        let Some(population) = population.filter(Population::is_in_order) else {
            self.faults.insert(PackFault::Population);
            return;
        };
        self.population = population.len();
        let sample = usize::try_from(pack.sample).unwrap_or(usize::MAX);
        let drawn: Vec<_> = pack.drawn.iter().map(|drawn| (drawn.group, drawn.person)).collect();
        if population.draw(sample, &pack.word, &pack.head) != drawn {
            self.faults.insert(PackFault::NotDrawnSo);
        }
    }

    /// Whether something of them is of a later format.
    fn person(&mut self, files: &Files, pack: &Pack, drawn: &Drawn, pinned: &Trusted) -> bool {
        let extract = match files.get(&drawn.file).map(|bytes| Extract::parse(bytes)) {
            Some(Ok(extract)) => extract,
            Some(Err(NotAnExtract::UnknownFormat(_))) => return true,
            _ => {
                self.faults.insert(PackFault::File(drawn.file.clone()));
                return false;
            }
        };
        let found = verify_extract(&extract, pinned);
        let of_file = |why: String| PackFault::Extract(drawn.file.clone(), why);
        self.faults.extend(found.faults.iter().map(|fault| of_file(fault.to_string())));
        self.notes.extend(found.notes.into_iter().map(|note| (note, drawn.file.clone())));
        let by_head = |entry: &Entry| entry.proof.split_once("\n\n").is_some_and(|(_, note)| note == pack.head);
        if extract.key != pack.key || !extract.entries.iter().all(by_head) {
            self.faults.insert(PackFault::Elsewhere(drawn.file.clone()));
        }
        let theirs = extract.entries.iter().filter(|entry| entry.opened.person == Some(drawn.person)).count();
        let of_nobody = extract.entries.iter().filter(|entry| entry.opened.person.is_none()).count();
        if theirs == 0 || theirs + of_nobody != extract.entries.len() {
            self.faults.insert(PackFault::OfAnother(drawn.file.clone()));
        }
        self.entries += u64::try_from(theirs).unwrap_or_default();
        self.signatures += found.signatures;
        found.verdict == Verdict::NotUnderstood
    }
}

/// Whether an entry of the log says that the pack with this manifest was given away.
fn is_noted(files: &Files, pack: &Pack, manifest: &[u8], pinned: &Trusted) -> bool {
    let Some(Ok(extract)) = files.get(PACK_EXPORTED).map(|bytes| Extract::parse(bytes)) else { return false };
    let people = u64::try_from(pack.drawn.len()).unwrap_or_default();
    let noted = Fact::Exported { sha256: digest_of_text(manifest), people };
    let says_so = |entry: &Entry| {
        from_canonical::<Envelope>(entry.opened.envelope.as_bytes())
            .is_ok_and(|envelope| envelope.facts.contains(&noted))
    };
    extract.key == pack.key && verify_extract(&extract, pinned).faults.is_empty() && extract.entries.iter().any(says_so)
}

impl Pack {
    /// The bytes of the manifest.
    ///
    /// # Errors
    /// [`NotCanonical`] when it has no canonical form, which none of ours lacks.
    pub fn to_bytes(&self) -> Result<Vec<u8>, NotCanonical> {
        to_canonical(self)
    }
}

impl Population {
    /// Everybody once, for the group of theirs that has the smallest number.
    #[must_use]
    pub fn of(everybody: impl IntoIterator<Item = (Pseudonym, Option<u64>)>) -> Self {
        let mut first: BTreeMap<Pseudonym, Option<u64>> = BTreeMap::new();
        for (person, group) in everybody {
            let of_theirs = first.entry(person).or_insert(group);
            // Being in none says nothing beside being in one.
            *of_theirs = [*of_theirs, group].into_iter().flatten().min();
        }
        let mut groups: BTreeMap<Option<u64>, Vec<Pseudonym>> = BTreeMap::new();
        for (person, group) in first {
            groups.entry(group).or_default().push(person);
        }
        Self { groups: groups.into_iter().map(|(group, people)| Stratum { group, people }).collect() }
    }

    /// Its bytes.
    ///
    /// # Errors
    /// [`NotCanonical`] when it has no canonical form, which none of ours lacks.
    pub fn to_bytes(&self) -> Result<Vec<u8>, NotCanonical> {
        to_canonical(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn population(sizes: &[(Option<u64>, u8)]) -> Population {
        let mut next = 0;
        Population::of(sizes.iter().flat_map(|(group, size)| (0..*size).map(|_| *group).collect::<Vec<_>>()).map(
            |group| {
                next += 1;
                (Pseudonym([next; 32]), group)
            },
        ))
    }

    #[test]
    fn every_group_has_somebody_before_a_large_one_has_more() {
        let population = population(&[(None, 2), (Some(1), 60), (Some(2), 30), (Some(7), 8)]);
        for (sample, places) in [
            (0, [0, 0, 0, 0]),
            (1, [0, 1, 0, 0]),
            (3, [0, 1, 1, 1]),
            (4, [1, 1, 1, 1]),
            (10, [1, 5, 3, 1]),
            (200, [2, 60, 30, 8]),
        ] {
            assert_eq!(population.places(sample), places, "{sample}");
        }
    }

    #[test]
    fn everybody_is_in_one_group_and_stands_in_order() {
        let twice = [(Pseudonym([2; 32]), Some(4)), (Pseudonym([1; 32]), None), (Pseudonym([2; 32]), Some(3))];
        let population = Population::of(twice);
        assert!(population.is_in_order());
        let groups: Vec<_> = population.groups.iter().map(|stratum| (stratum.group, stratum.people.len())).collect();
        assert_eq!(groups, [(None, 1), (Some(3), 1)]);
    }

    #[test]
    fn who_is_drawn_follows_from_the_word_and_the_head_alone() {
        let population = population(&[(Some(1), 40), (Some(2), 40)]);
        let head = "a.example/1\n3\nAAAA\n\n— a.example/1 signature\n";
        let drawn = population.draw(6, "heron", head);
        assert_eq!(drawn, population.draw(6, "heron", &head.replace("signature", "another")));
        assert_eq!(drawn.iter().filter(|(group, _)| *group == Some(1)).count(), 3);
        assert_ne!(drawn, population.draw(6, "stork", head));
        assert_ne!(drawn, population.draw(6, "heron", &head.replacen('3', "4", 1)));
    }

    /// Worked out with Python's `hashlib` alone.
    #[test]
    fn a_rank_is_what_the_format_says() {
        let found = rank("heron", "a.example/1\n3\nAAAA\n\n— a.example/1 signature\n", &Pseudonym([1; 32]));
        assert_eq!(hex::encode(found), "f0373f25af6343c3439a44f71c1346e0d975886e10b337bd117f5c5df7c05512");
    }
}
