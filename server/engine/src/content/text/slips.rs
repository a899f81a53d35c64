//! Slips of the keyboard that turn Markdown into something else in silence: blanks that Markdown does not take for blanks where
//! it looks for one, boxes of other systems, and feedback that is not indented like the option above it.

use super::{
    Run,
    odd_blanks::{blanks, is_blank, is_odd, is_odd_space, is_unseen},
};

/// What kind of file a text is, as far as its layout goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// Markdown alone, with scenarios in it.
    Page,
    /// Front matter, then Markdown.
    Agreement,
    /// Front matter, then questions.
    Quiz,
}

/// Something that was written in place of what was meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Slip {
    pub(crate) at: usize,
    end: usize,
    /// What was meant.
    pub(crate) with: String,
    pub(crate) kind: Kind,
}

/// What kind of slip it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// So many of a blank, or of a sign that nobody sees, where a plain blank or none belongs.
    Blank(char, usize),
    /// A box as other systems write it.
    Box(String),
    /// A line that stands too far to the left or to the right. Only the first line of a quotation is to be told.
    Indent { told: bool },
}

/// Finds the slips of a text, in the order of their places.
pub(crate) fn slips(text: &str, layout: Layout) -> Vec<Slip> {
    let mut finder = Finder { layout, slips: Vec::new(), fences: Vec::new(), option: None, indented: false };
    let mut in_front = false;
    let mut at = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let bare = line.trim_end_matches(['\n', '\r']);
        // A byte order mark is no part of the first line.
        let mark = if index == 0 && bare.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let line_at = at + mark;
        let bare = &bare[mark..];
        let is_fence = bare.trim_matches(is_blank) == "---";
        if in_front || (index == 0 && is_fence && layout != Layout::Page) {
            // The first such line begins it, the next ends it.
            in_front = is_fence == (index == 0);
            finder.front_line(line_at, bare);
        } else {
            finder.line(line_at, bare);
        }
        at += line.len();
    }
    if layout == Layout::Quiz {
        finder.comments(text);
    }
    let mut slips = finder.slips;
    slips.sort_by_key(|slip| slip.at);
    slips.dedup_by(|later, earlier| later.at < earlier.end);
    slips
}

/// The text as it was meant, which knows where each stretch of it stands in the text as it is.
pub(crate) fn mended(text: &str, slips: &[Slip]) -> Run {
    let mut run = Run::default();
    let mut done = 0;
    for Slip { at, end, with, .. } in slips {
        run.push(&text[done..*at], done..*at);
        run.push(with, *at..*end);
        done = *end;
    }
    run.push(&text[done..], done..text.len());
    run
}

/// The first odd blank on the line of a place that stands outside quotation marks.
pub(crate) fn odd_blank_on_line(text: &str, at: usize) -> Option<(usize, char)> {
    let at = text.floor_char_boundary(at);
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line = text[start..].split('\n').next().unwrap_or_default();
    let mut quoted = false;
    line.char_indices().find_map(|(offset, sign)| {
        quoted ^= sign == '"';
        (is_odd(sign) && !quoted).then_some((start + offset, sign))
    })
}

/// Whether a text of a list item would be taken for one that begins with a box.
pub(crate) fn begins_like_box(text: &str) -> bool {
    box_at(text.trim_start_matches(is_blank)).is_some()
}

struct Fence {
    mark: char,
    length: usize,
    is_scenario: bool,
}

/// An option or a choice to which a quotation below it belongs.
struct Above {
    /// The column in which its text begins, from 0.
    column: usize,
    /// Whether an empty line has followed.
    apart: bool,
}

struct Finder {
    layout: Layout,
    slips: Vec<Slip>,
    fences: Vec<Fence>,
    option: Option<Above>,
    /// Whether the line before was indented wrongly.
    indented: bool,
}

