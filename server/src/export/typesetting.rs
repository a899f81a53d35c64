//! Text on paper: which letters a text is set in, how they join, and in which direction they run.
//!
//! Names come in many scripts. Atkinson Hyperlegible Next, as on the pages, sets what it can; whole words that it cannot set are in Noto Sans
//! (Vietnamese, Cyrillic, Greek), Noto Sans Arabic or Droid Sans Fallback (Chinese, Japanese, Korean). A script that none of them has cannot be
//! set, which [`can_set`] says beforehand.

use std::{io::Cursor, ops::Range, sync::LazyLock};

use krilla::{
    Data,
    text::{Font, GlyphId, KrillaGlyph},
};
use rustybuzz::{Direction, Face, Feature, GlyphBuffer, UnicodeBuffer, ttf_parser};
use unicode_bidi::BidiInfo;

/// How heavy letters are. Those for other scripts come in one weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    Bold,
}

/// The letters of a file.
pub(super) struct Letters {
    font: Font,
    face: Face<'static>,
}

impl Letters {
    #[expect(clippy::expect_used, reason = "they are a part of the binary, and every test of a certificate reads them")]
    fn of(bytes: &'static [u8]) -> Self {
        let face = Face::from_slice(bytes, 0).expect("letters that shape text");
        Self { font: Font::new(Data::from(bytes), 0).expect("letters that can be printed"), face }
    }

    fn have(&self, sign: char) -> bool {
        sign == ' ' || self.face.glyph_index(sign).is_some()
    }

    /// Whether a text can be set in them: they have each sign, or a letter that a sign and the marks behind it make up.
    fn have_all(&self, text: &str) -> bool {
        text.chars().all(|sign| self.have(sign) || is_joiner(sign))
            || self.shaped(text, false, &[]).glyph_infos().iter().all(|info| info.glyph_id > 0)
    }

    fn shaped(&self, text: &str, is_rtl: bool, features: &[Feature]) -> GlyphBuffer {
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        buffer.set_direction(if is_rtl { Direction::RightToLeft } else { Direction::LeftToRight });
        rustybuzz::shape(&self.face, features, buffer)
    }

    pub(super) fn font(&self) -> Font {
        self.font.clone()
    }

    /// The glyph of a sign that stands alone. `None`: they have none.
    pub(super) fn glyph(&self, sign: char) -> Option<GlyphId> {
        self.face.glyph_index(sign).map(|glyph| GlyphId::new(u32::from(glyph.0)))
    }

    /// All their glyphs, the last first.
    pub(super) fn glyphs_from_the_last(&self) -> impl Iterator<Item = GlyphId> {
        (1..self.face.number_of_glyphs()).rev().map(|glyph| GlyphId::new(u32::from(glyph)))
    }

    /// How wide a glyph is, in parts of its size.
    pub(super) fn width(&self, glyph: GlyphId) -> f32 {
        let glyph = u16::try_from(glyph.to_u32()).unwrap_or_default();
        let width = self.face.glyph_hor_advance(ttf_parser::GlyphId(glyph)).unwrap_or_default();
        f32::from(width) / self.face.units_per_em() as f32
    }
}

/// Signs that only say how their neighbours join.
fn is_joiner(sign: char) -> bool {
    matches!(sign, '\u{200C}' | '\u{200D}')
}

static REGULAR: LazyLock<Letters> = LazyLock::new(|| Letters::of(include_bytes!("../../fonts/atkinson-regular.ttf")));

static BOLD: LazyLock<Letters> = LazyLock::new(|| Letters::of(include_bytes!("../../fonts/atkinson-bold.ttf")));

static LATIN: LazyLock<Letters> = LazyLock::new(|| Letters::of(include_bytes!("../../fonts/noto-sans.ttf")));

static ARABIC: LazyLock<Letters> = LazyLock::new(|| Letters::of(include_bytes!("../../fonts/noto-sans-arabic.ttf")));

/// Unpacked when the first name needs it, and kept: 3.4 MB.
static HAN: LazyLock<Letters> = LazyLock::new(|| {
    let packed: &[u8] = include_bytes!("../../fonts/droid-sans-fallback.ttf.br");
    let mut bytes = Vec::new();
    // What is packed in the binary unpacks, and a test does it; nothing but that would leave no letters, which is said below.
    drop(brotli::BrotliDecompress(&mut Cursor::new(packed), &mut bytes));
    Letters::of(Vec::leak(bytes))
});

/// The letters that may set a text, those of the pages first.
fn letters(weight: Weight) -> impl Iterator<Item = &'static Letters> {
    let first = match weight {
        Weight::Regular => &REGULAR,
        Weight::Bold => &BOLD,
    };
    [first, &LATIN, &ARABIC, &HAN].into_iter().map(|letters| &**letters)
}

/// Whether every sign of a text can be set.
pub(super) fn can_set(text: &str) -> bool {
    by_letters(text, Weight::Bold).into_iter().all(|(letters, part)| letters.have_all(part))
}

/// A line of text, set: every length in parts of its size.
pub(super) struct Line {
    /// What it consists of, from left to right.
    pub pieces: Vec<Piece>,
}

/// What stands side by side in the same letters and runs in the same direction.
pub(super) struct Piece {
    pub letters: &'static Letters,
    pub text: String,
    /// Where it begins in the text of its line.
    pub start: usize,
    pub is_rtl: bool,
    /// From left to right.
    pub glyphs: Vec<KrillaGlyph>,
    pub width: f32,
}

