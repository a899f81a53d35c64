use super::{Person, SignedIn};
use crate::{
    engine::Engine,
    ground::local_date,
    record::Role,
    store::{Linked as _, StoreError, on},
};

/// Who sees other people's records and signs in with a password: how many have a second factor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FactorCount {
    /// How many these people are.
    pub people: u64,
    /// How many of them have a second factor.
    pub with_factor: u64,
}

/// The roles are those of [`Role::READERS`].
const COUNT_FACTORS: &str = "SELECT COUNT(*), COUNT(f.id) FROM (SELECT DISTINCT u.person_id FROM duty u \
       WHERE u.role IN ('manager', 'dsl', 'auditor', 'administrator') AND u.begins_on <= $1 AND (u.ends_before IS NULL OR u.ends_before > $1)) h \
     JOIN password w ON w.person_id = h.person_id \
     LEFT JOIN second_factor f ON f.person_id = h.person_id AND f.ended_at IS NULL AND f.confirmed_at IS NOT NULL";

impl Engine {
    /// Whether the provider wants a second factor of whoever sees other people's records, today.
    #[must_use]
    pub fn requires_second_factors(&self) -> bool {
        let from = self.catalogue().organisation.second_factors.required_from;
        from.is_some_and(|day| day <= local_date(self.clock.now()))
    }

    /// Whether somebody who is signed in must set up a second factor before they go on: the provider wants one of them, and they showed none.
    #[must_use]
    pub fn must_set_up_second_factor(&self, person: &Person, signed_in: &SignedIn) -> bool {
        // Without a password of ours there is nothing to which a code could be added.
        signed_in.credential.is_some()
            && signed_in.factor.is_none()
            && Role::READERS.iter().any(|role| person.is(*role))
            && self.requires_second_factors()
    }

    /// Of those who see other people's records today, how many have a second factor.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn count_second_factors(&self) -> Result<FactorCount, StoreError> {
        let mut conn = self.store.read().await?;
        let (people, with_factor): (i64, i64) = on!(conn.link(), conn => sqlx::query_as(COUNT_FACTORS)
            .bind(local_date(self.clock.now())).fetch_one(conn).await)?;
        let count = |number: i64| u64::try_from(number).map_err(|_| StoreError::unreadable("count"));
        Ok(FactorCount { people: count(people)?, with_factor: count(with_factor)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_are_counted_of_whom_it_is_wanted() {
        for role in Role::ALL {
            let counted = COUNT_FACTORS.contains(&format!("'{}'", role.code()));
            assert_eq!(counted, Role::READERS.contains(&role), "{role:?}");
        }
    }
}
