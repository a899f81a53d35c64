//! What counts in a short text that is typed as an answer.

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

/// A short text without what does not count: case, accents, the kind of a dash, an apostrophe or a quotation mark, signs that
/// nobody sees, spaces around it and their number in between, and punctuation around it. Two texts answer the same when this
/// is the same. Empty for a text that says nothing; punctuation alone says what it is.
pub(crate) fn what_counts(text: &str) -> String {
    let letters = letters_that_count(text);
    let mut words = String::with_capacity(letters.len());
    for word in letters.split_whitespace() {
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
    }
    let bare = words.trim_matches(|letter: char| letter == ' ' || is_outer(letter));
    if bare.is_empty() || bare.len() == words.len() { words } else { bare.to_owned() }
}

/// A text without what does not count of its letters and signs, each for itself.
fn letters_that_count(text: &str) -> String {
    // Of these none is taken apart, and none is left out.
    if text.is_ascii() {
        return text.to_ascii_lowercase().replace('`', "'");
    }
    let mut letters = String::with_capacity(text.len());
    // Before as well as after, because taking a sign apart makes a space of some accents that stand alone.
    letters.extend(
        text.chars()
            .map(plain)
            .nfkd()
            .filter(|letter| !is_combining_mark(*letter) && !is_unseen(*letter))
            .flat_map(char::to_lowercase)
            .map(plain),
    );
    letters
}

/// Signs that only say how a text is broken or drawn, such as the soft hyphen and the zero-width space.
fn is_unseen(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Dashes and hyphens are `-`, apostrophes `'`, quotation marks `"`, whichever a keyboard puts.
fn plain(letter: char) -> char {
    match letter {
        '\u{2010}'..='\u{2015}' | '\u{2043}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => '-',
        '’' | '‘' | '‚' | '‛' | 'ʼ' | 'ʻ' | 'ʹ' | '′' | '`' | '´' | '‹' | '›' => '\'',
        '“' | '”' | '„' | '‟' | '″' | '«' | '»' => '"',
        letter => letter,
    }
}

/// Punctuation that may stand around an answer without being part of it; `C++`, `50%` and `-5` keep their signs.
fn is_outer(letter: char) -> bool {
    ".,;:!?…'\"()[]{}¿¡·،؛؟。、！？".contains(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_count_is_gone() {
        for (written, counts) in [
            (" Up-skirting. ", "up-skirting"),
            ("up\u{2011}skirting", "up-skirting"),
            ("up\u{2010}skirting!", "up-skirting"),
            ("up–skirting", "up-skirting"),
            ("up—skirting", "up-skirting"),
            ("up\u{2212}skirting", "up-skirting"),
            ("up\u{ad}skirting", "upskirting"),
            ("\u{feff}up\u{200b}skirting", "upskirting"),
            ("“Upskirting”,", "upskirting"),
            ("(upskirting)", "upskirting"),
            ("‘Don’t’ ...", "don't"),
            ("don`t", "don't"),
            ("don´t", "don't"),
            ("CYBER\u{a0}\u{a0} Fláshing ?", "cyber flashing"),
            ("I.M.E.I.", "i.m.e.i"),
            ("C++", "c++"),
            ("50%", "50%"),
            ("-5", "-5"),
            ("−5.", "-5"),
            ("?", "?"),
            ("\u{301}\u{200b} ", ""),
        ] {
            assert_eq!(what_counts(written), counts, "{written:?}");
            assert_eq!(what_counts(&what_counts(written)), counts, "{written:?} twice");
        }
    }

    #[test]
    fn a_text_of_plain_letters_counts_as_any_other_does() {
        for plain in ["CYBER  flashing ?", "don`t", "(C++) 50%", "A\tb\nC\u{1}", "I.M.E.I.", "?", " ` ", ""] {
            assert_eq!(what_counts(plain), what_counts(&format!("{plain}\u{200b}")), "{plain:?}");
        }
    }
}
