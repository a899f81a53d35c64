use std::collections::{BTreeMap, BTreeSet};

use crate::{
    ground::{PersonId, TokenId},
    record::{Actor, find_names},
    store::{Conn, Linked as _, StoreError, on},
};

/// Who did something, with what they are called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doer {
    /// Somebody who was signed in. `None`: their name has been erased.
    Person(PersonId, Option<String>),
    /// A program that showed a token, and what the token is called.
    Program(TokenId, String),
    /// Whoever may run `induct` on the server's machine.
    CommandLine,
    /// The server by itself.
    Server,
}

const FIND_TOKEN: &str = "SELECT name FROM token WHERE id = $1";

/// What those are called who did something, by what was recorded of them.
#[derive(Default)]
pub(super) struct Doers {
    people: BTreeMap<PersonId, String>,
    programs: BTreeMap<TokenId, String>,
}

impl Doers {
    /// Looks up what these are called, and `people` besides.
    pub(super) async fn of(
        conn: &mut Conn,
        actors: &[Actor],
        mut people: BTreeSet<PersonId>,
    ) -> Result<Self, StoreError> {
        let mut tokens = BTreeSet::new();
        for actor in actors {
            match *actor {
                Actor::Person(person) => {
                    people.insert(person);
                }
                Actor::Token(token) => {
                    tokens.insert(token);
                }
                Actor::CommandLine | Actor::Server => {}
            }
        }
        let people = find_names(conn, &people).await?;
        let mut programs = BTreeMap::new();
        // There are few.
        for token in tokens {
            let name: Option<String> =
                on!(conn.link(), conn => sqlx::query_scalar(FIND_TOKEN).bind(token).fetch_optional(conn).await)?;
            programs.extend(name.map(|name| (token, name)));
        }
        Ok(Self { people, programs })
    }

    /// What somebody is called. `None`: their name has been erased.
    pub(super) fn name_of(&self, person: PersonId) -> Option<String> {
        self.people.get(&person).cloned()
    }

    /// Who that is.
    pub(super) fn doer(&self, actor: Actor) -> Doer {
        match actor {
            Actor::Person(person) => Doer::Person(person, self.name_of(person)),
            Actor::Token(token) => Doer::Program(token, self.programs.get(&token).cloned().unwrap_or_default()),
            Actor::CommandLine => Doer::CommandLine,
            Actor::Server => Doer::Server,
        }
    }
}

impl Doer {
    /// As it was recorded: what addresses name them by.
    #[must_use]
    pub fn code(&self) -> String {
        match self {
            Self::Person(person, _) => Actor::Person(*person),
            Self::Program(token, _) => Actor::Token(*token),
            Self::CommandLine => Actor::CommandLine,
            Self::Server => Actor::Server,
        }
        .to_string()
    }
}
