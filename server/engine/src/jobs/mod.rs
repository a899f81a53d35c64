//! Work that is done without a request, one row each in one table: what is due is claimed, done, and due again later.
//!
//! Invariants: of the nodes on one database one at a time does a job, and whoever died while doing it lets go of it after a while; each job may
//! be done again from its beginning, because what it does is written in transactions of its own; everything goes by the engine's clock.

mod job;
mod list_besides;
mod list_jobs;
mod run_jobs;

pub use job::Job;
pub use list_besides::Besides;
pub use list_jobs::JobStanding;
pub use run_jobs::JobDone;
