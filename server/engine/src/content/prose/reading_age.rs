//! How easily a text reads.

use std::mem;

use serde::Serialize;

use super::familiar_words::{DaleChall, FamiliarWords};
use crate::catalogue::{Block, Prose};

/// How easily a text reads, by counting.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ReadingMeasures {
    /// How many words stand in its sentences.
    pub words: u32,
    /// The Flesch–Kincaid grade level (J. P. Kincaid, R. P. Fishburne, R. L. Rogers and B. S. Chissom, "Derivation of New Readability
    /// Formulas for Navy Enlisted Personnel", Research Branch Report 8-75, Naval Technical Training Command, 1975):
    /// `0.39 × words ÷ sentences + 11.8 × syllables ÷ words − 15.59`. The age in years is about 5 more.
    pub grade: f64,
    /// How many of a hundred words have three syllables or more.
    pub long_words: f64,
    /// How many words its longest sentence has.
    pub longest_sentence: u32,
    /// What the words say that are not familiar. `None` without a list of familiar words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dale_chall: Option<DaleChall>,
}

/// Measures a text, and by a list of familiar words too if there is one. `None` when there are fewer than 50 words in sentences. Headings,
/// tables and code are no sentences and don't count; facts count as they stand on the page.
#[must_use]
pub fn reading_measures(prose: &Prose, familiar: Option<&FamiliarWords>) -> Option<ReadingMeasures> {
    const FEWEST_WORDS: usize = 50;
    let html = prose.blocks.iter().map(|block| match block {
        Block::Html(html) => html.as_str(),
        Block::Help => "",
    });
    let paragraphs: Vec<String> = html.flat_map(paragraphs).collect();
    let sentences = sentences_of(&paragraphs);
    let syllables: Vec<u32> = sentences.iter().flatten().map(|word| syllables_of(word)).collect();
    if syllables.len() < FEWEST_WORDS {
        return None;
    }
    let count = |many: usize| u32::try_from(many).unwrap_or(u32::MAX);
    let words = f64::from(count(syllables.len()));
    let words_in_a_sentence = words / f64::from(count(sentences.len()));
    let of_a_hundred = |many: usize| 100.0 * f64::from(count(many)) / words;
    Some(ReadingMeasures {
        words: count(syllables.len()),
        grade: 0.39 * words_in_a_sentence + 11.8 * f64::from(syllables.iter().sum::<u32>()) / words - 15.59,
        long_words: of_a_hundred(syllables.iter().filter(|count| **count >= 3).count()),
        longest_sentence: count(sentences.iter().map(Vec::len).max().unwrap_or_default()),
        dale_chall: familiar.map(|familiar| {
            let unfamiliar = of_a_hundred(familiar.unfamiliar_in(&sentences));
            DaleChall::of(unfamiliar, words_in_a_sentence)
        }),
    })
}

/// The words of each sentence, as they are printed, with the marks beside them.
fn sentences_of(paragraphs: &[String]) -> Vec<Vec<&str>> {
    let mut sentences = Vec::new();
    for paragraph in paragraphs {
        let mut open = Vec::new();
        for word in paragraph.split_whitespace() {
            if word.contains(char::is_alphanumeric) {
                open.push(word);
            }
            let ends = word.trim_end_matches(['"', '\'', ')', '”', '’']).ends_with(['.', '!', '?']);
            if ends && !open.is_empty() {
                sentences.push(mem::take(&mut open));
            }
        }
        if !open.is_empty() {
            sentences.push(open);
        }
    }
    sentences
}

/// The reading age of a page in years, the grade and the 5 years before the first. `None` when there is too little text to tell.
pub(crate) fn reading_age(prose: &Prose) -> Option<f64> {
    reading_measures(prose, None).map(|measures| measures.grade + 5.0)
}

