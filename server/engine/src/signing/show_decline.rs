use chrono::{DateTime, Utc};

use crate::{
    engine::{Engine, Looked, Refused},
    ground::{DeclineId, PersonId, aside},
    people::{Person, Right, Scope, by_scope, is_in_scope, name_groups_of, scope_people, scope_tree},
    record::{Decline, DeclineRow},
    store::{Conn, Linked as _, StoreError, on},
};

/// That somebody declined to sign an agreement, as whoever may see their evidence sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedDecline {
    /// What they declined.
    pub decline: Decline,
    /// Whose number it is.
    pub person: PersonId,
    /// Their name. `None`: it has been let go of.
    pub name: Option<String>,
    /// What the agreement was called in that version.
    pub title: String,
    /// How people call that version.
    pub label: String,
    /// When they first signed that agreement after it. `None`: they have not.
    pub signed_at: Option<DateTime<Utc>>,
    /// The groups of whoever declined that the reader sees, as they are now, by name. Empty: they are in none, or it is not for a file.
    pub groups: Vec<String>,
}

/// The same with its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownDecline {
    /// What was declined.
    pub listed: ListedDecline,
    /// Why, in their own words. `None`: it has been let go of.
    pub reason: Option<String>,
    /// The number of its entry in the signed log.
    pub entry: Option<u64>,
    /// Whether it is their own who reads it.
    pub is_oneself: bool,
}

/// How many are listed at most.
const MOST: i64 = 200;

macro_rules! declines {
    ($from:literal, $which:literal) => {
        concat!(
            "SELECT d.id, d.agreement, d.version, d.declined_at, d.asks_again_on, d.person_id, \
               (SELECT p.name FROM person_detail p WHERE p.person_id = d.person_id) AS name, v.title, v.version AS label, \
               (SELECT MIN(s.signed_at) FROM signature s WHERE s.person_id = d.person_id AND s.agreement = d.agreement \
                 AND s.signed_at >= d.declined_at) AS signed_at \
             FROM ",
            $from,
            " JOIN agreement_version v ON v.agreement = d.agreement AND v.number = d.version WHERE ",
            $which
        )
    };
}

const FIND_DECLINE: &str = declines!("decline d", "d.id = $1");

/// The newest of anybody's, $5 at most.
const LIST_ALL_DECLINES: &str = concat!(
    scope_tree!(),
    declines!(
        "decline d",
        "EXISTS (SELECT 1 FROM held WHERE group_id IS NULL) ORDER BY d.declined_at DESC, d.id DESC LIMIT $5"
    )
);

/// The newest of those whom somebody sees who does not see everybody, $5 at most.
const LIST_DECLINES: &str = concat!(
    scope_tree!(),
    scope_people!(),
    declines!(
        "seen CROSS JOIN decline d",
        "d.person_id = seen.person_id ORDER BY d.declined_at DESC, d.id DESC LIMIT $5"
    )
);

const FIND_REASON: &str = "SELECT reason FROM decline_reason WHERE decline_id = $1";

const FIND_ENTRY: &str = "SELECT number FROM log_row WHERE kind = 'decline' AND id = $1";

#[derive(sqlx::FromRow)]
struct ListedRow {
    #[sqlx(flatten)]
    decline: DeclineRow,
    person_id: PersonId,
    name: Option<String>,
    title: String,
    label: String,
    signed_at: Option<DateTime<Utc>>,
}

impl TryFrom<ListedRow> for ListedDecline {
    type Error = StoreError;

    fn try_from(row: ListedRow) -> Result<Self, StoreError> {
        Ok(Self {
            decline: row.decline.try_into()?,
            person: row.person_id,
            name: row.name,
            title: row.title,
            label: row.label,
            signed_at: row.signed_at,
            groups: Vec::new(),
        })
    }
}

