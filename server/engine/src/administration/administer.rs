use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use model::ProgrammeSlug;

use super::contacts::NoticeOf;
use crate::{
    engine::{Engine, Looked, Refused},
    ground::local_date,
    log::find_head,
    people::{Person, Right, Scope},
    reminders::stale,
    store::{Linked as _, StoreError, on},
};

/// How letters stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LettersStand {
    /// How many wait.
    pub waiting: u64,
    /// How many were given up within 30 days.
    pub given_up: u64,
    /// Since when they are held back. `None`: they are not.
    pub paused_since: Option<DateTime<Utc>>,
}

/// Something that needs an administrator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ToSee {
    /// So many jobs do not work.
    Jobs(usize),
    /// So many letters were given up within 30 days.
    LettersGivenUp(u64),
    /// Letters are held back since then.
    LettersHeld(DateTime<Utc>),
    /// Somebody is missing among contacts or roles.
    Contact(NoticeOf),
    /// So many modules and agreements are past their review, or rest on facts that are.
    Reviews(usize),
}

/// The parts of an installation, with how each stands. What is `None` is not for the reader.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Administration {
    /// What needs somebody, the most urgent first.
    pub to_see: Vec<ToSee>,
    /// Whether the reader looks after everybody.
    pub everywhere: bool,
    /// How many people are here today.
    pub people: Option<usize>,
    /// How many groups the reader sees.
    pub groups: usize,
    /// How many programmes are given to groups and audiences now.
    pub given: Option<usize>,
    /// How many sites and how many named roles there are.
    pub contacts: Option<(usize, usize)>,
    /// How much is worth knowing of these, and needs nobody.
    pub contacts_to_know: usize,
    /// How many modules, agreements and programmes are published.
    pub published: (usize, usize, usize),
    /// When something was last published. `None`: nothing ever was.
    pub published_at: Option<DateTime<Utc>>,
    /// The number of the settings that hold, and since when. `None`: there are none.
    pub settings: Option<(u32, DateTime<Utc>)>,
    /// How letters stand.
    pub letters: Option<LettersStand>,
    /// Whether people are reminded by letter.
    pub reminds: bool,
    /// How many browsers are signed in.
    pub sessions: Option<u64>,
    /// How many jobs there are.
    pub jobs: Option<usize>,
    /// How many entries the signed log has.
    pub entries: u64,
}

const COUNT_SESSIONS: &str = "SELECT COUNT(*) FROM session s WHERE s.expires_at > $1";

impl Engine {
    /// All parts of this installation that somebody looks after, with how they stand and what needs them. Who looks after some groups alone has what is
    /// theirs.
    ///
    /// # Errors
    /// [`Refused::NotForYou`] unless the reader is an administrator.
    pub async fn administration(&self, reader: &Person) -> Looked<Administration> {
        let now = self.clock.now();
        if Scope::of(reader, Right::Organise, now).is_none() {
            return Err(Refused::NotForYou);
        }
        let (shelf, today) = (self.shelf(), local_date(now));
        let catalogue = &shelf.current;
        let mut seen = Administration {
            groups: self.group_tree(reader).await?.groups.len(),
            published: (catalogue.modules.len(), catalogue.agreements.len(), catalogue.programmes.len()),
            reminds: catalogue.organisation.reminders.on,
            everywhere: reader.looks_after_all(),
            ..Administration::default()
        };
        if !seen.everywhere {
            return Ok(seen);
        }
        let jobs = self.jobs().await?;
        let failing = jobs.iter().filter(|job| job.failures > 0).count();
        seen.to_see.extend((failing > 0).then_some(ToSee::Jobs(failing)));
        let letters = self.letters(reader, None, None).await?;
        seen.to_see.extend(letters.paused_since.map(ToSee::LettersHeld));
        seen.to_see.extend((letters.given_up > 0).then_some(ToSee::LettersGivenUp(letters.given_up)));
        let contacts = self.contacts_and_cover(reader).await?;
        seen.to_see.extend(contacts.notices().into_iter().map(ToSee::Contact));
        let reviews = stale(catalogue, today).values().map(Vec::len).sum::<usize>();
        seen.to_see.extend((reviews > 0).then_some(ToSee::Reviews(reviews)));
        let (waiting, given_up, paused_since) = (letters.waiting, letters.given_up, letters.paused_since);
        seen.letters = Some(LettersStand { waiting, given_up, paused_since });
        seen.jobs = Some(jobs.len());
        seen.contacts = Some((contacts.sites.len(), contacts.roles.len()));
        seen.contacts_to_know = contacts.to_know();
        let everybody = self.everybody_now().await?;
        // Whatever is recorded is known, whichever node's clock recorded it.
        let known = DateTime::<Utc>::MAX_UTC;
        let here = everybody.people().flatten().filter(|kept| kept.facts.start_date(today, known).is_some());
        seen.people = Some(here.count());
        let given = everybody.shared_facts().assignments.iter().filter(|given| given.holds(today, known));
        // One that is given to several is one.
        let given: BTreeSet<&ProgrammeSlug> = given.map(|given| &given.what.programme).collect();
        seen.given = Some(given.len());
        seen.settings = shelf.provider.last().map(|issue| (issue.number, issue.published_at));
        let modules = shelf.modules.values().filter_map(|history| Some(history.newest()?.published_at));
        let agreements = shelf.agreements.values().filter_map(|history| Some(history.newest()?.published_at));
        let programmes = shelf.programmes.values().filter_map(|history| Some(history.newest()?.published_at));
        seen.published_at = modules.chain(agreements).chain(programmes).max();
        let mut conn = self.store.read().await?;
        let sessions: Result<i64, StoreError> = on!(conn.link(), conn => sqlx::query_scalar(COUNT_SESSIONS)
            .bind(self.steady_now()).fetch_one(conn).await);
        seen.sessions = Some(u64::try_from(sessions?).unwrap_or_default());
        seen.entries = find_head(&mut conn, 0).await?.map_or(0, |head| head.size());
        Ok(seen)
    }
}
