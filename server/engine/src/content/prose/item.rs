//! An item of a list in its parts.

use pulldown_cmark::{Event, Tag};

use super::markdown::{Element, Node};

/// An item: what its line says, and what stands below that line.
pub(crate) struct Item<'t, 'a> {
    pub(crate) at: usize,
    /// Whether its box is ticked. `None` when it has no box.
    pub(crate) ticked: Option<bool>,
    /// Its line, which may be wrapped.
    pub(crate) line: &'t [Node<'a>],
    /// What follows the line.
    pub(crate) rest: &'t [Node<'a>],
}

/// The items of a list.
pub(crate) fn items<'t, 'a>(list: &'t Element<'a>) -> Vec<Item<'t, 'a>> {
    list.children
        .iter()
        .filter_map(|node| match node {
            Node::Element(element) if matches!(element.tag, Tag::Item) => Some(item(element)),
            _ => None,
        })
        .collect()
}

fn item<'t, 'a>(element: &'t Element<'a>) -> Item<'t, 'a> {
    let mut ticked = None;
    let children = without_box(&element.children, &mut ticked);
    // A list with blank lines between its items has paragraphs in them, one without has not.
    let (line, rest) = match children.split_first() {
        Some((Node::Element(Element { tag: Tag::Paragraph, children, .. }), rest)) => (children.as_slice(), rest),
        _ => {
            let end = children.iter().position(|node| !node.is_inline()).unwrap_or(children.len());
            children.split_at(end)
        }
    };
    Item { at: element.at, line: without_box(line, &mut ticked), rest, ticked }
}

fn without_box<'t, 'a>(nodes: &'t [Node<'a>], ticked: &mut Option<bool>) -> &'t [Node<'a>] {
    match nodes.split_first() {
        Some((Node::Leaf(Event::TaskListMarker(tick), _), rest)) => {
            *ticked = Some(*tick);
            rest
        }
        _ => nodes,
    }
}
