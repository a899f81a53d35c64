//! Chance that is the same in every run.

/// Chance that is the same in every run: xorshift.
pub struct Random(pub u64);

impl Random {
    /// A number from 0 up to, and without, `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33).expect("31 bits") % end.max(1)
    }

    /// A number from `fewest` to `most`.
    pub fn between(&mut self, fewest: usize, most: usize) -> usize {
        fewest + self.below(most + 1 - fewest)
    }

    /// True in one of so many cases.
    pub fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }
}
