//! Words that nearly everybody knows, and how many of a text's words are not among them.

use std::{collections::BTreeSet, mem};

use serde::Serialize;

/// A list of familiar words. Induct has none of its own: the list of about 3,000 words for which [`DaleChall`] was made belongs to
/// others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FamiliarWords(BTreeSet<String>);

/// Why a text is no list of familiar words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FamiliarWordsError {
    /// A line, counted from 1, holds something else than one word.
    #[error("line {0} is not one word. Put each word on a line of its own, and what is for people behind a `#`")]
    NotOneWord(usize),
    /// It holds no word.
    #[error("there is no word in it")]
    NoWord,
}

/// How hard a text is by the words in it that are not familiar, in two formulas by the same authors.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct DaleChall {
    /// How many of a hundred words are not familiar. Names, numbers and addresses are; so are regular forms of familiar words.
    pub unfamiliar: f64,
    /// The score by the first formula (E. Dale and J. S. Chall, "A Formula for Predicting Readability", Educational Research Bulletin 27,
    /// 1948): `0.1579 × unfamiliar + 0.0496 × words ÷ sentences + 3.6365`. Up to 4.9 it stands for the fourth school year in the
    /// United States and below, to 5.9 for the fifth and sixth, to 6.9 for the seventh and eighth, and so on.
    pub score: f64,
    /// The cloze score by the second formula (J. S. Chall and E. Dale, "Readability Revisited: The New Dale–Chall Readability Formula",
    /// Brookline Books, 1995): `64 − 0.95 × unfamiliar − 0.69 × words ÷ sentences`. The higher, the easier: from 58 for the easiest
    /// texts to 15 and less for the hardest.
    pub cloze: f64,
}

impl FamiliarWords {
    /// Reads a list with one word a line. What follows a `#` is for people, and empty lines count for nothing.
    ///
    /// # Errors
    ///
    /// [`FamiliarWordsError`] when a line is not one word, or there is none.
    pub fn read(text: &str) -> Result<Self, FamiliarWordsError> {
        let mut words = BTreeSet::new();
        for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            let word = line.split('#').next().unwrap_or_default().trim();
            if word.is_empty() {
                continue;
            }
            let word = word.replace('’', "'").to_lowercase();
            let within = |char: char| char.is_alphabetic() || matches!(char, '\'' | '-' | '.');
            if !word.starts_with(char::is_alphabetic) || !word.chars().all(within) {
                return Err(FamiliarWordsError::NotOneWord(index + 1));
            }
            words.insert(word.trim_end_matches('.').to_owned());
        }
        if words.is_empty() { Err(FamiliarWordsError::NoWord) } else { Ok(Self(words)) }
    }

    /// How many words of a text are not familiar. Each sentence is its words as they are printed, with the marks beside them.
    pub(super) fn unfamiliar_in(&self, sentences: &[Vec<&str>]) -> usize {
        let words: Vec<Word> = sentences.iter().flat_map(|sentence| words_of(sentence)).collect();
        let names: BTreeSet<&str> =
            words.iter().filter(|word| word.capital && !word.may_begin).map(Word::whose).collect();
        let is_name = |word: &Word| word.capital && (!word.may_begin || names.contains(word.whose()));
        words
            .iter()
            .filter(|word| !is_name(word) && !word.is_number_or_address() && !self.knows(&word.bare.to_lowercase()))
            .count()
    }

    /// Whether a word in small letters is on the list, is a regular form of one that is, or is put together of such.
    fn knows(&self, word: &str) -> bool {
        const SHORTENED: [&str; 7] = ["'s", "n't", "'ll", "'re", "'ve", "'d", "'m"];
        self.0.contains(word)
            || bases(word).iter().any(|base| self.0.contains(base))
            || SHORTENED.iter().any(|end| word.strip_suffix(end).is_some_and(|stem| self.knows(stem)))
            || word.split_once(['-', '–', '—', '/']).is_some_and(|(first, rest)| self.knows(first) && self.knows(rest))
    }
}

impl DaleChall {
    /// Of a text with so many unfamiliar words in a hundred, and so many words in a sentence.
    pub(super) fn of(unfamiliar: f64, words_in_a_sentence: f64) -> Self {
        Self {
            unfamiliar,
            score: 0.1579 * unfamiliar + 0.0496 * words_in_a_sentence + 3.6365,
            cloze: 64.0 - 0.95 * unfamiliar - 0.69 * words_in_a_sentence,
        }
    }
}

/// A word without the marks beside it.
struct Word {
    bare: String,
    /// Whether it has a capital.
    capital: bool,
    /// Whether it may have its capital because something begins with it.
    may_begin: bool,
}

impl Word {
    /// The word, or whom it says that something belongs to.
    fn whose(&self) -> &str {
        self.bare.strip_suffix("'s").unwrap_or(&self.bare)
    }

    fn is_number_or_address(&self) -> bool {
        self.bare.contains(|char: char| char.is_numeric() || matches!(char, '.' | '@'))
    }
}

