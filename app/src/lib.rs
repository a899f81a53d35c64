//! Induct's pages, and the islands in them that come alive in the browser.
//!
//! A page is a function from what the engine knows to HTML; it asks nobody and opens no address of its own. An island is a
//! leaf that earns its bytes. Nothing that runs in the browser refers to a page, so the browser's build holds islands only.
//!
//! The order of the rooms, each of which imports from those before it and none from those after it: `drawing`, `islands`,
//! `pages/parts`, `pages/frame`, the pages. Among the pages, the rooms of the areas (`people`, `module`, `quiz`, `agreement`,
//! `preview`) stand beside one another and import nothing from each other.
//!
//! Invariants: the browser's build knows neither the engine nor a database; no page needs a script to be read, answered or
//! signed.

// A page is one type, as deep as its elements.
#![recursion_limit = "256"]

mod drawing;
pub mod islands;
#[cfg(feature = "ssr")]
pub mod pages;

/// Wakes the islands of the page. Called by the script that Leptos puts into pages that have any.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
