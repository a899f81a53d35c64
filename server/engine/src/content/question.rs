//! One question of a quiz: its heading, its comment, and the ways in which it is asked.

use std::mem::discriminant;

use pulldown_cmark::{HeadingLevel, Tag};

use super::{
    about_question::{About, Asked, COMMENT_HELP, read_about},
    code::Code,
    comment::read_comment,
    markdown::{Element, Node},
    prose::Writer,
    short_text::is_answer,
    wording::{Parts, read_parts},
};
use crate::catalogue::{Form, Question, Wording};

/// Reads a question from its heading and what follows, up to the next one. `None` when it has an error, and then the
/// report says which.
pub(super) fn read_question(
    heading: &Element<'_>,
    rest: &[Node<'_>],
    asked: &mut Asked<'_>,
    writer: &mut Writer<'_, '_>,
) -> Option<Question> {
    if writer.plain(&heading.children).is_empty() {
        let help = "Write the question after the `## `.";
        writer.report.error(heading.at, Code::QuestionWithoutStem, "This question asks nothing.", help);
    }
    let stem = writer.inline(&heading.children);
    let (comment, rest) = match rest.split_first() {
        Some((Node::Html(html), rest)) => {
            let comment = read_comment(html);
            if comment.is_none() {
                writer.report.error(html.in_file(0), Code::RawHtml, "Raw HTML cannot be used.", COMMENT_HELP);
            }
            (comment, rest)
        }
        _ => (None, rest),
    };
    let about = read_about(heading.at, comment, asked, writer.report);
    let own_end = rest.iter().position(|node| is_variant(node, writer)).unwrap_or(rest.len());
    let (own, variants) = rest.split_at(own_end);
    let Parts { body, form, why } = read_parts(heading.at, own, writer);
    if let Some(form) = &form {
        check_settings(&about, form, writer);
    }
    let first = form.map(|form| Wording { stem, body, form, why });
    let mut wordings = Vec::new();
    for wording in read_variants(first.as_ref(), variants, writer) {
        wordings.extend(wording);
    }
    wordings.insert(0, first?);
    Some(Question {
        id: about.id?,
        page: about.page?,
        weight: about.weight.unwrap_or(1),
        pool: about.pool,
        partial: about.partial.is_some(),
        fixed_order: about.fixed_order.is_some(),
        wordings,
    })
}

/// Reports settings that a question of this form has no use for.
fn check_settings(about: &About, form: &Form, writer: &mut Writer<'_, '_>) {
    if let Some(at) = about.partial
        && !matches!(form, Form::Several(_) | Form::Order(_) | Form::Match(_))
    {
        let message = format!("A question that asks for {} has no parts to be marked.", asks_for(form));
        let help = "Take `marking` out; it is for several right answers, putting in order and matching.";
        writer.report.error(at, Code::MarkingNotHere, message, help);
    }
    if let Some(at) = about.fixed_order
        && !matches!(form, Form::One(_) | Form::Several(_) | Form::TrueFalse(_))
    {
        let message = format!("A question that asks for {} has no options to keep in order.", asks_for(form));
        writer.report.error(at, Code::OrderNotHere, message, "Take `order` out.");
    }
}

/// The variants of a question. `first` is how the question itself is asked; none when that has an error.
fn read_variants(first: Option<&Wording>, nodes: &[Node<'_>], writer: &mut Writer<'_, '_>) -> Vec<Option<Wording>> {
    const MOST: usize = 3;
    let sections: Vec<_> = nodes.chunk_by(|_, next| !is_variant(next, writer)).collect();
    if let Some([surplus, ..]) = sections.get(MOST) {
        let help = format!("Keep at most {MOST}, and make a question of its own from what is left.");
        writer.report.error(surplus.at(), Code::TooManyVariants, "This question has too many variants.", help);
    }
    sections.into_iter().map(|section| read_variant(first, section, writer)).collect()
}

/// Reads a variant: another stem, then another body, form and reason. The stem with the body, and the reason, are the
/// question's where the variant has none of its own.
fn read_variant(first: Option<&Wording>, section: &[Node<'_>], writer: &mut Writer<'_, '_>) -> Option<Wording> {
    let (heading, rest) = section.split_first()?;
    let (stem, rest) = match rest.split_first() {
        Some((Node::Element(paragraph), rest))
            if paragraph.tag == Tag::Paragraph && !is_answer(&paragraph.children, writer) =>
        {
            (Some(writer.inline(&paragraph.children)), rest)
        }
        _ => (None, rest),
    };
    let Parts { body, form, why } = read_parts(heading.at(), rest, writer);
    let (first, form) = (first?, form?);
    if discriminant(&form) != discriminant(&first.form) {
        let message = format!("This asks for {}, but its question for {}.", asks_for(&form), asks_for(&first.form));
        let help = "Ask for the same in both, or make it a question of its own.";
        writer.report.error(heading.at(), Code::VariantOfAnotherForm, message, help);
        return None;
    }
    let (stem, body) = match stem {
        Some(stem) => (stem, body),
        None if body.is_empty() => (first.stem.clone(), first.body.clone()),
        None => (first.stem.clone(), body),
    };
    let why = if why.is_empty() { first.why.clone() } else { why };
    Some(Wording { stem, body, form, why })
}

fn is_variant(node: &Node<'_>, writer: &Writer<'_, '_>) -> bool {
    matches!(
        node,
        Node::Element(Element { tag: Tag::Heading { level: HeadingLevel::H3, .. }, children, .. })
            if writer.plain(children) == "Variant"
    )
}

/// What a form asks for, in words.
fn asks_for(form: &Form) -> &'static str {
    match form {
        Form::One(_) => "one answer",
        Form::Several(_) => "several answers",
        Form::TrueFalse(_) => "true or false",
        Form::Order(_) => "an order",
        Form::Match(_) => "pairs",
        Form::Text(_) => "a short text",
    }
}
