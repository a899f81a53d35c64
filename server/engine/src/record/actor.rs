use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use crate::{
    ground::{PersonId, TokenId},
    store::{Conn, Linked as _, StoreError, on},
};

/// Who wrote something down: every fact about others has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Actor {
    /// Somebody who is signed in.
    Person(PersonId),
    /// A program that shows a token.
    Token(TokenId),
    /// Whoever may run `induct` on the server's machine.
    CommandLine,
    /// The server by itself, such as when it publishes at its start.
    Server,
}

impl Actor {
    /// Reads what the `Display` form wrote. `None`: it says something else.
    pub(crate) fn parse(kept: &str) -> Option<Self> {
        match kept {
            "command-line" => Some(Self::CommandLine),
            "server" => Some(Self::Server),
            _ => match kept.split_once(':')? {
                ("person", id) => PersonId::parse(id).map(Self::Person),
                ("token", id) => TokenId::parse(id).map(Self::Token),
                _ => None,
            },
        }
    }

    /// Who it is, where it is somebody who is signed in.
    pub(crate) fn person(self) -> Option<PersonId> {
        match self {
            Self::Person(person) => Some(person),
            Self::Token(_) | Self::CommandLine | Self::Server => None,
        }
    }
}

impl fmt::Display for Actor {
    /// As it is kept in the database: `person:` or `token:` with the id, `command-line` or `server`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(id) => write!(f, "person:{id}"),
            Self::Token(id) => write!(f, "token:{id}"),
            Self::CommandLine => f.write_str("command-line"),
            Self::Server => f.write_str("server"),
        }
    }
}

const FIND_NAME: &str = "SELECT name FROM person_detail WHERE person_id = $1";

/// What [`find_names`] asks, before the places of those who are looked for.
const FIND_NAMES: &str = "SELECT person_id, name FROM person_detail WHERE person_id IN ";

/// Who recorded something, by name, from what the `Display` form of an [`Actor`] wrote. `None`: nobody who is signed in, or their name has been erased.
pub(crate) async fn name_of_actor(conn: &mut Conn, recorded_by: &str) -> Result<Option<String>, StoreError> {
    match Actor::parse(recorded_by).and_then(Actor::person) {
        Some(person) => name_of_person(conn, person).await,
        None => Ok(None),
    }
}

/// What somebody is called. `None`: their name has been erased.
async fn name_of_person(conn: &mut Conn, person: PersonId) -> Result<Option<String>, StoreError> {
    on!(conn.link(), conn => sqlx::query_scalar(FIND_NAME).bind(person).fetch_optional(conn).await)
}

/// What several people are called. Whose name has been erased is left out.
pub(crate) async fn find_names(
    conn: &mut Conn,
    people: &BTreeSet<PersonId>,
) -> Result<BTreeMap<PersonId, String>, StoreError> {
    let people: Vec<PersonId> = people.iter().copied().collect();
    let mut names = BTreeMap::new();
    for some in people.chunks(500) {
        let places: Vec<String> = (1..=some.len()).map(|place| format!("${place}")).collect();
        let text = format!("{FIND_NAMES}({})", places.join(", "));
        let rows: Vec<(PersonId, String)> = on!(conn.link(), conn => {
            let mut query = sqlx::query_as(sqlx::AssertSqlSafe(text));
            for person in some {
                query = query.bind(person);
            }
            query.fetch_all(conn).await
        })?;
        names.extend(rows);
    }
    Ok(names)
}
