//! The limits on trying. Whoever tries waits in line, is slowed down after some failures, and is refused after more. A try that is
//! under way is no failure, and nothing is noted of one that succeeds.
//!
//! Failures stand in the database, and hold for every server on it; lines are each server's own.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::sign_in::SignInError;
use crate::{
    engine::Engine,
    ground::{PasswordError, Rule, Turn},
    store::{Linked, StoreError, change, change_one, on},
};

/// Failures are counted over this span.
const SPAN: TimeDelta = TimeDelta::minutes(15);

/// For one account at one place, so that somebody who tries there leaves something for the account's owner elsewhere.
const MOST_AT_PLACE: i64 = 8;

/// For one account from anywhere.
const MOST_ANYWHERE: i64 = 10;

/// For one account on a device that is let through whatever strangers have tried. With the others that makes 14 in a quarter of an
/// hour: under one a minute, whoever tries.
const MOST_ON_DEVICE: i64 = 4;

/// How many milliseconds a try waits after so many failures of its account; the last holds from then on. Somebody who mistypes hardly
/// notices, and a script takes its time.
const SLOWER: [u64; 7] = [0, 0, 0, 250, 500, 1000, 2000];

/// One try of an account after the other: of many at once, each knows how those before it ended.
const ACCOUNT_LINE: Rule = Rule { abreast: 1, waiting: 50, patience: Duration::from_secs(20) };

/// So many tries of one place at once are a full house signing in; more are turned away, so that one place cannot keep all others
/// waiting.
const PLACE_LINE: Rule = Rule { abreast: 400, waiting: 0, patience: Duration::ZERO };

/// After so many failures at one place, whoever comes there with a device that is not known goes through a narrow door.
const NARROW_AFTER: i64 = 150;

/// Whoever gets it right goes through at once; a failure keeps its part of the door shut for [`SHUT_FOR`]. So somebody who tries one
/// password on many accounts gets 24 tries a minute at all accounts together, and a class at the same place is not locked out.
const NARROW_LINE: Rule = Rule { abreast: 4, waiting: 400, patience: Duration::from_secs(20) };

const SHUT_FOR: Duration = Duration::from_secs(10);

/// After this long nothing is left of a failure.
const KEPT: TimeDelta = TimeDelta::days(1);

const COUNT_ON_DEVICE: &str =
    "SELECT COUNT(*), MIN(failed_at) FROM sign_in_failure WHERE account = $1 AND device = $2 AND failed_at > $3";

/// What failed on a device that was let through is none of the strangers'.
const COUNT_FAILURES: &str = "SELECT \
     COUNT(CASE WHEN account = $1 AND place = $2 THEN 1 END) AS here, \
     MIN(CASE WHEN account = $1 AND place = $2 THEN failed_at END) AS first_here, \
     COUNT(CASE WHEN account = $1 THEN 1 END) AS anywhere, \
     MIN(CASE WHEN account = $1 THEN failed_at END) AS first_anywhere, \
     COUNT(CASE WHEN place = $2 THEN 1 END) AS of_place \
     FROM sign_in_failure WHERE (account = $1 OR place = $2) AND device IS NULL AND failed_at > $3";

#[derive(sqlx::FromRow)]
struct Failures {
    here: i64,
    first_here: Option<DateTime<Utc>>,
    anywhere: i64,
    first_anywhere: Option<DateTime<Utc>>,
    of_place: i64,
}

const INSERT_FAILURE: &str =
    "INSERT INTO sign_in_failure (id, account, place, device, failed_at) VALUES ($1, $2, $3, $4, $5)";

const FORGET_FAILURES: &str = "DELETE FROM sign_in_failure WHERE failed_at < $1";

/// Who tries to sign in from where, as digests: none of it is kept as it is.
#[derive(Clone)]
pub(super) struct Try {
    pub(super) account: String,
    pub(super) place: String,
    /// The device, if this account has been signed in with it before.
    pub(super) known_device: Option<String>,
}

impl Try {
    pub(super) fn account_in_log(&self) -> &str {
        in_log(&self.account)
    }

    pub(super) fn place_in_log(&self) -> &str {
        in_log(&self.place)
    }
}

/// As much of a digest as it takes to find in a log what belongs together.
fn in_log(digest: &str) -> &str {
    digest.get(..16).unwrap_or(digest)
}

/// What was shown to get in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    Password,
    Code,
}

/// A try that may go on. Whoever is next waits until it is dropped.
pub(super) struct Admitted {
    made: Try,
    /// Whether it was let through because the device is known.
    by_device: bool,
    turns: Vec<Turn>,
    narrow: Option<Turn>,
}

