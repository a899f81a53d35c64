use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use audit::{Envelope, Fact, Gate, Leaf, Link, PartKind, Recipient, from_canonical};
use chrono::NaiveDate;
use serde::Deserialize;

use super::expected_rows::{Expected, Says, expected, unreadable};
use crate::{
    engine::Engine,
    ground::PersonId,
    log::{find_head, find_origins, read_leaves, read_openings, read_rows},
    store::{Conn, Linked as _, StoreError, Unsealed, on},
};

/// Where the rows of the record and the leaves of the signed log do not say the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mismatch {
    /// A row without a leaf.
    NoLeaf {
        /// Its table, with `/end` where it is how the row ended.
        kind: String,
        /// Its id.
        id: String,
    },
    /// A leaf that is said to be evidence of a row that is not there.
    NoRow {
        /// The number of the leaf.
        leaf: u64,
        /// The table, likewise.
        kind: String,
        /// The id.
        id: String,
    },
    /// A leaf that says something else than its row.
    Differs {
        /// The number of the leaf.
        leaf: u64,
        /// The table, likewise.
        kind: String,
        /// The id.
        id: String,
    },
    /// A leaf that is evidence of nothing, or says something of which no row is, although it has not been let go of.
    OfNothing {
        /// The number of the leaf.
        leaf: u64,
    },
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoLeaf { kind, id } => write!(f, "{kind} {id} is recorded, and no entry of the log says so"),
            Self::NoRow { leaf, kind, id } => write!(f, "entry {leaf} says {kind} {id}, which is not recorded"),
            Self::Differs { leaf, kind, id } => {
                write!(f, "entry {leaf} says something else than what is recorded as {kind} {id}")
            }
            Self::OfNothing { leaf } => write!(f, "entry {leaf} says something that is recorded nowhere"),
        }
    }
}

/// What a leaf says.
struct Said {
    envelope: Envelope,
    person: Option<PersonId>,
    link: Link,
    /// The passes that opened its gate, by the numbers of their leaves, where that has not been let go of.
    gate: Option<Vec<u64>>,
    /// How it was done, likewise.
    act: Option<String>,
    /// Who it is about, where it says what they are called and known by from then on, likewise.
    known: Option<Known>,
}

impl Said {
    /// Whether it has a fact that fewer rows say than it does. `rows`: how many say each of its facts.
    fn says_more_than(&self, rows: &[usize]) -> bool {
        let facts = &self.envelope.facts;
        facts.iter().enumerate().any(|(place, fact)| {
            let times = facts.iter().filter(|other| *other == fact).count();
            !is_of_the_log(fact) && rows.get(place).is_none_or(|rows| *rows < times)
        })
    }
}

/// Whether it is a fact that has no row anywhere else.
fn is_of_the_log(fact: &Fact) -> bool {
    matches!(fact, Fact::ClockStepped { .. } | Fact::Exported { .. } | Fact::KeyChanged { .. } | Fact::Restored { .. })
}

/// What somebody is called and known by, as an entry says it. A signature has the name alone, and sets nothing.
#[derive(PartialEq, Eq, Deserialize)]
struct Known {
    name: String,
    email: String,
    #[serde(default)]
    external_id: Option<String>,
}

/// What stands in the rows, without what is missing in an entry.
const EVERY_DETAIL: &str = "SELECT person_id, name, COALESCE(email, ''), external_id FROM person_detail";

