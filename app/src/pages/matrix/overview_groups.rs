use std::cmp::Reverse;

use engine::Overview;
use leptos::prelude::*;

use super::overview::{OverviewPage, address};

/// So many groups have rows, the largest; all of them where they are asked for.
const GROUPS: usize = 50;

/// The places of the groups that have rows, by name.
pub(super) fn with_rows(page: &OverviewPage) -> Vec<usize> {
    let people: Vec<usize> = page.overview.groups.iter().map(|group| group.people).collect();
    if page.all_groups { (0..people.len()).collect() } else { largest(&people, GROUPS) }
}

/// The places of those who have most people, in their order.
fn largest(people: &[usize], most: usize) -> Vec<usize> {
    let mut places: Vec<usize> = (0..people.len()).collect();
    places.sort_by_key(|place| Reverse(people[*place]));
    places.truncate(most);
    places.sort_unstable();
    places
}

/// That not all groups have rows, with what leads to the others. `None`: there are no others.
pub(super) fn other_groups(page: &OverviewPage) -> Option<impl IntoView + use<>> {
    let groups = page.overview.groups.len();
    if groups <= GROUPS {
        return None;
    }
    let (said, link) = if page.all_groups {
        (format!("All {groups} groups have a row."), format!("Show the {GROUPS} largest alone"))
    } else {
        (format!("The {GROUPS} largest of {groups} groups have a row."), format!("Show all {groups} groups"))
    };
    let others = address(page, !page.all_groups);
    Some(view! { <p class="hint">{said} " " <a class="standalone" href=others>{link}</a></p> })
}

/// The name of a group after those above it, without the first `shared`.
pub(super) fn name(path: &[String], shared: usize) -> String {
    if path.is_empty() { "In no group".to_owned() } else { path[shared.min(path.len() - 1)..].join(" / ") }
}

/// How many names all of these groups have before their own: they tell none from another, and a table has room for what does.
pub(super) fn shared<'p>(mut paths: impl Iterator<Item = &'p [String]>) -> usize {
    let Some(first) = paths.next() else { return 0 };
    let alike = |path: &[String]| first.iter().zip(path).take_while(|(one, other)| one == other).count();
    paths.fold(first.len().saturating_sub(1), |shared, path| shared.min(alike(path)).min(path.len().saturating_sub(1)))
}

/// How many names the groups of the overview share; whoever is in none has none.
pub(super) fn shared_by_groups(of: &Overview) -> usize {
    shared(of.groups.iter().map(|group| group.path.as_slice()).filter(|path| !path.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_groups_have_rows_in_the_order_of_their_names() {
        assert_eq!(largest(&[3, 9, 3, 12, 1], 3), [0, 1, 3]);
        assert_eq!(largest(&[3, 9], 3), [0, 1]);
        assert!(largest(&[], 3).is_empty());
    }

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
