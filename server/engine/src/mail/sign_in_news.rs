use serde::{Deserialize, Serialize};

/// What has happened to how somebody signs in: told to them, so that they hear of it if it was somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignInNews {
    /// A code of their phone is asked of them from now on.
    CodesOn,
    /// No code is asked of them any more.
    CodesOff,
    /// A recovery code let somebody in.
    RecoveryCodeUsed,
    /// Recovery codes were made in place of those that they had.
    RecoveryCodesMade,
    /// Somebody who knows their password has typed many codes that were wrong.
    CodesGuessed,
    /// So many that no code of the phone is taken any more.
    CodesUsedUp,
    /// An account of their organisation lets them in from now on.
    AccountLinked,
    /// It does not any more.
    AccountUnlinked,
    /// A passkey lets them in from now on.
    PasskeyAdded,
    /// A passkey does not let them in any more.
    PasskeyEnded,
}

impl SignInNews {
    /// All of it.
    pub const EVERY: [Self; 10] = [
        Self::CodesOn,
        Self::CodesOff,
        Self::RecoveryCodeUsed,
        Self::RecoveryCodesMade,
        Self::CodesGuessed,
        Self::CodesUsedUp,
        Self::AccountLinked,
        Self::AccountUnlinked,
        Self::PasskeyAdded,
        Self::PasskeyEnded,
    ];

    /// As the database has the kind of a letter that tells it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::CodesOn => "codes-on",
            Self::CodesOff => "codes-off",
            Self::RecoveryCodeUsed => "recovery-code-used",
            Self::RecoveryCodesMade => "recovery-codes-made",
            Self::CodesGuessed => "codes-guessed",
            Self::CodesUsedUp => "codes-used-up",
            Self::AccountLinked => "account-linked",
            Self::AccountUnlinked => "account-unlinked",
            Self::PasskeyAdded => "passkey-added",
            Self::PasskeyEnded => "passkey-ended",
        }
    }
}
