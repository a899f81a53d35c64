//! A module: the list of them, its overview, and its pages.

mod check_yourself;
mod list;
mod overview;
mod page;

pub use list::modules;
pub use overview::module;
pub use page::module_page;
