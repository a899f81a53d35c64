//! A log that grows as a server would write it, of people who follow from a seed.

use std::collections::BTreeMap;

use audit::{
    Bundle, Checkpoint, Correction, Earned, Entry, Envelope, Erased, Extract, Fact, Gate, Leaf, LogKey, Manifest,
    Opened, OpenedPart, Origin, PartKind, PersonKey, Proof, Recipient, Salt, Tree, Trusted, commit, digest_of_part,
    digest_of_text, link, to_canonical,
};

/// SplitMix64: the same on every machine.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap()
    }

    pub fn bytes(&mut self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for piece in bytes.chunks_mut(8) {
            piece.copy_from_slice(&self.next().to_be_bytes());
        }
        bytes
    }
}

/// A log that grows.
pub struct Log {
    pub random: Random,
    pub origin: Origin,
    pub key: LogKey,
    pub tree: Tree,
    pub bundle: Bundle,
    /// Whether what is appended was on record before there was a log.
    pub claims: bool,
    /// From which day what is appended holds, where it says so.
    pub on: Option<String>,
    /// Milliseconds.
    now: u64,
}

impl Log {
    pub fn begin(seed: u64) -> Self {
        let mut random = Random(seed);
        let origin = Origin::new("learn.northfield.example/a1b2c3d4").unwrap();
        let key = LogKey::from_seed(origin.clone(), &random.bytes());
        let manifest = Manifest {
            format: 1,
            origin: origin.to_string(),
            key: key.public().to_string(),
            size: 0,
            withheld: Vec::new(),
        };
        let bundle = Bundle {
            manifest,
            leaves: Vec::new(),
            openings: BTreeMap::new(),
            erased: Erased::default(),
            erased_bytes: None,
            texts: BTreeMap::new(),
            checkpoints: BTreeMap::new(),
        };
        Self { random, origin, key, tree: Tree::default(), bundle, claims: false, on: None, now: 1_790_000_000_000 }
    }

    pub fn append(&mut self, person: Option<&PersonKey>, facts: Vec<Fact>, parts: &[(PartKind, String)]) -> u64 {
        self.now += self.random.next() % 90_000;
        let number = self.tree.size();
        let mut opened = BTreeMap::new();
        for (kind, part) in parts {
            opened.insert(*kind, OpenedPart { part: part.clone(), salt: Salt(self.random.bytes()) });
        }
        let digests = opened.iter().map(|(kind, it)| (*kind, digest_of_part(&it.salt, *kind, it.part.as_bytes())));
        let on = self.on.clone();
        let envelope = Envelope { at: self.now, claimed: self.claims, facts, on, parts: digests.collect() };
        let envelope = String::from_utf8(to_canonical(&envelope).unwrap()).unwrap();
        let (salt, who) = match person {
            Some(key) => {
                let opening = key.opening(&self.origin, number);
                (opening.salt, Some(opening.person))
            }
            None => (Salt(self.random.bytes()), None),
        };
        let leaf = Leaf {
            number,
            appended_at: self.now / 1000,
            commitment: commit(&salt, envelope.as_bytes()),
            link: who.map_or_else(|| audit::Link(self.random.bytes()), |who| link(&salt, &who)),
        };
        self.tree.append(leaf.hash());
        self.bundle.leaves.push(leaf.to_bytes());
        self.bundle.openings.insert(number, Opened { envelope, n: number, parts: opened, person: who, salt });
        self.bundle.manifest.size = number + 1;
        number
    }

    /// An entry of a format that nobody knows yet.
    pub fn appends_a_later_format(&mut self) -> u64 {
        let number = self.tree.size();
        let leaf = format!("{{\"n\":{number},\"new\":true,\"v\":2}}").into_bytes();
        self.tree.append(audit::leaf_hash(&leaf));
        self.bundle.leaves.push(leaf);
        self.bundle.manifest.size = number + 1;
        number
    }

    /// Some entries, each proved by the newest head; an entry of a later format with what opens another.
    pub fn extract(&self, numbers: &[u64]) -> Extract {
        let head = self.bundle.checkpoints.last_key_value().unwrap().1;
        let entry = |number: &u64| {
            let leaf = String::from_utf8(self.bundle.leaves[usize::try_from(*number).unwrap()].clone()).unwrap();
            let hashes = self.tree.prove_leaf(*number, self.tree.size()).unwrap();
            let proof = Proof { number: *number, hashes, checkpoint: head.clone() }.to_string();
            let opened = self.bundle.openings.get(number).or(self.bundle.openings.values().next()).unwrap().clone();
            Entry { leaf, opened: Opened { n: *number, ..opened }, proof }
        };
        let texts =
            self.bundle.texts.iter().map(|(name, text)| (name.clone(), String::from_utf8(text.clone()).unwrap()));
        Extract {
            entries: numbers.iter().map(entry).collect(),
            format: 1,
            key: self.bundle.manifest.key.clone(),
            keys: Vec::new(),
            origin: self.origin.to_string(),
            texts: texts.collect(),
        }
    }

