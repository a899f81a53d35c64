//! People, looked for by what one knows of them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use uuid::Uuid;

use super::{
    person::Person,
    scope::{Reached, Right, Scope, by_scope, in_scope, is_here, is_member, scope_tree},
};
use crate::{
    catalogue::Audience,
    engine::{Engine, Looked, Refused},
    ground::{GroupId, PersonId, composed, name_key},
    record::Role,
    store::{Conn, Linked as _, StoreError, fetch_of, on, rows_of},
};

/// Which people are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WhichPeople {
    /// What one knows of them: beginnings of their names, in any order, or of an e-mail address, or, whole, an external id or what a directory calls
    /// them.
    pub text: String,
    /// Those in this group or one below it.
    pub group: Option<GroupId>,
    /// Also those who have left. Only who sees everybody sees these, and not within a group.
    pub also_left: bool,
}

/// Somebody who was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundPerson {
    /// Who.
    pub id: PersonId,
    /// Their name.
    pub name: String,
    /// What they sign in with. `None`: with nothing of ours, or the reader does not look after everybody's.
    pub email: Option<String>,
    /// As whom they are here, in the provider's words for one: "a learner".
    pub audiences: Vec<String>,
    /// What they do for others, each once.
    pub roles: Vec<Role>,
    /// Whether they see other people's records and sign in with a password alone. Only who looks after everybody is told.
    pub without_factor: bool,
    /// The groups that they belong to themselves, so far as the reader sees them.
    pub groups: Vec<(GroupId, String)>,
    /// When their last stay began, or will.
    pub began_on: Option<NaiveDate>,
    /// The first day on which they were no longer here, or will not be.
    pub left_on: Option<NaiveDate>,
}

/// Some of the people who were looked for, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundPeople {
    /// At most [`FoundPeople::MOST`].
    pub people: Vec<FoundPerson>,
    /// After whom the next page begins. `None`: this is the last.
    pub next: Option<PersonId>,
}

impl FoundPeople {
    /// How many people stand on a page at most.
    pub const MOST: usize = 50;
}

/// That a directory calls the person `l` so.
macro_rules! is_called {
    ($so:literal) => {
        concat!(
            "(SELECT COUNT(*) FROM user_name u WHERE u.person_id = l.person_id AND u.user_name_key = ",
            $so,
            ") > 0"
        )
    };
}

/// That the person `l` is looked for: each of the words $8 to $10 begins one of their names, or $11 begins their e-mail address, or $12 is their
/// external id, or a directory calls them $13.
macro_rules! is_looked_for {
    () => {
        concat!(
            "((' ' || l.name_key LIKE $8 ESCAPE '!' AND ' ' || l.name_key LIKE $9 ESCAPE '!' AND ' ' || l.name_key LIKE $10 ESCAPE '!') \
           OR l.email LIKE $11 ESCAPE '!' OR l.external_id = $12 OR ",
            is_called!("$13"),
            ") \
         AND (l.name_key, l.person_id) > ($5, $6) ORDER BY l.name_key, l.person_id LIMIT 51"
        )
    };
}

/// $7: whether those who have left are wanted, too.
const FIND_AMONG_ALL: &str = concat!(
    scope_tree!(),
    "SELECT l.person_id, l.name_key, l.name, l.email FROM person_detail l \
     WHERE EXISTS (SELECT 1 FROM held WHERE group_id IS NULL) AND ($7 OR ",
    is_here!("l.person_id"),
    ") AND ",
    is_looked_for!()
);

/// How many have a word that begins as $1 to $2, up to one more than [`MOST_BY_WORD`].
const COUNT_BY_WORD: &str =
    "SELECT COUNT(*) FROM (SELECT 1 AS one FROM name_word c WHERE c.word >= $1 AND c.word < $2 LIMIT 5001) f";

