use engine::{Withdrawn, WrongBecause};

use super::dates::day_of;

/// What was wrong with a pass, in a few words.
pub fn wrong(why: WrongBecause) -> &'static str {
    match why {
        WrongBecause::NotTheirOwn => "what was answered was not their own",
        WrongBecause::NeverHappened => "it never took place",
        WrongBecause::WrongPerson => "somebody else did it",
        WrongBecause::WrongDate => "it was on another day",
        WrongBecause::Other => "for another reason",
    }
}

/// That a pass was withdrawn, in a phrase that begins with a small letter.
pub fn withdrawn_words(withdrawn: Withdrawn) -> String {
    format!("withdrawn on {}: {}", day_of(withdrawn.at), wrong(withdrawn.why))
}
