//! The whole site over its real router, on both databases, as a browser meets it.

#![expect(clippy::unwrap_used, reason = "in a test, what cannot be unwrapped is a failure")]

mod account;
mod answer_key;
mod assignments;
mod audit;
mod calendar;
mod certificates;
mod compress;
mod cpd;
mod declines;
mod elsewhere;
mod faults;
mod from_here;
mod headers;
mod jobs;
mod languages;
mod letters;
mod limits;
mod mail_server;
mod matrix;
mod media;
mod metrics;
mod organise;
mod others;
mod passkeys;
mod person_data;
mod published_log;
mod reminders;
mod rights;
mod same_marks;
mod second_factor;
mod security_log;
mod sessions;
mod sheets;
mod shipped_quizzes;
mod sign;
mod sign_in;
mod sign_on;
mod signed_log;
mod site;
mod submitted;
mod twins;
mod unwritable;
mod visitor;
mod workshops;
