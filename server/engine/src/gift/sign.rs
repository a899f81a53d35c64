//! The signs of a GIFT file, of which some mean something unless a backslash stands before them.

/// A character, with its place in the file, and whether a backslash takes its meaning away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sign {
    pub(super) at: usize,
    pub(super) char: char,
    pub(super) escaped: bool,
}

impl Sign {
    pub(super) fn is(self, char: char) -> bool {
        self.char == char && !self.escaped
    }
}

/// The signs of a stretch of a file that begins at `at`. A backslash before anything that GIFT does not know is one itself;
/// `\n` is a line break that the author wants to keep.
pub(super) fn signs(text: &str, at: usize) -> Vec<Sign> {
    let mut signs = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((offset, char)) = chars.next() {
        let at = at + offset;
        let meant = match (char, chars.peek().map(|(_, next)| *next)) {
            ('\\', Some('n')) => Some('\n'),
            ('\\', Some(next)) if "\\:#={}~".contains(next) => Some(next),
            _ => None,
        };
        match meant {
            Some(char) => {
                chars.next();
                signs.push(Sign { at, char, escaped: true });
            }
            None => signs.push(Sign { at, char, escaped: false }),
        }
    }
    signs
}

/// Where a pattern begins, none of whose signs is escaped.
pub(super) fn find(signs: &[Sign], pattern: &str) -> Option<usize> {
    (0..signs.len()).find(|&start| begins_with(&signs[start..], pattern))
}

pub(super) fn begins_with(signs: &[Sign], pattern: &str) -> bool {
    let mut left = signs.iter();
    pattern.chars().all(|char| left.next().is_some_and(|sign| sign.is(char)))
}

/// What stands before and after the first place of a pattern.
pub(super) fn split_once<'s>(signs: &'s [Sign], pattern: &str) -> Option<(&'s [Sign], &'s [Sign])> {
    let at = find(signs, pattern)?;
    Some((&signs[..at], &signs[at + pattern.chars().count()..]))
}

/// What stands before and after the last place of a pattern.
pub(super) fn rsplit_once<'s>(signs: &'s [Sign], pattern: &str) -> Option<(&'s [Sign], &'s [Sign])> {
    let at = (0..signs.len()).rev().find(|&start| begins_with(&signs[start..], pattern))?;
    Some((&signs[..at], &signs[at + pattern.chars().count()..]))
}

/// Without the spaces and line breaks around it.
pub(super) fn trimmed(signs: &[Sign]) -> &[Sign] {
    let is_text = |sign: &Sign| !sign.char.is_whitespace();
    match (signs.iter().position(is_text), signs.iter().rposition(is_text)) {
        (Some(first), Some(last)) => &signs[first..=last],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backslash_takes_the_meaning_away() {
        let signs = signs(r"é\~~\\\n\a\", 10);
        let shown: Vec<_> = signs.iter().map(|sign| (sign.at, sign.char, sign.escaped)).collect();
        let expected = [
            (10, 'é', false),
            (12, '~', true),
            (14, '~', false),
            (15, '\\', true),
            (17, '\n', true),
            (19, '\\', false),
            (20, 'a', false),
            (21, '\\', false),
        ];
        assert_eq!(shown, expected);
        assert_eq!(find(&signs, "~"), Some(2));
        assert_eq!(find(&signs, "~~"), None);
    }
}
