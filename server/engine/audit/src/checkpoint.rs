//! The head of a log, signed: a C2SP checkpoint (`c2sp.org/tlog-checkpoint`) in a signed note, by Ed25519.

use std::fmt;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use signed_note::{Note, Signer, Verifier, VerifierList, is_key_name_valid, key_id};
use tlog_tiles::checkpoint::Checkpoint as Body;

use crate::tree::Hash;

/// What a key of Ed25519 begins with, in a note.
const ED25519: u8 = 1;

/// What a key begins with that must not be shown.
const PRIVATE: &str = "PRIVATE+KEY+";

/// The name of a log, fixed when it begins: a host and some random characters. It does not follow the address of the server.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin(String);

/// A text that cannot be the name of a log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a log cannot be called {0:?}: write printable characters without spaces and without a plus")]
pub struct NotAnOrigin(String);

/// A text that is no key, or whose parts do not belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is no key of a log: it should read NAME+8 DIGITS+BASE64, all on one line")]
pub struct NotAKey;

/// A text that is no head of a log, whatever the signatures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "it is no head of a log: it should have a name, a size and a root, each on a line, an empty line, and a line for each signature"
)]
pub struct NotAHead;

/// Why a note is no head of a log.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    /// It is no signed checkpoint.
    #[error("it is no signed checkpoint")]
    Malformed,
    /// The key that is trusted has not signed it, or not these words.
    #[error("the key that is trusted has not signed it")]
    NotSigned,
    /// It is of another log than the key.
    #[error("it is the head of another log, {0}")]
    OfAnotherLog(String),
}

impl Origin {
    /// Takes a text for the name of a log.
    ///
    /// # Errors
    /// [`NotAnOrigin`] when notes could not carry it.
    pub fn new(name: impl Into<String>) -> Result<Self, NotAnOrigin> {
        let name = name.into();
        let good = is_key_name_valid(&name) && !name.chars().any(char::is_control);
        if good { Ok(Self(name)) } else { Err(NotAnOrigin(name)) }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The key that signs a log's heads.
#[derive(Clone)]
pub struct LogKey {
    origin: Origin,
    key: SigningKey,
}

impl fmt::Debug for LogKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LogKey({}, …)", self.origin)
    }
}

impl LogKey {
    /// A key of a log from 32 bytes that nobody can guess.
    #[must_use]
    pub fn from_seed(origin: Origin, seed: &[u8; 32]) -> Self {
        Self { origin, key: SigningKey::from_bytes(seed) }
    }

    /// Reads `PRIVATE+KEY+NAME+8 DIGITS+BASE64`, as [`LogKey::to_text`] writes it.
    ///
    /// # Errors
    /// [`NotAKey`] when it is anything else.
    pub fn parse(text: &str) -> Result<Self, NotAKey> {
        let rest = text.strip_prefix(PRIVATE).ok_or(NotAKey)?;
        let [name, _, key] = rest.splitn(3, '+').collect::<Vec<_>>()[..] else { return Err(NotAKey) };
        let origin = Origin::new(name).map_err(|_| NotAKey)?;
        let bytes = BASE64_STANDARD.decode(key).map_err(|_| NotAKey)?;
        let [ED25519, seed @ ..] = &bytes[..] else { return Err(NotAKey) };
        let read = Self::from_seed(origin, seed.try_into().map_err(|_| NotAKey)?);
        if read.to_text() == text { Ok(read) } else { Err(NotAKey) }
    }

    /// The whole key on one line, as programs that sign notes keep theirs. Whoever has it can sign.
    #[must_use]
    pub fn to_text(&self) -> String {
        let key = BASE64_STANDARD.encode([&[ED25519], &self.key.to_bytes()[..]].concat());
        format!("{PRIVATE}{}+{:08x}+{key}", self.origin, Signer::key_id(self))
    }

    /// Of which log it is the key.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Signs what is signed of a token (RFC 7515): its header and its claims, both in base64url, with a full stop between them. `None`: it is anything else. So this
    /// never signs a head of the log, which has line feeds.
    #[must_use]
    pub fn sign_token(&self, signed: &str) -> Option<[u8; 64]> {
        let is_piece = |piece: &str| {
            !piece.is_empty() && piece.bytes().all(|sign| sign.is_ascii_alphanumeric() || matches!(sign, b'-' | b'_'))
        };
        let (header, claims) = signed.split_once('.')?;
        (is_piece(header) && is_piece(claims)).then(|| self.key.sign(signed.as_bytes()).to_bytes())
    }

    /// Its public half, which may be known to everybody.
    #[must_use]
    pub fn public(&self) -> PinnedKey {
        PinnedKey { origin: self.origin.clone(), key: self.key.verifying_key() }
    }
}

/// The public key of a log, as somebody wrote it down who trusts it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinnedKey {
    origin: Origin,
    key: VerifyingKey,
}

