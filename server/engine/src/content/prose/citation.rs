//! `{{fact:ID}}` within text.

use model::FactId;

/// A stretch of text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'t> {
    /// Text as it is.
    Plain(&'t str),
    /// A fact to put in place, and where its braces begin.
    Fact(FactId, usize),
    /// Something between double braces that is no fact, and where it begins.
    Bad(&'t str, usize),
}

/// Cuts text at its double braces.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    const OPEN: &str = "{{";
    const CLOSE: &str = "}}";
    let mut pieces = Vec::new();
    let mut done = 0;
    // Most texts have no brace at all, and each is cut more than once.
    if !text.contains('{') {
        pieces.extend((!text.is_empty()).then_some(Piece::Plain(text)));
        return pieces;
    }
    while let Some(open) = text[done..].find(OPEN).map(|at| done + at) {
        if open > done {
            pieces.push(Piece::Plain(&text[done..open]));
        }
        let end = text[open..].find(CLOSE).map_or(text.len(), |at| open + at + CLOSE.len());
        let whole = &text[open..end];
        let id = whole.strip_prefix(OPEN).and_then(|rest| rest.strip_suffix(CLOSE));
        pieces.push(match id.and_then(|inner| inner.strip_prefix("fact:")).map(FactId::new) {
            Some(Ok(id)) => Piece::Fact(id, open),
            _ => Piece::Bad(whole, open),
        });
        done = end;
    }
    if done < text.len() {
        pieces.push(Piece::Plain(&text[done..]));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_at_its_facts() {
        insta::assert_debug_snapshot!(pieces("{{fact:a}} and {{fact: x}} {{"), @r#"
        [
            Fact(
                FactId(
                    "a",
                ),
                0,
            ),
            Plain(
                " and ",
            ),
            Bad(
                "{{fact: x}}",
                15,
            ),
            Plain(
                " ",
            ),
            Bad(
                "{{",
                27,
            ),
        ]
        "#);
    }
}
