use chrono::{DateTime, TimeDelta, Utc};

use super::LetterAbout;
use crate::{
    engine::Engine,
    ground::{LetterId, PersonId},
    store::{Linked as _, StoreError, Tx, change, on},
};

/// A letter that whoever holds this sends, and nobody else meanwhile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterToSend {
    /// Which.
    pub id: LetterId,
    /// For whom it is.
    pub person: PersonId,
    /// Where it goes.
    pub address: String,
    /// What it tells.
    pub about: LetterAbout,
    /// The part of its `Message-ID` before the `@`: the same however often it is sent.
    pub message_id: String,
    /// When it was written.
    pub written_at: DateTime<Utc>,
    tries: i64,
    claimed_until: DateTime<Utc>,
}

/// What became of sending one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// The mail server has taken it.
    Yes,
    /// It was not taken now, and may be later: what was said.
    NotNow(String),
    /// It will never be taken: what was said.
    Never(String),
}

/// For how long whoever sends a letter has it to themselves: longer than any mail server takes.
const CLAIM: TimeDelta = TimeDelta::minutes(10);

/// How long after each try the next comes; after the last of these, as long again each time.
const WAITS: [TimeDelta; 6] = [
    TimeDelta::minutes(1),
    TimeDelta::minutes(5),
    TimeDelta::minutes(15),
    TimeDelta::hours(1),
    TimeDelta::hours(4),
    TimeDelta::hours(8),
];

/// After how many tries nobody tries any more: two days and some hours.
const MOST_TRIES: i64 = 12;

/// Why a letter was given up that nobody has tried to send in time.
const TOO_LATE: &str = "it could not be sent while it still told something";

const FIND_DUE: &str = "SELECT id, person_id, address, about, message_id, written_at, holds_until, tries FROM letter \
     WHERE next_try_at <= $1 AND NOT EXISTS (SELECT 1 FROM letter_pause WHERE ended_at IS NULL) ORDER BY next_try_at, id LIMIT $2";

/// Only if nobody else has claimed it since.
const CLAIM_LETTER: &str =
    "UPDATE letter SET tries = tries + 1, next_try_at = $3 WHERE id = $1 AND tries = $2 AND next_try_at IS NOT NULL";

/// Also by one who was taken for stopped and comes late: the mail server has it.
const NOTE_SENT: &str = "UPDATE letter SET sent_at = $2, next_try_at = NULL, about = NULL, fault = NULL \
     WHERE id = $1 AND sent_at IS NULL AND given_up_at IS NULL";

/// Only by who claimed it last.
const NOTE_FAULT: &str =
    "UPDATE letter SET next_try_at = $3, fault = $4 WHERE id = $1 AND tries = $2 AND next_try_at IS NOT NULL";

const GIVE_UP: &str = "UPDATE letter SET given_up_at = $3, next_try_at = NULL, about = NULL, fault = COALESCE(fault, $4) \
     WHERE id = $1 AND tries = $2 AND next_try_at IS NOT NULL";

const GIVE_UP_SAYING: &str = "UPDATE letter SET given_up_at = $3, next_try_at = NULL, about = NULL, fault = $4 \
     WHERE id = $1 AND tries = $2 AND next_try_at IS NOT NULL";

#[derive(sqlx::FromRow)]
struct DueRow {
    id: LetterId,
    person_id: PersonId,
    address: String,
    about: Option<String>,
    message_id: String,
    written_at: DateTime<Utc>,
    holds_until: DateTime<Utc>,
    tries: i64,
}

impl Engine {
    /// Some of the letters that are to be sent now, claimed for whoever asks; none while letters are paused. What would tell nobody anything any
    /// more, and what this version of Induct cannot read, is given up.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn claim_letters(&self, most: u32) -> Result<Vec<LetterToSend>, StoreError> {
        let now = self.clock.now();
        let mut claimed = Vec::new();
        loop {
            let due: Vec<DueRow> = {
                let mut conn = self.store.read().await?;
                on!(conn.link(), conn => sqlx::query_as(FIND_DUE).bind(now).bind(i64::from(most)).fetch_all(conn).await)?
            };
            if due.is_empty() {
                return Ok(claimed);
            }
            let claimed_until = now + CLAIM;
            let mut tx = self.store.write().await?;
            for row in due {
                let about = row.about.as_deref().and_then(|about| serde_json::from_str(about).ok());
                let Some(about) = about.filter(|_| row.holds_until > now) else {
                    change!(tx, sqlx::query(GIVE_UP).bind(row.id).bind(row.tries).bind(now).bind(TOO_LATE))?;
                    continue;
                };
                if change!(tx, sqlx::query(CLAIM_LETTER).bind(row.id).bind(row.tries).bind(claimed_until))? == 0 {
                    continue;
                }
                claimed.push(LetterToSend {
                    id: row.id,
                    person: row.person_id,
                    address: row.address,
                    about,
                    message_id: row.message_id,
                    written_at: row.written_at,
                    tries: row.tries + 1,
                    claimed_until,
                });
            }
            tx.commit().await?;
            if !claimed.is_empty() {
                return Ok(claimed);
            }
        }
    }

    /// Whether a claim still holds for long enough, so that whoever was held up does not begin to send what another sends.
    #[must_use]
    pub fn may_send(&self, letter: &LetterToSend) -> bool {
        self.clock.now() + CLAIM / 2 < letter.claimed_until
    }

    /// Gives up a letter that was claimed, in a transaction of whoever knows why it tells nothing any more.
    pub(crate) async fn give_up_letter(&self, tx: &mut Tx, letter: &LetterToSend, why: &str) -> Result<(), StoreError> {
        let now = self.clock.now();
        change!(tx, sqlx::query(GIVE_UP_SAYING).bind(letter.id).bind(letter.tries).bind(now).bind(why)).map(drop)
    }

    /// Keeps what became of a letter that was claimed. One that was not taken is tried again later, and at last given up.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails: then the letter is sent again when the claim has run out, under the same `Message-ID`.
    pub async fn note_letter(&self, letter: &LetterToSend, sent: &Sent) -> Result<(), StoreError> {
        let now = self.clock.now();
        let (id, tries) = (letter.id, letter.tries);
        let mut tx = self.store.write().await?;
        match sent {
            Sent::Yes => change!(tx, sqlx::query(NOTE_SENT).bind(id).bind(now))?,
            Sent::NotNow(fault) if tries < MOST_TRIES => {
                let place = usize::try_from(tries - 1).unwrap_or_default().min(WAITS.len() - 1);
                change!(tx, sqlx::query(NOTE_FAULT).bind(id).bind(tries).bind(now + WAITS[place]).bind(short(fault)))?
            }
            Sent::NotNow(fault) | Sent::Never(fault) => {
                change!(tx, sqlx::query(GIVE_UP_SAYING).bind(id).bind(tries).bind(now).bind(short(fault)))?
            }
        };
        tx.commit().await
    }
}

/// What a mail server said, as much as a page shows.
fn short(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(300).collect()
}
