use std::{collections::BTreeSet, fmt, sync::Arc};

use audit::Fact;
use chrono::{DateTime, Utc};
use model::{AgreementSlug, ModuleSlug, ProgrammeSlug};

use super::{
    canonical_forms::{Provider, canonical_programme, canonical_provider},
    keep_media::KeepMediaError,
    lost_audiences::{LostAudience, find_lost_audiences},
    read_shelf::read_shelf,
};
use crate::{
    catalogue::{Agreement, Canonical, Catalogue, History, Issue, Module, Programme, Shelf},
    engine::Engine,
    ground::{Sha256Digest, local_date},
    log::{Act, Row, Said},
    record::Actor,
    store::{Linked as _, StoreError, Tx, change_one},
};

/// What publishing added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Published {
    /// A module's new version, by its number.
    Module(ModuleSlug, u32),
    /// An agreement's new version, by its label.
    Agreement(AgreementSlug, String),
    /// A programme's new version, by its number.
    Programme(ProgrammeSlug, u32),
    /// A new version of the provider, its contacts and the help services.
    Provider(u32),
}

impl fmt::Display for Published {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Module(slug, number) => write!(f, "module {slug}, version {number}"),
            Self::Agreement(slug, version) => write!(f, "agreement {slug}, version {version}"),
            Self::Programme(slug, number) => write!(f, "programme {slug}, version {number}"),
            Self::Provider(number) => write!(f, "the provider, version {number}"),
        }
    }
}

/// Something in a folder that was published before and has since been replaced: the folder is older than what is published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Older {
    /// What it is, such as `module four-cs`.
    pub what: String,
    /// Under which number its text was published.
    pub number: u32,
    /// The number of the version that people get.
    pub newest: u32,
}

impl fmt::Display for Older {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, number, newest } = self;
        if number == newest {
            return write!(f, "{what} is withdrawn, and stays so. To publish it again: induct publish --again");
        }
        write!(
            f,
            "{what}: this folder has version {number}, but version {newest} is published; people get that, and nothing of this \
             folder was published. To publish the old text as a new version: induct publish --again"
        )
    }
}

/// Something that is published and not in the folder. People get it all the same, until it is withdrawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absent(pub String);

impl fmt::Display for Absent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(what) = self;
        write!(
            f,
            "{what}: it is published and not in this folder; people still get it. To take it away: induct publish --withdraw"
        )
    }
}

/// What came of publishing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Publication {
    /// What is new.
    pub new: Vec<Published>,
    /// What was left alone because something newer is published.
    pub older: Vec<Older>,
    /// What is published and not in the folder.
    pub absent: Vec<Absent>,
    /// The audiences that are used and that the folder's provider does not list.
    pub lost_audiences: Vec<LostAudience>,
}

/// What becomes of a text that was published before and then replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Republish {
    /// It is left alone: another server, or a folder that is not up to date, has the newer one.
    No,
    /// It is published again, as a new version.
    Again,
}

/// Why nothing was published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The text of an agreement differs from what was published under the same version label.
    #[error(
        "content/agreements/{agreement}.md differs from what was published as version {version}: \
         give the new text a new version in its table, or restore the old text"
    )]
    TextChanged {
        /// Which agreement.
        agreement: AgreementSlug,
        /// Which version label.
        version: String,
    },
    /// A version of an agreement that a later one has replaced cannot be published again under its old label.
    #[error(
        "content/agreements/{agreement}.md ends with version {found}, but version {published} is published already: \
         restore that version, or put a new one after it"
    )]
    OlderVersion {
        /// Which agreement.
        agreement: AgreementSlug,
        /// The label of the last version in the file.
        found: String,
        /// The label of the last version that has been published.
        published: String,
    },
    /// A new text under an edition lower than the one that is published: passes that no longer count would come back.
    #[error("content/modules/{module}/module.toml has edition {found}, but edition {published} is published already")]
    OlderEdition {
        /// Which module.
        module: ModuleSlug,
        /// What the file says.
        found: u32,
        /// What has been published.
        published: u32,
    },
    /// An agreement requires a module that has been withdrawn: nobody could sign it.
    #[error(
        "content/agreements/{agreement}.md requires the module {module}, which has been withdrawn: \
         publish the module again (induct publish --again), or take it out of the agreement"
    )]
    RequiresWithdrawn {
        /// Which agreement.
        agreement: AgreementSlug,
        /// Which module.
        module: ModuleSlug,
    },
    /// What a module plays could not be copied into the database.
    #[error("module {module}: {error}")]
    Media {
        /// Which module.
        module: ModuleSlug,
        /// Why.
        error: KeepMediaError,
    },
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

