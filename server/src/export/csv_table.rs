use std::{
    borrow::Cow,
    io::{self, Write},
};

use chrono::{DateTime, Utc};
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
        let mut table = Self::going_on(into);
        table.row(columns)?;
        Ok(table)
    }

    /// What goes on a table that was begun elsewhere: its rows alone.
    pub(crate) fn going_on(into: W) -> Self {
        Self(WriterBuilder::new().terminator(Terminator::CRLF).from_writer(into))
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
