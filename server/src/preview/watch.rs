//! Looks after a folder by looking at it again and again: there are few files, and no system has to tell of changes.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

use engine::content::ReadError;
use tokio::{
    sync::watch::{Receiver, Sender, channel},
    task::spawn_blocking,
    time::sleep,
};

use super::draft::Draft;

const EVERY: Duration = Duration::from_millis(150);

/// Reads a folder, and goes on looking for changes until nobody wants to hear of them.
pub(super) fn start(dir: PathBuf) -> Result<Receiver<Arc<Draft>>, ReadError> {
    // The glance comes first, so that what changes during the reading is seen afterwards.
    let seen = glance(&dir);
    let draft = Arc::new(Draft::read(&dir)?);
    let (sender, receiver) = channel(Arc::clone(&draft));
    tokio::spawn(look_after(Folder { dir, seen, draft, unreadable: false }, sender));
    Ok(receiver)
}

async fn look_after(mut folder: Folder, sender: Sender<Arc<Draft>>) {
    while !sender.is_closed() {
        sleep(EVERY).await;
        let looked = spawn_blocking(move || {
            let changed = folder.look();
            (folder, changed)
        });
        // It fails only when the whole server ends.
        let Ok((looked, changed)) = looked.await else { return };
        folder = looked;
        if changed {
            sender.send_replace(Arc::clone(&folder.draft));
        }
    }
}

struct Folder {
    dir: PathBuf,
    seen: Glance,
    draft: Arc<Draft>,
    /// Whether the last reading failed, which is worth saying once.
    unreadable: bool,
}

impl Folder {
    /// Reads the folder again if its files look different. Gives whether its content is.
    fn look(&mut self) -> bool {
        let seen = glance(&self.dir);
        if seen == self.seen && !self.unreadable {
            return false;
        }
        match self.draft.read_again(&self.dir) {
            Ok(draft) => {
                self.seen = seen;
                self.unreadable = false;
                let changed = !draft.says_the_same_as(&self.draft);
                if changed {
                    self.draft = Arc::new(draft);
                }
                changed
            }
            // A file that was there a moment ago: editors rename, and the next look finds what became of it.
            Err(error) => {
                if !self.unreadable {
                    tracing::warn!(%error, "the preview shows what it read before");
                }
                self.unreadable = true;
                false
            }
        }
    }
}

/// What can be seen of the files without reading them: when they were written, and how long they are.
type Glance = Vec<(PathBuf, Option<SystemTime>, u64)>;

fn glance(dir: &Path) -> Glance {
    let mut glance = Vec::new();
    add(dir, &mut glance);
    glance.sort_unstable();
    glance
}

fn add(dir: &Path, glance: &mut Glance) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        match fs::metadata(&path) {
            _ if entry.file_name().to_string_lossy().starts_with('.') => {}
            Ok(metadata) if metadata.is_dir() => add(&path, glance),
            Ok(metadata) => glance.push((path, metadata.modified().ok(), metadata.len())),
            Err(_) => {}
        }
    }
}
