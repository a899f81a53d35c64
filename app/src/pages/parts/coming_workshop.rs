use engine::ComingWorkshop;
use leptos::prelude::*;

use super::{dates::moment, language::words_in};

/// A workshop to which somebody can go, as a row of a list.
pub fn coming_workshop(coming: &ComingWorkshop) -> impl IntoView + use<> {
    let when = format!("{}, {}", moment(coming.workshop.starts_at), coming.workshop.place);
    let signed_in = coming.signed_in.then_some(" You are signed in.");
    view! {
        <li>
            <div>
                <h3>{words_in(coming.language, &coming.title)}</h3>
                <p class="meta"><span dir="auto">{when}</span> {signed_in}</p>
            </div>
        </li>
    }
}
