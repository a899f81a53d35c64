//! Images within a page.

use pulldown_cmark::{Event, Tag};

use super::{
    clip::names_clip,
    link::Folder,
    markdown::Element,
    writer::{Kind, Writer},
};
use crate::content::{problems::Code, text::did_you_mean};

impl Writer<'_, '_> {
    /// Puts a drawing into the page.
    pub(super) fn image<'a>(&mut self, element: &Element<'a>, out: &mut Vec<Event<'a>>) {
        let Element { tag, at, children } = element;
        let Tag::Image { dest_url, title, .. } = tag else { return };
        let (Kind::Page, Folder::Module { drawings, .. }) = (self.kind, self.folder) else {
            let help = "Move it to a page of a module.";
            return self.report.error(*at, Code::ImageNotHere, "An image cannot stand here.", help);
        };
        if names_clip(element) {
            let help = "Put it into a paragraph of its own, outside lists, quotations and transcripts.";
            return self.report.error(*at, Code::MediaNotAlone, "Video and sound stand alone.", help);
        }
        let file = dest_url.strip_prefix("./").unwrap_or(dest_url);
        if !file.ends_with(".svg") || file.contains('/') {
            let help = "Use an SVG drawing that stands beside the page: `![What it shows](name.svg)`.";
            return self.report.error(*at, Code::ImageNotSupported, "Only drawings of the module can be used.", help);
        }
        if !title.is_empty() {
            let help = "Say it between the square brackets, or in a paragraph below.";
            self.report.error(*at, Code::ImageTitle, "A drawing has no title.", help);
        }
        let Some(drawing) = drawings.get(file) else {
            let otherwise = "Put the file into the module's folder, beside the page.";
            let help = did_you_mean(file, drawings.keys().copied(), otherwise);
            return self.report.error(*at, Code::UnknownImage, format!("There is no drawing `{file}`."), help);
        };
        self.gathered.drawings.insert(file.to_owned());
        // Written for its problems and facts; what is heard is the text alone.
        self.inline(children);
        let alternative = self.plain(children);
        let Some(drawing) = drawing.as_ref().filter(|_| self.has_room_for_image(*at)) else { return };
        if alternative.is_empty() && !drawing.is_decoration {
            let help = "Say between the square brackets what it shows; one that only decorates has `class=\"decoration\"` on \
                        its `<svg>`.";
            self.report.warn(*at, Code::MissingAlt, "Who cannot see this drawing is told nothing.", help);
        }
        out.push(Event::InlineHtml(drawing.html(&alternative).into()));
    }
}
