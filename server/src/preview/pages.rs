//! The pages of a preview: those that people see wherever there is one, handed what nobody has done yet.

use std::{collections::BTreeSet, sync::Arc};

use app::pages::{self, Frame, SignFaults, preview as shown};
use axum::{
    extract::{Path, rejection::PathRejection},
    http::HeaderMap,
    response::{IntoResponse as _, Redirect, Response},
};
use engine::{
    AgreementPage, Cell, Clock as _, FormKey, Gate, ModuleOverview, OwnWorkshops, PageStep, PageView, QuizState,
    Refreshes, Signing, SystemClock, Words,
    catalogue::{Agreement, Page},
};
use model::{AgreementSlug, ModuleSlug, PageSlug, Status};

use super::{
    draft::{ABOUT, QUIZ, agreement_file, file_of},
    reading::Reading,
    viewing::{About, Viewing},
};
use crate::assets;

/// The names in an address; they may be such as nothing can have.
type Named<T> = Result<Path<T>, PathRejection>;

/// `GET /`: everything that there is.
pub(super) async fn contents(viewing: Viewing) -> Response {
    let frame = viewing.frame(About::default());
    viewing.html(shown::contents(&frame, viewing.audience.as_ref(), &viewing.draft.contents()))
}

/// `GET /help`
pub(super) async fn help(viewing: Viewing) -> Response {
    viewing.html(pages::help(&of_organisation(&viewing), &viewing.draft.catalogue))
}

/// Where people will find the site is not known before it is there.
const SOME_ADDRESS: &str = "https://induct.example";

/// `GET /help/card`
pub(super) async fn card(viewing: Viewing) -> Response {
    let catalogue = &viewing.draft.catalogue;
    viewing.html(pages::card(&of_organisation(&viewing), catalogue, &catalogue.organisation.sites, SOME_ADDRESS))
}

/// `GET /help/poster`
pub(super) async fn poster(viewing: Viewing) -> Response {
    let catalogue = &viewing.draft.catalogue;
    viewing.html(pages::poster(&of_organisation(&viewing), catalogue, &catalogue.organisation.sites, SOME_ADDRESS))
}

/// What stands around a page that shows contacts.
fn of_organisation(viewing: &Viewing) -> Frame {
    let file = "organisation.toml";
    let notes = viewing.draft.notes(|path| path == file);
    let (tally, first) = shown::summary(&notes);
    viewing.frame(About { file: Some(file.to_owned()), notes, tally, first, ..About::default() })
}

/// `GET /privacy`
pub(super) async fn privacy(viewing: Viewing) -> Response {
    provider_page(&viewing, "privacy")
}

/// `GET /accessibility`
pub(super) async fn accessibility(viewing: Viewing) -> Response {
    provider_page(&viewing, "accessibility")
}

/// `GET /employers`
pub(super) async fn employers(viewing: Viewing) -> Response {
    provider_page(&viewing, "employers")
}

/// `GET /families`
pub(super) async fn families(viewing: Viewing) -> Response {
    provider_page(&viewing, "families")
}

fn provider_page(viewing: &Viewing, slug: &str) -> Response {
    let file = format!("pages/{slug}.md");
    let found = viewing.draft.catalogue.pages.iter().find(|page| page.slug.as_str() == slug);
    let Some(page) = found else { return viewing.nothing_here() };
    let mut page = page.clone();
    let notes = viewing.draft.notes(|path| path == file);
    let (tally, first) = shown::summary(&notes);
    let (text, notes) = shown::beside(&page.text, notes);
    page.text = text;
    let frame = viewing.frame(About { file: Some(file), notes, tally, first, ..About::default() });
    viewing.html(pages::provider_page(&frame, &page, viewing.draft.catalogue.organisation.cpd.time_spent))
}

/// `POST /leave`: nobody is signed in here, and so there is only the way out.
pub(super) async fn leave() -> Response {
    Redirect::to(pages::NEUTRAL).into_response()
}

