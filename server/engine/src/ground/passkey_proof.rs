//! What a browser says of a passkey, looked at (W3C Web Authentication, level 2, sections 7.1 and 7.2): that it was made for this site, just now and
//! by whoever unlocked it. There is no attestation: of which make an authenticator is, nobody here asks.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde::Deserialize;

use super::digest::Sha256Digest;

/// The site for which passkeys are made, as browsers know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeySite {
    /// Its host, which a passkey is bound to for ever.
    pub host: String,
    /// Where its pages are, such as `https://induct.example`.
    pub origin: String,
}

/// What is wrong with what a browser said of a passkey; in the log, without anything about anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasskeyFault {
    /// It is not what a browser says.
    #[error("it cannot be read")]
    Unreadable,
    /// It answers another question than the one that was asked.
    #[error("it answers another question")]
    Challenge,
    /// It was said to another site, or within a page of one.
    #[error("it was said to another site")]
    Site,
    /// Nobody showed that they may unlock it.
    #[error("nobody unlocked it")]
    NotUnlocked,
    /// It is a key of a kind that is not known here.
    #[error("it is a key of another kind")]
    Kind,
    /// It was not signed with the key of that passkey.
    #[error("its signature is wrong")]
    Signature,
    /// It has been used more often than this one: there are two of it.
    #[error("there seems to be a copy of it")]
    Copied,
}

/// For what a browser was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ceremony {
    /// To make a passkey.
    Make,
    /// To show one.
    Show,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    r#type: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
}

/// Looks at what the browser itself says (`clientDataJSON`): what it was asked, by whom, and with which challenge.
pub(crate) fn check_client_data(
    json: &[u8],
    asked: Ceremony,
    challenge: &str,
    site: &PasskeySite,
) -> Result<(), PasskeyFault> {
    let said: ClientData = serde_json::from_slice(json).map_err(|_| PasskeyFault::Unreadable)?;
    let kind = match asked {
        Ceremony::Make => "webauthn.create",
        Ceremony::Show => "webauthn.get",
    };
    if said.r#type != kind {
        return Err(PasskeyFault::Unreadable);
    }
    if said.challenge != challenge {
        return Err(PasskeyFault::Challenge);
    }
    if said.origin != site.origin || said.cross_origin {
        return Err(PasskeyFault::Site);
    }
    Ok(())
}

/// What an authenticator says (`authenticatorData`).
pub(crate) struct Authenticator<'a> {
    /// How often it has signed, if it counts that.
    pub(crate) count: u32,
    /// The id and the key of a passkey that was made.
    pub(crate) made: Option<(&'a [u8], &'a [u8])>,
}

/// Somebody was there.
const PRESENT: u8 = 1;
/// And showed that they may: by a finger, a face, or what they know.
const UNLOCKED: u8 = 1 << 2;
/// A passkey that was made stands in it.
const MADE: u8 = 1 << 6;

/// A longer id is none (section 4).
const LONGEST_ID: usize = 1023;

impl<'a> Authenticator<'a> {
    /// Reads what an authenticator says, if it was asked by this site and somebody unlocked it.
    pub(crate) fn read(bytes: &'a [u8], site: &PasskeySite) -> Result<Self, PasskeyFault> {
        let unreadable = PasskeyFault::Unreadable;
        let (for_site, rest) = bytes.split_first_chunk::<32>().ok_or(unreadable)?;
        let (flags, rest) = rest.split_first().ok_or(unreadable)?;
        let (count, rest) = rest.split_first_chunk::<4>().ok_or(unreadable)?;
        if *for_site != Sha256Digest::of(site.host.as_bytes()).0 {
            return Err(PasskeyFault::Site);
        }
        if flags & PRESENT == 0 || flags & UNLOCKED == 0 {
            return Err(PasskeyFault::NotUnlocked);
        }
        let made = if flags & MADE == 0 {
            None
        } else {
            // Of which make it is.
            let (_, rest) = rest.split_first_chunk::<16>().ok_or(unreadable)?;
            let (length, rest) = rest.split_first_chunk::<2>().ok_or(unreadable)?;
            let length = usize::from(u16::from_be_bytes(*length));
            if length == 0 || length > LONGEST_ID || rest.len() < length {
                return Err(unreadable);
            }
            Some(rest.split_at(length))
        };
        Ok(Self { count: u32::from_be_bytes(*count), made })
    }
}

/// The public half of a passkey.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum PasskeyKey {
    /// A point of P-256, uncompressed.
    Es256(Vec<u8>),
    Ed25519(Vec<u8>),
    Rs256 {
        modulus: Vec<u8>,
        exponent: Vec<u8>,
    },
}

impl PasskeyKey {
    /// By which numbers a browser is told which kinds are taken (IANA's list of COSE algorithms), the first one rather.
    pub(crate) const KINDS: [i64; 3] = [-7, -8, -257];

