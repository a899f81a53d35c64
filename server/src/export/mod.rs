//! What people take away: certificates, calendars, inspection packs as archives, and tables for spreadsheet programs, in which nothing is calculated. Of the
//! matrix, the very rows and columns that the page shows, of all its pages.

mod agreement_versions;
mod calendar;
mod certificate;
mod certificate_page;
mod changes;
mod cpd;
mod csv_table;
mod declines;
mod draw_line;
mod draw_mark;
mod evidence_table;
mod matrix_csv;
mod matrix_xlsx;
mod open_badge;
mod pack;
mod person_json;
mod register;
mod rows;
mod stands;
mod submissions;
mod typesetting;
mod workshops;

pub(crate) use agreement_versions::agreement_versions_table;
pub(crate) use calendar::calendar_file;
pub(crate) use certificate::{certificate_name, certificate_pdf};
pub(crate) use certificate_page::Issuer;
pub(crate) use changes::{changes_csv, changes_file_name, changes_xlsx};
pub(crate) use cpd::cpd_table;
pub(crate) use csv_table::CsvTable;
pub(crate) use declines::declines_table;
pub(crate) use evidence_table::TableKind;
pub(crate) use matrix_csv::matrix_csv;
pub(crate) use matrix_xlsx::{Origin, matrix_xlsx};
pub(crate) use open_badge::{badge_issuer, badge_key_address, open_badge};
pub(crate) use pack::{bundle_readings, pack_readings, zipped};
pub(crate) use person_json::person_json;
pub(crate) use register::register_table;
pub(crate) use rows::file_name;
pub(crate) use stands::stands_table;
pub(crate) use submissions::submissions_table;
pub(crate) use workshops::workshops_table;
