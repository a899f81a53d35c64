use engine::Discussion;

use super::day;

/// With whom, where and when a module was worked through, in words: "Worked through with Mina Malik, Room 12, 23 November 2026".
#[must_use]
pub fn worked_through(held: &Discussion) -> String {
    let tutor = held.tutor_name.as_deref().unwrap_or("a tutor");
    format!("Worked through with {tutor}, {}, {}", held.place, day(held.held_on))
}
