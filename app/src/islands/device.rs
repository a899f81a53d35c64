//! Where answers wait on a device until they have arrived.
//!
//! Whoever uses the device next cannot read them: the key comes with the page to the person alone who sits the attempt, and is kept
//! nowhere else. They can see that something waits, of which attempt and since when. The server has the browser clear its storage when
//! somebody else signs in, and whatever has waited for a day is removed here.

use leptos::prelude::{GetValue as _, StoredValue, WithValue as _, window};
use web_sys::Storage;

use super::seal::Seal;

/// How long answers wait, in milliseconds: a day.
const LONGEST: u64 = 86_400_000;

/// What is before the addresses of attempts in the storage.
const PREFIX: &str = "unsent:";

/// The part of a device's storage that belongs to one attempt.
#[derive(Clone, Copy)]
pub(crate) struct Device {
    name: StoredValue<String>,
    seal: StoredValue<Option<Seal>>,
}

impl Device {
    /// That of the attempt at an address, sealed with a key of 64 hexadecimal digits.
    pub fn new(address: &str, key: &str) -> Self {
        Self { name: StoredValue::new(format!("{PREFIX}{address}")), seal: StoredValue::new(Seal::new(key)) }
    }

    /// The text that waits, once everything is gone that has waited too long.
    pub fn text(self) -> Option<String> {
        let storage = storage()?;
        remove_old(&storage);
        let name = self.name.get_value();
        let item = storage.get_item(&name).ok().flatten()?;
        let (at, sealed) = item.split_once(' ')?;
        self.seal.with_value(|seal| seal.as_ref()?.open(&about(&name, at), sealed))
    }

    /// Has a text wait; an empty one removes what waits. A device without room, or without storage, keeps nothing: answers are still sent,
    /// and only a closed tab is not bridged.
    pub fn put(self, text: Option<&str>) {
        let Some(storage) = storage() else { return };
        let name = self.name.get_value();
        drop(match text.map(|text| self.sealed(&name, text)) {
            None => storage.remove_item(&name),
            Some(Some(item)) => storage.set_item(&name, &item),
            Some(None) => Ok(()),
        });
    }

    fn sealed(self, name: &str, text: &str) -> Option<String> {
        let mut nonce = [0; 24];
        window().crypto().ok()?.get_random_values_with_u8_array(&mut nonce).ok()?;
        let at = now().to_string();
        let sealed = self.seal.with_value(|seal| seal.as_ref()?.close(nonce, &about(name, &at), text))?;
        Some(format!("{at} {sealed}"))
    }
}

fn about(name: &str, at: &str) -> String {
    format!("{at} {name}")
}

/// Removes what has waited for a day, whoever left it there, and what says it waits since tomorrow.
fn remove_old(storage: &Storage) {
    let names = (0..storage.length().unwrap_or_default()).filter_map(|place| storage.key(place).ok().flatten());
    let ours: Vec<String> = names.filter(|name| name.starts_with(PREFIX)).collect();
    for name in ours {
        let item = storage.get_item(&name).ok().flatten();
        let at = item.as_deref().and_then(|item| item.split_once(' ')).and_then(|(at, _)| at.parse::<u64>().ok());
        if at.is_none_or(|at| now().abs_diff(at) > LONGEST) {
            drop(storage.remove_item(&name));
        }
    }
}

/// By the clock of this device, in milliseconds since 1970.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "whole milliseconds, and no clock is before 1970"
)]
fn now() -> u64 {
    web_sys::js_sys::Date::now() as u64
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}
