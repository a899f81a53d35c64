//! What came of checking something, in words for a person: what is proved, what is not, and what to do about it. The command line and the
//! browser say the same.

use std::{collections::BTreeSet, fmt, mem::discriminant};

use chrono::DateTime;
use serde::Serialize;

use crate::{
    pack::PackReport,
    report::{Note, Report, Signatures, Verdict},
    verify::Trusted,
    witness::Seen,
};

/// What came of checking something, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Said {
    /// The status with which a program ends that has checked it: [`Verdict::exit_code`].
    pub status: u8,
    /// The verdict in a word or two.
    pub heading: String,
    /// What was checked. Empty: it could not be read.
    pub about: String,
    /// What follows for who relies on it.
    pub verdict: String,
    /// What is wrong, by kind: of more than 50 the first of each kind, and how many more.
    pub faults: Vec<String>,
    /// What is proved.
    pub proved: Vec<String>,
    /// What is not proved, and what would prove it.
    pub not_proved: Vec<String>,
    /// What must be seen, likewise, and what matters most first.
    pub notes: Vec<String>,
}

/// So many faults, and so many notes, are all written out.
const MOST: usize = 50;

/// Of more, so many of each kind: none is passed over because there are many of another.
const MOST_OF_A_KIND: usize = 10;

const AS_COPIED: &str = "that was on record before the log began, and is worth as much as what it was copied from.";

const WHO_SAT_THERE: &str =
    "Who sat before the screen, and whether the clock was right. A pass says that the server recorded one.";

impl Said {
    /// Of something that could not be read.
    #[must_use]
    pub fn unread(verdict: Verdict, why: &str) -> Self {
        Self { verdict: format!("{}{why}.", why_not(verdict)), ..Self::begin(verdict, String::new()) }
    }

    /// Of a whole log.
    #[must_use]
    pub fn of_log(report: &Report, origin: &str, trusted: &Trusted) -> Self {
        let mut said = Self::begin(report.verdict, format!("The log {origin}: {}", counted(report)));
        said.verdict = match report.verdict {
            Verdict::Valid if trusted.known_head.is_none() => "Valid. Nothing in it was altered, removed, inserted or put in another order, and a witness has seen it grow.",
            Verdict::Valid => "Valid. Nothing in it was altered, removed, inserted or put in another order, and it goes on from the head that you gave.",
            Verdict::NotAnchored => "Whole in itself: nothing in it was altered, removed, inserted or put in another order since its head was signed.",
            Verdict::NotUnderstood => "Whole, but some entries are of a later format: a newer Induct can check them.",
            Verdict::Diverged if report.notes.iter().any(|note| matches!(note, Note::Restored(_))) => {
                "It does NOT go on from what you have: a copy was restored, and what was recorded after it is lost. What follows was added under another name and another key."
            }
            Verdict::Diverged => "It does NOT go on from the head that you gave: entries that were there then are gone or have been replaced.",
            Verdict::Invalid => "INVALID. It is not what was written:",
        }
        .to_owned();
        said.tell(report);
        if holds(report.verdict) {
            said.proved.push("Every text that was published or signed is the one that the log names.".to_owned());
        }
        said.saw(report.verdict, report.seen.as_ref());
        if let Some(seen) = report.seen.as_ref().filter(|seen| holds(report.verdict) && seen.size < report.leaves) {
            said.not_proved.push(format!(
                "That the {} entries after those that {} has seen are the only ones that were ever signed.",
                report.leaves - seen.size,
                seen.by
            ));
        }
        said.anchor(report.verdict, trusted);
        said.not_proved.push(WHO_SAT_THERE.to_owned());
        said
    }

    /// Of some entries of a log, such as a receipt.
    #[must_use]
    pub fn of_extract(report: &Report, origin: &str, trusted: &Trusted) -> Self {
        let mut said = Self::begin(report.verdict, format!("Some entries of the log {origin}: {}", counted(report)));
        said.verdict = match report.verdict {
            Verdict::Valid if trusted.known_head.is_none() => "Valid. These entries are in the log of which a witness has seen a head, and say what they said when they were written.",
            Verdict::Valid => "Valid. These entries are in the log whose head you gave, and say what they said when they were written.",
            Verdict::NotAnchored => "These entries are in the log that they name, and say what they said when they were written.",
            Verdict::NotUnderstood => "Whole, but some entries are of a later format: a newer Induct can check them.",
            Verdict::Diverged => "It does NOT go on from the head that you gave: entries that were there then are gone or have been replaced.",
            Verdict::Invalid => "INVALID. It is not what was written:",
        }
        .to_owned();
        said.tell(report);
        if holds(report.verdict) && report.signatures.all > 0 {
            said.proved.push("The text that was signed is the one that stands in it.".to_owned());
        }
        said.saw(report.verdict, report.seen.as_ref());
        said.anchor(report.verdict, trusted);
        said.not_proved.push(WHO_SAT_THERE.to_owned());
        said.not_proved.push("That nothing else was recorded, such as a correction or a newer version: only the whole log can show that.".to_owned());
        said
    }

