use audit::{Erased, PartKind};

use crate::store::{Linked, StoreError, on};

/// The kind of what is gone where it is all that opens a leaf.
pub(crate) const WHOLE: &str = "envelope";

const EVERY_GONE: &str = "SELECT kind, first, last FROM log_gone";

/// A kind of what is gone, with the first and the last number of a range.
pub(crate) type GoneRow = (String, i64, i64);

/// What was let go of since the log began, all of it, and with it what is going now. `None`: nothing was.
pub(crate) async fn read_gone(on_what: &mut impl Linked, going: &[GoneRow]) -> Result<Option<Erased>, StoreError> {
    let unreadable = || StoreError::unreadable("what is gone of the log");
    let mut rows: Vec<GoneRow> = on!(on_what.link(), conn => sqlx::query_as(EVERY_GONE).fetch_all(conn).await)?;
    rows.extend_from_slice(going);
    rows.sort_unstable();
    if rows.is_empty() {
        return Ok(None);
    }
    let mut gone = Erased::default();
    for (kind, first, last) in rows {
        let number = |number: i64| u64::try_from(number).map_err(|_| unreadable());
        let (first, last) = (number(first)?, number(last)?);
        let ranges = if kind == WHOLE {
            &mut gone.envelopes
        } else {
            let kind = PartKind::EVERY.into_iter().find(|known| known.name() == kind).ok_or_else(unreadable)?;
            gone.parts.entry(kind).or_default()
        };
        match ranges.last_mut() {
            Some((_, before)) if *before + 1 == first => *before = last,
            _ => ranges.push((first, last)),
        }
    }
    Ok(Some(gone))
}

/// Numbers as ranges of the first and the last.
pub(crate) fn ranges(mut numbers: Vec<i64>) -> Vec<(i64, i64)> {
    numbers.sort_unstable();
    numbers.dedup();
    let mut ranges: Vec<(i64, i64)> = Vec::new();
    for number in numbers {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => ranges.push((number, number)),
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_follow_one_another_are_a_range() {
        assert_eq!(ranges(vec![7, 3, 4, 9, 8, 4]), [(3, 4), (7, 9)]);
        assert_eq!(ranges(Vec::new()), []);
    }
}
