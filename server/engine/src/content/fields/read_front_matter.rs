//! The block of YAML at the beginning of a Markdown file to a [`Table`].

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, Visitor},
};
use serde_saphyr::{Location, Spanned};

use super::record::{Placed, Table, Value};
use crate::content::{
    problems::{Code, Report},
    text::{Run, offset_of},
};

/// A file cut in two.
pub(crate) struct FrontMatter {
    /// The keys and values.
    pub(crate) table: Table,
    /// What follows.
    pub(crate) body: Run,
}

/// Cuts off the front matter and reads it. `None` when there is none or it is not YAML, and then the report says so.
pub(crate) fn read_front_matter(file: &Run, report: &mut Report<'_>) -> Option<FrontMatter> {
    const OPENING: &str = "---\n";
    const CLOSING: &str = "\n---";
    let text = file.text();
    let Some(rest) = text.strip_prefix(OPENING) else {
        let help = "Begin the file with a line `---`, then keys and values, then a line `---`.";
        report.error(0, Code::BadFrontMatter, "This file has no front matter.", help);
        return None;
    };
    // The search begins on the opening line's own line end, so that empty front matter is found too.
    let Some(closing) = text[OPENING.len() - 1..].match_indices(CLOSING).map(|(at, _)| at + OPENING.len()).find(|at| {
        let after = &text[at + CLOSING.len() - 1..];
        after.is_empty() || after.starts_with('\n')
    }) else {
        let help = "Write a line `---` below the keys and values.";
        report.error(0, Code::BadFrontMatter, "The front matter does not end.", help);
        return None;
    };
    let yaml = &rest[..closing - OPENING.len()];
    let body_at = (closing + CLOSING.len()).min(text.len());
    let body = file.after(body_at);
    if yaml.trim().is_empty() {
        return Some(FrontMatter { table: Table::default(), body });
    }
    let options = serde_saphyr::options! { with_snippet: false };
    match serde_saphyr::from_str_with_options::<Spanned<Yaml>>(yaml, options) {
        Ok(root) => match placed(root, yaml, &|at| file.in_file(OPENING.len() + at)) {
            Placed { value: Value::Table(table), .. } => Some(FrontMatter { table, body }),
            _ => {
                let help = "Write each key on a line of its own, like this: `title: …`.";
                report.error(file.in_file(OPENING.len()), Code::BadFrontMatter, "The front matter has no keys.", help);
                None
            }
        },
        Err(error) => {
            let at = error.location().map_or(0, |location| offset(yaml, location)) + OPENING.len();
            let at = file.in_file(at);
            // The reason ends in a line that is counted from the front matter, and so would mislead, or in advice for those
            // who call the library.
            let reason = error.to_string();
            let reason = reason.split(" at line ").next().and_then(|reason| reason.split(", set ").next());
            let message = format!("The front matter is not YAML: {}.", reason.unwrap_or_default());
            let help = "Put texts that contain `: ` or ` #` between quotation marks, and indent lists with two spaces.";
            report.error(at, Code::BadFrontMatter, message, help);
            None
        }
    }
}

/// Any YAML.
enum Yaml {
    Nothing,
    Text(String),
    Whole(i64),
    List(Vec<Spanned<Yaml>>),
    Table(Vec<(Spanned<String>, Spanned<Yaml>)>),
    Other(&'static str),
}

impl<'de> Deserialize<'de> for Yaml {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(YamlVisitor)
    }
}

struct YamlVisitor;

impl<'de> Visitor<'de> for YamlVisitor {
    type Value = Yaml;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<Yaml, E> {
        Ok(Yaml::Nothing)
    }

    fn visit_none<E>(self) -> Result<Yaml, E> {
        Ok(Yaml::Nothing)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Yaml, D::Error> {
        Yaml::deserialize(deserializer)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Yaml, E> {
        Ok(Yaml::Other("a truth value"))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Yaml, E> {
        Ok(Yaml::Whole(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Yaml, E> {
        Ok(i64::try_from(number).map_or(Yaml::Other("a number that is too large"), Yaml::Whole))
    }

    fn visit_i128<E>(self, _: i128) -> Result<Yaml, E> {
        Ok(Yaml::Other("a number that is too large"))
    }

    fn visit_u128<E>(self, _: u128) -> Result<Yaml, E> {
        Ok(Yaml::Other("a number that is too large"))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Yaml, E> {
        Ok(Yaml::Other("a fraction"))
    }

    fn visit_str<E>(self, text: &str) -> Result<Yaml, E> {
        Ok(Yaml::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Yaml, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Yaml::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Yaml, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = access.next_entry()? {
            entries.push(entry);
        }
        Ok(Yaml::Table(entries))
    }
}

fn placed(item: Spanned<Yaml>, yaml: &str, in_file: &impl Fn(usize) -> usize) -> Placed<Value> {
    let at = in_file(offset(yaml, item.referenced));
    let value = match item.value {
        Yaml::Nothing => Value::Nothing,
        Yaml::Text(text) => Value::Text(text),
        Yaml::Whole(number) => Value::Whole(number),
        Yaml::List(items) => Value::List(items.into_iter().map(|item| placed(item, yaml, in_file)).collect()),
        Yaml::Table(entries) => {
            let entries = entries.into_iter().map(|(key, item)| {
                let key = Placed { at: in_file(offset(yaml, key.referenced)), value: key.value };
                (key, placed(item, yaml, in_file))
            });
            Value::Table(Table::new(at, entries.collect()))
        }
        Yaml::Other(kind) => Value::Other(kind),
    };
    Placed { at, value }
}

fn offset(yaml: &str, location: Location) -> usize {
    if let Some(at) = location.span().byte_offset() {
        return usize::try_from(at).unwrap_or(0);
    }
    // Mistakes in the syntax come with line and column alone.
    offset_of(yaml, location.line(), location.column())
}
