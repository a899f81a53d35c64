//! What changed between two versions, as a person can read it: which pages came and went, and within a page which words.

use std::collections::{BTreeMap, BTreeSet};

use model::{ModuleSlug, PageSlug, QuestionId};
use similar::{Algorithm, ChangeTag, DiffOp, TextDiff, capture_diff_slices};

use super::versions::Version;
use crate::catalogue::{Agreement, Block, Module, Prose, Question};

/// What changed from one version to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The version that it starts from.
    pub from: Version,
    /// The version that it leads to.
    pub to: Version,
    /// Changes that one sentence tells.
    pub remarks: Vec<String>,
    /// The parts whose text changed, in the order of the newer version; those that went stand last.
    pub parts: Vec<PartDifference>,
}

impl Difference {
    /// Whether the two say the same.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.remarks.is_empty() && self.parts.is_empty()
    }
}

/// What changed in one part: a page, or the text of an agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartDifference {
    /// Its title.
    pub title: String,
    /// What became of it.
    pub change: PartChange,
    /// Whether its numbers are those of clauses.
    pub has_clauses: bool,
    /// Its paragraphs. What did not change between two changed paragraphs is left out, which a paragraph without runs stands for.
    pub paragraphs: Vec<Passage>,
}

/// A paragraph that changed, came or went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Passage {
    /// The heading that it stands under. `None`: none, or it is one itself.
    pub heading: Option<String>,
    /// Its number in the list that it stands in. `None`: it stands in none, or in one without numbers.
    pub number: Option<u32>,
    /// Its words. Empty: here something did not change.
    pub runs: Vec<DiffRun>,
}

/// What became of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartChange {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// Its words changed.
    Reworded,
}

/// Words that stayed, came or went together; plain text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DiffRun {
    /// They are in both.
    Same(String),
    /// They are new.
    Added(String),
    /// They are gone.
    Removed(String),
}

/// What changed between two versions of a module. Of the quiz it tells how many questions changed and not how, since that
/// could give answers away.
pub(crate) fn modules_differ((from, old): (Version, &Module), (to, new): (Version, &Module)) -> Difference {
    let mut remarks = Vec::new();
    remark(&mut remarks, "The title", &old.title, &new.title);
    remark(&mut remarks, "The summary", &old.summary, &new.summary);
    remark(&mut remarks, "The time it takes", &format!("{} minutes", old.minutes), &format!("{} minutes", new.minutes));
    remark(&mut remarks, "The pass mark", &format!("{}%", old.quiz.pass), &format!("{}%", new.quiz.pass));
    remark(&mut remarks, "The number of questions asked", &old.quiz.draw.to_string(), &new.quiz.draw.to_string());
    requirements(&mut remarks, &old.requires, &new.requires);
    if old.edition != new.edition {
        remarks.push("It is a new edition: it has to be taken again.".to_owned());
    }
    let is_new = |id| old.quiz.question(id).is_none();
    let added = new.quiz.questions.iter().filter(|question| is_new(&question.id)).count();
    let removed = old.quiz.questions.iter().filter(|question| new.quiz.question(&question.id).is_none()).count();
    let changed =
        new.quiz.questions.iter().filter(|question| {
            old.quiz.question(&question.id).is_some_and(|before| before.wordings != question.wordings)
        });
    for (number, what) in [(added, "new"), (removed, "gone"), (changed.count(), "changed")] {
        if number > 0 {
            let questions =
                if number == 1 { "1 quiz question is".to_owned() } else { format!("{number} quiz questions are") };
            remarks.push(format!("{questions} {what}."));
        }
    }
    if old.quiz.on_pages != new.quiz.on_pages {
        remarks.push("The questions with which one checks oneself have changed.".to_owned());
    }

    for name in old.twins.keys().chain(new.twins.keys()).collect::<BTreeSet<_>>() {
        let what = match (old.twins.get(name), new.twins.get(name)) {
            (None, Some(_)) => "It can now be read in",
            (Some(_), None) => "It can no longer be read in",
            (before, after) if before != after => "Its words changed in",
            _ => continue,
        };
        remarks.push(format!("{what} {}.", name.name()));
    }
    let played = |module: &Module| module.media.iter().map(|media| (media.file.clone(), media.name)).collect();
    let (before, after): (BTreeMap<_, _>, BTreeMap<_, _>) = (played(old), played(new));
    for (file, name) in &after {
        match before.get(file) {
            None => remarks.push(format!("“{file}” is new.")),
            Some(before) if before != name => remarks.push(format!("“{file}” is not the same file.")),
            Some(_) => {}
        }
    }
    remarks.extend(before.keys().filter(|file| !after.contains_key(*file)).map(|file| format!("“{file}” is gone.")));

    let mut parts = Vec::new();
    for page in new.pages.iter() {
        match old.page(&page.slug) {
            None => parts.push(whole(&page.title, PartChange::Added, &page.prose)),
            Some((_, before)) => parts.extend(reworded(&page.title, &before.prose, &page.prose)),
        }
    }
    let gone = old.pages.iter().filter(|page| new.page(&page.slug).is_none());
    parts.extend(gone.map(|page| whole(&page.title, PartChange::Removed, &page.prose)));
    Difference { from, to, remarks, parts }
}