impl Finder {
    /// A line of Markdown.
    fn line(&mut self, at: usize, line: &str) {
        let was_indented = std::mem::take(&mut self.indented);
        if self.closes_fence(at, line) || self.fences.last().is_some_and(|fence| !fence.is_scenario) {
            return;
        }
        if is_rule(line) {
            self.option = None;
            return self.blanks(at, line, 0..line.len(), false);
        }
        let mut place = 0;
        // The column so far, with what was meant in place of what is written.
        let mut column = 0;
        let mut before = ' ';
        loop {
            let start = place;
            place += blanks(&line[start..]);
            let rest = &line[place..];
            let gap = &line[start..place];
            let is_direct = before != ' ' && gap.starts_with(is_odd);
            if rest.is_empty() {
                if before == ' '
                    && let Some(above) = &mut self.option
                {
                    above.apart = true;
                }
                return self.blanks(at, line, start..place, false);
            }
            let gap_columns = columns(gap, column);
            if rest.starts_with('>') {
                if before == ' ' && self.indent(at, line, place, gap_columns, was_indented) {
                    // The whole gap is written anew.
                } else {
                    self.blanks(at, line, start..place, true);
                }
                column += gap_columns + 1;
                place += 1;
                before = '>';
            } else if let Some(length) = list_marker(rest) {
                self.blanks(at, line, start..place, true);
                column += gap_columns + length;
                place += length;
                let gap = &line[place..place + blanks(&line[place..])];
                let width = columns(gap, column);
                let is_in_scenario = self.fences.last().is_some_and(|fence| fence.is_scenario);
                let is_asked = self.layout == Layout::Quiz || is_odd_box(&line[place + gap.len()..]);
                let has_box = is_asked && self.task_box(at, line, place + gap.len());
                if before != '>' && (has_box || is_in_scenario) {
                    let width = if (1..=4).contains(&width) { width } else { 1 };
                    self.option = Some(Above { column: column + width, apart: false });
                } else if before != '>' {
                    self.option = None;
                }
                if gap.starts_with(is_odd) {
                    self.blank_needed(at, line, place..place + gap.len());
                    column += width;
                    place += gap.len();
                    if has_box {
                        return;
                    }
                }
                before = '-';
            } else {
                self.text(at, line, start..place, before, is_direct);
                return;
            }
        }
    }

    /// What follows the markers of a line. `gap` stands before it.
    fn text(&mut self, at: usize, line: &str, gap: std::ops::Range<usize>, before: char, is_direct: bool) {
        let rest = &line[gap.end..];
        let hashes = rest.len() - rest.trim_start_matches('#').len();
        if (1..=6).contains(&hashes) && rest[hashes..].starts_with(is_blank) {
            self.option = None;
            self.blanks(at, line, gap.clone(), true);
            let behind = gap.end + hashes..gap.end + hashes + blanks(&rest[hashes..]);
            if line[behind.clone()].starts_with(is_odd) {
                self.blank_needed(at, line, behind);
            }
        } else if let Some(mark) = fence_mark(rest) {
            let length = rest.len() - rest.trim_start_matches(mark).len();
            let info = rest[length..].trim_matches(is_blank);
            // Three signs and more of them on the same line are code within it.
            if !info.contains(mark) {
                self.fences.push(Fence { mark, length, is_scenario: info == "scenario" });
                self.option = None;
                self.blanks(at, line, gap.clone(), true);
                self.blanks(at, line, gap.end..line.len(), false);
            }
        } else if before == '>' && rest.starts_with("[!") {
            self.blanks(at, line, gap.clone(), true);
            let close = rest.find(']').map_or(0, |close| close + 1);
            let end = if rest[close..].chars().all(is_blank) { rest.len() } else { close };
            self.blanks(at, line, gap.end..gap.end + end, false);
        } else if before == '-' && self.layout == Layout::Quiz && box_at(rest).is_some() {
            // The box itself was seen beside its marker.
            self.blanks(at, line, gap, true);
        } else if is_direct || rest.starts_with(['|', '#']) || rest.starts_with("<!--") || rest.starts_with("**") {
            self.blanks(at, line, gap, true);
        } else if before == ' ' && line[gap.clone()].contains(is_odd_space) {
            self.blanks(at, line, gap, false);
        }
    }

