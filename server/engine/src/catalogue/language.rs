use std::{fmt, str};

use serde::{Deserialize, Serialize};

/// The language that a text is written in, by its code of two or three letters (ISO 639).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language([u8; 3]);

/// The name of a twin: the same module in another language, or in Easy Read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum TwinName {
    /// In another language.
    In(Language),
    /// In the module's own language, in short sentences for people who find reading hard.
    EasyRead,
}

/// Languages by the names that their speakers give them.
const NAMES: [(&str, &str); 30] = [
    ("ar", "العربية"),
    ("bg", "Български"),
    ("bn", "বাংলা"),
    ("cy", "Cymraeg"),
    ("de", "Deutsch"),
    ("en", "English"),
    ("es", "Español"),
    ("fa", "فارسی"),
    ("fr", "Français"),
    ("ga", "Gaeilge"),
    ("gd", "Gàidhlig"),
    ("gu", "ગુજરાતી"),
    ("hu", "Magyar"),
    ("it", "Italiano"),
    ("lt", "Lietuvių"),
    ("lv", "Latviešu"),
    ("pa", "ਪੰਜਾਬੀ"),
    ("pl", "Polski"),
    ("ps", "پښتو"),
    ("pt", "Português"),
    ("ro", "Română"),
    ("ru", "Русский"),
    ("sk", "Slovenčina"),
    ("so", "Soomaali"),
    ("sq", "Shqip"),
    ("ta", "தமிழ்"),
    ("tr", "Türkçe"),
    ("uk", "Українська"),
    ("ur", "اردو"),
    ("vi", "Tiếng Việt"),
];

impl Language {
    /// English.
    pub const ENGLISH: Self = Self(*b"en ");

    /// The language of a code such as `cy`. `None` when it has not two or three small letters.
    #[must_use]
    pub fn new(code: &str) -> Option<Self> {
        let mut bytes = [b' '; 3];
        if !(2..=bytes.len()).contains(&code.len()) || !code.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return None;
        }
        bytes[..code.len()].copy_from_slice(code.as_bytes());
        Some(Self(bytes))
    }

    /// Its code, such as `cy`.
    #[must_use]
    pub fn code(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default().trim_end()
    }

    /// What stands in the `lang` attribute of a text (BCP 47). English is that of the United Kingdom.
    #[must_use]
    pub fn tag(&self) -> &str {
        if *self == Self::ENGLISH { "en-GB" } else { self.code() }
    }

    /// What its speakers call it, or its code where that is not known here.
    #[must_use]
    pub fn name(&self) -> &str {
        NAMES.iter().find(|(code, _)| *code == self.code()).map_or(self.code(), |(_, name)| name)
    }

    /// What stands in the `dir` attribute of a text: `rtl` for what is written from right to left, else nothing.
    #[must_use]
    pub fn direction(&self) -> Option<&'static str> {
        matches!(self.code(), "ar" | "ckb" | "fa" | "he" | "ps" | "sd" | "ur" | "yi").then_some("rtl")
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl TwinName {
    const EASY_READ: &str = "easy-read";

    /// The twin whose folder has that name: the code of a language, or `easy-read`.
    #[must_use]
    pub fn new(folder: &str) -> Option<Self> {
        if folder == Self::EASY_READ { Some(Self::EasyRead) } else { Language::new(folder).map(Self::In) }
    }

    /// What readers call it.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::In(language) => language.name(),
            Self::EasyRead => "Easy Read",
        }
    }

    /// The language that it is written in. Easy Read has that of its module.
    #[must_use]
    pub const fn language(self, of_module: Language) -> Language {
        match self {
            Self::In(language) => language,
            Self::EasyRead => of_module,
        }
    }
}

impl TryFrom<String> for TwinName {
    type Error = String;

    fn try_from(folder: String) -> Result<Self, String> {
        Self::new(&folder).ok_or_else(|| format!("`{folder}` is not the code of a language"))
    }
}

impl From<TwinName> for String {
    fn from(name: TwinName) -> Self {
        name.to_string()
    }
}

impl fmt::Display for TwinName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::In(language) => language.fmt(f),
            Self::EasyRead => f.write_str(Self::EASY_READ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twins_are_named_by_codes_of_languages_and_easy_read() {
        let named = ["cy", "ckb", "easy-read", "c", "Cy", "abcd", "c1", "", "é"];
        let named = named.map(|folder| TwinName::new(folder).map(|twin| format!("{twin} {}", twin.name())));
        let good = ["cy Cymraeg", "ckb ckb", "easy-read Easy Read"];
        assert_eq!(named.iter().flatten().map(String::as_str).collect::<Vec<_>>(), good);
    }

    #[test]
    fn english_is_marked_as_that_of_the_united_kingdom() {
        let tags = ["en", "cy", "ckb"].map(|code| Language::new(code).map(|language| language.tag().to_owned()));
        assert_eq!(tags.each_ref().map(Option::as_deref), [Some("en-GB"), Some("cy"), Some("ckb")]);
    }
}
