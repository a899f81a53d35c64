//! What is kept of somebody, told in words: names by their titles, codes by what they mean, ids by what they lead to.

use std::{collections::BTreeMap, sync::Arc};

use audit::{Envelope, Fact};
use chrono::{DateTime, TimeDelta, Utc};
use model::{AgreementSlug, ModuleSlug, PageSlug, ProgrammeSlug};
use serde_json::Value;
use uuid::Uuid;

use super::{
    held::{HELD, Held, HeldColumn, HeldShown},
    show_person::HeldValue,
};
use crate::{
    catalogue::{Audience, Shelf, TwinName},
    ground::{local_date, said_day, said_moment},
    log::named_in,
    mail::LetterKind,
    quiz::RefresherDraw,
    record::Marks,
};

/// What tells rows in words. Of rows that were told it remembers what each is, for those that refer to it.
pub(super) struct Teller {
    shelf: Arc<Shelf>,
    known: BTreeMap<Uuid, String>,
}

impl Teller {
    pub(super) fn new(shelf: Arc<Shelf>) -> Self {
        Self { shelf, known: BTreeMap::new() }
    }

    /// From now on what refers to `id` is told so.
    pub(super) fn know(&mut self, id: Uuid, words: String) {
        self.known.insert(id, words);
    }

    /// Rows of a table as they are kept, told in words.
    pub(super) fn tell(&mut self, held: &Held, rows: Vec<Vec<HeldValue>>) -> Vec<Vec<HeldValue>> {
        let mut all = Vec::with_capacity(rows.len());
        for row in rows {
            let cells = held.columns.iter().zip(&row);
            let told: Vec<HeldValue> = cells.map(|(column, value)| self.told(held, column, value, &row)).collect();
            if let (Some(HeldValue::Id(id)), Some(words)) = (cell(held, &told, "id"), called(held, &told)) {
                self.known.insert(*id, words);
            }
            all.push(told);
        }
        all
    }

    fn told(&self, held: &Held, column: &HeldColumn, value: &HeldValue, row: &[HeldValue]) -> HeldValue {
        let words = match (column.shown, value) {
            (HeldShown::Nth, HeldValue::Number(number)) => Some((number + 1).to_string()),
            (HeldShown::HalfMinute, HeldValue::Number(steps)) => {
                steps.checked_mul(30).and_then(|seconds| DateTime::from_timestamp(seconds, 0)).map(said_moment)
            }
            (HeldShown::Of, HeldValue::Id(id)) => self.known.get(id).cloned(),
            (HeldShown::Digits, HeldValue::Text(text)) => return HeldValue::Digits(text.clone()),
            (shown, HeldValue::Text(text)) => {
                let beside = |name: &str| cell(held, row, name).and_then(HeldValue::said);
                return match shown {
                    HeldShown::Envelope | HeldShown::Part => match self.logged(shown, text) {
                        Some(words) => said_as(value, words),
                        None => HeldValue::Digits(text.clone()),
                    },
                    HeldShown::Thing => said_as(value, self.thing(beside("kind").as_deref().unwrap_or_default(), text)),
                    HeldShown::Page => said_as(value, self.page(beside("module").as_deref().unwrap_or_default(), text)),
                    shown => self.named(shown, text).map_or_else(|| value.clone(), |words| said_as(value, words)),
                };
            }
            _ => None,
        };
        words.map_or_else(|| value.clone(), |words| said_as(value, words))
    }

