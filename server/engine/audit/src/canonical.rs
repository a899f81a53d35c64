//! Canonical JSON (RFC 8785), the only form in which anything is committed to.

use serde::{Serialize, de::DeserializeOwned};

/// Bytes that are not the canonical form of what they say, or that say nothing that is known.
#[derive(Debug, thiserror::Error)]
pub enum NotCanonical {
    /// They are no JSON, or not of the shape that was expected.
    #[error("it cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// They say the same in other bytes: doubled keys, another order, spaces, numbers or characters written otherwise.
    #[error("it is not written in its canonical form")]
    WrittenOtherwise,
}

/// The canonical form of a value.
///
/// # Errors
/// [`NotCanonical::Unreadable`] when the value has none, as a number that is not finite.
pub fn to_canonical(value: &impl Serialize) -> Result<Vec<u8>, NotCanonical> {
    Ok(serde_json_canonicalizer::to_vec(value)?)
}

/// Reads a value from its canonical form, and from nothing else.
///
/// # Errors
/// [`NotCanonical`] says what is wrong with the bytes.
pub fn from_canonical<T: DeserializeOwned + Serialize>(bytes: &[u8]) -> Result<T, NotCanonical> {
    let value: T = serde_json::from_slice(bytes)?;
    if to_canonical(&value)? == bytes { Ok(value) } else { Err(NotCanonical::WrittenOtherwise) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn one_value_has_one_form() {
        let read = |text: &str| from_canonical::<BTreeMap<String, u64>>(text.as_bytes());
        assert_eq!(read(r#"{"a":1,"b":2}"#).unwrap().len(), 2);
        for wrong in [
            r#"{"b":2,"a":1}"#,
            r#"{"a":1,"a":1}"#,
            r#"{"a": 1}"#,
            r#"{"a":1.0}"#,
            r#"{"\u0061":1}"#,
            r#"{"a":1} "#,
            r#"{"a":-0}"#,
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    /// The example of RFC 8785, section 3.2.3, and its order by UTF-16 code units.
    #[test]
    fn keys_are_sorted_by_their_utf_16_code_units() {
        let value: serde_json::Value = serde_json::from_str(
            r#"{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}"#,
        )
        .unwrap();
        let written = String::from_utf8(to_canonical(&value).unwrap()).unwrap();
        let order: Vec<usize> = ["Carriage", "One", "Control", "Latin", "Euro", "Emoji", "Hebrew"]
            .iter()
            .map(|word| written.find(word).unwrap())
            .collect();
        assert!(order.is_sorted(), "{written}");
    }
}