    pub fn text(&mut self, text: &str) -> audit::Digest {
        let digest = digest_of_text(text.as_bytes());
        self.bundle.texts.insert(digest.to_hex(), text.as_bytes().to_vec());
        digest
    }

    pub fn publish(&mut self, thing: &str, requires: &[&str]) -> audit::Digest {
        let sha256 = self.text(&format!("the text of {thing}"));
        let requires = requires.iter().map(|module| (*module).to_owned()).collect();
        self.append(
            None,
            vec![Fact::Published { thing: thing.to_owned(), version: 1, sha256, edition: 1, requires }],
            &[],
        );
        sha256
    }

    pub fn passes(&mut self, person: &PersonKey, module: &str) -> u64 {
        self.passes_by(person, module, None)
    }

    pub fn passes_by(&mut self, person: &PersonKey, module: &str, how: Option<Earned>) -> u64 {
        let sha256 = digest_of_text(format!("the text of module/{module}").as_bytes());
        let until = self.now + 365 * 86_400_000;
        let pass =
            Fact::Completed { module: module.to_owned(), version: 1, sha256, edition: 1, until, minutes: 25, how };
        self.append(Some(person), vec![pass], &[(PartKind::Act, "{\"score\":8}".to_owned())])
    }

    pub fn discusses(&mut self, person: &PersonKey, module: &str) -> u64 {
        let sha256 = digest_of_text(format!("the text of module/{module}").as_bytes());
        let day = "2026-11-23".to_owned();
        let discussed = Fact::Discussed { module: module.to_owned(), version: 1, sha256, edition: 1, day };
        self.append(Some(person), vec![discussed], &[(PartKind::By, "{\"by\":\"person:1\"}".to_owned())])
    }

    pub fn answers(&mut self, person: &PersonKey, leaf: u64, held: bool) -> u64 {
        self.append(Some(person), vec![Fact::DiscussionAnswered { leaf, held }], &[])
    }

    pub fn signs(&mut self, person: &PersonKey, passes: Vec<u64>) -> u64 {
        let sha256 = digest_of_text(b"the text of agreement/learner-aup");
        let statement = self.text("I agree.");
        let gate = String::from_utf8(to_canonical(&Gate { passes }).unwrap()).unwrap();
        let signed = Fact::Signed { agreement: "learner-aup".to_owned(), version: 1, sha256, statement, until: None };
        let parts = [(PartKind::Gate, gate), (PartKind::Id, "{\"name\":\"Amy Archer\"}".to_owned())];
        self.append(Some(person), vec![signed], &parts)
    }

    /// Lets go of everything about a person.
    pub fn erases(&mut self, person: &PersonKey) {
        let theirs: Vec<u64> = (0..self.tree.size())
            .filter(|number| {
                let opened = self.bundle.openings.get(number);
                opened.is_some_and(|opened| opened.person == Some(person.pseudonym()))
            })
            .collect();
        for number in theirs {
            self.bundle.openings.remove(&number);
            self.bundle.erased.envelopes.push((number, number));
        }
        self.bundle.erased.envelopes.sort_unstable();
        let list = to_canonical(&self.bundle.erased).unwrap();
        let sha256 = digest_of_text(&list);
        self.bundle.erased_bytes = Some(list);
        self.append(None, vec![Fact::Erased { basis: "request".to_owned(), leaves: 3, parts: 0, sha256 }], &[]);
    }

    pub fn head(&mut self) -> String {
        let head = Checkpoint { origin: self.origin.clone(), size: self.tree.size(), root: self.tree.root() };
        let note = head.sign(&[&self.key]).unwrap();
        self.bundle.checkpoints.insert(self.tree.size(), note.clone());
        note
    }

    /// Another key signs from then on; the head behind is signed by both.
    pub fn rotates(&mut self) {
        let next = LogKey::from_seed(self.origin.clone(), &self.random.bytes());
        let (key, was) = (next.public().to_string(), self.key.public().to_string());
        self.append(None, vec![Fact::KeyChanged { key: key.clone(), was }], &[]);
        let head = Checkpoint { origin: self.origin.clone(), size: self.tree.size(), root: self.tree.root() };
        self.bundle.checkpoints.insert(self.tree.size(), head.sign(&[&self.key, &next]).unwrap());
        self.bundle.manifest.key = key;
        self.key = next;
    }

