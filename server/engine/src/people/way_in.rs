//! Links with which people choose their password: nobody else ever chooses it for them.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::{
    may_organise::{Over, maker_may, may_organise},
    person::Person,
    scope::{Right, Scope, is_here, is_member, scope_tree},
    weak_password::{WeakPassword, check_password},
};
use crate::{
    engine::Engine,
    ground::{GroupId, InstallationKey, LetterId, PasswordError, PersonId, WayInId, local_date},
    mail::{LetterAbout, NewLetter},
    record::Actor,
    store::{Linked, StoreError, Tx, change, change_one, on},
};

/// A link that was made for somebody. It is shown this once.
#[derive(Clone, PartialEq, Eq)]
pub struct WayIn {
    /// For whom.
    pub person: PersonId,
    /// What they are called.
    pub name: String,
    /// What they sign in with.
    pub email: String,
    /// What stands at the end of the link's address.
    pub secret: String,
    /// Until when it holds.
    pub expires_at: DateTime<Utc>,
}

impl std::fmt::Debug for WayIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WayIn").field("person", &self.person).finish_non_exhaustive()
    }
}

/// For whom a link is that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenWayIn {
    /// Who.
    pub person: PersonId,
    /// Their name, so that who has somebody else's link sees it.
    pub name: String,
    /// What they will sign in with.
    pub email: String,
    /// Until when it holds.
    pub expires_at: DateTime<Utc>,
}

/// Why no link was made.
#[derive(Debug, thiserror::Error)]
pub enum WayInError {
    /// It is for an administrator of theirs to do; of somebody who does something for others, for one who looks after everybody.
    #[error("this is for an administrator of these people to do; nobody makes a link for themselves")]
    NotTheirs,
    /// There is nobody of that id who is here and signs in with an e-mail address.
    #[error("there is nobody of that id who is here and has an e-mail address to sign in with")]
    NoSuchPerson,
    /// People sign in with an account of their organisation: whoever may run `induct` makes a link for who cannot.
    #[error(
        "people sign in with an account of their organisation here, and with nothing else: a link for somebody who cannot is made at the command line (induct people link)"
    )]
    SignOnOnly,
    /// Too many were asked for at once.
    #[error("at most {} links are made at once", WayIn::MOST)]
    TooMany,
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

