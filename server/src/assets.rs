//! The browser's files, as the build put them into the binary.

use app::pages::{Files, OwnLook, Verifier};
use axum::{
    body::Body,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use engine::catalogue::{Accent, Colour, Logo, LogoFormat, Look};

/// The addresses of a provider's own look.
pub(crate) fn own_look(look: &Look) -> OwnLook {
    OwnLook {
        stylesheet: look.accent.map(|accent| format!("/assets/{}", sheet_name(accent))),
        logo: look.logo.as_ref().map(|logo| (format!("/assets/{}", logo_name(logo)), logo.size.0, logo.size.1)),
    }
}

/// A colour says all that is in the sheet, but for what a release makes of it.
fn sheet_name(accent: Accent) -> String {
    format!(
        "look-{}-{}-{}.css",
        env!("CARGO_PKG_VERSION"),
        &accent.light.to_string()[1..],
        &accent.dark.to_string()[1..]
    )
}

fn logo_name(logo: &Logo) -> String {
    let kind = match logo.format {
        LogoFormat::Svg => "svg",
        LogoFormat::Png => "png",
    };
    format!("logo-{}.{kind}", logo.tag)
}

/// A file of the provider's own look. `None`: it has no such file, or no longer.
fn own(name: &str, look: &Look) -> Option<Response> {
    let (kind, body) = match (look.accent, &look.logo) {
        (Some(accent), _) if sheet_name(accent) == name => ("text/css; charset=utf-8", sheet(accent).into_bytes()),
        (_, Some(logo)) if logo_name(logo) == name => (
            match logo.format {
                LogoFormat::Svg => "image/svg+xml",
                LogoFormat::Png => "image/png",
            },
            logo.bytes.clone(),
        ),
        _ => return None,
    };
    let kept = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    Some((kept, body).into_response())
}

/// The colours that follow from an accent, in the place of those in `tokens.css`.
fn sheet(accent: Accent) -> String {
    let (black, white) = (Colour(0, 0, 0), Colour(255, 255, 255));
    let theme = |colour: Colour, pressed: Colour, tint: Colour| {
        let on = Accent::on(colour);
        format!("--accent:{colour};--accent-hover:{pressed};--on-accent:{on};--tint:{tint}")
    };
    let light = theme(accent.light, accent.light.mixed(black, 30), Accent::light_tint(accent.light));
    let dark = theme(accent.dark, accent.dark.mixed(white, 30), Accent::dark_tint(accent.dark));
    format!(
        "@media screen{{:root{{{light}}}}}@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}\
         @media print{{:root{{--accent:{0};--accent-hover:{0}}}}}",
        accent.light
    )
}

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
    time_spent: built::TIME_SPENT,
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

/// A file of the build, or one of the provider's own look, by its name, which holds the hash of the content, so that a browser never has to ask again.
pub(crate) fn find(name: &str, headers: &HeaderMap, look: &Look) -> Response {
    let Some(asset) = built::ALL.iter().find(|asset| asset.name == name) else {
        return own(name, look).unwrap_or_else(|| StatusCode::NOT_FOUND.into_response());
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
