use chrono::{DateTime, Utc};

use super::workshop::{Workshop, find_workshop};
use crate::{
    engine::{Engine, Looked, Refused},
    ground::{FormKey, PersonId, ResourceId, TextFault, WorkshopId, typed_line, typed_text},
    people::{CheckedFile, Person, Right, Scope, checked_file, keep_pieces},
    record::{Actor, FileKind, NotTaken, not_withdrawn, whole_file},
    store::{Conn, Linked as _, StoreError, change, change_one, on},
};

/// Something that whoever held a workshop gives to those who were there, as it was filled in.
#[derive(Clone, Debug)]
pub struct NewResource {
    /// The number of the form. What is sent twice with it is given once.
    pub form: FormKey,
    /// What it is called, in one line.
    pub title: String,
    /// What is said of it. Empty: nothing.
    pub words: String,
    /// Where it is found. Empty: nowhere.
    pub link: String,
    /// A file.
    pub file: Option<Vec<u8>>,
}

impl NewResource {
    /// How many characters a title has at most.
    pub const LONGEST_TITLE: usize = 200;
    /// How many characters may be said of it.
    pub const LONGEST_WORDS: usize = 2_000;
    /// How many characters a link has at most.
    pub const LONGEST_LINK: usize = 500;
    /// How many are given for one workshop, also of those that are taken back.
    pub const MOST: i64 = 30;
}

/// What is wrong with what was filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResourceFault {
    /// The title cannot be kept.
    Title(TextFault),
    /// What is said of it cannot be kept.
    Words(TextFault),
    /// It is no address that begins with `https://`.
    Link,
    /// The link has too many characters.
    LongLink(TextFault),
    /// There is nothing but a title.
    Nothing,
    /// The file is none of the kinds that are taken, or too large.
    File(NotTaken),
}

/// Why nothing was given. Nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum GiveResourceError {
    /// There is no such workshop, or somebody else leads it.
    #[error("there is no such workshop")]
    NotTheirs,
    /// It has not begun, or was called off.
    #[error("something is given once the workshop has begun")]
    NotNow,
    /// It is filled in wrongly.
    #[error("it is filled in wrongly")]
    Faults(Vec<ResourceFault>),
    /// What this form gave, and says once more, was taken back since.
    #[error("you gave this, and took it back. Send it once more to give it anew")]
    TakenBack,
    /// [`NewResource::MOST`] were given.
    #[error("as many were given as a workshop has at most")]
    TooMany,
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

/// Something that was given after a workshop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// Which.
    pub id: ResourceId,
    /// What it is called.
    pub title: String,
    /// What is said of it. Empty: nothing.
    pub words: String,
    /// Where it is found.
    pub link: Option<String>,
    /// The kind of its file, and how many bytes it has.
    pub file: Option<(FileKind, u64)>,
    /// When it was given.
    pub given_at: DateTime<Utc>,
}

/// What was given after a workshop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkshopResources {
    /// The workshop.
    pub workshop: Workshop,
    /// The title of its module.
    pub title: String,
    /// What was given and not taken back, in that order.
    pub resources: Vec<Resource>,
    /// Whether the reader may give more now, and take back what they gave.
    pub gives: bool,
}

const FIND_BY_FORM: &str = "SELECT id, ended_at FROM workshop_resource WHERE form_key = $1";

const COUNT_RESOURCES: &str = "SELECT COUNT(*) FROM workshop_resource WHERE workshop_id = $1";

const INSERT_RESOURCE: &str = "INSERT INTO workshop_resource (id, workshop_id, form_key, title, words, link, sha256, kind, length, recorded_at, recorded_by) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";

const INSERT_PIECE: &str = "INSERT INTO workshop_resource_piece (resource_id, place, bytes) VALUES ($1, $2, $3)";

const LIST_RESOURCES: &str = "SELECT id, title, words, link, kind, length, recorded_at FROM workshop_resource \
     WHERE workshop_id = $1 AND ended_at IS NULL ORDER BY recorded_at, id";

const COUNT_PASSES: &str =
    concat!("SELECT COUNT(*) FROM completion c WHERE c.workshop_id = $1 AND c.person_id = $2 AND ", not_withdrawn!());

const FIND_RESOURCE: &str =
    "SELECT workshop_id, sha256, kind FROM workshop_resource WHERE id = $1 AND ended_at IS NULL";

const FIND_PIECES: &str = "SELECT bytes FROM workshop_resource_piece WHERE resource_id = $1 ORDER BY place";

const END_RESOURCE: &str =
    "UPDATE workshop_resource SET ended_at = $2, ended_by = $3 WHERE id = $1 AND ended_at IS NULL";

const DELETE_PIECES: &str = "DELETE FROM workshop_resource_piece WHERE resource_id = $1";

#[derive(sqlx::FromRow)]
struct ResourceRow {
    id: ResourceId,
    title: String,
    words: String,
    link: Option<String>,
    kind: Option<String>,
    length: Option<i64>,
    recorded_at: DateTime<Utc>,
}

