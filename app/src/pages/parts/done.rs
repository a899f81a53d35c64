/// What has just been done, as addresses and forms write it and as pages say it.
pub trait Done: Copy + PartialEq + 'static {
    /// Each, with how addresses and forms write it, and what the page says.
    const ALL: &'static [(Self, &'static str, &'static str)];

    /// Reads what [`Done::code`] wrote. `None`: it is none of these.
    #[must_use]
    fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known, _)| *known == code).map(|(done, ..)| *done)
    }

    /// How addresses and forms write it.
    #[must_use]
    fn code(self) -> &'static str {
        Self::ALL.iter().find(|(done, ..)| *done == self).map_or("", |(_, code, _)| code)
    }

    /// What the page says.
    #[must_use]
    fn words(self) -> &'static str {
        Self::ALL.iter().find(|(done, ..)| *done == self).map_or("", |(.., words)| words)
    }
}
