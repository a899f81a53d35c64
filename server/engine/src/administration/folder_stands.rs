use std::sync::Arc;

use chrono::NaiveDate;

use crate::{
    content::{Level, Sources, compile},
    engine::{Engine, Looked, Refused},
    ground::{aside_holding, local_date},
    people::Person,
};

/// How the folder of content stands to what is published.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FolderStands {
    /// How many errors it has: with any, nothing of it would be published.
    pub errors: usize,
    /// What it says otherwise than what people get, such as `module four-cs`.
    pub differs: Vec<String>,
}

/// A folder as it was last looked at, by which day, and by which revision of what is published.
struct Kept {
    sources: Sources,
    day: NaiveDate,
    published: i64,
    stands: FolderStands,
}

/// What was last found. Held by whoever looks, to the end also where they have gone away, so that no two compile a folder at once.
#[derive(Default)]
struct Looking(Arc<tokio::sync::Mutex<Option<Kept>>>);

impl Engine {
    /// Whether a folder of content differs from what is published. A folder that has not changed since it was last looked at is not compiled again.
    ///
    /// # Errors
    /// [`Refused::NotForYou`] unless the reader is an administrator everywhere.
    pub async fn folder_stands(&self, reader: &Person, sources: Sources) -> Looked<FolderStands> {
        if !reader.looks_after_all() {
            return Err(Refused::NotForYou);
        }
        let (day, published) = (local_date(self.clock.now()), self.shelf().revision);
        let looking = self.keeps.of::<Looking>();
        let kept = Arc::clone(&looking.0).lock_owned().await;
        if let Some(kept) = &*kept
            && (kept.day, kept.published) == (day, published)
            && kept.sources == sources
        {
            return Ok(kept.stands.clone());
        }
        let ((compiled, sources), mut kept) = aside_holding(kept, move || (compile(&sources, day), sources)).await;
        let errors = compiled.problems.iter().filter(|problem| problem.level == Level::Error).count();
        // What has an error is left out, and would seem to be missing.
        let differs = if errors > 0 { Vec::new() } else { self.differs_from_published(&compiled.catalogue).await? };
        let stands = FolderStands { errors, differs };
        *kept = Some(Kept { sources, day, published, stands: stands.clone() });
        Ok(stands)
    }
}
