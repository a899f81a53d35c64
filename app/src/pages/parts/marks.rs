use engine::Marks;

/// With how many marks something was passed, with what follows the numbers; or that it was in a workshop, where nothing is marked.
pub fn marks(earned: Marks, possible: Marks, unit: &str) -> String {
    if possible == Marks::default() { "in a workshop".to_owned() } else { format!("{earned} of {possible}{unit}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_marked_in_a_workshop() {
        assert_eq!(marks(Marks::whole(8), Marks::whole(10), " marks"), "8 of 10 marks");
        assert_eq!(marks(Marks::default(), Marks::default(), " marks"), "in a workshop");
    }
}
