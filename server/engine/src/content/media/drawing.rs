//! Drawings: SVG files beside the pages of a module, put into the page itself.
//!
//! Nothing of such a file gets through that is not on the lists here, so that no script, no style and no address can stand
//! in it. What it looks like in light and dark is the stylesheet's: a drawing names classes and `currentColor`.

use std::collections::BTreeMap;

use roxmltree::{Document, Node};

use crate::content::{
    problems::{Code, Report},
    text::{did_you_mean, escaped, offset_of},
};

/// The drawings of a module by their file names. `None` for one that has an error.
pub(crate) type Drawings<'f> = BTreeMap<&'f str, Option<Drawing>>;

/// A drawing that is safe to put into a page.
#[derive(Clone, Debug)]
pub(crate) struct Drawing {
    /// What stands in the opening tag.
    attributes: String,
    inner: String,
    /// Whether it says of itself that it shows nothing that a reader must know.
    pub(crate) is_decoration: bool,
}

impl Drawing {
    /// Its HTML, with what somebody who does not see it is told; without that it is hidden from them.
    pub(crate) fn html(&self, alternative: &str) -> String {
        let Self { attributes, inner, .. } = self;
        let heard = if alternative.is_empty() {
            "aria-hidden=\"true\"".to_owned()
        } else {
            format!("role=\"img\" aria-label=\"{}\"", escaped(alternative))
        };
        format!("<svg{attributes} {heard}>{inner}</svg>")
    }
}

/// Whether a file of a module is a drawing.
pub(crate) fn is_drawing(file: &str) -> bool {
    file.ends_with(".svg")
}

/// Reads an SVG file. `None` when it has an error, and then the report says which.
pub(crate) fn read_drawing(text: &str, report: &mut Report<'_>) -> Option<Drawing> {
    const MOST_BYTES: usize = 64 * 1024;
    if text.len() > MOST_BYTES {
        let help =
            format!("Make it simpler: at most {MOST_BYTES} bytes, because it is sent with every page that shows it.");
        report.error(0, Code::DrawingTooLarge, "This drawing is too large.", help);
        return None;
    }
    let document = match Document::parse(text) {
        Ok(document) => document,
        Err(error) => {
            let place = error.pos();
            let reason = error.to_string();
            let reason = reason.strip_suffix(&format!(" at {place}")).unwrap_or(&reason);
            let help = "Save it as plain SVG, without a document type.";
            report.error(
                offset_of(text, place.row.into(), place.col.into()),
                Code::BadDrawing,
                format!("This is not XML: {reason}."),
                help,
            );
            return None;
        }
    };
    let errors = report.error_count();
    let root = document.root_element();
    if root.tag_name().name() != "svg" || root.tag_name().namespace() != Some(SVG) {
        let help = format!("Begin it with `<svg xmlns=\"{SVG}\" viewBox=\"…\">`.");
        report.error(root.range().start, Code::BadDrawing, "This is not an SVG drawing.", help);
        return None;
    }
    if root.attribute("viewBox").is_none() {
        let help =
            "Give its `<svg>` a `viewBox`, such as `viewBox=\"0 0 320 180\"`: it is drawn to the width of the page.";
        report.error(
            root.range().start,
            Code::DrawingWithoutViewBox,
            "This drawing does not say how large it is.",
            help,
        );
    }
    let mut writer = Writer { report, out: String::new() };
    let mut attributes = writer.attributes(root);
    let classes = root.attribute("class").unwrap_or_default();
    let own = if classes.is_empty() { String::new() } else { format!(" {}", escaped(classes)) };
    attributes.push_str(&format!(" class=\"drawing{own}\""));
    writer.children(root, 1);
    let inner = writer.out;
    let is_decoration = classes.split_whitespace().any(|class| class == "decoration");
    (report.error_count() == errors).then_some(Drawing { attributes, inner, is_decoration })
}

const SVG: &str = "http://www.w3.org/2000/svg";

/// What may stand in a drawing, each with what only it can have.
const ELEMENTS: [(&str, &[&str]); 13] = [
    ("svg", &["viewBox", "width", "height", "preserveAspectRatio", "version"]),
    ("g", &[]),
    ("path", &["d"]),
    ("circle", &["cx", "cy", "r"]),
    ("ellipse", &["cx", "cy", "rx", "ry"]),
    ("line", &["x1", "x2", "y1", "y2"]),
    ("rect", &["height", "rx", "ry", "width", "x", "y"]),
    ("polyline", &["points"]),
    ("polygon", &["points"]),
    ("text", &TEXT),
    ("tspan", &TEXT),
    ("title", &[]),
    ("desc", &[]),
];
const TEXT: [&str; 8] = ["dominant-baseline", "dx", "dy", "font-size", "font-weight", "text-anchor", "x", "y"];
/// What every element can have.
const COMMON: [&str; 14] = [
    "class",
    "fill",
    "fill-opacity",
    "fill-rule",
    "opacity",
    "stroke",
    "stroke-dasharray",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-miterlimit",
    "stroke-opacity",
    "stroke-width",
    "transform",
    "vector-effect",
];

