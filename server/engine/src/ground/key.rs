use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead as _, KeyInit as _, Payload},
};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

use super::{chance::Chance, digest::Sha256Digest};

/// 32 random bytes, made once and kept in the database, which make this installation's digests unlike those of any other: nobody
/// can find out from a log whose address stands behind one by trying them all.
#[derive(Clone)]
pub(crate) struct InstallationKey(pub(crate) [u8; 32]);

const NONCE: usize = 24;

impl InstallationKey {
    /// The digest of a text, which nobody can compute without the key. Digests of different kinds have nothing to do with
    /// each other.
    pub(crate) fn digest(&self, kind: &str, text: &str) -> Sha256Digest {
        Sha256Digest(self.mac(&[kind.as_bytes(), b"\n", text.as_bytes()]))
    }

    /// Seals a text: whoever has the result can neither read nor change it. It opens only for the same kind and the same
    /// `owner`.
    pub(crate) fn seal(&self, chance: &dyn Chance, kind: &str, owner: &str, text: &str) -> Option<String> {
        let mut nonce = [0; NONCE];
        chance.fill(&mut nonce);
        let payload = Payload { msg: text.as_bytes(), aad: owner.as_bytes() };
        let sealed = self.cipher(kind).encrypt(&XNonce::from(nonce), payload).ok()?;
        Some(URL_SAFE_NO_PAD.encode([&nonce[..], &sealed].concat()))
    }

    /// Opens what [`InstallationKey::seal`] sealed. `None`: it is of another kind, another owner's, or no such thing.
    pub(crate) fn open(&self, kind: &str, owner: &str, sealed: &str) -> Option<String> {
        let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>()?;
        let payload = Payload { msg: sealed, aad: owner.as_bytes() };
        let text = self.cipher(kind).decrypt(&XNonce::from(*nonce), payload).ok()?;
        String::from_utf8(text).ok()
    }

    fn cipher(&self, kind: &str) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.mac(&[b"seal\n", kind.as_bytes()]).into())
    }

    #[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
    fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("a key of 32 bytes");
        for part in parts {
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::SeededChance;

    #[test]
    fn what_is_sealed_opens_for_its_owner_alone() {
        let (key, chance) = (InstallationKey([7; 32]), SeededChance::new(1));
        let sealed = key.seal(&chance, "form", "amy", "option=b").unwrap();
        assert_eq!(key.open("form", "amy", &sealed).as_deref(), Some("option=b"));
        assert_eq!(key.open("form", "ben", &sealed), None);
        assert_eq!(key.open("letter", "amy", &sealed), None);
        assert_eq!(InstallationKey([8; 32]).open("form", "amy", &sealed), None);
        assert_ne!(key.seal(&chance, "form", "amy", "option=b").unwrap(), sealed);
        for broken in ["", "x", &sealed[1..], &sealed.replace(&sealed[40..42], "__")] {
            assert_eq!(key.open("form", "amy", broken), None, "{broken}");
        }
    }

    #[test]
    fn digests_differ_by_kind_and_by_installation() {
        let key = InstallationKey([7; 32]);
        let digest = key.digest("account", "amy");
        assert_eq!(digest, key.digest("account", "amy"));
        assert_ne!(digest, key.digest("place", "amy"));
        assert_ne!(digest, InstallationKey([8; 32]).digest("account", "amy"));
    }
}
