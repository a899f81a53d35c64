//! Tables.

use pulldown_cmark::{Alignment, Event, Tag};

use super::{
    curly::curly,
    markdown::{Element, Node},
    own_words::OwnWords,
    writer::{Spot, Writer},
};
use crate::content::{problems::Code, text::escaped};

impl Writer<'_, '_> {
    /// Writes a table within what can be scrolled with the keyboard. Its first column says what each row is about.
    pub(super) fn table<'a>(&mut self, element: &Element<'a>, inner: Spot, out: &mut Vec<Event<'a>>) {
        /// So many columns have one or two words a line on a phone, where each row becomes a card whose cells say what their column is.
        const WIDE: usize = 4;
        let mut headers = Vec::new();
        for row in elements(&element.children).filter(|row| matches!(row.tag, Tag::TableHead)) {
            headers.extend(elements(&row.children).map(|cell| self.plain(&cell.children)));
        }
        let columns: Vec<String> =
            headers.iter().map(|header| escaped(&curly(header, None, self.folder.language()))).collect();
        headers.retain(|header| !header.is_empty());
        let word = OwnWords::of(self.folder.language()).0.table;
        let label = if headers.is_empty() { word.to_owned() } else { format!("{word}: {}", headers.join(", ")) };
        let label = escaped(&self.label(label));
        let open = format!("<div class=\"table\" tabindex=\"0\" role=\"group\" aria-label=\"{label}\">\n");
        out.push(Event::Html(open.into()));
        // The alignment goes into classes, because the content security policy forbids inline styles.
        let alignments = match &element.tag {
            Tag::Table(alignments) => alignments.as_slice(),
            _ => &[],
        };
        let is_wide = alignments.len() >= WIDE;
        out.push(if is_wide {
            Event::Html("<table class=\"cards\">".into())
        } else {
            Event::Start(Tag::Table(Vec::new()))
        });
        for row in elements(&element.children) {
            refuse_surplus_cells(row, alignments.len(), self, Code::TableCells);
            out.push(Event::Start(row.tag.clone()));
            for (index, cell) in elements(&row.children).enumerate() {
                let says = !self.plain(&cell.children).is_empty();
                let scope = match row.tag {
                    Tag::TableHead if says => Some("col"),
                    Tag::TableRow if says && index == 0 => Some("row"),
                    _ => None,
                };
                let class = match alignments.get(index) {
                    Some(Alignment::Center) => " class=\"align-centre\"",
                    Some(Alignment::Right) => " class=\"align-right\"",
                    _ => "",
                };
                let column = columns.get(index).filter(|column| is_wide && !column.is_empty());
                let label = column.map(|column| format!(" data-label=\"{column}\"")).unwrap_or_default();
                let (open, close) = match scope {
                    Some(scope) => (format!("<th scope=\"{scope}\"{class}>"), "</th>"),
                    None => (format!("<td{class}{label}>"), "</td>"),
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

/// Reports a row that says more than the table has columns for, which Markdown leaves out in silence, and one in which a `|`
/// cuts what was meant as code.
pub(crate) fn refuse_surplus_cells(row: &Element<'_>, columns: usize, writer: &mut Writer<'_, '_>, code: Code) {
    if writer.known.names.is_none() {
        return;
    }
    let line = writer.report.line_from(row.at).trim_end();
    let begin = line.len() - line.trim_start().strip_prefix('|').unwrap_or(line.trim_start()).len();
    let mut cells = 1;
    let mut ticks_in_cell = 0;
    let mut surplus = None;
    let mut cut = None;
    let mut escaped = false;
    for (at, sign) in line.char_indices().filter(|(at, _)| *at >= begin) {
        if sign == '|' && !escaped {
            if ticks_in_cell % 2 == 1 {
                cut = cut.or(Some(at));
            }
            ticks_in_cell = 0;
            // The last one only closes the row.
            if at + 1 < line.len() {
                cells += 1;
                surplus = surplus.or((cells > columns).then_some(at));
            }
        }
        ticks_in_cell += usize::from(sign == '`' && !escaped);
        escaped = sign == '\\' && !escaped;
    }
    let row_at = row.at;
    if let Some(at) = cut {
        let help = "Put a backslash before the `|`: in a table it ends the cell, within code too.";
        writer.report.error(row_at + at, code, "This `|` cuts what is meant as code in two.", help);
    } else if let Some(at) = surplus {
        let kept = if columns == 1 { "one cell".to_owned() } else { format!("{columns} cells") };
        let help = format!("Keep {kept}; a `|` within a cell needs a backslash before it.");
        writer.report.error(row_at + at, code, "This row has more cells than the table has columns.", help);
    }
}

pub(crate) fn elements<'t, 'a>(nodes: &'t [Node<'a>]) -> impl Iterator<Item = &'t Element<'a>> {
    nodes.iter().filter_map(|node| match node {
        Node::Element(element) => Some(element),
        _ => None,
    })
}
