use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::FormKey;

impl FormKey {
    /// The number under which something is kept that a form adds: it follows from the number with which the form was drawn, and from all that was filled
    /// in. So the same once more is found to be there, and whoever goes back in their browser and fills in something else adds that as well.
    pub(crate) fn with(self, filled_in: &[&str]) -> Self {
        let mut digest = Sha256::new().chain_update(b"induct form\n").chain_update(self.0.as_bytes());
        for text in filled_in {
            // How long each is keeps two texts from being read as others.
            digest.update((text.len() as u64).to_be_bytes());
            digest.update(text);
        }
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest.finalize()[..16]);
        Self(Uuid::from_bytes(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_is_one_number_and_something_else_another() {
        let (one, other) = (FormKey(Uuid::from_u128(1)), FormKey(Uuid::from_u128(2)));
        assert_eq!(one.with(&["a", "b"]), one.with(&["a", "b"]));
        for another in [one.with(&["a", "c"]), one.with(&["ab", ""]), one.with(&["", "ab"]), other.with(&["a", "b"])] {
            assert_ne!(another, one.with(&["a", "b"]));
        }
    }
}