impl Engine {
    /// Gives something to those who were at a workshop, from its beginning on: whoever leads it does. A form that is sent once more as it was
    /// gives nothing more; one that says something else gives that.
    ///
    /// # Errors
    /// [`GiveResourceError`]; nothing has been written.
    pub async fn give_resource(
        &self,
        by: &Person,
        workshop: WorkshopId,
        new: NewResource,
    ) -> Result<ResourceId, GiveResourceError> {
        let (now, form) = (self.clock.now(), new.form);
        Scope::of(by, Right::Assign, now).ok_or(GiveResourceError::NotTheirs)?;
        let checked = checked(new).map_err(GiveResourceError::Faults)?;
        // Of a button that is pressed twice at once the second finds what the first gave.
        let mut tx = self.store.write_for(by.id).await?;
        tx.lock_person(by.id).await?;
        let found = find_workshop(&mut tx, workshop).await?.filter(|found| found.leader == Some(by.id));
        let found = found.ok_or(GiveResourceError::NotTheirs)?;
        if found.ended_at.is_some() || now < found.starts_at {
            return Err(GiveResourceError::NotNow);
        }
        let form = checked.number(form, workshop);
        let given: Option<(ResourceId, Option<DateTime<Utc>>)> =
            on!(tx.link(), conn => sqlx::query_as(FIND_BY_FORM).bind(form).fetch_optional(conn).await)?;
        match given {
            None => {}
            Some((given, None)) => return Ok(given),
            Some((_, Some(_))) => return Err(GiveResourceError::TakenBack),
        }
        let before: i64 =
            on!(tx.link(), conn => sqlx::query_scalar(COUNT_RESOURCES).bind(workshop).fetch_one(conn).await)?;
        if before >= NewResource::MOST {
            return Err(GiveResourceError::TooMany);
        }
        let id = ResourceId(self.new_id(now));
        let file = checked.file.as_ref();
        change_one!(
            tx,
            sqlx::query(INSERT_RESOURCE)
                .bind(id)
                .bind(workshop)
                .bind(form)
                .bind(&checked.title)
                .bind(&checked.words)
                .bind(checked.link.as_deref())
                .bind(file.map(|file| file.sha256.to_string()))
                .bind(file.map(|file| file.kind.code()))
                .bind(file.map(|file| i64::try_from(file.bytes.len()).unwrap_or(i64::MAX)))
                .bind(now)
                .bind(Actor::Person(by.id).to_string())
        )?;
        if let Some(file) = file {
            keep_pieces(&mut tx, INSERT_PIECE, id.0, &file.bytes).await?;
        }
        tx.commit().await?;
        Ok(id)
    }

    /// Takes back something that was given after a workshop: whoever leads it does. Its file is gone at once. What was taken back already stays as it is.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when there is no such thing, or somebody else leads the workshop.
    pub async fn end_resource(&self, by: &Person, workshop: WorkshopId, id: ResourceId) -> Looked<()> {
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        let found = find_workshop(&mut tx, workshop).await?.filter(|found| found.leader == Some(by.id));
        found.ok_or(Refused::NotFound)?;
        let of: Option<(WorkshopId, Option<String>, Option<String>)> =
            on!(tx.link(), conn => sqlx::query_as(FIND_RESOURCE).bind(id).fetch_optional(conn).await)?;
        match of {
            Some((of, ..)) if of == workshop => {}
            Some(_) => return Err(Refused::NotFound),
            None => return Ok(()),
        }
        change!(tx, sqlx::query(END_RESOURCE).bind(id).bind(now).bind(Actor::Person(by.id).to_string()))?;
        change!(tx, sqlx::query(DELETE_PIECES).bind(id))?;
        tx.commit().await?;
        Ok(())
    }

    /// What was given after a workshop: for whoever leads it, for administrators everywhere, and for those who have a pass by having been there that was not withdrawn.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when there is no such workshop, or it is not theirs.
    pub async fn workshop_resources(&self, reader: &Person, id: WorkshopId) -> Looked<WorkshopResources> {
        let mut conn = self.store.read().await?;
        let workshop = self.workshop_to_read(&mut conn, reader, id).await?;
        let rows: Vec<ResourceRow> =
            on!(conn.link(), conn => sqlx::query_as(LIST_RESOURCES).bind(id).fetch_all(conn).await)?;
        let resource = |row: ResourceRow| {
            let kind = row.kind.as_deref().map(|kind| FileKind::parse(kind).ok_or(StoreError::unreadable("resource")));
            let length = row.length.and_then(|length| u64::try_from(length).ok());
            Ok(Resource {
                id: row.id,
                title: row.title,
                words: row.words,
                link: row.link,
                file: kind.transpose()?.zip(length),
                given_at: row.recorded_at,
            })
        };
        let resources = rows.into_iter().map(resource).collect::<Result<_, StoreError>>()?;
        let catalogue = self.catalogue();
        let now = self.clock.now();
        Ok(WorkshopResources {
            title: catalogue
                .modules
                .get(&workshop.module)
                .map_or_else(|| workshop.module.to_string(), |module| module.title.clone()),
            gives: workshop.leader == Some(reader.id) && workshop.ended_at.is_none() && workshop.starts_at <= now,
            resources,
            workshop,
        })
    }