impl Line {
    /// Sets a text on one line.
    pub(super) fn set(text: &str, weight: Weight) -> Self {
        let bidi = BidiInfo::new(text, None);
        let mut pieces = Vec::new();
        for paragraph in &bidi.paragraphs {
            let (levels, runs) = bidi.visual_runs(paragraph, paragraph.range.clone());
            for run in runs {
                let is_rtl = levels.get(run.start).is_some_and(|level| level.is_rtl());
                let mut start = run.start;
                let mut of_run = Vec::new();
                for (letters, part) in by_letters(&text[run], weight) {
                    of_run.push(Piece::shape(letters, part, start, is_rtl));
                    start += part.len();
                }
                if is_rtl {
                    of_run.reverse();
                }
                pieces.extend(of_run);
            }
        }
        Self { pieces }
    }

    /// How wide it is at a size.
    pub(super) fn width(&self, size: f32) -> f32 {
        self.pieces.iter().map(|piece| piece.width).sum::<f32>() * size
    }
}

/// Sets a text on as many lines as it takes, none wider than `width` at a size. A word that is too long for a line is broken.
pub(super) fn wrap(text: &str, weight: Weight, size: f32, width: f32) -> Vec<Line> {
    let fits = |text: &str| Line::set(text, weight).width(size) <= width;
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if fits(&longer) {
            line = longer;
            continue;
        }
        lines.extend((!line.is_empty()).then(|| std::mem::take(&mut line)));
        for sign in word.chars() {
            line.push(sign);
            if line.chars().nth(1).is_some() && !fits(&line) {
                line.pop();
                lines.push(std::mem::replace(&mut line, sign.to_string()));
            }
        }
    }
    lines.extend((!line.is_empty()).then_some(line));
    lines.iter().map(|line| Line::set(line, weight)).collect()
}

/// The parts of a text that stand in the same letters: all of it, if some have all; otherwise each word in those that have all of it, and where
/// there are none, each sign in those that have it. What none have stands in the first.
fn by_letters(text: &str, weight: Weight) -> Vec<(&'static Letters, &str)> {
    if let Some(all) = letters(weight).find(|letters| letters.have_all(text)) {
        return vec![(all, text)];
    }
    let mut parts: Vec<(&'static Letters, Range<usize>)> = Vec::new();
    let mut add = |letters: &'static Letters, range: Range<usize>| match parts.last_mut() {
        Some((last, before)) if std::ptr::eq(*last, letters) => before.end = range.end,
        _ => parts.push((letters, range)),
    };
    for (start, word) in words(text) {
        match letters(weight).find(|letters| letters.have_all(word)) {
            Some(letters) => add(letters, start..start + word.len()),
            None => {
                for (at, sign) in word.char_indices() {
                    let having = letters(weight).find(|letters| letters.have(sign));
                    let range = start + at..start + at + sign.len_utf8();
                    if let Some(letters) = having.or_else(|| letters(weight).next()) {
                        add(letters, range);
                    }
                }
            }
        }
    }
    parts.into_iter().map(|(letters, range)| (letters, &text[range])).collect()
}

/// The words of a text, each with the blanks behind it and where it begins.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    text.split_inclusive(' ').map(move |word| {
        let at = start;
        start += word.len();
        (at, word)
    })
}

impl Piece {
    fn shape(letters: &'static Letters, text: &str, start: usize, is_rtl: bool) -> Self {
        // Letters are not taken apart where they need not be: a letter that is one glyph can be read again. Those of Arabic, which join, do need it.
        let whole = Feature::new(ttf_parser::Tag::from_bytes(b"ccmp"), 0, ..);
        let whole = (!is_rtl).then(|| letters.shaped(text, false, &[whole])).filter(|shaped| {
            let infos = shaped.glyph_infos();
            infos.iter().all(|info| info.glyph_id > 0) && infos.windows(2).all(|pair| pair[0].cluster < pair[1].cluster)
        });
        let shaped = whole.unwrap_or_else(|| letters.shaped(text, is_rtl, &[]));
        let units = letters.face.units_per_em() as f32;
        let starts: Vec<usize> = shaped.glyph_infos().iter().map(|info| info.cluster as usize).collect();
        // A cluster ends where the next one begins, in the order of the text.
        let mut ends: Vec<usize> = starts.clone();
        ends.push(text.len());
        ends.sort_unstable();
        ends.dedup();
        let end_of = |start: usize| ends.iter().copied().find(|end| *end > start).unwrap_or(text.len());
        let glyphs = shaped.glyph_infos().iter().zip(shaped.glyph_positions()).map(|(info, position)| {
            let start = info.cluster as usize;
            KrillaGlyph::new(
                GlyphId::new(info.glyph_id),
                position.x_advance as f32 / units,
                position.x_offset as f32 / units,
                position.y_offset as f32 / units,
                position.y_advance as f32 / units,
                start..end_of(start),
                None,
            )
        });
        let glyphs: Vec<KrillaGlyph> = glyphs.collect();
        let width = glyphs.iter().map(|glyph| glyph.x_advance).sum();
        Self { letters, text: text.to_owned(), start, is_rtl, glyphs, width }
    }
}
