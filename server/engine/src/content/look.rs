//! The provider's own colour and logo. Nobody gets a page that they cannot read because of them.

use std::collections::BTreeSet;

use roxmltree::{Document, Node};

use super::{
    fields::{Placed, Table},
    problems::{Code, Report},
    source::Sources,
};
use crate::{
    catalogue::{Accent, Colour, ENOUGH, Logo, LogoFormat, Look},
    ground::Sha256Digest,
};

/// A logo comes with every first visit.
const MOST_BYTES: usize = 64 * 1024;

/// Reads `[look]`. What is wrong stays as it is without it, and the report says so.
pub(super) fn read_look(mut table: Table, sources: &Sources, report: &mut Report<'_>) -> Look {
    let before = report.error_count();
    let light = table.optional::<Placed<String>>("accent", report);
    let dark = table.optional::<Placed<String>>("accent_dark", report);
    // Of two colours one of which could not be read, nothing is said of the other.
    let are_read = report.error_count() == before;
    let logo = table.optional::<Placed<String>>("logo", report);
    table.close(report);
    let accent = if are_read { read_accent(light, dark, report) } else { None };
    Look { accent, logo: logo.and_then(|logo| read_logo(&logo, sources, report)) }
}

fn read_accent(light: Option<Placed<String>>, dark: Option<Placed<String>>, report: &mut Report<'_>) -> Option<Accent> {
    let (light, dark) = match (light, dark) {
        (None, None) => return None,
        (None, Some(Placed { at, .. })) => {
            let help = "Write `accent` beside it, the colour in the light.";
            report.error(at, Code::AccentContrast, "There is a colour for the dark, and none for the light.", help);
            return None;
        }
        (Some(light), dark) => {
            let light = read_colour(&light, report);
            // One colour cannot be read on white and on near black; what is missing is told with a colour that would do.
            let dark = dark.map_or_else(|| light.clone(), |dark| read_colour(&dark, report));
            (light, dark)
        }
    };
    let (light, dark) = (light?, dark?);
    let pale = refuse_contrast(&light, "light", Accent::least_in_light, Colour(0, 0, 0), report);
    let deep = refuse_contrast(&dark, "dark", Accent::least_in_dark, Colour(255, 255, 255), report);
    (!pale && !deep).then_some(Accent { light: light.value, dark: dark.value })
}

fn read_colour(written: &Placed<String>, report: &mut Report<'_>) -> Option<Placed<Colour>> {
    let colour = Colour::parse(&written.value);
    if colour.is_none() {
        let help =
            "Write a hash and six digits: red, green and blue, two each, like this: \"#0b5f5b\"; or three, one each.";
        report.error(written.at, Code::BadColour, format!("`{}` is no colour.", written.value), help);
    }
    colour.map(|value| Placed { at: written.at, value })
}

/// Refuses a colour that cannot be read, with the nearest towards black or white that can.
fn refuse_contrast(
    colour: &Placed<Colour>,
    theme: &str,
    least: fn(Colour) -> f64,
    towards: Colour,
    report: &mut Report<'_>,
) -> bool {
    let measured = least(colour.value);
    if measured >= ENOUGH {
        return false;
    }
    let nearest = (1..=100).map(|share| colour.value.mixed(towards, share)).find(|nearer| least(*nearer) >= ENOUGH);
    let key = if theme == "dark" { "accent_dark" } else { "accent" };
    let help = nearest.map_or_else(
        || "Choose another colour.".to_owned(),
        |nearest| format!("The nearest that can be read is `{key} = \"{nearest}\"`, with {:.2} to 1.", least(nearest)),
    );
    // Cut and not rounded, so that 4.499 is not told as 4.50.
    let measured = (measured * 100.0).floor() / 100.0;
    let message = format!(
        "`{}` cannot be read well on {theme} pages: its contrast is {measured:.2} to 1, and text needs 4.5.",
        colour.value
    );
    report.error(colour.at, Code::AccentContrast, message, help);
    true
}

