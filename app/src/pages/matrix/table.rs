//! The table, written as text: there are a thousand cells on a page, and drawing each as a view of its own took longer than all the rest.

use std::{fmt::Write as _, ops::Range};

use chrono::{Datelike as _, NaiveDate};
use engine::{Matrix, MatrixCell, MatrixRow, MatrixSort, Tally, Thing};
use model::Status;

use super::{
    page::MATRIX_ROWS,
    sentence::{as_at, said},
    view::{MatrixView, address, code},
};
use crate::pages::parts::{Mark, count};

/// The word of a cell: that of its status, and of an agreement "Signed".
#[must_use]
pub fn cell_word(thing: &Thing, cell: &MatrixCell) -> &'static str {
    match (cell.status, thing) {
        (Status::Passed, Thing::Agreement(_)) => "Signed",
        (status, _) => status.word(),
    }
}

/// The day that decides, with the word before it: when it was done, by when it is wanted, since when it no longer counts.
#[must_use]
pub fn cell_detail(cell: &MatrixCell) -> Option<(&'static str, NaiveDate)> {
    match cell.status {
        Status::Passed => cell.done_on.map(|day| ("", day)),
        Status::Overdue => cell.due_on.map(|day| ("was due", day)),
        Status::Expired => cell.until.or(cell.due_on).map(|day| ("since", day)),
        Status::DueSoon | Status::InProgress | Status::NotStarted => cell.due_on.map(|day| ("by", day)),
        Status::Exempt => cell.until.and_then(|day| day.pred_opt()).map(|day| ("until", day)),
        Status::NotRequired => None,
    }
}

/// "23 Nov", with the year where it is another than that of the moment.
pub(super) fn short(day: NaiveDate, moment: NaiveDate) -> Short {
    Short { day, with_year: day.year() != moment.year() }
}

/// A day as the table writes it. There are a thousand on a page, and a pattern that is read anew for each takes longer than all else of a cell.
pub(super) struct Short {
    day: NaiveDate,
    with_year: bool,
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

impl std::fmt::Display for Short {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let month = MONTHS[self.day.month0() as usize];
        write!(f, "{} {month}", self.day.day())?;
        if self.with_year { write!(f, " {}", self.day.year()) } else { Ok(()) }
    }
}

/// The marks that the table uses, each drawn once.
pub(super) fn marks() -> String {
    let mut html = "<svg class=\"hidden\" aria-hidden=\"true\" focusable=\"false\">".to_owned();
    for status in Status::ALL {
        let lines = Mark::Status(status).lines();
        write(&mut html, format_args!("<symbol id=\"m-{}\" viewBox=\"0 0 20 20\">{lines}</symbol>", status.code()));
    }
    html.push_str("</svg>");
    html
}

/// The mark of a status, in a cell. What each cell of a page has is as short as can be: most of what a page costs is to compress it.
pub(super) fn use_mark(status: Status) -> &'static str {
    macro_rules! mark {
        ($code:literal) => {
            concat!("<svg aria-hidden=\"true\"><use href=\"#m-", $code, "\"/></svg>")
        };
    }
    match status {
        Status::Overdue => mark!("overdue"),
        Status::Expired => mark!("expired"),
        Status::DueSoon => mark!("due-soon"),
        Status::InProgress => mark!("in-progress"),
        Status::NotStarted => mark!("not-started"),
        Status::Passed => mark!("passed"),
        Status::Exempt => mark!("exempt"),
        Status::NotRequired => mark!("not-required"),
    }
}

/// The table with all of its columns and the rows of a page.
pub(super) fn table(seen: &Matrix, view: &MatrixView, page: usize) -> String {
    table_of(seen, view, page * MATRIX_ROWS..(page + 1) * MATRIX_ROWS, 0..seen.columns.len())
}

/// The table with the people at these places, and these of its columns.
pub(super) fn table_of(seen: &Matrix, view: &MatrixView, places: Range<usize>, columns: Range<usize>) -> String {
    let mut html = String::with_capacity(4096 + places.len().min(seen.listed()) * columns.len() * 200);
    let density = if view.close { " close" } else { "" };
    let caption = format!(
        "{}, and {}. As at {}.",
        said(seen, view),
        count(columns.len(), "thing that is asked of them", "things that are asked of them"),
        as_at(seen)
    );
    write(
        &mut html,
        format_args!("<table class=\"matrix{density}\"><caption class=\"hidden\">{}</caption>", Escaped(&caption)),
    );
    html.push_str("<colgroup><col class=\"who\"></colgroup>");
    for (_, span) in programmes(seen, &columns) {
        write(&mut html, format_args!("<colgroup span=\"{span}\"></colgroup>"));
    }
    head(&mut html, seen, view, &columns);
    bodies(&mut html, seen, view, places, &columns, Begins::WithItsGroup);
    html.push_str("</table>");
    html
}

