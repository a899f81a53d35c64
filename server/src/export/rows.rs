use app::pages::cell_word;
use chrono::NaiveDate;
use engine::{Matrix, MatrixRow, Thing};
use model::Status;

use super::csv_table::moment;

/// What stands in one row before what is asked.
pub(super) const ABOUT: [&str; 6] = ["As at", "Group", "Person", "Left on", "Done", "Asked"];

/// What stands for each thing that is asked, after its title.
pub(super) const PARTS: [&str; 4] = ["", ": done on", ": due on", ": score in %"];

/// The title of a column; of what several programmes ask, with the programme.
pub(super) fn titles(seen: &Matrix) -> Vec<String> {
    let is_twice = |thing: &Thing| seen.columns.iter().filter(|other| other.thing == *thing).count() > 1;
    let title = |column: &engine::MatrixColumn| match is_twice(&column.thing) {
        true => format!("{}: {}", seen.programmes[column.programme].title, column.title),
        false => column.title.clone(),
    };
    seen.columns.iter().map(title).collect()
}

/// What a file says of one cell.
pub(super) struct CellValues {
    pub status: Status,
    pub word: &'static str,
    pub done_on: Option<NaiveDate>,
    pub due_on: Option<NaiveDate>,
    pub percent: Option<u8>,
}

/// The cells of a row.
pub(super) fn cells<'r>(seen: &'r Matrix, row: &'r MatrixRow<'_>) -> impl Iterator<Item = CellValues> + 'r {
    seen.columns.iter().zip(&row.cells).map(|(column, (cell, _))| CellValues {
        status: cell.status,
        word: cell_word(&column.thing, cell),
        done_on: cell.done_on,
        due_on: cell.due_on,
        percent: cell.percent,
    })
}

/// The name of somebody's group, after those above it.
pub(super) fn group(seen: &Matrix, row: &MatrixRow<'_>) -> String {
    seen.groups[row.group].path.join(" / ")
}

/// The moment as every row of a file has it: `2026-01-01 23:59 as it was known then`.
pub(super) fn as_at(seen: &Matrix) -> String {
    let known = match (seen.is_now, seen.as_known_now) {
        (true, _) => "",
        (false, true) => " as it is known now",
        (false, false) => " as it was known then",
    };
    format!("{}{known}", moment(seen.moment))
}

/// The name of a file: `matrix-2026-01-01.csv`.
pub(crate) fn file_name(seen: &Matrix, ending: &str) -> String {
    format!("matrix-{}.{ending}", seen.day())
}
