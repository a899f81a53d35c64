//! A module: its folder with `module.toml`, pages and `quiz.md`.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{NaiveDate, TimeDelta};
use model::{ModuleSlug, PageSlug};

use super::{
    canonical::canonical_module,
    fields::read_toml,
    folder::{ABOUT, ByFolder, Files, FolderFiles, FolderReader, QUIZ, is_of_clip},
    media::{MediaFiles, is_drawing},
    module_about::{ModuleAbout, read_module_about},
    problems::{Code, Problem},
    prose::{Folder, Gathered, Known, page_name, printed},
    quiz::read_quiz,
    twin::{Original, warn_of_no_signpost},
};
use crate::catalogue::{Audience, Block, ByWorkshop, Language, Module, Page, Quiz, TwinName};

/// What came of a folder.
pub(super) struct ReadModule {
    /// The module. `None` when something in it has an error.
    pub(super) module: Option<Module>,
    pub(super) problems: Vec<Problem>,
    pub(super) gathered: Gathered,
}

/// Reads a module. Without a date of today nothing is said about reviews. `not_text` names files that are there but
/// could not be read, which has been reported.
pub(super) fn read_module(
    slug: &ModuleSlug,
    files: &Files<'_>,
    not_text: &BTreeSet<&str>,
    media: &MediaFiles<'_>,
    known: Known<'_>,
    today: Option<NaiveDate>,
) -> ReadModule {
    let mut reader = FolderReader::of_module(slug, known, !not_text.is_empty());
    let module = reader.read(files, not_text, media, today);
    let FolderReader { gathered, problems, failed, .. } = reader;
    let module =
        module.filter(|module| if known.draft { !module.pages.is_empty() } else { !failed && !gathered.incomplete });
    ReadModule { module, problems, gathered }
}

/// What stands at `/modules/SLUG/…` beside its pages.
const OWN_ADDRESSES: [&str; 3] = ["quiz", "run-sheet", "versions"];

