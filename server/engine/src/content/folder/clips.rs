//! The clips of a module: each video and sound with its captions and its transcript, which stand beside it under the same
//! name. A twin plays its module's, or one of its own; captions and transcript are its own, since they are words.

use super::{files::FolderFiles, reader::FolderReader};
use crate::content::{
    fields::is_name,
    media::{Clip, Clips, Found, MOST_BYTES, Played, check_captions, size},
    problems::{Code, Report},
};
use crate::{
    catalogue::{Media, TwinName},
    ground::Sha256Digest,
    media::{MediaFormat, MediaName},
};

const TRANSCRIPT: &str = ".transcript.md";

/// Whether a text file of a module is read along with a clip.
pub(crate) fn is_of_clip(file: &str) -> bool {
    file.ends_with(TRANSCRIPT) || MediaFormat::of_file(file) == Some(MediaFormat::Vtt)
}

impl FolderReader<'_> {
    /// Reads the clips of a folder; a twin has those of its module as well.
    pub(crate) fn clips<'f>(&mut self, own: &FolderFiles<'f>, original: Option<(TwinName, &Clips<'f>)>) -> Clips<'f> {
        let mut clips = Clips::new();
        for (&file, &found) in &own.media {
            let Some(format) = MediaFormat::of_played(file) else { continue };
            let mut report = self.report(file, "");
            if file.contains('/') {
                let help = "Keep video and sound beside the page.";
                report.error(0, Code::UnexpectedFile, "A file in a folder below is not read.", help);
                self.close(report);
                continue;
            }
            if !is_name(stem(file)) {
                let help = "Name video and sound like `asking-for-help.mp4`: small letters, digits and hyphens.";
                report.error(0, Code::BadMediaName, "This file's name is not that of a video or a sound.", help);
            }
            let played = check_found(format, found, &mut report).map(|Played { sha256, bytes, seconds }| Media {
                file: self.within_module(file),
                name: MediaName { sha256, format },
                bytes,
                seconds,
            });
            self.close(report);
            clips.insert(file, self.clip(file, format, played, own, None));
        }
        let (name, originals) = original.map_or((None, None), |(name, clips)| (Some(name), Some(clips)));
        for (&file, original) in originals.into_iter().flatten() {
            if !clips.contains_key(file) {
                // What is said is the same in Easy Read.
                let captions = original.captions.as_ref().filter(|_| name == Some(TwinName::EasyRead));
                let clip = self.clip(file, original.format, original.played.clone(), own, captions);
                clips.insert(file, clip);
            }
        }
        clips
    }

    /// Reports what is wrong with the clips of the folder and with those that its pages play, what no page plays, and captions and
    /// transcripts of nothing.
    pub(crate) fn close_clips(&mut self, clips: &Clips<'_>, own: &FolderFiles<'_>) {
        for (&file, clip) in clips {
            let (is_own, is_played) = (own.media.contains_key(file), self.gathered.clips.contains(file));
            if is_own || is_played {
                self.take(clip.problems.clone());
            }
            if is_own && !is_played {
                let help = format!("Play it on a page, `![What it shows]({file})`, or take the file away.");
                self.warn_of_unused_media(file, "No page plays this.", help);
            }
        }
        let is_stray = |file: &str| !clips.keys().any(|clip| stem(clip) == stem(file)) && !file.contains('/');
        for file in own.files.keys().copied().filter(|file| is_of_clip(file) && is_stray(file)) {
            let help = format!("Put `{}.mp4` beside it, give both the same name, or take the file away.", stem(file));
            self.warn_of_unused_media(file, "There is no video and no sound of this name.", help);
        }
    }

    fn warn_of_unused_media(&mut self, file: &str, message: &str, help: String) {
        let mut report = self.report(file, "");
        report.warn(0, Code::UnusedMedia, message, help);
        self.close(report);
    }

    fn clip<'f>(
        &self,
        file: &str,
        format: MediaFormat,
        played: Option<Media>,
        own: &FolderFiles<'f>,
        captions: Option<&Media>,
    ) -> Clip<'f> {
        let mut clip = Clip { format, played, captions: captions.cloned(), transcript: None, problems: Vec::new() };
        if format.is_video() {
            self.read_captions(stem(file), own, &mut clip);
        }
        self.read_transcript(stem(file), own, &mut clip);
        clip
    }

    fn read_captions(&self, stem: &str, own: &FolderFiles<'_>, clip: &mut Clip<'_>) {
        let file = format!("{stem}.{}", MediaFormat::Vtt.ending());
        let text = own.files.get(file.as_str()).copied();
        let mut report = self.report(&file, text.unwrap_or_default());
        if let Some(text) = text {
            check_captions(text, clip.played.as_ref().and_then(|played| played.seconds), &mut report);
            let name = MediaName { sha256: Sha256Digest::of(text.as_bytes()), format: MediaFormat::Vtt };
            let captions = Media { file: self.within_module(&file), name, bytes: text.len() as u64, seconds: None };
            clip.captions = Some(captions).filter(|_| !report.has_errors());
        } else if clip.captions.is_none() && !own.not_text.contains(file.as_str()) {
            let message = "The captions of a video are missing: people who do not hear would miss what is said.";
            let help = format!("Add a file `{file}` in the format WebVTT, which begins with the line `WEBVTT`.");
            report.error(0, Code::MissingCaptions, message, help);
        }
        clip.problems.extend(report.into_problems());
    }

    fn read_transcript<'f>(&self, stem: &str, own: &FolderFiles<'f>, clip: &mut Clip<'f>) {
        let file = format!("{stem}{TRANSCRIPT}");
        let help = "Write what is said, who says it, and what is shown that words do not tell.";
        let text = own.files.get(file.as_str()).copied();
        let mut report = self.report(&file, text.unwrap_or_default());
        match text {
            Some(text) if text.trim().is_empty() => {
                report.error(0, Code::EmptyTranscript, "This transcript says nothing.", help);
            }
            Some(text) => clip.transcript = Some((self.path(&file), text)),
            None if own.not_text.contains(file.as_str()) => {}
            None => {
                let message = "The transcript is missing: not everybody can hear, see or load what is played.";
                report.error(0, Code::MissingTranscript, message, format!("Add a file `{file}`. {help}"));
            }
        }
        clip.problems.extend(report.into_problems());
    }

    /// The path of a file of the folder, below that of the module.
    fn within_module(&self, file: &str) -> String {
        let path = self.path(file);
        let module = format!("modules/{}/", self.slug);
        path.strip_prefix(&module).map_or(path.clone(), str::to_owned)
    }
}

fn check_found(format: MediaFormat, found: Found, report: &mut Report<'_>) -> Option<Played> {
    match found {
        Found::Good(played) => Some(played),
        Found::TooLarge(bytes) => {
            let message = format!("This file has {}, and {} MB is the most.", size(bytes), MOST_BYTES / 1_000_000);
            let help = "Cut it to a minute or two, or save it smaller (720 lines are plenty): people watch on phones \
                        and pay for what they load.";
            report.error(0, Code::MediaTooLarge, message, help);
            None
        }
        Found::Bad(why) => {
            let message = format!("This is not what `.{}` says: {why}.", format.ending());
            let help = "Save it in that format. Another name alone changes nothing.";
            report.error(0, Code::BadMedia, message, help);
            None
        }
    }
}

/// The name that a clip's files have alike.
fn stem(file: &str) -> &str {
    let without_ending = || file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    file.strip_suffix(TRANSCRIPT).unwrap_or_else(without_ending)
}
