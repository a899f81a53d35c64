//! Markdown to a small tree whose nodes know where they stand in their file.

use std::{mem, ops::Range};

use pulldown_cmark::{Event, Options, Parser, Tag};

use crate::content::{
    problems::{Code, Report},
    text::Run,
};

/// A node of the tree.
#[derive(Debug)]
pub(crate) enum Node<'a> {
    /// Something with a beginning and an end; HTML blocks are not among them.
    Element(Element<'a>),
    /// Text, joined although the parser gives it in pieces.
    Text(Run),
    /// Raw HTML, a whole block or one tag or comment within a line.
    Html(Run),
    /// What stands alone: code, a line break, a rule, the box of a task.
    Leaf(Event<'a>, usize),
}

/// Something with a beginning and an end.
#[derive(Debug)]
pub(crate) struct Element<'a> {
    pub(crate) tag: Tag<'a>,
    pub(crate) at: usize,
    pub(crate) children: Vec<Node<'a>>,
}

impl Node<'_> {
    /// Where it begins in its file.
    pub(crate) fn at(&self) -> usize {
        match self {
            Self::Element(element) => element.at,
            Self::Text(run) | Self::Html(run) => run.in_file(0),
            Self::Leaf(_, at) => *at,
        }
    }

    /// Whether it stands within a line.
    pub(crate) fn is_inline(&self) -> bool {
        match self {
            Self::Text(_) | Self::Html(_) => true,
            Self::Leaf(event, _) => !matches!(event, Event::Rule),
            Self::Element(Element { tag, .. }) => {
                matches!(tag, Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. })
            }
        }
    }
}

/// Elements within elements beyond this depth are an error; it keeps every walk over the tree shallow.
const DEEPEST: usize = 24;

/// Parses Markdown. What is nested too deeply is reported and left out.
pub(crate) fn parse<'a>(markdown: &'a Run, report: &mut Report<'_>) -> Vec<Node<'a>> {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_GFM;
    let mut builder = Builder { markdown, open: Vec::new(), nodes: Vec::new(), skipped: 0 };
    for (event, range) in Parser::new_ext(markdown.text(), options).into_offset_iter() {
        builder.take(event, range, report);
    }
    while !builder.open.is_empty() {
        builder.close();
    }
    builder.nodes
}

struct Builder<'a> {
    markdown: &'a Run,
    /// The elements that have begun, each with the nodes that stand before it in its parent.
    open: Vec<(Tag<'a>, usize, Vec<Node<'a>>)>,
    /// The nodes of the innermost open element so far.
    nodes: Vec<Node<'a>>,
    /// How many elements are open beyond the deepest.
    skipped: usize,
}

impl<'a> Builder<'a> {
    fn take(&mut self, event: Event<'a>, range: Range<usize>, report: &mut Report<'_>) {
        let at = self.markdown.in_file(range.start);
        match event {
            Event::Start(_) if self.skipped > 0 => self.skipped += 1,
            Event::Start(_) if self.open.len() >= DEEPEST => {
                self.skipped = 1;
                let help = "Use fewer levels of lists and quotations.";
                report.error(at, Code::TooDeep, "This is nested too deeply.", help);
            }
            Event::Start(tag) => self.open.push((tag, at, mem::take(&mut self.nodes))),
            Event::End(_) if self.skipped > 0 => self.skipped -= 1,
            Event::End(_) => self.close(),
            _ if self.skipped > 0 => {}
            Event::Text(text) if !self.is_in_html() => {
                let file = self.in_file(&range);
                if let Some(Node::Text(run)) = self.nodes.last_mut() {
                    run.push(&text, file);
                } else {
                    self.nodes.push(Node::Text(run_of(&text, file)));
                }
            }
            // An HTML block comes line by line, and the spaces before it come as text.
            Event::Html(html) | Event::Text(html) => {
                let file = self.in_file(&range);
                if let Some(Node::Html(run)) = self.nodes.last_mut() {
                    run.push(&html, file);
                } else {
                    self.nodes.push(Node::Html(run_of(&html, file)));
                }
            }
            Event::InlineHtml(html) => {
                let file = self.in_file(&range);
                self.nodes.push(Node::Html(run_of(&html, file)));
            }
            leaf => self.nodes.push(Node::Leaf(leaf, at)),
        }
    }

    fn close(&mut self) {
        let Some((tag, at, before)) = self.open.pop() else { return };
        let children = mem::replace(&mut self.nodes, before);
        match tag {
            Tag::HtmlBlock => self.nodes.extend(children),
            tag => self.nodes.push(Node::Element(Element { tag, at, children })),
        }
    }

    fn is_in_html(&self) -> bool {
        matches!(self.open.last(), Some((Tag::HtmlBlock, ..)))
    }

    fn in_file(&self, range: &Range<usize>) -> Range<usize> {
        let start = self.markdown.in_file(range.start);
        // The end is found from the last character, because the next one may stand elsewhere in the file.
        let end = range.end.checked_sub(1).map_or(start, |last| self.markdown.in_file(last) + 1);
        start..end.max(start)
    }
}

fn run_of(text: &str, file: Range<usize>) -> Run {
    let mut run = Run::default();
    run.push(text, file);
    run
}
