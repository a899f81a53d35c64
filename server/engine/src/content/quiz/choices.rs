//! The options of a question.

use std::collections::BTreeSet;

use pulldown_cmark::{Event, Tag};

use super::truth::TruthWords;
use crate::catalogue::{Choice, QuestionForm};
use crate::content::{
    fields::{NAME_HELP, is_name, read_comment},
    problems::Code,
    prose::{Element, Item, Node, Writer, items},
    text::Run,
};

/// As many as there are letters to name them by.
pub(crate) const MOST_OPTIONS: usize = 26;

/// Reads a list of options. `None` when it has an error, and then the report says which.
pub(super) fn read_choices(list: &Element<'_>, writer: &mut Writer<'_, '_>) -> Option<QuestionForm> {
    let errors = writer.report.error_count();
    let items = items(list);
    if items.len() < 2 {
        let help = "Write at least one more option.";
        writer.report.error(list.at, Code::TooFewOptions, "A question needs at least two options.", help);
    }
    if items.len() > MOST_OPTIONS {
        let help = format!("Keep at most {MOST_OPTIONS} options.");
        writer.report.error(list.at, Code::TooManyOptions, "This question has too many options.", help);
    }
    let texts: Vec<String> = items.iter().map(|item| writer.plain(item.line)).collect();
    let mut seen = BTreeSet::new();
    for (item, text) in items.iter().zip(&texts) {
        if !text.is_empty() && !seen.insert(text) {
            let help = "Take one of the two out, or say something else.";
            writer.report.error(item.at, Code::DuplicateOption, "Another option says the same.", help);
        }
    }
    let form = form(list, &items, &texts, writer);
    let mut choices = Vec::new();
    for item in &items {
        choices.extend(read_choice(item, writer));
    }
    if !matches!(form, Some(Shape::TrueFalse)) {
        warn_of_length(&items, &texts, writer);
    }
    if writer.report.error_count() > errors {
        return None;
    }
    form.map(|form| match form {
        Shape::One => QuestionForm::One(choices),
        Shape::Several => QuestionForm::Several(choices),
        Shape::TrueFalse => QuestionForm::TrueFalse(choices),
    })
}

enum Shape {
    One,
    Several,
    TrueFalse,
}

fn form(list: &Element<'_>, items: &[Item<'_, '_>], texts: &[String], writer: &mut Writer<'_, '_>) -> Option<Shape> {
    let numbered = list.tag != Tag::List(None);
    let right = items.iter().filter(|item| item.ticked == Some(true)).count();
    // Without its box an option is neither right nor wrong, which is reported by itself.
    if right == 0 && items.iter().all(|item| item.ticked.is_some()) {
        let help = "Put an x into the box of the right option: `[x]`.";
        writer.report.error(list.at, Code::NoRightAnswer, "This question has no right answer.", help);
    }
    if numbered && right > 1 {
        let help = "Tick one option only, or make it a bulleted list: `- [x] …`.";
        let message = "A numbered list asks for one right answer, and this one has more.";
        writer.report.error(list.at, Code::TwoRightAnswers, message, help);
    }
    let plain = if numbered { Shape::One } else { Shape::Several };
    let Some(words) = TruthWords::of(writer.folder.language()) else { return Some(plain) };
    if !texts.iter().any(|text| words.are_meant_by(text)) {
        return Some(plain);
    }
    let said: Vec<_> = texts.iter().map(|text| words.says(text)).collect();
    if numbered && (said == [Some(true), Some(false)] || said == [Some(false), Some(true)]) {
        return Some(Shape::TrueFalse);
    }
    let message = "This looks like true or false, but is not.";
    writer.report.error(list.at, Code::BadTrueFalse, message, words.help());
    None
}

