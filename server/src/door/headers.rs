use app::pages::{NEUTRAL, Rendered};
use axum::{
    body::Body,
    extract::Request,
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

static ALWAYS: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    // Not "no-referrer": with it browsers send "Origin: null" along with our own forms, and the origin could not be checked.
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    ),
];

/// What a reply without a page of its own may do: nothing.
const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// Puts the security headers on every reply.
pub(crate) async fn secure(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in &ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(NOTHING));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// A reply that browsers keep as a file of this name, which needs no quoting.
pub(crate) fn attachment(kind: &'static str, name: &str, body: impl Into<Body>) -> Response {
    let kept_as = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, kept_as)], body.into()).into_response()
}

/// Tells browsers to come over TLS alone for a year. Not for the hosts below ours, which are none of our business.
pub(crate) async fn tls_alone(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    response
}

/// A page as a reply.
pub(crate) fn html(status: StatusCode, page: Rendered, secure: bool) -> Response {
    let mut response = (status, page.html).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    if let Ok(policy) = HeaderValue::from_str(&page_policy(&page.nonce, secure)) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// What a page may do: load our own files, run our own scripts and WebAssembly, send forms to us. Inline scripts need the
/// page's nonce; inline styles are not allowed at all. The form of the quick exit is sent to us and leads elsewhere, which browsers
/// count as sending a form there.
fn page_policy(nonce: &str, secure: bool) -> String {
    let upgrade = if secure { "; upgrade-insecure-requests" } else { "" };
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; font-src 'self'; \
         img-src 'self'; media-src 'self'; connect-src 'self'; form-action 'self' {NEUTRAL}; base-uri 'none'; frame-ancestors 'none'{upgrade}"
    )
}
