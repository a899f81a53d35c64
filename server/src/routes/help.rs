use app::pages::help;
use axum::response::Response;

use crate::door::Visit;

/// `GET /help`: who to talk to. Nothing is written, and no log says who asked.
pub(crate) async fn show(visit: Visit) -> Response {
    let page = help(&visit.frame(), &visit.state.engine.catalogue());
    visit.html(page)
}
