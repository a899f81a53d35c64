//! What those see who check: the register of signatures, who has not signed, and who looked at what.

mod looks;
mod register;
mod tabs;
mod unsigned;

pub use looks::looks;
pub use register::{Register, register};
pub use unsigned::{Unsigned, unsigned};
