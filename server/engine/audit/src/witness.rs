//! What witnesses say of heads: cosignatures with a time (`c2sp.org/tlog-cosignature`), by Ed25519.

use std::fmt;

use ed25519_dalek::{Signature, VerifyingKey};
use signed_note::{Note, Verifier, VerifierList};

use crate::checkpoint::{Origin, named_key, named_key_id, read_named_key};

/// What a key of a witness begins with, in a note.
const COSIGNATURE: u8 = 4;

/// How many bytes of a cosignature are its time.
const TIME: usize = 8;

/// A text that is no key of a witness, or whose parts do not belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "it is no key of a witness: it should read NAME+8 DIGITS+BASE64, all on one line, and be one for cosignatures by Ed25519"
)]
pub struct NotAWitness;

/// The public key of a witness: somebody outside who keeps the newest head that they saw of a log, and signs another only if it goes on from
/// that one. So nobody who holds the key of the log can show two logs to two people, or make one anew, behind the witness's back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    name: Origin,
    key: VerifyingKey,
}

/// That a witness saw a head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Who says so.
    pub by: String,
    /// How many entries the log had.
    pub size: u64,
    /// When it was, in seconds since 1970, by the clock of the witness.
    pub at: u64,
}

impl Witness {
    /// Reads `NAME+8 DIGITS+BASE64` (`c2sp.org/signed-note`), as a witness publishes its key.
    ///
    /// # Errors
    /// [`NotAWitness`] when it is anything else, as the key of a log is.
    pub fn parse(text: &str) -> Result<Self, NotAWitness> {
        let (name, key) = read_named_key(text, COSIGNATURE).ok_or(NotAWitness)?;
        Ok(Self { name, key })
    }

    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &str {
        self.name.as_str()
    }

    /// When it cosigned a head, in seconds since 1970. `None`: it has not, or not this one.
    #[must_use]
    pub fn cosigned_at(&self, note: &str) -> Option<u64> {
        self.cosignature(note).map(|(at, _)| at)
    }

    /// The line with its cosignature of a head among what it answered, and the time in it, in seconds since 1970. `None`: there is none.
    #[must_use]
    pub fn line_in(&self, note: &str, answer: &str) -> Option<(u64, String)> {
        self.cosignature(&format!("{note}{answer}"))
    }

    fn cosignature(&self, note: &str) -> Option<(u64, String)> {
        let read = Note::from_bytes(note.as_bytes()).ok()?;
        let (verified, _) = read.verify(&VerifierList::new(vec![Box::new(self.clone())])).ok()?;
        let found = verified.into_iter().next()?;
        let (at, _) = parts(found.signature())?;
        Some((at, String::from_utf8(found.to_bytes()).ok()?))
    }
}

impl fmt::Display for Witness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&named_key(&self.name, COSIGNATURE, &self.key))
    }
}

impl Verifier for Witness {
    fn name(&self) -> &str {
        self.name.as_str()
    }

    fn key_id(&self) -> u32 {
        named_key_id(&self.name, COSIGNATURE, &self.key)
    }

    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        let Some((at, signature)) = parts(signature) else { return false };
        let said = [format!("cosignature/v1\ntime {at}\n").as_bytes(), message].concat();
        self.key.verify_strict(&said, &signature).is_ok()
    }
}

/// The time and the signature of a cosignature.
fn parts(bytes: &[u8]) -> Option<(u64, Signature)> {
    let (at, signature) = bytes.split_first_chunk::<TIME>()?;
    let at = u64::from_be_bytes(*at);
    // It must not be more (`c2sp.org/tlog-cosignature`).
    i64::try_from(at).ok()?;
    Some((at, Signature::from_slice(signature).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checkpoint::{LogKey, PinnedKey};

    /// The example of the specification of cosignatures, whose keys nobody has told; so much of it can be read.
    const EXAMPLE: &str = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\
        — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n\
        — witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";

    /// A cosignature of a head that another program made (openssl), with the key of 32 times seven.
    const HEAD: &str = "log.example/1\n3\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n\n\
        — log.example/1 AAAAAAAA\n";
    const KEY: &str = "witness.example/w1+aa4a09d1+BOpKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs";
    const LINE: &str = "— witness.example/w1 qkoJ0QAAAABpLCIgefAWkcAsYQtPDmUsp0FmHXpTXy812BNP2vsvcXnfgcQrIulYJx2LqzLnxMG80Mg2L8apjtlSGLKnFCNO0lxSCA==\n";

    #[test]
    fn the_cosignature_of_another_program_is_read_and_no_other() {
        let witness = Witness::parse(KEY).unwrap();
        assert_eq!((witness.name(), witness.to_string().as_str()), ("witness.example/w1", KEY));
        assert_eq!(witness.line_in(HEAD, LINE), Some((1_764_500_000, LINE.to_owned())));
        assert_eq!(witness.cosigned_at(&format!("{HEAD}{LINE}")), Some(1_764_500_000));
        let other_head = HEAD.replacen("\n3\n", "\n4\n", 1);
        let other_time = LINE.replacen("AAAABpLC", "AAAABpLD", 1);
        assert_ne!(other_time, LINE);
        for (head, line) in [(other_head.as_str(), LINE), (HEAD, other_time.as_str()), (HEAD, ""), (HEAD, "no")] {
            assert_eq!(witness.line_in(head, line), None, "{head}{line}");
        }
        assert_eq!(witness.cosigned_at(EXAMPLE), None);
    }

    #[test]
    fn the_time_stands_before_the_signature() {
        let note = Note::from_bytes(EXAMPLE.as_bytes()).unwrap();
        let (_, unverified) = match note.verify(&VerifierList::new(vec![Box::new(AnySignature)])) {
            Ok(both) => both,
            Err(error) => panic!("{error}"),
        };
        let times: Vec<_> = unverified.iter().map(|signature| parts(signature.signature()).map(|(at, _)| at)).collect();
        assert_eq!(times, [Some(1_679_315_147)]);
    }

    /// Takes the log's own signature for good.
    struct AnySignature;

    impl Verifier for AnySignature {
        fn name(&self) -> &'static str {
            "example.com/behind-the-sofa"
        }

        fn key_id(&self) -> u32 {
            0x033d_e0ae
        }

        fn verify(&self, _: &[u8], _: &[u8]) -> bool {
            true
        }
    }

    #[test]
    fn the_key_of_a_log_is_not_one_of_a_witness_nor_the_other_way_round() {
        let log = LogKey::from_seed(Origin::new("log.example/1").unwrap(), &[7; 32]).public();
        assert_eq!(Witness::parse(&log.to_string()), Err(NotAWitness));
        assert!(PinnedKey::parse(KEY).is_err());
        for wrong in [&KEY[1..], &format!("{KEY}\n"), ""] {
            assert_eq!(Witness::parse(wrong), Err(NotAWitness), "{wrong}");
        }
    }
}
