//! `quiz.md`: settings, then questions.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use model::PageSlug;

use super::{
    about_question::QuizSoFar,
    give_away::warn_of_given_away,
    question::{ReadQuestion, read_question},
    sections::{is_question, without_notes},
};
use crate::catalogue::{Question, QuestionForm, Quiz};
use crate::content::{
    fields::{FromField, NAME_HELP, Placed, Table, Value, check_range, is_name, read_front_matter},
    problems::{Code, Report},
    prose::{Folder, Gathered, Kind, Known, Node, Writer, as_meant, parse},
    text::{Layout, did_you_mean},
};

/// Reads a quiz. `None` when it has an error, and then the report says which.
pub(crate) fn read_quiz(
    text: &str,
    pages: &[PageSlug],
    known: Known<'_>,
    folder: Folder<'_>,
    gathered: &mut Gathered,
    report: &mut Report<'_>,
) -> Option<Quiz> {
    let text = as_meant(text, Layout::Quiz, known, report);
    let front_matter = read_front_matter(&text, report)?;
    let settings = read_settings(front_matter.table, report);
    let nodes = without_notes(parse(&front_matter.body, report));
    let mut writer = Writer::new(Kind::Quiz, known, folder, gathered, report);
    let mut asked = QuizSoFar { pages, ids: BTreeSet::new(), pools: Vec::new(), on_pages: 0 };
    let mut count: u32 = 0;
    let mut questions = Vec::new();
    let mut on_pages = Vec::new();
    let mut sections = nodes.chunk_by(|_, next| !is_question(next));
    let mut first = sections.next();
    if let Some([node, ..]) = first.filter(|nodes| !nodes.first().is_some_and(is_question)) {
        let help = "Begin each question with a heading of level 2: `## `.";
        writer.report.error(node.at(), Code::TextBeforeQuestion, "This does not belong to any question.", help);
        first = sections.next();
    }
    for section in first.into_iter().chain(sections) {
        if let Some((Node::Element(heading), rest)) = section.split_first() {
            count += 1;
            match read_question(heading, rest, &mut asked, &mut writer) {
                Some(ReadQuestion { question, on_page: true }) => on_pages.push(question),
                Some(ReadQuestion { question, on_page: false }) => {
                    questions.push(Placed { at: heading.at, value: question });
                }
                None => {}
            }
        }
    }
    warn_of_places(&questions, report);
    let count = count - asked.on_pages;
    if count == 0 {
        let help = "Write at least one question for attempts, beginning with a heading of level 2: `## `.";
        report.error(front_matter.body.in_file(0), Code::NoQuestions, "This quiz has no questions.", help);
    }
    let Settings { pass, draw, pools, attempts, cooldown } = settings;
    if let Some(Placed { at, value }) = draw
        && value > count
    {
        let help = "Write more questions, or lower `draw`; those with `use: page` are not drawn.";
        report.error(at, Code::DrawTooLarge, format!("`draw` is {value}, but there are only {count} questions."), help);
    }
    if let Some(pools) = &pools {
        check_pools(pools, draw.as_ref(), &asked.pools, report);
        warn_of_never_drawn(pools, draw.as_ref(), &questions, report);
        warn_of_given_away(&questions, pools, report);
    }
    let quiz = Quiz {
        pass: pass?,
        draw: draw?.value,
        pools: pools?.into_iter().map(|(name, wanted)| (name.value, wanted.value)).collect(),
        attempts: attempts?,
        cooldown: cooldown?,
        questions: questions.into_iter().map(|question| question.value).collect(),
        on_pages,
    };
    (known.draft || !report.has_errors()).then_some(quiz)
}

/// Warns when all questions that keep the order of their options have the right one in the same place.
fn warn_of_places(questions: &[Placed<Question>], report: &mut Report<'_>) {
    /// Fewer may well be so by chance.
    const FEWEST: usize = 3;
    let fixed = questions.iter().filter(|question| question.value.fixed_order);
    let wordings = fixed.flat_map(|question| question.value.wordings.iter().map(|wording| (question.at, wording)));
    let places: Vec<(usize, usize)> = wordings
        .filter_map(|(at, wording)| match &wording.form {
            QuestionForm::One(choices) => Some((at, choices.iter().position(|choice| choice.right)? + 1)),
            _ => None,
        })
        .collect();
    if let [(at, place), others @ ..] = places.as_slice()
        && places.len() >= FEWEST
        && others.iter().all(|(_, other)| other == place)
    {
        let message = format!("The right option is number {place} wherever the order is fixed.");
        let help = "Move it in some of these questions, or take `order: fixed` out where the order says nothing.";
        report.warn(*at, Code::RightOptionSamePlace, message, help);
    }
}

/// How many questions to draw from each pool.
type Pools = Vec<(Placed<String>, Placed<u32>)>;