impl PinnedKey {
    /// Reads `NAME+8 DIGITS+BASE64` (`c2sp.org/signed-note`).
    ///
    /// # Errors
    /// [`NotAKey`] when it is anything else.
    pub fn parse(text: &str) -> Result<Self, NotAKey> {
        let (origin, key) = read_named_key(text, ED25519).ok_or(NotAKey)?;
        Ok(Self { origin, key })
    }

    /// Whose it is.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The key itself, as RFC 8032 writes it.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 32] {
        self.key.to_bytes()
    }
}

impl fmt::Display for PinnedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&named_key(&self.origin, ED25519, &self.key))
    }
}

impl Verifier for PinnedKey {
    fn name(&self) -> &str {
        self.origin.as_str()
    }

    fn key_id(&self) -> u32 {
        named_key_id(&self.origin, ED25519, &self.key)
    }

    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature).is_ok_and(|signature| self.key.verify_strict(message, &signature).is_ok())
    }
}

impl Signer for LogKey {
    fn name(&self) -> &str {
        self.origin.as_str()
    }

    fn key_id(&self) -> u32 {
        self.public().key_id()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, ed25519_dalek::SignatureError> {
        Ok(self.key.try_sign(message)?.to_vec())
    }
}

/// A public key with a name, as notes write it: `NAME+8 DIGITS+BASE64`, where the first byte says of what kind it is.
pub(crate) fn named_key(name: &Origin, kind: u8, key: &VerifyingKey) -> String {
    let bytes = BASE64_STANDARD.encode([&[kind], &key.to_bytes()[..]].concat());
    format!("{name}+{:08x}+{bytes}", named_key_id(name, kind, key))
}

/// By what a note knows such a key.
pub(crate) fn named_key_id(name: &Origin, kind: u8, key: &VerifyingKey) -> u32 {
    key_id(name.as_str(), &[&[kind], &key.to_bytes()[..]].concat())
}

/// Reads what [`named_key`] writes. `None`: it is anything else, of another kind, or a key by which anybody could sign.
pub(crate) fn read_named_key(text: &str, kind: u8) -> Option<(Origin, VerifyingKey)> {
    let [name, _, key] = text.splitn(3, '+').collect::<Vec<_>>()[..] else { return None };
    let name = Origin::new(name).ok()?;
    let bytes = BASE64_STANDARD.decode(key).ok()?;
    let (of, key) = bytes.split_first()?;
    let key = VerifyingKey::try_from(key).ok()?;
    (*of == kind && !key.is_weak() && named_key(&name, kind, &key) == text).then_some((name, key))
}

/// The head of a log.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint {
    /// Which log.
    pub origin: Origin,
    /// How many leaves it has.
    pub size: u64,
    /// The root of its tree.
    pub root: Hash,
}

impl Checkpoint {
    /// The head as a note, signed by these keys.
    ///
    /// # Errors
    /// [`CheckpointError::OfAnotherLog`] when a key belongs to another log.
    pub fn sign(&self, keys: &[&LogKey]) -> Result<String, CheckpointError> {
        if let Some(other) = keys.iter().find(|key| key.origin != self.origin) {
            return Err(CheckpointError::OfAnotherLog(other.origin.to_string()));
        }
        let body = Body::new(self.origin.as_str(), self.size, self.root, "").map_err(|_| CheckpointError::Malformed)?;
        let mut note = Note::new(&body.to_bytes(), &[]).map_err(|_| CheckpointError::Malformed)?;
        let signers: Vec<&dyn Signer> = keys.iter().map(|key| *key as &dyn Signer).collect();
        note.add_sigs(&signers).map_err(|_| CheckpointError::Malformed)?;
        String::from_utf8(note.to_bytes()).map_err(|_| CheckpointError::Malformed)
    }

    /// What a note says that a log of that name may have signed; nothing is known of its signatures. `None`: it is no head of that log.
    #[must_use]
    pub fn unverified(note: &str, origin: &Origin) -> Option<Self> {
        Self::of_any_log(note).filter(|head| head.origin == *origin)
    }

    /// The same of whichever log. `None`: it is no head of one.
    #[must_use]
    pub fn of_any_log(note: &str) -> Option<Self> {
        let read = Note::from_bytes(note.as_bytes()).ok()?;
        let body = Body::from_bytes(read.text()).ok()?;
        Some(Self { origin: Origin::new(body.origin()).ok()?, size: body.size(), root: *body.hash() })
    }

    /// A head as somebody gives it, as the note that it is: forms and some editors write line feeds as two characters, and what was pasted may lack the
    /// last one. Nothing is known of its signatures.
    ///
    /// # Errors
    /// [`NotAHead`] for what is none of any log, such as the file of a key.
    pub fn given(text: &str) -> Result<String, NotAHead> {
        let note = format!("{}\n", text.trim_start_matches('\u{feff}').replace('\r', "").trim());
        if Self::of_any_log(&note).is_some() { Ok(note) } else { Err(NotAHead) }
    }

