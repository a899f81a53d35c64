use csv::{ReaderBuilder, StringRecord};
use encoding_rs::Encoding;

use super::{
    decode::{count_lines, decode},
    read_workbook::read_workbook,
};

/// The largest file that is read, in bytes.
pub const LARGEST_FILE: usize = 32 << 20;

/// The most lines that are read.
const MOST_LINES: usize = 200_000;

/// The most cells that a line may have.
pub(super) const MOST_CELLS: usize = 256;

/// The most cells of a sheet that are looked at: a list of as many lines as are read, with twenty columns.
pub(super) const MOST_OF_SHEET: usize = 20 * MOST_LINES;

/// Why a file is refused as a whole. Its text says what whoever has the file can do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileFault {
    /// Nothing stands in it.
    #[error("the file is empty")]
    Empty,
    /// It has more bytes than are read.
    #[error("the file is larger than {} MiB: bring people in with several files", LARGEST_FILE >> 20)]
    TooLarge,
    /// It has more lines than are read.
    #[error("line {line}: no more than {MOST_LINES} lines are read: bring people in with several files")]
    TooLong {
        /// The first that is too many.
        line: u32,
    },
    /// A line has more cells than are read.
    #[error("line {line}: no more than {MOST_CELLS} columns are read")]
    TooWide {
        /// Which.
        line: u32,
    },
    /// It has bytes that are nothing in the encoding that the rest of it is in.
    #[error("line {line}: this is not {encoding}, which the rest of the file is: save the file anew as “CSV UTF-8”")]
    Broken {
        /// Where.
        line: u32,
        /// What the rest is.
        encoding: String,
    },
    /// It has a NUL, which no text has.
    #[error("line {line}: there is a NUL character, which no text has: the file is damaged, or is no CSV")]
    Nul {
        /// Where.
        line: u32,
    },
    /// A quotation mark that begins a cell and has no other that ends it.
    #[error("line {line}: the quotation mark that begins here is never closed")]
    OpenQuote {
        /// Where it begins.
        line: u32,
    },
    /// A workbook that unpacks to far more than it should.
    #[error("the workbook unpacks to far more than a list of people needs; it is not read")]
    Bomb,
    /// A sheet with more cells than are looked at, most of them empty or beside the list.
    #[error(
        "line {line}: no more than {MOST_OF_SHEET} cells of a sheet are read: copy the list alone into a new workbook, or bring people in with several files"
    )]
    TooManyCells {
        /// The first that is too many.
        line: u32,
    },
    /// A workbook that cannot be read.
    #[error("the workbook cannot be read: {0}; save it anew as .xlsx, or as “CSV UTF-8”")]
    Workbook(String),
    /// Of a kind that is not read.
    #[error("this is {0}: save it as .xlsx, or as “CSV UTF-8”")]
    OtherKind(&'static str),
}

/// How a file is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recognised {
    /// A text with separators.
    Csv {
        /// The name of its encoding.
        encoding: String,
        /// What stands between its cells.
        delimiter: char,
    },
    /// A workbook.
    Xlsx {
        /// The sheet that was read: the first.
        sheet: String,
        /// How many sheets were not.
        others: usize,
        /// Whether it counts days from 1904 on, and not from 1900.
        from_1904: bool,
    },
}

/// What stands in a file: a header, and rows of as many cells, each with the line on which it begins. Cells lie one after the other in one
/// text, because a hundred thousand lines of small texts would take several times the room.
#[derive(Debug)]
pub struct Table {
    recognised: Recognised,
    header: Vec<String>,
    text: String,
    ends: Vec<u32>,
    lines: Vec<u32>,
    /// Lines with more cells than the header, and how many.
    too_wide: Vec<(u32, usize)>,
}

