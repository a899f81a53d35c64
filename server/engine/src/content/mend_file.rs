//! Slips of the keyboard, mended in a file.

use super::text::{Kind, Layout, Slip, slips};

/// A Markdown file with plain blanks in place of others, and with quotations below the text of what they belong to; `None` when
/// there is nothing to be mended. Everything else stays as it is, byte for byte. `path` is the file's place below `content/`,
/// and `file` all of it as it stands on the disk. Boxes of other systems are left to their author.
#[must_use]
pub fn mended_file(path: &str, file: &str) -> Option<String> {
    let layout = if path.rsplit('/').next() == Some("quiz.md") {
        Layout::Quiz
    } else if path.starts_with("agreements/") {
        Layout::Agreement
    } else {
        Layout::Page
    };
    let slips: Vec<Slip> = slips(file, layout).into_iter().filter(|slip| !matches!(slip.kind, Kind::Box(_))).collect();
    let run = super::text::mended(file, &slips);
    (!slips.is_empty()).then(|| run.text().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_slips_is_mended_and_nothing_twice() {
        let quiz = "\u{feff}---\r\npass:\u{a0}80%\r\n---\r\n\r\n##\u{a0}A 5\u{a0}MB file?\r\n\r\n1. [x]\u{a0}Yes\r\n\u{a0}> Right.\r\n\
                    2. (x) No\r\n";
        let mended = mended_file("modules/a/quiz.md", quiz).unwrap();
        let expected = "\u{feff}---\r\npass: 80%\r\n---\r\n\r\n## A 5\u{a0}MB file?\r\n\r\n1. [x] Yes\r\n   > Right.\r\n2. (x) No\r\n";
        assert_eq!(mended, expected);
        assert_eq!(mended_file("modules/a/quiz.md", &mended), None);
        assert_eq!(mended_file("modules/a/10-b.md", "Text\u{a0}and more\n"), None);
    }
}