/// Those whose names or addresses have a word that begins as $13 to $14 or as $15 to $16, whom a directory calls $15, or who are known to another system by $12. Whom one
/// may see of them, and whether they are who is looked for, is decided of one after the other, in their order, until the page is full.
macro_rules! find_by_word {
    ($ends:literal) => {
        concat!(
            scope_tree!(),
            "SELECT l.person_id, l.name_key, l.name, l.email FROM \
               (SELECT w.name_key, w.person_id FROM name_word w WHERE w.word >= $13 AND w.word < $14 \
                  AND ' ' || w.name_key LIKE $8 ESCAPE '!' AND ' ' || w.name_key LIKE $9 ESCAPE '!' \
                  AND ' ' || w.name_key LIKE $10 ESCAPE '!' \
                UNION SELECT e.name_key, e.person_id FROM name_word e WHERE e.word >= $15 AND e.word < $16 \
                UNION SELECT (SELECT n.name_key FROM person_detail n WHERE n.person_id = u.person_id), u.person_id FROM user_name u \
                  WHERE u.user_name_key = $15 \
                UNION SELECT x.name_key, x.person_id FROM person_detail x WHERE x.external_id = $12 \
                ORDER BY 1, 2 LIMIT 1000000) f CROSS JOIN person_detail l \
             WHERE l.person_id = f.person_id AND (l.person_id = $4 OR l.person_id <> $1) \
               AND ($7 AND EXISTS (SELECT 1 FROM held WHERE group_id IS NULL) OR ",
            is_here!("l.person_id"),
            " AND (EXISTS (SELECT 1 FROM held WHERE group_id IS NULL) OR (SELECT COUNT(*) FROM membership own \
                   WHERE own.person_id = l.person_id AND own.group_id IN (SELECT id FROM below) AND ",
            is_member!("own"),
            ") > 0)) AND (f.name_key, f.person_id) > ($5, $6) AND (l.email LIKE $11 ESCAPE '!' OR l.external_id = $12 OR ",
            is_called!("$15"),
            " OR ' ' || f.name_key LIKE $8 ESCAPE '!' AND ' ' || f.name_key LIKE $9 ESCAPE '!' \
                   AND ' ' || f.name_key LIKE $10 ESCAPE '!')",
            $ends
        )
    };
}

const FIND_BY_WORD: &str = find_by_word!(" ORDER BY f.name_key, f.person_id LIMIT 51");

/// SQLite goes from those who come first to what is theirs, as a `CROSS JOIN` bids it, and so finds them in that order. Told to put them in it
/// once more, it would decide of all of them first.
const FIND_BY_WORD_SQLITE: &str = find_by_word!(" LIMIT 51");

/// The members of groups: each detail is looked up by itself, because a join would let a database begin with everybody by name.
macro_rules! among_members {
    ($groups:literal, $condition:expr) => {
        concat!(
            "SELECT l.person_id, l.name_key, l.name, l.email FROM (SELECT f.person_id, \
               (SELECT d.name_key FROM person_detail d WHERE d.person_id = f.person_id) AS name_key, \
               (SELECT d.name FROM person_detail d WHERE d.person_id = f.person_id) AS name, \
               (SELECT d.email FROM person_detail d WHERE d.person_id = f.person_id) AS email, \
               (SELECT d.external_id FROM person_detail d WHERE d.person_id = f.person_id) AS external_id \
             FROM (SELECT DISTINCT m.person_id FROM ",
            $groups,
            " i CROSS JOIN membership m WHERE m.group_id = i.id AND ",
            is_member!("m"),
            " AND ",
            is_here!("m.person_id"),
            " AND ",
            $condition,
            ") f) l WHERE l.name IS NOT NULL AND ",
            is_looked_for!()
        )
    };
}

const FIND_AMONG_GROUPS: &str =
    concat!(scope_tree!(), among_members!("below", "(m.person_id = $4 OR m.person_id <> $1)"));

/// $7 is the group.
const FIND_IN_GROUP: &str = concat!(
    scope_tree!(),
    ", inside (id) AS (SELECT g.id FROM people_group g WHERE g.id = $7 UNION SELECT p.group_id FROM inside CROSS JOIN group_place p \
       WHERE p.parent_id = inside.id AND p.begins_on <= $2 AND (p.ends_before IS NULL OR p.ends_before > $2)) ",
    among_members!("inside", in_scope!("m.person_id"))
);

