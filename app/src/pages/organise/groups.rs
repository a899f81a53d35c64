use chrono::NaiveDate;
use engine::{GroupInTree, GroupTree, MayChange};
use leptos::prelude::*;

use super::{
    choose::{day_field, group_field, line_field, paths, written},
    tabs::{Tab, tabs},
};
use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Faults, count, day, said},
};

/// The groups that somebody sees, and what they were doing.
#[derive(Clone, Debug, Default)]
pub struct GroupsView {
    /// The groups.
    pub tree: GroupTree,
    /// What was typed to find one.
    pub name: String,
    /// A group to be made as the form has it: its name, below which, from when.
    pub typed: (String, String, String),
    /// What is wrong with that.
    pub faults: Faults,
    /// What has just been done, in words.
    pub said: Option<String>,
    /// Today.
    pub today: NaiveDate,
}

/// The tree of groups.
pub fn groups(frame: &Frame, seen: &GroupsView) -> Rendered {
    let faults = &seen.faults;
    frame.page(&faults.title("Groups"), || {
        let tree = &seen.tree;
        let may_change = tree.may_change;
        let may_make = match may_change {
            MayChange::Nothing => false,
            MayChange::Groups => !tree.groups.is_empty(),
            MayChange::Everything => true,
        };
        let sought = seen.name.trim().to_lowercase();
        let list = if tree.groups.is_empty() {
            nothing(may_change).into_any()
        } else if sought.is_empty() {
            nested(&tree.groups, 0).into_any()
        } else {
            found(&tree.groups, &sought).into_any()
        };
        let search = (tree.groups.len() > 8 || !sought.is_empty()).then(|| {
            view! {
                <form class="filter" method="get" action="/groups" role="search" aria-label="Which groups">
                    {line_field(("name", "Name", None), "search", seen.name.clone(), false, &Faults::default())}
                    <div class="actions"><button>"Show these"</button> " " {(!sought.is_empty()).then(|| view! { <a href="/groups">"Show all"</a> })}</div>
                </form>
            }
        });
        let ended = (!tree.ended.is_empty()).then(|| {
            let rows = tree.ended.iter().map(|group| {
                view! { <li><div><a href=format!("/groups/{}", group.id) dir="auto">{group.name.clone()}</a> {format!(", ended on {}", day(group.ends_before))}</div></li> }
            });
            view! {
                <details>
                    <summary>{count(tree.ended.len(), "group has ended", "groups have ended")}</summary>
                    <ul class="rows" role="list">{rows.collect_view()}</ul>
                </details>
            }
        });
        view! {
            {faults.list()}
            <h1>"Groups"</h1>
            {tabs(Tab::Groups, may_change)}
            {said(seen.said.clone())}
            {search}
            {list}
            {ended}
            {may_make.then(|| make(seen))}
        }
    })
}

fn nothing(may_change: MayChange) -> impl IntoView {
    let next = if may_change == MayChange::Everything {
        "Make the first below: a site, then its programmes, cohorts or employers in it. A file of people makes groups as well."
    } else {
        "An administrator makes groups, and gives you those that you look after."
    };
    view! { <div class="card nothing"><h2>"There are no groups yet."</h2> <p>{next}</p></div> }
}

/// The groups from a depth on, each list within the row of the group that they are in.
fn nested(groups: &[GroupInTree], depth: usize) -> AnyView {
    let mut rows: Vec<AnyView> = Vec::new();
    let mut at = 0;
    while at < groups.len() {
        let below = groups[at + 1..].iter().take_while(|group| group.depth > depth).count();
        let inside = &groups[at + 1..at + 1 + below];
        let inside = (!inside.is_empty()).then(|| nested(inside, depth + 1));
        rows.push(view! { <li>{line(&groups[at], groups[at].name.clone())} {inside}</li> }.into_any());
        at += 1 + below;
    }
    let class = if depth == 0 { "tree" } else { "" };
    view! { <ul class=class role="list">{rows}</ul> }.into_any()
}

fn found(groups: &[GroupInTree], sought: &str) -> impl IntoView + use<> {
    let all = paths(groups, None);
    let rows: Vec<AnyView> = all
        .into_iter()
        .zip(groups)
        .filter(|(_, group)| group.name.to_lowercase().contains(sought))
        .map(|((_, path), group)| view! { <li>{line(group, path)}</li> }.into_any())
        .collect();
    if rows.is_empty() {
        view! { <div class="card nothing"><h2>"No group fits this."</h2> <p>"Try fewer letters, or show all."</p></div> }.into_any()
    } else {
        view! { <ul class="tree" role="list">{rows}</ul> }.into_any()
    }
}

fn line(group: &GroupInTree, words: String) -> impl IntoView + use<> {
    let people = count(usize::try_from(group.people).unwrap_or_default(), "person", "people");
    view! {
        <p>
            <a href=format!("/groups/{}", group.id) dir="auto">{words}</a>
            <small>{people}</small>
        </p>
    }
}

fn make(seen: &GroupsView) -> impl IntoView + use<> {
    let faults = &seen.faults;
    let (name, below, from) = seen.typed.clone();
    let from = if from.is_empty() { written(seen.today) } else { from };
    let top = if seen.tree.may_change == MayChange::Everything { "None: at the top" } else { "Choose one" };
    view! {
        <section class="card no-print">
            <h2>"Make a group"</h2>
            <form method="post" action="/groups" novalidate>
                {line_field(("group-name", "Name", Some("Such as a site, a programme, a cohort or an employer")), "text", name, true, faults)}
                {group_field(("below", "Below", None), &seen.tree.groups, Some(top), &below, None, faults)}
                {day_field("from", "From", None, from, faults)}
                <button>"Make this group"</button>
            </form>
        </section>
    }
}
