use std::fmt;

use chrono::{DateTime, Utc};
use totp_rs::{Algorithm, Builder, Secret, Totp};

use super::chance::Chance;

/// What a phone and this server both know, and from which both find the code of a moment (RFC 6238): six digits, another each half minute, by
/// SHA-1, because that is what every app does, whatever it is told.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct CodeSecret(Secret);

impl CodeSecret {
    /// 160 bits, as RFC 4226 recommends.
    const LENGTH: usize = 20;

    pub(crate) fn new(chance: &dyn Chance) -> Self {
        let mut bytes = [0; Self::LENGTH];
        chance.fill(&mut bytes);
        Self(Secret::from(bytes))
    }

    /// Reads what [`CodeSecret::written`] wrote. `None`: it is no such thing.
    pub(crate) fn parse(written: &str) -> Option<Self> {
        Secret::try_from_base32(written).ok().filter(|secret| secret.as_ref().len() == Self::LENGTH).map(Self)
    }

    /// In capitals and digits, as apps take it.
    pub(crate) fn written(&self) -> String {
        self.0.to_base32()
    }

    /// Of which step of time the code is that was typed: of this moment's, or of the one before or after it, since clocks differ and people
    /// take their time. `None`: it is of none of these.
    pub(crate) fn step_of(&self, typed: &str, now: DateTime<Utc>) -> Option<i64> {
        let now = u64::try_from(now.timestamp()).ok()?;
        self.codes().check(typed, now).and_then(|step| i64::try_from(step).ok())
    }

    /// The code of a moment, as an app shows it.
    pub(crate) fn code_at(&self, moment: DateTime<Utc>) -> String {
        self.codes().generate(u64::try_from(moment.timestamp()).unwrap_or_default()).to_string()
    }

    fn codes(&self) -> Totp {
        Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(6)
            .with_skew(1)
            .with_step_duration(30)
            .with_secret(self.0.clone())
            .build_noncompliant()
    }
}

impl fmt::Debug for CodeSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CodeSecret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::SeededChance;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    /// RFC 6238, appendix B, of whose eight digits the last six are these.
    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = CodeSecret(Secret::from(*b"12345678901234567890"));
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(secret.code_at(at(seconds)), code);
            assert_eq!(secret.step_of(code, at(seconds)), Some(seconds / 30), "{code}");
        }
    }

    #[test]
    fn a_code_holds_one_step_either_way_and_no_further() {
        let secret = CodeSecret::new(&SeededChance::new(1));
        let code = secret.code_at(at(1_000_000_020));
        let step = Some(1_000_000_020 / 30);
        for (later, found) in [(-31, None), (-30, step), (0, step), (59, step), (60, None)] {
            assert_eq!(secret.step_of(&code, at(1_000_000_020 + later)), found, "{later}");
        }
        for other in ["", "12345", "1234567", "abcdef", "１２３４５６"] {
            assert_eq!(secret.step_of(other, at(1_000_000_020)), None, "{other}");
        }
    }

    #[test]
    fn what_is_written_is_read_again_and_nothing_else_is() {
        let secret = CodeSecret::new(&SeededChance::new(1));
        assert_eq!(secret.written().len(), 32);
        assert_eq!(CodeSecret::parse(&secret.written()), Some(secret.clone()));
        for other in ["", "A", "AAAAAAAA", "not base 32", &secret.written()[1..]] {
            assert_eq!(CodeSecret::parse(other), None, "{other}");
        }
        assert_eq!(format!("{secret:?}"), "CodeSecret(…)");
    }
}