const INSERT_MODULE: &str = "INSERT INTO module_version (module, number, sha256, edition, title, canonical, published_at, published_by) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

const INSERT_AGREEMENT: &str = "INSERT INTO agreement_version (agreement, number, version, sha256, title, canonical, published_at, \
     published_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

const INSERT_PROGRAMME: &str = "INSERT INTO programme_version (programme, number, sha256, title, canonical, published_at, published_by) \
     VALUES ($1, $2, $3, $4, $5, $6, $7)";

const INSERT_PROVIDER: &str =
    "INSERT INTO provider_version (number, sha256, canonical, published_at, published_by) VALUES ($1, $2, $3, $4, $5)";

/// What is to become of a text, by the versions that were published of the same thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is the newest version.
    Known,
    /// It was published as this version, and another has replaced it.
    Older(u32),
    /// It is to become the version of this number.
    New(u32),
}

impl Fate {
    pub(super) fn of<T>(versions: &[Issue<T>], sha256: Sha256Digest, is_withdrawn: bool, republish: Republish) -> Self {
        let Some(newest) = versions.last() else { return Self::New(1) };
        if newest.sha256 == sha256 && !is_withdrawn {
            return Self::Known;
        }
        let before = versions.iter().rev().find(|issue| issue.sha256 == sha256);
        match before {
            Some(before) if republish == Republish::No => Self::Older(before.number),
            _ => Self::New(newest.number + 1),
        }
    }
}

/// One publishing, under the lock that lets nobody else publish.
struct Publishing<'p> {
    engine: &'p Engine,
    tx: Tx,
    shelf: Shelf,
    republish: Republish,
    now: DateTime<Utc>,
    by: Actor,
    outcome: Publication,
    acts: Vec<Act>,
}

impl Engine {
    /// What people get and a compiled folder does not have.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn absent_from(&self, folder: &Catalogue) -> Result<Vec<Absent>, StoreError> {
        // What the folder holds as it is published need not be built a second time from the database.
        self.refresh_on(&mut self.store.read().await?, Some(folder)).await?;
        Ok(absent(folder, &self.shelf()))
    }

    /// Publishes what is new or changed in a compiled folder as immutable versions, all or nothing, and says which. Doing it again adds
    /// nothing. A folder that is older than what is published in anything publishes nothing. A programme that is published for the first time is given to the audiences that it names. What is published, and nothing
    /// else, is what people get, on every server.
    ///
    /// # Errors
    /// [`PublishError::TextChanged`] when an agreement's text changed under its label, [`PublishError::OlderEdition`]
    /// when a module's edition went back.
    pub async fn publish(
        &self,
        folder: &Catalogue,
        republish: Republish,
        by: Actor,
    ) -> Result<Publication, PublishError> {
        let mut tx = self.store.write().await?;
        tx.lock_publishing().await?;
        let shelf = read_shelf(&mut tx, &self.shelf(), Some(folder)).await?;
        let now = self.clock.now();
        let outcome = Publication { absent: absent(folder, &shelf), ..Publication::default() };
        let mut publishing = Publishing { engine: self, tx, shelf, republish, now, by, outcome, acts: Vec::new() };
        for module in folder.modules.values() {
            publishing.media(folder, module).await?;
        }
        // Copying may have taken long, and what is published now is published now.
        publishing.now = self.clock.now();
        publishing.provider(folder).await?;
        for module in folder.modules.values() {
            publishing.module(module).await?;
        }
        for agreement in folder.agreements.values() {
            publishing.agreement(agreement).await?;
        }
        for programme in &folder.programmes {
            publishing.programme(programme).await?;
        }
        let Publishing { mut tx, mut outcome, shelf, acts, .. } = publishing;
        if outcome.older.iter().any(|older| older.number < older.newest) {
            // The folder is not up to date: what else is in it may be old as well, without anybody being able to tell.
            outcome.new.clear();
            drop(tx);
            self.refresh().await?;
            return Ok(outcome);
        }
        let published = with_absent(folder, &shelf.current);
        outcome.lost_audiences = find_lost_audiences(&mut tx, &published, local_date(now)).await?;
        self.seal(tx, acts).await?;
        // It is published, whatever becomes of reading it.
        let refreshed = async {
            let mut conn = self.store.read().await?;
            self.refresh_on(&mut conn, Some(folder)).await
        };
        if let Err(error) = refreshed.await {
            tracing::warn!(%error, "what was published could not be read back yet");
        }
        Ok(outcome)
    }
}

