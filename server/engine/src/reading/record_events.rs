use chrono::{DateTime, NaiveDate, Utc};

use super::{
    person_record::{PersonRecord, RecordEvent, RecordFact},
    record_attempts::HandedIn,
    record_entries::{Entries, find_entries},
};
use crate::{
    ground::{Dated, GroupId, PersonId, local_date},
    people::Reached,
    record::{Completion, Discussion, Dossier, HowEarned, Thing, find_discussions, name_tutors},
    standing::Situation,
    store::{Conn, StoreError},
};

/// What happened until the moment of a situation, so far as it was known, newest first.
pub(super) fn events(
    situation: &Situation,
    reached: &Reached,
    attempts: &[HandedIn],
    entries: &Entries,
    known: DateTime<Utc>,
) -> Vec<RecordEvent> {
    let dossier: &Dossier = &situation.dossier;
    let facts = &dossier.facts;
    let until = situation.now.min(known);
    let mut events = Vec::new();
    for stay in &facts.stays {
        dated(&mut events, stay, RecordFact::Began, RecordFact::Left);
    }
    let called = |group: GroupId| {
        let day = situation.day();
        reached.has(group).then(|| facts.places.of(group, day, known).map(|place| place.what.name.clone())).flatten()
    };
    for membership in &facts.memberships {
        // A group that the reader does not see, and one that is no longer there, has no name here.
        if let Some(name) = called(membership.what) {
            dated(&mut events, membership, RecordFact::Joined(name.clone()), RecordFact::LeftGroup(name));
        }
    }
    for exemption in &dossier.exemptions {
        let title = situation.title(&exemption.what.thing);
        dated(&mut events, exemption, RecordFact::Excused(title.clone()), RecordFact::NoLongerExcused(title));
    }
    let mut happened = |at, what, entry| events.push(RecordEvent { at, since: None, what, entry });
    for attempt in attempts {
        let title = situation.title(&Thing::Module(attempt.module.clone()));
        let (percent, ordinal, id) = (attempt.percent, attempt.ordinal, attempt.id);
        if attempt.passed {
            let completion = dossier.completions.iter().find(|completion| completion.attempt == Some(attempt.id));
            let entry = completion.and_then(|completion| entries.passes.get(&completion.id.to_string()).copied());
            let withdrawn =
                completion.and_then(|completion| completion.withdrawn).filter(|withdrawn| withdrawn.at <= until);
            let pass = completion.filter(|_| withdrawn.is_none()).map(|completion| completion.id);
            if let Some(withdrawn) = withdrawn {
                let entry =
                    completion.and_then(|completion| entries.corrections.get(&completion.id.to_string()).copied());
                let (title, passed_at) = (title.clone(), attempt.at);
                happened(withdrawn.at, RecordFact::Withdrawn { title, why: withdrawn.why, passed_at }, entry);
            }
            let how = completion.and_then(|completion| Some((completion.started_at, completion.opened()?)));
            let by = completion.map_or(HowEarned::Quiz, Completion::how);
            let what = RecordFact::Passed { title, pass, how, by, percent, attempt: ordinal, id };
            happened(attempt.at, what, entry);
        } else {
            happened(attempt.at, RecordFact::NotPassed { title, percent, attempt: ordinal, id }, None);
        }
    }
    for pass in dossier.completions.iter().filter(|pass| pass.workshop.is_some()) {
        let title = situation.title(&Thing::Module(pass.module.clone()));
        let id = pass.id.to_string();
        let withdrawn = pass.withdrawn.filter(|withdrawn| withdrawn.at <= until);
        if let Some(withdrawn) = withdrawn {
            let (title, passed_at) = (title.clone(), pass.completed_at);
            let entry = entries.corrections.get(&id).copied();
            happened(withdrawn.at, RecordFact::Withdrawn { title, why: withdrawn.why, passed_at }, entry);
        }
        let what = RecordFact::Attended { title, pass: withdrawn.is_none().then_some(pass.id) };
        happened(pass.completed_at, what, entries.passes.get(&id).copied());
    }
    for attempt in &dossier.attempts {
        if let Some((asked_at, _)) = attempt.task {
            let title = situation.title(&Thing::Module(attempt.module.clone()));
            happened(asked_at, RecordFact::AskedTutor(title), None);
        }
    }
    for signature in &dossier.signatures {
        let title = situation.title(&Thing::Agreement(signature.agreement.clone()));
        let entry = entries.signatures.get(&signature.id.to_string()).copied();
        let what = RecordFact::Signed { title, version: signature.version, id: signature.id };
        happened(signature.signed_at, what, entry);
    }
    for decline in &dossier.declines {
        let title = situation.title(&Thing::Agreement(decline.agreement.clone()));
        let entry = entries.declines.get(&decline.id.to_string()).copied();
        happened(decline.at, RecordFact::Declined { title, version: decline.version, id: decline.id }, entry);
    }
    events.retain(|event| event.at <= until);
    events.sort_by_key(|event| std::cmp::Reverse(event.at));
    events
}

/// The beginning of a fact, and its end, each when it was recorded.
fn dated<T>(events: &mut Vec<RecordEvent>, fact: &Dated<T>, began: RecordFact, ended: RecordFact) {
    let mut happened = |at: DateTime<Utc>, day: NaiveDate, what| {
        events.push(RecordEvent { at, since: (local_date(at) != day).then_some(day), what, entry: None });
    };
    happened(fact.recorded_at, fact.begins_on, began);
    if let Some((day, at)) = fact.end {
        happened(at, day, ended);
    }
}

/// The discussions with somebody, each with the name of the tutor and the numbers of its entries: that it was held, and what they said of it.
pub(super) async fn discussions(
    conn: &mut Conn,
    person: PersonId,
) -> Result<Vec<(Discussion, Option<u64>, Option<u64>)>, StoreError> {
    let mut found = find_discussions(conn, person).await?;
    if found.is_empty() {
        return Ok(Vec::new());
    }
    name_tutors(conn, &mut found).await?;
    let ids: Vec<String> = found.iter().map(|held| held.id.to_string()).collect();
    let held = find_entries(conn, "discussion", &ids).await?;
    let answered = find_entries(conn, "discussion_answer", &ids).await?;
    let with = |one: Discussion| {
        let id = one.id.to_string();
        (one, held.get(&id).copied(), answered.get(&id).copied())
    };
    Ok(found.into_iter().map(with).collect())
}

/// Puts discussions where they belong among what happened until then.
pub(super) fn tell_of_discussions(
    record: &mut PersonRecord,
    situation: &Situation,
    discussions: Vec<(Discussion, Option<u64>, Option<u64>)>,
    until: DateTime<Utc>,
) {
    for (discussion, entry, answered) in discussions {
        let title = situation.title(&Thing::Module(discussion.module.clone()));
        if let Some((held, at)) = discussion.answer.filter(|(_, at)| *at <= until) {
            let what = RecordFact::DiscussionAnswered { title: title.clone(), held };
            record.events.push(RecordEvent { at, since: None, what, entry: answered });
        }
        if discussion.recorded_at <= until {
            let (at, since) = (discussion.recorded_at, None);
            record.events.push(RecordEvent {
                at,
                since,
                what: RecordFact::Discussed { title, held: discussion },
                entry,
            });
        }
    }
    record.events.sort_by_key(|event| std::cmp::Reverse(event.at));
}
