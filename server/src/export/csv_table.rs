use std::{
    borrow::Cow,
    io::{self, Write},
};

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use csv::{Terminator, Writer, WriterBuilder};
use engine::local;

/// A table as CSV (RFC 4180) that spreadsheet programs open as it is: it says that it is UTF-8, and no cell of it is a formula.
pub(crate) struct CsvTable<W: Write>(Writer<W>);

impl<W: Write> CsvTable<W> {
    /// A table whose columns have these names, written into `into` as it is made.
    ///
    /// # Errors
    /// What writing gives; of the others, too.
    pub(crate) fn new(mut into: W, columns: impl IntoIterator<Item = impl AsRef<str>>) -> io::Result<Self> {
        // Without this mark, Excel takes UTF-8 for the code page of its country.
        into.write_all("\u{feff}".as_bytes())?;
        let mut table = Self(WriterBuilder::new().terminator(Terminator::CRLF).from_writer(into));
        table.row(columns)?;
        Ok(table)
    }

    /// Writes one more row.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = impl AsRef<str>>) -> io::Result<()> {
        for cell in cells {
            self.0.write_field(harmless(cell.as_ref()).as_ref())?;
        }
        Ok(self.0.write_record(None::<&[u8]>)?)
    }

    /// Writes what is left of it, and gives back where it was written.
    pub(crate) fn finish(mut self) -> io::Result<W> {
        self.0.flush()?;
        self.0.into_inner().map_err(csv::IntoInnerError::into_error)
    }
}

/// Rows by the same rules, written one cell after the other into memory: for a table with a million cells, where a text of its own for each
/// would cost more than all that is written.
pub(super) struct CsvRows {
    written: Vec<u8>,
    goes_on: bool,
}

impl CsvRows {
    /// None yet, with room for so many bytes.
    pub(super) fn with_room(bytes: usize) -> Self {
        Self { written: Vec::with_capacity(bytes), goes_on: false }
    }

    /// Writes a cell with any text.
    pub(super) fn cell(&mut self, text: &str) {
        self.begin();
        let text = harmless(text);
        if text.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\r' | b'\n')) {
            self.written.push(b'"');
            for byte in text.bytes() {
                if byte == b'"' {
                    self.written.push(b'"');
                }
                self.written.push(byte);
            }
            self.written.push(b'"');
        } else {
            self.written.extend_from_slice(text.as_bytes());
        }
    }

    /// Writes a cell with a number, or an empty one.
    pub(super) fn number(&mut self, number: Option<u32>) {
        self.begin();
        let Some(number) = number else { return };
        let mut place = 1;
        while number / place >= 10 {
            place *= 10;
        }
        while place > 0 {
            self.written.push(digit(number / place));
            place /= 10;
        }
    }

    /// Writes a cell with a day as `2026-09-01`, or an empty one.
    pub(super) fn day(&mut self, day: Option<NaiveDate>) {
        let Some(day) = day else {
            self.begin();
            return;
        };
        let (year, month, of_month) = (day.year(), day.month(), day.day());
        match u32::try_from(year) {
            Ok(year) if year < 10_000 => {
                self.begin();
                self.written.extend_from_slice(&[
                    digit(year / 1000),
                    digit(year / 100),
                    digit(year / 10),
                    digit(year),
                    b'-',
                    digit(month / 10),
                    digit(month),
                    b'-',
                    digit(of_month / 10),
                    digit(of_month),
                ]);
            }
            // Such a year has a sign before it.
            _ => self.cell(&day.to_string()),
        }
    }

    /// Ends a row.
    pub(super) fn end(&mut self) {
        self.written.extend_from_slice(b"\r\n");
        self.goes_on = false;
    }

    /// What was written.
    pub(super) fn finish(self) -> Vec<u8> {
        self.written
    }

    fn begin(&mut self) {
        if self.goes_on {
            self.written.push(b',');
        }
        self.goes_on = true;
    }
}

/// The last digit of a number.
fn digit(number: u32) -> u8 {
    b"0123456789"[(number % 10) as usize]
}

/// What spreadsheet programs would calculate is made a text by an apostrophe in front, as OWASP advises ("CSV Injection").
fn harmless(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        format!("'{cell}").into()
    } else {
        cell.into()
    }
}

/// A moment as tables have it, by the clocks of the provider: `2026-09-01 14:05`.
pub(super) fn moment(at: DateTime<Utc>) -> String {
    local(at).format("%Y-%m-%d %H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[[&str; 2]]) -> String {
        let mut table = CsvTable::new(Vec::new(), ["Name", "Note"]).unwrap();
        for row in rows {
            table.row(row.iter().copied()).unwrap();
        }
        String::from_utf8(table.finish().unwrap()).unwrap()
    }

    #[test]
    fn it_says_what_it_is_and_ends_each_line_as_the_standard_does() {
        assert_eq!(
            table(&[["Amy \"A\", Archer", "one\ntwo"]]),
            "\u{feff}Name,Note\r\n\"Amy \"\"A\"\", Archer\",\"one\ntwo\"\r\n"
        );
        assert_eq!(table(&[["", ""]]), "\u{feff}Name,Note\r\n,\r\n");
    }

    #[test]
    fn rows_in_memory_are_the_rows_of_a_table() {
        let texts = [
            "",
            "a",
            "a b",
            " a ",
            "a,b",
            "\"",
            "a\"b\"",
            "one\ntwo",
            "one\rtwo",
            "\r\n",
            "\ttab",
            "a\tb",
            "=1+1",
            "=A,\"B\"",
            "-",
            "@x",
            "＝1",
            "'",
            "é＋",
            "; |",
            "#a",
            "\\",
            "نور",
            "\u{feff}a",
        ];
        let days = [(2026, 9, 1), (1999, 10, 30), (0, 1, 9), (9999, 12, 31), (10_000, 1, 1), (-1, 12, 31)];
        let mut table = CsvTable::new(Vec::new(), ["A", "B"]).unwrap();
        let mut rows = CsvRows::with_room(16);
        for text in texts {
            for other in texts {
                table.row([text, other]).unwrap();
                rows.cell(text);
                rows.cell(other);
                rows.end();
            }
        }
        for (year, month, day) in days {
            let day = NaiveDate::from_ymd_opt(year, month, day).unwrap();
            table.row([day.to_string(), String::new()]).unwrap();
            rows.day(Some(day));
            rows.day(None);
            rows.end();
        }
        for number in [0, 7, 10, 42, 100, 999, u32::MAX] {
            table.row([number.to_string(), String::new()]).unwrap();
            rows.number(Some(number));
            rows.number(None);
            rows.end();
        }
        let table = table.finish().unwrap();
        let head = "\u{feff}A,B\r\n".len();
        assert_eq!(String::from_utf8_lossy(&table[head..]), String::from_utf8_lossy(&rows.finish()));
    }

    #[test]
    fn nothing_in_it_is_calculated() {
        for begins in ["=", "+", "-", "@", "\t", "\r", "\n", "＝"] {
            let cell = format!("{begins}1+1");
            let row = table(&[[&cell, "a"]]);
            let row = row.lines().skip(1).collect::<String>();
            assert!(row.starts_with('\'') || row.starts_with("\"'"), "{row:?}");
        }
        assert_eq!(table(&[["1-1", "a=b"]]), "\u{feff}Name,Note\r\n1-1,a=b\r\n");
    }
}