impl Publishing<'_> {
    /// The number under which a text is to be published. `None`: it is published already, or it is older than what is.
    fn number<T>(
        &mut self,
        what: impl FnOnce() -> String,
        versions: &[Issue<T>],
        sha256: Sha256Digest,
        is_withdrawn: bool,
    ) -> Option<u32> {
        match Fate::of(versions, sha256, is_withdrawn, self.republish) {
            Fate::Known => None,
            Fate::Older(number) => {
                let newest = versions.last().map_or(number, |newest| newest.number);
                self.outcome.older.push(Older { what: what(), number, newest });
                None
            }
            Fate::New(number) => Some(number),
        }
    }

    async fn provider(&mut self, folder: &Catalogue) -> Result<(), PublishError> {
        let Canonical { json, sha256 } = canonical_provider(&Provider::of(folder))?;
        let versions = self.shelf.provider.clone();
        let Some(number) = self.number(|| "the provider".to_owned(), &versions, sha256, false) else { return Ok(()) };
        change_one!(
            self.tx,
            sqlx::query(INSERT_PROVIDER)
                .bind(i64::from(number))
                .bind(sha256.to_string())
                .bind(&*json)
                .bind(self.now)
                .bind(self.by.to_string())
        )?;
        let changed = Fact::SettingsChanged { sha256: audit::Digest(sha256.0) };
        self.says(changed, Row::of("provider_version", number));
        self.outcome.new.push(Published::Provider(number));
        Ok(())
    }

    /// Says something for the signed log.
    fn says(&mut self, fact: Fact, row: Row) {
        self.acts.push(self.engine.act_of_all(self.now, self.by).saying(Said::Plain(fact), row));
    }

    /// Copies what a module plays, if the module is to be published.
    async fn media(&mut self, folder: &Catalogue, module: &Module) -> Result<(), PublishError> {
        let history = self.shelf.modules.get(&module.slug);
        let versions = history.map_or(&[][..], |history| &history.versions);
        let is_withdrawn = history.is_some_and(|history| history.is_withdrawn());
        if !matches!(Fate::of(versions, module.canonical.sha256, is_withdrawn, self.republish), Fate::New(_)) {
            return Ok(());
        }
        for media in &module.media {
            let kept = self.engine.keep_media(&mut self.tx, folder, media).await;
            kept.map_err(|error| PublishError::Media { module: module.slug.clone(), error })?;
        }
        Ok(())
    }

    async fn module(&mut self, module: &Module) -> Result<(), PublishError> {
        let history = self.shelf.modules.get(&module.slug).cloned();
        let versions = history.as_ref().map_or(&[][..], |history| &history.versions);
        let is_withdrawn = history.as_ref().is_some_and(|history| history.is_withdrawn());
        let what = || format!("module {}", module.slug);
        let Some(number) = self.number(what, versions, module.canonical.sha256, is_withdrawn) else { return Ok(()) };
        check_edition(module, versions)?;
        change_one!(
            self.tx,
            sqlx::query(INSERT_MODULE)
                .bind(module.slug.as_str())
                .bind(i64::from(number))
                .bind(module.canonical.sha256.to_string())
                .bind(i64::from(module.edition))
                .bind(&module.title)
                .bind(&*module.canonical.json)
                .bind(self.now)
                .bind(self.by.to_string())
        )?;
        let published = Fact::Published {
            thing: format!("module/{}", module.slug),
            version: number,
            sha256: audit::Digest(module.canonical.sha256.0),
            edition: module.edition,
            requires: Vec::new(),
        };
        self.says(published, Row::of("module_version", format!("{}/{number}", module.slug)));
        self.outcome.new.push(Published::Module(module.slug.clone(), number));
        Ok(())
    }

    async fn agreement(&mut self, agreement: &Agreement) -> Result<(), PublishError> {
        let label = &agreement.current().version;
        let history = self.shelf.agreements.get(&agreement.slug).cloned();
        let versions = history.as_ref().map_or(&[][..], |history| &history.versions);
        let is_withdrawn = history.as_ref().is_some_and(|history| history.is_withdrawn());
        let what = || format!("agreement {}", agreement.slug);
        let sha256 = agreement.canonical.sha256;
        let Some(number) = self.number(what, versions, sha256, is_withdrawn) else { return Ok(()) };
        self.check_requirements(agreement)?;
        let labels = super::versions::find_labels(&mut self.tx, &agreement.slug).await?;
        check_label(agreement, &labels)?;
        change_one!(
            self.tx,
            sqlx::query(INSERT_AGREEMENT)
                .bind(agreement.slug.as_str())
                .bind(i64::from(number))
                .bind(label)
                .bind(sha256.to_string())
                .bind(&agreement.title)
                .bind(&*agreement.canonical.json)
                .bind(self.now)
                .bind(self.by.to_string())
        )?;
        let published = Fact::Published {
            thing: format!("agreement/{}", agreement.slug),
            version: number,
            sha256: audit::Digest(sha256.0),
            edition: number,
            requires: agreement.requires.iter().map(|module| module.as_str().to_owned()).collect(),
        };
        self.says(published, Row::of("agreement_version", format!("{}/{number}", agreement.slug)));
        self.outcome.new.push(Published::Agreement(agreement.slug.clone(), label.clone()));
        Ok(())
    }

    /// Modules are published before agreements, so what is new of them is known.
    fn check_requirements(&self, agreement: &Agreement) -> Result<(), PublishError> {
        let withdrawn = |slug: &&ModuleSlug| {
            let is_new = |new: &Published| matches!(new, Published::Module(module, _) if module == *slug);
            let history = self.shelf.modules.get(*slug);
            history.is_some_and(History::is_withdrawn) && !self.outcome.new.iter().any(is_new)
        };
        match agreement.requires.iter().find(withdrawn) {
            None => Ok(()),
            Some(module) => {
                Err(PublishError::RequiresWithdrawn { agreement: agreement.slug.clone(), module: module.clone() })
            }
        }
    }

    async fn programme(&mut self, programme: &Programme) -> Result<(), PublishError> {
        let Canonical { json, sha256 } = canonical_programme(programme)?;
        let history = self.shelf.programmes.get(&programme.slug).cloned();
        let versions = history.as_ref().map_or(&[][..], |history| &history.versions);
        let is_withdrawn = history.as_ref().is_some_and(|history| history.is_withdrawn());
        let what = || format!("programme {}", programme.slug);
        let Some(number) = self.number(what, versions, sha256, is_withdrawn) else { return Ok(()) };
        change_one!(
            self.tx,
            sqlx::query(INSERT_PROGRAMME)
                .bind(programme.slug.as_str())
                .bind(i64::from(number))
                .bind(sha256.to_string())
                .bind(&programme.title)
                .bind(&*json)
                .bind(self.now)
                .bind(self.by.to_string())
        )?;
        let before: BTreeSet<_> =
            versions.last().map(|issue| issue.what.given_to().iter().cloned().collect()).unwrap_or_default();
        let published = Fact::Published {
            thing: format!("programme/{}", programme.slug),
            version: number,
            sha256: audit::Digest(sha256.0),
            edition: number,
            requires: Vec::new(),
        };
        self.says(published, Row::of("programme_version", format!("{}/{number}", programme.slug)));
        let assigned = self.engine.assign_to_audiences(&mut self.tx, programme, &before, self.now, self.by).await?;
        self.acts.extend(assigned);
        self.outcome.new.push(Published::Programme(programme.slug.clone(), number));
        Ok(())
    }
}

