use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::ground::{Chance, InstallationKey};

/// What a browser keeps so that it is known again: a random number, and a digest for each of the accounts that were last signed in
/// with it. Nobody can make such a digest without the installation's key, or carry it over to another browser's number; and nothing of
/// it is kept in the database.
#[derive(Clone, PartialEq, Eq)]
pub struct Device {
    number: [u8; LENGTH],
    /// The last one first.
    accounts: Vec<[u8; LENGTH]>,
}

const LENGTH: usize = 16;

/// A device that more people share knows those who came last.
const MOST_ACCOUNTS: usize = 8;

impl Device {
    /// One that knows nobody yet.
    pub(crate) fn new(chance: &dyn Chance) -> Self {
        let mut number = [0; LENGTH];
        chance.fill(&mut number);
        Self { number, accounts: Vec::new() }
    }

    /// Reads what a browser sends back. `None`: it is nothing of ours.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (number, accounts) = bytes.split_first_chunk::<LENGTH>()?;
        let (accounts, rest) = accounts.as_chunks::<LENGTH>();
        let whole = rest.is_empty() && accounts.len() <= MOST_ACCOUNTS;
        whole.then(|| Self { number: *number, accounts: accounts.to_vec() })
    }

    /// Whether this account has been signed in with it.
    pub(crate) fn knows(&self, key: &InstallationKey, account: &str) -> bool {
        self.accounts.contains(&self.mark(key, account))
    }

    /// The same once this account has been signed in with it.
    pub(crate) fn with(self, key: &InstallationKey, account: &str) -> Self {
        let mark = self.mark(key, account);
        let others = self.accounts.iter().filter(|other| **other != mark).copied();
        let accounts = [mark].into_iter().chain(others).take(MOST_ACCOUNTS).collect();
        Self { number: self.number, accounts }
    }

    /// What stands for it in the database and in the log.
    pub(crate) fn digest(&self, key: &InstallationKey) -> String {
        key.digest("device", &hex::encode(self.number)).to_string()
    }

    fn mark(&self, key: &InstallationKey, account: &str) -> [u8; LENGTH] {
        let digest = key.digest("account on a device", &format!("{} {account}", hex::encode(self.number)));
        let mut mark = [0; LENGTH];
        mark.copy_from_slice(&digest.0[..LENGTH]);
        mark
    }
}

impl fmt::Display for Device {
    /// As a browser keeps it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode([&self.number[..], self.accounts.as_flattened()].concat()))
    }
}

impl fmt::Debug for Device {
    /// Without what it is known by.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Device").field("accounts", &self.accounts.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::SeededChance;

    #[test]
    fn it_knows_those_who_signed_in_with_it_last() {
        let (key, chance) = (InstallationKey([7; 32]), SeededChance::new(1));
        let mut device = Device::new(&chance);
        assert!(!device.knows(&key, "amy"));
        for account in ["amy", "ben", "c", "d", "e", "f", "g", "h", "ben", "i"] {
            device = Device::parse(&device.with(&key, account).to_string()).unwrap();
            assert!(device.knows(&key, account), "{account}");
        }
        assert!(device.knows(&key, "ben") && !device.knows(&key, "amy"));
        assert!(device.to_string().len() < 200, "{device}");
    }

    #[test]
    fn nobody_makes_one_for_another_account_browser_or_installation() {
        let (key, chance) = (InstallationKey([7; 32]), SeededChance::new(1));
        let (hers, his) = (Device::new(&chance).with(&key, "amy"), Device::new(&chance).with(&key, "ben"));
        assert!(!hers.knows(&key, "ben") && !hers.knows(&InstallationKey([8; 32]), "amy"));
        let carried_over = Device { number: his.number, accounts: hers.accounts };
        assert!(!carried_over.knows(&key, "amy"));
        for broken in ["", "x", "AAAA", "AAAAAAAAAAAAAAAAAAAAAAA", &"A".repeat(400)] {
            assert_eq!(Device::parse(broken), None, "{broken}");
        }
    }
}
