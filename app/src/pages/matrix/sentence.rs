use chrono::{DateTime, Utc};
use engine::{Comparison, Matrix, NobodyHas, end_of, local_date};

use super::view::MatrixView;
use crate::pages::parts::{count, day, day_of, moment};

/// At which moment a matrix is so, and by what is known: a sentence that stands on the page, on paper and in every file.
pub fn as_at(seen: &Matrix) -> String {
    let known = if seen.as_known_now { "as it is known now" } else { "as it was known then" };
    if seen.is_now { format!("now, {}", moment(seen.moment)) } else { format!("{}, {known}", when(seen.moment)) }
}

/// Between which moments is compared, and by what is known: likewise.
pub fn between(compared: &Comparison) -> String {
    let known = if compared.as_known_now { "both as they are known now" } else { "each as it was known then" };
    let to = if compared.to_is_now { format!("now, {}", moment(compared.to)) } else { when(compared.to) };
    format!("From {} to {to}, {known}", when(compared.from))
}

/// "the end of 1 January 2026", or a moment.
pub(super) fn when(at: DateTime<Utc>) -> String {
    if at == end_of(local_date(at)) { format!("the end of {}", day_of(at)) } else { moment(at) }
}

/// Which people a matrix shows, in a sentence.
pub fn said(seen: &Matrix, view: &MatrixView) -> String {
    let query = &view.query;
    let mut text = match query.people.len() {
        0 => "People".to_owned(),
        some => count(some, "chosen person", "chosen people"),
    };
    let group = query.group.and_then(|group| seen.choices.groups.iter().find(|(other, _)| *other == group));
    if let Some((_, path)) = group {
        text.push_str(&format!(" in {}", path.join(" / ")));
    } else if !seen.sees_everybody {
        text.push_str(" in your groups");
    }
    if let Some(audience) = &query.audience {
        text.push_str(&format!(" who are {}", seen.many(audience)));
    }
    if let Some(programme) = &query.programme {
        text.push_str(&format!(" who are asked for {}", seen.programme_title(programme)));
    }
    let thing = query.thing.as_ref().map(|thing| seen.thing_title(thing));
    let is_narrowed = !query.statuses.is_empty() || query.due_before.is_some();
    if let (Some(thing), Some(NobodyHas::Thing), false) = (&thing, seen.nobody_has, is_narrowed) {
        text.push_str(&format!(" who are asked for {thing}"));
    }
    if !query.statuses.is_empty() {
        let words: Vec<String> = query.statuses.iter().map(|status| status.word().to_lowercase()).collect();
        let of = thing.as_deref().map_or(" for whom anything is ".to_owned(), |thing| format!(" whose {thing} is "));
        text.push_str(&of);
        text.push_str(&words.join(" or "));
    }
    if let Some(before) = query.due_before {
        let what = if query.statuses.is_empty() { thing.as_deref().unwrap_or("something") } else { "it" };
        text.push_str(&format!(" with {what} due before {}", day(before)));
    }
    if !query.name.is_empty() {
        text.push_str(&format!(" named “{}”", query.name));
    }
    if text == "People" { "Everybody".to_owned() } else { text }
}

/// That nobody whom the reader sees has what is asked for, with what takes just that out of the view: the words of the link, and its address. It says
/// nothing of anybody else. `is` and `when`: the verb, and words for the moment that stand behind it.
pub(super) fn nobody(
    seen: &Matrix,
    view: &MatrixView,
    has: NobodyHas,
    (is, when): (&str, &str),
) -> (String, &'static str, String) {
    let query = &view.query;
    let group = query.group.and_then(|group| seen.choices.groups.iter().find(|(other, _)| *other == group));
    let whom = match group {
        Some((_, path)) => format!(" in {}", path.join(" / ")),
        None if seen.sees_everybody => String::new(),
        None => " whom you see".to_owned(),
    };
    let who = match &query.audience {
        Some(audience) if has != NobodyHas::Audience => format!("None of the {}", seen.many(audience)),
        _ => "Nobody".to_owned(),
    };
    let what = match has {
        NobodyHas::Audience => query.audience.as_ref().map(|audience| format!("here as {}", seen.one(audience))),
        NobodyHas::Programme => {
            query.programme.as_ref().map(|slug| format!("asked for {}", seen.programme_title(slug)))
        }
        NobodyHas::Thing => query.thing.as_ref().map(|thing| format!("asked for {}", seen.thing_title(thing))),
    };
    let words = format!("{who}{whom} {is} {}{when}.", what.unwrap_or_default());
    let without = view.with(|view| match has {
        NobodyHas::Audience => view.query.audience = None,
        NobodyHas::Programme => view.query.programme = None,
        NobodyHas::Thing => view.query.thing = None,
    });
    let link = match has {
        NobodyHas::Audience => "Show them all, whoever they are here as",
        NobodyHas::Programme | NobodyHas::Thing => "Show them all, whatever they are asked for",
    };
    (words, link, without)
}
