use chrono::{DateTime, NaiveDate, Utc};

use super::{
    record_attempts::{HandedIn, find_attempts},
    record_entries::Entries,
    record_events::{discussions, events, tell_of_discussions},
    record_things::things,
};
use crate::{
    board::AsAt,
    engine::{Engine, Looked, Refused},
    ground::{AttemptId, CompletionId, DeclineId, PersonId, SignatureId, local_date},
    people::{Person, Reached, Right, Scope, is_in_scope},
    record::{
        Decline, Discussion, HowEarned, OwnEvidence, PagesOpened, Thing, WrongBecause, find_own_evidence,
        find_person_facts, find_revisions,
    },
    signing::Hold,
    standing::{Cell, Situation},
    store::{Linked as _, on},
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
        /// The signature: whoever may see their evidence finds there what proves it.
        id: SignatureId,
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

const FIND_USER_NAME: &str = "SELECT user_name FROM user_name WHERE person_id = $1";

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
        let entries = Entries::of(&mut conn, dossier).await?;
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