/// The people of some pages, as the table of each has them, in a table of their own without a head. It bears the mark of what they are part of,
/// and each part says which page it belongs to and at which row of the whole table it begins.
#[must_use]
pub fn matrix_rows(seen: &Matrix, view: &MatrixView, pages: Range<usize>) -> String {
    let columns = 0..seen.columns.len();
    let mut html = format!("<table data-mark=\"{:016x}\">", seen.mark());
    let listed = pages.start..pages.end.min(seen.listed().div_ceil(MATRIX_ROWS).max(1));
    for page in listed {
        let places = page * MATRIX_ROWS..(page + 1) * MATRIX_ROWS;
        bodies(&mut html, seen, view, places, &columns, Begins::WhereTheLastEnded);
    }
    html.push_str("</table>");
    html
}

/// How many rows stand above the first group.
const HEAD_ROWS: usize = 3;

/// How many rows the whole table has, with its head.
pub(super) fn all_rows(seen: &Matrix) -> usize {
    HEAD_ROWS + seen.groups.len() + seen.listed()
}

/// How the first group of a part of the table begins where not all of it is in the part.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Begins {
    /// With its name, once more.
    WithItsGroup,
    /// With its next person.
    WhereTheLastEnded,
}

/// The people at these places, below the names of their groups. Each group whose people are folded away stands in one part alone.
fn bodies(
    html: &mut String,
    seen: &Matrix,
    view: &MatrixView,
    places: Range<usize>,
    columns: &Range<usize>,
    begins: Begins,
) {
    let (first, end) = (places.start, places.end.min(seen.listed()));
    let edges = edges(seen, columns);
    let titles = edges.iter().zip(&seen.columns[columns.clone()]);
    let titles: Vec<Column<'_>> =
        titles.map(|(edge, column)| Column { edge, code: code(&column.thing), thing: &column.thing }).collect();
    let mut rows = seen.rows(first..end).peekable();
    let from = seen.groups.partition_point(|group| group.listed.end < first);
    for (place, group) in seen.groups.iter().enumerate().skip(from) {
        let is_here = if group.listed.is_empty() {
            // It stands before whoever comes next, or at the very end.
            (first..end).contains(&group.listed.start) || group.listed.start == seen.listed() && end == seen.listed()
        } else {
            group.listed.start < end && first < group.listed.end
        };
        if !is_here {
            if group.listed.start >= end {
                break;
            }
            continue;
        }
        let goes_on = group.listed.start < first;
        let above = HEAD_ROWS + place + usize::from(goes_on) + group.listed.start.max(first);
        write(html, format_args!("<tbody data-page=\"{}\" data-row=\"{}\">", first / MATRIX_ROWS + 1, above + 1));
        if !goes_on || begins == Begins::WithItsGroup {
            group_row(html, seen, view, place, goes_on, columns, &edges);
        }
        while let Some(row) = rows.next_if(|row| row.group == place) {
            person_row(html, seen, view, &row, &row.cells[columns.clone()], &titles);
        }
        html.push_str("</tbody>");
    }
}

/// The titles of the programmes of some columns, each with how many of them it has.
fn programmes<'m>(seen: &'m Matrix, columns: &Range<usize>) -> Vec<(&'m str, usize)> {
    let of_one = seen.columns[columns.clone()].chunk_by(|one, next| one.programme == next.programme);
    of_one.map(|columns| (seen.programmes[columns[0].programme].title.as_str(), columns.len())).collect()
}

/// Which of some columns begin a programme.
fn edges(seen: &Matrix, columns: &Range<usize>) -> Vec<&'static str> {
    let mut before = None;
    let edge = |column: &engine::MatrixColumn| {
        let is_first = before != Some(column.programme);
        before = Some(column.programme);
        if is_first { " class=\"edge\"" } else { "" }
    };
    seen.columns[columns.clone()].iter().map(edge).collect()
}

