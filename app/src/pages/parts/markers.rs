use memchr::{memchr, memchr2_iter};

/// The HTML of a document behind what it begins with, without the markers that part its texts. Only islands need them, which find their
/// texts again by them; there they become comments as the standard writes them, and a browser makes the same of both.
pub(crate) fn without_markers(begins: &str, html: &str) -> String {
    const MARKER: &str = "<!>";
    let mut tidy = String::with_capacity(begins.len() + html.len());
    tidy.push_str(begins);
    let mut copied = 0;
    let mut at = 0;
    let mut islands = 0_usize;
    while let Some(found) = memchr(b'<', &html.as_bytes()[at..]) {
        at += found;
        let from = &html[at..];
        if from.starts_with(MARKER) {
            tidy.push_str(&html[copied..at]);
            if islands > 0 {
                tidy.push_str("<!---->");
            }
            at += MARKER.len();
            copied = at;
            continue;
        }
        if from.starts_with("<leptos-island") {
            islands += 1;
        } else if from.starts_with("</leptos-island") {
            islands = islands.saturating_sub(1);
        }
        at += tag_end(from);
    }
    tidy + &html[copied..]
}

/// Where the tag ends that a text begins with. What stands between quotes is an attribute's value, whatever is in it; a script has no
/// tags in it.
fn tag_end(html: &str) -> usize {
    if html.starts_with("<script") {
        return html.find("</script>").map_or(html.len(), |at| at + "</script>".len());
    }
    let bytes = html.as_bytes();
    let mut quoted = false;
    for at in memchr2_iter(b'"', b'>', bytes) {
        if bytes[at] == b'"' {
            quoted = !quoted;
        } else if !quoted {
            return at + 1;
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
        assert_eq!(without_markers("", html), r#"<p>ab</p><input value="<!>"/><script>if (1 < 2) "<!>"</script>é"#);
    }

    #[test]
    fn islands_keep_them_as_comments() {
        let html =
            r#"<p>a<!></p><leptos-island data-props="[&quot;<!>&quot;]"><p>a<!>b</p></leptos-island><p>c<!></p>"#;
        let tidy = r#"<p>a</p><leptos-island data-props="[&quot;<!>&quot;]"><p>a<!---->b</p></leptos-island><p>c</p>"#;
        assert_eq!(without_markers("", html), tidy);
        assert_eq!(without_markers("", "no end <p"), "no end <p");
        assert_eq!(without_markers("<!DOCTYPE html>", "<p>a<!>b"), "<!DOCTYPE html><p>ab");
    }
}
