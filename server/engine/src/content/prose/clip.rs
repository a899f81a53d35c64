//! Video and sound within a page: the browser's own player, captions, and what is said and shown as text.

use std::mem;

use pulldown_cmark::{Event, Tag};

use super::{
    link::Folder,
    markdown::{Element, Node, parse},
    meant::as_meant,
    own_words::{OwnWords, lang_attribute},
    writer::{Kind, Writer},
};
use crate::content::{
    media::{Clip, size},
    problems::{Code, Report},
    text::{Layout, did_you_mean, escaped},
};
use crate::{
    catalogue::{Language, Media},
    media::MediaFormat,
};

/// The image that a paragraph consists of, when it names something to be played.
pub(super) fn clip_alone<'t, 'a>(paragraph: &'t [Node<'a>]) -> Option<&'t Element<'a>> {
    match paragraph {
        [Node::Element(image)] if names_clip(image) => Some(image),
        _ => None,
    }
}

/// Whether an image names something to be played.
pub(super) fn names_clip(image: &Element<'_>) -> bool {
    matches!(&image.tag, Tag::Image { dest_url, .. } if MediaFormat::of_played(dest_url).is_some())
}

impl Writer<'_, '_> {
    /// Writes a paragraph that consists of a video or a sound.
    pub(super) fn clip(&mut self, image: &Element<'_>, out: &mut Vec<Event<'_>>) {
        let Element { tag, at, children } = image;
        let Tag::Image { dest_url, title, .. } = tag else { return };
        let (Kind::Page, Folder::Module { clips, .. }) = (self.kind, self.folder) else {
            let help = "Move it to a page of a module.";
            return self.report.error(*at, Code::ImageNotHere, "Video and sound cannot stand here.", help);
        };
        let file = dest_url.strip_prefix("./").unwrap_or(dest_url);
        if !title.is_empty() {
            let help = "Say it between the square brackets, or in a paragraph below.";
            self.report.error(*at, Code::ImageTitle, "Video and sound have no title.", help);
        }
        let Some(clip) = clips.get(file) else {
            let otherwise = "Put the file into the module's folder, beside the page.";
            let help = did_you_mean(file, clips.keys().copied(), otherwise);
            return self.report.error(
                *at,
                Code::UnknownMedia,
                format!("There is no file `{file}` to be played."),
                help,
            );
        };
        if !self.has_room_for_image(*at) {
            return;
        }
        // Written for its problems and facts; what is heard is the text alone.
        self.inline(children);
        let alternative = self.plain(children);
        if alternative.is_empty() {
            let help = "Say between the square brackets, in a few words, what it shows or who speaks about what.";
            self.report.error(*at, Code::MissingAlt, "Nobody is told what is played here.", help);
        }
        let is_first = self.gathered.clips.insert(file.to_owned());
        let transcript = clip.transcript.as_ref().map(|(path, text)| self.transcript(path, text, is_first));
        let Some(played) = &clip.played else { return };
        for media in [Some(played), clip.captions.as_ref()].into_iter().flatten() {
            self.gathered.media.insert(media.file.clone(), media.clone());
        }
        let transcript = transcript.unwrap_or_default();
        out.push(Event::Html(html(clip, played, self.folder.language(), &alternative, &transcript).into()));
    }

    /// The transcript as HTML. Its problems are those of its own file, and are told once, however many pages play the clip.
    fn transcript(&mut self, path: &str, text: &str, is_first: bool) -> String {
        let mut report = Report::new(path, text);
        let run = as_meant(text, Layout::Page, self.known, &mut report);
        let nodes = parse(&run, &mut report);
        let mut writer = Writer::new(self.kind, self.known, self.folder, &mut *self.gathered, &mut report);
        // Its facts are among the page's.
        writer.page = mem::take(&mut self.page);
        let html = writer.blocks(&nodes);
        self.page = mem::take(&mut writer.page);
        if is_first {
            self.gathered.elsewhere.extend(report.into_problems());
        }
        html
    }
}

/// Nothing plays by itself, and nothing but the length and the first picture is loaded before somebody presses play.
fn html(clip: &Clip<'_>, played: &Media, language: Language, alternative: &str, transcript: &str) -> String {
    let label = escaped(alternative);
    let address = format!("/media/{}", played.name);
    // Seen as well as heard: whoever pays for what they load wants to know what it is first.
    let (words, lang) = OwnWords::of(language);
    let lang = lang_attribute(lang);
    let about = format!("{} ({})", label.trim_end_matches('.'), about(played, words));
    let OwnWords { sound, video, download, read_what_is_said: said, read_what_is_shown: shown, .. } = words;
    if !clip.format.is_video() {
        return format!(
            "<div class=\"clip\">\n<audio controls preload=\"metadata\" aria-label=\"{label}\" src=\"{address}\"></audio>\n\
             <p class=\"hint\">{sound}: {about}.</p>\n\
             <details>\n<summary{lang}>{said}</summary>\n<div class=\"follow\">\n{transcript}</div>\n</details>\n</div>\n"
        );
    }
    let captions = clip.captions.as_ref().map(|captions| {
        format!(
            "<track kind=\"captions\" src=\"/media/{}\" srclang=\"{}\" label=\"{}\" default>\n",
            captions.name,
            language.code(),
            escaped(language.name())
        )
    });
    format!(
        "<div class=\"clip\">\n<video controls playsinline preload=\"metadata\" aria-label=\"{label}\" src=\"{address}\">\n{}\
         </video>\n<p class=\"hint\">{video}: {about}. <a href=\"{address}\" download=\"{}\"{lang}>{download}</a></p>\n\
         <details>\n<summary{lang}>{shown}</summary>\n<div class=\"follow\">\n{transcript}</div>\n</details>\n</div>\n",
        captions.unwrap_or_default(),
        escaped(&played.file),
    )
}

/// How long it plays and how much there is to load: "1 minute 5 seconds, 3.4 MB"
fn about(played: &Media, words: &OwnWords) -> String {
    let mut parts = Vec::new();
    if let Some(seconds) = played.seconds {
        let counted = [(seconds / 60, words.minutes), (seconds % 60, words.seconds)];
        let counted = counted.into_iter().filter(|(count, _)| *count > 0);
        let words: Vec<String> = counted
            .map(|(count, [one, several])| format!("{count} {}", if count == 1 { one } else { several }))
            .collect();
        parts.push(words.join(" "));
    }
    parts.push(size(played.bytes));
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ground::Sha256Digest, media::MediaName};

    #[test]
    fn time_and_size_are_told_in_words() {
        let told = |seconds, bytes| {
            let name = MediaName { sha256: Sha256Digest::of(b""), format: MediaFormat::Mp4 };
            about(&Media { file: String::new(), name, bytes, seconds }, OwnWords::of(Language::ENGLISH).0)
        };
        assert_eq!(told(Some(65), 3_440_000), "1 minute 5 seconds, 3.5 MB");
        assert_eq!(told(Some(1), 900), "1 second, 1 KB");
        assert_eq!(told(Some(120), 20_000_000), "2 minutes, 20.0 MB");
        assert_eq!(told(None, 100_000), "100 KB");
    }
}