    /// Of an inspection pack.
    #[must_use]
    pub fn of_pack(report: &PackReport, trusted: &Trusted) -> Self {
        let about = report.pack.as_ref().map(|pack| {
            format!(
                "An inspection pack: {} of {} people, drawn by the word {:?}, with {} entries of the log about them. {}",
                pack.drawn.len(),
                report.population,
                pack.word,
                report.entries,
                counted_signatures(&report.signatures)
            )
        });
        let mut said = Self::begin(report.verdict, about.unwrap_or_default());
        said.verdict = match report.verdict {
            Verdict::Valid if trusted.known_head.is_none() => "Valid. Those were drawn whom your word and a head say that a witness has seen, and the log says of them what stands here.",
            Verdict::Valid => "Valid. Those were drawn whom your word and the head that you gave say, and the log says of them what stands here.",
            Verdict::NotAnchored => "Whole in itself: those were drawn whom its word and its head say, and the log that it names says of them what stands here.",
            Verdict::NotUnderstood => "It is of a later format, or something in it: a newer Induct can check it.",
            Verdict::Diverged => "It is NOT of the log whose head you gave.",
            Verdict::Invalid => "INVALID. It is not what was written:",
        }
        .to_owned();
        said.faults = told_faults(&report.faults);
        said.notes = told(
            report.notes.iter(),
            |(one, _), (other, _)| discriminant(one) == discriminant(other),
            |(note, file)| format!("{file}: {note}"),
            |(note, _), count| note.and_more(count),
        );
        if holds(report.verdict) {
            said.proved
                .push("Nobody could choose who was drawn, once the head was signed and the word was given.".to_owned());
            said.proved.push("Completions and signatures of those who were drawn are in the log, with the passes that signatures stand on and the texts that were signed.".to_owned());
            said.signed(&report.signatures, report.notes.iter().map(|(note, _)| note));
            said.proved.push("That this very pack was given away is noted in the log.".to_owned());
        }
        said.saw(report.verdict, report.seen.as_ref());
        said.anchor(report.verdict, trusted);
        if report.verdict == Verdict::NotAnchored {
            said.not_proved.push(
                "That the head was signed before the word was known: note a head first, then give the word, and have the pack drawn by that head.".to_owned(),
            );
        }
        said.not_proved.push("That nobody is missing among whom they were drawn, or of what was recorded about them: only the whole log can show that.".to_owned());
        said.not_proved.push(WHO_SAT_THERE.to_owned());
        said
    }

    /// Of files that stand beside the log, by their names.
    #[must_use]
    pub(crate) fn beside(mut self, files: &[String]) -> Self {
        let named = files.iter().take(MOST_OF_A_KIND).cloned().collect::<Vec<_>>().join(", ");
        let more = match files.len().saturating_sub(MOST_OF_A_KIND) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        if !files.is_empty() {
            self.not_proved.push(format!(
                "What {named}{more} may say: that stands beside the log, and nothing in it vouches for it."
            ));
        }
        self
    }

    fn begin(verdict: Verdict, about: String) -> Self {
        let heading = match verdict {
            Verdict::Valid => "Valid",
            Verdict::NotAnchored => "Valid in itself",
            Verdict::NotUnderstood => "Of a later format",
            Verdict::Diverged => "Diverged",
            Verdict::Invalid => "Invalid",
        };
        Self {
            status: verdict.exit_code(),
            heading: heading.to_owned(),
            about,
            verdict: String::new(),
            faults: Vec::new(),
            proved: Vec::new(),
            not_proved: Vec::new(),
            notes: Vec::new(),
        }
    }

    fn tell(&mut self, report: &Report) {
        self.faults = told_faults(&report.faults);
        self.notes = told(
            report.notes.iter(),
            |one, other| discriminant(one) == discriminant(other),
            ToString::to_string,
            Note::and_more,
        );
        if holds(report.verdict) {
            self.signed(&report.signatures, report.notes.iter());
        }
    }

