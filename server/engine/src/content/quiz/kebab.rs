//! Names made from what a question asks.

use std::collections::{BTreeMap, BTreeSet};

use model::QuestionId;
use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

/// Names that are given one after the other, and each once.
#[derive(Default)]
pub(crate) struct QuestionIds {
    taken: BTreeSet<QuestionId>,
    /// By what a name would be: the last number that was tried for it.
    tried: BTreeMap<String, u32>,
}

impl QuestionIds {
    /// Takes a name that was given elsewhere.
    pub(crate) fn take(&mut self, id: QuestionId) {
        self.taken.insert(id);
    }

    /// Gives a name made of the first words of a text, with a number where it is taken.
    pub(crate) fn give(&mut self, text: &str) -> Option<QuestionId> {
        let name = name_of(text);
        let mut number = self.tried.get(&name).copied().unwrap_or(1);
        let id = loop {
            let id = if number == 1 { name.clone() } else { format!("{name}-{number}") };
            let id = QuestionId::new(id).ok()?;
            if !self.taken.contains(&id) {
                break id;
            }
            number += 1;
        };
        self.tried.insert(name, number);
        self.taken.insert(id.clone());
        Some(id)
    }
}

/// A name made of the first words of a text.
fn name_of(text: &str) -> String {
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
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_made_of_the_first_words_and_is_nobody_elses() {
        let mut given = QuestionIds::default();
        let mut ids = Vec::new();
        for stem in [
            "What's first?",
            "Whats – first",
            "",
            "¿Où?",
            "Donaudampfschifffahrtsgesellschaftskapitänsmütze",
            "a b c d e f g h i j k l m n o p q r s t u v w x y z",
        ] {
            let id = given.give(stem).expect("there is always another name");
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
