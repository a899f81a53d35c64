//! A block to what it says.

use super::{
    answers::read_answers,
    blocks::{Block, blocks},
    sign::{Sign, begins_with, find, split_once, trimmed},
    syntax::{Answers, Category, Format, GiftQuestion, Item, Text},
};
use crate::content::{Code, Report};

/// Parses a file, whose lines end in LF. What cannot be read is reported, and what follows the next blank line is read again.
pub(super) fn parse(text: &str, report: &mut Report<'_>) -> Vec<Item> {
    blocks(text).into_iter().flat_map(|block| parse_block(block, report)).collect()
}

/// A block says one thing, but a category may be followed by a question without a blank line between them.
pub(super) fn parse_block(block: Block, report: &mut Report<'_>) -> Vec<Item> {
    const CATEGORY: &str = "$CATEGORY:";
    let mut items = Vec::new();
    let mut signs = trimmed(&block.signs);
    while begins_with(signs, CATEGORY) {
        let at = signs.first().map_or(0, |sign| sign.at);
        let end = find(signs, "\n").unwrap_or(signs.len());
        let path: String = signs[CATEGORY.len()..end].iter().map(|sign| sign.char).collect();
        items.push(Item::Category(Category { at, path: path.trim().to_owned() }));
        signs = trimmed(&signs[end..]);
    }
    if !signs.is_empty() {
        items.push(match parse_question(signs, block.notes, report) {
            Some(question) => Item::Question(Box::new(question)),
            None => Item::Broken,
        });
    }
    items
}

fn parse_question(signs: &[Sign], mut notes: Vec<String>, report: &mut Report<'_>) -> Option<GiftQuestion> {
    const MARK: &str = "::";
    let at = signs.first()?.at;
    let (title, signs) = match begins_with(signs, MARK) {
        false => (None, signs),
        true => {
            let Some((title, rest)) = split_once(&signs[MARK.len()..], MARK) else {
                let help = "Write `::` behind the title too.";
                report.error(at, Code::GiftSyntax, "This title does not end, so the question is left out.", help);
                return None;
            };
            (Some(title.iter().map(|sign| sign.char).collect()), rest)
        }
    };
    let Parts { before, braces, after } = parts(signs, report)?;
    let after = without_comment(after, &mut notes);
    let (after, outside) = without_feedback(after, braces.is_some());
    let gap = braces.is_some() && !trimmed(after).is_empty();
    let stem = match braces {
        Some(Braces { at, .. }) if gap => {
            const LINE: [char; 5] = ['_'; 5];
            let line = LINE.map(|char| Sign { at, char, escaped: true });
            Text::read(&[before, line.as_slice(), after].concat(), Format::Moodle)
        }
        _ => Text::read(before, Format::Moodle),
    };
    let format = stem.as_ref().map_or(Format::Moodle, |stem| stem.format);
    let (answers, feedback) = match braces {
        Some(braces) => read_answers(braces.inner, braces.at, format, report)?,
        None => (Answers::Description, None),
    };
    let outside = outside.and_then(|signs| Text::read(signs, format));
    let feedback = match (feedback, outside) {
        (None, Some(outside)) => {
            let message = "This stands behind the braces, where Moodle takes it for a part of the question. It is carried as \
                           feedback for everybody.";
            report.warn(outside.at, Code::GiftFeedback, message, "Move it into the braces: `{F #### Why it is so.}`.");
            Some(outside)
        }
        (Some(feedback), Some(outside)) => {
            let message = "This stands behind the braces, in which there is feedback already, so it is not carried.";
            report.warn(outside.at, Code::GiftFeedback, message, "Move it into the braces if it matters.");
            Some(feedback)
        }
        (feedback, None) => feedback,
    };
    Some(GiftQuestion { at, notes, title, stem, answers, feedback })
}

/// What stands behind the braces without the feedback in it, and that feedback. In the stem it would give the answer away.
fn without_feedback(after: &[Sign], has_braces: bool) -> (&[Sign], Option<&[Sign]>) {
    let at_once = || split_once(after, "#").filter(|(text, _)| trimmed(text).is_empty());
    match split_once(after, "####").or_else(at_once).filter(|_| has_braces) {
        Some((text, feedback)) => (text, Some(feedback)),
        None => (after, None),
    }
}

struct Parts<'s> {
    before: &'s [Sign],
    braces: Option<Braces<'s>>,
    after: &'s [Sign],
}

struct Braces<'s> {
    at: usize,
    inner: &'s [Sign],
}

/// What stands before, in and after the braces.
fn parts<'s>(signs: &'s [Sign], report: &mut Report<'_>) -> Option<Parts<'s>> {
    let mut braces = (0..signs.len()).filter(|&place| signs[place].is('{') || signs[place].is('}'));
    let (Some(open), close, third) = (braces.next(), braces.next(), braces.next()) else {
        return Some(Parts { before: signs, braces: None, after: &[] });
    };
    let mut refuse = |place: usize, message: &str, help: &str| {
        report.error(signs[place].at, Code::GiftSyntax, format!("{message}, so the question is left out."), help);
    };
    let Some(close) = close.filter(|_| signs[open].is('{')) else {
        if signs[open].is('{') {
            let help = "Write `}` behind the last answer, and no blank line before it.";
            refuse(open, "The answers that begin here do not end", help);
        } else {
            let help = "Write `{` before the first answer, and no blank line after it; a brace that is text needs a backslash: `\\}`.";
            refuse(open, "No answers begin before this brace", help);
        }
        return None;
    };
    if signs[close].is('{') {
        let help = "End the answers before it with `}`; a brace that is text needs a backslash: `\\{`.";
        refuse(close, "This brace stands within other braces", help);
        return None;
    }
    if let Some(third) = third {
        let help = "Make two questions of it, with a blank line between them; a brace that is text needs a backslash.";
        refuse(third, "The answers have ended before this brace", help);
        return None;
    }
    let inner = &signs[open + 1..close];
    let braces = Some(Braces { at: signs[open].at, inner });
    Some(Parts { before: &signs[..open], braces, after: &signs[close + 1..] })
}

/// What stands behind the braces, without a comment on the same line, which goes to the notes.
fn without_comment<'s>(after: &'s [Sign], notes: &mut Vec<String>) -> &'s [Sign] {
    let text = trimmed(after);
    if !begins_with(text, "//") {
        return after;
    }
    let end = find(text, "\n").unwrap_or(text.len());
    let note: String = text[..end].iter().skip(2).map(|sign| sign.char).collect();
    notes.extend(Some(note.trim()).filter(|note| !note.is_empty()).map(str::to_owned));
    &text[end..]
}
