use std::io::{self, BufRead, BufReader, Cursor, Read};

use calamine::{DataRef, Reader as _, Xlsx};
use quick_xml::events::Event;

use super::read_table::{FileFault, LARGEST_FILE, MOST_CELLS, MOST_OF_SHEET, Recognised, Table};

/// The most cells of a row of a workbook that are looked at, with those that are empty: a program may give some of these a look of their own.
const MOST_LOOKED_AT: usize = 4 * MOST_CELLS;

/// What the sheets of a workbook may unpack to, in bytes, and everything else in it: that is held in memory.
const LARGEST_SHEETS: u64 = 512 << 20;
const LARGEST_REST: u64 = 24 << 20;

/// What a cell of a sheet may unpack to, in bytes, and whatever stands between two: that is held in memory, too. Spreadsheet programs let a cell have
/// 32,767 letters.
const LARGEST_CELL: u64 = 1 << 20;

/// How deep the elements of a sheet may be within each other.
const DEEPEST: usize = 64;

/// The first sheet of a workbook, as a table.
pub(super) fn read_workbook(bytes: &[u8]) -> Result<Table, FileFault> {
    weigh(bytes)?;
    let unreadable = |error: calamine::XlsxError| FileFault::Workbook(error.to_string());
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;
    let sheets = workbook.sheet_names();
    let sheet = sheets.first().cloned().ok_or(FileFault::Empty)?;
    let from_1904 = workbook.has_1904_epoch();
    let mut table = Table::new(Recognised::Xlsx { sheet: sheet.clone(), others: sheets.len() - 1, from_1904 });
    let mut cells = workbook.worksheet_cells_reader(&sheet).map_err(unreadable)?;
    // A sheet may say that it has a million rows and sixteen thousand columns; so only cells that are there take room.
    let mut row: Vec<String> = Vec::new();
    let mut line = 0;
    let (mut of_row, mut of_sheet, mut of_text) = (0_usize, 0_usize, 0_usize);
    while let Some(cell) = cells.next_cell().map_err(unreadable)? {
        let (at, column) = cell.get_position();
        let at = at + 1;
        // A file of a megabyte can name millions of cells, so it is left where it stops being a list.
        of_row = if at == line { of_row + 1 } else { 1 };
        of_sheet += 1;
        if of_row > MOST_LOOKED_AT {
            return Err(FileFault::TooWide { line: at });
        }
        if of_sheet > MOST_OF_SHEET {
            return Err(FileFault::TooManyCells { line: at });
        }
        if at < line {
            return Err(FileFault::Workbook(format!("its rows are out of order at line {at}")));
        }
        if at > line {
            if line > 0 {
                table.push(line, row.iter().map(String::as_str))?;
            }
            row.clear();
            line = at;
        }
        let column = column as usize;
        let text = text_of(cell.get_value());
        if text.is_empty() {
            continue;
        }
        // A text that stands in it once can be meant by every cell.
        of_text += text.len();
        if of_text > LARGEST_FILE {
            return Err(FileFault::Bomb);
        }
        if column >= MOST_CELLS {
            return Err(FileFault::TooWide { line });
        }
        if row.len() <= column {
            row.resize(column + 1, String::new());
        }
        if text.contains('\0') {
            return Err(FileFault::Nul { line });
        }
        row[column] = text;
    }
    if line > 0 {
        table.push(line, row.iter().map(String::as_str))?;
    }
    table.finish()
}

/// Unpacks a workbook once, keeping nothing: what a file says of its own size need not be true.
fn weigh(bytes: &[u8]) -> Result<(), FileFault> {
    let unreadable = |error: zip::result::ZipError| FileFault::Workbook(error.to_string());
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(unreadable)?;
    if archive.len() > 4096 {
        return Err(FileFault::Bomb);
    }
    let mut is_workbook = false;
    let (mut sheets, mut rest) = (0, 0);
    for place in 0..archive.len() {
        let entry = archive.by_index(place).map_err(unreadable)?;
        let name = entry.name().map_err(unreadable)?.to_lowercase();
        is_workbook |= name == "xl/workbook.xml";
        if name == "mimetype" || name == "word/document.xml" {
            return Err(FileFault::OtherKind("no workbook of Excel"));
        }
        // These are held as a whole, wherever a workbook says that they are.
        let is_held = ["workbook.xml", "sharedstrings.xml", "styles.xml"].iter().any(|held| name.ends_with(held));
        if name.starts_with("xl/worksheets/") && name.ends_with(".xml") && !is_held {
            sheets += weigh_sheet(entry, LARGEST_SHEETS - sheets)?;
        } else {
            let read = io::copy(&mut entry.take(LARGEST_REST + 1 - rest), &mut io::sink());
            rest += read.map_err(|error| FileFault::Workbook(error.to_string()))?;
            if rest > LARGEST_REST {
                return Err(FileFault::Bomb);
            }
        }
    }
    if is_workbook { Ok(()) } else { Err(FileFault::OtherKind("no workbook of Excel")) }
}

