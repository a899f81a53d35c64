use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

/// What is wrong with a text that a person typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextFault {
    /// There is no letter or digit in it.
    #[error("nothing that can be read was written")]
    Empty,
    /// It has more characters than it may have.
    #[error("it has {over} more than the {most} characters that it may have")]
    TooLong {
        /// How many it may have.
        most: usize,
        /// How many more it has.
        over: usize,
    },
    /// It has a character that nobody can see or that changes the direction of what stands around it, such as a zero-width space.
    #[error("it has a character that nobody can see (U+{:04X})", u32::from(*.0))]
    Invisible(char),
    /// It has a line break or another control character.
    #[error("it has a line break or another control character (U+{:04X})", u32::from(*.0))]
    Control(char),
}

/// A text as everything of one line is kept: in Unicode's composed form (NFC), so that what is written alike is found alike.
#[must_use]
pub fn composed(text: &str) -> String {
    text.nfc().collect()
}

/// A text of one line as a person typed it, such as a name: without outer blanks, in Unicode's composed form (NFC), with at most `most`
/// characters. The one rule for names, typed names and whatever else is kept of what people type on one line.
///
/// # Errors
/// [`TextFault`] says what is wrong with it.
pub fn typed_line(text: &str, most: usize) -> Result<String, TextFault> {
    let text: String = text.trim().nfc().collect();
    let mut before = ' ';
    for character in text.chars() {
        if character.is_control() || matches!(character, '\u{2028}' | '\u{2029}') {
            return Err(TextFault::Control(character));
        }
        // Some scripts write with joiners within words; anywhere else they cannot be seen.
        let joins = matches!(character, '\u{200C}' | '\u{200D}') && !before.is_ascii() && !is_invisible(before);
        if is_invisible(character) && !joins {
            return Err(TextFault::Invisible(character));
        }
        // And they join two letters: at the end of a word they cannot be seen either.
        let joined = matches!(before, '\u{200C}' | '\u{200D}');
        if joined && !character.is_alphabetic() {
            return Err(TextFault::Invisible(before));
        }
        before = character;
    }
    if matches!(before, '\u{200C}' | '\u{200D}') {
        return Err(TextFault::Invisible(before));
    }
    if !text.chars().any(char::is_alphanumeric) {
        return Err(TextFault::Empty);
    }
    unless_too_long(&text, most)?;
    Ok(text)
}

fn unless_too_long(text: &str, most: usize) -> Result<(), TextFault> {
    match text.chars().count().saturating_sub(most) {
        0 => Ok(()),
        over => Err(TextFault::TooLong { most, over }),
    }
}

/// A text of several lines as a person typed it, for themselves to read: without outer blanks, in Unicode's composed form (NFC), with `\n` between
/// its lines and at most `most` characters. What nobody can see in it is left out, but for what joins letters and says how a sign is drawn.
/// Empty: nothing was written.
///
/// # Errors
/// [`TextFault::TooLong`].
pub fn typed_text(text: &str, most: usize) -> Result<String, TextFault> {
    let lines = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n").replace('\t', " ");
    let is_kept = |character: &char| match character {
        '\n' | '\u{200C}' | '\u{200D}' | '\u{FE0E}' | '\u{FE0F}' => true,
        other => !other.is_control() && !is_invisible(*other),
    };
    let text: String = lines.nfc().filter(is_kept).collect();
    let text = text.trim();
    unless_too_long(text, most)?;
    Ok(text.to_owned())
}

/// A name of which there are at least two letters.
///
/// # Errors
/// [`TextFault::Empty`] when there are fewer.
pub fn at_least_two_letters(name: String) -> Result<String, TextFault> {
    if name.chars().filter(|character| character.is_alphabetic()).nth(1).is_some() {
        Ok(name)
    } else {
        Err(TextFault::Empty)
    }
}

/// Whether two names have a word in common, whatever their case, accents, hyphens and apostrophes.
pub fn share_a_word(one: &str, other: &str) -> bool {
    let (one, other) = (words(one), words(other));
    let all = |words: &[String]| words.concat();
    one.iter().any(|word| other.contains(word)) || all(&one) == all(&other)
}