/// Why no password was chosen.
#[derive(Debug, thiserror::Error)]
pub enum ChoosePasswordError {
    /// The link was used, has run out, or another took its place.
    #[error("this link does not hold any more")]
    NoSuchLink,
    /// The password is not taken.
    #[error(transparent)]
    Weak(#[from] WeakPassword),
    /// Hashing the password failed.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

impl WayIn {
    /// How many are made at once at most: more do not fit into what others wait for.
    pub const MOST: usize = 200;
    /// How long one holds for somebody who has no password yet: from a Thursday to the next.
    pub const FIRST: TimeDelta = TimeDelta::days(7);
    /// How long one holds for somebody who has one.
    pub const AGAIN: TimeDelta = TimeDelta::days(1);
}

/// Somebody, $1, who is here on $2 or is to begin, and has an address to sign in with.
const FIND_FOR: &str = "SELECT d.name, d.email, \
       (SELECT COUNT(*) FROM password w WHERE w.person_id = d.person_id) AS has_password, \
       (SELECT COUNT(*) FROM duty u WHERE u.person_id = d.person_id AND (u.ends_before IS NULL OR u.ends_before > $2)) AS duties \
     FROM person_detail d WHERE d.person_id = $1 AND d.email IS NOT NULL \
       AND (SELECT COUNT(*) FROM stay s WHERE s.person_id = d.person_id AND (s.ends_before IS NULL OR (s.ends_before > $2 AND s.ends_before > s.begins_on))) > 0";

const END_WAYS_IN: &str = "UPDATE way_in SET ended_at = $2, ended_by = $3 WHERE person_id = $1 AND ended_at IS NULL";

const INSERT_WAY_IN: &str = "INSERT INTO way_in (id, person_id, digest, expires_at, recorded_at, recorded_by) \
     VALUES ($1, $2, $3, $4, $5, $6)";

const FIND_WAY_IN: &str = "SELECT w.id, w.person_id, d.name, d.email, w.expires_at, w.recorded_by, \
       (SELECT COUNT(*) FROM duty u WHERE u.person_id = w.person_id AND (u.ends_before IS NULL OR u.ends_before > $3)) AS duties FROM way_in w \
     JOIN person_detail d ON d.person_id = w.person_id \
     WHERE w.digest = $1 AND w.ended_at IS NULL AND w.expires_at > $2 AND d.email IS NOT NULL \
       AND EXISTS (SELECT 1 FROM stay s WHERE s.person_id = w.person_id AND (s.ends_before IS NULL OR (s.ends_before > $3 AND s.ends_before > s.begins_on)))";

const END_WAY_IN: &str = "UPDATE way_in SET ended_at = $2, ended_by = $3 WHERE id = $1 AND ended_at IS NULL";

/// Who is in the group $4 itself, is here or is to begin, and has an address and no password; nor a duty, unless the asker looks after everybody.
const FIND_WITHOUT: &str = concat!(
    scope_tree!(),
    "SELECT m.person_id FROM membership m CROSS JOIN person_detail d WHERE d.person_id = m.person_id AND m.group_id = $4 AND m.person_id <> $1 \
       AND d.email IS NOT NULL AND ",
    is_member!("m"),
    " AND ",
    is_here!("m.person_id"),
    " AND (SELECT COUNT(*) FROM password w WHERE w.person_id = m.person_id) = 0 \
      AND (EXISTS (SELECT 1 FROM held WHERE group_id IS NULL) OR (m.group_id IN (SELECT id FROM below) \
        AND (SELECT COUNT(*) FROM duty u WHERE u.person_id = m.person_id AND (u.ends_before IS NULL OR u.ends_before > $2)) = 0)) \
      ORDER BY d.name_key, m.person_id LIMIT 200"
);

#[derive(sqlx::FromRow)]
pub(crate) struct ForRow {
    pub(crate) name: String,
    pub(crate) email: String,
    has_password: i64,
    duties: i64,
}

#[derive(sqlx::FromRow)]
struct WayInRow {
    id: WayInId,
    person_id: PersonId,
    name: String,
    email: String,
    expires_at: DateTime<Utc>,
    recorded_by: String,
    duties: i64,
}

impl Engine {
    /// The people of a group, without those of groups below it, who have an e-mail address and no password yet, by name; at most
    /// [`WayIn::MOST`]. Nobody, unless the reader may make links for them.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn people_without_password(&self, reader: &Person, group: GroupId) -> Result<Vec<PersonId>, StoreError> {
        let Some(scope) = Scope::of(reader, Right::Organise, self.clock.now()) else { return Ok(Vec::new()) };
        let mut conn = self.store.read().await?;
        on!(conn.link(), conn => sqlx::query_scalar(FIND_WITHOUT)
            .bind(scope.asker()).bind(scope.day()).bind(scope.roles()).bind(group).fetch_all(conn).await)
    }

    /// Makes a link for each of some people, with which they choose their password, once. A link that they had before ends. Nothing of what
    /// they have changes until they use it.
    ///
    /// # Errors
    /// [`WayInError`]; nothing has been written.
    pub async fn make_ways_in(&self, people: &[PersonId], by: Actor) -> Result<Vec<WayIn>, WayInError> {
        self.make_each(people, false, by).await
    }

    /// The same, by letter: nobody but who gets it sees the link. Says how many letters were written.
    ///
    /// # Errors
    /// [`WayInError`]; nothing has been written.
    pub async fn mail_ways_in(&self, people: &[PersonId], by: Actor) -> Result<usize, WayInError> {
        Ok(self.make_each(people, true, by).await?.len())
    }

    async fn make_each(&self, people: &[PersonId], by_letter: bool, by: Actor) -> Result<Vec<WayIn>, WayInError> {
        if people.len() > WayIn::MOST {
            return Err(WayInError::TooMany);
        }
        let mut made = Vec::with_capacity(people.len());
        // Before the transaction: the key may have to be read, and SQLite has one connection that writes.
        let key = self.installation_key().await?;
        let mut tx = self.store.write().await?;
        // Several people are locked in one transaction: nobody else does that meanwhile.
        tx.lock_people().await?;
        for person in people {
            let (way, first) = self.make_way_in(&mut tx, key, *person, by).await?;
            if by_letter {
                self.write_way_in(&mut tx, &way, first, None, by).await?;
            }
            made.push(way);
        }
        tx.commit().await?;
        tracing::warn!(target: "security", %by, people = people.len(), "links to choose a password were made");
        for way in &made {
            tracing::info!(target: "security", person = %way.person, %by, "a link to choose a password was made");
        }
        Ok(made)
    }

    /// A link for somebody, if whoever makes it may, and whether they have had no password before; in a transaction that has locked the people.
    pub(super) async fn make_way_in(
        &self,
        tx: &mut Tx,
        key: &InstallationKey,
        person: PersonId,
        by: Actor,
    ) -> Result<(WayIn, bool), WayInError> {
        let now = self.clock.now();
        let today = local_date(now);
        let found = find_for(tx, person, today).await?;
        if !self.lets_in_by_link(by) {
            return Err(WayInError::SignOnOnly);
        }
        if !may_organise(tx, by, Over::Person(person), today).await? {
            return Err(WayInError::NotTheirs);
        }
        let found = found.ok_or(WayInError::NoSuchPerson)?;
        // Whoever holds the link can take the account, and with it what its owner may do.
        if found.duties > 0 && !may_organise(tx, by, Over::Everything, today).await? {
            return Err(WayInError::NotTheirs);
        }
        let first = found.has_password == 0;
        let expires_at = now + if first { WayIn::FIRST } else { WayIn::AGAIN };
        change!(tx, sqlx::query(END_WAYS_IN).bind(person).bind(now).bind(by.to_string()))?;
        let secret = self.insert_way_in(tx, key, person, expires_at, by).await?;
        Ok((WayIn { person, name: found.name, email: found.email, secret, expires_at }, first))
    }

    /// Writes the letter with a link that was made in the same transaction.
    pub(super) async fn write_way_in(
        &self,
        tx: &mut Tx,
        way: &WayIn,
        first: bool,
        instead_of: Option<LetterId>,
        by: Actor,
    ) -> Result<(), StoreError> {
        let (name, secret) = (way.name.clone(), way.secret.clone());
        let about = LetterAbout::WayIn { name, secret, until: way.expires_at, first };
        let new = NewLetter { person: way.person, address: &way.email, about: &about, instead_of };
        self.write_letter(tx, &new, by).await
    }

    /// A link beside those that somebody has, in a transaction that has locked the people or this person.
    pub(super) async fn insert_way_in(
        &self,
        tx: &mut Tx,
        key: &InstallationKey,
        person: PersonId,
        expires_at: DateTime<Utc>,
        by: Actor,
    ) -> Result<String, StoreError> {
        let now = self.clock.now();
        let mut random = [0; 20];
        self.chance.fill(&mut random);
        let secret = hex::encode(random);
        let digest = digest_of(key, &secret);
        let id = WayInId(self.new_id(now));
        change_one!(
            tx,
            sqlx::query(INSERT_WAY_IN)
                .bind(id)
                .bind(person)
                .bind(digest)
                .bind(expires_at)
                .bind(now)
                .bind(by.to_string())
        )?;
        Ok(secret)
    }

    /// For whom a link is. `None`: it does not hold. Looking at it uses nothing up: programs that read letters follow links, too.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn find_way_in(&self, secret: &str) -> Result<Option<OpenWayIn>, StoreError> {
        let digest = self.way_in_digest(secret).await?;
        let mut conn = self.store.read().await?;
        let row = self.way_in(&mut conn, &digest).await?;
        Ok(row.map(|row| OpenWayIn {
            person: row.person_id,
            name: row.name,
            email: row.email,
            expires_at: row.expires_at,
        }))
    }