    /// What a name or a code is called. `None`: it is no such thing, but words.
    fn named(&self, shown: HeldShown, text: &str) -> Option<String> {
        let as_it_is = || text.to_owned();
        Some(match shown {
            HeldShown::Module => self.thing("module", text),
            HeldShown::Agreement => self.thing("agreement", text),
            HeldShown::Programme => self.thing("programme", text),
            HeldShown::Audience => self.audience(text),
            HeldShown::NamedRole => {
                let mut roles = self.shelf.current.organisation.roles.iter();
                roles.find(|role| role.id == text).map_or_else(as_it_is, |role| role.title.clone())
            }
            HeldShown::Twin => TwinName::new(text).map_or_else(as_it_is, |twin| twin.name().to_owned()),
            HeldShown::Letter => {
                LetterKind::parse(text).map_or("Something of another version", LetterKind::tells).to_owned()
            }
            HeldShown::Look => looked_at(text).to_owned(),
            HeldShown::OneOf(words) => {
                words.iter().find(|(code, _)| *code == text).map_or_else(as_it_is, |(_, words)| (*words).to_owned())
            }
            HeldShown::Refresher => match serde_json::from_str::<RefresherDraw>(text) {
                Ok(asked) => format!("{} questions, about what changed and what was wrong", asked.questions.len()),
                Err(_) => "some of the questions".to_owned(),
            },
            HeldShown::RowOf => {
                let (table, end) = text.split_once('/').map_or((text, ""), |(table, _)| (table, ", its end"));
                let title = HELD.iter().find(|held| held.table == table).map(|held| held.title);
                format!("{}{end}", title.unwrap_or("something about others"))
            }
            _ => return None,
        })
    }

    fn audience(&self, name: &str) -> String {
        let organisation = &self.shelf.current.organisation;
        let listed =
            Audience::new(name).ok().and_then(|id| organisation.audience(&id).map(|listed| listed.one.clone()));
        listed.unwrap_or_else(|| name.to_owned())
    }

    /// The title of the newest version; the name where nothing of it was ever published here.
    fn thing(&self, kind: &str, slug: &str) -> String {
        let shelf = &self.shelf;
        let title = match kind {
            "module" => ModuleSlug::new(slug).ok().and_then(|slug| Some(shelf.modules.get(&slug)?.title.clone())),
            "agreement" => {
                AgreementSlug::new(slug).ok().and_then(|slug| Some(shelf.agreements.get(&slug)?.title.clone()))
            }
            _ => ProgrammeSlug::new(slug).ok().and_then(|slug| Some(shelf.programmes.get(&slug)?.title.clone())),
        };
        title.unwrap_or_else(|| slug.to_owned())
    }

    fn page(&self, module: &str, page: &str) -> String {
        let found = ModuleSlug::new(module).ok().zip(PageSlug::new(page).ok()).and_then(|(module, page)| {
            let module = self.shelf.current.modules.get(&module)?;
            module.page(&page).map(|(_, page)| page.title.clone())
        });
        found.unwrap_or_else(|| page.to_owned())
    }

    /// What the signed log has, in words. `None`: it has nothing but digits.
    fn logged(&self, shown: HeldShown, text: &str) -> Option<String> {
        if shown == HeldShown::Part {
            if named_in(text).is_some() {
                return Some("somebody".to_owned());
            }
            return match serde_json::from_str::<Value>(text) {
                Ok(value) => json_in_words("", &value),
                Err(_) => Some(text.to_owned()),
            };
        }
        let envelope: Envelope = serde_json::from_str(text).ok()?;
        let facts: Vec<String> = envelope.facts.iter().map(|fact| self.fact(fact)).collect();
        let at = i64::try_from(envelope.at).ok().and_then(DateTime::from_timestamp_millis).map(said_moment);
        Some(format!("{}{}", facts.join("; "), at.map(|at| format!(" ({at})")).unwrap_or_default()))
    }

