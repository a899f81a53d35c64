use std::collections::BTreeMap;

use audit::{
    Checkpoint, Envelope, Fact, Frontier, Gate, Leaf, Link, LogKey, Origin, PartKind, PersonKey, PinnedKey, Recipient,
    Salt, commit, digest_of_part, leaf_hash, link, to_canonical,
};

use super::{
    act::{Act, Row, Said, milliseconds},
    begin_log::{Log, LogError, Seen},
    clock::MOST_BEHIND,
    head::{Head, find_head, lock_head},
    look_up::LookedUp,
    write::{Appended, Tiles, write},
};
use crate::{
    ground::{Chance, PersonId},
    record::AssignedTo,
    store::{Store, StoreError, Tx, Unsealed},
};

/// What was decided is sealed within this time. Whoever checks a log calls it a fault from a minute on; the time of the log may be some
/// seconds ahead of this clock.
const LONGEST_HELD: u64 = 50_000;

/// A leaf with what opens it.
pub(super) struct Sealed {
    pub number: u64,
    pub leaf: Vec<u8>,
    pub hash: audit::Hash,
    pub envelope: Vec<u8>,
    pub whose: Option<PersonId>,
    /// `None`: the key of the person opens it.
    pub salt: Option<Salt>,
    pub parts: Vec<(PartKind, Salt, Vec<u8>)>,
    pub rows: Vec<Row>,
    /// The key of a person who is new.
    pub key: Option<PersonKey>,
}

/// Whether the clock is to be believed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Believed {
    IfItAgrees,
    /// Somebody who looks after this installation says so.
    Anyhow,
}

impl Log {
    /// Seals acts, in their order, and commits the transaction of the rows that they are recorded in: all of it is saved, or nothing.
    ///
    /// # Errors
    /// [`StoreError`] when the log takes nothing or the database fails; nothing has been saved.
    pub(crate) async fn seal(&self, tx: Tx, acts: Vec<Act>) -> Result<(), StoreError> {
        if acts.is_empty() { tx.commit().await } else { self.seal_by(tx, acts, Believed::IfItAgrees, None).await }
    }

    /// Seals that the clock is right, whatever the log says of it. `act` makes the act of by how many seconds it was found ahead of the
    /// last leaf.
    ///
    /// # Errors
    /// As [`Log::seal`].
    pub(crate) async fn accept_clock(&self, mut tx: Tx, act: impl FnOnce(i64) -> Act) -> Result<i64, StoreError> {
        let head = find_head(&mut tx, 0).await?.ok_or(Unsealed::NoKey)?;
        let ahead = self.clock().now().timestamp() - head.appended_at;
        self.seal_by(tx, vec![act(ahead)], Believed::Anyhow, None).await?;
        Ok(ahead)
    }

    /// Seals that another key signs from then on: one that was kept for that, or a new one. The head behind it is signed by both. `act` makes the act of the
    /// key before and the next.
    ///
    /// # Errors
    /// [`LogError`] when the new key cannot be kept, the log takes nothing or the database fails; then the key is the one before.
    pub(crate) async fn change_key(
        &self,
        mut tx: Tx,
        act: impl FnOnce(&PinnedKey, &PinnedKey) -> Act,
    ) -> Result<(PinnedKey, PinnedKey), LogError> {
        let head = find_head(&mut tx, 0).await?.ok_or(StoreError::from(Unsealed::NoKey))?;
        let was = self.take_key(&head).ok_or_else(|| StoreError::from(self.lacks(&head)))?.public();
        let next = self.next_key(was.origin())?;
        let public = next.public();
        let act = act(&was, &public);
        self.seal_by(tx, vec![act], Believed::IfItAgrees, Some((&was, next))).await?;
        self.is_in_place(&public)?;
        Ok((was, public))
    }

    /// Seals the first act of a log that goes on from a copy, by a new key of another name, whatever the clock said when the copy was made.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails; nothing has been saved.
    pub(super) async fn seal_anew(&self, mut tx: Tx, head: &Head, key: LogKey, act: Act) -> Result<(), StoreError> {
        let acts = vec![act];
        let looked_up = LookedUp::of(&mut tx, &acts).await?;
        let clock_at = self.clock().now().timestamp();
        let appended_at = appended_at(head, clock_at, &acts, Believed::Anyhow)?;
        let (appended, note) = append(self.chance(), (&key, None), head, clock_at, appended_at, acts, looked_up)?;
        write(&mut tx, appended).await?;
        tx.commit().await?;
        self.has(key);
        self.keep_state(&note).await;
        Ok(())
    }

