use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use model::{ModuleSlug, Status};

use crate::{
    board::AsAt,
    engine::{Engine, Looked, Refused},
    ground::{AttemptId, CompletionId, CorrectionId, Dated, DeclineId, GroupId, PersonId, local_date},
    people::{Person, Reached, Right, Scope, is_in_scope},
    record::{
        Completion, Decline, Discussion, Dossier, HowEarned, Marks, OwnEvidence, PagesOpened, Thing, WrongBecause,
        find_discussions, find_own_evidence, find_person_facts, find_revisions, name_tutors,
    },
    signing::{Hold, gate, module_hold},
    standing::{Cell, Situation},
    store::{Conn, Linked as _, StoreError, fetch_of, on},
};

/// One person's whole record, as somebody sees it who looks after them: where they stand, what they did and when, and no answers.
#[derive(Clone, Debug)]
pub struct PersonRecord {
    /// Who.
    pub id: PersonId,
    /// Their name. Empty: it has been erased.
    pub name: String,
    /// What a directory calls them, where that is not their e-mail address. `None`: it has no other name for them, or the reader does not look after
    /// everybody's addresses, or looks at a moment that is past.
    pub user_name: Option<String>,
    /// Whether they are who reads it.
    pub is_oneself: bool,
    /// The moment at which it is so.
    pub moment: DateTime<Utc>,
    /// Whether that is now.
    pub is_now: bool,
    /// Whether it is by what is recorded now, and not by what had been recorded then.
    pub as_known_now: bool,
    /// When the stay began in which they were here at the moment, or in which they will be. `None`: they were not here.
    pub began_on: Option<NaiveDate>,
    /// The first day on which they are no longer here, if they have left by now.
    pub left_on: Option<NaiveDate>,
    /// As whom they are here, in the provider's words for one: "a learner".
    pub audiences: Vec<String>,
    /// The groups that they belong to themselves, so far as the reader sees them.
    pub groups: Vec<String>,
    /// What is asked of them, or was done: in the order of the programmes, then by name.
    pub things: Vec<RecordThing>,
    /// What they added from elsewhere, and had not taken back, what was done last first. Nobody checked it.
    pub elsewhere: Vec<OwnEvidence>,
    /// The programmes that are theirs, with the day from which each counts.
    pub programmes: Vec<(String, NaiveDate)>,
    /// What happened, newest first.
    pub events: Vec<RecordEvent>,
    /// Whether the reader may open the answers of their attempts.
    pub shows_answers: bool,
    /// Whether the reader may open what proves what they signed, and why they declined to.
    pub shows_evidence: bool,
}

/// Where somebody stands with one thing.
#[derive(Clone, Debug)]
pub struct RecordThing {
    /// What.
    pub thing: Thing,
    /// Its title.
    pub title: String,
    /// Where they stand.
    pub cell: Cell,
    /// What keeps them from passing it now. Of a moment that is past nobody can say it.
    pub hold: Hold,
    /// Of an agreement: how many modules are missing, and how many it requires. None and none of a module.
    pub requires: (usize, usize),
    /// The first day on which they are no longer excused from it. `None`: they are not, or for good.
    pub exempt_before: Option<NaiveDate>,
    /// What they declined to sign of it, where they have not signed since.
    pub declined: Option<Decline>,
    /// What was done last, or what counts.
    pub done: Option<RecordDone>,
}

