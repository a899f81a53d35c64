use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, Utc};
use model::{AgreementSlug, ModuleSlug, ProgrammeSlug};

use super::{
    canonical_forms::{Provider, programme_from_canonical, provider_from_canonical},
    find_published::{rebuilt_agreement, rebuilt_module},
};
use crate::{
    catalogue::{Agreement, Catalogue, History, Issue, Module, Programme, Shelf},
    content::provider_pages,
    engine::Engine,
    ground::Sha256Digest,
    store::{Linked, StoreError, on},
};

const IS_DEMONSTRATION: &str = "SELECT COUNT(*) FROM installation WHERE name = 'demonstration'";

const FIND_REVISION: &str = "SELECT number FROM revision WHERE name = 'published'";

const FIND_MODULES: &str = "SELECT module AS slug, number, sha256, edition, title, published_at FROM module_version \
     ORDER BY module, number";

const FIND_AGREEMENTS: &str = "SELECT agreement AS slug, number, sha256, CAST(0 AS BIGINT) AS edition, title, published_at FROM agreement_version \
     ORDER BY agreement, number";

const FIND_PROGRAMMES: &str = "SELECT programme, number, sha256, title, published_at, canonical FROM programme_version \
     ORDER BY programme, number";

const FIND_PROVIDER: &str = "SELECT number, sha256, published_at FROM provider_version ORDER BY number";

const FIND_NEWEST_PROVIDER: &str = "SELECT sha256, canonical FROM provider_version ORDER BY number DESC LIMIT 1";

const FIND_WITHDRAWALS: &str =
    "SELECT kind, slug, number, recorded_at FROM withdrawal ORDER BY recorded_at DESC, id DESC";

#[derive(sqlx::FromRow)]
struct IssueRow {
    slug: String,
    number: i64,
    sha256: String,
    edition: i64,
    title: String,
    published_at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct ProgrammeRow {
    programme: String,
    number: i64,
    sha256: String,
    title: String,
    published_at: DateTime<Utc>,
    canonical: String,
}

/// What was withdrawn, by kind, name and the number of what was the newest version, and when.
type Withdrawn = BTreeMap<(String, String, i64), DateTime<Utc>>;

impl Engine {
    /// Reads what is published, so far as this server does not know it yet.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails, or something published is not what its digest says.
    pub async fn refresh(&self) -> Result<(), StoreError> {
        let mut conn = self.store.read().await?;
        self.refresh_on(&mut conn, None).await
    }

    /// Refreshes when something was published since this server last looked. Says whether there was.
    ///
    /// # Errors
    /// As [`Engine::refresh`].
    pub async fn notice_publications(&self) -> Result<bool, StoreError> {
        let mut conn = self.store.read().await?;
        let revision = find_revision(&mut conn).await?;
        if revision == self.shelf().revision {
            return Ok(false);
        }
        self.refresh_on(&mut conn, None).await?;
        Ok(true)
    }

    /// Refreshes on a connection that is there already, when `published` is not the revision that this server knows.
    pub(crate) async fn catch_up(&self, on_what: &mut impl Linked, published: i64) -> Result<(), StoreError> {
        if published == self.shelf().revision {
            return Ok(());
        }
        let _alone = self.refreshing.lock().await;
        if published <= self.shelf().revision { Ok(()) } else { self.refresh_on(on_what, None).await }
    }

