use std::fmt;

use serde::{Deserialize, Serialize};

/// The text is not a name: it must be 1 to 64 of `a-z`, `0-9` and `-`, and begin and end with a letter or a digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAName;

impl fmt::Display for NotAName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name is 1 to 64 small letters, digits and hyphens, and begins and ends with a letter or a digit")
    }
}

impl std::error::Error for NotAName {}

fn is_name(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = text.as_bytes();
    let (Some(&first), Some(&last)) = (bytes.first(), bytes.last()) else {
        return false;
    };
    bytes.len() <= 64 && plain(first) && plain(last) && bytes.iter().all(|&byte| plain(byte) || byte == b'-')
}

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Takes a name as authors and addresses write it. [`NotAName`] when it cannot be one.
            pub fn new(text: impl Into<String>) -> Result<Self, NotAName> {
                Self::try_from(text.into())
            }

            /// The name as it is written.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = NotAName;

            fn try_from(text: String) -> Result<Self, NotAName> {
                if is_name(&text) { Ok(Self(text)) } else { Err(NotAName) }
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> String {
                name.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

names! {
    /// Names a module: its folder under `content/modules/`, and its address.
    ModuleSlug;
    /// Names a page within its module: the file's name without number and ending.
    PageSlug;
    /// Names a question within its module; it never changes once it has been published.
    QuestionId;
    /// Names an agreement: its file under `content/agreements/`, and its address.
    AgreementSlug;
    /// Names a programme: its file under `content/programmes/`.
    ProgrammeSlug;
    /// Names a fact in `content/facts.toml`.
    FactId;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_small_letters_digits_and_hyphens() {
        for good in ["four-cs", "a", "10", "sharing-nudes"] {
            assert!(ModuleSlug::new(good).is_ok(), "{good}");
        }
        for bad in ["", "-a", "a-", "Four", "a b", "../etc", "é", &"a".repeat(65)] {
            assert!(ModuleSlug::new(bad).is_err(), "{bad}");
        }
    }
}
