//! What is sent of the quizzes that are shipped, before an attempt is handed in: nothing that people do not read, and that a
//! browser reads all the same, holds or hints at an answer.

use std::{collections::BTreeSet, fs, path::Path};

use chrono::TimeDelta;
use engine::catalogue::{Module, Question, QuestionForm, Wording};
use serde_json::Value;

use crate::site::{Browser, Reply, Site};
use world::{Database, Files, Kind, World};

#[test]
fn nothing_that_is_sent_of_a_shipped_quiz_tells_an_answer() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let database = Database::fresh(Kind::Sqlite).await;
        let world = World::begin(&database.url(), shipped()).await;
        look_through_every_quiz(&world).await;
        world.engine.close().await;
        database.drop().await;
    });
}

/// More rounds than any quiz needs to ask every question in every wording.
const MOST_ROUNDS: usize = 60;

async fn look_through_every_quiz(world: &World) {
    let site = Site::over(world);
    let catalogue = world.engine.catalogue();
    assert!(catalogue.modules.len() > 10, "only {} modules were read", catalogue.modules.len());
    let mut found = Vec::new();
    let mut left: Vec<_> = catalogue.modules.values().map(|module| (module, wordings_of(module))).collect();
    for round in 0..MOST_ROUNDS {
        left.retain(|(_, unseen)| !unseen.is_empty());
        if left.is_empty() {
            break;
        }
        let name: &'static str = format!("reader-{round}").leak();
        let someone = world.learner(name).also("staff").await;
        let mut browser = site.browser_of(&someone).await;
        // What stands around every page tells nothing of a quiz.
        let around: BTreeSet<String> = hidden_in(&browser.get("/help").await.text()).into_iter().collect();
        for (module, unseen) in &mut left {
            // Each further attempt of a person takes the next wording.
            for number in 0..module.quiz.attempts.min(3) {
                let Some(replies) = sit(&mut browser, module).await else { break };
                for reply in &replies {
                    look(module, reply, &around, &mut found);
                    let text = reply.text();
                    unseen.retain(|(_, stem)| !text.contains(&escaped(stem)) && !text.contains(stem));
                }
                if number + 1 < module.quiz.attempts {
                    world.waits(module.quiz.cooldown + TimeDelta::seconds(1));
                    browser = site.browser_of(&someone).await;
                }
            }
        }
    }
    assert_eq!(left.iter().map(|(module, unseen)| (&module.slug, unseen)).collect::<Vec<_>>(), []);
    found.sort();
    found.dedup();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// The search is worth something only if it finds what it looks for.
#[test]
fn the_search_finds_an_answer_wherever_it_is_hidden() {
    let props = r#"{"questions":[{"phishing":1}]}"#;
    let props = props.replace('"', "&quot;");
    for html in [
        r#"<input type="hidden" name="question" value="name-phishing"/>"#.to_owned(),
        r#"<a href="/questions/phishing?a=1">1</a>"#.to_owned(),
        "<p>1<!-- phishing --></p>".to_owned(),
        r#"<input name="phishing"/>"#.to_owned(),
        "<p data-phishing=\"\">1</p>".to_owned(),
        format!("<leptos-island data-props=\"{props}\"></leptos-island>"),
        "<template><p id=\"phishing\">a</p></template>".to_owned(),
    ] {
        assert!(hidden_in(&html).iter().any(|text| says(text, "phishing")), "{html}");
    }
    assert!(!hidden_in("<p class=\"a\">What is phishing?</p>").iter().any(|text| says(text, "phishing")));
    assert!(!says("phishing-line-of", "fish"));
}

/// Every file of the content that is shipped and is a text.
fn shipped() -> Files {
    fn read(folder: &Path, under: &str, files: &mut Files) {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let name = entry.file_name().into_string().unwrap();
            let path = if under.is_empty() { name.clone() } else { format!("{under}/{name}") };
            if entry.file_type().unwrap().is_dir() {
                read(&entry.path(), &path, files);
            } else if let Ok(text) = fs::read_to_string(entry.path()) {
                files.insert(path, text);
            }
        }
    }
    let mut files = Files::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../content"), "", &mut files);
    files
}

fn wordings_of(module: &Module) -> BTreeSet<(String, String)> {
    let wordings = |question: &Question| {
        let id = question.id.to_string();
        question.wordings.iter().map(move |wording| (id.clone(), wording.stem.clone())).collect::<Vec<_>>()
    };
    module.quiz.questions.iter().flat_map(wordings).collect()
}

/// Begins an attempt, takes every reply on the way, and hands it in empty. `None`: none may begin.
async fn sit(browser: &mut Browser, module: &Module) -> Option<Vec<Reply>> {
    let entry = format!("/modules/{}/quiz", module.slug);
    let started = browser.post(&entry, &[]).await;
    let attempt = started.location().to_owned();
    if !attempt.starts_with("/attempts/") {
        return None;
    }
    let mut replies = vec![started, browser.get(&entry).await];
    // The page of one question holds them all.
    replies.push(browser.get(&format!("{attempt}?question=1")).await);
    let answers = format!("{attempt}/answers");
    replies.push(browser.post_for_json(&answers, &[("question", "1")]).await);
    replies.push(browser.post(&answers, &[("question", "1"), ("was", "x")]).await);
    replies.push(browser.get(&format!("{attempt}/review")).await);
    for reply in &replies {
        assert!(reply.status.is_success() || reply.status.is_redirection(), "{}", reply.whole());
    }
    browser.post(&format!("{attempt}/submit"), &[]).await;
    Some(replies)
}

