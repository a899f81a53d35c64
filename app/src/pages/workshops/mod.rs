//! Workshops: which are to come, planning one, and who was there, also of those who could not sign in themselves; and modules worked through side by side.

mod discussions;
mod list;
mod plan;
mod resources;
mod sign_in_for;
mod workshop;

pub use discussions::{DiscussionDone, HoldForm, discussion, discussions, discussions_with, run_sheet};
pub use list::{WorkshopsView, workshops};
pub use plan::{PlanForm, plan_workshop};
pub use resources::{ResourceDone, ResourceForm, workshop_resources};
pub use sign_in_for::{SignInForView, sign_in_for};
pub use workshop::{WorkshopDone, workshop};
