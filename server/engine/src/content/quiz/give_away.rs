//! Short answers that a quiz gives away by its own words: who types what they have just read has shown nothing.

use std::collections::BTreeSet;

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
    let never_together = |one: &Shown, other: &Shown| {
        one.pool.is_some() && one.pool == other.pool && one.pool.as_deref().is_some_and(|pool| once.contains(pool))
    };
    for (place, asked) in questions.iter().enumerate() {
        let others = questions.iter().enumerate().filter(|(other, it)| *other != place && !never_together(asked, it));
        let given = others.map(|(_, other)| other).find_map(|other| {
            let says = |answer: &&String| other.texts.iter().any(|text| says(text, answer));
            asked.answers.iter().find(says).map(|answer| (other, answer))
        });
        if let Some((other, answer)) = given {
            let message = format!("The question `{}` says `{}`, which is right here.", other.id, shortened(answer));
            let help = "Put it there in other words, or put both into a pool of which an attempt asks one question.";
            report.warn(asked.at, Code::AnswerGivenAway, message, help);
        }
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
    let mut within_tag = false;
    for sign in html.chars() {
        match sign {
            '<' => {
                within_tag = true;
                // What parts blocks parts words; a word of which a part is marked is parted, too, and then not found.
                text.push(' ');
            }
            '>' if within_tag => within_tag = false,
            _ if within_tag => {}
            other => text.push(other),
        }
    }
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
