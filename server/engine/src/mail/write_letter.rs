use std::fmt;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{reminded::Reminded, sign_in_news::SignInNews};
use crate::{
    engine::Engine,
    ground::{CompletionId, DeclineId, DiscussionId, LetterId, PersonId, SignatureId},
    record::Actor,
    store::{Linked as _, StoreError, Tx, change, insert_all},
};

/// A module or an agreement that is to be reviewed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToReview {
    /// Its title.
    pub title: String,
    /// By when it was to be reviewed. `None`: it is not yet.
    pub by: Option<NaiveDate>,
    /// How many of the facts that it cites were to be checked by now.
    pub facts: usize,
}

/// A group in which somebody is late.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LateGroup {
    /// Its name, after those of the groups above it.
    pub group: String,
    /// How many people are late.
    pub people: usize,
    /// By which day the oldest of what they are late with was due. `None`: the letter was written by a version that did not say it.
    #[serde(default)]
    pub since: Option<NaiveDate>,
    /// How many days before the letter was written that was.
    #[serde(default)]
    pub days: i64,
}

/// What a letter tells.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum LetterAbout {
    /// Somebody who looks after them has had a link sent with which they choose their password.
    WayIn {
        /// Their name.
        name: String,
        /// What stands at the end of the link.
        secret: String,
        /// Until when the link holds.
        until: DateTime<Utc>,
        /// Whether they have had no password before.
        first: bool,
    },
    /// Somebody, who may be they, said that they forgot their password.
    Forgotten {
        /// Their name.
        name: String,
        /// What stands at the end of the link.
        secret: String,
        /// Until when the link holds.
        until: DateTime<Utc>,
    },
    /// Their password is another one from now on.
    PasswordSet {
        /// Their name.
        name: String,
        /// Since when.
        at: DateTime<Utc>,
    },
    /// What has happened to how they sign in.
    News {
        /// Their name.
        name: String,
        /// When it happened.
        at: DateTime<Utc>,
        /// What.
        what: SignInNews,
    },
    /// Whether letters arrive at all.
    Trial {
        /// Their name.
        name: String,
    },
    /// What is wanted of them.
    Reminder {
        /// Their name.
        name: String,
        /// What, the most urgent first.
        things: Vec<Reminded>,
    },
    /// Somebody whom they look after declined to sign an agreement. It names nobody and says no reason, because others may read letters.
    Declined {
        /// Their name.
        name: String,
        /// What the agreement is called.
        title: String,
        /// Which decline.
        decline: DeclineId,
    },
    /// Somebody has signed an agreement that is submitted to a named role.
    Submitted {
        /// The name of who gets it.
        name: String,
        /// The name of who signed.
        signer: String,
        /// What the agreement is called.
        title: String,
        /// What people call the version that was signed.
        version: String,
        /// The digest of its text.
        sha256: String,
        /// The title of the role.
        role: String,
        /// Its id. Empty: the provider names no such role any more, or the letter was written by a version that did not say it.
        #[serde(default)]
        role_id: String,
        /// Whether nobody here holds the role, and it comes to who is told instead.
        instead: bool,
        /// When it was signed.
        at: DateTime<Utc>,
        /// Which signature.
        signature: SignatureId,
    },
    /// They were at a workshop, and it counts.
    Attended {
        /// Their name.
        name: String,
        /// The pass.
        completion: CompletionId,
    },
    /// Somebody marked that they worked a module through with them, and it counts once they say so.
    Discussed {
        /// Their name.
        name: String,
        /// The name of whoever marked it.
        tutor: String,
        /// On which day it was held, by what is marked.
        held_on: NaiveDate,
        /// Which discussion.
        discussion: DiscussionId,
        /// Until when they can answer.
        until: DateTime<Utc>,
    },
    /// A pass of theirs was recorded wrongly and counts no more. It says neither which nor why, because others may read letters.
    Withdrawn {
        /// Their name.
        name: String,
    },
    /// What of theirs is to be reviewed.
    Reviews {
        /// Their name.
        name: String,
        /// What, by title.
        things: Vec<ToReview>,
    },
    /// How many of the people whom they look after are late.
    Digest {
        /// Their name.
        name: String,
        /// How many people altogether.
        people: usize,
        /// How many in each group. Whoever is in several counts in each.
        groups: Vec<LateGroup>,
    },
}

