use chrono::NaiveDate;
use engine::{FoundPeople, FoundPerson, GroupInTree, MayChange, WhichPeople};
use leptos::prelude::*;

use super::{
    choose::{group_field, line_field, role_word},
    tabs::{Tab, tabs},
};
use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Faults, day, list_table, said},
};

/// The people whom somebody may see, and what was asked for.
#[derive(Clone, Debug)]
pub struct PeopleView {
    /// What was asked for.
    pub which: WhichPeople,
    /// Some of them.
    pub found: FoundPeople,
    /// Whether these are the first.
    pub is_first: bool,
    /// The groups that may be asked for.
    pub groups: Vec<GroupInTree>,
    /// What the reader may change.
    pub may_change: MayChange,
    /// Whether the reader sees those who have left.
    pub sees_left: bool,
    /// What leads to the next page: the whole query of its address. `None`: this is the last.
    pub next: Option<String>,
    /// What has just been done, in words.
    pub said: Option<String>,
    /// Today.
    pub today: NaiveDate,
}

/// The list of people.
pub fn people(frame: &Frame, seen: &PeopleView) -> Rendered {
    frame.page("People", || {
        let PeopleView { which, found, .. } = seen;
        let is_narrowed = *which != WhichPeople::default();
        let rows = found.people.iter().map(|person| row(person, seen.today)).collect_view();
        let list = if found.people.is_empty() {
            nothing(seen, is_narrowed).into_any()
        } else {
            list_table("People", &["Name", "Groups", "Here as", "Since"], rows)
        };
        let next = seen.next.as_ref().map(|query| {
            view! { <a class="button second" href=format!("/people?{query}")>{format!("Next {}", FoundPeople::MOST)}</a> }
        });
        let first = (!seen.is_first).then(|| view! { <a href="/people">"Back to the first"</a> });
        let faults = Faults::default();
        let hint = if seen.sees_left { "A name, an e-mail address, or what another system knows them by" } else { "A first name, a last name, or both" };
        let left = seen.sees_left.then(|| {
            view! {
                <div class="field">
                    <label class="choice">
                        <input type="checkbox" name="left" value="yes" checked=which.also_left/>
                        " Also who has left"
                    </label>
                </div>
            }
        });
        view! {
            <h1>"People"</h1>
            {tabs(Tab::People, seen.may_change)}
            {said(seen.said.clone())}
            <form class="filter" method="get" action="/people" role="search" aria-label="Whom to show">
                {line_field(("name", "Who", Some(hint)), "search", which.text.clone(), false, &faults)}
                {group_field(
                    ("group", "Group", None),
                    &seen.groups,
                    Some("All"),
                    &which.group.map(|group| group.to_string()).unwrap_or_default(),
                    None,
                    &faults,
                )}
                {left}
                <div class="actions"><button>"Show these"</button> " " {is_narrowed.then(|| view! { <a href="/people">"Show everybody"</a> })}</div>
            </form>
            {list}
            <div class="actions">{next} " " {first}</div>
        }
    })
}

fn row(person: &FoundPerson, today: NaiveDate) -> impl IntoView + use<> {
    let email = person.email.clone().map(|email| view! { <small class="hint">{email}</small> });
    let groups: Vec<String> = person.groups.iter().map(|(_, name)| name.clone()).collect();
    let mut whom = person.audiences.clone();
    whom.extend(person.roles.iter().map(|role| role_word(*role).to_lowercase()));
    let without = person.without_factor.then(|| view! { <small class="hint">"No code at sign-in"</small> });
    let since = match (person.began_on, person.left_on) {
        (_, Some(left)) if left <= today => format!("Left on {}", day(left)),
        (Some(began), Some(left)) => format!("{}, leaves on {}", day(began), day(left)),
        (Some(began), None) if began > today => format!("Begins on {}", day(began)),
        (Some(began), None) => day(began),
        (None, _) => String::new(),
    };
    let name = if person.name.is_empty() { "(name erased)".to_owned() } else { person.name.clone() };
    view! {
        <tr>
            <th scope="row"><a href=format!("/people/{}", person.id) dir="auto">{name}</a> {email}</th>
            <td dir="auto">{groups.join(", ")}</td>
            <td>{whom.join(", ")} {without}</td>
            <td>{since}</td>
        </tr>
    }
}

fn nothing(seen: &PeopleView, is_narrowed: bool) -> impl IntoView + use<> {
    let (words, next) = match (is_narrowed, seen.may_change) {
        (true, _) => ("Nobody fits this.", "Try fewer letters, another group, or show everybody."),
        (false, MayChange::Everything) => ("Nobody is here yet.", "Add somebody, or bring many in from a file."),
        (false, MayChange::Groups) => ("Nobody is in your groups yet.", "Add somebody."),
        (false, MayChange::Nothing) => (
            "Nobody is in your groups yet.",
            "An administrator brings people in and puts them into groups. As soon as they are there, you find them here.",
        ),
    };
    view! { <div class="card nothing"><h2>{words}</h2> <p>{next}</p></div> }
}
