//! The people in the stories of the modules that ship: a list names each of them with the part that they play, and their names say nothing
//! about who does harm and who is harmed.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use serde::Deserialize;

#[derive(Deserialize)]
struct Stories {
    heard_as_a_woman: BTreeSet<String>,
    heard_as_either: BTreeSet<String>,
    heard_as_from_elsewhere: BTreeSet<String>,
    no_names: BTreeSet<String>,
    person: Vec<Person>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Person {
    name: String,
    part: Part,
    module: String,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Part {
    Offender,
    Target,
    Helper,
    Bystander,
    Staff,
    Other,
}

impl Part {
    /// Offenders, targets, or those who see it and help.
    fn side(self) -> Option<&'static str> {
        match self {
            Self::Offender => Some("offenders"),
            Self::Target => Some("targets"),
            Self::Helper | Self::Bystander | Self::Staff => Some("helpers"),
            Self::Other => None,
        }
    }
}

#[test]
fn everybody_in_the_stories_is_listed_and_nobody_else() {
    let stories = stories();
    let modules = modules();
    let without_capital: BTreeSet<String> = modules
        .values()
        .flat_map(|text| words(text))
        .filter(|word| word.starts_with(char::is_lowercase))
        .map(str::to_owned)
        .collect();
    let names: BTreeSet<&str> = stories.person.iter().flat_map(|person| person.name.split(' ')).collect();
    let mut wrong = Vec::new();
    for Person { name, module, .. } in &stories.person {
        let text = modules.get(module).map_or("", String::as_str);
        if !text.contains(name.as_str()) {
            wrong.push(format!("{name} is listed, and does not stand in {module}"));
        }
    }
    for (module, text) in &modules {
        let listed: BTreeSet<&str> = stories
            .person
            .iter()
            .filter(|person| person.module == *module)
            .flat_map(|person| person.name.split(' '))
            .collect();
        let capitals =
            words(text).filter(|word| word.starts_with(char::is_uppercase) && word.chars().any(char::is_lowercase));
        for word in capitals.collect::<BTreeSet<_>>() {
            // Where the same letters stand without a capital, too, it is a name only if it is listed as one.
            let is_word = without_capital.contains(&word.to_lowercase()) || stories.no_names.contains(word);
            if !listed.contains(word) && !is_word {
                let whose = if names.contains(word) {
                    "is in no list of"
                } else {
                    "is new: a person, or one of `no_names`? It stands in"
                };
                wrong.push(format!("{word} {whose} {module}"));
            }
        }
    }
    assert!(wrong.is_empty(), "people_in_stories.toml and the modules differ:\n{}", wrong.join("\n"));
    let unknown: Vec<_> = stories
        .heard_as_a_woman
        .iter()
        .chain(&stories.heard_as_either)
        .chain(&stories.heard_as_from_elsewhere)
        .filter(|name| !stories.person.iter().any(|person| person.name == **name))
        .collect();
    assert!(unknown.is_empty(), "heard, and in no story: {unknown:?}");
}

/// How it is measured: if parts were dealt out blindly, how likely would it be that so many (or so few) of one side are women, or have names
/// from elsewhere? Below one in twenty that is a pattern. Of names from elsewhere too many offenders and too few helpers are one. That nobody
/// with such a name does any harm would be one as well, and an odd picture; but those who do sexual or extremist harm bear none of them, as
/// those are the pictures that hurt, and they are most of the offenders. So of too few offenders only one in a hundred is a pattern.
#[test]
fn names_say_nothing_about_who_does_harm() {
    let stories = stories();
    let is_woman = |person: &&Person| stories.heard_as_a_woman.contains(&person.name);
    let is_either = |person: &&Person| stories.heard_as_either.contains(&person.name);
    let is_elsewhere = |person: &&Person| stories.heard_as_from_elsewhere.contains(&person.name);
    let mut patterns = Vec::new();
    for side in ["offenders", "targets", "helpers"] {
        let of_side = |person: &&Person| person.part.side() == Some(side);
        let gendered: Vec<&Person> = stories.person.iter().filter(|person| !is_either(person)).collect();
        let [all, women, drawn] = [
            gendered.len(),
            gendered.iter().copied().filter(|person| is_woman(person)).count(),
            gendered.iter().copied().filter(|person| of_side(person)).count(),
        ];
        let found = gendered.iter().copied().filter(|person| of_side(person) && is_woman(person)).count();
        let (few, many) = tails(all, women, drawn, found);
        if few.min(many) < 0.05 {
            patterns.push(format!(
                "{found} of {drawn} {side} are heard as women, and {women} of all {all} ({few:.3}, {many:.3})"
            ));
        }
        let [all, elsewhere, drawn] = [
            stories.person.len(),
            stories.person.iter().filter(is_elsewhere).count(),
            stories.person.iter().filter(of_side).count(),
        ];
        let found = stories.person.iter().filter(|person| of_side(person) && is_elsewhere(person)).count();
        let (few, many) = tails(all, elsewhere, drawn, found);
        let is_pattern = match side {
            "offenders" => many < 0.05 || few < 0.01,
            "helpers" => few < 0.05,
            _ => false,
        };
        if is_pattern {
            patterns.push(format!(
                "{found} of {drawn} {side} are heard as from elsewhere, and {elsewhere} of all {all} ({few:.3}, {many:.3})"
            ));
        }
    }
    assert!(patterns.is_empty(), "{}", patterns.join("\n"));
}

#[test]
fn chances_are_those_of_drawing_blindly() {
    // Of four, two are marked; of two drawn, one has none, one or two of them in 1, 4 and 1 of 6 ways.
    let close =
        |(few, many): (f64, f64), wanted: (f64, f64)| (few - wanted.0).abs() < 1e-9 && (many - wanted.1).abs() < 1e-9;
    assert!(close(tails(4, 2, 2, 0), (1.0 / 6.0, 1.0)));
    assert!(close(tails(4, 2, 2, 1), (5.0 / 6.0, 5.0 / 6.0)));
    assert!(close(tails(4, 2, 2, 2), (1.0, 1.0 / 6.0)));
}

/// How likely it is that at most, and at least, so many of those who are drawn from all are marked (hypergeometric).
fn tails(all: usize, marked: usize, drawn: usize, found: usize) -> (f64, f64) {
    let logarithm = |number: usize| (1..=number).map(|factor| (factor as f64).ln()).sum::<f64>();
    let ways = |from: usize, some: usize| logarithm(from) - logarithm(some) - logarithm(from - some);
    let chance = |count: usize| {
        if count > marked || count > drawn || drawn - count > all - marked {
            return 0.0;
        }
        (ways(marked, count) + ways(all - marked, drawn - count) - ways(all, drawn)).exp()
    };
    ((0..=found).map(chance).sum(), (found..=drawn).map(chance).sum())
}

fn stories() -> Stories {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/people_in_stories.toml");
    toml::from_str(&fs::read_to_string(path).expect("the list is there")).expect("the list can be read")
}

/// The words of each module, without facts, comments and where links lead.
fn modules() -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content/modules");
    let mut modules = BTreeMap::new();
    for module in fs::read_dir(folder).expect("modules") {
        let module = module.expect("a folder").path();
        let mut text = String::new();
        for file in fs::read_dir(&module).expect("files") {
            let file = file.expect("a file").path();
            if file.extension().is_some_and(|kind| kind == "md") {
                text.push_str(&fs::read_to_string(file).expect("text"));
                text.push('\n');
            }
        }
        let text = without(&without(&without(&text, "{{", "}}"), "<!--", "-->"), "](", ")");
        modules.insert(module.file_name().expect("a name").to_string_lossy().into_owned(), text);
    }
    modules
}

fn without(text: &str, open: &str, close: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(open) {
        kept.push_str(before);
        kept.push(' ');
        rest = after.split_once(close).map_or("", |(_, rest)| rest);
    }
    kept + rest
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|sign: char| !sign.is_alphabetic() && sign != '\'' && sign != '’');
    words.map(|word| word.split(['\'', '’']).next().unwrap_or_default()).filter(|word| word.chars().count() > 1)
}
