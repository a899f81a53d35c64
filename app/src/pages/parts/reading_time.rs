/// How many words an adult reader of little practice reads in a minute. The middle of what is measured for silent reading is 238
/// (M. Brysbaert, "How many words do we read per minute?", Journal of Memory and Language 109, 2019).
const WORDS_IN_A_MINUTE: usize = 170;

/// How many minutes it takes to read so many words; at least one.
pub const fn minutes_to_read(words: usize) -> usize {
    let minutes = words.div_ceil(WORDS_IN_A_MINUTE);
    if minutes == 0 { 1 } else { minutes }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_of_a_minute_is_one() {
        assert_eq!([0, 1, 170, 171].map(minutes_to_read), [1, 1, 1, 2]);
    }
}