    /// The box that stands at a place, or what was meant for one. Whether there is any.
    fn task_box(&mut self, at: usize, line: &str, place: usize) -> bool {
        let Some((length, ticked)) = box_at(&line[place..]) else { return false };
        let written = &line[place..place + length];
        let behind = place + length..place + length + blanks(&line[place + length..]);
        let meant = if ticked { "[x]" } else { "[ ]" };
        let is_good = written == meant || written == "[X]";
        if !is_good {
            let odd: Vec<char> = written.chars().filter(|sign| is_odd(*sign)).collect();
            let plain: String = written.chars().map(|sign| if is_odd_space(sign) { ' ' } else { sign }).collect();
            let plain: String = plain.chars().filter(|sign| !is_unseen(*sign)).collect();
            let kind = match odd.first() {
                Some(sign) if plain.trim_matches(['[', ']', ' ', 'x', 'X']).is_empty() && plain.starts_with('[') => {
                    Kind::Blank(*sign, odd.len())
                }
                _ => Kind::Box(written.to_owned()),
            };
            let with = if behind.is_empty() { format!("{meant} ") } else { meant.to_owned() };
            self.slips.push(Slip { at: at + place, end: at + place + length, with, kind });
        } else if behind.is_empty() && behind.end < line.len() {
            let (end, with) = (at + place + length, format!("{meant} "));
            self.slips.push(Slip { at: at + place, end, with, kind: Kind::Box(written.to_owned()) });
        }
        if line[behind.clone()].starts_with(is_odd) {
            self.blank_needed(at, line, behind);
        }
        true
    }

    /// Holds the indentation of a quotation against the option above it. Whether it is wrong.
    fn indent(&mut self, at: usize, line: &str, place: usize, indent: usize, was_indented: bool) -> bool {
        let Some(above) = &self.option else { return false };
        if line[place + 1..].trim_start_matches(is_blank).starts_with("**Why:**") || (indent == 0 && above.apart) {
            self.option = None;
            return false;
        }
        let wanted = above.column;
        if (wanted..wanted + 4).contains(&indent) {
            return false;
        }
        let with = " ".repeat(wanted);
        self.slips.push(Slip { at, end: at + place, with, kind: Kind::Indent { told: !was_indented } });
        self.indented = true;
        true
    }

    /// Whether the line ends the innermost fenced block.
    fn closes_fence(&mut self, at: usize, line: &str) -> bool {
        let Some(Fence { mark, length, .. }) = self.fences.last() else { return false };
        let marks = line.trim_start_matches(|sign| is_blank(sign) || sign == '>');
        let behind = marks.trim_start_matches(*mark);
        let closes = marks.len() - behind.len() >= *length && behind.chars().all(is_blank);
        if closes {
            self.fences.pop();
            self.option = None;
            self.blanks(at, line, 0..line.len() - behind.len(), true);
            self.blanks(at, line, line.len() - behind.len()..line.len(), false);
        }
        closes
    }

    /// A line of front matter, or one of the lines around it.
    fn front_line(&mut self, at: usize, line: &str) {
        let mut place = blanks(line);
        self.blanks(at, line, 0..place, true);
        while line[place..].starts_with('-') && line[place + 1..].starts_with(is_blank) {
            let gap = place + 1..place + 1 + blanks(&line[place + 1..]);
            place = gap.end;
            self.blank_needed(at, line, gap);
        }
        let key = line[place..].split_once(':').map(|(key, _)| key);
        let key = key.filter(|key| !key.is_empty() && key.chars().all(|sign| is_name(sign) || is_blank(sign)));
        if let Some(key) = key {
            let colon = place + key.len();
            let name = key.trim_end_matches(is_blank).len();
            self.blanks(at, line, place + name..colon, false);
            let gap = colon + 1..colon + 1 + blanks(&line[colon + 1..]);
            place = gap.end;
            if place < line.len() {
                self.blank_needed(at, line, gap);
            }
        }
        let end = line.trim_end_matches(is_blank).len();
        self.blanks(at, line, end.max(place)..line.len(), false);
    }