/// The words of a name, folded. What stands on both sides of a hyphen are two words; an apostrophe stands within one.
fn words(name: &str) -> Vec<String> {
    let folded = name.nfkd().filter(|character| {
        !is_combining_mark(*character) && !matches!(character, '\'' | '’' | '\u{200C}' | '\u{200D}')
    });
    let folded: String = folded.flat_map(char::to_lowercase).collect();
    let words = folded.split(|character: char| !character.is_alphanumeric());
    // Initials say little: the A in "A. Other" and in "Amy A. Archer" makes them no namesakes.
    let long = words.clone().filter(|word| word.chars().nth(1).is_some());
    let long: Vec<String> = long.map(str::to_owned).collect();
    if long.is_empty() { words.filter(|word| !word.is_empty()).map(str::to_owned).collect() } else { long }
}

/// Unicode's format characters (general category Cf), characters that are drawn as nothing, and private ones.
fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{00AD}' | '\u{034F}' | '\u{0600}'..='\u{0605}' | '\u{061C}' | '\u{06DD}' | '\u{070F}' | '\u{0890}' | '\u{0891}'
        | '\u{08E2}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{E000}'..='\u{F8FF}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFF}' | '\u{110BD}' | '\u{110CD}'
        | '\u{13430}'..='\u{1343F}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{10FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_share_a_word_whatever_their_case_accents_and_hyphens() {
        for (one, other) in [
            ("Ben Osei", "ben"),
            ("Siân Llywelyn", "SIAN LLYWELYN"),
            ("O’Neill-Smith", "Mary Oneill"),
            ("Anne-Marie Duval", "annemarie duval"),
            ("نور الهاشمي", "نور"),
            ("李小龍", "李小龍"),
            ("José García", "Jose\u{301} Garcia"),
        ] {
            assert!(share_a_word(one, other), "{one}, {other}");
        }
        for (one, other) in
            [("Ben Osei", "Mickey Mouse"), ("Amy A. Archer", "A. Other"), ("Ben Osei", "x"), ("Ben Osei", "Beno")]
        {
            assert!(!share_a_word(one, other), "{one}, {other}");
        }
        for short in ["x", "7", "x 1"] {
            assert_eq!(at_least_two_letters(short.to_owned()), Err(TextFault::Empty), "{short}");
        }
        assert_eq!(at_least_two_letters("Li".to_owned()).as_deref(), Ok("Li"));
    }

    #[test]
    fn names_of_all_scripts_are_kept() {
        for name in
            ["Amy Archer", "Siân Llywelyn", "نور الهاشمي", "李小龍", "O’Neill-Smith", "علی‌رضا", "क्‍ष", "X Æ A-12"]
        {
            assert_eq!(typed_line(name, 200).as_deref(), Ok(name), "{name}");
        }
    }

    #[test]
    fn the_same_name_is_the_same_text() {
        assert_eq!(typed_line("  Sia\u{302}n ", 200).as_deref(), Ok("Siân"));
    }

    #[test]
    fn what_nobody_can_see_is_no_name() {
        for (text, fault) in [
            ("", TextFault::Empty),
            (" \u{a0} ", TextFault::Empty),
            ("…!", TextFault::Empty),
            ("\u{200b}", TextFault::Invisible('\u{200b}')),
            ("\u{ad}", TextFault::Invisible('\u{ad}')),
            ("\u{2800}", TextFault::Invisible('\u{2800}')),
            ("\u{3164}", TextFault::Invisible('\u{3164}')),
            ("\u{e0041}", TextFault::Invisible('\u{e0041}')),
            ("Zoë\u{200d}", TextFault::Invisible('\u{200d}')),
            ("\u{200d}Amy", TextFault::Invisible('\u{200d}')),
            ("Amy \u{202e}rehcrA", TextFault::Invisible('\u{202e}')),
            ("Amy\nArcher", TextFault::Control('\n')),
            ("Amy\u{2028}Archer", TextFault::Control('\u{2028}')),
            ("Amy\0", TextFault::Control('\0')),
        ] {
            assert_eq!(typed_line(text, 200), Err(fault), "{text:?}");
        }
        assert_eq!(typed_line(&"é".repeat(212), 200), Err(TextFault::TooLong { most: 200, over: 12 }));
        assert_eq!(typed_text(&"é\n".repeat(3), 4), Err(TextFault::TooLong { most: 4, over: 1 }));
        assert!(typed_line(&"é".repeat(200), 200).is_ok());
    }
}
