use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization as _;

/// Why a password is not taken. NIST SP 800-63B-4, section 3.1.1.2, asks for length and for a list of what is tried first, and for no kinds of
/// character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// It has fewer than [`WeakPassword::SHORTEST`] characters.
    #[error("the password must have at least {} characters", WeakPassword::SHORTEST)]
    Short,
    /// It has fewer than [`WeakPassword::SHORTEST_BESIDE_FACTOR`] characters, where a code is asked for beside it.
    #[error("the password must have at least {} characters", WeakPassword::SHORTEST_BESIDE_FACTOR)]
    ShortBesideFactor,
    /// It is among what is tried first: a common password that was made longer, a name or an address of theirs, the provider's name, or a run of keys.
    #[error("the password is one of those that are tried first: a common word, a name, or a run of keys, made longer")]
    Guessable,
}

impl WeakPassword {
    /// How many characters a password has at least, where nothing else is asked for beside it.
    pub const SHORTEST: usize = 15;
    /// How many it has at least where a second factor is asked for beside it.
    pub const SHORTEST_BESIDE_FACTOR: usize = 8;
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

/// More of which the passwords consist that people choose most often where they may be short: what is longer seldom is one of these twice.
const COMMON_SHORT: [&str; 45] = [
    "access",
    "america",
    "andrew",
    "angel",
    "arsenal",
    "ashley",
    "autumn",
    "butterfly",
    "celtic",
    "charlotte",
    "cheese",
    "chelsea",
    "chocolate",
    "college",
    "cookie",
    "daniel",
    "elizabeth",
    "everton",
    "family",
    "flower",
    "forever",
    "freedom",
    "friends",
    "george",
    "google",
    "hunter",
    "jennifer",
    "jessica",
    "jordan",
    "liverpoolfc",
    "mercedes",
    "michael",
    "michelle",
    "mustang",
    "naruto",
    "pokemon",
    "rainbow",
    "rangers",
    "spring",
    "student",
    "summer",
    "trustno",
    "united",
    "victoria",
    "winter",
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

/// What is longer than this, without blanks and marks, is taken as it is.
const LONGEST_LOOKED_AT: usize = 64;

/// So many of the words that are known of somebody are looked for: names have fewer.
const MOST_KNOWN: usize = 20;

/// Looks at a password that somebody wants. `known` is what others know of them: name, address, and the provider's name.
pub(super) fn check_password(password: &str, known: &[&str]) -> Result<(), WeakPassword> {
    if is_short(password) {
        return Err(WeakPassword::Short);
    }
    if is_guessable(password, known) { Err(WeakPassword::Guessable) } else { Ok(()) }
}

/// The same of a password that lets nobody in without a second factor beside it.
pub(super) fn check_password_beside_factor(password: &str, known: &[&str]) -> Result<(), WeakPassword> {
    if password.chars().count() < WeakPassword::SHORTEST_BESIDE_FACTOR {
        return Err(WeakPassword::ShortBesideFactor);
    }
    let mut words = words(known);
    if is_short(password) {
        words.extend(COMMON_SHORT.iter().map(|word| word.chars().collect()));
    }
    if is_guessable_of(password, &words) { Err(WeakPassword::Guessable) } else { Ok(()) }
}

/// Whether a password is too short to be enough alone.
pub(super) fn is_short(password: &str) -> bool {
    password.chars().count() < WeakPassword::SHORTEST
}

fn is_guessable(password: &str, known: &[&str]) -> bool {
    is_guessable_of(password, &words(known))
}

/// Whether a password is made of these words, or of runs of keys.
fn is_guessable_of(password: &str, words: &BTreeSet<Vec<char>>) -> bool {
    let plain = squashed(password);
    if plain.iter().collect::<BTreeSet<_>>().len() < 5 {
        return true;
    }
    if plain.len() > LONGEST_LOOKED_AT {
        return false;
    }
    // Digits between and behind words are what everybody adds.
    let letters: Vec<char> = plain.iter().copied().filter(|character| !character.is_numeric()).collect();
    letters.is_empty() || is_made_of(&letters, words) || is_made_of(&plain, words) || repeats(&plain)
}

/// What is left of a text without what is added to please rules.
fn squashed(text: &str) -> Vec<char> {
    text.nfkc().flat_map(char::to_lowercase).filter(|character| character.is_alphanumeric()).collect()
}

fn words(known: &[&str]) -> BTreeSet<Vec<char>> {
    let parts = known.iter().flat_map(|text| text.split(|character: char| !character.is_alphanumeric()));
    let known = known.iter().copied().chain(parts).map(squashed).filter(|word| word.len() >= 3);
    COMMON.iter().map(|word| word.chars().collect()).chain(known.take(MOST_KNOWN)).collect()
}

/// Whether a text is made of at most two of these words, however often, and of runs of keys. The work grows with the square of the words that
/// are in it and with its length: whoever begins by a code says themselves what they are called, and must not keep a server busy by it.
fn is_made_of(text: &[char], words: &BTreeSet<Vec<char>>) -> bool {
    if text.is_empty() {
        return false;
    }
    let runs: Vec<usize> = (0..text.len()).map(|from| longest_run(&text[from..])).collect();
    let there: Vec<&[char]> =
        words.iter().map(Vec::as_slice).filter(|word| text.windows(word.len()).any(|part| part == *word)).collect();
    covers(text, &runs, &[])
        || (0..there.len()).any(|one| (one..there.len()).any(|other| covers(text, &runs, &[there[one], there[other]])))
}

/// Whether these words, and runs of three keys and more, cover a text from end to end. `runs`: how long the run is that begins at each place.
fn covers(text: &[char], runs: &[usize], words: &[&[char]]) -> bool {
    let mut reached = vec![false; text.len() + 1];
    reached[0] = true;
    for from in 0..text.len() {
        if !reached[from] {
            continue;
        }
        for word in words.iter().filter(|word| text[from..].starts_with(word)) {
            reached[from + word.len()] = true;
        }
        for length in 3..=runs[from] {
            reached[from + length] = true;
        }
    }
    reached[text.len()]
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
    use super::{WeakPassword, check_password, check_password_beside_factor};

    const AMY: [&str; 3] = ["Amy Okafor", "amy.okafor@northfield.example", "Northfield Training"];

    #[test]
    fn length_is_counted_in_characters() {
        assert_eq!(check_password("fourteen chars", &AMY), Err(WeakPassword::Short));
        assert_eq!(check_password("fifteen letters", &AMY), Ok(()));
        assert_eq!(check_password("ŵyneb yn yr haf", &AMY), Ok(()));
        assert_eq!(check_password("ŵyneb yn yr ha", &AMY), Err(WeakPassword::Short));
    }

    #[test]
    fn eight_characters_are_enough_beside_a_second_factor() {
        assert_eq!(check_password_beside_factor("kettles", &AMY), Err(WeakPassword::ShortBesideFactor));
        for good in ["kettle9x", "tea & jam", "purple kettle sings"] {
            assert_eq!(check_password_beside_factor(good, &AMY), Ok(()), "{good}");
        }
        for weak in ["password", "Jennifer1", "summer2026", "12345678", "okafor12", "Amy.Okafor", "xk3xk3xk3"] {
            assert_eq!(check_password_beside_factor(weak, &AMY), Err(WeakPassword::Guessable), "{weak}");
        }
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
    fn nobody_keeps_a_server_busy_by_what_they_are_called() {
        let known = ["Aaa Aaaa Aaaaa Aaaaaa", "aaa@aaaa.example", "Northfield Training"];
        let password = "a".repeat(50) + "bzqpm";
        assert_eq!(check_password(&password, &known), Ok(()));
        let names: Vec<String> = (3..60).map(|length| "ab".repeat(length)).collect();
        assert_eq!(check_password(&("ab".repeat(30) + "xcy"), &[&names.join(" ")]), Ok(()));
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
