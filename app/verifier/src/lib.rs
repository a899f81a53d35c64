//! What checks a log, a receipt or an inspection pack in a browser. It is the crate `audit` and nothing else: what is proved is decided there.
//!
//! Invariants: nothing is sent anywhere, for there is nothing here that could; the site's own scripts know nothing of it, so that
//! nobody who answers a quiz loads it.

use std::fmt::Display;

use audit::{
    Bundle, Checkpoint, Files, Known, Moment, NotRecomputed, PinnedKey, Trusted, Witness, matrix, open_file, open_files,
};
use js_sys::Function;
use serde_json::json;
use wasm_bindgen::prelude::*;

/// What somebody gave to be checked, file by file.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct Given {
    files: Files,
    /// Whether it is one file, and not a folder.
    is_single: bool,
    /// What it was found to be: a whole log that is valid. `None`: something else, or it has not been checked.
    log: Option<Bundle>,
}

#[wasm_bindgen]
impl Given {
    /// Nothing yet.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A single file that somebody chose.
    pub fn single(&mut self, bytes: Vec<u8>) {
        self.files.insert(String::new(), bytes);
        self.is_single = true;
    }

    /// A file of a folder, by its name within it.
    pub fn file(&mut self, name: String, bytes: Vec<u8>) {
        self.files.insert(name, bytes);
    }

    /// Checks what was given, and says what came of it: [`audit::Said`] as JSON. `key`, `head` and `witness` (its key) are what somebody has from elsewhere,
    /// empty where they have none. `tell` is called now and then with how much is done, in thousandths. What was given is gone then, but for a whole log
    /// that is valid.
    ///
    /// # Errors
    /// In words, when a key or a head is none.
    pub fn check(&mut self, key: &str, head: &str, witness: &str, tell: &Function) -> Result<String, String> {
        let trusted = trusted(key, head, witness)?;
        let mut last = None;
        let mut tell = |done: u32| {
            if last != Some(done) {
                last = Some(done);
                // Who does not listen misses nothing.
                drop(tell.call1(&JsValue::NULL, &JsValue::from(done)));
            }
        };
        let mut files = std::mem::take(&mut self.files);
        let (said, log) = if self.is_single {
            open_file(files.remove("").unwrap_or_default(), &trusted, &mut tell)
        } else {
            open_files(files, &trusted, &mut tell)
        };
        self.log = log;
        serde_json::to_string(&said).map_err(|error| error.to_string())
    }

    /// Whether it was found to be a whole log that is valid.
    #[must_use]
    pub fn is_log(&self) -> bool {
        self.log.is_some()
    }

    /// Where everybody stood at the end of a day, by the log that was found to be valid: [`audit::matrix`]. `entry`: by the entries up to that number, in
    /// digits; empty: by what had been decided by then.
    ///
    /// # Errors
    /// As JSON: `at`, which of the two is wrong (`day` or `entry`; empty: neither), and `why`, in a sentence.
    pub fn matrix(&self, day: &str, entry: &str) -> Result<String, String> {
        let wrong = |at: &str, why: &str| json!({ "at": at, "why": why }).to_string();
        let log = self.log.as_ref().ok_or_else(|| wrong("", "There is no log."))?;
        let moment = Moment::parse(day).ok_or_else(|| wrong("day", "There is no such day."))?;
        let known = match entry {
            "" => Known::Then,
            number => {
                let number = number.parse().map_err(|_| wrong("entry", "This is no number of an entry."))?;
                Known::UpTo(number)
            }
        };
        matrix(log, moment, known).map_err(|error| match error {
            NotRecomputed::NoSuchEntry { number, size } => {
                wrong("entry", &format!("There is no entry {number}. The log has {size}, counted from 0."))
            }
            other => wrong("", &format!("It cannot be worked out: {other}.")),
        })
    }
}

fn trusted(key: &str, head: &str, witness: &str) -> Result<Trusted, String> {
    let key = read("key", key, PinnedKey::parse)?;
    let witness = read("key", witness, Witness::parse)?;
    let known_head = read("head", head, Checkpoint::given)?;
    Ok(Trusted { key, known_head, witness })
}

/// What somebody gave as a key or as a head. `None`: nothing.
fn read<K, E: Display>(what: &str, text: &str, parse: impl FnOnce(&str) -> Result<K, E>) -> Result<Option<K>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    parse(text).map(Some).map_err(|error| format!("The {what} that you gave: {error}"))
}
