use app::pages::provider_page;
use axum::response::Response;

use crate::door::{Fail, Visit};

/// `GET /privacy`: what the provider says about personal data.
pub(crate) async fn privacy(visit: Visit) -> Result<Response, Fail> {
    show(&visit, "privacy")
}

/// `GET /accessibility`: what the provider says about how everybody can use this site.
pub(crate) async fn accessibility(visit: Visit) -> Result<Response, Fail> {
    show(&visit, "accessibility")
}

/// `GET /employers`: what the provider asks of employers, and what they can do. It names nobody who learns here.
pub(crate) async fn employers(visit: Visit) -> Result<Response, Fail> {
    show(&visit, "employers")
}

/// `GET /families`: what the provider says to parents and carers. It names nobody who learns here.
pub(crate) async fn families(visit: Visit) -> Result<Response, Fail> {
    show(&visit, "families")
}

fn show(visit: &Visit, slug: &str) -> Result<Response, Fail> {
    let catalogue = visit.state.engine.catalogue();
    let page = catalogue.pages.iter().find(|page| page.slug.as_str() == slug).ok_or(Fail::NotFound)?;
    Ok(visit.html(provider_page(&visit.frame(), page, catalogue.organisation.cpd.time_spent)))
}
