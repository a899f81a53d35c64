//! Texts of GIFT as plain text.

use super::{
    html::read_html,
    markdown::read_markdown,
    syntax::{Format, Text},
};
use crate::content::{Code, Report, seen};

/// A text as plain paragraphs, each in one line; a warning says what of its formatting is lost.
pub(super) fn paragraphs(text: &Text, report: &mut Report<'_>) -> Vec<String> {
    const HELP: &str = "Write it again in what comes out, in Markdown, if it matters.";
    let mut warn = |message: String, help: &str| report.warn(text.at, Code::GiftFormatting, message, help);
    let paragraphs: Vec<String> = match text.format {
        Format::Html => {
            let (paragraphs, lost) = read_html(&text.text);
            if !lost.is_empty() {
                let lost: Vec<String> = lost.iter().map(|tag| format!("`<{tag}>`")).collect();
                warn(format!("The formatting of this text is not carried: {}.", lost.join(", ")), HELP);
            }
            paragraphs
        }
        Format::Markdown => {
            let (paragraphs, lost) = read_markdown(&text.text);
            if lost {
                warn("The formatting of this text is not carried.".to_owned(), HELP);
            }
            paragraphs
        }
        Format::Moodle | Format::Plain => {
            if text.format == Format::Moodle && !read_html(&text.text).1.is_empty() {
                let message = "This looks like HTML, and is carried letter by letter.".to_owned();
                warn(message, "Write `[html]` before the question if tags are meant.");
            }
            text.text.split('\n').map(str::to_owned).collect()
        }
    };
    paragraphs.iter().map(|paragraph| cleaned(paragraph)).filter(|paragraph| !paragraph.is_empty()).collect()
}

/// A text in one line; empty when there is none. A warning says where line breaks are lost.
pub(super) fn line(text: Option<&Text>, report: &mut Report<'_>) -> String {
    let Some(text) = text else { return String::new() };
    let paragraphs = paragraphs(text, report);
    if paragraphs.len() > 1 && matches!(text.format, Format::Moodle | Format::Plain) {
        let help = "Say it in one line, if it reads badly in what comes out.";
        report.warn(text.at, Code::GiftFormatting, "The line breaks of this text are not carried.", help);
    }
    paragraphs.join(" ")
}

/// A text that is never formatted, in one line; empty when there is none.
pub(super) fn unformatted(text: Option<&Text>) -> String {
    text.map(|text| cleaned(&text.text)).unwrap_or_default()
}

/// Text with single spaces, without control characters, and without two opening braces together, which would mean a fact. Empty
/// when nobody would see anything of it.
fn cleaned(text: &str) -> String {
    if seen(text).is_empty() {
        return String::new();
    }
    let text: String = text.chars().filter(|char| char.is_whitespace() || !char.is_control()).collect();
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").replace("{{", "{ {").replace("{{", "{ {")
}
