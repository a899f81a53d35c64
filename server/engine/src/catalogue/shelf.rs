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
    /// When it was withdrawn, before a newer one was published. `None`: it was in force until then, or still is.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// A module's edition, a programme's text, nothing of an agreement's.
    pub what: T,
}

impl<T> History<T> {
    /// The same history of something else.
    pub(crate) fn map<U>(self, what: impl Fn(T) -> U) -> History<U> {
        let Self { title, versions } = self;
        let issue = |issue: Issue<T>| {
            let Issue { number, sha256, published_at, withdrawn_at, what: of } = issue;
            Issue { number, sha256, published_at, withdrawn_at, what: what(of) }
        };
        History { title, versions: versions.into_iter().map(issue).collect() }
    }

    /// The newest version.
    pub(crate) fn newest(&self) -> Option<&Issue<T>> {
        self.versions.last()
    }

    /// Whether nothing of it is in force now.
    pub(crate) fn is_withdrawn(&self) -> bool {
        self.newest().is_none_or(|newest| newest.withdrawn_at.is_some())
    }

    /// What was in force at a moment. `None`: nothing had been published by then, or it had been withdrawn.
    pub(crate) fn at(&self, moment: DateTime<Utc>) -> Option<&Issue<T>> {
        let newest_then = self.versions.iter().rev().find(|issue| issue.published_at <= moment)?;
        newest_then.withdrawn_at.is_none_or(|withdrawn_at| moment < withdrawn_at).then_some(newest_then)
    }

    /// Since when everything that was in force, up to a moment and without a break, was like what was in force then. `None`: nothing
    /// was in force then.
    pub(crate) fn since(&self, moment: DateTime<Utc>, like: impl Fn(&T, &T) -> bool) -> Option<DateTime<Utc>> {
        let now = self.at(moment)?;
        let earlier = self.versions.iter().rev().filter(|issue| issue.number < now.number);
        let alike = earlier.take_while(|issue| issue.withdrawn_at.is_none() && like(&issue.what, &now.what));
        Some(alike.last().unwrap_or(now).published_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(hour: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + chrono::TimeDelta::hours(hour)
    }

    /// Published at 10, 20 and 40, withdrawn at 30 and at 50.
    fn history() -> History<u32> {
        let issue = |number, published_at, withdrawn_at: Option<i64>, what| Issue {
            number,
            sha256: Sha256Digest::of(b""),
            published_at: moment(published_at),
            withdrawn_at: withdrawn_at.map(moment),
            what,
        };
        let versions = vec![issue(1, 10, None, 7), issue(2, 20, Some(30), 7), issue(3, 40, Some(50), 7)];
        History { title: "title".to_owned(), versions }
    }

    #[test]
    fn what_was_withdrawn_and_published_again_was_away_in_between() {
        let history = history();
        let in_force = |hour| history.at(moment(hour)).map(|issue| issue.number);
        let hours = [9, 10, 20, 29, 30, 39, 40, 49, 50];
        let versions = [None, Some(1), Some(2), Some(2), None, None, Some(3), Some(3), None];
        assert_eq!(hours.map(in_force), versions);
        assert!(history.is_withdrawn());
    }

    #[test]
    fn it_has_been_so_since_it_last_came_back() {
        let history = history();
        let since = |hour| history.since(moment(hour), |other, now| other == now);
        assert_eq!([since(25), since(35), since(45)], [Some(moment(10)), None, Some(moment(40))]);
    }
}
