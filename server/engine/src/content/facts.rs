//! `facts.toml`: laws, figures and help services with their sources.

use std::collections::BTreeMap;

use chrono::{Months, NaiveDate};

use super::{
    fields::{FromField as _, Placed, Table, Value, read_toml},
    problems::{Code, Report},
    prose::FactBook,
    references::helpline_audience,
};
use crate::catalogue::{Fact, Helpline, ListedAudience, TwinName};

/// Reads the register. With a date of today it also warns of facts that must be checked again.
pub(super) fn read_facts(
    text: &str,
    today: NaiveDate,
    audiences: Option<&[ListedAudience]>,
    report: &mut Report<'_>,
) -> FactBook {
    let Some(mut root) = read_toml(text, report) else { return FactBook::unreadable() };
    let mut book = FactBook::default();
    for Placed { at, value: table } in root.optional::<Vec<Placed<Table>>>("fact", report).unwrap_or_default() {
        let written_id = written_id(&table);
        let problems = report.error_count();
        let fact = read_fact(table, audiences, report);
        let Some(fact) = fact.filter(|_| report.error_count() == problems) else {
            book.broken.extend(written_id);
            continue;
        };
        if book.places.contains_key(&fact.id) {
            let help = "Give each fact an id of its own.";
            report.error(at, Code::DuplicateFact, format!("The fact `{}` is here twice.", fact.id), help);
            book.broken.insert(fact.id.to_string());
            continue;
        }
        warn_of_age(&fact, at, today, report);
        book.places.insert(fact.id.clone(), at);
        book.facts.insert(fact.id.clone(), fact);
    }
    root.close(report);
    book.facts.retain(|id, _| !book.broken.contains(id.as_str()));
    book
}

fn read_fact(mut table: Table, audiences: Option<&[ListedAudience]>, report: &mut Report<'_>) -> Option<Fact> {
    let id = table.required("id", report);
    let text = table.required("text", report);
    let also = read_also(&mut table, report);
    let source = table.required("source", report);
    let edition = table.required("edition", report);
    let checked = table.optional("checked", report);
    let review_by = table.required("review_by", report);
    let why = table.optional("why", report);
    let helpline = table.optional::<Table>("helpline", report);
    let helpline = helpline.and_then(|table| read_helpline(table, audiences, report));
    table.close(report);
    Some(Fact {
        id: id?,
        text: text?,
        also,
        source: source?,
        edition: edition?,
        checked,
        review_by: review_by?,
        why,
        helpline,
    })
}

/// Reads the table `also`: what stands in sentences of other languages, and in Easy Read.
pub(super) fn read_also(table: &mut Table, report: &mut Report<'_>) -> BTreeMap<TwinName, String> {
    let entries = table.optional::<Table>("also", report).map(|also| also.entries).unwrap_or_default();
    let read = entries.into_iter().filter_map(|(key, text)| {
        let name = TwinName::read(Placed { at: key.at, value: Value::Text(key.value) }, report)?;
        Some((name, String::read(text, report)?))
    });
    read.collect()
}

fn read_helpline(mut table: Table, audiences: Option<&[ListedAudience]>, report: &mut Report<'_>) -> Option<Helpline> {
    let name = table.required("name", report);
    let phone = table.optional("phone", report);
    let text = table.optional("text", report);
    let url = table.optional::<Placed<String>>("url", report);
    let for_whom = table.required("for", report);
    let audience = table.required::<Placed<String>>("audience", report);
    let audience = audience.and_then(|written| helpline_audience(&written, audiences, report));
    let also_under = table.optional::<Vec<Placed<String>>>("also_under", report).unwrap_or_default();
    let also_under = also_under.iter().filter_map(|written| helpline_audience(written, audiences, report)).collect();
    let about = table.required("about", report);
    let hours = table.optional("hours", report);
    let cost = table.optional("cost", report);
    let cannot = table.optional("cannot", report);
    let on_card = table.optional("on_card", report).unwrap_or_default();
    table.close(report);
    if let Some(Placed { at, value }) = &url
        && !(value.starts_with("https://") || value.starts_with("http://"))
    {
        let help = "Write the whole address, beginning with https://.";
        report.error(*at, Code::BadUrl, format!("`{value}` is not an address on the web."), help);
    }
    Some(Helpline {
        name: name?,
        phone,
        text,
        url: url.map(|url| url.value),
        for_whom: for_whom?,
        audience: audience?,
        also_under,
        about: about?,
        hours,
        cost,
        cannot,
        on_card,
    })
}

/// The id as it was written, even when the fact as a whole cannot be read.
fn written_id(table: &Table) -> Option<String> {
    table.entries.iter().find_map(|(key, value)| match &value.value {
        Value::Text(id) if key.value == "id" => Some(id.clone()),
        _ => None,
    })
}

pub(super) fn warn_of_age(fact: &Fact, at: usize, today: NaiveDate, report: &mut Report<'_>) {
    let Fact { id, checked, review_by, why, .. } = fact;
    if *review_by < today {
        let help = "Hold it against its source, then move `checked` and `review_by` on.";
        report.warn(at, Code::ReviewOverdue, format!("The fact `{id}` was to be reviewed by {review_by}."), help);
    }
    match checked {
        None => {
            let what = "Hold it against its source, then write the date as `checked`; do so before release.";
            let help = why.as_ref().map_or_else(|| what.to_owned(), |why| format!("{why} {what}"));
            report.warn(at, Code::FactNotChecked, format!("Nobody has checked the fact `{id}` yet."), help);
        }
        Some(checked) if checked.checked_add_months(Months::new(12)).is_some_and(|next| next < today) => {
            let help = "Hold it against its source again, then move `checked` on.";
            report.warn(at, Code::FactCheckOld, format!("The fact `{id}` was last checked on {checked}."), help);
        }
        Some(_) => {}
    }
}
