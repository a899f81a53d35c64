use engine::ContactGap;

use crate::pages::parts::{count, day};

/// How much is worth knowing and needs nobody, as the front page and the page of contacts say it.
pub(super) fn to_know_words(to_know: usize) -> String {
    count(to_know, "thing is worth knowing", "things are worth knowing")
}

/// What is missing, in a sentence.
pub(super) fn gap_words(gap: &ContactGap, ahead: u64) -> String {
    match gap {
        ContactGap::NoContact => "Nobody is named here.".to_owned(),
        ContactGap::OneContact => "One person is named, and nobody for when they are away.".to_owned(),
        ContactGap::NoWeekend => "Nobody’s hours name a Saturday or a Sunday.".to_owned(),
        ContactGap::Nobody(from, Some(until)) if from == until => {
            format!("Nobody holds it or stands in on {}.", day(*from))
        }
        ContactGap::Nobody(from, Some(until)) => {
            format!("Nobody holds it or stands in from {} to {}.", day(*from), day(*until))
        }
        ContactGap::Nobody(from, None) if ahead > 0 => {
            format!("Nobody holds it or stands in from {} to the end of the next {ahead} days.", day(*from))
        }
        ContactGap::Nobody(from, None) => format!("Nobody holds it or stands in from {}.", day(*from)),
        ContactGap::NoAccount => {
            "Nobody who signs in here holds it today. What goes to it goes to safeguarding leads or administrators."
                .to_owned()
        }
    }
}
