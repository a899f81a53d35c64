use engine::{PersonStands, StandsPage, WhoStands, local_date};

use super::evidence_table::{EvidenceTable, Value};

/// Where people stand with an agreement as a table, by name.
pub(crate) fn stands_table(page: &StandsPage, agreement: &str, who: WhoStands) -> EvidenceTable {
    let title = match who {
        WhoStands::NotSigned => "Asked, and not signed",
        WhoStands::NotAsked => "Not asked",
        WhoStands::Signed => "Signed",
    };
    let row = |one: &PersonStands| {
        let counted = one.cell.counts.filter(|_| who == WhoStands::Signed);
        let wanted = one.cell.wanted.as_ref().filter(|_| counted.is_none());
        let ready = match (counted, one.is_ready) {
            (Some(_), _) => "",
            (None, true) => "Yes",
            (None, false) => "Modules are missing",
        };
        vec![
            Value::text(&one.person.name),
            Value::text(agreement),
            Value::text(counted.map_or(one.cell.status.word(), |_| "Signed")),
            Value::Day(wanted.map(|wanted| wanted.by)),
            Value::text(ready),
            Value::Day(counted.map(|done| local_date(done.at))),
            Value::Day(counted.and_then(|done| done.until).map(local_date)),
            Value::Day(one.declined.as_ref().map(|decline| local_date(decline.at))),
        ]
    };
    EvidenceTable {
        title,
        columns: &[
            "Name",
            "Agreement",
            "Where they stand",
            "By",
            "Ready to sign",
            "Signed",
            "Counts until",
            "Declined",
        ],
        rows: page.people.iter().map(row).collect(),
    }
}
