use std::fmt;

use crate::{
    ground::{Chance, CompletionId},
    store::{Linked, StoreError, insert_all},
};

/// The code on a certificate: 16 of 32 signs, drawn by lot, so that nobody finds one by trying. Shown in groups of four.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateCode(String);

/// Crockford's base 32: nothing in it is taken for something else.
const SIGNS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

const LENGTH: usize = 16;

impl CertificateCode {
    /// Draws one.
    pub(crate) fn draw(chance: &dyn Chance) -> Self {
        let mut random = [0; LENGTH];
        chance.fill(&mut random);
        Self(random.iter().map(|byte| char::from(SIGNS[usize::from(byte % 32)])).collect())
    }

    /// Reads a code however somebody has typed it: in small letters, with blanks or dashes anywhere, with an O for a zero and an I or L for a
    /// one. `None`: it is none.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let signs = text.chars().filter(|sign| !sign.is_whitespace() && !matches!(sign, '-' | '‐'..='―' | '_' | '.'));
        let signs = signs.map(|sign| match sign.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            sign => sign,
        });
        let code: String = signs.collect();
        let good = |sign: u8| SIGNS.contains(&sign);
        (code.len() == LENGTH && code.bytes().all(good)).then_some(Self(code))
    }

    /// As addresses and the database have it: without dashes.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CertificateCode {
    /// In groups of four: `7KQ2-94XM-P3HD-0A5T`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, sign) in self.0.chars().enumerate() {
            if place > 0 && place % 4 == 0 {
                f.write_str("-")?;
            }
            write!(f, "{sign}")?;
        }
        Ok(())
    }
}

const INSERT_CERTIFICATES: &str = "INSERT INTO certificate (completion_id, code)";

/// Gives each of these completions a code.
pub(super) async fn insert_codes(
    on_what: &mut impl Linked,
    chance: &dyn Chance,
    completions: impl ExactSizeIterator<Item = CompletionId> + Send,
) -> Result<(), StoreError> {
    let drawn: Vec<(CompletionId, CertificateCode)> =
        completions.map(|completion| (completion, CertificateCode::draw(chance))).collect();
    insert_all!(on_what, INSERT_CERTIFICATES, 2, &drawn, |query, row| query.bind(row.0).bind(&row.1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::SeededChance;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = CertificateCode::draw(&SeededChance::new(7));
        let shown = code.to_string();
        assert_eq!((shown.len(), shown.matches('-').count()), (19, 3));
        for typed in [&shown, code.as_str(), &shown.to_lowercase(), &format!(" {} ", shown.replace('-', " – "))] {
            assert_eq!(CertificateCode::read(typed).as_ref(), Some(&code), "{typed}");
        }
        let read = |text| CertificateCode::read(text).map(|code| code.0);
        assert_eq!(read("OOOO IIII llll 2345").as_deref(), Some("0000111111112345"));
        for other in ["", "7KQ2", "7KQ2-94XM-P3HD-0A5TX", "7KQ2-94XM-P3HD-0A5U", "7KQ2-94XM-P3HD-0A5é"] {
            assert_eq!(read(other), None, "{other}");
        }
    }

    #[test]
    fn no_two_codes_are_alike() {
        let chance = SeededChance::new(7);
        let codes: std::collections::BTreeSet<_> = (0..1000).map(|_| CertificateCode::draw(&chance).0).collect();
        assert_eq!(codes.len(), 1000);
    }
}
