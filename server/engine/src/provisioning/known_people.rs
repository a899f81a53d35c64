use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::know_user_as::user_name_key;
use crate::{
    catalogue::Audience,
    engine::{Engine, Looked, Refused},
    ground::{GroupId, PersonId, composed, local_date},
    people::{Over, PersonDetails, is_own_word, may_organise, readable_email},
    record::Actor,
    store::{Linked, StoreError, fetch_of, on, rows_of},
};

/// Which people are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhichKnown {
    /// Those after so many, in the order in which they were added, and so many of them at most.
    Page {
        /// How many stand before it.
        skip: u32,
        /// At most [`Known::MOST`] are given.
        most: u32,
    },
    /// The one of that id, also when they were taken out.
    Person(PersonId),
    /// Who signs in with that, also when they were taken out; case does not count.
    Email(String),
    /// Whom that system calls that, where it is not what they sign in with, also when they were taken out; case does not count.
    UserName(String),
    /// Whom that system knows by that, also when they were taken out.
    ExternalId(String),
}

/// Some of what is known, and how much there is of it altogether.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known<T> {
    /// How many there are, on this page and others.
    pub total: u64,
    /// Those that were asked for.
    pub found: Vec<T>,
}

impl<T> Known<T> {
    /// How many are given at once at most.
    pub const MOST: u32 = 200;
}

/// Somebody who is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownPerson {
    /// Who.
    pub id: PersonId,
    /// What they are called, and what they are known by.
    pub details: PersonDetails,
    /// What that system calls them. `None`: by the e-mail address that they sign in with.
    pub user_name: Option<String>,
    /// As whom they are here.
    pub audiences: Vec<Audience>,
    /// The groups that they belong to themselves, each with its name.
    pub groups: Vec<(GroupId, String)>,
    /// Whether they are here today, or will be.
    pub is_here: bool,
    /// Whether that system took them out.
    pub is_taken_out: bool,
    /// Whether nobody says but themselves that the address is theirs: they began by a join code, and nobody has given them an id or a duty since.
    /// On a page it is not looked at.
    pub is_own_word: bool,
    /// When they were added.
    pub recorded_at: DateTime<Utc>,
}

/// $1 is today.
macro_rules! person_where {
    ($condition:literal) => {
        concat!(
            "SELECT p.id, p.recorded_at, d.name, d.email, d.external_id, \
               (SELECT COUNT(*) FROM stay s WHERE s.person_id = p.id AND (s.ends_before IS NULL OR (s.ends_before > $1 AND s.ends_before > s.begins_on))) AS stays, \
               (SELECT COUNT(*) FROM unprovisioned u WHERE u.person_id = p.id) AS taken_out, \
               (SELECT n.user_name FROM user_name n WHERE n.person_id = p.id) AS user_name \
             FROM person p JOIN person_detail d ON d.person_id = p.id WHERE ",
            $condition
        )
    };
}

const FIND_BY_ID: &str = person_where!("p.id = $2");

const FIND_BY_EMAIL: &str = person_where!("d.email = $2");

/// Looked up by itself: where hardly anybody has one, a join begins with everybody.
const FIND_BY_EXTERNAL_ID: &str =
    person_where!("p.id = (SELECT x.person_id FROM person_detail x WHERE x.external_id = $2)");

const FIND_BY_USER_NAME: &str =
    person_where!("p.id = (SELECT x.person_id FROM user_name x WHERE x.user_name_key = $2)");

const LIST_PAGE: &str = person_where!(
    "NOT EXISTS (SELECT 1 FROM unprovisioned u WHERE u.person_id = p.id) ORDER BY p.number LIMIT $2 OFFSET $3"
);

const COUNT_KNOWN: &str = "SELECT (SELECT COUNT(*) FROM person_detail) - \
     (SELECT COUNT(*) FROM unprovisioned u JOIN person_detail d ON d.person_id = u.person_id)";

#[derive(sqlx::FromRow)]
struct KnownRow {
    id: PersonId,
    recorded_at: DateTime<Utc>,
    name: String,
    email: Option<String>,
    external_id: Option<String>,
    stays: i64,
    taken_out: i64,
    user_name: Option<String>,
}

