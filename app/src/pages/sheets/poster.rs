use engine::catalogue::{Catalogue, Contact, Site};
use leptos::prelude::*;

use super::sites::{other_sites, shown_address};
use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Mark, address_code, mark},
};

/// A poster for a centre, with a code that opens the help page. It asks nobody who they are. `base_url` is where people find this site.
pub fn poster(frame: &Frame, catalogue: &Catalogue, sites: &[Site], base_url: &str) -> Rendered {
    frame.page("Poster: you can tell someone", || {
        let here = sites
            .iter()
            .map(|site| {
                let heading = (sites.len() > 1).then(|| view! { <h3>{site.name.clone()}</h3> });
                view! { {heading} <ul role="list">{site.contacts.iter().map(person).collect_view()}</ul> }
            })
            .collect_view();
        view! {
            <div class="sheet-intro no-print">
                <p class="crumb"><a href="/help">"Get help"</a></p>
                <p>
                    {mark(Mark::Print)}
                    " A poster for a wall, a door or a noticeboard. Your browser prints it on one page, A4 or A3. Put it where
                    somebody can scan the code without being watched."
                </p>
                {other_sites(catalogue, sites, "/help/poster")}
            </div>
            <article class="sheet poster">
                <header>
                    <p class="sheet-from">{frame.around.organisation.clone()}</p>
                    <h1>"Worried about something online? You can tell someone."</h1>
                    <p class="lead">"Whatever happened, at work, here or at home, and whenever it was. For you, or for somebody you know."</p>
                </header>
                <section class="poster-scan">
                    {address_code(&format!("{base_url}/help"))}
                    <div>
                        <h2>"Scan it"</h2>
                        <p>"People to talk to, here and outside, at any hour."</p>
                        <p class="number">{shown_address(base_url)}</p>
                        <p>"No sign-in. Induct doesn’t record that you opened it."</p>
                    </div>
                </section>
                <section class="poster-people">
                    <h2>"Or ask for"</h2>
                    {here}
                </section>
                <p class="poster-danger">"In danger now? Call " <strong>"999"</strong> "."</p>
            </article>
        }
    })
}

fn person(contact: &Contact) -> impl IntoView + use<> {
    view! {
        <li>
            <p class="name">{contact.name.clone()}</p>
            <p>{contact.role.clone()}</p>
            <p class="number">{contact.phone.clone()}</p>
        </li>
    }
}
