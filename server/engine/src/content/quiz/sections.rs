//! Where questions, their comments and their variants begin and end.

use pulldown_cmark::{HeadingLevel, Tag};

use super::about_question::COMMENT_HELP;
use crate::content::{
    fields::{Placed, read_comment},
    problems::{Code, Report},
    prose::{Element, Node, Writer},
    text::Run,
};

/// The parts of a question below its heading.
pub(crate) struct Sections<'n, 'a> {
    html: Option<&'n Run>,
    /// How it is asked first, without the heading.
    pub(crate) own: &'n [Node<'a>],
    /// Each with its heading.
    pub(crate) variants: Vec<&'n [Node<'a>]>,
}

impl<'n, 'a> Sections<'n, 'a> {
    pub(crate) fn of(rest: &'n [Node<'a>], writer: &Writer<'_, '_>) -> Self {
        let (html, rest) = match rest.split_first() {
            Some((Node::Html(html), rest)) => (Some(html), rest),
            _ => (None, rest),
        };
        let own_end = rest.iter().position(|node| is_variant(node, writer)).unwrap_or(rest.len());
        let (own, variants) = rest.split_at(own_end);
        Self { html, own, variants: variants.chunk_by(|_, next| !is_variant(next, writer)).collect() }
    }

    /// What the comment below the heading says. `None` when there is none.
    pub(crate) fn comment(&self, report: &mut Report<'_>) -> Option<Vec<(Placed<String>, Placed<String>)>> {
        let html = self.html?;
        let comment = read_comment(html);
        if comment.is_none() {
            report.error(html.in_file(0), Code::RawHtml, "Raw HTML cannot be used.", COMMENT_HELP);
        }
        comment
    }
}

/// Leaves out what authors say to each other: comments that begin with `note:`.
pub(crate) fn without_notes(nodes: Vec<Node<'_>>) -> Vec<Node<'_>> {
    let is_note = |node: &Node<'_>| match node {
        Node::Html(html) => {
            read_comment(html).is_some_and(|entries| entries.first().is_some_and(|(key, _)| key.value == "note"))
        }
        _ => false,
    };
    nodes.into_iter().filter(|node| !is_note(node)).collect()
}

pub(crate) fn is_question(node: &Node<'_>) -> bool {
    matches!(node, Node::Element(Element { tag: Tag::Heading { level: HeadingLevel::H2, .. }, .. }))
}

/// Whether a paragraph begins with a word in bold.
pub(super) fn begins_strong(nodes: &[Node<'_>], word: &str, writer: &Writer<'_, '_>) -> bool {
    matches!(
        nodes.first(),
        Some(Node::Element(Element { tag: Tag::Strong, children, .. })) if writer.plain(children) == word
    )
}

fn is_variant(node: &Node<'_>, writer: &Writer<'_, '_>) -> bool {
    matches!(
        node,
        Node::Element(Element { tag: Tag::Heading { level: HeadingLevel::H3, .. }, children, .. })
            if writer.plain(children) == "Variant"
    )
}
