//! A GIFT file in its blocks: blank lines stand between them, and comments are taken out.

use super::sign::{Sign, signs};

/// Lines without a blank one between them.
pub(super) struct Block {
    /// What the comments before and within it say.
    pub(super) notes: Vec<String>,
    /// What is not a comment; there is always something.
    pub(super) signs: Vec<Sign>,
}

/// Cuts a file, whose lines end in LF, into its blocks. A comment that stands alone belongs to the block after it.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut block = Block { notes: Vec::new(), signs: Vec::new() };
    let mut at = 0;
    // The empty line behind the end closes the last block.
    for line in text.split_inclusive('\n').chain([""]) {
        let words = line.trim();
        if let Some(note) = words.strip_prefix("//") {
            block.notes.extend(Some(note.trim()).filter(|note| is_of_use(note)).map(str::to_owned));
        } else if !words.is_empty() {
            block.signs.extend(signs(line, at));
        } else if !block.signs.is_empty() {
            blocks.push(block);
            block = Block { notes: Vec::new(), signs: Vec::new() };
        }
        at += line.len();
    }
    blocks
}

/// Moodle's own export says above each question what its name and number are, which is of no use elsewhere.
fn is_of_use(note: &str) -> bool {
    let counted =
        note.strip_prefix("question: ").map(|rest| rest.trim_start_matches(|char: char| char.is_ascii_digit()));
    !note.is_empty() && !counted.is_some_and(|rest| rest.trim_start().starts_with("name: "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_belong_to_the_block_that_they_stand_in_or_before() {
        let text = "// one\n\n\n// question: 3  name: A\nAsk {\n  // two\n T}\n \t\n//\n\nB\n// three";
        let shown: Vec<_> = blocks(text)
            .into_iter()
            .map(|block| (block.notes.join(", "), block.signs.iter().map(|sign| sign.char).collect::<String>()))
            .collect();
        assert_eq!(shown, [("one, two".to_owned(), "Ask {\n T}\n".to_owned()), ("three".to_owned(), "B\n".to_owned())]);
    }
}