/// The text of HTML that was made here, cut where a paragraph, an item and the like ends.
fn paragraphs(html: &str) -> Vec<String> {
    const WITHIN_A_LINE: [&str; 7] = ["a", "br", "code", "del", "em", "span", "strong"];
    const SKIPPED: [&str; 6] = ["h2", "h3", "pre", "sup", "svg", "table"];
    let mut paragraphs = vec![String::new()];
    let mut skipped: u32 = 0;
    for piece in html.split('<') {
        let (tag, text) = piece.split_once('>').unwrap_or(("", piece));
        let closing = tag.starts_with('/');
        let name = tag.trim_start_matches('/').split([' ', '/', '\n']).next().unwrap_or_default();
        if SKIPPED.contains(&name) {
            skipped = if closing { skipped.saturating_sub(1) } else { skipped + 1 };
        } else if !name.is_empty() && !WITHIN_A_LINE.contains(&name) {
            paragraphs.push(String::new());
        }
        if skipped == 0
            && let Some(paragraph) = paragraphs.last_mut()
        {
            if text.contains('&') {
                paragraph.push_str(&text.replace("&quot;", "\"").replace("&amp;", "&"));
            } else {
                paragraph.push_str(text);
            }
        }
    }
    paragraphs
}

/// About how many syllables an English word has: its groups of vowels, without the letters at its end that are silent.
fn syllables_of(word: &str) -> u32 {
    let mut groups: u32 = 0;
    // The last three letters, with blanks where there are fewer.
    let mut last = [' '; 3];
    let mut count = |letter: char| {
        groups += u32::from(is_vowel(letter) && !is_vowel(last[2]));
        last = [last[1], last[2], letter];
    };
    for letter in word.chars().filter(|letter| letter.is_alphabetic()) {
        if letter.is_ascii() { count(letter.to_ascii_lowercase()) } else { letter.to_lowercase().for_each(&mut count) }
    }
    let silent = match last {
        [' ', ' ', _] => false,
        [before, 'l', 'e'] if before != ' ' && !is_vowel(before) => false,
        [_, before, 'e'] => !is_vowel(before),
        [before, 'e', 'd'] => !is_vowel(before) && !matches!(before, ' ' | 't' | 'd'),
        [before, 'e', 's'] => !is_vowel(before) && !matches!(before, ' ' | 's' | 'x' | 'z' | 'c' | 'g' | 'h'),
        _ => false,
    };
    groups.saturating_sub(u32::from(silent)).max(1)
}

fn is_vowel(letter: char) -> bool {
    matches!(
        letter,
        'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'á' | 'é' | 'í' | 'ó' | 'ú' | 'â' | 'ê' | 'î' | 'ô' | 'û' | 'ŵ' | 'ŷ'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_are_groups_of_vowels_without_silent_ends() {
        let words = "cat take table asked wanted images makes safeguarding the 12 tutor's ye me le es ed Éire İe";
        let counted: Vec<_> = words.split(' ').map(|word| format!("{word} {}", syllables_of(word))).collect();
        insta::assert_snapshot!(
            counted.join(", "),
            @"cat 1, take 1, table 2, asked 1, wanted 2, images 3, makes 1, safeguarding 4, the 1, 12 1, tutor's 2, ye 1, me 1, le 1, es 1, ed 1, Éire 1, İe 1"
        );
    }

    #[test]
    fn headings_tables_and_notes_are_no_sentences() {
        let html = "<h2 id=\"a\">What it is</h2>\n<p>One <em>two</em>.<sup class=\"fact-note\"><a href=\"#b\">1</a></sup></p>\
                    <div class=\"table\"><table><tr><td>no</td></tr></table></div><ul>\n<li>three</li>\n<li>four</li>\n</ul>";
        let paragraphs: Vec<_> = paragraphs(html).iter().map(|text| text.trim().to_owned()).collect();
        assert_eq!(
            paragraphs.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>(),
            ["One two.", "three", "four"]
        );
    }
}
