use chrono::{DateTime, NaiveDate, Utc};
use engine::{CalendarDay, CalendarKind, CalendarWorkshop, OwnCalendar};

/// A line has so many bytes at most, without its end; what is longer is folded (RFC 5545, section 3.1).
const LONGEST_LINE: usize = 75;

/// Somebody's calendar as programs read it (RFC 5545): a day-long event for each day. Its words are neutral, because others may look at it.
pub(crate) fn calendar_file(calendar: &OwnCalendar, base_url: &str) -> String {
    let mut file = CalendarFile::default();
    for line in
        ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Induct//Induct//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    {
        file.line(line);
    }
    file.text("X-WR-CALNAME", "Online safety");
    // Programs that ask too often gain nothing: days are days.
    file.line("REFRESH-INTERVAL;VALUE=DURATION:PT12H");
    file.line("X-PUBLISHED-TTL:PT12H");
    for day in &calendar.days {
        event(&mut file, day, calendar.at, base_url);
    }
    for workshop in &calendar.workshops {
        workshop_event(&mut file, workshop, calendar.at, base_url);
    }
    file.line("END:VCALENDAR");
    file.0
}

fn event(file: &mut CalendarFile, day: &CalendarDay, at: DateTime<Utc>, base_url: &str) {
    let basic = |day: NaiveDate| day.format("%Y%m%d");
    let (what, more) = match day.kind {
        CalendarKind::Due => ("due", "The last day on which it is in time."),
        CalendarKind::Until => ("counts until this day", "What you did counts until this day."),
    };
    file.line("BEGIN:VEVENT");
    file.line(&format!("UID:{}@induct", day.uid));
    file.line(&format!("DTSTAMP:{}", at.format("%Y%m%dT%H%M%SZ")));
    file.line(&format!("DTSTART;VALUE=DATE:{}", basic(day.on)));
    file.line(&format!("DTEND;VALUE=DATE:{}", basic(day.on.succ_opt().unwrap_or(day.on))));
    file.text("SUMMARY", &format!("{}: {what}", day.about));
    file.text("DESCRIPTION", &format!("{more}\nSign in to see it: {base_url}/"));
    file.line(&format!("URL:{base_url}/"));
    file.line("TRANSP:TRANSPARENT");
    file.line("END:VEVENT");
}

/// A workshop begins at a time, and takes as long as its module.
fn workshop_event(file: &mut CalendarFile, workshop: &CalendarWorkshop, at: DateTime<Utc>, base_url: &str) {
    let moment = |at: DateTime<Utc>| at.format("%Y%m%dT%H%M%SZ");
    let whose = if workshop.leads { "You lead it." } else { "Sign in to it with the code that is shown there." };
    file.line("BEGIN:VEVENT");
    file.line(&format!("UID:{}@induct", workshop.uid));
    file.line(&format!("DTSTAMP:{}", moment(at)));
    file.line(&format!("DTSTART:{}", moment(workshop.starts_at)));
    if let Some(ends_at) = workshop.ends_at {
        file.line(&format!("DTEND:{}", moment(ends_at)));
    }
    file.text("SUMMARY", "Online safety: workshop");
    file.text("LOCATION", &workshop.place);
    file.text("DESCRIPTION", &format!("{whose}\n{base_url}/workshops"));
    file.line(&format!("URL:{base_url}/workshops"));
    file.line("END:VEVENT");
}

/// The lines of a calendar.
#[derive(Default)]
struct CalendarFile(String);

impl CalendarFile {
    /// Adds a line, folded where it is long, and never within a character.
    fn line(&mut self, line: &str) {
        let mut room = LONGEST_LINE;
        for character in line.chars() {
            if character.len_utf8() > room {
                self.0.push_str("\r\n ");
                room = LONGEST_LINE - 1;
            }
            room -= character.len_utf8();
            self.0.push(character);
        }
        self.0.push_str("\r\n");
    }

    /// Adds a text, in which what would mean something else is written otherwise (section 3.3.11).
    fn text(&mut self, name: &str, text: &str) {
        let mut line = format!("{name}:");
        for character in text.chars() {
            match character {
                '\\' | ';' | ',' => line.extend(['\\', character]),
                '\n' => line.push_str("\\n"),
                other if other.is_control() => {}
                other => line.push(other),
            }
        }
        self.line(&line);
    }
}

#[cfg(test)]
mod tests {
    use engine::NeutralName;

