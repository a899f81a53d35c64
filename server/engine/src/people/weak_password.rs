use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization as _;

/// Why a password is not taken. NIST SP 800-63B-4, section 3.1.1.2, asks for length and for a list of what is tried first, and for no kinds of
/// character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// It has fewer than [`WeakPassword::SHORTEST`] characters.
    #[error("the password must have at least {} characters", WeakPassword::SHORTEST)]
    Short,
    /// It is among what is tried first: a common password that was made longer, a name or an address of theirs, the provider's name, or a run of keys.
    #[error("the password is one of those that are tried first: a common word, a name, or a run of keys, made longer")]
    Guessable,
}

impl WeakPassword {
    /// How many characters a password has at least, where nothing else is asked for beside it.
    pub const SHORTEST: usize = 15;
}

/// Words of which the passwords consist that people choose most often, and what this site is called.
const COMMON: [&str; 43] = [
    "abc",
    "admin",
    "administrator",
    "baseball",
    "batman",
    "changeme",
    "charlie",
    "computer",
    "default",
    "dragon",
    "football",
    "hello",
    "iloveyou",
    "induct",
    "internet",
    "jesus",
    "king",
    "letmein",
    "login",
    "london",
    "love",
    "master",
    "monkey",
    "my",
    "new",
    "pass",
    "passcode",
    "passphrase",
    "password",
    "please",
    "princess",
    "qwerty",
    "samsung",
    "secret",
    "shadow",
    "starwars",
    "sunshine",
    "superman",
    "temp",
    "test",
    "welcome",
    "whatever",
    "liverpool",
];

/// Along these, forwards or backwards, whoever wants to be done quickly lets a finger run.
const RUNS: [&str; 6] = [
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "qazwsxedcrfvtgbyhnujm",
];

/// Of more than this nobody tries to say in one breath what it is made of.
const LONGEST_LOOKED_AT: usize = 128;

/// Looks at a password that somebody wants. `known` is what others know of them: name, address, and the provider's name.
pub(super) fn check_password(password: &str, known: &[&str]) -> Result<(), WeakPassword> {
    if password.chars().count() < WeakPassword::SHORTEST {
        return Err(WeakPassword::Short);
    }
    if is_guessable(password, known) { Err(WeakPassword::Guessable) } else { Ok(()) }
}

fn is_guessable(password: &str, known: &[&str]) -> bool {
    let plain = squashed(password);
    if plain.iter().collect::<BTreeSet<_>>().len() < 5 {
        return true;
    }
    if plain.len() > LONGEST_LOOKED_AT {
        return false;
    }
    // Digits between and behind words are what everybody adds.
    let letters: Vec<char> = plain.iter().copied().filter(|character| !character.is_numeric()).collect();
    let words: Vec<Vec<char>> = words(known);
    letters.is_empty()
        || is_made_of(&letters, &words, &mut Vec::new())
        || is_made_of(&plain, &words, &mut Vec::new())
        || repeats(&plain)
}

/// What is left of a text without what is added to please rules.
fn squashed(text: &str) -> Vec<char> {
    text.nfkc().flat_map(char::to_lowercase).filter(|character| character.is_alphanumeric()).collect()
}

fn words(known: &[&str]) -> Vec<Vec<char>> {
    let parts = known.iter().flat_map(|text| text.split(|character: char| !character.is_alphanumeric()));
    let known = parts.chain(known.iter().copied()).map(squashed).filter(|word| word.len() >= 3);
    COMMON.iter().map(|word| word.chars().collect()).chain(known).collect()
}

/// Whether a text is made of at most two words, or runs of keys, however often. `made`: those that it has so far.
fn is_made_of(text: &[char], words: &[Vec<char>], made: &mut Vec<Vec<char>>) -> bool {
    if text.is_empty() {
        return !made.is_empty();
    }
    let run = longest_run(text);
    let begins = words.iter().filter(|word| text.starts_with(word)).cloned();
    let candidates: Vec<Vec<char>> = begins.chain((run >= 3).then(|| text[..run].to_vec())).collect();
    for word in candidates {
        let is_new = !made.contains(&word);
        if is_new && made.len() == 2 {
            continue;
        }
        let rest = &text[word.len()..];
        if is_new {
            made.push(word);
        }
        if is_made_of(rest, words, made) {
            return true;
        }
        if is_new {
            made.pop();
        }
    }
    false
}

/// How many characters from the beginning on lie side by side.
fn longest_run(text: &[char]) -> usize {
    let along = |line: &[char]| {
        let starts = (0..line.len()).filter(|start| line[*start] == text[0]);
        starts.map(|start| line[start..].iter().zip(text).take_while(|(a, b)| a == b).count()).max().unwrap_or(0)
    };
    let lines = RUNS.iter().map(|line| line.chars().collect::<Vec<char>>());
    lines.map(|line| along(&line).max(along(&line.iter().rev().copied().collect::<Vec<_>>()))).max().unwrap_or(0)
}

/// Whether it is a piece of at most five characters, again and again.
fn repeats(text: &[char]) -> bool {
    (1..=5).any(|length| text.len() > length * 2 && text.iter().zip(&text[length..]).all(|(a, b)| a == b))
}

#[cfg(test)]
mod tests {
    use super::{WeakPassword, check_password};

    const AMY: [&str; 3] = ["Amy Okafor", "amy.okafor@northfield.example", "Northfield Training"];

    #[test]
    fn length_is_counted_in_characters() {
        assert_eq!(check_password("fourteen chars", &AMY), Err(WeakPassword::Short));
        assert_eq!(check_password("fifteen letters", &AMY), Ok(()));
        assert_eq!(check_password("ŵyneb yn yr haf", &AMY), Ok(()));
        assert_eq!(check_password("ŵyneb yn yr ha", &AMY), Err(WeakPassword::Short));
    }

    #[test]
    fn what_is_tried_first_is_not_taken() {
        for weak in [
            "passwordpassword",
            "Password-2026-2027",
            "Pass!word!Pass!word!1",
            "123456789012345",
            "111111111111111",
            "!!!!!!!!!!!!!!!!!",
            "qwertyuiopasdfgh",
            "abcdefghijklmnop",
            "1qaz2wsx3edc4rfv",
            "Welcome12345678",
            "iloveyouiloveyou",
            "northfieldtraining",
            "Northfield2026Northfield",
            "AmyOkaforAmyOkafor",
            "amy.okafor@northfield.example",
            "okafor-password-1",
            "xk3tpxk3tpxk3tp",
            "ｐａｓｓｗｏｒｄｐａｓｓｗｏｒｄ",
        ] {
            assert_eq!(check_password(weak, &AMY), Err(WeakPassword::Guessable), "{weak}");
        }
    }

    #[test]
    fn what_people_think_of_themselves_is_taken() {
        for good in [
            "correct horse battery",
            "three random words",
            "induct-demo-2026",
            "purple kettle sings",
            "my dragon loves pasta",
            "Rydw i'n hoffi coffi",
            "parola mea de acasă",
        ] {
            assert_eq!(check_password(good, &AMY), Ok(()), "{good}");
        }
        let long = "na".repeat(40) + &"password kettle ".repeat(40);
        assert_eq!(check_password(&long, &AMY), Ok(()));
    }
}
