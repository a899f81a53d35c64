use chacha20poly1305::{
    XChaCha20Poly1305,
    aead::{Aead as _, KeyInit as _, Payload},
};

const NONCE: usize = 24;

/// Makes what waits on a device unreadable without a key that the device does not keep. This program does it and not the browser's Web
/// Crypto, which is not there without TLS, and which answers only after a tab may have been closed.
pub(crate) struct Seal(XChaCha20Poly1305);

impl Seal {
    /// The seal of a key of 64 hexadecimal digits. `None` when it is no such key.
    pub fn new(key: &str) -> Option<Self> {
        let key: [u8; 32] = from_hex(key)?.try_into().ok()?;
        Some(Self(XChaCha20Poly1305::new(&key.into())))
    }

    /// Seals a text, in hexadecimal digits. `about` is not kept in it, and must be the same when it is opened. `nonce` must never have been
    /// used with this key before. `None` when the text is too long to be sealed.
    pub fn close(&self, nonce: [u8; NONCE], about: &str, text: &str) -> Option<String> {
        let payload = Payload { msg: text.as_bytes(), aad: about.as_bytes() };
        let sealed = self.0.encrypt(&nonce.into(), payload).ok()?;
        Some(nonce.iter().chain(&sealed).flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect())
    }

    /// What was sealed. `None` when it was sealed with another key or about something else, or has been changed since.
    pub fn open(&self, about: &str, sealed: &str) -> Option<String> {
        let bytes = from_hex(sealed)?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE>()?;
        let text = self.0.decrypt(&(*nonce).into(), Payload { msg: sealed, aad: about.as_bytes() }).ok()?;
        String::from_utf8(text).ok()
    }
}

fn digit(value: u8) -> char {
    char::from(if value < 10 { b'0' + value } else { b'a' + value - 10 })
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let value = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    if !text.len().is_multiple_of(2) {
        return None;
    }
    text.as_bytes().chunks_exact(2).map(|pair| Some((value(pair[0])? << 4) | value(pair[1])?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABOUT: &str = "1790000000000/attempts/1";

    fn seal(digit: &str) -> Seal {
        Seal::new(&digit.repeat(64)).unwrap()
    }

    fn sealed() -> String {
        seal("a").close([7; NONCE], ABOUT, "upskirting é").unwrap()
    }

    #[test]
    fn what_is_sealed_is_opened_with_the_same_key_alone() {
        assert!(!sealed().contains("upskirting"));
        assert_eq!(seal("a").open(ABOUT, &sealed()).as_deref(), Some("upskirting é"));
        assert_eq!(seal("b").open(ABOUT, &sealed()), None);
    }

    #[test]
    fn what_was_changed_or_put_in_another_place_is_not_opened() {
        assert_eq!(seal("a").open("1790000000001/attempts/1", &sealed()), None);
        for at in 0..sealed().len() {
            let mut changed = sealed().into_bytes();
            changed[at] = if changed[at] == b'0' { b'1' } else { b'0' };
            assert_eq!(seal("a").open(ABOUT, &String::from_utf8(changed).unwrap()), None, "{at}");
        }
        for nonsense in ["", "0", "zz", &"0".repeat(80), "é"] {
            assert_eq!(seal("a").open(ABOUT, nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn what_is_no_key_seals_nothing() {
        for nonsense in ["", "a", &"a".repeat(62), &"A".repeat(64), &"a".repeat(66)] {
            assert!(Seal::new(nonsense).is_none(), "{nonsense}");
        }
    }
}