impl Engine {
    /// Holds every row of the record against the leaf that is evidence of it, and every leaf against its rows; and what people are called and known by
    /// against the newest leaf that set it. What was let go of cannot be compared. This is no check of the log itself.
    ///
    /// # Errors
    /// [`StoreError`] when there is no log, or the database fails.
    pub async fn compare_rows(&self) -> Result<Vec<Mismatch>, StoreError> {
        let mut conn = self.store.read().await?;
        let leaf_rows = read_rows(&mut conn).await?;
        let said = read_said(&mut conn).await?;
        let mut evidence = BTreeMap::new();
        for (kind, id, number) in leaf_rows {
            evidence.insert((kind, id), u64::try_from(number).map_err(|_| unreadable())?);
        }
        let mut found = Vec::new();
        let mut seen = BTreeSet::new();
        // Of each fact of a leaf, how many rows say it; and the leaves of which something else is wrong.
        let (mut borne_out, mut wrong): (BTreeMap<u64, Vec<usize>>, BTreeSet<u64>) = Default::default();
        for row in expected(&mut conn).await? {
            let key = (row.kind.to_owned(), row.id.clone());
            let (kind, id) = key.clone();
            match evidence.get(&key) {
                None => found.push(Mismatch::NoLeaf { kind, id }),
                Some(leaf) => {
                    if let Some(said) = said.get(leaf) {
                        let facts = &said.envelope.facts;
                        let says: Vec<bool> = facts.iter().map(|fact| row.is_said(fact, said, &evidence)).collect();
                        let borne_out = borne_out.entry(*leaf).or_insert_with(|| vec![0; says.len()]);
                        borne_out.iter_mut().zip(&says).for_each(|(rows, says)| *rows += usize::from(*says));
                        if !says.contains(&true) || !row.agrees(said, &evidence) {
                            wrong.insert(*leaf);
                            found.push(Mismatch::Differs { leaf: *leaf, kind, id });
                        }
                    }
                }
            }
            seen.insert(key);
        }
        found.extend(wrongly_called(&mut conn, &said).await?);
        let with_rows: BTreeSet<u64> = evidence.values().copied().collect();
        let without_row =
            evidence.into_iter().filter(|(key, _)| !seen.contains(key) && !OF_THE_LOG.contains(&key.0.as_str()));
        for ((kind, id), leaf) in without_row {
            wrong.insert(leaf);
            found.push(Mismatch::NoRow { leaf, kind, id });
        }
        // Each fact of a leaf has its row, also where the leaf is evidence of other rows.
        let of_nothing = said.iter().filter(|(leaf, said)| {
            let rows = borne_out.get(*leaf).map_or(&[][..], Vec::as_slice);
            let says_more = || said.says_more_than(rows);
            !with_rows.contains(*leaf) || !wrong.contains(*leaf) && says_more()
        });
        found.extend(of_nothing.map(|(leaf, _)| Mismatch::OfNothing { leaf: *leaf }));
        found.sort();
        Ok(found)
    }
}

impl Expected {
    /// Whether a fact of a leaf is what the row says.
    fn is_said(&self, fact: &Fact, said: &Said, evidence: &BTreeMap<(String, String), u64>) -> bool {
        match (&self.says, fact) {
            (Says::Fact(expected), fact) => expected == fact,
            (
                Says::Place { group, parent },
                Fact::GroupMade { group: of, parent: to } | Fact::GroupMoved { group: of, parent: to },
            ) => group == of && parent == to,
            (Says::Place { group, .. }, Fact::GroupRenamed { group: of }) => group == of,
            (
                Says::PlaceEnded { group },
                Fact::GroupMoved { group: of, .. } | Fact::GroupRenamed { group: of } | Fact::GroupEnded { group: of },
            )
            | (Says::GroupMade { group }, Fact::GroupMade { group: of, .. }) => group == of,
            (Says::AssignedToThem { programme }, Fact::Assigned { programme: of, to: Recipient::Person(link) }) => {
                programme == of && *link == said.link
            }
            (
                Says::Ended(began),
                Fact::AssignmentEnded { leaf } | Fact::ExemptionEnded { leaf } | Fact::EvidenceEnded { leaf },
            ) => evidence.get(&((*began).to_owned(), self.id.clone())) == Some(leaf),
            (Says::Withdrawn { pass, why }, Fact::Corrected { leaf, code, replaced_by: None }) => {
                *code == why.logged() && evidence.get(&("completion".to_owned(), pass.clone())) == Some(leaf)
            }
            (Says::DiscussionAnswered { held }, Fact::DiscussionAnswered { leaf, held: said }) => {
                held == said && evidence.get(&("discussion".to_owned(), self.id.clone())) == Some(leaf)
            }
            (
                Says::Published { thing, version, sha256, edition },
                Fact::Published { thing: of, version: number, sha256: digest, edition: counted, .. },
            ) => (thing, version, sha256, edition) == (of, number, digest, counted),
            _ => false,
        }
    }