    use super::*;

    /// What a reader makes of a file: its lines unfolded, each as a name with its parameters, and a value.
    fn read(file: &str) -> Vec<(String, String)> {
        assert!(file.ends_with("\r\n") && !file.replace("\r\n", "").contains(['\r', '\n']));
        assert!(file.split("\r\n").all(|line| line.len() <= LONGEST_LINE), "{file}");
        let lines = file.replace("\r\n ", "");
        let pair = |line: &str| line.split_once(':').map(|(name, value)| (name.to_owned(), value.to_owned())).unwrap();
        lines.trim_end().split("\r\n").map(pair).collect()
    }

    #[test]
    fn days_are_events_with_neutral_words() {
        let day = |uid: &str, on: &str, about, kind| CalendarDay {
            uid: uid.repeat(32),
            on: on.parse().unwrap(),
            about,
            kind,
        };
        let calendar = OwnCalendar {
            at: "2026-11-23T09:00:05Z".parse().unwrap(),
            days: vec![
                day("a", "2026-12-31", NeutralName::Part(3), CalendarKind::Due),
                day("b", "2028-02-28", NeutralName::Agreement(1), CalendarKind::Until),
            ],
            workshops: vec![CalendarWorkshop {
                uid: "c".repeat(32),
                starts_at: "2026-12-01T10:00:00Z".parse().unwrap(),
                ends_at: Some("2026-12-01T11:30:00Z".parse().unwrap()),
                place: "Room 12, Northfield".to_owned(),
                leads: false,
            }],
        };
        let file = calendar_file(&calendar, "https://induct.example");
        insta::assert_snapshot!(file.replace("\r\n", "\n"), @r"
        BEGIN:VCALENDAR
        VERSION:2.0
        PRODID:-//Induct//Induct//EN
        CALSCALE:GREGORIAN
        METHOD:PUBLISH
        X-WR-CALNAME:Online safety
        REFRESH-INTERVAL;VALUE=DURATION:PT12H
        X-PUBLISHED-TTL:PT12H
        BEGIN:VEVENT
        UID:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@induct
        DTSTAMP:20261123T090005Z
        DTSTART;VALUE=DATE:20261231
        DTEND;VALUE=DATE:20270101
        SUMMARY:Online safety\, part 3: due
        DESCRIPTION:The last day on which it is in time.\nSign in to see it: https:
         //induct.example/
        URL:https://induct.example/
        TRANSP:TRANSPARENT
        END:VEVENT
        BEGIN:VEVENT
        UID:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb@induct
        DTSTAMP:20261123T090005Z
        DTSTART;VALUE=DATE:20280228
        DTEND;VALUE=DATE:20280229
        SUMMARY:Online safety\, agreement: counts until this day
        DESCRIPTION:What you did counts until this day.\nSign in to see it: https:/
         /induct.example/
        URL:https://induct.example/
        TRANSP:TRANSPARENT
        END:VEVENT
        BEGIN:VEVENT
        UID:cccccccccccccccccccccccccccccccc@induct
        DTSTAMP:20261123T090005Z
        DTSTART:20261201T100000Z
        DTEND:20261201T113000Z
        SUMMARY:Online safety: workshop
        LOCATION:Room 12\, Northfield
        DESCRIPTION:Sign in to it with the code that is shown there.\nhttps://induc
         t.example/workshops
        URL:https://induct.example/workshops
        END:VEVENT
        END:VCALENDAR
        ");
        assert_eq!(read(&file).len(), 39);
    }

    #[test]
    fn lines_are_folded_between_characters_and_texts_are_read_as_they_were() {
        let mut file = CalendarFile::default();
        let text = format!("{}; a, b\\c\nnext\u{7} {}", "ä€𝄞".repeat(30), "x".repeat(200));
        file.text("SUMMARY", &text);
        file.line("X:y");
        let pairs = read(&file.0);
        assert_eq!(pairs[1], ("X".to_owned(), "y".to_owned()));
        let (mut said, mut escaped) = (String::new(), false);
        for character in pairs[0].1.chars() {
            match (escaped, character) {
                (false, '\\') => escaped = true,
                (true, 'n') => {
                    said.push('\n');
                    escaped = false;
                }
                (_, other) => {
                    said.push(other);
                    escaped = false;
                }
            }
        }
        assert_eq!(said, text.replace('\u{7}', ""));
    }
}
