//! `induct matrix`, as somebody runs it.

use crate::ground::Ground;

#[test]
fn of_a_day_before_anybody_was_on_record_it_is_said_that_nobody_was() {
    let ground = Ground::new("matrix");
    ground.adds("amy");
    let (status, now, talk) = ground.says(&["matrix"]);
    assert_eq!((status, now.lines().count() > 1, talk.contains("nobody")), (0, true, false), "{now} {talk}");
    let (status, early, talk) = ground.says(&["matrix", "--as-at", "1900-01-01"]);
    assert!(status == 0 && early.lines().count() < now.lines().count(), "{early}");
    assert!(talk.contains("nobody was on record on 1900-01-01: the first day on which anybody was is "), "{talk}");
}
