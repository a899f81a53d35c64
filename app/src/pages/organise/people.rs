use chrono::NaiveDate;
use engine::{FoundPeople, FoundPerson, GroupInTree, WhichPeople};
use leptos::prelude::*;

use super::{
    choose::role_word,
    look_for::{LookedFor, further, look_for},
    tabs::{Tab, tabs},
};
use crate::pages::{
    frame::{Frame, Rendered},
    parts::{day, list_table, said},
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
    /// Whether the reader may add people.
    pub may_change: bool,
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
            .into_any()
        });
        let looked_for = LookedFor {
            list: "/people",
            hint,
            name: &which.text,
            group: which.group,
            groups: &seen.groups,
            is_narrowed,
        };
        view! {
            <h1>"People"</h1>
            {tabs(Tab::People, seen.may_change)}
            {said(seen.said.clone())}
            {look_for(&looked_for, left)}
            {list}
            {further("/people", FoundPeople::MOST, seen.next.as_deref(), seen.is_first)}
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
        (false, true) => ("Nobody is here yet.", "Add somebody, or bring many in from a file."),
        (false, false) => (
            "Nobody is in your groups yet.",
            "An administrator brings people in and puts them into groups. As soon as they are there, you find them here.",
        ),
    };
    view! { <div class="card nothing"><h2>{words}</h2> <p>{next}</p></div> }
}
