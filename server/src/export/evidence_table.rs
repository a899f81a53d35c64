use std::io;

use chrono::NaiveDate;
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use super::{
    csv_table::CsvTable,
    matrix_xlsx::{Origin, about_rows, properties, write_day},
};

/// In which form a table is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TableKind {
    Csv,
    Xlsx,
}

impl TableKind {
    /// How the names of such files end.
    pub(crate) fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    /// What browsers are told of such a file.
    pub(crate) fn media(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// What stands in a cell.
pub(super) enum Value {
    Text(String),
    Day(Option<NaiveDate>),
    Number(Option<u64>),
}

impl Value {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    fn written(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Day(day) => day.map(|day| day.to_string()).unwrap_or_default(),
            Self::Number(number) => number.map(|number| number.to_string()).unwrap_or_default(),
        }
    }
}

/// A table that whoever checks takes away, in whichever form.
pub(crate) struct EvidenceTable {
    pub(super) title: &'static str,
    pub(super) columns: &'static [&'static str],
    pub(super) rows: Vec<Vec<Value>>,
}

impl EvidenceTable {
    /// Writes it: as a workbook with a sheet that says what it is.
    ///
    /// # Errors
    /// Why it cannot be written: there are more rows than a sheet has.
    pub(crate) fn written(&self, kind: TableKind, origin: &Origin) -> Result<Vec<u8>, String> {
        match kind {
            TableKind::Csv => self.csv().map_err(|error| error.to_string()),
            TableKind::Xlsx => self.xlsx(origin).map_err(|error| error.to_string()),
        }
    }

    fn csv(&self) -> io::Result<Vec<u8>> {
        let mut table = CsvTable::new(Vec::new(), self.columns)?;
        for row in &self.rows {
            table.row(row.iter().map(Value::written))?;
        }
        table.finish()
    }

    fn xlsx(&self, origin: &Origin) -> Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        workbook.set_properties(&properties(self.title, origin)?);
        self.sheet(workbook.add_worksheet())?;
        self.about(workbook.add_worksheet(), origin)?;
        workbook.save_to_buffer()
    }

    fn sheet(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let head = Format::new().set_bold().set_text_wrap();
        let day = Format::new().set_num_format("d mmm yyyy");
        let wrong = |_| XlsxError::RowColumnLimitError;
        sheet.set_name(self.title)?.set_freeze_panes(1, 1)?.set_landscape().set_print_fit_to_pages(1, 0);
        for (column, title) in (0_u16..).zip(self.columns) {
            sheet.write_string_with_format(0, column, *title, &head)?;
            sheet.set_column_width(column, if column < 2 { 28 } else { 16 })?;
        }
        for (nth, row) in (1_u32..).zip(&self.rows) {
            for (column, value) in (0_u16..).zip(row) {
                match value {
                    Value::Text(text) => {
                        sheet.write_string(nth, column, text)?;
                    }
                    Value::Day(Some(date)) => write_day(sheet, nth, column, *date, &day)?,
                    // No log has so many entries that a sheet would round their numbers.
                    Value::Number(Some(number)) => {
                        let number = u32::try_from(*number).map_err(wrong)?;
                        sheet.write_number(nth, column, number)?;
                    }
                    Value::Day(None) | Value::Number(None) => {}
                }
            }
        }
        let last_row = u32::try_from(self.rows.len()).map_err(wrong)?;
        let last_column = u16::try_from(self.columns.len().saturating_sub(1)).map_err(wrong)?;
        sheet.autofilter(0, 0, last_row, last_column)?.set_repeat_rows(0, 0)?;
        Ok(())
    }

    fn about(&self, sheet: &mut Worksheet, origin: &Origin) -> Result<(), XlsxError> {
        let rows = self.rows.len().to_string();
        about_rows(sheet, &[("What it is", self.title), ("Rows", &rows)], origin)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read as _};

    use chrono::DateTime;
    use engine::LogHead;
    use zip::ZipArchive;

    use super::*;

    #[test]
    fn a_workbook_says_what_it_is_as_at_when_by_whom_and_at_which_head() {
        let at = DateTime::from_timestamp(1_795_000_000, 0).unwrap();
        let table = EvidenceTable {
            title: "Not signed",
            columns: &["Name", "By", "Entry"],
            rows: vec![vec![
                Value::text("=amy"),
                Value::Day(NaiveDate::from_ymd_opt(2026, 12, 7)),
                Value::Number(Some(12)),
            ]],
        };
        let head = LogHead {
            origin: "northfield.example/abcdefgh".to_owned(),
            key: "the key".to_owned(),
            size: 4711,
            sealed_at: at,
            note: "northfield.example/abcdefgh\n4711\nroot\n\n— signature\n".to_owned(),
        };
        let origin = Origin {
            organisation: "Northfield Training".to_owned(),
            whom: "Cohort A".to_owned(),
            as_at: "18 November 2026 at 11:06".to_owned(),
            by: "Ada Byrne".to_owned(),
            at,
            head: Some(head),
        };
        let book = table.written(TableKind::Xlsx, &origin).unwrap();
        let mut archive = ZipArchive::new(Cursor::new(book)).unwrap();
        let mut words = String::new();
        archive.by_name("xl/sharedStrings.xml").unwrap().read_to_string(&mut words).unwrap();
        let signed = "— signature";
        for said in
            ["Not signed", "=amy", "Cohort A", "18 November 2026 at 11:06", "Ada Byrne", "4711", "the key", signed]
        {
            assert!(words.contains(said), "{said}: {words}");
        }
        let text = String::from_utf8(table.written(TableKind::Csv, &origin).unwrap()).unwrap();
        assert_eq!(text, "\u{feff}Name,By,Entry\r\n'=amy,2026-12-07,12\r\n");
    }
}
