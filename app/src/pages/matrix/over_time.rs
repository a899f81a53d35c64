use std::{cmp::Reverse, fmt::Write as _};

use chrono::NaiveDate;
use engine::{Overview, Tally};
use leptos::prelude::*;

use super::{
    overview::{OverviewPage, percent},
    overview_groups::{name, other_groups, shared_by_groups, with_rows},
    table::Escaped,
};
use crate::pages::parts::count;

/// How many groups have a line in the drawing; the table has more.
const LINES: usize = 6;

/// A size of the drawing, in its own units. Letters have the same height in each, and so look larger in a narrow one.
struct Size {
    class: &'static str,
    width: f64,
    height: f64,
    /// The room for the shares.
    left: f64,
}

/// For a desk.
const WIDE: Size = Size { class: "chart", width: 560.0, height: 240.0, left: 50.0 };

/// For a phone.
const NARROW: Size = Size { class: "chart narrow", width: 280.0, height: 220.0, left: 46.0 };

/// The groups that have people, the largest first: their places.
fn largest(of: &Overview) -> Vec<usize> {
    let mut places: Vec<usize> =
        (0..of.groups.len()).filter(|place| of.history.iter().any(|day| day.groups[*place].asked > 0)).collect();
    places.sort_by_key(|place| Reverse(of.groups[*place].people));
    places
}

/// What was done of what is asked, over time: a drawing, and the figures.
pub(super) fn over_time(page: &OverviewPage) -> impl IntoView + use<> {
    let of = &page.overview;
    let mut drawn = largest(of);
    drawn.truncate(LINES);
    drawn.sort_unstable();
    let shared = shared_by_groups(of);
    let key = drawn.iter().enumerate().map(|(line, place)| {
        let sample = format!("<svg class=\"sample\" viewBox=\"0 0 40 12\" aria-hidden=\"true\">{}</svg>", sample(line));
        view! { <li><span inner_html=sample></span> <span dir="auto">{name(&of.groups[*place].path, shared)}</span></li> }
    });
    let key = key.collect_view();
    let more = of.groups.len() - drawn.len();
    let more = (more > 0)
        .then(|| view! { <p class="hint">{format!("The largest {} are drawn; the table has more.", drawn.len())}</p> });
    let heads = of.history.iter().map(|one| {
        view! { <th scope="col" class="number"><time datetime=one.day.to_string()>{one.day.format("%-d %b").to_string()}</time></th> }
    });
    let heads = heads.collect_view();
    let cell = |tally: &Tally| {
        let share = percent(tally.done, tally.asked).map_or("–".to_owned(), |share| share.to_string());
        view! { <td class="number">{share}</td> }
    };
    let whole = of.history.iter().map(|one| cell(&one.whole)).collect_view();
    let rows = with_rows(page).into_iter().map(|place| {
        let group = &of.groups[place];
        let cells = of.history.iter().map(|one| cell(&one.groups[place])).collect_view();
        view! {
            <tr>
                <th scope="row"><span dir="auto">{name(&group.path, shared)}</span> " " <small>{count(group.people, "person", "people")}</small></th>
                {cells}
            </tr>
        }
    });
    let rows = rows.collect_view();
    let drawings = format!("{}{}", chart(of, &drawn, &WIDE), chart(of, &drawn, &NARROW));
    view! {
        <section class="card">
            <h2>"Done, over time"</h2>
            <p class="hint">"Of all that was asked of each group at the end of that day, the share that was passed or signed and still good, as it was known then."</p>
            <div class="beside">
                <div>
                    <div class="drawn" inner_html=drawings></div>
                    <ul class="key" role="list">{key}</ul>
                    {more}
                </div>
                <div>
                    <div class="across tall" tabindex="0" role="region" aria-label="Share done, over time">
                        <table class="record stacked">
                            <caption>"Share done at the end of the day, in per cent"</caption>
                            <thead><tr><th scope="col">"Group"</th>{heads}</tr></thead>
                            <tbody>
                                <tr class="part"><th scope="row">"All " <small>{count(of.seen.people, "person", "people")}</small></th>{whole}</tr>
                                {rows}
                            </tbody>
                        </table>
                    </div>
                    {other_groups(page)}
                </div>
            </div>
        </section>
    }
}

/// The line of a group: each has its own dashes and its own mark, besides its colour.
fn sample(line: usize) -> String {
    format!("<path class=\"line l{line}\" d=\"M1 6H39\"/>{}", dot(line, 20.0, 6.0))
}

fn dot(line: usize, x: f64, y: f64) -> String {
    match line % 3 {
        0 => format!("<circle class=\"dot l{line}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.4\"/>"),
        1 => format!(
            "<rect class=\"dot l{line}\" x=\"{:.1}\" y=\"{:.1}\" width=\"6.4\" height=\"6.4\"/>",
            x - 3.2,
            y - 3.2
        ),
        _ => format!("<path class=\"dot l{line}\" d=\"M{x:.1} {:.1}l4 7h-8z\"/>", y - 4.2),
    }
}

/// The drawing: its figures stand in the table beside it.
fn chart(of: &Overview, drawn: &[usize], size: &Size) -> String {
    let &Size { class, width, height, left } = size;
    let (right, top, bottom) = (14.0, 10.0, 30.0);
    let first = of.history.first().map_or(NaiveDate::MIN, |one| one.day);
    let days = of.history.last().map_or(1, |one| (one.day - first).num_days().max(1));
    let x = |day: NaiveDate| left + (width - left - right) * ((day - first).num_days() as f64) / days as f64;
    let y = |share: f64| top + (height - top - bottom) * (100.0 - share) / 100.0;
    let mut svg = format!(
        "<svg class=\"{class}\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"The share done of each group over time. The table has the figures.\">"
    );
    for share in [0, 25, 50, 75, 100] {
        let at = y(f64::from(share));
        // What is written into a `String` is written.
        let _ = write!(
            svg,
            "<path class=\"grid\" d=\"M{left} {at:.1}H{}\"/><text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{share}%</text>",
            width - right,
            left - 6.0,
            at + 5.0
        );
    }
    let places = of.history.len();
    for (place, one) in
        of.history.iter().enumerate().filter(|(place, _)| *place == 0 || *place == places / 2 || *place + 1 == places)
    {
        let anchor = if place == 0 {
            "start"
        } else if place + 1 == places {
            "end"
        } else {
            "middle"
        };
        let _ = write!(
            svg,
            "<text x=\"{:.1}\" y=\"{}\" text-anchor=\"{anchor}\">{}</text>",
            x(one.day),
            height - 6.0,
            Escaped(&one.day.format("%-d %b").to_string())
        );
    }
    for (line, group) in drawn.iter().enumerate() {
        let points = of.history.iter().filter_map(|one| {
            let tally = one.groups[*group];
            (tally.asked > 0).then(|| (x(one.day), y(f64::from(tally.done) * 100.0 / f64::from(tally.asked))))
        });
        let points: Vec<(f64, f64)> = points.collect();
        let path: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1} {y:.1}")).collect();
        if !path.is_empty() {
            let _ = write!(svg, "<path class=\"line l{line}\" d=\"M{}\"/>", path.join("L"));
        }
        for (x, y) in points {
            svg.push_str(&dot(line, x, y));
        }
    }
    svg.push_str("</svg>");
    svg
}
