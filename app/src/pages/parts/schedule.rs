use engine::{catalogue::Schedule, count};

use super::dates::day;

/// When a programme is due, in sentences.
pub fn schedule_words(schedule: Schedule) -> String {
    let counts_before = |window: u32| match window {
        0 => String::new(),
        window => format!(" What is done in the {} before counts.", days(window)),
    };
    match schedule {
        Schedule::Once { days: due, on: None } => format!("Due {} after it is first asked of somebody.", days(due)),
        Schedule::Once { days: due, on: Some(on) } => {
            format!("Due by {}, or {} after it is first asked of whoever comes later.", day(on), days(due))
        }
        Schedule::OwnYear { window, due_days } => format!(
            "Every year, from the day on which it was first asked of somebody: due {} later.{}",
            days(due_days),
            counts_before(window),
        ),
        Schedule::CompanyYear(year) => format!(
            "Every year from {}: due {} later.{}",
            year.first_day.format("%-d %B"),
            days(year.due_days),
            counts_before(year.window),
        ),
    }
}

fn days(days: u32) -> String {
    count(usize::try_from(days).unwrap_or_default(), "day", "days")
}
