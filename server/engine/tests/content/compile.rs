//! What the content compiler makes of good content, and that nothing makes it panic.

use std::{collections::BTreeMap, mem::discriminant, path::Path, sync::Arc};

use chrono::NaiveDate;
use engine::{
    TwinName,
    catalogue::{Agreement, Block, Module, Question, QuestionForm, Quiz, Wording},
    content::{Compiled, Level, RebuildError, Sources, agreement_from_canonical, compile, module_from_canonical},
};
use model::{AgreementSlug, ModuleSlug};
use world::Random;

#[test]
fn a_good_module_compiles() {
    insta::assert_debug_snapshot!(module("passwords", good()));
}

#[test]
fn a_quiz_of_every_form_compiles() {
    insta::assert_debug_snapshot!(module("phones", good()).quiz);
}

#[test]
fn a_drawing_stands_in_its_page_and_in_the_canonical_form() {
    let module = module("phones", good());
    insta::assert_debug_snapshot!(module.pages);
    assert!(module.canonical.json.contains("two-locks.svg"));
}

#[test]
fn a_source_has_one_number_and_what_begins_with_a_fact_begins_with_a_capital() {
    let mut files = good();
    let facts = files.get_mut("facts.toml").expect("it is there");
    for (id, checked) in [("the-lead", "checked = 2026-11-22\n"), ("the-head", "")] {
        let id_and_text = format!("id = \"{id}\"\ntext = \"{}\"\n", id.replace('-', " "));
        let source = format!("source = \"Our rules\"\nedition = \"2026\"\n{checked}review_by = 2027-09-01\n");
        facts.push_str(&format!("\n[[fact]]\n{id_and_text}{source}"));
    }
    let page = "# Whom\n\n{{fact:the-lead}} or {{fact:the-head}}.\n\n- {{fact:the-head}}\n\n\
                | | Tell |\n| --- | --- |\n| A worry | {{fact:the-lead}} |\n";
    files.insert("modules/passwords/15-whom.md".to_owned(), page.to_owned());
    let module = module("passwords", files);
    insta::assert_debug_snapshot!(module.pages[1].prose);
}

