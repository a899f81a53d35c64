use std::fmt::Write as _;

use engine::{
    SignedIn,
    catalogue::Language,
    content::{printed, printed_with_numbers},
};

/// "one", "one and two", "one, two and three".
pub fn listed(things: &[String]) -> String {
    match things {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// By what somebody was signed in, as a signature has it.
pub fn signed_in_by(method: &str) -> String {
    match method {
        SignedIn::WITH_SIGN_ON => "An account of the organisation (single sign-on)".to_owned(),
        SignedIn::WITH_PASSKEY => "A passkey".to_owned(),
        SignedIn::WITH_CODE => "Email, password and a code".to_owned(),
        other => format!("Email and {other}"),
    }
}

/// A text as a value in the query of an address.
pub fn in_query(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte) {
            written.push(char::from(byte));
        } else {
            // What is written into a `String` is written.
            let _ = write!(written, "%{byte:02X}");
        }
    }
    written
}

/// A title within a sentence.
pub fn lower_first(title: &str) -> String {
    let mut letters = title.chars();
    letters.next().map(|first| first.to_lowercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}

/// Words at the beginning of a sentence.
pub fn upper_first(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}

/// A line of the engine's own language as it is printed, with curly marks for those that every keyboard has.
pub fn in_print(line: &str) -> String {
    printed(line, Language::ENGLISH)
}

/// The same as HTML, with its numbers to be called and texted.
pub fn with_numbers(line: &str) -> String {
    printed_with_numbers(line, Language::ENGLISH)
}
