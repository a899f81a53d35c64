use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse as _, Response},
};
use chrono::TimeDelta;
use engine::TilePlace;

use crate::{
    door::{AppState, Fail, Path, bearer},
    settings::Settings,
};

/// `GET /log/checkpoint`: the newest head of the signed log that everybody may see, as a signed note (`c2sp.org/tlog-checkpoint`).
pub(crate) async fn checkpoint(State(state): State<AppState>) -> Result<Response, Fail> {
    let every = published(&state.settings)?;
    let note = state.engine.published_head(every).await?.ok_or(Fail::NotFound)?;
    let headers = [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=60")];
    Ok((headers, note).into_response())
}

/// `GET /log/tile/L/N` and `GET /log/tile/entries/N`: tiles, as `c2sp.org/tlog-tiles` lays them out. Entries need a token.
pub(crate) async fn tile(
    State(state): State<AppState>,
    Path(path): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Fail> {
    let every = published(&state.settings)?;
    let (kind, place) = path.split_once('/').ok_or(Fail::NotFound)?;
    let (place, width) = parse_place(place).ok_or(Fail::NotFound)?;
    let is_open = kind != "entries";
    let bytes = if is_open {
        let level = kind.parse::<u8>().ok().filter(|level| level.to_string() == kind).ok_or(Fail::NotFound)?;
        state.engine.published_tile(TilePlace { level, place, width }, every).await?
    } else {
        if !bearer::shows(state.settings.log_token.as_ref(), &headers) {
            return Err(Fail::NotFound);
        }
        state.engine.published_entries(place, width, every).await?
    };
    // What is once in a tile never changes.
    let cache = if is_open { "public, max-age=31536000, immutable" } else { "private, max-age=31536000, immutable" };
    Ok(([(header::CONTENT_TYPE, "application/octet-stream"), (header::CACHE_CONTROL, cache)], bytes).into_response())
}

/// How often another head is published, where the log is.
fn published(settings: &Settings) -> Result<TimeDelta, Fail> {
    settings.publishes_every().ok_or(Fail::NotFound)
}

/// The place of a tile and its width, from `x001/x234/067` or `x001/x234/067.p/12`. `None`: it is written in no such way.
fn parse_place(path: &str) -> Option<(u64, u16)> {
    let (number, width) = match path.split_once(".p/") {
        Some((number, width)) => (number, width.parse::<u16>().ok().filter(|n| (1..256).contains(n))?),
        None => (path, 256),
    };
    let mut place: u64 = 0;
    for group in number.split('/') {
        let digits = group.strip_prefix('x').unwrap_or(group);
        if digits.len() != 3 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        place = place.checked_mul(1000)?.checked_add(digits.parse().ok()?)?;
    }
    let written = if width == 256 { written_place(place) } else { format!("{}.p/{width}", written_place(place)) };
    (written == path).then_some((place, width))
}

/// A place as paths have it: groups of three digits, an `x` before each but the last.
fn written_place(place: u64) -> String {
    let last = format!("{:03}", place % 1000);
    if place < 1000 { last } else { format!("{}/{last}", marked(place / 1000)) }
}

fn marked(place: u64) -> String {
    let last = format!("x{:03}", place % 1000);
    if place < 1000 { last } else { format!("{}/{last}", marked(place / 1000)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_written_in_one_way() {
        for (path, place) in [
            ("000", (0, 256)),
            ("067.p/12", (67, 12)),
            ("x001/234", (1_234, 256)),
            ("x001/x234/067", (1_234_067, 256)),
            ("x001/x234/067.p/255", (1_234_067, 255)),
        ] {
            assert_eq!(parse_place(path), Some(place), "{path}");
        }
        for wrong in [
            "",
            "0",
            "0000",
            "x000/001",
            "001/234",
            "x001",
            "x001/x234",
            "067.p/0",
            "067.p/256",
            "067.p/012",
            "-01",
            "067/",
        ] {
            assert_eq!(parse_place(wrong), None, "{wrong}");
        }
    }
}
