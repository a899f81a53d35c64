//! Headings within a page, with the ids that links can lead to.

use pulldown_cmark::{Event, HeadingLevel, Tag};

use super::{
    markdown::Element,
    writer::{Kind, Spot, Writer},
};
use crate::content::problems::Code;

impl Writer<'_, '_> {
    /// Writes a heading of level 2 or 3.
    pub(super) fn heading<'a>(
        &mut self,
        element: &Element<'a>,
        level: HeadingLevel,
        spot: Spot,
        out: &mut Vec<Event<'a>>,
    ) {
        let Element { tag, at, children } = element;
        if !spot.top || self.kind == Kind::Quiz {
            let help = "Move it out of the list or quotation, or make it a paragraph.";
            self.report.error(*at, Code::HeadingNotHere, "A heading cannot stand here.", help);
            return;
        }
        if !matches!(level, HeadingLevel::H2 | HeadingLevel::H3) {
            let help = "Begin it with `## ` or `### `.";
            self.report.error(
                *at,
                Code::HeadingLevel,
                format!("A heading of level {} is not used.", level as u8),
                help,
            );
            return;
        }
        let id = self.heading_id(&self.plain(children));
        let mut tag = tag.clone();
        if let Tag::Heading { id: place, .. } = &mut tag {
            *place = Some(id.into());
        }
        let end = tag.to_end();
        out.push(Event::Start(tag));
        self.nodes(children, Spot { top: false, notes: false, links: false }, out);
        out.push(Event::End(end));
    }

    fn heading_id(&mut self, text: &str) -> String {
        let mut id = String::new();
        for char in text.chars().flat_map(char::to_lowercase) {
            if char.is_ascii_alphanumeric() {
                id.push(char);
            } else if !id.is_empty() && !id.ends_with('-') && !matches!(char, '\'' | '’') {
                id.push('-');
            }
        }
        let id = id.trim_end_matches('-');
        // The notes of facts have ids of their own.
        let id = if id.is_empty() || id.starts_with("fact-") { format!("section-{id}") } else { id.to_owned() };
        let id = id.trim_end_matches('-').to_owned();
        // Ids are only ever added, so that what is taken now is taken the next time, and need not be tried again.
        let mut count = self.page.heading_counts.get(&id).copied().unwrap_or(1);
        let mut unique = if count == 1 { id.clone() } else { format!("{id}-{count}") };
        while !self.page.heading_ids.insert(unique.clone()) {
            count += 1;
            unique = format!("{id}-{count}");
        }
        self.page.heading_counts.insert(id, count);
        unique
    }
}
