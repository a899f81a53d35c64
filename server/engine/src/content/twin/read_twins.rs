//! Twins: a module in another language or in Easy Read, in a folder of its own below the module's.

use std::collections::{BTreeMap, BTreeSet};

use model::PageSlug;

use super::{
    about::{TwinAbout, read_twin_about},
    quiz::{Wordings, read_twin_quiz},
};
use crate::catalogue::{Language, Page, Quiz, Twin, TwinName};
use crate::content::{
    fields::read_toml,
    folder::{ABOUT, Files, FolderFiles, FolderReader, QUIZ, is_of_clip},
    media::{Clips, Drawings, is_drawing},
    problems::{Code, Report},
    prose::{Folder, Gathered, printed},
    quiz::QuizOutline,
    text::did_you_mean,
};

/// What a twin is held against.
pub(crate) struct Original<'o> {
    pub(crate) language: Language,
    /// The names of the files of pages in reading order, with what the pages are called in addresses.
    pub(crate) pages: &'o [(&'o str, PageSlug)],
    /// The same names, for links.
    pub(crate) names: &'o BTreeSet<String>,
    pub(crate) drawings: &'o Drawings<'o>,
    pub(crate) clips: &'o Clips<'o>,
    /// Whether there is a quiz to translate.
    pub(crate) has_quiz: bool,
    /// The text of its quiz. `None` when there is none that can be read.
    pub(crate) quiz_text: Option<&'o str>,
    pub(crate) quiz: Option<&'o Quiz>,
    pub(crate) sensitive: bool,
}

impl FolderReader<'_> {
    /// Reads the twins of a module, which are all there unless something in them has an error.
    pub(crate) fn twins(
        &mut self,
        folders: &BTreeMap<TwinName, FolderFiles<'_>>,
        original: &Original<'_>,
    ) -> BTreeMap<TwinName, Twin> {
        let outline = original.quiz_text.filter(|_| !folders.is_empty());
        let outline = outline.map(|text| QuizOutline::of(self.path(QUIZ), text, original.language, self.known));
        let read = folders.iter().map(|(name, files)| (*name, self.twin(*name, files, original, outline.as_ref())));
        read.collect()
    }

    fn twin(
        &mut self,
        name: TwinName,
        folder_files: &FolderFiles<'_>,
        original: &Original<'_>,
        outline: Option<&QuizOutline<'_>>,
    ) -> Twin {
        let FolderFiles { files, not_text, .. } = folder_files;
        let mut reader = self.below(name);
        let own = reader.drawings(files, not_text);
        let mut drawings = original.drawings.clone();
        drawings.extend(own.iter().map(|(file, drawing)| (*file, drawing.clone())));
        let clips = reader.clips(folder_files, Some((name, original.clips)));
        let folder = Folder::Module {
            slug: self.slug,
            twin: Some(name),
            language: name.language(original.language),
            pages: original.names,
            drawings: &drawings,
            clips: &clips,
        };
        let pages = reader.twin_pages(files, not_text, original, folder);
        reader.refuse_other_files(files, original);
        let mut wordings = Wordings::new();
        if original.has_quiz
            && let Some(text) = reader.file(QUIZ, files, not_text)
        {
            let mut report = reader.report(QUIZ, text);
            wordings = read_twin_quiz(text, outline, reader.known, folder, &mut reader.gathered, &mut report);
            reader.close(report);
        } else if !original.has_quiz {
            reader.refuse_quiz(files);
        }
        take_misconceptions(&mut wordings, original.quiz);
        reader.warn_of_unused(&own);
        reader.close_clips(&clips, folder_files);
        let easy = name == TwinName::EasyRead && original.language == Language::ENGLISH;
        if easy {
            const OLDEST: f64 = 9.0;
            let help = "Put one idea into a sentence, in words of every day.";
            reader.warn_of_reading_age(&pages, files, "Easy Read", OLDEST, help);
        }
        let about = reader.twin_about(name, files, not_text, original);

        let FolderReader { gathered, problems, failed, .. } = reader;
        let Gathered { facts, incomplete, drawings: shown, clips: played, media, .. } = gathered;
        self.problems.extend(problems);
        self.failed |= failed;
        for (id, fact) in facts {
            let also = fact.also.clone();
            self.gathered.facts.entry(id).or_insert(fact).also.extend(also);
        }
        self.gathered.incomplete |= incomplete;
        self.gathered.drawings.extend(shown.into_iter().filter(|file| !own.contains_key(file.as_str())));
        self.gathered.clips.extend(played.into_iter().filter(|file| !folder_files.media.contains_key(file.as_str())));
        self.gathered.media.extend(media);
        let TwinAbout { reviewed, title, summary, outcomes } = about;
        let in_print = |line: String| printed(&line, name.language(original.language));
        Twin {
            reviewed,
            title: title.map_or_else(|| name.name().to_owned(), in_print),
            summary: summary.map(in_print).unwrap_or_default(),
            outcomes: outcomes.unwrap_or_default().into_iter().map(in_print).collect(),
            pages: pages.into(),
            wordings,
        }
    }

    fn twin_pages(
        &mut self,
        files: &Files<'_>,
        not_text: &BTreeSet<&str>,
        original: &Original<'_>,
        folder: Folder<'_>,
    ) -> Vec<Page> {
        let mut pages = Vec::new();
        for (file, slug) in original.pages {
            match files.get(file) {
                Some(text) => pages.extend(self.page(slug.clone(), file, text, folder)),
                None if not_text.contains(file) => {}
                None => {
                    let mut report = self.report(file, "");
                    let help = format!("Translate it from `modules/{}/{file}`.", self.slug);
                    report.error(0, Code::TwinPageMissing, "This page of the module is missing here.", help);
                    self.close(report);
                }
            }
        }
        pages
    }

    /// Reports the files that no file of the module is the original of. Drawings may be a twin's own.
    fn refuse_other_files(&mut self, files: &Files<'_>, original: &Original<'_>) {
        let is_page = |file: &str| original.pages.iter().any(|(page, _)| *page == file);
        for (&file, &text) in files.iter().filter(|(file, _)| !matches!(**file, ABOUT | QUIZ) && !is_page(file)) {
            let mut report = self.report(file, text);
            if file.contains('/') {
                let help = "Put the files of a twin into its folder, without more folders below.";
                report.error(0, Code::UnexpectedFile, "A file in a folder below a twin is not read.", help);
            } else if !is_drawing(file) && !is_of_clip(file) {
                let slug = |file: &str| file.split_once('-').map(|(_, slug)| slug.to_owned());
                let same_slug =
                    original.pages.iter().find(|(page, _)| slug(page).is_some_and(|it| Some(it) == slug(file)));
                let help = match same_slug {
                    Some((page, _)) => format!("Rename it to `{page}`, which is the name of its original."),
                    None => did_you_mean(
                        file,
                        original.pages.iter().map(|(page, _)| *page),
                        "Take it out, or write the module's own page first, with the same file name.",
                    ),
                };
                report.error(0, Code::TwinPageUnknown, format!("The module has no page `{file}`."), help);
            }
            self.close(report);
        }
    }

    fn twin_about(
        &mut self,
        name: TwinName,
        files: &Files<'_>,
        not_text: &BTreeSet<&str>,
        original: &Original<'_>,
    ) -> TwinAbout {
        let Some(text) = self.file(ABOUT, files, not_text) else { return TwinAbout::default() };
        let mut report = self.report(ABOUT, text);
        let about = read_toml(text, &mut report).map(|table| read_twin_about(table, &mut report));
        if self.known.names.is_some() && about.as_ref().is_some_and(|about| about.reviewed.is_none()) {
            warn_of_no_review(name, 0, &mut report);
        }
        if original.sensitive && !self.gathered.signpost {
            warn_of_no_signpost(0, &mut report);
        }
        self.close(report);
        about.unwrap_or_default()
    }
}

