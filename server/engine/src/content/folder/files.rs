//! The files of a module, by the folders of the module itself and of its twins.

use std::collections::{BTreeMap, BTreeSet};

use crate::TwinName;
use crate::content::media::MediaFiles;

/// The file that says what a module, or its twin, is.
pub(crate) const ABOUT: &str = "module.toml";
/// The file of the quiz.
pub(crate) const QUIZ: &str = "quiz.md";

/// The files of a module by their names within its folder.
pub(crate) type Files<'f> = BTreeMap<&'f str, &'f str>;

/// The files of one folder: texts, the names of those that should be text and are not, and what is played.
#[derive(Default)]
pub(crate) struct FolderFiles<'f> {
    pub(crate) files: Files<'f>,
    pub(crate) not_text: BTreeSet<&'f str>,
    pub(crate) media: MediaFiles<'f>,
}

/// The files of a module, by folder.
pub(crate) struct ByFolder<'f> {
    /// The module's own; what lies in no twin's folder is here too.
    pub(crate) own: FolderFiles<'f>,
    pub(crate) twins: BTreeMap<TwinName, FolderFiles<'f>>,
}

impl<'f> ByFolder<'f> {
    pub(crate) fn of(files: &Files<'f>, not_text: &BTreeSet<&'f str>, media: &MediaFiles<'f>) -> Self {
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
