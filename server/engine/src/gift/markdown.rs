//! The text of Markdown of others. It is taken for its text alone: a quiz of ours has no room for lists in an option, and
//! links of theirs lead nowhere.

use pulldown_cmark::{Event, Options, Parser, Tag};

/// The paragraphs of some Markdown, and whether more than paragraphs is lost.
pub(super) fn read_markdown(markdown: &str) -> (Vec<String>, bool) {
    let mut paragraphs = vec![String::new()];
    let mut lost = false;
    for event in Parser::new_ext(markdown, Options::ENABLE_STRIKETHROUGH) {
        let text = match event {
            Event::Start(tag) => {
                lost |= !matches!(tag, Tag::Paragraph | Tag::HtmlBlock);
                if !is_inline(&tag) {
                    paragraphs.push(String::new());
                }
                continue;
            }
            Event::Rule | Event::HardBreak => {
                lost |= event == Event::Rule;
                paragraphs.push(String::new());
                continue;
            }
            Event::Code(code) => {
                lost = true;
                code
            }
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => text,
            Event::SoftBreak => " ".into(),
            _ => continue,
        };
        if let Some(last) = paragraphs.last_mut() {
            last.push_str(&text);
        }
    }
    (paragraphs, lost)
}

fn is_inline(tag: &Tag<'_>) -> bool {
    matches!(tag, Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_comes_through_as_its_text() {
        let shown = |markdown| {
            let (paragraphs, lost) = read_markdown(markdown);
            (paragraphs.join("|"), lost)
        };
        assert_eq!(shown("One\ntwo\n\nthree  \nfour"), ("|One two|three|four".to_owned(), false));
        assert_eq!(shown("# A *b* `c` [d](e)"), ("|A b c d".to_owned(), true));
        assert_eq!(shown("- one\n- two\n\n---\n<b>"), ("||one|two||<b>".to_owned(), true));
    }
}
