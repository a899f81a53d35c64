use engine::catalogue::Language;
use leptos::prelude::*;

/// The `lang` attribute of a module's words within a page of ours, which is in English. `None` where they are, too (WCAG 3.1.2).
pub fn lang(language: Language) -> Option<String> {
    (language != Language::ENGLISH).then(|| language.tag().to_owned())
}

/// The `dir` attribute of a module's words within a page of ours. `None` where they are written from left to right.
pub fn dir(language: Language) -> Option<&'static str> {
    language.direction()
}

/// A module's words within a sentence of ours.
pub fn words_in(language: Language, words: &str) -> AnyView {
    let words = words.to_owned();
    if language == Language::ENGLISH {
        return words.into_any();
    }
    view! { <span lang=lang(language) dir=dir(language)>{words}</span> }.into_any()
}
