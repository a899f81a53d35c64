use leptos::prelude::*;

use crate::pages::parts::{Mark, listed, mark};

/// So many values that cannot be read are said, each with so many letters: an address may hold anything.
const MOST: usize = 5;
const LETTERS: usize = 40;

/// What an address asks for that cannot be read, and so is left out: of what it should name one, and what stands there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeftOut(Vec<(&'static str, String)>);

impl LeftOut {
    /// Hands on what was read of a value. A value in which nothing could be read is kept, to be said; what is empty asks for nothing.
    /// `what`: of what it should name one, such as "status".
    pub fn unless_read<T>(&mut self, what: &'static str, value: &str, read: Option<T>) -> Option<T> {
        if read.is_none() && !value.is_empty() && self.0.len() < MOST {
            self.0.push((what, value.chars().take(LETTERS).collect()));
        }
        read
    }

    /// Whether everything could be read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What was left out, in a sentence. `None`: nothing.
    #[must_use]
    pub fn said(&self) -> Option<String> {
        let named: Vec<String> = self.0.iter().map(|(what, value)| format!("no {what} “{value}”")).collect();
        let rest = match named.len() {
            0 => return None,
            1 => "it was left out",
            _ => "these were left out",
        };
        Some(format!("There is {}, so {rest} of the sentence.", listed(&named)))
    }

    /// The sentence, in front of the one that it concerns.
    pub(super) fn note(&self) -> Option<impl IntoView + use<>> {
        let said = self.said()?;
        Some(view! { <p class="said warned" role="alert">{mark(Mark::Warning)} " " <span>{said}</span></p> })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_said_and_what_is_empty_is_not() {
        let mut left_out = LeftOut::default();
        assert_eq!(left_out.unless_read("group", "7", Some(7)), Some(7));
        assert_eq!(left_out.unless_read::<u32>("group", "", None), None);
        assert!(left_out.is_empty() && left_out.said().is_none());
        assert_eq!(left_out.unless_read::<u32>("status", "late", None), None);
        assert_eq!(left_out.said().as_deref(), Some("There is no status “late”, so it was left out of the sentence."));
        left_out.unless_read::<u32>("group", &"n".repeat(50), None);
        let both = format!(
            "There is no status “late” and no group “{}”, so these were left out of the sentence.",
            "n".repeat(LETTERS)
        );
        assert_eq!(left_out.said(), Some(both));
        for _ in 0..9 {
            left_out.unless_read::<u32>("person", "?", None);
        }
        assert_eq!(left_out.said().unwrap_or_default().matches("no person").count(), MOST - 2);
    }
}