/// Refuses a new text under an edition lower than the newest. An older text that is published again brings its own edition back.
pub(super) fn check_edition(module: &Module, versions: &[Issue<u32>]) -> Result<(), PublishError> {
    let Some(newest) = versions.last() else { return Ok(()) };
    let is_again = versions.iter().any(|issue| issue.sha256 == module.canonical.sha256);
    if module.edition >= newest.what || is_again {
        return Ok(());
    }
    Err(PublishError::OlderEdition { module: module.slug.clone(), found: module.edition, published: newest.what })
}

/// Refuses another text under a label that was published, and a label that a later one has replaced. `labels` are those that were
/// published, oldest first.
pub(super) fn check_label(agreement: &Agreement, labels: &[(String, Sha256Digest)]) -> Result<(), PublishError> {
    let label = &agreement.current().version;
    let Some((_, sha256)) = labels.iter().find(|(published, _)| published == label) else { return Ok(()) };
    if *sha256 != agreement.canonical.sha256 {
        return Err(PublishError::TextChanged { agreement: agreement.slug.clone(), version: label.clone() });
    }
    match labels.last() {
        Some((last, _)) if last != label => Err(PublishError::OlderVersion {
            agreement: agreement.slug.clone(),
            found: label.clone(),
            published: last.clone(),
        }),
        _ => Ok(()),
    }
}

