use chrono::TimeDelta;

/// Numbers that follow from a seed, for what is made up: SplitMix64 (Steele, Lea and Flood, 2014), small, and the same in any language.
/// Whoever knows one of them knows the next; what must not be guessed is drawn from [`super::Chance`].
pub(crate) struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to one below `most`.
    pub fn below(&mut self, most: u32) -> u32 {
        u32::try_from(self.next() % u64::from(most.max(1))).unwrap_or_default()
    }

    /// True in so many of a hundred cases.
    pub fn in_hundred(&mut self, cases: u32) -> bool {
        self.below(100) < cases
    }

    /// So many days, fewer than `most`.
    pub fn days(&mut self, most: u32) -> TimeDelta {
        TimeDelta::days(i64::from(self.below(most)))
    }
}
