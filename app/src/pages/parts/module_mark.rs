//! A mark for each module that ships, and for signing: drawn in one family on a square of 48 units. Ink draws the situation, the accent
//! what helps in it; so a hard topic shows its answer and not its harm. A module without a mark of its own has an open page.

use leptos::prelude::*;

/// The mark of a module as a drawing by itself, for what is no page: its parts have classes, and whoever draws it gives them colours.
pub fn module_mark_svg(slug: &str) -> String {
    let (lines, badge) = parts(slug);
    format!(r#"<svg viewBox="0 0 48 48">{lines}{badge}</svg>"#)
}

/// The modules that have a mark of their own; one for staff wears that of the one for learners, and a badge.
pub const MARKED: [&str; 15] = [
    "four-cs",
    "set-reading",
    "sharing-nudes",
    "upskirting",
    "cyberbullying",
    "prevent",
    "reporting",
    "harassment",
    "security-basics",
    "images-and-consent",
    "online-sessions",
    "sources-and-ai",
    "boundaries",
    "leading-online-safety",
    "what-changed",
];

fn parts(slug: &str) -> (&'static str, &'static str) {
    match slug.strip_suffix("-staff") {
        Some(learners) => (lines(learners), BADGE),
        None => (lines(slug), ""),
    }
}

/// The mark of a module or an agreement, by its name. Hidden from screen readers: the title stands beside it.
pub fn module_mark(slug: &str) -> impl IntoView + use<> {
    let (lines, badge) = parts(slug);
    view! {
        <svg
            class="module-mark"
            viewBox="0 0 48 48"
            fill="none"
            stroke="currentColor"
            stroke-width="2.4"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
            inner_html=format!("{lines}{badge}")
        ></svg>
    }
}

/// The mark of an agreement: a pen that writes.
pub fn signing_mark() -> impl IntoView {
    module_mark("signing")
}

/// Whoever works here wears one; it is cut free from what it lies on.
const BADGE: &str = r#"<g class="badge"><rect class="cut" x="26.500" y="24.500" width="21" height="23" rx="6"/><rect class="tone full" x="29" y="29" width="16" height="17" rx="4"/><path class="tone" d="M34.500 29v-2.500h5V29"/><circle class="cut" cx="37" cy="35.500" r="2.600"/><path class="cut" d="M32.500 43c.5-3 2-4.200 4.500-4.200s4 1.200 4.500 4.200z"/></g>"#;

fn lines(slug: &str) -> &'static str {
    match slug {
        // A window with four panes: what, who, how, money.
        "four-cs" => {
            r#"<path class="wash" d="M24 5h10a9 9 0 0 1 9 9v10H24z"/><rect x="5" y="5" width="38" height="38" rx="9"/><path d="M24 5v38M5 24h38M11 12.500h8M11 17.500h5"/><g class="tone"><circle cx="33.500" cy="12" r="3"/><path d="M28.500 20c.5-3 2.200-4.300 5-4.300s4.500 1.300 5 4.300M10.500 33.500l3.500 3.500 5.500-6.500"/><circle cx="33.500" cy="33.500" r="5"/><path d="M33.500 31v5"/></g>"#
        }
        // An open book, and a mark at the place that must be read.
        "set-reading" => {
            r#"<path d="M24 12C19 8 12 7 5 8v29c7-1 14 0 19 4 5-4 12-5 19-4V8c-7-1-14 0-19 4zM24 12v29M10.500 16c3-.2 5.500.3 8 1.300M10.500 23c3-.2 5.500.3 8 1.300M10.500 30c3-.2 5.500.3 8 1.300"/><path class="wash tone" d="M30 9.500c2-.8 4.500-1.300 7.500-1.500v16l-3.700-3.200L30 24.500z"/>"#
        }
        // A picture, and a shield before it.
        "sharing-nudes" => {
            r#"<path d="M22 39H10a5 5 0 0 1-5-5V12a5 5 0 0 1 5-5h24a5 5 0 0 1 5 5v4"/><circle cx="14" cy="16" r="3"/><path d="m5 32 9-9 7 7"/><path class="wash tone" d="M33.500 20.500 44 24v7.500c0 6-4 9.800-10.500 12.500C27 41.300 23 37.500 23 31.500V24z"/><path class="tone" d="m29 31.500 3.500 3.500 6-7"/>"#
        }
        // A camera, struck out.
        "upskirting" => {
            r#"<path d="M12 39h-2a5 5 0 0 1-5-5V19a5 5 0 0 1 5-5h5l3.500-5.500h11L33 14M40 15.500c1.800.8 3 2.500 3 4.500v14a5 5 0 0 1-5 5H20"/><path d="M17.500 31a8 8 0 0 1 9.500-12M31.500 23.500A8 8 0 0 1 25 34"/><path class="tone" d="M9 44 39 6" stroke-width="3"/>"#
        }
        // Sharp words, and kind ones beside them.
        "cyberbullying" => {
            r#"<path d="M16 32h-1.500L8 38v-6.500A5 5 0 0 1 4 26.600V11a5 5 0 0 1 5-5h23a5 5 0 0 1 5 5v2.500"/><path d="m11 21 4-6.500 4.500 7 3.500-6"/><path class="wash tone" d="M24 19h15a5 5 0 0 1 5 5v10a5 5 0 0 1-5 5v5.500L32.500 39H24a5 5 0 0 1-5-5V24a5 5 0 0 1 5-5z"/><path class="tone" d="M31.500 34.500c-3.500-2.200-5-4-5-6a2.500 2.500 0 0 1 5-.6 2.500 2.500 0 0 1 5 .6c0 2-1.500 3.800-5 6z"/>"#
        }
        // A way that parts: one ends, the other leads on.
        "prevent" => {
            r#"<path d="M24 43V31c0-7-11-6-11-15"/><circle cx="13" cy="10.500" r="2"/><path class="tone" d="M24 31c0-7 11-7 11-18M29 15.500l6-7.500 6 7.500"/><path class="wash" d="M24 31c0-7 11-7 11-18v30H24z"/>"#
        }
        // Somebody who is heard.
        "reporting" => {
            r#"<path class="wash" d="M10 5h28a5 5 0 0 1 5 5v20a5 5 0 0 1-5 5H25l-9 8v-8h-6a5 5 0 0 1-5-5V10a5 5 0 0 1 5-5z"/><path d="M10 5h28a5 5 0 0 1 5 5v20a5 5 0 0 1-5 5H25l-9 8v-8h-6a5 5 0 0 1-5-5V10a5 5 0 0 1 5-5z"/><g class="tone"><circle cx="24" cy="15" r="4.500"/><path d="M15 28.500c.6-4.600 3.600-7 9-7s8.400 2.400 9 7"/></g>"#
        }
        // A sign that says: stop here.
        "harassment" => {
            r#"<path class="wash" d="M16.500 5h15L43 16.500v15L31.500 43h-15L5 31.500v-15z"/><path d="M16.500 5h15L43 16.500v15L31.500 43h-15L5 31.500v-15z"/><path class="tone" d="M14 24h20" stroke-width="5"/>"#
        }
        // A key.
        "security-basics" => {
            r#"<circle class="wash" cx="16" cy="31" r="11"/><circle cx="16" cy="31" r="11"/><circle cx="14" cy="33" r="2.500"/><path class="tone" d="M24 23.500 42 6M36 12l6 6M30.500 17.500l4.500 4.500"/>"#
        }
        // A picture that somebody was asked about.
        "images-and-consent" => {
            r#"<path d="M24 39H10a5 5 0 0 1-5-5V12a5 5 0 0 1 5-5h26a5 5 0 0 1 5 5v9"/><circle cx="29" cy="15.500" r="3"/><path d="m5 31 10-11 9 10"/><circle class="wash tone" cx="34" cy="34" r="10"/><path class="tone" d="m29.500 34 3.200 3.500 6-7"/>"#
        }
        // Faces on a screen.
        "online-sessions" => {
            r#"<rect x="7" y="8" width="34" height="25" rx="4"/><path d="M3 40h42"/><path class="wash" d="M24 8h13a4 4 0 0 1 4 4v17a4 4 0 0 1-4 4H24z"/><g class="tone"><circle cx="32.500" cy="17" r="3.200"/><path d="M26.500 27c.4-3.600 2.400-5 6-5s5.600 1.400 6 5"/></g><circle cx="15.500" cy="17" r="3.200"/><path d="M9.500 27c.4-3.600 2.400-5 6-5s5.600 1.400 6 5"/>"#
        }
        // A book, and a spark of doubt over it.
        "sources-and-ai" => {
            r#"<path d="M24 21c-4-4-10-5-19-5v22c9 0 15 1 19 5 4-4 10-5 19-5V16c-2 0-4 .1-6 .3"/><path d="M24 21v22M11 23c3 .2 5 .7 7 1.700M11 30c3 .2 5 .7 7 1.700"/><path class="wash tone" d="M29 3c1 5.500 3.500 8 9 9-5.500 1-8 3.500-9 9-1-5.500-3.500-8-9-9 5.500-1 8-3.500 9-9z"/>"#
        }
        // A fence with a gate in it.
        "boundaries" => {
            r#"<path d="M6 42V14l4-5 4 5v28M34 42V14l4-5 4 5v28"/><path d="M2 20h4M2 34h4M42 20h4M42 34h4"/><path class="wash" d="M14 20h20v14H14z"/><path class="tone" d="M14 20h20M14 34h20M14 34l20-14"/>"#
        }
        // A compass.
        "leading-online-safety" => {
            r#"<circle cx="24" cy="25" r="18"/><path d="M24 3v4M42 25h-3M6 25h3M24 43v-3"/><path class="wash tone" d="m32 17-5 11-11 5 5-11z"/>"#
        }
        // A calendar that turns over.
        "what-changed" => {
            r#"<path d="M21 42H10a5 5 0 0 1-5-5V13a5 5 0 0 1 5-5h28a5 5 0 0 1 5 5v7M14 4v8M34 4v8M5 18h38"/><path class="wash" d="M5 18V13a5 5 0 0 1 5-5h28a5 5 0 0 1 5 5v5z"/><path class="tone" d="M44 31a9 9 0 0 0-16-2M26 38a9 9 0 0 0 17 1M27.500 23.500V29H33M43.500 44v-5.200h-5"/>"#
        }
        "signing" => {
            r#"<path class="wash" d="M31 8l9 9-19 19-12 3 3-12z"/><path d="M31 8l9 9-19 19-12 3 3-12z"/><path d="m26 13 9 9M12 27l9 9"/><path class="tone" d="M25 43c3-4 5-4 6-1s3 2 4 0 3-2 8 0"/>"#
        }
        // A page.
        _ => {
            r#"<path class="wash" d="M28 5H14a5 5 0 0 0-5 5v28a5 5 0 0 0 5 5h20a5 5 0 0 0 5-5V16z"/><path d="M28 5H14a5 5 0 0 0-5 5v28a5 5 0 0 0 5 5h20a5 5 0 0 0 5-5V16zM28 5v11h11"/><path class="tone" d="M16 24h16M16 31h10"/>"#
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::*;

    #[test]
    fn every_module_that_ships_has_a_mark_of_its_own() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../content/modules");
        let mut drawn = BTreeSet::new();
        for module in fs::read_dir(folder).unwrap() {
            let slug = module.unwrap().file_name().into_string().unwrap();
            assert_ne!(module_mark_svg(&slug), module_mark_svg("any-other"), "{slug}");
            assert!(drawn.insert(module_mark_svg(&slug)), "{slug} looks like another");
            assert!(MARKED.contains(&slug.strip_suffix("-staff").unwrap_or(&slug)), "{slug}");
        }
        assert!(drawn.len() > 10);
    }
}
