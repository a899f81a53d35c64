use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    catalogue::Audience,
    engine::{Engine, Looked, Refused},
    ground::{GroupId, PersonId, local_date},
    people::{Over, Person, PersonDetails, may_change_sign_in, may_organise},
    record::{Actor, Duty, Role},
    store::{Linked as _, StoreError, on},
};

/// What is recorded of somebody and can be changed, for whoever may: what holds, and what is to begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AboutPerson {
    /// Who.
    pub id: PersonId,
    /// What they are called and known by.
    pub details: PersonDetails,
    /// What a directory calls them, where that is not their e-mail address.
    pub user_name: Option<String>,
    /// When they were here, the newest first.
    pub stays: Vec<Held<()>>,
    /// As whom they are here.
    pub audiences: Vec<Held<Audience>>,
    /// Their groups, each with its name.
    pub groups: Vec<Held<(GroupId, String)>>,
    /// Their duties, each with the name of the group that it is over. `None`: everywhere.
    pub duties: Vec<Held<(Duty, Option<String>)>>,
    /// Whether they have a password.
    pub has_password: bool,
    /// Since when a code is asked of them when they sign in. `None`: none is.
    pub codes_since: Option<DateTime<Utc>>,
    /// How many passkeys let them in.
    pub passkeys: u32,
    /// Since when an account of their organisation lets them in. `None`: none does.
    pub account_since: Option<DateTime<Utc>>,
    /// When they took such an account away themselves. `None`: they did not.
    pub account_taken_away: Option<DateTime<Utc>>,
    /// Until when a link holds with which they choose one. `None`: there is none.
    pub way_in_until: Option<DateTime<Utc>>,
    /// Whether it is the reader, who changes nothing of their own.
    pub is_oneself: bool,
    /// Whether the reader may make them a link to choose a password, and take away their codes, passkeys and account.
    pub may_change_sign_in: bool,
}

/// Something that holds from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held<T> {
    /// What.
    pub what: T,
    /// The first day.
    pub since: NaiveDate,
    /// The first day on which it no longer holds. `None`: no end is known.
    pub until: Option<NaiveDate>,
}

const FIND_DETAIL: &str = "SELECT d.name, d.email, d.external_id, \
       (SELECT n.user_name FROM user_name n WHERE n.person_id = d.person_id) AS user_name, \
       (SELECT COUNT(*) FROM password w WHERE w.person_id = d.person_id) AS passwords, \
       (SELECT MAX(i.expires_at) FROM way_in i WHERE i.person_id = d.person_id AND i.ended_at IS NULL AND i.expires_at > $2) AS way_in_until, \
       (SELECT MAX(f.confirmed_at) FROM second_factor f WHERE f.person_id = d.person_id AND f.ended_at IS NULL) AS codes_since, \
       (SELECT COUNT(*) FROM passkey k WHERE k.person_id = d.person_id) AS passkeys, \
       (SELECT MAX(y.recorded_at) FROM identity y WHERE y.person_id = d.person_id AND y.ended_at IS NULL) AS account_since, \
       (SELECT MAX(y.ended_at) FROM identity y WHERE y.person_id = d.person_id) AS account_taken_away \
     FROM person_detail d WHERE d.person_id = $1";

const FIND_STAYS: &str =
    "SELECT begins_on, ends_before FROM stay WHERE person_id = $1 ORDER BY begins_on DESC, recorded_at DESC";

const FIND_AUDIENCES: &str = "SELECT audience, begins_on, ends_before FROM in_audience \
     WHERE person_id = $1 AND (ends_before IS NULL OR ends_before > $2) AND (ends_before IS NULL OR ends_before > begins_on) ORDER BY audience";

const FIND_GROUPS: &str = "SELECT m.group_id, p.name, m.begins_on, m.ends_before FROM membership m JOIN group_place p ON p.group_id = m.group_id \
     WHERE m.person_id = $1 AND (m.ends_before IS NULL OR m.ends_before > $2) AND (m.ends_before IS NULL OR m.ends_before > m.begins_on) \
       AND p.ends_before IS NULL ORDER BY p.name";

