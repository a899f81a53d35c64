//! Missing ids, written into a quiz once.

use model::QuestionId;

use super::{
    kebab::QuestionIds,
    sections::{is_question, without_notes},
};
use crate::content::{
    fields::{read_comment, read_front_matter},
    problems::Report,
    prose::{Element, FactBook, Folder, Gathered, Kind, Known, Node, Writer, parse},
    text::{Run, normalised},
};

/// A quiz with an id for each question that had none. `None` when there is nothing to be written. Everything else stays as it
/// is, byte for byte. `file` is the whole file as it stands on the disk.
#[must_use]
pub fn with_question_ids(file: &str) -> Option<String> {
    let text = normalised(file);
    // What is wrong with the quiz is said by those who compile it.
    let mut report = Report::new("", &text);
    let body = read_front_matter(&Run::of(&text, 0), &mut report)?.body;
    let nodes = without_notes(parse(&body, &mut report));
    let (facts, mut gathered) = (FactBook::default(), Gathered::default());
    let known = Known { facts: &facts, names: None, draft: false };
    let writer = Writer::new(Kind::Quiz, known, Folder::Agreements(None), &mut gathered, &mut report);

    let questions: Vec<Heading<'_, '_>> = nodes
        .iter()
        .enumerate()
        .filter_map(|(index, node)| match node {
            Node::Element(element) if is_question(node) => Some(Heading::of(element, nodes.get(index + 1))),
            _ => None,
        })
        .collect();
    let mut ids = QuestionIds::default();
    questions.iter().filter_map(Heading::id).for_each(|id| ids.take(id));
    let mut insertions = Vec::new();
    for question in questions {
        if let Some(place) = question.place_for_id(&text) {
            let id = ids.give(&writer.plain(&question.element.children))?;
            insertions.push(place.with(&id));
        }
    }
    (!insertions.is_empty()).then(|| inserted(file, &insertions))
}

/// A question's heading and what stands in the comment below it.
struct Heading<'t, 'a> {
    element: &'t Element<'a>,
    comment: Comment,
}

enum Comment {
    None,
    /// Something that is no comment of a question.
    Unreadable,
    /// Where its text begins, and its id. `None` when the comment names no id.
    At(usize, Option<String>),
}

impl<'t, 'a> Heading<'t, 'a> {
    fn of(element: &'t Element<'a>, next: Option<&Node<'_>>) -> Self {
        const OPEN: &str = "<!--";
        let comment = match next {
            Some(Node::Html(html)) => match (read_comment(html), html.text().find(OPEN)) {
                (Some(entries), Some(open)) => {
                    let id = entries.into_iter().find(|(key, _)| key.value == "id").map(|(_, value)| value.value);
                    Comment::At(html.in_file(open + OPEN.len()), id)
                }
                _ => Comment::Unreadable,
            },
            _ => Comment::None,
        };
        Self { element, comment }
    }

    fn id(&self) -> Option<QuestionId> {
        match &self.comment {
            Comment::At(_, Some(id)) => QuestionId::new(id.as_str()).ok(),
            _ => None,
        }
    }

    fn place_for_id(&self, text: &str) -> Option<IdPlace> {
        match self.comment {
            Comment::At(at, None) => Some(IdPlace::InComment(at)),
            Comment::None => Some(IdPlace::BelowHeading(end_of_heading(self.element.at, text))),
            Comment::Unreadable | Comment::At(_, Some(_)) => None,
        }
    }
}

/// Where an id is to be written.
enum IdPlace {
    InComment(usize),
    BelowHeading(usize),
}

impl IdPlace {
    fn with(self, id: &QuestionId) -> (usize, String) {
        match self {
            Self::InComment(at) => (at, format!(" id: {id};")),
            Self::BelowHeading(at) => (at, format!("\n<!-- id: {id} -->")),
        }
    }
}

/// Where the last line of a heading ends.
fn end_of_heading(at: usize, text: &str) -> usize {
    let mut end = at;
    for line in text[at..].split_inclusive('\n') {
        let line_end = end + line.trim_end_matches('\n').len();
        let written = line.trim_end();
        // One that does not begin with `##` and a space is underlined.
        let marked = line.strip_prefix("##").is_some_and(|rest| rest.starts_with([' ', '\t', '\n']) || rest.is_empty());
        if (marked && end == at)
            || (end > at && !written.is_empty() && written.trim_matches(['-', ' ', '>']).is_empty())
        {
            return line_end;
        }
        end += line.len();
    }
    end
}

