//! Twins: a module in another language or in Easy Read, in a folder of its own below the module's.

use std::{
    collections::{BTreeMap, BTreeSet},
    mem,
};

use model::PageSlug;

use super::{
    clips::{Clips, MediaFiles, is_of_clip},
    code::Code,
    drawing::{Drawings, is_drawing},
    link::Folder,
    module::{ABOUT, Files, QUIZ, Reader},
    nearest::did_you_mean,
    page::read_page,
    problem::Report,
    prose::Gathered,
    quiz_outline::QuizOutline,
    read_toml::read_toml,
    twin_about::{TwinAbout, read_twin_about},
    twin_quiz::{Wordings, read_twin_quiz},
};
use crate::catalogue::{Language, Page, Quiz, Twin, TwinName};

/// The files of one folder: texts, the names of those that should be text and are not, and what is played.
#[derive(Default)]
pub(super) struct FolderFiles<'f> {
    pub(super) files: Files<'f>,
    pub(super) not_text: BTreeSet<&'f str>,
    pub(super) media: MediaFiles<'f>,
}

/// The files of a module, by folder.
pub(super) struct ByFolder<'f> {
    /// The module's own; what lies in no twin's folder is here too.
    pub(super) own: FolderFiles<'f>,
    pub(super) twins: BTreeMap<TwinName, FolderFiles<'f>>,
}

/// What a twin is held against.
pub(super) struct Original<'o> {
    pub(super) language: Language,
    /// The names of the files of pages in reading order, with what the pages are called in addresses.
    pub(super) pages: &'o [(&'o str, PageSlug)],
    /// The same names, for links.
    pub(super) names: &'o BTreeSet<String>,
    pub(super) drawings: &'o Drawings<'o>,
    pub(super) clips: &'o Clips<'o>,
    /// The text of its quiz; none when there is none that can be read.
    pub(super) quiz_text: Option<&'o str>,
    pub(super) quiz: Option<&'o Quiz>,
    pub(super) sensitive: bool,
}

impl<'f> ByFolder<'f> {
    pub(super) fn of(files: &Files<'f>, not_text: &BTreeSet<&'f str>, media: &MediaFiles<'f>) -> Self {
        let mut all = Self { own: FolderFiles::default(), twins: BTreeMap::new() };
        for (&path, &text) in files {
            let (folder, file) = all.place(path);
            folder.files.insert(file, text);
        }
        for &path in not_text {
            let (folder, file) = all.place(path);
            folder.not_text.insert(file);
        }
        for (&path, &found) in media {
            let (folder, file) = all.place(path);
            folder.media.insert(file, found);
        }
        all
    }

    fn place(&mut self, path: &'f str) -> (&mut FolderFiles<'f>, &'f str) {
        match path.split_once('/').and_then(|(folder, file)| Some((TwinName::new(folder)?, file))) {
            Some((name, file)) => (self.twins.entry(name).or_default(), file),
            None => (&mut self.own, path),
        }
    }
}

impl Reader<'_> {
    /// Reads the twins of a module, which are all there unless something in them has an error.
    pub(super) fn twins(
        &mut self,
        folders: &BTreeMap<TwinName, FolderFiles<'_>>,
        original: &Original<'_>,
    ) -> BTreeMap<TwinName, Twin> {
        let outline = original.quiz_text.filter(|_| !folders.is_empty());
        let outline = outline.map(|text| QuizOutline::of(self.path(QUIZ), text, original.language));
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
        if let Some(text) = reader.file(QUIZ, files, not_text) {
            let mut report = reader.report(QUIZ, text);
            wordings = read_twin_quiz(text, outline, reader.known, folder, &mut reader.gathered, &mut report);
            reader.close(report);
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
        let about = reader.twin_about(files, not_text, original);

        let Reader { gathered, problems, failed, .. } = reader;
        let Gathered { facts, incomplete, drawings: shown, clips: played, media, .. } = gathered;
        self.problems.extend(problems);
        self.failed |= failed;
        self.gathered.facts.extend(facts);
        self.gathered.incomplete |= incomplete;
        self.gathered.drawings.extend(shown.into_iter().filter(|file| !own.contains_key(file.as_str())));
        self.gathered.clips.extend(played.into_iter().filter(|file| !folder_files.media.contains_key(file.as_str())));
        self.gathered.media.extend(media);
        let TwinAbout { title, summary, outcomes } = about;
        Twin {
            title: title.unwrap_or_else(|| name.name().to_owned()),
            summary: summary.unwrap_or_default(),
            outcomes: outcomes.unwrap_or_default(),
            pages,
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
            let text = files.get(file).copied();
            let mut report = self.report(file, text.unwrap_or_default());
            match text {
                Some(text) => {
                    let gathered = &mut self.gathered;
                    pages.extend(read_page(slug.clone(), text, self.known, folder, gathered, &mut report));
                }
                None if not_text.contains(file) => {}
                None => {
                    let help = format!("Translate it from `modules/{}/{file}`.", self.slug);
                    report.error(0, Code::TwinPageMissing, "This page of the module is missing here.", help);
                }
            }
            self.close(report);
            let elsewhere = mem::take(&mut self.gathered.elsewhere);
            self.take(elsewhere);
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

    fn twin_about(&mut self, files: &Files<'_>, not_text: &BTreeSet<&str>, original: &Original<'_>) -> TwinAbout {
        let Some(text) = self.file(ABOUT, files, not_text) else { return TwinAbout::default() };
        let mut report = self.report(ABOUT, text);
        let about = read_toml(text, &mut report).map(|table| read_twin_about(table, &mut report));
        if original.sensitive && !self.gathered.signpost {
            warn_of_no_signpost(0, &mut report);
        }
        self.close(report);
        about.unwrap_or_default()
    }
}

/// Warns about a sensitive module, or its twin, that nowhere says where help is.
pub(super) fn warn_of_no_signpost(at: usize, report: &mut Report<'_>) {
    let help = "Put `> [!HELP]` or a link to `/help` into a page.";
    report.warn(at, Code::NoSignpost, "This module is sensitive and shows nobody where to find help.", help);
}

/// The mistaken ideas behind wrong options are the same in every language, and so they are the original's.
fn take_misconceptions(wordings: &mut Wordings, quiz: Option<&Quiz>) {
    let Some(quiz) = quiz else { return };
    for question in &quiz.questions {
        let twins = wordings.get_mut(&question.id).into_iter().flatten();
        for (own, original) in twins.zip(&question.wordings) {
            for (own, original) in own.form.choices_mut().iter_mut().zip(original.form.choices()) {
                own.misconception.clone_from(&original.misconception);
            }
        }
    }
}
