//! A module: its folder with `module.toml`, pages and `quiz.md`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Display,
};

use chrono::{Months, NaiveDate, TimeDelta};
use model::{ModuleSlug, PageSlug};

use super::{
    canonical::canonical_module,
    clips::{MediaFiles, is_of_clip},
    code::Code,
    drawing::{Drawings, is_drawing, is_drawing_name, read_drawing},
    known::{Known, page_name},
    link::Folder,
    page::read_page,
    problem::{Level, Problem, Report},
    prose::Gathered,
    quiz::read_quiz,
    read_toml::read_toml,
    reading_age::reading_age,
    record::{Placed, Table, audience, filled},
    twin::{ByFolder, FolderFiles, Original, warn_of_no_signpost},
    twin_about::{Languages, read_languages},
};
use crate::catalogue::{Audience, Language, Module, Page, Quiz, TwinName};

/// What came of a folder.
pub(super) struct ReadModule {
    /// The module; none when something in it has an error.
    pub(super) module: Option<Module>,
    pub(super) problems: Vec<Problem>,
    pub(super) gathered: Gathered,
}

/// The files of a module by their names within its folder.
pub(super) type Files<'f> = BTreeMap<&'f str, &'f str>;

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
    let mut reader = Reader {
        slug,
        folder: format!("modules/{slug}"),
        known,
        gathered: Gathered { incomplete: !not_text.is_empty(), ..Gathered::default() },
        problems: Vec::new(),
        failed: false,
    };
    let module = reader.read(files, not_text, media, today);
    let Reader { gathered, problems, failed, .. } = reader;
    let module =
        module.filter(|module| if known.draft { !module.pages.is_empty() } else { !failed && !gathered.incomplete });
    ReadModule { module, problems, gathered }
}

/// Reads one folder: that of a module, or that of one of its twins.
pub(super) struct Reader<'k> {
    pub(super) slug: &'k ModuleSlug,
    folder: String,
    pub(super) known: Known<'k>,
    pub(super) gathered: Gathered,
    pub(super) problems: Vec<Problem>,
    /// Whether a file has an error.
    pub(super) failed: bool,
}

/// What `module.toml` says.
struct About {
    title: String,
    summary: String,
    audience: Vec<Audience>,
    minutes: u32,
    edition: u32,
    valid_for: Months,
    languages: Languages,
    outcomes: Vec<String>,
    sources: Vec<String>,
    tags: Vec<String>,
    tags_at: usize,
    owner: String,
    reviewed: NaiveDate,
    review_by: NaiveDate,
}

impl About {
    fn is_sensitive(&self) -> bool {
        self.tags.iter().any(|tag| tag == "sensitive")
    }
}

pub(super) const ABOUT: &str = "module.toml";
pub(super) const QUIZ: &str = "quiz.md";
/// What stands at `/modules/SLUG/…` beside its pages.
const OWN_ADDRESSES: [&str; 2] = ["quiz", "versions"];

