use chrono::{Datelike as _, Days, NaiveDate};

/// In which order a file writes the numbers of a day: 3/4/2026 is the third of April, or the fourth of March.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayOrder {
    /// As in Britain.
    DayFirst,
    /// As in the United States.
    MonthFirst,
}

/// What a cell says of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReadDay {
    Day(NaiveDate),
    /// Two days, and nothing in the file says which.
    Either {
        day_first: NaiveDate,
        month_first: NaiveDate,
    },
    /// No day of the calendar, or not written as one.
    None,
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// What a day is written with: its numbers, and its month where that is a word.
struct Pieces {
    numbers: Vec<(u32, usize)>,
    /// The month, and before which of the numbers it stands.
    month: Option<(u32, usize)>,
}

/// Reads a day as a British office writes it: 2026-09-01, 1/9/2026, 01.09.26, 1 September 2026, Tue 1st Sep 2026. A time of the day
/// behind it does not count. `today` tells which century two digits mean.
pub(super) fn read_day(text: &str, order: Option<DayOrder>, today: NaiveDate) -> ReadDay {
    let Some(pieces) = pieces(text) else { return ReadDay::None };
    let numbers = pieces.numbers.as_slice();
    let day = |year: (u32, usize), month: u32, day: u32| {
        let year = whole_year(year, today)?;
        NaiveDate::from_ymd_opt(year, month, day)
    };
    let read = match (numbers, pieces.month) {
        (&[(d, ..=2), year], Some((month, 0 | 1))) => day(year, month, d),
        (&[year @ (_, 4), (d, ..=2)], Some((month, 1))) => day(year, month, d),
        (&[year @ (_, 4), (month, ..=2), (d, ..=2)], None) => day(year, month, d),
        (&[(first, ..=2), (second, ..=2), year], None) => {
            let day_first = day(year, second, first);
            let month_first = day(year, first, second);
            match (order, day_first, month_first) {
                (Some(DayOrder::DayFirst), day, _) | (Some(DayOrder::MonthFirst), _, day) => day,
                (None, Some(day_first), Some(month_first)) if day_first != month_first => {
                    return ReadDay::Either { day_first, month_first };
                }
                (None, day_first, month_first) => day_first.or(month_first),
            }
        }
        _ => None,
    };
    read.map_or(ReadDay::None, ReadDay::Day)
}

/// A day as somebody types it into a field: 2026-09-03, 3 September 2026 or 03/09/2026, which is in September. Its year has four digits, and no time
/// stands behind it. `None`: it is no day.
#[must_use]
pub fn typed_day(text: &str) -> Option<NaiveDate> {
    if text.contains(':') || !pieces(text)?.numbers.iter().any(|(_, digits)| *digits == 4) {
        return None;
    }
    // Where the year has four digits, no day is needed to tell its century.
    match read_day(text, Some(DayOrder::DayFirst), NaiveDate::default()) {
        ReadDay::Day(day) if day.year() >= 1000 => Some(day),
        _ => None,
    }
}

/// In which order a cell must have been written. `None`: it does not tell.
pub(super) fn order_of(text: &str) -> Option<DayOrder> {
    match two_numbers(text).map(|(first, second)| (first > 12, second > 12)) {
        Some((true, false)) => Some(DayOrder::DayFirst),
        Some((false, true)) => Some(DayOrder::MonthFirst),
        _ => None,
    }
}

/// Whether what a cell says depends on the order in which days are written.
pub(super) fn goes_by_order(text: &str) -> bool {
    two_numbers(text).is_some()
}

/// The numbers before that of the year, where they are two that differ and nothing else says which is the month.
fn two_numbers(text: &str) -> Option<(u32, u32)> {
    let pieces = pieces(text)?;
    match (pieces.numbers.as_slice(), pieces.month) {
        (&[(first, ..=2), (second, ..=2), _], None) if first != second => Some((first, second)),
        _ => None,
    }
}

/// The day that a number of five digits stands for where spreadsheet programs count days: `46266` is 1 September 2026. What stands behind a point is
/// the time of the day. `from_1904`: it is counted from 1904 on, as workbooks of some programs are, and not from 1900.
pub(super) fn counted_day(text: &str, from_1904: bool) -> Option<NaiveDate> {
    let (days, time) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let is_number = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    if days.len() != 5 || !is_number(days) || !is_number(time) {
        return None;
    }
    // Those that count from 1900 take that for a leap year: from March on it is as if they began a day earlier.
    let zero = if from_1904 { (1904, 1, 1) } else { (1899, 12, 30) };
    NaiveDate::from_ymd_opt(zero.0, zero.1, zero.2)?.checked_add_days(Days::new(days.parse().ok()?))
}

fn pieces(text: &str) -> Option<Pieces> {
    let text = text.trim();
    // What stands behind the day is a time: "2026-09-01T00:00:00", "01/09/2026 00:00".
    let text = match text.find(':') {
        Some(colon) => text[..colon].rfind([' ', 'T']).map_or(text, |end| &text[..end]),
        None => text,
    };
    let mut pieces = Pieces { numbers: Vec::new(), month: None };
    for piece in text.split(|character: char| !character.is_alphanumeric()).filter(|piece| !piece.is_empty()) {
        let digits = piece.chars().take_while(char::is_ascii_digit).count();
        let word = piece[digits..].to_lowercase();
        if digits > 4 {
            return None;
        } else if digits > 0 {
            if !matches!(word.as_str(), "" | "st" | "nd" | "rd" | "th") {
                return None;
            }
            pieces.numbers.push((piece[..digits].parse().ok()?, digits));
        } else if let Some(month) = month_of(&word) {
            if pieces.month.replace((month, pieces.numbers.len())).is_some() {
                return None;
            }
        } else if word != "of" && !WEEKDAYS.iter().any(|day| is_short_for(&word, day)) {
            return None;
        }
    }
    Some(pieces)
}

