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
    let lower = text.to_ascii_lowercase();
    let is_part = |sign: Option<char>| sign.is_some_and(|sign| sign.is_alphanumeric() || sign == '-');
    let stands_at = |at: usize| {
        let rest = &lower[at..];
        WORDS.iter().copied().find(|words| {
            let Some(after) = rest.strip_prefix(words) else { return false };
            let of_something_else = after
                .strip_prefix(" of ")
                .is_some_and(|of| *words == "the head" && !OF_ALL.iter().any(|all| of.starts_with(all)));
            !is_part(after.chars().next()) && !of_something_else
        })
    };
    let mut before = None;
    let mut found = Vec::new();
    for (at, sign) in lower.char_indices() {
        if matches!(sign, 'c' | 't') && !is_part(before) {
            found.extend(stands_at(at).map(|words| (at, words)));
        }
        before = Some(sign);
    }
    found
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
        assert!(WORDS.iter().all(|words| words.starts_with(['c', 't'])), "a text is looked at where these begin");
    }
}