/// The file with texts inserted, each at its place in the file's normalised text, in ascending order. A new line ends as
/// the file's lines do.
fn inserted(file: &str, insertions: &[(usize, String)]) -> String {
    let newline = if file.contains("\r\n") { "\r\n" } else { "\n" };
    let mut left = insertions.iter().peekable();
    let mut whole = String::new();
    let mut normalised_at = 0;
    for (at, char) in file.char_indices() {
        while let Some((_, text)) = left.next_if(|(place, _)| *place == normalised_at) {
            whole.push_str(&text.replace('\n', newline));
        }
        whole.push(char);
        let dropped = (at == 0 && char == '\u{feff}') || (char == '\r' && file[at + 1..].starts_with('\n'));
        if !dropped {
            normalised_at += char.len_utf8();
        }
    }
    whole.extend(left.map(|(_, text)| text.replace('\n', newline)));
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUIZ: &str = "---\npass: 80%\n---\n\n## What comes first? \t\n  <!--page: a-->  \n\n1. [x] One  \n\t\n   > Yes.\n\
                        \n##   {{fact:a}} & more ##\n\n- [ ] Two\n\nUnderlined,\nand long\n---\n1. Three\n\n## Kept\n<!-- id: what-comes-first -->\n\
                        ## Broken\n<b>\n\n## Empty\n<!-- id: ; page: a -->\n<!-- note: a -->\n## Last";

    #[test]
    fn an_underlined_heading_may_begin_like_another() {
        let quiz = "---\npass: 80%\n---\n\n##One\nand more\n---\n\n1. [x] A\n";
        let fixed = with_question_ids(quiz).unwrap();
        assert_eq!(with_question_ids(&fixed), None, "{fixed}");
    }

    #[test]
    fn a_carriage_return_of_its_own_ends_a_line_too() {
        let quiz = "---\npass: 80%\n---\n\n## One\rThe rest\n\n1. [x] A\n";
        let fixed = with_question_ids(quiz).unwrap();
        assert_eq!(fixed, quiz.replace("One", "One\n<!-- id: one -->"));
        assert_eq!(with_question_ids(&fixed), None);
    }

    #[test]
    fn ids_are_written_where_there_are_none() {
        let fixed = with_question_ids(QUIZ).unwrap_or_default();
        let comments: Vec<_> = fixed.lines().filter(|line| line.starts_with("##") || line.contains("<!--")).collect();
        insta::assert_snapshot!(comments.join("\n").replace('\t', "→"), @"
        ## What comes first? →
          <!-- id: what-comes-first-2;page: a-->  
        ##   {{fact:a}} & more ##
        <!-- id: a-more -->
        <!-- id: underlined-and-long -->
        ## Kept
        <!-- id: what-comes-first -->
        ## Broken
        ## Empty
        <!-- id: ; page: a -->
        <!-- note: a -->
        ## Last
        <!-- id: last -->
        ");
    }

    #[test]
    fn nothing_else_changes_byte_for_byte_and_nothing_twice() {
        let windows = QUIZ.replace('\n', "\r\n");
        let mixed = QUIZ.replacen("\n\n", "\r\n\n", 4);
        for file in [QUIZ.to_owned(), format!("\u{feff}{windows}"), windows, mixed] {
            let fixed = with_question_ids(&file).expect("there is something to be written");
            let mut taken_out = fixed.clone();
            for id in ["what-comes-first-2", "a-more", "underlined-and-long", "last"] {
                let newline = if file.contains("\r\n") { "\r\n" } else { "\n" };
                let (within, below) = (format!(" id: {id};"), format!("{newline}<!-- id: {id} -->"));
                assert!(fixed.contains(&within) != fixed.contains(&below), "{id}");
                taken_out = taken_out.replacen(&within, "", 1).replacen(&below, "", 1);
            }
            assert_eq!(taken_out, file);
            assert_eq!(with_question_ids(&fixed), None);
        }
    }

    #[test]
    fn what_is_no_quiz_stays_as_it_is() {
        for file in ["", "---", "## What?\n", "---\npass: 80%\n---\n", "---\na: [\n---\n## What?\n"] {
            assert_eq!(with_question_ids(file), None, "{file:?}");
        }
    }
}
