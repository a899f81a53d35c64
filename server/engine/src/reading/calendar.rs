use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::{
    catalogue::Programme,
    engine::{Engine, Looked, Refused},
    ground::{PersonId, WorkshopId, local_date},
    people::{CodeKind, Person, calendar_digest},
    record::NeutralName,
    standing::Situation,
    store::{Linked as _, StoreError, on},
    workshops::Workshop,
};

/// What somebody's calendar shows: the days by which something is asked of them, and until which what they did counts. It names neither them
/// nor any module, because others may look at a calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnCalendar {
    /// When it was read.
    pub at: DateTime<Utc>,
    /// Its days, in order.
    pub days: Vec<CalendarDay>,
    /// The workshops of today and to come, in order: those that they can go to and those that they lead, each once.
    pub workshops: Vec<CalendarWorkshop>,
}

/// A workshop in it. It does not say which module is worked through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarWorkshop {
    /// As of a day.
    pub uid: String,
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// When it ends, by the minutes that the author of its module says it takes. `None`: the module has been withdrawn.
    pub ends_at: Option<DateTime<Utc>>,
    /// Where.
    pub place: String,
    /// Whether they lead it.
    pub leads: bool,
}

/// A day in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarDay {
    /// The same for the same thing, whatever its day comes to be, and unlike those of all others.
    pub uid: String,
    /// The day.
    pub on: NaiveDate,
    /// What it is about.
    pub about: NeutralName,
    /// What happens on it.
    pub kind: CalendarKind,
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
            if let Some(person) = Person::at(&situation.dossier.facts, situation.now) {
                drop(conn);
                let workshops = self.workshops_of(&person, situation.now).await?;
                return Ok(OwnCalendar { workshops, ..self.calendar_of(&situation).await? });
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
        let programmes: Vec<&Programme> = situation.programmes().map(|(programme, _)| programme).collect();
        let mut days = Vec::new();
        for thing in situation.things() {
            let about = NeutralName::among(programmes.iter().copied(), &thing);
            if about == NeutralName::Other {
                continue;
            }
            let cell = situation.cell(&thing);
            let due = cell.wanted.as_ref().map(|wanted| (CalendarKind::Due, wanted.by));
            let until = cell.counts.and_then(|done| done.until).map(|until| (CalendarKind::Until, local_date(until)));
            // What is due on the very day until which it counts stands there once.
            let until = until.filter(|(_, until)| due.is_none_or(|(_, by)| by != *until));
            for (kind, on) in due.into_iter().chain(until) {
                let named = format!("{person}\n{}/{}\n{kind:?}", thing.kind(), thing.slug());
                let mut uid = key.digest("day in a calendar", &named).to_string();
                uid.truncate(32);
                days.push(CalendarDay { uid, on, about, kind });
            }
        }
        days.sort_by(|one, other| (one.on, &one.uid).cmp(&(other.on, &other.uid)));
        Ok(OwnCalendar { at: situation.now, days, workshops: Vec::new() })
    }

    /// The workshops of today and to come that somebody can go to or leads.
    async fn workshops_of(&self, person: &Person, now: DateTime<Utc>) -> Looked<Vec<CalendarWorkshop>> {
        let key = self.installation_key().await?;
        let coming = self.coming_workshops(person).await?.into_iter().map(|coming| coming.workshop);
        let led = self.led_workshops(person).await?.into_iter().map(|led| led.workshop);
        let led = led.filter(|led| led.ended_at.is_none() && local_date(led.starts_at) >= local_date(now));
        let by_id: BTreeMap<WorkshopId, Workshop> = coming.chain(led).map(|workshop| (workshop.id, workshop)).collect();
        let catalogue = self.catalogue();
        let workshops = by_id.into_values().map(|workshop| {
            let minutes =
                catalogue.modules.get(&workshop.module).map(|module| TimeDelta::minutes(module.minutes.into()));
            let mut uid = key.digest("workshop in a calendar", &format!("{}\n{}", person.id, workshop.id)).to_string();
            uid.truncate(32);
            let leads = workshop.leader == Some(person.id);
            let (starts_at, place) = (workshop.starts_at, workshop.place);
            CalendarWorkshop { uid, starts_at, ends_at: minutes.map(|minutes| starts_at + minutes), place, leads }
        });
        let mut workshops: Vec<CalendarWorkshop> = workshops.collect();
        workshops.sort_by(|one, other| (one.starts_at, &one.uid).cmp(&(other.starts_at, &other.uid)));
        Ok(workshops)
    }
}
