use app::pages;
use axum::response::Response;
use engine::catalogue::Site;
use serde::Deserialize;

use crate::door::{Query, Visit};

/// `GET /help`: who to talk to. Nothing is written, and no log says who asked.
pub(crate) async fn show(visit: Visit) -> Response {
    let page = pages::help(&visit.frame(), &visit.state.engine.catalogue());
    visit.html(page)
}

/// For which site a sheet is.
#[derive(Default, Deserialize)]
pub(crate) struct ForSite {
    /// The site's name. Those of the reader when it is missing, or when there is no such site.
    site: Option<String>,
}

/// `GET /help/card`: who to call, on one page to print and keep.
pub(crate) async fn card(visit: Visit, Query(at): Query<ForSite>) -> Response {
    let catalogue = visit.state.engine.catalogue();
    let page = pages::card(&visit.frame(), &catalogue, &sites(&visit, &at), &visit.state.settings.base_url);
    visit.html(page)
}

/// `GET /help/poster`: a poster for a centre, with a code that leads to the help page.
pub(crate) async fn poster(visit: Visit, Query(at): Query<ForSite>) -> Response {
    let catalogue = visit.state.engine.catalogue();
    let page = pages::poster(&visit.frame(), &catalogue, &sites(&visit, &at), &visit.state.settings.base_url);
    visit.html(page)
}

fn sites(visit: &Visit, at: &ForSite) -> Vec<Site> {
    let catalogue = visit.state.engine.catalogue();
    let named = |site: &&Site| at.site.as_ref() == Some(&site.name);
    match catalogue.organisation.sites.iter().find(named) {
        Some(site) => vec![site.clone()],
        None => visit.frame().around.sites.clone(),
    }
}