impl fmt::Debug for LetterAbout {
    /// Without what it tells: it may hold a link.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("LetterAbout").field(&self.kind()).finish()
    }
}

/// What kind of letter it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LetterKind {
    /// A link to choose a password, made by somebody who looks after them.
    WayIn,
    /// A link to choose a password, because somebody said that it was forgotten.
    Forgotten,
    /// That a password was chosen.
    PasswordSet,
    /// What has happened to how somebody signs in.
    News(SignInNews),
    /// Whether letters arrive.
    Trial,
    /// What is wanted of somebody.
    Reminder,
    /// How many are late of whom somebody looks after.
    Digest,
    /// That somebody declined to sign an agreement.
    Declined,
    /// That somebody signed an agreement that is submitted to a role.
    Submitted,
    /// That somebody was at a workshop.
    Attended,
    /// That a discussion with somebody was marked as held.
    Discussed,
    /// That a pass of theirs counts no more.
    Withdrawn,
    /// What is to be reviewed.
    Reviews,
}

impl LetterKind {
    /// All of them but those of [`SignInNews`].
    pub const EVERY: [Self; 12] = [
        Self::WayIn,
        Self::Forgotten,
        Self::PasswordSet,
        Self::Trial,
        Self::Reminder,
        Self::Digest,
        Self::Declined,
        Self::Submitted,
        Self::Attended,
        Self::Discussed,
        Self::Withdrawn,
        Self::Reviews,
    ];

    /// As the database has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::WayIn => "way-in",
            Self::Forgotten => "forgotten",
            Self::PasswordSet => "password-set",
            Self::News(what) => what.name(),
            Self::Trial => "trial",
            Self::Reminder => "reminder",
            Self::Digest => "digest",
            Self::Declined => "declined",
            Self::Submitted => "submitted",
            Self::Attended => "attended",
            Self::Discussed => "discussed",
            Self::Withdrawn => "withdrawn",
            Self::Reviews => "reviews",
        }
    }

    /// What a letter of it tells, in a few words, as of somebody else.
    #[must_use]
    pub fn tells(self) -> &'static str {
        match self {
            Self::WayIn => "A link to choose a password",
            Self::Forgotten => "A link for a forgotten password",
            Self::PasswordSet => "That a password was chosen",
            Self::News(what) => what.tells(),
            Self::Trial => "A trial",
            Self::Reminder => "What is wanted of them",
            Self::Digest => "How many of their people are late",
            Self::Declined => "That somebody declined to sign",
            Self::Submitted => "That somebody signed an agreement",
            Self::Attended => "That they were at a workshop",
            Self::Discussed => "Whether a discussion was held",
            Self::Withdrawn => "That a pass of theirs no longer counts",
            Self::Reviews => "What of theirs is to be reviewed",
        }
    }

    /// The kind of that name. `None`: it is of another version.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let news = SignInNews::EVERY.map(Self::News);
        Self::EVERY.into_iter().chain(news).find(|kind| kind.name() == name)
    }
}

/// How long it is worth telling somebody what has happened: a little longer than a mail server is tried.
const NEWS: TimeDelta = TimeDelta::days(3);

impl LetterAbout {
    /// What kind of letter it is.
    #[must_use]
    pub fn kind(&self) -> LetterKind {
        match self {
            Self::WayIn { .. } => LetterKind::WayIn,
            Self::Forgotten { .. } => LetterKind::Forgotten,
            Self::PasswordSet { .. } => LetterKind::PasswordSet,
            Self::News { what, .. } => LetterKind::News(*what),
            Self::Trial { .. } => LetterKind::Trial,
            Self::Reminder { .. } => LetterKind::Reminder,
            Self::Digest { .. } => LetterKind::Digest,
            Self::Declined { .. } => LetterKind::Declined,
            Self::Submitted { .. } => LetterKind::Submitted,
            Self::Attended { .. } => LetterKind::Attended,
            Self::Discussed { .. } => LetterKind::Discussed,
            Self::Withdrawn { .. } => LetterKind::Withdrawn,
            Self::Reviews { .. } => LetterKind::Reviews,
        }
    }

