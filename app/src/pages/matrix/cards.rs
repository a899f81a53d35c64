use std::fmt::Write as _;

use chrono::NaiveDate;
use engine::{Matrix, MatrixCell, MatrixRow, Thing};
use model::Status;

use super::{
    table::{Escaped, cell_detail, cell_word, person_address, short, tick, use_mark},
    view::MatrixView,
};
use crate::pages::parts::count;

/// The same people as cards, for a phone: what is wrong first, and what is done folded away. A list of its own, because a table that a
/// stylesheet turns into cards loses its order and its roles.
pub(super) fn cards(seen: &Matrix, view: &MatrixView, rows: &[MatrixRow<'_>]) -> String {
    let mut html = String::with_capacity(1024 + rows.len() * 1500);
    html.push_str("<ul class=\"people\" role=\"list\">");
    for row in rows {
        card(&mut html, seen, view, row);
    }
    html.push_str("</ul>");
    html
}

fn card(html: &mut String, seen: &Matrix, view: &MatrixView, row: &MatrixRow<'_>) {
    let mut cells: Vec<(&Thing, &str, &MatrixCell)> = Vec::new();
    for (column, (cell, theirs)) in seen.columns.iter().zip(&row.cells) {
        let is_said = *theirs && cell.status != Status::NotRequired;
        if is_said && cells.iter().all(|(thing, _, _)| **thing != column.thing) {
            cells.push((&column.thing, &column.title, cell));
        }
    }
    cells.sort_by_key(|(_, _, cell)| (cell.status, cell.due_on));
    let is_wrong = |cell: &MatrixCell| matches!(cell.status, Status::Overdue | Status::Expired | Status::DueSoon);
    let (wrong, mut rest): (Vec<_>, Vec<_>) = cells.into_iter().partition(|(_, _, cell)| is_wrong(cell));
    let name = if row.name.is_empty() { "Name erased" } else { row.name };
    let group = seen.groups[row.group].path.join(" / ");
    // What is written into a `String` is written.
    let _ = write!(
        html,
        "<li class=\"card\"><p>{}<a href=\"{}\" dir=\"auto\">{}</a> <span>{} of {}</span><small dir=\"auto\">{}</small></p>",
        tick(seen, row, name),
        Escaped(&person_address(view, row)),
        Escaped(name),
        row.whole.done,
        row.whole.asked,
        Escaped(&group)
    );
    if !wrong.is_empty() {
        html.push_str("<ul role=\"list\">");
        for alike in wrong.chunk_by(|(_, _, one), (_, _, other)| alike(one) == alike(other)) {
            match alike {
                [(_, _, cell), ..] if alike.len() >= MANY => many(html, seen, alike, cell),
                _ => alike.iter().for_each(|(thing, title, cell)| line(html, seen, thing, title, cell)),
            }
        }
        html.push_str("</ul>");
    }
    if !rest.is_empty() {
        let done = rest.iter().filter(|(_, _, cell)| matches!(cell.status, Status::Passed | Status::Exempt)).count();
        let words = match rest.len() - done {
            0 => format!("{done} done"),
            _ if done == 0 => count(rest.len(), "more to do", "more to do"),
            open => format!("{open} more to do, {done} done"),
        };
        // A line for each word, and not for each thing: this is folded away, and most of it is done.
        let _ = write!(html, "<details><summary>{words}</summary><ul role=\"list\">");
        rest.sort_by_key(|(thing, _, cell)| (cell.status, cell_word(thing, cell)));
        let said = |(thing, _, cell): &(&Thing, &str, &MatrixCell)| (cell.status, cell_word(thing, cell));
        for alike in rest.chunk_by(|one, other| said(one) == said(other)) {
            together(html, seen, alike);
        }
        html.push_str("</ul></details>");
    }
    html.push_str("</li>");
}

/// So many that are alike are one line.
const MANY: usize = 4;

fn alike(cell: &MatrixCell) -> (Status, Option<(&'static str, NaiveDate)>) {
    (cell.status, cell_detail(cell))
}

fn many(html: &mut String, seen: &Matrix, alike: &[(&Thing, &str, &MatrixCell)], cell: &MatrixCell) {
    let detail = cell_detail(cell).map(|(word, date)| format!("<small>{word} {}</small>", short(date, seen.day())));
    let titles: Vec<String> = alike.iter().map(|(_, title, _)| Escaped(title).to_string()).collect();
    let _ = write!(
        html,
        "<li class=\"cell {}\">{}<span>{} things{}<small>{}</small></span><b>{}</b></li>",
        cell.status.code(),
        use_mark(cell.status),
        alike.len(),
        detail.unwrap_or_default(),
        titles.join("; "),
        cell.status.word()
    );
}

/// What has one word, each with its day.
fn together(html: &mut String, seen: &Matrix, alike: &[(&Thing, &str, &MatrixCell)]) {
    let [(thing, _, cell), ..] = alike else { return };
    let status = cell.status;
    let _ = write!(html, "<li class=\"cell {}\">{}<span>", status.code(), use_mark(status));
    for (place, (_, title, cell)) in alike.iter().enumerate() {
        let _ = write!(html, "{}{}", if place > 0 { "; " } else { "" }, Escaped(title));
        if let Some((word, date)) = cell_detail(cell) {
            let gap = if word.is_empty() { "" } else { " " };
            let _ = write!(html, ", {word}{gap}{}", short(date, seen.day()));
        }
    }
    let _ = write!(html, "</span><b>{}</b></li>", cell_word(thing, cell));
}

fn line(html: &mut String, seen: &Matrix, thing: &Thing, title: &str, cell: &MatrixCell) {
    let detail = cell_detail(cell).map(|(word, date)| format!("<small>{word} {}</small>", short(date, seen.day())));
    let _ = write!(
        html,
        "<li class=\"cell {}\">{}<span>{}{}</span><b>{}</b></li>",
        cell.status.code(),
        use_mark(cell.status),
        Escaped(title),
        detail.unwrap_or_default(),
        cell_word(thing, cell)
    );
}
