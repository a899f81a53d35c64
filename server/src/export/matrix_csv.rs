use std::io;

use app::pages::MATRIX_ROWS;
use engine::Matrix;

use super::{
    csv_table::CsvTable,
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
    let people = (0..parts).map(move |part| some_people(&seen, part));
    std::iter::once(head).chain(people)
}

fn some_people(seen: &Matrix, part: usize) -> io::Result<Vec<u8>> {
    let as_at = as_at(seen);
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let mut table = CsvTable::going_on(Vec::new());
    for row in seen.rows(part * AT_ONCE..(part + 1) * AT_ONCE) {
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
        table.row(about.into_iter().chain(asked))?;
    }
    table.finish()
}
