use model::Status;

use super::{
    person_record::{RecordDone, RecordThing},
    record_attempts::HandedIn,
    record_entries::Entries,
};
use crate::{
    record::{Marks, Thing},
    signing::{Hold, gate, module_hold},
    standing::Situation,
};

/// Where somebody stands with each thing, in the order of the programmes, then by name.
pub(super) fn things(situation: &Situation, attempts: &[HandedIn], entries: &Entries) -> Vec<RecordThing> {
    let thing = |thing: Thing| {
        let cell = situation.cell(&thing).as_ref().clone();
        let hold = match &thing {
            Thing::Module(slug) if situation.is_now() && cell.counts.is_none() => {
                situation.catalogue().modules.get(slug).map_or(Hold::Nothing, |module| module_hold(situation, module))
            }
            Thing::Module(_) | Thing::Agreement(_) => Hold::Nothing,
        };
        let shown = cell.counts.or(cell.last);
        let done = shown.map(|done| match &thing {
            Thing::Module(_) => {
                let completion = situation.completion(done);
                RecordDone {
                    at: done.at,
                    until: done.until,
                    version: completion.version,
                    percent: completion.attempt.map(|_| percent(completion.earned, completion.possible)),
                    attempt: attempts
                        .iter()
                        .find(|attempt| Some(attempt.id) == completion.attempt)
                        .map(|one| one.ordinal),
                    minutes: Some(completion.minutes),
                    entry: entries.passes.get(&completion.id.to_string()).copied(),
                }
            }
            Thing::Agreement(_) => {
                let signature = situation.signature(done);
                RecordDone {
                    at: done.at,
                    until: done.until,
                    version: signature.version,
                    percent: None,
                    attempt: None,
                    minutes: None,
                    entry: entries.signatures.get(&signature.id.to_string()).copied(),
                }
            }
        });
        let exempt_before = (cell.status == Status::Exempt).then(|| situation.exempt_before(&thing)).flatten();
        let declined = match &thing {
            Thing::Agreement(agreement) => situation.declined(agreement).cloned(),
            Thing::Module(_) => None,
        };
        let requires = match &thing {
            Thing::Agreement(agreement) => {
                let gate =
                    situation.catalogue().agreements.get(agreement).map(|agreement| gate::decide(situation, agreement));
                gate.map_or((0, 0), |gate| (gate.missing(), gate.items.len()))
            }
            Thing::Module(_) => (0, 0),
        };
        RecordThing { requires, declined, title: situation.title(&thing), thing, cell, hold, exempt_before, done }
    };
    situation.things().into_iter().map(thing).collect()
}

fn percent(earned: Marks, possible: Marks) -> u32 {
    (earned.in_hundredths() * 100).checked_div(possible.in_hundredths()).unwrap_or(0)
}
