use std::num::NonZeroU16;

use app::pages::module_mark_svg;
use chrono::{DateTime, Utc};
use engine::{
    Certificate, HowEarned,
    catalogue::{Colour, Logo, LogoFormat, Look as OwnLook},
    local_date,
};
use krilla::{
    action::{Action, LinkAction},
    annotation::{Annotation, LinkAnnotation, Target},
    color::rgb,
    geom::{PathBuilder, Rect, Transform},
    page::Page,
    surface::Surface,
    tagging::{Artifact, ArtifactType, ContentTag, Identifier, ListNumbering, SpanTag, Tag, TagGroup},
};
use kurbo::{BezPath, Circle, Shape as _};
use qrcode::{Color, EcLevel, QrCode, types::QrError};

use super::{
    draw_line::{Told, draw_line},
    draw_mark::{Colours, draw_logo, draw_mark, filled, path, stroked},
    typesetting::{Line, Weight, can_set, wrap},
};

/// Who gives a certificate, and where anybody asks whether it is genuine.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Issuer<'i> {
    /// The provider's name.
    pub name: &'i str,
    /// The address that people use, without a path.
    pub base_url: &'i str,
    /// Its own colour and logo.
    pub look: &'i OwnLook,
}

impl Issuer<'_> {
    /// The colour of what stands for the provider.
    fn brand(&self) -> Colour {
        self.look.accent.map_or(BRAND, |accent| accent.light)
    }

    /// Its logo, if it is one that can be drawn.
    fn logo(&self) -> Option<&Logo> {
        self.look.logo.as_ref().filter(|logo| logo.format == LogoFormat::Svg)
    }
}

/// A4, in points.
pub(super) const PAGE: (f32, f32) = (595.28, 841.89);
const LEFT: f32 = 57.0;
const RIGHT: f32 = PAGE.0 - LEFT;
/// Where the coloured part ends.
const BAND: f32 = 250.0;
const SEAL: (f32, f32, f32) = (472.0, BAND, 66.0);
pub(super) const CODE_SIZE: f32 = 92.0;
pub(super) const CODE_TOP: f32 = 684.0;
/// What stays blank around a code, so that cameras find it: at least four of its squares.
const CODE_MARGIN: f32 = 14.0;

const BRAND: Colour = Colour(0x0b, 0x5f, 0x5b);
const INK: (u8, u8, u8) = (0x16, 0x24, 0x2c);
const SOFT: (u8, u8, u8) = (0x4a, 0x5a, 0x63);
const HAIR: (u8, u8, u8) = (0xd9, 0xd6, 0xcd);
const WHITE: (u8, u8, u8) = (0xff, 0xff, 0xff);
/// What is not to be overlooked.
const WARNING: (u8, u8, u8) = (0xa3, 0x1d, 0x1d);

fn colour((red, green, blue): (u8, u8, u8)) -> rgb::Color {
    rgb::Color::new(red, green, blue)
}

/// Draws everything, and gives what it says in the order in which it is read.
///
/// # Errors
/// [`QrError`] when the address does not fit into a code.
pub(super) fn draw(
    page: &mut Page<'_>,
    certificate: &Certificate,
    issuer: Issuer<'_>,
) -> Result<Vec<TagGroup>, QrError> {
    let address = format!("{}/verify/{}", issuer.base_url, certificate.code.as_str());
    let code = QrCode::with_error_correction_level(&address, EcLevel::M)?;
    let (mut read, linked, place, scanned) = {
        let mut surface = page.surface();
        decorate(&mut surface, certificate, issuer.brand());
        let mut sheet = Sheet { surface, read: Vec::new(), told: Told::default() };
        sheet.head(issuer);
        let below = sheet.said(certificate, issuer);
        sheet.figures(certificate, below);
        let (linked, place) = sheet.genuine(certificate, issuer);
        let scanned = sheet.scanned(&code, &address);
        sheet.surface.finish();
        (sheet.read, linked, place, scanned)
    };
    let target = || Target::Action(Action::Link(LinkAction::new(address.clone())));
    let link = place.map(|place| {
        Annotation::new_link(LinkAnnotation::new(place, target()), Some(format!("Check it at {address}")))
    });
    let annotation = link.map(|link| page.add_tagged_annotation(link));
    let mut group = TagGroup::new(Tag::P);
    for (identifier, is_link) in linked {
        match annotation.filter(|_| is_link) {
            Some(annotation) => {
                group.push(TagGroup::with_children(Tag::Link, vec![identifier.into(), annotation.into()]))
            }
            None => group.push(identifier),
        }
    }
    let foot = read.pop();
    read.push(group);
    read.push(scanned);
    read.extend(foot);
    Ok(read)
}

