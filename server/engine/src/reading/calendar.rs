use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    engine::{Engine, Refused},
    ground::{PersonId, local_date},
    people::{CodeKind, Person, calendar_digest},
    record::Thing,
    standing::Situation,
    store::{Linked as _, StoreError, on},
};

/// What somebody's calendar shows: the days by which something is asked of them, and until which what they did counts. It names neither them
/// nor any module, because others may look at a calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnCalendar {
    /// When it was read.
    pub at: DateTime<Utc>,
    /// Its days, in order.
    pub days: Vec<CalendarDay>,
}

/// A day in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarDay {
    /// The same for the same thing, whatever its day comes to be, and unlike those of all others.
    pub uid: String,
    /// The day.
    pub on: NaiveDate,
    /// What it is about.
    pub about: CalendarThing,
    /// What happens on it.
    pub kind: CalendarKind,
}

/// What a day is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CalendarThing {
    /// A module, by its place among those that are asked of them, counted from 1.
    Part(usize),
    /// An agreement, likewise.
    Agreement(usize),
}

/// What happens on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CalendarKind {
    /// It is due: the last day on which it is in time.
    Due,
    /// What was done counts until then.
    Until,
}

/// Why there is no calendar.
#[derive(Debug, thiserror::Error)]
pub enum CalendarError {
    /// The address leads nowhere, or no longer.
    #[error("there is no such calendar")]
    NoSuchCalendar,
    /// Too many addresses that lead nowhere were tried from there.
    #[error("too many addresses were tried")]
    TooMany {
        /// When the next try is allowed.
        retry_at: DateTime<Utc>,
    },
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

impl From<Refused> for CalendarError {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Internal(error) => Self::Internal(error),
            Refused::NotFound | Refused::NotForYou => Self::NoSuchCalendar,
        }
    }
}

/// Programs ask again and again, also for what has been ended, and many share an address: so more than for codes that people type. Nobody finds
/// 160 bits by trying.
const OF_CALENDARS: CodeKind = CodeKind { purpose: "place of a calendar", most_at_place: 100 };

const FIND_CALENDAR: &str = "SELECT person_id FROM calendar_feed WHERE digest = $1 AND ended_at IS NULL";

impl Engine {
    /// The calendar at a private address, for whoever has it. One that leads nowhere is noted, with a digest of where it was asked from, for a
    /// day; who asks for one that leads somewhere is not. `place` is as for signing in.
    ///
    /// # Errors
    /// [`CalendarError`]; [`CalendarError::NoSuchCalendar`] also once its owner has left.
    pub async fn calendar(&self, secret: &str, place: &str) -> Result<OwnCalendar, CalendarError> {
        let place = self.code_place(&OF_CALENDARS, place).await?;
        let digest = calendar_digest(self.installation_key().await?, secret);
        let mut conn = self.store.read().await?;
        let found: Option<PersonId> =
            on!(conn.link(), conn => sqlx::query_scalar(FIND_CALENDAR).bind(&digest).fetch_optional(conn).await)?;
        if let Some(person) = found {
            let situation = self.situation_on(&mut conn, person).await?;
            if Person::at(&situation.dossier.facts, situation.now).is_some() {
                return Ok(self.calendar_of(&situation).await?);
            }
        }
        // Only now: many ask from one place, and whoever has an address gets their calendar whatever others try there.
        if let Some(retry_at) = self.next_code_at(&mut conn, &OF_CALENDARS, &place).await? {
            return Err(CalendarError::TooMany { retry_at });
        }
        drop(conn);
        self.note_code(&place).await?;
        Err(CalendarError::NoSuchCalendar)
    }

    async fn calendar_of(&self, situation: &Situation) -> Result<OwnCalendar, StoreError> {
        let key = self.installation_key().await?;
        let person = situation.dossier.facts.id;
        let is_asked = |thing: &Thing| {
            situation.programmes().any(|(programme, _)| match thing {
                Thing::Module(module) => programme.modules.contains(module),
                Thing::Agreement(agreement) => programme.agreements.contains(agreement),
            })
        };
        let (mut parts, mut agreements, mut days) = (0, 0, Vec::new());
        for thing in situation.things().into_iter().filter(is_asked) {
            let about = match &thing {
                Thing::Module(_) => {
                    parts += 1;
                    CalendarThing::Part(parts)
                }
                Thing::Agreement(_) => {
                    agreements += 1;
                    CalendarThing::Agreement(agreements)
                }
            };
            let cell = situation.cell(&thing);
            let due = cell.wanted.as_ref().map(|wanted| (CalendarKind::Due, wanted.by));
            let until = cell.counts.and_then(|done| done.until).map(|until| (CalendarKind::Until, local_date(until)));
            for (kind, on) in due.into_iter().chain(until) {
                let named = format!("{person}\n{}/{}\n{kind:?}", thing.kind(), thing.slug());
                let mut uid = key.digest("day in a calendar", &named).to_string();
                uid.truncate(32);
                days.push(CalendarDay { uid, on, about, kind });
            }
        }
        days.sort_by(|one, other| (one.on, &one.uid).cmp(&(other.on, &other.uid)));
        Ok(OwnCalendar { at: situation.now, days })
    }
}
