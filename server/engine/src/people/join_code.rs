//! Codes with which people come into a group by themselves, as on an induction day.

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    add_person::{AddPersonError, NewPerson},
    begin_audience::UnknownAudience,
    join_group::{find_open, insert_membership},
    keep_groups::is_open,
    may_organise::{Over, maker_may, may_organise},
    person::Person,
    scope::{Right, Scope},
    try_code::CodeKind,
    weak_password::check_password,
};
use crate::{
    catalogue::Audience,
    engine::{Engine, Looked, Refused},
    ground::{Chance, GroupId, JoinCodeId, PersonId, local_date},
    log::{Row, Said},
    record::Actor,
    store::{Linked, StoreError, Tx, change, change_one, on},
};

/// A code to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJoinCode {
    /// The group that people come into.
    pub group: GroupId,
    /// As whom those are here who have no account yet and make one with it. `None`: it is for people who have one.
    pub audience: Option<Audience>,
    /// How many people it lets in; 1 to [`NewJoinCode::MOST`].
    pub most: u32,
    /// Until when; at most [`NewJoinCode::LONGEST`] from now.
    pub expires_at: DateTime<Utc>,
}

impl NewJoinCode {
    /// How many people a code lets in at most.
    pub const MOST: u32 = 2_000;
    /// How long a code holds at most.
    pub const LONGEST: TimeDelta = TimeDelta::days(31);
}

/// A code that was made.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct JoinCode {
    /// Which.
    pub id: JoinCodeId,
    /// As it is typed, without the hyphen in its middle.
    pub code: String,
    /// The group that people come into.
    #[sqlx(rename = "group_id")]
    pub group: GroupId,
    #[sqlx(rename = "audience")]
    audience_id: Option<String>,
    #[sqlx(rename = "most")]
    most_people: i64,
    used: i64,
    /// Until when it holds.
    pub expires_at: DateTime<Utc>,
    /// When somebody ended it before.
    pub ended_at: Option<DateTime<Utc>>,
    recorded_by: String,
}

impl JoinCode {
    /// As it is shown: `ABCD-EFGH`.
    #[must_use]
    pub fn shown(&self) -> String {
        let (first, second) = self.code.split_at(self.code.len() / 2);
        format!("{first}-{second}")
    }

    /// As whom those are here who begin with it. `None`: it is for people who have an account.
    #[must_use]
    pub fn audience(&self) -> Option<Audience> {
        self.audience_id.as_deref().and_then(|audience| Audience::new(audience).ok())
    }

    /// How many people it lets in.
    #[must_use]
    pub fn most(&self) -> u64 {
        u64::try_from(self.most_people).unwrap_or_default()
    }

    /// How many have come in by it.
    #[must_use]
    pub fn used(&self) -> u64 {
        u64::try_from(self.used).unwrap_or_default()
    }

    /// Whether it lets anybody in at a moment.
    #[must_use]
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.ended_at.is_none() && now < self.expires_at && self.used < self.most_people
    }
}

/// What a code that holds leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenCode {
    /// The code.
    pub code: JoinCode,
    /// What the group is called.
    pub group_name: String,
    /// As whom those are here who begin with it, in the provider's words for one. `None`: it is for people who have an account.
    pub as_whom: Option<String>,
}

