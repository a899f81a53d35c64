use engine::catalogue::{Block, Prose};

/// How many words an adult reader of little practice reads in a minute. The middle of what is measured for silent reading is 238
/// (M. Brysbaert, "How many words do we read per minute?", Journal of Memory and Language 109, 2019).
const WORDS_IN_A_MINUTE: usize = 170;

/// How many minutes it takes to read texts, one after the other; at least one.
pub fn minutes_to_read<'p>(texts: impl IntoIterator<Item = &'p Prose>) -> usize {
    let words: usize = texts.into_iter().flat_map(|text| &text.blocks).map(words).sum();
    words.div_ceil(WORDS_IN_A_MINUTE).max(1)
}

/// The words of a block, without its tags; what is drawn counts as read.
fn words(block: &Block) -> usize {
    let Block::Html(html) = block else { return 0 };
    let text = html.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text));
    text.map(|text| text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted_and_tags_are_not() {
        let html = r#"<p class="a b c">One <strong>two</strong>, three – four.</p><ul><li>Five</li></ul>"#;
        assert_eq!(words(&Block::Html(html.to_owned())), 5);
        assert_eq!(words(&Block::Help), 0);
    }

    #[test]
    fn what_is_left_of_a_minute_is_one() {
        let text = |words: usize| Prose { blocks: vec![Block::Html("word ".repeat(words))], ..Prose::default() };
        assert_eq!(minutes_to_read([]), 1);
        assert_eq!(minutes_to_read([&text(170)]), 1);
        assert_eq!(minutes_to_read([&text(100), &text(71)]), 2);
    }
}