fn read_choice(item: &Item<'_, '_>, writer: &mut Writer<'_, '_>) -> Option<Choice> {
    let html = writer.inline(item.line);
    let Some(right) = item.ticked else {
        let help = "Begin it with a box: `[ ]`, or `[x]` when it is right.";
        writer.report.error(item.at, Code::OptionWithoutBox, "This option has no box.", help);
        return None;
    };
    if writer.plain(item.line).is_empty() {
        let help = "Write the option after its box.";
        writer.report.error(item.at, Code::OptionWithoutText, "This option says nothing.", help);
    }
    let (feedback, misconception) = match item.rest {
        [] => (String::new(), None),
        [Node::Element(quote)] if matches!(quote.tag, Tag::BlockQuote(None)) => read_feedback(quote, right, writer),
        [Node::Element(Element { tag: Tag::BlockQuote(None), .. }), surplus, ..] | [surplus, ..] => {
            let help = "Keep its line and, below it, one quotation: lines that begin with `> `.";
            writer.report.error(surplus.at(), Code::OptionShape, "An option has one line and one feedback.", help);
            return None;
        }
    };
    if feedback.is_empty() && !right {
        let help = "Say below it, as a quotation, why it is wrong: a line that begins with `> `.";
        writer.report.warn(item.at, Code::OptionWithoutFeedback, "This wrong option has no feedback.", help);
    }
    Some(Choice { html, right, feedback, misconception })
}

/// The feedback without the comment at its end, and what that comment says.
fn read_feedback(quote: &Element<'_>, right: bool, writer: &mut Writer<'_, '_>) -> (String, Option<String>) {
    let (blocks, last) = match quote.children.split_last() {
        // A comment on a line of its own.
        Some((Node::Html(html), blocks)) => return (writer.blocks(blocks), misconception(html, right, writer)),
        // A comment at the end of a line.
        Some((Node::Element(Element { tag: Tag::Paragraph, children, .. }), blocks)) => (blocks, children),
        _ => return (writer.blocks(&quote.children), None),
    };
    let Some((Node::Html(html), line)) = last.split_last() else { return (writer.blocks(&quote.children), None) };
    let misconception = misconception(html, right, writer);
    let line = match line.split_last() {
        Some((Node::Leaf(Event::SoftBreak | Event::HardBreak, _), line)) => line,
        _ => line,
    };
    let mut feedback = writer.blocks(blocks);
    let line = writer.running_line(line);
    if !line.is_empty() {
        feedback.push_str(&format!("<p>{line}</p>\n"));
    }
    (feedback, misconception)
}

fn misconception(html: &Run, right: bool, writer: &mut Writer<'_, '_>) -> Option<String> {
    const HELP: &str = "Write it like this: `<!-- misconception: sharing-as-evidence -->`.";
    let at = html.in_file(0);
    let Some(entries) = read_comment(html) else {
        writer.report.error(at, Code::RawHtml, "Raw HTML cannot be used.", "Say it in Markdown.");
        return None;
    };
    let [(key, value)] = entries.as_slice() else {
        writer.report.error(at, Code::BadMisconception, "This comment does not name one misconception.", HELP);
        return None;
    };
    if key.value != "misconception" {
        let message = format!("`{}` is not a key that is known here.", key.value);
        writer.report.error(key.at, Code::UnknownKey, message, HELP);
        return None;
    }
    if !is_name(&value.value) {
        let message = format!("`{}` cannot name a misconception.", value.value);
        writer.report.error(value.at, Code::BadMisconception, message, NAME_HELP);
        return None;
    }
    if right {
        let help = "Move it to a wrong option, or take it out.";
        writer.report.error(at, Code::MisconceptionOnRightAnswer, "A right answer is no misconception.", help);
        return None;
    }
    Some(value.value.clone())
}

/// Warns when the one right option gives itself away by its length.
fn warn_of_length(items: &[Item<'_, '_>], texts: &[String], writer: &mut Writer<'_, '_>) {
    let length = |text: &String| text.chars().count();
    let right: Vec<_> = items.iter().zip(texts).filter(|(item, _)| item.ticked == Some(true)).collect();
    let [(item, text)] = right.as_slice() else { return };
    let others: Vec<_> =
        items.iter().zip(texts).filter(|(item, _)| item.ticked == Some(false)).map(|(_, text)| length(text)).collect();
    let Some(&longest) = others.iter().max() else { return };
    let right = length(text);
    // More than 1.6 times the mean, in whole numbers.
    if right > longest && 10 * right * others.len() > 16 * others.iter().sum::<usize>() {
        let help = "Shorten it, or make the wrong options as full.";
        writer.report.warn(item.at, Code::RightOptionStandsOut, "The right option is much longer than the rest.", help);
    }
}
