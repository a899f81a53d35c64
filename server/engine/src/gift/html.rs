//! The text of HTML, which is what Moodle's own export writes. Nothing of it comes through as HTML.

use std::collections::BTreeSet;

use pulldown_cmark::{Event, Parser};

/// The paragraphs of some HTML, and the tags whose meaning is lost. Whatever is no HTML is text.
pub(super) fn read_html(html: &str) -> (Vec<String>, BTreeSet<String>) {
    /// They say nothing but where a paragraph ends.
    const PARAGRAPHS: [&str; 3] = ["p", "br", "div"];
    const BLOCKS: [&str; 20] = [
        "article",
        "blockquote",
        "dd",
        "dl",
        "dt",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "li",
        "ol",
        "pre",
        "section",
        "table",
        "td",
        "tr",
        "ul",
    ];
    let mut paragraphs = vec![String::new()];
    let mut lost = BTreeSet::new();
    // What begins behind it is no tag, and is not searched for its end over and over.
    let last_end = html.rfind('>').unwrap_or(0);
    let last_comment_end = html.rfind("-->").unwrap_or(0);
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        let (before, found) = rest.split_at(at);
        push(&mut paragraphs, before);
        let found_at = html.len() - found.len();
        rest = if found_at < last_comment_end
            && let Some((_, after)) = found.strip_prefix("<!--").and_then(|comment| comment.split_once("-->"))
        {
            after
        } else if found_at < last_end
            && let Some((tag, after)) = tag(found)
        {
            let is_block = BLOCKS.contains(&tag.as_str());
            if is_block || PARAGRAPHS.contains(&tag.as_str()) {
                paragraphs.push(String::new());
            }
            let after = match tag.as_str() {
                "script" | "style" if !found.starts_with("</") => behind_element(after, &tag),
                _ => after,
            };
            if !PARAGRAPHS.contains(&tag.as_str()) && tag != "span" {
                lost.insert(tag);
            }
            after
        } else if let Some((text, after)) = entity(found) {
            push(&mut paragraphs, &text);
            after
        } else {
            let (sign, after) = found.split_at(1);
            push(&mut paragraphs, sign);
            after
        };
    }
    push(&mut paragraphs, rest);
    (paragraphs, lost)
}

fn push(paragraphs: &mut [String], text: &str) {
    if let Some(last) = paragraphs.last_mut() {
        last.push_str(text);
    }
}

/// The name of the tag that begins here, and what follows the tag.
fn tag(text: &str) -> Option<(String, &str)> {
    let inner = text.strip_prefix('<')?;
    let named = inner.strip_prefix('/').unwrap_or(inner);
    let length = named.find(|char: char| !char.is_ascii_alphanumeric()).unwrap_or(named.len());
    let (name, attributes) = named.split_at(length);
    if !name.starts_with(|char: char| char.is_ascii_alphabetic())
        || !attributes.starts_with(['>', '/', ' ', '\t', '\n'])
    {
        return None;
    }
    /// What is longer is no tag; otherwise each quotation mark that is left open would be searched for to the end.
    const LONGEST: usize = 16 * 1024;
    let mut quote = None;
    for (at, char) in attributes.char_indices().take_while(|(at, _)| *at < LONGEST) {
        match (quote, char) {
            (None, '>') => return Some((name.to_ascii_lowercase(), &attributes[at + 1..])),
            (None, '"' | '\'') => quote = Some(char),
            (Some(open), _) if open == char => quote = None,
            _ => {}
        }
    }
    None
}

/// What follows an element whose content is no text.
fn behind_element<'h>(content: &'h str, name: &str) -> &'h str {
    let ends = content.match_indices("</").map(|(at, _)| &content[at..]);
    ends.filter_map(tag).find(|(tag, _)| tag == name).map_or("", |(_, rest)| rest)
}

/// The text of the entity that begins here, and what follows it.
fn entity(text: &str) -> Option<(String, &str)> {
    /// As long as the longest name.
    const LONGEST: usize = 33;
    let end = text.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let (entity, rest) = text.split_at(end + 1);
    let is_name = entity[1..end].chars().all(|char| char == '#' || char.is_ascii_alphanumeric());
    // Markdown knows the same entities.
    let mut decoded = String::new();
    for event in Parser::new(entity) {
        if let Event::Text(text) = event {
            decoded.push_str(&text);
        }
    }
    (is_name && entity.starts_with('&') && decoded != entity).then_some((decoded, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(html: &str) -> String {
        let (paragraphs, lost) = read_html(html);
        let lost: Vec<String> = lost.into_iter().collect();
        format!("{} ({})", paragraphs.join("|"), lost.join(" "))
    }

    #[test]
    fn html_comes_through_as_its_text() {
        assert_eq!(
            shown("<p>Tom &amp; Ann&nbsp;&#8211; &lt;b&gt;</p><p>caf&eacute;</p>"),
            "|Tom & Ann\u{a0}– <b>||café| ()"
        );
        assert_eq!(shown("<P class='a>b'>One<br/>two <STRONG>three</STRONG></P>"), "|One|two three| (strong)");
        assert_eq!(shown("a<!-- <b> -->b<script>alert('</b>')</script >c<style>d"), "abc (script style)");
        assert_eq!(shown("<img src=\"a.png\" alt='>'>x<ul><li>y</li></ul>"), "x||y|| (img li ul)");
    }

    #[test]
    fn what_is_no_html_is_text() {
        for text in
            ["1 < 2 && 3 > 2", "<3", "<b", "<!-- a", "<a href=\"", "&unknown;", "&", "& co;", "<é>", "</>", "&amp"]
        {
            assert_eq!(shown(text), format!("{text} ()"));
        }
    }
}