    /// What of the signatures is proved, and what is not.
    fn signed<'n>(&mut self, signatures: &Signatures, notes: impl Iterator<Item = &'n Note>) {
        let Signatures { all, shown, on_claimed, claimed } = *signatures;
        if shown > 0 {
            self.proved
                .push(format!("{shown} of {all} signatures were made after everything was passed that they required."));
        }
        if on_claimed > 0 {
            self.not_proved.push(format!(
                "That everything was passed on which {on_claimed} of {all} signatures stand: {AS_COPIED}"
            ));
        }
        if claimed > 0 {
            self.not_proved.push(format!(
                "That {claimed} of {all} signatures were made when they say, by whom and after what: {AS_COPIED}"
            ));
        }
        let not_shown = signatures.not_shown();
        if not_shown > 0 {
            let which =
                notes.filter_map(|note| if let Note::GateNotShown(number) = note { Some(number) } else { None });
            let which: Vec<String> = which.take(MOST).map(ToString::to_string).collect();
            self.not_proved.push(format!(
                "What {not_shown} of {all} signatures stand on, because that is in entries that are not understood: {}{}.",
                which.join(", "),
                if not_shown > MOST as u64 { " and more" } else { "" }
            ));
        }
    }

    /// What a witness has seen.
    fn saw(&mut self, verdict: Verdict, seen: Option<&Seen>) {
        let Some(Seen { by, size, at }) = seen.filter(|_| holds(verdict)) else { return };
        let at = i64::try_from(*at).ok().and_then(|at| DateTime::from_timestamp(at, 0));
        let at = at.map_or_else(|| "a time that no clock has".to_owned(), |at| at.to_string());
        self.proved.push(format!(
            "The log had these first {size} entries when the witness {by} saw it ({at}): since then none of them can have been altered, not even by whoever holds its key."
        ));
    }

    /// What is missing from elsewhere.
    fn anchor(&mut self, verdict: Verdict, trusted: &Trusted) {
        if verdict != Verdict::NotAnchored {
            return;
        }
        let missing = match (&trusted.key, &trusted.known_head) {
            (Some(_), None) if trusted.witness.is_some() => {
                "That it was not made anew: the witness whose key you gave has cosigned none of the heads in it, and whoever holds the log’s key could have made all of it anew."
            }
            (None, _) => {
                "That it is the log that you think it is: its key was taken from what was checked, and whoever can make another key can make another log. Give the key that you have from elsewhere (--key)."
            }
            (Some(_), None) => {
                "That it was not made anew: no head from elsewhere was given, and whoever holds the key could have made all of it anew. Give a head that you kept (--known-head), or the key of its witness (--witness)."
            }
            (Some(_), Some(_)) => {
                "That it goes on from the head that you gave: it is of another length, which only the whole log can be held against."
            }
        };
        self.not_proved.push(missing.to_owned());
    }
}

fn holds(verdict: Verdict) -> bool {
    verdict <= Verdict::NotUnderstood
}

fn why_not(verdict: Verdict) -> &'static str {
    if verdict == Verdict::NotUnderstood { "It cannot be checked here: " } else { "INVALID. It cannot be read: " }
}

fn counted(report: &Report) -> String {
    format!(
        "{} entries, {} of them open, {} erased. {}",
        report.leaves,
        report.opened,
        report.erased,
        counted_signatures(&report.signatures)
    )
}

fn counted_signatures(signatures: &Signatures) -> String {
    let Signatures { all, shown, claimed, .. } = *signatures;
    let mut said = format!("The gate of {shown} of {all} signatures is shown to have been open");
    if claimed > 0 {
        said += &format!("; {claimed} of {all} were on record before the log began");
    }
    said + "."
}

fn told_faults<F: fmt::Display>(faults: &BTreeSet<F>) -> Vec<String> {
    let is_like = |one: &F, other: &F| discriminant(one) == discriminant(other);
    told(faults.iter(), is_like, ToString::to_string, |_, count| format!("… and {count} more like it"))
}

/// What there is to tell, kind by kind, in words. `more`: those of so many more like the first.
fn told<'t, T: 't>(
    all: impl Iterator<Item = &'t T>,
    is_like: impl Fn(&T, &T) -> bool,
    words: impl Fn(&T) -> String,
    more: impl Fn(&T, usize) -> String,
) -> Vec<String> {
    let all: Vec<&T> = all.collect();
    let most = if all.len() > MOST { MOST_OF_A_KIND } else { MOST };
    let mut lines = Vec::new();
    for alike in all.chunk_by(|one, other| is_like(one, other)) {
        lines.extend(alike.iter().take(most).map(|one| words(one)));
        let left = alike.len().saturating_sub(most);
        lines.extend(alike.first().filter(|_| left > 0).map(|first| more(first, left)));
    }
    lines
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let about = Some(&self.about).filter(|about| !about.is_empty());
        let mut lines: Vec<String> = about.into_iter().chain([&self.verdict]).cloned().collect();
        let mut list = |heading: Option<&str>, items: &[String]| {
            if !items.is_empty() {
                lines.extend(heading.map(ToOwned::to_owned));
                lines.extend(items.iter().map(|item| format!("  {item}")));
            }
        };
        list(None, &self.faults);
        list(Some("To be seen:"), &self.notes);
        list(Some("What this shows:"), &self.proved);
        list(Some("What this cannot show:"), &self.not_proved);
        f.write_str(&lines.join("\n"))
    }
}