#[test]
fn a_number_can_be_pressed_wherever_text_runs_and_never_within_what_is_pressed_itself() {
    let mut files = good();
    let emergency = "\n[[fact]]\nid = \"emergency\"\ntext = \"999\"\nsource = \"Police\"\nedition = \"2026\"\n\
                     checked = 2026-11-22\nreview_by = 2027-09-01\n";
    files.get_mut("facts.toml").expect("it is there").push_str(emergency);
    let page = "# Whom\n\n## Call {{fact:emergency}}\n\nIn danger? {{fact:emergency}}. Or {{fact:childline}}.\n\n\
                [It is {{fact:emergency}}](https://www.police.uk).\n\n```scenario\nIt burns.\n\n\
                - Call {{fact:emergency}}\n  > {{fact:emergency}} it is.\n- Wait\n  > No.\n```\n";
    files.insert("modules/passwords/15-whom.md".to_owned(), page.to_owned());
    let quiz = files.get_mut("modules/passwords/quiz.md").expect("it is there");
    *quiz = quiz.replace("Short ones are guessed.", "Lost it all? Call {{fact:emergency}}.");
    let module = module("passwords", files);
    let Block::Html(html) = &module.pages[1].prose.blocks[0] else { panic!("{module:?}") };
    insta::assert_snapshot!(html);
    let feedback = format!("{:?}", module.quiz.questions);
    assert!(feedback.contains(r#"Call <a href=\"tel:999\" dir=\"ltr\">999</a>."#), "{feedback}");
}

#[test]
fn twins_are_kept_with_their_module_and_in_its_canonical_form() {
    let module = module("links", good());
    insta::assert_debug_snapshot!((module.language, &module.twins));
    for file in ["cy/10-look.md", "cy/eye.svg", "easy-read/quiz.md"] {
        assert!(module.canonical.json.contains(file), "{file}");
    }
}

#[test]
fn a_module_in_the_words_of_a_twin_counts_the_same() {
    let module = module("links", good());
    for (name, language) in [("cy", "cy"), ("easy-read", "en")] {
        let name = TwinName::new(name).expect("a name");
        let twin = module.in_words_of(name).expect("there is such a twin");
        assert_eq!((twin.language.code(), &twin.canonical), (language, &module.canonical));
        let counts = |module: &Module| {
            let questions = module.quiz.questions.iter().cloned();
            let counts = questions.map(|question| Question { wordings: Vec::new(), ..question });
            Quiz { questions: counts.collect(), ..(*module.quiz).clone() }
        };
        assert_eq!(counts(&twin), counts(&module));
        let keys = |module: &Module| {
            let wordings = module.quiz.questions.iter().flat_map(|question| &question.wordings);
            let key = |wording: &Wording| {
                let choices = wording.form.choices().iter().map(|choice| (choice.right, choice.misconception.clone()));
                (discriminant(&wording.form), choices.collect::<Vec<_>>())
            };
            wordings.map(key).collect::<Vec<_>>()
        };
        assert_eq!(keys(&twin), keys(&module));
        assert_ne!(twin.quiz, module.quiz);
    }
    assert!(module.in_words_of(TwinName::new("pl").expect("a name")).is_none());
}

#[test]
fn a_question_on_a_page_is_in_no_attempt_and_is_there_in_every_language() {
    let mut files = good();
    let quiz = files.get_mut("modules/links/quiz.md").expect("it is there");
    let (settings, questions) = quiz.split_once("\n## ").expect("it has questions");
    let question = |stem: &str, right: &str| {
        format!("\n## {stem}\n<!-- id: check; page: look; use: page -->\n\n- [x] {right}\n  > A.\n- [ ] B\n  > C.\n")
    };
    *quiz = format!("{settings}\n{}\n## {questions}", question("Look?", "Yes"));
    for (twin, right) in [("cy", "Ydw"), ("easy-read", "I do")] {
        let quiz = files.get_mut(&format!("modules/links/{twin}/quiz.md")).expect("it is there");
        let at = quiz.find("## ").expect("it has questions");
        quiz.insert_str(at, &format!("{}\n", question("Look?", right).trim_start().replace("page: look; ", "")));
    }
    let before = module("links", good());
    let module = module("links", files);
    assert_eq!(module.quiz.questions, before.quiz.questions);
    let right = |module: &Module| {
        let [question] = module.quiz.on_pages.as_slice() else { panic!("{:?}", module.quiz) };
        assert_eq!((question.id.as_str(), question.page.as_str()), ("check", "look"));
        question.wordings[0].form.choices()[0].html.clone()
    };
    assert_eq!(right(&module), "Yes");
    for (twin, text) in [("cy", "Ydw"), ("easy-read", "I do")] {
        let twin = module.in_words_of(TwinName::new(twin).expect("a name")).expect("there is such a twin");
        assert_eq!(right(&twin), text);
    }
}

#[test]
fn a_module_may_be_in_welsh_with_a_twin_in_english() {
    let module = true_or_false(("cy", "Gwir", "Gau"), ("en", "True", "False"));
    let twin = module.in_words_of(TwinName::new("en").expect("a name")).expect("there is such a twin");
    assert_eq!([module.language.tag(), twin.language.tag()], ["cy", "en-GB"]);
    assert!(matches!(module.quiz.questions[0].wordings[0].form, QuestionForm::TrueFalse(_)));
}

#[test]
fn true_or_false_is_that_also_where_its_words_are_not_known() {
    let module = true_or_false(("en", "True", "False"), ("so", "Run", "Been"));
    let twin = module.in_words_of(TwinName::new("so").expect("a name")).expect("there is such a twin");
    assert!(matches!(twin.quiz.questions[0].wordings[0].form, QuestionForm::TrueFalse(_)));
}

/// A module with one question of true or false, and its twin: each with its language and its words for true and false.
fn true_or_false(own: (&str, &str, &str), twin: (&str, &str, &str)) -> Arc<Module> {
    let about = format!(
        "audience = [\"staff\"]\nminutes = 5\nedition = 1\nvalid_for = \"1 year\"\nlanguages = [\"{}\", \"{}\"]\nowner = \
         \"A\"\nreviewed = 2026-11-22\nreview_by = 2027-09-01\n",
        own.0, twin.0
    );
    let title = "title = \"Locks\"\nsummary = \"Locks.\"\noutcomes = [\"Lock\"]\n";
    let page = "# Locks\n\nLock it.\n";
    let settings = "---\npass: 80%\ndraw: 1\nattempts: 3\ncooldown: 10m\n---\n\n";
    let question = |page: &str, (_, right, wrong): (&str, &str, &str)| {
        format!("## Lock it.\n<!-- id: lock{page} -->\n\n1. [x] {right}\n2. [ ] {wrong}\n   > No.\n")
    };
    let files = [
        ("organisation.toml".to_owned(), "name = \"A\"\n[[audience]]\nid = \"learner\"\none = \"a learner\"\nmany = \"learners\"\nreading_age = 13\n\
         [[audience]]\nid = \"staff\"\none = \"a member of staff\"\nmany = \"staff\"\n".to_owned()),
        ("modules/locks/module.toml".to_owned(), format!("{title}{about}")),
        ("modules/locks/10-lock.md".to_owned(), page.to_owned()),
        ("modules/locks/quiz.md".to_owned(), format!("{settings}{}", question("; page: lock", own))),
        (format!("modules/locks/{}/module.toml", twin.0), format!("{title}reviewed = 2026-11-22\n")),
        (format!("modules/locks/{}/10-lock.md", twin.0), page.to_owned()),
        (format!("modules/locks/{}/quiz.md", twin.0), question("", twin)),
    ];
    assert_eq!(compiled(files.clone().into()).problems, []);
    module("locks", files.into())
}

#[test]
fn a_good_agreement_compiles() {
    insta::assert_debug_snapshot!(agreement(good()));
}

#[test]
fn a_catalogue_holds_the_rest_too() {
    let catalogue = compiled(good()).catalogue;
    insta::assert_debug_snapshot!((catalogue.organisation, catalogue.facts, catalogue.programmes));
}

#[test]
fn a_module_is_rebuilt_from_its_canonical_form() {
    for slug in ["passwords", "phones", "links"] {
        let module = module(slug, good());
        let rebuilt = module_from_canonical(&module.canonical.json).expect("it can be rebuilt");
        assert_eq!(format!("{rebuilt:?}"), format!("{module:?}"));
    }
}

#[test]
fn an_agreement_is_rebuilt_from_its_canonical_form_but_for_its_reviews() {
    let agreement = agreement(good());
    let mut rebuilt = agreement_from_canonical(&agreement.canonical.json).expect("it can be rebuilt");
    for (rebuilt, original) in rebuilt.versions.iter_mut().zip(&agreement.versions) {
        assert_eq!((rebuilt.reviewed, rebuilt.next_review), (rebuilt.date, rebuilt.date));
        (rebuilt.reviewed, rebuilt.next_review) = (original.reviewed, original.next_review);
    }
    let facts = std::mem::take(&mut rebuilt.text.facts);
    let mut original = Agreement::clone(&agreement);
    for (rebuilt, original) in rebuilt.twins.values_mut().zip(original.twins.values_mut()) {
        assert_eq!(rebuilt.reviewed, None);
        rebuilt.reviewed = original.reviewed;
        let [theirs, ours] = [rebuilt, original].map(|twin| std::mem::take(&mut twin.text.facts));
        assert_eq!((&theirs[0].text, &theirs[0].source), (&ours[0].text, &ours[0].source));
    }
    let original_facts = std::mem::take(&mut original.text.facts);
    assert_eq!(format!("{rebuilt:?}"), format!("{original:?}"));
    assert_eq!((&facts[0].text, &facts[0].source), (&original_facts[0].text, &original_facts[0].source));
}

#[test]
fn the_canonical_form_of_an_agreement_has_no_reviews() {
    insta::assert_snapshot!(agreement(good()).canonical.json);
}

#[test]
fn the_other_kind_is_refused() {
    let (module, agreement) = (module("passwords", good()), agreement(good()));
    assert!(module_from_canonical(&agreement.canonical.json).is_err());
    assert!(agreement_from_canonical(&module.canonical.json).is_err());
    let newer = module.canonical.json.replace("\"format\":1", "\"format\":2");
    assert!(matches!(module_from_canonical(&newer), Err(RebuildError::Other { format: 2, .. })));
}

#[test]
fn a_version_that_the_compiler_refuses_says_why() {
    let json = module("passwords", good()).canonical.json.replace("(20-what-to-do.md)", "(javascript:a)");
    let error = module_from_canonical(&json).map(|_| String::new()).unwrap_or_else(|error| error.to_string());
    insta::assert_snapshot!(error, @"
    this version has problems: modules/passwords/10-why.md:9:41: error[bad-link]: `javascript:a` is not a link that can be used here.
      help: Link to a page (`20-what-to-do.md`), a module (`../four-cs/`), `/help`, `/privacy` or another page of `pages/`, or a whole address that begins with https://, mailto: or tel:.
    ");
}

#[test]
fn line_ends_and_byte_order_marks_do_not_make_another_version() {
    let windows = good().into_iter().map(|(path, text)| (path, format!("\u{feff}{}", text.replace('\n', "\r\n"))));
    let windows: BTreeMap<_, _> = windows.collect();
    assert_eq!(module("passwords", windows.clone()).canonical, module("passwords", good()).canonical);
    assert_eq!(agreement(windows).canonical, agreement(good()).canonical);
}

#[test]
fn only_what_a_module_uses_makes_another_version_of_it() {
    let changed = |path: &str, from: &str, to: &str| {
        let mut files = good();
        let text = files.get_mut(path).expect("the file is there");
        *text = text.replace(from, to);
        (module("passwords", files.clone()).canonical.sha256, module("devices", files).canonical.sha256)
    };
    let as_is = changed("facts.toml", "", "");
    let fact = changed("facts.toml", "12 characters", "14 characters");
    let other = changed("modules/devices/10-locks.md", "Lock it.", "Lock it up.");
    assert_eq!((fact.0 == as_is.0, fact.1 == as_is.1), (false, true));
    assert_eq!((other.0 == as_is.0, other.1 == as_is.1), (true, false));
}

#[test]
fn a_review_does_not_make_another_version_of_an_agreement() {
    let mut files = good();
    for text in files.values_mut() {
        *text = text
            .replace("next_review: 2027-09-01", "next_review: 2028-09-01")
            .replace("reviewed: 2026-11-22", "reviewed: 2026-11-23");
        *text = text.replace("checked = 2026-11-22", "checked = 2026-11-21");
    }
    assert_eq!(agreement(files).canonical, agreement(good()).canonical);
}

#[test]
fn what_uses_a_broken_fact_is_left_out_and_the_rest_is_there() {
    let mut files = good();
    let facts = files.get_mut("facts.toml").expect("the file is there");
    *facts = facts.replace("text = \"2 in 5 accounts & more\"", "text = 2");
    let compiled = compiled(files);
    let left: Vec<_> = compiled.catalogue.modules.keys().map(ToString::to_string).collect();
    assert_eq!((left, compiled.problems.len()), (vec!["devices".to_owned()], 1));
}

/// Whether every case is tried, and not only some of them (`make prove`).
fn proves() -> bool {
    std::env::var_os("INDUCT_PROVE").is_some()
}

#[test]
fn no_truncation_panics() {
    let every = if proves() { 1 } else { 5 };
    for (path, text) in good() {
        // A cut within a word is like the next one.
        let within = |end: usize| {
            let is_of_word = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
            is_of_word(text[..end].chars().next_back()) && is_of_word(text[end..].chars().next())
        };
        for (end, _) in text.char_indices().filter(|(end, _)| !within(*end)).step_by(every) {
            let mut files = good_around(&path);
            files.insert(path.clone(), text[..end].to_owned());
            compiled(files);
        }
    }
}

#[test]
fn no_deletion_or_swap_panics() {
    let mut random = Random(0x5EED);
    let rounds = if proves() { 100 } else { 25 };
    for (path, text) in good() {
        let chars: Vec<char> = text.chars().collect();
        for _ in 0..rounds {
            let mut chars = chars.clone();
            for _ in 0..random.below(6) + 1 {
                let at = random.below(chars.len());
                let other = random.below(chars.len());
                match random.below(4) {
                    0 => chars.swap(at, other),
                    1 => chars.insert(at, chars[other]),
                    2 => chars.insert(at, ['\0', '\r', '\t', '\u{301}', '😀', '\u{2028}', '{', '`'][random.below(8)]),
                    _ => drop(chars.remove(at)),
                }
            }
            let mut files = good_around(&path);
            files.insert(path.clone(), chars.into_iter().collect());
            compiled(files);
        }
    }
}

#[test]
fn no_nesting_panics() {
    let page = "modules/passwords/10-why.md";
    for text in ["> ", "- ", "1. ", "*", "[", "![", "<b>", "{{", "`", "| ", "# ", "&amp;", "[a](", "{{fact:"] {
        for ending in ["x", "\n", "```scenario"] {
            let mut files = good_around(page);
            files.insert(page.to_owned(), format!("# T\n\n{}{ending}", text.repeat(3000)));
            files.insert("facts.toml".to_owned(), format!("a = {}", "[".repeat(3000)));
            files.insert("agreements/house-rules.md".to_owned(), format!("---\na: {}\n---\n", "[".repeat(3000)));
            compiled(files);
        }
    }
}

#[test]
fn no_nesting_in_a_drawing_panics() {
    for ending in ["</g>", ""] {
        let mut files = good_around("modules/phones/two-locks.svg");
        let groups = format!("{}{}", "<g>".repeat(9000), ending.repeat(9000));
        let drawing = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\">{groups}</svg>");
        files.insert("modules/phones/two-locks.svg".to_owned(), drawing);
        assert!(compiled(files).has_errors());
    }
}

#[test]
fn what_ships_has_no_errors() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content");
    let (sources, mut problems) = Sources::read(&dir).expect("the content is there");
    problems
        .extend(compiled(sources.files().map(|(path, text)| (path.to_owned(), text.to_owned())).collect()).problems);
    problems.retain(|problem| problem.level == Level::Error);
    assert_eq!(problems, []);
}

#[test]
fn the_page_for_employers_says_how_long_the_modules_take() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content");
    let (sources, _) = Sources::read(&dir).expect("the content is there");
    let catalogue =
        compiled(sources.files().map(|(path, text)| (path.to_owned(), text.to_owned())).collect()).catalogue;
    let minutes = |slug: &str| -> u32 {
        let programme = catalogue.programmes.iter().find(|programme| programme.slug.as_str() == slug);
        let modules = &programme.expect("the programme ships").modules;
        modules.iter().map(|module| catalogue.modules[module].minutes).sum()
    };
    let employers = catalogue.pages.iter().find(|page| page.slug.as_str() == "employers").expect("the page ships");
    let said = employers.source.split_whitespace().collect::<Vec<_>>().join(" ");
    for told in [
        format!("{} minutes in the first two weeks", minutes("learner-induction")),
        format!("{} more by the end of the sixth", minutes("learner-induction-part-2")),
    ] {
        assert!(said.contains(&told), "{told}");
    }
}