/// `GET /modules/SLUG`
pub(super) async fn module(viewing: Viewing, slug: Named<ModuleSlug>) -> Response {
    let Ok(Path(slug)) = slug else { return viewing.nothing_here() };
    let Some(reading) = Reading::of(&viewing, &slug) else {
        return unread_module(&viewing, &slug);
    };
    let module = &reading.module;
    let (notes, elsewhere) = viewing.draft.of_module(&reading);
    let (tally, first) = shown::summary(&notes);
    let about = About { notes, tally, first, elsewhere, ..About::of(&reading, ABOUT) };
    let step = |page: &Page| PageStep { slug: page.slug.clone(), title: page.title.clone(), read: false };
    let overview = ModuleOverview {
        module: Arc::clone(module),
        words: Words::first(module.language),
        pages: module.pages.iter().map(step).collect(),
        next: module.pages.first().map(|page| page.slug.clone()),
        quiz: QuizState::Ready { left: module.quiz.attempts },
        pass: None,
        withdrawn: None,
        cell: Cell { status: Status::NotStarted, wanted: None, counts: None, last: None, missed: Vec::new() }.into(),
        counts: true,
        refresher: Refreshes::No,
        changed: None,
        counts_time: false,
    };
    viewing.html(pages::module(&viewing.frame(about), &overview, &OwnWorkshops::default(), SystemClock.now()))
}

/// A module without a single page.
fn unread_module(viewing: &Viewing, slug: &ModuleSlug) -> Response {
    if !viewing.draft.has_module(slug) {
        return viewing.nothing_here();
    }
    let folder = format!("modules/{slug}/");
    let notes = viewing.draft.notes(|path| path.starts_with(&folder));
    let file = file_of(slug, None, ABOUT);
    let text = viewing.draft.text(&file);
    let (tally, first) = shown::summary(&notes);
    let frame = viewing.frame(About { file: Some(file.clone()), notes, tally, first, ..About::default() });
    viewing.html(shown::unread(&frame, slug.as_str(), text))
}

/// `GET /modules/SLUG/PAGE`
pub(super) async fn page(viewing: Viewing, path: Named<(ModuleSlug, PageSlug)>) -> Response {
    let found = path.ok().and_then(|Path((slug, page))| {
        let reading = Reading::of(&viewing, &slug)?;
        let found = reading.page(&page)?;
        Some((reading, found))
    });
    let Some((reading, (mut module, place, remark))) = found else { return viewing.nothing_here() };
    let page = &mut Arc::make_mut(&mut module.pages)[place];
    let files = viewing.draft.page_files(&reading, &page.slug);
    let notes = viewing.draft.notes(|path| files.contains(path));
    let (tally, first) = shown::summary(&notes);
    let (prose, notes) = shown::beside(&page.prose, notes);
    page.prose = prose;
    let mut about = About { file: files.into_iter().next(), notes, tally, first, ..About::of(&reading, ABOUT) };
    about.remarks.extend(remark);
    let words = Words::first(module.language);
    let view =
        PageView { module: Arc::new(module), place, counts: true, words, read: BTreeSet::new(), counts_time: false };
    viewing.html(pages::module_page(&viewing.frame(about), &view))
}

/// `POST /modules/SLUG/PAGE/read`: goes on to the next page, and notes nothing.
pub(super) async fn next(viewing: Viewing, path: Named<(ModuleSlug, PageSlug)>) -> Response {
    let Ok(Path((slug, page))) = path else { return viewing.nothing_here() };
    let next = viewing.draft.catalogue.modules.get(&slug).and_then(|module| {
        let (place, _) = module.page(&page)?;
        module.pages.get(place + 1).map(|next| next.slug.to_string())
    });
    let next = next.unwrap_or_else(|| "quiz".to_owned());
    Redirect::to(&viewing.address(&format!("/modules/{slug}/{next}"))).into_response()
}

/// `GET /modules/SLUG/quiz`: every question with its answers.
pub(super) async fn quiz(viewing: Viewing, slug: Named<ModuleSlug>) -> Response {
    let reading = slug.ok().and_then(|Path(slug)| Reading::of(&viewing, &slug));
    let Some(reading) = reading else { return viewing.nothing_here() };
    let (asked, notes) = viewing.draft.asked(&reading);
    let (tally, first) = shown::summary(notes.iter().chain(asked.iter().flat_map(|asked| &asked.notes)));
    let about = About { notes, tally, first, ..About::of(&reading, QUIZ) };
    viewing.html(shown::quiz(&viewing.frame(about), &reading.module, &asked))
}

