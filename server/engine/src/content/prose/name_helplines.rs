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
        let missing = named(run.text()).filter(|(_, service)| !self.known.facts.has_helpline(service));
        for (at, service) in missing.collect::<Vec<_>>() {
            let message = format!("`{service}` is named here, and the help page does not have it.");
            let help = "Give its fact in `facts.toml` a table `[fact.helpline]`, or name a service that is there.";
            self.report.error(run.in_file(at), Code::UnknownHelpline, message, help);
        }
    }
}

/// The services that a text names, each with its first place.
fn named(text: &str) -> impl Iterator<Item = (usize, &'static str)> + '_ {
    let is_part = |sign: Option<char>| sign.is_some_and(char::is_alphanumeric);
    SERVICES.iter().filter_map(move |service| {
        let at = text.match_indices(service).map(|(at, _)| at).find(|at| {
            !is_part(text[..*at].chars().next_back()) && !is_part(text[at + service.len()..].chars().next())
        })?;
        Some((at, *service))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_are_found_by_their_whole_names() {
        let found: Vec<_> =
            named("Ring Samaritans or the Samaritans' line; CEOPs are none, and StopNCII is one.").collect();
        assert_eq!(found, [(5, "Samaritans"), (61, "StopNCII")]);
    }
}