    fn fact(&self, fact: &Fact) -> String {
        let of_two =
            |thing: &str| thing.split_once('/').map_or_else(|| thing.to_owned(), |(kind, slug)| self.thing(kind, slug));
        match fact {
            Fact::Began => "began here".to_owned(),
            Fact::Left => "left".to_owned(),
            Fact::AudienceBegun { audience } => format!("here as {} from then on", self.audience(audience)),
            Fact::AudienceEnded { audience } => format!("no longer here as {}", self.audience(audience)),
            Fact::MembershipBegun { .. } => "came into a group".to_owned(),
            Fact::MembershipEnded { .. } => "left a group".to_owned(),
            Fact::DutyGiven { role, .. } => format!("was given a duty: {}", role_in_words(role)),
            Fact::DutyEnded { role, .. } => format!("no longer has a duty: {}", role_in_words(role)),
            Fact::DetailsSet => "name or address was set anew".to_owned(),
            Fact::Exempted { thing, .. } => format!("excused from {}", of_two(thing)),
            Fact::ExemptionEnded { .. } => "no longer excused".to_owned(),
            Fact::Assigned { programme, .. } => format!("was given {}", self.thing("programme", programme)),
            Fact::AssignmentEnded { .. } => "a programme was taken back".to_owned(),
            Fact::AttemptsGiven { module, attempts } => {
                format!("was given more attempts at {}: {attempts}", self.thing("module", module))
            }
            Fact::EvidenceAdded { .. } => "added something that was learned elsewhere".to_owned(),
            Fact::EvidenceEnded { .. } => "something that was learned elsewhere was taken back".to_owned(),
            Fact::Discussed { module, .. } => {
                format!("worked through {} with somebody, as that person marked it", self.thing("module", module))
            }
            Fact::DiscussionAnswered { held: true, .. } => "said that it was held".to_owned(),
            Fact::DiscussionAnswered { held: false, .. } => "said that it was not held".to_owned(),
            Fact::Completed { module, version, .. } => {
                format!("passed {}, version {version}", self.thing("module", module))
            }
            Fact::Signed { agreement, version, .. } => {
                format!("signed {}, version {version}", self.thing("agreement", agreement))
            }
            Fact::Declined { agreement, version, .. } => {
                format!("declined to sign {}, version {version}", self.thing("agreement", agreement))
            }
            Fact::Corrected { .. } => "a pass was withdrawn".to_owned(),
            Fact::GroupMade { .. }
            | Fact::GroupMoved { .. }
            | Fact::GroupRenamed { .. }
            | Fact::GroupEnded { .. }
            | Fact::SettingsChanged { .. }
            | Fact::Published { .. }
            | Fact::Withdrawn { .. }
            | Fact::Erased { .. }
            | Fact::Exported { .. }
            | Fact::PeopleImported { .. }
            | Fact::ImportUndone { .. }
            | Fact::KeyChanged { .. }
            | Fact::Restored { .. }
            | Fact::ClockStepped { .. }
            | Fact::TimeStamped { .. } => "something about nobody alone".to_owned(),
        }
    }

    /// What a workshop is called.
    pub(super) fn workshop(&self, module: &str, starts_at: DateTime<Utc>) -> String {
        format!("{}, on {}", self.thing("module", module), said_moment(starts_at))
    }
}

/// A value with its words beside it.
pub(super) fn said_as(kept: &HeldValue, words: String) -> HeldValue {
    HeldValue::Said { kept: Box::new(kept.clone()), words }
}

fn role_in_words(code: &str) -> &str {
    let duty = HELD.iter().find(|held| held.table == "duty");
    let role = duty.and_then(|held| held.columns.iter().find(|column| column.name == "role"));
    match role.map(|role| role.shown) {
        Some(HeldShown::OneOf(words)) => {
            words.iter().find(|(known, _)| *known == code).map_or(code, |(_, words)| *words)
        }
        _ => code,
    }
}

fn cell<'r>(held: &Held, row: &'r [HeldValue], name: &str) -> Option<&'r HeldValue> {
    held.columns.iter().position(|column| column.name == name).and_then(|place| row.get(place))
}