struct Writer<'w, 'r> {
    report: &'w mut Report<'r>,
    out: String,
}

impl Writer<'_, '_> {
    fn children(&mut self, parent: Node<'_, '_>, depth: usize) {
        const DEEPEST: usize = 24;
        if depth > DEEPEST {
            let help = "Use fewer groups within groups.";
            self.report.error(parent.range().start, Code::TooDeep, "This is nested too deeply.", help);
            return;
        }
        let holds_text = matches!(parent.tag_name().name(), "text" | "tspan");
        for node in parent.children() {
            if node.is_element() {
                self.element(node, depth);
            } else if holds_text && let Some(text) = node.text().filter(|_| node.is_text()) {
                if text.contains("{{") {
                    let help = "Write the fact into the page, beside the drawing.";
                    let message = "A fact cannot be put in place within a drawing.";
                    self.report.error(node.range().start, Code::FactNotHere, message, help);
                }
                self.out.push_str(&escaped(text));
            }
        }
    }

    fn element(&mut self, node: Node<'_, '_>, depth: usize) {
        let name = node.tag_name().name();
        let known = ELEMENTS.iter().skip(1).any(|(element, _)| *element == name);
        if !known || node.tag_name().namespace() != Some(SVG) {
            let names = ELEMENTS.iter().skip(1).map(|(element, _)| *element);
            let otherwise = "Take it out; shapes, `<g>` and `<text>` are what a drawing can have.";
            let help = did_you_mean(name, names, otherwise);
            let message = format!("`<{name}>` cannot be used in a drawing.");
            self.report.error(node.range().start, Code::DrawingElement, message, help);
            return;
        }
        // Its title would be shown in a bubble, and what stands in the page is what readers hear.
        if matches!(name, "title" | "desc") {
            return;
        }
        let attributes = self.attributes(node);
        self.out.push_str(&format!("<{name}{attributes}"));
        if let Some(classes) = node.attribute("class") {
            self.out.push_str(&format!(" class=\"{}\"", escaped(classes)));
        }
        self.out.push('>');
        self.children(node, depth + 1);
        self.out.push_str(&format!("</{name}>"));
    }

    /// The attributes but for the classes, each with a space before it.
    fn attributes(&mut self, node: Node<'_, '_>) -> String {
        let own = ELEMENTS.iter().find(|(element, _)| *element == node.tag_name().name());
        let own = own.map_or(&[] as &[&str], |(_, attributes)| attributes);
        let mut written = String::new();
        for attribute in node.attributes() {
            let (name, value, at) = (attribute.name(), attribute.value(), attribute.range().start);
            let known = own.iter().chain(&COMMON).any(|known| *known == name) && attribute.namespace().is_none();
            if !known {
                let otherwise = "Take it out; the stylesheet gives a drawing its looks through `class`.";
                let help = did_you_mean(name, own.iter().chain(&COMMON).copied(), otherwise);
                let message = format!("`{name}` cannot be used on `<{}>`.", node.tag_name().name());
                self.report.error(at, Code::DrawingAttribute, message, help);
                continue;
            }
            if !is_plain(value) {
                let help = "Write numbers, names and the letters of paths only, and no `url(…)`.";
                let message = format!("The value of `{name}` cannot be used.");
                self.report.error(at, Code::DrawingValue, message, help);
                continue;
            }
            if matches!(name, "fill" | "stroke") && !matches!(value.trim(), "none" | "currentColor") {
                let help = "Write `currentColor`, `none` or a `class`, so that it can be seen in light and in dark.";
                let message = format!("`{}` is the same colour in light and in dark.", value.trim());
                self.report.warn(at, Code::DrawingColour, message, help);
            }
            let hundreds = || value.trim().parse::<u32>().is_ok_and(|weight| (1..=9).any(|step| weight == step * 100));
            if name == "font-weight" && !matches!(value.trim(), "normal" | "bold") && !hundreds() {
                let message = format!("`{}` is no weight of letters that a drawing can have.", value.trim());
                self.report.warn(at, Code::DrawingValue, message, "Write `400` or `700`.");
            }
            if !matches!(name, "class" | "version") {
                written.push_str(&format!(" {name}=\"{}\"", escaped(value)));
            }
        }
        written
    }
}

/// Whether a value is made of what numbers, names, paths and transformations need; no address can be written with that.
fn is_plain(value: &str) -> bool {
    let plain = |char: char| char.is_ascii_alphanumeric() || char.is_ascii_whitespace() || ".,+-()%#_".contains(char);
    value.chars().all(plain) && !value.to_ascii_lowercase().contains("url(")
}
