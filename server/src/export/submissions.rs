use std::io;

use engine::{Submission, local, local_date};

use super::csv_table::CsvTable;

/// What came in for a named role as a table, in the order in which it comes.
pub(crate) fn submissions_table(submissions: &[Submission]) -> io::Result<Vec<u8>> {
    let columns = ["Name", "Agreement", "Version", "Signed", "Time", "Ticked off", "Ticked off by", "Receipt"];
    let mut table = CsvTable::new(Vec::new(), columns)?;
    for submission in submissions {
        let ticked = submission.ticked.as_ref();
        table.row([
            submission.name.as_deref().unwrap_or("(name erased)"),
            &submission.title,
            &submission.version,
            &local_date(submission.at).to_string(),
            &local(submission.at).format("%H:%M:%S").to_string(),
            &ticked.map(|(at, _)| local_date(*at).to_string()).unwrap_or_default(),
            ticked.and_then(|(_, by)| by.as_deref()).unwrap_or_default(),
            &submission.signature.to_string(),
        ])?;
    }
    table.finish()
}
