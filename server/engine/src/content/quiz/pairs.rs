//! What is to be matched: a table of two columns, with the pairs in its rows.

use std::collections::BTreeSet;

use pulldown_cmark::Tag;

use crate::catalogue::{Pair, QuestionForm};
use crate::content::{
    problems::Code,
    prose::{Element, Writer, elements, refuse_surplus_cells},
};

pub(crate) const FEWEST_PAIRS: usize = 2;
pub(crate) const MOST_PAIRS: usize = 10;

/// Reads the pairs. `None` when there is an error, and then the report says which.
pub(super) fn read_pairs(table: &Element<'_>, writer: &mut Writer<'_, '_>) -> Option<QuestionForm> {
    let errors = writer.report.error_count();
    if !matches!(&table.tag, Tag::Table(columns) if columns.len() == 2) {
        let help = "Write two columns: what is given, and what is to be found for it.";
        writer.report.error(table.at, Code::MatchColumns, "A table of pairs has two columns.", help);
        return None;
    }
    // The headings are not shown, and yet no fact and no link in them may be wrong.
    for cell in elements(&table.children).filter(|row| row.tag == Tag::TableHead).flat_map(|row| &row.children) {
        writer.inline(std::slice::from_ref(cell));
    }
    let rows: Vec<_> = elements(&table.children).filter(|row| row.tag == Tag::TableRow).collect();
    if rows.len() < FEWEST_PAIRS {
        let help = format!("Write at least {FEWEST_PAIRS} rows below the headings.");
        writer.report.error(table.at, Code::TooFewPairs, "There is too little to be matched.", help);
    }
    if rows.len() > MOST_PAIRS {
        let help = format!("Keep at most {MOST_PAIRS} rows.");
        writer.report.error(table.at, Code::TooManyPairs, "There is too much to be matched.", help);
    }
    let mut lefts = BTreeSet::new();
    let mut rights = BTreeSet::new();
    let mut pairs = Vec::new();
    for row in rows {
        let mut cells = elements(&row.children);
        let (Some(left), Some(right)) = (cells.next(), cells.next()) else { continue };
        refuse_surplus_cells(row, 2, writer, Code::MatchColumns);
        refuse_duplicate(left, &mut lefts, "Two rows begin with the same.", writer);
        refuse_duplicate(right, &mut rights, "The right-hand side of this row fits another row too.", writer);
        pairs.push(Pair { left: writer.inline(&left.children), right: writer.inline(&right.children) });
    }
    (writer.report.error_count() == errors).then_some(QuestionForm::Match(pairs))
}

fn refuse_duplicate(cell: &Element<'_>, seen: &mut BTreeSet<String>, message: &str, writer: &mut Writer<'_, '_>) {
    let text = writer.plain(&cell.children).to_lowercase();
    if text.is_empty() {
        let help = "Write something into both cells, or take the row out.";
        writer.report.error(cell.at, Code::PairWithoutText, "This side of the pair says nothing.", help);
    } else if !seen.insert(text) {
        let help = "Say something else in one of them: each left-hand side fits exactly one right-hand side.";
        writer.report.error(cell.at, Code::DuplicatePair, message, help);
    }
}
