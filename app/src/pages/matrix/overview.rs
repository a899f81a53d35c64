use std::fmt::Write as _;

use chrono::{Datelike as _, Months, NaiveDate};
use engine::{
    DueWeek, GroupId, ListedPerson, OverdueBand, Overview, Signed, SpotCount, Tally, WeakSpots, catalogue::Audience,
};
use leptos::prelude::*;
use model::Status;

use super::{
    page::{audience_options, options},
    sentence::nobody,
    table::Escaped,
    view::MatrixView,
};
use crate::pages::{
    frame::{Frame, Rendered},
    parts::{count, day, moment},
};

/// What stands in the overview beside counts.
#[derive(Clone, Debug)]
pub struct OverviewPage {
    /// The counts.
    pub overview: Overview,
    /// Whether the address asks for a month that cannot be read, and the latest is told.
    pub is_no_month: bool,
    /// What is got wrong. `None`: it is not for this reader, or only a part of the people is looked at.
    pub weak: Option<WeakSpots>,
    /// The group that is looked at, with those below it. `None`: all that the reader sees.
    pub group: Option<GroupId>,
    /// The audience that is looked at. `None`: anybody.
    pub audience: Option<Audience>,
    /// Modules and agreements that should have been reviewed, with the day by which.
    pub stale: Vec<(String, String, NaiveDate)>,
    /// How many facts nobody has held against their source, or not for a year.
    pub facts: usize,
}

/// How many groups have a line in the drawing; the table has all of them.
const LINES: usize = 6;

/// How everybody stands altogether.
pub fn overview(frame: &Frame, page: &OverviewPage) -> Rendered {
    let of = &page.overview;
    let seen = &of.seen;
    let body = if let Some(has) = seen.nobody_has {
        let view = MatrixView { query: query(page), ..MatrixView::default() };
        let (words, link, _) = nobody(seen, &view, has, ("is", ""));
        let others = page.group.map_or_else(|| "/overview".to_owned(), |group| format!("/overview?group={group}"));
        view! {
            <div class="card nothing">
                <h2>{words}</h2>
                <p>"So nothing stands here. Change the sentence, or take that out of it."</p>
                <p><a class="standalone" href=others>{link}</a></p>
            </div>
        }
        .into_any()
    } else if of.whole.asked == 0 {
        view! {
            <div class="card nothing">
                <h2>"Nothing is asked of anybody here."</h2>
                <p>"As soon as a programme is given to a group, to an audience or to somebody, you see here how far they are."</p>
            </div>
        }
        .into_any()
    } else {
        view! {
            {over_time(of).into_any()}
            <div class="halves">
                {overdue(page).into_any()}
                {falls_due(page).into_any()}
            </div>
            <div class="halves">{last(page)}</div>
        }
        .into_any()
    };
    let matrix = MatrixView { query: query(page), ..MatrixView::default() }.address("/matrix");
    let groups = options(
        (if seen.sees_everybody { "all groups" } else { "all my groups" }).to_owned(),
        seen.choices.groups.iter().map(|(group, path)| (group.to_string(), path.join(" / "))),
        page.group.map(|group| group.to_string()),
    );
    let audiences = audience_options(seen, page.audience.as_ref());
    frame.with_tables().page("Overview", || {
        view! {
            <div class="wide overview">
                <div class="top">
                    <h1>"Overview"</h1>
                    <p class="as-of">{format!("As at now, {}", moment(seen.moment))}</p>
                    <ul class="tools" role="list"><li><a href=matrix>"Open the matrix"</a></li></ul>
                </div>
                <form class="sentence" method="get" action="/overview" aria-label="Whom to look at">
                    <span>"People in"</span> <select name="group" aria-label="Group">{groups}</select>
                    <span>"who are"</span> <select name="role" aria-label="As whom they are here">{audiences}</select>
                    <button>"Show"</button>
                </form>
                {seen.nobody_has.is_none().then(|| view! { <p class="lead">{lead(page)}</p> })}
                {body}
            </div>
        }
    })
}

