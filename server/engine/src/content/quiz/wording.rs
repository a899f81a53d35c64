//! One way of asking a question, below its stem: the body, what is answered, and the reason.

use pulldown_cmark::Tag;

use super::{
    choices::read_choices,
    order::read_order,
    pairs::read_pairs,
    sections::begins_strong,
    short_text::{is_answer, read_short_text},
};
use crate::catalogue::QuestionForm;
use crate::content::{
    problems::Code,
    prose::{Element, Node, Writer, items, with_own_why},
};

/// What stands below a stem.
pub(super) struct Parts {
    /// As HTML; often empty.
    pub(crate) body: String,
    /// `None` when it has an error.
    pub(crate) form: Option<QuestionForm>,
    /// As HTML; empty when there is none.
    pub(crate) why: String,
}

/// Reads what stands below the stem, which stands at `at`.
pub(super) fn read_parts(at: usize, nodes: &[Node<'_>], writer: &mut Writer<'_, '_>) -> Parts {
    let Some((place, element, ask)) = find_ask(nodes, writer) else {
        let help = "Write below it options with boxes (`1. [ ] …` or `- [ ] …`), a numbered list to be put in order, a table \
                    of pairs, or a line `**Answer:** …`.";
        writer.report.error(at, Code::NoOptions, "This question has no options.", help);
        return Parts { body: String::new(), form: None, why: String::new() };
    };
    let body = writer.blocks(&nodes[..place]);
    let form = match ask {
        Ask::Choices => read_choices(element, writer),
        Ask::Order => read_order(element, writer),
        Ask::Pairs => read_pairs(element, writer),
        Ask::ShortText => read_short_text(element, writer),
    };
    let why = read_why(&nodes[place + 1..], writer);
    Parts { body, form, why }
}

/// What is answered.
#[derive(Clone, Copy)]
pub(super) enum Ask {
    Choices,
    Order,
    Pairs,
    ShortText,
}

/// What is answered, and its place. Only options and short texts say by themselves that they are to be answered; a table
/// or a numbered list may also be part of the body, and then something else follows it.
pub(super) fn find_ask<'t, 'a>(
    nodes: &'t [Node<'a>],
    writer: &Writer<'_, '_>,
) -> Option<(usize, &'t Element<'a>, Ask)> {
    let asks = || {
        nodes.iter().enumerate().filter_map(|(place, node)| match node {
            Node::Element(element) => Some((place, element, ask_of(element, writer)?)),
            _ => None,
        })
    };
    let sure = asks().find(|(_, _, ask)| matches!(ask, Ask::Choices | Ask::ShortText));
    sure.or_else(|| asks().next_back())
}

fn ask_of(element: &Element<'_>, writer: &Writer<'_, '_>) -> Option<Ask> {
    match &element.tag {
        Tag::List(_) if items(element).iter().any(|item| item.ticked.is_some()) => Some(Ask::Choices),
        Tag::List(Some(_)) => Some(Ask::Order),
        Tag::Table(_) => Some(Ask::Pairs),
        Tag::Paragraph if is_answer(&element.children, writer) => Some(Ask::ShortText),
        _ => None,
    }
}

/// The block quote `> **Why:** …` below what is answered, as HTML; empty when there is none.
fn read_why(nodes: &[Node<'_>], writer: &mut Writer<'_, '_>) -> String {
    const HELP: &str = "Below the options stands nothing but one quotation that begins with `> **Why:** `.";
    let (why, surplus) = match nodes.split_first() {
        Some((Node::Element(quote), rest)) if is_why(quote, writer) => {
            (with_own_why(&writer.blocks(&quote.children), writer.language()), rest)
        }
        _ => (String::new(), nodes),
    };
    if let Some(node) = surplus.first() {
        writer.report.error(node.at(), Code::TextAfterOptions, "This cannot stand below the options.", HELP);
    }
    why
}

fn is_why(quote: &Element<'_>, writer: &Writer<'_, '_>) -> bool {
    let first = quote.children.first();
    matches!(quote.tag, Tag::BlockQuote(None))
        && matches!(
            first,
            Some(Node::Element(Element { tag: Tag::Paragraph, children, .. })) if begins_strong(children, "Why:", writer)
        )
}
