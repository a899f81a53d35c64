//! The files below `content/`, read before anything is judged.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    media::MediaFile,
    problems::{Code, Level, Problem},
    text::{normalised, place_of},
};
use crate::{
    ground::on_every_core,
    media::{MediaFormat, MediaPlace},
};

/// The text of the files below `content/`, and what is known of those that are played.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    files: BTreeMap<String, String>,
    not_text: BTreeSet<String>,
    media: BTreeMap<String, MediaFile>,
    /// Logos as points, beside `organisation.toml`.
    logos: BTreeMap<String, Arc<[u8]>>,
    /// The paths of files of other kinds.
    others: BTreeSet<String>,
}

/// A file or folder could not be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read {}", path.display())]
pub struct ReadError {
    /// What could not be read.
    pub path: PathBuf,
    /// Why.
    pub source: io::Error,
}

impl Sources {
    /// Reads every `.md`, `.toml`, `.svg` and `.vtt` file below `dir` and a `logo….png` at its top, and looks through video and sound without keeping them; of
    /// other files it keeps the names. Hidden files and folders are skipped, and so is the `README.md` at the top. Returns what was read with a problem for each
    /// file that is not UTF-8.
    ///
    /// # Errors
    ///
    /// [`ReadError`] when the file system refuses; it names the path.
    pub fn read(dir: &Path) -> Result<(Self, Vec<Problem>), ReadError> {
        Self::default().read_again(dir)
    }

    /// Reads a folder that was read before. Video and sound are looked through only if they have been written since.
    ///
    /// # Errors
    ///
    /// As [`Sources::read`].
    pub fn read_again(&self, dir: &Path) -> Result<(Self, Vec<Problem>), ReadError> {
        let mut sources = Self::default();
        let mut problems = Vec::new();
        let mut texts = Vec::new();
        sources.read_folder(dir, "", &self.media, &mut texts)?;
        let read = on_every_core(&texts, TextFile::read);
        for (TextFile { relative, .. }, text) in texts.into_iter().zip(read) {
            sources.take(relative, text?, &mut problems);
        }
        Ok((sources, problems))
    }

    /// Takes texts by their paths, which are relative to `content/` and have `/` between their parts. Line ends become
    /// LF, and a byte order mark at the beginning is dropped.
    pub fn from_files(files: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>) -> Self {
        let files = files.into_iter().map(|(path, text)| (path.into(), normalised(text))).collect();
        Self { files, ..Self::default() }
    }

    /// Takes video and sound by their paths as well. These bytes are held in memory.
    #[must_use]
    pub fn with_media(mut self, media: impl IntoIterator<Item = (impl Into<String>, Arc<[u8]>)>) -> Self {
        for (path, bytes) in media {
            let path = path.into();
            if let Some(format) = MediaFormat::of_played(&path) {
                self.media.insert(path, MediaFile::of(bytes, format));
            }
        }
        self
    }

    /// Takes a logo that is no text, by its name.
    #[must_use]
    pub fn with_logo(mut self, name: &str, bytes: Arc<[u8]>) -> Self {
        self.logos.insert(name.to_owned(), bytes);
        self
    }

    /// Takes the paths of files that are of no kind that is read.
    #[must_use]
    pub fn with_others(mut self, paths: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.others.extend(paths.into_iter().map(Into::into));
        self
    }

    /// The same with other texts in place of these, and what is played as it was.
    #[must_use]
    pub fn with_texts(&self, texts: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>) -> Self {
        Self { files: Self::from_files(texts).files, ..self.clone() }
    }

