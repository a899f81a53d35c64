use krilla::{
    color::rgb,
    geom::{Path, PathBuilder, Transform},
    num::NormalizedF32,
    paint::{Fill, LineCap, LineJoin, Stroke},
    surface::Surface,
};
use kurbo::{BezPath, Circle, PathEl, RoundedRect, Shape as _};
use roxmltree::{Document, Node};

/// The colours of a mark.
#[derive(Clone, Copy)]
pub(super) struct Colours {
    pub ink: rgb::Color,
    pub accent: rgb::Color,
    /// A breath of the accent on paper.
    pub wash: rgb::Color,
    pub paper: rgb::Color,
}

/// How near a drawn curve is to the true one, in units of the mark.
const NEAR: f64 = 0.01;

/// The width of a line that says nothing else.
const STROKE: f32 = 2.4;

/// Draws a mark of the pages, as SVG has it on a square of 48 units: paths, rectangles and circles, with the classes that the stylesheet
/// knows. Anything else in it is left out.
pub(super) fn draw_mark(surface: &mut Surface<'_>, svg: &str, colours: Colours, place: Transform) {
    let Ok(document) = Document::parse(svg) else { return };
    surface.push_transform(&place);
    for node in document.descendants().filter(Node::is_element) {
        if let Some(path) = outline(node).and_then(|outline| path(&outline)) {
            surface.set_fill(fill(node, colours));
            surface.set_stroke(stroke(node, colours));
            surface.draw_path(&path);
        }
    }
    surface.set_stroke(None);
    surface.pop();
}

fn outline(node: Node<'_, '_>) -> Option<BezPath> {
    let number = |name: &str| node.attribute(name)?.parse::<f64>().ok();
    match node.tag_name().name() {
        "path" => BezPath::from_svg(node.attribute("d")?).ok(),
        "circle" => {
            let centre = (number("cx")?, number("cy")?);
            Some(Circle::new(centre, number("r")?).to_path(NEAR))
        }
        "rect" => {
            let (x, y) = (number("x")?, number("y")?);
            let (right, bottom) = (x + number("width")?, y + number("height")?);
            Some(RoundedRect::new(x, y, right, bottom, number("rx").unwrap_or_default()).to_path(NEAR))
        }
        _ => None,
    }
}

/// The same path for a page.
pub(super) fn path(outline: &BezPath) -> Option<Path> {
    let mut builder = PathBuilder::new();
    let at = |point: kurbo::Point| (point.x as f32, point.y as f32);
    for element in outline.elements() {
        match *element {
            PathEl::MoveTo(to) => {
                let (x, y) = at(to);
                builder.move_to(x, y);
            }
            PathEl::LineTo(to) => {
                let (x, y) = at(to);
                builder.line_to(x, y);
            }
            PathEl::QuadTo(one, to) => {
                let ((x1, y1), (x, y)) = (at(one), at(to));
                builder.quad_to(x1, y1, x, y);
            }
            PathEl::CurveTo(one, two, to) => {
                let ((x1, y1), (x2, y2), (x, y)) = (at(one), at(two), at(to));
                builder.cubic_to(x1, y1, x2, y2, x, y);
            }
            PathEl::ClosePath => builder.close(),
        }
    }
    builder.finish()
}

/// Whether it, or what it stands in, is of a class.
fn is(node: Node<'_, '_>, class: &str) -> bool {
    let of = |node: Node<'_, '_>| {
        node.attribute("class").is_some_and(|classes| classes.split_whitespace().any(|one| one == class))
    };
    node.ancestors().any(of)
}

fn fill(node: Node<'_, '_>, colours: Colours) -> Option<Fill> {
    let colour = match () {
        () if is(node, "cut") => colours.paper,
        () if is(node, "full") => colours.accent,
        () if is(node, "wash") => colours.wash,
        () => return None,
    };
    Some(filled(colour))
}

fn stroke(node: Node<'_, '_>, colours: Colours) -> Option<Stroke> {
    if is(node, "cut") || (is(node, "wash") && !is(node, "tone")) {
        return None;
    }
    let width = node.attribute("stroke-width").and_then(|width| width.parse().ok()).unwrap_or(STROKE);
    Some(stroked(if is(node, "tone") { colours.accent } else { colours.ink }, width))
}

/// A plain fill.
pub(super) fn filled(colour: rgb::Color) -> Fill {
    Fill { paint: colour.into(), opacity: NormalizedF32::ONE, ..Fill::default() }
}

/// A plain line with round ends.
pub(super) fn stroked(colour: rgb::Color, width: f32) -> Stroke {
    Stroke { paint: colour.into(), width, line_cap: LineCap::Round, line_join: LineJoin::Round, ..Stroke::default() }
}
