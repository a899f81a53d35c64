//! Short answers that a quiz gives away by its own words: who types what they have just read has shown nothing.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::catalogue::{Question, QuestionForm, Wording};
use crate::content::{
    fields::Placed,
    problems::{Code, Report},
    text::{shortened, what_counts},
};

/// What one question shows before it is answered, and what is right where that is typed.
pub(crate) struct Shown {
    /// Where it stands.
    pub(crate) at: usize,
    pub(crate) id: String,
    /// The pool that it is drawn from.
    pub(crate) pool: Option<String>,
    /// Its texts, each in words.
    pub(crate) texts: Vec<Vec<String>>,
    /// The texts that are right; none where nothing is typed.
    pub(crate) answers: Vec<String>,
}

/// The words of a text as they count when a short answer is marked.
pub(crate) fn words_of(text: &str) -> Vec<String> {
    let counts = what_counts(text);
    counts.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Whether a text that is right stands in words that are shown, from word to word. One without letters and digits never does.
pub(crate) fn says(shown: &[String], answer: &str) -> bool {
    let answer = words_of(answer);
    !answer.is_empty() && shown.windows(answer.len()).any(|words| words == answer)
}

/// Refuses a wording whose own words say a short text that is right.
pub(super) fn refuse_own_answer(at: usize, wording: &Wording, report: &mut Report<'_>) {
    let QuestionForm::Text(texts) = &wording.form else { return };
    let shown = [words_of_html(&wording.stem), words_of_html(&wording.body)];
    if let Some(text) = texts.iter().find(|text| shown.iter().any(|shown| says(shown, text))) {
        let message = format!("The question itself says `{}`, which is right.", shortened(text));
        let help = "Ask in other words, so that nobody can copy the answer from the question.";
        report.error(at, Code::AnswerInQuestion, message, help);
    }
}

/// Warns of short answers that stand in another question of the same quiz, unless one attempt never asks both. `drawn` is how many
/// questions come from each pool.
pub(super) fn warn_of_given_away(
    questions: &[Placed<Question>],
    drawn: &[(Placed<String>, Placed<u32>)],
    report: &mut Report<'_>,
) {
    if questions.iter().all(|question| answers(&question.value).is_empty()) {
        return;
    }
    let shown: Vec<Shown> = questions.iter().map(shown).collect();
    let once = drawn.iter().filter(|(_, wanted)| wanted.value == 1).map(|(name, _)| name.value.as_str()).collect();
    warn(&shown, &once, report);
}

/// Warns of short answers that stand in another of these questions. `once`: the pools of which an attempt asks one question.
pub(crate) fn warn(questions: &[Shown], once: &BTreeSet<&str>, report: &mut Report<'_>) {
    let index = Index::of(questions);
    // Whoever shares a pool of which one is asked is never asked together; all others may be.
    let apart = |place: usize| match questions[place].pool.as_deref() {
        Some(pool) if once.contains(pool) => Apart::Pool(pool),
        _ => Apart::Question(place),
    };
    let mut known: HashMap<Vec<String>, [Option<usize>; 2]> = HashMap::new();
    for (place, asked) in questions.iter().enumerate() {
        let given = asked.answers.iter().filter_map(|answer| {
            let words = words_of(answer);
            let said_by = known.entry(words).or_insert_with_key(|words| index.first_two(words, apart));
            let other = said_by.iter().flatten().find(|other| apart(**other) != apart(place))?;
            Some((*other, answer))
        });
        if let Some((other, answer)) = given.min_by_key(|(other, _)| *other) {
            let other = &questions[other].id;
            let message = format!("The question `{other}` says `{}`, which is right here.", shortened(answer));
            let help = "Put it there in other words, or put both into a pool of which an attempt asks one question.";
            report.warn(asked.at, Code::AnswerGivenAway, message, help);
        }
    }
}

/// What is never asked together with itself: a question, or all of a pool of which one is asked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Apart<'q> {
    Question(usize),
    Pool(&'q str),
}

/// Where a word is shown.
#[derive(Clone, Copy)]
struct Place<'q> {
    question: usize,
    text: &'q [String],
    at: usize,
}

