//! The matrix as files: the very rows and columns that the page shows, of all its pages.
//!
//! Invariant: a file says as at when it is, and nobody is in it whom the page would not show.

mod csv;
mod rows;

pub(crate) use csv::csv;
pub(crate) use rows::file_name;
