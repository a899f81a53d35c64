//! Puts lines of text on a page so that programs read what people see.
//!
//! Programs take a text from a page glyph by glyph, in the order in which the glyphs are drawn, and are told once for each glyph of a document what
//! it stands for. That fails where a letter takes several glyphs, as those of Arabic do (a stroke that other letters have too, and dots), and where
//! a line runs from right to left, since its glyphs are set from left to right. Such a line is drawn twice: as shapes, which say nothing, and as
//! glyphs that nobody sees, one for each sign, in the order in which people read them. To say beside the glyphs what they stand for (`ActualText`)
//! would be less work, but some programs pass over that, and others lose what comes after it.

use std::{collections::HashMap, ops::Range};

use krilla::{
    geom::{Point, Transform},
    num::NormalizedF32,
    paint::Fill,
    surface::Surface,
    text::{Font, GlyphId, KrillaGlyph},
};
use unicode_bidi::{BidiClass, bidi_class};

use super::typesetting::{Letters, Line, Piece};

/// What the glyphs of a document stand for.
#[derive(Default)]
pub(super) struct Told(HashMap<(Font, GlyphId), String>);

/// Draws a line in the surface's colour, with the left end of its base line at a point. `says`: what is read in its place.
pub(super) fn draw_line(
    surface: &mut Surface<'_>,
    line: &Line,
    at: (f32, f32),
    size: f32,
    says: Option<&Line>,
    told: &mut Told,
) {
    if says.is_none() && told.tell(line) {
        draw_text(surface, line, at, size);
    } else {
        draw_shapes(surface, line, at, size);
        draw_unseen(surface, says.unwrap_or(line), at, size, told);
    }
}

impl Told {
    /// Whether whoever reads the glyphs of a line one after the other gets its text.
    fn tell(&mut self, line: &Line) -> bool {
        let mut read = 0;
        for piece in &line.pieces {
            for glyph in &piece.glyphs {
                let Range { start, end } = glyph.text_range;
                let text = &piece.text[start..end];
                if piece.start + start < read || !self.stands_for(piece.letters, glyph.glyph_id, text) {
                    return false;
                }
                read = piece.start + end;
            }
        }
        true
    }

    /// Whether a glyph stands for a text: from now on it does, if it has stood for none. The one for what is missing never stands for anything.
    fn stands_for(&mut self, letters: &Letters, glyph: GlyphId, text: &str) -> bool {
        glyph.to_u32() > 0 && self.0.entry((letters.font(), glyph)).or_insert_with(|| text.to_owned()) == text
    }

    /// A glyph that stands for a sign, its own if that is free. `None`: all of them stand for something else.
    fn unseen(&mut self, letters: &Letters, sign: &str) -> Option<GlyphId> {
        let own = sign.chars().next().and_then(|first| letters.glyph(first));
        let mut glyphs = own.into_iter().chain(letters.glyphs_from_the_last());
        // Marks and joiners that stand alone get a width as well: programs lose what has none.
        glyphs.find(|glyph| letters.width(*glyph) > 0.0 && self.stands_for(letters, *glyph, sign))
    }
}

fn draw_text(surface: &mut Surface<'_>, line: &Line, (mut x, y): (f32, f32), size: f32) {
    for piece in &line.pieces {
        let font = piece.letters.font();
        surface.draw_glyphs(Point::from_xy(x, y), &piece.glyphs, font, &piece.text, size, false);
        x += piece.width * size;
    }
}

/// Draws what a line looks like.
fn draw_shapes(surface: &mut Surface<'_>, line: &Line, (mut x, y): (f32, f32), size: f32) {
    let mut shapes: Vec<(Font, GlyphId, Point)> = Vec::new();
    for piece in &line.pieces {
        for glyph in &piece.glyphs {
            let place = Point::from_xy(x + glyph.x_offset * size, y - glyph.y_offset * size);
            shapes.push((piece.letters.font(), glyph.glyph_id, place));
            x += glyph.x_advance * size;
        }
    }
    // A long name takes half the room in the file when equal shapes stand side by side in it, and in whole numbers: in sixths of a font's unit,
    // all that its curves are made of are.
    shapes.sort_by_key(|(_, glyph, _)| *glyph);
    for (font, glyph, place) in shapes {
        let units = 6.0 * font.units_per_em();
        let scale = size / units;
        surface.push_transform(&Transform::from_row(scale, 0.0, 0.0, scale, place.x, place.y));
        let alone = KrillaGlyph::new(glyph, 0.0, 0.0, 0.0, 0.0, 0..0, None);
        surface.draw_glyphs(Point::default(), &[alone], font, "", units, true);
        surface.pop();
    }
}

/// Puts there what a line says, where it stands, in the order in which it is read.
fn draw_unseen(surface: &mut Surface<'_>, line: &Line, (mut x, y): (f32, f32), size: f32, told: &mut Told) {
    let seen = surface.get_fill().cloned();
    surface.set_fill(Some(Fill { opacity: NormalizedF32::ZERO, ..Fill::default() }));
    let mut pieces: Vec<(f32, &Piece)> = Vec::new();
    for piece in &line.pieces {
        pieces.push((x, piece));
        x += piece.width * size;
    }
    pieces.sort_by_key(|(_, piece)| piece.start);
    for (left, piece) in pieces {
        let letters = piece.letters;
        let signs = signs(&piece.text, piece.is_rtl).into_iter();
        let glyphs = signs.filter_map(|sign| Some((told.unseen(letters, &piece.text[sign.clone()])?, sign)));
        let glyphs: Vec<(GlyphId, Range<usize>)> = glyphs.collect();
        let width: f32 = glyphs.iter().map(|(glyph, _)| letters.width(*glyph)).sum();
        // As wide as what is seen, so that whoever marks one marks the other: letters that join are narrower than those that stand alone.
        let size = size * (piece.width / width.max(f32::MIN_POSITIVE)).clamp(0.25, 1.25);
        let mut x = if piece.is_rtl { left + width * size } else { left };
        for (glyph, sign) in glyphs {
            let advance = letters.width(glyph);
            if piece.is_rtl {
                x -= advance * size;
            }
            // Programs put in order, by where it stands, what is drawn by itself; what is drawn at once they take to run from left to right.
            let alone = KrillaGlyph::new(glyph, advance, 0.0, 0.0, 0.0, sign, None);
            surface.draw_glyphs(Point::from_xy(x, y), &[alone], letters.font(), &piece.text, size, false);
            if !piece.is_rtl {
                x += advance * size;
            }
        }
    }
    surface.set_fill(seen);
}

/// The signs of a text. With those that run from left to right are the marks that stand on them; among those that run from right to left, each mark
/// is by itself, because programs turn round what one glyph stands for.
fn signs(text: &str, is_rtl: bool) -> Vec<Range<usize>> {
    let mut signs: Vec<Range<usize>> = Vec::new();
    for (start, sign) in text.char_indices() {
        let end = start + sign.len_utf8();
        match signs.last_mut() {
            Some(before) if !is_rtl && bidi_class(sign) == BidiClass::NSM => before.end = end,
            _ => signs.push(start..end),
        }
    }
    signs
}
