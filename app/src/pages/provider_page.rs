use engine::catalogue::{Language, ProviderPage};
use leptos::prelude::*;

use crate::pages::{
    frame::{Frame, Rendered},
    parts::{prose, sources},
};

/// A page of the provider's own. It asks nobody who they are. `counts_time`: whether the provider has it counted how long people spend on a module,
/// which the page about privacy then says, whatever else stands there.
pub fn provider_page(frame: &Frame, page: &ProviderPage, counts_time: bool) -> Rendered {
    frame.page(&page.title, || {
        view! {
            <div class="column">
                <article class="prose">
                    <h1>{page.title.clone()}</h1>
                    {prose(&page.text, Language::ENGLISH, &frame.around.sites)}
                    {(counts_time && page.slug.as_str() == "privacy").then(time_spent)}
                </article>
                {sources(&page.text, frame.is_preview())}
            </div>
        }
    })
}

/// What is kept of how long people spend on modules.
fn time_spent() -> impl IntoView {
    view! {
        <h2>"Time that you spend on modules"</h2>
        <p>
            "Here it is counted for how many minutes you have a module or its quiz open in front of you. Your browser counts while the page can be seen and you have done something in the last three minutes, and sends one number."
        </p>
        <ul>
            <li>"One number is kept for each module. It does not say which page you read. So that nobody counts twice, it is kept up to when your time was last counted."</li>
            <li>"When you hand in a quiz, the number goes. If you passed, its minutes stand in your record beside that pass. If you did not, they stand nowhere, and the counting begins anew."</li>
            <li>"The help page is never counted, nor is the time for which you have “Get help” open. Nothing says what you did in the meantime: the number only stops growing."</li>
            <li>"You see the minutes in your record and among all that is known about you. Your tutor and your manager do not see them. They decide nothing."</li>
        </ul>
    }
}
