//! What opens a leaf: the envelope and its parts, each by a salt, and the key from which a person's salts derive.

use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256};

use crate::{
    bytes::{Commitment, Digest, Link, PersonKey, Pseudonym, Salt},
    checkpoint::Origin,
    fact::PartKind,
};

/// What opens one leaf of one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// It opens the commitment and the link.
    pub salt: Salt,
    /// Whose leaf it is.
    pub person: Pseudonym,
}

/// What a leaf says of an envelope.
#[must_use]
pub fn commit(salt: &Salt, envelope: &[u8]) -> Commitment {
    Commitment(keyed(&salt.0, &[b"induct/envelope/1", envelope]))
}

/// What an envelope says of a part. Each part has a salt of its own.
#[must_use]
pub fn digest_of_part(salt: &Salt, kind: PartKind, part: &[u8]) -> Digest {
    Digest(keyed(&salt.0, &[b"induct/part/1", kind.name().as_bytes(), part]))
}

/// What ties a leaf to a person.
#[must_use]
pub fn link(salt: &Salt, person: &Pseudonym) -> Link {
    Link(keyed(&salt.0, &[b"induct/who/1", &person.0]))
}

impl PersonKey {
    /// Who they are to whoever may link their leaves.
    #[must_use]
    pub fn pseudonym(&self) -> Pseudonym {
        let digest = Sha256::new().chain_update(b"induct/person/1").chain_update([0]).chain_update(self.0);
        Pseudonym(digest.finalize().into())
    }

    /// What opens the leaf of that number, if it is theirs.
    #[must_use]
    pub fn opening(&self, origin: &Origin, number: u64) -> Opening {
        let number = number.to_string();
        let salt = Salt(keyed(&self.0, &[b"induct/salt/1", origin.as_str().as_bytes(), number.as_bytes()]));
        Opening { salt, person: self.pseudonym() }
    }
}

impl Opening {
    /// Whether it opens a link.
    #[must_use]
    pub fn opens(&self, other: &Link) -> bool {
        link(&self.salt, &self.person) == *other
    }
}

/// HMAC-SHA256 over pieces with a zero byte between each: no name of ours and no origin has one, and only the last piece may.
fn keyed(key: &[u8; 32], pieces: &[&[u8]]) -> [u8; 32] {
    // Any length will do for a key of HMAC, so this never fails.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return [0; 32] };
    for (place, piece) in pieces.iter().enumerate() {
        if place > 0 {
            mac.update(&[0]);
        }
        mac.update(piece);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(name: &str) -> Origin {
        Origin::new(name).unwrap()
    }

    #[test]
    fn a_key_finds_every_leaf_of_its_person_and_no_other() {
        let (amy, ben) = (PersonKey([1; 32]), PersonKey([2; 32]));
        let here = origin("learn.northfield.example/a1b2c3d4");
        let leaf = |key: &PersonKey, number| {
            let Opening { salt, person } = key.opening(&here, number);
            link(&salt, &person)
        };
        let links = [leaf(&amy, 0), leaf(&ben, 1), leaf(&amy, 2)];
        let found =
            |key: &PersonKey| (0..3).filter(|n| key.opening(&here, *n as u64).opens(&links[*n])).collect::<Vec<_>>();
        assert_eq!((found(&amy), found(&ben)), (vec![0, 2], vec![1]));
    }

    #[test]
    fn the_same_number_of_another_log_is_another_leaf() {
        let amy = PersonKey([1; 32]);
        let salts = ["a.example/1", "a.example/2"].map(|name| amy.opening(&origin(name), 7).salt);
        assert_ne!(salts[0], salts[1]);
    }

    /// Worked out with Python's `hmac` and `hashlib` alone.
    #[test]
    fn they_are_what_the_format_says() {
        let opening = PersonKey([1; 32]).opening(&origin("a.example/1"), 7);
        assert_eq!(
            [
                opening.person.to_hex(),
                opening.salt.to_hex(),
                link(&opening.salt, &opening.person).to_hex(),
                commit(&opening.salt, b"{}").to_hex(),
                digest_of_part(&opening.salt, PartKind::Id, b"{}").to_hex(),
            ],
            GOLDEN
        );
    }

    const GOLDEN: [&str; 5] = [
        "bd9c27d94d4a3de419f2c905a71cda0cefef16e06cb0a4e6542905b16c5f8a64",
        "849307678eca78274a7bec11b94d3c110c00eeb70fd4005f15c994ad1b030d9b",
        "dbd0a5d94c88359e2262eafd1c890382cf9ef803df19ea6158d72417e9857f13",
        "4a3a59c790e1fff49ed1d9027ea99ff6e2cd6cf67d699e536ec5c1692b145b89",
        "0c51bd5bda722c5c7be87465f9011f21d51ee058fe9a040e8773b8d5135a8309",
    ];
}
