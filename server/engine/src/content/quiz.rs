//! `quiz.md`: settings, then questions.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use model::PageSlug;
use pulldown_cmark::{HeadingLevel, Tag};

use super::{
    known::Known,
    link::Folder,
    markdown::{Element, Node, parse},
    problem::Report,
    prose::{Gathered, Kind, Writer},
    question::read_question,
    read_front_matter::read_front_matter,
    record::{Placed, Read, Table, Value, check_range},
};
use crate::catalogue::Quiz;

/// Reads a quiz. `None` when it has an error, and then the report says which.
pub(super) fn read_quiz(
    text: &str,
    pages: &[PageSlug],
    known: Known<'_>,
    folder: Folder<'_>,
    gathered: &mut Gathered,
    report: &mut Report<'_>,
) -> Option<Quiz> {
    let front_matter = read_front_matter(text, report)?;
    let settings = read_settings(front_matter.table, report);
    let nodes = parse(&front_matter.body, report);
    let mut writer = Writer::new(Kind::Quiz, known, folder, gathered, report);
    let mut ids = BTreeSet::new();
    let mut count: u32 = 0;
    let mut questions = Vec::new();
    let mut sections = nodes.chunk_by(|_, next| !is_question(next));
    let mut first = sections.next();
    if let Some([node, ..]) = first.filter(|nodes| !nodes.first().is_some_and(is_question)) {
        let help = "Begin each question with a heading of level 2: `## `.";
        writer.report.error(node.at(), "text-before-question", "This does not belong to any question.", help);
        first = sections.next();
    }
    for section in first.into_iter().chain(sections) {
        if let Some((Node::Element(heading), rest)) = section.split_first() {
            count += 1;
            questions.extend(read_question(heading, rest, pages, &mut ids, &mut writer));
        }
    }
    if count == 0 {
        let help = "Write at least one question, beginning with a heading of level 2: `## `.";
        report.error(front_matter.body.in_file(0), "no-questions", "This quiz has no questions.", help);
    }
    let Settings { pass, draw, attempts, cooldown } = settings;
    if let Some(Placed { at, value }) = draw
        && value > count
    {
        let help = "Write more questions, or lower `draw`.";
        report.error(at, "draw-too-large", format!("`draw` is {value}, but there are only {count} questions."), help);
    }
    let quiz = Quiz {
        pass: pass?,
        draw: draw?.value,
        pools: BTreeMap::new(),
        attempts: attempts?,
        cooldown: cooldown?,
        questions,
    };
    (!report.has_errors()).then_some(quiz)
}

fn is_question(node: &Node<'_>) -> bool {
    matches!(node, Node::Element(Element { tag: Tag::Heading { level: HeadingLevel::H2, .. }, .. }))
}

struct Settings {
    pass: Option<u32>,
    draw: Option<Placed<u32>>,
    attempts: Option<u32>,
    cooldown: Option<TimeDelta>,
}

fn read_settings(mut table: Table, report: &mut Report<'_>) -> Settings {
    let pass = table.required("pass", report).map(|Percent(pass)| pass);
    let draw = table.required::<Placed<u32>>("draw", report);
    let draw = draw.filter(|draw| check_range("draw", draw.at, draw.value, 1..=100, report).is_some());
    let attempts = table.within("attempts", 1..=20, report);
    let cooldown = table.required("cooldown", report);
    table.close(report);
    Settings { pass, draw, attempts, cooldown }
}

/// A share such as `80%`.
struct Percent(u32);

impl Read for Percent {
    fn read(value: Placed<Value>, report: &mut Report<'_>) -> Option<Self> {
        let at = value.at;
        let percent = match &value.value {
            Value::Text(text) => text.trim().strip_suffix('%').and_then(|digits| digits.parse().ok()),
            _ => None,
        };
        let Some(percent) = percent else {
            let help = "Write a whole number with a per cent sign, like this: `pass: 80%`.";
            report.error(at, "bad-pass", "This is not a share.", help);
            return None;
        };
        check_range("pass", at, percent, 1..=100, report).map(Self)
    }
}
