//! Names made from what a question asks.

use std::collections::BTreeSet;

use model::QuestionId;
use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

/// A name made of the first words of a text, other than the names that are taken.
pub(crate) fn question_id(text: &str, taken: &BTreeSet<QuestionId>) -> Option<QuestionId> {
    const LONGEST: usize = 40;
    let plain: String = text.nfkd().filter(|char| !is_combining_mark(*char) && !matches!(char, '\'' | '’')).collect();
    let plain = plain.to_ascii_lowercase();
    let mut name = String::new();
    for word in plain.split(|char: char| !char.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        if !name.is_empty() && name.len() + 1 + word.len() > LONGEST {
            break;
        }
        if !name.is_empty() {
            name.push('-');
        }
        name.push_str(&word[..word.len().min(LONGEST)]);
    }
    if name.is_empty() {
        name.push_str("question");
    }
    let numbered = (2..).map(|number| format!("{name}-{number}"));
    let names = [name.clone()].into_iter().chain(numbered);
    names.map_while(|name| QuestionId::new(name.as_str()).ok()).find(|id| !taken.contains(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_made_of_the_first_words_and_is_nobody_elses() {
        let mut taken = BTreeSet::new();
        let mut ids = Vec::new();
        for stem in [
            "What's first?",
            "Whats – first",
            "",
            "¿Où?",
            "Donaudampfschifffahrtsgesellschaftskapitänsmütze",
            "a b c d e f g h i j k l m n o p q r s t u v w x y z",
        ] {
            let id = question_id(stem, &taken).expect("there is always another name");
            taken.insert(id.clone());
            ids.push(id.to_string());
        }
        insta::assert_snapshot!(ids.join("\n"), @"
        whats-first
        whats-first-2
        question
        ou
        donaudampfschifffahrtsgesellschaftskapit
        a-b-c-d-e-f-g-h-i-j-k-l-m-n-o-p-q-r-s-t
        ");
    }
}
