use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type)]
        #[serde(transparent)]
        #[sqlx(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// Reads an id as addresses and forms write it.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                Uuid::try_parse(text).ok().map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

ids! {
    /// A person.
    PersonId;
    /// A group of people.
    GroupId;
    /// A programme given to an audience, a group or a person.
    AssignmentId;
    /// Somebody excused from a module or an agreement.
    ExemptionId;
    /// A password as it was set once: setting another gives another.
    CredentialId;
    /// A second factor as it was set up once: setting up another gives another.
    FactorId;
    /// A passkey, as it was added once.
    PasskeyId;
    /// What a program shows in place of a password.
    TokenId;
    /// One sitting of a quiz.
    AttemptId;
    /// A pass, kept for ever.
    CompletionId;
    /// That a pass was recorded wrongly, kept for ever.
    CorrectionId;
    /// A signature, kept for ever.
    SignatureId;
    /// That somebody declined to sign something, kept for ever.
    DeclineId;
    /// A tutor's task.
    TutorTaskId;
    /// A code with which people come into a group by themselves.
    JoinCodeId;
    /// A link with which somebody chooses their password.
    WayInId;
    /// A workshop.
    WorkshopId;
    /// That a module was worked through side by side with somebody, kept for ever.
    DiscussionId;
    /// Something that was given after a workshop.
    ResourceId;
    /// Something that was done to several people at once.
    TogetherId;
    /// That somebody looked at what is another's.
    LookId;
    /// A view of the matrix that somebody keeps.
    SavedViewId;
    /// A letter.
    LetterId;
    /// What somebody learned elsewhere and added to their record.
    EvidenceId;
    /// That somebody was reminded of something.
    ReminderId;
    /// One drawing of a signing form.
    FormKey;
}