/// Warns about a sensitive module, or its twin, that nowhere says where help is.
pub(crate) fn warn_of_no_signpost(at: usize, report: &mut Report<'_>) {
    let help = "Put `> [!HELP]` or a link to `/help` into a page.";
    report.warn(at, Code::NoSignpost, "This module is sensitive and shows nobody where to find help.", help);
}

/// Warns that nobody has reviewed a twin yet.
pub(crate) fn warn_of_no_review(name: TwinName, at: usize, report: &mut Report<'_>) {
    let (message, who) = match name {
        TwinName::In(_) => {
            (format!("Nobody has reviewed this {} yet.", name.name()), "somebody who speaks the language has read")
        }
        TwinName::EasyRead => {
            ("Nobody has tried this Easy Read yet.".to_owned(), "people who need Easy Read have tried")
        }
    };
    let help = format!(
        "Once {who} all of it, write the day as `reviewed`. Until then readers get it only with `unreviewed_twins = true` in \
         `organisation.toml`."
    );
    report.warn(at, Code::TwinNotReviewed, message, help);
}

/// The mistaken ideas behind wrong options are the same in every language, and so they are the original's.
fn take_misconceptions(wordings: &mut Wordings, quiz: Option<&Quiz>) {
    let Some(quiz) = quiz else { return };
    for question in quiz.questions.iter().chain(&quiz.on_pages) {
        let twins = wordings.get_mut(&question.id).into_iter().flatten();
        for (own, original) in twins.zip(&question.wordings) {
            for (own, original) in own.form.choices_mut().iter_mut().zip(original.form.choices()) {
                own.misconception.clone_from(&original.misconception);
            }
        }
    }
}
