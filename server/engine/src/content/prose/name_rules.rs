//! Words for what each provider settles in its own way, such as who hears a concern about somebody who works there.

use super::writer::Writer;
use crate::{
    catalogue::Language,
    content::{problems::Code, text::Run},
};

/// Words for people whom another provider calls something else.
const WORDS: [&str; 7] = [
    "chair of governors",
    "the chair",
    "the chief executive",
    "the head",
    "the managing director",
    "the principal",
    "the vice principal",
];

/// What makes somebody of "the head": else it is a head of something, or of a body.
const OF_ALL: [&str; 5] = ["the organisation", "the college", "the centre", "the company", "our organisation"];

impl Writer<'_, '_> {
    /// Warns of words that are true at one provider and not at the next: they have their place in `organisation.toml`.
    pub(super) fn name_rules(&mut self, run: &Run) {
        if self.known.names.is_none() || self.folder.language() != Language::ENGLISH {
            return;
        }
        for (at, words) in in_words(run.text()) {
            let message = format!("`{words}` may be called otherwise, or be somebody else, at another organisation.");
            let help = "Put a `[[rule]]` of `organisation.toml` in its place, such as `{{fact:our-head}}`.";
            self.report.warn(run.in_file(at), Code::RuleInWords, message, help);
        }
    }
}

/// Such words in a text, each with its place.
fn in_words(text: &str) -> Vec<(usize, &'static str)> {
    let is_part = |sign: Option<char>| sign.is_some_and(|sign| sign.is_alphanumeric() || sign == '-');
    let stands_at = |rest: &str| {
        WORDS.iter().copied().find(|words| {
            let Some(after) = behind(rest, words) else { return false };
            let of_something_else = *words == "the head"
                && behind(after, " of ").is_some_and(|of| OF_ALL.iter().all(|all| behind(of, all).is_none()));
            !is_part(after.chars().next()) && !of_something_else
        })
    };
    // No byte of these stands within another character.
    let may_begin = text
        .as_bytes()
        .windows(2)
        .enumerate()
        .filter(|(_, pair)| matches!(pair[0], b'c' | b'C' | b't' | b'T') && matches!(pair[1], b'h' | b'H'));
    let mut found = Vec::new();
    for (at, _) in may_begin {
        if !is_part(text[..at].chars().next_back()) {
            found.extend(stands_at(&text[at..]).map(|words| (at, words)));
        }
    }
    found
}

/// What follows words with which a text begins, whatever their case. `None`: it begins otherwise.
fn behind<'t>(text: &'t str, words: &str) -> Option<&'t str> {
    let (begins, after) = text.split_at_checked(words.len())?;
    begins.eq_ignore_ascii_case(words).then_some(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whom_another_provider_calls_otherwise_is_found_and_other_heads_are_not() {
        let said = "The head of the organisation hears it, or the principal. Tell the head. Not the head of IT, the \
                    head-set, anybody's head or the heading.";
        let said: Vec<_> = in_words(said).into_iter().map(|(at, words)| (&said[at..at + 3], words)).collect();
        assert_eq!(said, [("The", "the head"), ("the", "the principal"), ("the", "the head")]);
        assert_eq!(in_words("ÉThe head, é-the head: THE HEAD"), [(25, "the head")]);
        let looked_at = WORDS.iter().all(|words| ["ch", "th"].iter().any(|begins| words.starts_with(begins)));
        assert!(looked_at, "a text is looked at where these begin");
    }
}
