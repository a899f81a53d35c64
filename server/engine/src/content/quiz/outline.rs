//! A quiz as it is laid out in its file: which questions, what each asks for and what is right, with places and without
//! words. By it a twin is held against its original, even while one of them has errors elsewhere.

use pulldown_cmark::Tag;

use super::{
    asks::Asks,
    sections::{Sections, is_question, without_notes},
    truth::TruthWords,
    wording::{Ask, find_ask},
};
use crate::catalogue::Language;
use crate::content::{
    fields::{FrontMatter, Placed, Table, read_front_matter},
    problems::Report,
    prose::{Element, FactBook, Folder, Gathered, Item, Kind, Known, Node, Writer, as_meant, elements, items, parse},
    text::{Layout, Places, Run},
};

/// The outline of a quiz.
pub(crate) struct QuizOutline<'t> {
    path: String,
    places: Places<'t>,
    /// The front matter; empty when there is none that can be read.
    pub(crate) settings: Table,
    pub(crate) questions: Vec<QuestionOutline>,
}

/// The outline of a question.
pub(crate) struct QuestionOutline {
    /// Where its heading stands.
    pub(crate) at: usize,
    /// What the comment below the heading says.
    pub(crate) comment: Vec<(Placed<String>, Placed<String>)>,
    /// How it is asked: first as it stands, then its variants.
    pub(crate) wordings: Vec<WordingOutline>,
}

/// The outline of one way of asking.
pub(crate) struct WordingOutline {
    /// Where what is answered stands, or else the heading.
    pub(crate) at: usize,
    /// `None` when it asks for nothing.
    pub(crate) asks: Option<Asks>,
    /// Its options, items or pairs; a short text has none.
    pub(crate) parts: Vec<PartOutline>,
}

/// An option, an item or a pair.
pub(crate) struct PartOutline {
    pub(crate) at: usize,
    /// Whether it is ticked. `None` when it has no box.
    pub(crate) ticked: Option<bool>,
    /// Whether it says true or false, and then which.
    pub(crate) truth: Option<bool>,
}

impl<'t> QuizOutline<'t> {
    /// Outlines the quiz that stands at `path`.
    pub(crate) fn of(path: String, text: &'t str, language: Language, known: Known<'_>) -> Self {
        // What is wrong with the quiz is said by those who compile it.
        let mut report = Report::new("", text);
        let whole = as_meant(text, Layout::Quiz, known, &mut report);
        let (settings, body) = front_matter(&whole, &mut report);
        let nodes = without_notes(parse(&body, &mut report));
        let (facts, mut gathered) = (FactBook::default(), Gathered::default());
        let known = Known { facts: &facts, names: None, draft: false };
        let writer = Writer::new(Kind::Quiz, known, Folder::Agreements(None), &mut gathered, &mut report);
        let sections = nodes.chunk_by(|_, next| !is_question(next));
        let questions = sections.filter_map(|section| match section.split_first() {
            Some((node @ Node::Element(heading), rest)) if is_question(node) => {
                Some(question(heading, rest, language, &writer))
            }
            _ => None,
        });
        Self { path, places: Places::of(text), settings, questions: questions.collect() }
    }

    /// A place in the file, as authors are shown it.
    pub(crate) fn place(&self, at: usize) -> String {
        format!("`{}:{}`", self.path, self.places.place(at).0)
    }
}

impl QuestionOutline {
    /// The id as it is written.
    pub(crate) fn id(&self) -> Option<&Placed<String>> {
        self.says("id")
    }

    /// What the comment says about something.
    pub(crate) fn says(&self, key: &str) -> Option<&Placed<String>> {
        self.comment.iter().find(|(name, _)| name.value == key).map(|(_, value)| value)
    }
}

/// The front matter and what follows. That of a twin may be left out.
pub(crate) fn front_matter(file: &Run, report: &mut Report<'_>) -> (Table, Run) {
    let whole = || (Table::default(), file.clone());
    if !file.text().starts_with("---\n") {
        return whole();
    }
    read_front_matter(file, report).map_or_else(whole, |FrontMatter { table, body }| (table, body))
}

fn question(heading: &Element<'_>, rest: &[Node<'_>], language: Language, writer: &Writer<'_, '_>) -> QuestionOutline {
    let sections = Sections::of(rest, writer);
    let comment = sections.comment(&mut Report::new("", "")).unwrap_or_default();
    let variants = sections.variants.iter().filter_map(|variant| Some((variant.first()?.at(), variant.get(1..)?)));
    let wordings = [(heading.at, sections.own)].into_iter().chain(variants);
    let wordings = wordings.map(|(at, nodes)| wording(at, nodes, language, writer)).collect();
    QuestionOutline { at: heading.at, comment, wordings }
}

fn wording(at: usize, nodes: &[Node<'_>], language: Language, writer: &Writer<'_, '_>) -> WordingOutline {
    let Some((_, element, ask)) = find_ask(nodes, writer) else {
        return WordingOutline { at, asks: None, parts: Vec::new() };
    };
    let words = TruthWords::of(language);
    let of_list = || {
        let part = |at, ticked, text: &str| PartOutline { at, ticked, truth: words.and_then(|words| words.says(text)) };
        items(element).iter().map(|item| part(item.at, item.ticked, &writer.plain(item.line))).collect::<Vec<_>>()
    };
    let of_table = || {
        let rows = elements(&element.children).filter(|row| row.tag == Tag::TableRow);
        rows.map(|row| PartOutline { at: row.at, ticked: None, truth: None }).collect()
    };
    let (asks, parts) = match ask {
        Ask::Choices => {
            let parts = of_list();
            let numbered = element.tag != Tag::List(None);
            let is_meant = |item: &Item<'_, '_>| words.is_some_and(|it| it.are_meant_by(&writer.plain(item.line)));
            let truths = items(element).iter().any(is_meant);
            let asks = match (numbered, truths) {
                (false, _) => Asks::Several,
                (true, false) => Asks::One,
                (true, true) => Asks::TrueFalse,
            };
            (asks, parts)
        }
        Ask::Order => (Asks::Order, of_list()),
        Ask::Pairs => (Asks::Match, of_table()),
        Ask::ShortText => (Asks::Text, Vec::new()),
    };
    WordingOutline { at: element.at, asks: Some(asks), parts }
}