    /// Keeps a key that is to follow, so that it can be copied to every server before it signs. Gives its public half.
    ///
    /// # Errors
    /// As [`Log::change_key`]; the log is as it was.
    pub(crate) async fn prepare_key(&self, store: &Store) -> Result<PinnedKey, LogError> {
        let head = find_head(&mut store.read().await?, 0).await?.ok_or(StoreError::from(Unsealed::NoKey))?;
        let was = self.take_key(&head).ok_or_else(|| StoreError::from(self.lacks(&head)))?;
        Ok(self.next_key(was.origin())?.public())
    }

    /// `next`: the key that signs after these acts, and the one that the act says it follows.
    async fn seal_by(
        &self,
        mut tx: Tx,
        acts: Vec<Act>,
        believed: Believed,
        next: Option<(&PinnedKey, LogKey)>,
    ) -> Result<(), StoreError> {
        let looked_up = LookedUp::of(&mut tx, &acts).await?;
        let seen = self.seen();
        // From here on nobody else appends until this is committed.
        let head = lock_head(&mut tx, seen.as_ref().map_or(0, |seen| seen.size)).await?.ok_or(Unsealed::NoKey)?;
        // Where another key has followed, its file is looked for, once.
        let key = match self.key().filter(|key| key.public().to_string() == head.public_key) {
            Some(key) => key,
            None => self.take_key(&head).ok_or_else(|| self.lacks(&head))?,
        };
        // Somebody else may have changed it since: an act that names another key before it would be refused by everybody for ever.
        if next.as_ref().is_some_and(|(was, next)| head.public_key != was.to_string() || *was == &next.public()) {
            return Err(self.lacks(&head).into());
        }
        let next = next.map(|(_, next)| next);
        match self.fault(&head, seen.as_ref()) {
            Some(Unsealed::ClockBehind(_) | Unsealed::ClockAhead(_)) if believed == Believed::Anyhow => {}
            Some(fault) => return Err(fault.into()),
            None => {}
        }
        let clock_at = self.clock().now().timestamp();
        let appended_at = appended_at(&head, clock_at, &acts, believed)?;
        let (appended, note) =
            append(self.chance(), (&key, next.as_ref()), &head, clock_at, appended_at, acts, looked_up)?;
        let now_seen = Seen { size: appended.frontier.size(), root: hex::encode(appended.frontier.root().0) };
        write(&mut tx, appended).await?;
        tx.commit().await?;
        self.sees(now_seen);
        if let Some(next) = next {
            self.takes(next);
            self.keep_state(&note).await;
        }
        self.watch().was_right(self.clock());
        self.keep_state_now_and_then(&note).await;
        Ok(())
    }
}

/// The time of the leaves to come, in seconds since 1970.
fn appended_at(head: &Head, clock_at: i64, acts: &[Act], believed: Believed) -> Result<u64, StoreError> {
    let decided = || acts.iter().filter(|act| !act.claimed).map(|act| milliseconds(act.at));
    let last = decided().max().map_or(0, |at| i64::try_from(at / 1000).unwrap_or(i64::MAX));
    // What somebody did before by a clock that has been set back since would take the log's time with it.
    if last > head.appended_at.max(clock_at) + MOST_BEHIND {
        return Err(Unsealed::ClockBehind(last - clock_at).into());
    }
    let time = u64::try_from(head.appended_at.max(clock_at).max(last)).unwrap_or_default();
    // By the clock, because the log's time waits where the clock was set back.
    let now = u64::try_from(clock_at).unwrap_or_default().saturating_mul(1000);
    let held = decided().any(|at| at.saturating_add(LONGEST_HELD) < now);
    if held && believed == Believed::IfItAgrees { Err(Unsealed::HeldTooLong.into()) } else { Ok(time) }
}

