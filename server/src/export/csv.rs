use std::{io, sync::Arc};

use app::pages::MATRIX_ROWS;
use engine::Matrix;

use super::rows::{ABOUT, PARTS, as_at, cells, group, titles};

/// How many people are written at once.
const AT_ONCE: usize = 20 * MATRIX_ROWS;

/// The matrix as CSV, some people at a time: UTF-8 with a mark at its beginning, so that spreadsheets read it as such, and nothing in it that
/// a spreadsheet would take for a formula.
///
/// # Errors
/// None that happens: what is written into memory is written.
pub(crate) fn csv(seen: Arc<Matrix>) -> impl Iterator<Item = io::Result<Vec<u8>>> {
    let head = {
        let titles = titles(&seen);
        let about = ABOUT.iter().map(|title| (*title).to_owned());
        let asked = titles.iter().flat_map(|title| PARTS.map(|part| format!("{title}{part}")));
        let bytes = lines([about.chain(asked).collect::<Vec<_>>()]);
        bytes.map(|bytes| ["\u{feff}".as_bytes(), &bytes].concat())
    };
    let parts = seen.listed().div_ceil(AT_ONCE);
    let people = (0..parts).map(move |part| some_people(&seen, part));
    std::iter::once(head).chain(people)
}

fn some_people(seen: &Matrix, part: usize) -> io::Result<Vec<u8>> {
    let as_at = as_at(seen);
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    lines(seen.rows(part * AT_ONCE..(part + 1) * AT_ONCE).map(|row| {
        let about = [
            as_at.clone(),
            group(seen, &row),
            row.name.to_owned(),
            day(row.left_on),
            row.whole.done.to_string(),
            row.whole.asked.to_string(),
        ];
        let asked = cells(seen, &row).flat_map(|cell| {
            let percent = cell.percent.map(|percent| percent.to_string()).unwrap_or_default();
            [cell.word.to_owned(), day(cell.done_on), day(cell.due_on), percent]
        });
        about.into_iter().chain(asked).collect::<Vec<_>>()
    }))
}

fn lines(rows: impl IntoIterator<Item = Vec<String>>) -> io::Result<Vec<u8>> {
    let mut writer = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row.into_iter().map(harmless)).map_err(io::Error::other)?;
    }
    writer.into_inner().map_err(|error| io::Error::other(error.to_string()))
}

/// A value that no spreadsheet takes for a formula: what begins like one has an apostrophe before it.
fn harmless(value: String) -> String {
    if value.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { format!("'{value}") } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_a_formula_and_everything_stays_in_its_column() {
        let row = ["=1+1", "+44", "-", "@a", "\tx", "O'Neill, \"Al\"", "Zoë", ""].map(str::to_owned).to_vec();
        let written = String::from_utf8(lines([row]).unwrap()).unwrap();
        assert_eq!(written, "'=1+1,'+44,'-,'@a,'\tx,\"O'Neill, \"\"Al\"\"\",Zoë,\r\n");
    }
}
