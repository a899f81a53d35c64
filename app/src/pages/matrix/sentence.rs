use chrono::{DateTime, Utc};
use engine::{Comparison, Matrix, Thing, end_of, local_date};

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
        let called = seen.choices.audiences.iter().find(|(other, _)| other == audience);
        text.push_str(&format!(" who are {}", called.map_or(audience.as_str(), |(_, many)| many)));
    }
    let programme = query.programme.as_ref().map(|slug| {
        let listed = seen.choices.programmes.iter().find(|(other, _)| other == slug);
        listed.map_or(slug.as_str(), |(_, title)| title)
    });
    if let Some(programme) = programme {
        text.push_str(&format!(" who are asked for {programme}"));
    }
    let thing = query.thing.as_ref().map(|thing| title(seen, thing));
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
    text
}

/// What a thing is called.
pub(super) fn title(seen: &Matrix, thing: &Thing) -> String {
    let listed = seen.choices.things.iter().find(|(other, _)| other == thing);
    listed.map_or_else(|| thing.slug().to_owned(), |(_, title)| title.clone())
}
