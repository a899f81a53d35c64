use std::collections::BTreeSet;

use engine::{PageView, catalogue::Module};
use leptos::prelude::*;
use model::{PageSlug, Status};

use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Mark, mark, prose, sources, switch, unreviewed, words_in},
};

/// A page of a module, to read.
pub fn module_page(frame: &Frame, view: &PageView) -> Rendered {
    let module = &view.module;
    let page = &module.pages[view.place];
    let count = module.pages.len();
    let (lang, dir) = (module.language.tag().to_owned(), module.language.direction());
    frame.page(&format!("{}, {}", page.title, module.title), || {
        let on = match module.pages.get(view.place + 1) {
            Some(next) => view! { "Next: " {words_in(module.language, &next.title)} }.into_any(),
            None if view.counts => "Go on to the quiz".into_any(),
            None => "Back to the beginning of this module".into_any(),
        };
        let back = match view.place.checked_sub(1).and_then(|place| module.pages.get(place)) {
            Some(before) => format!("/modules/{}/{}", module.slug, before.slug),
            None => format!("/modules/{}", module.slug),
        };
        view! {
            <div class="with-side">
                <div>
                    <p class="crumb">
                        <a href=format!("/modules/{}", module.slug)>{words_in(module.language, &module.title)}</a>
                    </p>
                    {switch(&view.words, format!("/modules/{}/{}", module.slug, page.slug))}
                    <p class="progress-line" id="progress">{format!("Page {} of {count}", view.place + 1)}</p>
                    <progress value=(view.place + 1).to_string() max=count.to_string() aria-labelledby="progress">
                    </progress>
                    {unreviewed(&view.words)}
                    <article class="prose" lang=lang dir=dir>
                        <h1>{page.title.clone()}</h1>
                        {prose(&page.prose, &frame.sites)}
                    </article>
                    {go_on(view, on, back)}
                    {sources(&page.prose)}
                </div>
                <nav class="side page-list" aria-label="Pages of this module">
                    <h2>{words_in(module.language, &module.title)}</h2>
                    {page_list(module, view.place, &view.read)}
                </nav>
            </div>
        }
    })
}

/// On to the next page: by a form, because it notes that this one was read; by a link where nothing is counted.
fn go_on(view: &PageView, on: AnyView, back: String) -> impl IntoView + use<> {
    let module = &view.module;
    let page = &module.pages[view.place];
    if view.counts {
        return view! {
            <form class="actions" method="post" action=format!("/modules/{}/{}/read", module.slug, page.slug)>
                <button>{on}</button>
                " "
                <a class="back" href=back>"Back"</a>
            </form>
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

fn page_list(module: &Module, here: usize, read: &BTreeSet<PageSlug>) -> impl IntoView + use<> {
    let rows = module
        .pages
        .iter()
        .enumerate()
        .map(|(place, page)| {
            let done = read.contains(&page.slug) && place != here;
            let sign = if done {
                view! { {mark(Mark::Status(Status::Passed))} <span class="hidden">"Read: "</span> }.into_any()
            } else {
                (place + 1).to_string().into_any()
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