    /// Whether the leaf says of everything else but its facts what the row says.
    fn agrees(&self, said: &Said, evidence: &BTreeMap<(String, String), u64>) -> bool {
        let on = said.envelope.on.as_deref().and_then(|day| day.parse::<NaiveDate>().ok());
        // What was to begin later and is ended with something else ends on the day on which it begins.
        let is_on = |day: NaiveDate| on.is_some_and(|on| on == day || on < day && self.begins == Some(day));
        let on_agrees = self.on.is_none_or(is_on) && self.again.is_none_or(is_on);
        let gate =
            self.gate.iter().flatten().map(|pass| evidence.get(&("completion".to_owned(), pass.clone())).copied());
        let gate_agrees = match &said.gate {
            Some(passes) => gate.collect::<BTreeSet<_>>() == passes.iter().copied().map(Some).collect(),
            None => true,
        };
        let act_agrees = match (&self.act, &said.act) {
            (Some(expected), Some(act)) => expected == act.as_bytes(),
            _ => true,
        };
        self.person == said.person
            && on_agrees
            && gate_agrees
            && act_agrees
            && [self.at, self.again_at].into_iter().flatten().all(|at| at == said.envelope.at)
    }
}

/// What of the log has no row anywhere else.
const OF_THE_LOG: [&str; 4] = ["clock", "export", "key", "restored"];

/// How many leaves are read at once.
const AT_ONCE: usize = 5_000;

/// Who is called or known by something else than the newest entry says that set it. Of whom that has been let go of nothing can be said.
async fn wrongly_called(conn: &mut Conn, said: &BTreeMap<u64, Said>) -> Result<Vec<Mismatch>, StoreError> {
    let mut newest: BTreeMap<PersonId, (u64, &Known)> = BTreeMap::new();
    for (leaf, said) in said {
        if let (Some(person), Some(known)) = (said.person, &said.known) {
            newest.insert(person, (*leaf, known));
        }
    }
    let rows: Vec<(PersonId, String, String, Option<String>)> =
        on!(conn.link(), conn => sqlx::query_as(EVERY_DETAIL).fetch_all(conn).await)?;
    let differs = rows.into_iter().filter_map(|(person, name, email, external_id)| {
        let (leaf, known) = newest.get(&person)?;
        let is_so = **known == Known { name, email, external_id };
        (!is_so).then(|| Mismatch::Differs { leaf: *leaf, kind: "person_detail".to_owned(), id: person.to_string() })
    });
    Ok(differs.collect())
}

async fn read_said(conn: &mut Conn) -> Result<BTreeMap<u64, Said>, StoreError> {
    let head = find_head(conn, 0).await?.ok_or(Unsealed::NoKey)?;
    let origins = find_origins(conn, &head).await?;
    let end = i64::try_from(head.size()).map_err(|_| unreadable())?;
    let mut said = BTreeMap::new();
    for from in (0..end).step_by(AT_ONCE) {
        let to = end.min(from + AT_ONCE as i64);
        let leaves = read_leaves(conn, from, to).await?;
        for row in read_openings(conn, &origins, from, to).await? {
            let place = i64::try_from(row.opened.n).map_err(|_| unreadable())? - from;
            let leaf = usize::try_from(place).ok().and_then(|place| leaves.get(place)).ok_or_else(unreadable)?;
            let link = Leaf::parse(leaf.as_bytes()).map_err(|_| unreadable())?.link;
            let envelope = from_canonical(row.opened.envelope.as_bytes()).map_err(|_| unreadable())?;
            let gate = row.opened.parts.get(&PartKind::Gate);
            let gate = gate.map(|gate| from_canonical::<Gate>(gate.part.as_bytes())).transpose();
            let gate = gate.map_err(|_| unreadable())?.map(|gate| gate.passes);
            let act = row.opened.parts.get(&PartKind::Act).map(|act| act.part.clone());
            let known = row.opened.parts.get(&PartKind::Id);
            let known = known.and_then(|known| serde_json::from_str(&known.part).ok());
            said.insert(row.opened.n, Said { envelope, person: row.person, link, gate, act, known });
        }
    }
    Ok(said)
}
