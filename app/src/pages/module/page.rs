use std::collections::BTreeSet;

use engine::{PageView, catalogue::Module};
use leptos::{nonce::use_nonce, prelude::*};
use model::{PageSlug, Status};

use super::{check_yourself::check_yourself, overview::about};
use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Mark, count, mark, minutes_to_read, prose, sources, switch, unreviewed, words_in},
};

/// A page of a module, to read.
pub fn module_page(frame: &Frame, view: &PageView) -> Rendered {
    let module = &view.module;
    let page = &module.pages[view.place];
    let (lang, dir) = (module.language.tag().to_owned(), module.language.direction());
    let frame = frame.counting_for(view.counts_time.then_some(&module.slug));
    frame.page(&format!("{}, {}", page.title, module.title), || {
        let on = match module.pages.get(view.place + 1) {
            // One element, because a button lays out each of its own by itself.
            Some(next) => view! { <span>"Next: " {words_in(module.language, &next.title)}</span> }.into_any(),
            None if view.counts && module.has_quiz() => "Go on to the quiz".into_any(),
            None if view.counts => "Go on to how you pass it".into_any(),
            None => "Back to the beginning of this module".into_any(),
        };
        let back = match view.place.checked_sub(1).and_then(|place| module.pages.get(place)) {
            Some(before) => format!("/modules/{}/{}", module.slug, before.slug),
            None => format!("/modules/{}", module.slug),
        };
        view! {
            <div class="with-side reading-room">
                <div>
                    <p class="crumb">
                        <a href=format!("/modules/{}", module.slug)>{words_in(module.language, &module.title)}</a>
                    </p>
                    {switch(&view.words, format!("/modules/{}/{}", module.slug, page.slug))}
                    {progress(view)}
                    {unreviewed(&view.words)}
                    <article class="prose" lang=lang dir=dir>
                        <h1>{page.title.clone()}</h1>
                        {prose(&page.prose, module.language, &frame.around.sites)}
                    </article>
                    {check_yourself(module, &page.slug)}
                    {go_on(view, on, back)}
                </div>
                <div class="beside-text">
                    {sources(&page.prose, frame.is_preview())}
                    <div class="about-module">
                        <h2>"About this module"</h2>
                        {about(module)}
                        {view.counts_time.then(your_minutes)}
                    </div>
                </div>
                <nav class="side page-list" aria-label="Pages of this module">
                    <h2>{words_in(module.language, &module.title)}</h2>
                    {page_list(module, view.place, &view.read)}
                </nav>
            </div>
        }
    })
}

/// That the minutes are counted for which this very page is open. Where no script runs none are, and this is not shown.
fn your_minutes() -> impl IntoView {
    view! {
        <p class="hint" data-alive hidden>
            "The minutes for which this page is open in front of you are counted for your CPD record, and not those for which you have “Get help” open."
        </p>
    }
}

/// Which page this is, how long it and the rest take to read, and the way through the pages as a line. The part of the page that is open
/// fills while one reads.
fn progress(view: &PageView) -> impl IntoView + use<> {
    let pages = &view.module.pages;
    let minutes = |number: usize| count(number, "minute", "minutes");
    let left = &pages[view.place..];
    let (this, all) = (minutes_to_read(left[0].words), minutes_to_read(left.iter().map(|page| page.words).sum()));
    let said = if left.len() > 1 && all > this {
        format!(": {} to read, {} to the end", minutes(this), minutes(all))
    } else {
        format!(": {} to read", minutes(this))
    };
    let parts = pages.iter().enumerate().map(|(place, page)| {
        let class = match place {
            here if here == view.place => "here",
            before if before < view.place || view.read.contains(&page.slug) => "done",
            _ => "",
        };
        view! { <span class=class></span> }
    });
    view! {
        <p class="progress-line">
            <span>{format!("Page {} of {}", view.place + 1, pages.len())}</span>
            <span>{said}</span>
        </p>
        <div class="pips reading" aria-hidden="true">{parts.collect_view()}</div>
    }
}

/// On to the next page: by a form, because it notes that this one was read; by a link where nothing is counted.
///
/// A script turns the page without waiting for the form: it goes straight to `data-next`, and the next page notes that this one was read.
/// Not on the last page, since a quiz may be closed until it is noted.
fn go_on(view: &PageView, on: AnyView, back: String) -> impl IntoView + use<> {
    let module = &view.module;
    let page = &module.pages[view.place];
    if view.counts {
        let next = module.pages.get(view.place + 1).map(|next| format!("/modules/{}/{}", module.slug, next.slug));
        return view! {
            <form
                class="actions"
                method="post"
                action=format!("/modules/{}/{}/read", module.slug, page.slug)
                data-next=next.clone()
            >
                <button>{on}</button>
                " "
                <a class="back" href=back>"Back"</a>
            </form>
            {next.map(|next| fetch_early(&next))}
        }
        .into_any();
    }
    let next = match module.pages.get(view.place + 1) {
        Some(next) => format!("/modules/{}/{}", module.slug, next.slug),
        None => format!("/modules/{}", module.slug),
    };
    view! {
        <div class="actions">
            <a class="button" href=next>{on}</a>
            " "
            <a class="back" href=back>"Back"</a>
            <p class="hint">"For others than you: reading it is not counted."</p>
        </div>
    }
    .into_any()
}

/// Has the browser fetch a page before it is asked for, where it can. That a page is fetched is written down nowhere.
fn fetch_early(address: &str) -> impl IntoView + use<> {
    let nonce = use_nonce().map(|nonce| nonce.to_string());
    // Addresses of pages hold small letters, digits, hyphens and slashes, and need no escaping.
    let rules = format!(r#"{{"prefetch":[{{"source":"list","urls":["{address}"]}}]}}"#);
    view! { <script type="speculationrules" nonce=nonce inner_html=rules></script> }
}

fn page_list(module: &Module, here: usize, read: &BTreeSet<PageSlug>) -> impl IntoView + use<> {
    let rows = module
        .pages
        .iter()
        .enumerate()
        .map(|(place, page)| {
            let done = read.contains(&page.slug) && place != here;
            // Both are there, so that a script can say that a page has been read since.
            let sign = view! {
                <span class="if-done">{mark(Mark::Status(Status::Passed))} <span class="hidden">"Read: "</span></span>
                <span class="if-not-done">{place + 1}</span>
            };
            view! {
                <li class:done=done class:here=place == here>
                    <span class="step-mark">{sign}</span>
                    " "
                    <a
                        href=format!("/modules/{}/{}", module.slug, page.slug)
                        aria-current=(place == here).then_some("page")
                        lang=module.language.tag().to_owned()
                        dir=module.language.direction()
                    >
                        {page.title.clone()}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! { <ol class="steps" role="list">{rows}</ol> }
}