const FIND_DUTIES: &str = "SELECT u.role, u.group_id, (SELECT p.name FROM group_place p WHERE p.group_id = u.group_id AND p.ends_before IS NULL) AS name, \
       u.begins_on, u.ends_before FROM duty u \
     WHERE u.person_id = $1 AND (u.ends_before IS NULL OR u.ends_before > $2) AND (u.ends_before IS NULL OR u.ends_before > u.begins_on) \
     ORDER BY u.role, u.begins_on";

#[derive(sqlx::FromRow)]
struct DetailRow {
    name: String,
    email: Option<String>,
    external_id: Option<String>,
    user_name: Option<String>,
    passwords: i64,
    way_in_until: Option<DateTime<Utc>>,
    codes_since: Option<DateTime<Utc>>,
    passkeys: i64,
    account_since: Option<DateTime<Utc>>,
    account_taken_away: Option<DateTime<Utc>>,
}

type DutyRow = (String, Option<GroupId>, Option<String>, NaiveDate, Option<NaiveDate>);

impl Engine {
    /// What is recorded of somebody and can be changed. That another looked is noted.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when there is no such person, or it is not for the reader to change what is recorded of them.
    pub async fn about_person(&self, reader: &Person, person: PersonId) -> Looked<AboutPerson> {
        let now = self.clock.now();
        let today = local_date(now);
        let is_oneself = reader.id == person;
        let mut conn = self.store.read().await?;
        let by = Actor::Person(reader.id);
        if !is_oneself && !may_organise(&mut conn, by, Over::Person(person), today).await? {
            return Err(Refused::NotFound);
        }
        let may_change_sign_in = !is_oneself && may_change_sign_in(&mut conn, by, person, today).await?;
        let detail: Option<DetailRow> =
            on!(conn.link(), conn => sqlx::query_as(FIND_DETAIL).bind(person).bind(now).fetch_optional(conn).await)?;
        let detail = detail.ok_or(Refused::NotFound)?;
        let stays: Vec<(NaiveDate, Option<NaiveDate>)> =
            on!(conn.link(), conn => sqlx::query_as(FIND_STAYS).bind(person).fetch_all(conn).await)?;
        let audiences: Vec<(String, NaiveDate, Option<NaiveDate>)> =
            on!(conn.link(), conn => sqlx::query_as(FIND_AUDIENCES).bind(person).bind(today).fetch_all(conn).await)?;
        let groups: Vec<(GroupId, String, NaiveDate, Option<NaiveDate>)> =
            on!(conn.link(), conn => sqlx::query_as(FIND_GROUPS).bind(person).bind(today).fetch_all(conn).await)?;
        let duties: Vec<DutyRow> =
            on!(conn.link(), conn => sqlx::query_as(FIND_DUTIES).bind(person).bind(today).fetch_all(conn).await)?;
        let audience = |(audience, since, until): (String, _, _)| {
            let what = Audience::new(audience).map_err(|_| StoreError::unreadable("audience"))?;
            Ok(Held { what, since, until })
        };
        let duty = |(role, over, name, since, until): DutyRow| {
            let role = Role::parse(&role).ok_or_else(|| StoreError::unreadable("duty"))?;
            Ok(Held { what: (Duty { role, over }, name), since, until })
        };
        drop(conn);
        self.note_look_at(reader, person, "record".to_owned()).await?;
        Ok(AboutPerson {
            id: person,
            details: PersonDetails { name: detail.name, email: detail.email, external_id: detail.external_id },
            user_name: detail.user_name,
            stays: stays.into_iter().map(|(since, until)| Held { what: (), since, until }).collect(),
            audiences: audiences.into_iter().map(audience).collect::<Result<_, StoreError>>()?,
            groups: groups
                .into_iter()
                .map(|(group, name, since, until)| Held { what: (group, name), since, until })
                .collect(),
            duties: duties.into_iter().map(duty).collect::<Result<_, StoreError>>()?,
            has_password: detail.passwords > 0,
            codes_since: detail.codes_since,
            passkeys: u32::try_from(detail.passkeys).unwrap_or_default(),
            account_since: detail.account_since,
            account_taken_away: detail.account_taken_away,
            way_in_until: detail.way_in_until,
            is_oneself,
            may_change_sign_in,
        })
    }
}
