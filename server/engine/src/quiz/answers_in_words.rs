use super::{
    attempt::{Attempt, option_of, questions_of, row_of},
    draw::Drawn,
    mark::{Answer, Answers, earned, judge_drawn},
};
use crate::{
    catalogue::{Module, QuestionForm},
    record::Marks,
};

/// What somebody gave to a question of an attempt, in plain words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AnswerInWords {
    /// How the question is named.
    pub question: String,
    /// The question itself.
    pub asked: String,
    /// What was chosen, put together or written. `None`: nothing.
    pub given: Option<String>,
    /// Whether that is right, and the marks earned and possible. `None`: the attempt was not handed in, and nothing may be said of it.
    pub judged: Option<(bool, Marks, Marks)>,
}

/// What was asked and given in an attempt, in the order in which it was asked: in the words of `worded`, marked as `module` says. Of what would have been
/// right it says nothing.
pub(crate) fn answers_in_words(
    attempt: &Attempt,
    (module, worded): (&Module, &Module),
    answers: &Answers,
) -> Vec<AnswerInWords> {
    let (drawn, told) = (questions_of(attempt, module), questions_of(attempt, worded));
    let both = drawn.iter().zip(&told);
    both.map(|(marked, told)| {
        let answer = answers.get(&marked.question.id);
        let judged = attempt.outcome.map(|_| {
            let right = judge_drawn(marked, answer).is_whole();
            (right, earned(marked, answer), Marks::whole(marked.question.weight))
        });
        AnswerInWords {
            question: marked.question.id.as_str().to_owned(),
            asked: plain(&told.wording.stem),
            given: answer.map(|answer| given(told, answer)),
            judged,
        }
    })
    .collect()
}

fn given(told: &Drawn<'_>, answer: &Answer) -> String {
    let form = &told.wording.form;
    match answer {
        Answer::Text(text) => text.clone(),
        Answer::Chosen(chosen) => {
            let options = form.choices();
            let shown = told.options().filter(|(_, place)| chosen.contains(place));
            let texts = shown.filter_map(|(_, place)| Some(plain(&options.get(place)?.html)));
            texts.collect::<Vec<_>>().join("; ")
        }
        Answer::Paired(paired) => {
            let mut rows: Vec<(usize, String)> = told
                .rows()
                .filter_map(|(_, place)| {
                    let put = *paired.get(&place)?;
                    let (row, put_there) = (plain(&row_of(form, place)), plain(&option_of(form, put)));
                    Some(match form {
                        QuestionForm::Order(_) => (put, format!("{put_there}. {row}")),
                        _ => (place, format!("{row}: {put_there}")),
                    })
                })
                .collect();
            rows.sort();
            rows.into_iter().map(|(_, said)| said).collect::<Vec<_>>().join("; ")
        }
    }
}

/// The text of HTML of ours.
pub(super) fn plain(html: &str) -> String {
    let pieces = html.split('<').enumerate();
    let text: String = pieces
        .map(|(place, piece)| if place == 0 { piece } else { piece.split_once('>').map_or("", |(_, text)| text) })
        .collect();
    text.replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&#x27;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn html_of_ours_is_told_without_its_tags() {
        assert_eq!(plain("Say <strong>no</strong> &amp; &quot;tell&quot;"), "Say no & \"tell\"");
    }
}
