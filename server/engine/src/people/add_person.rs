use std::collections::BTreeSet;

use audit::{Fact, PartKind};
use chrono::NaiveDate;
use serde::Serialize;

use super::{
    begin_audience::{UnknownAudience, insert_audience},
    give_duty::{DutyError, insert_duty, log_given, write_end},
    join_group::insert_membership,
    keep_groups::is_open,
    leave::insert_stay,
    may_organise::{Over, may_organise_all},
    weak_password::{WeakPassword, check_password},
};
use crate::{
    catalogue::{Audience, Organisation},
    engine::Engine,
    ground::{GroupId, PasswordError, PersonId, TextFault, local_date, name_key, typed_line},
    log::{Act, Row, Said},
    record::{Actor, DayFault, Duty, Role, Since},
    store::{Linked, StoreError, Tx, change_one, on},
};

/// Somebody to be added.
#[derive(Clone, Debug)]
pub struct NewPerson {
    /// Their name, as they are greeted; 1 to 200 characters.
    pub name: String,
    /// What they sign in with; case does not count.
    pub email: String,
    /// What another system of the provider knows them by.
    pub external_id: Option<String>,
    /// Their first password, which is no [`WeakPassword`]. `None`: they sign in another way, or not at all.
    pub password: Option<String>,
    /// When they begin; due dates are counted from here.
    pub start_date: NaiveDate,
    /// What they may do for others.
    pub duties: Vec<NewDuty>,
    /// As whom they are here; at least one, unless they have a duty. Who has one and is in no audience is in the one that the provider's
    /// list has for that (`roles_are`).
    pub audiences: Vec<Audience>,
    /// The groups that they belong to.
    pub member_of: Vec<GroupId>,
}

/// A duty that somebody has from the day on which they begin.
#[derive(Clone, Copy, Debug)]
pub struct NewDuty {
    /// What they may do, and for whom.
    pub duty: Duty,
    /// The first day on which they no longer have it. `None`: somebody is to end it; an auditor's has an end from its beginning.
    pub until: Option<NaiveDate>,
}

impl From<Duty> for NewDuty {
    /// Until somebody ends it.
    fn from(duty: Duty) -> Self {
        Self { duty, until: None }
    }
}

impl NewDuty {
    /// Refuses an end that cannot be meant or that comes before the duty holds, and an auditor's duty without one.
    fn check(&self, begins_on: NaiveDate, today: NaiveDate) -> Result<(), DutyError> {
        let until = self.until.map(|until| DayFault::unless_near(until, today)).transpose()?;
        match until {
            None if self.duty.role == Role::Auditor => Err(DutyError::NoEnd),
            Some(until) if until <= begins_on => Err(DutyError::EndsAtOnce { begins_on }),
            _ => Ok(()),
        }
    }
}