/// Reads a sheet once, keeping no more of it than a cell, and gives to how many bytes it unpacks, which are at most so many.
fn weigh_sheet(sheet: impl Read, most: u64) -> Result<u64, FileFault> {
    let weighed = Weighed { inner: BufReader::new(sheet), most, all: 0, since: 0 };
    let mut reader = quick_xml::Reader::from_reader(weighed);
    let mut buffer = Vec::new();
    let (mut depth, mut cell) = (0_usize, None);
    loop {
        buffer.clear();
        let event = match reader.read_event_into(&mut buffer) {
            Ok(event) => event,
            Err(_) if reader.get_ref().is_too_much() => return Err(FileFault::Bomb),
            Err(error) => return Err(FileFault::Workbook(error.to_string())),
        };
        match event {
            Event::Start(start) => {
                depth += 1;
                if cell.is_none() && start.local_name().into_inner() == "c" {
                    cell = Some(depth);
                }
            }
            Event::End(_) => {
                cell = cell.filter(|cell| *cell != depth);
                depth = depth.saturating_sub(1);
            }
            Event::Eof => return Ok(reader.get_ref().all),
            _ => {}
        }
        if depth > DEEPEST {
            return Err(FileFault::Bomb);
        }
        if cell.is_none() {
            reader.get_mut().since = 0;
        }
    }
}

/// What is read of a sheet, counted: it stops where that is too much.
struct Weighed<R> {
    inner: R,
    /// The most bytes of all.
    most: u64,
    all: u64,
    /// Since the last cell or what stands between two.
    since: u64,
}

impl<R> Weighed<R> {
    fn is_too_much(&self) -> bool {
        self.all > self.most || self.since > LARGEST_CELL
    }
}

impl<R: BufRead> Read for Weighed<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut there = self.fill_buf()?;
        let read = there.read(into)?;
        self.consume(read);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Weighed<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.is_too_much() {
            return Err(io::Error::other("it unpacks to too much"));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, read: usize) {
        self.all += read as u64;
        self.since += read as u64;
        self.inner.consume(read);
    }
}

