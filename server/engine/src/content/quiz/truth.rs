//! The words for true and false. A list of the two is a form of its own, whose options are never shuffled.

use crate::catalogue::Language;

/// How a language says true and false. The first of each is what authors are told to write.
pub(crate) struct TruthWords {
    language: &'static str,
    right: &'static [&'static str],
    wrong: &'static [&'static str],
}

const ENGLISH: TruthWords = TruthWords { language: "en", right: &["True"], wrong: &["False"] };

const WORDS: [TruthWords; 9] = [
    ENGLISH,
    TruthWords { language: "cy", right: &["Gwir"], wrong: &["Anghywir", "Gau"] },
    TruthWords { language: "de", right: &["Wahr", "Richtig"], wrong: &["Falsch"] },
    TruthWords { language: "es", right: &["Verdadero"], wrong: &["Falso"] },
    TruthWords { language: "fr", right: &["Vrai"], wrong: &["Faux"] },
    TruthWords { language: "it", right: &["Vero"], wrong: &["Falso"] },
    TruthWords { language: "pl", right: &["Prawda"], wrong: &["Fałsz"] },
    TruthWords { language: "pt", right: &["Verdadeiro"], wrong: &["Falso"] },
    TruthWords { language: "ro", right: &["Adevărat"], wrong: &["Fals"] },
];

impl TruthWords {
    /// The words of a language. `None` when they are not known here.
    pub(crate) fn of(language: Language) -> Option<&'static Self> {
        WORDS.iter().find(|words| words.language == language.code())
    }

    /// Whether a text, exactly as it stands, is one of the words, and then which.
    pub(crate) fn says(&self, text: &str) -> Option<bool> {
        if self.right.contains(&text) { Some(true) } else { self.wrong.contains(&text).then_some(false) }
    }

    /// Whether a text is meant for one of the words, however it is written. English ones may have been left as they were.
    pub(crate) fn are_meant_by(&self, text: &str) -> bool {
        let word = text.trim_matches(|char: char| !char.is_alphanumeric()).to_lowercase();
        [self, &ENGLISH]
            .iter()
            .flat_map(|words| words.right.iter().chain(words.wrong))
            .any(|w| w.to_lowercase() == word)
    }

    /// What to write.
    pub(crate) fn help(&self) -> String {
        let [right, wrong] = [self.right, self.wrong].map(|words| words.first().copied().unwrap_or_default());
        format!("Write a numbered list of two options, exactly `{right}` and `{wrong}`.")
    }
}

/// Whether an option says true or false in English, however it writes it.
pub(crate) fn is_truth(text: &str) -> bool {
    ENGLISH.are_meant_by(text)
}