impl Engine {
    /// Waits in line, and refuses after too many failures.
    pub(super) async fn admit(&self, made: Try) -> Result<Admitted, SignInError> {
        let mut device_again = None;
        if let Some(device) = &made.known_device {
            let turn = self.enter(format!("device {device} {}", made.account), ACCOUNT_LINE).await?;
            let (failed, first) = self.count_on_device(device, &made.account).await?;
            if failed < MOST_ON_DEVICE {
                return Ok(Admitted { made, by_device: true, turns: vec![turn], narrow: None });
            }
            device_again = first.map(|first| first + SPAN);
        }
        let at_place = self.enter(format!("place {}", made.place), PLACE_LINE).await?;
        let of_account = self.enter(format!("account {}", made.account), ACCOUNT_LINE).await?;
        let failures = self.count_failures(&made).await?;
        if let Some(until) = refused_until(&failures) {
            let (account, place) = (made.account_in_log(), made.place_in_log());
            tracing::warn!(target: "security", account, place, "a try to sign in was refused: there were too many");
            // Whichever lets them through sooner.
            let until = device_again.map_or(until, |device| device.min(until));
            return Err(SignInError::TooMany { retry_at: until + self.ahead() });
        }
        let slower = usize::try_from(failures.anywhere).unwrap_or_default().min(SLOWER.len() - 1);
        if SLOWER[slower] > 0 {
            self.clock.pause(Duration::from_millis(SLOWER[slower])).await;
        }
        let narrow = if failures.of_place >= NARROW_AFTER {
            Some(self.enter(format!("narrow {}", made.place), NARROW_LINE).await?)
        } else {
            None
        };
        Ok(Admitted { made, by_device: false, turns: vec![at_place, of_account], narrow })
    }

    /// Whether the password is the one that was hashed; a failure is noted.
    pub(super) async fn verify(
        &self,
        admitted: Admitted,
        password: &str,
        hash: Option<String>,
    ) -> Result<(), SignInError> {
        let (engine, password) = (self.clone(), password.to_owned());
        self.finish(admitted, Shown::Password, async move { Ok(engine.hasher.verify(&password, hash).await?) }).await
    }

    /// Whether what was shown is right, as `look` finds; a failure is noted. It is finished whatever becomes of whoever asked: who hangs
    /// up in time must not get away with a failure, and who is cut off has not failed.
    pub(super) async fn finish(
        &self,
        admitted: Admitted,
        shown: Shown,
        look: impl Future<Output = Result<bool, SignInError>> + Send + 'static,
    ) -> Result<(), SignInError> {
        let engine = self.clone();
        let verified = tokio::spawn(async move {
            let Admitted { made, by_device, turns, narrow } = admitted;
            if look.await? {
                return Ok(());
            }
            let (account, place) = (made.account_in_log(), made.place_in_log());
            match shown {
                Shown::Password => {
                    tracing::info!(target: "security", account, place, by_device, "a password was wrong");
                }
                Shown::Code => tracing::info!(target: "security", account, place, by_device, "a code was wrong"),
            }
            engine.note_failure(&made, by_device).await?;
            drop(turns);
            if let Some(narrow) = narrow {
                let pause = engine.clock.pause(SHUT_FOR);
                tokio::spawn(async move {
                    pause.await;
                    drop(narrow);
                });
            }
            Err(SignInError::Wrong)
        });
        verified.await.unwrap_or(Err(SignInError::Password(PasswordError::Failed)))
    }

    async fn enter(&self, name: String, rule: Rule) -> Result<Turn, SignInError> {
        self.lines.enter(name, rule).await.ok_or(SignInError::Password(PasswordError::Busy))
    }

    async fn note_failure(&self, made: &Try, by_device: bool) -> Result<(), StoreError> {
        let now = self.steady_now();
        let device = made.known_device.as_ref().filter(|_| by_device);
        let mut tx = self.store.write().await?;
        change_one!(
            tx,
            sqlx::query(INSERT_FAILURE)
                .bind(self.new_id(now))
                .bind(&made.account)
                .bind(&made.place)
                .bind(device)
                .bind(now)
        )?;
        change!(tx, sqlx::query(FORGET_FAILURES).bind(now - KEPT))?;
        tx.commit().await
    }

    /// How often it failed on a device, and when first.
    async fn count_on_device(&self, device: &str, account: &str) -> Result<(i64, Option<DateTime<Utc>>), StoreError> {
        let mut conn = self.store.read().await?;
        on!(conn.link(), conn => sqlx::query_as(COUNT_ON_DEVICE)
            .bind(account).bind(device).bind(self.steady_now() - SPAN).fetch_one(conn).await)
    }

    async fn count_failures(&self, made: &Try) -> Result<Failures, StoreError> {
        let mut conn = self.store.read().await?;
        on!(conn.link(), conn => sqlx::query_as(COUNT_FAILURES)
            .bind(&made.account).bind(&made.place).bind(self.steady_now() - SPAN).fetch_one(conn).await)
    }
}

/// When the next try is allowed, if this one is not.
fn refused_until(failures: &Failures) -> Option<DateTime<Utc>> {
    let here = failures.first_here.filter(|_| failures.here >= MOST_AT_PLACE);
    let anywhere = failures.first_anywhere.filter(|_| failures.anywhere >= MOST_ANYWHERE);
    here.max(anywhere).map(|first| first + SPAN)
}