    /// The files in the order of their paths.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The text of one file.
    pub(crate) fn file(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// The bytes of a logo that is no text.
    pub(super) fn logo(&self, file: &str) -> Option<&[u8]> {
        self.logos.get(file).map(AsRef::as_ref)
    }

    /// The paths of files that are there but are not text.
    pub(super) fn not_text(&self) -> impl Iterator<Item = &str> {
        self.not_text.iter().map(String::as_str)
    }

    /// The paths of files that are of no kind that is read.
    pub(super) fn others(&self) -> impl Iterator<Item = &str> {
        self.others.iter().map(String::as_str)
    }

    /// The files that can be played, in the order of their paths.
    pub(super) fn media(&self) -> impl Iterator<Item = (&str, &MediaFile)> {
        self.media.iter().map(|(path, file)| (path.as_str(), file))
    }

    /// Where the bytes of a file are that can be published.
    pub(super) fn media_place(&self, path: &str) -> Option<MediaPlace> {
        match self.media.get(path) {
            Some(file) => Some(file.place.clone()),
            None => self.file(path).map(|text| MediaPlace::Bytes(text.as_bytes().into())),
        }
    }

    /// Finds what a folder has, and reads all but its texts.
    fn read_folder(
        &mut self,
        dir: &Path,
        prefix: &str,
        before: &BTreeMap<String, MediaFile>,
        texts: &mut Vec<TextFile>,
    ) -> Result<(), ReadError> {
        let failed = |source| ReadError { path: dir.to_owned(), source };
        for entry in fs::read_dir(dir).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let path = entry.path();
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if name.starts_with('.') {
                continue;
            }
            let relative = format!("{prefix}{name}");
            let refused = |source| ReadError { path: path.clone(), source };
            let kind = entry.file_type().map_err(refused)?;
            // Links are followed: that is how Kubernetes mounts files.
            let is_dir = if kind.is_symlink() { fs::metadata(&path).map_err(refused)?.is_dir() } else { kind.is_dir() };
            if is_dir {
                self.read_folder(&path, &format!("{relative}/"), before, texts)?;
            } else if relative != "README.md"
                && [".md", ".toml", ".svg", ".vtt"].iter().any(|kind| name.ends_with(kind))
            {
                texts.push(TextFile { relative, path });
            } else if prefix.is_empty() && name.starts_with("logo") && name.ends_with(".png") {
                let bytes = fs::read(&path).map_err(refused)?;
                self.logos.insert(relative, bytes.into());
            } else if let Some(format) = MediaFormat::of_played(&relative) {
                let file = MediaFile::read(&path, format, before.get(&relative));
                self.media.insert(relative, file.map_err(|source| ReadError { path, source })?);
            } else if relative != "README.md" {
                self.others.insert(relative);
            }
        }
        Ok(())
    }

    fn take(&mut self, path: String, text: Result<String, NotText>, problems: &mut Vec<Problem>) {
        match text {
            Ok(text) => {
                self.files.insert(path, text);
            }
            Err(NotText { line, column }) => {
                problems.push(Problem {
                    path: path.clone(),
                    line,
                    column,
                    level: Level::Error,
                    code: Code::NotUtf8,
                    message: "This file is not UTF-8 text.".to_owned(),
                    help: Some("Save it again with the encoding UTF-8.".to_owned()),
                });
                self.not_text.insert(path);
            }
        }
    }
}

/// A file that should be text.
struct TextFile {
    /// Relative to `content/`, with `/` between its parts.
    relative: String,
    path: PathBuf,
}

/// Where a file has something that is not UTF-8.
struct NotText {
    line: u32,
    column: u32,
}

impl TextFile {
    fn read(&self) -> Result<Result<String, NotText>, ReadError> {
        let bytes = fs::read(&self.path).map_err(|source| ReadError { path: self.path.clone(), source })?;
        Ok(text_of(bytes))
    }
}

fn text_of(bytes: Vec<u8>) -> Result<String, NotText> {
    String::from_utf8(bytes).map(normalised).map_err(|error| {
        let good = error.as_bytes().get(..error.utf8_error().valid_up_to());
        let good = good.and_then(|good| str::from_utf8(good).ok()).unwrap_or_default();
        let (line, column) = place_of(good, good.len());
        NotText { line, column }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_not_text_is_a_problem_with_a_place() {
        let mut sources = Sources::default();
        let mut problems = Vec::new();
        sources.take("facts.toml".to_owned(), text_of(b"one\ntw\xff".to_vec()), &mut problems);
        assert_eq!(sources.file("facts.toml"), None);
        let shown: Vec<_> = problems.iter().map(ToString::to_string).collect();
        insta::assert_snapshot!(shown.join("\n"), @"
        facts.toml:2:3: error[not-utf8]: This file is not UTF-8 text.
          help: Save it again with the encoding UTF-8.
        ");
    }

    #[test]
    fn files_of_other_kinds_are_known_by_their_names() {
        let dir = std::env::temp_dir().join(format!("induct-others-{}", std::process::id()));
        drop(fs::remove_dir_all(&dir));
        fs::create_dir_all(dir.join("modules/a")).unwrap();
        for file in
            ["README.md", "modules/a/10-a.md.txt", "modules/a/20-b.MD", "modules/a/.30-c.md.swp", "modules/a/40-d.md"]
        {
            fs::write(dir.join(file), "# A\n").unwrap();
        }
        let (sources, problems) = Sources::read(&dir).unwrap();
        fs::remove_dir_all(&dir).unwrap();
        assert_eq!(problems, []);
        assert_eq!(sources.others().collect::<Vec<_>>(), ["modules/a/10-a.md.txt", "modules/a/20-b.MD"]);
        assert_eq!(sources.files().map(|(path, _)| path).collect::<Vec<_>>(), ["modules/a/40-d.md"]);
    }

    #[test]
    fn reading_names_the_path_that_fails() {
        let error = Sources::read(Path::new("/no/such/folder")).map(|_| ()).map_err(|error| error.to_string());
        assert_eq!(error, Err("cannot read /no/such/folder".to_owned()));
    }
}
