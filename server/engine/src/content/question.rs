//! One question of a quiz: its heading, its comment, its body, its options and the reason.

use std::collections::BTreeSet;

use model::{PageSlug, QuestionId};
use pulldown_cmark::{HeadingLevel, Tag};

use super::{
    choices::read_choices,
    comment::read_comment,
    item::items,
    markdown::{Element, Node},
    nearest::did_you_mean,
    problem::Report,
    prose::Writer,
    record::{NAME_HELP, Placed},
};
use crate::catalogue::{Form, Question, Wording};

/// Reads a question from its heading and what follows, up to the next one. `None` when it has an error, and then the
/// report says which. `ids` holds the ids of the questions before it.
pub(super) fn read_question(
    heading: &Element<'_>,
    rest: &[Node<'_>],
    pages: &[PageSlug],
    ids: &mut BTreeSet<QuestionId>,
    writer: &mut Writer<'_, '_>,
) -> Option<Question> {
    if writer.plain(&heading.children).is_empty() {
        let help = "Write the question after the `## `.";
        writer.report.error(heading.at, "question-without-stem", "This question asks nothing.", help);
    }
    let stem = writer.inline(&heading.children);
    let (comment, rest) = match rest.split_first() {
        Some((Node::Html(html), rest)) => {
            let comment = read_comment(html);
            if comment.is_none() {
                writer.report.error(html.in_file(0), "raw-html", "Raw HTML cannot be used.", COMMENT_HELP);
            }
            (comment, rest)
        }
        _ => (None, rest),
    };
    let About { id, page, weight, fixed_order } = read_about(heading.at, comment, pages, ids, writer.report);
    let (body, form, why) = read_parts(heading.at, rest, writer);
    let wordings = vec![Wording { stem, body, form: form?, why }];
    Some(Question {
        id: id?,
        page: page?,
        weight: weight?,
        pool: None,
        partial: false,
        fixed_order: fixed_order?,
        wordings,
    })
}

struct About {
    id: Option<QuestionId>,
    page: Option<PageSlug>,
    weight: Option<u32>,
    fixed_order: Option<bool>,
}

const COMMENT_HELP: &str = "Write below the heading: `<!-- id: kebab-id; page: page-slug -->`.";

fn read_about(
    heading_at: usize,
    comment: Option<Vec<(Placed<String>, Placed<String>)>>,
    pages: &[PageSlug],
    ids: &mut BTreeSet<QuestionId>,
    report: &mut Report<'_>,
) -> About {
    const KEYS: [&str; 4] = ["id", "page", "weight", "order"];
    let mut about = About { id: None, page: None, weight: Some(1), fixed_order: Some(false) };
    let mut seen = BTreeSet::new();
    for (key, value) in comment.unwrap_or_default() {
        if !seen.insert(key.value.clone()) {
            let help = "Keep one of the two.";
            report.error(key.at, "duplicate-key", format!("`{}` is here twice.", key.value), help);
            continue;
        }
        match key.value.as_str() {
            "id" => about.id = read_id(&value, ids, report),
            "page" => about.page = read_page(&value, pages, report),
            "weight" => about.weight = read_weight(&value, report),
            "order" => about.fixed_order = read_order(&value, report),
            "pool" | "marking" => unsupported(key.at, &format!("`{}`", key.value), report),
            unknown => {
                let otherwise = "Take it out; what may stand here is `id`, `page`, `weight` and `order`.";
                let help = did_you_mean(unknown, KEYS, otherwise);
                report.error(key.at, "unknown-key", format!("`{unknown}` is not a key that is known here."), help);
            }
        }
    }
    if !seen.contains("id") {
        report.error(heading_at, "missing-question-id", "This question has no id.", COMMENT_HELP);
    }
    if !seen.contains("page") {
        let message = "This question does not name the page that teaches it.";
        report.error(heading_at, "missing-question-page", message, COMMENT_HELP);
    }
    about
}

fn read_id(value: &Placed<String>, ids: &mut BTreeSet<QuestionId>, report: &mut Report<'_>) -> Option<QuestionId> {
    let Ok(id) = QuestionId::new(value.value.as_str()) else {
        report.error(value.at, "bad-question-id", format!("`{}` cannot be an id.", value.value), NAME_HELP);
        return None;
    };
    if !ids.insert(id.clone()) {
        let help = "Give each question of the module an id of its own.";
        report.error(value.at, "duplicate-question-id", format!("Another question has the id `{id}` already."), help);
        return None;
    }
    Some(id)
}

fn read_page(value: &Placed<String>, pages: &[PageSlug], report: &mut Report<'_>) -> Option<PageSlug> {
    let page = pages.iter().find(|page| page.as_str() == value.value);
    if page.is_none() {
        let otherwise = "Write the page's file name without its number and `.md`.";
        let help = did_you_mean(&value.value, pages.iter().map(PageSlug::as_str), otherwise);
        report.error(value.at, "unknown-page", format!("There is no page `{}` in this module.", value.value), help);
    }
    page.cloned()
}

fn read_weight(value: &Placed<String>, report: &mut Report<'_>) -> Option<u32> {
    let weight = value.value.parse().ok().filter(|weight| (1..=10).contains(weight));
    if weight.is_none() {
        let message = format!("`{}` cannot be a weight.", value.value);
        report.error(value.at, "out-of-range", message, "Write a whole number from 1 to 10.");
    }
    weight
}

fn read_order(value: &Placed<String>, report: &mut Report<'_>) -> Option<bool> {
    if value.value == "fixed" {
        return Some(true);
    }
    let help = "Write `order: fixed`, or leave it out and the options are shuffled.";
    report.error(value.at, "unknown-order", format!("`{}` is not an order.", value.value), help);
    None
}

/// The body, how it is answered, and the reason.
fn read_parts(at: usize, nodes: &[Node<'_>], writer: &mut Writer<'_, '_>) -> (String, Option<Form>, String) {
    if refuse_other_forms(nodes, writer) {
        return (String::new(), None, String::new());
    }
    let with_boxes =
        |node: &Node<'_>| list(node).is_some_and(|list| items(list).iter().any(|item| item.ticked.is_some()));
    let Some(place) = nodes.iter().position(with_boxes) else {
        if let Some(ordered) = nodes.iter().find(|node| list(node).is_some_and(|list| list.tag != Tag::List(None))) {
            unsupported(ordered.at(), "putting things in order", writer.report);
        } else {
            let help = "Write a list below the question, each option with a box: `1. [ ] …` or `- [ ] …`.";
            writer.report.error(at, "no-options", "This question has no options.", help);
        }
        return (String::new(), None, String::new());
    };
    let body = writer.blocks(&nodes[..place]);
    let form = list(&nodes[place]).and_then(|list| read_choices(list, writer));
    let why = read_why(&nodes[place + 1..], writer);
    (body, form, why)
}

/// Reports forms of questions that are to come, so that none of them is taken for another one.
fn refuse_other_forms(nodes: &[Node<'_>], writer: &mut Writer<'_, '_>) -> bool {
    for node in nodes {
        let Node::Element(element) = node else { continue };
        match &element.tag {
            Tag::Table(_) => unsupported(element.at, "matching", writer.report),
            Tag::Paragraph if begins_strong(&element.children, "Answer:", writer) => {
                unsupported(element.at, "a short text as an answer", writer.report);
            }
            Tag::Heading { level: HeadingLevel::H3, .. } if writer.plain(&element.children) == "Variant" => {
                unsupported(element.at, "another variant of a question", writer.report);
            }
            _ => continue,
        }
        return true;
    }
    false
}

fn unsupported(at: usize, what: &str, report: &mut Report<'_>) {
    let message = format!("Quizzes cannot have this yet: {what}.");
    let help = "Ask for one right answer (a numbered list), several (a bulleted list), or true or false.";
    report.error(at, "unsupported-question-form", message, help);
}

/// The block quote `> **Why:** …` below the options, as HTML; empty when there is none.
fn read_why(nodes: &[Node<'_>], writer: &mut Writer<'_, '_>) -> String {
    const HELP: &str = "Below the options stands nothing but one quotation that begins with `> **Why:** `.";
    let (why, surplus) = match nodes.split_first() {
        Some((Node::Element(quote), rest)) if is_why(quote, writer) => (writer.blocks(&quote.children), rest),
        _ => (String::new(), nodes),
    };
    if let Some(node) = surplus.first() {
        writer.report.error(node.at(), "text-after-options", "This cannot stand below the options.", HELP);
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

fn begins_strong(nodes: &[Node<'_>], word: &str, writer: &Writer<'_, '_>) -> bool {
    matches!(
        nodes.first(),
        Some(Node::Element(Element { tag: Tag::Strong, children, .. })) if writer.plain(children) == word
    )
}

fn list<'t, 'a>(node: &'t Node<'a>) -> Option<&'t Element<'a>> {
    match node {
        Node::Element(element) if matches!(element.tag, Tag::List(_)) => Some(element),
        _ => None,
    }
}
