use chrono::{DateTime, Utc};

use super::person::Person;
use crate::{
    engine::Engine,
    ground::{GroupId, PersonId, TextFault, TokenId, typed_line},
    record::{Actor, Duty, Role},
    store::{Linked, StoreError, Tx, change, change_one, on},
};

/// A token to be made.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// What it is for, in words; 1 to 200 characters.
    pub name: String,
    /// As whom whoever shows it acts.
    pub bearer: Bearer,
}

/// As whom a program acts that shows a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bearer {
    /// As this person, with what they may do at that moment.
    Person(PersonId),
    /// As nobody in particular, with this duty.
    Duty(Duty),
}

/// A token that was shown and counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Which one.
    pub id: TokenId,
    /// What it is for.
    pub name: String,
    /// As whom whoever shows it acts.
    pub bearer: Bearer,
}

/// A token that was made and has not ended, as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedToken {
    /// Which, for what, and as whom whoever shows it acts.
    pub token: Token,
    /// When it was made.
    pub made_at: DateTime<Utc>,
}

/// Why a token was neither made nor ended. Nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The name cannot be one.
    #[error("the name cannot be used: {0}")]
    Name(TextFault),
    /// Nobody acts as somebody else, nor gives a duty to themselves by way of a token.
    #[error("this token is for somebody else to make")]
    NotTheirs,
    /// There is no such token, or it has ended.
    #[error("there is no such token")]
    NoSuchToken,
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

/// What every token begins with, so that people and programs that look for secrets in the wrong place know it when they see it.
const PREFIX: &str = "induct_";

const LONGEST_NAME: usize = 200;

const INSERT_TOKEN: &str = "INSERT INTO token (id, name, digest, person_id, role, group_id, recorded_at, recorded_by) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

/// A person ends their own.
const END_TOKEN: &str = "UPDATE token SET ended_at = $2, ended_by = $3 \
     WHERE id = $1 AND ended_at IS NULL AND (person_id = $4 OR $4 IS NULL)";

const END_TOKENS_OF: &str = "UPDATE token SET ended_at = $2, ended_by = $3 WHERE person_id = $1 AND ended_at IS NULL";

const FIND_TOKEN: &str = "SELECT id, name, person_id, role, group_id FROM token WHERE digest = $1 AND ended_at IS NULL";

const EVERY_TOKEN: &str =
    "SELECT id, name, person_id, role, group_id, recorded_at FROM token WHERE ended_at IS NULL ORDER BY id";

#[derive(sqlx::FromRow)]
struct ListedRow {
    #[sqlx(flatten)]
    token: TokenRow,
    recorded_at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct TokenRow {
    id: TokenId,
    name: String,
    person_id: Option<PersonId>,
    role: Option<String>,
    group_id: Option<GroupId>,
}

impl TryFrom<TokenRow> for Token {
    type Error = StoreError;