impl Table {
    /// Reads a file, whichever of CSV and XLSX it is. `encoding`: somebody said how its text is written.
    ///
    /// # Errors
    /// [`FileFault`] says why it is refused.
    pub fn read(bytes: Vec<u8>, encoding: Option<&str>) -> Result<Self, FileFault> {
        if bytes.len() > LARGEST_FILE {
            return Err(FileFault::TooLarge);
        }
        if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
            return read_workbook(&bytes);
        }
        for (mark, kind) in [
            (&b"\xD0\xCF\x11\xE0"[..], "a workbook of an old kind (.xls), or one with a password"),
            (b"%PDF", "a PDF"),
            (b"{\\rtf", "a text document"),
            (b"\x1F\x8B", "a compressed file"),
        ] {
            if bytes.starts_with(mark) {
                return Err(FileFault::OtherKind(kind));
            }
        }
        read_csv(bytes, encoding.and_then(|label| Encoding::for_label(label.as_bytes())))
    }

    /// Whether there is an encoding of that name.
    #[must_use]
    pub fn knows_encoding(name: &str) -> bool {
        Encoding::for_label(name.as_bytes()).is_some()
    }

    /// How the file is written.
    #[must_use]
    pub fn recognised(&self) -> &Recognised {
        &self.recognised
    }

    /// Whether days that are written as numbers are counted from 1904 on. A text does not say, and most count from 1900.
    pub(super) fn counts_from_1904(&self) -> bool {
        matches!(self.recognised, Recognised::Xlsx { from_1904: true, .. })
    }

    /// The names of its columns.
    #[must_use]
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// How many rows there are below the header.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The line on which a row begins, as editors and spreadsheet programs count.
    pub(super) fn line(&self, row: usize) -> u32 {
        self.lines[row]
    }

    /// Lines with more cells than the header, and how many.
    pub(super) fn too_wide(&self) -> &[(u32, usize)] {
        &self.too_wide
    }

    /// What stands in a cell, without outer blanks, and without the apostrophe by which a spreadsheet program is kept from calculating.
    pub(super) fn cell(&self, row: usize, column: usize) -> &str {
        let place = row * self.header.len() + column;
        let begin = if place == 0 { 0 } else { self.ends[place - 1] as usize };
        let cell = self.text[begin..self.ends[place] as usize].trim();
        match cell.strip_prefix('\'') {
            Some(rest) if rest.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) => {
                rest.trim()
            }
            _ => cell,
        }
    }

    pub(super) fn new(recognised: Recognised) -> Self {
        Self {
            recognised,
            header: Vec::new(),
            text: String::new(),
            ends: Vec::new(),
            lines: Vec::new(),
            too_wide: Vec::new(),
        }
    }

    /// Takes the next row; the first is the header. One without anything in it is passed over.
    pub(super) fn push<'c>(
        &mut self,
        line: u32,
        cells: impl ExactSizeIterator<Item = &'c str> + Clone,
    ) -> Result<(), FileFault> {
        if cells.len() > MOST_CELLS {
            return Err(FileFault::TooWide { line });
        }
        let used = cells.clone().enumerate().filter(|(_, cell)| !cell.trim().is_empty());
        let Some(last) = used.map(|(place, _)| place).last() else { return Ok(()) };
        if self.header.is_empty() {
            self.header = cells.take(last + 1).map(|cell| cell.trim().to_owned()).collect();
            return Ok(());
        }
        if self.lines.len() == MOST_LINES {
            return Err(FileFault::TooLong { line });
        }
        if last >= self.header.len() {
            self.too_wide.push((line, last + 1));
        }
        let mut cells = cells;
        for _ in 0..self.header.len() {
            self.text.push_str(cells.next().unwrap_or_default());
            self.ends.push(u32::try_from(self.text.len()).map_err(|_| FileFault::TooLarge)?);
        }
        self.lines.push(line);
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<Self, FileFault> {
        if self.header.is_empty() {
            return Err(FileFault::Empty);
        }
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
        self.lines.shrink_to_fit();
        Ok(self)
    }
}

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

fn read_csv(bytes: Vec<u8>, encoding: Option<&'static Encoding>) -> Result<Table, FileFault> {
    let decoded = decode(bytes, encoding)?;
    let mut text = decoded.text.as_str();
    let mut skipped = 0;
    let mut delimiter = None;
    // Excel writes a line of its own that names what separates cells.
    let first = text.lines().next().unwrap_or_default();
    if let Some(&[said]) = first.trim_matches(['"', ' ']).strip_prefix("sep=").map(str::as_bytes) {
        delimiter = Some(said);
        let end = first.len() + text[first.len()..].find('\n').map_or(0, |end| end + 1);
        skipped = count_lines(&text.as_bytes()[..end]);
        text = &text[end..];
    }
    let delimiter = delimiter.unwrap_or_else(|| find_delimiter(text));
    if let Some(line) = find_open_quote(text.as_bytes(), delimiter) {
        return Err(FileFault::OpenQuote { line: line + skipped });
    }
    let mut table = Table::new(Recognised::Csv { encoding: decoded.encoding, delimiter: char::from(delimiter) });
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let mut record = StringRecord::new();
    let (mut counted_to, mut line) = (0, skipped + 1);
    loop {
        let before = place(reader.position());
        let read = reader.read_record(&mut record);
        if !read.map_err(|_| FileFault::Broken { line, encoding: "UTF-8".to_owned() })? {
            break;
        }
        // Lines without anything on them are passed over, and count.
        let blank = text.as_bytes()[before..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let begin = before + blank;
        line += count_lines(&text.as_bytes()[counted_to..begin]);
        counted_to = begin;
        table.push(line, Cells::of(&record))?;
    }
    table.finish()
}

fn place(position: &csv::Position) -> usize {
    usize::try_from(position.byte()).unwrap_or(usize::MAX)
}

/// The cells of a record, counted.
#[derive(Clone)]
struct Cells<'r> {
    record: &'r StringRecord,
    next: usize,
}

impl<'r> Cells<'r> {
    fn of(record: &'r StringRecord) -> Self {
        Self { record, next: 0 }
    }
}

impl<'r> Iterator for Cells<'r> {
    type Item = &'r str;

    fn next(&mut self) -> Option<&'r str> {
        let cell = self.record.get(self.next)?;
        self.next += 1;
        Some(cell)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.record.len() - self.next;
        (left, Some(left))
    }
}

impl ExactSizeIterator for Cells<'_> {}

