//! Captions in the format WebVTT (W3C, "WebVTT: The Web Video Text Tracks Format"), as much of it as captions need.

use crate::content::{
    problems::{Code, Report},
    text::shortened,
};

/// Reports what is wrong with captions. `seconds` tells how long the video plays, if that is known.
pub(crate) fn check_captions(text: &str, seconds: Option<u32>, report: &mut Report<'_>) {
    let mut blocks = blocks(text).into_iter();
    let header = blocks.next().unwrap_or_default();
    let first = header.first().map_or("", |line| line.text);
    if text.starts_with('\n') || !(first == "WEBVTT" || first.starts_with("WEBVTT ") || first.starts_with("WEBVTT\t")) {
        let help = "Begin it with the line `WEBVTT`, and leave the next line empty.";
        return report.error(0, Code::BadCaptions, "This file does not begin with `WEBVTT`.", help);
    }
    if let Some(line) = header.iter().find(|line| line.text.contains(ARROW)) {
        let help = "Leave a line empty between the two.";
        report.error(line.at, Code::BadCaptions, "The first caption stands too near to `WEBVTT`.", help);
    }
    let mut checker = Checker { seconds, before: 0, captions: 0, report };
    for block in blocks {
        checker.block(&block);
    }
    if checker.captions == 0 {
        let help = format!("Write a line such as {EXAMPLE}, and below it what is said.");
        report.error(0, Code::BadCaptions, "There are no captions in this file.", help);
    }
}

const ARROW: &str = "-->";
const EXAMPLE: &str = "`00:01.000 --> 00:04.500`";

#[derive(Clone, Copy, Debug)]
struct Line<'t> {
    at: usize,
    text: &'t str,
}

/// The lines of a text between its empty ones.
fn blocks(text: &str) -> Vec<Vec<Line<'_>>> {
    let mut blocks = Vec::new();
    let mut block = Vec::new();
    let mut at = 0;
    for whole in text.split_inclusive('\n') {
        let text = whole.trim_end_matches(['\n', '\r']);
        if text.trim().is_empty() {
            blocks.push(std::mem::take(&mut block));
        } else {
            block.push(Line { at, text });
        }
        at += whole.len();
    }
    blocks.push(block);
    blocks.retain(|block| !block.is_empty());
    blocks
}

struct Checker<'c, 'r> {
    seconds: Option<u32>,
    /// When the caption before ends, in milliseconds.
    before: u64,
    captions: usize,
    report: &'c mut Report<'r>,
}

