use std::io;

use app::pages::{cell_word, turn_word};
use engine::{ComparedCell, ComparedPerson, Comparison, MatrixCell, Presence, Tally, local_date, said_day};
use model::Status;
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use super::{
    csv_table::{CsvTable, moment},
    matrix_xlsx::{Origin, about, looks, properties, write_day},
};

/// What stands in one row of what changed.
const COLUMNS: [&str; 9] =
    ["Group", "Person", "Module or agreement", "What changed", "Before", "After", "Done on", "Due on", "Score in %"];

/// What changed between two moments as CSV: a row for each change, and for each person who came, went or moved.
///
/// # Errors
/// None that happens: what is written into memory is written.
pub(crate) fn changes_csv(compared: &Comparison) -> io::Result<Vec<u8>> {
    let known = if compared.as_known_now { "as they are known now" } else { "as they were known then" };
    let (from, to) = (moment(compared.from), moment(compared.to));
    let mut table = CsvTable::new(Vec::new(), ["From", "To", "Known"].into_iter().chain(COLUMNS))?;
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    for person in &compared.people {
        let group = person.group.join(" / ");
        for words in presence(person) {
            let about = [&from, &to, known, &group, &person.name, "", &words, "", "", "", "", ""];
            table.row(about)?;
        }
        for change in &person.changes {
            let after = change.after.as_ref();
            let percent = after.and_then(|cell| cell.percent).map(|percent| percent.to_string()).unwrap_or_default();
            table.row([
                from.as_str(),
                &to,
                known,
                &group,
                &person.name,
                &change.title,
                turn_word(change.turn),
                word(change, change.before.as_ref()),
                word(change, after),
                &day(after.and_then(|cell| cell.done_on)),
                &day(after.and_then(|cell| cell.due_on)),
                &percent,
            ])?;
        }
    }
    table.finish()
}

/// The same as a workbook: a sheet with the changes, one with what each module and agreement came to, and one that says what it is.
///
/// # Errors
/// [`XlsxError`] when there are more rows than a sheet has.
pub(crate) fn changes_xlsx(compared: &Comparison, origin: &Origin) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties("What changed", origin)?);
    people(workbook.add_worksheet(), compared)?;
    columns(workbook.add_worksheet(), compared)?;
    let asked = compared.columns.len();
    about(workbook.add_worksheet(), compared.people.len(), asked, origin)?;
    workbook.save_to_buffer()
}

/// The name of a file: `changes-2026-01-01-to-2026-11-29.csv`.
pub(crate) fn changes_file_name(compared: &Comparison, ending: &str) -> String {
    format!("changes-{}-to-{}.{ending}", local_date(compared.from), local_date(compared.to))
}

/// That somebody came, went or moved, in words.
fn presence(person: &ComparedPerson) -> Vec<String> {
    let mut said = Vec::new();
    match (person.presence, person.left_on) {
        (Presence::Both, _) => {}
        (Presence::Came, _) => said.push("Was not among these people before".to_owned()),
        (Presence::Gone, Some(left)) => said.push(format!("Left on {}", said_day(left))),
        (Presence::Gone, None) => said.push("Is no longer among these people".to_owned()),
    }
    said.extend(person.moved_from.as_ref().map(|from| format!("Was in the group {} before", from.join(" / "))));
    said
}

fn word(change: &ComparedCell, cell: Option<&MatrixCell>) -> &'static str {
    cell.map_or(Status::NotRequired.word(), |cell| cell_word(&change.thing, cell))
}

fn head(sheet: &mut Worksheet, titles: &[&str]) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold().set_text_wrap();
    for (column, title) in (0_u16..).zip(titles) {
        sheet.write_string_with_format(0, column, *title, &bold)?;
        sheet.set_column_width(column, if column < 3 { 28 } else { 16 })?;
    }
    sheet.set_freeze_panes(1, 0)?.set_repeat_rows(0, 0)?.set_landscape().set_print_fit_to_pages(1, 0);
    Ok(())
}

fn people(sheet: &mut Worksheet, compared: &Comparison) -> Result<(), XlsxError> {
    let day = Format::new().set_num_format("d mmm yyyy");
    sheet.set_name("What changed")?;
    head(sheet, &COLUMNS)?;
    let mut row = 0;
    let mut begin = |sheet: &mut Worksheet, person: &ComparedPerson| -> Result<u32, XlsxError> {
        row += 1;
        sheet.write_string(row, 0, person.group.join(" / "))?.write_string(row, 1, &person.name)?;
        Ok(row)
    };
    for person in &compared.people {
        for words in presence(person) {
            let row = begin(sheet, person)?;
            sheet.write_string(row, 3, words)?;
        }
        for change in &person.changes {
            let row = begin(sheet, person)?;
            sheet.write_string(row, 2, &change.title)?.write_string(row, 3, turn_word(change.turn))?;
            for (column, cell) in [(4, &change.before), (5, &change.after)] {
                let status = cell.as_ref().map_or(Status::NotRequired, |cell| cell.status);
                sheet.write_string_with_format(row, column, word(change, cell.as_ref()), &looks(status))?;
            }
            let Some(after) = &change.after else { continue };
            for (column, date) in [(6, after.done_on), (7, after.due_on)] {
                if let Some(date) = date {
                    write_day(sheet, row, column, date, &day)?;
                }
            }
            if let Some(percent) = after.percent {
                sheet.write_number(row, 8, percent)?;
            }
        }
    }
    sheet.autofilter(0, 0, row.max(1), 8)?;
    Ok(())
}

fn columns(sheet: &mut Worksheet, compared: &Comparison) -> Result<(), XlsxError> {
    sheet.set_name("By what is asked")?;
    head(
        sheet,
        &[
            "Programme",
            "Module or agreement",
            "Asked then",
            "Done then",
            "Asked later",
            "Done later",
            "Done in between",
            "No longer counts",
            "Became late",
        ],
    )?;
    for (row, column) in (1_u32..).zip(&compared.columns) {
        sheet.write_string(row, 0, &column.programme)?.write_string(row, 1, &column.title)?;
        let (Tally { asked, done, .. }, after) = (column.before, column.after);
        let figures = [asked, done, after.asked, after.done, column.done, column.undone, column.late];
        for (place, figure) in (2_u16..).zip(figures) {
            sheet.write_number(row, place, figure)?;
        }
    }
    Ok(())
}
