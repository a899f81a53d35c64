use engine::{
    Difference, Version,
    catalogue::{Agreement, Language, Module},
};
use leptos::prelude::*;
use model::{AgreementSlug, ModuleSlug};

use crate::pages::{
    frame::{Frame, Rendered},
    parts::{changes, day_of, dir, lang, prose, sources, words_in},
};

/// What has versions, and where it lives.
#[derive(Clone, Debug)]
pub struct Versioned {
    address: String,
}

impl Versioned {
    /// A module.
    #[must_use]
    pub fn module(slug: &ModuleSlug) -> Self {
        Self { address: format!("/modules/{slug}") }
    }

    /// An agreement.
    #[must_use]
    pub fn agreement(slug: &AgreementSlug) -> Self {
        Self { address: format!("/agreements/{slug}") }
    }
}

/// Every version ever published, newest first, each with what it changed.
pub fn versions(frame: &Frame, of: &Versioned, versions: &[Version]) -> Rendered {
    let title = versions.first().map(|newest| newest.title.clone()).unwrap_or_default();
    let language = versions.first().map_or(Language::ENGLISH, |newest| newest.language);
    frame.page(&format!("Versions of {title}"), || {
        let rows = versions
            .iter()
            .enumerate()
            .map(|(place, version)| {
                let before = versions.get(place + 1).map(|before| {
                    let address = format!("{}/versions?from={}&to={}", of.address, before.number, version.number);
                    view! { <a class="standalone" href=address>"What changed"</a> }
                });
                view! {
                    <li>
                        <div>
                            <h2>
                                <a href=format!("{}/versions/{}", of.address, version.number)>
                                    {format!("Version {}", version.label)}
                                </a>
                            </h2>
                            <p class="meta">{format!("Put online here on {}", day_of(version.published_at))}</p>
                            <details class="digests">
                                <summary>"For auditors: its digest"</summary>
                                <p class="meta"><span>"SHA-256: " <code>{version.sha256.to_string()}</code></span></p>
                            </details>
                        </div>
                        {before}
                    </li>
                }
            })
            .collect_view();
        view! {
            <div class="column">
                <p class="crumb"><a href=of.address.clone()>{words_in(language, &title)}</a></p>
                <h1>"Versions of " {words_in(language, &title)}</h1>
                <p class="lead">"Nothing that was ever published goes away. Each version can be read as it was."</p>
                <ul class="rows" role="list">{rows}</ul>
                {compare(of, versions)}
            </div>
        }
    })
}

fn compare(of: &Versioned, versions: &[Version]) -> impl IntoView + use<> {
    let pick = |name: &'static str, label: &'static str, chosen: Option<&Version>| {
        let options = versions
            .iter()
            .map(|version| {
                let chosen = chosen.is_some_and(|chosen| chosen.number == version.number);
                view! {
                    <option value=version.number.to_string() selected=chosen>{format!("Version {}", version.label)}</option>
                }
            })
            .collect_view();
        view! {
            <div class="pair">
                <label for=name>{label}</label>
                <select id=name name=name>{options}</select>
            </div>
        }
    };
    (versions.len() > 1).then(|| {
        view! {
            <section aria-labelledby="compare">
                <h2 id="compare">"Compare two versions"</h2>
                <form method="get" action=format!("{}/versions", of.address)>
                    {pick("from", "From", versions.last())}
                    {pick("to", "To", versions.first())}
                    <div class="actions"><button class="second">"Show what changed"</button></div>
                </form>
            </section>
        }
    })
}

/// What changed between two versions, in words.
pub fn difference(frame: &Frame, of: &Versioned, difference: &Difference) -> Rendered {
    let title = difference.to.title.clone();
    let language = difference.to.language;
    let between = format!("version {} to version {}", difference.from.label, difference.to.label);
    frame.page(&format!("What changed in {title}, {between}"), || {
        let nothing = difference.is_empty().then(|| view! { <p>"The words are the same in both."</p> });
        view! {
            <div class="column">
                <p class="crumb"><a href=format!("{}/versions", of.address)>"All versions"</a></p>
                <h1>"What changed in " {words_in(language, &title)}</h1>
                <p class="lead">{format!("From {between}, put online here on {}.", day_of(difference.to.published_at))}</p>
                {nothing}
                {changes(difference)}
            </div>
        }
    })
}

/// A module as it was published, to read. Its quiz is not shown: it may still be asked.
pub fn old_module(frame: &Frame, version: &Version, module: &Module) -> Rendered {
    frame.page(&format!("{}, version {}", module.title, version.label), || {
        let language = module.language;
        let pages = module
            .pages
            .iter()
            .map(|page| {
                view! {
                    <article class="prose" lang=lang(language) dir=dir(language)>
                        <h2>{page.title.clone()}</h2>
                        {prose(&page.prose, language, &frame.around.sites)}
                    </article>
                }
            })
            .collect_view();
        view! {
            <div class="column">
                <p class="crumb"><a href=format!("/modules/{}/versions", module.slug)>"All versions"</a></p>
                <h1>{words_in(language, &module.title)}</h1>
                <p class="lead">
                    {format!("Version {}, as it was put online here on {}.", version.label, day_of(version.published_at))}
                </p>
                {pages}
            </div>
        }
    })
}

/// An agreement as it was published, to read.
pub fn old_agreement(frame: &Frame, version: &Version, agreement: &Agreement) -> Rendered {
    frame.page(&format!("{}, version {}", agreement.title, version.label), || {
        view! {
            <div class="column">
                <p class="crumb"><a href=format!("/agreements/{}/versions", agreement.slug)>"All versions"</a></p>
                <h1>{agreement.title.clone()}</h1>
                <p class="lead">
                    {format!("Version {}, as it was put online here on {}.", version.label, day_of(version.published_at))}
                </p>
                <article class="prose" aria-label="The text of the agreement">{prose(&agreement.text, agreement.language, &frame.around.sites)}</article>
                {sources(&agreement.text, frame.is_preview())}
            </div>
        }
    })
}
