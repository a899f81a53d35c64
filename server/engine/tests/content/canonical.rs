//! What every release so far published means the same to the compiler of today: what is asked, and what is right.
//!
//! That the forms themselves are made again byte for byte is tested in `content/rebuild.rs`.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use engine::{
    catalogue::QuestionForm,
    content::{agreement_from_canonical, module_from_canonical},
};

#[test]
fn what_was_published_asks_for_the_same_and_has_the_same_answers() {
    let mut said = String::new();
    for path in files_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/canonical")) {
        let json = fs::read_to_string(&path).expect("it can be read");
        let name = path.file_name().expect("it has a name").to_string_lossy();
        if name.starts_with("module-") {
            let module = module_from_canonical(&json).unwrap_or_else(|error| panic!("{name}: {error}"));
            let pages: Vec<_> = module.pages.iter().map(|page| page.slug.to_string()).collect();
            let twins: Vec<_> = module.twins.keys().map(ToString::to_string).collect();
            let played: Vec<_> = module.media.iter().map(|media| media.file.as_str()).collect();
            writeln!(said, "{name}: {pages:?} {twins:?} {played:?}").expect("a string can be written to");
            for question in &module.quiz.questions {
                let forms: Vec<_> = question.wordings.iter().map(|wording| answers(&wording.form)).collect();
                writeln!(said, "  {}: {}", question.id, forms.join("; ")).expect("a string can be written to");
            }
        } else {
            let agreement = agreement_from_canonical(&json).unwrap_or_else(|error| panic!("{name}: {error}"));
            let facts: Vec<_> = agreement.text.facts.iter().map(|fact| fact.id.as_str()).collect();
            writeln!(said, "{name}: {:?} {facts:?}", agreement.statement).expect("a string can be written to");
        }
    }
    insta::assert_snapshot!(said);
}

fn answers(form: &QuestionForm) -> String {
    match form {
        QuestionForm::One(choices) | QuestionForm::Several(choices) | QuestionForm::TrueFalse(choices) => {
            let ticks: String = choices.iter().map(|choice| if choice.right { 'x' } else { '.' }).collect();
            let kind = match form {
                QuestionForm::One(_) => "one",
                QuestionForm::Several(_) => "several",
                _ => "true or false",
            };
            format!("{kind} {ticks}")
        }
        QuestionForm::Order(items) => format!("order {items:?}"),
        QuestionForm::Match(pairs) => {
            let pairs: Vec<_> = pairs.iter().map(|pair| format!("{} = {}", pair.left, pair.right)).collect();
            format!("match {pairs:?}")
        }
        QuestionForm::Text(texts) => format!("text {texts:?}"),
    }
}

/// The JSON files of all releases, in the order of their paths.
fn files_below(root: &Path) -> Vec<PathBuf> {
    let paths = |dir: &Path| fs::read_dir(dir).expect("it can be read").map(|entry| entry.expect("an entry").path());
    let mut files: Vec<_> = paths(root).flat_map(|release| paths(&release).collect::<Vec<_>>()).collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "json"));
    files.sort();
    files
}

#[test]
fn what_was_published_is_not_checked_again() {
    let form = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/canonical/0.1.0/module-passwords.json");
    let json = fs::read_to_string(form).expect("it can be read");
    let odd = json.replace("- [Your devices]", "-\u{a0}[Your devices]");
    assert_ne!(odd, json);
    assert!(module_from_canonical(&odd).is_ok(), "it means what it meant");
}
