use engine::catalogue::{Catalogue, Site};
use leptos::prelude::*;

/// The ways to the same sheet for each site, for whoever is shown several; on the screen alone.
pub fn other_sites(catalogue: &Catalogue, shown: &[Site], address: &'static str) -> impl IntoView + use<> {
    let all = &catalogue.organisation.sites;
    (all.len() > 1).then(|| {
        let links = all
            .iter()
            .filter(|site| shown.len() > 1 || shown.iter().all(|shown| shown.name != site.name))
            .map(|site| {
                let query: String = site.name.bytes().map(encoded).collect();
                view! { <li><a href=format!("{address}?site={query}")>{site.name.clone()}</a></li> }
            })
            .collect_view();
        view! {
            <nav class="no-print other-sites" aria-label="For one site">
                <p>"For one site alone:"</p>
                <ul role="list">{links}</ul>
            </nav>
        }
    })
}

/// A byte of a name as it stands in a query.
fn encoded(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }
}

/// How the help page is written where people read it: without what a browser adds by itself.
pub fn shown_address(base_url: &str) -> String {
    format!("{}/help", base_url.trim_start_matches("https://").trim_start_matches("http://"))
}