    /// Whoever has the link chooses the password of whom it is for. It counts once. Every session and token of theirs ends.
    ///
    /// # Errors
    /// [`ChoosePasswordError`]; nothing has been written.
    pub async fn choose_password(&self, secret: &str, password: &str) -> Result<OpenWayIn, ChoosePasswordError> {
        let open = self.find_way_in(secret).await?.ok_or(ChoosePasswordError::NoSuchLink)?;
        check_password(password, &[&open.name, &open.email, &self.catalogue().organisation.name])?;
        let key = self.installation_key().await?;
        let digest = digest_of(key, secret);
        let phc = self.hasher.hash(&*self.chance, password).await?;
        let by = Actor::Person(open.person);
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        tx.lock_person(open.person).await?;
        let row = self.way_in(&mut tx, &digest).await?.ok_or(ChoosePasswordError::NoSuchLink)?;
        if change!(tx, sqlx::query(END_WAY_IN).bind(row.id).bind(now).bind(by.to_string()))? == 0 {
            return Err(ChoosePasswordError::NoSuchLink);
        }
        // Others may have been asked for; none of them holds any longer.
        change!(tx, sqlx::query(END_WAYS_IN).bind(open.person).bind(now).bind(by.to_string()))?;
        self.replace_password(&mut tx, key, open.person, (&phc, false), by).await?;
        tx.commit().await?;
        tracing::warn!(target: "security", person = %open.person, "a password was chosen by a link; sessions and tokens ended");
        Ok(open)
    }

