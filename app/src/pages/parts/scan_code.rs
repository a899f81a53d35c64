use leptos::prelude::*;
use qrcode::{Color, EcLevel, QrCode};

/// The blank margin that readers of codes want on each side, in squares.
const QUIET: usize = 4;

/// A code that a phone's camera reads, dark on light whatever the page is. `label`: what it is, for whoever cannot see it. `None`: the address is
/// too long for one.
pub fn scan_code(address: &str, label: String) -> Option<impl IntoView + use<>> {
    // Level M bears 15 in 100 squares that are torn or dirty.
    let code = QrCode::with_error_correction_level(address, EcLevel::M).ok()?;
    let width = code.width();
    let whole = width + 2 * QUIET;
    let squares = squares(&code.to_colors(), width);
    let drawn = format!(r##"<rect width="{whole}" height="{whole}" fill="#fff"/><path fill="#000" d="{squares}"/>"##);
    Some(view! {
        <svg
            class="qr"
            viewBox=format!("0 0 {whole} {whole}")
            shape-rendering="crispEdges"
            role="img"
            aria-label=label
            inner_html=drawn
        ></svg>
    })
}

/// The code of an address, which a phone opens that scans it.
pub fn address_code(address: &str) -> Option<impl IntoView + use<>> {
    scan_code(address, format!("A code to scan with a phone. It opens {address}"))
}

/// The dark squares, those of a row that touch in one stroke.
fn squares(colours: &[Color], width: usize) -> String {
    let mut path = String::new();
    for (row, squares) in colours.chunks(width).enumerate() {
        let mut column = 0;
        for run in squares.chunk_by(|a, b| a == b) {
            if run[0] == Color::Dark {
                let (x, y, length) = (column + QUIET, row + QUIET, run.len());
                path.push_str(&format!("M{x} {y}h{length}v1h-{length}z"));
            }
            column += run.len();
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dark_square_is_drawn_once() {
        use Color::{Dark, Light};
        let drawn = squares(&[Dark, Dark, Light, Light, Light, Dark, Dark, Light, Dark], 3);
        assert_eq!(drawn, "M4 4h2v1h-2zM6 5h1v1h-1zM4 6h1v1h-1zM6 6h1v1h-1z");
    }
}