    /// Reads a key as an authenticator writes it (RFC 9052): a map of CBOR from numbers to numbers and bytes. What follows it is not looked at.
    pub(crate) fn from_cose(bytes: &[u8]) -> Result<Self, PasskeyFault> {
        let mut rest = bytes;
        let (kind, entries) = head(&mut rest).ok_or(PasskeyFault::Unreadable)?;
        if kind != MAP || entries > 16 {
            return Err(PasskeyFault::Unreadable);
        }
        let (mut numbers, mut texts) = (Vec::new(), Vec::new());
        for _ in 0..entries {
            let Some(Item::Number(name)) = item(&mut rest) else { return Err(PasskeyFault::Unreadable) };
            match item(&mut rest) {
                Some(Item::Number(number)) => numbers.push((name, number)),
                Some(Item::Bytes(bytes)) => texts.push((name, bytes)),
                None => return Err(PasskeyFault::Unreadable),
            }
        }
        let number = |name: i64| numbers.iter().find(|(of, _)| *of == name).map(|(_, number)| *number);
        let bytes = |name: i64| texts.iter().find(|(of, _)| *of == name).map(|(_, bytes)| *bytes);
        match (number(1), number(3), number(-1), bytes(-1), bytes(-2), bytes(-3)) {
            (Some(2), Some(-7), Some(1), _, Some(x), Some(y)) if x.len() == 32 && y.len() == 32 => {
                Ok(Self::Es256([&[4], x, y].concat()))
            }
            (Some(1), Some(-8), Some(6), _, Some(x), _) if x.len() == 32 => Ok(Self::Ed25519(x.to_vec())),
            (Some(3), Some(-257), _, Some(modulus), Some(exponent), _) => {
                Ok(Self::Rs256 { modulus: modulus.to_vec(), exponent: exponent.to_vec() })
            }
            _ => Err(PasskeyFault::Kind),
        }
    }

    /// Reads what the `Display` form wrote. `None`: it is no such thing.
    pub(crate) fn parse(kept: &str) -> Option<Self> {
        let (kind, rest) = kept.split_once(' ')?;
        let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).ok();
        match kind {
            "es256" => bytes(rest).map(Self::Es256),
            "ed25519" => bytes(rest).map(Self::Ed25519),
            "rs256" => {
                let (modulus, exponent) = rest.split_once(' ')?;
                Some(Self::Rs256 { modulus: bytes(modulus)?, exponent: bytes(exponent)? })
            }
            _ => None,
        }
    }

    /// Whether what an authenticator and a browser said was signed with the other half.
    pub(crate) fn has_signed(&self, authenticator: &[u8], client_data: &[u8], signature: &[u8]) -> bool {
        let signed = [authenticator, &Sha256Digest::of(client_data).0].concat();
        let verified = match self {
            Self::Es256(point) => UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).verify(&signed, signature),
            Self::Ed25519(key) => UnparsedPublicKey::new(&ED25519, key).verify(&signed, signature),
            Self::Rs256 { modulus, exponent } => RsaPublicKeyComponents { n: modulus, e: exponent }.verify(
                &RSA_PKCS1_2048_8192_SHA256,
                &signed,
                signature,
            ),
        };
        verified.is_ok()
    }
}

impl fmt::Display for PasskeyKey {
    /// As it is kept.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        match self {
            Self::Es256(point) => write!(f, "es256 {}", text(point)),
            Self::Ed25519(key) => write!(f, "ed25519 {}", text(key)),
            Self::Rs256 { modulus, exponent } => write!(f, "rs256 {} {}", text(modulus), text(exponent)),
        }
    }
}

const NUMBER: u8 = 0;
const NEGATIVE: u8 = 1;
const BYTES: u8 = 2;
const MAP: u8 = 5;

enum Item<'a> {
    Number(i64),
    Bytes(&'a [u8]),
}

/// The kind of the next item of CBOR (RFC 8949), and the number with it.
fn head(rest: &mut &[u8]) -> Option<(u8, u64)> {
    let (first, after) = rest.split_first()?;
    let (kind, short) = (first >> 5, first & 0x1f);
    let (number, after) = match short {
        0..=23 => (u64::from(short), after),
        24 => after.split_first_chunk::<1>().map(|(n, after)| (u64::from(n[0]), after))?,
        25 => after.split_first_chunk::<2>().map(|(n, after)| (u64::from(u16::from_be_bytes(*n)), after))?,
        26 => after.split_first_chunk::<4>().map(|(n, after)| (u64::from(u32::from_be_bytes(*n)), after))?,
        _ => return None,
    };
    *rest = after;
    Some((kind, number))
}

