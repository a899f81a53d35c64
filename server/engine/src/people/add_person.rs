use chrono::NaiveDate;

use super::person::Role;
use crate::ground::PasswordError;
use crate::{
    engine::Engine,
    ground::{GroupId, PersonId},
    store::{Linked, StoreError, Tx, change, change_one, on},
};

/// Somebody to be added.
#[derive(Clone, Debug)]
pub struct NewPerson {
    /// Their name, as they are greeted; 1 to 200 characters.
    pub name: String,
    /// What they sign in with; case does not count.
    pub email: String,
    /// Their first password; at least 12 characters.
    pub password: String,
    /// When they begin; due dates are counted from here.
    pub start_date: NaiveDate,
    /// What they are here as; at least one.
    pub roles: Vec<Role>,
    /// The groups that they belong to.
    pub member_of: Vec<GroupId>,
    /// The groups that they look after.
    pub manages: Vec<GroupId>,
}

/// Why somebody was not added. Nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum AddPersonError {
    /// The name is empty or longer than 200 characters.
    #[error("the name must have 1 to 200 characters")]
    Name,
    /// The address has no @ with something on both sides.
    #[error("the e-mail address is not one")]
    Email,
    /// Somebody has that address already.
    #[error("somebody has that e-mail address already")]
    EmailTaken,
    /// The password has fewer than 12 characters.
    #[error("the password must have at least 12 characters")]
    ShortPassword,
    /// No role was given.
    #[error("at least one role is needed")]
    NoRole,
    /// Hashing the password failed.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

/// Why a password was not set.
#[derive(Debug, thiserror::Error)]
pub enum ResetPasswordError {
    /// Nobody has that address.
    #[error("nobody has that e-mail address")]
    NoSuchPerson,
    /// The password has fewer than 12 characters.
    #[error("the password must have at least 12 characters")]
    ShortPassword,
    /// Hashing the password failed.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

/// NCSC and NIST SP 800-63B ask for length, not for kinds of character.
const SHORTEST_PASSWORD: usize = 12;

/// How an e-mail address is kept and looked for.
pub(crate) fn plain_email(email: &str) -> String {
    email.trim().to_lowercase()
}

const COUNT_PEOPLE: &str = "SELECT COUNT(*) FROM person";

const FIND_PERSON_BY_EMAIL: &str = "SELECT id FROM person WHERE email = $1";

const INSERT_PERSON: &str = "INSERT INTO person (id, name, email, password_hash, start_date, created_at) \
     VALUES ($1, $2, $3, $4, $5, $6)";

const INSERT_ROLE: &str = "INSERT INTO person_role (person_id, role) VALUES ($1, $2)";

const INSERT_MEMBER: &str = "INSERT INTO group_member (group_id, person_id) VALUES ($1, $2)";

const INSERT_MANAGER: &str = "INSERT INTO group_manager (group_id, person_id) VALUES ($1, $2)";

const FIND_GROUP: &str = "SELECT id FROM people_group WHERE name = $1 \
     AND (parent_id = $2 OR (parent_id IS NULL AND $2 IS NULL)) ORDER BY id LIMIT 1";

const SET_PASSWORD: &str = "UPDATE person SET password_hash = $2 WHERE id = $1";

const END_SESSIONS: &str = "DELETE FROM session WHERE person_id = $1";

const INSERT_GROUP: &str = "INSERT INTO people_group (id, parent_id, name) VALUES ($1, $2, $3)";

impl Engine {
    /// How many people there are.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn count_people(&self) -> Result<u64, StoreError> {
        let mut conn = self.store.read().await?;
        let count: i64 = on!(conn.link(), conn => sqlx::query_scalar(COUNT_PEOPLE).fetch_one(conn).await)?;
        u64::try_from(count).map_err(|_| StoreError::unreadable("count"))
    }