fn words_of(sentence: &[&str]) -> Vec<Word> {
    let mut may_begin = true;
    let mut words = Vec::new();
    for printed in sentence {
        let after_colon = printed.ends_with(':');
        let bare = printed.trim_matches(|char: char| !char.is_alphanumeric()).replace('’', "'");
        words.push(Word {
            capital: bare.starts_with(char::is_uppercase),
            may_begin: mem::replace(&mut may_begin, after_colon) || printed.starts_with(['"', '“', '‘', '(']),
            bare,
        });
    }
    words
}

/// The words that a word may be a regular form of: plurals, "-s", "-ed" and "-ing" of verbs, "-er" and "-est", and adverbs to which
/// "-ly" was added and nothing changed, as Dale and Chall have it. Nothing tells "-er" of a comparison from "-er" of somebody who does
/// something, so that both count.
fn bases(word: &str) -> Vec<String> {
    const SHORTEST: usize = 2;
    let mut bases = Vec::new();
    for ending in ["s", "ly"] {
        if let Some(stem) = word.strip_suffix(ending).filter(|stem| !stem.ends_with('s') || ending == "ly") {
            bases.push(stem.to_owned());
        }
    }
    for ending in ["es", "ed", "ing", "er", "est"] {
        let Some(stem) = word.strip_suffix(ending) else { continue };
        bases.push(format!("{stem}e"));
        if let Some(before) = stem.strip_suffix('i') {
            bases.push(format!("{before}y"));
        }
        let mut backwards = stem.chars().rev();
        if let (Some(last), Some(same)) = (backwards.next(), backwards.next())
            && last == same
        {
            bases.push(stem[..stem.len() - last.len_utf8()].to_owned());
        }
        bases.push(stem.to_owned());
    }
    bases.retain(|base| base.chars().count() >= SHORTEST);
    bases
}

#[cfg(test)]
mod tests {
    use super::*;

    fn familiar(words: &str) -> FamiliarWords {
        FamiliarWords::read(&words.replace(' ', "\n")).unwrap()
    }

    #[test]
    fn a_list_has_one_word_a_line() {
        let list = FamiliarWords::read("\u{feff}# for the test\nAble  # and so on\n\r\ndon’t\nMr.\nice-cream\n");
        assert_eq!(list, Ok(familiar("able don't mr ice-cream")));
        for (text, why) in [
            ("able\nice cream\n", FamiliarWordsError::NotOneWord(2)),
            ("[[fact]]\n", FamiliarWordsError::NotOneWord(1)),
            ("able,about\n", FamiliarWordsError::NotOneWord(1)),
            ("able 5\n", FamiliarWordsError::NotOneWord(1)),
            ("# nothing\n\n", FamiliarWordsError::NoWord),
            ("", FamiliarWordsError::NoWord),
        ] {
            assert_eq!(FamiliarWords::read(text), Err(why), "{text:?}");
        }
    }

    #[test]
    fn regular_forms_of_familiar_words_are_familiar() {
        let list = familiar("friend box try use stop quick easy big safe can do has tell we help line");
        let forms = "friend friends friend's boxes tries tried trying used using stopped stopping quickly quicker quickest \
                     easier easiest bigger biggest safer safely doing does doesn't hasn't we'll we're help-line tell/help";
        for word in forms.split(' ') {
            assert!(list.knows(word), "{word}");
        }
        // "Easily" changes more than "-ly" adds, and the rest are other words.
        for word in ["easily", "friendship", "untold", "told", "us", "ss", "", "-", "help-desk", "unsafe"] {
            assert!(!list.knows(word), "{word}");
        }
    }

    #[test]
    fn names_numbers_and_addresses_are_familiar() {
        let list = familiar("call on and ask she knows it is at or a");
        let unfamiliar = |text: &str| {
            let sentences: Vec<Vec<&str>> =
                text.split_inclusive(". ").map(|sentence| sentence.split_whitespace().collect()).collect();
            list.unfamiliar_in(&sentences)
        };
        assert_eq!(unfamiliar("Call Childline on 0800 1111. Ask Femi. Femi’s at example.org or a@example.org."), 0);
        assert_eq!(unfamiliar("Ask a solicitor. Solicitors call."), 2, "the second begins a sentence");
        assert_eq!(unfamiliar("Grooming: “Radicalisation”."), 2, "a quotation begins as a sentence does");
        assert_eq!(unfamiliar("Zara knows it. It is Zara’s."), 0, "a name is one where it begins a sentence, too");
    }

    #[test]
    fn the_two_formulas_are_those_that_were_published() {
        let DaleChall { unfamiliar, score, cloze } = DaleChall::of(10.0, 15.0);
        assert_eq!(
            format!("{unfamiliar} {score:.4} {cloze:.2}"),
            // 1.579 + 0.744 + 3.6365, and 64 - 9.5 - 10.35
            "10 5.9595 44.15"
        );
    }
}