    /// The comments of a quiz, but for those that authors write to each other.
    fn comments(&mut self, text: &str) {
        const OPEN: &str = "<!--";
        const LONGEST: usize = 4096;
        let mut done = 0;
        while let Some(start) = text[done..].find(OPEN).map(|start| done + start + OPEN.len()) {
            // Those of questions are short; what does not end before the next empty line is none.
            let stretch = &text[start..text.floor_char_boundary(start + LONGEST)];
            let stretch = stretch.split("\n\n").next().unwrap_or_default();
            let is_text = text[..start - OPEN.len()].ends_with('\\');
            let Some(end) = stretch.find("-->").map(|end| start + end).filter(|_| !is_text) else {
                done = start;
                continue;
            };
            let inner = &text[start..end];
            if !inner.trim_start_matches(|sign: char| is_blank(sign) || sign == '\n').starts_with("note") {
                self.blanks(0, text, start..end, true);
            }
            done = end;
        }
    }

    /// Odd blanks of a stretch of a line: plain ones were meant, or none.
    fn blanks(&mut self, at: usize, line: &str, stretch: std::ops::Range<usize>, plain: bool) {
        let mut last: Option<(char, usize)> = None;
        for (offset, sign) in line[stretch.clone()].char_indices() {
            let place = at + stretch.start + offset;
            let end = place + sign.len_utf8();
            if !is_odd(sign) {
                continue;
            }
            let with = if plain && is_odd_space(sign) { " " } else { "" };
            match (last, self.slips.last_mut()) {
                (Some((same, before)), Some(slip)) if same == sign && before == place => {
                    slip.end = end;
                    slip.with.push_str(with);
                    if let Kind::Blank(_, count) = &mut slip.kind {
                        *count += 1;
                    }
                }
                _ => {
                    self.slips.push(Slip { at: place, end, with: with.to_owned(), kind: Kind::Blank(sign, 1) });
                }
            }
            last = Some((sign, end));
        }
    }

    /// As [`Self::blanks`], where at least one blank belongs.
    fn blank_needed(&mut self, at: usize, line: &str, stretch: std::ops::Range<usize>) {
        let before = self.slips.len();
        let has_blank = line[stretch.clone()].contains([' ', '\t']) || line[stretch.clone()].contains(is_odd_space);
        self.blanks(at, line, stretch, true);
        if !has_blank && let Some(slip) = self.slips.get_mut(before) {
            slip.with.push(' ');
        }
    }
}

/// Whether a line is a rule, an underline, a fence of front matter or the second line of a table.
fn is_rule(line: &str) -> bool {
    // Nearly every line ends here: it begins with a letter.
    if !line.trim_start_matches(is_blank).starts_with(['|', ':', '-', '_', '*', '=']) {
        return false;
    }
    let marks: Vec<char> = line.chars().filter(|sign| !is_blank(*sign)).collect();
    let all = |signs: &str| marks.iter().all(|mark| signs.contains(*mark));
    (marks.contains(&'|') && marks.contains(&'-') && all("|:-"))
        || (marks.len() >= 3 && ["-", "_", "*"].iter().any(|sign| all(sign)))
        || (!marks.is_empty() && all("="))
}

/// The sign of which a text begins with three.
fn fence_mark(text: &str) -> Option<char> {
    [("```", '`'), ("~~~", '~')].into_iter().find_map(|(marks, mark)| text.starts_with(marks).then_some(mark))
}

/// How long the marker of a list item is that a text begins with.
fn list_marker(text: &str) -> Option<usize> {
    let digits = text.len() - text.trim_start_matches(|sign: char| sign.is_ascii_digit()).len();
    let length = match digits {
        0 if text.starts_with(['-', '+', '*']) => 1,
        1..=9 if text[digits..].starts_with(['.', ')']) => digits + 1,
        _ => return None,
    };
    (text.len() == length || text[length..].starts_with(is_blank)).then_some(length)
}