/// Why somebody was not added. Nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum AddPersonError {
    /// The name cannot be one.
    #[error("the name cannot be used: {0}")]
    Name(TextFault),
    /// It is for an administrator to do, and of these people and groups.
    #[error("this is for an administrator of these people and groups to do")]
    NotTheirs,
    /// The address is none: it has not one `@` with something on both sides, or a blank.
    #[error("the e-mail address is not one")]
    Email,
    /// The address is too long, or has what nobody can see.
    #[error("the e-mail address cannot be used: {0}")]
    EmailText(TextFault),
    /// Somebody has that address already.
    #[error("somebody has that e-mail address already")]
    EmailTaken,
    /// The other system's id cannot be one.
    #[error("the external id cannot be used: {0}")]
    ExternalId(TextFault),
    /// Somebody has that external id already.
    #[error("somebody has that external id already")]
    ExternalIdTaken,
    /// The password is not taken.
    #[error(transparent)]
    Weak(#[from] WeakPassword),
    /// The start date cannot be meant.
    #[error("the start date cannot be used: {0}")]
    StartDate(DayFault),
    /// One of their duties cannot be given so: its end cannot be used, or it is an auditor's and has none.
    #[error(transparent)]
    Duty(#[from] DutyError),
    /// There is no such group, or it has ended.
    #[error("there is no such group")]
    NoSuchGroup,
    /// They are in no audience and have no duty.
    #[error("at least one role is needed")]
    NoRole,
    /// The provider does not list such an audience.
    #[error(transparent)]
    UnknownAudience(#[from] UnknownAudience),
    /// Hashing the password failed.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

impl AddPersonError {
    /// What others have already, as the queries say it that look for it.
    pub(super) fn taken(what: &str) -> Self {
        if what == "email" { Self::EmailTaken } else { Self::ExternalIdTaken }
    }
}

/// What is kept of a person's name at most, in characters.
pub(crate) const LONGEST_NAME: usize = 200;

const LONGEST_EMAIL: usize = 254;

const COUNT_PEOPLE: &str = "SELECT COUNT(*) FROM person";

const COUNT_ADMINISTRATORS: &str = "SELECT COUNT(DISTINCT person_id) FROM duty WHERE group_id IS NULL AND role = 'administrator' \
     AND begins_on <= $1 AND (ends_before IS NULL OR ends_before > $1)";

/// Administrators everywhere who are here on $1 or are to begin, and have a password, a passkey or an account of their organisation.
const COUNT_WHO_CAN_COME: &str = "SELECT COUNT(DISTINCT u.person_id) FROM duty u WHERE u.group_id IS NULL AND u.role = 'administrator' \
     AND (u.ends_before IS NULL OR (u.ends_before > $1 AND u.ends_before > u.begins_on)) \
     AND (SELECT COUNT(*) FROM stay s WHERE s.person_id = u.person_id AND (s.ends_before IS NULL OR (s.ends_before > $1 AND s.ends_before > s.begins_on))) > 0 \
     AND (SELECT COUNT(*) FROM password w WHERE w.person_id = u.person_id) \
       + (SELECT COUNT(*) FROM passkey k WHERE k.person_id = u.person_id) \
       + (SELECT COUNT(*) FROM identity i WHERE i.person_id = u.person_id AND i.ended_at IS NULL) > 0";

/// Two questions, each with an index of its own: with OR, a database in which few have an external id reads everybody.
const FIND_TAKEN: &str = "SELECT 'email' AS taken FROM person_detail WHERE email = $1 \
     UNION ALL SELECT 'external_id' FROM person_detail WHERE external_id = $2 ORDER BY taken";

const INSERT_PERSON: &str = "INSERT INTO person (id, number, revision, recorded_at, recorded_by) \
     SELECT $1, COALESCE(MAX(number), 0) + 1, 0, $2, $3 FROM person";

const INSERT_DETAIL: &str =
    "INSERT INTO person_detail (person_id, name, name_key, email, external_id) VALUES ($1, $2, $3, $4, $5)";

/// How an e-mail address is kept and looked for.
pub(crate) fn readable_email(email: &str) -> Result<String, TextFault> {
    typed_line(&email.trim().to_lowercase(), LONGEST_EMAIL)
}

/// Whether a text is an e-mail address with which somebody can sign in.
#[must_use]
pub fn is_email(text: &str) -> bool {
    checked_email(text).is_ok()
}

/// An e-mail address as it is kept, if it is one.
pub(crate) fn checked_email(email: &str) -> Result<String, AddPersonError> {
    let email = readable_email(email).map_err(|fault| match fault {
        TextFault::Empty => AddPersonError::Email,
        fault => AddPersonError::EmailText(fault),
    })?;
    let halves: Vec<&str> = email.split('@').collect();
    let good = matches!(halves.as_slice(), [local, host] if !local.is_empty() && !host.is_empty());
    if good && !email.contains(char::is_whitespace) { Ok(email) } else { Err(AddPersonError::Email) }
}

/// Who is to be added, checked.
struct Checked {
    name: String,
    email: String,
    external_id: Option<String>,
    audiences: BTreeSet<Audience>,
}

/// Who it is, as the signed log has it apart from the rest.
#[derive(Serialize)]
pub(crate) struct Identity<'p> {
    pub email: &'p str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: &'p Option<String>,
    pub name: &'p str,
}

impl NewPerson {
    fn check(&self, today: NaiveDate, provider: &Organisation) -> Result<Checked, AddPersonError> {
        self.check_all(today, provider).map_err(|mut faults| faults.remove(0))
    }

    /// What can be kept of what was filled in, or all that is wrong with it: at least one thing.
    fn check_all(&self, today: NaiveDate, provider: &Organisation) -> Result<Checked, Vec<AddPersonError>> {
        let mut faults = Vec::new();
        let mut noted = |fault| faults.push(fault);
        let name = typed_line(&self.name, LONGEST_NAME).map_err(|fault| noted(AddPersonError::Name(fault)));
        let email = checked_email(&self.email).map_err(&mut noted);
        let external_id = self.external_id.as_deref().map(|id| typed_line(id, LONGEST_NAME)).transpose();
        let external_id = external_id.map_err(|fault| noted(AddPersonError::ExternalId(fault)));
        if let Some(password) = &self.password
            && let Err(weak) = check_password(password, &[&self.name, &self.email, &provider.name])
        {
            noted(weak.into());
        }
        if let Err(fault) = DayFault::unless_near(self.start_date, today) {
            noted(AddPersonError::StartDate(fault));
        }
        for duty in &self.duties {
            if let Err(fault) = duty.check(self.start_date, today) {
                noted(fault.into());
            }
        }
        let audiences = self.all_audiences(provider).map_err(&mut noted);
        match (name, email, external_id, audiences) {
            (Ok(name), Ok(email), Ok(external_id), Ok(audiences)) if faults.is_empty() => {
                Ok(Checked { name, email, external_id, audiences })
            }
            _ => Err(faults),
        }
    }

    /// What is changed by whoever adds them.
    fn over(&self) -> Vec<Over> {
        let groups = self.member_of.iter().map(|group| Over::Group(*group));
        let duties = self.duties.iter().map(|new| new.duty.over.map_or(Over::Everything, Over::Group));
        let over: Vec<Over> = groups.chain(duties).collect();
        // Somebody in no group is looked after only by who looks after everybody.
        if self.member_of.is_empty() { vec![Over::Everything] } else { over }
    }

    fn all_audiences(&self, provider: &Organisation) -> Result<BTreeSet<Audience>, AddPersonError> {
        if self.audiences.is_empty() {
            return if self.duties.is_empty() {
                Err(AddPersonError::NoRole)
            } else {
                Ok(provider.roles_are.iter().cloned().collect())
            };
        }
        for audience in &self.audiences {
            UnknownAudience::unless_known(audience, provider)?;
        }
        Ok(self.audiences.iter().cloned().collect())
    }
}

impl Engine {
    /// How many people there are or were.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn count_people(&self) -> Result<u64, StoreError> {
        let mut conn = self.store.read().await?;
        let count: i64 = on!(conn.link(), conn => sqlx::query_scalar(COUNT_PEOPLE).fetch_one(conn).await)?;
        u64::try_from(count).map_err(|_| StoreError::unreadable("count"))
    }

    /// How many people look after everybody today.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn count_administrators(&self) -> Result<u64, StoreError> {
        let mut conn = self.store.read().await?;
        let count: i64 = on!(conn.link(), conn => sqlx::query_scalar(COUNT_ADMINISTRATORS)
            .bind(local_date(self.clock.now())).fetch_one(conn).await)?;
        u64::try_from(count).map_err(|_| StoreError::unreadable("count"))
    }

    /// All that is wrong with somebody who is to be added, so far as it can be seen before: what cannot be kept, and what others have already. Whoever
    /// fills in a form is told of all of it at once, and [`Engine::add_person`] refuses the first of it.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn faults_of_new_person(&self, new: &NewPerson) -> Result<Vec<AddPersonError>, StoreError> {
        let checked = new.check_all(local_date(self.clock.now()), &self.catalogue().organisation);
        let mut faults = checked.err().unwrap_or_default();
        let email = checked_email(&new.email).ok();
        let external_id = new.external_id.as_deref().and_then(|id| typed_line(id, LONGEST_NAME).ok());
        let mut conn = self.store.read().await?;
        let taken: Vec<String> = on!(conn.link(), conn => sqlx::query_scalar(FIND_TAKEN)
            .bind(&email).bind(&external_id).fetch_all(conn).await)?;
        faults.extend(taken.iter().map(|taken| AddPersonError::taken(taken)));
        Ok(faults)
    }

    /// Whether somebody can sign in who looks after everybody, today or from a later day on: has a password, a passkey, or an account of their
    /// organisation that is known here.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn has_administrator_who_signs_in(&self) -> Result<bool, StoreError> {
        let mut conn = self.store.read().await?;
        let count: i64 = on!(conn.link(), conn => sqlx::query_scalar(COUNT_WHO_CAN_COME)
            .bind(local_date(self.clock.now())).fetch_one(conn).await)?;
        Ok(count > 0)
    }

    /// Adds somebody, with their duties, the ends of those, and groups, all or nothing.
    ///
    /// # Errors
    /// [`AddPersonError`] says which field is wrong, or what is taken.
    pub async fn add_person(&self, new: NewPerson, by: Actor) -> Result<PersonId, AddPersonError> {
        let checked = new.check(local_date(self.clock.now()), &self.catalogue().organisation)?;
        let phc = match &new.password {
            Some(password) => Some(self.hasher.hash(&*self.chance, password).await?),
            None => None,
        };
        let mut tx = self.store.write().await?;
        tx.lock_people().await?;
        if !may_organise_all(&mut tx, by, new.over(), local_date(self.clock.now())).await? {
            return Err(AddPersonError::NotTheirs);
        }
        for group in new.member_of.iter().chain(new.duties.iter().filter_map(|new| new.duty.over.as_ref())) {
            if !is_open(&mut tx, *group).await? {
                return Err(AddPersonError::NoSuchGroup);
            }
        }
        let id = PersonId(self.new_id(self.clock.now()));
        let acts = self.insert_person(&mut tx, id, &new, &checked, by).await?;
        if let Some(phc) = phc {
            self.insert_password(&mut tx, id, (&phc, false), by).await?;
        }
        self.seal(tx, acts).await?;
        tracing::info!(target: "security", person = %id, %by, "a person was added");
        for NewDuty { duty, until } in new.duties {
            log_given(id, duty, (new.start_date, until), by);
        }
        Ok(id)
    }

    /// Adds somebody without a password, in a transaction that has locked the people and that seals the acts.
    pub(crate) async fn add_person_on(
        &self,
        tx: &mut Tx,
        id: PersonId,
        new: &NewPerson,
        by: Actor,
    ) -> Result<Vec<Act>, AddPersonError> {
        let checked = new.check(local_date(self.clock.now()), &self.catalogue().organisation)?;
        self.insert_person(tx, id, new, &checked, by).await
    }

    async fn insert_person(
        &self,
        tx: &mut Tx,
        id: PersonId,
        new: &NewPerson,
        checked: &Checked,
        by: Actor,
    ) -> Result<Vec<Act>, AddPersonError> {
        let now = self.clock.now();
        let since = Since { begins_on: new.start_date, recorded_at: now, by };
        let taken: Option<String> = on!(tx.link(), conn => sqlx::query_scalar(FIND_TAKEN)
            .bind(&checked.email).bind(&checked.external_id).fetch_optional(conn).await)?;
        if let Some(taken) = taken {
            return Err(AddPersonError::taken(&taken));
        }
        change_one!(tx, sqlx::query(INSERT_PERSON).bind(id).bind(now).bind(by.to_string()))?;
        change_one!(
            tx,
            sqlx::query(INSERT_DETAIL)
                .bind(id)
                .bind(&checked.name)
                .bind(name_key(&checked.name))
                .bind(&checked.email)
                .bind(&checked.external_id)
        )?;
        let Checked { name, email, external_id, .. } = checked;
        let mut act =
            self.act_since(id, since).begins_person().with(PartKind::Id, &Identity { email, external_id, name });
        let stay = self.new_id(now);
        insert_stay(tx, stay, id, since).await?;
        act.says(Said::Plain(Fact::Began), Row::of("stay", stay));
        for audience in &checked.audiences {
            let row = self.new_id(now);
            insert_audience(tx, row, id, audience, since).await?;
            let audience = audience.as_str().to_owned();
            act.says(Said::Plain(Fact::AudienceBegun { audience }), Row::of("in_audience", row));
        }
        let mut ends = Vec::new();
        for NewDuty { duty, until } in &new.duties {
            let row = self.new_id(now);
            insert_duty(tx, row, id, *duty, since).await?;
            act.says(Said::DutyGiven(*duty), Row::of("duty", row));
            if let Some(until) = *until {
                let end = Since { begins_on: until, ..since };
                write_end(tx, row, end).await?;
                ends.push(self.act_since(id, end).saying(Said::DutyEnded(*duty), Row::of("duty/end", row)));
            }
        }
        for group in &new.member_of {
            let row = self.new_id(now);
            insert_membership(tx, row, *group, id, since).await?;
            act.says(Said::MembershipBegun(*group), Row::of("membership", row));
        }
        Ok([act].into_iter().chain(ends).collect())
    }
}
