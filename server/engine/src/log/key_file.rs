use std::{
    collections::BTreeSet,
    fs::{self, DirBuilder, File, OpenOptions, Permissions},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    process,
};

use audit::{LogKey, Origin};

/// Where a process keeps the keys of logs, and the last head of each that it has seen. Each log has a file of its own for each, named
/// after the end of its origin, so that the key of one is never taken for that of another.
#[derive(Clone, Debug)]
pub(super) struct KeyFolder(PathBuf);

/// What the file of the key ends with, that of a key which is to follow, and that of the one before.
const KEY: &str = "key";
const NEXT: &str = "key.new";
const FORMER: &str = "key.old";

/// What the file ends with in which it is noted of whom everything was erased.
const ERASED: &str = "erased";

/// What a line there begins with that takes back an earlier one.
const NOT: &str = "not ";

impl KeyFolder {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    pub(super) fn shown(&self) -> String {
        self.0.display().to_string()
    }

    fn file(&self, origin: &Origin, ending: &str) -> PathBuf {
        let name = origin.as_str().rsplit('/').next().unwrap_or_default();
        self.0.join(format!("log-{name}.{ending}"))
    }

    /// Keeps a new key. There must be none of its log yet.
    pub(super) fn keep_key(&self, key: &LogKey) -> io::Result<()> {
        self.keep(key, KEY)
    }

    /// Keeps a key that is to follow the one that is there. One that was kept so before must be used first.
    pub(super) fn keep_next(&self, key: &LogKey) -> io::Result<()> {
        self.keep(key, NEXT)
    }

    fn keep(&self, key: &LogKey, ending: &str) -> io::Result<()> {
        if !self.0.exists() {
            DirBuilder::new().recursive(true).mode(0o700).create(&self.0)?;
        }
        // Whole or not at all: half a file would be in the way of every other key.
        let written = self.file(key.origin(), &format!("{ending}.{}", process::id()));
        let kept =
            write_new(&written, &key.to_text()).and_then(|()| fs::hard_link(&written, self.file(key.origin(), ending)));
        fs::remove_file(&written)?;
        kept?;
        File::open(&self.0)?.sync_all()
    }

    /// The key of a log that has this public half, also where it was kept to follow another. `None`: it is not here.
    pub(super) fn find_key(&self, origin: &Origin, public: &str) -> Option<LogKey> {
        let is_it = |key: &LogKey| key.public().to_string() == public;
        if let Some(key) = self.read_key(origin, KEY).filter(is_it) {
            return Some(key);
        }
        let key = self.read_key(origin, NEXT).filter(is_it)?;
        if let Err(error) = self.put_in_place(origin, public) {
            tracing::warn!(%error, "the new key of the signed log could not be put in the place of the one before");
        }
        Some(key)
    }

    /// The key that was kept to follow. `None`: none was.
    pub(super) fn find_next(&self, origin: &Origin) -> Option<LogKey> {
        self.read_key(origin, NEXT)
    }

    /// Whether there is any key of this log.
    pub(super) fn has_key(&self, origin: &Origin) -> bool {
        self.read_key(origin, KEY).is_some()
    }

    /// Puts the key that was kept to follow, and has this public half, in the place of the one before, which is kept beside it. Several processes do it
    /// at once, one after the other; at no moment is there no key.
    ///
    /// # Errors
    /// Those of the file system; and `InvalidData` when neither place has that key.
    pub(super) fn put_in_place(&self, origin: &Origin, public: &str) -> io::Result<()> {
        let turn =
            OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(self.file(origin, "lock"))?;
        turn.lock()?;
        let is_at = |ending| self.read_key(origin, ending).is_some_and(|key| key.public().to_string() == public);
        if is_at(KEY) {
            return Ok(());
        }
        if !is_at(NEXT) {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the key that signs now is in none of the files"));
        }
        // A copy, and no second name of the same file: whoever destroys the former key must not destroy another.
        if let Some(former) = self.read_key(origin, KEY) {
            let written = self.file(origin, &format!("{FORMER}.{}", process::id()));
            write_new(&written, &former.to_text())?;
            fs::rename(written, self.file(origin, FORMER))?;
        }
        fs::rename(self.file(origin, NEXT), self.file(origin, KEY))?;
        File::open(&self.0)?.sync_all()
    }