const FIND_KEY: &str = "SELECT name_key FROM person_detail WHERE person_id = $1";

#[derive(sqlx::FromRow)]
struct FoundRow {
    person_id: PersonId,
    name: String,
    email: Option<String>,
}

/// Where more people than this have the word that is looked for, the page is full soon when everybody is gone through by name.
const MOST_BY_WORD: i64 = 5_000;

/// Behind every text that begins with another.
const LAST_SIGN: char = char::MAX;

/// The pattern of what begins with a text, whatever signs stand in it.
fn begins_with(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 1);
    for character in text.chars() {
        if matches!(character, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

/// What a text asks for: of names, of addresses and what a directory calls people, of external ids.
struct Sought {
    names: [String; 3],
    email: String,
    external_id: String,
    /// What begins one of their names each.
    words: Vec<String>,
    /// The beginning of the address of everybody who is found by it, or what a directory calls somebody.
    address: String,
}

impl Sought {
    /// Addresses and ids of another system are looked at only for whoever keeps them.
    fn of(text: &str, keeps_addresses: bool) -> Self {
        let text = composed(text.trim());
        let key = name_key(&text);
        let all: Vec<String> = key.split_whitespace().take(3).map(str::to_owned).collect();
        let mut words = key.split_whitespace().map(|word| format!("% {}", begins_with(word)));
        let mut next = || words.next().unwrap_or_else(|| "%".to_owned());
        let looks = keeps_addresses && !text.is_empty();
        let folded = text.to_lowercase();
        Self {
            names: [next(), next(), next()],
            // Nobody's address begins with a blank.
            email: if looks { begins_with(&folded) } else { " ".to_owned() },
            external_id: if looks { text } else { String::new() },
            words: all,
            address: if looks { folded } else { " ".to_owned() },
        }
    }
}

impl Engine {
    /// People whom somebody may see, looked for, a page at a time, by name: those after whoever stood last on the page before.
    ///
    /// # Errors
    /// [`Refused::NotForYou`] when they see nobody but themselves; [`Refused::NotFound`] when `after` is nobody, or is nobody any more.
    pub async fn find_people(
        &self,
        reader: &Person,
        which: &WhichPeople,
        after: Option<PersonId>,
    ) -> Looked<FoundPeople> {
        let now = self.clock.now();
        let scope = Scope::of(reader, Right::See, now).filter(|scope| !scope.is_oneself());
        let scope = &scope.ok_or(Refused::NotForYou)?;
        let keeps_addresses = Scope::of(reader, Right::Organise, now).is_some_and(|scope| scope.is_everywhere());
        let mut conn = self.store.read().await?;
        let after = match after {
            None => (String::new(), PersonId(Uuid::nil())),
            Some(person) => {
                let key: Option<String> =
                    on!(conn.link(), conn => sqlx::query_scalar(FIND_KEY).bind(person).fetch_optional(conn).await)?;
                (key.ok_or(Refused::NotFound)?, person)
            }
        };
        let sought = Sought::of(&which.text, keeps_addresses);
        macro_rules! find {
            ($statement:expr, $seventh:expr $(, $more:expr)*) => {
                on!(conn.link(), conn => by_scope!(sqlx::query_as($statement), scope)
                    .bind(&after.0).bind(after.1).bind($seventh)
                    .bind(&sought.names[0]).bind(&sought.names[1]).bind(&sought.names[2])
                    .bind(&sought.email).bind(&sought.external_id)$(.bind($more))*.fetch_all(conn).await)?
            };
        }
        // By the word that the fewest have.
        let mut rarest: Option<(i64, &String, String)> = None;
        for word in sought.words.iter().filter(|_| which.group.is_none()) {
            let behind = format!("{word}{LAST_SIGN}");
            let many: i64 = on!(conn.link(), conn => sqlx::query_scalar(COUNT_BY_WORD)
                .bind(word).bind(&behind).fetch_one(conn).await)?;
            if rarest.as_ref().is_none_or(|(least, ..)| many < *least) {
                rarest = Some((many, word, behind));
            }
        }
        let by_word = rarest.filter(|(many, ..)| *many <= MOST_BY_WORD);
        let rows: Vec<FoundRow> = match (which.group, &by_word) {
            (Some(group), _) => find!(FIND_IN_GROUP, group, &sought.address),
            (None, Some((_, first, behind))) => {
                let also_left = which.also_left && scope.is_everywhere();
                let end_of_address = format!("{}{LAST_SIGN}", sought.address);
                let (first, behind_address) = (first.as_str(), &end_of_address);
                if self.store.is_sqlite() {
                    find!(FIND_BY_WORD_SQLITE, also_left, first, behind, &sought.address, behind_address)
                } else {
                    find!(FIND_BY_WORD, also_left, first, behind, &sought.address, behind_address)
                }
            }
            (None, None) if scope.is_everywhere() => find!(FIND_AMONG_ALL, which.also_left, &sought.address),
            (None, None) => find!(FIND_AMONG_GROUPS, false, &sought.address),
        };
        let is_last = rows.len() <= FoundPeople::MOST;
        let rows: Vec<FoundRow> = rows.into_iter().take(FoundPeople::MOST).collect();
        let ids: Vec<PersonId> = rows.iter().map(|row| row.person_id).collect();
        let reached = scope.reached(&mut conn).await?;
        let mut about = self.about_all(&mut conn, &ids, &reached).await?;
        let people: Vec<FoundPerson> = rows
            .into_iter()
            .map(|row| {
                let about = about.remove(&row.person_id).unwrap_or_default();
                FoundPerson {
                    id: row.person_id,
                    without_factor: keeps_addresses && about.without_factor,
                    name: row.name,
                    email: row.email.filter(|_| keeps_addresses),
                    audiences: about.audiences.into_iter().collect(),
                    roles: about.roles.into_iter().collect(),
                    groups: about.groups,
                    began_on: about.stay.map(|(began, _)| began),
                    left_on: about.stay.and_then(|(_, left)| left),
                }
            })
            .collect();
        let next = people.last().filter(|_| !is_last).map(|last| last.id);
        Ok(FoundPeople { people, next })
    }

    /// What is said of people in a list.
    async fn about_all(
        &self,
        conn: &mut Conn,
        ids: &[PersonId],
        reached: &Reached,
    ) -> Result<BTreeMap<PersonId, About>, StoreError> {
        let mut found: BTreeMap<PersonId, About> = BTreeMap::new();
        if ids.is_empty() {
            return Ok(found);
        }
        let organisation = &self.catalogue().organisation;
        let day = reached.day();
        let list = rows_of(1, ids.len());
        let today = format!("${}", ids.len() + 1);
        let stays: Vec<(PersonId, NaiveDate, Option<NaiveDate>)> = fetch_of!(
            conn,
            format!(
                "SELECT person_id, begins_on, ends_before FROM stay WHERE person_id IN {list} \
             ORDER BY CASE WHEN ends_before = begins_on THEN 0 ELSE 1 END, CASE WHEN begins_on <= {today} THEN 0 ELSE 1 END, begins_on"
            ),
            ids,
            day
        )?;
        for (id, began, left) in stays {
            found.entry(id).or_default().stay = Some((began, left));
        }
        let audiences: Vec<(PersonId, String)> = fetch_of!(
            conn,
            format!(
                "SELECT person_id, audience FROM in_audience WHERE person_id IN {list} AND (ends_before IS NULL OR ends_before > {today})"
            ),
            ids,
            day
        )?;
        for (id, audience) in audiences {
            let audience = Audience::new(audience).map_err(|_| StoreError::unreadable("audience"))?;
            let one =
                organisation.audience(&audience).map_or_else(|| audience.to_string(), |listed| listed.one.clone());
            found.entry(id).or_default().audiences.insert(one);
        }
        let duties: Vec<(PersonId, String, i64, i64)> = fetch_of!(
            conn,
            format!(
                "SELECT u.person_id, u.role, (SELECT COUNT(*) FROM password w WHERE w.person_id = u.person_id) AS passwords, \
               (SELECT COUNT(*) FROM second_factor f WHERE f.person_id = u.person_id AND f.confirmed_at IS NOT NULL AND f.ended_at IS NULL) AS factors \
             FROM duty u WHERE u.person_id IN {list} AND u.begins_on <= {today} AND (u.ends_before IS NULL OR u.ends_before > {today})"
            ),
            ids,
            day
        )?;
        for (id, role, passwords, factors) in duties {
            let role = Role::parse(&role).ok_or_else(|| StoreError::unreadable("duty"))?;
            let about = found.entry(id).or_default();
            about.without_factor |= Role::READERS.contains(&role) && passwords > 0 && factors == 0;
            about.roles.insert(role);
        }
        let groups = find_groups_of(conn, ids, reached).await?;
        for (id, group, name) in groups {
            found.entry(id).or_default().groups.push((group, name));
        }
        Ok(found)
    }
}

/// The groups that people are in on the day of a scope, so far as it reaches these, by name. Of some hundred people at most, and of one at least.
async fn find_groups_of(
    conn: &mut Conn,
    ids: &[PersonId],
    reached: &Reached,
) -> Result<Vec<(PersonId, GroupId, String)>, StoreError> {
    let day = reached.day();
    let list = rows_of(1, ids.len());
    let today = format!("${}", ids.len() + 1);
    let groups: Vec<(PersonId, GroupId, String)> = fetch_of!(
        conn,
        format!(
            "SELECT m.person_id, m.group_id, p.name FROM membership m JOIN group_place p ON p.group_id = m.group_id \
             WHERE m.person_id IN {list} AND (m.ends_before IS NULL OR m.ends_before > {today}) \
               AND p.begins_on <= {today} AND (p.ends_before IS NULL OR p.ends_before > {today}) ORDER BY p.name"
        ),
        ids,
        day
    )?;
    Ok(groups.into_iter().filter(|(_, group, _)| reached.has(*group)).collect())
}

/// The names of the groups that people are in on the day of a scope, so far as it reaches these. Whoever is in none is left out.
pub(crate) async fn name_groups_of(
    conn: &mut Conn,
    people: impl IntoIterator<Item = PersonId>,
    scope: &Scope,
) -> Result<BTreeMap<PersonId, Vec<String>>, StoreError> {
    const AT_ONCE: usize = 500;
    let people: BTreeSet<PersonId> = people.into_iter().collect();
    let people: Vec<PersonId> = people.into_iter().collect();
    let reached = scope.reached(conn).await?;
    let mut named: BTreeMap<PersonId, Vec<String>> = BTreeMap::new();
    for some in people.chunks(AT_ONCE) {
        for (person, _, name) in find_groups_of(conn, some, &reached).await? {
            named.entry(person).or_default().push(name);
        }
    }
    Ok(named)
}

#[derive(Default)]
struct About {
    stay: Option<(NaiveDate, Option<NaiveDate>)>,
    audiences: BTreeSet<String>,
    roles: BTreeSet<Role>,
    without_factor: bool,
    groups: Vec<(GroupId, String)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_looked_for_as_it_stands() {
        let sought = Sought::of(" Ång  50%_! ", true);
        assert_eq!(sought.names, ["% ang%", "% 50!%!_!!%", "%"]);
        assert_eq!((&*sought.email, &*sought.external_id), ("ång  50!%!_!!%", "Ång  50%_!"));
        assert_eq!((sought.words, &*sought.address), (vec!["ang".to_owned(), "50%_!".to_owned()], "ång  50%_!"));
        let sought = Sought::of("amy@", false);
        assert_eq!((&*sought.email, &*sought.external_id, &*sought.address), (" ", "", " "));
        let sought = Sought::of("", true);
        assert_eq!((&*sought.email, sought.words.len()), (" ", 0));
    }
}