fn append(
    chance: &dyn Chance,
    (key, next): (&LogKey, Option<&LogKey>),
    head: &Head,
    clock_at: i64,
    appended_at: u64,
    acts: Vec<Act>,
    mut looked_up: LookedUp,
) -> Result<(Appended, String), StoreError> {
    let mut frontier: Frontier = head.frontier.clone();
    let mut tiles = Tiles::after(head.size());
    let mut leaves = Vec::with_capacity(acts.len());
    for act in acts {
        let sealed = seal_one(chance, key.origin(), frontier.size(), appended_at, act, &mut looked_up)?;
        let number = sealed.number;
        frontier.append_saying(sealed.hash, |level, root| tiles.subtree_is_complete(level, number, root));
        leaves.push(sealed);
    }
    let origin = key.origin().clone();
    let keys: Vec<&LogKey> = [key].into_iter().chain(next).collect();
    let note = Checkpoint { origin, size: frontier.size(), root: frontier.root() }.sign(&keys);
    let note = note.map_err(|_| StoreError::unreadable("head of the signed log"))?;
    let appended_at = i64::try_from(appended_at).unwrap_or(i64::MAX);
    let public_key = next.unwrap_or(key).public().to_string();
    let before = head.size();
    let (origin, note_of_it) = (key.origin().to_string(), note.clone());
    let appended =
        Appended { before, leaves, tiles, frontier, appended_at, clock_at, origin, public_key, note: note_of_it };
    Ok((appended, note))
}

fn random(chance: &dyn Chance) -> [u8; 32] {
    let mut bytes = [0; 32];
    chance.fill(&mut bytes);
    bytes
}

fn seal_one(
    chance: &dyn Chance,
    origin: &Origin,
    number: u64,
    appended_at: u64,
    act: Act,
    looked_up: &mut LookedUp,
) -> Result<Sealed, StoreError> {
    let Act { whose, begins_person, at, on, claimed, says, rows, mut parts, gate } = act;
    let new_key = begins_person.then(|| PersonKey(random(chance)));
    if let (Some(person), Some(key)) = (whose, new_key) {
        looked_up.keys.insert(person, key);
    }
    let (salt, linked) = match whose {
        Some(person) => {
            let key = looked_up.keys.get(&person).ok_or_else(|| StoreError::unreadable("key of a person"))?;
            let opening = key.opening(origin, number);
            (opening.salt, link(&opening.salt, &opening.person))
        }
        None => (Salt(random(chance)), Link(random(chance))),
    };
    let facts = says.into_iter().map(|said| fact_of(said, linked, looked_up)).collect::<Result<_, _>>()?;
    if let Some(gate) = gate {
        let passes = gate.iter().map(|pass| looked_up.leaf("completion", pass)).collect::<Result<_, _>>()?;
        parts.push((PartKind::Gate, canonical(&Gate { passes })?));
    }
    let parts: Vec<_> = parts.into_iter().map(|(kind, part)| (kind, Salt(random(chance)), part)).collect();
    let digests: BTreeMap<_, _> =
        parts.iter().map(|(kind, salt, part)| (*kind, digest_of_part(salt, *kind, part))).collect();
    let on = on.map(|day| day.to_string());
    let envelope = canonical(&Envelope { at: milliseconds(at), claimed, facts, on, parts: digests })?;
    let leaf = Leaf { number, appended_at, commitment: commit(&salt, &envelope), link: linked };
    let bytes = leaf.to_bytes();
    for row in &rows {
        looked_up.leaves.insert((row.kind, row.id.clone()), number);
    }
    Ok(Sealed {
        number,
        hash: leaf_hash(&bytes),
        leaf: bytes,
        envelope,
        whose,
        salt: whose.is_none().then_some(salt),
        parts,
        rows,
        key: new_key,
    })
}

fn canonical(says: &impl serde::Serialize) -> Result<Vec<u8>, StoreError> {
    to_canonical(says).map_err(|_| StoreError::unreadable("act for the signed log"))
}

