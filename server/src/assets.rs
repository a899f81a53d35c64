//! The browser's files, as the build put them into the binary.

use app::pages::{Files, Verifier};
use axum::{
    body::Body,
    extract::Path,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};

struct Asset {
    name: &'static str,
    content_type: &'static str,
    plain: &'static [u8],
    brotli: Option<&'static [u8]>,
}

mod built {
    use super::Asset;

    include!(concat!(env!("OUT_DIR"), "/assets.rs"));
}

/// The addresses of the files that pages load.
pub(crate) const FILES: Files = Files {
    stylesheet: built::STYLESHEET,
    font: built::FONT,
    quick_exit: built::QUICK_EXIT,
    passkeys: built::PASSKEYS,
    matrix: built::MATRIX,
    tables: built::TABLES,
    icon: built::ICON,
    islands: match built::ISLANDS {
        Some(name) => Some(("assets", name)),
        None => None,
    },
    verifier: match built::VERIFIER {
        Some((script, wasm)) => Some(Verifier { page: built::VERIFY, worker: built::VERIFY_WORKER, script, wasm }),
        None => None,
    },
};

/// What the worker may do that checks logs: load the verifier, and nothing else. A worker has the policy of its own script.
const WORKER_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";

/// The script that loads a previewed page anew. No page of the site itself names it.
pub(crate) const PREVIEW: &str = built::PREVIEW;

/// `GET /assets/NAME`. The name holds the hash of the content, so that a browser never has to ask again.
pub(crate) async fn show(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some(asset) = built::ALL.iter().find(|asset| asset.name == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let takes_brotli = headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| coding.split(';').next().is_some_and(|coding| coding.trim().eq_ignore_ascii_case("br")));
    let response = Response::builder()
        .header(header::CONTENT_TYPE, asset.content_type)
        .header(header::CACHE_CONTROL, "public, max-age=31536000, immutable")
        .header(header::VARY, "accept-encoding");
    let is_worker = built::VERIFY_WORKER.strip_prefix("/assets/") == Some(asset.name);
    let response = if is_worker { response.header(header::CONTENT_SECURITY_POLICY, WORKER_POLICY) } else { response };
    let response = match asset.brotli {
        Some(brotli) if takes_brotli => response.header(header::CONTENT_ENCODING, "br").body(Body::from(brotli)),
        _ => response.body(Body::from(asset.plain)),
    };
    response.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}
