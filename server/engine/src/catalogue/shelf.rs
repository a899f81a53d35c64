use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, Utc};
use model::{AgreementSlug, ModuleSlug, ProgrammeSlug};

use super::{Catalogue, Programme};
use crate::ground::Sha256Digest;

/// What is published: what people get now, and since when each version was what they got.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shelf {
    /// Which revision of what is published this is.
    pub revision: i64,
    /// The newest of everything that is not withdrawn.
    pub current: Arc<Catalogue>,
    /// Every module that was ever published.
    pub modules: BTreeMap<ModuleSlug, History<u32>>,
    /// Every agreement that was ever published.
    pub agreements: BTreeMap<AgreementSlug, History<()>>,
    /// Every programme that was ever published.
    pub programmes: BTreeMap<ProgrammeSlug, History<Arc<Programme>>>,
    /// Every version of what is published of the provider itself, oldest first.
    pub provider: Vec<Issue<()>>,
}

/// The versions of one thing.
#[derive(Clone, Debug)]
pub(crate) struct History<T> {
    /// The title of the newest.
    pub title: String,
    /// All of them, oldest first; never empty.
    pub versions: Vec<Issue<T>>,
    /// When it was withdrawn, if that was after the newest version.
    pub withdrawn_at: Option<DateTime<Utc>>,
}

/// One version, as it was issued.
#[derive(Clone, Debug)]
pub(crate) struct Issue<T> {
    /// Counted from 1.
    pub number: u32,
    /// The digest of its canonical form. An older text that was published again has the same.
    pub sha256: Sha256Digest,
    /// From when on it was the newest.
    pub published_at: DateTime<Utc>,
    /// A module's edition, a programme's text, nothing of an agreement's.
    pub what: T,
}

impl<T> History<T> {
    /// The same history of something else.
    pub(crate) fn map<U>(self, what: impl Fn(T) -> U) -> History<U> {
        let Self { title, versions, withdrawn_at } = self;
        let issue =
            |Issue { number, sha256, published_at, what: of }| Issue { number, sha256, published_at, what: what(of) };
        History { title, versions: versions.into_iter().map(issue).collect(), withdrawn_at }
    }

    /// The newest version.
    pub(crate) fn newest(&self) -> Option<&Issue<T>> {
        self.versions.last()
    }

    /// What was in force at a moment. `None`: nothing had been published by then, or it had been withdrawn.
    pub(crate) fn at(&self, moment: DateTime<Utc>) -> Option<&Issue<T>> {
        if self.withdrawn_at.is_some_and(|withdrawn_at| withdrawn_at <= moment) {
            return None;
        }
        self.versions.iter().rev().find(|issue| issue.published_at <= moment)
    }

    /// Since when everything that was in force, up to a moment, was like what was in force then. `None`: nothing was in force then.
    pub(crate) fn since(&self, moment: DateTime<Utc>, like: impl Fn(&T, &T) -> bool) -> Option<DateTime<Utc>> {
        let now = self.at(moment)?;
        let earlier = self.versions.iter().rev().skip_while(|issue| issue.number != now.number);
        earlier.take_while(|issue| like(&issue.what, &now.what)).last().map(|issue| issue.published_at)
    }
}
