//! The matrix, what changed in it, the overview, one person's record, and what is done to several at once: what people see who look after others.

mod cards;
mod changes;
mod done;
mod late_and_due;
mod left_out;
mod look_after;
mod misconceptions;
mod on_paper;
mod over_time;
mod overview;
mod overview_groups;
mod page;
mod person;
mod practice;
mod selected;
mod sentence;
mod table;
mod view;

pub use changes::{changed, changes, turn_word};
pub use done::{all_done_together, done_together};
pub use left_out::LeftOut;
pub use on_paper::matrix_on_paper;
pub use overview::{OverviewPage, month_of, overview};
pub use page::{Beside, MATRIX_ROWS, matrix};
pub use person::person_record;
pub use selected::{Chosen, ChosenPeople, Typed, selected};
pub use sentence::{as_at, between, said};
pub use table::{cell_detail, cell_word, matrix_rows};
pub use view::{MatrixView, Paper};
