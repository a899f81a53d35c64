use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};

use super::decide::{ToTell, Told};
use crate::{
    board::{Outstanding, OutstandingPerson},
    engine::Engine,
    ground::{LetterId, PersonId, ReminderId},
    mail::{LetterAbout, NewLetter, Occasion, Reminded},
    record::{Actor, Thing},
    store::{Linked, StoreError, Tx, fetch_of, insert_all, on},
};

/// Why something was not told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Suppressed {
    /// They have no e-mail address.
    NoAddress,
    /// They have stopped being told early.
    Stopped,
    /// Before the letter went, it was done, or was no longer wanted by that day.
    Done,
    /// Before the letter went, they had left.
    Left,
    /// Before the letter went, they declined to sign it, and are not asked again yet.
    Declined,
}

impl Suppressed {
    /// All of them.
    pub const EVERY: [Self; 5] = [Self::NoAddress, Self::Stopped, Self::Done, Self::Left, Self::Declined];

    /// As the database has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NoAddress => "no-address",
            Self::Stopped => "stopped",
            Self::Done => "done",
            Self::Left => "left",
            Self::Declined => "declined",
        }
    }

    /// What [`Suppressed::name`] gave. `None`: it is of another version.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::EVERY.into_iter().find(|why| why.name() == name)
    }
}

/// How many people are looked at, and written to, in one transaction: others wait meanwhile.
pub(super) const AT_ONCE: usize = 500;

/// How many rows are written by one statement.
const ROWS_AT_ONCE: usize = 1000;

const INSERT_REMINDERS: &str = "INSERT INTO reminder (id, person_id, kind, slug, due_on, occasion, turn, planned_on, place, planned_at, planned_by, \
       letter_id, suppressed, suppressed_at)";

/// Few stop, so that all who have are read.
const EVERY_STOP: &str = "SELECT person_id FROM reminder_stop WHERE ended_at IS NULL";

/// What is known of some people besides what is wanted of them.
#[derive(Default)]
pub(super) struct Known {
    /// What they were told.
    told: BTreeMap<PersonId, Vec<Told>>,
    /// Their addresses, of those whose names have not been erased.
    addresses: BTreeMap<PersonId, Option<String>>,
    /// Who has stopped being told early.
    stopped: BTreeSet<PersonId>,
    /// How many places are taken on that day by what somebody was not told.
    next_place: BTreeMap<PersonId, i64>,
}

#[derive(sqlx::FromRow)]
struct ToldRow {
    person_id: PersonId,
    kind: String,
    slug: String,
    due_on: NaiveDate,
    occasion: String,
    turn: i64,
    planned_on: NaiveDate,
    place: i64,
    suppressed: Option<String>,
}

impl Known {
    /// What somebody was told.
    pub(super) fn told(&self, person: PersonId) -> &[Told] {
        self.told.get(&person).map_or(&[], Vec::as_slice)
    }

    /// Whether somebody lets themselves be told this.
    pub(super) fn wants(&self, person: PersonId, tell: &ToTell) -> bool {
        !(tell.occasion.may_be_stopped() && self.stopped.contains(&person))
    }

    /// Whether there is an address to write to. `None`: there is nobody of that name.
    pub(super) fn has_address(&self, person: PersonId) -> Option<bool> {
        self.addresses.get(&person).map(Option::is_some)
    }
}

/// What was told to some people, [`AT_ONCE`] at most, of what is wanted of them or on that day, and where they are written to.
pub(super) async fn find_known(
    on_what: &mut impl Linked,
    people: &[&OutstandingPerson],
    today: NaiveDate,
) -> Result<Known, StoreError> {
    let mut known = Known::default();
    // What is over for good is not read.
    let due = people.iter().flat_map(|person| &person.wanted).map(|wanted| wanted.due_on).min();
    let Some(due) = due else { return Ok(known) };
    let places: Vec<String> = (3..people.len() + 3).map(|place| format!("${place}")).collect();
    let text = format!(
        "SELECT person_id, kind, slug, due_on, occasion, turn, planned_on, place, suppressed FROM reminder \
         WHERE (due_on >= $1 OR planned_on >= $2) AND person_id IN ({})",
        places.join(", ")
    );
    let rows: Vec<ToldRow> = on!(on_what.link(), conn => {
        let mut query = sqlx::query_as(sqlx::AssertSqlSafe(text)).bind(due).bind(today);
        for person in people {
            query = query.bind(person.id);
        }
        query.fetch_all(conn).await
    })?;
    for row in rows {
        // What another version told counts for nothing here but that it was on that day.
        let occasion = Occasion::parse(&row.occasion).unwrap_or(Occasion::Asked);
        let because = row.suppressed.as_deref().and_then(Suppressed::parse);
        let by_letter = !matches!(because, Some(Suppressed::NoAddress | Suppressed::Stopped));
        // Behind what a letter told there is no place on that day: the database refuses a second letter.
        if row.planned_on >= today && !by_letter {
            let next = known.next_place.entry(row.person_id).or_default();
            *next = (*next).max(row.place + 1);
        }
        if let Some(thing) = Thing::parse(&row.kind, &row.slug) {
            let (due_on, turn, planned_on) = (row.due_on, row.turn, row.planned_on);
            let told = Told { thing, due_on, occasion, turn, planned_on, by_letter };
            known.told.entry(row.person_id).or_default().push(told);
        }
    }
    let ids: Vec<PersonId> = people.iter().map(|person| person.id).collect();
    known.addresses = find_addresses(on_what, &ids).await?;
    let stopped: Vec<PersonId> = on!(on_what.link(), conn => sqlx::query_scalar(EVERY_STOP).fetch_all(conn).await)?;
    known.stopped.extend(stopped);
    Ok(known)
}

