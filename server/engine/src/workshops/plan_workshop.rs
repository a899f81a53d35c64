use chrono::{Days, NaiveDate, NaiveTime};
use model::ModuleSlug;

use crate::{
    engine::Engine,
    ground::{GroupId, TextFault, WorkshopId, from_local, local_date, typed_line},
    people::{Person, Right, Scope, draw_code},
    record::Actor,
    store::{Linked as _, StoreError, change_one},
};

/// So many days ahead a workshop is planned at most.
const LONGEST_AHEAD: u64 = 400;

/// A workshop to be planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewWorkshop {
    /// Which module is worked through.
    pub module: ModuleSlug,
    /// For whom: those of this group and of those below it. `None`: everybody, which only somebody plans whose duty is over everybody.
    pub group: Option<GroupId>,
    /// On which day.
    pub day: NaiveDate,
    /// At which time, as clocks here show it.
    pub time: NaiveTime,
    /// Where.
    pub place: String,
}

impl NewWorkshop {
    /// How many characters its place has at most.
    pub const LONGEST_PLACE: usize = 200;
}

/// What of a place cannot be kept.
pub type WhereWrong = TextFault;

/// Why no workshop was planned. Nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// It is not for them to plan any, or not for that group.
    #[error("this is not for you to plan")]
    NotTheirs,
    /// No such module is published, or its author does not let a workshop count.
    #[error("no workshop counts for this module")]
    NoSuchModule,
    /// The day is over, or too far ahead.
    #[error("choose a day from today on, within {LONGEST_AHEAD} days")]
    Day,
    /// The place cannot be kept.
    #[error("the place cannot be used: {0}")]
    Place(WhereWrong),
    /// The database failed.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

const INSERT_WORKSHOP: &str = "INSERT INTO workshop (id, module, group_id, starts_at, place, code, recorded_at, recorded_by) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

impl Engine {
    /// Plans a workshop, which whoever plans it leads: for a group that they may give programmes to, or for everybody.
    ///
    /// # Errors
    /// [`PlanError`]; nothing has been written.
    pub async fn plan_workshop(&self, by: &Person, new: &NewWorkshop) -> Result<WorkshopId, PlanError> {
        let now = self.clock.now();
        let today = local_date(now);
        let scope = Scope::of(by, Right::Assign, now).ok_or(PlanError::NotTheirs)?;
        if !self.catalogue().modules.get(&new.module).is_some_and(|module| module.has_workshops()) {
            return Err(PlanError::NoSuchModule);
        }
        if new.day < today || new.day > today + Days::new(LONGEST_AHEAD) {
            return Err(PlanError::Day);
        }
        let place = typed_line(&new.place, NewWorkshop::LONGEST_PLACE).map_err(PlanError::Place)?;
        let mut tx = self.store.write().await?;
        let reached = scope.reached(&mut tx).await?;
        if !new.group.map_or(reached.is_everywhere(), |group| reached.has(group)) {
            return Err(PlanError::NotTheirs);
        }
        let id = WorkshopId(self.new_id(now));
        change_one!(
            tx,
            sqlx::query(INSERT_WORKSHOP)
                .bind(id)
                .bind(new.module.as_str())
                .bind(new.group)
                .bind(from_local(new.day.and_time(new.time)))
                .bind(&place)
                .bind(draw_code(&*self.chance))
                .bind(now)
                .bind(Actor::Person(by.id).to_string())
        )?;
        tx.commit().await?;
        Ok(id)
    }
}
