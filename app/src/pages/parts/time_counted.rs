use leptos::prelude::*;

/// That it is counted how long somebody spends on a module, said before it is. Where no script runs nothing is counted, and this is not shown.
pub fn time_counted(counts: bool) -> Option<impl IntoView> {
    counts.then(|| {
        view! {
            <p class="hint" data-alive hidden>
                "While a page of this module or its quiz is open in front of you, the minutes are counted for your CPD record. Time on the help page, or with “Get help” open, is never counted. When you hand in, the counting ends. Your tutor and your manager do not see the minutes."
            </p>
        }
    })
}
