use app::pages::{LeftOut, OverviewPage, month_of, overview};
use axum::{http::StatusCode, response::Response};
use chrono::{Months, NaiveDate};
use engine::{GroupId, Right, Scope, catalogue::Audience, local_date};
use serde::Deserialize;

use crate::{
    compress::Repeats,
    door::{Fail, Query, Visit},
};

/// At whom an address looks.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    group: String,
    role: String,
    month: String,
    groups: String,
}

/// `GET /overview`: how everybody stands altogether.
pub(crate) async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let scope = Scope::of(&visit.reader()?.person, Right::See, engine.now()).ok_or(Fail::NotForYou)?;
    let mut left_out = LeftOut::default();
    let (group, role) = (asked.group.trim(), asked.role.trim());
    let group = left_out.unless_read("group", group, GroupId::parse(group));
    let audience = left_out.unless_read("audience", role, Audience::new(role).ok());
    let overseen = engine.overview(&scope, group, audience.clone()).await?;
    let month = month_of(&asked.month);
    let is_no_month = month.is_none() && !asked.month.trim().is_empty();
    let weak = match (group, &audience) {
        (None, None) => Some(engine.weak_spots(&scope, month).await?),
        // A part of a cohort is not told.
        _ => None,
    };
    let (stale, facts) = to_look_after(&visit, local_date(engine.now()));
    // The name of what nobody there has, and of a month of which nothing is told, may be any, and so may what cannot be read.
    let repeats = overseen.seen.nobody_has.is_some()
        || weak.as_ref().is_some_and(|weak| !weak.months.contains(&weak.month))
        || !left_out.is_empty();
    let status = if left_out.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let all_groups = asked.groups == "all";
    let page =
        OverviewPage { overview: overseen, is_no_month, weak, group, audience, left_out, all_groups, stale, facts };
    let mut response = visit.html_with(status, overview(&visit.frame(), &page));
    if repeats {
        response.extensions_mut().insert(Repeats);
    }
    Ok(response)
}

/// What should have been reviewed by a day, and how many facts have not been held against their source for a year.
fn to_look_after(visit: &Visit, today: NaiveDate) -> (Vec<(String, String, NaiveDate)>, usize) {
    let catalogue = visit.state.engine.catalogue();
    let modules = catalogue.modules.values();
    let modules = modules.map(|module| (module.title.clone(), format!("/modules/{}", module.slug), module.review_by));
    let agreements = catalogue.agreements.values();
    let agreements = agreements.map(|agreement| {
        (agreement.title.clone(), format!("/agreements/{}", agreement.slug), agreement.current().next_review)
    });
    let mut stale: Vec<_> = modules.chain(agreements).filter(|(_, _, by)| *by < today).collect();
    stale.sort_by(|(one, ..), (other, ..)| one.cmp(other));
    let is_old = |checked: NaiveDate| checked.checked_add_months(Months::new(12)).is_some_and(|next| next < today);
    let facts = catalogue.facts.values().filter(|fact| fact.checked.is_none_or(is_old) || fact.review_by < today);
    (stale, facts.count())
}
