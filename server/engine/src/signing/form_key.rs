use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{
    engine::Engine,
    ground::{FormKey, PersonId, Sha256Digest},
    people::Person,
};

/// How many of the bytes of a key say when it was drawn.
const TIME: usize = 6;

/// A form that was drawn longer ago than this is said to have been drawn at no known time.
const LONGEST_SHOWN: TimeDelta = TimeDelta::days(30);

impl Engine {
    /// A key for one drawing of a signing form. It fits only this person and this text, so that a form that was drawn for somebody else,
    /// or for another text, signs nothing; and it says when it was drawn.
    #[must_use]
    pub fn form_key(&self, person: &Person, text: Sha256Digest) -> FormKey {
        let mut half = [0; 8];
        self.chance.fill(&mut half);
        let drawn_at = u64::try_from(self.clock.now().timestamp_millis()).unwrap_or_default().to_be_bytes();
        half[..TIME].copy_from_slice(&drawn_at[8 - TIME..]);
        key(half, person.id, text)
    }
}

/// Whether a key was drawn for this person and this text.
pub(super) fn fits(drawn: FormKey, person: PersonId, text: Sha256Digest) -> bool {
    let mut half = [0; 8];
    half.copy_from_slice(&drawn.0.as_bytes()[..8]);
    drawn == key(half, person, text)
}

/// When the form was drawn, and its text shown, that was signed at this moment; to the millisecond. `None`: that is not known. It is what
/// the form says, which its signer could alter.
pub(crate) fn drawn_at(drawn: FormKey, signed_at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let mut millis = [0; 8];
    millis[8 - TIME..].copy_from_slice(&drawn.0.as_bytes()[..TIME]);
    let at = DateTime::from_timestamp_millis(i64::try_from(u64::from_be_bytes(millis)).ok()?)?;
    (signed_at - LONGEST_SHOWN..=signed_at).contains(&at).then_some(at)
}

/// Half of it says when it was drawn, and by chance which of those drawn then it is; the other half follows from that, the person and the text.
fn key(half: [u8; 8], person: PersonId, text: Sha256Digest) -> FormKey {
    let digest = Sha256::new()
        .chain_update(b"induct signing form\n")
        .chain_update(half)
        .chain_update(person.0.as_bytes())
        .chain_update(text.0)
        .finalize();
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&half);
    bytes[8..].copy_from_slice(&digest[..8]);
    FormKey(Uuid::from_bytes(bytes))
}
