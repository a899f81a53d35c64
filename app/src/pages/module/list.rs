use chrono::{DateTime, Utc};
use engine::ModuleSummary;
use leptos::prelude::*;

use crate::pages::{
    frame::{Frame, Rendered},
    parts::{Of, Stands, dir, heading, lang, module_mark},
};

/// The modules that are open to somebody, and those of others that they may read.
pub fn modules(frame: &Frame, modules: &[ModuleSummary], now: DateTime<Utc>) -> Rendered {
    frame.page("Modules", || {
        let (theirs, others): (Vec<_>, Vec<_>) = modules.iter().partition(|summary| summary.counts);
        let list = if theirs.is_empty() {
            view! { <p>"There are no modules for you yet. When your provider publishes one, it appears here."</p> }
                .into_any()
        } else {
            let rows = theirs.into_iter().map(|summary| row(summary, now, false)).collect_view();
            view! { <ul class="rows marked" role="list">{rows}</ul> }.into_any()
        };
        let others = (!others.is_empty()).then(|| {
            let rows = others.into_iter().map(|summary| row(summary, now, true)).collect_view();
            view! {
                <section aria-labelledby="others">
                    <h2 id="others">"For others"</h2>
                    <p>"Other people take these. You may read them; it is not counted."</p>
                    <ul class="rows marked" role="list">{rows}</ul>
                </section>
            }
        });
        view! {
            <div class="shelf">
                <h1>"Modules"</h1>
                <p class="lead">"Open to you at any time, whether you have to take them or not."</p>
                {list}
                {others}
                <p class="no-print"><a class="standalone" href="/programmes">"Programmes: what is asked together, and by when"</a></p>
                <p class="no-print"><a class="standalone" href="/workshops">"At a workshop? Type its code"</a></p>
            </div>
        }
    })
}

/// A module in a list; `under` a heading of its own the titles are one level lower.
fn row(summary: &ModuleSummary, now: DateTime<Utc>, under: bool) -> impl IntoView + use<> {
    let module = &summary.module;
    let title = view! {
        <a href=format!("/modules/{}", module.slug) lang=lang(module.language) dir=dir(module.language)>
            {module.title.clone()}
        </a>
    };
    let state = summary.counts.then(|| Stands::of_cell(Of::Module, &summary.cell, summary.hold).state(now).pill());
    view! {
        <li>
            <span class="medallion">{module_mark(module.slug.as_str())}</span>
            <div>
                {heading(under, title)}
                <p lang=lang(module.language) dir=dir(module.language)>{module.summary.clone()}</p>
                <p class="meta">{module.minutes} " minutes"</p>
            </div>
            {state}
        </li>
    }
}
