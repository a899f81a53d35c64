//! Fields that several of these pages have.

use chrono::NaiveDate;
use engine::{GroupId, GroupInTree, GroupTree, MayChange, Role, catalogue::ListedAudience};
use leptos::prelude::*;

use crate::pages::parts::{Faults, Field, field};

/// What each role is called where it is given.
pub(super) fn role_word(role: Role) -> &'static str {
    match role {
        Role::Manager => "Manager",
        Role::Dsl => "Designated safeguarding lead",
        Role::Author => "Author",
        Role::Auditor => "Auditor",
        Role::Administrator => "Administrator",
    }
}

/// A day.
pub(super) fn day_field(
    id: &'static str,
    label: &'static str,
    hint: Option<&str>,
    value: String,
    faults: &Faults,
) -> AnyView {
    let hint = hint.map(str::to_owned);
    field(Field { id, label, hint }, faults, move |told| {
        view! { <input id=id name=id type="date" value=value required aria-describedby=told.described_by aria-invalid=told.invalid/> }
    })
    .into_any()
}

/// A line of text, or a number. `kind` is that of the control.
pub(super) fn line_field(
    (id, label, hint): (&'static str, &'static str, Option<&str>),
    kind: &'static str,
    value: String,
    is_needed: bool,
    faults: &Faults,
) -> AnyView {
    let hint = hint.map(str::to_owned);
    // What is cut without a word is lost: of what is typed to be kept, too much is told. A search needs no more.
    let longest = (kind == "search").then_some("100");
    field(Field { id, label, hint }, faults, move |told| {
        view! {
            <input id=id name=id type=kind value=value required=is_needed autocomplete="off" maxlength=longest aria-describedby=told.described_by aria-invalid=told.invalid/>
        }
    })
    .into_any()
}

/// A group, as a path. `none`: what it says when no group is meant.
pub(super) fn group_field(
    (id, label, hint): (&'static str, &'static str, Option<&str>),
    groups: &[GroupInTree],
    none: Option<&'static str>,
    chosen: &str,
    without: Option<GroupId>,
    faults: &Faults,
) -> AnyView {
    let none = none.map(|words| view! { <option value="">{words}</option> });
    let options = view! { {none} {group_options(groups, chosen, without)} };
    select_field((id, label, hint), options.into_any(), faults)
}

/// Over whom somebody has a duty: [`EVERYBODY`], for who may give that, or a group. Nothing is chosen before, because it decides what they see; `chosen` is
/// what was sent.
pub(super) fn over_field(tree: &GroupTree, chosen: &str, faults: &Faults) -> AnyView {
    let (everybody, hint) = if tree.may_change == MayChange::Everything {
        let selected = chosen == EVERYBODY;
        let option = view! { <option value=EVERYBODY selected=selected>"Everybody at the provider"</option> };
        (Some(option), "A group with all the groups below it, or everybody")
    } else {
        (None, "A group with all the groups below it")
    };
    let options = view! {
        <option value="">"Choose one"</option>
        {everybody}
        {group_options(&tree.groups, chosen, None)}
    };
    select_field(("over", "Over", Some(hint)), options.into_any(), faults)
}

/// What is posted for a duty that is over no group alone.
pub const EVERYBODY: &str = "everybody";

/// One of several. `options` are drawn already.
pub(super) fn select_field(
    (id, label, hint): (&'static str, &'static str, Option<&str>),
    options: AnyView,
    faults: &Faults,
) -> AnyView {
    let hint = hint.map(str::to_owned);
    field(Field { id, label, hint }, faults, move |told| {
        view! { <select id=id name=id aria-describedby=told.described_by aria-invalid=told.invalid>{options}</select> }
    })
    .into_any()
}

pub(super) fn group_options(groups: &[GroupInTree], chosen: &str, without: Option<GroupId>) -> impl IntoView + use<> {
    let options = paths(groups, without).into_iter().map(|(id, path)| {
        let id = id.to_string();
        let selected = id == chosen;
        view! { <option value=id selected=selected>{path}</option> }
    });
    options.collect_view()
}

/// Each group with the names of those above it: without one and those below that.
pub(super) fn paths(groups: &[GroupInTree], without: Option<GroupId>) -> Vec<(GroupId, String)> {
    let mut names: Vec<&str> = Vec::new();
    let mut left_out: Option<usize> = None;
    let mut paths = Vec::with_capacity(groups.len());
    for group in groups {
        names.truncate(group.depth);
        names.push(&group.name);
        if left_out.is_some_and(|depth| group.depth <= depth) {
            left_out = None;
        }
        if Some(group.id) == without {
            left_out = Some(group.depth);
        }
        if left_out.is_none() {
            paths.push((group.id, names.join(" / ")));
        }
    }
    paths
}

/// An audience of the provider's list.
pub(super) fn audience_field(
    (id, label, hint): (&'static str, &'static str, Option<&str>),
    audiences: &[ListedAudience],
    none: Option<&'static str>,
    chosen: &str,
    faults: &Faults,
) -> AnyView {
    let none = none.map(|words| view! { <option value="">{words}</option> });
    let options = audiences.iter().map(|listed| {
        let selected = listed.id.as_str() == chosen;
        view! { <option value=listed.id.to_string() selected=selected>{listed.one.clone()}</option> }
    });
    let options = view! { {none} {options.collect_view()} };
    select_field((id, label, hint), options.into_any(), faults)
}

/// How a field of a day is filled in.
pub(super) fn written(day: NaiveDate) -> String {
    day.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_not_offered_below_itself() {
        let id = |number: u128| GroupId::parse(&format!("{number:032x}")).unwrap();
        let day = NaiveDate::default();
        let group = |number, name: &str, depth| GroupInTree {
            id: id(number),
            name: name.to_owned(),
            depth,
            since: day,
            people: 0,
        };
        let groups =
            [group(1, "North", 0), group(2, "A", 1), group(3, "Deep", 2), group(4, "B", 1), group(5, "South", 0)];
        let of = |without| paths(&groups, without).into_iter().map(|(_, path)| path).collect::<Vec<_>>();
        assert_eq!(of(None), ["North", "North / A", "North / A / Deep", "North / B", "South"]);
        assert_eq!(of(Some(id(2))), ["North", "North / B", "South"]);
        assert_eq!(of(Some(id(1))), ["South"]);
    }
}