/// Where each word of an answer is shown: so an answer is looked for where its rarest word stands, and not in every text.
struct Index<'q> {
    places: HashMap<&'q str, Vec<Place<'q>>>,
}

impl<'q> Index<'q> {
    fn of(questions: &'q [Shown]) -> Self {
        let mut places: HashMap<&str, Vec<Place<'_>>> = HashMap::new();
        let answers = questions.iter().flat_map(|question| &question.answers);
        let looked_for: HashSet<String> = answers.flat_map(|answer| words_of(answer)).collect();
        // Where nothing is typed anywhere, nothing is looked for.
        if !looked_for.is_empty() {
            for (number, question) in questions.iter().enumerate() {
                for text in &question.texts {
                    for (at, word) in text.iter().enumerate().filter(|(_, word)| looked_for.contains(*word)) {
                        places.entry(word).or_default().push(Place { question: number, text, at });
                    }
                }
            }
        }
        Self { places }
    }

    /// The first question that shows these words, and the first that may be asked together with that.
    fn first_two(&self, answer: &[String], apart: impl Fn(usize) -> Apart<'q>) -> [Option<usize>; 2] {
        let none: &[_] = &[];
        let places = |word: &String| self.places.get(word.as_str()).map_or(none, Vec::as_slice);
        let Some((before, rarest)) = answer.iter().enumerate().min_by_key(|(_, word)| places(word).len()) else {
            return [None, None];
        };
        let mut shown_by = places(rarest).iter().filter_map(|place| {
            let words = place.text.get(place.at.checked_sub(before)?..)?.get(..answer.len())?;
            (words == answer).then_some(place.question)
        });
        let first = shown_by.next();
        [first, first.and_then(|first| shown_by.find(|other| apart(*other) != apart(first)))]
    }
}

fn shown(question: &Placed<Question>) -> Shown {
    let Placed { at, value: question } = question;
    let texts = question.wordings.iter().flat_map(|wording| {
        let choices = wording.form.choices().iter().map(|choice| choice.html.as_str());
        let parts: Vec<&str> = match &wording.form {
            QuestionForm::Order(items) => items.iter().map(String::as_str).collect(),
            QuestionForm::Match(pairs) => {
                pairs.iter().flat_map(|pair| [pair.left.as_str(), pair.right.as_str()]).collect()
            }
            _ => Vec::new(),
        };
        let own = [wording.stem.as_str(), wording.body.as_str()];
        own.into_iter().chain(choices).chain(parts).map(words_of_html).collect::<Vec<_>>()
    });
    Shown {
        at: *at,
        id: question.id.to_string(),
        pool: question.pool.clone(),
        texts: texts.collect(),
        answers: answers(question),
    }
}

fn answers(question: &Question) -> Vec<String> {
    let texts = question.wordings.iter().filter_map(|wording| match &wording.form {
        QuestionForm::Text(texts) => Some(texts.clone()),
        _ => None,
    });
    texts.flatten().collect()
}

/// The words that readers of compiled HTML see.
fn words_of_html(html: &str) -> Vec<String> {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((shown, tag)) = rest.split_once('<') {
        text.push_str(shown);
        // What parts blocks parts words; a word of which a part is marked is parted, too, and then not found.
        text.push(' ');
        rest = tag.split_once('>').map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    for (entity, sign) in
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&#x27;", "'"), ("&amp;", "&")]
    {
        if text.contains('&') {
            text = text.replace(entity, sign);
        }
    }
    words_of(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_found_from_word_to_word_whatever_does_not_count() {
        let shown = words_of_html("<em>Ask for</em> it: is that &quot;Cyber\u{2011}flashing&quot;, or what&#39;s it?");
        for given in ["cyber-flashing", "CYBER FLASHING", " cyber\u{2013}flashing. ", "what’s"] {
            assert!(says(&shown, given), "{given}: {shown:?}");
        }
        for other in ["flash", "cyberflashing", "ask it", "?", ""] {
            assert!(!says(&shown, other), "{other}");
        }
    }
}
