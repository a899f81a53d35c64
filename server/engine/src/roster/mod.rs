//! People who come from a file of another system: what stands in the file, what that would change, and changing it.
//!
//! A file is read ([`Table`]), its columns are found ([`Columns`]), and what it says is held against who is known ([`Plan`]): all of that
//! writes nothing. [`Engine::import_people`](crate::Engine::import_people) carries a plan out, and
//! [`Engine::undo_import`](crate::Engine::undo_import) ends what the last one began. A file that comes by a browser is kept
//! ([`Engine::upload_people`](crate::Engine::upload_people)) until it is carried out or a day has gone by.
//!
//! Invariants: nobody who is not in a file is touched by it; a plan in which anything is wrong is not carried out; what is carried out
//! is written by the same facts as by hand, each with its entry in the signed log; nobody else waits for longer than one step takes, and an
//! import that was decided is finished or undone, whatever stopped it.

mod carry_out;
mod columns;
mod decode;
mod find_group;
mod find_known;
mod import_people;
mod plan;
mod plan_import;
mod plan_line;
mod read_day;
mod read_line;
mod read_table;
mod read_workbook;
mod undo_import;
mod upload_people;

pub use columns::{ColumnFault, Columns, Field, Mapping};
pub use find_group::MeantGroup;
pub(crate) use find_known::group_paths;
pub use import_people::{ImportError, Imported};
pub use plan::{Counts, DaysDiffer, FieldChange, LineFault, LinePlan, NotInFile, Outcome, Plan};
pub use read_day::{DayOrder, typed_day};
pub use read_table::{FileFault, LARGEST_FILE, Recognised, Table};
pub use undo_import::{Finished, UndoError, Undone};
pub use upload_people::{Draft, LastImported, SaidOfFile, Stage, Upload, UploadError};
