use app::pages::{self, CpdView};
use axum::response::Response;
use engine::{CpdOrder, CpdQuery};
use serde::Deserialize;

use crate::{
    door::{Fail, Query, Visit, attachment},
    export::cpd_table,
};

/// Which of it is wanted, and what has just been done, as the address says it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    find: String,
    order: String,
    year: String,
    done: String,
}

impl Asked {
    fn query(&self) -> CpdQuery {
        CpdQuery {
            find: self.find.trim().chars().take(100).collect(),
            order: CpdOrder::parse(&self.order).unwrap_or_default(),
            year: self.year.trim().parse().ok(),
        }
    }

    /// Where the same is had as a table.
    fn table(&self) -> String {
        let pairs = [("find", &self.find), ("order", &self.order), ("year", &self.year)];
        let pairs: Vec<_> = pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        match serde_html_form::to_string(&pairs) {
            Ok(query) if !query.is_empty() => format!("/cpd/file?{query}"),
            _ => "/cpd/file".to_owned(),
        }
    }

    fn said(&self) -> Option<String> {
        let words = match self.done.as_str() {
            "added" => "It is in your record.",
            "calendar-ended" => "The address of your calendar leads nowhere any more.",
            "written" => "What you wrote is kept.",
            "taken-back" => "You took it back. It no longer counts.",
            _ => return None,
        };
        Some(words.to_owned())
    }
}

/// `GET /cpd`
pub(crate) async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Fail> {
    let engine = &visit.state.engine;
    let person = &visit.reader()?.person;
    let (record, looks) = (engine.cpd_record(person.id).await?, engine.looks_at_record(person).await?);
    let calendar = engine.own_calendar(person).await?;
    let (query, years) = (asked.query(), record.years.iter().map(|year| year.begins_on).collect());
    let record = record.narrowed(&query);
    let view = CpdView { record, looks, said: asked.said(), query, years, table: asked.table(), calendar };
    Ok(visit.html(pages::cpd(&visit.frame(), &view)))
}

/// `GET /cpd/file`: the same as a table.
pub(crate) async fn file(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Fail> {
    let record = visit.state.engine.cpd_record(visit.reader()?.person.id).await?.narrowed(&asked.query());
    let table = cpd_table(&visit.state.engine.catalogue().organisation.name, &record)
        .map_err(|error| Fail::Internal(error.to_string()))?;
    Ok(attachment("text/csv; charset=utf-8", "cpd-record.csv", table))
}
