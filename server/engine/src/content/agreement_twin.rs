//! Twins of an agreement: the same clauses, under the same numbers, in another language or in Easy Read.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use pulldown_cmark::Tag;

use super::{
    agreement::read_text,
    canonical::CanonicalTwin,
    fields::{Table, filled, read_front_matter},
    problems::{Code, Problem, Report},
    prose::{Gathered, Known, Node, as_meant, parse, printed, reading_age},
    sort_files::File,
    text::{Layout, Run},
    twin::warn_of_no_review,
};
use crate::catalogue::{AgreementTwin, Language, Prose, TwinName};

/// What came of the twins of one agreement.
#[derive(Default)]
pub(super) struct ReadTwins {
    /// Those without an error.
    pub(super) twins: BTreeMap<TwinName, AgreementTwin>,
    /// The same, as they are published and signed.
    pub(super) canonical: BTreeMap<TwinName, CanonicalTwin>,
    pub(super) problems: Vec<Problem>,
    pub(super) gathered: Gathered,
    /// Whether one has an error, so that the agreement cannot be made.
    pub(super) failed: bool,
}

/// Reads the twins of an agreement and holds their clauses against those of `original`, its text without front matter.
pub(super) fn read_agreement_twins(
    files: Option<&BTreeMap<TwinName, File<'_>>>,
    original: &str,
    known: Known<'_>,
) -> ReadTwins {
    let mut read = ReadTwins::default();
    let clauses = clauses(&Run::of(original, 0));
    for (name, File { path, text }) in files.into_iter().flatten() {
        let mut report = Report::new(*path, text);
        if let Some((twin, canonical, gathered)) = read_twin(*name, text, &clauses, known, &mut report) {
            read.gathered.incomplete |= gathered.incomplete;
            for (id, fact) in gathered.facts {
                let also = fact.also.clone();
                read.gathered.facts.entry(id).or_insert(fact).also.extend(also);
            }
            read.twins.insert(*name, twin);
            read.canonical.insert(*name, canonical);
        }
        read.failed |= report.has_errors();
        read.problems.extend(report.into_problems());
    }
    read
}

fn read_twin(
    name: TwinName,
    text: &str,
    clauses: &[u64],
    known: Known<'_>,
    report: &mut Report<'_>,
) -> Option<(AgreementTwin, CanonicalTwin, Gathered)> {
    let whole = as_meant(text, Layout::Agreement, known, report);
    let front_matter = read_front_matter(&whole, report)?;
    let head = read_head(front_matter.table, report);
    let body = front_matter.body;
    let own = self::clauses(&body);
    if own != clauses {
        let numbers = |clauses: &[u64]| match clauses {
            [] => "none".to_owned(),
            clauses => format!("{} ({} to {})", clauses.len(), clauses[0], clauses[clauses.len() - 1]),
        };
        let message = format!("The agreement has other clauses: {}, and this has {}.", numbers(clauses), numbers(&own));
        let help = "Give each clause the number of its original.";
        report.error(body.in_file(0), Code::TwinClausesDiffer, message, help);
    }
    let (prose, gathered) = read_text(&body, Some(name), known, report);
    if known.names.is_some() {
        if head.as_ref().is_some_and(|head| head.reviewed.is_none()) {
            warn_of_no_review(name, 0, report);
        }
        const OLDEST: f64 = 9.0;
        if name == TwinName::EasyRead
            && let Some(age) = reading_age(&prose).filter(|age| *age > OLDEST)
        {
            let message =
                format!("The reading age of this text is {age:.1}, and Easy Read should need no more than {OLDEST}.");
            let help = "Put one idea into a sentence, in words of every day.";
            report.warn(body.in_file(0), Code::HardToRead, message, help);
        }
    }
    let Head { reviewed, title, summary, statement } = head?;
    let canonical = CanonicalTwin { title, summary, statement, text: body.text().trim_matches('\n').to_owned() };
    Some((twin_in_print(name, reviewed, &canonical, prose), canonical, gathered))
}

/// Makes the twin that was published. When it was reviewed is no part of what was.
pub(super) fn twin_from_canonical(
    name: TwinName,
    twin: &CanonicalTwin,
    known: Known<'_>,
    report: &mut Report<'_>,
) -> (AgreementTwin, Gathered) {
    let (text, gathered) = read_text(&Run::of(&twin.text, 0), Some(name), known, report);
    (twin_in_print(name, None, twin, text), gathered)
}

/// The twin as it is shown. Its statement stays letter by letter what is signed.
fn twin_in_print(name: TwinName, reviewed: Option<NaiveDate>, twin: &CanonicalTwin, text: Prose) -> AgreementTwin {
    let in_print = |line: &String| printed(line, name.language(Language::ENGLISH));
    AgreementTwin {
        reviewed,
        title: in_print(&twin.title),
        summary: twin.summary.iter().map(in_print).collect(),
        statement: twin.statement.clone(),
        text,
    }
}

struct Head {
    reviewed: Option<NaiveDate>,
    title: String,
    summary: Vec<String>,
    statement: String,
}

fn read_head(mut table: Table, report: &mut Report<'_>) -> Option<Head> {
    const OF_THE_AGREEMENT: [&str; 5] = ["audience", "requires", "recurs", "submit_to", "versions"];
    let reviewed = table.optional("reviewed", report);
    let title = table.required("title", report);
    let summary = filled(&mut table, "summary", report);
    let statement = table.required("statement", report);
    table.entries.retain(|(key, _)| {
        let elsewhere = OF_THE_AGREEMENT.contains(&key.value.as_str());
        if elsewhere {
            let message = format!("`{}` is the same in every language and cannot stand here.", key.value);
            let help = "Take it out; it stands in the agreement itself.";
            report.error(key.at, Code::KeyNotInTwin, message, help);
        }
        !elsewhere
    });
    table.close(report);
    Some(Head { reviewed, title: title?, summary: summary?, statement: statement? })
}

/// The numbers of the clauses of a text, in their order. What is wrong with it is said elsewhere.
fn clauses(text: &Run) -> Vec<u64> {
    let mut silent = Report::new(String::new(), "");
    let nodes = parse(text, &mut silent);
    let lists = nodes.iter().filter_map(|node| match node {
        Node::Element(element) => match element.tag {
            Tag::List(Some(first)) => Some((first, element.children.len())),
            _ => None,
        },
        _ => None,
    });
    lists.flat_map(|(first, count)| (first..).take(count)).collect()
}