    pub(super) async fn refresh_on(
        &self,
        on_what: &mut impl Linked,
        compiled: Option<&Catalogue>,
    ) -> Result<(), StoreError> {
        // What is published while it is read makes half a shelf: it is read again.
        loop {
            let shelf = read_shelf(on_what, &self.shelf(), compiled).await?;
            let revision = shelf.revision;
            self.replace_shelf(Arc::new(shelf));
            if find_revision(on_what).await? == revision {
                return Ok(());
            }
        }
    }
}

/// Whether this installation was filled with demonstration people.
pub(crate) async fn is_demonstration(on_what: &mut impl Linked) -> Result<bool, StoreError> {
    let marks: i64 = on!(on_what.link(), conn => sqlx::query_scalar(IS_DEMONSTRATION).fetch_one(conn).await)?;
    Ok(marks > 0)
}

async fn find_revision(on_what: &mut impl Linked) -> Result<i64, StoreError> {
    on!(on_what.link(), conn => sqlx::query_scalar(FIND_REVISION).fetch_one(conn).await)
}

/// What is published. Versions that `known` or what was just `compiled` already holds are taken from there and not rebuilt.
pub(super) async fn read_shelf(
    on_what: &mut impl Linked,
    known: &Shelf,
    compiled: Option<&Catalogue>,
) -> Result<Shelf, StoreError> {
    // First: what is published while the rest is read belongs to a later revision, and will be read again.
    let revision = find_revision(on_what).await?;
    let withdrawn = find_withdrawn(on_what).await?;
    let provider_issues: Vec<(i64, String, DateTime<Utc>)> =
        on!(on_what.link(), conn => sqlx::query_as(FIND_PROVIDER).fetch_all(conn).await)?;
    let provider = provider_issues
        .into_iter()
        .map(|(number, sha256, published_at)| issue(number, &sha256, published_at, None, ()))
        .collect::<Result<_, _>>()?;
    let Provider { mut organisation, helplines, facts, reviews, twin_reviews, pages } = find_provider(on_what).await?;
    let pages = provider_pages(pages.iter(), facts.values().cloned());
    // Nothing is real in a demonstration, and whoever looks at one wants to see all that there is.
    organisation.unreviewed_twins |= is_demonstration(on_what).await?;
    let mut current = Catalogue { organisation, helplines, facts, pages, ..Catalogue::default() };

    let modules =
        find_histories(on_what, FIND_MODULES, "module", &withdrawn, |slug| ModuleSlug::new(slug).ok()).await?;
    for (slug, history) in in_force(&modules) {
        let module = module_of(on_what, slug, history, known, compiled).await;
        current.modules.extend(readable(module, "module", slug.as_str())?.map(|module| (slug.clone(), module)));
    }
    let agreements =
        find_histories(on_what, FIND_AGREEMENTS, "agreement", &withdrawn, |slug| AgreementSlug::new(slug).ok()).await?;
    for (slug, history) in in_force(&agreements) {
        let agreement = agreement_of(on_what, slug, history, known, compiled).await;
        let Some(mut agreement) = readable(agreement, "agreement", slug.as_str())? else { continue };
        if let Some(reviews) = reviews.get(slug) {
            for row in &mut Arc::make_mut(&mut agreement).versions {
                if let Some((reviewed, next_review)) = reviews.get(&row.version) {
                    (row.reviewed, row.next_review) = (*reviewed, *next_review);
                }
            }
        }
        if !agreement.twins.is_empty() {
            for (name, twin) in &mut Arc::make_mut(&mut agreement).twins {
                twin.reviewed = twin_reviews.get(slug).and_then(|reviewed| reviewed.get(name)).copied();
            }
        }
        current.agreements.insert(slug.clone(), agreement);
    }
    let programmes = find_programmes(on_what, &withdrawn).await?;
    for (_, history) in in_force(&programmes) {
        current.programmes.extend(history.newest().map(|issue| Programme::clone(&issue.what)));
    }
    let agreements = agreements.into_iter().map(|(slug, history)| (slug, history.map(|_| ()))).collect();
    Ok(Shelf { revision, current: Arc::new(current), modules, agreements, programmes, provider })
}

fn in_force<K, T>(histories: &BTreeMap<K, History<T>>) -> impl Iterator<Item = (&K, &History<T>)> {
    histories.iter().filter(|(_, history)| !history.is_withdrawn())
}

async fn module_of(
    on_what: &mut impl Linked,
    slug: &ModuleSlug,
    history: &History<u32>,
    known: &Shelf,
    compiled: Option<&Catalogue>,
) -> Result<Arc<Module>, StoreError> {
    let newest = history.newest().ok_or_else(|| StoreError::unreadable("module version"))?;
    if let Some(known) = known.current.modules.get(slug).filter(|known| known.number == newest.number) {
        return Ok(Arc::clone(known));
    }
    let compiled = compiled.and_then(|compiled| compiled.modules.get(slug));
    match compiled.filter(|compiled| compiled.canonical.sha256 == newest.sha256) {
        Some(compiled) => Ok(Arc::new(Module { number: newest.number, ..Module::clone(compiled) })),
        None => rebuilt_module(on_what, slug, newest.number).await.map(Arc::new),
    }
}

async fn agreement_of(
    on_what: &mut impl Linked,
    slug: &AgreementSlug,
    history: &History<u32>,
    known: &Shelf,
    compiled: Option<&Catalogue>,
) -> Result<Arc<Agreement>, StoreError> {
    let newest = history.newest().ok_or_else(|| StoreError::unreadable("agreement version"))?;
    if let Some(known) = known.current.agreements.get(slug).filter(|known| known.number == newest.number) {
        return Ok(Arc::clone(known));
    }
    let compiled = compiled.and_then(|compiled| compiled.agreements.get(slug));
    match compiled.filter(|compiled| compiled.canonical.sha256 == newest.sha256) {
        Some(compiled) => Ok(Arc::new(Agreement { number: newest.number, ..Agreement::clone(compiled) })),
        None => rebuilt_agreement(on_what, slug, newest.number).await.map(Arc::new),
    }
}

async fn find_histories<K: Ord>(
    on_what: &mut impl Linked,
    find: &'static str,
    kind: &'static str,
    withdrawn: &Withdrawn,
    name: impl Fn(String) -> Option<K>,
) -> Result<BTreeMap<K, History<u32>>, StoreError> {
    let rows: Vec<IssueRow> = on!(on_what.link(), conn => sqlx::query_as(find).fetch_all(conn).await)?;
    let mut histories = BTreeMap::new();
    for row in rows {
        let edition = u32::try_from(row.edition).map_err(|_| StoreError::unreadable("version"))?;
        let withdrawn_at = withdrawn_at(withdrawn, kind, &row.slug, row.number);
        let issue = issue(row.number, &row.sha256, row.published_at, withdrawn_at, edition)?;
        let slug = name(row.slug).ok_or_else(|| StoreError::unreadable("version"))?;
        add(&mut histories, slug, row.title, issue);
    }
    Ok(histories)
}

async fn find_programmes(
    on_what: &mut impl Linked,
    withdrawn: &Withdrawn,
) -> Result<BTreeMap<ProgrammeSlug, History<Arc<Programme>>>, StoreError> {
    let rows: Vec<ProgrammeRow> = on!(on_what.link(), conn => sqlx::query_as(FIND_PROGRAMMES).fetch_all(conn).await)?;
    let mut histories = BTreeMap::new();
    for row in rows {
        check_digest(&row.canonical, &row.sha256, "programme version")?;
        let programme = Arc::new(programme_from_canonical(&row.canonical)?);
        let withdrawn_at = withdrawn_at(withdrawn, "programme", &row.programme, row.number);
        let issue = issue(row.number, &row.sha256, row.published_at, withdrawn_at, programme)?;
        let slug = ProgrammeSlug::new(row.programme).map_err(|_| StoreError::unreadable("programme version"))?;
        add(&mut histories, slug, row.title, issue);
    }
    Ok(histories)
}

/// Adds a version, which is newer than those that are there.
fn add<K: Ord, T>(histories: &mut BTreeMap<K, History<T>>, slug: K, title: String, issue: Issue<T>) {
    let history = histories.entry(slug).or_insert_with(|| History { title: String::new(), versions: Vec::new() });
    history.title = title;
    history.versions.push(issue);
}

fn withdrawn_at(withdrawn: &Withdrawn, kind: &str, slug: &str, number: i64) -> Option<DateTime<Utc>> {
    withdrawn.get(&(kind.to_owned(), slug.to_owned(), number)).copied()
}

fn issue<T>(
    number: i64,
    sha256: &str,
    published_at: DateTime<Utc>,
    withdrawn_at: Option<DateTime<Utc>>,
    what: T,
) -> Result<Issue<T>, StoreError> {
    Ok(Issue {
        number: u32::try_from(number).map_err(|_| StoreError::unreadable("version"))?,
        sha256: Sha256Digest::parse(sha256).ok_or_else(|| StoreError::unreadable("version"))?,
        published_at,
        withdrawn_at,
        what,
    })
}

async fn find_withdrawn(on_what: &mut impl Linked) -> Result<Withdrawn, StoreError> {
    let rows: Vec<(String, String, i64, DateTime<Utc>)> =
        on!(on_what.link(), conn => sqlx::query_as(FIND_WITHDRAWALS).fetch_all(conn).await)?;
    Ok(rows.into_iter().map(|(kind, slug, number, at)| ((kind, slug, number), at)).collect())
}

async fn find_provider(on_what: &mut impl Linked) -> Result<Provider, StoreError> {
    let newest: Option<(String, String)> =
        on!(on_what.link(), conn => sqlx::query_as(FIND_NEWEST_PROVIDER).fetch_optional(conn).await)?;
    match newest {
        None => Ok(Provider::default()),
        Some((sha256, canonical)) => {
            check_digest(&canonical, &sha256, "provider version")?;
            provider_from_canonical(&canonical)
        }
    }
}

/// What cannot be read is left out: it is shown to nobody, and everybody gets everything else.
fn readable<T>(read: Result<T, StoreError>, kind: &str, slug: &str) -> Result<Option<T>, StoreError> {
    match read {
        Err(error) if error.is_unreadable() => {
            tracing::error!(kind, slug, %error, "what is published cannot be read, and is shown to nobody");
            Ok(None)
        }
        read => read.map(Some),
    }
}

/// Bytes that are not what their digest says were altered in the database: nobody is shown them as what was published.
pub(super) fn check_digest(canonical: &str, sha256: &str, what: &'static str) -> Result<(), StoreError> {
    if Sha256Digest::of(canonical.as_bytes()).to_string() == sha256 {
        return Ok(());
    }
    tracing::error!(what, sha256, "what was published has been altered in the database");
    Err(StoreError::unreadable(what))
}
