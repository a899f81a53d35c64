//! Tables.

use pulldown_cmark::{Alignment, Event, Tag};

use super::{
    markdown::{Element, Node},
    writer::{Spot, Writer},
};
use crate::content::text::escaped;

impl Writer<'_, '_> {
    /// Writes a table within a region that can be scrolled with the keyboard.
    pub(super) fn table<'a>(&mut self, element: &Element<'a>, inner: Spot, out: &mut Vec<Event<'a>>) {
        let mut headers = Vec::new();
        for row in elements(&element.children).filter(|row| matches!(row.tag, Tag::TableHead)) {
            headers.extend(elements(&row.children).map(|cell| self.plain(&cell.children)));
        }
        headers.retain(|header| !header.is_empty());
        let label = if headers.is_empty() { "Table".to_owned() } else { format!("Table: {}", headers.join(", ")) };
        let label = escaped(&self.label(label));
        let open = format!("<div class=\"table\" tabindex=\"0\" role=\"region\" aria-label=\"{label}\">\n");
        out.push(Event::Html(open.into()));
        // The alignment goes into classes, because the content security policy forbids inline styles.
        let alignments = match &element.tag {
            Tag::Table(alignments) => alignments.as_slice(),
            _ => &[],
        };
        out.push(Event::Start(Tag::Table(Vec::new())));
        for row in elements(&element.children) {
            out.push(Event::Start(row.tag.clone()));
            for (index, cell) in elements(&row.children).enumerate() {
                let head = matches!(row.tag, Tag::TableHead) && !self.plain(&cell.children).is_empty();
                let class = match alignments.get(index) {
                    Some(Alignment::Center) => " class=\"align-centre\"",
                    Some(Alignment::Right) => " class=\"align-right\"",
                    _ => "",
                };
                let (open, close) = if head {
                    (format!("<th scope=\"col\"{class}>"), "</th>")
                } else {
                    (format!("<td{class}>"), "</td>")
                };
                out.push(Event::InlineHtml(open.into()));
                self.nodes(&cell.children, inner, out);
                out.push(Event::InlineHtml(close.into()));
            }
            out.push(Event::End(row.tag.to_end()));
        }
        out.push(Event::End(element.tag.to_end()));
        out.push(Event::Html("</div>\n".into()));
    }
}

/// Whether a row says more than the table has columns for; Markdown leaves the rest of such a row out.
pub(crate) fn has_too_many_cells(row: &Element<'_>, columns: usize, writer: &Writer<'_, '_>) -> bool {
    let line = writer.report.line_from(row.at).trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let mut escaped = false;
    let bars = line.chars().filter(|&char| {
        let bar = char == '|' && !escaped;
        escaped = char == '\\' && !escaped;
        bar
    });
    let closed = line.ends_with('|') && !line.ends_with("\\|");
    bars.count() + usize::from(!closed) > columns
}

pub(crate) fn elements<'t, 'a>(nodes: &'t [Node<'a>]) -> impl Iterator<Item = &'t Element<'a>> {
    nodes.iter().filter_map(|node| match node {
        Node::Element(element) => Some(element),
        _ => None,
    })
}
