use engine::catalogue::{Choice, Language, Module, Question, QuestionForm, Wording};
use leptos::prelude::*;
use model::{PageSlug, Status};

use crate::pages::parts::{Mark, dir, lang, mark};

/// The questions with which readers of a page check themselves: an option opens, and says whether it is right. Nothing is sent.
/// `None`: the page has none.
pub(super) fn check_yourself(module: &Module, page: &PageSlug) -> Option<impl IntoView + use<>> {
    let language = module.language;
    let asked = module.quiz.on_pages.iter().filter(|question| question.page == *page).enumerate();
    let asked: Vec<_> = asked.map(|(place, asked)| question(place, asked, language)).collect();
    (!asked.is_empty()).then(|| {
        view! {
            <section class="scenario check" aria-labelledby="check">
                <h2 id="check">"Check yourself"</h2>
                <p class="hint">"Press what you think. It is not marked, and nobody sees it."</p>
                {asked}
            </section>
        }
    })
}

fn question(place: usize, question: &Question, language: Language) -> Option<impl IntoView + use<>> {
    let Wording { stem, body, form, why } = question.wordings.first()?.clone();
    let several = matches!(form, QuestionForm::Several(_));
    // Of one right answer only one option is open, so that each press is a new try.
    let name = (!several).then(|| format!("check-{place}"));
    let options =
        form.choices().iter().map(|choice| option(choice, name.clone(), several, &why, language)).collect_view();
    let body = (!body.is_empty()).then(|| view! { <div lang=lang(language) dir=dir(language) inner_html=body></div> });
    let all = (several && !why.is_empty()).then(|| {
        view! {
            <details>
                <summary>"Why"</summary>
                <div class="follow" lang=lang(language) dir=dir(language) inner_html=why.clone()></div>
            </details>
        }
    });
    Some(view! {
        <h3 lang=lang(language) dir=dir(language) inner_html=stem></h3>
        {body}
        {several.then(|| view! { <p class="hint">"More than one may be right."</p> })}
        {options}
        {all}
    })
}

fn option(
    choice: &Choice,
    name: Option<String>,
    several: bool,
    why: &str,
    language: Language,
) -> impl IntoView + use<> {
    let (class, sign, word) = match (choice.right, several) {
        (true, false) => ("verdict passed", Mark::Status(Status::Passed), "Right"),
        (true, true) => ("verdict passed", Mark::Status(Status::Passed), "Yes, this is one"),
        (false, false) => ("verdict due-soon", Mark::Again, "Not this one"),
        (false, true) => ("verdict due-soon", Mark::Again, "No, not this"),
    };
    let why = (choice.right && !several && !why.is_empty()).then(|| why.to_owned());
    view! {
        <details name=name>
            <summary><span lang=lang(language) dir=dir(language) inner_html=choice.html.clone()></span></summary>
            <div class="follow">
                <p class=class>{mark(sign)} " " {word}</p>
                <div lang=lang(language) dir=dir(language) inner_html=choice.feedback.clone()></div>
                {why.map(|why| view! { <div lang=lang(language) dir=dir(language) inner_html=why></div> })}
            </div>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(right: [bool; 3], several: bool) -> String {
        let choices = right.iter().enumerate().map(|(place, right)| Choice {
            html: format!("Option {place}"),
            right: *right,
            feedback: format!("<p>About {place}</p>"),
            misconception: None,
        });
        let choices = choices.collect();
        let form = if several { QuestionForm::Several(choices) } else { QuestionForm::One(choices) };
        let asked = Question {
            id: model::QuestionId::new("it").unwrap(),
            page: PageSlug::new("here").unwrap(),
            weight: 1,
            pool: None,
            partial: false,
            fixed_order: false,
            wordings: vec![Wording {
                stem: "Which?".to_owned(),
                body: String::new(),
                form,
                why: "<p>Why: so.</p>".to_owned(),
            }],
        };
        question(0, &asked, Language::ENGLISH).to_html()
    }

    #[test]
    fn an_option_says_whether_it_is_right_and_the_right_one_why() {
        let one = drawn([false, true, false], false);
        assert_eq!(one.matches(r#"<details name="check-0">"#).count(), 3, "{one}");
        assert_eq!((one.matches("Right").count(), one.matches("Not this one").count()), (1, 2), "{one}");
        assert_eq!(one.matches("Why: so.").count(), 1);
        assert!(one.find("About 1") < one.find("Why: so.") && one.find("Why: so.") < one.find("About 2"), "{one}");
    }

    #[test]
    fn of_several_right_ones_all_may_be_open() {
        let several = drawn([true, true, false], true);
        assert!(!several.contains("name="), "{several}");
        assert_eq!((several.matches("Yes, this is one").count(), several.matches("No, not this").count()), (2, 1));
        assert!(several.contains("<summary>Why</summary>"), "{several}");
    }
}
