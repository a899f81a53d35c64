use engine::ListedGroup;

/// The names of a group and of those above it.
pub fn group_path(groups: &[ListedGroup], group: &ListedGroup) -> String {
    let mut names = vec![group.name.as_str()];
    let mut above = group.parent;
    // No tree of groups is deeper than this; one that went round in a circle would not end.
    while let Some(parent) =
        above.and_then(|id| groups.iter().find(|group| group.id == id)).filter(|_| names.len() < 20)
    {
        names.push(&parent.name);
        above = parent.parent;
    }
    names.reverse();
    names.join(" / ")
}
