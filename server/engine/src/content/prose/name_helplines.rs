//! Help services that a text names: whoever goes to the help page to find one has to find it there.

use super::writer::Writer;
use crate::content::{problems::Code, text::Run};

/// Services that readers in the United Kingdom are sent to, by the names that no other words have. A service of another name is found only
/// if somebody adds it here.
const SERVICES: [&str; 24] = [
    "ACT Early",
    "CEOP",
    "Childline",
    "Citizens Advice",
    "Crimestoppers",
    "Galop",
    "Karma Nirvana",
    "Kooth",
    "Men's Advice Line",
    "National Bullying Helpline",
    "National Domestic Abuse Helpline",
    "National Stalking Helpline",
    "NSPCC",
    "Papyrus",
    "Rape Crisis",
    "Report Fraud",
    "Report Harmful Content",
    "Report Remove",
    "Revenge Porn Helpline",
    "Samaritans",
    "StopNCII",
    "Stop It Now",
    "Take It Down",
    "Victim Support",
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
}

/// The services that a text names, each with its first place. It is gone through once, and looked at where a name can begin: to search it for
/// each of them took an eighth of the time that compiling takes.
fn named(text: &str) -> Vec<(usize, &'static str)> {
    let mut found: Vec<(usize, &'static str)> = Vec::new();
    let mut within = false;
    for (at, sign) in text.char_indices() {
        if sign.is_ascii_uppercase() && !within {
            let rest = &text[at..];
            let is_whole = |service: &&str| !rest[service.len()..].chars().next().is_some_and(char::is_alphanumeric);
            let service = SERVICES.iter().copied().filter(|service| rest.starts_with(service)).find(is_whole);
            found
                .extend(service.filter(|new| found.iter().all(|(_, known)| known != new)).map(|service| (at, service)));
        }
        within = sign.is_alphanumeric();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_are_found_by_their_whole_names() {
        let found = named("Ring Samaritans or the Samaritans' line; CEOPs are none, and StopNCII is one.");
        assert_eq!(found, [(5, "Samaritans"), (61, "StopNCII")]);
        // The first place is one in which it stands by itself.
        assert_eq!(named("CEOPs, xCEOP, ÉCEOP: CEOP, CEOP"), [(22, "CEOP")]);
    }
}
