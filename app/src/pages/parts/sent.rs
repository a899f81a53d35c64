use super::form::Faults;

/// One of several forms of a page as it was sent and could not be done. The page shows it open, with all that was typed into it.
#[derive(Clone, Debug, Default)]
pub struct Sent {
    fields: Vec<(String, String)>,
    /// What is wrong with it, by field.
    pub faults: Faults,
}

impl Sent {
    /// A form with its fields, as they were sent.
    #[must_use]
    pub fn new(fields: Vec<(String, String)>) -> Self {
        Self { fields, faults: Faults::default() }
    }

    /// What was sent in a field. Empty: nothing.
    #[must_use]
    pub fn field(&self, name: &str) -> &str {
        self.fields.iter().find(|(other, _)| other == name).map_or("", |(_, value)| value.as_str())
    }

    /// Whether it is the form that does this, of these: what its hidden fields say.
    pub(crate) fn is(&self, does: &str, of: &[(&'static str, String)]) -> bool {
        self.field("do") == does && of.iter().all(|(name, value)| self.field(name) == value)
    }

    /// What stands in a field of the form that does this: what was typed, where it is the form that was sent; otherwise what stands there before.
    pub(crate) fn typed(&self, does: &str, name: &str, before: String) -> String {
        if self.is(does, &[]) { self.field(name).to_owned() } else { before }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_stands_in_the_form_that_was_sent_and_in_no_other() {
        let fields = [("do", "end"), ("group", "7"), ("on", "soon")];
        let sent = Sent::new(fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec());
        let of = |group: &str| vec![("group", group.to_owned())];
        assert!(sent.is("end", &of("7")) && !sent.is("end", &of("8")) && !sent.is("move", &[]));
        assert_eq!(sent.typed("end", "on", "today".to_owned()), "soon");
        assert_eq!(sent.typed("move", "on", "today".to_owned()), "today");
        assert_eq!(Sent::default().typed("end", "on", "today".to_owned()), "today");
    }
}