/// How long a box is that a text begins with, of whichever system, and whether it is ticked.
fn box_at(text: &str) -> Option<(usize, bool)> {
    /// Blanks and backslashes included.
    const LONGEST: usize = 12;
    if let Some(sign) = text.chars().next().filter(|sign| "☐☑☒✓✔✅".contains(*sign)) {
        let varies = text[sign.len_utf8()..].starts_with('\u{fe0f}');
        let length = sign.len_utf8() + if varies { '\u{fe0f}'.len_utf8() } else { 0 };
        return Some((length, sign != '☐'));
    }
    let open = text.strip_prefix('\\').unwrap_or(text);
    let close = match open.chars().next()? {
        '[' => ']',
        '(' => ')',
        '［' => '］',
        '（' => '）',
        _ => return None,
    };
    let end = text.char_indices().take(LONGEST).find(|(_, sign)| *sign == close)?.0 + close.len_utf8();
    let inner: String =
        text[..end].chars().filter(|sign| !is_blank(*sign) && !"[](\\)［］（）".contains(*sign)).collect();
    let ticked = match inner.as_str() {
        "" => false,
        "x" | "X" | "*" | "✓" | "✔" | "✗" | "×" | "х" => true,
        _ => return None,
    };
    // A link, and not a box.
    let is_link = close == ']' && text[end..].starts_with(['(', '[', ':']);
    (!is_link).then_some((end, ticked))
}

/// Whether a text begins with a box of Markdown that has odd blanks in it or behind it.
fn is_odd_box(text: &str) -> bool {
    text.starts_with('[')
        && box_at(text).is_some_and(|(length, _)| text[..length].contains(is_odd) || text[length..].starts_with(is_odd))
}

/// How many columns a gap is wide that begins in a column.
fn columns(gap: &str, column: usize) -> usize {
    let end = gap.chars().filter(|sign| !is_unseen(*sign)).fold(column, |column, sign| match sign {
        '\t' => column + 4 - column % 4,
        _ => column + 1,
    });
    end - column
}

