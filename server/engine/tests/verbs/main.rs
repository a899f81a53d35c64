//! What Induct can be asked to do, asked on both databases: a file for each verb.

#![expect(clippy::unwrap_used, reason = "in a test, what cannot be unwrapped is a failure")]

mod add_person;
mod allow_attempts;
mod assign;
mod back_up;
mod begin_audience;
mod certificate;
mod change_password;
mod check_signatures;
mod choose_twin;
mod compare_days;
mod cpd_record;
mod create_token;
mod do_together;
mod erase_person;
mod import_people;
mod keep_database;
mod keep_form;
mod keep_session;
mod look_after_people;
mod make_pack;
mod matrix;
mod organise;
mod overview;
mod own_page;
mod play;
mod publish;
mod read_page;
mod remind;
mod retention;
mod run_jobs;
mod save_answer;
mod save_view;
mod scope;
mod send_letters;
mod show_person;
mod sign_agreement;
mod sign_in;
mod signed_log;
mod start_attempt;
mod storage;
mod submit_quiz;
mod upload_people;
mod versions;
mod whole_journey;