fn read_logo(written: &Placed<String>, sources: &Sources, report: &mut Report<'_>) -> Option<Logo> {
    let Placed { at, value: file } = written;
    let bytes: Option<&[u8]> = match sources.logo(file) {
        Some(bytes) => Some(bytes),
        None => sources.file(file).map(str::as_bytes).filter(|_| is_logo(file) && file.ends_with(".svg")),
    };
    let Some(bytes) = bytes else {
        let help = "Put it beside `organisation.toml`, call it `logo.svg` or `logo.png`, and write its name here.";
        report.error(*at, Code::MissingFile, format!("There is no file `{file}` beside this one."), help);
        return None;
    };
    if bytes.len() > MOST_BYTES {
        let help = format!("Make it simpler or smaller: at most {MOST_BYTES} bytes.");
        report.error(*at, Code::BadLogo, format!("`{file}` has {} bytes, which is too many.", bytes.len()), help);
        return None;
    }
    let read =
        if file.ends_with(".png") { read_png(bytes) } else { str::from_utf8(bytes).map_or(Err(NOT_SVG), read_svg) };
    match read {
        Ok(size) => {
            let format = if file.ends_with(".png") { LogoFormat::Png } else { LogoFormat::Svg };
            if format == LogoFormat::Png {
                let help = "Save it as SVG, too, and name that, if it should also stand there.";
                report.warn(
                    *at,
                    Code::LogoNotOnPaper,
                    "Certificates cannot show a PNG, and keep the door of Induct.",
                    help,
                );
            }
            let mut tag = Sha256Digest::of(bytes).to_string();
            tag.truncate(16);
            Some(Logo { format, size, bytes: bytes.to_vec(), tag })
        }
        Err((message, help)) => {
            report.error(*at, Code::BadLogo, format!("`{file}` {message}"), help);
            None
        }
    }
}

/// Whether a file beside `organisation.toml` is called as a logo is.
fn is_logo(file: &str) -> bool {
    file.starts_with("logo") && !file.contains('/')
}

type Wrong = (&'static str, &'static str);

const NOT_SVG: Wrong = ("is not an SVG drawing.", "Save it as plain SVG, with a `viewBox`, or as PNG.");

/// The size of a PNG, by its first chunk; it must be whole to its last.
fn read_png(bytes: &[u8]) -> Result<(u32, u32), Wrong> {
    const NOT_PNG: Wrong = ("is not a PNG.", "Save it as PNG; to rename a file does not make it one.");
    let head = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").ok_or(NOT_PNG)?;
    if !bytes.ends_with(b"\0\0\0\0IEND\xaeB`\x82") {
        return Err(("is not whole.", "Save it again as PNG."));
    }
    let number = |at: usize| Some(u32::from_be_bytes(head.get(at..at + 4)?.try_into().ok()?));
    let (width, height) = number(0).zip(number(4)).ok_or(NOT_PNG)?;
    if !(32..=2048).contains(&width) || !(32..=2048).contains(&height) || too_long(width, height) {
        return Err(SIZE);
    }
    Ok((width, height))
}

const SIZE: Wrong = (
    "is too small, too large, or too long.",
    "Make it 32 to 2,048 points wide and high, and at most six times as wide as high, and no higher than wide.",
);

fn too_long(width: u32, height: u32) -> bool {
    width > height.saturating_mul(6) || height > width
}

/// What a logo may consist of: shapes with colours of their own. They are what a certificate can draw, and cannot run or load anything.
const SHAPES: [&str; 11] =
    ["svg", "g", "path", "circle", "ellipse", "rect", "line", "polyline", "polygon", "title", "desc"];
const ATTRIBUTES: [&str; 30] = [
    "viewBox",
    "width",
    "height",
    "version",
    "d",
    "cx",
    "cy",
    "r",
    "rx",
    "ry",
    "x",
    "y",
    "x1",
    "x2",
    "y1",
    "y2",
    "points",
    "fill",
    "fill-rule",
    "stroke",
    "stroke-width",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-miterlimit",
    "id",
    "role",
    "aria-label",
    "preserveAspectRatio",
    "baseProfile",
    "xmlns",
];