/// The doorway, its arches and the seal: nothing that is read.
fn decorate(surface: &mut Surface<'_>, certificate: &Certificate, brand: Colour) {
    let shade = |Colour(red, green, blue): Colour| (red, green, blue);
    let white = Colour(0xff, 0xff, 0xff);
    let (arch, wash) = (shade(brand.mixed(white, 22)), shade(brand.mixed(white, 82)));
    let brand = shade(brand);
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
    rectangle(surface, (0.0, 0.0, PAGE.0, BAND), brand);
    // The provider's door, again and again, up to the edge.
    surface.set_fill(None);
    surface.set_stroke(Some(stroked(colour(arch), 1.1)));
    let (centre, spring) = (f64::from(SEAL.0), 168.0);
    for ring in 0..12_u8 {
        let radius = 48.0 + f64::from(ring) * 11.0;
        let (left, right) = (centre - radius, centre + radius);
        let top = spring - radius;
        let mut arch = BezPath::new();
        arch.move_to((left, f64::from(BAND)));
        arch.line_to((left, spring));
        let curve = radius * 0.552_284_75;
        arch.curve_to((left, spring - curve), (centre - curve, top), (centre, top));
        arch.curve_to((centre + curve, top), (right, spring - curve), (right, spring));
        arch.line_to((right, f64::from(BAND)));
        if let Some(arch) = path(&arch) {
            surface.draw_path(&arch);
        }
    }
    surface.set_stroke(None);
    // What went over the edge of the band or of the page is under nothing: the band has the page's width, and arches end at its foot.
    let (x, y, radius) = SEAL;
    for (radius, fill, line) in [(radius, WHITE, Some(2.0)), (radius - 6.0, WHITE, Some(0.7))] {
        let circle = Circle::new((f64::from(x), f64::from(y)), f64::from(radius)).to_path(0.01);
        surface.set_fill(Some(filled(colour(fill))));
        surface.set_stroke(line.map(|width| stroked(colour(brand), width)));
        if let Some(circle) = path(&circle) {
            surface.draw_path(&circle);
        }
    }
    surface.set_stroke(None);
    let scale = 1.5;
    let place = Transform::from_row(scale, 0.0, 0.0, scale, x - 24.0 * scale, y - 24.0 * scale);
    let colours = Colours { ink: colour(INK), accent: colour(brand), wash: colour(wash), paper: colour(WHITE) };
    draw_mark(surface, &module_mark_svg(certificate.module.as_str()), colours, place);
    surface.end_tagged();
}

fn rectangle(surface: &mut Surface<'_>, (x, y, width, height): (f32, f32, f32, f32), shade: (u8, u8, u8)) {
    let Some(rect) = Rect::from_xywh(x, y, width, height) else { return };
    let mut builder = PathBuilder::new();
    builder.push_rect(rect);
    surface.set_fill(Some(filled(colour(shade))));
    if let Some(rectangle) = builder.finish() {
        surface.draw_path(&rectangle);
    }
}

/// How text looks.
#[derive(Clone, Copy)]
struct Look {
    weight: Weight,
    size: f32,
    shade: (u8, u8, u8),
}

const fn plain(size: f32) -> Look {
    Look { weight: Weight::Regular, size, shade: SOFT }
}

const fn strong(size: f32) -> Look {
    Look { weight: Weight::Bold, size, shade: INK }
}

/// The page as it is drawn, with what has been read so far.
struct Sheet<'s> {
    surface: Surface<'s>,
    read: Vec<TagGroup>,
    told: Told,
}

