use leptos::prelude::*;

/// A list with several columns, which moves sideways by itself where there is no room for it. `label` says what its rows are; `rows` are rows of a table.
pub fn list_table(label: &'static str, columns: &[&'static str], rows: impl IntoView) -> AnyView {
    let head = columns.iter().map(|column| view! { <th scope="col">{*column}</th> }).collect_view();
    view! {
        <div class="table" tabindex="0" role="region" aria-label=label>
            <table class="register">
                <thead><tr>{head}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