    fn try_from(row: TokenRow) -> Result<Self, StoreError> {
        let role = row.role.as_deref().and_then(Role::parse);
        let bearer = match (row.person_id, role) {
            (Some(person), None) => Bearer::Person(person),
            (None, Some(role)) => Bearer::Duty(Duty { role, over: row.group_id }),
            _ => return Err(StoreError::unreadable("token")),
        };
        Ok(Self { id: row.id, name: row.name, bearer })
    }
}

impl Engine {
    /// Makes a token, and gives it with its id. It is shown this once: only its digest is kept. One that acts for a person is made by
    /// that person or at the command line, one with a duty by nobody but the command line.
    ///
    /// # Errors
    /// [`TokenError::Name`] and [`TokenError::NotTheirs`].
    pub async fn create_token(&self, new: &NewToken, by: Actor) -> Result<(TokenId, String), TokenError> {
        let name = typed_line(&new.name, LONGEST_NAME).map_err(TokenError::Name)?;
        let may = match (new.bearer, by) {
            (_, Actor::CommandLine) => true,
            (Bearer::Person(person), by) => by == Actor::Person(person),
            (Bearer::Duty(_), _) => false,
        };
        if !may {
            return Err(TokenError::NotTheirs);
        }
        let mut secret = [0; 32];
        self.chance.fill(&mut secret);
        let shown = format!("{PREFIX}{}", hex::encode(secret));
        let digest = self.token_digest(&shown).await?;
        let (person, duty) = match new.bearer {
            Bearer::Person(person) => (Some(person), None),
            Bearer::Duty(duty) => (None, Some(duty)),
        };
        let now = self.clock.now();
        let id = TokenId(self.new_id(now));
        let mut tx = self.store.write().await?;
        change_one!(
            tx,
            sqlx::query(INSERT_TOKEN)
                .bind(id)
                .bind(&name)
                .bind(&digest)
                .bind(person)
                .bind(duty.map(|duty| duty.role.code()))
                .bind(duty.and_then(|duty| duty.over))
                .bind(now)
                .bind(by.to_string())
        )?;
        tx.commit().await?;
        tracing::warn!(target: "security", token = %id, %by, "a token was made");
        Ok((id, shown))
    }

    /// Ends a token. Whoever is signed in ends their own.
    ///
    /// # Errors
    /// [`TokenError::NoSuchToken`] when there is none that they could end.
    pub async fn end_token(&self, token: TokenId, by: Actor) -> Result<(), TokenError> {
        let owner = match by {
            Actor::Person(person) => Some(person),
            Actor::CommandLine | Actor::Server => None,
            Actor::Token(_) => return Err(TokenError::NoSuchToken),
        };
        let mut tx = self.store.write().await?;
        let ended =
            change!(tx, sqlx::query(END_TOKEN).bind(token).bind(self.clock.now()).bind(by.to_string()).bind(owner))?;
        if ended == 0 {
            return Err(TokenError::NoSuchToken);
        }
        tx.commit().await?;
        tracing::info!(target: "security", %token, %by, "a token ended");
        Ok(())
    }

    /// The tokens that count, in the order in which they were made. For the command line alone.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn list_tokens(&self) -> Result<Vec<ListedToken>, StoreError> {
        let mut conn = self.store.read().await?;
        let rows: Vec<ListedRow> = on!(conn.link(), conn => sqlx::query_as(EVERY_TOKEN).fetch_all(conn).await)?;
        let listed = |row: ListedRow| Ok(ListedToken { token: row.token.try_into()?, made_at: row.recorded_at });
        rows.into_iter().map(listed).collect()
    }

    /// The token that was shown. `None`: there is none, it has ended, or the person for whom it acts has left.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn find_token(&self, shown: &str) -> Result<Option<(Token, Option<Person>)>, StoreError> {
        let digest = self.token_digest(shown).await?;
        let row: Option<TokenRow> = {
            let mut conn = self.store.read().await?;
            on!(conn.link(), conn => sqlx::query_as(FIND_TOKEN).bind(&digest).fetch_optional(conn).await)?
        };
        let Some(token) = row.map(Token::try_from).transpose()? else { return Ok(None) };
        match token.bearer {
            Bearer::Person(id) => Ok(self.person(id).await?.map(|person| (token, Some(person)))),
            Bearer::Duty(_) => Ok(Some((token, None))),
        }
    }

    async fn token_digest(&self, shown: &str) -> Result<String, StoreError> {
        Ok(self.installation_key().await?.digest("token", shown).to_string())
    }
}

/// Ends all tokens that act for somebody, and says how many there were.
pub(super) async fn end_tokens_of(
    tx: &mut Tx,
    person: PersonId,
    now: DateTime<Utc>,
    by: Actor,
) -> Result<u64, StoreError> {
    change!(tx, sqlx::query(END_TOKENS_OF).bind(person).bind(now).bind(by.to_string()))
}
