//! What somebody shows besides their password: a code that their phone finds, or one of ten that were made for when it is gone.

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    Person,
    correct_details::find_details,
    sign_in::{Caller, SignInError},
    tell::tell_news,
    try_sign_in::{Shown, Try},
};
use crate::{
    engine::Engine,
    ground::{CodeSecret, FactorId, InstallationKey, PersonId},
    mail::SignInNews,
    record::Actor,
    store::{Linked, StoreError, Tx, change, change_one, insert_all, on},
};

/// How somebody stands with a second factor, as they see it themselves.
#[derive(Clone, PartialEq, Eq)]
pub enum SecondFactor {
    /// They have none.
    Nothing,
    /// They are setting one up: it counts for nothing yet.
    BeingSetUp {
        /// What their phone is to know, as it is typed.
        secret: String,
        /// The same as an address that an app opens, with whose code it is.
        address: String,
    },
    /// It is asked of them when they sign in.
    SetUp {
        /// Since when.
        since: DateTime<Utc>,
        /// How many of their recovery codes they have not used.
        recovery_codes: u32,
    },
}

impl std::fmt::Debug for SecondFactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Nothing => "Nothing",
            Self::BeingSetUp { .. } => "BeingSetUp(…)",
            Self::SetUp { .. } => "SetUp",
        })
    }
}

/// How many recovery codes are made at once.
pub(super) const RECOVERY_CODES: usize = 10;

/// After so many wrong codes without a right one in between somebody is told that their password is known: hardly anybody mistypes that often.
const GUESSES_TOLD: i64 = 10;

/// After so many no code of a phone is taken on devices that are not known, nor, after as many there, on those that are: of a million codes three
/// are right at a time, so that all of these find one with a chance of one in three thousand, however long somebody tries. NIST SP 800-63B allows 100
/// in a row. Whoever keeps an owner from their codes this way does not keep them out: recovery codes are taken, and right codes on a known device.
const MOST_GUESSES: i64 = 50;

/// Digits, so that a phone shows the same keys for them as for other codes: 40 bits, which nobody finds by trying. So who tries them at one place
/// is limited there, and keeps nobody out anywhere else.
const RECOVERY_DIGITS: u32 = 12;

/// For so long a second factor can be confirmed that somebody began to set up.
pub(super) const SETTING_UP: TimeDelta = TimeDelta::minutes(30);

const FIND_FACTOR: &str = "SELECT id, secret, recorded_at, confirmed_at, guesses, guesses_known FROM second_factor WHERE person_id = $1 AND ended_at IS NULL";

const FIND_FACTOR_THAT_COUNTS: &str =
    "SELECT id FROM second_factor WHERE person_id = $1 AND ended_at IS NULL AND confirmed_at IS NOT NULL";

const COUNT_RECOVERY_CODES: &str = "SELECT COUNT(*) FROM recovery_code WHERE person_id = $1 AND used_at IS NULL";

const TAKE_STEP: &str = "UPDATE second_factor SET last_step = $2, guesses = 0, guesses_known = 0 WHERE id = $1 AND ended_at IS NULL AND (last_step IS NULL OR last_step < $2)";

const TAKE_RECOVERY_CODE: &str =
    "UPDATE recovery_code SET used_at = $3 WHERE digest = $1 AND factor_id = $2 AND used_at IS NULL";

const FORGET_GUESSES: &str = "UPDATE second_factor SET guesses = 0, guesses_known = 0 WHERE id = $1";

const COUNT_GUESS: &str = "UPDATE second_factor SET guesses = guesses + $2, guesses_known = guesses_known + $3 WHERE id = $1 AND ended_at IS NULL";

const DELETE_RECOVERY_CODES: &str = "DELETE FROM recovery_code WHERE person_id = $1";

const INSERT_RECOVERY_CODES: &str = "INSERT INTO recovery_code (digest, person_id, factor_id)";

const END_FACTOR: &str =
    "UPDATE second_factor SET secret = NULL, ended_at = $2, ended_by = $3 WHERE person_id = $1 AND ended_at IS NULL";

const COUNT_SHORT_PASSWORD: &str = "SELECT COUNT(*) FROM password WHERE person_id = $1 AND beside_factor";

