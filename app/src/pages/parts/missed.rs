use engine::Missed;

/// In which company years that are over something was not done: "Not done in the year that began in September 2025". `None`: in none.
pub fn missed_years(missed: &[Missed]) -> Option<String> {
    let began: Vec<String> = missed.iter().map(|missed| missed.year.format("%B %Y").to_string()).collect();
    match began.as_slice() {
        [] => None,
        [only] => Some(format!("Not done in the year that began in {only}")),
        [before @ .., last] => Some(format!("Not done in the years that began in {} and {last}", before.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use model::ProgrammeSlug;

    use super::*;

    #[test]
    fn years_are_named_by_when_they_began() {
        let missed = |year| Missed {
            year: NaiveDate::from_ymd_opt(year, 9, 1).unwrap(),
            by: NaiveDate::from_ymd_opt(year, 10, 1).unwrap(),
            programme: ProgrammeSlug::new("annual-cpd").unwrap(),
        };
        let said = |years: &[i32]| missed_years(&years.iter().map(|year| missed(*year)).collect::<Vec<_>>());
        assert_eq!(said(&[]), None);
        assert_eq!(said(&[2025]).unwrap(), "Not done in the year that began in September 2025");
        assert_eq!(
            said(&[2023, 2024, 2025]).unwrap(),
            "Not done in the years that began in September 2023, September 2024 and September 2025"
        );
    }
}
