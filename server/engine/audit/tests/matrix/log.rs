//! A log of people, groups and programmes, written entry by entry.

use std::collections::BTreeMap;

use audit::{
    Bundle, Checkpoint, Digest, Envelope, Erased, Fact, Leaf, Link, LogKey, Manifest, Opened, OpenedPart, Origin,
    PartKind, PersonKey, Recipient, Salt, Tree, commit, digest_of_part, digest_of_text, link, to_canonical,
};
use chrono::{DateTime, Utc};

/// A log that grows.
pub struct Log {
    pub bundle: Bundle,
    /// When what comes next is decided, in milliseconds.
    pub now: u64,
    origin: Origin,
    key: LogKey,
    tree: Tree,
    salts: u64,
}

/// A moment, in milliseconds.
pub fn at(text: &str) -> u64 {
    let moment: DateTime<Utc> = text.parse().unwrap();
    moment.timestamp_millis().try_into().unwrap()
}

impl Log {
    pub fn begin(now: &str) -> Self {
        let origin = Origin::new("learn.northfield.example/a1b2c3d4").unwrap();
        let key = LogKey::from_seed(origin.clone(), &[7; 32]);
        let (name, public) = (origin.to_string(), key.public().to_string());
        let manifest = Manifest { format: 1, origin: name, key: public, size: 0, withheld: Vec::new() };
        let bundle = Bundle {
            manifest,
            leaves: Vec::new(),
            openings: BTreeMap::new(),
            erased: Erased::default(),
            erased_bytes: None,
            texts: BTreeMap::new(),
            checkpoints: BTreeMap::new(),
        };
        Self { bundle, now: at(now), origin, key, tree: Tree::default(), salts: 0 }
    }

    fn salt(&mut self) -> [u8; 32] {
        self.salts += 1;
        let mut salt = [9; 32];
        salt[..8].copy_from_slice(&self.salts.to_be_bytes());
        salt
    }

    /// Appends what is decided now and holds from a day on. `None`: from today on.
    pub fn says(&mut self, person: Option<&PersonKey>, on: Option<&str>, facts: Vec<Fact>) -> u64 {
        self.says_of(person, on, facts, None)
    }

    /// The same, with what they are called.
    pub fn says_of(
        &mut self,
        person: Option<&PersonKey>,
        on: Option<&str>,
        mut facts: Vec<Fact>,
        name: Option<&str>,
    ) -> u64 {
        let number = self.tree.size();
        let (salt, who) = match person {
            Some(key) => {
                let opening = key.opening(&self.origin, number);
                (opening.salt, Some(opening.person))
            }
            None => (Salt(self.salt()), None),
        };
        let linked = match who {
            Some(who) => link(&salt, &who),
            None => Link(self.salt()),
        };
        for fact in &mut facts {
            if let Fact::Assigned { to: to @ Recipient::Person(_), .. } = fact {
                *to = Recipient::Person(linked);
            }
        }
        let part = name.map(|name| OpenedPart {
            part: String::from_utf8(to_canonical(&BTreeMap::from([("name", name)])).unwrap()).unwrap(),
            salt: Salt(self.salt()),
        });
        let parts: BTreeMap<_, _> = part.into_iter().map(|part| (PartKind::Id, part)).collect();
        let digests = parts.iter().map(|(kind, part)| (*kind, digest_of_part(&part.salt, *kind, part.part.as_bytes())));
        let on = on.map(str::to_owned);
        let envelope = Envelope { at: self.now, claimed: false, facts, on, parts: digests.collect() };
        let envelope = String::from_utf8(to_canonical(&envelope).unwrap()).unwrap();
        let commitment = commit(&salt, envelope.as_bytes());
        let leaf = Leaf { number, appended_at: self.now / 1000, commitment, link: linked };
        self.tree.append(leaf.hash());
        self.bundle.leaves.push(leaf.to_bytes());
        self.bundle.openings.insert(number, Opened { envelope, n: number, parts, person: who, salt });
        self.bundle.manifest.size = number + 1;
        number
    }

    pub fn text(&mut self, text: &str) -> Digest {
        let digest = digest_of_text(text.as_bytes());
        self.bundle.texts.insert(digest.to_hex(), text.as_bytes().to_vec());
        digest
    }

    pub fn publishes(&mut self, thing: &str, version: u32, edition: u32, text: &str) {
        let sha256 = self.text(text);
        let (thing, requires) = (thing.to_owned(), Vec::new());
        self.says(None, None, vec![Fact::Published { thing, version, sha256, edition, requires }]);
    }

    /// Publishes a programme by its schedule and its parts, as canonical JSON has them.
    pub fn publishes_programme(&mut self, name: &str, version: u32, schedule: &str, modules: &str, agreements: &str) {
        let text = format!(
            r#"{{"format":1,"kind":"programme","what":{{"agreements":[{agreements}],"audience":[],"modules":[{modules}],"schedule":{schedule},"slug":"{name}","summary":"s","title":"t"}}}}"#
        );
        self.publishes(&format!("programme/{name}"), version, version, &text);
    }

    pub fn passes(&mut self, person: &PersonKey, module: &str, edition: u32, until: u64) -> u64 {
        let sha256 = self.text(module);
        let module = module.to_owned();
        let pass = Fact::Completed { module, version: 1, sha256, edition, until, minutes: 25, how: None };
        self.says(Some(person), None, vec![pass])
    }

    /// Signs the head of what there is.
    pub fn ends(mut self) -> Bundle {
        let head = Checkpoint { origin: self.origin, size: self.tree.size(), root: self.tree.root() };
        self.bundle.checkpoints.insert(self.tree.size(), head.sign(&[&self.key]).unwrap());
        self.bundle
    }
}
