//! From byte offsets to lines and columns, and from text that was cut out of a file back to the file.

use std::ops::Range;

/// The line and the column (in characters) of a byte offset, both counted from 1. An offset beyond the text, or within
/// a character, counts as the nearest place before it.
pub(crate) fn place_of(text: &str, at: usize) -> (u32, u32) {
    let before = &text[..text.floor_char_boundary(at)];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.bytes().filter(|&byte| byte == b'\n').count() + 1;
    let column = before[line_start..].chars().count() + 1;
    (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX))
}

/// The places of a text, looked up once and then found without reading the text over and over.
#[derive(Debug)]
pub(crate) struct Places<'t> {
    text: &'t str,
    /// Where each line begins.
    lines: Vec<usize>,
    /// How many characters come before every so many bytes.
    characters: Vec<usize>,
}

impl<'t> Places<'t> {
    const STEP: usize = 256;

    pub(crate) fn of(text: &'t str) -> Self {
        let lines = [0].into_iter().chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let mut characters = vec![0];
        let mut count = 0;
        for stretch in text.as_bytes().chunks(Self::STEP) {
            count += begun_in(stretch);
            characters.push(count);
        }
        Self { text, lines, characters }
    }

    /// What [`place_of`] says.
    pub(crate) fn place(&self, at: usize) -> (u32, u32) {
        let at = self.text.floor_char_boundary(at);
        let line = self.lines.partition_point(|start| *start <= at);
        let start = self.lines.get(line.saturating_sub(1)).copied().unwrap_or_default();
        let column = self.characters_before(at) - self.characters_before(start) + 1;
        (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX))
    }

    fn characters_before(&self, at: usize) -> usize {
        let step = at / Self::STEP;
        let rest = self.text.as_bytes().get(step * Self::STEP..at).unwrap_or_default();
        self.characters.get(step).copied().unwrap_or_default() + begun_in(rest)
    }
}

/// How many characters begin in some bytes of a text.
fn begun_in(bytes: &[u8]) -> usize {
    const CONTINUED: u8 = 0b1000_0000;
    bytes.iter().filter(|byte| **byte & 0b1100_0000 != CONTINUED).count()
}

/// The byte offset of a line and a column (in characters), both counted from 1; the nearest place before it where there is
/// no such place.
pub(crate) fn offset_of(text: &str, line: u64, column: u64) -> usize {
    let before = |number: u64| usize::try_from(number).unwrap_or(usize::MAX).saturating_sub(1);
    let start: usize = text.split_inclusive('\n').take(before(line)).map(str::len).sum();
    text[start..].char_indices().nth(before(column)).map_or(text.len(), |(at, _)| start + at)
}

/// Text together with where each stretch of it stands in its file. The two differ where Markdown takes something away
/// (the `> ` of a quotation, a backslash) or puts something in place (an entity).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Run {
    text: String,
    /// In ascending order of `at`.
    stretches: Vec<Stretch>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Stretch {
    /// Where it begins in the run.
    at: usize,
    /// Where it stands in the file.
    file: Range<usize>,
}

impl Run {
    /// A stretch of a file as it is.
    pub(crate) fn of(text: &str, file_offset: usize) -> Self {
        let mut run = Self::default();
        run.push(text, file_offset..file_offset + text.len());
        run
    }

    /// Appends text that stands at `file` in the file.
    pub(crate) fn push(&mut self, text: &str, file: Range<usize>) {
        self.stretches.push(Stretch { at: self.text.len(), file });
        self.text.push_str(text);
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// What follows an offset into the run.
    pub(crate) fn after(&self, at: usize) -> Self {
        let mut run = Self::default();
        let next = self.stretches.partition_point(|stretch| stretch.at <= at);
        let begun = next.checked_sub(1).and_then(|index| self.stretches.get(index));
        run.stretches.extend(begun.map(|stretch| Stretch { at: 0, file: self.in_file(at)..stretch.file.end }));
        let rest = self.stretches.get(next..).unwrap_or_default();
        run.stretches.extend(rest.iter().map(|stretch| Stretch { at: stretch.at - at, file: stretch.file.clone() }));
        run.text.push_str(&self.text[at..]);
        run
    }

    /// Where an offset into the run stands in the file.
    pub(crate) fn in_file(&self, at: usize) -> usize {
        let next = self.stretches.partition_point(|stretch| stretch.at <= at);
        match next.checked_sub(1).and_then(|index| self.stretches.get(index)) {
            Some(Stretch { at: start, file }) => (file.start + (at - start)).min(file.end),
            None => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_lines_and_characters_from_one() {
        let text = "é\nab";
        let places: Vec<_> = [0, 1, 2, 3, 4, 5, 99].into_iter().map(|at| place_of(text, at)).collect();
        assert_eq!(places, [(1, 1), (1, 1), (1, 2), (2, 1), (2, 2), (2, 3), (2, 3)]);
    }

    #[test]
    fn places_that_were_looked_up_are_the_same() {
        let text = format!("é\n{}\n\na日本\n{}é", "ab日".repeat(200), "x".repeat(600));
        for text in [text.as_str(), "", "\n", "é"] {
            let places = Places::of(text);
            for at in 0..=text.len() + 1 {
                assert_eq!(places.place(at), place_of(text, at), "{at}");
            }
        }
    }

    #[test]
    fn a_run_knows_where_its_stretches_stand() {
        let mut run = Run::of("one ", 10);
        run.push("&", 20..25);
        run.push(" two", 25..29);
        let places: Vec<_> = [0, 3, 4, 5, 8, 99].into_iter().map(|at| run.in_file(at)).collect();
        assert_eq!(places, [10, 13, 20, 25, 28, 29]);
    }
}
