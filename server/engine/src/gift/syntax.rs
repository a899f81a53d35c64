//! What a GIFT file says, before anything is made of it.

use super::sign::{Sign, begins_with, trimmed};

/// What a block says.
#[derive(Debug)]
pub(super) enum Item {
    /// Where the questions after it belong.
    Category(Category),
    /// Something asked or told.
    Question(Box<GiftQuestion>),
    /// What could not be read; the report says why.
    Broken,
}

/// A path such as `$course$/top/Scams`.
#[derive(Debug)]
pub(super) struct Category {
    pub(super) at: usize,
    pub(super) path: String,
}

/// Something asked, or told without being asked.
#[derive(Debug)]
pub(super) struct GiftQuestion {
    pub(super) at: usize,
    pub(super) notes: Vec<String>,
    pub(super) title: Option<String>,
    /// With a line to be filled in where the answers stand in its middle.
    pub(super) stem: Option<Text>,
    pub(super) answers: Answers,
    /// For everybody, whatever was answered.
    pub(super) feedback: Option<Text>,
}

/// What stands in the braces.
#[derive(Debug)]
pub(super) enum Answers {
    /// There are no braces.
    Description,
    /// There is nothing in them.
    Essay,
    Numerical,
    TrueFalse {
        right: bool,
        /// Shown to whoever is wrong, then to whoever is right.
        feedback: [Option<Text>; 2],
    },
    Choices(Vec<Answer>),
    ShortText(Vec<Answer>),
    Match(Vec<Pair>),
}

/// An option, or a text that is right.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) at: usize,
    /// Whether it begins with `=`, or with nothing where nothing is needed; otherwise with `~`.
    pub(super) equals: bool,
    pub(super) weight: Option<Weight>,
    pub(super) text: Option<Text>,
    pub(super) feedback: Option<Text>,
}

/// What an answer is worth.
#[derive(Clone, Copy, Debug)]
pub(super) struct Weight {
    pub(super) at: usize,
    pub(super) worth: Worth,
}

/// A share, in hundred-thousandths of a per cent.
pub(super) type Worth = i64;

/// All of it.
pub(super) const WHOLE: Worth = 100 * PER_CENT;
pub(super) const PER_CENT: Worth = 100_000;

impl Answer {
    /// What it is worth, said or not.
    pub(super) fn worth(&self) -> Worth {
        self.weight.map_or(if self.equals { WHOLE } else { 0 }, |weight| weight.worth)
    }
}

/// What is given, and what is to be found for it.
#[derive(Debug)]
pub(super) struct Pair {
    pub(super) at: usize,
    pub(super) left: Option<Text>,
    pub(super) right: Option<Text>,
}

/// A text, and how it is to be read.
#[derive(Clone, Debug)]
pub(super) struct Text {
    pub(super) at: usize,
    pub(super) format: Format,
    /// Without backslashes. A line break is one that readers see; in HTML one that the author asked for.
    pub(super) text: String,
}

/// How a text is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Moodle,
    Plain,
    Html,
    Markdown,
}

impl Format {
    const PREFIXES: [(&'static str, Self); 4] =
        [("[html]", Self::Html), ("[markdown]", Self::Markdown), ("[plain]", Self::Plain), ("[moodle]", Self::Moodle)];
}

impl Text {
    /// Reads a text. `None` when it says nothing. `inherited` is how it is to be read unless it says so itself.
    pub(super) fn read(signs: &[Sign], inherited: Format) -> Option<Self> {
        let signs = trimmed(signs);
        let at = signs.first()?.at;
        let said = Format::PREFIXES.iter().find(|(prefix, _)| begins_with(signs, prefix));
        let (format, signs) = match said {
            Some((prefix, format)) => (*format, trimmed(&signs[prefix.len()..])),
            None => (inherited, signs),
        };
        let kept = |sign: &Sign| if sign.is('\n') && format == Format::Html { ' ' } else { sign.char };
        (!signs.is_empty()).then(|| Self { at, format, text: signs.iter().map(kept).collect() })
    }
}
