use engine::{HeldValue, PersonData};
use serde_json::{Map, Value, json};

/// Everything that is held about somebody, as a program reads it: each kind by the name of its table, as it is kept, and, where
/// that says little to people, in words beside it.
pub(crate) fn person_json(provider: &str, data: &PersonData) -> Value {
    let kinds = data.kinds.iter().map(|kind| {
        let row = |row: &Vec<HeldValue>| {
            let mut pairs = Map::new();
            for (column, value) in kind.columns.iter().zip(row) {
                pairs.insert(column.name.to_owned(), json!(value.kept()));
                if let HeldValue::Said { words, .. } = value {
                    pairs.insert(format!("{}_in_words", column.name), json!(words));
                }
            }
            Value::Object(pairs)
        };
        let withheld = kind.withheld.iter().map(|(column, reason)| ((*column).to_owned(), json!(reason)));
        let held = json!({
            "title": kind.title,
            "rows": kind.rows.iter().map(row).collect::<Vec<_>>(),
            "withheld": Value::Object(withheld.collect::<Map<_, _>>()),
        });
        (kind.table.to_owned(), held)
    });
    let acted =
        data.acted.iter().map(|acted| json!({ "table": acted.table, "what": acted.what, "times": acted.times }));
    json!({
        "provider": provider,
        "person": data.id,
        "name": data.name,
        "read_at": data.at,
        "held": Value::Object(kinds.collect::<Map<_, _>>()),
        "done_for_others": acted.collect::<Vec<_>>(),
    })
}