struct Settings {
    pass: Option<u32>,
    draw: Option<Placed<u32>>,
    pools: Option<Pools>,
    attempts: Option<u32>,
    cooldown: Option<TimeDelta>,
}

fn read_settings(mut table: Table, report: &mut Report<'_>) -> Settings {
    let pass = table.required("pass", report).map(|Percent(pass)| pass);
    let draw = table.required::<Placed<u32>>("draw", report);
    let draw = draw.filter(|draw| check_range("draw", draw.at, draw.value, 1..=100, report).is_some());
    let errors = report.error_count();
    let pools = match table.optional::<Table>("pools", report) {
        Some(pools) => read_pools(pools, report),
        None => (report.error_count() == errors).then(Vec::new),
    };
    let attempts = table.within("attempts", 1..=20, report);
    let cooldown = table.required("cooldown", report);
    table.close(report);
    Settings { pass, draw, pools, attempts, cooldown }
}

fn read_pools(table: Table, report: &mut Report<'_>) -> Option<Pools> {
    let errors = report.error_count();
    let mut pools = Vec::new();
    for (name, value) in table.entries {
        if !is_name(&name.value) {
            report.error(name.at, Code::BadName, format!("`{}` cannot be a name.", name.value), NAME_HELP);
        }
        let Some(Placed { at, value }) = Placed::<u32>::read(value, report) else { continue };
        check_range(&name.value, at, value, 1..=100, report);
        pools.push((name, Placed { at, value }));
    }
    (report.error_count() == errors).then_some(pools)
}

/// Reports pools that cannot give what is asked of them, and questions in pools that nothing is asked of. `members` names
/// the pool of each question that is in one.
fn check_pools(pools: &Pools, draw: Option<&Placed<u32>>, members: &[Placed<String>], report: &mut Report<'_>) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for member in members {
        *counts.entry(&member.value).or_default() += 1;
    }
    for (name, wanted) in pools {
        let count = counts.get(name.value.as_str()).copied().unwrap_or_default();
        if u32::try_from(count).is_ok_and(|count| count < wanted.value) {
            let message =
                format!("The pool `{}` is asked for {} questions, but has {count}.", name.value, wanted.value);
            let help = format!("Put more questions into it with `pool: {}`, or lower the number.", name.value);
            report.error(wanted.at, Code::PoolTooSmall, message, help);
        }
    }
    let sum = pools.iter().fold(0, |sum: u32, (_, wanted)| sum.saturating_add(wanted.value));
    if let Some(draw) = draw
        && sum > draw.value
    {
        let message = format!("`draw` is {}, but the pools give {sum} questions.", draw.value);
        let help = "Raise `draw`, which counts the questions from pools too, or lower the numbers in `pools`.";
        report.error(draw.at, Code::DrawTooSmall, message, help);
    }
    let names: BTreeSet<&str> = pools.iter().map(|(name, _)| name.value.as_str()).collect();
    for member in members.iter().filter(|member| !names.contains(member.value.as_str())) {
        let otherwise =
            format!("Say in the front matter how many to draw from it: `pools:`, then `  {}: 1`.", member.value);
        let help = did_you_mean(&member.value, names.iter().copied(), otherwise);
        report.error(member.at, Code::UnknownPool, format!("There is no pool `{}`.", member.value), help);
    }
}

/// Warns of questions outside all pools when the pools fill the attempt.
fn warn_of_never_drawn(
    pools: &Pools,
    draw: Option<&Placed<u32>>,
    questions: &[Placed<Question>],
    report: &mut Report<'_>,
) {
    let sum: u64 = pools.iter().map(|(_, wanted)| u64::from(wanted.value)).sum();
    let Some(draw) = draw.filter(|draw| u64::from(draw.value) == sum) else { return };
    for question in questions.iter().filter(|question| question.value.pool.is_none()) {
        let message = format!("Nobody is ever asked this question: the pools give all {} of an attempt.", draw.value);
        let help = "Put it into a pool with `pool: NAME`, raise `draw`, or take it out.";
        report.warn(question.at, Code::NeverDrawn, message, help);
    }
}

/// A share such as `80%`.
struct Percent(u32);

impl FromField for Percent {
    fn read(value: Placed<Value>, report: &mut Report<'_>) -> Option<Self> {
        let at = value.at;
        let percent = match &value.value {
            Value::Text(text) => text.trim().strip_suffix('%').and_then(|digits| digits.parse().ok()),
            _ => None,
        };
        let Some(percent) = percent else {
            let help = "Write a whole number with a per cent sign, like this: `pass: 80%`.";
            report.error(at, Code::BadPass, "This is not a share.", help);
            return None;
        };
        check_range("pass", at, percent, 1..=100, report).map(Self)
    }
}