/// The pages of a module that are new since an earlier version of it or say something else, be it by a drawing, a clip or a link, in their order.
pub(crate) fn changed_pages(old: &Module, new: &Module) -> Vec<PageSlug> {
    let is_same = |slug: &PageSlug, title: &str, prose: &Prose| {
        old.page(slug).is_some_and(|(_, before)| before.title == title && before.prose.blocks == prose.blocks)
    };
    let changed = new.pages.iter().filter(|page| !is_same(&page.slug, &page.title, &page.prose));
    changed.map(|page| page.slug.clone()).collect()
}

/// The questions of a quiz that are new since an earlier version of the module, or are asked otherwise.
pub(crate) fn changed_questions(old: &Module, new: &Module) -> Vec<QuestionId> {
    let is_same = |question: &&Question| {
        old.quiz.question(&question.id).is_some_and(|before| before.wordings == question.wordings)
    };
    let changed = new.quiz.questions.iter().filter(|question| !is_same(question));
    changed.map(|question| question.id.clone()).collect()
}

/// What changed between two versions of an agreement.
pub(crate) fn agreements_differ((from, old): (Version, &Agreement), (to, new): (Version, &Agreement)) -> Difference {
    let mut remarks = Vec::new();
    remark(&mut remarks, "The title", &old.title, &new.title);
    remark(&mut remarks, "The statement that is signed", &old.statement, &new.statement);
    requirements(&mut remarks, &old.requires, &new.requires);
    let text = reworded("The text", &old.text, &new.text).map(|part| PartDifference { has_clauses: true, ..part });
    Difference { from, to, remarks, parts: text.into_iter().collect() }
}

fn requirements(remarks: &mut Vec<String>, old: &[ModuleSlug], new: &[ModuleSlug]) {
    for slug in new.iter().filter(|slug| !old.contains(slug)) {
        remarks.push(format!("It now needs a pass in “{slug}”."));
    }
    for slug in old.iter().filter(|slug| !new.contains(slug)) {
        remarks.push(format!("It no longer needs a pass in “{slug}”."));
    }
}

fn remark(remarks: &mut Vec<String>, what: &str, old: &str, new: &str) {
    if old != new {
        remarks.push(format!("{what} was “{old}” and is “{new}”."));
    }
}

fn whole(title: &str, change: PartChange, prose: &Prose) -> PartDifference {
    let run = |text: String| match change {
        PartChange::Removed => DiffRun::Removed(text),
        PartChange::Added | PartChange::Reworded => DiffRun::Added(text),
    };
    // Where all of it came or went, it stands in its own order, and its headings say where.
    let passage = |paragraph: Paragraph| Passage { runs: vec![run(paragraph.text)], ..Passage::default() };
    let paragraphs = paragraphs(prose).into_iter().map(passage).collect();
    PartDifference { title: title.to_owned(), change, has_clauses: false, paragraphs }
}

fn reworded(title: &str, old: &Prose, new: &Prose) -> Option<PartDifference> {
    let (old, new) = (paragraphs(old), paragraphs(new));
    let words =
        |paragraphs: &[Paragraph]| paragraphs.iter().map(|paragraph| paragraph.text.clone()).collect::<Vec<_>>();
    let (old_words, new_words) = (words(&old), words(&new));
    if old_words == new_words {
        return None;
    }
    let mut changed: Vec<Passage> = Vec::new();
    for op in capture_diff_slices(Algorithm::Patience, &old_words, &new_words) {
        match op {
            DiffOp::Equal { .. } => changed.push(Passage::default()),
            _ => {
                let (old, new) = (&old[op.old_range()], &new[op.new_range()]);
                for place in 0..old.len().max(new.len()) {
                    changed.push(match (old.get(place), new.get(place)) {
                        (Some(old), Some(new)) => new.passage(words_differ(&old.text, &new.text)),
                        (Some(old), None) => old.passage(vec![DiffRun::Removed(old.text.clone())]),
                        (None, Some(new)) => new.passage(vec![DiffRun::Added(new.text.clone())]),
                        (None, None) => Passage::default(),
                    });
                }
            }
        }
    }
    Some(PartDifference {
        title: title.to_owned(),
        change: PartChange::Reworded,
        has_clauses: false,
        paragraphs: changed,
    })
}

/// When less than this share of two paragraphs is alike, word by word would be a patchwork that nobody can read.
const ALIKE: f32 = 0.4;

