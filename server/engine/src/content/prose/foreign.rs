//! Marks that other programs read and this one does not. A reader would see them letter by letter.

use pulldown_cmark::{Event, Tag};

use super::{markdown::Element, writer::Writer};
use crate::content::{problems::Code, text::Run};

/// A mark of another program within text.
struct Foreign {
    /// Where it begins.
    at: usize,
    /// How it begins.
    mark: &'static str,
    message: &'static str,
    help: &'static str,
}

const FOOTNOTE: (&str, &str) = (
    "Footnotes are not read here.",
    "Say it in the sentence or in brackets; where a law or a figure comes from is said by `{{fact:…}}`.",
);

impl Writer<'_, '_> {
    /// Reports marks of other programs within text that stands behind `before`. What was published is left as it is.
    pub(super) fn refuse_foreign(&mut self, run: &Run, before: Option<&Event<'_>>) {
        if self.known.names.is_none() {
            return;
        }
        let begins = match before {
            None | Some(Event::Start(Tag::Paragraph | Tag::Item | Tag::Heading { .. })) => Begins::Block,
            Some(Event::InlineHtml(html)) if html.starts_with("<td") || html.starts_with("<th") => Begins::Block,
            Some(Event::SoftBreak | Event::HardBreak) => Begins::Line,
            _ => Begins::Nothing,
        };
        for Foreign { at, mark, message, help } in foreign(run.text(), begins) {
            let at = run.in_file(at);
            // Behind a backslash, or as an entity, it is meant as it stands there.
            if self.report.line_from(at).starts_with(mark) && !self.report.is_escaped(at) {
                self.report.error(at, Code::ForeignMarkdown, message, help);
            }
        }
    }

    /// Whether a link is what is left of a footnote whose text is one word.
    pub(super) fn is_footnote(&self, link: &Element<'_>) -> bool {
        self.known.names.is_some() && self.plain(&link.children).starts_with('^')
    }

    pub(super) fn refuse_footnote(&mut self, at: usize) {
        self.report.error(at, Code::ForeignMarkdown, FOOTNOTE.0, FOOTNOTE.1);
    }
}

/// What a text begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Begins {
    Block,
    Line,
    Nothing,
}

/// The marks in a text, in the order of their places.
fn foreign(text: &str, begins: Begins) -> Vec<Foreign> {
    let mut found = Vec::new();
    let trimmed = text.trim_start();
    let start = text.len() - trimmed.len();
    let is_word = |rest: &str| rest.trim_start().starts_with(char::is_alphabetic);
    if begins != Begins::Nothing {
        let mut add = |mark, message, help| found.push(Foreign { at: start, mark, message, help });
        if trimmed.starts_with(":::") {
            add(
                ":::",
                "`:::` begins a box elsewhere, and nothing here.",
                "Write a call-out: a line `> [!NOTE]`, and the text below it on lines that begin with `> `.",
            );
        }
        for mark in ["!!!", "???"] {
            if trimmed
                .strip_prefix(mark)
                .is_some_and(|rest| rest.starts_with([' ', '+']) && is_word(rest.trim_start_matches('+')))
            {
                add(
                    mark,
                    "This begins a box elsewhere, and nothing here.",
                    "Write a call-out: a line `> [!NOTE]`, and the text below it on lines that begin with `> `.",
                );
            }
        }
        if ["[TOC]", "[[TOC]]", "[[_TOC_]]"].contains(&trimmed.trim_end()) {
            add("[", "A list of contents is not made here.", "Take it out: readers see all pages of a module at once.");
        }
        if begins == Begins::Block
            && trimmed.starts_with('|')
            && trimmed.trim_end().ends_with('|')
            && trimmed.trim_end().len() > 1
        {
            add(
                "|",
                "This is not read as a table.",
                "Below the headings there is a line such as `| --- | --- |`, with as many cells as they have, and before them an \
                 empty line.",
            );
        }
    }
    for (at, _) in text.match_indices('[').filter(|(at, _)| text[at + 1..].starts_with('^')) {
        if text[at + 2..]
            .split_once(']')
            .is_some_and(|(name, _)| !name.is_empty() && !name.contains(char::is_whitespace))
        {
            found.push(Foreign { at, mark: "[^", message: FOOTNOTE.0, help: FOOTNOTE.1 });
        }
    }
    for (at, _) in text.match_indices('{') {
        let inner = text[at + 1..].split_once('}').map_or("", |(inner, _)| inner);
        let inner = inner.strip_prefix(':').map_or(inner, str::trim_start);
        if inner.strip_prefix(['#', '.']).is_some_and(|name| name.starts_with(char::is_alphanumeric)) {
            found.push(Foreign {
                at,
                mark: "{",
                message: "Ids and classes in braces are not read here.",
                help: "Take it out: headings get their ids by themselves, and how things look is the stylesheet's.",
            });
        }
    }
    found.sort_by_key(|foreign| foreign.at);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_found_and_what_only_looks_like_them_is_not() {
        let found = |text| {
            foreign(text, Begins::Block).into_iter().map(|foreign| (foreign.at, foreign.mark)).collect::<Vec<_>>()
        };
        assert_eq!(found("A word[^1] and [^note], {#id} and {: .wide}"), [(6, "[^"), (15, "[^"), (24, "{"), (34, "{")]);
        for (text, mark) in
            [("::: tip", ":::"), ("!!! note", "!!!"), ("???+ more", "???"), ("[TOC]", "["), ("| a | b |", "|")]
        {
            assert_eq!(found(text), [(0, mark)], "{text}");
        }
        for text in
            ["{{fact:a}}", "!!!", "Stop!!! Now", "???", "{ #a }", "{.}", "x^[2]", "[^ ]", "|", "a | b |", "::", "{1}"]
        {
            assert_eq!(found(text), [], "{text}");
        }
    }
}