    /// The file of something that was given after a workshop, likewise.
    ///
    /// # Errors
    /// [`Refused::NotFound`] when there is no such file, it was taken back, or it is not theirs.
    pub async fn resource_file(
        &self,
        reader: &Person,
        workshop: WorkshopId,
        id: ResourceId,
    ) -> Looked<(FileKind, Vec<u8>)> {
        let mut conn = self.store.read().await?;
        self.workshop_to_read(&mut conn, reader, workshop).await?;
        let found: Option<(WorkshopId, Option<String>, Option<String>)> =
            on!(conn.link(), conn => sqlx::query_as(FIND_RESOURCE).bind(id).fetch_optional(conn).await)?;
        let Some((_, Some(sha256), Some(kind))) = found.filter(|(of, ..)| *of == workshop) else {
            return Err(Refused::NotFound);
        };
        let pieces: Vec<Vec<u8>> =
            on!(conn.link(), conn => sqlx::query_scalar(FIND_PIECES).bind(id).fetch_all(conn).await)?;
        Ok(whole_file(&pieces, &sha256, &kind)?)
    }

    async fn workshop_to_read(&self, conn: &mut Conn, reader: &Person, id: WorkshopId) -> Looked<Workshop> {
        let workshop = find_workshop(conn, id).await?.ok_or(Refused::NotFound)?;
        if workshop.leader == Some(reader.id) || reader.looks_after_all() || was_there(conn, id, reader.id).await? {
            return Ok(workshop);
        }
        Err(Refused::NotFound)
    }
}

async fn was_there(conn: &mut Conn, workshop: WorkshopId, person: PersonId) -> Result<bool, StoreError> {
    let passes: i64 = on!(conn.link(), conn => sqlx::query_scalar(COUNT_PASSES)
        .bind(workshop).bind(person).fetch_one(conn).await)?;
    Ok(passes > 0)
}

/// What can be kept of what was filled in.
struct Checked {
    title: String,
    words: String,
    link: Option<String>,
    file: Option<CheckedFile>,
}

impl Checked {
    /// Under which number it is kept, by that of its form.
    fn number(&self, form: FormKey, workshop: WorkshopId) -> FormKey {
        let file = self.file.as_ref().map(|file| file.sha256.to_string()).unwrap_or_default();
        let link = self.link.as_deref().unwrap_or_default();
        form.with(&[&workshop.to_string(), &self.title, &self.words, link, &file])
    }
}

fn checked(new: NewResource) -> Result<Checked, Vec<ResourceFault>> {
    let mut faults = Vec::new();
    let mut noted = |fault| faults.push(fault);
    let title = typed_line(&new.title, NewResource::LONGEST_TITLE).map_err(|fault| noted(ResourceFault::Title(fault)));
    let words = typed_text(&new.words, NewResource::LONGEST_WORDS).map_err(|fault| noted(ResourceFault::Words(fault)));
    let link = Some(new.link.trim()).filter(|link| !link.is_empty()).map(str::to_owned);
    let over = link.as_deref().map_or(0, |link| link.chars().count().saturating_sub(NewResource::LONGEST_LINK));
    if over > 0 {
        noted(ResourceFault::LongLink(TextFault::TooLong { most: NewResource::LONGEST_LINK, over }));
    } else if link.as_deref().is_some_and(|link| !is_link(link)) {
        noted(ResourceFault::Link);
    }
    let file = new.file.map(checked_file).transpose().map_err(|fault| noted(ResourceFault::File(fault)));
    let nothing =
        words.as_deref().is_ok_and(str::is_empty) && link.is_none() && file.as_ref().is_ok_and(Option::is_none);
    if nothing {
        noted(ResourceFault::Nothing);
    }
    match (title, words, file) {
        (Ok(title), Ok(words), Ok(file)) if faults.is_empty() => Ok(Checked { title, words, link, file }),
        _ => Err(faults),
    }
}

/// Whether it is an address on the web, encrypted on the way, that names a host.
fn is_link(link: &str) -> bool {
    let host = link.strip_prefix("https://").map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
    link.chars().count() <= NewResource::LONGEST_LINK
        && link.chars().all(|sign| {
            sign.is_ascii_graphic() && !matches!(sign, '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}')
        })
        && host.is_some_and(|host| host.contains('.') && !host.contains('@'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_an_address_that_shows_where_it_leads() {
        assert!(is_link("https://www.gov.uk/guidance?x=1#part"));
        for wrong in [
            "http://www.gov.uk",
            "javascript:alert(1)",
            "https://",
            "https://me@evil.example/",
            "https://a b.example",
            "https://host",
            "ftp://a.b",
        ] {
            assert!(!is_link(wrong), "{wrong}");
        }
        assert!(!is_link(&format!("https://a.example/{}", "x".repeat(500))));
    }
}
