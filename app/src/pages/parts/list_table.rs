use leptos::prelude::*;

/// A list with several columns: a table on a desk, which moves sideways by itself where there is no room for it, and a card for each row on a
/// phone, where every cell says what its column is. `label` says what its rows are, and is no other table's of the page; `rows` are rows of a table, each
/// with a cell for each column.
///
/// It is a table in either case, without roles of ours: the checker of HTML refuses those within a table, and browsers of today keep what a table is
/// however it is laid out.
pub fn list_table(label: impl Into<String>, columns: &[&'static str], rows: impl IntoView) -> AnyView {
    let label = label.into();
    let head = columns.iter().map(|column| view! { <th scope="col">{*column}</th> }).collect_view();
    let rows = labelled(&rows.into_view().to_html(), columns);
    view! {
        <div class="table" tabindex="0" role="region" aria-label=label>
            <table class="register cards">
                <thead><tr>{head}</tr></thead>
                <tbody inner_html=rows></tbody>
            </table>
        </div>
    }
    .into_any()
}

/// The rows, where every cell says under which column it stands.
fn labelled(rows: &str, columns: &[&'static str]) -> String {
    let mut html = String::with_capacity(rows.len() * 2);
    let mut column = 0;
    for (place, part) in rows.split('<').enumerate() {
        if place > 0 {
            html.push('<');
        }
        let name = part.split(|sign: char| !sign.is_ascii_alphanumeric()).next().unwrap_or_default();
        html.push_str(name);
        if name == "tr" {
            column = 0;
        } else if matches!(name, "th" | "td") {
            html.push_str(&format!(" data-label=\"{}\"", columns.get(column).copied().unwrap_or_default()));
            column += 1;
        }
        html.push_str(&part[name.len()..]);
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_says_under_which_column_it_stands() {
        let rows = || view! { <tr><th scope="row"><b>"Amy <tr>"</b></th><td class="x">"1"</td></tr><tr><th scope="row">"Ben"</th><td></td></tr> };
        let drawn = list_table("People", &["Name", "Marks"], rows()).to_html();
        for part in [
            r#"<tr><th data-label="Name" scope="row">"#,
            r#"<td data-label="Marks" class="x">"#,
            r#"<td data-label="Marks"></td>"#,
            "Amy &lt;tr&gt;",
        ] {
            assert!(drawn.contains(part), "{part} in {drawn}");
        }
        assert_eq!(drawn.matches("<tr").count(), 3, "{drawn}");
    }
}
