use leptos::prelude::*;

/// What is wrong with a form, first on the page, with a link to each field. Takes the focus.
pub fn error_summary(faults: Vec<(&'static str, String)>) -> impl IntoView {
    let rows = faults
        .into_iter()
        .map(|(field, fault)| view! { <li><a href=format!("#{field}")>{fault}</a></li> })
        .collect::<Vec<_>>();
    (!rows.is_empty()).then(|| {
        view! {
            <div class="error-summary" role="alert" tabindex="-1" autofocus aria-labelledby="errors">
                <h2 id="errors">"Something needs another look"</h2>
                <ul role="list">{rows}</ul>
            </div>
        }
    })
}