    /// Whether the file of the key that signs has this public half.
    pub(super) fn has_in_place(&self, origin: &Origin, public: &str) -> bool {
        self.read_key(origin, KEY).is_some_and(|key| key.public().to_string() == public)
    }

    /// `None`: it is not here, or what is here is no key of this log.
    fn read_key(&self, origin: &Origin, ending: &str) -> Option<LogKey> {
        let path = self.file(origin, ending);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
            Err(error) => {
                tracing::error!(%error, path = %path.display(), "the key of the signed log cannot be read");
                return None;
            }
        };
        close_to_others(&path);
        let key = LogKey::parse(text.trim_end()).ok().filter(|key| key.origin() == origin);
        if key.is_none() {
            tracing::error!(path = %path.display(), "the file of the signed log's key holds no key of this log");
        }
        key
    }

    /// The head that was kept last, as a note. `None`: none was.
    pub(super) fn find_state(&self, origin: &Origin) -> Option<String> {
        fs::read_to_string(self.file(origin, "head")).ok()
    }

    /// Notes that everything about somebody is erased, by their pseudonym.
    pub(super) fn note_erased(&self, origin: &Origin, person: &str) -> io::Result<()> {
        self.append_note(origin, person)
    }

    /// Notes that it was not, after all.
    pub(super) fn note_not_erased(&self, origin: &Origin, person: &str) -> io::Result<()> {
        self.append_note(origin, &format!("{NOT}{person}"))
    }

    /// Only ever added to: several processes may write at once, and none loses what another wrote.
    fn append_note(&self, origin: &Origin, line: &str) -> io::Result<()> {
        let path = self.file(origin, ERASED);
        let mut file = OpenOptions::new().append(true).create(true).mode(0o600).open(path)?;
        file.write_all(format!("{line}\n").as_bytes())?;
        file.sync_all()?;
        File::open(&self.0)?.sync_all()
    }

    /// Of whom everything was erased, by their pseudonyms, whatever their log was called then.
    pub(super) fn find_erased(&self) -> io::Result<BTreeSet<String>> {
        let mut erased = BTreeSet::new();
        for file in fs::read_dir(&self.0)? {
            let path = file?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if name.starts_with("log-") && path.extension().is_some_and(|ending| ending == ERASED) {
                let mut noted = BTreeSet::new();
                for line in fs::read_to_string(&path)?.lines() {
                    match line.strip_prefix(NOT) {
                        Some(person) => noted.remove(person),
                        None => noted.insert(line.to_owned()),
                    };
                }
                erased.extend(noted);
            }
        }
        Ok(erased)
    }

    /// Keeps a head in place of the one before.
    pub(super) fn keep_state(&self, origin: &Origin, note: &str) -> io::Result<()> {
        let path = self.file(origin, "head");
        let new = path.with_extension("head.new");
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
        file.write_all(note.as_bytes())?;
        file.sync_all()?;
        fs::rename(new, path)
    }
}

/// Writes a file that nobody else can read, and that is on the disk when this is done.
fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    // Whatever the umask was.
    file.set_permissions(Permissions::from_mode(0o600))?;
    writeln!(file, "{text}")?;
    file.sync_all()
}

fn close_to_others(path: &Path) {
    let Ok(found) = fs::metadata(path) else { return };
    if found.permissions().mode() & 0o077 == 0 {
        return;
    }
    tracing::warn!(path = %path.display(), "others on this machine could read the key of the signed log");
    if let Err(error) = fs::set_permissions(path, Permissions::from_mode(0o600)) {
        tracing::error!(%error, path = %path.display(), "others on this machine can read the key of the signed log");
    }
}
