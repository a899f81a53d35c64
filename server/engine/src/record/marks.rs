use std::{fmt, iter::Sum};

use serde::{Deserialize, Serialize};

/// Marks, counted in hundredths, so that an answer that is right in part can earn a part. Shown as "7" or "6.5".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Marks(u32);

impl Marks {
    /// So many whole marks.
    #[must_use]
    pub fn whole(marks: u32) -> Self {
        Self(marks.saturating_mul(100))
    }

    /// So many hundredths of a mark.
    #[must_use]
    pub fn hundredths(hundredths: u32) -> Self {
        Self(hundredths)
    }

    /// How many hundredths of a mark.
    #[must_use]
    pub fn in_hundredths(self) -> u32 {
        self.0
    }

    /// The part of these marks that `right` out of `all` earns, cut to hundredths.
    #[must_use]
    pub fn share(self, right: usize, all: usize) -> Self {
        let (right, all) = (right as u64, (all as u64).max(1));
        Self(u32::try_from(u64::from(self.0) * right.min(all) / all).unwrap_or(self.0))
    }

    /// The next whole mark, when these are not whole.
    #[must_use]
    pub fn rounded_up(self) -> Self {
        Self(self.0.div_ceil(100).saturating_mul(100))
    }

    /// The fewest marks that are `percent` of these.
    #[must_use]
    pub fn at_percent(self, percent: u32) -> Self {
        Self(u32::try_from((u64::from(self.0) * u64::from(percent)).div_ceil(100)).unwrap_or(self.0))
    }
}

impl fmt::Display for Marks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0 / 100, self.0 % 100) {
            (whole, 0) => write!(f, "{whole}"),
            (whole, part) if part % 10 == 0 => write!(f, "{whole}.{}", part / 10),
            (whole, part) => write!(f, "{whole}.{part:02}"),
        }
    }
}

impl Sum for Marks {
    fn sum<I: Iterator<Item = Self>>(marks: I) -> Self {
        Self(marks.fold(0, |sum, marks| sum.saturating_add(marks.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_shown_without_needless_digits() {
        let shown: Vec<String> =
            [0, 100, 650, 1233, 705].into_iter().map(|hundredths| Marks::hundredths(hundredths).to_string()).collect();
        assert_eq!(shown, ["0", "1", "6.5", "12.33", "7.05"]);
    }

    #[test]
    fn a_share_is_never_rounded_up() {
        assert_eq!(Marks::whole(1).share(2, 3), Marks::hundredths(66));
        assert_eq!(Marks::whole(2).share(3, 3), Marks::whole(2));
    }

    #[test]
    fn what_is_needed_is_never_rounded_down() {
        assert_eq!(Marks::whole(8).at_percent(80), Marks::hundredths(640));
        assert_eq!(Marks::hundredths(333).at_percent(50), Marks::hundredths(167));
    }
}
