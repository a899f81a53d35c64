//! Cross-site request forgery: every request that may change something must come from a page of ours.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

use super::{app_state::AppState, fail::Fail};

/// Refuses changes that another site's page asks for. The rule is that of Go's `CrossOriginProtection`: trust
/// `Sec-Fetch-Site`, which no page can forge and every current browser sends; else compare `Origin` with where the request
/// went; a request with neither comes from no browser, so that nobody's cookie can be abused by it.
pub(crate) async fn check(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || comes_from_here(request.headers(), &state.settings.base_url) {
        return next.run(request).await;
    }
    // Not its address: whoever made it up may have put anything there.
    tracing::warn!(target: "security", method = %request.method(), "refused a change that another site asked for");
    (StatusCode::FORBIDDEN, Fail::NotFromHere.page(&state)).into_response()
}

fn comes_from_here(headers: &HeaderMap, base_url: &str) -> bool {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    match (text(header::HeaderName::from_static("sec-fetch-site")), text(header::ORIGIN)) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            origin == base_url.trim_end_matches('/') || (host.is_some() && host == text(header::HOST))
        }
        (None, None) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(pairs: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, value.parse().unwrap());
        }
        comes_from_here(&headers, "https://induct.example/")
    }

    #[test]
    fn our_own_pages_may_change_things() {
        assert!(judged(&[("sec-fetch-site", "same-origin")]));
        assert!(judged(&[("sec-fetch-site", "none")]));
        assert!(judged(&[("origin", "https://induct.example")]));
        assert!(judged(&[("origin", "http://10.0.0.5:3000"), ("host", "10.0.0.5:3000")]));
        assert!(judged(&[]));
    }

    #[test]
    fn other_sites_may_not() {
        assert!(!judged(&[("sec-fetch-site", "cross-site")]));
        assert!(!judged(&[("sec-fetch-site", "same-site")]));
        assert!(!judged(&[("sec-fetch-site", "cross-site"), ("origin", "https://induct.example")]));
        assert!(!judged(&[("origin", "https://elsewhere.example"), ("host", "induct.example")]));
        assert!(!judged(&[("origin", "null"), ("host", "induct.example")]));
    }
}