fn head(html: &mut String, seen: &Matrix, view: &MatrixView, columns: &Range<usize>) {
    html.push_str("<thead><tr class=\"programmes\"><td class=\"first\"></td>");
    for (title, span) in programmes(seen, columns) {
        let title = Escaped(title);
        write(html, format_args!("<th scope=\"colgroup\" colspan=\"{span}\" class=\"edge\"><span>{title}</span></th>"));
    }
    html.push_str("</tr><tr class=\"things\">");
    let by_name = sort_link(view, &MatrixSort::Name, "by name");
    let by_urgency = sort_link(view, &MatrixSort::Urgency, "most urgent first");
    let sorted = aria_sort(view, &MatrixSort::Name);
    write(
        html,
        format_args!("<th scope=\"col\" class=\"first\"{sorted}>Person <span>{by_urgency} {by_name}</span></th>"),
    );
    for (column, edge) in seen.columns[columns.clone()].iter().zip(edges(seen, columns)) {
        let sort = MatrixSort::Thing(column.thing.clone());
        let kind =
            if matches!(column.thing, Thing::Agreement(_)) { "<span class=\"kind\">Agreement</span>" } else { "" };
        let link = sort_link(view, &sort, &column.title);
        write(html, format_args!("<th scope=\"col\"{edge}{}>{kind}{link}</th>", aria_sort(view, &sort)));
    }
    html.push_str("</tr><tr class=\"totals\">");
    let people = count(seen.people, "person", "people");
    let share = share(seen.whole).map(|share| format!(" <span>{share}% done</span>")).unwrap_or_default();
    write(html, format_args!("<th scope=\"row\" class=\"first\"><p>All: {people}{share}</p>{}</th>", bar(seen.whole)));
    for (column, edge) in seen.columns[columns.clone()].iter().zip(edges(seen, columns)) {
        write(html, format_args!("<td{edge}>{}</td>", tally(column.tally)));
    }
    html.push_str("</tr></thead>");
}

fn aria_sort(view: &MatrixView, sort: &MatrixSort) -> &'static str {
    match (view.query.sort == *sort, view.query.descending) {
        (false, _) => "",
        (true, false) => " aria-sort=\"ascending\"",
        (true, true) => " aria-sort=\"descending\"",
    }
}

/// A link that sorts; where it is sorted so already, the other way round.
fn sort_link(view: &MatrixView, sort: &MatrixSort, words: &str) -> String {
    let is_so = view.query.sort == *sort;
    let descending = is_so && !view.query.descending;
    let href = view.with(|view| {
        view.query.sort = sort.clone();
        view.query.descending = descending;
    });
    let current = match (is_so, view.query.descending) {
        (false, _) => "",
        (true, false) => "<span aria-hidden=\"true\"> ↓</span>",
        (true, true) => "<span aria-hidden=\"true\"> ↑</span>",
    };
    let said = if is_so { " class=\"sorted\"" } else { "" };
    let lead = if words.starts_with("by ") { "Sort" } else { "Sort by" };
    format!("<a href=\"{}\"{said}><span class=\"hidden\">{lead} </span>{}{current}</a>", Escaped(&href), Escaped(words))
}

fn group_row(
    html: &mut String,
    seen: &Matrix,
    view: &MatrixView,
    place: usize,
    continued: bool,
    columns: &Range<usize>,
    edges: &[&'static str],
) {
    let group = &seen.groups[place];
    let name = match (group.path.as_slice(), seen.sees_everybody) {
        ([], true) => "In no group".to_owned(),
        ([], false) => "In other groups then".to_owned(),
        (path, _) => path.join(" / "),
    };
    let link = group.id.map(|id| {
        let href = view.with(|view| {
            if !view.query.folded.remove(&id) {
                view.query.folded.insert(id);
            }
        });
        let (verb, shape) = if group.folded { ("Show", "▸") } else { ("Hide", "▾") };
        format!(
            "<a class=\"fold\" href=\"{}\"><span aria-hidden=\"true\">{shape}</span><span class=\"hidden\">{verb} the people of {}</span></a> ",
            Escaped(&href),
            Escaped(&name)
        )
    });
    let share = share(group.whole).map(|share| format!(", {share}% done")).unwrap_or_default();
    let (more, again) = if continued { (", continued", " again") } else { ("", "") };
    write(
        html,
        format_args!(
            "<tr class=\"group-row{again}\"><th scope=\"rowgroup\" class=\"first\">{}<span dir=\"auto\">{}</span>\
             <small>{}{share}{more}</small></th>",
            link.unwrap_or_default(),
            Escaped(&name),
            count(group.people, "person", "people")
        ),
    );
    for (one, edge) in group.tallies[columns.clone()].iter().zip(edges) {
        write(html, format_args!("<td{edge}>{}</td>", tally(*one)));
    }
    html.push_str("</tr>");
}

/// A column as the cells of a part of the table need it.
struct Column<'m> {
    edge: &'static str,
    /// As the address within a person's record has it.
    code: String,
    thing: &'m Thing,
}