fn item<'a>(rest: &mut &'a [u8]) -> Option<Item<'a>> {
    let (kind, number) = head(rest)?;
    let signed = i64::try_from(number).ok()?;
    match kind {
        NUMBER => Some(Item::Number(signed)),
        NEGATIVE => Some(Item::Number(-1 - signed)),
        BYTES => {
            let (bytes, after) = rest.split_at_checked(usize::try_from(number).ok()?)?;
            *rest = after;
            Some(Item::Bytes(bytes))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site() -> PasskeySite {
        PasskeySite { host: "induct.example".to_owned(), origin: "https://induct.example".to_owned() }
    }

    #[test]
    fn what_a_browser_was_asked_by_another_site_or_for_something_else_does_not_count() {
        let said = |kind: &str, challenge: &str, origin: &str, cross: &str| {
            let json = format!(
                r#"{{"type":"{kind}","challenge":"{challenge}","origin":"{origin}"{cross},"other_keys_can_be_added_here":"x"}}"#
            );
            check_client_data(json.as_bytes(), Ceremony::Show, "abc", &site())
        };
        let here = "https://induct.example";
        assert_eq!(said("webauthn.get", "abc", here, ""), Ok(()));
        assert_eq!(said("webauthn.get", "abc", here, r#","crossOrigin":false"#), Ok(()));
        assert_eq!(said("webauthn.create", "abc", here, ""), Err(PasskeyFault::Unreadable));
        assert_eq!(said("webauthn.get", "abd", here, ""), Err(PasskeyFault::Challenge));
        for (origin, cross) in [
            ("https://evil.example", ""),
            ("http://induct.example", ""),
            ("https://induct.example:444", ""),
            (here, r#","crossOrigin":true"#),
        ] {
            assert_eq!(said("webauthn.get", "abc", origin, cross), Err(PasskeyFault::Site), "{origin}");
        }
        assert_eq!(check_client_data(b"[]", Ceremony::Make, "abc", &site()), Err(PasskeyFault::Unreadable));
    }

    #[test]
    fn an_authenticator_says_for_which_site_and_that_somebody_unlocked_it() {
        let said = |flags: u8, rest: &[u8]| {
            let mut bytes = Sha256Digest::of(b"induct.example").0.to_vec();
            bytes.push(flags);
            bytes.extend(7_u32.to_be_bytes());
            bytes.extend(rest);
            bytes
        };
        let plain = said(PRESENT | UNLOCKED, &[]);
        let read = Authenticator::read(&plain, &site()).unwrap();
        assert!(read.count == 7 && read.made.is_none());
        for flags in [0, PRESENT, UNLOCKED] {
            assert_eq!(Authenticator::read(&said(flags, &[]), &site()).err(), Some(PasskeyFault::NotUnlocked));
        }
        let other = PasskeySite { host: "other.example".to_owned(), ..site() };
        assert_eq!(Authenticator::read(&plain, &other).err(), Some(PasskeyFault::Site));
        let made = said(PRESENT | UNLOCKED | MADE, &[&[0; 16][..], &[0, 3], b"id!", b"key"].concat());
        assert_eq!(Authenticator::read(&made, &site()).unwrap().made, Some((&b"id!"[..], &b"key"[..])));
        for length in 0..made.len() - 3 {
            assert_eq!(Authenticator::read(&made[..length], &site()).err(), Some(PasskeyFault::Unreadable), "{length}");
        }
    }

    #[test]
    fn a_key_is_read_and_no_other_kind() {
        let point = |name: u8, fill: u8| [&[name, 0x58, 32][..], &[fill; 32]].concat();
        // {1: 2, 3: -7, -1: 1, -2: x, -3: y}
        let es256 = [&[0xa5, 1, 2, 3, 0x26, 0x20, 1][..], &point(0x21, 5), &point(0x22, 6)].concat();
        let key = PasskeyKey::from_cose(&es256).unwrap();
        assert!(key == PasskeyKey::Es256([&[4][..], &[5; 32], &[6; 32]].concat()));
        // {1: 1, 3: -8, -1: 6, -2: x}, and what an extension adds behind it.
        let ed25519 = [&[0xa4, 1, 1, 3, 0x27, 0x20, 6][..], &point(0x21, 5), &[0xa0]].concat();
        assert!(PasskeyKey::from_cose(&ed25519).unwrap() == PasskeyKey::Ed25519(vec![5; 32]));
        // {1: 3, 3: -257, -1: n, -2: e}
        let rs256 = [&[0xa4, 1, 3, 3, 0x39, 1, 0, 0x20, 0x59, 1, 0][..], &[9; 256], &[0x21, 0x43, 1, 0, 1]].concat();
        let rsa = PasskeyKey::from_cose(&rs256).unwrap();
        assert!(rsa == PasskeyKey::Rs256 { modulus: vec![9; 256], exponent: vec![1, 0, 1] });
        for key in [key, rsa, PasskeyKey::Ed25519(vec![5; 32])] {
            assert!(PasskeyKey::parse(&key.to_string()) == Some(key.clone()), "{key}");
            assert!(!key.has_signed(b"a", b"b", b"c"));
        }
        let es384 = [&[0xa5, 1, 2, 3, 0x38, 0x22, 0x20, 2][..], &point(0x21, 5), &point(0x22, 6)].concat();
        assert_eq!(PasskeyKey::from_cose(&es384).err(), Some(PasskeyFault::Kind));
        for length in 0..es256.len() {
            assert!(PasskeyKey::from_cose(&es256[..length]).is_err(), "{length}");
        }
        for broken in [&[][..], &[0x40], &[0xbf], &[0xa1, 0x61, 0x61, 1], &[0xa1, 1, 0x5b, 255, 255, 255, 255, 255]] {
            assert_eq!(PasskeyKey::from_cose(broken).err(), Some(PasskeyFault::Unreadable), "{broken:?}");
        }
    }
}