/// `GET /agreements/SLUG`: as somebody finds it who may sign.
pub(super) async fn agreement(viewing: Viewing, slug: Named<AgreementSlug>) -> Response {
    let Ok(Path(slug)) = slug else { return viewing.nothing_here() };
    let catalogue = &viewing.draft.catalogue;
    let original = catalogue.agreements.get(&slug);
    let twin = original.and_then(|original| viewing.chosen.filter(|chosen| original.twins.contains_key(chosen)));
    let file = agreement_file(&slug, twin);
    let notes = viewing.draft.notes(|path| path == file);
    let Some(original) = original else {
        if !viewing.draft.has_agreement(&slug) {
            return viewing.nothing_here();
        }
        let (tally, first) = shown::summary(&notes);
        let frame = viewing.frame(About { file: Some(file.clone()), notes, tally, first, ..About::default() });
        return viewing.html(shown::unread(&frame, slug.as_str(), viewing.draft.text(&file)));
    };
    let (tally, first) = shown::summary(&notes);
    let worded = twin.and_then(|twin| original.in_words_of(twin));
    let mut agreement = worded.unwrap_or_else(|| Agreement::clone(original));
    let (text, notes) = shown::beside(&agreement.text, notes);
    agreement.text = text;
    let audience = &agreement.audience.clone();
    let twins = original.twins.keys().copied().collect();
    let about = About {
        file: Some(file),
        audience,
        readings: Some(shown::Readings { own: original.language, twins, shown: twin }),
        notes,
        tally,
        first,
        remarks: requires(&viewing, &agreement),
        ..About::default()
    };
    let submitted_to = catalogue.organisation.roles.iter().find(|role| agreement.submit_to.as_ref() == Some(&role.id));
    let page = AgreementPage {
        words: Words::first(agreement.language),
        agreement: Arc::new(agreement),
        gate: Gate { items: Vec::new() },
        signing: Signing::Open(FormKey(Default::default())),
        before: None,
        declined: None,
        may_decline: None,
    };
    let faults = SignFaults::default();
    viewing.html(pages::agreement(
        &viewing.frame(about),
        &page,
        submitted_to,
        pages::ShowAgain::Nothing,
        &faults,
        SystemClock.now(),
    ))
}

fn requires(viewing: &Viewing, agreement: &Agreement) -> Vec<String> {
    let modules = &viewing.draft.catalogue.modules;
    let titles = agreement
        .requires
        .iter()
        .map(|slug| modules.get(slug).map_or_else(|| slug.to_string(), |module| module.title.clone()));
    let titles: Vec<String> = titles.collect();
    if titles.is_empty() {
        Vec::new()
    } else {
        vec![format!("Nobody signs it without a pass in: {}.", titles.join(", "))]
    }
}

/// `POST /agreements/SLUG/sign`: nobody signs anything here.
pub(super) async fn not_signed(viewing: Viewing, slug: Named<AgreementSlug>) -> Response {
    let Ok(Path(slug)) = slug else { return viewing.nothing_here() };
    Redirect::to(&viewing.address(&format!("/agreements/{slug}"))).into_response()
}

/// `GET /parts`: every part that pages are put together from.
pub(super) async fn gallery(viewing: Viewing) -> Response {
    viewing.html(shown::gallery(&viewing.frame(About::default())))
}

/// `GET /parts/PART`: one form of question.
pub(super) async fn gallery_question(viewing: Viewing, part: Named<String>) -> Response {
    let page = part.ok().and_then(|Path(part)| shown::gallery_question(&viewing.frame(About::default()), &part));
    page.map_or_else(|| viewing.nothing_here(), |page| viewing.html(page))
}

/// Every other address.
pub(super) async fn nothing_here(viewing: Viewing) -> Response {
    viewing.nothing_here()
}

/// `GET /assets/NAME`
pub(super) async fn asset(viewing: Viewing, Path(name): Path<String>, headers: HeaderMap) -> Response {
    assets::find(&name, &headers, &viewing.draft.catalogue.organisation.look)
}