impl Checker<'_, '_> {
    fn block(&mut self, block: &[Line<'_>]) {
        let Some(first) = block.first() else { return };
        if first.text == "NOTE" || first.text.starts_with("NOTE ") || first.text.starts_with("NOTE\t") {
            return;
        }
        // A caption may have a name above its times.
        let times = block.iter().take(2).position(|line| line.text.contains(ARROW));
        let Some((times, said)) = times.and_then(|place| block[place..].split_first()) else {
            let message = format!("`{}` is neither a caption nor a note.", shortened(first.text));
            let help = format!("Begin a caption with its times, such as {EXAMPLE}, and a note with `NOTE`.");
            return self.report.error(first.at, Code::BadCaptions, message, help);
        };
        self.captions += 1;
        self.times(*times);
        self.said(*times, said);
    }

    fn times(&mut self, line: Line<'_>) {
        let Some((from, rest)) = line.text.split_once(ARROW) else { return };
        let to_at = line.at + line.text.len() - rest.trim_start().len();
        let (from, to) = (from.trim(), rest.split_whitespace().next().unwrap_or_default());
        let mut read = |time: &str, at: usize| {
            let millis = millis(time);
            if millis.is_none() {
                let help = format!("Write times with a point before three digits, such as {EXAMPLE}.");
                let message = match time {
                    "" => "A time is missing.".to_owned(),
                    time => format!("`{}` is not a time.", shortened(time)),
                };
                self.report.error(at, Code::BadCaptions, message, help);
            }
            millis
        };
        let (Some(begins), Some(ends)) = (read(from, line.at), read(to, to_at)) else { return };
        if ends <= begins {
            let help = "Put the earlier time before the arrow.";
            self.report.error(to_at, Code::CaptionTimes, "This caption ends before it begins.", help);
        } else if begins < self.before {
            let help = "Order captions by their times, and let one end before the next begins.";
            let message = "This caption begins before the one above it has ended.";
            self.report.error(line.at, Code::CaptionTimes, message, help);
        } else if let Some(seconds) = self.seconds
            && ends > (u64::from(seconds) + 1) * 1000
        {
            let help = "Look whether these captions belong to this video.";
            let message =
                format!("This caption ends after the video: that ends at {:02}:{:02}.", seconds / 60, seconds % 60);
            self.report.error(to_at, Code::CaptionTimes, message, help);
        }
        self.before = self.before.max(ends);
    }

    fn said(&mut self, times: Line<'_>, said: &[Line<'_>]) {
        if said.iter().all(|line| without_tags(line.text).trim().is_empty()) {
            let help = "Write below it what is said, or a sound that matters in brackets; or take its times away.";
            self.report.error(times.at, Code::CaptionWithoutText, "This caption says nothing.", help);
        }
        for line in said {
            if line.text.contains(ARROW) {
                let help = "Leave a line empty before it.";
                self.report.error(line.at, Code::BadCaptions, "Another caption begins within this one.", help);
            }
            if let Some(at) = line.text.find("{{") {
                let help = "Write what is said in the video.";
                let message = "A fact cannot be put in place within captions.";
                self.report.error(line.at + at, Code::FactNotHere, message, help);
            }
        }
    }
}

/// The milliseconds of a time such as `04:20.000` or `1:04:20.000`.
fn millis(time: &str) -> Option<u64> {
    let (time, fraction) = time.split_once('.')?;
    let digits = |part: &str, count: std::ops::RangeInclusive<usize>| {
        let good = count.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        if good { part.parse::<u64>().ok() } else { None }
    };
    let mut parts = time.rsplit(':');
    let seconds = digits(parts.next()?, 2..=2).filter(|seconds| *seconds < 60)?;
    let minutes = digits(parts.next()?, 2..=2).filter(|minutes| *minutes < 60)?;
    let hours = parts.next().map_or(Some(0), |hours| digits(hours, 1..=4))?;
    let fraction = digits(fraction, 3..=3)?;
    parts.next().is_none().then_some(((hours * 60 + minutes) * 60 + seconds) * 1000 + fraction)
}

fn without_tags(text: &str) -> String {
    let mut plain = String::new();
    for piece in text.split('<') {
        plain.push_str(piece.split_once('>').map_or(piece, |(_, rest)| rest));
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_to_the_millisecond() {
        assert_eq!(millis("00:04.250"), Some(4250));
        assert_eq!(millis("01:00:04.000"), Some(3_604_000));
        assert_eq!(millis("100:00:00.001"), Some(360_000_001));
        for bad in
            ["4.000", "00:04,250", "00:04", "0:04.000", "00:60.000", "00:00:00:01.000", "00:04.25", "", "-1:00.000"]
        {
            assert_eq!(millis(bad), None, "{bad}");
        }
    }

    #[test]
    fn notes_names_settings_and_tags_may_stand_there() {
        let text = "WEBVTT - English\nKind: captions\n\nNOTE by us\n\nfirst\n00:00.000 --> 00:01.000 line:0\n<v Sam>Hello\n\n\
                    00:01.000 --> 00:02.000\n[a door closes]\nBye\n";
        let mut report = Report::new("a.vtt", text);
        check_captions(text, Some(2), &mut report);
        assert_eq!(report.into_problems(), []);
    }
}
