//! Quotation marks and apostrophes as they are printed: authors type straight ones, which every keyboard has.

use crate::catalogue::Language;

/// Text with curly marks in place of straight ones, in languages that write them as English does; elsewhere as it is. `before` is the
/// character that it follows within its paragraph. `None`: it begins one.
pub(super) fn curly(text: &str, before: Option<char>, language: Language) -> String {
    // Most lines have no mark at all, and pages are printed often.
    if !text.contains('"') && !text.contains('\'') || !["en", "cy"].contains(&language.code()) {
        return text.to_owned();
    }
    let mut printed = String::with_capacity(text.len() + 8);
    let mut copied = 0;
    for (at, mark) in text.match_indices(['"', '\'']) {
        printed.push_str(&text[copied..at]);
        copied = at + mark.len();
        let before = printed.chars().next_back().or(before);
        let opens = before.is_none_or(|before| before.is_whitespace() || "([{–—/“‘".contains(before));
        // What is left out at the beginning of a word or a year is an apostrophe: '90s.
        let left_out = text[copied..].starts_with(|next: char| next.is_ascii_digit());
        printed.push(match mark {
            "\"" if opens => '“',
            "\"" => '”',
            _ if opens && !left_out => '‘',
            _ => '’',
        });
    }
    printed.push_str(&text[copied..]);
    printed
}

/// A line that stands by itself (a title, the name of a service) as it is printed, in that language.
pub fn printed(line: &str, language: Language) -> String {
    curly(line, None, language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_printed_as_they_are_meant() {
        let printed = |text: &str| curly(text, None, Language::ENGLISH);
        assert_eq!(printed(r#""Don't," she says."#), "“Don’t,” she says.");
        assert_eq!(
            printed(r#"He says: "It's 'just banter'" ("really")."#),
            "He says: “It’s ‘just banter’” (“really”)."
        );
        assert_eq!(printed("the learners' app, and the '90s"), "the learners’ app, and the ’90s");
        assert_eq!(curly(r#"" and on"#, Some('o'), Language::ENGLISH), "” and on");
    }

    #[test]
    fn other_languages_have_marks_of_their_own() {
        let german = Language::new("de").unwrap_or(Language::ENGLISH);
        assert_ne!(german, Language::ENGLISH);
        assert_eq!(curly("\"so\"", None, german), "\"so\"");
    }
}