/// What people get once a folder has been published: what is in it, and what was published before and is not.
pub(super) fn with_absent(folder: &Catalogue, before: &Catalogue) -> Catalogue {
    let mut published = folder.clone();
    for (slug, module) in &before.modules {
        published.modules.entry(slug.clone()).or_insert_with(|| Arc::clone(module));
    }
    for (slug, agreement) in &before.agreements {
        published.agreements.entry(slug.clone()).or_insert_with(|| Arc::clone(agreement));
    }
    let in_folder = |slug: &ProgrammeSlug| folder.programmes.iter().any(|programme| programme.slug == *slug);
    published.programmes.extend(before.programmes.iter().filter(|programme| !in_folder(&programme.slug)).cloned());
    published
}

/// What people get and the folder does not have.
fn absent(folder: &Catalogue, shelf: &Shelf) -> Vec<Absent> {
    let Catalogue { modules, agreements, programmes, .. } = &*shelf.current;
    let modules = modules.keys().filter(|slug| !folder.modules.contains_key(slug));
    let agreements = agreements.keys().filter(|slug| !folder.agreements.contains_key(slug));
    let in_folder = |slug: &ProgrammeSlug| folder.programmes.iter().any(|programme| programme.slug == *slug);
    let programmes = programmes.iter().map(|programme| &programme.slug).filter(|slug| !in_folder(slug));
    let modules = modules.map(|slug| format!("module {slug}"));
    let agreements = agreements.map(|slug| format!("agreement {slug}"));
    let programmes = programmes.map(|slug| format!("programme {slug}"));
    modules.chain(agreements).chain(programmes).map(Absent).collect()
}
