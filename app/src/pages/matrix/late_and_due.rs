use chrono::NaiveDate;
use engine::{DueWeek, OverdueBand};
use leptos::prelude::*;
use model::Status;

use super::{
    overview::{OverviewPage, query},
    view::MatrixView,
};

/// What is late, by how long.
pub(super) fn overdue(page: &OverviewPage) -> impl IntoView + use<> {
    let bands = &page.overview.overdue;
    let most = bands.iter().map(|band| band.things).max().unwrap_or_default();
    let rows = bands.iter().map(|band| {
        let words = match band.to {
            Some(to) => format!("{} to {to} days", band.from),
            None => format!("over {} days", band.from - 1),
        };
        let OverdueBand { things, people, .. } = *band;
        view! {
            <tr><th scope="row">{words}</th><td class="number">{things}</td><td class="number">{people}</td><td class="bar-cell" inner_html=bar("late", things, most)></td></tr>
        }
    });
    let rows = rows.collect_view();
    let view = MatrixView {
        query: engine::MatrixQuery { statuses: [Status::Overdue, Status::Expired].into(), ..query(page) },
        ..MatrixView::default()
    };
    let late: usize = bands.iter().map(|band| band.things).sum();
    let link =
        (late > 0).then(|| view! { <p><a class="standalone" href=view.address("/matrix")>"Who they are"</a></p> });
    view! {
        <section class="card">
            <h2>"Overdue"</h2>
            <div class="across" tabindex="0" role="region" aria-label="What is overdue"><table class="record">
                <caption class="hidden">"What is overdue or has run out, by how long"</caption>
                <thead><tr><th scope="col">"Late for"</th><th scope="col" class="number">"Things"</th><th scope="col" class="number">"People"</th><td></td></tr></thead>
                <tbody>{rows}</tbody>
            </table></div>
            {link}
        </section>
    }
}

fn bar(class: &str, some: usize, most: usize) -> String {
    let part = some as f64 * 100.0 / most.max(1) as f64;
    format!(
        "<svg class=\"bar\" viewBox=\"0 0 100 6\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"{class}\" width=\"{part:.1}\" height=\"6\"/></svg>"
    )
}

/// What is not done, by the week in which it is due.
pub(super) fn falls_due(page: &OverviewPage) -> impl IntoView + use<> {
    let weeks = &page.overview.due;
    let most = weeks.iter().map(|week| week.things).max().unwrap_or_default();
    let rows = weeks.iter().map(|week| {
        let DueWeek { from, to, things, people, most: of } = week;
        let words = if from == to { short(*to) } else { format!("{} to {}", from.format("%-d %b"), short(*to)) };
        let of: Vec<String> = of.iter().map(|(title, some)| format!("{title} {some}")).collect();
        view! {
            <tr>
                <th scope="row">{words}</th>
                <td class="number">{*things}</td>
                <td class="number">{*people}</td>
                <td class="bar-cell" inner_html=bar("due", *things, most)></td>
                <td class="most">{of.join("; ")}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let before = weeks.last().and_then(|week| week.to.succ_opt());
    let view = MatrixView { query: engine::MatrixQuery { due_before: before, ..query(page) }, ..MatrixView::default() };
    view! {
        <section class="card">
            <h2>"What falls due"</h2>
            <div class="across" tabindex="0" role="region" aria-label="What falls due">
                <table class="record stacked">
                    <caption class="hidden">"What is not done, by the week in which it is due"</caption>
                    <thead><tr>
                        <th scope="col">"Week"</th><th scope="col" class="number">"Things"</th><th scope="col" class="number">"People"</th>
                        <td></td><th scope="col" class="most">"Most of it"</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <p><a class="standalone" href=view.address("/matrix")>"Who is late or due by then"</a></p>
        </section>
    }
}

fn short(day: NaiveDate) -> String {
    day.format("%-d %b %Y").to_string()
}
