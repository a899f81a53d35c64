//! Workshops: which are to come, planning one, and who was there.

mod list;
mod plan;
mod workshop;

pub use list::{WorkshopsView, workshops};
pub use plan::{PlanForm, plan_workshop};
pub use workshop::{WorkshopDone, workshop};