    /// Says once whatever a leaf can say that nothing else here does.
    pub fn says_everything(&mut self, person: &PersonKey) {
        let sha256 = self.text("what the provider says of itself");
        let (thing, until) = ("module/four-cs".to_owned(), Some("2026-12-24".to_owned()));
        let ours = [
            Fact::GroupMade { group: 1, parent: None },
            Fact::GroupMade { group: 2, parent: Some(1) },
            Fact::GroupMoved { group: 2, parent: None },
            Fact::GroupRenamed { group: 2 },
            Fact::GroupEnded { group: 2 },
            Fact::SettingsChanged { sha256 },
            Fact::Withdrawn { thing: thing.clone(), version: 1 },
            Fact::Assigned { programme: "learners".to_owned(), to: Recipient::Audience("staff".to_owned()) },
            Fact::Assigned { programme: "learners".to_owned(), to: Recipient::Group(1) },
            Fact::AssignmentEnded { leaf: 0 },
            Fact::Exported { sha256, people: 3 },
            Fact::PeopleImported { sha256, began: 3, changed: 0 },
            Fact::ImportUndone { sha256 },
            Fact::ClockStepped { seconds: -40 },
        ];
        for fact in ours {
            self.append(None, vec![fact], &[(PartKind::By, "{\"by\":\"command-line\"}".to_owned())]);
        }
        let theirs = [
            Fact::Began,
            Fact::Left,
            Fact::AudienceBegun { audience: "staff".to_owned() },
            Fact::AudienceEnded { audience: "staff".to_owned() },
            Fact::MembershipBegun { group: 1 },
            Fact::MembershipEnded { group: 1 },
            Fact::DutyGiven { role: "manager".to_owned(), group: Some(1) },
            Fact::DutyEnded { role: "manager".to_owned(), group: None },
            Fact::DetailsSet,
            Fact::Exempted { thing: thing.clone(), until },
            Fact::Exempted { thing, until: None },
            Fact::EvidenceAdded { day: "2026-11-23".to_owned(), minutes: 90, sha256: Some(sha256) },
            Fact::EvidenceAdded { day: "2026-11-23".to_owned(), minutes: 90, sha256: None },
            Fact::EvidenceEnded { leaf: 1 },
            Fact::ExemptionEnded { leaf: 1 },
            Fact::AttemptsGiven { module: "four-cs".to_owned(), attempts: 3 },
            Fact::Declined { agreement: "learner-aup".to_owned(), version: 1, sha256 },
            Fact::Corrected { leaf: 0, code: Correction::Other, replaced_by: Some(0) },
        ];
        for fact in theirs {
            self.append(Some(person), vec![fact], &[(PartKind::Why, "{\"why\":\"Zoë said “no”\"}".to_owned())]);
        }
        let discussion = self.discusses(person, "four-cs");
        self.answers(person, discussion, true);
        self.passes_by(person, "four-cs", Some(Earned::SideBySide));
        let discussion = self.discusses(person, "four-cs");
        self.answers(person, discussion, false);
        self.passes_by(person, "four-cs", Some(Earned::Workshop));
        self.passes_by(person, "four-cs", Some(Earned::Refresher));
    }

    /// A log of so many people who passed and signed, one of whom was erased, with what somebody knows of it who watched.
    pub fn of(people: usize, seed: u64) -> (Bundle, Trusted) {
        Self::grown(people, seed, false)
    }

    /// The same, in which everything is said that can be.
    pub fn of_everything(people: usize, seed: u64) -> (Bundle, Trusted) {
        Self::grown(people, seed, true)
    }

    pub fn grown(people: usize, seed: u64, everything: bool) -> (Bundle, Trusted) {
        let mut log = Self::begin(seed);
        log.publish("module/four-cs", &[]);
        log.publish("module/sharing-nudes", &[]);
        log.publish("agreement/learner-aup", &["four-cs", "sharing-nudes"]);
        let mut first = None;
        for place in 0..people {
            if place > people / 2 && place % 4 == 0 {
                log.head();
            }
            if place == people / 2
                && let Some(first) = first.take()
            {
                log.erases(&first);
            }
            let person = PersonKey(log.random.bytes());
            if everything && place == 0 {
                log.says_everything(&person);
            }
            log.append(Some(&person), vec![Fact::Began], &[(PartKind::Id, "{\"name\":\"somebody\"}".to_owned())]);
            let passes = ["four-cs", "sharing-nudes"].map(|module| log.passes(&person, module));
            log.signs(&person, passes.to_vec());
            if place == 0 {
                first = Some(person);
            }
        }
        if let Some(first) = first.take() {
            log.erases(&first);
        }
        let known_head = log.head();
        (log.bundle, Trusted { key: Some(log.key.public()), known_head: Some(known_head), witness: None })
    }
}