/// What a row is called where another refers to it. `None`: none does.
fn called(held: &Held, row: &[HeldValue]) -> Option<String> {
    let word = |name: &str| cell(held, row, name).and_then(HeldValue::said).unwrap_or_default();
    let day = |name: &str| match cell(held, row, name) {
        Some(HeldValue::Moment(at)) => said_day(local_date(*at)),
        Some(HeldValue::Day(day)) => said_day(*day),
        _ => String::new(),
    };
    Some(match held.table {
        "attempt" => format!("{}, attempt {}", word("module"), word("number")),
        "completion" => format!("{}, passed on {}", word("module"), day("completed_at")),
        "signature" => format!("{}, signed on {}", word("agreement"), day("signed_at")),
        "decline" => format!("{}, declined on {}", word("agreement"), day("declined_at")),
        "exemption" => format!("{}, from {}", word("slug"), day("begins_on")),
        "discussion" => format!("{}, held on {}", word("module"), day("held_on")),
        "tutor_task" => format!("{}, asked on {}", word("module"), day("opened_at")),
        "evidence" => format!("done on {}", day("done_on")),
        "correction" => format!("withdrawn on {}", day("recorded_at")),
        "stay" | "duty" => format!("from {}", day("begins_on")),
        "letter" => format!("{}, written on {}", word("kind"), day("written_at")),
        "password_set" => format!("set on {}", day("recorded_at")),
        "second_factor" => format!("{}, set up on {}", word("kind"), day("recorded_at")),
        "done_together" => format!("{}, on {}", word("kind"), day("recorded_at")),
        _ => return None,
    })
}

fn looked_at(thing: &str) -> &'static str {
    match thing.split('/').next().unwrap_or_default() {
        "signature" => "a signature",
        "record" => "where they stand",
        "answers" => "their answers",
        "decline" => "why they declined to sign something",
        "evidence" => "a file that they added themselves",
        "data" => "all that is held about them",
        _ => "all of it, in an inspection pack",
    }
}

/// What a part says, with what each thing in it is called. Digests and ids say nothing to people and are left out; `None`: there is nothing else.
fn json_in_words(name: &str, value: &Value) -> Option<String> {
    let label = match name {
        "email" => "e-mail address".to_owned(),
        "earned" => "marks earned".to_owned(),
        "possible" => "marks possible".to_owned(),
        "started" => "begun".to_owned(),
        name => name.replace(['_', '-'], " "),
    };
    let said = match value {
        Value::Null => return None,
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Number(number) => match (name, number.as_i64()) {
            ("earned" | "possible", Some(hundredths)) => {
                Marks::hundredths(u32::try_from(hundredths).unwrap_or_default()).to_string()
            }
            // No count is so large; what is kept in milliseconds is.
            (_, Some(milliseconds)) if milliseconds > TimeDelta::days(365).num_milliseconds() => {
                DateTime::from_timestamp_millis(milliseconds).map_or_else(|| number.to_string(), said_moment)
            }
            _ => number.to_string(),
        },
        Value::String(text) if is_digits(text) => return None,
        Value::String(text) => text.clone(),
        Value::Array(all) => {
            let all: Vec<String> = all.iter().filter_map(|one| json_in_words("", one)).collect();
            if all.is_empty() {
                return None;
            }
            all.join(", ")
        }
        Value::Object(pairs) => {
            let all: Vec<String> = pairs.iter().filter_map(|(name, value)| json_in_words(name, value)).collect();
            if all.is_empty() {
                return None;
            }
            all.join("; ")
        }
    };
    Some(if label.is_empty() { said } else { format!("{label}: {said}") })
}

/// Whether it is a digest or an id.
fn is_digits(text: &str) -> bool {
    text.len() >= 32 && text.chars().all(|sign| sign.is_ascii_hexdigit() || sign == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_the_log_are_told_without_digits() {
        let said = |text: &str| json_in_words("", &serde_json::from_str::<Value>(text).unwrap());
        let act = r#"{"earned":1250,"pages":6,"started":1795151412325}"#;
        let expected = "marks earned: 12.5; pages: 6; begun: 20 November 2026 at 05:10";
        assert_eq!(said(act).as_deref(), Some(expected));
        let digest = "9ad1a1dac5683441d91502aa47f90ee135004b2f2077491faf518f7a5689f98d";
        assert_eq!(said(&format!(r#"{{"sha256":"{digest}"}}"#)), None);
        assert_eq!(said(r#"{"reason":"She wrote it"}"#).as_deref(), Some("reason: She wrote it"));
    }
}
