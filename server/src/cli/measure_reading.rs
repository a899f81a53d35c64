//! How easily what ships reads, page by page.

use engine::{
    catalogue::{Catalogue, Prose},
    content::{DaleChall, FamiliarWords, ReadingMeasures, reading_measures},
    count,
};
use serde::Serialize;

/// How easily each page and each agreement reads that has enough sentences, and how all of them read together.
#[derive(Serialize)]
pub(super) struct Reading {
    texts: Vec<Measured>,
    /// `None` when no text has enough sentences.
    all: Option<Overall>,
}

#[derive(Serialize)]
struct Measured {
    /// The page as `MODULE/PAGE`, or `agreement SLUG`.
    text: String,
    #[serde(flatten)]
    measures: ReadingMeasures,
}

/// Means count a text as often as it has words.
#[derive(Serialize)]
struct Overall {
    texts: usize,
    words: u32,
    grade: f64,
    highest_grade: f64,
    longest_sentence: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    dale_chall: Option<OverallDaleChall>,
}

#[derive(Serialize)]
struct OverallDaleChall {
    #[serde(flatten)]
    mean: DaleChall,
    highest_score: f64,
    lowest_cloze: f64,
}

impl Reading {
    /// Measures what is in a catalogue; by the formulas of Dale and Chall, too, if there is a list of familiar words.
    pub(super) fn of(catalogue: &Catalogue, familiar: Option<&FamiliarWords>) -> Self {
        let pages = catalogue.modules.values().flat_map(|module| {
            module.pages.iter().map(move |page| (format!("{}/{}", module.slug, page.slug), &page.prose))
        });
        let agreements =
            catalogue.agreements.values().map(|agreement| (format!("agreement {}", agreement.slug), &agreement.text));
        let measured = |(text, prose): (String, &Prose)| {
            reading_measures(prose, familiar).map(|measures| Measured { text, measures })
        };
        let texts: Vec<Measured> = pages.chain(agreements).filter_map(measured).collect();
        let all = overall(&texts);
        Self { texts, all }
    }

    /// A line for each text: the grade, how many of a hundred words are long, the longest sentence and the words; with a list of familiar
    /// words also how many of a hundred are not among them, and both scores. Then the same for all together.
    pub(super) fn table(&self) -> String {
        let Some(all) = &self.all else { return "no text has enough sentences to be measured\n".to_owned() };
        let mut list =
            format!("{:52} {:>5} {:>10} {:>16} {:>5}", "page", "grade", "long words", "longest sentence", "words");
        if all.dale_chall.is_some() {
            list.push_str(&format!(" {:>10} {:>10} {:>5}", "unfamiliar", "Dale–Chall", "cloze"));
        }
        list.push('\n');
        for Measured { text, measures } in &self.texts {
            let ReadingMeasures { words, grade, long_words, longest_sentence, dale_chall } = measures;
            list.push_str(&format!("{text:52} {grade:5.1} {long_words:9.1}% {longest_sentence:16} {words:5}"));
            if let Some(DaleChall { unfamiliar, score, cloze }) = dale_chall {
                list.push_str(&format!(" {unfamiliar:9.1}% {score:10.1} {cloze:5.1}"));
            }
            list.push('\n');
        }
        let Overall { texts, words, grade, highest_grade, longest_sentence, dale_chall } = all;
        list.push_str(&format!(
            "{} with {}: grade {grade:.1}, at most {highest_grade:.1}; the longest sentence has \
             {}\n",
            count(*texts, "text", "texts"),
            count(*words, "word", "words"),
            count(*longest_sentence, "word", "words")
        ));
        if let Some(OverallDaleChall { mean, highest_score, lowest_cloze }) = dale_chall {
            let DaleChall { unfamiliar, score, cloze } = mean;
            list.push_str(&format!(
                "{unfamiliar:.1}% of the words are not familiar: Dale–Chall {score:.1}, at most {highest_score:.1} (1948); cloze \
                 {cloze:.1}, at least {lowest_cloze:.1} (1995)\n",
            ));
        }
        list
    }
}

fn overall(texts: &[Measured]) -> Option<Overall> {
    let highest_grade = texts.iter().map(|text| text.measures.grade).reduce(f64::max)?;
    let words: u32 = texts.iter().map(|text| text.measures.words).sum();
    let mean = |of: &dyn Fn(&ReadingMeasures) -> f64| {
        texts.iter().map(|text| of(&text.measures) * f64::from(text.measures.words)).sum::<f64>()
            / f64::from(words.max(1))
    };
    let counted: Vec<DaleChall> = texts.iter().filter_map(|text| text.measures.dale_chall).collect();
    let mean_of = |of: fn(DaleChall) -> f64| mean(&|measures| measures.dale_chall.map(of).unwrap_or_default());
    let dale_chall =
        counted.iter().map(|counted| counted.score).reduce(f64::max).map(|highest_score| OverallDaleChall {
            mean: DaleChall {
                unfamiliar: mean_of(|counted| counted.unfamiliar),
                score: mean_of(|counted| counted.score),
                cloze: mean_of(|counted| counted.cloze),
            },
            highest_score,
            lowest_cloze: counted.iter().map(|counted| counted.cloze).fold(f64::INFINITY, f64::min),
        });
    Some(Overall {
        texts: texts.len(),
        words,
        grade: mean(&|measures| measures.grade),
        highest_grade,
        longest_sentence: texts.iter().map(|text| text.measures.longest_sentence).max().unwrap_or_default(),
        dale_chall,
    })
}
