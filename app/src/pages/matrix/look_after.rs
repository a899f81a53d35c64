use engine::ListedPerson;
use leptos::prelude::*;

use super::overview::OverviewPage;
use crate::pages::parts::{count, day};

/// Who has begun nothing, what should have been reviewed, and how many facts nobody has held against their source.
pub(super) fn look_after(page: &OverviewPage) -> impl IntoView + use<> {
    let not_begun = &page.overview.not_begun;
    let people = (!not_begun.is_empty()).then(|| {
        let listed = not_begun.iter().take(20).map(|ListedPerson { id, name }| {
            view! { <li><a href=format!("/people/{id}") dir="auto">{name.clone()}</a></li> }
        });
        let listed = listed.collect_view();
        let more = not_begun.len().saturating_sub(20);
        let more = (more > 0).then(|| view! { <li>{format!("and {more} more, whom the matrix shows")}</li> });
        view! {
            <details>
                <summary>{format!("{} begun nothing yet", count(not_begun.len(), "person has", "people have"))}</summary>
                <p class="hint">"Something is asked of them, and they have opened no page and begun no quiz. Ask whether they could sign in."</p>
                <ul>{listed} {more}</ul>
            </details>
        }
    });
    let stale = page.stale.iter().map(|(title, address, by)| {
        view! { <li><a href=address.clone()>{title.clone()}</a> {format!(" was due for its review on {}", day(*by))}</li> }
    });
    let stale = stale.collect_view();
    let facts = (page.facts > 0).then(|| {
        view! { <li>{format!("{} been held against their source in the last year, or ever. Whoever writes the modules can list them.", count(page.facts, "fact has not", "facts have not"))}</li> }
    });
    let is_empty = people.is_none() && page.stale.is_empty() && facts.is_none();
    let nothing = is_empty.then(
        || view! { <p>"Nothing. Everybody has begun, and everything that was written has been reviewed in time."</p> },
    );
    view! {
        <section class="card">
            <h2>"To look after"</h2>
            {people}
            <ul>{stale} {facts}</ul>
            {nothing}
        </section>
    }
}
