//! Line drawings, in the colour of the text around them.

use leptos::prelude::*;

/// The tick that stands beside "answered", "read" and "passed".
pub(crate) const TICK: &str = r#"<path d="m3 10.8 4.6 4.7L17 4.8"/>"#;

/// The triangle that stands beside what needs attention.
pub(crate) const TRIANGLE: &str = r#"<path d="M10 2.6 18.2 17H1.8z"/><path d="M10 8v3.6m0 2.6v.1"/>"#;

/// Draws lines on a square of `size` units. Hidden from screen readers: a word always stands beside it.
pub(crate) fn drawing(class: &'static str, size: u32, stroke: &'static str, lines: &'static str) -> impl IntoView {
    view! {
        <svg
            class=class
            viewBox=format!("0 0 {size} {size}")
            fill="none"
            stroke="currentColor"
            stroke-width=stroke
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
            inner_html=lines
        ></svg>
    }
}

/// A small drawing in a line of text.
pub(crate) fn small(lines: &'static str) -> impl IntoView {
    drawing("mark", 20, "2.2", lines)
}
