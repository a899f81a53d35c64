//! By when something is wanted, and how far somebody is with a programme: in the same words wherever a reader finds their own.

use chrono::NaiveDate;
use engine::ProgrammeStanding;

use super::dates::{away, day};

/// "Due 6 December 2026, in 14 days", or "Was due 6 December 2026, 2 days ago".
pub fn due_words(by: NaiveDate, today: NaiveDate) -> String {
    let said = if by < today { "Was due" } else { "Due" };
    format!("{said} {}, {}", day(by), away(by, today))
}

/// "2 of 5 done", "nothing done yet", "all done".
pub fn done_words(programme: &ProgrammeStanding) -> String {
    share_done(programme.done, programme.of)
}

fn share_done(done: usize, of: usize) -> String {
    match done {
        done if done >= of => "all done".to_owned(),
        0 => "nothing done yet".to_owned(),
        done => format!("{done} of {of} done"),
    }
}

/// "finish by 6 December 2026"; of what is done, when it is wanted again. `None`: it is done for good.
pub fn finish_words(programme: &ProgrammeStanding, today: NaiveDate) -> Option<String> {
    let by = programme.by?;
    let said = match programme.done < programme.of {
        true if by < today => "was due by",
        true => "finish by",
        false => "again by",
    };
    Some(format!("{said} {}", day(by)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn none_and_all_are_said_as_that() {
        let said = [(0, 1), (1, 1), (0, 5), (1, 5), (5, 5)].map(|(done, of)| share_done(done, of));
        assert_eq!(said, ["nothing done yet", "all done", "nothing done yet", "1 of 5 done", "all done"]);
    }
}
