use engine::{ListedDecline, local, local_date};

use super::evidence_table::{EvidenceTable, Value};

/// What was declined as a table, in the order in which it comes. Reasons are not in it: whoever opens one is noted.
pub(crate) fn declines_table(declines: &[ListedDecline]) -> EvidenceTable {
    let row = |listed: &ListedDecline| {
        vec![
            Value::text(listed.name.as_deref().unwrap_or("(name erased)")),
            Value::text(listed.groups.join(", ")),
            Value::text(&listed.title),
            Value::text(&listed.label),
            Value::Day(Some(local_date(listed.decline.at))),
            Value::text(local(listed.decline.at).format("%H:%M:%S").to_string()),
            Value::Day(Some(listed.decline.asks_again_on)),
            Value::Day(listed.signed_at.map(local_date)),
        ]
    };
    EvidenceTable {
        title: "Declined",
        columns: &["Name", "Groups", "Agreement", "Version", "Declined", "Time", "Asked again from", "Signed since"],
        rows: declines.iter().map(row).collect(),
    }
}
