use engine::Words;
use leptos::prelude::*;

use super::{
    language::{dir, lang},
    status::{Mark, mark},
};

/// The ways to the same text in other words: a form, so that it works without JavaScript and is remembered on every device. `back` is the
/// address of the page that it stands on. Nothing where there is nothing to choose.
pub fn switch(words: &Words, back: String) -> impl IntoView + use<> {
    let Words { shown, own, offered, .. } = words.clone();
    (!offered.is_empty()).then(|| {
        let ways = [None]
            .into_iter()
            .chain(offered.into_iter().map(Some))
            .map(|twin| {
                let name = twin.as_ref().map_or(own.name(), |twin| twin.name()).to_owned();
                let language = twin.map_or(own, |twin| twin.language(own));
                let value = twin.map_or_else(|| FIRST.to_owned(), |twin| twin.to_string());
                if twin == shown {
                    return view! { <li aria-current="true" lang=lang(language) dir=dir(language)>{name}</li> }.into_any();
                }
                view! {
                    <li>
                        <button class="quiet" name="twin" value=value lang=lang(language) dir=dir(language)>{name}</button>
                    </li>
                }
                .into_any()
            })
            .collect_view();
        view! {
            <form class="words no-print" method="post" action="/words" aria-label="In other words">
                <input type="hidden" name="back" value=back/>
                <ul role="list">{ways}</ul>
            </form>
        }
    })
}

/// What the form sends for what was written first.
pub const FIRST: &str = "first";

/// Says that what is shown has not been reviewed yet. Nothing where it has.
pub fn unreviewed(words: &Words) -> impl IntoView + use<> {
    words.unreviewed.clone().map(|(note, language)| {
        view! {
            <p class="unreviewed" lang=lang(language) dir=dir(language)>{mark(Mark::Help)} " " <span>{note}</span></p>
        }
    })
}
