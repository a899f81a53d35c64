//! The comments that a quiz may hold: `<!-- id: first-step; page: what-to-do -->`.

use super::record::Placed;
use crate::content::text::Run;

/// The keys and values of a comment, each with its place in the file. `None` when the HTML is not one comment.
pub(crate) fn read_comment(html: &Run) -> Option<Vec<(Placed<String>, Placed<String>)>> {
    const OPEN: &str = "<!--";
    const CLOSE: &str = "-->";
    let text = html.text();
    let start = text.len() - text.trim_start().len();
    let inner = text.trim().strip_prefix(OPEN)?.strip_suffix(CLOSE)?;
    if inner.contains(CLOSE) {
        return None;
    }
    let mut at = start + OPEN.len();
    let mut entries = Vec::new();
    for entry in inner.split(';') {
        let (key, value) = entry.split_once(':').unwrap_or((entry, ""));
        let value_at = at + (entry.len() - value.len());
        if !entry.trim().is_empty() {
            entries.push((trimmed(html, key, at), trimmed(html, value, value_at)));
        }
        at += entry.len() + ';'.len_utf8();
    }
    Some(entries)
}

fn trimmed(html: &Run, text: &str, at: usize) -> Placed<String> {
    let at = at + (text.len() - text.trim_start().len());
    Placed { at: html.in_file(at), value: text.trim().to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_is_keys_and_values_with_places() {
        let comment = read_comment(&Run::of("<!-- id: a; page: what-to-do -->\n", 100)).unwrap_or_default();
        let shown: Vec<_> = comment
            .iter()
            .map(|(key, value)| format!("{}@{}={}@{}", key.value, key.at, value.value, value.at))
            .collect();
        assert_eq!(shown, ["id@105=a@109", "page@112=what-to-do@118"]);
    }

    #[test]
    fn other_html_is_no_comment() {
        for html in ["<b>", "<!-- a --> b -->", "<!-- a -->b", "<!--"] {
            assert_eq!(read_comment(&Run::of(html, 0)), None, "{html}");
        }
    }
}