/// That something was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordDone {
    /// When.
    pub at: DateTime<Utc>,
    /// Until when it counts. `None`: for ever.
    pub until: Option<DateTime<Utc>>,
    /// The number of the version.
    pub version: u32,
    /// The score, in whole hundredths. `None`: a signature, or a workshop, where nothing is marked.
    pub percent: Option<u32>,
    /// Which attempt it was of this edition, counted from 1. `None`: a signature, or a workshop.
    pub attempt: Option<usize>,
    /// Minutes of CPD. `None`: a signature.
    pub minutes: Option<u32>,
    /// The number of its entry in the signed log.
    pub entry: Option<u64>,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordEvent {
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// From which day it holds, where that is another.
    pub since: Option<NaiveDate>,
    /// What.
    pub what: RecordFact,
    /// The number of its entry in the signed log, where it has one.
    pub entry: Option<u64>,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordFact {
    /// They began, or came back.
    Began,
    /// They left.
    Left,
    /// They came into a group.
    Joined(String),
    /// They went out of a group.
    LeftGroup(String),
    /// They passed a module.
    Passed {
        /// Its title.
        title: String,
        /// The pass, while it has not been withdrawn.
        pass: Option<CompletionId>,
        /// When the attempt was begun, and how many pages had been opened when it was handed in.
        how: Option<(DateTime<Utc>, PagesOpened)>,
        /// In which way.
        by: HowEarned,
        /// The score, in whole hundredths.
        percent: u32,
        /// Which attempt it was, counted from 1.
        attempt: usize,
        /// The attempt itself.
        id: AttemptId,
    },
    /// They were at a workshop that counts as a pass.
    Attended {
        /// The module's title.
        title: String,
        /// The pass, while it has not been withdrawn.
        pass: Option<CompletionId>,
    },
    /// Whoever has them in their care said that they worked a module through together.
    Discussed {
        /// The module's title.
        title: String,
        /// When, where and with whom.
        held: Discussion,
    },
    /// They said themselves whether such a discussion was held.
    DiscussionAnswered {
        /// The module's title.
        title: String,
        /// Whether it was.
        held: bool,
    },
    /// An attempt did not pass.
    NotPassed {
        /// The module's title.
        title: String,
        /// The score, in whole hundredths.
        percent: u32,
        /// Which attempt it was, counted from 1.
        attempt: usize,
        /// The attempt itself.
        id: AttemptId,
    },
    /// Their attempts were used up, and a tutor was asked.
    AskedTutor(String),
    /// A pass was recorded wrongly, and counts for nothing since.
    Withdrawn {
        /// The module's title.
        title: String,
        /// What was wrong.
        why: WrongBecause,
        /// When it had been passed.
        passed_at: DateTime<Utc>,
    },
    /// They signed an agreement.
    Signed {
        /// Its title.
        title: String,
        /// The number of its version.
        version: u32,
    },
    /// They declined to sign an agreement.
    Declined {
        /// Its title.
        title: String,
        /// The number of its version.
        version: u32,
        /// Which decline: whoever may see their evidence finds the reason there.
        id: DeclineId,
    },
    /// They were excused from something.
    Excused(String),
    /// They were no longer excused.
    NoLongerExcused(String),
}

const FIND_ATTEMPTS: &str = "SELECT id, module, edition, submitted_at, earned, possible, passed FROM attempt \
     WHERE person_id = $1 AND submitted_at IS NOT NULL ORDER BY submitted_at, number, id";

const FIND_USER_NAME: &str = "SELECT user_name FROM user_name WHERE person_id = $1";

const FIND_CORRECTIONS: &str = "SELECT id, completion_id FROM correction WHERE person_id = $1";

#[derive(sqlx::FromRow)]
struct AttemptRow {
    id: AttemptId,
    module: String,
    edition: i64,
    submitted_at: DateTime<Utc>,
    earned: i64,
    possible: i64,
    passed: bool,
}

/// An attempt that was handed in.
struct HandedIn {
    id: AttemptId,
    module: ModuleSlug,
    at: DateTime<Utc>,
    percent: u32,
    passed: bool,
    /// Which it was of its edition, counted from 1.
    ordinal: usize,
}

impl Engine {
    /// Somebody's whole record, now or as at a moment that is past, for a reader who may see them. Of a moment that is past, whoever has left
    /// since is seen by those who saw them until then. That another looked is noted.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when there is no such person, or they are not in scope.
    pub async fn person_record(&self, reader: &Person, person: PersonId, as_at: Option<AsAt>) -> Looked<PersonRecord> {
        let now = self.clock.now();
        let scope = Scope::of(reader, Right::See, now).ok_or(Refused::NotFound)?;
        let as_at = as_at.filter(|as_at| as_at.moment < now);
        let mut conn = self.store.read().await?;
        // Of whom the reader may not see nothing more is read: how long it takes to say no tells neither that they are here nor how much is
        // recorded about them.
        if person != scope.asker() && !scope.is_everywhere() {
            let reached = scope.reached(&mut conn).await?;
            let facts = find_person_facts(&mut conn, person, String::new()).await?;
            if !reached.sees(&facts, as_at.is_some() || reached.is_everywhere()) {
                return Err(Refused::NotFound);
            }
        }
        let revisions = find_revisions(&mut conn, person).await?.ok_or(Refused::NotFound)?;
        let known = match as_at {
            Some(as_at) if !as_at.as_known_now => as_at.moment,
            _ => DateTime::<Utc>::MAX_UTC,
        };
        let situation = match as_at {
            None => self.situation_on(&mut conn, person).await?,
            Some(as_at) => self.situation_at(&mut conn, person, revisions, as_at.moment, known).await?,
        };
        let attempts = find_attempts(&mut conn, person).await?;
        let elsewhere = find_own_evidence(&mut conn, person).await?;
        let dossier = &situation.dossier;
        let passes: Vec<String> = dossier.completions.iter().map(|completion| completion.id.to_string()).collect();
        let signatures: Vec<String> = dossier.signatures.iter().map(|signature| signature.id.to_string()).collect();
        let declines: Vec<String> = dossier.declines.iter().map(|decline| decline.id.to_string()).collect();
        let entries = Entries {
            passes: find_entries(&mut conn, "completion", &passes).await?,
            signatures: find_entries(&mut conn, "signature", &signatures).await?,
            declines: find_entries(&mut conn, "decline", &declines).await?,
            corrections: find_corrections(&mut conn, person).await?,
        };
        let discussions = discussions(&mut conn, person).await?;
        // Duties are looked at last, so that one that was ended meanwhile gives nothing.
        let reached = scope.reached(&mut conn).await?;
        let is_seen =
            person == scope.asker() || reached.sees(&dossier.facts, as_at.is_some() || reached.is_everywhere());
        if !is_seen {
            return Err(Refused::NotFound);
        }
        let mut record = record_of(&situation, &reached, &attempts, &entries, local_date(now), known);
        let until = situation.now.min(known);
        tell_of_discussions(&mut record, &situation, discussions, until);
        record.is_oneself = person == scope.asker();
        record.is_now = as_at.is_none();
        let stood =
            |added: &OwnEvidence| added.recorded_at <= until && added.ended_at.is_none_or(|ended| ended > until);
        record.elsewhere = elsewhere.into_iter().filter(stood).collect();
        record.as_known_now = as_at.is_none_or(|as_at| as_at.as_known_now);
        let keeps_addresses = Scope::of(reader, Right::Organise, now).is_some_and(|scope| scope.is_everywhere());
        if keeps_addresses && record.is_now {
            record.user_name = on!(conn.link(), conn => sqlx::query_scalar(FIND_USER_NAME)
                .bind(person).fetch_optional(conn).await)?;
        }
        let answers = Scope::of(reader, Right::SeeAnswers, now);
        record.shows_answers = match answers {
            Some(answers) => is_in_scope(&mut conn, &answers, person).await?,
            None => false,
        };
        record.shows_evidence = match Scope::of(reader, Right::SeeEvidence, now) {
            Some(evidence) => record.is_oneself || is_in_scope(&mut conn, &evidence, person).await?,
            None => false,
        };
        drop(conn);
        self.note_look_at(reader, person, "record".to_owned()).await?;
        Ok(record)
    }
}

/// Numbers of entries in the signed log, by the ids of rows.
struct Entries {
    passes: BTreeMap<String, u64>,
    signatures: BTreeMap<String, u64>,
    declines: BTreeMap<String, u64>,
    /// By the passes that were withdrawn.
    corrections: BTreeMap<String, u64>,
}

/// The discussions with somebody, each with the name of the tutor and the numbers of its entries: that it was held, and what they said of it.
async fn discussions(
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
fn tell_of_discussions(
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

/// The numbers of the entries that say that passes of somebody were wrong, by the passes.
async fn find_corrections(conn: &mut Conn, person: PersonId) -> Result<BTreeMap<String, u64>, StoreError> {
    let rows: Vec<(CorrectionId, CompletionId)> =
        on!(conn.link(), conn => sqlx::query_as(FIND_CORRECTIONS).bind(person).fetch_all(conn).await)?;
    let ids: Vec<String> = rows.iter().map(|(id, _)| id.to_string()).collect();
    let numbers = find_entries(conn, "correction", &ids).await?;
    let by_pass = rows.into_iter().filter_map(|(id, pass)| Some((pass.to_string(), *numbers.get(&id.to_string())?)));
    Ok(by_pass.collect())
}

async fn find_entries(
    conn: &mut Conn,
    kind: &'static str,
    ids: &[String],
) -> Result<BTreeMap<String, u64>, StoreError> {
    let mut found = BTreeMap::new();
    // SQLite takes 32,766 values in one statement.
    for some in ids.chunks(1000) {
        let places: Vec<String> = (1..=some.len()).map(|place| format!("${place}")).collect();
        let text = format!("SELECT id, number FROM log_row WHERE kind = '{kind}' AND id IN ({})", places.join(", "));
        let rows: Vec<(String, i64)> = fetch_of!(conn, text, some)?;
        found.extend(rows.into_iter().filter_map(|(id, number)| Some((id, u64::try_from(number).ok()?))));
    }
    Ok(found)
}

async fn find_attempts(conn: &mut Conn, person: PersonId) -> Result<Vec<HandedIn>, StoreError> {
    let rows: Vec<AttemptRow> =
        on!(conn.link(), conn => sqlx::query_as(FIND_ATTEMPTS).bind(person).fetch_all(conn).await)?;
    let mut before: BTreeMap<(String, i64), usize> = BTreeMap::new();
    let handed_in = |row: AttemptRow| {
        let ordinal = before.entry((row.module.clone(), row.edition)).or_default();
        *ordinal += 1;
        Ok(HandedIn {
            id: row.id,
            module: ModuleSlug::new(row.module).map_err(|_| StoreError::unreadable("attempt"))?,
            at: row.submitted_at,
            percent: (row.earned * 100)
                .checked_div(row.possible)
                .and_then(|part| u32::try_from(part).ok())
                .unwrap_or(0),
            passed: row.passed,
            ordinal: *ordinal,
        })
    };
    rows.into_iter().map(handed_in).collect()
}

fn record_of(
    situation: &Situation,
    reached: &Reached,
    attempts: &[HandedIn],
    entries: &Entries,
    today: NaiveDate,
    known: DateTime<Utc>,
) -> PersonRecord {
    let dossier = &situation.dossier;
    let facts = &dossier.facts;
    let day = situation.day();
    let organisation = &situation.catalogue().organisation;
    let one = |audience: &crate::catalogue::Audience| {
        organisation.audience(audience).map_or_else(|| audience.to_string(), |listed| listed.one.clone())
    };
    let theirs = facts.memberships.iter().filter(|fact| fact.holds(day, known) && reached.has(fact.what));
    let groups = theirs.filter_map(|fact| Some(facts.places.of(fact.what, day, known)?.what.name.clone()));
    let ends = facts.stays.iter().map(|stay| stay.end.map_or(NaiveDate::MAX, |(end, _)| end));
    PersonRecord {
        id: facts.id,
        name: facts.name.clone(),
        user_name: None,
        is_oneself: false,
        moment: situation.now,
        is_now: true,
        as_known_now: true,
        began_on: facts.start_date(day, known),
        left_on: ends.max().filter(|end| *end <= today),
        audiences: facts.audiences_on(day, known).map(|fact| one(&fact.what)).collect(),
        groups: groups.collect(),
        things: things(situation, attempts, entries),
        elsewhere: Vec::new(),
        programmes: situation.programmes().map(|(programme, from)| (programme.title.clone(), from)).collect(),
        events: events(situation, reached, attempts, entries, known),
        shows_answers: false,
        shows_evidence: false,
    }
}

fn things(situation: &Situation, attempts: &[HandedIn], entries: &Entries) -> Vec<RecordThing> {
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

fn events(
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
        happened(signature.signed_at, RecordFact::Signed { title, version: signature.version }, entry);
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