fn words_differ(old: &str, new: &str) -> Vec<DiffRun> {
    let diff = TextDiff::from_words(old, new);
    if diff.ratio() < ALIKE {
        return vec![DiffRun::Removed(old.to_owned()), DiffRun::Added(new.to_owned())];
    }
    let mut runs = Runs::default();
    for change in diff.iter_all_changes() {
        match change.tag() {
            ChangeTag::Equal => runs.same(change.value()),
            ChangeTag::Insert => runs.change().added.push_str(change.value()),
            ChangeTag::Delete => runs.change().removed.push_str(change.value()),
        }
    }
    runs.finish()
}

/// Gathers runs. Words that changed one after the other are one change, although the space between them stayed.
#[derive(Default)]
struct Runs {
    done: Vec<DiffRun>,
    removed: String,
    added: String,
    space: String,
}

impl Runs {
    fn same(&mut self, text: &str) {
        if text.trim().is_empty() && !(self.removed.is_empty() && self.added.is_empty()) {
            self.space.push_str(text);
            return;
        }
        self.close();
        match self.done.last_mut() {
            Some(DiffRun::Same(same)) => same.push_str(text),
            _ => self.done.push(DiffRun::Same(text.to_owned())),
        }
    }

    fn change(&mut self) -> &mut Self {
        let space = std::mem::take(&mut self.space);
        self.removed.push_str(&space);
        self.added.push_str(&space);
        self
    }

    /// Ends a change.
    fn close(&mut self) {
        let (removed, added) = (std::mem::take(&mut self.removed), std::mem::take(&mut self.added));
        if !removed.trim().is_empty() {
            self.done.push(DiffRun::Removed(removed));
        }
        if !added.trim().is_empty() {
            self.done.push(DiffRun::Added(added));
        }
        let space = std::mem::take(&mut self.space);
        if !space.is_empty() {
            self.done.push(DiffRun::Same(space));
        }
    }

    fn finish(mut self) -> Vec<DiffRun> {
        self.close();
        self.done
    }
}

/// A paragraph of a text, with where it stands.
#[derive(Clone, Debug, Default)]
struct Paragraph {
    /// As plain words.
    text: String,
    heading: Option<String>,
    number: Option<u32>,
    is_heading: bool,
}

impl Paragraph {
    fn passage(&self, runs: Vec<DiffRun>) -> Passage {
        let heading = self.heading.clone().filter(|_| !self.is_heading);
        Passage { heading, number: self.number, runs }
    }
}

/// The paragraphs of a text. The HTML is of our own making: each block stands on lines of its own.
fn paragraphs(prose: &Prose) -> Vec<Paragraph> {
    let mut paragraphs: Vec<Paragraph> = Vec::new();
    let mut heading = None;
    for block in &prose.blocks {
        match block {
            Block::Help => {
                let text = "(the people to talk to)".to_owned();
                paragraphs.push(Paragraph { text, heading: heading.clone(), ..Paragraph::default() });
            }
            Block::Html(html) => {
                for mut paragraph in html_paragraphs(html) {
                    if paragraph.is_heading {
                        heading = Some(paragraph.text.clone());
                    }
                    paragraph.heading.clone_from(&heading);
                    paragraphs.push(paragraph);
                }
            }
        }
    }
    paragraphs
}

/// The lists that a place in a text stands in, the outermost first, each with the number of its last item. `None`: it has no numbers.
#[derive(Default)]
struct Lists(Vec<Option<u32>>);

impl Lists {
    fn meet(&mut self, tag: &str, name: &str) {
        match (name, tag.starts_with('/')) {
            ("ol", false) => self.0.push(Some(first_number(tag).saturating_sub(1))),
            ("ul", false) => self.0.push(None),
            ("ol" | "ul", true) => drop(self.0.pop()),
            ("li", false) => {
                if let Some(Some(number)) = self.0.last_mut() {
                    *number = number.saturating_add(1);
                }
            }
            _ => {}
        }
    }

    /// The number by which people know the place.
    fn number(&self) -> Option<u32> {
        self.0.iter().flatten().next().copied().filter(|number| *number > 0)
    }
}

fn first_number(tag: &str) -> u32 {
    let written = tag.split_once("start=\"").and_then(|(_, rest)| rest.split_once('"'));
    written.and_then(|(number, _)| number.parse().ok()).unwrap_or(1)
}

