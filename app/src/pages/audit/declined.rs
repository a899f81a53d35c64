use engine::{ListedDecline, LogHead};
use leptos::prelude::*;

use super::{
    register::take_away,
    tabs::{Tab, head, tabs},
};
use crate::pages::{
    frame::{Frame, Rendered},
    parts::{day, day_of, list_table},
};

/// What was declined.
pub fn declined(frame: &Frame, found: &[ListedDecline], log: Option<&LogHead>) -> Rendered {
    frame.page("What was declined", || {
        let rows = found.iter().map(row).collect_view();
        let table = if found.is_empty() {
            view! { <p>"Nobody has declined to sign anything."</p> }.into_any()
        } else {
            list_table("Declined", &["Person", "Agreement", "Declined", "Asked again from", "Signed since"], rows)
        };
        view! {
            <h1>"What was declined"</h1>
            {tabs(frame, Tab::Declined)}
            {head(log)}
            <p>
                "Whoever is asked to sign an agreement may say no, with a reason. It stays asked for, and can be signed at any time. Open a date to read the reason; that you do is noted. These are the newest 200."
            </p>
            {table}
            {(!found.is_empty()).then(|| take_away("/audit/declined", "All that was declined, without the reasons,", "what was declined", Vec::new()))}
        }
    })
}

fn row(one: &ListedDecline) -> impl IntoView + use<> {
    let name = one.name.clone().unwrap_or_else(|| "(name erased)".to_owned());
    let at = day_of(one.decline.at);
    let why = format!("{at}: why {name} declined");
    let signed = one.signed_at.map_or_else(|| "No".to_owned(), day_of);
    view! {
        <tr>
            <th scope="row"><span dir="auto">{name}</span></th>
            <td>{format!("{}, version {}", one.title, one.label)}</td>
            <td><a href=format!("/declines/{}", one.decline.id) aria-label=why>{at}</a></td>
            <td>{day(one.decline.asks_again_on)}</td>
            <td>{signed}</td>
        </tr>
    }
}
