use chrono::TimeDelta;

/// Something that a server does by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Job {
    /// What the provider's rules let go of goes.
    Retention,
    /// People are told by letter what is wanted of them.
    Reminders,
    /// What SQLite's write-ahead log still holds of what was deleted is written over.
    Scrub,
}

impl Job {
    /// All of them, in the order in which they are done when several are due.
    pub const EVERY: [Self; 3] = [Self::Retention, Self::Reminders, Self::Scrub];

    /// As the database has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Retention => "retention",
            Self::Reminders => "reminders",
            Self::Scrub => "scrub",
        }
    }

    /// The job of that name. `None`: there is none, or it is of another version.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::EVERY.into_iter().find(|job| job.name() == name)
    }

    /// What it does, in a sentence.
    #[must_use]
    pub fn does(self) -> &'static str {
        match self {
            Self::Retention => "Lets go of what the provider’s rules no longer keep.",
            Self::Reminders => "Tells people by letter what is wanted of them.",
            Self::Scrub => "Has the database’s files hold nothing of what was deleted.",
        }
    }

    /// How long after it was begun it is due again.
    pub(super) fn every(self) -> TimeDelta {
        TimeDelta::days(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_job_has_one_name() {
        for job in Job::EVERY {
            assert_eq!(Job::parse(job.name()), Some(job));
        }
        assert_eq!(Job::parse("something"), None);
    }
}