fn is_short_for(word: &str, whole: &str) -> bool {
    word.len() >= 3 && whole.starts_with(word)
}

fn month_of(word: &str) -> Option<u32> {
    (1..).zip(MONTHS).find(|(_, month)| is_short_for(word, month)).map(|(number, _)| number)
}

fn whole_year((year, digits): (u32, usize), today: NaiveDate) -> Option<i32> {
    let year = i32::try_from(year).ok()?;
    match digits {
        4 => Some(year),
        // Nobody plans more than ten years ahead.
        2 if 2000 + year > today.year() + 10 => Some(1900 + year),
        2 => Some(2000 + year),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    fn read(text: &str, order: Option<DayOrder>) -> ReadDay {
        read_day(text, order, date(2026, 11, 23))
    }

    #[test]
    fn a_day_that_is_typed_has_a_whole_year_and_no_time() {
        for text in ["2026-09-03", " 3 September 2026 ", "3 Sept 2026", "03/09/2026", "3/9/2026", "Thu 3rd Sep 2026"] {
            assert_eq!(typed_day(text), Some(date(2026, 9, 3)), "{text}");
        }
        let none =
            ["", "foo", "tomorrow", "31/02/2026", "3/9/26", "3 September", "2026-09-03T10:00", "0026-09-03", "9/2026"];
        for text in none {
            assert_eq!(typed_day(text), None, "{text}");
        }
    }

    #[test]
    fn days_are_read_as_british_offices_write_them() {
        for text in [
            "2026-09-25",
            "2026/9/25",
            "25/09/2026",
            "25/9/26",
            "25.09.2026",
            "25-09-26",
            "25 September 2026",
            "25 Sep 2026",
            "25-Sep-26",
            "25th September 2026",
            "Friday, 25 September 2026",
            "Fri 25 Sept 2026",
            "25th of September, 2026",
            "September 25, 2026",
            "2026 Sep 25",
            " 25/09/2026 00:00 ",
            "2026-09-25T00:00:00",
            "2026-09-25 13:45:10",
            "25 SEPTEMBER 2026",
        ] {
            assert_eq!(read(text, None), ReadDay::Day(date(2026, 9, 25)), "{text}");
        }
        assert_eq!(read("1/2/1999", Some(DayOrder::DayFirst)), ReadDay::Day(date(1999, 2, 1)));
        assert_eq!(read("31 Dec 99", None), ReadDay::Day(date(1999, 12, 31)));
        assert_eq!(read("31 Dec 36", None), ReadDay::Day(date(2036, 12, 31)));
        assert_eq!(read("29/02/2028", None), ReadDay::Day(date(2028, 2, 29)));
    }

    #[test]
    fn what_may_be_two_days_is_asked_about() {
        let either = ReadDay::Either { day_first: date(2026, 4, 3), month_first: date(2026, 3, 4) };
        assert_eq!(read("03/04/2026", None), either);
        assert_eq!(read("3.4.26", None), either);
        assert_eq!(read("03/04/2026", Some(DayOrder::DayFirst)), ReadDay::Day(date(2026, 4, 3)));
        assert_eq!(read("03/04/2026", Some(DayOrder::MonthFirst)), ReadDay::Day(date(2026, 3, 4)));
        assert_eq!(read("05/05/2026", None), ReadDay::Day(date(2026, 5, 5)));
        assert_eq!(read("09/25/2026", None), ReadDay::Day(date(2026, 9, 25)));
        assert_eq!(read("09/25/2026", Some(DayOrder::DayFirst)), ReadDay::None);
        assert_eq!(order_of("25/09/2026"), Some(DayOrder::DayFirst));
        assert_eq!(order_of("09/25/2026"), Some(DayOrder::MonthFirst));
        for untold in ["03/04/2026", "2026-09-25", "25 Sep 2026", "", "x"] {
            assert_eq!(order_of(untold), None, "{untold}");
        }
    }

    #[test]
    fn days_that_are_counted_are_read() {
        for (text, from_1904, day) in [
            ("46266", false, date(2026, 9, 1)),
            (" 46266.0 ", false, date(2026, 9, 1)),
            ("46266.5", false, date(2026, 9, 1)),
            ("36526", false, date(2000, 1, 1)),
            ("44804", true, date(2026, 9, 1)),
        ] {
            assert_eq!(counted_day(text, from_1904), Some(day), "{text}");
        }
        for text in ["", "4626", "462660", "46266,5", "46266.x", "-46266", "4６266", "x"] {
            assert_eq!(counted_day(text, false), None, "{text}");
        }
        assert!(goes_by_order("03/04/2026") && goes_by_order("25.9.26"));
        for either_way in ["05/05/2026", "2026-09-25", "25 Sep 2026", "46266"] {
            assert!(!goes_by_order(either_way), "{either_way}");
        }
    }

    #[test]
    fn what_is_no_day_is_none() {
        for text in [
            "",
            "soon",
            "31/02/2026",
            "29/02/2026",
            "2026-13-01",
            "1 Septober 2026",
            "46266",
            "1/2",
            "20260925",
            "1/2/3/4",
            "1/9/226",
            "Sep 2026",
            "1 Sep Oct 2026",
            "٢٥/٠٩/٢٠٢٦",
        ] {
            assert_eq!(read(text, None), ReadDay::None, "{text}");
        }
    }
}
