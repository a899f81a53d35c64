use crate::catalogue::{Block, Prose};

/// How many words of a text are read: without its tags, with what stands in its drawings. The reader's contacts count for nothing.
pub(crate) fn words_to_read(prose: &Prose) -> usize {
    words_in_blocks(&prose.blocks)
}

/// The same of some blocks of a text.
pub(crate) fn words_in_blocks(blocks: &[Block]) -> usize {
    blocks.iter().map(words).sum()
}

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
        let blocks = vec![Block::Html(html.to_owned()), Block::Help, Block::Html("<p>Six</p>".to_owned())];
        assert_eq!(words_to_read(&Prose { blocks, ..Prose::default() }), 6);
        assert_eq!(words_to_read(&Prose::default()), 0);
    }
}