/// What people get wrong, who has signed, and what to look after: what is short stands together.
fn last(page: &OverviewPage) -> AnyView {
    let weak = page.weak.as_ref().map(|weak| weak_spots(weak, page.is_no_month).into_any());
    let (practice, look_after) = (practice(page).into_any(), look_after(page).into_any());
    if page.weak.as_ref().is_none_or(|weak| weak.spots.is_empty()) {
        view! { <div>{weak} {look_after}</div> {practice} }.into_any()
    } else {
        view! { {weak} <div>{practice} {look_after}</div> }.into_any()
    }
}

fn query(page: &OverviewPage) -> engine::MatrixQuery {
    engine::MatrixQuery { group: page.group, audience: page.audience.clone(), ..Default::default() }
}

fn percent(done: u32, of: u32) -> Option<u32> {
    (done * 100).checked_div(of)
}

fn lead(page: &OverviewPage) -> String {
    let of = &page.overview;
    let people = count(of.seen.people, "person", "people");
    let Some(share) = percent(of.whole.done, of.whole.asked) else {
        return format!("Nothing is asked of {people}.");
    };
    let mut said = format!("{share}% of what is asked of {people} is done.");
    let late: usize = of.overdue.iter().map(|band| band.things).sum();
    if late > 0 {
        let longest = of.longest_late.map(|days| format!(", the longest for {}", count(to_usize(days), "day", "days")));
        said.push_str(&format!(
            " {} late for {}{}.",
            count(late, "thing is", "things are"),
            count(of.late_people, "person", "people"),
            longest.unwrap_or_default()
        ));
    } else {
        said.push_str(" Nothing is late.");
    }
    let due: usize = of.due.iter().take(2).map(|week| week.things).sum();
    if let (true, Some(week)) = (due > 0, of.due.get(1)) {
        said.push_str(&format!(" {} due by {}.", count(due, "more falls", "more fall"), day(week.to)));
    }
    said
}

fn to_usize(days: i64) -> usize {
    usize::try_from(days).unwrap_or_default()
}

/// The name of a group after those above it, without the first `shared`.
fn name(path: &[String], shared: usize) -> String {
    if path.is_empty() { "In no group".to_owned() } else { path[shared.min(path.len() - 1)..].join(" / ") }
}

/// How many names all of these groups have before their own: they tell none from another, and a table has room for what does.
fn shared<'p>(mut paths: impl Iterator<Item = &'p [String]>) -> usize {
    let Some(first) = paths.next() else { return 0 };
    let alike = |path: &[String]| first.iter().zip(path).take_while(|(one, other)| one == other).count();
    paths.fold(first.len().saturating_sub(1), |shared, path| shared.min(alike(path)).min(path.len().saturating_sub(1)))
}

/// How many names the groups of the overview share; whoever is in none has none.
fn shared_by_groups(of: &Overview) -> usize {
    shared(of.groups.iter().map(|group| group.path.as_slice()).filter(|path| !path.is_empty()))
}

/// The groups that have people, the largest first: their places.
fn largest(of: &Overview) -> Vec<usize> {
    let mut places: Vec<usize> =
        (0..of.groups.len()).filter(|place| of.history.iter().any(|day| day.groups[*place].asked > 0)).collect();
    places.sort_by_key(|place| std::cmp::Reverse(of.groups[*place].people));
    places
}

