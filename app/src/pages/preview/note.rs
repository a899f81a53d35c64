use engine::{
    catalogue::{Block, Prose},
    content::{Level, Problem},
};
use leptos::prelude::*;

use super::tally::Tally;
use crate::pages::parts::{Mark, mark};

/// A problem, with the line of the file that it concerns.
#[derive(Clone, Debug)]
pub struct Note {
    /// The problem.
    pub problem: Problem,
    /// The line. `None` when there is no such line.
    pub line: Option<String>,
}

/// The page with each problem below the block that it concerns, and the problems that stand before all of them.
#[must_use]
pub fn beside(prose: &Prose, notes: Vec<Note>) -> (Prose, Vec<Note>) {
    let place = |note: &Note| prose.lines.partition_point(|line| *line <= note.problem.line);
    let (before, notes): (Vec<_>, Vec<_>) = notes.into_iter().partition(|note| place(note) == 0);
    let mut shown = Prose { facts: prose.facts.clone(), ..Prose::default() };
    for (index, block) in prose.blocks.iter().enumerate() {
        shown.blocks.push(block.clone());
        let here = notes.iter().filter(|note| place(note) == index + 1);
        shown.blocks.extend(here.map(|each| Block::Html(note(each).to_html())));
    }
    (shown, before)
}

/// How many problems there are, and the id of the gravest that comes first.
#[must_use]
pub fn summary<'n>(notes: impl IntoIterator<Item = &'n Note>) -> (Tally, Option<String>) {
    let problems: Vec<&Problem> = notes.into_iter().map(|note| &note.problem).collect();
    let errors = problems.iter().find(|problem| problem.level == Level::Error);
    let first = errors.or(problems.first()).map(|problem| id_of(problem));
    (Tally::of(problems), first)
}

/// The id of a problem on its page.
fn id_of(problem: &Problem) -> String {
    let file = problem.path.replace(['/', '.'], "-");
    format!("problem-{file}-{}-{}-{}", problem.line, problem.column, problem.code)
}

pub(super) fn note(note: &Note) -> impl IntoView + use<> {
    let problem = &note.problem;
    let Problem { path, line, column, level, code, message, help } = problem;
    let (class, word) = match level {
        Level::Error => ("callout callout-danger problem", "Error"),
        Level::Warning => ("callout callout-warning problem", "Warning"),
    };
    let help = help.as_ref().map(|help| view! { <p>{ticked(help)}</p> });
    let source = note.line.as_ref().map(|text| {
        let (text, caret) = excerpt(text, *column);
        view! {
            <pre tabindex="0" role="group" aria-label=format!("Line {line}")>
                <code>{text} "\n" <span aria-hidden="true">{caret}</span></code>
            </pre>
        }
    });
    view! {
        <div class=class role="note" lang="en-GB" id=id_of(problem) tabindex="-1">
            <p class="callout-word">{mark(Mark::Warning)} " " {word}</p>
            <p>{ticked(message)}</p>
            {help}
            {source}
            <p class="hint"><code>{format!("{path}:{line}:{column}")}</code> " " <code>{code.to_string()}</code></p>
        </div>
    }
}

/// A line, cut to what can be seen around a column, and below it a caret at that column.
fn excerpt(line: &str, column: u32) -> (String, String) {
    const BEFORE: usize = 16;
    const LONGEST: usize = 72;
    let at = usize::try_from(column).unwrap_or(usize::MAX).saturating_sub(1).min(line.chars().count());
    let cut = at.saturating_sub(BEFORE);
    let mut shown = String::new();
    let mut caret = String::new();
    if cut > 0 {
        shown.push('…');
        caret.push(' ');
    }
    shown.extend(line.chars().skip(cut).take(LONGEST));
    if line.chars().count() > cut + LONGEST {
        shown.push('…');
    }
    // A tab is as wide below the line as in it.
    caret.extend(line.chars().skip(cut).take(at - cut).map(|char| if char == '\t' { '\t' } else { ' ' }));
    caret.push('^');
    (shown, caret)
}

/// Text in which what stands between backticks is code.
fn ticked(text: &str) -> impl IntoView + use<> {
    text.split('`')
        .enumerate()
        .map(|(place, part)| {
            let part = part.to_owned();
            if place % 2 == 1 { view! { <code>{part}</code> }.into_any() } else { part.into_any() }
        })
        .collect_view()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caret_stands_below_its_column() {
        assert_eq!(excerpt("\tab", 3), ("\tab".to_owned(), "\t ^".to_owned()));
        assert_eq!(excerpt("ab", 99), ("ab".to_owned(), "  ^".to_owned()));
        let long = "é".repeat(200);
        let (shown, caret) = excerpt(&long, 101);
        assert_eq!((shown.chars().count(), caret.chars().count()), (74, 18));
    }
}
