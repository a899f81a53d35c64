//! The matrix: where everybody stands with everything that is asked, now or as at a moment that is past; what changed between two moments, how many stand
//! how, and whom an assignment reaches.
//!
//! Invariants: each cell is what `standing` says of the person's facts, and nothing else decides; whoever asks finds nobody, no count and no
//! group outside their scope; what was recorded before a request began is in its answer. What is kept in memory can be read anew at any time.

mod answer_query;
mod asked;
mod assignments;
mod compare_days;
mod grid;
mod keep_board;
mod matrix;
mod module_reach;
mod outstanding;
mod overview;
mod query;
mod tree;
mod workshops_wanted;

pub use assignments::{
    AssignmentReach, Assignments, LateAtOnce, ListedAssignment, MayGive, OtherPeople, ReachedPerson, WrittenFor,
};
pub use compare_days::{ComparedCell, ComparedColumn, ComparedPerson, Comparison, Presence, Turn};
pub use grid::MatrixCell;
pub use matrix::{
    Matrix, MatrixAnswer, MatrixChoices, MatrixColumn, MatrixGroup, MatrixProgramme, MatrixRow, NobodyHas, Tally,
};
pub use module_reach::ModuleReach;
pub(crate) use outstanding::{Outstanding, OutstandingManager, OutstandingPerson, WantedThing};
pub use overview::{DueWeek, OverdueBand, Overview, OverviewDay, OverviewGroup, Signed, SignedShare};
pub use query::{AsAt, MatrixQuery, MatrixSort};
pub use workshops_wanted::WantedWorkshop;
