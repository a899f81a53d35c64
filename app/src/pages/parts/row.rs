use leptos::prelude::*;

/// A row of a description list.
pub fn row(term: &'static str, value: impl IntoView) -> impl IntoView {
    view! {
        <div>
            <dt>{term}</dt>
            <dd>{value}</dd>
        </div>
    }
}

/// The heading of a thing in a list: right below the page's own, or one level lower under the heading of a section.
pub fn heading<V: IntoView>(under: bool, title: V) -> AnyView {
    if under { view! { <h3>{title}</h3> }.into_any() } else { view! { <h2>{title}</h2> }.into_any() }
}
