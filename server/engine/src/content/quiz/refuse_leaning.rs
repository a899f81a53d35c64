//! Options that lean on others by their place, such as "All of the above".

use pulldown_cmark::Tag;

use super::sections::Sections;
use crate::content::{
    problems::Code,
    prose::{Element, Node, Writer, items},
};

/// Reports options that lean on the place of others, in a question whose options are shuffled. They are refused rather than kept in
/// the last place: which place an option has is written down with nobody's attempt but follows from its seed, and must be the same for
/// every version of Induct; and who sees such an option last learns that its author ran out of mistakes.
pub(crate) fn refuse_leaning_options(sections: &Sections<'_, '_>, writer: &mut Writer<'_, '_>) {
    if writer.known.names.is_none() {
        return;
    }
    let nodes = sections.own.iter().chain(sections.variants.iter().copied().flatten());
    let lists = nodes.filter_map(|node| match node {
        Node::Element(list) if matches!(list.tag, Tag::List(_)) => Some(list),
        _ => None,
    });
    let leaning: Vec<usize> = lists.flat_map(|list| leaning(list, writer)).collect();
    for at in leaning {
        let message = "This option leans on the place of others, and options are shuffled.";
        let help = "Say in it what you mean, or keep the author's order with `order: fixed` in the comment below the question.";
        writer.report.error(at, Code::OptionOutOfPlace, message, help);
    }
}

fn leaning(list: &Element<'_>, writer: &Writer<'_, '_>) -> Vec<usize> {
    let options = items(list);
    let options = options.iter().filter(|item| item.ticked.is_some());
    options.filter(|item| leans(&writer.plain(item.line))).map(|item| item.at).collect()
}

/// Whether an option means others by their place or their letter.
pub(crate) fn leans(text: &str) -> bool {
    /// English and Welsh; "above" alone may be anything.
    const PHRASES: [&str; 8] = [
        "of the above",
        "all the above",
        "of the below",
        "options above",
        "answers above",
        "o'r uchod",
        "o’r uchod",
        "i gyd uchod",
    ];
    let text = text.to_lowercase();
    let text = text.trim_matches(|sign: char| sign.is_whitespace() || sign.is_ascii_punctuation());
    let may_lean = ["above", "below", "uchod"].iter().any(|word| text.contains(word));
    may_lean && PHRASES.iter().any(|phrase| text.contains(phrase)) || names_letters(text)
}

/// "Both A and B", "A, B and D only"
fn names_letters(text: &str) -> bool {
    let words: Vec<&str> = text
        .split(|sign: char| sign.is_whitespace() || ",.&()/".contains(sign))
        .filter(|word| !word.is_empty())
        .collect();
    let is_letter = |word: &&str| matches!(word.as_bytes(), [b'a'..=b'h'] | [b'1'..=b'9']);
    let joins = |word: &&str| {
        ["and", "or", "nor", "both", "only", "either", "neither", "all", "of", "options", "option", "answers"]
            .contains(word)
    };
    words.iter().filter(|word| is_letter(word)).count() >= 2
        && words.iter().all(|word| is_letter(word) || joins(word))
        && words.iter().any(|word| {
            matches!(*word, "both" | "only" | "either" | "neither") || matches!(word.as_bytes(), [b'b'..=b'h'])
        })
        && words.iter().any(joins)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leans_is_found_and_what_stands_by_itself_is_not() {
        for text in [
            "All of the above",
            "None of the above.",
            "Pob un o'r uchod",
            "Both A and B",
            "A, B and D only",
            "B & C only",
        ] {
            assert!(leans(text), "{text}");
        }
        for text in [
            "All of them",
            "None of these people",
            "1 or 2",
            "A and E is for danger",
            "The floor above",
            "Vitamin B",
            "Call 9 or 9",
        ] {
            assert!(!leans(text), "{text}");
        }
    }
}
