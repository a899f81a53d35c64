//! Stretches of 32 bytes that must not be taken for one another, written as 64 lower-case hexadecimal digits.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A text that is not 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is not 64 lower-case hexadecimal digits")]
pub struct NotBytes;

fn parse(text: &str) -> Result<[u8; 32], NotBytes> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(text, &mut bytes).map_err(|_| NotBytes)?;
    if hex::encode(bytes) == text { Ok(bytes) } else { Err(NotBytes) }
}

macro_rules! thirty_two_bytes {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; 32]);

        impl $name {
            /// Reads 64 lower-case hexadecimal digits.
            ///
            /// # Errors
            /// [`NotBytes`] when it is anything else.
            pub fn parse(text: &str) -> Result<Self, NotBytes> {
                parse(text).map(Self)
            }

            /// 64 lower-case hexadecimal digits.
            #[must_use]
            pub fn to_hex(&self) -> String {
                hex::encode(self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.to_hex())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
            }
        }
    };
}

macro_rules! open_to_see {
    ($($name:ident),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.to_hex())
            }
        }
    )*};
}

macro_rules! kept_secret {
    ($($name:ident),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )*};
}

thirty_two_bytes!(
    /// What a leaf says of its envelope without showing it.
    Commitment
);
thirty_two_bytes!(
    /// What ties the leaves of one person together for whoever holds their key, and looks random to everybody else.
    Link
);
thirty_two_bytes!(
    /// A SHA-256 digest, or the keyed digest of a part.
    Digest
);
thirty_two_bytes!(
    /// What opens one commitment, and one link.
    Salt
);
thirty_two_bytes!(
    /// The key of one person, from which the salts of all of their leaves derive. Deleting it closes them for ever.
    PersonKey
);
thirty_two_bytes!(
    /// Who somebody is to whoever may link their leaves and need not know their name.
    Pseudonym
);
open_to_see!(Commitment, Link, Digest, Pseudonym);
kept_secret!(Salt, PersonKey);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_one_way_of_writing_it_is_read() {
        let text = "00ff".repeat(16);
        assert_eq!(Digest::parse(&text).unwrap().to_hex(), text);
        for wrong in [text.to_uppercase(), text[2..].to_owned(), format!("{text}00"), format!(" {}", &text[1..])] {
            assert_eq!(Digest::parse(&wrong), Err(NotBytes), "{wrong}");
        }
    }

    #[test]
    fn what_opens_leaves_is_never_printed() {
        assert_eq!(format!("{:?} {:?}", Salt([7; 32]), PersonKey([7; 32])), "Salt(…) PersonKey(…)");
    }
}
