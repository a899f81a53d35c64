use audit::{Fact, PartKind, to_canonical};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    ground::{AssignmentId, CompletionId, DiscussionId, EvidenceId, ExemptionId, GroupId, PersonId},
    record::{Actor, AssignedTo, Duty, Since, WrongBecause},
};

/// One act about one person, or about nobody, as it is gathered before it is sealed.
#[derive(Clone, Debug)]
pub(crate) struct Act {
    pub(super) whose: Option<PersonId>,
    /// Whether the person is new, and gets a key with it.
    pub(super) begins_person: bool,
    pub(super) at: DateTime<Utc>,
    pub(super) on: Option<NaiveDate>,
    pub(super) claimed: bool,
    pub(super) says: Vec<Said>,
    pub(super) rows: Vec<Row>,
    /// Each as the canonical form of what it says.
    pub(super) parts: Vec<(PartKind, Vec<u8>)>,
    pub(super) gate: Option<Vec<CompletionId>>,
}

/// A fact as verbs know it. Where the log's own form of it has the number of a group or of an earlier leaf, that is looked up when it is
/// sealed.
#[derive(Clone, Debug)]
pub(crate) enum Said {
    Plain(Fact),
    GroupMade { group: GroupId, parent: Option<GroupId> },
    GroupMoved { group: GroupId, parent: Option<GroupId> },
    GroupRenamed(GroupId),
    GroupEnded(GroupId),
    MembershipBegun(GroupId),
    MembershipEnded(GroupId),
    DutyGiven(Duty),
    DutyEnded(Duty),
    Assigned { programme: String, to: AssignedTo },
    AssignmentEnded(AssignmentId),
    ExemptionEnded(ExemptionId),
    EvidenceEnded(EvidenceId),
    DiscussionAnswered { discussion: DiscussionId, held: bool },
    Withdrawn { pass: CompletionId, why: WrongBecause },
}

/// A row that a leaf is evidence of: its table, with `/end` where it is how the row ended, and its id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Row {
    pub kind: &'static str,
    pub id: String,
}

impl Row {
    pub(crate) fn of(kind: &'static str, id: impl ToString) -> Self {
        Self { kind, id: id.to_string() }
    }
}

/// Who did it, where that is somebody else.
#[derive(Serialize, Deserialize)]
struct By {
    by: String,
}

/// The part of an entry that names who did something, as it is kept.
pub(crate) fn part_naming(by: Actor) -> String {
    format!("{{\"by\":\"{by}\"}}")
}

/// Whom such a part names. `None`: it is none.
pub(crate) fn named_in(part: &str) -> Option<Actor> {
    Actor::parse(&serde_json::from_str::<By>(part).ok()?.by)
}

impl Act {
    /// An act about somebody, decided at a moment. `claimed`: it is said to have been done before there was a log.
    pub(crate) fn new(whose: Option<PersonId>, at: DateTime<Utc>, by: Actor, claimed: bool) -> Self {
        let mut act = Self {
            whose,
            begins_person: false,
            at,
            on: None,
            claimed,
            says: Vec::new(),
            rows: Vec::new(),
            parts: Vec::new(),
            gate: None,
        };
        if whose.is_none_or(|person| by != Actor::Person(person)) {
            act.part(PartKind::By, &By { by: by.to_string() });
        }
        act
    }

    /// It takes effect on the day of `since`.
    pub(crate) fn since(mut self, since: Since) -> Self {
        self.on = Some(since.begins_on);
        self
    }

    /// The person is new.
    pub(crate) fn begins_person(mut self) -> Self {
        self.begins_person = true;
        self
    }

    /// Says another fact, of which a row is the other record.
    pub(crate) fn says(&mut self, said: Said, row: Row) {
        self.says.push(said);
        self.rows.push(row);
    }

    /// Says another fact, of which a row is the other record that it is evidence of already.
    pub(crate) fn also_says(&mut self, said: Said) {
        self.says.push(said);
    }

    /// As [`Act::says`], for an act of one fact.
    pub(crate) fn saying(mut self, said: Said, row: Row) -> Self {
        self.says(said, row);
        self
    }

    /// It is evidence of another row, too.
    pub(crate) fn also(mut self, row: Row) -> Self {
        self.rows.push(row);
        self
    }

    /// Whether it says anything yet.
    pub(crate) fn says_something(&self) -> bool {
        !self.says.is_empty()
    }

    /// Sets something apart, so that it can be deleted by itself.
    pub(crate) fn part(&mut self, kind: PartKind, says: &impl Serialize) {
        // Nothing that verbs say of an act lacks a canonical form: texts, whole numbers, and no more.
        self.parts.extend(to_canonical(says).ok().map(|part| (kind, part)));
    }

    /// The same, for whoever puts an act together at once.
    pub(crate) fn with(mut self, kind: PartKind, says: &impl Serialize) -> Self {
        self.part(kind, says);
        self
    }

    /// The passes that opened its gate.
    pub(crate) fn through_gate(mut self, passes: Vec<CompletionId>) -> Self {
        self.gate = Some(passes);
        self
    }
}

/// A moment as the log writes it: whole milliseconds since 1970.
pub(crate) fn milliseconds(moment: DateTime<Utc>) -> u64 {
    u64::try_from(moment.timestamp_millis()).unwrap_or_default()
}

/// The end of something as the log writes it: never before the moment itself, so that what was still in force then is so by the log, too.
pub(crate) fn milliseconds_up(moment: DateTime<Utc>) -> u64 {
    let rest = moment.timestamp_subsec_nanos() % 1_000_000;
    milliseconds(moment) + u64::from(rest > 0)
}