impl From<KnownRow> for KnownPerson {
    fn from(row: KnownRow) -> Self {
        Self {
            id: row.id,
            details: PersonDetails { name: row.name, email: row.email, external_id: row.external_id },
            user_name: row.user_name,
            audiences: Vec::new(),
            groups: Vec::new(),
            is_here: row.stays > 0,
            is_taken_out: row.taken_out > 0,
            is_own_word: false,
            recorded_at: row.recorded_at,
        }
    }
}

impl Engine {
    /// People, whoever they are and wherever they belong, with what they sign in with. For a system of the provider's that keeps them in step
    /// with its own.
    ///
    /// # Errors
    /// [`Refused::NotForYou`] unless whoever asks may change everything.
    pub async fn known_people(&self, which: &WhichKnown, by: Actor) -> Looked<Known<KnownPerson>> {
        let today = local_date(self.clock.now());
        let mut conn = self.store.read().await?;
        if !may_organise(&mut conn, by, Over::Everything, today).await? {
            return Err(Refused::NotForYou);
        }
        let found = find_people(&mut conn, which, today).await?;
        let total = if let WhichKnown::Page { .. } = which {
            on!(conn.link(), conn => sqlx::query_scalar(COUNT_KNOWN).fetch_one(conn).await)?
        } else {
            found.len() as i64
        };
        Ok(Known { total: u64::try_from(total).map_err(|_| StoreError::unreadable("count"))?, found })
    }
}

/// The same for whoever may change everything, also in the transaction that changes them.
pub(super) async fn find_people(
    on_what: &mut impl Linked,
    which: &WhichKnown,
    today: NaiveDate,
) -> Result<Vec<KnownPerson>, StoreError> {
    macro_rules! find {
        ($statement:expr $(, $bound:expr)+) => {
            on!(on_what.link(), conn => sqlx::query_as($statement).bind(today)$(.bind($bound))+.fetch_all(conn).await)?
        };
    }
    let rows: Vec<KnownRow> = match which {
        WhichKnown::Page { most: 0, .. } => Vec::new(),
        WhichKnown::Page { skip, most } => {
            let most = (*most).min(Known::<KnownPerson>::MOST);
            find!(LIST_PAGE, i64::from(most), i64::from(*skip))
        }
        WhichKnown::Person(person) => find!(FIND_BY_ID, *person),
        WhichKnown::Email(email) => match readable_email(email) {
            Ok(email) => find!(FIND_BY_EMAIL, email),
            Err(_) => Vec::new(),
        },
        WhichKnown::UserName(name) => find!(FIND_BY_USER_NAME, user_name_key(name)),
        WhichKnown::ExternalId(id) => find!(FIND_BY_EXTERNAL_ID, composed(id)),
    };
    let mut found: Vec<KnownPerson> = rows.into_iter().map(KnownPerson::from).collect();
    if !matches!(which, WhichKnown::Page { .. }) {
        for person in &mut found {
            person.is_own_word = person.details.external_id.is_none() && is_own_word(on_what, person.id, today).await?;
        }
    }
    if !found.is_empty() {
        tell_of_each(on_what, &mut found).await?;
    }
    Ok(found)
}

/// As whom they are here, and in which groups.
async fn tell_of_each(on_what: &mut impl Linked, people: &mut [KnownPerson]) -> Result<(), StoreError> {
    let ids: Vec<PersonId> = people.iter().map(|person| person.id).collect();
    let list = rows_of(1, ids.len());
    let places: BTreeMap<PersonId, usize> = ids.iter().enumerate().map(|(place, id)| (*id, place)).collect();
    let audiences: Vec<(PersonId, String)> = fetch_of!(
        on_what,
        format!(
            "SELECT person_id, audience FROM in_audience WHERE person_id IN {list} AND ends_before IS NULL ORDER BY audience"
        ),
        &ids
    )?;
    for (person, audience) in audiences {
        let audience = Audience::new(audience).map_err(|_| StoreError::unreadable("audience"))?;
        people[places[&person]].audiences.push(audience);
    }
    let groups: Vec<(PersonId, GroupId, String)> = fetch_of!(
        on_what,
        format!(
            "SELECT m.person_id, m.group_id, p.name FROM membership m JOIN group_place p ON p.group_id = m.group_id \
         WHERE m.person_id IN {list} AND m.ends_before IS NULL AND p.ends_before IS NULL ORDER BY p.name"
        ),
        &ids
    )?;
    for (person, group, name) in groups {
        people[places[&person]].groups.push((group, name));
    }
    Ok(())
}