/// What stands most often between the names of columns.
fn find_delimiter(text: &str) -> u8 {
    let header = text.trim_start_matches(['\r', '\n']);
    let mut counts = [0_usize; DELIMITERS.len()];
    let mut quoted = false;
    for byte in header.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            byte if !quoted => {
                if let Some(place) = DELIMITERS.iter().position(|delimiter| *delimiter == byte) {
                    counts[place] += 1;
                }
            }
            _ => {}
        }
    }
    // Of those that stand there equally often, the first.
    let most = counts.iter().copied().max().unwrap_or_default();
    let place = counts.iter().position(|count| *count == most).unwrap_or_default();
    DELIMITERS[place]
}

/// The line on which a quotation mark opens a cell that is never closed.
fn find_open_quote(bytes: &[u8], delimiter: u8) -> Option<u32> {
    let mut opened = None;
    let mut at_start = true;
    let mut place = 0;
    while let Some(byte) = bytes.get(place) {
        if opened.is_some() {
            if *byte == b'"' {
                if bytes.get(place + 1) == Some(&b'"') {
                    place += 1;
                } else {
                    opened = None;
                }
            }
            at_start = false;
        } else {
            if *byte == b'"' && at_start {
                opened = Some(place);
            }
            at_start = *byte == delimiter || matches!(byte, b'\r' | b'\n');
        }
        place += 1;
    }
    opened.map(|place| count_lines(&bytes[..place]) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Table {
        Table::read(text.as_bytes().to_vec(), None).unwrap()
    }

    fn rows_of(table: &Table) -> Vec<(u32, Vec<&str>)> {
        let cells = |row| (0..table.header().len()).map(move |column| table.cell(row, column)).collect();
        (0..table.len()).map(|row| (table.line(row), cells(row))).collect()
    }

    fn refused(bytes: &[u8]) -> FileFault {
        Table::read(bytes.to_vec(), None).unwrap_err()
    }

    #[test]
    fn lines_are_counted_as_editors_count_them() {
        let table = read("\r\nname,email\r\n\r\n\"Amy\r\nArcher\",a\r\n\r\nBen,b\r\n,\r\nCora,c");
        assert_eq!(table.header(), ["name", "email"]);
        assert_eq!(rows_of(&table), [(4, vec!["Amy\r\nArcher", "a"]), (7, vec!["Ben", "b"]), (9, vec!["Cora", "c"])]);
        let table = read("name\rAmy\rBen\r");
        assert_eq!(rows_of(&table), [(2, vec!["Amy"]), (3, vec!["Ben"])]);
    }

    #[test]
    fn each_separator_is_recognised() {
        for (text, delimiter) in [
            ("name,email\nAmy,a\n", ','),
            ("name;email\nAmy;a\n", ';'),
            ("name\temail\nAmy\ta\n", '\t'),
            ("name|email\nAmy|a\n", '|'),
            ("\"name, and, more\";email\nAmy;a\n", ';'),
            ("sep=;\nname;email\nAmy;a\n", ';'),
            ("name\nAmy\n", ','),
        ] {
            let table = read(text);
            let Recognised::Csv { delimiter: found, .. } = table.recognised() else { panic!("CSV") };
            assert_eq!(*found, delimiter, "{text:?}");
            assert_eq!(table.cell(0, 0), "Amy");
        }
        assert_eq!(read("sep=;\r\nname;email\r\nAmy;a\r\n").line(0), 3);
    }

    #[test]
    fn what_kept_a_spreadsheet_from_calculating_is_taken_away_again() {
        let table = read("name,email\n'=1+1,'@home\n'tis,O'Neill\n");
        assert_eq!(rows_of(&table), [(2, vec!["=1+1", "@home"]), (3, vec!["'tis", "O'Neill"])]);
    }

    #[test]
    fn short_lines_are_filled_up_and_long_ones_are_said() {
        let table = read("name,email,group\nAmy\nBen,b,g,more\nCora,c,g,,,\n");
        assert_eq!(rows_of(&table)[0], (2, vec!["Amy", "", ""]));
        assert_eq!(table.too_wide(), [(3, 4)]);
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_its_line() {
        assert_eq!(refused(b""), FileFault::Empty);
        assert_eq!(refused(b"\n , \n"), FileFault::Empty);
        assert_eq!(refused(b"name\nAmy\n\"Ben\nCora\n"), FileFault::OpenQuote { line: 3 });
        assert_eq!(refused(b"name\nAm\"y\n\"Ben \"\" \"\nCora,\"x"), FileFault::OpenQuote { line: 4 });
        assert_eq!(
            refused(&[b"name\n".repeat(MOST_LINES + 1), b"x".to_vec()].concat()),
            FileFault::TooLong { line: 200_002 }
        );
        assert_eq!(refused(format!("name\n{}", ",x".repeat(300)).as_bytes()), FileFault::TooWide { line: 2 });
        assert_eq!(refused(&vec![b'x'; LARGEST_FILE + 1]), FileFault::TooLarge);
        assert!(matches!(refused(b"%PDF-1.7"), FileFault::OtherKind(_)));
        assert!(matches!(refused(b"PK\x03\x04rubbish"), FileFault::Workbook(_)));
    }
}