fn read_svg(text: &str) -> Result<(u32, u32), Wrong> {
    let document = Document::parse(text).map_err(|_| NOT_SVG)?;
    let root = document.root_element();
    if root.tag_name().name() != "svg" {
        return Err(NOT_SVG);
    }
    let shapes: BTreeSet<&str> = SHAPES.into();
    let attributes: BTreeSet<&str> = ATTRIBUTES.into();
    for node in root.descendants().filter(Node::is_element) {
        if !shapes.contains(node.tag_name().name()) {
            return Err((
                "holds something else than plain shapes.",
                "Turn letters into paths, and take out pictures, gradients, styles, scripts and links.",
            ));
        }
        for attribute in node.attributes() {
            if attribute.namespace().is_some() || !attributes.contains(attribute.name()) {
                return Err((
                    "has shapes with more than their form and colour.",
                    "Save it as plain SVG with presentation attributes: without `style`, `class` and `transform`.",
                ));
            }
            let colour = ["fill", "stroke"].contains(&attribute.name());
            if colour && attribute.value() != "none" && Colour::parse(attribute.value()).is_none() {
                return Err((
                    "has a colour that is not written as `#0b5f5b`.",
                    "Write each `fill` and `stroke` so, or as `none`.",
                ));
            }
        }
    }
    let numbers: Option<Vec<f64>> = root.attribute("viewBox").and_then(|numbers| {
        let parts = numbers.split([' ', ',']).filter(|part| !part.is_empty());
        parts.map(|part| part.parse().ok().filter(|number: &f64| number.is_finite())).collect()
    });
    let Some([_, _, width, height]) = numbers.as_deref() else { return Err(NOT_SVG) };
    // Proportions alone count of a drawing.
    if !(*width > 0.0 && *height > 0.0 && *width < 1e6 && *height < 1e6) {
        return Err(SIZE);
    }
    let scaled = |number: f64| ((number / height * 256.0).round() as u32).max(1);
    let size = (scaled(*width), 256);
    if too_long(size.0, size.1) { Err(SIZE) } else { Ok(size) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 24"><g fill="#123456"><path d="M0 0h9v9z"/></g></svg>"##;

    #[test]
    fn a_logo_is_plain_shapes_and_nothing_that_runs_or_loads() {
        assert_eq!(read_svg(GOOD), Ok((512, 256)));
        for (from, to) in [
            ("<path", "<script/><path"),
            ("<path", "<image/><path"),
            ("<path", "<a/><path"),
            ("<path", "<style/><path"),
            ("<path d", "<path onload=\"alert(1)\" d"),
            ("<path d", "<path style=\"fill:url(https://evil.example)\" d"),
            ("<path d", "<path transform=\"scale(2)\" d"),
            ("#123456", "url(#x)"),
            ("viewBox=\"0 0 48 24\"", ""),
            ("0 0 48 24", "0 0 4800 24"),
            ("0 0 48 24", "0 0 24 48"),
            ("0 0 48 24", "0 0 NaN 24"),
            ("<svg", "<html"),
            ("</svg>", ""),
        ] {
            assert!(GOOD.contains(from) && read_svg(&GOOD.replacen(from, to, 1)).is_err(), "{from} -> {to}");
        }
    }

    #[test]
    fn a_png_is_one_by_its_bytes_whole_and_of_a_size_that_can_be_shown() {
        let png = |width: u32, height: u32| {
            let head = [width.to_be_bytes(), height.to_be_bytes()].concat();
            [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &head, b"rest\0\0\0\0IEND\xaeB`\x82"].concat()
        };
        assert_eq!(read_png(&png(300, 100)), Ok((300, 100)));
        let cut = png(300, 100);
        for wrong in [&cut[..cut.len() - 1], b"GIF89a", &png(16, 16), &png(4096, 4096), &png(700, 100), &png(100, 300)]
        {
            assert!(read_png(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_png_is_shown_on_pages_and_it_is_said_that_certificates_cannot() {
        let head = [300_u32.to_be_bytes(), 100_u32.to_be_bytes()].concat();
        let png = [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &head, b"rest\0\0\0\0IEND\xaeB`\x82"].concat();
        let read = |bytes: Vec<u8>| {
            let sources = Sources::default().with_logo("logo.png", bytes.into());
            let mut report = Report::new("organisation.toml", "");
            let logo = read_logo(&Placed { at: 0, value: "logo.png".to_owned() }, &sources, &mut report);
            let codes: Vec<Code> = report.into_problems().iter().map(|problem| problem.code).collect();
            (logo.map(|logo| (logo.format, logo.size)), codes)
        };
        assert_eq!(read(png.clone()), (Some((LogoFormat::Png, (300, 100))), vec![Code::LogoNotOnPaper]));
        assert_eq!(read(b"GIF89a".to_vec()), (None, vec![Code::BadLogo]));
        let padded = [&png[..24], &vec![0; MOST_BYTES], &png[24..]].concat();
        assert_eq!(read(padded), (None, vec![Code::BadLogo]));
    }

    #[test]
    fn a_colour_that_cannot_be_read_is_refused_with_the_nearest_that_can() {
        let said = |light: &str, dark: Option<&str>| {
            let mut report = Report::new("organisation.toml", "");
            let placed = |text: &str| Placed { at: 0, value: text.to_owned() };
            let read = read_accent(Some(placed(light)), dark.map(placed), &mut report);
            let said: Vec<String> = report.into_problems().iter().map(ToString::to_string).collect();
            (read.is_some(), said.join("\n"))
        };
        assert_eq!(said("#0b5f5b", Some("#5cc8c0")), (true, String::new()));
        let (read, told) = said("#ff8800", Some("#5cc8c0"));
        assert!(!read && told.contains("contrast is 2.") && told.contains("on light pages"), "{told}");
        // What is proposed is taken.
        let proposed = told.split("accent = \"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        assert_eq!(said(proposed, Some("#5cc8c0")), (true, String::new()), "{proposed}");
        let (read, told) = said("#0b5f5b", None);
        assert!(!read && told.contains("on dark pages") && told.contains("accent_dark = \"#"), "{told}");
        assert_eq!(said("teal", None).1.matches("`teal` is no colour").count(), 1);
    }
}
