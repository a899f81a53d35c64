//! `induct` as people run it: a file for each command, or for what several of them are asked together.

#![expect(clippy::unwrap_used, reason = "in a test, what cannot be unwrapped is a failure")]

mod audit;
mod back_up;
mod check;
mod check_fix;
mod doctor;
mod ground;
mod import_gift;
mod import_people;
mod matrix;
mod people;
mod person;
mod retention;
mod serve;
