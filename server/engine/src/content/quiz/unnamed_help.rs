//! Help that a question sends people to, and nobody by name.

use std::iter;

use super::sections::Sections;
use crate::{
    catalogue::Language,
    content::{
        problems::Code,
        prose::{Element, Node, Writer},
    },
};

/// Warns of a question that speaks of the help page, or of a helpline, and names no service: whoever needs one just then should not have to
/// look for it. Only English is understood.
pub(super) fn warn_of_unnamed_help(heading: &Element<'_>, sections: &Sections<'_, '_>, writer: &mut Writer<'_, '_>) {
    if writer.known.names.is_none() || writer.language() != Language::ENGLISH {
        return;
    }
    let mut said = String::new();
    let below = iter::once(sections.own).chain(sections.variants.iter().copied());
    for nodes in iter::once(heading.children.as_slice()).chain(below) {
        add(nodes, writer, &mut said);
    }
    let lower = said.to_lowercase();
    let sends = ["help page", "a helpline", "helplines"].into_iter().find(|words| lower.contains(words));
    if let Some(words) = sends.filter(|_| !writer.names_a_service(&said)) {
        let message = format!("This question speaks of `{words}`, and names nobody who is there.");
        let help = "Name a service in a feedback or in `> **Why:**`, such as `{{fact:samaritans}}`.";
        writer.report.warn(heading.at, Code::UnnamedHelp, message, help);
    }
}

/// Adds what stands in nodes, with blanks between, so that no words run together.
fn add(nodes: &[Node<'_>], writer: &Writer<'_, '_>, said: &mut String) {
    for node in nodes {
        match node {
            Node::Element(element) => add(&element.children, writer, said),
            _ => said.push_str(&writer.plain(std::slice::from_ref(node))),
        }
        said.push(' ');
    }
}
