use engine::catalogue::Colour;
use krilla::{
    color::rgb,
    geom::{Path, PathBuilder, Transform},
    num::NormalizedF32,
    paint::{Fill, FillRule, LineCap, LineJoin, Stroke},
    surface::Surface,
};
use kurbo::{BezPath, Circle, Ellipse, PathEl, RoundedRect, Shape as _};
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

/// Draws a provider's logo: the plain shapes that `induct check` lets through, each in its own colours. `place` is where its left and upper edge
/// are, and how high it is.
pub(super) fn draw_logo(surface: &mut Surface<'_>, svg: &[u8], (x, y, height): (f32, f32, f32)) {
    let Some(document) = str::from_utf8(svg).ok().and_then(|text| Document::parse(text).ok()) else { return };
    let numbers = document.root_element().attribute("viewBox").unwrap_or_default();
    let numbers: Vec<f32> = numbers.split([' ', ',']).filter_map(|number| number.parse().ok()).collect();
    let [left, top, _, tall] = numbers[..] else { return };
    let scale = height / tall.max(f32::MIN_POSITIVE);
    surface.push_transform(&Transform::from_row(scale, 0.0, 0.0, scale, x - left * scale, y - top * scale));
    for node in document.descendants().filter(Node::is_element) {
        let Some(path) = outline(node).and_then(|outline| path(&outline)) else { continue };
        let own = |name: &str| node.ancestors().find_map(|node| node.attribute(name));
        // As SVG has it: filled black and without a line, unless it says otherwise.
        let fill = match own("fill") {
            None => Some(Colour(0, 0, 0)),
            Some(written) => Colour::parse(written),
        };
        let line = own("stroke").and_then(Colour::parse);
        let width = own("stroke-width").and_then(|width| width.parse().ok()).unwrap_or(1.0);
        let shade = |Colour(red, green, blue): Colour| rgb::Color::new(red, green, blue);
        let rule = if own("fill-rule") == Some("evenodd") { FillRule::EvenOdd } else { FillRule::NonZero };
        surface.set_fill(fill.map(|fill| Fill { rule, ..filled(shade(fill)) }));
        surface.set_stroke(line.map(|line| stroked(shade(line), width)));
        if fill.is_some() || line.is_some() {
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
            let centre = (number("cx").unwrap_or_default(), number("cy").unwrap_or_default());
            Some(Circle::new(centre, number("r")?).to_path(NEAR))
        }
        "rect" => {
            let (x, y) = (number("x").unwrap_or_default(), number("y").unwrap_or_default());
            let (right, bottom) = (x + number("width")?, y + number("height")?);
            Some(RoundedRect::new(x, y, right, bottom, number("rx").unwrap_or_default()).to_path(NEAR))
        }
        "ellipse" => {
            let centre = (number("cx").unwrap_or_default(), number("cy").unwrap_or_default());
            Some(Ellipse::new(centre, (number("rx")?, number("ry")?), 0.0).to_path(NEAR))
        }
        "line" => {
            let at = |x, y| (number(x).unwrap_or_default(), number(y).unwrap_or_default());
            let mut line = BezPath::new();
            line.move_to(at("x1", "y1"));
            line.line_to(at("x2", "y2"));
            Some(line)
        }
        shape @ ("polyline" | "polygon") => {
            let numbers = node.attribute("points")?.split([' ', ',', '\n', '\t']).filter(|number| !number.is_empty());
            let numbers: Vec<f64> = numbers.map(|number| number.parse().ok()).collect::<Option<_>>()?;
            let mut points = numbers.chunks_exact(2).map(|pair| (pair[0], pair[1]));
            let mut line = BezPath::new();
            line.move_to(points.next()?);
            points.for_each(|point| line.line_to(point));
            if shape == "polygon" {
                line.close_path();
            }
            Some(line)
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