const TAKE_SHORT_PASSWORD: &str = "DELETE FROM password WHERE person_id = $1 AND beside_factor";

#[derive(sqlx::FromRow)]
struct FactorRow {
    id: FactorId,
    secret: Option<String>,
    recorded_at: DateTime<Utc>,
    confirmed_at: Option<DateTime<Utc>>,
    guesses: i64,
    guesses_known: i64,
}

/// A second factor that has not ended.
pub(super) struct Factor {
    pub(super) id: FactorId,
    pub(super) secret: CodeSecret,
    pub(super) recorded_at: DateTime<Utc>,
    /// Since when it counts. `None`: it does not yet.
    pub(super) confirmed_at: Option<DateTime<Utc>>,
    /// How many codes were wrong since one was right, on devices that were not known.
    guesses: i64,
    /// The same on those that were.
    guesses_known: i64,
}

/// As what a secret is sealed, so that it opens as nothing else.
const KIND: &str = "second factor";

pub(super) fn sealed(engine: &Engine, key: &InstallationKey, id: FactorId, secret: &CodeSecret) -> Option<String> {
    key.seal(&*engine.chance, KIND, &id.to_string(), &secret.written())
}

/// The second factor of somebody, whether or not it counts yet.
pub(super) async fn find_factor(
    on_what: &mut impl Linked,
    key: &InstallationKey,
    person: PersonId,
) -> Result<Option<Factor>, StoreError> {
    let row: Option<FactorRow> =
        on!(on_what.link(), conn => sqlx::query_as(FIND_FACTOR).bind(person).fetch_optional(conn).await)?;
    let Some(row) = row else { return Ok(None) };
    let opened = row.secret.as_ref().and_then(|secret| key.open(KIND, &row.id.to_string(), secret));
    let secret = opened.and_then(|written| CodeSecret::parse(&written));
    let secret = secret.ok_or_else(|| StoreError::unreadable("second factor"))?;
    let FactorRow { id, recorded_at, confirmed_at, guesses, guesses_known, .. } = row;
    Ok(Some(Factor { id, secret, recorded_at, confirmed_at, guesses, guesses_known }))
}

/// Which second factor of somebody's counts. `None`: none does.
pub(super) async fn factor_that_counts(
    on_what: &mut impl Linked,
    person: PersonId,
) -> Result<Option<FactorId>, StoreError> {
    on!(on_what.link(), conn => sqlx::query_scalar(FIND_FACTOR_THAT_COUNTS).bind(person).fetch_optional(conn).await)
}

/// Whether somebody's password is too short to be enough without their second factor.
pub(super) async fn has_short_password(on_what: &mut impl Linked, person: PersonId) -> Result<bool, StoreError> {
    let short: i64 =
        on!(on_what.link(), conn => sqlx::query_scalar(COUNT_SHORT_PASSWORD).bind(person).fetch_one(conn).await)?;
    Ok(short > 0)
}

/// The code that a phone shows at a moment which knows this secret: for tests.
#[doc(hidden)]
#[must_use]
pub fn code_of(secret: &str, moment: DateTime<Utc>) -> Option<String> {
    CodeSecret::parse(secret).map(|secret| secret.code_at(moment))
}

/// What an app opens, or reads from a picture, to know a secret and what to call it: the form that all of them have taken from the first.
fn app_address(secret: &str, organisation: &str, account: &str) -> String {
    let encoded = |text: &str| {
        // A colon stands between the two names.
        let text = text.replace(':', " ");
        form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
    };
    let (organisation, account) = (encoded(organisation), encoded(account));
    format!("otpauth://totp/{organisation}:{account}?secret={secret}&issuer={organisation}")
}

/// A code as it was typed, without what people put between its digits.
fn digits(typed: &str) -> String {
    typed.chars().filter(|character| !character.is_whitespace() && !"-\u{2013}".contains(*character)).collect()
}

/// Whether digits can be a recovery code, and no code of a phone.
fn is_recovery_code(digits: &str) -> bool {
    digits.len() == RECOVERY_DIGITS as usize
}

/// What is kept of a recovery code.
fn recovery_digest(key: &InstallationKey, factor: FactorId, code: &str) -> String {
    key.digest("recovery code", &format!("{factor} {code}")).to_string()
}

