//! What those see who look after this installation: all its parts with what needs them, the settings of `organisation.toml`, and whom people find.

mod contacts;
mod front;
mod gap;
mod settings;

pub use contacts::contacts_and_cover;
pub use front::administration;
pub use settings::{SettingsView, settings};