fn html_paragraphs(html: &str) -> Vec<Paragraph> {
    /// Tags that begin or end a paragraph; the others stand within one.
    const BLOCKS: [&str; 17] = [
        "p",
        "li",
        "ul",
        "ol",
        "h2",
        "h3",
        "table",
        "thead",
        "tbody",
        "tr",
        "section",
        "details",
        "summary",
        "div",
        "blockquote",
        "pre",
        "hr",
    ];
    let mut paragraphs = vec![Paragraph::default()];
    let mut lists = Lists::default();
    let mut rest = html;
    while let Some((text, after)) = rest.split_once('<') {
        push_text(&mut paragraphs, text);
        let (tag, after) = after.split_once('>').unwrap_or((after, ""));
        let name = tag.trim_start_matches('/').split([' ', '/', '\n']).next().unwrap_or_default();
        if BLOCKS.contains(&name) {
            lists.meet(tag, name);
            let is_heading = matches!(name, "h2" | "h3") && !tag.starts_with('/');
            paragraphs.push(Paragraph { number: lists.number(), is_heading, ..Paragraph::default() });
        } else if matches!(name, "td" | "th") {
            push_text(&mut paragraphs, " ");
        }
        rest = match name {
            // The mark of a source, and drawings, are no words.
            "sup" if !tag.starts_with('/') => after.split_once("</sup>").map_or("", |(_, after)| after),
            "svg" if !tag.starts_with('/') => after.split_once("</svg>").map_or("", |(_, after)| after),
            _ => after,
        };
    }
    push_text(&mut paragraphs, rest);
    let tidy = |paragraph: Paragraph| {
        let text = paragraph.text.split_whitespace().collect::<Vec<_>>().join(" ");
        Paragraph { text, ..paragraph }
    };
    paragraphs.into_iter().map(tidy).filter(|paragraph| !paragraph.text.is_empty()).collect()
}

fn push_text(paragraphs: &mut [Paragraph], html: &str) {
    let text = html
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&#x27;", "'")
        .replace("&amp;", "&");
    if let Some(last) = paragraphs.last_mut() {
        last.text.push_str(&text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prose(html: &str) -> Prose {
        Prose { blocks: vec![Block::Html(html.to_owned())], facts: Vec::new(), lines: Vec::new() }
    }

    #[test]
    fn paragraphs_are_words_without_tags_marks_and_drawings() {
        let html = "<h2 id=\"a\">Tell &amp; ask</h2>\n<p>Say <strong>no</strong><sup class=\"fact-note\"><a>1</a></sup>.</p>\n\
                    <table><tr><td>One</td><td>Two</td></tr></table><p><svg><path/></svg> Note</p>";
        let words: Vec<String> = paragraphs(&prose(html)).into_iter().map(|paragraph| paragraph.text).collect();
        assert_eq!(words, ["Tell & ask", "Say no.", "One Two", "Note"]);
    }

    #[test]
    fn a_word_that_changed_is_told_apart_from_those_that_stayed() {
        let part = reworded("Page", &prose("<p>Tell your tutor at once.</p>"), &prose("<p>Tell the lead at once.</p>"));
        let runs = part.map(|mut part| part.paragraphs.remove(0).runs).unwrap_or_default();
        assert_eq!(
            runs,
            [
                DiffRun::Same("Tell ".to_owned()),
                DiffRun::Removed("your tutor".to_owned()),
                DiffRun::Added("the lead".to_owned()),
                DiffRun::Same(" at once.".to_owned()),
            ]
        );
    }

    #[test]
    fn what_stayed_between_two_changes_is_left_out() {
        let old = prose("<p>First.</p><p>Stays.</p><p>Also stays.</p><p>Last one here.</p>");
        let new = prose("<p>First.</p><p>Stays.</p><p>Also stays.</p><p>Last two here.</p>");
        let paragraphs = reworded("Page", &old, &new).map(|part| part.paragraphs).unwrap_or_default();
        assert_eq!(paragraphs.len(), 2);
        assert!(paragraphs[0].runs.is_empty());
    }

    #[test]
    fn a_passage_says_under_which_heading_and_number_it_stands() {
        let text = |third: &str, last: &str| {
            prose(&format!(
                "<h2>Your account</h2>\n<ol>\n<li>One.</li>\n<li>\n<p>Two:</p>\n<ul>\n<li>a {third}</li>\n</ul>\n</li>\n</ol>\n<h2>Devices</h2>\n\
                 <ol start=\"3\">\n<li>Three.</li>\n<li>Four is {last}.</li>\n</ol>\n<p>The end {last}.</p>"
            ))
        };
        let part = reworded("The text", &text("cat", "long"), &text("dog", "short")).unwrap();
        let changed = part.paragraphs.iter().filter(|passage| !passage.runs.is_empty());
        let places: Vec<_> = changed.map(|passage| (passage.heading.as_deref(), passage.number)).collect();
        assert_eq!(places, [(Some("Your account"), Some(2)), (Some("Devices"), Some(4)), (Some("Devices"), None)]);
    }

    #[test]
    fn the_same_text_is_no_difference() {
        assert_eq!(reworded("Page", &prose("<p>Same</p>"), &prose("<p>Same</p>")), None);
    }
}
