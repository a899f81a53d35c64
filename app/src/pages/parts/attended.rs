use engine::AttendedWorkshop;

use super::day_of;

/// By whom, where and when a workshop was held by which somebody has a pass, in words: "Workshop led by Mina Malik, Room 12, 23 November 2026".
#[must_use]
pub fn attended(was: &AttendedWorkshop) -> String {
    let led = was.leader_name.as_deref().map(|name| format!(" led by {name}")).unwrap_or_default();
    let by_leader = if was.by_leader { ", signed in by whoever led it" } else { "" };
    format!("Workshop{led}, {}, {}{by_leader}", was.place, day_of(was.starts_at))
}
