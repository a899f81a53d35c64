//! Where answers wait on a device until they have arrived: each in an item of its own, so that two tabs of one attempt do not take from one
//! another what they keep.
//!
//! Whoever uses the device next cannot read them: the key comes with the page to the person alone who sits the attempt, and is kept
//! nowhere else. They can see that something waits, of which attempt and since when. The server has the browser clear its storage when
//! somebody else signs in, and whatever has waited for a day is removed here.

use leptos::prelude::{GetValue as _, StoredValue, WithValue as _, window};
use web_sys::Storage;

use super::seal::Seal;

/// A moment by the clock of this device, in milliseconds since 1970.
pub(crate) type Millis = u64;

/// How long answers wait: a day.
const LONGEST: Millis = 86_400_000;

/// What is before the addresses of attempts in the storage.
const PREFIX: &str = "unsent:";

/// The part of a device's storage that belongs to one attempt.
#[derive(Clone, Copy)]
pub(crate) struct Device {
    prefix: StoredValue<String>,
    seal: StoredValue<Option<Seal>>,
}

/// What waits of one question.
pub(crate) struct Waits {
    /// The place of the question, counted from 1.
    pub number: u32,
    /// When it was answered, by the clock of this device.
    pub at: Millis,
    /// The answer.
    pub text: String,
}

impl Device {
    /// That of the attempt at an address, sealed with a key of 64 hexadecimal digits.
    pub fn new(address: &str, key: &str) -> Self {
        Self { prefix: StoredValue::new(format!("{PREFIX}{address}#")), seal: StoredValue::new(Seal::new(key)) }
    }

    /// What waits, once everything is gone that has waited too long.
    pub fn waiting(self) -> Vec<Waits> {
        let Some(storage) = storage() else { return Vec::new() };
        remove_old(&storage);
        let names = names(&storage, &self.prefix.get_value());
        names.iter().filter_map(|name| self.read(&storage, name)).collect()
    }

    fn read(self, storage: &Storage, name: &str) -> Option<Waits> {
        let item = storage.get_item(name).ok().flatten()?;
        let (at, sealed) = item.split_once(' ')?;
        let text = self.seal.with_value(|seal| seal.as_ref()?.open(&about(name, at), sealed))?;
        let number = self.prefix.with_value(|prefix| name.strip_prefix(prefix.as_str())?.parse().ok())?;
        Some(Waits { number, at: at.parse().ok()?, text })
    }

    /// Has the answer to a question wait, unless a later one waits already. A device without room, or without storage, keeps nothing: answers
    /// are still sent, and only a closed tab is not bridged.
    pub fn put(self, number: u32, at: Millis, text: &str) {
        let Some(storage) = storage() else { return };
        let name = self.name(number);
        if stored_at(&storage, &name).is_none_or(|stored| stored <= at)
            && let Some(item) = self.sealed(&name, at, text)
        {
            drop(storage.set_item(&name, &item));
        }
    }

    /// Lets go of the answer to a question, unless one given later than that waits, perhaps another tab's.
    pub fn remove(self, number: u32, at: Millis) {
        let Some(storage) = storage() else { return };
        let name = self.name(number);
        if stored_at(&storage, &name).is_some_and(|stored| stored <= at) {
            drop(storage.remove_item(&name));
        }
    }

    /// Lets go of everything that waits of this attempt.
    pub fn clear(self) {
        let Some(storage) = storage() else { return };
        for name in names(&storage, &self.prefix.get_value()) {
            drop(storage.remove_item(&name));
        }
    }

    fn name(self, number: u32) -> String {
        self.prefix.with_value(|prefix| format!("{prefix}{number}"))
    }

    fn sealed(self, name: &str, at: Millis, text: &str) -> Option<String> {
        let mut nonce = [0; 24];
        window().crypto().ok()?.get_random_values_with_u8_array(&mut nonce).ok()?;
        let at = at.to_string();
        let sealed = self.seal.with_value(|seal| seal.as_ref()?.close(nonce, &about(name, &at), text))?;
        Some(format!("{at} {sealed}"))
    }
}

fn about(name: &str, at: &str) -> String {
    format!("{at} {name}")
}

/// The names of the items that begin so.
fn names(storage: &Storage, prefix: &str) -> Vec<String> {
    let names = (0..storage.length().unwrap_or_default()).filter_map(|place| storage.key(place).ok().flatten());
    names.filter(|name| name.starts_with(prefix)).collect()
}

/// Since when an item waits.
fn stored_at(storage: &Storage, name: &str) -> Option<Millis> {
    storage.get_item(name).ok().flatten()?.split_once(' ')?.0.parse().ok()
}

/// Removes what has waited for a day, whoever left it there, and what says it waits since tomorrow.
fn remove_old(storage: &Storage) {
    for name in names(storage, PREFIX) {
        if stored_at(storage, &name).is_none_or(|at| now().abs_diff(at) > LONGEST) {
            drop(storage.remove_item(&name));
        }
    }
}

/// This moment.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "whole milliseconds, and no clock is before 1970"
)]
pub(crate) fn now() -> Millis {
    web_sys::js_sys::Date::now() as Millis
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}
