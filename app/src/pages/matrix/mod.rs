//! The matrix, and one person's record: what people see who look after others.

mod cards;
mod page;
mod sentence;
mod table;
mod view;

pub use page::{MATRIX_ROWS, matrix};
pub use sentence::{as_at, said};
pub use table::{cell_detail, cell_word};
pub use view::MatrixView;
