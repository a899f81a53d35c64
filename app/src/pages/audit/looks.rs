use engine::{LogHead, Look};
use leptos::prelude::*;

use super::tabs::{Tab, head, tabs};
use crate::pages::{
    frame::{Frame, Rendered},
    parts::{list_table, moment},
};

/// Who looked at what proves what others have signed.
pub fn looks(frame: &Frame, found: &[Look], log: Option<&LogHead>) -> Rendered {
    frame.page("Who looked", || {
        let erased = || "(name erased)".to_owned();
        let rows = found
            .iter()
            .map(|look| {
                let at = match look.signature {
                    Some(id) => view! { <a href=format!("/signatures/{id}")>"A signature"</a> }.into_any(),
                    None if look.thing == "record" => "Where they stand".into_any(),
                    None if look.thing.starts_with("answers/") => "Their answers".into_any(),
                    None if look.thing.starts_with("decline/") => "Why they declined to sign something".into_any(),
                    None if look.thing.starts_with("evidence/") => "A file that they added themselves".into_any(),
                    None if look.thing.starts_with("data/") => "All that is held about them".into_any(),
                    None => "All of it, in an inspection pack".into_any(),
                };
                view! {
                    <tr>
                        <th scope="row">{moment(look.at)}</th>
                        <td>{look.by.clone().unwrap_or_else(erased)}</td>
                        <td>{look.of.clone().unwrap_or_else(erased)}</td>
                        <td>{at}</td>
                    </tr>
                }
            })
            .collect_view();
        let table = if found.is_empty() {
            view! { <p>"Nobody has looked at anybody else’s evidence yet."</p> }.into_any()
        } else {
            list_table("Looks", &["When", "Who looked", "At whose record", "At what"], rows)
        };
        view! {
            <h1>"Who looked"</h1>
            {tabs(Tab::Looks)}
            {head(log)}
            <p>
                "Whenever somebody opens what proves what another person has signed, that person’s record, their answers or all that is held about them, it is noted. That person sees how often, on their receipt and in their own record; here you see who. These are the newest 200 looks."
            </p>
            {table}
        }
    })
}