    /// Adds somebody, with their roles and groups, all or nothing.
    ///
    /// # Errors
    /// [`AddPersonError`] says which field is wrong, or that the address is taken.
    pub async fn add_person(&self, new: NewPerson) -> Result<PersonId, AddPersonError> {
        let name = new.name.trim();
        if name.is_empty() || name.chars().count() > 200 {
            return Err(AddPersonError::Name);
        }
        let email = plain_email(&new.email);
        if !email.split_once('@').is_some_and(|(local, host)| !local.is_empty() && !host.is_empty()) {
            return Err(AddPersonError::Email);
        }
        if new.password.chars().count() < SHORTEST_PASSWORD {
            return Err(AddPersonError::ShortPassword);
        }
        if new.roles.is_empty() {
            return Err(AddPersonError::NoRole);
        }
        let hash = self.hasher.hash(&*self.chance, &new.password).await?;

        let now = self.clock.now();
        let id = PersonId(self.new_id(now));
        let mut tx = self.store.write().await?;
        let taken: Option<PersonId> = on!(tx.link(), conn => sqlx::query_scalar(FIND_PERSON_BY_EMAIL)
            .bind(&email).fetch_optional(conn).await)?;
        if taken.is_some() {
            return Err(AddPersonError::EmailTaken);
        }
        change_one!(
            tx,
            sqlx::query(INSERT_PERSON).bind(id).bind(name).bind(&email).bind(&hash).bind(new.start_date).bind(now)
        )
        .map_err(|error| if error.is_taken() { AddPersonError::EmailTaken } else { error.into() })?;
        for role in &new.roles {
            change_one!(tx, sqlx::query(INSERT_ROLE).bind(id).bind(role.code()))?;
        }
        join_groups(&mut tx, INSERT_MEMBER, id, &new.member_of).await?;
        join_groups(&mut tx, INSERT_MANAGER, id, &new.manages).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// The group at a path such as `Northfield/Cohort A`; what is missing of it is made.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn group_at(&self, path: &str) -> Result<GroupId, StoreError> {
        let mut parent = None;
        let mut group = None;
        for name in path.split('/').map(str::trim).filter(|name| !name.is_empty()) {
            let found: Option<GroupId> = {
                let mut conn = self.store.read().await?;
                on!(conn.link(), conn => sqlx::query_scalar(FIND_GROUP)
                    .bind(name).bind(parent).fetch_optional(conn).await)?
            };
            let id = match found {
                Some(id) => id,
                None => self.add_group(name, parent).await?,
            };
            parent = Some(id);
            group = Some(id);
        }
        match group {
            Some(group) => Ok(group),
            None => self.add_group(path, None).await,
        }
    }

    /// Sets a new password and ends every session of that person.
    ///
    /// # Errors
    /// [`ResetPasswordError`] when there is no such person, or the password is too short.
    pub async fn reset_password(&self, email: &str, password: &str) -> Result<(), ResetPasswordError> {
        if password.chars().count() < SHORTEST_PASSWORD {
            return Err(ResetPasswordError::ShortPassword);
        }
        let hash = self.hasher.hash(&*self.chance, password).await?;
        let mut tx = self.store.write().await?;
        let found: Option<PersonId> = on!(tx.link(), conn => sqlx::query_scalar(FIND_PERSON_BY_EMAIL)
            .bind(plain_email(email)).fetch_optional(conn).await)?;
        let person = found.ok_or(ResetPasswordError::NoSuchPerson)?;
        change!(tx, sqlx::query(SET_PASSWORD).bind(person).bind(&hash))?;
        change!(tx, sqlx::query(END_SESSIONS).bind(person))?;
        tx.commit().await?;
        Ok(())
    }

    /// Adds a group below another, or at the top.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn add_group(&self, name: &str, parent: Option<GroupId>) -> Result<GroupId, StoreError> {
        let id = GroupId(self.new_id(self.clock.now()));
        let mut tx = self.store.write().await?;
        change_one!(tx, sqlx::query(INSERT_GROUP).bind(id).bind(parent).bind(name))?;
        tx.commit().await?;
        Ok(id)
    }
}

async fn join_groups(
    tx: &mut Tx,
    insert: &'static str,
    person: PersonId,
    groups: &[GroupId],
) -> Result<(), StoreError> {
    for group in groups {
        change!(tx, sqlx::query(insert).bind(group).bind(person))?;
    }
    Ok(())
}