fn text_of(value: &DataRef<'_>) -> String {
    match value {
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(truth) => if *truth { "TRUE" } else { "FALSE" }.to_owned(),
        DataRef::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows_of(table: &Table) -> Vec<(u32, Vec<&str>)> {
        let cells = |row| (0..table.header().len()).map(move |column| table.cell(row, column)).collect();
        (0..table.len()).map(|row| (table.line(row), cells(row))).collect()
    }

    fn refused(bytes: &[u8]) -> FileFault {
        Table::read(bytes.to_vec(), None).unwrap_err()
    }

    /// A workbook as other programs write it, from the parts of its one sheet.
    fn workbook(rows: &str, strings: &str) -> Vec<u8> {
        workbook_with("", rows, strings)
    }

    /// The same, with what its own properties are.
    fn workbook_with(properties: &str, rows: &str, strings: &str) -> Vec<u8> {
        const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;
        const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in [
            (
                "_rels/.rels",
                format!(
                    r#"<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
                ),
            ),
            (
                "xl/workbook.xml",
                format!(
                    r#"<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{properties}<sheets><sheet name="Learners" sheetId="1" r:id="r1"/></sheets></workbook>"#
                ),
            ),
            (
                "xl/_rels/workbook.xml.rels",
                format!(
                    r#"<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="r3" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>"#
                ),
            ),
            (
                "xl/styles.xml",
                format!(
                    r#"<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#
                ),
            ),
            ("xl/sharedStrings.xml", format!(r#"<sst xmlns="{MAIN}">{strings}</sst>"#)),
            (
                "xl/worksheets/sheet1.xml",
                format!(r#"<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>"#),
            ),
        ] {
            archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            io::Write::write_all(&mut archive, HEAD.as_bytes()).unwrap();
            io::Write::write_all(&mut archive, text.as_bytes()).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }

    #[test]
    fn a_workbook_is_read_with_its_dates_and_numbers() {
        let strings = "<si><t>Name</t></si><si><t>Start date</t></si><si><t>Siân O’Neill</t></si><si><t>ID</t></si>";
        let rows = r#"<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c><c r="C2" t="s"><v>3</v></c></row>
            <row r="4"><c r="A4" t="s"><v>2</v></c><c r="B4" s="1"><v>46266</v></c><c r="C4"><v>12345</v></c></row>
            <row r="5"><c r="A5" t="inlineStr"><is><t>李小龍</t></is></c><c r="C5" t="e"><v>#N/A</v></c></row>"#;
        let table = Table::read(workbook(rows, strings), None).unwrap();
        let sheet = "Learners".to_owned();
        assert_eq!(table.recognised(), &Recognised::Xlsx { sheet, others: 0, from_1904: false });
        assert_eq!(table.header(), ["Name", "Start date", "ID"]);
        assert_eq!(
            rows_of(&table),
            [(4, vec!["Siân O’Neill", "2026-09-01", "12345"]), (5, vec!["李小龍", "", "#N/A"])]
        );
    }

    #[test]
    fn a_workbook_that_counts_days_from_1904_is_read_so() {
        let rows = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>Start date</t></is></c></row>
            <row r="2"><c r="A2" s="1"><v>44804</v></c></row><row r="3"><c r="A3"><v>44804</v></c></row>"#;
        let table = Table::read(workbook_with(r#"<workbookPr date1904="1"/>"#, rows, ""), None).unwrap();
        assert!(matches!(table.recognised(), Recognised::Xlsx { from_1904: true, .. }), "{:?}", table.recognised());
        // A number that is shown as one stays one, and is read by the column that it stands in.
        assert_eq!(rows_of(&table), [(2, vec!["2026-09-01"]), (3, vec!["44804"])]);
        assert!(table.counts_from_1904());
    }

    #[test]
    fn a_workbook_of_millions_of_cells_is_left_where_it_stops_being_a_list() {
        // What stands behind it is no longer read: it could not be.
        let behind = "<row r=\"no number\"/>";
        let cells = r#"<c r="A1" s="1"/>"#.repeat(MOST_LOOKED_AT + 1);
        assert_eq!(
            refused(&workbook(&format!("<row r=\"1\">{cells}</row>{behind}"), "")),
            FileFault::TooWide { line: 1 }
        );
        // As many empty ones as a program may have given a look do no harm.
        let cells = r#"<c r="B1" s="1"/>"#.repeat(MOST_LOOKED_AT - 1);
        let rows = format!(
            r#"<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c>{cells}</row><row r="2"><c r="A2"><v>1</v></c></row>"#
        );
        assert_eq!(rows_of(&Table::read(workbook(&rows, ""), None).unwrap()), [(2, vec!["1"])]);
    }

    #[test]
    fn a_workbook_that_unpacks_to_too_much_is_refused() {
        let bomb = workbook("", &format!("<si><t>{}</t></si>", "x".repeat(25 << 20)));
        assert!(bomb.len() < 100_000, "{}", bomb.len());
        assert_eq!(refused(&bomb), FileFault::Bomb);
        // What one cell holds is in memory at once, be it in one piece or in many, and so is what stands between two cells.
        let cell = |text: &str| {
            format!(
                r#"<row r="1"><c r="A1" t="inlineStr"><is>{text}</is></c></row><row r="2"><c r="A2"><v>1</v></c></row>"#
            )
        };
        let letters = "x".repeat(32_767);
        let table = Table::read(workbook(&cell(&format!("<t>{letters}</t>")), ""), None).unwrap();
        assert_eq!(table.header(), [letters.as_str()]);
        let long = "x".repeat(2 << 20);
        for heavy in [
            cell(&format!("<t>{long}</t>")),
            cell(&format!("<r><t>{letters}</t></r>").repeat(64)),
            cell(&format!("<t>{}</t>", "x<c></c>".repeat(1 << 18))),
            format!("<!--{}-->{}", "<c/>".repeat(1 << 19), cell("<t>x</t>")),
            format!(r#"<row r="1"><c r="A1" s="{long}"/></row>"#),
            format!("{}{}", "<x>".repeat(DEEPEST + 1), "</x>".repeat(DEEPEST + 1)),
        ] {
            assert_eq!(refused(&workbook(&heavy, "")), FileFault::Bomb, "{}", &heavy[..60]);
        }
        // A text that stands in the file once takes its room in each cell that means it.
        let meant = r#"<row><c t="s"><v>0</v></c></row>"#.repeat((LARGEST_FILE >> 20) + 2);
        let once = format!("<si><t>{}</t></si>", "x".repeat(1 << 20));
        assert_eq!(refused(&workbook(&meant, &once)), FileFault::Bomb);
        // Nor does a cell far away take room for all that are before it.
        let far = r#"<row r="1"><c r="XFD1" t="inlineStr"><is><t>x</t></is></c></row>"#;
        assert_eq!(refused(&workbook(far, "")), FileFault::TooWide { line: 1 });
        let far = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>"#;
        assert_eq!(Table::read(workbook(far, ""), None).unwrap().line(0), 1_048_576);
        assert_eq!(refused(&workbook("", "")), FileFault::Empty);
        let whole = workbook("", "");
        for end in (30..whole.len()).step_by(97) {
            assert!(Table::read(whole[..end].to_vec(), None).is_err());
        }
    }
}
