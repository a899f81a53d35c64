use engine::AtWhich;
use leptos::prelude::*;

use super::dates::{day_of, moment};

/// When somebody passes a module at a workshop, beside that module; or whom they ask, where none is planned that they can go to.
pub fn at_which(which: AtWhich<'_>) -> AnyView {
    match which {
        AtWhich::Unconfirmed(was) => format!(
            "You signed in to the workshop of {}. It counts once whoever led it says that you were there.",
            day_of(was.starts_at)
        )
        .into_any(),
        AtWhich::Next(coming) => {
            let signed_in = coming.signed_in.then_some(" You are signed in.");
            view! {
                "The next one for you is on "
                {moment(coming.workshop.starts_at)}
                ", "
                <span dir="auto">{coming.workshop.place.clone()}</span>
                "."
                {signed_in}
            }
            .into_any()
        }
        AtWhich::NotPlanned => {
            "No date is planned yet. Ask your tutor, your manager or the safeguarding team when there will be one."
                .into_any()
        }
    }
}
