use engine::{WantedWorkshop, count};
use leptos::prelude::*;

use super::language::words_in;

/// That people need a workshop and none is planned, as a row of a list, with what leads to planning it.
pub fn wanted_workshop(wanted: &WantedWorkshop) -> impl IntoView + use<> {
    let people = count(wanted.people, "person", "people");
    let need = if wanted.people == 1 { "needs" } else { "need" };
    let (whom, group, of) = match &wanted.group {
        Some((group, names)) => {
            let names = names.join(" / ");
            let of = format!(", for {names}");
            (view! { " in " <bdi>{names}</bdi> }.into_any(), group.to_string(), of)
        }
        None => (" in no group".into_any(), "everybody".to_owned(), String::new()),
    };
    let address = format!("/workshops/new?module={}&group={group}", wanted.module);
    view! {
        <li><div>
            <p>{people} {whom} " " {need} " a workshop about “" {words_in(wanted.language, &wanted.title)} "”, and none is planned."</p>
            <p><a class="standalone" href=address>"Plan one" <span class="hidden">" about " {words_in(wanted.language, &wanted.title)} {of}</span></a></p>
        </div></li>
    }
}
