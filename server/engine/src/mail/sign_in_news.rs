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
    /// Somebody who looks after them signed them out everywhere.
    SignedOut,
}

impl SignInNews {
    /// All of it.
    pub const EVERY: [Self; 11] = [
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
        Self::SignedOut,
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
            Self::SignedOut => "signed-out",
        }
    }

    /// What it tells, in a few words, as of somebody else.
    #[must_use]
    pub fn tells(self) -> &'static str {
        match self {
            Self::CodesOn => "That codes at sign-in were turned on",
            Self::CodesOff => "That codes at sign-in were turned off",
            Self::RecoveryCodeUsed => "That a recovery code was used",
            Self::RecoveryCodesMade => "That recovery codes were made anew",
            Self::CodesGuessed => "That many wrong codes were typed",
            Self::CodesUsedUp => "That no code of their phone is taken any more",
            Self::AccountLinked => "That an account of their organisation lets them in",
            Self::AccountUnlinked => "That an account of their organisation no longer lets them in",
            Self::PasskeyAdded => "That a passkey was added",
            Self::PasskeyEnded => "That a passkey was taken away",
            Self::SignedOut => "That they were signed out everywhere",
        }
    }
}