impl FolderReader<'_> {
    fn read(
        &mut self,
        all: &Files<'_>,
        all_not_text: &BTreeSet<&str>,
        media: &MediaFiles<'_>,
        today: Option<NaiveDate>,
    ) -> Option<Module> {
        let ByFolder { own, twins } = &ByFolder::of(all, all_not_text, media);
        let FolderFiles { files, not_text, .. } = own;
        let about = self.about(files, not_text, &twins.keys().copied().collect());
        let language = about.as_ref().map_or(Language::ENGLISH, |about| about.languages.own.value);
        let page_files = self.page_files(files, not_text);
        let lost = || not_text.iter().copied().filter_map(|file| Some((file, page_name(file)?.1)));
        let named: Vec<(&str, PageSlug)> =
            page_files.iter().map(|page| (page.file, page.slug.clone())).chain(lost()).collect();
        let names: BTreeSet<String> = named.iter().map(|(file, _)| (*file).to_owned()).collect();
        let slug = self.slug;
        let drawings = self.drawings(files, not_text);
        let clips = self.clips(own, None);
        let folder = Folder::Module { slug, twin: None, language, pages: &names, drawings: &drawings, clips: &clips };

        let pages: Arc<[Page]> =
            page_files.iter().filter_map(|page| self.page(page.slug.clone(), page.file, page.text, folder)).collect();
        let slugs: Vec<PageSlug> = named.iter().map(|(_, slug)| slug.clone()).collect();
        let by_workshop_only = about.as_ref().is_some_and(|about| about.workshop == ByWorkshop::Only);
        let quiz = if by_workshop_only {
            self.refuse_quiz(files);
            Some(no_quiz())
        } else {
            self.quiz(files, not_text, &slugs, folder)
        };
        let signpost = self.gathered.signpost;
        let sensitive = about.as_ref().is_some_and(ModuleAbout::is_sensitive);
        let (quiz_text, original_quiz) = (files.get(QUIZ).copied(), quiz.as_ref());
        let original = Original {
            language,
            has_quiz: !by_workshop_only,
            pages: &named,
            names: &names,
            drawings: &drawings,
            clips: &clips,
            quiz_text,
            quiz: original_quiz,
            sensitive,
        };
        let twins = self.twins(twins, &original);
        self.warn_of_unused(&drawings);
        self.close_clips(&clips, own);
        if let (Some(about), Some(text)) = (&about, files.get(ABOUT)) {
            self.warn_about(about, text, signpost, today);
            if let Some(quiz) = quiz.as_ref().filter(|_| about.refresher) {
                self.warn_of_unasked(&pages, quiz, files);
            }
        }
        if let Some(about) = about.as_ref().filter(|_| language == Language::ENGLISH)
            && let Some((readers, oldest)) = youngest_readers(self.known, &about.audience)
        {
            let help = "Write shorter sentences with shorter words; 11 to 12 is best.";
            self.warn_of_reading_age(&pages, files, readers, f64::from(oldest), help);
        }

        let (about, quiz) = if self.known.draft {
            (about.unwrap_or_else(|| ModuleAbout::unreadable(slug, today)), quiz.unwrap_or_else(no_quiz))
        } else {
            (about?, quiz?)
        };
        let canonical = match canonical_module(slug, all, &self.gathered) {
            Ok(canonical) => canonical,
            Err(error) => {
                let mut report = self.report(ABOUT, "");
                let message = format!("This module has no canonical form: {error}.");
                report.error(0, Code::NoCanonicalForm, message, "Tell the people who make Induct.");
                self.close(report);
                return None;
            }
        };
        Some(Module {
            slug: slug.clone(),
            title: printed(&about.title, language),
            summary: printed(&about.summary, language),
            audience: about.audience,
            minutes: about.minutes,
            edition: about.edition,
            valid_for: about.valid_for,
            requires: about.requires,
            workshop: about.workshop,
            refresher: about.refresher,
            side_by_side: about.side_by_side.iter().map(|point| printed(point, language)).collect(),
            outcomes: about.outcomes.iter().map(|outcome| printed(outcome, language)).collect(),
            sources: about.sources.iter().map(|source| printed(source, language)).collect(),
            tags: about.tags,
            owner: about.owner,
            reviewed: about.reviewed,
            review_by: about.review_by,
            language,
            pages,
            quiz: Arc::new(quiz),
            twins,
            media: self.gathered.media.values().cloned().collect(),
            canonical,
            number: 0,
        })
    }

    /// The files of pages in reading order; what is no page and has no other place here is reported.
    fn page_files<'f>(&mut self, files: &Files<'f>, not_text: &BTreeSet<&str>) -> Vec<PageFile<'f>> {
        let mut pages: Vec<PageFile<'f>> = Vec::new();
        for (&file, &text) in files.iter().filter(|(file, _)| !matches!(**file, ABOUT | QUIZ)) {
            let mut report = self.report(file, text);
            if file.contains('/') {
                let help =
                    "Keep pages beside `module.toml`; a translation has a folder named like `cy` or `easy-read`.";
                report.error(0, Code::UnexpectedFile, "A file in a folder below a module is not read.", help);
            } else if let Some((number, slug)) = page_name(file) {
                if OWN_ADDRESSES.contains(&slug.as_str()) {
                    let message =
                        format!("A page cannot be called `{slug}`, because Induct's own page has that address.");
                    report.error(0, Code::ReservedPageName, message, "Rename the file.");
                }
                let same = |page: &&PageFile<'_>| page.number == number || page.slug == slug;
                if let Some(other) = pages.iter().find(same) {
                    let (code, what) = if other.slug == slug {
                        (Code::DuplicatePageSlug, "name")
                    } else {
                        (Code::DuplicatePageNumber, "number")
                    };
                    let message = format!("The page `{}` has the same {what}.", other.file);
                    report.error(0, code, message, "Rename one of the two files.");
                }
                pages.push(PageFile { number, slug, file, text });
            } else if !is_drawing(file) && !is_of_clip(file) {
                let help =
                    "Name pages like `20-what-to-do.md`: a number, a hyphen, then small letters, digits and hyphens.";
                report.error(0, Code::BadPageName, "This file's name is not that of a page.", help);
            }
            self.close(report);
        }
        pages.sort_by_key(|page| page.number);
        if pages.is_empty() && not_text.is_empty() {
            let mut report = self.report(ABOUT, "");
            let help = "Add a page beside this file, such as `10-what-it-is.md`.";
            report.error(0, Code::MissingFile, "This module has no pages.", help);
            self.close(report);
        }
        pages
    }

    fn quiz(
        &mut self,
        files: &Files<'_>,
        not_text: &BTreeSet<&str>,
        pages: &[PageSlug],
        folder: Folder<'_>,
    ) -> Option<Quiz> {
        let text = self.file(QUIZ, files, not_text)?;
        let mut report = self.report(QUIZ, text);
        let quiz = read_quiz(text, pages, self.known, folder, &mut self.gathered, &mut report);
        self.close(report);
        quiz
    }

    /// Where nothing but a workshop counts, nobody would ever be asked a quiz.
    pub(super) fn refuse_quiz(&mut self, files: &Files<'_>) {
        if let Some(text) = files.get(QUIZ) {
            let mut report = self.report(QUIZ, text);
            let help = "Take out `quiz.md`, or write `workshop = true` if either counts.";
            report.error(
                0,
                Code::QuizOfWorkshop,
                "Nothing but a workshop counts for this module, so its quiz is asked of nobody.",
                help,
            );
            self.close(report);
        }
    }

    fn about(
        &mut self,
        files: &Files<'_>,
        not_text: &BTreeSet<&str>,
        twins: &BTreeSet<TwinName>,
    ) -> Option<ModuleAbout> {
        let text = self.file(ABOUT, files, not_text)?;
        let mut report = self.report(ABOUT, text);
        let about =
            read_toml(text, &mut report).and_then(|table| read_module_about(table, twins, self.known, &mut report));
        self.close(report);
        about
    }

    /// Warns of pages on which no question rests: when one of them changes, a refresher shows it and asks nothing about it. A page that says
    /// where help is need not be asked about.
    fn warn_of_unasked(&mut self, pages: &[Page], quiz: &Quiz, files: &Files<'_>) {
        let is_asked = |page: &Page| quiz.questions.iter().any(|question| question.page == page.slug);
        let unasked = pages.iter().filter(|page| !page.prose.blocks.contains(&Block::Help) && !is_asked(page));
        let unasked: Vec<PageSlug> = unasked.map(|page| page.slug.clone()).collect();
        let found = files.iter().filter(|(file, _)| page_name(file).is_some_and(|(_, slug)| unasked.contains(&slug)));
        for (file, text) in found {
            let mut report = self.report(file, text);
            let message = "This module has refreshers, and no question rests on this page.";
            let help = "Add a question with `page:` and this page's name, so that a refresher can ask about it when it changes.";
            report.warn(0, Code::PageWithoutQuestion, message.to_owned(), help);
            self.close(report);
        }
    }

    /// Warns of what can be said of a module as a whole.
    fn warn_about(&mut self, about: &ModuleAbout, text: &str, signpost: bool, today: Option<NaiveDate>) {
        let mut report = self.report(ABOUT, text);
        if about.is_sensitive() && !signpost {
            warn_of_no_signpost(about.tags_at, &mut report);
        }
        if today.is_some_and(|today| about.review_by < today) {
            let message = format!("This module was to be reviewed by {}.", about.review_by);
            let help = "Review it, then move `reviewed` and `review_by` on.";
            report.warn(0, Code::ReviewOverdue, message, help);
        }
        self.close(report);
    }
}

/// Of those for whom something is, the ones for whom it must be easiest to read, and the reading age that it should need at most.
fn youngest_readers<'k>(known: Known<'k>, audience: &[Audience]) -> Option<(&'k str, u32)> {
    let listed = known.names?.audiences.as_deref()?;
    let theirs = listed.iter().filter(|listed| audience.contains(&listed.id));
    let ages = theirs.filter_map(|listed| Some((listed.many.as_str(), listed.reading_age?)));
    ages.min_by_key(|(_, age)| *age)
}

struct PageFile<'f> {
    number: u32,
    slug: PageSlug,
    file: &'f str,
    text: &'f str,
}

/// What a preview shows in place of a `quiz.md` that cannot be read.
fn no_quiz() -> Quiz {
    Quiz {
        pass: 0,
        draw: 0,
        pools: BTreeMap::new(),
        attempts: 0,
        cooldown: TimeDelta::zero(),
        questions: Vec::new(),
        on_pages: Vec::new(),
    }
}