impl Engine {
    /// What was declined by those whose evidence somebody may see, the newest 200. Empty: nothing, or there is nobody.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn list_declines(&self, reader: &Person) -> Result<Vec<ListedDecline>, StoreError> {
        let Some(scope) = Scope::of(reader, Right::SeeEvidence, self.clock.now()) else { return Ok(Vec::new()) };
        self.declines_in(&scope, MOST).await
    }

    /// The newest of what was declined by those in a scope.
    async fn declines_in(&self, scope: &Scope, most: i64) -> Result<Vec<ListedDecline>, StoreError> {
        let statement = if scope.is_everywhere() { LIST_ALL_DECLINES } else { LIST_DECLINES };
        let mut conn = self.store.read().await?;
        let rows: Vec<ListedRow> = on!(conn.link(), conn => by_scope!(sqlx::query_as(statement), scope)
            .bind(most).fetch_all(conn).await)?;
        rows.into_iter().map(ListedDecline::try_from).collect()
    }

    /// All that was declined by those whose evidence somebody may see, the newest first and without reasons, to be taken away as `written` writes it.
    /// That it was taken out is an entry of the signed log, with the digest of what was given and about how many people. What could not be written
    /// is given back as `written` says it, and nothing is noted.
    ///
    /// # Errors
    /// [`Refused::NotForYou`] when they may see nobody's but their own; [`Refused::Internal`] also when the log takes nothing: then nothing is
    /// given.
    pub async fn export_declines<E: Send + 'static>(
        &self,
        reader: &Person,
        written: impl FnOnce(&[ListedDecline]) -> Result<Vec<u8>, E> + Send + 'static,
    ) -> Looked<Result<Vec<u8>, E>> {
        let scope = Scope::of(reader, Right::SeeEvidence, self.clock.now()).filter(|scope| !scope.is_oneself());
        let scope = scope.ok_or(Refused::NotForYou)?;
        let mut found = self.declines_in(&scope, i64::MAX).await?;
        let people: Vec<PersonId> = found.iter().map(|declined| declined.person).collect();
        let mut conn = self.store.read().await?;
        let named = name_groups_of(&mut conn, people.iter().copied(), &scope).await?;
        drop(conn);
        for declined in &mut found {
            declined.groups = named.get(&declined.person).cloned().unwrap_or_default();
        }
        let bytes = match aside(move || written(&found)).await {
            Ok(bytes) => bytes,
            Err(error) => return Ok(Err(error)),
        };
        self.note_export(reader, &bytes, people).await?;
        Ok(Ok(bytes))
    }

    /// What was declined, with its reason: for whose it is, and for whoever may see their evidence. That another looked is noted.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when there is no such decline, or it is not theirs to see.
    pub async fn decline(&self, reader: &Person, id: DeclineId) -> Looked<ShownDecline> {
        let scope = Scope::of(reader, Right::SeeEvidence, self.clock.now()).ok_or(Refused::NotFound)?;
        let mut conn = self.store.read().await?;
        let row: Option<ListedRow> =
            on!(conn.link(), conn => sqlx::query_as(FIND_DECLINE).bind(id).fetch_optional(conn).await)?;
        let listed = ListedDecline::try_from(row.ok_or(Refused::NotFound)?)?;
        let is_oneself = listed.person == reader.id;
        if !is_oneself && !is_in_scope(&mut conn, &scope, listed.person).await? {
            return Err(Refused::NotFound);
        }
        let reason = find_reason(&mut conn, id).await?;
        let entry: Option<i64> = on!(conn.link(), conn => sqlx::query_scalar(FIND_ENTRY)
            .bind(id.to_string()).fetch_optional(conn).await)?;
        drop(conn);
        self.note_look_at(reader, listed.person, format!("decline/{id}")).await?;
        let entry = entry.and_then(|number| u64::try_from(number).ok());
        Ok(ShownDecline { listed, reason, entry, is_oneself })
    }
}

/// Why something was declined. `None`: it has been let go of.
pub(super) async fn find_reason(conn: &mut Conn, id: DeclineId) -> Result<Option<String>, StoreError> {
    on!(conn.link(), conn => sqlx::query_scalar(FIND_REASON).bind(id).fetch_optional(conn).await)
}