    async fn way_in(&self, on_what: &mut impl Linked, digest: &str) -> Result<Option<WayInRow>, StoreError> {
        let now = self.clock.now();
        let today = local_date(now);
        let row: Option<WayInRow> = on!(on_what.link(), conn => sqlx::query_as(FIND_WAY_IN)
            .bind(digest).bind(now).bind(today).fetch_optional(conn).await)?;
        let made_by_who_may =
            |row: &WayInRow| Actor::parse(&row.recorded_by).is_some_and(|by| self.lets_in_by_link(by));
        // Those that were made before people signed in with their organisation alone hold no longer, either.
        let Some(row) = row.filter(made_by_who_may) else { return Ok(None) };
        // A duty may have been given to them since: it is nothing that whoever made the link, and may have kept it, could not have.
        let over = if row.duties == 0 { Over::Person(row.person_id) } else { Over::Everything };
        Ok(maker_may(on_what, &row.recorded_by, over, today).await?.then_some(row))
    }

    /// Whether a link lets somebody in that was made by this: where people sign in with their organisation alone, only one of the command line.
    fn lets_in_by_link(&self, by: Actor) -> bool {
        by == Actor::CommandLine || !self.sign_on_only()
    }

    async fn way_in_digest(&self, secret: &str) -> Result<String, StoreError> {
        Ok(digest_of(self.installation_key().await?, secret))
    }
}

/// Somebody to whom a link can be given, or a letter written, on a day. `None`: they are not here, nor to begin, or have no address.
pub(crate) async fn find_for(
    on_what: &mut impl Linked,
    person: PersonId,
    day: NaiveDate,
) -> Result<Option<ForRow>, StoreError> {
    on!(on_what.link(), conn => sqlx::query_as(FIND_FOR).bind(person).bind(day).fetch_optional(conn).await)
}

/// What is kept of a link.
fn digest_of(key: &InstallationKey, secret: &str) -> String {
    key.digest("way in", secret).to_string()
}
