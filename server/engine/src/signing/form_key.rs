use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{
    engine::Engine,
    ground::{FormKey, PersonId, Sha256Digest},
    people::Person,
};

impl Engine {
    /// A key for one drawing of a signing form. It fits only this person and this text, so that a form that was drawn for somebody else,
    /// or for another text, signs nothing.
    #[must_use]
    pub fn form_key(&self, person: &Person, text: Sha256Digest) -> FormKey {
        let mut half = [0; 8];
        self.chance.fill(&mut half);
        key(half, person.id, text)
    }
}

/// Whether a key was drawn for this person and this text.
pub(super) fn fits(drawn: FormKey, person: PersonId, text: Sha256Digest) -> bool {
    let mut half = [0; 8];
    half.copy_from_slice(&drawn.0.as_bytes()[..8]);
    drawn == key(half, person, text)
}

/// Half of it is drawn, and half follows from that half, the person and the text.
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
