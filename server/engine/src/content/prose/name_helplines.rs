//! Help services that a text names: whoever goes to the help page to find one has to find it there.

use super::writer::Writer;
use crate::content::{problems::Code, text::Run};

/// Services that readers in the United Kingdom are sent to, by the names that no other words have. A service of another name is found only
/// if somebody adds it here.
const SERVICES: [&str; 35] = [
    "ACT Early",
    "CEOP",
    "Childline",
    "Citizens Advice",
    "Crimestoppers",
    "Galop",
    "GamCare",
    "Internet Watch Foundation",
    "Karma Nirvana",
    "Kooth",
    "Live Fear Free",
    "Meic",
    "Men's Advice Line",
    "National Bullying Helpline",
    "National Domestic Abuse Helpline",
    "National Stalking Helpline",
    "NSPCC",
    "Papyrus",
    "Rape Crisis",
    "Refuge",
    "Report Fraud",
    "Report Harmful Content",
    "Report Remove",
    "Revenge Porn Helpline",
    "Samaritans",
    "Shore",
    "StopNCII",
    "Stop It Now",
    "SurvivorsUK",
    "Switchboard",
    "Take It Down",
    "The Mix",
    "True Vision",
    "Victim Support",
    "Women's Aid",
];

impl Writer<'_, '_> {
    /// Reports services that the help page does not have: a text must not promise somebody who is not there.
    pub(super) fn name_helplines(&mut self, run: &Run) {
        if self.known.names.is_none() {
            return;
        }
        for (at, service) in named(run.text()) {
            if self.known.facts.has_helpline(service) {
                continue;
            }
            let message = format!("`{service}` is named here, and the help page does not have it.");
            let help = "Give its fact in `facts.toml` a table `[fact.helpline]`, or name a service that is there.";
            self.report.error(run.in_file(at), Code::UnknownHelpline, message, help);
        }
    }

    /// Whether a text, with its facts in place, names somebody who helps.
    pub(crate) fn names_a_service(&self, text: &str) -> bool {
        !named(text).is_empty() || self.known.facts.says_helpline(text)
    }

    /// Warns of phone numbers that the help page does not have: whoever is promised one looks for it there, perhaps at night. `at` says where
    /// a place of the text stands in the file.
    pub(super) fn name_numbers(&mut self, text: &str, at: impl Fn(usize) -> usize) {
        let Some(own) = self.known.names.map(|names| names.own_numbers.as_ref()) else { return };
        for (place, readings) in numbers(text) {
            // Of people who could not be read, any of them may have it.
            let is_there =
                |digits: &String| self.known.facts.has_number(digits) || own.is_none_or(|own| own.contains(digits));
            if readings.iter().any(is_there) {
                continue;
            }
            let digits = readings.last().map_or("", String::as_str);
            let message = format!("The number {digits} is said here, and the help page does not have it.");
            let help =
                "Give its fact in `facts.toml` a table `[fact.helpline]` with this `phone`, or take the number out.";
            self.report.warn(at(place), Code::NumberNotOnHelpPage, message, help);
        }
    }
}

/// The digits of a number as people write it.
pub(crate) fn digits_of(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}

/// The phone numbers of a text, each with its place and with the digits that it may have: those that begin with a nought and have 8 to 11
/// digits, in one or in groups. What follows may be another figure, as in `0800 1111, 24 hours` without the comma, so there may be several
/// readings, the longest last. Short numbers, such as 999, are left to facts.
fn numbers(text: &str) -> Vec<(usize, Vec<String>)> {
    let mut found = Vec::new();
    let mut done = 0;
    for (at, _) in text.match_indices('0') {
        let before = text[..at].chars().next_back();
        if at < done || before.is_some_and(|sign| sign.is_alphanumeric() || ".,/-:".contains(sign)) {
            continue;
        }
        let end =
            text[at..].find(|sign: char| !sign.is_ascii_digit() && sign != ' ').map_or(text.len(), |end| at + end);
        let mut digits = String::new();
        let mut readings = Vec::new();
        for group in text[at..end].split(' ') {
            digits.push_str(group);
            if group.is_empty() || digits.len() > 11 {
                break;
            }
            if digits.len() >= 8 {
                readings.push(digits.clone());
            }
        }
        done = end;
        if !readings.is_empty() {
            found.push((at, readings));
        }
    }
    found
}

/// The services that a text names, each with its first place. It is gone through once, and looked at where a name can begin: to search it for
/// each of them took an eighth of the time that compiling takes.
fn named(text: &str) -> Vec<(usize, &'static str)> {
    let mut found: Vec<(usize, &'static str)> = Vec::new();
    // A capital of theirs is one byte, which stands within no other character.
    for (at, capital) in text.bytes().enumerate().filter(|(_, byte)| byte.is_ascii_uppercase()) {
        if text[..at].chars().next_back().is_some_and(char::is_alphanumeric) {
            continue;
        }
        let rest = &text[at..];
        let begins = |service: &&str| service.as_bytes()[0] == capital && rest.starts_with(service);
        let is_whole = |service: &&str| !rest[service.len()..].chars().next().is_some_and(char::is_alphanumeric);
        let service = SERVICES.iter().copied().filter(begins).find(is_whole);
        found.extend(service.filter(|new| found.iter().all(|(_, known)| known != new)).map(|service| (at, service)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_to_call_are_found_and_other_figures_are_not() {
        let one = |at: usize, readings: &[&str]| -> (usize, Vec<String>) {
            (at, readings.iter().map(|digits| (*digits).to_owned()).collect())
        };
        let found =
            numbers("Ring 0800 1111, or 03001232040. 05/11/2026, room 0123, at 09:30, £0.50 or 10 000 000: none.");
        assert_eq!(found, [one(5, &["08001111"]), one(19, &["03001232040"])]);
        assert_eq!(numbers("on 0800 1111 24 hours a day"), [one(3, &["08001111", "0800111124"])]);
        assert_eq!(numbers("the line 01632 960 101 9am to 5pm"), [one(9, &["01632960", "01632960101"])]);
    }

    #[test]
    fn services_are_found_by_their_whole_names() {
        let found = named("Ring Samaritans or the Samaritans' line; CEOPs are none, and StopNCII is one.");
        assert_eq!(found, [(5, "Samaritans"), (61, "StopNCII")]);
        // The first place is one in which it stands by itself.
        assert_eq!(named("CEOPs, xCEOP, ÉCEOP: CEOP, CEOP"), [(22, "CEOP")]);
    }
}
