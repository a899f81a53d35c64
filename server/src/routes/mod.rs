//! One file per noun, one function per address. Each says who is asking, what the engine says, and how that looks.

pub(crate) mod agreements;
pub(crate) mod attempts;
pub(crate) mod audit;
pub(crate) mod cpd;
pub(crate) mod erase_person;
pub(crate) mod health;
pub(crate) mod help;
pub(crate) mod leave;
pub(crate) mod log;
pub(crate) mod matrix;
pub(crate) mod media;
pub(crate) mod modules;
pub(crate) mod own_page;
pub(crate) mod person_data;
pub(crate) mod provider_pages;
pub(crate) mod quizzes;
pub(crate) mod sign_in;
pub(crate) mod signatures;
pub(crate) mod tutor_tasks;
pub(crate) mod versions;
pub(crate) mod words;