/// Where some people are written to, [`AT_ONCE`] at most, of those whose names have not been erased.
pub(super) async fn find_addresses(
    on_what: &mut impl Linked,
    people: &[PersonId],
) -> Result<BTreeMap<PersonId, Option<String>>, StoreError> {
    if people.is_empty() {
        return Ok(BTreeMap::new());
    }
    let places: Vec<String> = (1..=people.len()).map(|place| format!("${place}")).collect();
    let text = format!("SELECT person_id, email FROM person_detail WHERE person_id IN ({})", places.join(", "));
    let rows: Vec<(PersonId, Option<String>)> = fetch_of!(on_what, text, people)?;
    Ok(rows.into_iter().collect())
}

/// A row of the ledger that is to be written.
struct NewRow<'o> {
    id: ReminderId,
    person: PersonId,
    thing: &'o Thing,
    tell: ToTell,
    place: i64,
    letter: Option<LetterId>,
    suppressed: Option<Suppressed>,
}

/// How much was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Written {
    pub letters: usize,
    /// What of the ledger has a letter.
    pub told: Vec<ReminderId>,
    pub things: usize,
    pub without_address: usize,
}

impl Engine {
    /// Writes to some people, [`AT_ONCE`] at most, what `decide` says that they are to be told, in a transaction that holds the lock on people
    /// alone, so that nobody else plans for them meanwhile.
    pub(super) async fn write_reminders(
        &self,
        tx: &mut Tx,
        all: &Outstanding,
        people: &[&OutstandingPerson],
        today: NaiveDate,
        by: Actor,
        decide: impl Fn(&OutstandingPerson, &[Told]) -> Vec<ToTell>,
    ) -> Result<Written, StoreError> {
        let now = self.clock.now();
        let known = find_known(tx, people, today).await?;
        let (mut rows, mut written) = (Vec::new(), Written::default());
        let mut letters: Vec<(PersonId, &str, LetterAbout)> = Vec::new();
        for person in people {
            // Of whom everything was erased since nobody is told anything.
            let Some(address) = known.addresses.get(&person.id) else { continue };
            let to_tell = decide(person, known.told(person.id));
            if to_tell.is_empty() {
                continue;
            }
            let because = address.is_none().then_some(Suppressed::NoAddress);
            let first = known.next_place.get(&person.id).copied().unwrap_or(0);
            for (place, tell) in (first..).zip(&to_tell) {
                let suppressed = if known.wants(person.id, tell) { because } else { Some(Suppressed::Stopped) };
                let (id, thing) = (ReminderId(self.new_id(now)), &all.things[tell.thing].0);
                rows.push(NewRow { id, person: person.id, thing, tell: *tell, place, letter: None, suppressed });
            }
            let things: Vec<Reminded> =
                to_tell.iter().filter(|tell| known.wants(person.id, tell)).map(|tell| reminded(all, tell)).collect();
            written.things += things.len();
            match address {
                _ if things.is_empty() => {}
                Some(address) => {
                    letters.push((person.id, address, LetterAbout::Reminder { name: person.name.clone(), things }));
                }
                None => written.without_address += 1,
            }
        }
        if rows.is_empty() {
            return Ok(written);
        }
        let new: Vec<NewLetter<'_>> = letters
            .iter()
            .map(|(person, address, about)| NewLetter { person: *person, address, about, instead_of: None })
            .collect();
        let ids = self.write_letters(tx, &new, by).await?;
        let of_whom: BTreeMap<PersonId, LetterId> = letters.iter().map(|(person, ..)| *person).zip(ids).collect();
        for row in &mut rows {
            row.letter = of_whom.get(&row.person).copied().filter(|_| row.suppressed.is_none());
        }
        self.insert_reminders(tx, &rows, (today, now), by).await?;
        let told = rows.iter().filter(|row| row.letter.is_some()).map(|row| row.id).collect();
        Ok(Written { letters: letters.len(), told, ..written })
    }

    async fn insert_reminders(
        &self,
        tx: &mut Tx,
        rows: &[NewRow<'_>],
        (today, now): (NaiveDate, DateTime<Utc>),
        by: Actor,
    ) -> Result<(), StoreError> {
        let by = by.to_string();
        for rows in rows.chunks(ROWS_AT_ONCE) {
            insert_all!(tx, INSERT_REMINDERS, 14, rows, |query, row| query
                .bind(row.id)
                .bind(row.person)
                .bind(row.thing.kind())
                .bind(row.thing.slug())
                .bind(row.tell.due_on)
                .bind(row.tell.occasion.name())
                .bind(row.tell.turn)
                .bind(today)
                .bind(row.place)
                .bind(now)
                .bind(&by)
                .bind(row.letter)
                .bind(row.suppressed.map(Suppressed::name))
                .bind(row.suppressed.map(|_| now)))?;
        }
        Ok(())
    }
}

/// What a letter says of one thing.
pub(super) fn reminded(all: &Outstanding, tell: &ToTell) -> Reminded {
    let (thing, title) = all.things[tell.thing].clone();
    Reminded { thing, title, called: tell.called, due_on: tell.due_on, occasion: tell.occasion }
}
