//! What those see who check: the register of signatures, who has not signed, what was declined, who looked at what, who did what, packs for an inspection; and the page on which
//! anybody checks what they were given.

mod acts;
mod declined;
mod looks;
mod pack;
mod register;
mod tabs;
mod unsigned;
mod verify_file;

pub use acts::{Acts, acts};
pub use declined::declined;
pub use looks::{Looks, looks};
pub use pack::{Packing, pack};
pub use register::{Register, register};
pub use unsigned::{Unsigned, unsigned};
pub use verify_file::verify_file;
