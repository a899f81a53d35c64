use engine::{HowEarned, Marks};

/// With how many marks something was passed, with what follows the numbers; or that it was in a workshop, where nothing is marked.
pub fn marks(how: HowEarned, earned: Marks, possible: Marks, unit: &str) -> String {
    match how {
        HowEarned::Quiz => format!("{earned} of {possible}{unit}"),
        HowEarned::Refresher => format!("{earned} of {possible}{unit} in a refresher"),
        HowEarned::Workshop => "in a workshop".to_owned(),
        HowEarned::SideBySide => format!("{earned} of {possible}{unit} after a discussion with a tutor"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_marked_in_a_workshop() {
        let of_ten = |how| marks(how, Marks::whole(8), Marks::whole(10), " marks");
        assert_eq!(of_ten(HowEarned::Quiz), "8 of 10 marks");
        assert_eq!(of_ten(HowEarned::Refresher), "8 of 10 marks in a refresher");
        assert_eq!(of_ten(HowEarned::SideBySide), "8 of 10 marks after a discussion with a tutor");
        assert_eq!(marks(HowEarned::Workshop, Marks::default(), Marks::default(), " marks"), "in a workshop");
    }
}