/// Why a code was neither made nor ended. Nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum JoinCodeError {
    /// It is for an administrator of that group to do.
    #[error("this is for an administrator of that group to do")]
    NotTheirs,
    /// There is no such group, or it has ended.
    #[error("there is no such group")]
    NoSuchGroup,
    /// The provider does not list such an audience.
    #[error(transparent)]
    UnknownAudience(#[from] UnknownAudience),
    /// Those who do something for others begin by a code of the group: whoever found it would be one of them.
    #[error("nobody becomes a colleague by a code: add them by hand, or bring them in from a file")]
    Colleagues,
    /// It would hold for nobody, or for more than a code may.
    #[error("a code lets in between 1 and {} people", NewJoinCode::MOST)]
    Most,
    /// It would have ended already, or hold for too long.
    #[error("choose a day from today on: a code holds for at most {} days", NewJoinCode::LONGEST.num_days())]
    Expiry,
    /// There is no such code, or it has ended.
    #[error("there is no such code")]
    NoSuchCode,
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

/// Why nobody came in by a code. Nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum JoinError {
    /// There is no such code, it has ended, or it has let in as many as it may.
    #[error("this code lets nobody in")]
    NoSuchCode,
    /// Who has no account cannot begin with it.
    #[error("this code is for people who have an account")]
    ForAccounts,
    /// They are in the group already.
    #[error("they are in that group already")]
    AlreadyIn,
    /// What they typed cannot be used, or somebody has that address.
    #[error(transparent)]
    New(#[from] AddPersonError),
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

/// Why a code was not looked up.
#[derive(Debug, thiserror::Error)]
pub enum FindCodeError {
    /// Too many codes that lead nowhere were tried from there.
    #[error("too many codes were tried")]
    TooMany {
        /// When the next try is allowed.
        retry_at: DateTime<Utc>,
    },
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

/// Letters and digits that nobody takes for another, whether they are read, heard or written by hand.
const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// 40 bits: whoever tries as often as [`OF_GROUPS`] lets them, from a thousand places, finds one of ten codes once in fifteen years.
const LENGTH: usize = 8;

/// A class that types what stands on the wall shares one address, and some of them mistype it more than once.
const OF_GROUPS: CodeKind = CodeKind { purpose: "place of a join code", most_at_place: 200 };

const INSERT_CODE: &str = "INSERT INTO join_code (id, code, group_id, audience, most, expires_at, recorded_at, recorded_by) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

macro_rules! codes {
    ($condition:literal) => {
        concat!(
            "SELECT c.id, c.code, c.group_id, c.audience, c.most, c.expires_at, c.ended_at, c.recorded_by, \
               (SELECT COUNT(*) FROM join_code_use u WHERE u.code_id = c.id) AS used FROM join_code c WHERE ",
            $condition
        )
    };
}

const FIND_CODE: &str = codes!("c.code = $1");

const FIND_CODE_BY_ID: &str = codes!("c.id = $1");

const LIST_CODES: &str = codes!("c.group_id = $1 ORDER BY c.expires_at DESC, c.id DESC LIMIT 20");

const END_CODE: &str = "UPDATE join_code SET ended_at = $2, ended_by = $3 WHERE id = $1 AND ended_at IS NULL";

const NOTE_USE: &str = "INSERT INTO join_code_use (code_id, person_id, used_at) VALUES ($1, $2, $3)";

const COUNT_USE: &str = "SELECT COUNT(*) FROM join_code_use WHERE code_id = $1 AND person_id = $2";

const FIND_NAME: &str = "SELECT name FROM group_place WHERE group_id = $1 AND begins_on <= $2 AND ends_before IS NULL";

/// Draws a code.
pub(crate) fn draw_code(chance: &dyn Chance) -> String {
    let mut random = [0; LENGTH];
    chance.fill(&mut random);
    random.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect()
}

/// A code as it is kept, however it was typed. `None`: it can be none.
pub(crate) fn read_code(typed: &str) -> Option<String> {
    let code: String = typed.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_uppercase).collect();
    let all = code.len() == LENGTH && code.bytes().all(|letter| LETTERS.contains(&letter));
    all.then_some(code)
}

async fn find(on_what: &mut impl Linked, code: &str) -> Result<Option<JoinCode>, StoreError> {
    on!(on_what.link(), conn => sqlx::query_as(FIND_CODE).bind(code).fetch_optional(conn).await)
}

async fn note_use(tx: &mut Tx, code: JoinCodeId, person: PersonId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let before: i64 =
        on!(tx.link(), conn => sqlx::query_scalar(COUNT_USE).bind(code).bind(person).fetch_one(conn).await)?;
    if before == 0 {
        change_one!(tx, sqlx::query(NOTE_USE).bind(code).bind(person).bind(now))?;
    }
    Ok(())
}

impl Engine {
    /// All that is wrong with a code that is to be made, so far as it can be seen in it. Whoever fills in a form is told of all of it at once, and
    /// [`Engine::create_join_code`] refuses the first of it.
    #[must_use]
    pub fn faults_of_join_code(&self, new: &NewJoinCode) -> Vec<JoinCodeError> {
        let catalogue = self.catalogue();
        let provider = &catalogue.organisation;
        let now = self.clock.now();
        let of_audience = new.audience.as_ref().and_then(|audience| {
            let unknown = UnknownAudience::unless_known(audience, provider).err().map(JoinCodeError::from);
            let is_colleague = provider.roles_are.as_ref() == Some(audience);
            unknown.or_else(|| is_colleague.then_some(JoinCodeError::Colleagues))
        });
        let most = !(1..=NewJoinCode::MOST).contains(&new.most);
        let expiry = new.expires_at <= now || new.expires_at > now + NewJoinCode::LONGEST;
        let faults = [of_audience, most.then_some(JoinCodeError::Most), expiry.then_some(JoinCodeError::Expiry)];
        faults.into_iter().flatten().collect()
    }

    /// Makes a code with which people come into a group by themselves.
    ///
    /// # Errors
    /// [`JoinCodeError`]; nothing has been written.
    pub async fn create_join_code(&self, new: &NewJoinCode, by: Actor) -> Result<JoinCode, JoinCodeError> {
        if let Some(fault) = self.faults_of_join_code(new).into_iter().next() {
            return Err(fault);
        }
        let now = self.clock.now();
        let code = draw_code(&*self.chance);
        let id = JoinCodeId(self.new_id(now));
        let mut tx = self.store.write().await?;
        tx.keep_groups_still().await?;
        if !is_open(&mut tx, new.group).await? {
            return Err(JoinCodeError::NoSuchGroup);
        }
        if !may_organise(&mut tx, by, Over::Group(new.group), local_date(now)).await? {
            return Err(JoinCodeError::NotTheirs);
        }
        change_one!(
            tx,
            sqlx::query(INSERT_CODE)
                .bind(id)
                .bind(&code)
                .bind(new.group)
                .bind(new.audience.as_ref().map(Audience::as_str))
                .bind(i64::from(new.most))
                .bind(new.expires_at)
                .bind(now)
                .bind(by.to_string())
        )?;
        let made: JoinCode = on!(tx.link(), conn => sqlx::query_as(FIND_CODE_BY_ID).bind(id).fetch_one(conn).await)?;
        tx.commit().await?;
        tracing::info!(target: "security", code = %id, group = %new.group, %by, "a join code was made");
        Ok(made)
    }

    /// Ends a code before its time.
    ///
    /// # Errors
    /// [`JoinCodeError::NoSuchCode`], [`JoinCodeError::NotTheirs`].
    pub async fn end_join_code(&self, code: JoinCodeId, by: Actor) -> Result<(), JoinCodeError> {
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        let found: Option<JoinCode> =
            on!(tx.link(), conn => sqlx::query_as(FIND_CODE_BY_ID).bind(code).fetch_optional(conn).await)?;
        let found = found.filter(|found| found.ended_at.is_none()).ok_or(JoinCodeError::NoSuchCode)?;
        if !may_organise(&mut tx, by, Over::Group(found.group), local_date(now)).await? {
            return Err(JoinCodeError::NotTheirs);
        }
        if change!(tx, sqlx::query(END_CODE).bind(code).bind(now).bind(by.to_string()))? == 0 {
            return Err(JoinCodeError::NoSuchCode);
        }
        tx.commit().await?;
        tracing::info!(target: "security", %code, %by, "a join code ended");
        Ok(())
    }

    /// The codes of a group, the one that holds longest first: for whoever may change the group.
    ///
    /// # Errors
    /// [`Refused::NotForYou`] when they may not.
    pub async fn join_codes_of(&self, reader: &Person, group: GroupId) -> Looked<Vec<JoinCode>> {
        let scope = Scope::of(reader, Right::Organise, self.clock.now()).ok_or(Refused::NotForYou)?;
        let mut conn = self.store.read().await?;
        if !scope.reached(&mut conn).await?.has(group) {
            return Err(Refused::NotForYou);
        }
        Ok(on!(conn.link(), conn => sqlx::query_as(LIST_CODES).bind(group).fetch_all(conn).await)?)
    }

    /// What a code leads to, however it was typed. `None`: it lets nobody in; that is noted, with a digest of where it was asked from, for a
    /// day. `place` is as for signing in.
    ///
    /// # Errors
    /// [`FindCodeError`].
    pub async fn find_join_code(&self, typed: &str, place: &str) -> Result<Option<OpenCode>, FindCodeError> {
        let Some(code) = read_code(typed) else { return Ok(None) };
        let now = self.clock.now();
        let place = self.code_place(&OF_GROUPS, place).await?;
        let mut conn = self.store.read().await?;
        if let Some(retry_at) = self.next_code_at(&mut conn, &OF_GROUPS, &place).await? {
            return Err(FindCodeError::TooMany { retry_at });
        }
        let mut found = find(&mut conn, &code).await?.filter(|code| code.is_open(now));
        if let Some(code) = &found
            && !maker_may(&mut conn, &code.recorded_by, Over::Group(code.group), local_date(now)).await?
        {
            found = None;
        }
        let Some(code) = found else {
            drop(conn);
            self.note_code(&place).await?;
            return Ok(None);
        };
        let name: Option<String> = on!(conn.link(), conn => sqlx::query_scalar(FIND_NAME)
            .bind(code.group).bind(local_date(now)).fetch_optional(conn).await)?;
        let organisation = &self.catalogue().organisation;
        let as_whom = code.audience().map(|audience| {
            organisation.audience(&audience).map_or_else(|| audience.to_string(), |listed| listed.one.clone())
        });
        Ok(name.map(|group_name| OpenCode { code, group_name, as_whom }))
    }

    /// Puts somebody who is signed in into the group of a code, from today on.
    ///
    /// # Errors
    /// [`JoinError`]; nothing has been written.
    pub async fn join_by_code(&self, person: &Person, typed: &str) -> Result<GroupId, JoinError> {
        let by = Actor::Person(person.id);
        let since = self.since_today(by);
        let code = read_code(typed).ok_or(JoinError::NoSuchCode)?;
        let mut tx = self.store.write().await?;
        // Alone, so that of two who come at once for the last place one finds it taken.
        tx.lock_people().await?;
        tx.lock_person(person.id).await?;
        let code = self.open_code(&mut tx, &code).await?;
        if find_open(&mut tx, code.group, person.id).await?.is_some() {
            return Err(JoinError::AlreadyIn);
        }
        let id = self.new_id(since.recorded_at);
        insert_membership(&mut tx, id, code.group, person.id, since).await?;
        note_use(&mut tx, code.id, person.id, since.recorded_at).await?;
        let act = self.act_since(person.id, since).saying(Said::MembershipBegun(code.group), Row::of("membership", id));
        self.seal(tx, [act]).await?;
        tracing::info!(target: "security", person = %person.id, code = %code.id, "somebody came into a group by a code");
        Ok(code.group)
    }

    /// Somebody who has no account yet begins with a code: as whom it says, in its group, with a password that they chose.
    ///
    /// # Errors
    /// [`JoinError`]; nothing has been written.
    pub async fn begin_by_code(
        &self,
        typed: &str,
        name: &str,
        email: &str,
        password: &str,
    ) -> Result<PersonId, JoinError> {
        let code = read_code(typed).ok_or(JoinError::NoSuchCode)?;
        {
            // Hashing takes long: nobody gets it done with a code that was made up.
            let mut conn = self.store.read().await?;
            let found = find(&mut conn, &code).await?.filter(|found| found.is_open(self.clock.now()));
            let found = found.ok_or(JoinError::NoSuchCode)?;
            found.audience().ok_or(JoinError::ForAccounts)?;
        }
        check_password(password, &[name, email, &self.catalogue().organisation.name]).map_err(AddPersonError::from)?;
        let phc = self.hasher.hash(&*self.chance, password).await.map_err(AddPersonError::from)?;
        let mut tx = self.store.write().await?;
        tx.lock_people().await?;
        let code = self.open_code(&mut tx, &code).await?;
        let now = self.clock.now();
        let new = NewPerson {
            name: name.to_owned(),
            email: email.to_owned(),
            external_id: None,
            password: None,
            start_date: local_date(now),
            duties: Vec::new(),
            audiences: vec![code.audience().ok_or(JoinError::ForAccounts)?],
            member_of: vec![code.group],
        };
        let person = PersonId(self.new_id(now));
        let by = Actor::Person(person);
        let acts = self.add_person_on(&mut tx, person, &new, by).await?;
        self.insert_password(&mut tx, person, (&phc, false), by).await?;
        note_use(&mut tx, code.id, person, now).await?;
        self.seal(tx, acts).await?;
        tracing::info!(target: "security", %person, code = %code.id, "somebody began by a code");
        Ok(person)
    }

    /// A code that lets somebody in, in a transaction that has locked the people.
    async fn open_code(&self, tx: &mut Tx, code: &str) -> Result<JoinCode, JoinError> {
        let found = find(tx, code).await?.filter(|found| found.is_open(self.clock.now()));
        let found = found.ok_or(JoinError::NoSuchCode)?;
        let today = local_date(self.clock.now());
        let holds = is_open(tx, found.group).await?
            && maker_may(tx, &found.recorded_by, Over::Group(found.group), today).await?;
        if holds { Ok(found) } else { Err(JoinError::NoSuchCode) }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        assert_eq!(read_code(" abcd-efgh ").as_deref(), Some("ABCDEFGH"));
        assert_eq!(read_code("ABCD EFGH").as_deref(), Some("ABCDEFGH"));
        for none in ["", "ABCD-EFG", "ABCD-EFGHJ", "ABCD-EFG1", "ABCD-EFGO", "äBCD-EFGH"] {
            assert_eq!(read_code(none), None, "{none}");
        }
    }

    #[test]
    fn no_letter_stands_twice_in_the_alphabet() {
        assert_eq!(LETTERS.iter().collect::<BTreeSet<_>>().len(), 32);
    }
}
