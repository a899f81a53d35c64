use chrono::{Datelike as _, NaiveDate};
use engine::{GroupId, Overview, WeakSpots, catalogue::Audience};
use leptos::prelude::*;

use super::{
    late_and_due::{falls_due, overdue},
    left_out::LeftOut,
    look_after::look_after,
    misconceptions::weak_spots,
    over_time::over_time,
    page::{audience_options, options},
    practice::practice,
    sentence::nobody,
    view::{MatrixView, address as address_of},
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
    /// What the address asks for that cannot be read.
    pub left_out: LeftOut,
    /// Whether all groups have a row, however many there are.
    pub all_groups: bool,
    /// Modules and agreements that should have been reviewed, with the day by which.
    pub stale: Vec<(String, String, NaiveDate)>,
    /// How many facts nobody has held against their source, or not for a year.
    pub facts: usize,
}

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
            {over_time(page).into_any()}
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
                {page.left_out.note()}
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

/// The address of what is looked at, with all groups or the largest alone.
pub(super) fn address(page: &OverviewPage, all_groups: bool) -> String {
    let mut pairs = MatrixView { query: query(page), ..MatrixView::default() }.pairs();
    let other_month = page.weak.as_ref().filter(|weak| weak.months.first() != Some(&weak.month));
    pairs.extend(other_month.map(|weak| ("month", weak.month.format("%Y-%m").to_string())));
    if all_groups {
        pairs.push(("groups", "all".to_owned()));
    }
    address_of("/overview", &pairs)
}

/// What is looked at, as the matrix is asked for it.
pub(super) fn query(page: &OverviewPage) -> engine::MatrixQuery {
    engine::MatrixQuery { group: page.group, audience: page.audience.clone(), ..Default::default() }
}

/// A share in whole hundredths. `None`: nothing is asked.
pub(super) fn percent(done: u32, of: u32) -> Option<u32> {
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

/// The first day of a month as addresses write it: `2026-10`. `None`: it is none, or its year has not four digits.
#[must_use]
pub fn month_of(text: &str) -> Option<NaiveDate> {
    let first = format!("{}-01", text.trim()).parse::<NaiveDate>().ok();
    first.filter(|day| day.day() == 1 && (1000..=9999).contains(&day.year()))
}
