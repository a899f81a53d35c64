//! Workshops: which are to come, planning one, and who was there; and modules worked through side by side.

mod discussions;
mod list;
mod plan;
mod resources;
mod workshop;

pub use discussions::{DiscussionDone, HoldForm, discussion, discussions, discussions_with, run_sheet};
pub use list::{WorkshopsView, workshops};
pub use plan::{PlanForm, plan_workshop};
pub use resources::{ResourceDone, ResourceForm, workshop_resources};
pub use workshop::{WorkshopDone, workshop};
