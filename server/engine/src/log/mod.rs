//! The signed log: each act that writes a fact is sealed in it, in the transaction of the rows that it is evidence of.
//!
//! What its bytes are, and what they prove, says the crate `audit`; here is who writes them. An [`Act`] is gathered while a verb writes
//! its rows, and [`Log::seal`] is the last call in that verb's transaction: it takes the head, numbers the acts, writes their leaves,
//! signs the new head and commits.
//!
//! Invariants: nothing else writes to the tables of the log; the head is the last lock that anybody takes, and while it is held
//! nothing waits, no file is opened (but once for its new key, where another has followed) and no other connection is asked; the head is read anew each time and never kept; the log's own
//! time never goes back; a process without the key, or whose clock, database or state file disagree with the log, saves nothing and says
//! why ([`Unsealed`](crate::Unsealed)).

mod act;
mod begin_log;
mod clock;
mod head;
mod key_file;
mod look_up;
mod origins;
mod prove_leaf;
mod read_gone;
mod read_log;
mod seal;
mod write;

pub(crate) use act::{Act, Row, Said, milliseconds, milliseconds_up, named_in, part_naming};
pub use begin_log::LogError;
pub(crate) use begin_log::{Log, NotExact};
pub(crate) use head::find_head;
pub(crate) use origins::{Origins, find_origins};
pub(crate) use prove_leaf::{prove_growth, prove_leaves, read_tile_hashes};
pub(crate) use read_gone::{GoneRow, WHOLE, ranges, read_gone};
pub(crate) use read_log::{OpenedRow, read_leaves, read_openings, read_rows};