fn look(module: &Module, reply: &Reply, around: &BTreeSet<String>, found: &mut Vec<String>) {
    let text = reply.text();
    let mut hidden = if text.starts_with('{') {
        let mut hidden = Vec::new();
        hidden_in_json(&serde_json::from_str(&text).unwrap(), "", &mut hidden);
        hidden
    } else {
        hidden_in(&text)
    };
    hidden.retain(|hidden| !around.contains(hidden));
    hidden.push(reply.location().to_owned());
    let place = format!("{} of a quiz", module.slug);
    for question in &module.quiz.questions {
        let mut secrets = vec![question.id.to_string()];
        for wording in &question.wordings {
            secrets.extend(right_words(wording));
            secrets.extend(wording.form.choices().iter().filter_map(|choice| choice.misconception.clone()));
            for kept_back in kept_back(wording) {
                if text.contains(&kept_back) || text.contains(&escaped(&kept_back)) {
                    found.push(format!("{place}: {:?} is sent", kept_back));
                }
            }
        }
        for secret in secrets {
            for hidden in hidden.iter().filter(|hidden| says(hidden, &secret)) {
                found.push(format!("{place}: {secret:?} of {} stands in {hidden:?}", question.id));
            }
        }
    }
}

/// The words of what is right. "True" and "False" tell nothing: both are always there, in one order.
fn right_words(wording: &Wording) -> Vec<String> {
    match &wording.form {
        QuestionForm::One(choices) | QuestionForm::Several(choices) => {
            choices.iter().filter(|choice| choice.right).map(|choice| plain(&choice.html)).collect()
        }
        QuestionForm::Text(texts) => texts.clone(),
        QuestionForm::Match(pairs) => pairs.iter().map(|pair| plain(&pair.right)).collect(),
        QuestionForm::TrueFalse(_) | QuestionForm::Order(_) => Vec::new(),
    }
}

/// What is told only after handing in.
fn kept_back(wording: &Wording) -> Vec<String> {
    let feedback = wording.form.choices().iter().map(|choice| choice.feedback.clone());
    feedback.chain([wording.why.clone()]).filter(|text| !text.is_empty()).collect()
}

/// Whether a text says some words, with something else than a letter or a digit before and after them.
fn says(text: &str, words: &str) -> bool {
    let (text, words) = (text.to_lowercase(), words.to_lowercase());
    let is_apart = |char: Option<char>| char.is_none_or(|char| !char.is_alphanumeric());
    !words.is_empty()
        && text.match_indices(&words).any(|(at, _)| {
            is_apart(text[..at].chars().next_back()) && is_apart(text[at + words.len()..].chars().next())
        })
}

/// Whatever a page holds besides the words that people read: names and values of attributes, comments, and what an island is given.
fn hidden_in(html: &str) -> Vec<String> {
    let mut hidden = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        rest = &rest[start..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            let end = comment.find("-->").unwrap();
            hidden.push(comment[..end].to_owned());
            rest = &comment[end..];
            continue;
        }
        rest = rest[1..].trim_start_matches(|char: char| !char.is_whitespace() && char != '>');
        loop {
            rest = rest.trim_start();
            if rest.starts_with('>') || rest.starts_with("/>") || rest.is_empty() {
                break;
            }
            let end = rest.find(|char: char| char.is_whitespace() || "=>/".contains(char)).unwrap_or(rest.len());
            let name = rest[..end].to_owned();
            rest = &rest[end.max(1)..];
            let mut value = String::new();
            if let Some(quoted) = rest.strip_prefix("=\"").or_else(|| rest.strip_prefix("\"")) {
                let end = quoted.find('"').unwrap();
                value = unescaped(&quoted[..end]);
                rest = &quoted[end + 1..];
            }
            if name == "data-props" {
                hidden_in_json(&serde_json::from_str(&value).unwrap(), "", &mut hidden);
            } else {
                hidden.extend([name, value]);
            }
        }
    }
    hidden
}

fn hidden_in_json(value: &Value, key: &str, hidden: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                hidden.push(key.clone());
                hidden_in_json(value, key, hidden);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| hidden_in_json(value, key, hidden)),
        // The module's title is read by everybody.
        Value::String(_) if key == "title" => {}
        Value::String(text) => hidden.push(text.clone()),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn plain(html: &str) -> String {
    let mut text = String::new();
    let mut in_tag = false;
    for char in html.chars() {
        match char {
            '<' => in_tag = true,
            '>' => in_tag = false,
            _ if !in_tag => text.push(char),
            _ => {}
        }
    }
    unescaped(text.trim())
}

fn escaped(text: &str) -> String {
    let json = serde_json::to_string(text).unwrap();
    json.trim_matches('"').replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn unescaped(text: &str) -> String {
    let quotes = text.replace("&quot;", "\"").replace("&#x27;", "'").replace("&#39;", "'");
    quotes.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}