#[test]
fn nothing_at_all_compiles() {
    let compiled = compiled(BTreeMap::new());
    assert_eq!((compiled.has_errors(), compiled.catalogue.modules.len()), (false, 0));
}

fn compiled(files: BTreeMap<String, String>) -> Compiled {
    let today = NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day");
    compile(&Sources::from_files(files), today)
}

fn module(slug: &str, files: BTreeMap<String, String>) -> Arc<Module> {
    compiled(files).catalogue.modules[&ModuleSlug::new(slug).expect("a name")].clone()
}

fn agreement(files: BTreeMap<String, String>) -> Arc<Agreement> {
    compiled(files).catalogue.agreements[&AgreementSlug::new("house-rules").expect("a name")].clone()
}

fn good() -> BTreeMap<String, String> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/content_good");
    let (sources, problems) = Sources::read(&dir).expect("the good content is there");
    assert_eq!(problems, []);
    sources.files().map(|(path, text)| (path.to_owned(), text.to_owned())).collect()
}

/// [`good`] without reading the files each time, and without the modules that a file is no part of.
fn good_around(path: &str) -> BTreeMap<String, String> {
    static GOOD: std::sync::LazyLock<BTreeMap<String, String>> = std::sync::LazyLock::new(good);
    let module = |path: &str| path.strip_prefix("modules/").and_then(|rest| rest.split('/').next()).map(str::to_owned);
    let own = module(path);
    let files = GOOD.iter().filter(|(path, _)| module(path).is_none_or(|other| own == Some(other)));
    files.map(|(path, text)| (path.clone(), text.clone())).collect()
}