/// A fact in the log's own form. `own` is the link of its own leaf.
fn fact_of(said: Said, own: Link, looked_up: &LookedUp) -> Result<Fact, StoreError> {
    let group = |group| looked_up.group(group);
    let perhaps = |group: Option<_>| group.map(|group| looked_up.group(group)).transpose();
    Ok(match said {
        Said::Plain(fact) => fact,
        Said::GroupMade { group: made, parent } => Fact::GroupMade { group: group(made)?, parent: perhaps(parent)? },
        Said::GroupMoved { group: moved, parent } => {
            Fact::GroupMoved { group: group(moved)?, parent: perhaps(parent)? }
        }
        Said::GroupRenamed(renamed) => Fact::GroupRenamed { group: group(renamed)? },
        Said::GroupEnded(ended) => Fact::GroupEnded { group: group(ended)? },
        Said::MembershipBegun(joined) => Fact::MembershipBegun { group: group(joined)? },
        Said::MembershipEnded(left) => Fact::MembershipEnded { group: group(left)? },
        Said::DutyGiven(duty) => Fact::DutyGiven { role: duty.role.code().to_owned(), group: perhaps(duty.over)? },
        Said::DutyEnded(duty) => Fact::DutyEnded { role: duty.role.code().to_owned(), group: perhaps(duty.over)? },
        Said::Assigned { programme, to } => Fact::Assigned {
            programme,
            to: match to {
                AssignedTo::Audience(audience) => Recipient::Audience(audience.as_str().to_owned()),
                AssignedTo::Group(to) => Recipient::Group(group(to)?),
                AssignedTo::Person(_) => Recipient::Person(own),
            },
        },
        Said::AssignmentEnded(id) => Fact::AssignmentEnded { leaf: looked_up.leaf("assignment", &id)? },
        Said::DiscussionAnswered { discussion, held } => {
            Fact::DiscussionAnswered { leaf: looked_up.leaf("discussion", &discussion)?, held }
        }
        Said::EvidenceEnded(id) => Fact::EvidenceEnded { leaf: looked_up.leaf("evidence", &id)? },
        Said::Withdrawn { pass, why } => {
            Fact::Corrected { leaf: looked_up.leaf("completion", &pass)?, code: why.logged(), replaced_by: None }
        }
        Said::ExemptionEnded(id) => Fact::ExemptionEnded { leaf: looked_up.leaf("exemption", &id)? },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ground::{Clock as _, CompletionId, ManualClock, SeededChance, SignatureId},
        record::Actor,
    };
    use audit::{Digest, Tree, digest_of_text};
    use uuid::Uuid;

    fn signing(person: PersonId, at: chrono::DateTime<chrono::Utc>, passes: &[CompletionId]) -> Act {
        let digest = Digest([7; 32]);
        let signed = Fact::Signed {
            agreement: "learner-aup".to_owned(),
            version: 1,
            sha256: digest,
            statement: digest_of_text(b"I agree."),
            until: None,
        };
        let words = BTreeMap::from([("name", "Amy Archer"), ("typed_name", "Amy Archer"), ("sign_in", "password")]);
        Act::new(Some(person), at, Actor::Person(person), false)
            .saying(Said::Plain(signed), Row::of("signature", SignatureId(Uuid::from_u128(9))))
            .with(PartKind::Id, &words)
            .with(PartKind::Act, &words)
            .through_gate(passes.to_vec())
    }

    #[test]
    fn the_root_of_what_was_appended_is_that_of_all_leaves() {
        let chance = SeededChance::new(1);
        let key = LogKey::from_seed(Origin::new("northfield.example/a1b2c3d4").unwrap(), &[1; 32]);
        let at = ManualClock::at("2026-11-23T09:00:00Z".parse().unwrap()).now();
        let person = PersonId(Uuid::from_u128(1));
        let passes: Vec<CompletionId> = (0..8).map(|pass| CompletionId(Uuid::from_u128(pass))).collect();
        let mut head = Head {
            origin: key.origin().to_string(),
            public_key: key.public().to_string(),
            frontier: Frontier::default(),
            appended_at: 0,
            clock_at: 0,
            root_then: None,
        };
        let mut tree = Tree::default();
        for _ in 0..400 {
            let mut looked_up = LookedUp::default();
            looked_up.keys.insert(person, PersonKey([3; 32]));
            for (number, pass) in (0..).zip(&passes) {
                looked_up.leaves.insert(("completion", pass.to_string()), number);
            }
            let acts = vec![signing(person, at, &passes)];
            let (appended, _) = append(&chance, (&key, None), &head, 0, 1_790_000_000, acts, looked_up).unwrap();
            tree.append(appended.leaves[0].hash);
            assert_eq!(appended.frontier.root(), tree.root());
            head.frontier = appended.frontier;
        }
    }
}
