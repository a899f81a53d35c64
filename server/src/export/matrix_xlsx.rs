use chrono::{DateTime, NaiveDate, Utc};
use engine::{LogHead, Matrix, local};
use model::Status;
use rust_xlsxwriter::{Color, DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::rows::{ABOUT, PARTS, cells, group, titles};

/// Who asked for a file, for what, when, and where the signed log stood: it stands in the file.
pub(crate) struct Origin {
    /// The provider.
    pub organisation: String,
    /// Which people it shows, in a sentence.
    pub whom: String,
    /// At which moment it is so, in words.
    pub as_at: String,
    /// Who asked for it.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// `None`: the log has no entries.
    pub head: Option<LogHead>,
}

/// The matrix as a workbook: a sheet with the people, whose head stays in sight and can be filtered, with dates that are dates; and a sheet that
/// says what it is.
///
/// # Errors
/// [`XlsxError`] when there are more rows or columns than a sheet has.
pub(crate) fn matrix_xlsx(seen: &Matrix, origin: &Origin) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties("Matrix", origin)?);
    people(workbook.add_worksheet(), seen)?;
    about(workbook.add_worksheet(), seen.people, seen.columns.len(), origin)?;
    workbook.save_to_buffer()
}

/// What a workbook says of itself.
pub(super) fn properties(title: &str, origin: &Origin) -> Result<DocProperties, XlsxError> {
    let written = local(origin.at).naive_local();
    let created = ExcelDateTime::parse_from_str(&written.format("%Y-%m-%dT%H:%M:%S").to_string())?;
    let properties = DocProperties::new().set_title(title).set_company(&origin.organisation).set_author(&origin.by);
    Ok(properties.set_creation_datetime(&created))
}

/// How statuses look: the colours of the page in its light dress.
pub(super) fn looks(status: Status) -> Format {
    let (ink, ground) = match status {
        Status::Overdue => (0x009C_1C14, Some(0x00FD_E7E4)),
        Status::Expired => (0x005B_2A86, Some(0x00F1_E7FA)),
        Status::DueSoon => (0x006B_4500, Some(0x00FF_F1CF)),
        Status::InProgress => (0x0015_4B8A, None),
        Status::Passed => (0x000F_5C35, None),
        Status::NotStarted | Status::Exempt | Status::NotRequired => (0x004A_5A63, None),
    };
    let format = Format::new().set_font_color(Color::RGB(ink));
    match ground {
        Some(ground) => format.set_background_color(Color::RGB(ground)).set_bold(),
        None => format,
    }
}

fn people(sheet: &mut Worksheet, seen: &Matrix) -> Result<(), XlsxError> {
    let head = Format::new().set_bold().set_text_wrap();
    let day = Format::new().set_num_format("d mmm yyyy");
    let wrong = |_| XlsxError::RowColumnLimitError;
    sheet.set_name("Matrix")?.set_freeze_panes(1, 2)?.set_landscape().set_print_fit_to_pages(1, 0);
    // The moment stands on the other sheet, and not in each row.
    let about = ABOUT[1..].iter().map(|title| (*title).to_owned());
    let asked = titles(seen).into_iter().flat_map(|title| PARTS.map(|part| format!("{title}{part}")));
    let heads: Vec<String> = about.chain(asked).collect();
    let last_column = u16::try_from(heads.len() - 1).map_err(wrong)?;
    for (column, title) in (0..).zip(&heads) {
        sheet.write_string_with_format(0, column, title, &head)?;
        sheet.set_column_width(column, if column < 2 { 26 } else { 13 })?;
    }
    let last_row = u32::try_from(seen.listed()).map_err(wrong)?;
    for (nth, row) in (1_u32..).zip(seen.rows(0..seen.listed())) {
        sheet.write_string(nth, 0, group(seen, &row))?;
        sheet.write_string(nth, 1, row.name)?;
        if let Some(left) = row.left_on {
            write_day(sheet, nth, 2, left, &day)?;
        }
        sheet.write_number(nth, 3, row.whole.done)?;
        sheet.write_number(nth, 4, row.whole.asked)?;
        for (column, cell) in (5_u16..).step_by(PARTS.len()).zip(cells(seen, &row)) {
            sheet.write_string_with_format(nth, column, cell.word, &looks(cell.status))?;
            for (offset, date) in [(1, cell.done_on), (2, cell.due_on)] {
                if let Some(date) = date {
                    write_day(sheet, nth, column + offset, date, &day)?;
                }
            }
            if let Some(percent) = cell.percent {
                sheet.write_number(nth, column + 3, percent)?;
            }
        }
    }
    sheet.autofilter(0, 0, last_row, last_column)?.set_repeat_rows(0, 0)?;
    Ok(())
}

pub(super) fn write_day(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    day: NaiveDate,
    format: &Format,
) -> Result<(), XlsxError> {
    let date = ExcelDateTime::parse_from_str(&day.to_string())?;
    sheet.write_datetime_with_format(row, column, &date, format)?;
    Ok(())
}

/// The sheet that says what a workbook is.
pub(super) fn about(sheet: &mut Worksheet, people: usize, asked: usize, origin: &Origin) -> Result<(), XlsxError> {
    let (people, asked) = (people.to_string(), asked.to_string());
    about_rows(sheet, &[("People", people.as_str()), ("Asked of them", asked.as_str())], origin)
}

/// The same sheet with rows that a workbook has of its own.
pub(super) fn about_rows(sheet: &mut Worksheet, own: &[(&str, &str)], origin: &Origin) -> Result<(), XlsxError> {
    let (bold, lines) = (Format::new().set_bold(), Format::new().set_text_wrap());
    sheet.set_name("About")?.set_column_width(0, 24)?.set_column_width(1, 80)?;
    let written = local(origin.at).format("%-d %B %Y at %H:%M").to_string();
    let entries = origin.head.as_ref().map(|head| head.size.to_string()).unwrap_or_default();
    let (key, note) = match &origin.head {
        Some(head) => (head.key.as_str(), head.note.trim_end()),
        None => ("", "The signed log has no entries yet."),
    };
    let log = [("Entries of the signed log", entries.as_str()), ("Head of the log", note), ("Key of the log", key)];
    let first = [("Provider", origin.organisation.as_str()), ("Whom it shows", &origin.whom), ("As at", &origin.as_at)];
    let last = [("Written", written.as_str()), ("By", &origin.by)];
    for (row, (what, said)) in (0..).zip(first.iter().chain(own).chain(&log).chain(&last)) {
        sheet.write_string_with_format(row, 0, *what, &bold)?;
        sheet.write_string_with_format(row, 1, *said, &lines)?;
    }
    Ok(())
}