impl Engine {
    /// How somebody stands with their second factor.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn second_factor(&self, person: &Person) -> Result<SecondFactor, StoreError> {
        let key = self.installation_key().await?;
        let mut conn = self.store.read().await?;
        let Some(factor) = find_factor(&mut conn, key, person.id).await? else { return Ok(SecondFactor::Nothing) };
        let Some(since) = factor.confirmed_at else {
            if factor.recorded_at + SETTING_UP <= self.clock.now() {
                return Ok(SecondFactor::Nothing);
            }
            let secret = factor.secret.written();
            let account = find_details(&mut conn, person.id).await?.and_then(|details| details.email);
            let address = app_address(&secret, &self.catalogue().organisation.name, &account.unwrap_or_default());
            return Ok(SecondFactor::BeingSetUp { secret, address });
        };
        let left: i64 = on!(conn.link(), conn => sqlx::query_scalar(COUNT_RECOVERY_CODES)
            .bind(person.id).fetch_one(conn).await)?;
        Ok(SecondFactor::SetUp { since, recovery_codes: u32::try_from(left).unwrap_or_default() })
    }

    /// Whether a code is of this person's second factor, which it then is once; of which factor. A wrong one counts as a wrong password does,
    /// though apart from these: whoever does not know the password has no way to try codes, and so cannot keep anybody out. Whoever does cannot, either:
    /// recovery codes are limited by place alone.
    pub(super) async fn show_code(
        &self,
        person: PersonId,
        typed: &str,
        caller: &Caller,
        known_device: Option<String>,
    ) -> Result<FactorId, SignInError> {
        let key = self.installation_key().await?;
        let (typed, is_known, place) = (digits(typed), known_device.is_some(), self.place(caller).await?);
        let account = if is_recovery_code(&typed) {
            key.digest("recovery codes of", &format!("{person} at {place}"))
        } else {
            key.digest("codes of", &person.to_string())
        };
        let admitted = self.admit(Try { account: account.to_string(), place, known_device }).await?;
        let factor = factor_that_counts(&mut self.store.read().await?, person).await?.ok_or(SignInError::Wrong)?;
        let engine = self.clone();
        let look = async move { engine.take_code(person, factor, &typed, is_known).await };
        self.finish(admitted, Shown::Code, look).await?;
        Ok(factor)
    }

    /// Takes a code, if it is of this second factor and was not taken before; counts it if it is wrong.
    async fn take_code(
        &self,
        person: PersonId,
        id: FactorId,
        typed: &str,
        is_known: bool,
    ) -> Result<bool, SignInError> {
        let now = self.clock.now();
        let key = self.installation_key().await?;
        let mut tx = self.store.write_for(person).await?;
        tx.lock_person(person).await?;
        let factor = find_factor(&mut tx, key, person).await?;
        let Some(factor) = factor.filter(|factor| factor.id == id) else { return Ok(false) };
        let by = Actor::Person(person);
        if is_recovery_code(typed) {
            let digest = recovery_digest(key, id, typed);
            if change!(tx, sqlx::query(TAKE_RECOVERY_CODE).bind(digest).bind(id).bind(now))? > 0 {
                change_one!(tx, sqlx::query(FORGET_GUESSES).bind(id))?;
                tell_news(self, &mut tx, person, by, SignInNews::RecoveryCodeUsed).await?;
                tx.commit().await?;
                tracing::warn!(target: "security", %person, "a recovery code was used");
                return Ok(true);
            }
        } else {
            let guesses = if is_known { factor.guesses_known } else { factor.guesses };
            if guesses >= MOST_GUESSES {
                return Err(SignInError::CodesUsedUp);
            }
            if let Some(step) = factor.secret.step_of(typed, now)
                && change!(tx, sqlx::query(TAKE_STEP).bind(id).bind(step))? > 0
            {
                tx.commit().await?;
                return Ok(true);
            }
        }
        self.count_guess(&mut tx, person, &factor, is_known).await?;
        tx.commit().await?;
        Ok(false)
    }

    /// Counts a code that was wrong. Whose it should have been is told when these are many, and when they are so many that none is taken any more.
    async fn count_guess(
        &self,
        tx: &mut Tx,
        person: PersonId,
        factor: &Factor,
        is_known: bool,
    ) -> Result<(), StoreError> {
        change_one!(tx, sqlx::query(COUNT_GUESS).bind(factor.id).bind(i64::from(!is_known)).bind(i64::from(is_known)))?;
        let guesses = 1 + if is_known { factor.guesses_known } else { factor.guesses };
        let what = match guesses {
            GUESSES_TOLD => SignInNews::CodesGuessed,
            MOST_GUESSES => SignInNews::CodesUsedUp,
            _ => return Ok(()),
        };
        tracing::warn!(target: "security", %person, guesses, is_known, "many wrong codes were typed by somebody who knows the password");
        tell_news(self, tx, person, Actor::Server, what).await
    }

    /// Makes recovery codes in place of those that somebody had, in a transaction that has locked them. They are written as people read them.
    pub(super) async fn make_recovery_codes(
        &self,
        tx: &mut Tx,
        key: &InstallationKey,
        person: PersonId,
        factor: FactorId,
    ) -> Result<Vec<String>, StoreError> {
        change!(tx, sqlx::query(DELETE_RECOVERY_CODES).bind(person))?;
        let codes: Vec<String> = std::iter::repeat_with(|| self.recovery_code()).take(RECOVERY_CODES).collect();
        let rows: Vec<String> = codes.iter().map(|code| recovery_digest(key, factor, &digits(code))).collect();
        insert_all!(tx, INSERT_RECOVERY_CODES, 3, &rows, |query, digest| query.bind(digest).bind(person).bind(factor))?;
        Ok(codes)
    }

    fn recovery_code(&self) -> String {
        let mut random = [0; 16];
        self.chance.fill(&mut random);
        let code = u128::from_be_bytes(random) % 10_u128.pow(RECOVERY_DIGITS);
        let code = format!("{code:0width$}", width = RECOVERY_DIGITS as usize);
        format!("{} {} {}", &code[..4], &code[4..8], &code[8..])
    }

    /// Ends the second factor of somebody, in a transaction that has locked them, and tells them by letter if it counted. A password that is too
    /// short to be enough alone goes with it: they choose another by a link. `false`: they had none that did.
    pub(super) async fn end_factor_of(&self, tx: &mut Tx, person: PersonId, by: Actor) -> Result<bool, StoreError> {
        let (now, counted) = (self.clock.now(), factor_that_counts(tx, person).await?.is_some());
        change!(tx, sqlx::query(DELETE_RECOVERY_CODES).bind(person))?;
        if change!(tx, sqlx::query(TAKE_SHORT_PASSWORD).bind(person))? > 0 {
            tracing::warn!(target: "security", %person, %by, "a password went with the second factor that it needed beside it");
        }
        change!(tx, sqlx::query(END_FACTOR).bind(person).bind(now).bind(by.to_string()))?;
        if counted {
            tell_news(self, tx, person, by, SignInNews::CodesOff).await?;
        }
        Ok(counted)
    }

    /// A second factor begins to count, and its first code is taken.
    pub(super) async fn confirm(&self, tx: &mut Tx, factor: FactorId, step: i64) -> Result<(), StoreError> {
        change_one!(tx, sqlx::query(CONFIRM_FACTOR).bind(factor).bind(self.clock.now()).bind(step))
    }
}

const CONFIRM_FACTOR: &str = "UPDATE second_factor SET confirmed_at = $2, last_step = $3 WHERE id = $1";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_app_is_told_whose_codes_these_are() {
        assert_eq!(
            app_address("ABC", "Northfield: Training & Co", "amy+1@northfield.example"),
            "otpauth://totp/Northfield%20%20Training%20%26%20Co:amy%2B1%40northfield.example?secret=ABC\
             &issuer=Northfield%20%20Training%20%26%20Co"
        );
    }

    #[test]
    fn what_people_put_between_digits_does_not_count() {
        for typed in ["1234 5678 9012", "1234-5678-9012", " 123456789012\n", "1234\u{a0}5678\u{2013}9012"] {
            assert_eq!(digits(typed), "123456789012");
        }
    }
}
