//! What is said of what somebody typed that cannot be used: in one place, so that every form says it alike.

use chrono::NaiveDate;
use engine::{TextFault, count};

/// How a day is written, for whoever wrote none.
const AS_A_DAY: &str = "Write it as 3 September 2026 or 03/09/2026.";

/// A day that somebody typed, or what is wrong with it, in words that name its field by `label`. `missing`: what is said where nothing was typed.
///
/// # Errors
/// The words.
pub fn typed_day(typed: &str, label: &str, missing: &str) -> Result<NaiveDate, String> {
    if typed.trim().is_empty() {
        return Err(missing.to_owned());
    }
    engine::typed_day(typed).ok_or_else(|| no_day(typed, label))
}

/// That what was typed into the field of this label is no day.
pub fn no_day(typed: &str, label: &str) -> String {
    let shown: String = typed.trim().chars().take(40).collect();
    format!("{label}: “{shown}” is no day. {AS_A_DAY}")
}

/// What is wrong with a text that somebody typed, and what to do about it. `missing`: what is said where nothing can be read in it.
pub fn text_words(fault: TextFault, missing: &str) -> String {
    match fault {
        TextFault::Empty => missing.to_owned(),
        TextFault::TooLong { most, over } => {
            format!(
                "Make it shorter: it has {} too many. There is room for {most}",
                count(over, "character", "characters")
            )
        }
        TextFault::Control('\n' | '\r' | '\u{2028}' | '\u{2029}') => "Write it on one line".to_owned(),
        TextFault::Invisible(_) | TextFault::Control(_) => {
            "There is a character in it that nobody can see. Type it again by hand".to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_that_is_none_is_said_with_its_field() {
        let day = |typed: &str| typed_day(typed, "Start", "Choose the day on which it starts");
        assert_eq!(day("03/09/2026").map(|day| day.to_string()).as_deref(), Ok("2026-09-03"));
        assert_eq!(day(" ").unwrap_err(), "Choose the day on which it starts");
        assert_eq!(day(" foo ").unwrap_err(), "Start: “foo” is no day. Write it as 3 September 2026 or 03/09/2026.");
        assert!(day(&"x".repeat(900)).unwrap_err().len() < 200);
    }

    #[test]
    fn a_text_that_is_too_long_says_by_how_much() {
        let words = |over| text_words(TextFault::TooLong { most: 500, over }, "Say why");
        assert_eq!(words(12), "Make it shorter: it has 12 characters too many. There is room for 500");
        assert_eq!(words(1), "Make it shorter: it has 1 character too many. There is room for 500");
        assert_eq!(text_words(TextFault::Empty, "Say why"), "Say why");
        assert_eq!(text_words(TextFault::Control('\n'), "Say why"), "Write it on one line");
    }
}