fn person_row(
    html: &mut String,
    seen: &Matrix,
    view: &MatrixView,
    row: &MatrixRow<'_>,
    cells: &[(&MatrixCell, bool)],
    columns: &[Column<'_>],
) {
    let day = seen.day();
    let href = Escaped(&person_address(view, row)).to_string();
    let name = if row.name.is_empty() { "Name erased" } else { row.name };
    html.push_str("<tr><th scope=\"row\" class=\"first\">");
    html.push_str(&tick(seen, row, name));
    write(
        html,
        format_args!(
            "<a href=\"{href}\" dir=\"auto\">{}</a><span>{}/{}<span class=\"hidden\"> done</span></span>",
            Escaped(name),
            row.whole.done,
            row.whole.asked
        ),
    );
    if let Some(left) = row.left_on {
        write(html, format_args!("<small>Left {}</small>", short(left, day)));
    }
    html.push_str("</th>");
    for ((cell, theirs), Column { edge, code, thing }) in cells.iter().zip(columns) {
        let status = cell.status;
        if status == Status::NotRequired {
            // Of their own programmes, nothing is wanted for now; any other asks nothing of them.
            let said = if *theirs { "Nothing to do for now" } else { status.word() };
            let class = if edge.is_empty() { "no" } else { "edge no" };
            write(html, format_args!("<td class=\"{class}\"><i class=\"hidden\">{said}</i></td>"));
            continue;
        }
        write(
            html,
            format_args!(
                "<td{edge}><a class=\"cell {}\" href=\"{href}#{code}\">{}<b>{}</b>",
                status.code(),
                use_mark(status),
                cell_word(thing, cell)
            ),
        );
        if let Some((word, date)) = cell_detail(cell) {
            html.push_str("<small>");
            match word {
                "" => {}
                // What stands before the date is said where the status does not say it.
                "was due" | "since" => write(html, format_args!("<span class=\"hidden\">{word} </span>")),
                word => write(html, format_args!("{word} ")),
            }
            write(html, format_args!("{}</small>", short(date, day)));
        }
        html.push_str("</a></td>");
    }
    html.push_str("</tr>");
}

/// A box with which somebody is chosen. On a day that is past nothing is done to anybody.
pub(super) fn tick(seen: &Matrix, row: &MatrixRow<'_>, name: &str) -> String {
    match seen.is_now {
        true => format!(
            "<label class=\"tick\"><input type=\"checkbox\" name=\"person\" value=\"{}\"><span class=\"hidden\">Choose {}</span></label>",
            row.id,
            Escaped(name)
        ),
        false => String::new(),
    }
}

/// Where somebody's record is, at the same moment.
pub(super) fn person_address(view: &MatrixView, row: &MatrixRow<'_>) -> String {
    address(&format!("/people/{}", row.id), &view.moment())
}

fn tally(tally: Tally) -> String {
    if tally.asked == 0 {
        return "<span class=\"no\"></span><i class=\"hidden\">asked of nobody</i>".to_owned();
    }
    let late =
        if tally.late > 0 { format!("<span class=\"hidden\">, {} late</span>", tally.late) } else { String::new() };
    format!("<span><b>{}</b> of {}{late}</span>{}", tally.done, tally.asked, bar(tally))
}

fn share(tally: Tally) -> Option<u32> {
    (tally.done * 100).checked_div(tally.asked)
}

/// Done from the left, late from the right. The figures stand above it.
fn bar(tally: Tally) -> String {
    let part = |some: u32| f64::from(some) * 100.0 / f64::from(tally.asked.max(1));
    let (done, late) = (part(tally.done), part(tally.late));
    format!(
        "<svg class=\"bar\" viewBox=\"0 0 100 6\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"rest\" width=\"100\" height=\"6\"/>\
         <rect class=\"done\" width=\"{done:.1}\" height=\"6\"/><rect class=\"late\" x=\"{:.1}\" width=\"{late:.1}\" height=\"6\"/></svg>",
        100.0 - late
    )
}

fn write(html: &mut String, text: std::fmt::Arguments<'_>) {
    // What is written into a `String` is written.
    let _ = html.write_fmt(text);
}

/// A text as HTML has it, within elements and between quotation marks.
pub(super) struct Escaped<'t>(pub &'t str);

impl std::fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut rest = self.0;
        while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
            f.write_str(&rest[..at])?;
            f.write_str(match rest.as_bytes()[at] {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                b'"' => "&quot;",
                _ => "&#39;",
            })?;
            rest = &rest[at + 1..];
        }
        f.write_str(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_can_be_markup() {
        assert_eq!(Escaped(r#"<b a="1">O'Neill & Co"#).to_string(), "&lt;b a=&quot;1&quot;&gt;O&#39;Neill &amp; Co");
    }
}
