//! Audiences that are used and no longer listed.

use std::{collections::BTreeMap, fmt};

use chrono::NaiveDate;

use super::publish::with_absent;
use crate::{
    catalogue::{Audience, Catalogue, HelplineAudience},
    engine::Engine,
    ground::local_date,
    store::{Linked, StoreError, on},
};

/// An audience that the provider does not list, although somebody is in it or something that is published is for it. Nobody loses
/// anything by that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LostAudience {
    /// Which.
    pub audience: Audience,
    /// How many people are in it, or are to be.
    pub people: u64,
    /// What is for it or given to it, such as `module four-cs`.
    pub named_by: Vec<String>,
}

impl fmt::Display for LostAudience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { audience, people, named_by } = self;
        write!(f, "audience {audience}: it is not listed in organisation.toml, but ")?;
        match people {
            0 => {}
            1 => f.write_str("1 person is in it")?,
            many => write!(f, "{many} people are in it")?,
        }
        let and = if *people > 0 && !named_by.is_empty() { ", and " } else { "" };
        let names = match named_by.as_slice() {
            [] => String::new(),
            [only] => format!("{only} names it"),
            several => format!("{} name it", several.join(", ")),
        };
        write!(f, "{and}{names}; put it back into the list, or end its use")
    }
}

const COUNT_PEOPLE: &str = "SELECT audience, COUNT(DISTINCT person_id) FROM in_audience \
     WHERE ends_before IS NULL OR ends_before > $1 GROUP BY audience";

const FIND_GIVEN: &str = "SELECT DISTINCT audience, programme FROM assignment \
     WHERE audience IS NOT NULL AND (ends_before IS NULL OR ends_before > $1)";

impl Engine {
    /// The audiences that would be used and no longer listed, were a compiled folder published now. It only reads.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn audiences_lost_by(&self, folder: &Catalogue) -> Result<Vec<LostAudience>, StoreError> {
        let published = with_absent(folder, &self.catalogue());
        let mut conn = self.store.read().await?;
        find_lost_audiences(&mut conn, &published, local_date(self.clock.now())).await
    }
}

/// The audiences that are used on a day, or are to be, and that the list of what has been published does not have.
pub(super) async fn find_lost_audiences(
    on_what: &mut impl Linked,
    published: &Catalogue,
    today: NaiveDate,
) -> Result<Vec<LostAudience>, StoreError> {
    let people: Vec<(String, i64)> =
        on!(on_what.link(), conn => sqlx::query_as(COUNT_PEOPLE).bind(today).fetch_all(conn).await)?;
    let given: Vec<(String, String)> =
        on!(on_what.link(), conn => sqlx::query_as(FIND_GIVEN).bind(today).fetch_all(conn).await)?;
    let read = |name: String| Audience::new(name).map_err(|_| StoreError::unreadable("audience"));
    let mut used: BTreeMap<Audience, (u64, Vec<String>)> = BTreeMap::new();
    for (audience, count) in people {
        used.entry(read(audience)?).or_default().0 = u64::try_from(count).unwrap_or_default();
    }
    for (audience, programme) in given {
        used.entry(read(audience)?).or_default().1.push(format!("programme {programme}"));
    }
    for (audience, what) in named(published) {
        used.entry(audience.clone()).or_default().1.push(what);
    }
    let lost = used.into_iter().filter(|(audience, _)| published.organisation.audience(audience).is_none());
    let lost = lost.map(|(audience, (people, mut named_by))| {
        named_by.sort();
        named_by.dedup();
        LostAudience { audience, people, named_by }
    });
    Ok(lost.collect())
}

/// Every audience that something published is for, with what it is.
fn named(published: &Catalogue) -> Vec<(&Audience, String)> {
    let mut named = Vec::new();
    for module in published.modules.values() {
        named.extend(module.audience.iter().map(|audience| (audience, format!("module {}", module.slug))));
    }
    for agreement in published.agreements.values() {
        named.extend(agreement.audience.iter().map(|audience| (audience, format!("agreement {}", agreement.slug))));
    }
    for programme in &published.programmes {
        named.extend(programme.audience.iter().map(|audience| (audience, format!("programme {}", programme.slug))));
    }
    for line in &published.helplines {
        if let HelplineAudience::Of(audience) = &line.audience {
            named.push((audience, format!("help service {}", line.name)));
        }
    }
    named
}
