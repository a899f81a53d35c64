use engine::ModuleSummary;
use leptos::prelude::*;

use crate::pages::{
    frame::{Frame, Rendered},
    parts::{dir, lang, status},
};

/// The modules that are open to somebody.
pub fn modules(frame: &Frame, modules: &[ModuleSummary]) -> Rendered {
    frame.page("Modules", || {
        let rows = modules
            .iter()
            .map(|summary| {
                let module = &summary.module;
                let (lang, dir) = (lang(module.language), dir(module.language));
                view! {
                    <li>
                        <div>
                            <h3>
                                <a href=format!("/modules/{}", module.slug) lang=lang.clone() dir=dir>{module.title.clone()}</a>
                            </h3>
                            <p lang=lang dir=dir>{module.summary.clone()}</p>
                            <p class="meta">{module.minutes} " minutes"</p>
                        </div>
                        {status(summary.cell.status, None)}
                    </li>
                }
            })
            .collect_view();
        let list = if modules.is_empty() {
            view! { <p>"There are no modules for you yet. When your provider publishes one, it appears here."</p> }
                .into_any()
        } else {
            view! { <ul class="rows" role="list">{rows}</ul> }.into_any()
        };
        view! {
            <div class="column">
                <h1>"Modules"</h1>
                <p class="lead">"Open to you at any time, whether you have to take them or not."</p>
                {list}
            </div>
        }
    })
}
