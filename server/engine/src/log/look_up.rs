use std::collections::{BTreeMap, BTreeSet};

use audit::PersonKey;
use uuid::Uuid;

use super::act::{Act, Said};
use crate::{
    ground::{GroupId, PersonId},
    record::{AssignedTo, Duty},
    store::{Linked as _, StoreError, Tx, on},
};

/// What acts refer to and do not say themselves.
#[derive(Debug, Default)]
pub(super) struct LookedUp {
    pub keys: BTreeMap<PersonId, PersonKey>,
    groups: BTreeMap<GroupId, u64>,
    /// Numbers of leaves, by the rows that they are evidence of.
    pub leaves: BTreeMap<(&'static str, String), u64>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Asked {
    Key(PersonId),
    Group(GroupId),
    Leaf(&'static str, String),
}

/// How many are asked for in one statement, at most.
const AT_ONCE: usize = 5_000;

/// What is referred to by a leaf's number.
const REFERRED_TO: [&str; 5] = ["assignment", "completion", "discussion", "evidence", "exemption"];

type FoundRow = (String, Option<Uuid>, String, i64);

impl LookedUp {
    /// Looks up what these acts refer to. A leaf that is not found may be one of theirs.
    pub(super) async fn of(tx: &mut Tx, acts: &[Act]) -> Result<Self, StoreError> {
        let mut asked = BTreeSet::new();
        for act in acts {
            asked.extend(act.whose.filter(|_| !act.begins_person).map(Asked::Key));
            asked.extend(act.says.iter().flat_map(refers_to));
            let gate = act.gate.iter().flatten();
            asked.extend(gate.map(|pass| Asked::Leaf("completion", pass.to_string())));
        }
        let asked: Vec<Asked> = asked.into_iter().collect();
        let mut found = Self::default();
        for asked in asked.chunks(AT_ONCE) {
            found.ask(tx, asked).await?;
        }
        Ok(found)
    }

    async fn ask(&mut self, tx: &mut Tx, asked: &[Asked]) -> Result<(), StoreError> {
        let mut text = String::new();
        let link = tx.link();
        let mut add = |asked_here: usize, before: usize, select: &str| {
            if asked_here > 0 {
                text.push_str(if text.is_empty() { "" } else { " UNION ALL " });
                text.push_str(&format!("{select} {}", link.places(before, 1, asked_here)));
            }
        };
        // They are in this order.
        let keys = asked.iter().filter(|asked| matches!(asked, Asked::Key(_))).count();
        let groups = asked.iter().filter(|asked| matches!(asked, Asked::Group(_))).count();
        add(keys, 0, "SELECT 'key', k.person_id, k.secret, CAST(0 AS BIGINT) FROM person_key k WHERE k.person_id IN");
        add(groups, keys, "SELECT 'group', g.id, '', g.number FROM people_group g WHERE g.id IN");
        let mut before = keys + groups;
        for kind in REFERRED_TO {
            let leaves = asked.iter().filter(|asked| matches!(asked, Asked::Leaf(of, _) if *of == kind)).count();
            let select = format!(
                "SELECT r.kind, CAST(NULL AS UUID), r.id, r.number FROM log_row r WHERE r.kind = '{kind}' AND r.id IN"
            );
            add(leaves, before, &select);
            before += leaves;
        }
        let rows: Vec<FoundRow> = on!(tx.link(), conn => {
            let mut query = sqlx::query_as(sqlx::AssertSqlSafe(text));
            for asked in asked {
                query = match asked {
                    Asked::Key(person) => query.bind(*person),
                    Asked::Group(group) => query.bind(*group),
                    Asked::Leaf(_, id) => query.bind(id.clone()),
                };
            }
            query.fetch_all(conn).await
        })?;
        let unreadable = || StoreError::unreadable("what an act refers to");
        for (what, id, text, number) in rows {
            let number = u64::try_from(number).map_err(|_| unreadable())?;
            match (what.as_str(), id) {
                ("key", Some(person)) => {
                    let key = PersonKey::parse(&text).map_err(|_| unreadable())?;
                    self.keys.insert(PersonId(person), key);
                }
                ("group", Some(group)) => drop(self.groups.insert(GroupId(group), number)),
                (kind, _) => {
                    let kind = REFERRED_TO.into_iter().find(|known| *known == kind).ok_or_else(unreadable)?;
                    self.leaves.insert((kind, text), number);
                }
            }
        }
        Ok(())
    }

    pub(super) fn group(&self, group: GroupId) -> Result<u64, StoreError> {
        self.groups.get(&group).copied().ok_or_else(|| StoreError::unreadable("group in the signed log"))
    }

    /// The number of the leaf that is evidence of a row.
    pub(super) fn leaf(&self, kind: &'static str, id: &impl ToString) -> Result<u64, StoreError> {
        let found = self.leaves.get(&(kind, id.to_string())).copied();
        found.ok_or_else(|| StoreError::unreadable("earlier leaf of the signed log"))
    }
}

fn refers_to(said: &Said) -> Vec<Asked> {
    let over = |duty: &Duty| duty.over.map(Asked::Group).into_iter().collect();
    match said {
        Said::Plain(_) => Vec::new(),
        Said::GroupMade { group, parent } | Said::GroupMoved { group, parent } => {
            [Some(*group), *parent].into_iter().flatten().map(Asked::Group).collect()
        }
        Said::GroupRenamed(group)
        | Said::GroupEnded(group)
        | Said::MembershipBegun(group)
        | Said::MembershipEnded(group)
        | Said::Assigned { to: AssignedTo::Group(group), .. } => vec![Asked::Group(*group)],
        Said::DutyGiven(duty) | Said::DutyEnded(duty) => over(duty),
        Said::Assigned { .. } => Vec::new(),
        Said::AssignmentEnded(id) => vec![Asked::Leaf("assignment", id.to_string())],
        Said::Withdrawn { pass, .. } => vec![Asked::Leaf("completion", pass.to_string())],
        Said::DiscussionAnswered { discussion, .. } => vec![Asked::Leaf("discussion", discussion.to_string())],
        Said::EvidenceEnded(id) => vec![Asked::Leaf("evidence", id.to_string())],
        Said::ExemptionEnded(id) => vec![Asked::Leaf("exemption", id.to_string())],
    }
}
