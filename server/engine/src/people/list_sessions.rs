use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{
    leave::end_sessions_but,
    may_organise::may_organise_with_duties,
    note_signed_out::SignedOutWith,
    person::{Person, is_there},
    scope::{Right, Scope, by_scope, find_in_scope, in_scope, is_member, scope_tree},
    tell::tell_news,
};
use crate::{
    engine::{Engine, Looked, Refused},
    ground::{GroupId, PersonId, local_date, name_key},
    mail::SignInNews,
    record::Actor,
    store::{Linked as _, StoreError, on},
};

/// Who of those that are signed in is wanted. What is empty asks for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WhichSignedIn {
    /// A part of their name, in whatever case and with or without accents.
    pub name: String,
    /// In this group or in one below it.
    pub group: Option<GroupId>,
}

/// Somebody who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedInPerson {
    /// Who.
    pub id: PersonId,
    /// Their name. Empty: it has been erased.
    pub name: String,
    /// In how many browsers.
    pub browsers: usize,
    /// When they signed in with the first of these.
    pub since: DateTime<Utc>,
    /// When they signed in with the last.
    pub last: DateTime<Utc>,
    /// What these are, in words, each once. One that did not say is left out.
    pub kinds: Vec<String>,
}

/// Some of those who are signed in, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignedInPage {
    /// At most [`SignedInPage::MOST`].
    pub people: Vec<SignedInPerson>,
    /// How many people there are on all pages.
    pub total: usize,
    /// In how many browsers.
    pub browsers: usize,
    /// After whom the next page begins. `None`: this is the last.
    pub next: Option<PersonId>,
}

impl SignedInPage {
    /// How many people stand on a page at most.
    pub const MOST: usize = 50;
}

/// Why nobody was signed out. Nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum SignOutError {
    /// It is for an administrator of theirs to do, and of all after whom they look; nobody does it for themselves.
    #[error("this is for an administrator of these people, and of all after whom they look, to do")]
    NotTheirs,
    /// There is no such person.
    #[error("there is no such person")]
    NoSuchPerson,
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

/// The sessions that have not ended at $5 of those in scope: of people in the group $6, with $7 in their name.
const LIST_SIGNED_IN: &str = concat!(
    scope_tree!(),
    ", inside (id) AS (SELECT g.id FROM people_group g WHERE g.id = $6 UNION SELECT p.group_id FROM inside CROSS JOIN group_place p \
       WHERE p.parent_id = inside.id AND p.begins_on <= $2 AND (p.ends_before IS NULL OR p.ends_before > $2)) \
     SELECT s.person_id, d.name, s.begun_at, s.browser FROM session s LEFT JOIN person_detail d ON d.person_id = s.person_id \
     WHERE s.expires_at > $5 AND ",
    in_scope!("s.person_id"),
    " AND ($7 = '' OR d.name_key LIKE $7 ESCAPE '!') AND ($6 IS NULL OR (SELECT COUNT(*) FROM membership m \
       WHERE m.person_id = s.person_id AND m.group_id IN (SELECT id FROM inside) AND ",
    is_member!("m"),
    ") > 0)"
);

impl Engine {
    /// Who is signed in of those whom an administrator looks after, by name, a page at a time: after whoever stood last on the page before. From which
    /// network is not said: it is not kept.
    ///
    /// # Errors
    /// [`Refused::NotForYou`] unless the reader is an administrator.
    pub async fn signed_in(
        &self,
        reader: &Person,
        which: &WhichSignedIn,
        after: Option<PersonId>,
    ) -> Looked<SignedInPage> {
        let scope = Scope::of(reader, Right::Organise, self.clock.now()).ok_or(Refused::NotForYou)?;
        let key = name_key(which.name.trim()).replace('!', "!!").replace('%', "!%").replace('_', "!_");
        let pattern = if key.is_empty() { key } else { format!("%{key}%") };
        let mut conn = self.store.read().await?;
        let rows: Vec<(PersonId, Option<String>, DateTime<Utc>, String)> = on!(conn.link(), conn => by_scope!(sqlx::query_as(LIST_SIGNED_IN), scope)
                .bind(self.steady_now()).bind(which.group).bind(&pattern).fetch_all(conn).await)?;
        let browsers = rows.len();
        let mut found: BTreeMap<PersonId, SignedInPerson> = BTreeMap::new();
        for (id, name, begun_at, browser) in rows {
            let person = found.entry(id).or_insert_with(|| SignedInPerson {
                id,
                name: name.unwrap_or_default(),
                browsers: 0,
                since: begun_at,
                last: begun_at,
                kinds: Vec::new(),
            });
            person.browsers += 1;
            person.since = person.since.min(begun_at);
            person.last = person.last.max(begun_at);
            if !browser.is_empty() && !person.kinds.contains(&browser) {
                person.kinds.push(browser);
            }
        }
        let mut people: Vec<SignedInPerson> = found.into_values().collect();
        people.iter_mut().for_each(|person| person.kinds.sort());
        people.sort_by_cached_key(|person| (name_key(&person.name), person.id));
        let total = people.len();
        // Who stood last may have left meanwhile: then it is begun anew.
        let first =
            after.and_then(|after| people.iter().position(|person| person.id == after)).map_or(0, |place| place + 1);
        let is_last = total <= first + SignedInPage::MOST;
        let people: Vec<SignedInPerson> = people.into_iter().skip(first).take(SignedInPage::MOST).collect();
        let next = people.last().filter(|_| !is_last).map(|last| last.id);
        Ok(SignedInPage { people, total, browsers, next })
    }

    /// The name of somebody whom an administrator looks after, and may sign out. Empty: it has been erased.
    ///
    /// # Errors
    /// [`Refused::NotForYou`] unless the reader is an administrator; [`Refused::NotFound`] when it is nobody of theirs.
    pub async fn whom_to_sign_out(&self, reader: &Person, person: PersonId) -> Looked<String> {
        let scope = Scope::of(reader, Right::Organise, self.clock.now()).ok_or(Refused::NotForYou)?;
        let mut conn = self.store.read().await?;
        Ok(find_in_scope(&mut conn, &scope, &[person]).await?.pop().ok_or(Refused::NotFound)?.name)
    }

    /// Ends every session of somebody, keeps who did it, and tells them by letter. Says how many those were; where there were none, nothing is kept.
    ///
    /// # Errors
    /// [`SignOutError`]; nothing has been written.
    pub async fn sign_out_everywhere(&self, person: PersonId, by: Actor) -> Result<u64, SignOutError> {
        if by == Actor::Person(person) {
            return Err(SignOutError::NotTheirs);
        }
        let today = local_date(self.clock.now());
        let mut tx = self.store.write().await?;
        // Whoever is being let in is put out with the others, or is let in after this.
        tx.lock_person(person).await?;
        if !is_there(&mut tx, person).await? {
            return Err(SignOutError::NoSuchPerson);
        }
        if !may_organise_with_duties(&mut tx, by, person, today).await? {
            return Err(SignOutError::NotTheirs);
        }
        // No session has an empty digest.
        let ended = end_sessions_but(&mut tx, person, "").await?;
        if ended > 0 {
            self.note_signed_out(&mut tx, person, SignedOutWith::Sessions, by).await?;
            tell_news(self, &mut tx, person, by, SignInNews::SignedOut).await?;
        }
        tx.commit().await?;
        tracing::warn!(target: "security", %person, %by, ended, "all of their sessions were ended by somebody who looks after them");
        Ok(ended)
    }
}