fn over_time(of: &Overview) -> impl IntoView + use<> {
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
    let more = (more > 0).then(
        || view! { <p class="hint">{format!("The largest {} are drawn; the table has all of them.", drawn.len())}</p> },
    );
    let heads = of.history.iter().map(|one| {
        view! { <th scope="col" class="number"><time datetime=one.day.to_string()>{one.day.format("%-d %b").to_string()}</time></th> }
    });
    let heads = heads.collect_view();
    let cell = |tally: &Tally| {
        let share = percent(tally.done, tally.asked).map_or("–".to_owned(), |share| share.to_string());
        view! { <td class="number">{share}</td> }
    };
    let whole = of.history.iter().map(|one| cell(&one.whole)).collect_view();
    let rows = of.groups.iter().enumerate().map(|(place, group)| {
        let cells = of.history.iter().map(|one| cell(&one.groups[place])).collect_view();
        view! {
            <tr>
                <th scope="row"><span dir="auto">{name(&group.path, shared)}</span> " " <small>{count(group.people, "person", "people")}</small></th>
                {cells}
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <section class="card">
            <h2>"Done, over time"</h2>
            <p class="hint">"Of all that was asked of each group at the end of that day, the share that was passed or signed and still good, as it was known then."</p>
            <div class="beside">
                <div>
                    <div inner_html=chart(of, &drawn)></div>
                    <ul class="key" role="list">{key}</ul>
                    {more}
                </div>
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
            </div>
        </section>
    }
}

fn short(day: NaiveDate) -> String {
    day.format("%-d %b %Y").to_string()
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
fn chart(of: &Overview, drawn: &[usize]) -> String {
    const WIDTH: f64 = 560.0;
    const HEIGHT: f64 = 240.0;
    let (left, right, top, bottom) = (40.0, 14.0, 10.0, 26.0);
    let first = of.history.first().map_or(NaiveDate::MIN, |one| one.day);
    let days = of.history.last().map_or(1, |one| (one.day - first).num_days().max(1));
    let x = |day: NaiveDate| left + (WIDTH - left - right) * ((day - first).num_days() as f64) / days as f64;
    let y = |share: f64| top + (HEIGHT - top - bottom) * (100.0 - share) / 100.0;
    let mut svg = format!(
        "<svg class=\"chart\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"The share done of each group over time. The table has the figures.\">"
    );
    for share in [0, 25, 50, 75, 100] {
        let at = y(f64::from(share));
        // What is written into a `String` is written.
        let _ = write!(
            svg,
            "<path class=\"grid\" d=\"M{left} {at:.1}H{}\"/><text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{share}%</text>",
            WIDTH - right,
            left - 6.0,
            at + 4.0
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
            HEIGHT - 6.0,
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

fn overdue(page: &OverviewPage) -> impl IntoView + use<> {
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

fn falls_due(page: &OverviewPage) -> impl IntoView + use<> {
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

fn practice(page: &OverviewPage) -> impl IntoView + use<> {
    let of = &page.overview;
    let shared = shared_by_groups(of);
    let cells = |signed: &Signed| {
        let share = percent(signed.signed, signed.asked).map_or("–".to_owned(), |share| format!("{share}%"));
        let rest = signed.asked.saturating_sub(signed.signed + signed.older);
        view! {
            <td class="number">{share}</td> <td class="number">{signed.signed}</td>
            <td class="number">{signed.older}</td> <td class="number">{rest}</td>
        }
    };
    let bodies = of.agreements.iter().filter(|agreement| agreement.whole.asked > 0).map(|agreement| {
        let groups = agreement.groups.iter().zip(&of.groups).filter(|(signed, _)| signed.asked > 0);
        let rows = groups.map(|(signed, group)| {
            view! { <tr class="of-group"><th scope="row"><span dir="auto">{name(&group.path, shared)}</span></th> {cells(signed)}</tr> }
        });
        let asked = format!("{} asked", agreement.whole.asked);
        view! {
            <tbody>
                <tr class="part"><th scope="row">{agreement.title.clone()} <small>{asked}</small></th> {cells(&agreement.whole)}</tr>
                {rows.collect_view()}
            </tbody>
        }
    });
    let bodies: Vec<_> = bodies.collect();
    let table = if bodies.is_empty() {
        view! { <p>"No agreement is asked of these people."</p> }.into_any()
    } else {
        view! {
            <div class="across tall" tabindex="0" role="region" aria-label="Who has signed">
                <table class="record stacked">
                    <caption class="hidden">"Of those who are asked, how many have signed the version in force"</caption>
                    <thead><tr>
                        <th scope="col">"Agreement and group"</th><th scope="col" class="number">"Share"</th>
                        <th scope="col" class="number">"Signed"</th><th scope="col" class="number">"Older version"</th>
                        <th scope="col" class="number">"Not signed"</th>
                    </tr></thead>
                    {bodies}
                </table>
            </div>
        }
        .into_any()
    };
    view! {
        <section class="card">
            <h2>"Policy into practice"</h2>
            <p class="hint">"Of those who are asked for an agreement, how many have signed the version that is in force."</p>
            {table}
        </section>
    }
}

/// So many cohorts have a column each beside what they thought; more are listed below one another.
const COLUMNS: usize = 4;

/// How many of a cohort.
fn said(count: SpotCount) -> AnyView {
    match count {
        SpotCount::NotAsked => "not asked".into_any(),
        SpotCount::Hidden => view! { <small class="kept-back">"not shown"</small> }.into_any(),
        SpotCount::Of { wrong, asked } => {
            let share = wrong * 100 / asked.max(1);
            view! { <b>{format!("{share}%")}</b> {format!(" {wrong} of {asked}")} }.into_any()
        }
    }
}

fn weak_spots(weak: &WeakSpots, is_no_month: bool) -> impl IntoView + use<> {
    let month = weak.month.format("%B %Y").to_string();
    let is_told = weak.months.contains(&weak.month);
    let address = |month: NaiveDate| format!("/overview?month={}", month.format("%Y-%m"));
    let other = |month: Option<NaiveDate>, words: &'static str| {
        month.filter(|month| is_told && weak.months.contains(month)).map(|month| {
            view! { <a class="standalone" href=address(month)>{format!("{words} {}", month.format("%B %Y"))}</a> " " }
        })
    };
    let before = other(weak.month.checked_sub_months(Months::new(1)), "Before:");
    let after = other(weak.month.checked_add_months(Months::new(1)), "After:");
    let no_month = is_no_month.then(
        || view! { <p>{format!("What the address asks for is no month, so this is {month}. A month is written like 2026-09.")}</p> },
    );
    let shared = shared(weak.cohorts.iter().map(|(_, path)| path.as_slice()).filter(|path| !path.is_empty()));
    let is_wide = weak.cohorts.len() > COLUMNS;
    let called = |place: usize| view! { <span dir="auto">{name(&weak.cohorts[place].1, shared)}</span> };
    let heads = if is_wide {
        view! { <th scope="col">"By cohort"</th> }.into_any()
    } else {
        let heads = (0..weak.cohorts.len()).map(|place| view! { <th scope="col" class="number">{called(place)}</th> });
        heads.collect_view().into_any()
    };
    let rows = weak.spots.iter().map(|spot| {
        let cells = if is_wide {
            let asked = spot.cohorts.iter().enumerate().filter(|(_, count)| **count != SpotCount::NotAsked);
            let listed = asked.map(|(place, count)| view! { <li>{called(place)} " " {said(*count)}</li> });
            view! { <td><ul class="by-cohort" role="list">{listed.collect_view()}</ul></td> }.into_any()
        } else {
            let cells = spot.cohorts.iter().map(|count| view! { <td class="number">{said(*count)}</td> });
            cells.collect_view().into_any()
        };
        let idea = spot.idea.clone().unwrap_or_else(|| "Answered wrongly".to_owned());
        let link = format!("/modules/{}", spot.module);
        view! {
            <tr>
                <th scope="row">{idea} <small><a href=link>{spot.title.clone()}</a> ": " <span inner_html=spot.stem.clone()></span></small></th>
                {cells}
            </tr>
        }
    });
    let rows: Vec<_> = rows.collect();
    let table = if !is_told {
        let months = weak.months.iter().map(|month| {
            view! { <li><a href=address(*month)>{month.format("%B %Y").to_string()}</a></li> }
        });
        view! {
            <p>{format!("Nothing can be told of {month}: a month is told once it is over, and for a year. These can be told:")}</p>
            <ul class="by-cohort" role="list">{months.collect_view()}</ul>
        }
        .into_any()
    } else if rows.is_empty() {
        view! { <p>"Nothing can be told for this month: too few people answered, or too few of them were wrong."</p> }
            .into_any()
    } else {
        view! {
            <div class="across" tabindex="0" role="region" aria-label="What people get wrong">
                <table class="record spots">
                    <caption class="hidden">{format!("What was answered wrongly at first tries in {month}, by cohort")}</caption>
                    <thead><tr><th scope="col">"What people thought at their first try"</th>{heads}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    view! {
        <section class="card">
            <h2>"What people get wrong"</h2>
            <p class="hint">{format!("Of those who answered for the first time in {month}, by whole cohorts. Never by person: a figure about fewer than five people, \
                or one that leaves fewer than five, is not shown, and neither is one from which it could be worked out.")}</p>
            {no_month}
            {table}
            <p>{before} {after}</p>
        </section>
    }
}

fn look_after(page: &OverviewPage) -> impl IntoView + use<> {
    let not_begun = &page.overview.not_begun;
    let people = (!not_begun.is_empty()).then(|| {
        let listed = not_begun.iter().take(20).map(|ListedPerson { id, name }| {
            view! { <li><a href=format!("/people/{id}") dir="auto">{name.clone()}</a></li> }
        });
        let listed = listed.collect_view();
        let more = not_begun.len().saturating_sub(20);
        let more = (more > 0).then(|| view! { <li>{format!("and {more} more, whom the matrix shows")}</li> });
        view! {
            <details>
                <summary>{format!("{} begun nothing yet", count(not_begun.len(), "person has", "people have"))}</summary>
                <p class="hint">"Something is asked of them, and they have opened no page and begun no quiz. Ask whether they could sign in."</p>
                <ul>{listed} {more}</ul>
            </details>
        }
    });
    let stale = page.stale.iter().map(|(title, address, by)| {
        view! { <li><a href=address.clone()>{title.clone()}</a> {format!(" was due for its review on {}", day(*by))}</li> }
    });
    let stale = stale.collect_view();
    let facts = (page.facts > 0).then(|| {
        view! { <li>{format!("{} been held against their source in the last year, or ever. Whoever writes the modules can list them.", count(page.facts, "fact has not", "facts have not"))}</li> }
    });
    let is_empty = people.is_none() && page.stale.is_empty() && facts.is_none();
    let nothing = is_empty.then(
        || view! { <p>"Nothing. Everybody has begun, and everything that was written has been reviewed in time."</p> },
    );
    view! {
        <section class="card">
            <h2>"To look after"</h2>
            {people}
            <ul>{stale} {facts}</ul>
            {nothing}
        </section>
    }
}

/// The first day of a month as addresses write it: `2026-10`. `None`: it is none, or its year has not four digits.
#[must_use]
pub fn month_of(text: &str) -> Option<NaiveDate> {
    let first = format!("{}-01", text.trim()).parse::<NaiveDate>().ok();
    first.filter(|day| day.day() == 1 && (1000..=9999).contains(&day.year()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_called_by_what_tells_them_apart() {
        let paths = |texts: &[&str]| -> Vec<Vec<String>> {
            texts.iter().map(|text| text.split('/').map(str::to_owned).collect()).collect()
        };
        let called = |texts: &[&str]| -> Vec<String> {
            let paths = paths(texts);
            let shared = shared(paths.iter().map(Vec::as_slice));
            paths.iter().map(|path| name(path, shared)).collect()
        };
        assert_eq!(called(&["N/East/A", "N/East/B", "N/West/A"]), ["East / A", "East / B", "West / A"]);
        assert_eq!(called(&["N/East/A", "N/East/B"]), ["A", "B"]);
        assert_eq!(called(&["N/East/A"]), ["A"]);
        assert_eq!(called(&["N/East", "N/East/A"]), ["East", "East / A"]);
        assert_eq!(called(&["N", "N/East/A"]), ["N", "N / East / A"]);
        assert_eq!(called(&["East/A", "West/A"]), ["East / A", "West / A"]);
        assert_eq!(name(&[], 2), "In no group");
        assert_eq!(shared(std::iter::empty()), 0);
    }
}
