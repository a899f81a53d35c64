//! The quizzes that ship, taken by two who have read nothing and go by the words of the options. One knows only "tell the lead, in
//! words, kindly, now", from a list that is kept beside the tests; the other has seen which options are right in all other modules.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use super::{
    answers_in_words::plain,
    draw::{Drawn, draw},
    guessing::shipped,
    mark::{Answer, Answers, mark},
};
use crate::catalogue::{Choice, Module, QuestionForm, Wording};

/// Thinks what a text, as HTML of ours, is worth: above nothing when it looks right.
type Opinion<'o> = dyn Fn(&str) -> f64 + 'o;

/// The same opinion, which is formed once of each text.
fn remembered<'o>(opinion: impl Fn(&str) -> f64 + 'o) -> impl Fn(&str) -> f64 + 'o {
    let formed: RefCell<BTreeMap<String, f64>> = RefCell::default();
    move |html| *formed.borrow_mut().entry(html.to_owned()).or_insert_with(|| opinion(&plain(html)))
}

/// Somebody who goes by words.
struct Guesser<'o> {
    of_options: &'o Opinion<'o>,
    /// Of sentences that are true or false.
    of_sentences: &'o Opinion<'o>,
}

impl Guesser<'_> {
    fn answers(&self, drawn: &[Drawn<'_>]) -> Answers {
        drawn.iter().map(|drawn| (drawn.question.id.clone(), self.answer(drawn))).collect()
    }

    fn answer(&self, drawn: &Drawn<'_>) -> Answer {
        let shown: Vec<usize> = drawn.options().map(|(_, place)| place).collect();
        match &drawn.wording.form {
            QuestionForm::One(choices) => Answer::Chosen(self.best(&shown, choices).into_iter().collect()),
            QuestionForm::TrueFalse(choices) => {
                let wanted = if (self.of_sentences)(&drawn.wording.stem) >= 0.0 { "True" } else { "False" };
                Answer::Chosen(shown.into_iter().filter(|place| plain(&choices[*place].html) == wanted).collect())
            }
            QuestionForm::Several(choices) => {
                let liked: BTreeSet<usize> =
                    shown.iter().copied().filter(|place| (self.of_options)(&choices[*place].html) > 0.0).collect();
                let best = || self.best(&shown, choices).into_iter().collect();
                Answer::Chosen(if liked.is_empty() { best() } else { liked })
            }
            // As it stands on the screen.
            QuestionForm::Order(_) | QuestionForm::Match(_) => {
                Answer::Paired(drawn.rows().map(|(_, row)| row).zip(shown).collect())
            }
            QuestionForm::Text(_) => Answer::Text(String::new()),
        }
    }

    /// The option that looks best; of several, the first on the screen.
    fn best(&self, shown: &[usize], choices: &[Choice]) -> Option<usize> {
        let worth = |place: usize| (self.of_options)(&choices[place].html);
        shown.iter().copied().reduce(|best, place| if worth(place) > worth(best) { place } else { best })
    }

    /// The share of the wordings with one right option in which that one looks best; where others look as good, in part.
    fn share_of_singles(&self, module: &Module) -> f64 {
        let wordings = module.quiz.questions.iter().flat_map(|question| &question.wordings);
        let singles: Vec<&Vec<Choice>> = wordings
            .filter_map(|wording| match &wording.form {
                QuestionForm::One(choices) => Some(choices),
                _ => None,
            })
            .collect();
        let found = singles.iter().map(|choices| {
            let worths: Vec<f64> = choices.iter().map(|choice| (self.of_options)(&choice.html)).collect();
            let most = worths.iter().copied().fold(f64::MIN, f64::max);
            let best: Vec<bool> = choices
                .iter()
                .zip(&worths)
                .filter(|(_, worth)| **worth >= most)
                .map(|(choice, _)| choice.right)
                .collect();
            best.iter().filter(|right| **right).count() as f64 / best.len().max(1) as f64
        });
        found.sum::<f64>() / singles.len().max(1) as f64
    }

    /// How many of the attempts pass.
    fn passes(&self, module: &Module) -> u32 {
        let quiz = &module.quiz;
        let passed = |seed: &u32| {
            let drawn = draw(quiz, &seed.to_be_bytes(), seed % quiz.attempts.max(1));
            mark(&drawn, &self.answers(&drawn), quiz.pass).passed
        };
        u32::try_from((0..ATTEMPTS).filter(passed).count()).unwrap_or(u32::MAX)
    }
}

const ATTEMPTS: u32 = 1000;

/// The words that the first goes by: so many points for each that stands in an option.
struct WordList(Vec<(Vec<String>, f64)>);

impl WordList {
    /// Reads lines such as `+ safeguarding lead` and `- delete`; others are for people. A word that ends in `*` goes on as it likes.
    fn read(text: &str) -> Self {
        let entries = text.lines().filter_map(|line| {
            let (sign, phrase) = line.split_once(' ')?;
            let points = match sign {
                "+" => 1.0,
                "-" => -1.0,
                _ => return None,
            };
            Some((phrase.split_whitespace().map(str::to_lowercase).collect(), points))
        });
        Self(entries.collect())
    }

    fn points(&self, text: &str) -> f64 {
        let words = words(text);
        let stands = |phrase: &[String], at: usize| {
            phrase.iter().enumerate().all(|(offset, wanted)| {
                words.get(at + offset).is_some_and(|word| match wanted.strip_suffix('*') {
                    Some(start) => word.starts_with(start),
                    None => word == wanted,
                })
            })
        };
        let count = |phrase: &[String]| (0..words.len()).filter(|at| stands(phrase, *at)).count() as f64;
        self.0.iter().map(|(phrase, points)| points * count(phrase)).sum()
    }
}

