use std::ops::Range;

use engine::Matrix;
use leptos::prelude::*;

use super::{
    page::{legend, nothing},
    sentence::{as_at, said},
    table::{marks, table_of},
    view::{MatrixView, Paper},
};
use crate::pages::{
    frame::{Frame, Rendered},
    parts::count,
};

/// How many people are laid out for paper at most: some twenty sheets of A4.
const MOST_ON_PAPER: usize = 400;

/// The matrix as it is printed: everybody whom the view shows, and as many columns beside one another as the paper has room for, with the names
/// again before those that follow.
pub fn matrix_on_paper(frame: &Frame, seen: &Matrix, view: &MatrixView, paper: Paper) -> Rendered {
    let laid_out = seen.listed().min(MOST_ON_PAPER);
    let blocks = blocks(seen.columns.len(), paper.columns());
    let frame = frame.with_tables();
    frame.page("Matrix on paper", || {
        let others = Paper::ALL.into_iter().filter(|other| *other != paper).map(|other| {
            let words = format!("For {}", other.code().to_uppercase());
            view! { <a href=view.with(|view| view.paper = Some(other))>{words}</a> }
        });
        let others = others.collect_view();
        let parts = blocks.len();
        let shown = (parts > 1).then(|| {
            format!(" The {} stand in {parts} parts, one below the other.", count(seen.columns.len(), "column", "columns"))
        });
        let left_out = (seen.listed() > laid_out).then(|| {
            let said = format!(
                "Only the first {} of {} people are here. Choose a group above the matrix, or take the file, which has all of them.",
                laid_out,
                seen.listed()
            );
            view! { <p class="said warned">{said}</p> }
        });
        let body = if seen.people == 0 || seen.columns.is_empty() {
            nothing(seen, view)
        } else {
            let tables = blocks.into_iter().enumerate().map(|(place, columns)| {
                let said = format!("Part {} of {parts}", place + 1);
                let label = if parts > 1 { format!("Matrix, {}", said.to_lowercase()) } else { "Matrix".to_owned() };
                let part = (parts > 1).then(|| view! { <h2>{said}</h2> });
                let table = table_of(seen, view, 0..MOST_ON_PAPER, columns);
                view! { <section>{part} <div class="across" tabindex="0" role="region" aria-label=label inner_html=table></div></section> }
            });
            tables.collect_view().into_any()
        };
        view! {
            <div class=format!("wide sheet-of-{}", paper.code())>
                <div inner_html=marks()></div>
                <div class="top">
                    <h1>"Matrix"</h1>
                    <p class="tools no-print">{others} <a href=view.with(|view| view.paper = None)>"Back to the screen"</a></p>
                </div>
                <p class="hint no-print">
                    {format!("Laid out for {} across. Print it with your browser: Ctrl and P, or Share on a phone.", paper.code().to_uppercase())}
                    {shown}
                </p>
                {view.left_out.note()}
                {left_out}
                <p>{format!("{}. As at {}.", said(seen, view), as_at(seen))}
                    {frame.reader.clone().map(|reader| format!(" Printed by {reader}."))}</p>
                {legend(seen, view)}
                {body}
            </div>
        }
    })
}

/// Columns in parts of nearly the same size, none with more than `most`.
fn blocks(columns: usize, most: usize) -> Vec<Range<usize>> {
    let parts = columns.div_ceil(most).max(1);
    let size = columns.div_ceil(parts).max(1);
    (0..columns).step_by(size).map(|first| first..(first + size).min(columns)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_spread_over_parts_of_one_size() {
        assert_eq!(blocks(14, 14).as_slice(), std::slice::from_ref(&(0..14)));
        assert_eq!(blocks(21, 14), [0..11, 11..21]);
        assert_eq!(blocks(50, 14), [0..13, 13..26, 26..39, 39..50]);
        assert!(blocks(0, 14).is_empty());
    }
}
