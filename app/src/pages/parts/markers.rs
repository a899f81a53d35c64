/// The HTML of a document without the markers that part its texts. Only islands need them, which find their texts again by them;
/// there they become comments as the standard writes them, and a browser makes the same of both.
pub(crate) fn without_markers(html: &str) -> String {
    const MARKER: &str = "<!>";
    let mut tidy = String::with_capacity(html.len());
    let mut rest = html;
    let mut islands = 0_usize;
    while let Some(at) = rest.find('<') {
        let (text, from) = rest.split_at(at);
        tidy.push_str(text);
        rest = if let Some(after) = from.strip_prefix(MARKER) {
            if islands > 0 {
                tidy.push_str("<!---->");
            }
            after
        } else {
            match from {
                island if island.starts_with("<leptos-island") => islands += 1,
                end if end.starts_with("</leptos-island") => islands = islands.saturating_sub(1),
                _ => {}
            }
            let (tag, after) = from.split_at(tag_end(from));
            tidy.push_str(tag);
            after
        };
    }
    tidy + rest
}

/// Where the tag ends that a text begins with. What stands between quotes is an attribute's value, whatever is in it; a script has no
/// tags in it.
fn tag_end(html: &str) -> usize {
    if html.starts_with("<script") {
        return html.find("</script>").map_or(html.len(), |at| at + "</script>".len());
    }
    let mut quoted = false;
    for (at, character) in html.char_indices() {
        match character {
            '"' => quoted = !quoted,
            '>' if !quoted => return at + 1,
            _ => {}
        }
    }
    html.len()
}

#[cfg(test)]
mod tests {
    use super::without_markers;

    #[test]
    fn markers_go_and_what_looks_like_one_in_a_value_stays() {
        let html = r#"<p>a<!>b<!></p><input value="<!>"/><script>if (1 < 2) "<!>"</script><!>é"#;
        assert_eq!(without_markers(html), r#"<p>ab</p><input value="<!>"/><script>if (1 < 2) "<!>"</script>é"#);
    }

    #[test]
    fn islands_keep_them_as_comments() {
        let html =
            r#"<p>a<!></p><leptos-island data-props="[&quot;<!>&quot;]"><p>a<!>b</p></leptos-island><p>c<!></p>"#;
        let tidy = r#"<p>a</p><leptos-island data-props="[&quot;<!>&quot;]"><p>a<!---->b</p></leptos-island><p>c</p>"#;
        assert_eq!(without_markers(html), tidy);
        assert_eq!(without_markers("no end <p"), "no end <p");
    }
}
