//! "Did you mean …?"

/// The candidate that is fewest edits away from what was written, if that is close enough to have been meant. Only the first few
/// hundred are looked at.
pub(crate) fn nearest<'c>(written: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    /// Among more than that nobody would look for it one by one either.
    const MOST: usize = 500;
    let length = written.chars().count();
    let allowed = ((length + 1) / 3).max(1);
    candidates
        .into_iter()
        .take(MOST)
        // A text that is so much longer or shorter is that many edits away.
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= allowed)
        .map(|candidate| (edits(written, candidate), candidate))
        .filter(|&(edits, candidate)| edits <= allowed && edits < candidate.chars().count())
        .min_by_key(|&(edits, _)| edits)
        .map(|(_, candidate)| candidate)
}

/// "Did you mean `x`?" when something is near, otherwise the given sentence.
pub(crate) fn did_you_mean<'c>(
    written: &str,
    candidates: impl IntoIterator<Item = &'c str>,
    otherwise: impl Into<String>,
) -> String {
    match nearest(written, candidates) {
        Some(candidate) => format!("Did you mean `{candidate}`?"),
        None => otherwise.into(),
    }
}

/// The Levenshtein distance in characters. Very long texts count as far away, so that the work stays small.
fn edits(from: &str, to: &str) -> usize {
    const LONGEST: usize = 100;
    if from.len() > LONGEST || to.len() > LONGEST {
        return usize::MAX;
    }
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (deleted, from_char) in from.chars().enumerate() {
        let mut diagonal = deleted;
        row[0] = deleted + 1;
        for (index, &to_char) in to.iter().enumerate() {
            let substituted = diagonal + usize::from(from_char != to_char);
            diagonal = row[index + 1];
            row[index + 1] = substituted.min(diagonal + 1).min(row[index] + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_is_recognised_and_another_word_is_not() {
        let keys = ["title", "summary", "audience"];
        assert_eq!(nearest("tilte", keys), Some("title"));
        assert_eq!(nearest("sumary", keys), Some("summary"));
        assert_eq!(nearest("colour", keys), None);
        assert_eq!(nearest("what", ["why"]), None);
    }
}