impl Reader<'_> {
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

        let pages: Vec<Page> = page_files.iter().filter_map(|page| self.page(page, folder)).collect();
        let slugs: Vec<PageSlug> = named.iter().map(|(_, slug)| slug.clone()).collect();
        let quiz = self.quiz(files, not_text, &slugs, folder);
        let signpost = self.gathered.signpost;
        let sensitive = about.as_ref().is_some_and(About::is_sensitive);
        let (quiz_text, original_quiz) = (files.get(QUIZ).copied(), quiz.as_ref());
        let original = Original {
            language,
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
        }
        if language == Language::ENGLISH
            && about.as_ref().is_some_and(|about| about.audience.contains(&Audience::Learner))
        {
            const OLDEST: f64 = 13.0;
            let help = "Write shorter sentences with shorter words; 11 to 12 is best.";
            self.warn_of_reading_age(&pages, files, "learners", OLDEST, help);
        }

        let (about, quiz) = if self.known.draft {
            (about.unwrap_or_else(|| self.no_about(today)), quiz.unwrap_or_else(no_quiz))
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
            title: about.title,
            summary: about.summary,
            audience: about.audience,
            minutes: about.minutes,
            edition: about.edition,
            valid_for: about.valid_for,
            outcomes: about.outcomes,
            sources: about.sources,
            tags: about.tags,
            owner: about.owner,
            reviewed: about.reviewed,
            review_by: about.review_by,
            language,
            pages,
            quiz,
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

    pub(super) fn drawings<'f>(&mut self, files: &Files<'f>, not_text: &BTreeSet<&'f str>) -> Drawings<'f> {
        let mut drawings = Drawings::new();
        let lost = not_text.iter().filter(|file| is_drawing(file));
        drawings.extend(lost.map(|file| (*file, None)));
        for (&file, &text) in files.iter().filter(|(file, _)| is_drawing(file) && !file.contains('/')) {
            let mut report = self.report(file, text);
            if !is_drawing_name(file) {
                let help = "Name drawings like `two-locks.svg`: small letters, digits and hyphens.";
                report.error(0, Code::BadImageName, "This file's name is not that of a drawing.", help);
            }
            drawings.insert(file, read_drawing(text, &mut report));
            self.close(report);
        }
        drawings
    }

    pub(super) fn warn_of_unused(&mut self, drawings: &Drawings<'_>) {
        for file in drawings.keys().filter(|file| !self.gathered.drawings.contains(**file)).copied().collect::<Vec<_>>()
        {
            let mut report = self.report(file, "");
            let help = format!("Show it on a page, `![What it shows]({file})`, or take the file away.");
            report.warn(0, Code::UnusedImage, "No page shows this drawing.", help);
            self.close(report);
        }
    }

    fn page(&mut self, page: &PageFile<'_>, folder: Folder<'_>) -> Option<Page> {
        let mut report = self.report(page.file, page.text);
        let read = read_page(page.slug.clone(), page.text, self.known, folder, &mut self.gathered, &mut report);
        self.close(report);
        let elsewhere = std::mem::take(&mut self.gathered.elsewhere);
        self.take(elsewhere);
        read
    }

    /// Warns of pages that need more than a reading age, and says who should need no more.
    pub(super) fn warn_of_reading_age(
        &mut self,
        pages: &[Page],
        files: &Files<'_>,
        readers: &str,
        oldest: f64,
        help: &str,
    ) {
        for page in pages {
            let Some(age) = reading_age(&page.prose).filter(|age| *age > oldest) else { continue };
            let file = files.iter().find(|(file, _)| page_name(file).is_some_and(|(_, slug)| slug == page.slug));
            let Some((file, text)) = file else { continue };
            let mut report = self.report(file, text);
            let message =
                format!("The reading age of this page is {age:.1}, and {readers} should need no more than {oldest}.");
            report.warn(0, Code::HardToRead, message, help);
            self.close(report);
        }
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

    fn about(&mut self, files: &Files<'_>, not_text: &BTreeSet<&str>, twins: &BTreeSet<TwinName>) -> Option<About> {
        let text = self.file(ABOUT, files, not_text)?;
        let mut report = self.report(ABOUT, text);
        let about = read_toml(text, &mut report).and_then(|table| read_about(table, twins, &mut report));
        self.close(report);
        about
    }

    /// Warns of what can be said of a module as a whole.
    fn warn_about(&mut self, about: &About, text: &str, signpost: bool, today: Option<NaiveDate>) {
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

    /// What a preview shows in place of a `module.toml` that cannot be read.
    fn no_about(&self, today: Option<NaiveDate>) -> About {
        let today = today.unwrap_or_default();
        About {
            title: self.slug.to_string(),
            summary: String::new(),
            audience: vec![Audience::Learner, Audience::Staff],
            minutes: 0,
            edition: 1,
            valid_for: Months::new(12),
            languages: Languages::english(),
            outcomes: Vec::new(),
            sources: Vec::new(),
            tags: Vec::new(),
            tags_at: 0,
            owner: String::new(),
            reviewed: today,
            review_by: today,
        }
    }

    /// A file that must be there.
    pub(super) fn file<'f>(
        &mut self,
        name: &'static str,
        files: &Files<'f>,
        not_text: &BTreeSet<&str>,
    ) -> Option<&'f str> {
        let file = files.get(name).copied();
        if file.is_none() && !not_text.contains(name) {
            let mut report = self.report(name, "");
            report.error(0, Code::MissingFile, "This file is missing.", format!("Add a file `{name}` to the module."));
            self.close(report);
        }
        file
    }

    pub(super) fn report<'t>(&self, file: &str, text: &'t str) -> Report<'t> {
        Report::new(self.path(file), text)
    }

    /// The path of a file of the folder, below `content/`.
    pub(super) fn path(&self, file: &str) -> String {
        format!("{}/{file}", self.folder)
    }

    /// The reader of a folder below this one.
    pub(super) fn below(&self, folder: impl Display) -> Self {
        Self {
            slug: self.slug,
            folder: self.path(&folder.to_string()),
            known: self.known,
            gathered: Gathered::default(),
            problems: Vec::new(),
            failed: false,
        }
    }

    pub(super) fn close(&mut self, report: Report<'_>) {
        self.take(report.into_problems());
    }

    pub(super) fn take(&mut self, problems: Vec<Problem>) {
        self.failed |= problems.iter().any(|problem| problem.level == Level::Error);
        self.problems.extend(problems);
    }
}

struct PageFile<'f> {
    number: u32,
    slug: PageSlug,
    file: &'f str,
    text: &'f str,
}

/// What a preview shows in place of a `quiz.md` that cannot be read.
fn no_quiz() -> Quiz {
    Quiz { pass: 0, draw: 0, pools: BTreeMap::new(), attempts: 0, cooldown: TimeDelta::zero(), questions: Vec::new() }
}

fn read_about(mut table: Table, twins: &BTreeSet<TwinName>, report: &mut Report<'_>) -> Option<About> {
    let title = table.required("title", report);
    let summary = table.required("summary", report);
    let audience = audience(&mut table, report);
    let minutes = table.within("minutes", 1..=600, report);
    let edition = table.within("edition", 1..=10_000, report);
    let valid_for = table.required("valid_for", report);
    let languages = read_languages(&mut table, report);
    if let Some(languages) = &languages {
        languages.check(twins, report);
    }
    let owner = table.required("owner", report);
    let reviewed = table.required("reviewed", report);
    let review_by = table.required("review_by", report);
    let tags = table.optional::<Placed<Vec<String>>>("tags", report);
    let outcomes = filled(&mut table, "outcomes", report);
    let sources = table.optional("sources", report).unwrap_or_default();
    table.close(report);
    let (tags_at, tags) = tags.map_or((0, Vec::new()), |tags| (tags.at, tags.value));
    Some(About {
        title: title?,
        summary: summary?,
        audience: audience?,
        minutes: minutes?,
        edition: edition?,
        valid_for: valid_for?,
        languages: languages?,
        outcomes: outcomes?,
        sources,
        tags,
        tags_at,
        owner: owner?,
        reviewed: reviewed?,
        review_by: review_by?,
    })
}
