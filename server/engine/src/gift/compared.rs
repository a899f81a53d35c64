//! What is read here, compared with what gift-pegjs reads; `end2end/gift.mjs` writes that down.

use std::{fs, path::Path};

use serde_json::{Value, json};

use super::{
    blocks::{Block, blocks},
    parse::parse_block,
    syntax::{Answer, Answers, Format, GiftQuestion, Item, PER_CENT, Pair, Text},
};
use crate::content::{Report, normalised};

/// Where the two differ on purpose: the beginning of a block, and why.
const DIFFERENCES: &[(&str, &str)] = &[
    ("::Feedback with a number sign::", SIGNS),
    ("::Number signs as they come::", SIGNS),
    ("::Signs before the braces::", SIGNS),
    ("::Colons as they come::", SIGNS),
    ("::A title: with", SIGNS),
    ("::Per cents that are no weights::", "a `%` without a number and a second `%` is text, as in Moodle"),
    ("::A weight that is no number::", "the same"),
    ("::Noted::", "comments may stand between the lines of a question, as in Moodle"),
    ("$CATEGORY: Apprentices/In the warehouse", "a category need not have a blank line after it"),
    ("::An arrow in an option::", "`->` makes pairs only where there is no `~`, as in Moodle"),
    ("::With escapes::", BACKSLASHES),
    ("::Pairs with pipes::", BACKSLASHES),
    ("::Small letters::", "`true` means true; there, as in Moodle, it is a short text"),
    ("::Both signs::", BOTH),
    ("::Both signs apart::", BOTH),
    ("::Feedback behind the braces::", BEHIND),
    ("::Feedback behind a full stop::", BEHIND),
    ("::One number sign behind the braces::", BEHIND),
    ("::Feedback in the braces and behind them::", BEHIND),
    ("::An empty option::", EMPTY),
    ("::No answer in it::", EMPTY),
    ("::An empty side::", EMPTY),
];

const SIGNS: &str =
    "`:`, `#`, `=` and `~` mean something only where they can, as in Moodle; there they always need a backslash";
const BACKSLASHES: &str = "a right-hand side loses its backslashes, too; there they become numbers after `&&`";
const BOTH: &str = "`~=` begins a right option, as in Moodle; there it is a mistake";
const BEHIND: &str = "feedback behind the braces is feedback; there, as in Moodle, it is a part of the question";
const EMPTY: &str = "what is empty can be read; that it says nothing is found later, with its place";

#[test]
fn what_is_read_is_what_gift_pegjs_reads_but_for_what_is_said() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/gift");
    let golden = fs::read_to_string(folder.join("gift-pegjs.json")).expect("the golden file");
    let golden: serde_json::Map<String, Value> = serde_json::from_str(&golden).expect("JSON");
    let mut differ = Vec::new();
    let mut unsaid = Vec::new();
    let mut questions = 0;
    for (name, theirs) in &golden {
        let file = fs::read_to_string(folder.join(name)).expect("a file of the corpus");
        let file = normalised(&file);
        let ours: Vec<Value> = blocks(&file).into_iter().map(|block| read(block, &file)).collect();
        let theirs = theirs.as_array().expect("blocks");
        assert_eq!(ours.len(), theirs.len(), "{name} has as many blocks");
        questions += ours.iter().filter(|block| block["items"][0].get("category").is_none()).count();
        for (ours, theirs) in ours.iter().zip(theirs) {
            let block = ours["block"].as_str().expect("a line");
            assert_eq!(theirs["block"], block, "{name}");
            let said = DIFFERENCES.iter().find(|(start, _)| block.starts_with(start));
            match said {
                Some((start, _)) if ours != theirs => differ.push(*start),
                Some((start, why)) => unsaid.push(format!("{start} does not differ any more: {why}")),
                None if ours != theirs => unsaid.push(format!("{name}: {block}\nours   {ours}\ntheirs {theirs}")),
                None => {}
            }
        }
    }
    assert!(unsaid.is_empty(), "{}", unsaid.join("\n"));
    let unknown: Vec<_> = DIFFERENCES.iter().filter(|(start, _)| !differ.contains(start)).collect();
    assert!(unknown.is_empty(), "no block begins so: {unknown:?}");
    assert!(questions > 120, "{questions}");
}

fn read(block: Block, file: &str) -> Value {
    let start = block.signs.first().map_or(0, |sign| sign.at);
    let first = file[start..].lines().next().unwrap_or_default().trim();
    let mut report = Report::new("", "");
    let items: Vec<Value> = parse_block(block, &mut report).iter().map(item).collect();
    json!({ "block": first, "items": if report.error_count() > 0 { Value::Null } else { items.into() } })
}

fn item(item: &Item) -> Value {
    match item {
        Item::Category(category) => json!({ "category": category.path }),
        Item::Question(question) => asked(question),
        Item::Broken => Value::Null,
    }
}

fn asked(question: &GiftQuestion) -> Value {
    let GiftQuestion { title, stem, answers, feedback, .. } = question;
    let format = match stem.as_ref().map_or(Format::Moodle, |stem| stem.format) {
        Format::Moodle => "moodle",
        Format::Plain => "plain",
        Format::Html => "html",
        Format::Markdown => "markdown",
    };
    let stem = stem.as_ref().map(|stem| spaced(&stem.text.replace("_____ ", "_____")));
    let (kind, key, answers) = match answers {
        Answers::Description => ("Description", "", Value::Null),
        Answers::Essay => ("Essay", "", Value::Null),
        Answers::Numerical => ("Numerical", "", Value::Null),
        Answers::Choices(answers) => ("MC", "answers", answers.iter().map(answer).collect()),
        Answers::ShortText(answers) => ("Short", "answers", answers.iter().map(answer).collect()),
        Answers::Match(pairs) => ("Matching", "pairs", pairs.iter().map(pair).collect()),
        Answers::TrueFalse { right, .. } => ("TF", "right", json!(right)),
    };
    let feedback = match kind {
        // What the other parser does not keep.
        "Description" | "Numerical" => Value::Null,
        _ => text(feedback.as_ref()),
    };
    let mut said = json!({ "type": kind, "title": title, "format": format, "stem": stem, "feedback": feedback });
    if !key.is_empty() {
        said[key] = answers;
    }
    if let Answers::TrueFalse { feedback, .. } = &question.answers {
        said["feedbacks"] = feedback.iter().map(|feedback| text(feedback.as_ref())).collect();
    }
    said
}

fn answer(answer: &Answer) -> Value {
    let weight = answer.weight.map(|weight| match weight.worth % PER_CENT {
        0 => json!(weight.worth / PER_CENT),
        _ => format!("{:.5}", weight.worth as f64 / PER_CENT as f64)
            .parse()
            .map(|weight: f64| json!(weight))
            .unwrap_or_default(),
    });
    json!({ "equals": answer.equals, "weight": weight, "text": text(answer.text.as_ref()), "feedback": text(answer.feedback.as_ref()) })
}

fn pair(pair: &Pair) -> Value {
    json!([text(pair.left.as_ref()), text(pair.right.as_ref())])
}

fn text(text: Option<&Text>) -> Value {
    text.map(|text| spaced(&text.text)).into()
}

fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
