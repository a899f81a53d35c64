//! A problem as a person reads it: what is wrong, the line with the place marked, and what to do.

use std::{env, io::IsTerminal};

use annotate_snippets::{
    Annotation, AnnotationKind, Group, Level as Mark, Renderer, Snippet,
    renderer::{AnsiColor, Style},
};
use engine::content::{Code, Level, Problem};

/// Shows problems, with colours or without.
pub(super) struct Shower {
    coloured: bool,
}

impl Shower {
    /// With colours when a person looks at the stream and has not said that they want none.
    pub(super) fn for_stream(stream: &impl IsTerminal) -> Self {
        Self { coloured: stream.is_terminal() && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()) }
    }

    /// The problem, which stands in the text of the given lines. `None` when its file cannot be shown.
    pub(super) fn show(&self, problem: &Problem, lines: Option<&[&str]>) -> String {
        let mark = match problem.level {
            Level::Error => Mark::ERROR,
            Level::Warning => Mark::WARNING,
        };
        let mut group = Group::with_level(mark);
        if let Some(snippet) = lines.and_then(|lines| snippet(problem, lines)) {
            group = group.element(snippet);
        }
        let renderer = if self.coloured { Renderer::styled() } else { Renderer::plain() };
        let help = problem.help.iter().map(|help| Mark::HELP.message(help));
        let below = renderer.render(&[group.elements(help)]);
        format!("{}\n{below}\n", self.headline(problem))
    }

    fn headline(&self, problem: &Problem) -> String {
        let Problem { path, line, column, level, code, message, .. } = problem;
        let colour = match level {
            Level::Error => AnsiColor::BrightRed,
            Level::Warning => AnsiColor::Yellow,
        };
        let (strong, kind) = match self.coloured {
            true => (Style::new().bold(), colour.on_default().bold()),
            false => (Style::new(), Style::new()),
        };
        format!("{path}:{line}:{column}: {kind}{level}[{code}]{kind:#}{strong}: {message}{strong:#}")
    }
}

/// The line with its place marked. `None` when the problem is one of the file as a whole.
fn snippet<'t>(problem: &Problem, lines: &[&'t str]) -> Option<Snippet<'t, Annotation<'t>>> {
    if (problem.line, problem.column) == (1, 1) && concerns_the_file(problem.code) {
        return None;
    }
    let number = usize::try_from(problem.line).ok()?;
    let line = lines.get(number.checked_sub(1)?)?;
    // Of a table there is its header to be shown, of a file with nothing but keys there is nothing.
    if problem.code == Code::MissingKey && !line.trim_start().starts_with(['[', '-']) {
        return None;
    }
    let column = usize::try_from(problem.column).ok()?.checked_sub(1)?;
    let start = line.char_indices().nth(column).map_or(line.len(), |(at, _)| at);
    let (line, start) = around(line, start);
    let end = start + extent(line, start, &problem.message);
    let annotation = AnnotationKind::Primary.span(start..end);
    Some(Snippet::source(line).line_start(number).annotation(annotation))
}

/// As much of a long line as can be read, and where a place in it is then.
fn around(line: &str, place: usize) -> (&str, usize) {
    const BEFORE: usize = 80;
    const AFTER: usize = 320;
    if line.len() <= BEFORE + AFTER {
        return (line, place);
    }
    let start = line.floor_char_boundary(place.saturating_sub(BEFORE));
    (&line[start..line.floor_char_boundary(place.saturating_add(AFTER))], place - start)
}

fn concerns_the_file(code: Code) -> bool {
    use Code::{
        BadImageName, BadMedia, BadMediaName, BadName, BadPageName, DrawingTooLarge, DuplicatePageNumber,
        DuplicatePageSlug, EmptyTranscript, HardToRead, MediaTooLarge, MissingCaptions, MissingFile, MissingTranscript,
        NoCanonicalForm, NoTitle, NotUtf8, ReviewOverdue, UnexpectedFile, UnusedImage, UnusedMedia,
    };
    matches!(
        code,
        BadImageName
            | BadMedia
            | BadMediaName
            | BadName
            | BadPageName
            | DrawingTooLarge
            | DuplicatePageNumber
            | DuplicatePageSlug
            | EmptyTranscript
            | HardToRead
            | MediaTooLarge
            | MissingCaptions
            | MissingFile
            | MissingTranscript
            | NoCanonicalForm
            | NoTitle
            | NotUtf8
            | ReviewOverdue
            | UnexpectedFile
            | UnusedImage
            | UnusedMedia
    )
}

