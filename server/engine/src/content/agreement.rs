//! An agreement: a file with front matter and the text to sign.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use model::{AgreementSlug, ModuleSlug};

use super::{
    agreement_twin::read_agreement_twins,
    canonical::{AgreementHead, canonical_agreement},
    fields::{Placed, Table, filled, read_front_matter},
    problems::{Code, Level, Problem, Report},
    prose::{Folder, Gathered, Kind, Known, Writer, as_meant, parse},
    references::{audience, known_modules},
    sort_files::File,
    text::{Layout, Run, did_you_mean},
};
use crate::catalogue::{Agreement, AgreementVersion, Prose, TwinName};

/// What came of a file.
pub(super) struct ReadAgreement {
    /// The agreement. `None` when it has an error.
    pub(super) agreement: Option<Agreement>,
    pub(super) problems: Vec<Problem>,
    pub(super) gathered: Gathered,
}

/// Reads an agreement.
pub(super) fn read_agreement(
    slug: &AgreementSlug,
    File { path, text }: File<'_>,
    twins: Option<&BTreeMap<TwinName, File<'_>>>,
    known: Known<'_>,
    today: NaiveDate,
) -> ReadAgreement {
    let mut report = Report::new(path, text);
    let mut gathered = Gathered::default();
    let mut problems = Vec::new();
    let agreement = read(slug, text, twins, known, today, &mut gathered, &mut problems, &mut report);
    let failed = report.has_errors() || problems.iter().any(|problem| problem.level == Level::Error);
    let agreement = agreement.filter(|_| known.draft || (!failed && !gathered.incomplete));
    problems.extend(report.into_problems());
    ReadAgreement { agreement, problems, gathered }
}

/// Makes the text to sign, in the words of a twin or as it stands first.
pub(super) fn read_text(
    text: &Run,
    twin: Option<TwinName>,
    known: Known<'_>,
    report: &mut Report<'_>,
) -> (Prose, Gathered) {
    let mut gathered = Gathered::default();
    let nodes = parse(text, report);
    if nodes.is_empty() {
        let help = "Write the text to sign below the front matter.";
        report.error(text.in_file(0), Code::NoAgreementText, "This agreement has no text.", help);
    }
    let prose = Writer::new(Kind::Agreement, known, Folder::Agreements(twin), &mut gathered, report).prose(&nodes);
    (prose, gathered)
}

#[expect(clippy::too_many_arguments, reason = "what is read, and where what is said of it goes")]
fn read(
    slug: &AgreementSlug,
    text: &str,
    twins: Option<&BTreeMap<TwinName, File<'_>>>,
    known: Known<'_>,
    today: NaiveDate,
    gathered: &mut Gathered,
    problems: &mut Vec<Problem>,
    report: &mut Report<'_>,
) -> Option<Agreement> {
    let text = as_meant(text, Layout::Agreement, known, report);
    let front_matter = read_front_matter(&text, report)?;
    let head = read_head(slug, front_matter.table, known, today, report);
    let body = front_matter.body;
    let (prose, cited) = read_text(&body, None, known, report);
    *gathered = cited;
    let read = read_agreement_twins(twins, body.text(), known);
    problems.extend(read.problems);
    gathered.incomplete |= read.failed || read.gathered.incomplete;
    for (id, fact) in read.gathered.facts {
        let also = fact.also.clone();
        gathered.facts.entry(id).or_insert(fact).also.extend(also);
    }
    let head = head?;
    let text = body.text().trim_matches('\n');
    let canonical = match canonical_agreement(&head, text, read.canonical, &gathered.facts) {
        Ok(canonical) => canonical,
        Err(error) => {
            let message = format!("This agreement has no canonical form: {error}.");
            report.error(0, Code::NoCanonicalForm, message, "Tell the people who make Induct.");
            return None;
        }
    };
    Some(head.with(prose, read.twins, canonical))
}

fn read_head(
    slug: &AgreementSlug,
    mut table: Table,
    known: Known<'_>,
    today: NaiveDate,
    report: &mut Report<'_>,
) -> Option<AgreementHead> {
    let title = table.required("title", report);
    let audience = audience(&mut table, known, report);
    let requires = table.optional::<Vec<Placed<ModuleSlug>>>("requires", report).unwrap_or_default();
    let requires = known_modules(requires, known, report);
    let recurs = table.optional("recurs", report);
    let submit_to = table.optional::<Placed<String>>("submit_to", report);
    if let Some(role) = &submit_to {
        check_role(role, known, report);
    }
    let statement = table.required("statement", report);
    let summary = filled(&mut table, "summary", report);
    let versions = read_versions(&mut table, today, report);
    table.close(report);
    Some(AgreementHead {
        slug: slug.clone(),
        title: title?,
        summary: summary?,
        audience: audience?,
        requires: requires?,
        recurs,
        submit_to: submit_to.map(|role| role.value),
        statement: statement?,
        versions: versions?,
    })
}

fn check_role(role: &Placed<String>, known: Known<'_>, report: &mut Report<'_>) {
    let Some(roles) = known.names.and_then(|names| names.roles.as_ref()) else { return };
    if !roles.contains(&role.value) {
        let otherwise = "Write the id of a `[[role]]` in `organisation.toml`.";
        let help = did_you_mean(&role.value, roles.iter().map(String::as_str), otherwise);
        report.error(role.at, Code::UnknownRole, format!("There is no role `{}`.", role.value), help);
    }
}

fn read_versions(table: &mut Table, today: NaiveDate, report: &mut Report<'_>) -> Option<Vec<AgreementVersion>> {
    let rows = filled::<Placed<Table>>(table, "versions", report)?;
    let mut labels = BTreeSet::new();
    let mut newest: Option<NaiveDate> = None;
    let mut versions = Vec::new();
    let count = rows.len();
    for (index, Placed { at, value: row }) in rows.into_iter().enumerate() {
        let Some(row) = read_version(row, report) else { continue };
        if !labels.insert(row.version.clone()) {
            let help = "Give each version a label of its own.";
            report.error(at, Code::DuplicateVersion, format!("The version `{}` is here twice.", row.version), help);
        }
        if newest.is_some_and(|newest| row.date < newest) {
            let help = "Order the versions by date, the newest last.";
            report.error(at, Code::VersionsOutOfOrder, "This version is older than the one above it.", help);
        }
        newest = Some(row.date);
        if index + 1 == count && row.next_review < today {
            let message = format!("This agreement was to be reviewed by {}.", row.next_review);
            let help = "Review it, then move `reviewed` and `next_review` on.";
            report.warn(at, Code::ReviewOverdue, message, help);
        }
        versions.push(row);
    }
    (versions.len() == count).then_some(versions)
}

fn read_version(mut row: Table, report: &mut Report<'_>) -> Option<AgreementVersion> {
    let version = row.required("version", report);
    let date = row.required("date", report);
    let change = row.required("change", report);
    let lead = row.required("lead", report);
    let reviewed = row.required("reviewed", report);
    let next_review = row.required("next_review", report);
    row.close(report);
    Some(AgreementVersion {
        version: version?,
        date: date?,
        change: change?,
        lead: lead?,
        reviewed: reviewed?,
        next_review: next_review?,
    })
}
