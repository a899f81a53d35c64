use chrono::{DateTime, DurationRound as _, NaiveDate, TimeDelta, Utc};
use engine::{local, local_date};

/// "6 December 2026".
pub fn day(date: NaiveDate) -> String {
    date.format("%-d %B %Y").to_string()
}

/// The day of a moment: "6 December 2026".
pub fn day_of(time: DateTime<Utc>) -> String {
    day(local_date(time))
}

/// "6 December 2026 at 14:35".
pub fn moment(time: DateTime<Utc>) -> String {
    local(time).format("%-d %B %Y at %H:%M").to_string()
}

/// "14:35" today, or "6 December 2026 at 14:35".
pub fn clock(time: DateTime<Utc>, now: DateTime<Utc>) -> String {
    if local_date(time) == local_date(now) { local(time).format("%H:%M").to_string() } else { moment(time) }
}

/// "14:36": the first minute that has begun no earlier than a moment, so that nobody is told to come back too soon.
pub fn not_before(time: DateTime<Utc>) -> String {
    let minute = time.duration_trunc(TimeDelta::minutes(1)).unwrap_or(time);
    let from = if minute < time { minute + TimeDelta::minutes(1) } else { minute };
    local(from).format("%H:%M").to_string()
}

/// What is said of something that was typed where a day should stand, in the field of that name.
pub fn no_day(typed: &str, label: &str) -> String {
    let shown: String = typed.trim().chars().take(40).collect();
    format!("“{shown}” is no day that can be read. Under “{label}”, write a day like 2026-01-31.")
}

/// How far a day is from today: "today", "in 3 days", "2 days ago".
pub fn away(date: NaiveDate, today: NaiveDate) -> String {
    match (date - today).num_days() {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        -1 => "yesterday".to_owned(),
        days if days > 0 => format!("in {days} days"),
        days => format!("{} days ago", -days),
    }
}

/// How long it is until a moment: "in 8 minutes", "in 3 hours".
pub fn wait(until: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let seconds = (until - now).num_seconds().max(0);
    match seconds {
        0..=60 => "in a minute".to_owned(),
        61..=5400 => format!("in {} minutes", (seconds + 59) / 60),
        5401..=129_600 => format!("in {} hours", (seconds + 3599) / 3600),
        _ => format!("in {} days", (seconds + 86_399) / 86_400),
    }
}

/// How long something takes: "25 minutes", "about 2 hours 10 minutes".
pub fn duration(minutes: u32) -> String {
    let minutes = if minutes > 30 { minutes.div_ceil(5) * 5 } else { minutes };
    let hours = match minutes / 60 {
        0 => None,
        1 => Some("about 1 hour".to_owned()),
        hours => Some(format!("about {hours} hours")),
    };
    let rest = match minutes % 60 {
        0 => None,
        1 => Some("1 minute".to_owned()),
        rest => Some(format!("{rest} minutes")),
    };
    let about = if hours.is_none() && minutes > 30 { "about " } else { "" };
    let said: Vec<String> = hours.into_iter().chain(rest).collect();
    format!("{about}{}", said.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn days_are_those_of_the_united_kingdom() {
        assert_eq!(day_of(at("2026-06-30T23:30:00Z")), "1 July 2026");
        assert_eq!(moment(at("2026-12-06T14:35:00Z")), "6 December 2026 at 14:35");
    }

    #[test]
    fn distances_are_told_in_words() {
        let today = local_date(at("2026-11-22T09:00:00Z"));
        let told: Vec<String> =
            [-2, -1, 0, 1, 14].into_iter().map(|days| away(today + TimeDelta::days(days), today)).collect();
        assert_eq!(told, ["2 days ago", "yesterday", "today", "tomorrow", "in 14 days"]);
    }

    #[test]
    fn nobody_is_told_to_come_back_too_soon() {
        let told =
            ["2026-11-22T09:14:00Z", "2026-11-22T09:14:00.5Z", "2026-11-22T09:59:59Z"].map(|text| not_before(at(text)));
        assert_eq!(told, ["09:14", "09:15", "10:00"]);
    }

    #[test]
    fn waits_are_never_told_too_short() {
        let now = at("2026-11-22T09:00:00Z");
        let told: Vec<String> =
            [30, 61, 601, 7200, 200_000].into_iter().map(|s| wait(now + TimeDelta::seconds(s), now)).collect();
        assert_eq!(told, ["in a minute", "in 2 minutes", "in 11 minutes", "in 2 hours", "in 3 days"]);
    }
}