fn is_name(sign: char) -> bool {
    sign.is_ascii_alphanumeric() || "_-\"'".contains(sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant(text: &str, layout: Layout) -> String {
        mended(text, &slips(text, layout)).text().to_owned()
    }

    #[test]
    fn odd_blanks_are_found_at_places_of_syntax_and_nowhere_else() {
        for odd in ['\u{a0}', '\u{2007}', '\u{202f}', '\u{3000}', '\u{2009}', '\u{b}'] {
            for text in [
                "## Head",
                "- Item",
                "* Item",
                "1. Item",
                "1) Item",
                "> Said",
                "> [!NOTE]",
                "  > Said",
                "- [x] Box",
                "- [ ] Box",
                "| a |\n| --- | --- |",
                "   indented",
                "```scenario\n- One\n  > Two\n```",
                "---",
                "> **Why:** so",
            ] {
                for (place, _) in text.match_indices(' ') {
                    // Within text they are an author's own.
                    if text[..place].ends_with(['a', 'y', ':', '*']) {
                        continue;
                    }
                    let written = format!("{}{odd}{}", &text[..place], &text[place + 1..]);
                    let is_leading =
                        text[..place].trim().is_empty() && text.trim_start().starts_with(char::is_alphabetic);
                    let is_cell = text[..place].ends_with('|') || text[place..].starts_with(" |");
                    let found = slips(&written, Layout::Quiz);
                    if !is_cell || place > 5 {
                        assert_eq!(found.len(), 1, "{written:?}: {found:?}");
                    }
                    if !is_leading && !is_cell {
                        assert_eq!(meant(&written, Layout::Quiz), text, "{written:?}");
                    }
                }
            }
        }
        for good in [
            "5\u{a0}MB",
            "« Oui\u{202f}! »",
            "- 5\u{a0}MB",
            "می\u{200c}خواهم",
            "> a\u{a0}b",
            "## Part\u{a0}2",
            "👩\u{200d}🎓",
        ] {
            assert_eq!(slips(good, Layout::Quiz), [], "{good:?}");
        }
        assert_eq!(slips("```\n-\u{a0}code\n```\n", Layout::Page), []);
    }

    #[test]
    fn signs_that_nobody_sees_are_taken_away_where_they_change_what_is_meant() {
        for (written, text) in [
            ("\u{200b}- [x] A", "- [x] A"),
            ("-\u{200b}[x] A", "- [x] A"),
            ("- [\u{200b}x] A", "- [x] A"),
            ("- [x]\u{feff}A", "- [x] A"),
            ("\u{200f}## A", "## A"),
            ("> [!NO\u{ad}TE]\u{200b}", "> [!NOTE]"),
            ("\u{feff}## A", "\u{feff}## A"),
            ("A\n\u{feff}## A", "A\n## A"),
            ("A\n\u{200b}\nB", "A\n\nB"),
        ] {
            assert_eq!(meant(written, Layout::Page), text, "{written:?}");
        }
    }

    #[test]
    fn front_matter_and_comments_are_read_as_they_are_meant() {
        let quiz = "---\u{a0}\n\u{a0}pass\u{a0}:\u{a0}80%\u{a0}\npools:\n\u{a0} law: 1\nlist:\n-\u{a0}a b\n\u{200b}---\n\n## A\u{a0}b\n\
                    <!--\u{a0}id:\u{200b} a; page: b -->\n<!-- note: a\u{a0}b -->\n";
        let text = "---\n pass: 80%\npools:\n  law: 1\nlist:\n- a b\n---\n\n## A\u{a0}b\n<!-- id: a; page: b -->\n<!-- note: a\u{a0}b -->\n";
        assert_eq!(meant(quiz, Layout::Quiz), text);
    }

    #[test]
    fn boxes_of_other_systems_are_boxes() {
        for (written, text) in [
            ("- (x) A", "- [x] A"),
            ("1. ( ) A", "1. [ ] A"),
            ("- \\[x\\] A", "- [x] A"),
            ("- \\[ ] A", "- [ ] A"),
            ("- [] A", "- [ ] A"),
            ("- [ x ] A", "- [x] A"),
            ("- [*] A", "- [x] A"),
            ("- [x]A", "- [x] A"),
            ("- ☐ A", "- [ ] A"),
            ("- ☑\u{fe0f} A", "- [x] A"),
            ("- （x） A", "- [x] A"),
        ] {
            assert_eq!(meant(written, Layout::Quiz), text);
            assert_eq!(slips(written, Layout::Page), [], "{written}");
        }
        for good in
            ["- [x] A", "- [X] A", "- [ ] A", "- [x](a.md)", "- [a] b", "- (a) b", "1. (Optional) c", "- &#91;x] A"]
        {
            assert_eq!(slips(good, Layout::Quiz), [], "{good}");
        }
    }

    #[test]
    fn feedback_belongs_below_the_text_of_its_option() {
        for (written, text) in [
            ("1. [ ] A\n  > No.\n  > Never.\n2. [x] B\n", "1. [ ] A\n   > No.\n   > Never.\n2. [x] B\n"),
            ("1. [ ] A\n> No.\n2. [x] B\n", "1. [ ] A\n   > No.\n2. [x] B\n"),
            ("10. [ ] A\n   > No.\n", "10. [ ] A\n    > No.\n"),
            ("- [ ] A\n        > No.\n", "- [ ] A\n  > No.\n"),
            ("- [ ] A\n\n > No.\n", "- [ ] A\n\n  > No.\n"),
            ("1. [ ] A\n\u{a0}\u{a0}\u{a0}> No.\n", "1. [ ] A\n   > No.\n"),
        ] {
            assert_eq!(meant(written, Layout::Quiz), text);
            assert_eq!(
                slips(written, Layout::Quiz).iter().filter(|slip| slip.kind != Kind::Indent { told: false }).count(),
                1
            );
        }
        for good in [
            "1. [ ] A\n   > No.\n",
            "1. [ ] A\n\t> No.\n",
            "- [ ] A\n\n> **Why:** so\n",
            "- [ ] A\n\n> Said\n",
            "1. One\n> Said\n",
        ] {
            assert_eq!(slips(good, Layout::Quiz), [], "{good:?}");
        }
        let scenario = "```scenario\nOne.\n\n- Go\n> Gone\n```\n";
        assert_eq!(meant(scenario, Layout::Page), scenario.replace("> Gone", "  > Gone"));
        assert_eq!(slips("- Go\n> Gone\n", Layout::Page), []);
    }
}
