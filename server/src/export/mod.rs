//! What people take away: tables for spreadsheet programs, in which nothing is calculated. Of the matrix, the very rows and columns that the
//! page shows, of all its pages. And inspection packs, as archives.
//!
//! Invariant: a file of the matrix says as at when it is, and nobody is in it whom the page would not show.

mod cpd;
mod csv_table;
mod matrix_csv;
mod matrix_xlsx;
mod pack;
mod register;
mod rows;

pub(crate) use cpd::cpd_table;
pub(crate) use csv_table::CsvTable;
pub(crate) use matrix_csv::matrix_csv;
pub(crate) use matrix_xlsx::{Origin, matrix_xlsx};
pub(crate) use pack::{pack_readings, zipped};
pub(crate) use register::register_table;
pub(crate) use rows::file_name;
