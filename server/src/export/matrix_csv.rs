use std::io;

use app::pages::MATRIX_ROWS;
use engine::Matrix;

use super::{
    csv_table::{CsvRows, CsvTable},
    rows::{ABOUT, PARTS, as_at, cells, group, titles},
};

/// How many people are written at once.
const AT_ONCE: usize = 20 * MATRIX_ROWS;

/// The matrix as CSV, some people at a time.
///
/// # Errors
/// None that happens: what is written into memory is written.
pub(crate) fn matrix_csv(seen: Matrix) -> impl Iterator<Item = io::Result<Vec<u8>>> {
    let head = {
        let titles = titles(&seen);
        let about = ABOUT.iter().map(|title| (*title).to_owned());
        let asked = titles.iter().flat_map(|title| PARTS.map(|part| format!("{title}{part}")));
        CsvTable::new(Vec::new(), about.chain(asked)).and_then(CsvTable::finish)
    };
    let parts = seen.listed().div_ceil(AT_ONCE);
    let people = (0..parts).map(move |part| Ok(some_people(&seen, part)));
    std::iter::once(head).chain(people)
}

/// How many bytes a cell of the matrix takes at most, nearly always: "Not required", two days and a score.
const ROOM: usize = 40;

fn some_people(seen: &Matrix, part: usize) -> Vec<u8> {
    let as_at = as_at(seen);
    let people = AT_ONCE.min(seen.listed() - part * AT_ONCE);
    let mut rows = CsvRows::with_room(people * (seen.columns.len() + 3) * ROOM);
    for row in seen.rows(part * AT_ONCE..(part + 1) * AT_ONCE) {
        rows.cell(&as_at);
        rows.cell(&group(seen, &row));
        rows.cell(row.name);
        rows.day(row.left_on);
        rows.number(Some(row.whole.done));
        rows.number(Some(row.whole.asked));
        for cell in cells(seen, &row) {
            rows.cell(cell.word);
            rows.day(cell.done_on);
            rows.day(cell.due_on);
            rows.number(cell.percent.map(u32::from));
        }
        rows.end();
    }
    rows.finish()
}
