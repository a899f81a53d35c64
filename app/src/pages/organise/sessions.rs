use engine::{GroupInTree, PersonId, SignedInPage, SignedInPerson, WhichSignedIn};
use leptos::prelude::*;

use super::look_for::{LookedFor, further, look_for};
use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Faults, count, list_table, moment, said},
};

/// Who is signed in, and what was asked for.
#[derive(Clone, Debug)]
pub struct SessionsView {
    /// What was asked for.
    pub which: WhichSignedIn,
    /// Some of them.
    pub found: SignedInPage,
    /// Whether these are the first.
    pub is_first: bool,
    /// The groups that may be asked for.
    pub groups: Vec<GroupInTree>,
    /// What leads to the next page: the whole query of its address. `None`: this is the last.
    pub next: Option<String>,
    /// Whether somebody has just been signed out.
    pub ended: bool,
}

/// Who is signed in, by person.
pub fn sessions(frame: &Frame, seen: &SessionsView) -> Rendered {
    frame.with_tables().page("Who is signed in", || {
        let SessionsView { which, found, .. } = seen;
        let is_narrowed = *which != WhichSignedIn::default();
        let lead = match (found.total, is_narrowed) {
            (0, false) => "Nobody else is signed in.".to_owned(),
            (0, true) => "Nobody who is signed in fits this.".to_owned(),
            (total, _) => format!(
                "{} signed in, in {}.",
                count(total, "person is", "people are"),
                count(found.browsers, "browser", "browsers")
            ),
        };
        let rows = found.people.iter().map(row).collect_view();
        let table = (!found.people.is_empty()).then(|| {
            list_table(
                "Who is signed in",
                &["Name", "Browsers", "What with", "First signed in", "Last signed in", "Sign out"],
                rows,
            )
        });
        let looked_for = LookedFor {
            list: "/admin/sessions",
            hint: "A first name, a last name, or both",
            name: &which.name,
            group: which.group,
            groups: &seen.groups,
            is_narrowed,
        };
        view! {
            <p class="crumb"><a href="/admin">"Administration"</a></p>
            <h1>"Who is signed in"</h1>
            {said(seen.ended.then(|| "They are signed out in every browser.".to_owned()))}
            <p class="lead" role="status">{lead}</p>
            {look_for(&looked_for, None)}
            {table}
            {further("/admin/sessions", SignedInPage::MOST, seen.next.as_deref(), seen.is_first)}
            <p class="hint">"After an hour in which nothing was done people are signed out by themselves. From where they are signed in is not kept. " <a href="/account">"Your account"</a> " says where you are signed in yourself."</p>
        }
    })
}

fn row(person: &SignedInPerson) -> impl IntoView + use<> {
    let name = called(&person.name);
    let kinds = if person.kinds.is_empty() { "It does not say".to_owned() } else { person.kinds.join("; ") };
    view! {
        <tr>
            <th scope="row"><a href=format!("/people/{}", person.id) dir="auto">{name.clone()}</a></th>
            <td>{person.browsers.to_string()}</td>
            <td>{kinds}</td>
            <td>{moment(person.since)}</td>
            <td>{moment(person.last)}</td>
            <td><a href=format!("/admin/sessions/{}", person.id)>"Sign out" <span class="hidden">{format!(" {name}")}</span></a></td>
        </tr>
    }
}

fn called(name: &str) -> String {
    if name.is_empty() { "(name erased)".to_owned() } else { name.to_owned() }
}

/// Asks whether somebody is to be signed out everywhere. `refused`: why they were not.
pub fn sign_out_everywhere(frame: &Frame, person: PersonId, name: &str, refused: Option<&str>) -> Rendered {
    let name = called(name);
    let mut faults = Faults::default();
    if let Some(refused) = refused {
        faults.add("main", refused.to_owned());
    }
    let title = format!("Sign out {name}?");
    frame.page(&faults.title(&title), || {
        view! {
            {faults.list()}
            <p class="crumb"><a href="/admin/sessions">"Who is signed in"</a></p>
            <h1>"Sign out " <span dir="auto">{name.clone()}</span> " everywhere?"</h1>
            <p>
                "Every browser in which they are signed in is signed out at once. What they have saved stays. They can sign in again with their password: where somebody else may know it, send them a link to choose another as well."
            </p>
            <p>"It is noted who did this, and they are told by letter where letters are sent."</p>
            <form class="actions" method="post" action=format!("/admin/sessions/{person}")>
                <button>"Sign out " <span dir="auto">{name.clone()}</span></button>
                " "
                <a href="/admin/sessions">"Leave them signed in"</a>
            </form>
        }
    })
}
