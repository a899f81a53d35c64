//! The form that looks for people, and what leads on through a list of them.

use engine::{GroupId, GroupInTree};
use leptos::prelude::*;

use super::choose::{group_field, line_field};
use crate::pages::parts::Faults;

/// What people are looked for by.
pub(super) struct LookedFor<'v> {
    /// The address of the list.
    pub(super) list: &'static str,
    /// What may be typed.
    pub(super) hint: &'static str,
    /// What was typed.
    pub(super) name: &'v str,
    /// The group that was asked for.
    pub(super) group: Option<GroupId>,
    /// The groups that may be asked for.
    pub(super) groups: &'v [GroupInTree],
    /// Whether not everybody is shown.
    pub(super) is_narrowed: bool,
}

/// The form, with what else it asks for.
pub(super) fn look_for(looked_for: &LookedFor<'_>, more: Option<AnyView>) -> AnyView {
    let LookedFor { list, hint, name, group, groups, is_narrowed } = *looked_for;
    let faults = Faults::default();
    let group = group.map(|group| group.to_string()).unwrap_or_default();
    view! {
        <form class="filter" method="get" action=list role="search" aria-label="Whom to show">
            {line_field(("name", "Who", Some(hint)), "search", name.to_owned(), false, &faults)}
            {group_field(("group", "Group", None), groups, Some("All"), &group, None, &faults)}
            {more}
            <div class="actions"><button>"Show these"</button> " " {is_narrowed.then(|| view! { <a href=list>"Show everybody"</a> })}</div>
        </form>
    }
    .into_any()
}

/// What leads to the next of a list, so many at most, and back to the first. `next`: the whole query of its address; `None`: these are the last.
pub(super) fn further(list: &'static str, most: usize, next: Option<&str>, is_first: bool) -> AnyView {
    let next = next.map(|query| {
        view! { <a class="button second" href=format!("{list}?{query}")>{format!("Next {most}")}</a> }
    });
    let first = (!is_first).then(|| view! { <a href=list>"Back to the first"</a> });
    view! { <div class="actions">{next} " " {first}</div> }.into_any()
}