impl Sheet<'_> {
    /// Draws a line. `says`: what is read in its place.
    fn line(&mut self, line: &Line, at: (f32, f32), look: Look, says: Option<&str>) -> Identifier {
        let says = says.map(|says| Line::set(says, look.weight));
        let identifier = self.surface.start_tagged(ContentTag::Span(SpanTag::empty()));
        self.surface.set_fill(Some(filled(colour(look.shade))));
        draw_line(&mut self.surface, line, at, look.size, says.as_ref(), &mut self.told);
        self.surface.end_tagged();
        identifier
    }

    fn text(&mut self, text: &str, at: (f32, f32), look: Look) -> Identifier {
        self.line(&Line::set(text, look.weight), at, look, None)
    }

    /// A paragraph of one line.
    fn paragraph(&mut self, text: &str, at: (f32, f32), look: Look) {
        let identifier = self.text(text, at, look);
        self.read.push(TagGroup::with_children(Tag::P, vec![identifier.into()]));
    }

    fn head(&mut self, issuer: Issuer<'_>) {
        let door = "<svg><path d=\"M5 23V11a8 8 0 0 1 16 0v12M2 23h22\"/><path class=\"full\" d=\"M10 23V12.5l7-2.5v13z\"/></svg>";
        let white = colour(WHITE);
        let all = Colours { ink: white, accent: white, wash: white, paper: white };
        self.surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
        let beside = match issuer.logo() {
            // On a white plate, since nobody knows what colours it has.
            Some(logo) => {
                let (height, pad) = (30.0, 5.0);
                let width = height * logo.size.0 as f32 / logo.size.1.max(1) as f32;
                rectangle(&mut self.surface, (LEFT, 41.0, width + 2.0 * pad, height + 2.0 * pad), WHITE);
                draw_logo(&mut self.surface, &logo.bytes, (LEFT + pad, 41.0 + pad, height));
                width + 2.0 * pad + 10.0
            }
            None => {
                draw_mark(&mut self.surface, door, all, Transform::from_row(1.1, 0.0, 0.0, 1.1, LEFT - 2.0, 46.0));
                36.0
            }
        };
        self.surface.end_tagged();
        let look = Look { weight: Weight::Bold, size: 15.0, shade: WHITE };
        // A long name is made to end before the arches.
        let size = fitting(issuer.name, look, (286.0 - beside).max(60.0), 6.0);
        self.paragraph(issuer.name, (LEFT + beside, 66.0), Look { size, ..look });
        let look = Look { weight: Weight::Bold, size: 38.0, shade: WHITE };
        let identifier = self.text("Certificate", (LEFT, 200.0), look);
        let title = Tag::Hn(NonZeroU16::MIN, Some("Certificate".to_owned()));
        self.read.push(TagGroup::with_children(title, vec![identifier.into()]));
    }

    /// Who has passed what, and what they can do. Gives how far down it goes.
    fn said(&mut self, certificate: &Certificate, issuer: Issuer<'_>) -> f32 {
        let says = match certificate.withdrawn_at {
            None => "This is to say that",
            Some(at) => {
                let words = format!("Withdrawn on {}: this pass counts for nothing", day(at));
                let look = Look { shade: WARNING, ..strong(15.0) };
                self.paragraph(&words, (LEFT, 292.0), Look { size: fitting(&words, look, 340.0, 8.0), ..look });
                "Until it was withdrawn this said that"
            }
        };
        self.paragraph(says, (LEFT, 332.0), plain(12.5));
        let mut y = self.name(certificate, issuer, 376.0);
        y += 36.0;
        self.paragraph("has passed", (LEFT, y), plain(12.5));
        y += 27.0;
        let language = certificate.language.tag().to_owned();
        let (size, lines) = set_large(&certificate.title, &[21.0, 18.0, 16.0, 14.0, 12.0]);
        let heading = Tag::Hn(NonZeroU16::MIN.saturating_add(1), Some(certificate.title.clone()));
        let mut group = TagGroup::new(heading.with_lang(Some(language.clone())));
        for line in &lines {
            group.push(self.line(line, (LEFT, y), strong(size), None));
            y += size * 1.24;
        }
        self.read.push(group);
        if certificate.outcomes.is_empty() {
            return y;
        }
        self.paragraph("Whoever passes it is able to:", (LEFT, y), plain(11.0));
        y += 17.0;
        let mut list = TagGroup::new(Tag::L(ListNumbering::Disc).with_lang(Some(language)));
        for outcome in &certificate.outcomes {
            let lines = wrap(outcome, Weight::Regular, 11.0, RIGHT - LEFT - 14.0);
            // Whatever an author writes, the code at the foot has its place.
            if y + 15.0 * lines.len() as f32 > 590.0 {
                break;
            }
            let bullet = self.text("•", (LEFT + 2.0, y), plain(11.0));
            let mut body = TagGroup::new(Tag::LBody);
            for line in &lines {
                body.push(self.line(line, (LEFT + 14.0, y), plain(11.0), None));
                y += 15.0;
            }
            let label = TagGroup::with_children(Tag::Lbl, vec![bullet.into()]);
            list.push(TagGroup::with_children(Tag::LI, vec![label.into(), body.into()]));
        }
        self.read.push(list);
        y
    }

    /// The name as it was then, as large as it fits. Gives how far down it goes.
    fn name(&mut self, certificate: &Certificate, issuer: Issuer<'_>, y: f32) -> f32 {
        let held = format!("The holder of {}", certificate.code);
        let (shown, says) = match &certificate.name {
            Some(name) if can_set(name) => (name.as_str(), None),
            // Letters that are not here are on the screen of whoever asks.
            Some(name) => (held.as_str(), Some(name.as_str())),
            None => (held.as_str(), None),
        };
        let look = strong(38.0);
        let (size, lines) = set_large(shown, &[38.0, 34.0, 30.0, 26.0, 24.0, 22.0, 20.0, 18.0, 16.0, 14.0, 12.0]);
        let mut group = TagGroup::new(Tag::P);
        let mut y = y;
        for (place, line) in lines.iter().enumerate() {
            if place > 0 {
                y += size * 1.15;
            }
            group.push(self.line(line, (LEFT, y), Look { size, ..look }, says.filter(|_| place == 0)));
        }
        self.read.push(group);
        if says.is_some() {
            y += 18.0;
            let host = host(issuer);
            self.paragraph(&format!("whose name is shown at {host}/verify"), (LEFT, y), plain(11.0));
        }
        y
    }

    /// When, until when, with how many marks, for how many minutes.
    fn figures(&mut self, certificate: &Certificate, below: f32) {
        let y = (below + 14.0).max(598.0);
        let marks = match certificate.how {
            HowEarned::Workshop => "Workshop".to_owned(),
            HowEarned::Quiz | HowEarned::Refresher | HowEarned::SideBySide => {
                format!("{} of {}", certificate.earned, certificate.possible)
            }
        };
        let marked = match certificate.how {
            HowEarned::Refresher => "Marks, refresher",
            HowEarned::SideBySide => "Marks, with a tutor",
            HowEarned::Quiz => "Marks",
            HowEarned::Workshop => "How",
        };
        let minutes = match certificate.withdrawn_at {
            Some(_) => "Nothing".to_owned(),
            None => format!("{} minutes", certificate.minutes),
        };
        let figures = [
            (LEFT, "Passed on", day(certificate.at)),
            match certificate.withdrawn_at {
                Some(at) => (LEFT + 152.0, "Withdrawn on", day(at)),
                None => (LEFT + 152.0, "Good until", day(certificate.until)),
            },
            (LEFT + 304.0, marked, marks),
            (LEFT + 390.0, "Counts as CPD", minutes),
        ];
        self.surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
        rectangle(&mut self.surface, (LEFT, y, RIGHT - LEFT, 0.8), HAIR);
        rectangle(&mut self.surface, (LEFT, y + 62.0, RIGHT - LEFT, 0.8), HAIR);
        self.surface.end_tagged();
        let mut list = TagGroup::new(Tag::L(ListNumbering::None));
        for (x, label, figure) in figures {
            let label = self.text(label, (x, y + 25.0), plain(9.5));
            let figure = self.text(&figure, (x, y + 43.0), strong(13.0));
            let label = TagGroup::with_children(Tag::Lbl, vec![label.into()]);
            let body = TagGroup::with_children(Tag::LBody, vec![figure.into()]);
            list.push(TagGroup::with_children(Tag::LI, vec![label.into(), body.into()]));
        }
        self.read.push(list);
    }

    /// How anybody finds out whether it is genuine, and what it rests on, which is read last. Gives what is read, each with whether it is a
    /// link, and where that link is.
    fn genuine(&mut self, certificate: &Certificate, issuer: Issuer<'_>) -> (Vec<(Identifier, bool)>, Option<Rect>) {
        let y = 706.0;
        let host = format!("{}/verify", host(issuer));
        let mut read = vec![(
            self.text("Is this genuine, and does it still stand? Scan the code, or go to", (LEFT, y), plain(10.0)),
            false,
        )];
        let look = strong(fitting(&host, strong(11.0), 360.0, 7.0));
        let line = Line::set(&host, look.weight);
        read.push((self.line(&line, (LEFT, y + 16.0), look, None), true));
        let place = Rect::from_xywh(LEFT, y + 5.0, line.width(look.size).max(1.0), 15.0);
        read.push((self.text("and type", (LEFT, y + 32.0), plain(10.0)), false));
        read.push((self.text(&certificate.code.to_string(), (LEFT, y + 52.0), strong(15.0)), false));
        let name = if certificate.name.is_some() { "; the name is the one of that day" } else { "" };
        let foot = format!(
            "Version {} of {}, entry {} in the log {}{name}.",
            certificate.version, certificate.module, certificate.entry.number, certificate.entry.origin,
        );
        let size = fitting(&foot, plain(8.0), RIGHT - LEFT, 5.0);
        self.paragraph(&foot, (LEFT, CODE_TOP + CODE_SIZE + CODE_MARGIN + 8.0), plain(size));
        (read, place)
    }

    /// The code that a phone's camera reads, with the blank margin that it wants.
    fn scanned(&mut self, code: &QrCode, address: &str) -> TagGroup {
        let identifier = self.surface.start_tagged(ContentTag::Other);
        let squares = code.width();
        let side = CODE_SIZE / squares as f32;
        let (left, top) = (RIGHT - CODE_SIZE, CODE_TOP);
        let mut builder = PathBuilder::new();
        for (row, of_row) in code.to_colors().chunks(squares).enumerate() {
            let mut column = 0;
            for run in of_row.chunk_by(|one, next| one == next) {
                let (x, y) = (left + column as f32 * side, top + row as f32 * side);
                let rect = Rect::from_xywh(x, y, run.len() as f32 * side, side).filter(|_| run[0] == Color::Dark);
                if let Some(rect) = rect {
                    builder.push_rect(rect);
                }
                column += run.len();
            }
        }
        self.surface.set_fill(Some(filled(colour(INK))));
        if let Some(squares) = builder.finish() {
            self.surface.draw_path(&squares);
        }
        self.surface.end_tagged();
        let says = format!("A code to scan with a phone. It opens {address}");
        TagGroup::with_children(Tag::Figure(Some(says)), vec![identifier.into()])
    }
}

/// "6 December 2026".
fn day(at: DateTime<Utc>) -> String {
    local_date(at).format("%-d %B %Y").to_string()
}

fn host<'i>(issuer: Issuer<'i>) -> &'i str {
    issuer.base_url.split_once("://").map_or(issuer.base_url, |(_, host)| host)
}

/// Sets a text across the page in the first of these sizes in which it takes one line, or, from 24 points down, two; otherwise in the last.
fn set_large(text: &str, sizes: &[f32]) -> (f32, Vec<Line>) {
    let set = |size: f32| (size, wrap(text, Weight::Bold, size, RIGHT - LEFT));
    let mut sets = sizes.iter().map(|size| set(*size));
    let fits = sets.find(|(size, lines)| lines.len() <= if *size > 24.0 { 1 } else { 2 });
    fits.unwrap_or_else(|| set(sizes.last().copied().unwrap_or(12.0)))
}

/// The size at which a text fits into a width: that of its look, or a smaller one, but none smaller than `least`.
fn fitting(text: &str, look: Look, width: f32, least: f32) -> f32 {
    let at_one = Line::set(text, look.weight).width(1.0);
    (width / at_one.max(f32::MIN_POSITIVE)).clamp(least, look.size.max(least))
}
