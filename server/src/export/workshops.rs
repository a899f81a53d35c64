use std::io;

use engine::{LedWorkshop, local, local_date};

use super::csv_table::CsvTable;

/// Workshops as a table, each with the name of whoever leads it.
pub(crate) fn workshops_table(workshops: &[(LedWorkshop, Option<String>)]) -> io::Result<Vec<u8>> {
    let columns =
        ["Date", "Time", "Module", "Place", "For", "Led by", "Signed in", "Confirmed", "Called off", "Workshop"];
    let mut table = CsvTable::new(Vec::new(), columns)?;
    for (led, leader) in workshops {
        let workshop = &led.workshop;
        table.row([
            local_date(workshop.starts_at).to_string().as_str(),
            &local(workshop.starts_at).format("%H:%M").to_string(),
            &led.title,
            &workshop.place,
            led.group.as_deref().unwrap_or("Everybody"),
            leader.as_deref().unwrap_or("(name erased)"),
            &led.signed_in.to_string(),
            &led.passed.to_string(),
            if workshop.ended_at.is_some() { "yes" } else { "no" },
            &workshop.id.to_string(),
        ])?;
    }
    table.finish()
}
