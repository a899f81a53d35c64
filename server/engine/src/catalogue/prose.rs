use super::Fact;

/// Running text as HTML of our own making.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prose {
    /// HTML with places in it where the reader's contacts are drawn.
    pub blocks: Vec<Block>,
    /// The facts that it cites, one for each source; the note numbered 1 is the first.
    pub facts: Vec<Fact>,
    /// The line of its file on which each block begins, counted from 1. Only drafts have it; there each paragraph, list
    /// and so on is a block of its own.
    pub lines: Vec<u32>,
}

/// A stretch of prose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// Ready HTML.
    Html(String),
    /// The contacts of the reader's site (`> [!HELP]`).
    Help,
}
