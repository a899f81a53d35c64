use engine::catalogue::Schedule;

use super::{dates::day, words::count};

/// When a programme is due, in sentences.
pub fn schedule_words(schedule: Schedule) -> String {
    let days = |days: u32| count(usize::try_from(days).unwrap_or_default(), "day", "days");
    match schedule {
        Schedule::Once { days: due, on: None } => format!("Due {} after somebody’s start date.", days(due)),
        Schedule::Once { days: due, on: Some(on) } => {
            format!("Due by {}, or {} after the start date of whoever comes later.", day(on), days(due))
        }
        Schedule::OwnYear { window, due_days } => format!(
            "Every year from the anniversary of somebody’s start date: due {} later. What is done in the {} before counts.",
            days(due_days),
            days(window),
        ),
        Schedule::CompanyYear(year) => format!(
            "Every year from {}: due {} later. What is done in the {} before counts.",
            year.first_day.format("%-d %B"),
            days(year.due_days),
            days(year.window),
        ),
    }
}
