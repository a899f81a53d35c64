//! Workshops: a day on which a module is worked through together, in person; and discussions, in which a tutor works one through with somebody.
//!
//! Invariants: a workshop and who signed in to it decide nothing; a pass comes of it only where whoever leads it says that somebody was there who had signed in
//! on the day, or whom whoever leads it signed in, and nobody signs in or says so of themselves as the leader; only a module whose author allows it is passed so. A discussion decides nothing either, whoever confirms it: the pass is the
//! quiz's, and says that both confirmed the discussion before it.

mod answer_discussion;
mod call_off_workshop;
mod confirm_workshop;
mod give_resource;
mod hold_discussion;
mod lead_workshop;
mod plan_workshop;
mod read_discussions;
mod read_workshops;
mod sign_in_for;
mod sign_in_to_workshop;
mod workshop;

pub use answer_discussion::AnswerError;
pub use call_off_workshop::CallOffError;
pub use confirm_workshop::ConfirmError;
pub use give_resource::{GiveResourceError, NewResource, Resource, ResourceFault, WorkshopResources};
pub(crate) use hold_discussion::WhereHeld;
pub use hold_discussion::{HoldError, NewDiscussion};
pub use lead_workshop::NotLed;
pub use plan_workshop::{NewWorkshop, PlanError, WhereWrong};
pub use read_discussions::{DiscussionsWith, ListedDiscussion};
pub use read_workshops::{AtWhich, AtWorkshop, ComingWorkshop, LedWorkshop, OwnWorkshops};
pub use sign_in_for::{Among, Expected, SignInForError};
pub use sign_in_to_workshop::{SignedInTo, WorkshopSignInError};
pub use workshop::Workshop;