/// How often words, and two words together, stand in texts of two kinds.
#[derive(Default)]
struct Learned {
    counts: BTreeMap<String, [f64; 2]>,
    texts: [f64; 2],
}

impl Learned {
    fn learn(&mut self, text: &str, right: bool) {
        let kind = usize::from(!right);
        self.texts[kind] += 1.0;
        for feature in features(text) {
            self.counts.entry(feature).or_default()[kind] += 1.0;
        }
    }

    /// How much likelier it is that a text is of the first kind (naive Bayes; what was met once tells nothing).
    fn odds(&self, text: &str) -> f64 {
        let told = features(text).into_iter().filter_map(|feature| self.counts.get(&feature));
        let told = told.filter(|[right, wrong]| right + wrong >= 2.0);
        let share = |count: f64, kind: usize| ((count + 1.0) / (self.texts[kind] + 2.0)).ln();
        told.map(|[right, wrong]| share(*right, 0) - share(*wrong, 1)).sum()
    }
}

/// The words of a text and each two that stand together, once each.
fn features(text: &str) -> BTreeSet<String> {
    let words = words(text);
    let pairs = words.windows(2).map(|pair| pair.join(" "));
    words.iter().cloned().chain(pairs).collect()
}

fn words(text: &str) -> Vec<String> {
    let text = text.to_lowercase().replace('’', "'");
    let words = text.split(|sign: char| !sign.is_alphanumeric() && sign != '\'');
    words.map(|word| word.trim_matches('\'').to_owned()).filter(|word| !word.is_empty()).collect()
}

/// What the second has learned of options and of sentences, from all modules but one.
fn learned_from<'m>(modules: impl Iterator<Item = &'m Module>) -> (Learned, Learned) {
    let (mut options, mut sentences) = (Learned::default(), Learned::default());
    for Wording { stem, form, .. } in
        modules.flat_map(|module| &module.quiz.questions).flat_map(|asked| &asked.wordings)
    {
        match form {
            QuestionForm::One(choices) | QuestionForm::Several(choices) => {
                choices.iter().for_each(|choice| options.learn(&plain(&choice.html), choice.right));
            }
            QuestionForm::TrueFalse(choices) => {
                let is_true = choices.iter().any(|choice| choice.right && plain(&choice.html) == "True");
                sentences.learn(&plain(stem), is_true);
            }
            QuestionForm::Order(_) | QuestionForm::Match(_) | QuestionForm::Text(_) => {}
        }
    }
    (options, sentences)
}

#[test]
#[expect(clippy::print_stdout, reason = "the figures that content/README.md records")]
fn nobody_passes_by_the_words_of_the_options() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let list = fs::read_to_string(root.join("tests/words_of_a_guesser.txt")).unwrap();
    let list = WordList::read(&list);
    assert!(list.0.len() > 40, "the list of words was read");
    let catalogue = shipped();
    assert!(!catalogue.modules.is_empty());
    let mut told = String::new();
    let mut too_much = Vec::new();
    for (slug, module) in &catalogue.modules {
        let others = catalogue.modules.iter().filter(|(other, _)| *other != slug).map(|(_, module)| &**module);
        let (options, sentences) = learned_from(others);
        let listed = remembered(|text| list.points(text));
        let (of_options, of_sentences) =
            (remembered(|text| options.odds(text)), remembered(|text| sentences.odds(text)));
        let lead = Guesser { of_options: &listed, of_sentences: &|_| 0.0 };
        let trained = Guesser { of_options: &of_options, of_sentences: &of_sentences };
        let [lead_share, trained_share] = [&lead, &trained].map(|guesser| 100.0 * guesser.share_of_singles(module));
        let [lead_passes, trained_passes] = [&lead, &trained].map(|guesser| guesser.passes(module));
        let line = format!(
            "{:24} by the list {lead_share:3.0}% of singles, {lead_passes:3} passes; trained {trained_share:3.0}%, {trained_passes:3}",
            slug.as_str()
        );
        if lead_share > 45.0 || lead_passes.max(trained_passes) * 100 > ATTEMPTS {
            too_much.push(line.clone());
        }
        told.push_str(&format!("{line}\n"));
    }
    println!("of {ATTEMPTS} attempts at each quiz:\n{told}");
    assert!(too_much.is_empty(), "at most 45% of singles by the list, and 1 pass in 100:\n{}", too_much.join("\n"));
}

#[test]
fn of_several_one_to_four_are_right_and_not_always_as_many() {
    for (slug, module) in &shipped().modules {
        let wordings = module.quiz.questions.iter().flat_map(|question| &question.wordings);
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        for wording in wordings {
            if let QuestionForm::Several(choices) = &wording.form {
                *counts.entry(choices.iter().filter(|choice| choice.right).count()).or_default() += 1;
            }
        }
        assert!(counts.keys().all(|count| (1..=4).contains(count)), "{slug}: {counts:?}");
        let all: usize = counts.values().sum();
        assert!(counts.values().all(|same| 2 * same <= all), "{slug}: {counts:?} of {all}");
    }
}

#[test]
fn words_are_found_and_counted() {
    let list = WordList::read("# for people\n+ safeguarding lead\n- delet*\n- ask\n");
    assert_eq!(list.points("Tell the safeguarding lead, and don't ask"), 0.0);
    assert_eq!(list.points("Deleting it, as they deleted it"), -2.0);
    let mut learned = Learned::default();
    for (text, right) in [("Tell her now", true), ("Tell him now", true), ("Wait till now", false)] {
        learned.learn(text, right);
    }
    assert!(learned.odds("tell") > 0.0 && learned.odds("wait") == 0.0, "what was met once tells nothing");
    assert_eq!(plain("<p>\u{201c}A &amp; <em>b</em>\u{201d}</p>"), "\u{201c}A & b\u{201d}");
}