/// How much of a line is meant by what begins at a place: what the message names, a thing in its brackets, the rest of the
/// line where a block begins, or otherwise a word.
fn extent(line: &str, start: usize, message: &str) -> usize {
    let rest = line[start..].trim_end();
    let named = message.split('`').skip(1).step_by(2).filter(|name| !name.is_empty());
    let quoted = rest.len() - rest.trim_start_matches('"').len();
    if let Some(name) = named.into_iter().find(|name| rest[quoted..].starts_with(name)) {
        let closing = &rest[quoted + name.len()..];
        return quoted + name.len() + quoted.min(closing.len() - closing.trim_start_matches('"').len());
    }
    for (open, close) in [("<!--", "-->"), ("<", ">"), ("{{", "}}"), ("![", ")"), ("[", ")"), ("\"", "\""), ("`", "`")]
    {
        if let Some(inner) = rest.strip_prefix(open) {
            return inner.find(close).map_or(rest.len(), |at| open.len() + at + close.len());
        }
    }
    let begins_block = |text: &str| text.chars().all(|char| " \t>-*+.)".contains(char) || char.is_ascii_digit());
    if begins_block(&line[..start]) || begins_block(rest.split(' ').next().unwrap_or_default()) {
        return rest.len();
    }
    rest.find([' ', ';', ',', '|', ']', ')']).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, fmt::Write as _};

    use chrono::NaiveDate;
    use engine::content::{Sources, compile};

    use super::*;

    #[test]
    fn the_place_is_marked_below_its_line() {
        let shower = Shower { coloured: false };
        let mut shown = String::new();
        let mut files = BTreeMap::new();
        files.insert("facts.toml", "[[fact]]\nid = \"A b\"\ntext = 2\n");
        files.insert(
            "modules/a/10-one.md",
            "# One\n\nA\tÉté <b>no</b> [a](javascript:b), {{fact:c}} and ![d](e.png)\n\n> [!NOTES]\n> f",
        );
        files.insert("modules/a/module.toml", "title = \"A\"\naudience = [\"learners\"]\n");
        files.insert(
            "modules/a/quiz.md",
            "---\npass: 80\ndraw: 3\n---\n\n## One?\n<!-- id: one; page: onee; order: any -->\n\n- [ ] a\n- b\n\n## Two?\n\n1. c\n2. d",
        );
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day");
        for problem in compile(&Sources::from_files(files.clone()), today).problems {
            let lines: Option<Vec<&str>> = files.get(problem.path.as_str()).map(|text| text.split('\n').collect());
            writeln!(shown, "{}", shower.show(&problem, lines.as_deref())).expect("a string can be written to");
        }
        insta::assert_snapshot!(shown);
    }

    #[test]
    fn of_a_long_line_there_is_as_much_as_can_be_read() {
        let line = format!("{}here{}", "é".repeat(1000), " and on".repeat(1000));
        let (shown, place) = around(&line, 2000);
        assert!(shown.len() <= 401, "{}", shown.len());
        assert!(shown[place..].starts_with("here"), "{shown}");
        assert_eq!(around("short", 2), ("short", 2));
    }

    #[test]
    fn colours_are_for_terminals() {
        let problem = Problem {
            path: "quiz.md".to_owned(),
            line: 1,
            column: 3,
            level: Level::Warning,
            code: Code::UnknownKey,
            message: "`wieght` is not a key.".to_owned(),
            help: Some("Did you mean `weight`?".to_owned()),
        };
        let shown = |coloured| Shower { coloured }.show(&problem, Some(&["; wieght: 2"]));
        assert!(!shown(false).contains('\u{1b}'));
        assert!(shown(true).contains('\u{1b}'));
    }
}
