use std::fmt;

use chrono::{DateTime, Datelike as _, Days, NaiveDate, NaiveTime, Timelike as _, Utc};

use super::{decide::by_rules, pause_reminders::paused_since, write_reminders::AT_ONCE};
use crate::{
    board::OutstandingPerson,
    catalogue::Reminders,
    engine::Engine,
    ground::{count, from_local, local, local_date},
    record::Actor,
    store::{Linked as _, StoreError, change},
};

/// Why nobody is reminded now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Idle {
    /// The provider has not switched reminders on.
    Off,
    /// There is no mail server.
    NoMailServer,
    /// An administrator holds them back.
    Paused,
    /// It is a day of the week on which nobody is written to.
    QuietDay,
    /// It is too early or too late in the day.
    QuietHour,
}

/// What came of looking at everybody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// How many letters were written.
    pub letters: usize,
    /// How many things they tell, and how many would have been told who has no address.
    pub things: usize,
    /// How many people have no address to write to.
    pub without_address: usize,
    /// How many managers were told how many of their people are late.
    pub digests: usize,
    /// How many were told what of theirs is to be reviewed.
    pub owners: usize,
    /// Why nobody was looked at. `None`: everybody was.
    pub idle: Option<Idle>,
}

impl fmt::Display for Idle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Off => "reminders are not switched on",
            Self::NoMailServer => "there is no mail server",
            Self::Paused => "reminders are held back",
            Self::QuietDay => "nobody is written to on this day of the week",
            Self::QuietHour => "nobody is written to at this time of the day",
        })
    }
}

impl fmt::Display for Swept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.idle {
            Some(idle) => idle.fmt(f),
            None => write!(
                f,
                "{}, about {}; {} without an address; {} to managers, {} to owners of what is to be reviewed",
                count(self.letters, "letter", "letters"),
                count(self.things, "thing", "things"),
                count(self.without_address, "person", "people"),
                count(self.digests, "letter", "letters"),
                self.owners
            ),
        }
    }
}

/// From this hour of the day on nobody is written to any more.
const EVENING: u32 = 20;

/// For how long it is kept of what somebody was reminded.
const KEPT: Days = Days::new(731);

/// All that is known of one thing goes together: what is left of it would be told anew.
const FORGET_REMINDERS: &str = "DELETE FROM reminder WHERE planned_on < $1 AND NOT EXISTS (SELECT 1 FROM reminder l \
     WHERE l.person_id = reminder.person_id AND l.kind = reminder.kind AND l.slug = reminder.slug AND l.due_on = reminder.due_on AND l.planned_on >= $1)";

const FORGET_DIGESTS: [&str; 2] =
    ["DELETE FROM manager_digest WHERE week < $1", "DELETE FROM review_digest WHERE week < $1"];

impl Engine {
    /// Looks at everybody, and writes to each person who is to be told something one letter with all of it, now. Whoever was told something
    /// today is told nothing more. Managers are told how many of their people are late, where the provider says so. It may be done again, and by several at once: each thing is told once.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails, or the signed log would take nothing now, as when the clock is not to be believed: what was not committed
    /// is planned by the next.
    pub async fn remind_everybody(&self, by: Actor) -> Result<Swept, StoreError> {
        let rules = self.catalogue().organisation.reminders.clone();
        if let Some(idle) = self.reminders_idle(&rules).await? {
            return Ok(Swept { idle: Some(idle), ..Swept::default() });
        }
        // By a clock that is not to be believed everybody might be late, and what is told once is not told again.
        self.ready().await?;
        let today = local_date(self.clock.now());
        let all = self.outstanding().await?;
        let mut swept = Swept::default();
        for some in all.people.chunks(AT_ONCE) {
            let some: Vec<&OutstandingPerson> = some.iter().collect();
            let mut tx = self.store.write().await?;
            tx.lock_people().await?;
            let decide = |person: &OutstandingPerson, told: &[_]| by_rules(&rules, person, &all.things, told, today);
            let written = self.write_reminders(&mut tx, &all, &some, today, by, decide).await?;
            tx.commit().await?;
            swept.letters += written.letters;
            swept.things += written.things;
            swept.without_address += written.without_address;
        }
        if let Some(day) = rules.digest_day {
            swept.digests = self.tell_managers(&all, day, today, by).await?;
            swept.owners = self.tell_owners(day, today, by).await?;
        }
        Ok(swept)
    }

    /// The same as a job: not on quiet days, and not early or late in the day. What was told two years ago is forgotten.
    pub(crate) async fn remind_by_itself(&self) -> Result<Swept, StoreError> {
        let now = self.clock.now();
        let mut tx = self.store.write().await?;
        change!(tx, sqlx::query(FORGET_REMINDERS).bind(local_date(now) - KEPT))?;
        for forget in FORGET_DIGESTS {
            change!(tx, sqlx::query(forget).bind(local_date(now) - KEPT))?;
        }
        tx.commit().await?;
        self.remind_unless_quiet(Actor::Server).await
    }

    /// As [`Engine::remind_everybody`], but not on quiet days, and not early or late in the day.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails: what was not committed is planned by the next.
    pub async fn remind_unless_quiet(&self, by: Actor) -> Result<Swept, StoreError> {
        let rules = self.catalogue().organisation.reminders.clone();
        match quiet(&rules, self.clock.now()).filter(|_| rules.on) {
            Some(idle) => Ok(Swept { idle: Some(idle), ..Swept::default() }),
            None => self.remind_everybody(by).await,
        }
    }

    /// When the job is due after it was begun: at the hour that the provider says.
    pub(crate) fn next_reminders(&self, began_at: DateTime<Utc>) -> DateTime<Utc> {
        let hour = self.catalogue().organisation.reminders.hour;
        let on = |day: NaiveDate| from_local(day.and_time(NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default()));
        let today = local_date(began_at);
        let first = on(today);
        if first > began_at { first } else { on(today + Days::new(1)) }
    }

    /// Why nobody is reminded, whatever the time.
    pub(super) async fn reminders_idle(&self, rules: &Reminders) -> Result<Option<Idle>, StoreError> {
        if !rules.on {
            return Ok(Some(Idle::Off));
        }
        if !self.sends_letters() {
            return Ok(Some(Idle::NoMailServer));
        }
        let paused = paused_since(&mut self.store.read().await?).await?;
        Ok(paused.map(|_| Idle::Paused))
    }
}

/// Why it is not the time to write to people.
fn quiet(rules: &Reminders, now: DateTime<Utc>) -> Option<Idle> {
    let here = local(now);
    if rules.quiet_days.contains(&here.weekday()) {
        return Some(Idle::QuietDay);
    }
    (!(rules.hour..EVENING).contains(&here.hour())).then_some(Idle::QuietHour)
}

/// The day of the next letters, if somebody looks at a moment.
pub(super) fn next_day(rules: &Reminders, at: DateTime<Utc>) -> NaiveDate {
    let day = local_date(at);
    let first = if local(at).hour() >= EVENING { day + Days::new(1) } else { day };
    let days = (0..7).map(|days| first + Days::new(days));
    days.into_iter().find(|day| !rules.quiet_days.contains(&day.weekday())).unwrap_or(first)
}
