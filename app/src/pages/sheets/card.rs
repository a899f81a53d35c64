use engine::catalogue::{Catalogue, Contact, Helpline, Site};
use leptos::prelude::*;

use super::sites::{other_sites, shown_address};
use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Mark, emergency, in_print, mark, phone, reached},
};

/// Who to call, on one page to print and keep: the people here, and the help services whose facts say that they belong on a card. It
/// asks nobody who they are. `base_url` is where people find this site.
pub fn card(frame: &Frame, catalogue: &Catalogue, sites: &[Site], base_url: &str) -> Rendered {
    frame.page("Who to call", || {
        let here = sites
            .iter()
            .map(|site| {
                view! {
                    <section>
                        <h2>"At " {site.name.clone()}</h2>
                        <ul role="list">{site.contacts.iter().map(person).collect_view()}</ul>
                    </section>
                }
            })
            .collect_view();
        let services = catalogue.helplines.iter().filter(|line| line.on_card).map(service).collect_view();
        view! {
            <div class="sheet-intro no-print">
                <p class="crumb"><a href="/help">"Get help"</a></p>
                <p>{mark(Mark::Print)} " A page to print and keep: in a pocket, by a desk, or folded into a phone’s case. Your browser prints it."</p>
                {other_sites(catalogue, sites, "/help/card")}
            </div>
            <article class="sheet who-to-call">
                <header>
                    <p class="sheet-from">{frame.around.organisation.clone()}</p>
                    <h1>"Who to call"</h1>
                    {emergency()}
                </header>
                <div class="sheet-here">{here}</div>
                <section>
                    <h2>"Outside"</h2>
                    <ul class="sheet-lines" role="list">{services}</ul>
                </section>
                <footer>
                    <p>
                        "Everybody you can turn to, without signing in: " <strong>{shown_address(base_url)}</strong>
                    </p>
                    <p>"You won’t be in trouble for asking. We can’t promise to keep it secret, and we tell only people who can help."</p>
                </footer>
            </article>
        }
    })
}

fn person(contact: &Contact) -> impl IntoView + use<> {
    view! {
        <li>
            <p class="name">{contact.name.clone()}</p>
            <p class="number">{phone(&contact.phone)}</p>
            <p>{contact.role.clone()} ". " {contact.hours.clone()}</p>
        </li>
    }
}

fn service(line: &Helpline) -> impl IntoView + use<> {
    let reach = match (&line.phone, &line.text, &line.url) {
        (Some(_), ..) | (None, Some(_), _) => view! { <p class="number">{reached(line)}</p> }.into_any(),
        (None, None, Some(url)) => {
            let shown = url.trim_start_matches("https://").trim_start_matches("www.").trim_end_matches('/').to_owned();
            view! { <p class="number"><a href=url.clone() rel="noreferrer">{shown}</a></p> }.into_any()
        }
        (None, None, None) => ().into_any(),
    };
    // What is a page and no number has a name that few people know: it says what it does.
    let what = match (&line.phone, &line.text) {
        (None, None) => line.about.split_inclusive(". ").next().unwrap_or_default().trim(),
        _ => "",
    };
    let hours = line.hours.as_ref().map(|hours| format!(". {hours}")).unwrap_or_default();
    let how = format!("{what} For {}{hours}", line.for_whom);
    view! {
        <li>
            <p class="name">{in_print(&line.name)}</p>
            {reach}
            <p>{in_print(how.trim())}</p>
        </li>
    }
}
