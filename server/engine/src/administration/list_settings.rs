use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{
    doer::{Doer, Doers},
    settings::{Setting, differing, settings_of},
};
use crate::{
    engine::{Engine, Looked, Refused},
    people::Person,
    publishing::{ProviderVersion, find_provider_versions},
    record::Actor,
    store::StoreError,
};

/// A setting that holds, and since when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingShown {
    /// What holds.
    pub setting: Setting,
    /// Since when it says so. `None`: since before the oldest of the versions that were looked through.
    pub since: Option<DateTime<Utc>>,
}

/// A version of the settings, as it was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsVersion {
    /// Its number, counted from 1. Contacts, help services, facts and the provider's own pages are published with the settings, under one number.
    pub number: u32,
    /// From when on it was in force.
    pub since: DateTime<Utc>,
    /// Who published it.
    pub by: Doer,
    /// The keys that said something else in the version before. `None`: that one was not looked through, or there is none.
    pub changed: Option<Vec<String>>,
}

/// The provider's settings as they hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SettingsShown {
    /// All of them, set by set.
    pub settings: Vec<SettingShown>,
    /// The newest versions, the newest first.
    pub versions: Vec<SettingsVersion>,
}

impl SettingsShown {
    /// How many versions are looked through at most.
    pub const MOST: usize = 20;
}

impl Engine {
    /// What the provider's settings are, since when each says so, and which versions there were.
    ///
    /// # Errors
    /// [`Refused::NotForYou`] unless the reader is an administrator everywhere.
    pub async fn settings_shown(&self, reader: &Person) -> Looked<SettingsShown> {
        if !reader.looks_after_all() {
            return Err(Refused::NotForYou);
        }
        let mut conn = self.store.read().await?;
        // One more, because what a version changed is seen beside the one before.
        let found = find_provider_versions(&mut conn, SettingsShown::MOST + 1).await?;
        let unreadable = || StoreError::unreadable("provider");
        let actors = found.iter().map(|version| Actor::parse(&version.published_by).ok_or_else(unreadable));
        let actors: Vec<Actor> = actors.collect::<Result<_, _>>()?;
        let named = Doers::of(&mut conn, &actors, BTreeSet::new()).await?;
        drop(conn);
        let said: Vec<Vec<Setting>> = found.iter().map(said_in).collect();
        let whole = found.len() <= SettingsShown::MOST;
        let shown =
            |setting: &Setting| SettingShown { setting: setting.clone(), since: since(setting, &found, &said, whole) };
        let settings: Vec<SettingShown> = said.first().map(|now| now.iter().map(shown).collect()).unwrap_or_default();
        let versions = found.iter().zip(&actors).enumerate().take(SettingsShown::MOST).map(|(place, (version, by))| {
            let before = said.get(place + 1);
            let changed = before.and_then(|before| Some(differing(before, said.get(place)?)));
            SettingsVersion {
                number: version.number,
                since: version.published_at,
                by: named.doer(*by),
                changed: changed
                    .map(|changed| changed.into_iter().filter_map(|(was, is)| Some(is.or(was)?.key.clone())).collect()),
            }
        });
        Ok(SettingsShown { settings, versions: versions.collect() })
    }
}

/// The settings of a version, as it was published.
pub(super) fn said_in(version: &ProviderVersion) -> Vec<Setting> {
    settings_of(&version.organisation, version.facts.iter())
}

/// Since when a setting has said what it says, by the versions from the newest on. `whole`: these are all that there ever were.
fn since(setting: &Setting, versions: &[ProviderVersion], said: &[Vec<Setting>], whole: bool) -> Option<DateTime<Utc>> {
    let alike = said
        .iter()
        .take_while(|said| said.iter().any(|other| other.key == setting.key && other.value == setting.value));
    let count = alike.count();
    let oldest = versions.get(count.checked_sub(1)?)?;
    (whole || count < versions.len()).then_some(oldest.published_at)
}
