//! How easily what ships reads, page by page.

use engine::{
    catalogue::{Catalogue, Prose},
    content::{ReadingMeasures, reading_measures},
};

/// A line for each page and each agreement that has enough sentences: the grade, how many of a hundred words are long, the longest
/// sentence and the words. Then the same for all together.
pub(super) fn reading_of(catalogue: &Catalogue) -> String {
    let pages = catalogue.modules.values().flat_map(|module| {
        module.pages.iter().map(move |page| (format!("{}/{}", module.slug, page.slug), &page.prose))
    });
    let agreements =
        catalogue.agreements.values().map(|agreement| (format!("agreement {}", agreement.slug), &agreement.text));
    let measured = |(name, prose): (String, &Prose)| reading_measures(prose).map(|measures| (name, measures));
    let all: Vec<(String, ReadingMeasures)> = pages.chain(agreements).filter_map(measured).collect();
    let mut list =
        format!("{:52} {:>5} {:>10} {:>16} {:>5}\n", "page", "grade", "long words", "longest sentence", "words");
    for (name, ReadingMeasures { words, grade, long_words, longest_sentence }) in &all {
        list.push_str(&format!("{name:52} {grade:5.1} {long_words:9.1}% {longest_sentence:16} {words:5}\n"));
    }
    let Some(hardest) = all.iter().map(|(_, measures)| measures.grade).reduce(f64::max) else { return list };
    let longest = all.iter().map(|(_, measures)| measures.longest_sentence).max().unwrap_or_default();
    let words: u32 = all.iter().map(|(_, measures)| measures.words).sum();
    let mean = all.iter().map(|(_, measures)| measures.grade * f64::from(measures.words)).sum::<f64>()
        / f64::from(words.max(1));
    list.push_str(&format!(
        "{} texts with {words} words: grade {mean:.1}, at most {hardest:.1}; the longest sentence has {longest} words\n",
        all.len()
    ));
    list
}