    /// From when on it would tell nobody anything any more.
    fn holds_until(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            Self::WayIn { until, .. } | Self::Forgotten { until, .. } | Self::Discussed { until, .. } => *until,
            // It is handed in, and waits for a mail server where there is none yet.
            Self::Submitted { .. } => now + KEPT,
            Self::PasswordSet { .. }
            | Self::News { .. }
            | Self::Trial { .. }
            | Self::Reminder { .. }
            | Self::Digest { .. }
            | Self::Declined { .. }
            | Self::Attended { .. }
            | Self::Withdrawn { .. }
            | Self::Reviews { .. } => now + NEWS,
        }
    }
}

/// A letter to be written.
pub(crate) struct NewLetter<'l> {
    /// For whom.
    pub person: PersonId,
    pub address: &'l str,
    pub about: &'l LetterAbout,
    /// The one that was given up and that it takes the place of.
    pub instead_of: Option<LetterId>,
}

const INSERT_LETTERS: &str = "INSERT INTO letter (id, kind, person_id, address, about, message_id, instead_of, written_at, written_by, \
       holds_until, tries, next_try_at)";

const FORGET_LETTERS: &str = "DELETE FROM letter WHERE written_at < $1";

/// For how long it is kept that a letter was written: longer than any letter tells something.
const KEPT: TimeDelta = TimeDelta::days(90);

impl Engine {
    /// Writes a letter in the transaction of what it tells: it is sent if, and only if, that is committed.
    pub(crate) async fn write_letter(&self, tx: &mut Tx, new: &NewLetter<'_>, by: Actor) -> Result<(), StoreError> {
        self.write_letters(tx, std::slice::from_ref(new), by).await.map(drop)
    }

    /// The same for several letters, some hundred at most; their ids are in the same order.
    pub(crate) async fn write_letters(
        &self,
        tx: &mut Tx,
        new: &[NewLetter<'_>],
        by: Actor,
    ) -> Result<Vec<LetterId>, StoreError> {
        if new.is_empty() {
            return Ok(Vec::new());
        }
        let (now, by) = (self.clock.now(), by.to_string());
        let mut rows = Vec::with_capacity(new.len());
        for letter in new {
            let id = LetterId(self.new_id(now));
            let about = serde_json::to_string(letter.about).map_err(|_| StoreError::unreadable("letter"))?;
            let mut random = [0; 12];
            self.chance.fill(&mut random);
            rows.push((id, letter, about, format!("{}.{}", hex::encode(random), id.0.simple())));
        }
        insert_all!(tx, INSERT_LETTERS, 12, &rows, |query, row| query
            .bind(row.0)
            .bind(row.1.about.kind().name())
            .bind(row.1.person)
            .bind(row.1.address)
            .bind(&row.2)
            .bind(&row.3)
            .bind(row.1.instead_of)
            .bind(now)
            .bind(&by)
            .bind(row.1.about.holds_until(now))
            .bind(0_i64)
            .bind(now))?;
        Ok(rows.into_iter().map(|(id, ..)| id).collect())
    }

    /// Forgets letters that were written more than 90 days ago, and says how many.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub(crate) async fn forget_letters(&self) -> Result<u64, StoreError> {
        let mut tx = self.store.write().await?;
        let forgotten = change!(tx, sqlx::query(FORGET_LETTERS).bind(self.clock.now() - KEPT))?;
        tx.commit().await?;
        Ok(forgotten)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_one_name_and_it_is_what_the_row_says() {
        for kind in LetterKind::EVERY {
            assert_eq!(LetterKind::parse(kind.name()), Some(kind));
        }
        let about = LetterAbout::Trial { name: "Amy".to_owned() };
        let row: serde_json::Value = serde_json::to_value(&about).unwrap_or_default();
        assert_eq!(row["kind"], about.kind().name());
        assert_eq!(format!("{about:?}"), "LetterAbout(Trial)");
    }
}