    /// Reads a note that the key has signed. Other signatures, as those of witnesses, may stand beside its own.
    ///
    /// # Errors
    /// [`CheckpointError`] says what is wrong with it.
    pub fn open(note: &str, key: &PinnedKey) -> Result<Self, CheckpointError> {
        let read = Note::from_bytes(note.as_bytes()).map_err(|_| CheckpointError::Malformed)?;
        let keys = VerifierList::new(vec![Box::new(key.clone())]);
        read.verify(&keys).map_err(|_| CheckpointError::NotSigned)?;
        let body = Body::from_bytes(read.text()).map_err(|_| CheckpointError::Malformed)?;
        if body.origin() != key.origin.as_str() {
            return Err(CheckpointError::OfAnotherLog(body.origin().to_owned()));
        }
        Ok(Self { origin: key.origin.clone(), size: body.size(), root: *body.hash() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::leaf_hash;

    fn key(origin: &str, seed: u8) -> LogKey {
        LogKey::from_seed(Origin::new(origin).unwrap(), &[seed; 32])
    }

    const LOG: &str = "learn.northfield.example/a1b2c3d4";

    fn head() -> Checkpoint {
        Checkpoint { origin: Origin::new(LOG).unwrap(), size: 3, root: leaf_hash(b"root") }
    }

    #[test]
    fn a_token_is_signed_and_nothing_that_could_be_a_head() {
        let log = key(LOG, 1);
        let signed = log.sign_token("eyJhIjoxfQ.eyJiIjoyfQ").unwrap();
        assert!(log.public().verify(b"eyJhIjoxfQ.eyJiIjoyfQ", &signed));
        assert!(!key(LOG, 2).public().verify(b"eyJhIjoxfQ.eyJiIjoyfQ", &signed));
        let note = head().sign(&[&log]).unwrap();
        for other in ["", "a", "a.", ".b", "a.b.c", "a.b\n", note.as_str()] {
            assert_eq!(log.sign_token(other), None, "{other}");
        }
    }

    #[test]
    fn what_was_signed_is_read_and_nothing_else() {
        let (log, stranger) = (key(LOG, 1), key(LOG, 2));
        let note = head().sign(&[&log]).unwrap();
        assert_eq!(Checkpoint::open(&note, &log.public()).unwrap(), head());
        assert!(matches!(Checkpoint::open(&note, &stranger.public()), Err(CheckpointError::NotSigned)));
        let altered = note.replacen("\n3\n", "\n4\n", 1);
        assert!(matches!(Checkpoint::open(&altered, &log.public()), Err(CheckpointError::NotSigned)));
        for broken in ["", "\n\n", &note[1..], note.trim_end(), &note.replace('—', "-")] {
            assert!(Checkpoint::open(broken, &log.public()).is_err(), "{broken:?}");
        }
    }

    #[test]
    fn two_keys_sign_one_head_while_one_follows_the_other() {
        let (old, new) = (key(LOG, 1), key(LOG, 2));
        let note = head().sign(&[&old, &new]).unwrap();
        for key in [old, new] {
            assert_eq!(Checkpoint::open(&note, &key.public()).unwrap(), head());
        }
        assert!(matches!(head().sign(&[&key("b.example/2", 1)]), Err(CheckpointError::OfAnotherLog(_))));
    }

    #[test]
    fn a_key_is_written_as_notes_want_it() {
        let text = key(LOG, 1).public().to_string();
        assert_eq!(PinnedKey::parse(&text).unwrap().to_string(), text);
        assert!(signed_note::StandardVerifier::new(&text).is_ok());
        let wrong = [text.replacen("a1b2", "a1b3", 1), text.replace('+', " "), format!("{text}\n"), String::new()];
        for wrong in wrong {
            assert_eq!(PinnedKey::parse(&wrong), Err(NotAKey), "{wrong}");
        }
    }

    #[test]
    fn a_reader_of_notes_that_knows_nothing_of_us_reads_them() {
        let log = key(LOG, 1);
        let note = Note::from_bytes(head().sign(&[&log]).unwrap().as_bytes()).unwrap();
        let verifier = signed_note::StandardVerifier::new(&log.public().to_string()).unwrap();
        let (verified, unverified) = note.verify(&VerifierList::new(vec![Box::new(verifier)])).unwrap();
        assert_eq!((verified.len(), unverified.len()), (1, 0));
    }

    #[test]
    fn a_private_key_is_written_as_other_signers_of_notes_keep_theirs() {
        let log = key(LOG, 1);
        let text = log.to_text();
        assert_eq!(LogKey::parse(&text).unwrap().public(), log.public());
        let theirs = signed_note::StandardSigner::new(&text).unwrap();
        assert_eq!(Signer::key_id(&theirs), Signer::key_id(&log));
        for wrong in
            [&text[1..], &text.replacen("a1b2", "a1b3", 1), &format!("{text}\n"), "", &log.public().to_string()]
        {
            assert!(LogKey::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn no_key_is_printed() {
        assert_eq!(format!("{:?}", key(LOG, 1)), format!("LogKey({LOG}, …)"));
    }
}
